"""C over D: the tables of documents as the planner asks them; code reads the question, SQLite answers (StructGPT).

Joins three parts that know nothing of each other: rows out of page texts (knowledge/table_rows.py), the question as a
query (tools/table_questions.py), and the query's run (tools/table_queries.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.passage import Page
from knowledge.table_rows import TableRows, tables_of
from lottery_chat.planner.resources import TableAnswer
from tools.errors import ToolError
from tools.table_queries import Found, Query, run_query
from tools.table_questions import Reading, read_question

#: Rows that are quoted below an answer.
QUOTED = 3


class AskedTable:
    """One table and what a question asks of it."""

    def __init__(self, rows: TableRows, reading: Reading) -> None:
        self._rows, self._reading = rows, reading
        self.heading, self.words = rows.heading, reading.words

    def run(self) -> TableAnswer:
        """Ask the table. Raises ToolError: it took too long."""
        table, query = self._reading.table, self._reading.query
        found = run_query(table, query)
        chosen = not query.aggregates
        matched = found if chosen else run_query(table, Query(filters=query.filters, limit=QUOTED))
        rows = [table.rows.index(row) for row in matched.rows]
        return TableAnswer(
            answer=self._answer(found, rows if chosen else None), grid=_grid(found) if not chosen else (),
            matched=found.matched, cut=found.cut and chosen and query.limit > 1,
            quotes=tuple((self._rows.page, self._quote(row)) for row in rows[:QUOTED]),
        )  # fmt: skip

    def _answer(self, found: Found, rows: Sequence[int] | None) -> str:
        if rows is not None:
            cells = dict.fromkeys(cell for row in rows if (cell := self._cell(row)))
            return ", ".join(cells) if rows else ""
        if self._reading.wanted:
            return ", ".join(str(row[0]) for row in found.rows)
        if self._reading.query.group_by:
            return "; ".join(f"{_shown(row[0])}: {_shown(row[-1])}" for row in found.rows)
        return _shown(found.rows[0][-1])

    def _cell(self, row: int) -> str:
        """The cell as the file writes it; a column made of a date has no cell of its own."""
        wanted, table = self._reading.wanted, self._reading.table
        if wanted in self._rows.names:
            return self._rows.rows[row][self._rows.names.index(wanted)]
        return str(table.rows[row][table.names.index(wanted)] or "")

    def _quote(self, row: int) -> str:
        """The row's line, exactly as it stands on its page."""
        return self._rows.lines[row]


class DocumentTables:
    """Reads questions against the tables of a document."""

    def read(self, question: str, title: str, pages: Sequence[tuple[int | None, str]]) -> tuple[AskedTable, ...]:
        """Return the tables of a document that code surely reads the question as a query of; usually none."""
        found = []
        for table in tables_of([Page(number, text) for number, text in pages]):
            try:
                reading = read_question(question, table.names, table.rows, f"{title} {table.heading}")
            except ToolError:  # a table too large for this: its passages are read instead
                continue
            if reading is not None:
                found.append(AskedTable(table, reading))
        return tuple(found)


def _grid(found: Found) -> tuple[tuple[str, ...], ...]:
    """Names and rows of an answer of several rows; nothing for one value."""
    rows = tuple(tuple(_shown(cell) for cell in row) for row in found.rows)
    return (found.names, *rows) if len(rows) > 1 else ()


def _shown(value: object) -> str:
    """A number as a person writes it: 470 rather than 470.0, at most six decimals."""
    if value is None:
        return "no value"
    if isinstance(value, float):
        return f"{round(value, 6):f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else str(value)
    return str(value)
