"""The values that travel: a document, its pages, its passages, what a search found, a sentence of evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

State = Literal["waiting", "reading", "embedding", "ready", "failed"]

_ID = re.compile(r"[0-9a-f]{32}")


def is_id(text: str) -> bool:
    """Return whether this is one of our own ids: exactly 32 hexadecimal digits in lower case."""
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Document:
    """A document of D. `size` in bytes, `progress` 0 to 1, `problem` a sentence when it failed, else empty.

    `page_count` is 1 for a document without pages; `added` is ISO 8601 in UTC. `replaces` is the id of the version
    that goes when this one is ready; `sources` are places it was read from: (path, time of change in ns, bytes);
    `address` is the http(s) address it was fetched from at `fetched_at` (ISO 8601 in UTC), both empty for a file.
    """

    id: str
    title: str
    kind: str
    size: int
    sha256: str
    added: str
    state: State
    page_count: int = 0
    chunk_count: int = 0
    problem: str = ""
    progress: float = 0.0
    replaces: str = ""
    sources: tuple[tuple[str, int, int], ...] = ()
    address: str = ""
    fetched_at: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page. `number` counts from 1, or is None where the format has no pages."""

    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk of one page: exactly `page_text[start:end]`. `heading` is the path of headings above it.

    `ordinal` counts the passages of a document from 0, in reading order.
    """

    id: str
    document_id: str
    title: str
    page: int | None
    heading: tuple[str, ...]
    text: str
    start: int
    end: int
    ordinal: int


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A passage with its scores, all 0 to 1.

    `score` is the fused rank score (1.0: first everywhere); it orders, and says nothing about how good the best is.
    `vector` is the cosine with the query: judge "no good source" by it. `text` is the saturated BM25 score, None
    where no word of the query stands in the passage.
    """

    passage: Passage
    score: float
    vector: float | None
    text: float | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, white space collapsed; `start` and `end` are offsets in the page's text."""

    text: str
    passage_id: str
    document_id: str
    title: str
    page: int | None
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Throughout:
    """Documents, by id, that are about the question's subject throughout, and the question without its name.

    "What is Mrs. Okafor allergic to?" in her discharge letter: each line that names her would be nearer than the one
    that reads "Penicillin".
    """

    question: str
    documents: frozenset[str]
