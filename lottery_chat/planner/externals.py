"""Can_Use_External (Algorithm 1, line 7): which of D and C may answer a question in its scope, without a model call.

`routing.py` proposes by the question's words; here the scope decides: evidence first where documents are meant, and a
table or JSON file of theirs, or a text in the message, that code can read.
"""

from __future__ import annotations

from lottery_chat.planner.by_json import json_for
from lottery_chat.planner.by_table import pasted_table, table_for
from lottery_chat.planner.long_material import PASTED
from lottery_chat.planner.routing import Candidate, Resource, candidates
from lottery_chat.planner.run import Run
from lottery_chat.planner.scope import Scope
from lottery_chat.planner.splitting import schedule_for
from lottery_chat.planner.understanding import Understood, asks_for_web

#: What may still answer where documents are meant; the web beside them where a person asks for it by name.
_BESIDE_DOCUMENTS: tuple[Resource, ...] = (
    "calculator", "equations", "logic", "summary", "collection", "documents",
)  # fmt: skip


def can_use_external(
    run: Run, scope: Scope, question: str, understood: Understood, *, root: bool
) -> tuple[Candidate, ...]:
    """Return the resources to try, first one first; empty where the question is divided or left to the model.

    Args:
        root: the question is the message itself, not a part of it: the text that came with it is looked at only then.
    """
    if root and (decided := scope.decided(question)) is not None:
        return (Candidate("stated", "a list of facts or a story that code reads", decided, must=True),)
    if root and "preprocess" in run.ask.without and len(question) >= PASTED and not run.ask.tools:
        return ()  # measured without any reduction: the whole text goes to the model
    found = candidates(run, question, understood, has_documents=scope.has_documents())
    if scope.must(question) and not run.ask.tools:
        found = _evidence_first(run, question, understood, found)
    return (*_read_by_code(run, scope, question, understood, found), *found)


def _evidence_first(
    run: Run, question: str, understood: Understood, found: tuple[Candidate, ...]
) -> tuple[Candidate, ...]:
    """The person's intent: the documents answer, or it is said that they do not, whatever else might answer."""
    allowed = (*_BESIDE_DOCUMENTS, *(("web",) if asks_for_web(question) else ()))
    found = tuple(one for one in found if one.resource in allowed)
    undivided = "divide" in run.ask.without or schedule_for(question) is None
    if not found and undivided and understood.kind not in ("writing", "talk", "transform"):
        found = (Candidate("documents", "the question is about a document"),)
    return tuple(
        Candidate(one.resource, one.why, one.data, True) if one.resource == "documents" else one for one in found
    )


def _read_by_code(
    run: Run, scope: Scope, question: str, understood: Understood, found: tuple[Candidate, ...]
) -> tuple[Candidate, ...]:
    """A table or JSON file of a document, or a table in the message itself, over which code reads the question."""
    ask = run.ask
    certain = {one.resource for one in found} & {"functions", "calculator", "equations"}
    other = ("writing", "talk", "transform", "summary", "lacks", "collection")
    if certain or understood.kind in other or ask.tools or "preprocess" in ask.without:
        return ()
    hits = pasted_table(run, question)
    if not hits and scope.knowledge is not None and scope.has_documents() and ask.retrieval != "closed-book":
        attached = scope.given is not None or ask.must_use_documents
        hits = table_for(run, scope.knowledge, question, scope.documents, attached=attached)
        if not hits and (place := json_for(run, scope.knowledge, question, scope.documents, attached=attached)):
            return (Candidate("json", f"a path in {place.document.title}", place),)
    return (Candidate("table", f"the table in {hits[0].title}: {hits[0].reading.said}", hits),) if hits else ()
