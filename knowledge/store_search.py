"""One search in the table of passages: by vector, by full text in every language it holds, or both fused (RRF).

Each language has its own full-text column, so that German is stemmed as German; their BM25 scores are brought to one
scale before they are put in one order. Above some ten thousand passages the vector index is asked, unless the filter
leaves so few that comparing all of them is exact and as quick.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from knowledge.embedding import Vectors
from knowledge.errors import DocumentMissing
from knowledge.languages import plain_words
from knowledge.passage import Passage, SearchHit, is_id
from knowledge.ranking import DEPTH, fuse, lifted, saturated, searched, text_weight

By = Literal["vector", "text", "hybrid"]
COLUMNS = ["id", "document_id", "title", "page", "heading", "text", "start", "end", "ordinal"]
MARK = "\x1f"
#: From this many passages on there is a vector index: flat search takes 3 ms for each thousand.
INDEXED_FROM = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: `vector` unit length or None (then by text only), `where` a filter of ours or empty.

    `unfamiliar`: the vector is of an embedder that does not know the query's language.
    """

    query: str
    vector: Vectors | None
    where: str = ""
    limit: int = 8
    by: By = "hybrid"
    weight: float | None = None
    unfamiliar: bool = False


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


def partitions(rows: int) -> int:
    """Return into how many parts the vector index of so many passages is cut."""
    return max(1, int(math.sqrt(rows)))


def find(table: Any, texts: Mapping[str, int], has_index: bool, asked: Asked) -> tuple[SearchHit, ...]:
    """Return the best passages, best first.

    Args:
        table: of LanceDB.
        texts: full-text columns with the number of passages in each.
        has_index: whether there is a vector index.
    """
    depth = max(DEPTH, asked.limit)
    jobs = []
    if asked.by != "text" and asked.vector is not None:
        jobs.append(lambda: _dense(table, asked, depth, has_index))
    if asked.by != "vector" or asked.vector is None:
        jobs.append(lambda: _text(table, texts, asked, depth))
    with ThreadPoolExecutor(len(jobs)) as both:  # LanceDB computes outside Python's lock: the two overlap
        found = [job.result() for job in [both.submit(job) for job in jobs]]
    dense = next((one for one in found if one.cosines is not None), _Found())
    text = next((one for one in found if one.cosines is None), _Found())
    return _fused(asked, dense, text)


@dataclass(slots=True)
class _Found:
    """Rows best first; text rows know their BM25 score, dense ones their cosine."""

    rows: Sequence[tuple[Any, int]] = ()  # (Arrow table, row in it)
    ids: Sequence[str] = ()
    scores: Sequence[float] = ()
    cosines: Sequence[float] | None = None


def _fused(asked: Asked, dense: _Found, text: _Found) -> tuple[SearchHit, ...]:
    weight = text_weight(asked.query, unfamiliar=asked.unfamiliar) if asked.weight is None else asked.weight
    weight = 0.0 if asked.by == "vector" else 1.0 if asked.by == "text" or asked.vector is None else weight
    cosine = dict(zip(dense.ids, dense.cosines or ()))
    bm25 = dict(zip(text.ids, text.scores))
    rows = {**dict(zip(text.ids, text.rows)), **dict(zip(dense.ids, dense.rows))}
    hits = []
    fused = fuse(dense.ids, text.ids, weight=weight)
    if asked.weight is None and asked.by == "hybrid":
        fused = lifted(asked.query, fused, {one: _heading(*rows[one]) for one, _ in fused})
    for one, score in fused[: asked.limit]:
        source, at = rows[one]
        if one not in cosine and asked.vector is not None:
            cosine[one] = float(np.dot(_vector(source, at), asked.vector))
        found = cosine.get(one)
        hits.append(
            SearchHit(
                as_passage(source.select(COLUMNS).slice(at, 1).to_pylist()[0]),
                score,
                None if found is None else min(1.0, max(0.0, found)),
                saturated(bm25[one]) if one in bm25 else None,
            )
        )
    return tuple(hits)


def _heading(source: Any, at: int) -> str:
    """The passage's nearest heading."""
    return str(source.column("heading")[at].as_py() or "").rpartition(MARK)[2]


def _dense(table: Any, asked: Asked, depth: int, has_index: bool) -> _Found:
    search = table.search(asked.vector, vector_column_name="vector", query_type="vector").distance_type("cosine")
    search = search.select([*COLUMNS, "_distance"])
    if has_index:
        rows = table.count_rows()
        few = asked.where.startswith("document_id IN") and table.count_rows(asked.where) < INDEXED_FROM
        probes = min(partitions(rows), max(24, partitions(rows) // 12))
        search = search.bypass_vector_index() if few else search.nprobes(probes)
    found = (search.where(asked.where, prefilter=True) if asked.where else search).limit(depth).to_arrow()
    cosines = [1.0 - one for one in found.column("_distance").to_pylist()]
    return _Found([(found, at) for at in range(len(found))], found.column("id").to_pylist(), cosines, cosines)


def _text(table: Any, texts: Mapping[str, int], asked: Asked, depth: int) -> _Found:
    plain = plain_words(asked.query)
    if plain.isascii():  # the words that only ask are English and German; marks of Thai or Hindi would be lost
        plain = searched(plain)
    if not plain:
        return _Found()
    total = sum(texts.values())
    ranked: list[tuple[float, str, tuple[Any, int]]] = []
    for column, count in texts.items():
        search = table.search(plain, query_type="fts", fts_columns=column)
        search = search.select([*COLUMNS, *(["vector"] if asked.vector is not None else []), "_score"])
        found = (search.where(asked.where, prefilter=True) if asked.where else search).limit(depth).to_arrow()
        scale = _rarest(total) / _rarest(count) if len(texts) > 1 else 1.0
        scores, ids = found.column("_score").to_pylist(), found.column("id").to_pylist()
        ranked += [(score * scale, one, (found, at)) for at, (score, one) in enumerate(zip(scores, ids))]
    ranked.sort(key=lambda one: -one[0])
    return _Found([one[2] for one in ranked[:depth]], [one[1] for one in ranked[:depth]], [one[0] for one in ranked])


def _rarest(count: int) -> float:
    """BM25's weight of a word that one passage of so many has: in a small column every word looks common."""
    return math.log(1 + (max(1, count) - 0.5) / 1.5)


def _vector(source: Any, at: int) -> Vectors:
    column = source.column("vector")
    return np.asarray(column[at].values.to_numpy(), dtype=np.float32)


def as_passage(row: Mapping[str, Any]) -> Passage:
    """Return the passage of a row."""
    heading = tuple(row["heading"].split(MARK)) if row["heading"] else ()
    return Passage(**{**{name: row[name] for name in COLUMNS}, "heading": heading})
