"""Fit the tables of documents to what the planner asks: rows out of page texts, readings by tools, kept by document."""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.table_rows import TableRows, rows_of, tables_in
from tools.errors import ToolError
from tools.json_questions import JsonAnswer, ask_json
from tools.table_answers import TableAnswer, answer_reading
from tools.table_columns import Sheet, sheet_of
from tools.table_everyday import plainly
from tools.table_mentions import Vocabulary
from tools.table_questions import read_question
from tools.table_reading import Reading

_KEPT = 64
_MOST_TABLES = 40


@dataclass(frozen=True, slots=True)
class TableHit:
    """A table that a question was read over; `document` is its id, empty for a table in the message itself."""

    document: str
    title: str
    rows: TableRows
    words: Vocabulary
    reading: Reading
    question: str

    @property
    def sheet(self) -> Sheet:
        """The table with typed columns."""
        return self.words.sheet


@dataclass(frozen=True, slots=True)
class _Prepared:
    document: str
    title: str
    rows: TableRows
    words: Vocabulary


class PlannerTables:
    """planner.resources.Tables. The tables of a document are read once and kept while it is among the last used."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[_Prepared, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def read(
        self, question: str, document: str, title: str, pages: Callable[[], Sequence[tuple[int | None, str]]]
    ) -> tuple[TableHit, ...]:
        """The readings of a question over each table of a document; where none is asked for, nothing."""
        return _hits(question, self._prepared(document, title, pages))

    def pasted(self, message: str) -> tuple[str, tuple[TableHit, ...]] | None:
        """The question beside a table that stands in the message itself, and its readings; None without a table."""
        found = tables_in(message, pasted=True)
        if len(found) != 1:
            return None
        question = f"{message[: found[0].start]} {message[found[0].end :]}".strip()
        prepared = _prepare("", "your table", found)
        return question, _hits(question, prepared)

    def ask_json(self, question: str, text: str, title: str) -> JsonAnswer | None:
        """The answer of a path in a JSON text; None where the question is none. Raises ToolError."""
        return ask_json(question, text, title)

    def choose(self, hit: TableHit, column: int) -> TableHit | None:
        """The reading with a column chosen for the open role; None where it still is not whole."""
        read = read_question(hit.question, hit.words, column)
        return dataclasses.replace(hit, reading=read) if read is not None and read.whole else None

    def answer(self, hit: TableHit) -> TableAnswer:
        """Run a reading. Raises ToolError."""
        return answer_reading(hit.reading, hit.sheet)

    def _prepared(
        self, document: str, title: str, pages: Callable[[], Sequence[tuple[int | None, str]]]
    ) -> tuple[_Prepared, ...]:
        with self._lock:
            if document in self._kept:
                self._kept.move_to_end(document)
                return self._kept[document]
        made = _prepare(document, title, rows_of(pages())[:_MOST_TABLES])
        with self._lock:
            self._kept[document] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


def _prepare(document: str, title: str, tables: Sequence[TableRows]) -> tuple[_Prepared, ...]:
    made = []
    for rows in tables:
        name = f"{title} {rows.caption}" if rows.caption else title
        made.append(_Prepared(document, title, rows, Vocabulary(sheet_of(name, rows.header, rows.rows))))
    return tuple(made)


def _hits(question: str, prepared: Sequence[_Prepared]) -> tuple[TableHit, ...]:
    found = []
    for one in prepared:
        try:
            reading = _read(question, one.words)
        except ToolError:
            continue
        if reading is not None:
            found.append(TableHit(one.document, one.title, one.rows, one.words, reading, question))
    return tuple(found)


def _read(question: str, words: Vocabulary) -> Reading | None:
    """The question as the table would say it, where it is of an everyday form; else as it stands."""
    said = plainly(question, words.sheet)
    plain = read_question(said, words) if said else None
    return plain if plain is not None and plain.whole else read_question(question, words)
