"""Passages in LanceDB (the only importer): full-text and vector search, an index that can be built again any time.

One table `chunks`: a full-text column for each language (languages.py), vectors compared flat, and from 20,000
passages on by an IVF index over the unchanged vectors. Filters are built from our own ids only. What this does not
do: Lance's commits are not synced to disk, so a power cut may break the table; whoever owns the originals builds it
again.
"""

from __future__ import annotations

import functools
import random
import re
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.index import FTS, BTree, IvfFlat

from knowledge.embedding import Vectors
from knowledge.errors import KnowledgeError, StoreBusy, StoreDamaged
from knowledge.freed import few_arenas
from knowledge.languages import PLAIN, STEMMED, language_of_parts
from knowledge.originals import is_full, make_folder, not_kept
from knowledge.passage import Passage, SearchHit
from knowledge.store_search import (
    COLUMNS,
    INDEXED_FROM,
    MARK,
    Asked,
    By,
    as_passage,
    find,
    only_documents,
    partitions,
)

_Result = TypeVar("_Result")
_TRIES = 6
_CONFLICT = re.compile(r"conflict|concurrent|retry|too many", re.I)
_WORDS = "words_"
#: What Lance raises; a damaged file shows as any of them.
_LANCE_ERRORS = (RuntimeError, OSError, ValueError, KeyError, pa.ArrowException)
#: Of indices, and of where things lie (bytes): 100,000 passages need some 180 MB; with 64 MB searches took 2.6 times
#: as long, for what was not kept is read again from files.
_CACHE, _CACHE_OF_PLACES = 256 * 2**20, 64 * 2**20
#: How much of the vectors may be outside the index before it is trained anew.
_OUTSIDE = 0.25


