"""Solve by computing: a calculation that code reads, or a program that g_φ writes and the sandbox runs.

Sources: PAL (paper.md 2.1), PoT (2.2). A program that merely ran is computed but not cross-checked; it is
checked when a second program, asked for in another way, gives the same value (design.md 7). Where code has something
against both, a third method decides, reasoning with code's sums in it: a vote across methods (paper.md 3.3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from lottery_chat.events import Progress
from lottery_chat.messages import Message
from lottery_chat.planner.by_reasoning import reasoned
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.prompts import render
from lottery_chat.planner.reckoning import plain
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution
from tools.errors import NoSolution, ToolBroke, ToolError

#: Tokens kept for a program; the median program of these models has 70.
ROOM = 280
#: Characters of a calculated value.
MOST_VALUE = 20_000
#: Models for which two programs that agree were measured to be right in fewer than 90 % of cases: their agreement is
#: said, but carries no green mark (design.md 7; figures in docs/measurements.md).
AGREEMENT_IS_WEAK = frozenset({"qwen2.5-coder:0.5b"})
#: After this many seconds nothing more is tried for a question that two programs did not settle.
LATE = 45.0
#: What a value counts in the vote when code has something against it: a number of the question left out, an impossible
#: size. Of such first programs 1 of 22 (0.5B) and 2 of 7 (1.5B) were right, of the others 18 of 38 and 26 of 33
#: (gsm8k, items outside the reported ones; lab/LOG.md).
DOUBTED = 0.4


@dataclass(frozen=True, slots=True)
class Try:
    """One program, or one reasoning, with its value; `error` is a sentence when it gave none.

    `code` is what its numbers are read from: the program, or the numbers of the reasoning. `doubts` are what code has
    against the value.
    """

    code: str
    value: Any
    text: str
    error: str = ""
    method: Literal["program", "reasoning"] = "program"
    doubts: tuple[str, ...] = ()


def by_calculation(run: Run, node: Node, question: str, reading: Any) -> Steps[Solution]:
    """Answer a question that is wholly a calculation. Raises ToolError (division by zero, too large…)."""
    function = yield from run.open("function", "calculate", node)
    yield Progress("Calculating")
    try:
        result = yield from run.call(
            function,
            "calculator",
            reading.text,
            lambda: _short_enough(run.resources.compute.calculate(reading)),
            lambda done: done.text,
        )
    except ToolError as error:
        yield function.closed("failed", str(error))
        raise
    yield from run.verified(function, "the expression was read from the question by code", True)
    yield function.closed("done", f"{result.expression} = {result.text}")
    run.store_request(function, "calculator", result.expression, result.text)
    text = _in_words(question, result.text)
    return Solution(
        text=text,
        answer=text.rstrip("."),
        known="computed",
        checked=True,
        check=f"Read from the question by code and calculated exactly: {result.expression} = {result.text}",
        method="calculation",
    )


_YES_OR_NO = re.compile(r"^\W*(?:is|are|was|were|does|do|did|can|could|has|have|will|would|ist|sind)\b", re.I)


def _in_words(question: str, text: str) -> str:
    """What the calculator gives for a yes-or-no question is said as one; everything else stays as it is."""
    said = {"true": "Yes.", "false": "No."}.get(text)
    return said if said and _YES_OR_NO.match(question) else text


def _short_enough(result: Any) -> Any:
    """The calculator's own caps keep a value below this; it would be written whole into answer and memory."""
    if len(result.text) > MOST_VALUE:
        raise ToolBroke(
            f"The calculator gave {len(result.text):,} characters, which is no value. Ask for something smaller."
        )
    return result


