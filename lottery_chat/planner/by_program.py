"""Solve by computing: a program that g_φ writes and the sandbox runs.

Sources: PAL (paper.md 2.1), PoT (2.2). A program that merely ran is computed but not cross-checked; it is
checked when a second program, asked for in another way, gives the same value (design.md 7). Where code has something
against both, a third method decides, reasoning with code's sums in it: a vote across methods (paper.md 3.3).
"""

from __future__ import annotations

import re
from dataclasses import replace

from lottery_chat.events import Progress
from lottery_chat.messages import Message
from lottery_chat.planner.by_reasoning import reasoned
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.program_votes import Try, agreed, believed, voted
from lottery_chat.planner.prompts import render
from lottery_chat.planner.reckoning import plain
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution
from lottery_chat.planner.written_values import number
from tools.errors import ToolError

#: Tokens kept for a program; the median program of these models has 70.
ROOM = 280
#: Models for which two programs that agree were measured to be right in fewer than 90 % of cases: their agreement is
#: said, but carries no green mark (design.md 7; figures in docs/measurements.md).
AGREEMENT_IS_WEAK = frozenset({"qwen2.5-coder:0.5b"})
#: After this many seconds nothing more is tried for a question that two programs did not settle.
LATE = 45.0


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
    if (tries[0].error and repair) or (cross_check and not (weak and votes == 1 and believed(tries))):
        add((yield from _one(run, node, question, "program_check")))
    settled = believed(tries) if votes == 1 else agreed(tries) is not None
    if cross_check and not settled and run.budget.seconds <= LATE:
        add((yield from _reasoned(run, node, question)))
        for extra in range(votes - 1):
            if agreed(tries) is not None:
                break
            add((yield from _one(run, node, question, "program", temperature=0.7, seed=run.ask.seed + 1 + extra)))
    solution = voted(question, tries)
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