class Store:
    """The index of one embedder in one folder. Several processes may search; writers take turns outside."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        """Open or create the table, and read it once to see that it is whole.

        Raises:
            StoreDamaged: it is there and cannot be read; set the folder aside and build it again.
            NotKept: there is no room to make it.
        """
        self._schema = pa.schema(
            [
                *((name, pa.string()) for name in ("id", "document_id", "title")),
                ("page", pa.int32()),
                *((name, pa.string()) for name in ("heading", "text")),
                *((name, pa.int64()) for name in ("start", "end")),
                ("ordinal", pa.int32()),
                *((_WORDS + language, pa.string()) for language in (*STEMMED, PLAIN)),
                ("vector", pa.list_(pa.float32(), dimensions)),
            ]
        )
        self._dimensions = dimensions
        self._folder = folder
        self._seen: tuple[int, dict[str, int], bool] = (-1, {}, False)
        is_new = not any((folder / "chunks.lance" / "_versions").glob("*.manifest"))
        make_folder(folder)
        try:
            # Another process's writes are seen at once.
            self._connection = lancedb.connect(folder, read_consistency_interval=timedelta(0), session=_session())
            self._table = self._create() if is_new else self._connection.open_table("chunks")
            self._check()
        except _LANCE_ERRORS as error:
            raise _failed(folder, "read", error) from error

    @classmethod
    def existing(cls, folder: Path) -> Store:
        """Open a table whatever its vectors' size, for deleting. Raises StoreDamaged."""
        try:
            field = lancedb.connect(folder, session=_session()).open_table("chunks").schema.field("vector")
            return cls(folder, int(field.type.list_size))
        except _LANCE_ERRORS as error:
            raise _failed(folder, "read", error) from error

    def _create(self) -> Any:
        return self._connection.create_table("chunks", schema=self._schema, exist_ok=True)

    def _check(self) -> None:
        found = self._table.schema
        texts = [name for name in found.names if name.startswith("words")]
        if not {*COLUMNS, "vector"} <= set(found.names) or not texts:
            raise ValueError("the table has other columns")
        if found.field("vector").type != self._schema.field("vector").type:
            raise ValueError("the table has other columns or another size of vectors")
        self._schema = found  # an older one has a single full-text column; it serves until its successor is built
        if self._table.count_rows():
            probe = np.full(self._dimensions, 0.1, dtype=np.float32)
            self._found(Asked("the a", probe, limit=1))

    # -- writing ---------------------------------------------------------------------------------------------------

    def put(
        self,
        passages: Sequence[Passage],
        vectors: Vectors,
        *,
        languages: Mapping[str, str] | None = None,
        new: bool = False,
    ) -> None:
        """Insert or replace passages with their vectors, shape (len(passages), dimensions).

        Args:
            languages: of the documents, by id (languages.py); a missing one is told from the passages given.
            new: the caller knows that none of them is there, which spares looking.

        Raises:
            ValueError: the vectors have another shape.
            StoreBusy, StoreDamaged, NotKept: see there.
        """
        if vectors.shape != (len(passages), self._dimensions):
            raise ValueError(f"Vectors of shape {vectors.shape}, expected {(len(passages), self._dimensions)}.")
        if not passages:
            return
        rows = self._as_table(passages, vectors, dict(languages or {}))
        merge = self._table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all()
        self._written(lambda: self._table.add(rows) if new else merge.execute(rows))
        # At once: rows added later are found without being folded in, but only when there is an index.
        here = {
            name for name in rows.schema.names if name.startswith("words") and rows.column(name).null_count < len(rows)
        }
        for column in sorted(here - {one for index in self._table.list_indices() for one in index.columns}):
            self._index(column, _tokeniser(column))

    def _index(self, column: str, config: FTS | BTree | IvfFlat) -> None:
        self._written(lambda: self._table.create_index(column, config=config, replace=True))

    def _as_table(self, passages: Sequence[Passage], vectors: Vectors, languages: dict[str, str]) -> pa.Table:
        columns: dict[str, Any] = {name: [getattr(p, name) for p in passages] for name in COLUMNS}
        columns["heading"] = [MARK.join(p.heading) for p in passages]
        for one in {p.document_id for p in passages} - set(languages):
            languages[one] = language_of_parts(p.text for p in passages if p.document_id == one)
        words = ["\n".join((p.title, *p.heading, p.text)) for p in passages]
        for name in self._schema.names:
            if name == "words":
                columns[name] = words
            elif name.startswith(_WORDS):
                there = [languages[p.document_id] == name[len(_WORDS) :] for p in passages]
                columns[name] = [text if here else None for text, here in zip(words, there)]
        flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).ravel(), pa.float32())
        columns["vector"] = pa.FixedSizeListArray.from_arrays(flat, self._dimensions)
        return pa.table(columns, schema=self._schema)

    def remove(self, document_ids: Sequence[str]) -> None:
        """Delete every passage of these documents."""
        if document_ids:
            condition = only_documents(document_ids)
            self._written(lambda: self._table.delete(condition))

    def optimise(self) -> None:
        """After a batch: fold new passages into the indices, drop versions older than ten minutes.

        From 20,000 passages on a vector index is trained (some 5 s there, 30 s at 100,000) and document ids get one.
        """
        rows = self._table.count_rows()
        if not rows:
            return
        if rows >= INDEXED_FROM:
            self._train(rows)
        self._written(lambda: self._table.optimize(cleanup_older_than=timedelta(minutes=10)))

    def _train(self, rows: int) -> None:
        columns = {index.columns[0]: index for index in self._table.list_indices()}
        if "document_id" not in columns:
            self._index("document_id", BTree())
        stale = "vector" not in columns or (columns["vector"].num_unindexed_rows or 0) > _OUTSIDE * rows
        if stale:
            self._index("vector", IvfFlat(distance_type="cosine", num_partitions=partitions(rows), max_iterations=20))

    def purge(self) -> None:
        """Write everything that is left anew and drop all older versions: removed words stand in no file any more.

        The caller holds the writing lock. Whoever reads an older version in this moment must open it again.
        """
        if self._table.count_rows():
            self._written(lambda: self._table.update(where="true", values_sql={"ordinal": "ordinal"}))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that readers of older versions fail: they open it again
            self._written(lambda: self._table.optimize(cleanup_older_than=timedelta(0), delete_unverified=True))

    def _written(self, write: Callable[[], object]) -> None:
        """Write, again on a conflict with another process, with a growing random pause."""
        for attempt in range(_TRIES):
            try:
                write()
                return
            except _LANCE_ERRORS as error:
                if not _CONFLICT.search(str(error)):
                    raise _failed(self._folder, "written", error) from error
                time.sleep(random.uniform(0, 0.05 * 2**attempt))
        raise StoreBusy(f"The index in {str(self._folder)!r} is kept busy by another program. Try again.")

    # -- reading ---------------------------------------------------------------------------------------------------

    def search(
        self,
        query: str,
        vector: Vectors | None,
        *,
        document_ids: Sequence[str] | None = None,
        without: Sequence[str] = (),
        limit: int = 8,
        weight: float | None = None,
        by: By = "hybrid",
        unfamiliar: bool = False,
    ) -> tuple[SearchHit, ...]:
        """Return the best passages: vector and full text, fused by rank (RRF); every hit knows its cosine.

        Args:
            vector: the query's, unit length, shape (dimensions,); None searches by text, and no hit has a cosine.
            document_ids: only these; None means all but `without`.
            weight: share of full text, 0 to 1; None lets the query decide.
            by: one of the two alone.
            unfamiliar: the embedder does not know the query's language: full text weighs more.
        """
        if document_ids is not None and not document_ids:
            return ()
        where = "" if document_ids is None else only_documents(document_ids)
        if without and document_ids is None:
            where = only_documents(without, without=True)
        return self._read(lambda: self._found(Asked(query, vector, where, limit, by, weight, unfamiliar)))

    def _found(self, asked: Asked) -> tuple[SearchHit, ...]:
        version = self._table.version
        if self._seen[0] != version:
            indices = {index.columns[0] for index in self._table.list_indices()}
            texts = {name: self._table.count_rows(f"{name} IS NOT NULL") for name in indices if name[:5] == "words"}
            self._seen = (version, texts, "vector" in indices)
        return find(self._table, self._seen[1], self._seen[2], asked)

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """Return the passages of a document in reading order."""
        condition = only_documents([document_id])
        rows = self._read(lambda: _rows(self._table.search().where(condition).select(COLUMNS), None))
        return tuple(sorted((as_passage(row) for row in rows), key=lambda passage: passage.ordinal))

    def near(self, document_id: str, first: int, last: int) -> tuple[Passage, ...]:
        """Return the passages of a document whose ordinal is from `first` to `last`, in reading order."""
        condition = f"{only_documents([document_id])} AND ordinal >= {int(first)} AND ordinal <= {int(last)}"
        rows = self._read(lambda: _rows(self._table.search().where(condition).select(COLUMNS), None))
        return tuple(sorted((as_passage(row) for row in rows), key=lambda passage: passage.ordinal))

    def ids(self, document_id: str) -> frozenset[str]:
        """Return the ids of the passages that are kept of a document."""
        condition = only_documents([document_id])
        rows = self._read(lambda: _rows(self._table.search().where(condition).select(["id"]), None))
        return frozenset(row["id"] for row in rows)

    def vectors(self, document_id: str) -> dict[str, Vectors]:
        """Return the vector of each passage of a document, by the passage's id."""
        condition = only_documents([document_id])
        rows = self._read(lambda: self._table.search().where(condition).select(["id", "vector"]).limit(None).to_arrow())
        matrix = rows.column("vector").combine_chunks().flatten().to_numpy().reshape(-1, self._dimensions)
        return dict(zip(rows.column("id").to_pylist(), matrix))

    def counts(self) -> dict[str, int]:
        """Return how many passages of each document are kept."""
        rows = self._read(lambda: self._table.search().select(["document_id"]).limit(None).to_arrow())
        counted = rows.column("document_id").value_counts().to_pylist()
        return {one["values"]: one["counts"] for one in counted}

    def _read(self, read: Callable[[], _Result]) -> _Result:
        try:
            return read()
        except _LANCE_ERRORS as error:
            raise _failed(self._folder, "read", error) from error


@functools.cache
def _session() -> lancedb.Session:
    """One cache for every index of this process. Left to itself Lance keeps up to 7 GB of what it has read."""
    few_arenas()
    return lancedb.Session(index_cache_size_bytes=_CACHE, metadata_cache_size_bytes=_CACHE_OF_PLACES)


def _failed(folder: Path, what: str, error: BaseException) -> KnowledgeError:
    """A full disk is no damage: what was committed before is whole."""
    if is_full(error):
        return not_kept(folder, error)
    return StoreDamaged(f"The index in {str(folder)!r} cannot be {what} ({_first_line(error)}).")


def _rows(search: Any, limit: int | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = search.limit(limit).to_arrow().to_pylist()
    return found


def _tokeniser(column: str) -> FTS:
    """Stemming and stop words where there are some for the language, else words as ICU cuts them."""
    language = column.removeprefix(_WORDS) if column.startswith(_WORDS) else "english"
    if language == PLAIN:
        return FTS(base_tokenizer="icu", stem=False, remove_stop_words=False, ascii_folding=True, with_position=False)
    return FTS(
        language=language.capitalize(), stem=True, remove_stop_words=True, ascii_folding=True, with_position=False
    )


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
