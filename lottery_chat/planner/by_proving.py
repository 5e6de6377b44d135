"""Solve by proving: a logic text read by the pattern grammar and decided by the solver (paper.md 2.3, 2.7)."""

from __future__ import annotations

import re
from typing import Any

from lottery_chat.events import Progress
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution
from tools.errors import ToolError

#: Verdicts that the solver stands behind.
DECIDED = ("proved", "disproved", "unknown")


def by_proof(run: Run, node: Node, text: str) -> Steps[Solution]:
    """Answer a logic text.

    Raises:
        ToolError: a sentence could not be read and the answer depends on it, or time ran out.
    """
    function = yield from run.open("function", "prove", node)
    yield Progress("Reading the premises")
    try:
        result = yield from run.call(
            function, "logic", text, lambda: run.resources.prove.solve(text, run.budget.cancel), _shown
        )
    except ToolError as error:
        yield function.closed("failed", str(error))
        raise
    unread = [sentence.text for sentence in result.sentences if sentence.formula is None]
    if unread:
        yield from run.notice(
            "Not read by the grammar, so not used in the proof: " + " · ".join(f"“{one}”" for one in unread[:4])
        )
    if result.verdict == "contradiction":
        yield function.closed("done", "the premises contradict each other")
        return Solution(
            text="The premises contradict each other, so anything would follow. " + (result.note or ""), known="proved", checked=not unread,
            check="the solver found no way to make all premises true", method="proof", answer="contradiction",
        )  # fmt: skip
    if result.verdict not in DECIDED:
        detail = result.note or f"verdict: {result.verdict}"
        yield function.closed("failed", detail)
        raise ToolError(detail)
    yield from run.verified(function, "every premise used was read by code", True)
    answer = _answer(text, result)
    yield function.closed("done", f"{result.verdict}: {answer}")
    run.store_request(function, "logic", text, answer)
    return Solution(
        text=_text(result, answer), answer=answer, known="proved", checked=result.verdict in ("proved", "disproved"),
        check=_check(result, bool(unread)), method="proof",
    )  # fmt: skip


def _shown(result: Any) -> str:
    lines = [f"{sentence.formula or 'NOT READ'} ::: {sentence.text}" for sentence in result.sentences]
    lines += ["", f"{result.verdict}: {result.answer}"]
    lines += [f"{number}. {step.text}" for number, step in enumerate(result.steps, 1)]
    return "\n".join(lines)


#: The last sentence asks yes or no.
_YES_NO = re.compile(
    r"(?:^|[.!?:]\s+|\n)(?:is|are|was|were|does|do|did|can|could|will|would|has|have|must|should)\b[^.!?]*\?\s*$",
    re.IGNORECASE,
)


def _answer(text: str, result: Any) -> str:
    """The short answer: an option's letter, a name, or yes and no where that was asked."""
    if result.option:
        return str(result.option)
    if _YES_NO.search(text.strip()):
        return {"True": "Yes", "False": "No"}.get(result.answer, str(result.answer))
    return str(result.answer)


def _text(result: Any, answer: str) -> str:
    head = f"**{result.option}) {result.statement}**" if result.option and result.statement else f"**{answer}**"
    why = {
        "proved": "It follows from the premises:",
        "disproved": "The opposite follows from the premises:",
        "unknown": "Neither it nor its opposite follows from the premises.",
    }[result.verdict]
    if result.kind in ("ordering", "arrangement"):
        why = (
            "This is the only possibility that satisfies every statement:"
            if result.steps
            else "It holds in every arrangement that satisfies the statements."
        )
    steps = "\n".join(f"{number}. {step.text}" for number, step in enumerate(result.steps, 1))
    return f"{head}\n\n{why}" + (f"\n\n{steps}" if steps else "")


def _check(result: Any, unread: bool) -> str:
    how = {
        "chaining": "forward chaining",
        "first-order": "Z3, by refutation",
        "ordering": "the solver, over every arrangement",
        "arrangement": "the solver, over every arrangement",
        "relations": "rules for kinship, places, swaps and liars",
    }.get(result.kind, "the solver")
    read = "the premises used were read by code" if unread else "all premises were read by code"
    return f"Decided by {how}; {read}"