def by_equations(run: Run, node: Node, relations: str) -> Steps[Solution]:
    """Answer a problem that code read as relations in any order (SatLM form). Raises ToolError (none, several)."""
    function = yield from run.open("function", "solve the equations", node)
    yield Progress("Solving the equations")
    try:
        result = yield from run.call(
            function, "equations", relations,
            lambda: run.resources.compute.solve(relations, run.budget.cancel), lambda done: done.text,
        )  # fmt: skip
    except NoSolution as error:
        if "??" not in relations:
            raise
        yield function.closed("done", str(error))
        return Solution(
            text=f"There is no solution among the real numbers. {error}", answer="no solution", known="computed",
            checked=True, method="equations", check=f"read by code: {'; '.join(relations.strip().splitlines())}",
        )  # fmt: skip
    except ToolError as error:
        yield function.closed("failed", str(error))
        raise
    yield from run.verified(function, "the relations were read from the question by code", True)
    yield function.closed("done", result.text)
    run.store_request(function, "equations", relations, result.text)
    shown = "; ".join(relations.strip().splitlines())
    return Solution(
        text=result.text, answer=result.text, known="computed", checked=True, method="equations",
        check=f"Read from the question by code; these relations have exactly one solution: {shown}",
    )  # fmt: skip


def by_program(
    run: Run, node: Node, question: str, *, cross_check: bool = True, votes: int = 1, repair: bool = True
) -> Steps[Solution]:
    """Answer a word problem by programs.

    The first program against which code has nothing to say is the answer. A second one, asked for in another way,
    is written for the mark, or where code doubts the first; reasoning only where code doubts both. With `votes` above
    one, methods and samples go on until two of them agree.

    Raises:
        ToolError: no program gave a value, or the sandbox is not there.
    """
    tries: list[Try] = []

    def add(one: Try) -> None:
        against = () if one.error else run.resources.compute.doubts(question, one.code, one.value)
        tries.append(replace(one, doubts=against))

    weak = run.model().card.name in AGREEMENT_IS_WEAK
    add((yield from _one(run, node, question, "program", repair=repair)))
    if (tries[0].error and repair) or (cross_check and not (weak and votes == 1 and _believed(tries))):
        add((yield from _one(run, node, question, "program_check")))
    settled = _believed(tries) if votes == 1 else _agreed(tries) is not None
    if cross_check and not settled and run.budget.seconds <= LATE:
        add((yield from _reasoned(run, node, question)))
        for extra in range(votes - 1):
            if _agreed(tries) is not None:
                break
            add((yield from _one(run, node, question, "program", temperature=0.7, seed=run.ask.seed + 1 + extra)))
    solution = _solution(question, tries)
    if solution.checked and weak:
        return solution.but(checked=False, check=f"{solution.check}; with this small model that proves little")
    return solution


def _one(
    run: Run,
    node: Node,
    question: str,
    form: str,
    temperature: float = 0.0,
    seed: int | None = None,
    repair: bool = True,
) -> Steps[Try]:
    """One program: written, run, once repaired with its error text."""
    title = {"program": "write a program", "program_check": "a second program, asked in another way"}[form]
    child = yield from run.open("function", title if not temperature else "a third program", node)
    yield Progress("Writing a program" if form == "program" else "Checking with a second program")
    lead = "```python\ndef solution():\n" if form == "program" else "```python\n"
    blocks = [
        Block("system", Message("system", render("program_system"))),
        Block("question", Message("user", render(form, question=question.strip()))),
        Block("tools", Message("assistant", lead)),
    ]
    reply = yield from run.generate(
        child, title, blocks, room=ROOM, stop=("```",), temperature=temperature, seed=seed, watch=_rambles
    )
    attempt = yield from _execute(run, child, code_of(lead, reply.text))
    if repair and "Error" in attempt.error and run.resources.compute.programs_available():
        blocks[-1] = Block("tools", Message("assistant", attempt.code + "\n```"))
        blocks.append(Block("question", Message("user", render("program_repair", error=attempt.error[-400:]))))
        blocks.append(Block("tools", Message("assistant", lead)))
        reply = yield from run.generate(child, "repair the program", blocks, room=ROOM, stop=("```",), watch=_rambles)
        attempt = yield from _execute(run, child, code_of(lead, reply.text))
    run.store_request(child, "program", attempt.code, attempt.text or attempt.error)
    yield child.closed("failed" if attempt.error else "done", attempt.error or f"value {attempt.text}")
    return attempt


