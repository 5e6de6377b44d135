"""How a run ends: what it says where it could not finish, and the last event of every run, Answered."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal

from knowledge.errors import KnowledgeError
from lottery_chat.errors import LotteryChatError, ModelError, PromptTooLong
from lottery_chat.events import Answered, Citation
from lottery_chat.planner.run import Run
from lottery_chat.planner.values import Solution, weakest
from tools.errors import ToolError


def unfinished(
    shown: str, parts: Sequence[tuple[str, Solution]], status: Literal["stopped", "partial"], reason: str, *, free: bool
) -> Solution:
    """The best there is where a run was stopped or its budget is spent.

    Args:
        shown: the text that the reader has already; it stays.
        parts: the parts answered so far, each with its question; they are shown where there is no text yet.
        free: the answer is free writing, which claims nothing.
    """
    passed = [(question, solution) for question, solution in parts if solution.passed]
    text = shown or "\n\n".join(f"{question} {solution.answer or solution.text}" for question, solution in passed)
    if not text and status == "partial":
        text = "There is no answer yet."
    known = "model" if shown else weakest([solution.known for _, solution in passed])
    return Solution(
        text=text, status=status, known=known, reason=reason, passed=False,
        free_writing=free, can_continue=True, method="unfinished",
    )  # fmt: skip


def failed(shown: str, error: LotteryChatError | ToolError | KnowledgeError) -> Solution:
    """The error's sentence below what the reader has already; a fault of the model is marked as one."""
    text = (shown + "\n\n" if shown else "") + str(error)
    fault = "model" if isinstance(error, ModelError) and not isinstance(error, PromptTooLong) else ""
    return Solution(text=text, status="failed", reason=str(error), passed=False, method="none", fault=fault)


def unsearched(error: KnowledgeError) -> Solution:
    """Documents that had to be looked into and could not be: the sentence that says why is the answer."""
    said = f"Your documents could not be searched: {error}"
    return Solution(text=said, status="failed", reason=str(error), passed=False, method="documents")


def answered(run: Run, solution: Solution) -> Answered:
    """The last event: the solution with what the run has spent."""
    spent = run.budget.spent
    return Answered(
        status=solution.status, answer=solution.answer, text=solution.text, known=solution.known, checked=solution.checked,
        check=solution.check, citations=_with_origins(run, solution.citations), reason=solution.reason, calls=spent.calls, tokens_in=spent.tokens_in,
        tokens_out=spent.tokens_out, seconds=round(run.budget.seconds, 3), run=run.id, free_writing=solution.free_writing,
        notices=tuple(run.notices), can_continue=solution.can_continue, fault=solution.fault,
    )  # fmt: skip


def _with_origins(run: Run, citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
    """The citations of documents that were fetched from an address, with it and with the day."""
    if not any(one.kind == "document" and one.document for one in citations):
        return citations
    try:
        knowledge = run.resources.knowledge()
        fetched = {one.id: one for one in knowledge.documents() if one.address} if knowledge is not None else {}
    except (KnowledgeError, LotteryChatError):
        return citations  # the answer stands without; what ails the documents was said where they were read
    return tuple(
        dataclasses.replace(one, url=at.address, fetched=at.fetched_at) if (at := fetched.get(one.document)) else one
        for one in citations
    )
