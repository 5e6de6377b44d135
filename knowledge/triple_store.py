"""The triples of one folder's documents in SQLite: derived from the passages, so that they can be read again any time.

What is deleted is overwritten (`secure_delete`): a removed document leaves no word here. Every call opens the file
anew, so that several threads and processes may use it; one that is damaged is dropped and read again from the index.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from knowledge.errors import StoreBusy
from knowledge.originals import is_full, not_kept
from knowledge.relations import key
from knowledge.triples import FORM, Triple

_Result = TypeVar("_Result")
_SECONDS = 20.0
#: Most triples that one look-up returns.
MOST = 2_000
#: Of one document; a table of 100,000 rows is for the tool for tables.
MOST_OF_A_DOCUMENT = 5_000
_TABLES = """
create table if not exists documents (id text primary key, form integer not null);
create table if not exists triples (
    document_id text not null, passage_id text not null, title text not null, page integer, entity text not null,
    entity_key text not null, relation text not null, object text not null, sentence text not null,
    start integer not null, "end" integer not null, at integer not null, past integer not null
);
create index if not exists by_entity on triples (entity_key, relation);
create index if not exists by_relation on triples (relation);
create index if not exists by_document on triples (document_id);
"""
_COLUMNS = 'entity, relation, object, document_id, passage_id, title, page, sentence, start, "end", at, past'


class TripleStore:
    """The file; made when the first document is put in."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, triples: Mapping[str, Sequence[Triple]]) -> None:
        """Keep what these documents state, by their ids, instead of what was kept of them. Raises NotKept, StoreBusy."""
        if triples:
            self._writing(lambda connection: _put(connection, triples))

    def remove(self, document_ids: Sequence[str]) -> None:
        """Delete what these documents state, without a trace. Raises NotKept, StoreBusy."""
        if document_ids and self._path.is_file():
            self._writing(lambda connection: _remove(connection, document_ids))

    def clear(self) -> None:
        """Delete everything; it is read again. Raises NotKept, StoreBusy."""
        if self._path.is_file():
            self._writing(
                lambda connection: _remove(
                    connection, [str(one[0]) for one in connection.execute("select id from documents")]
                )
            )

    def _drop(self) -> None:
        self._path.unlink(missing_ok=True)
        self._path.with_name(f"{self._path.name}-journal").unlink(missing_ok=True)

    def read_ids(self) -> frozenset[str]:
        """Return the ids of the documents that were read by today's forms."""
        rows = self._reading("select id from documents where form = ?", (FORM,))
        return frozenset(str(row[0]) for row in rows)

    def kept_ids(self) -> frozenset[str]:
        """Return the ids of all documents that something is kept of."""
        return frozenset(str(row[0]) for row in self._reading("select id from documents", ()))

    def find(self, *, about: str = "", relation: str = "", containing: bool = False) -> tuple[Triple, ...]:
        """Return the triples of an entity, of a relation, of both, or all where neither is given; at most MOST.

        Args:
            about: a name, in any case, with or without its article.
            relation: a relation's name as relations.py keeps it.
            containing: the entity's name may be longer than `about`.
        """
        conditions, values = [], []
        if about:
            conditions.append("instr(' ' || entity_key || ' ', ?) > 0" if containing else "entity_key = ?")
            values.append(f" {key(about)} " if containing else key(about))
        if relation:
            conditions.append("relation = ?")
            values.append(relation)
        where = f" where {' and '.join(conditions)}" if conditions else ""
        found = f"select {_COLUMNS} from triples{where} order by document_id, start, at limit {MOST}"
        return tuple(Triple(*(*row[:11], bool(row[11]))) for row in self._reading(found, tuple(values)))

    # -- inside ----------------------------------------------------------------------------------------------------

    def _reading(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        """The rows; none where the file is damaged or only being made: whoever writes next makes it anew."""
        if not self._path.is_file():
            return []
        try:
            return self._once(lambda connection: list(connection.execute(query, values)))
        except sqlite3.DatabaseError as error:
            if _is_busy(error):
                raise self._busy() from error
            return []

    def _writing(self, write: Callable[[sqlite3.Connection], None]) -> None:
        """Write in one transaction; a damaged file, or one of another form, is dropped and made anew."""

        def once(connection: sqlite3.Connection) -> None:
            connection.executescript(_TABLES)
            with connection:
                connection.execute("begin immediate")
                write(connection)

        try:
            try:
                self._once(once)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError) and not _is_of_another_form(error):
                    raise
                self._drop()
                self._once(once)
        except sqlite3.OperationalError as error:
            if _is_busy(error):
                raise self._busy() from error
            raise not_kept(self._path, error if is_full(error) else OSError(0, str(error))) from error

    def _busy(self) -> StoreBusy:
        return StoreBusy(f"The facts in {str(self._path)!r} are kept busy by another program. Try again.")

    def _once(self, use: Callable[[sqlite3.Connection], _Result]) -> _Result:
        with contextlib.closing(sqlite3.connect(self._path, timeout=_SECONDS, isolation_level=None)) as connection:
            connection.execute("pragma secure_delete = on")
            return use(connection)


def _is_busy(error: sqlite3.Error) -> bool:
    return "locked" in str(error) or "busy" in str(error)


def _is_of_another_form(error: sqlite3.Error) -> bool:
    return "no such column" in str(error) or "has no column" in str(error) or "columns but" in str(error)


def _put(connection: sqlite3.Connection, triples: Mapping[str, Sequence[Triple]]) -> None:
    _remove(connection, tuple(triples))
    connection.executemany("insert into documents values (?, ?)", [(one, FORM) for one in triples])
    connection.executemany(f"insert into triples values ({', '.join('?' * 13)})", _rows(triples.values()))


def _rows(triples: Iterable[Sequence[Triple]]) -> Iterator[tuple[object, ...]]:
    for document in triples:
        for one in document[:MOST_OF_A_DOCUMENT]:
            yield (
                one.document_id, one.passage_id, one.title, one.page, one.entity, key(one.entity), one.relation,
                one.object, one.sentence, one.start, one.end, one.at, int(one.past),
            )  # fmt: skip


def _remove(connection: sqlite3.Connection, document_ids: Sequence[str]) -> None:
    for table, column in (("triples", "document_id"), ("documents", "id")):
        connection.executemany(f"delete from {table} where {column} = ?", [(one,) for one in document_ids])