def _reasoned(run: Run, node: Node, question: str) -> Steps[Try]:
    """The third method, in the form of the others."""
    found = yield from reasoned(run, node, question)
    value = number(found.number) if found.number is not None else None
    numbers = "\n".join(re.findall(r"\d+(?:\.\d+)?", plain(found.text)))
    if value is None:
        return Try(numbers, None, "", "the reasoning came to no number", "reasoning")
    return Try(numbers, value, found.number or "", "", "reasoning")


def _rambles(text: str) -> bool:
    """A program that goes on to solve a question of its own has ended."""
    return "\nQuestion:" in text or "\nProblem:" in text


def code_of(lead: str, text: str) -> str:
    """The program of a reply that went on from `lead`: without fences and without what the model asked itself next."""
    body = text if text.lstrip().startswith("```") else lead + text
    body = re.sub(r"^\s*```(?:python)?\n?", "", body)
    code = re.split(r"```|\nQuestion:|\nProblem:", body)[0].rstrip()
    if "def solution" not in code and not re.search(r"^ans\s*=", code, re.MULTILINE):
        # The form asks for `ans`; a model that forgot it means the last quantity it named.
        names = re.findall(r"^([A-Za-z_]\w*)\s*=(?!=)", code, re.MULTILINE)
        code += f"\nans = {names[-1]}" if names else ""
    return code


def _execute(run: Run, node: Node, code: str) -> Steps[Try]:
    try:
        done = yield from run.call(
            node,
            "python",
            code,
            lambda: run.resources.compute.run(code, run.budget.cancel),
            lambda result: result.text or result.error,
        )
    except ToolError as error:
        yield from run.notice(str(error))  # the sandbox failed, not the program
        return Try(code, None, "", str(error))
    if done.error:
        return Try(code, None, "", done.error_display or done.error)
    if done.value is None or done.value == "" or isinstance(done.value, bool) and "true" not in code.lower():
        return Try(code, None, "", "the program returned no value")
    return Try(code, done.value, done.text)


def same(one: Any, other: Any) -> bool:
    """Whether two values of programs are the same: numbers within 1e-6 relative, texts without case."""
    a, b = number(one), number(other)
    if a is not None and b is not None:
        return abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b))
    return str(one).strip().lower() == str(other).strip().lower()


