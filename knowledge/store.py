"""Passages in LanceDB (the only importer): full-text and vector search, an index that can be built again any time.

One table `chunks`, flat vectors (exact below 100,000 passages), cosine distance. Filters are built from our own ids
only. What this does not do: Lance's commits are not synced to disk, so a power cut may break the table; whoever owns
the originals builds it again.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.index import FTS

from knowledge.embedding import Vectors
from knowledge.errors import DocumentMissing, StoreBusy, StoreDamaged
from knowledge.originals import make_folder
from knowledge.passage import Passage, SearchHit, is_id
from knowledge.ranking import DEPTH, fuse, lifted, saturated, searched, text_weight

_Result = TypeVar("_Result")
_TRIES = 6
_CONFLICT = re.compile(r"conflict|concurrent|retry|too many", re.I)
_COLUMNS = ["id", "document_id", "title", "page", "heading", "text", "start", "end", "ordinal"]
_MARK = "\x1f"
#: What Lance raises; a damaged file shows as any of them.
_LANCE_ERRORS = (RuntimeError, OSError, ValueError, KeyError, pa.ArrowException)


def only_documents(ids: Iterable[str], *, without: bool = False) -> str:
    """Return the filter for these documents.

    Raises:
        DocumentMissing: one of them is not an id of ours; nothing else ever gets into a filter.
    """
    checked = sorted(set(ids))
    for one in checked:
        if not is_id(one):
            raise DocumentMissing(f"{one!r} is not the id of a document (32 hexadecimal digits).")
    inside = ", ".join(f"'{one}'" for one in checked)
    return f"document_id {'NOT IN' if without else 'IN'} ({inside})"


class Store:
    """The index of one embedder in one folder. Several processes may search; writers take turns outside."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        """Open or create the table, and read it once to see that it is whole.

        Raises:
            StoreDamaged: it is there and cannot be read; set the folder aside and build it again.
        """
        self._schema = pa.schema(
            [
                *((name, pa.string()) for name in ("id", "document_id", "title")),
                ("page", pa.int32()),
                ("heading", pa.string()),
                ("text", pa.string()),
                ("start", pa.int64()),
                ("end", pa.int64()),
                ("ordinal", pa.int32()),
                ("words", pa.string()),
                ("vector", pa.list_(pa.float32(), dimensions)),
            ]
        )
        self._dimensions = dimensions
        self._folder = folder
        is_new = not (folder / "chunks.lance").exists()
        make_folder(folder)
        try:
            # Another process's writes are seen at once.
            self._connection = lancedb.connect(folder, read_consistency_interval=timedelta(0))
            self._table = self._create() if is_new else self._connection.open_table("chunks")
            self._check()
        except _LANCE_ERRORS as error:
            raise StoreDamaged(f"The index in {str(folder)!r} cannot be read ({_first_line(error)}).") from error

    @classmethod
    def existing(cls, folder: Path) -> Store:
        """Open a table whatever its vectors' size, for deleting. Raises StoreDamaged."""
        try:
            field = lancedb.connect(folder).open_table("chunks").schema.field("vector")
            return cls(folder, int(field.type.list_size))
        except _LANCE_ERRORS as error:
            raise StoreDamaged(f"The index in {str(folder)!r} cannot be read ({_first_line(error)}).") from error

    def _create(self) -> Any:
        return self._connection.create_table("chunks", schema=self._schema, exist_ok=True)

    def _check(self) -> None:
        if self._table.schema.names != self._schema.names or self._table.schema.field("vector").type != (
            self._schema.field("vector").type
        ):
            raise ValueError("the table has other columns or another size of vectors")
        if self._table.count_rows():
            probe = np.full(self._dimensions, 0.1, dtype=np.float32)
            self._vector_rows(probe, "", 1)
            self._text_rows("the a", "", 1)

    # -- writing ---------------------------------------------------------------------------------------------------

    def put(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Insert or replace passages with their vectors, shape (len(passages), dimensions).

        Raises:
            ValueError: the vectors have another shape.
            StoreBusy, StoreDamaged: see there.
        """
        if vectors.shape != (len(passages), self._dimensions):
            raise ValueError(f"Vectors of shape {vectors.shape}, expected {(len(passages), self._dimensions)}.")
        if not passages:
            return
        rows = self._as_table(passages, vectors)
        self._written(
            lambda: self._table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(rows)
        )

        if not self._table.list_indices():
            # At once: rows added later are found without being folded in, but only when there is an index.
            config = FTS(stem=True, remove_stop_words=True, ascii_folding=True, with_position=False)
            self._written(lambda: self._table.create_index("words", config=config, replace=True))

    def _as_table(self, passages: Sequence[Passage], vectors: Vectors) -> pa.Table:
        columns: dict[str, Any] = {name: [getattr(p, name) for p in passages] for name in _COLUMNS}
        columns["heading"] = [_MARK.join(p.heading) for p in passages]
        columns["words"] = ["\n".join((p.title, *p.heading, p.text)) for p in passages]
        flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).ravel(), pa.float32())
        columns["vector"] = pa.FixedSizeListArray.from_arrays(flat, self._dimensions)
        return pa.table(columns, schema=self._schema)

    def remove(self, document_ids: Sequence[str]) -> None:
        """Delete every passage of these documents."""
        if document_ids:
            condition = only_documents(document_ids)
            self._written(lambda: self._table.delete(condition))

    def optimise(self) -> None:
        """After a batch: fold new passages into the full-text index, drop versions older than ten minutes."""
        if not self._table.count_rows():
            return
        self._written(lambda: self._table.optimize(cleanup_older_than=timedelta(minutes=10)))

    def _written(self, write: Callable[[], object]) -> None:
        """Write, again on a conflict with another process, with a growing random pause."""
        for attempt in range(_TRIES):
            try:
                write()
                return
            except _LANCE_ERRORS as error:
                if not _CONFLICT.search(str(error)):
                    raise StoreDamaged(
                        f"The index in {str(self._folder)!r} cannot be written ({_first_line(error)})."
                    ) from error
                time.sleep(random.uniform(0, 0.05 * 2**attempt))
        raise StoreBusy(f"The index in {str(self._folder)!r} is kept busy by another program. Try again.")

    # -- reading ---------------------------------------------------------------------------------------------------

    def search(
        self,
        query: str,
        vector: Vectors,
        *,
        document_ids: Sequence[str] | None = None,
        without: Sequence[str] = (),
        limit: int = 8,
        weight: float | None = None,
    ) -> tuple[SearchHit, ...]:
        """Return the best passages: vector and full text, fused by rank (RRF); every hit knows its cosine.

        Args:
            vector: the query's, unit length, shape (dimensions,).
            document_ids: only these; None means all but `without`.
            weight: share of full text, 0 to 1; None lets the query decide.
        """
        if document_ids is not None and not document_ids:
            return ()
        where = "" if document_ids is None else only_documents(document_ids)
        if without and document_ids is None:
            where = only_documents(without, without=True)
        try:
            dense = self._vector_rows(vector, where, max(DEPTH, limit))
            text = self._text_rows(query, where, max(DEPTH, limit))
        except _LANCE_ERRORS as error:
            raise StoreDamaged(f"The index in {str(self._folder)!r} cannot be read ({_first_line(error)}).") from error
        rows = {row["id"]: row for row in (*text, *dense)}
        bm25 = {row["id"]: float(row["_score"]) for row in text}
        share = text_weight(query) if weight is None else weight
        fused = fuse([row["id"] for row in dense], [row["id"] for row in text], weight=share)
        if weight is None:
            fused = lifted(query, fused, {one: row["heading"].rpartition(_MARK)[2] for one, row in rows.items()})
        return tuple(self._hit(rows[one], score, vector, bm25.get(one)) for one, score in fused[:limit])

    def _hit(self, row: dict[str, Any], score: float, query: Vectors, bm25: float | None) -> SearchHit:
        cosine = float(np.dot(np.asarray(row["vector"], dtype=np.float32), query))
        text = None if bm25 is None else saturated(bm25)
        return SearchHit(_passage(row), score, min(1.0, max(0.0, cosine)), text)

    def _vector_rows(self, vector: Vectors, where: str, limit: int) -> list[dict[str, Any]]:
        search: Any = self._table.search(vector, vector_column_name="vector", query_type="vector")
        search = search.distance_type("cosine").select([*_COLUMNS, "vector", "_distance"])
        return _rows(search.where(where, prefilter=True) if where else search, limit)

    def _text_rows(self, query: str, where: str, limit: int) -> list[dict[str, Any]]:
        # Only letters and digits (searched): quotes and operators would be syntax to the index.
        plain = searched(query)
        if not plain or not self._table.list_indices():
            return []
        search = self._table.search(plain, query_type="fts", fts_columns="words")
        search = search.select([*_COLUMNS, "vector", "_score"])
        return _rows(search.where(where, prefilter=True) if where else search, limit)

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """Return the passages of a document in reading order."""
        condition = only_documents([document_id])
        rows = self._read(lambda: _rows(self._table.search().where(condition).select(_COLUMNS), None))
        return tuple(sorted((_passage(row) for row in rows), key=lambda passage: passage.ordinal))

    def near(self, document_id: str, first: int, last: int) -> tuple[Passage, ...]:
        """Return the passages of a document whose ordinal is from `first` to `last`, in reading order."""
        condition = f"{only_documents([document_id])} AND ordinal >= {int(first)} AND ordinal <= {int(last)}"
        rows = self._read(lambda: _rows(self._table.search().where(condition).select(_COLUMNS), None))
        return tuple(sorted((_passage(row) for row in rows), key=lambda passage: passage.ordinal))

    def ids(self, document_id: str) -> frozenset[str]:
        """Return the ids of the passages that are kept of a document."""
        condition = only_documents([document_id])
        rows = self._read(lambda: _rows(self._table.search().where(condition).select(["id"]), None))
        return frozenset(row["id"] for row in rows)

    def counts(self) -> dict[str, int]:
        """Return how many passages of each document are kept."""
        rows = self._read(lambda: self._table.search().select(["document_id"]).limit(None).to_arrow())
        counted = rows.column("document_id").value_counts().to_pylist()
        return {one["values"]: one["counts"] for one in counted}

    def _read(self, read: Callable[[], _Result]) -> _Result:
        try:
            return read()
        except _LANCE_ERRORS as error:
            raise StoreDamaged(f"The index in {str(self._folder)!r} cannot be read ({_first_line(error)}).") from error


def _rows(search: Any, limit: int | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = search.limit(limit).to_arrow().to_pylist()
    return found


def _passage(row: dict[str, Any]) -> Passage:
    heading = tuple(row["heading"].split(_MARK)) if row["heading"] else ()
    return Passage(**{**{name: row[name] for name in _COLUMNS}, "heading": heading})


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
