"""Before the tree: read what came with the message, understand it, make it stand alone, recall its answer."""

from __future__ import annotations

from dataclasses import dataclass

from lottery_chat.errors import ModelError
from lottery_chat.events import Progress
from lottery_chat.planner.by_memory import by_memory
from lottery_chat.planner.by_writing import resolve
from lottery_chat.planner.follow_ups import fill_in, points_back
from lottery_chat.planner.long_by_code import decided_of
from lottery_chat.planner.long_pasted import asked_before, is_about, long_text, text_before, writes
from lottery_chat.planner.recalling import recall
from lottery_chat.planner.run import Run, Steps
from lottery_chat.planner.scope import Scope
from lottery_chat.planner.understanding import Understood
from lottery_chat.planner.values import Solution


@dataclass(frozen=True, slots=True)
class Prepared:
    """The question that goes into the tree, and what kind of help the message asks for."""

    question: str
    understood: Understood


def prepare(run: Run, scope: Scope) -> Steps[Prepared | Solution]:
    """Understand the message and narrow the scope to what it is about; a Solution where that already answers it."""
    ask = run.ask
    if (noted := (yield from by_memory(run, ask.words.strip()))) is not None:
        return noted
    yield from _wait_for_attached(run, scope)
    question = yield from _without_pasted(run, scope, ask.words.strip())
    attached = scope.attached
    understood = scope.understand(question, history=ask.history, attached=attached)
    if understood.kind == "lacks":
        return Solution(
            text=understood.why, status="asked_back", known="none", reason="the question lacks something", method="asked back"
        )  # fmt: skip
    scope.confine_to_named(question)
    if understood.kind == "question":
        question = scope.without_file_names(question)
    if understood.kind == "question" and ask.history:
        question = yield from _stand_alone(run, scope, question)
        if question != scope.without_file_names(ask.words.strip()):
            understood = scope.understand(question, history=ask.history, attached=attached)
    if "preprocess" in ask.without:
        question = ask.words.strip()
    remembered = yield from recall(run, scope, understood, question)
    return remembered or Prepared(question, understood)


def _wait_for_attached(run: Run, scope: Scope) -> Steps[None]:
    """Wait until kept documents that the question is about are read; say what could not be."""
    ask = run.ask
    if not ask.documents or scope.given is not None:
        return
    yield Progress("Reading the file")
    for problem in run.resources.settled(ask.documents, run.budget.nearly_over()):
        yield from run.notice(problem)
    run.budget.check()
    if ask.retrieval != "closed-book":
        scope.knowledge = scope.knowledge or run.resources.knowledge()


def _without_pasted(run: Run, scope: Scope, question: str) -> Steps[str]:
    """What is asked of a long text in the message, which is then all that is searched; else the question as it is."""
    pasted = long_text(run, question) if scope.decided(question) is None else None
    if pasted is None and scope.given is None and (earlier := text_before(run, question)) is not None:
        knowledge = run.resources.passing("your text", earlier.text)
        if decided_of(earlier) is not None or is_about(question, knowledge):
            scope.confine_to_pasted(earlier, knowledge)
            yield from run.notice("This was looked for in the text you pasted before.")
            return question
    if pasted is None:
        if scope.knowledge is None and run.ask.retrieval != "closed-book":
            scope.knowledge = run.resources.knowledge()
        return question
    yield Progress("Reading your text")
    scope.confine_to_pasted(pasted, run.resources.passing("your text", pasted.text))
    if not writes(pasted.asked):
        words = len(pasted.text.split())
        yield from run.notice(
            f"Your text is long ({words:,} words), so it was searched sentence by sentence, not read whole."
        )
    return pasted.asked


def _stand_alone(run: Run, scope: Scope, question: str) -> Steps[str]:
    """Fill a follow-up in: by code, else (only where documents are searched) by one step of g_φ."""
    filled = fill_in(question, asked_before(run.ask.history))
    if filled:
        yield Progress(f"Understood as: {filled}")
        return filled
    if not scope.has_documents() or not points_back(question) or run.resources.compute.read(question) is not None:
        return question
    node = yield from run.open("model", "make the question stand alone", None)
    try:
        resolved = yield from resolve(run, node, question)
    except ModelError as error:
        yield node.closed("failed", str(error))
        return question
    yield node.closed("done", resolved)
    return resolved
