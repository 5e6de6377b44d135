"""Solve by a table of a document: its reading by code is run by SQLite; the rows used are cited (StructGPT).

Only a question whose every word was used is answered without the model. Where a role is left open among a few
columns, the model chooses one by label log-probability, and the answer says so and is not green.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge.errors import KnowledgeError
from lottery_chat.events import Citation, Progress
from lottery_chat.messages import Message
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.prompts import render
from lottery_chat.planner.resources import Knowledge, Tables
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution
from tools.errors import ToolError

#: Mentions of a table's own words that a question needs where no table was attached or named.
FOREIGN = 2
#: So many documents at most are looked through for tables when none is named.
MOST = 24
_CITED = 5


def table_for(
    run: Run, knowledge: Knowledge, question: str, scope: tuple[str, ...], *, attached: bool
) -> tuple[Any, ...]:
    """The reading of the question over the tables in reach, whole or with one role open; several where tables that are
    equally close disagree; empty without."""
    tables = run.resources.tables
    if tables is None:
        return ()
    ready = {one.id: one for one in knowledge.documents() if one.state == "ready"}
    hits: list[Any] = []
    try:
        ids = [one for one in scope if one in ready] or _near(knowledge, question, list(ready))
        for one in ids[:MOST]:
            hits += tables.read(question, one, ready[one].title, lambda one=one: knowledge.page_texts(one))  # type: ignore[misc]
    except KnowledgeError:  # a file was removed, or is being read again, in this moment
        return ()
    near = bool(scope) or attached
    hits = [one for one in hits if one.reading.evidence >= (1 if near else FOREIGN) and (near or one.reading.whole)]
    found = _chosen(tables, hits)
    return found if len(found) == 1 or near else ()


def pasted_table(run: Run, message: str) -> tuple[Any, ...]:
    """The one reading over a table that stands in the message itself; empty without."""
    tables = run.resources.tables
    found = tables.pasted(message) if tables is not None and message.count("\n") > 1 else None
    return _chosen(tables, found[1]) if tables is not None and found is not None else ()


def _near(knowledge: Knowledge, question: str, ids: list[str]) -> list[str]:
    """All documents where there are few, else those of the nearest passages."""
    if len(ids) <= MOST:
        return ids
    return list(
        dict.fromkeys(hit.passage.document_id for hit in knowledge.search(question, document_ids=None, limit=MOST))
    )


def _chosen(tables: Tables, hits: Sequence[Any]) -> tuple[Any, ...]:
    """The reading that stands out: whole ones first, then the closest; several that agree are one, else all of them."""
    whole = [one for one in hits if one.reading.whole]
    if not whole:
        half = [one for one in hits if one.reading.open and not one.reading.unread and len(one.reading.choices) > 1]
        return (half[0],) if len(half) == 1 else ()
    most = max(one.reading.closeness for one in whole)
    best = [one for one in whole if one.reading.closeness == most]
    found = [(one, said) for one in best if (said := _tried(tables, one))]
    agree = len({said for _, said in found}) == 1
    return tuple(one for one, _ in found[: 1 if agree else len(found)])


def _tried(tables: Tables, hit: Any) -> str:
    try:
        return str(tables.answer(hit).short)
    except ToolError:
        return ""


def by_table(run: Run, node: Node, question: str, hits: Sequence[Any]) -> Steps[Solution]:
    """Answer from a table; ask back where several disagree.

    Raises:
        ToolError: the query cannot be run, or no column is chosen.
    """
    tables, hit = run.resources.tables, hits[0]
    assert tables is not None
    if len(hits) > 1:
        names = ", ".join(dict.fromkeys(f"{one.title} ({one.rows.caption or one.reading.said})" for one in hits[:6]))
        return Solution(
            text=f"Which table do you mean? These fit and differ: {names}.", status="asked_back", known="none",
            reason="several tables", method="table",
        )  # fmt: skip
    yield Progress(f"Looking into the table of {hit.title}")
    child = yield from run.open("function", f"query the table of {hit.title}", node)
    chosen = ""
    try:
        if hit.reading.open:
            column = yield from _column(run, child, question, hit)
            full = tables.choose(hit, column)
            if full is None:
                raise ToolError("The table's columns do not fit the question; ask by the names of its columns.")
            hit, chosen = full, hit.sheet.table.names[column]
        answer = yield from run.call(
            child, "query table", hit.reading.said, lambda: tables.answer(hit), lambda done: done.text
        )
    except ToolError as error:
        yield child.closed("failed", str(error))
        raise
    yield child.closed("done", answer.short)
    run.store_request(child, "table", hit.reading.said, answer.text)
    return _solution(hit, answer, chosen)


def _column(run: Run, node: Node, question: str, hit: Any) -> Steps[int]:
    """The column for the role that is open, by label log-probability among the candidates."""
    choices = hit.reading.choices[:8]
    labels = "ABCDEFGH"[: len(choices)]
    names = hit.sheet.table.names
    listed = "\n".join(f"{label}. {names[one]}" for label, one in zip(labels, choices))
    prompt = render("table_column", question=question, table=hit.title, columns=listed)
    scores = yield from run.labels(node, "choose a column", [Block("question", Message("user", prompt))], list(labels))
    best = max(scores, key=lambda label: scores[label])
    return int(choices[labels.index(best)])


def _solution(hit: Any, answer: Any, chosen: str) -> Solution:
    lines = [(hit.rows.pages[at], hit.rows.lines[at]) for at in answer.rows]
    cited = tuple(
        Citation("document", hit.title, page, "", "", line.strip()[:400], hit.document) for page, line in lines[:_CITED]
    ) if hit.document else ()  # fmt: skip
    notes = "".join(f"\n\n({doubt[:1].upper() + doubt[1:]}.)" for doubt in (*answer.notes, *answer.doubts))
    where = f"the table in {hit.title}" if hit.document else "the table in your message"
    sure = not answer.doubts and not chosen
    by = f"the model chose the column {chosen}" if chosen else "every word of the question was read by code"
    check = f"{answer.said}; run by SQLite over {where}, {by}"
    if answer.doubts:
        check += f"; not sure: {'; '.join(answer.doubts)}"
    return Solution(
        text=answer.text + notes, answer=answer.short, known="computed", checked=sure, check=check, citations=cited,
        method="table",
    )  # fmt: skip
