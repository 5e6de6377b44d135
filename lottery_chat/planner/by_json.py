"""Solve by a path into a JSON document: read from the question by code, followed in the kept file, its line quoted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from knowledge.errors import KnowledgeError
from knowledge.passage import Document
from lottery_chat.events import Citation
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution
from tools.errors import ToolError

#: A JSON file longer than this (bytes) is read as text only.
MOST_BYTES = 2_000_000
_KINDS = frozenset({"json", "text"})


@dataclass(frozen=True, slots=True)
class JsonHit:
    """A document that answers a question by a path, and what was found there."""

    document: Document
    found: Any


def json_for(
    run: Run, knowledge: Knowledge, question: str, scope: tuple[str, ...], *, attached: bool
) -> JsonHit | None:
    """The one JSON document in which code reads the whole question as a path; only of files attached or named."""
    tables = run.resources.tables
    if tables is None or not (scope or attached):
        return None
    hits = []
    for document in knowledge.documents():
        named = document.title.casefold().endswith((".json", ".geojson")) and document.kind in _KINDS
        if document.state != "ready" or not named or (scope and document.id not in scope) or document.size > MOST_BYTES:
            continue
        try:
            found = tables.ask_json(question, knowledge.original_text(document.id, MOST_BYTES), document.title)
        except (KnowledgeError, ToolError):
            continue  # no JSON after all: its text is read like any other
        if found is not None:
            hits.append(JsonHit(document, found))
    return hits[0] if len(hits) == 1 else None


def by_json(run: Run, node: Node, knowledge: Knowledge, hit: JsonHit) -> Steps[Solution]:
    """Answer with the values at the path."""
    child = yield from run.open("function", f"follow a path in {hit.document.title}", node)
    found = yield from run.call(child, "query json", hit.found.said, lambda: hit.found, lambda done: done.short)
    yield child.closed("done", found.short)
    run.store_request(child, "json", found.said, found.short)
    lines = "\n".join(f"- `{path}`: {text}" for path, text in zip(found.paths[:50], found.texts))
    head = f"**{found.short}**" if len(found.texts) == 1 else ""
    return Solution(
        text=f"{head}\n\n{lines}".strip(), answer=found.short, known="computed", checked=True, method="json",
        check=f"every word of the question was read by code as the path {found.said} in {hit.document.title}",
        citations=_cited(knowledge, hit),
    )  # fmt: skip


def _cited(knowledge: Knowledge, hit: JsonHit) -> tuple[Citation, ...]:
    """The line of the page text in which each value stands; a value without such a line is not cited."""
    cited = []
    if hit.found.said.startswith("the number of"):
        return ()  # a length stands in no line
    for path, text in list(zip(hit.found.paths, hit.found.texts))[:5]:
        key = path.rpartition(".")[2].strip("[]'")
        for page, body in knowledge.page_texts(hit.document.id):
            line = next((one for one in body.split("\n") if text in one and key in one), "")
            if line:
                cited.append(
                    Citation("document", hit.document.title, page, "", "", line.strip()[:400], hit.document.id)
                )
                break
    return tuple(dict.fromkeys(cited))