def number(value: Any) -> float | None:
    """The number a value is, also out of "$12.50" or "42 apples"; None when it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e300 else None
    fraction = re.fullmatch(r"\s*(-?\d{1,9})/(\d{1,9})\s*", str(value))
    if fraction and int(fraction.group(2)):
        return int(fraction.group(1)) / int(fraction.group(2))
    match = re.fullmatch(r"\s*[$€£]?\s*(-?\d[\d,]*(?:\.\d+)?)\s*[%\w$€£ ]{0,20}", str(value))
    return float(match.group(1).replace(",", "")) if match else None


def _agreed(tries: Sequence[Try]) -> Try | None:
    """The first value that two programs share, or None."""
    good = [one for one in tries if not one.error]
    for index, one in enumerate(good):
        if any(same(one.value, other.value) for other in good[index + 1 :]):
            return one
    return None


def _believed(tries: Sequence[Try]) -> bool:
    """Whether there is a value against which code has nothing to say."""
    return any(not one.error and not one.doubts for one in tries)


def _chosen(good: Sequence[Try]) -> Try:
    """The value with the most votes, a doubted one counting less; the earliest of equals."""

    def weight(value: Any) -> float:
        return sum(DOUBTED if one.doubts else 1.0 for one in good if same(value, one.value))

    best = max(good, key=lambda one: weight(one.value))
    return min((one for one in good if same(best.value, one.value)), key=lambda one: len(one.doubts))


def _solution(question: str, tries: Sequence[Try]) -> Solution:
    good = [one for one in tries if not one.error]
    if not good:
        raise ToolError(f"No program gave a value: {_last_line(tries[-1].error)}")
    chosen = _chosen(good)
    answer = short_number(chosen.value, chosen.text)
    same_value = [one for one in good if same(chosen.value, one.value)]
    checked = False
    if len(same_value) > 1:
        others = len(good) - len(same_value)
        ways = {one.method for one in same_value}
        if "reasoning" in ways and "program" in ways:
            check = "a program and reasoning in steps agree"
        else:
            check = "two programs, asked for in different ways, agree" if not others else "two of three programs agree"
        checked = not others and not chosen.doubts
    elif len(tries) > 1:
        values = ", ".join(dict.fromkeys(short_number(one.value, one.text) for one in good))
        how = "a program the model wrote" if chosen.method == "program" else "reasoning in steps, the sums by code"
        check = f"calculated by {how}; the cross-check did not agree ({values})"
    else:
        check = "calculated by a program the model wrote; not cross-checked"
    ran = any(one.method == "program" for one in good)
    if not ran:
        check = f"reasoning in steps; no program gave a value ({_last_line(tries[0].error)})"
    if chosen.doubts:
        check += f"; {'; '.join(chosen.doubts)}"
    return Solution(
        text=with_unit(question, answer),
        answer=answer,
        known="computed" if ran else "model",
        checked=checked and ran,
        check=check,
        method="program",
    )


def _last_line(error: str) -> str:
    return (error.strip().splitlines() or ["no reason given"])[-1][:200]


def short_number(value: Any, text: str) -> str:
    """A value as a person writes it: 42 rather than 42.0, at most six decimals."""
    if isinstance(value, float) and not isinstance(value, bool):
        if abs(value) >= 1e15 or value != value:
            return text
        rounded = round(value, 6)
        return str(int(rounded)) if rounded == int(rounded) else f"{rounded:.6f}".rstrip("0")
    return text.strip()


#: What is counted: words up to the first plural one ("floral arrangements", "pairs of socks"); a word that is none has
#: no plural and would read "96 hash" for hash browns.
_PLURAL = r"(?:[a-z]{2,}(?<!s)s|people|children|men|women|feet|fish|sheep|mice|geese|money)"
_HOW_MANY = re.compile(
    r"\bhow (?:many|much)(?: more| fewer| less| total| extra| of (?:the|his|her|their))? "
    rf"((?:(?!{_PLURAL}\b)[a-z-]+ ){{0,2}}?{_PLURAL}\b(?: of [a-z]+\b)?)(?! (?:and|or)\b)",
    re.I,
)
_NOT_UNITS = frozenset(
    "is are was were does do did will would can could has have had in on more less money he she it they the a an to per if left total time "
    "should must altogether cost each longer older further and there his this its was does as us".split()
)


def with_unit(question: str, answer: str) -> str:
    """Add what was counted, or the currency, where the question's own words say it."""
    if not re.fullmatch(r"-?\d[\d,.]*", answer):
        return answer
    last = re.split(r"(?<=[.!])\s", question.strip())[-1]
    match = _HOW_MANY.search(last)
    if match and _NOT_UNITS.isdisjoint(match.group(1).lower().split()):
        return f"{answer} {match.group(1)}"
    currency = re.search(r"([$€£])\s?\d", question)
    if currency and re.search(
        r"\b(how much|cost|price|money|pay|paid|spend|spent|earn|profit|owe|worth|dollars?|euros?|pounds?)\b",
        last,
        re.I,
    ):
        return f"{currency.group(1)}{answer}"
    if re.search(r"\b(percent|percentage|%)\b", last, re.I):
        return f"{answer} %"
    return answer
