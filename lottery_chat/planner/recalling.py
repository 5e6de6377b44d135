"""M across runs: a checked answer is kept, and given again to exactly the same question over the same documents."""

from __future__ import annotations

from lottery_chat.planner.run import Run, Steps
from lottery_chat.planner.scope import Scope
from lottery_chat.planner.understanding import Understood
from lottery_chat.planner.values import Solution


def recall(run: Run, scope: Scope, understood: Understood, question: str) -> Steps[Solution | None]:
    """The answer that was kept for this question, as a node of its own; None where there is none."""
    if not run.ask.use_memory or not _keeps(scope, understood):
        return None
    found = run.resources.notes.recall(question, scope.version())
    if found is None:
        return None
    node = yield from run.open("memory", question, None)
    yield node.closed("done", found.answer)
    return Solution(
        text=found.text, answer=found.answer, known="remembered", checked=True, citations=tuple(found.citations), method="memory",
        check=f"remembered from {found.when}, when it was {found.known}: {found.check}",
    )  # fmt: skip


def remember(run: Run, scope: Scope, understood: Understood, solution: Solution) -> None:
    """Keep a checked answer. One that rests on the conversation is not kept: its words mean that only there."""
    found = solution.checked and solution.status == "answered" and solution.known in ("computed", "proved", "quoted")
    if not found or not run.ask.use_memory or run.ask.history or not _keeps(scope, understood):
        return
    run.resources.notes.remember(
        question=run.ask.words, answer=solution.answer or "", text=solution.text, known=solution.known, check=solution.check,
        citations=solution.citations, documents_version=scope.version(), run=run.id,
    )  # fmt: skip


def _keeps(scope: Scope, understood: Understood) -> bool:
    """What is in passing is gone with its run, and only questions have an answer that stays."""
    return scope.given is None and understood.kind in ("question", "problem")
