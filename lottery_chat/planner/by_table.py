"""Solve by a table of a document: code reads the question as a query, the table is asked, its rows are quoted.

Source: StructGPT (paper.md 2.10): the structure is read by a tool, never by the model. A question is answered here only
when every word of it was understood as a column, a cell or an operation; else the passages are read as of any text.
What this does not do: joins of tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.errors import KnowledgeError
from knowledge.passage import Document
from lottery_chat.events import Citation, Progress
from lottery_chat.planner.resources import Knowledge, TableAnswer, TableReading, Tables
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution

#: Kinds of files that are tables; other files are looked through for tables only when they are attached or named.
TABLE_KINDS = frozenset({"csv", "tsv", "xlsx", "xls", "ods"})
#: So many characters at most are looked through for one question.
MOST_LETTERS = 2_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A document and what the question asks of one of its tables."""

    document: Document
    reading: TableReading

    @property
    def name(self) -> str:
        """The file's title, with the table's heading where that says more."""
        heading, title = self.reading.heading, self.document.title
        return f"{title}, {heading}" if heading and heading not in title else title


def asked_of_tables(
    tables: Tables, knowledge: Knowledge, documents: Sequence[Document], question: str, *, attached: bool
) -> tuple[Asked, ...]:
    """Return the tables of these documents that a question can be asked of, by code; usually none."""
    found: list[Asked] = []
    left = MOST_LETTERS
    for document in documents:
        if document.kind not in TABLE_KINDS and not attached:
            continue
        try:
            pages = knowledge.page_texts(document.id)
        except KnowledgeError:
            continue
        left -= sum(len(text) for _, text in pages)
        if left < 0:
            break
        found += [Asked(document, one) for one in tables.read(question, document.title, pages)]
    return tuple(found)


def by_table(run: Run, node: Node, asked: Sequence[Asked]) -> Steps[Solution]:
    """Answer from the one table that fits; ask back where several do. Raises ToolError: the query was stopped."""
    if len(asked) > 1:
        names = ", ".join(dict.fromkeys(one.name for one in asked[:6]))
        return Solution(
            text=f"Which table do you mean? These fit: {names}.", status="asked_back", known="none",
            reason="several tables", method="table",
        )  # fmt: skip
    one = asked[0]
    child = yield from run.open("function", f"ask the table {one.name}", node)
    yield Progress(f"Looking through {one.document.title}")
    found = yield from run.call(
        child, "table", one.reading.words, one.reading.run, lambda done: f"{done.answer}\n{done.matched} rows matched"
    )
    solution = _solution(one, found)
    yield from run.verified(child, solution.check, True)
    yield child.closed("done", solution.answer or "")
    run.store_request(child, "table", one.reading.words, solution.answer or "")
    return solution


def _solution(one: Asked, found: TableAnswer) -> Solution:
    words = one.reading.words
    if not found.answer:
        said = f"No row of {one.name} fits: {words}."
        return Solution(
            text=said, answer=None, known="computed", checked=True, status="not_in_documents", check=said, method="table",
        )  # fmt: skip
    rows = f"{found.matched} {'row' if found.matched == 1 else 'rows'}"
    head = _grid(found.grid) if found.grid else f"**{_plain(found.answer)}**"
    more = " (only the first are listed)" if found.cut else ""
    cited = tuple(
        Citation("document", one.document.title, page, "", "", quote, one.document.id) for page, quote in found.quotes
    )
    return Solution(
        text=f"{head}{more}\n\n{words[0].upper()}{words[1:]}, from {rows} of {one.name}.", answer=found.answer,
        known="computed", checked=True, citations=cited, method="table",
        check=f"Read from the question by code and answered from the table: {words}, over {rows}",
    )  # fmt: skip


def _grid(rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(map(_plain, row)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("\n", " ")
