"""What the planner is given: g_φ, D and R, C, M as Protocols; assembly.py chooses the concrete parts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lottery_chat.models.protocol import ChatModel


class PassageLike(Protocol):
    """A passage of a document; offsets count characters of its page's text."""

    @property
    def id(self) -> str: ...
    @property
    def document_id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def page(self) -> int | None: ...
    @property
    def text(self) -> str: ...


class HitLike(Protocol):
    """A passage with its scores: fused 0 to 1, cosine and full-text where that search found it."""

    @property
    def passage(self) -> PassageLike: ...
    @property
    def score(self) -> float: ...
    @property
    def vector(self) -> float | None: ...
    @property
    def text(self) -> float | None: ...


class SentenceLike(Protocol):
    """A sentence chosen as evidence."""

    @property
    def text(self) -> str: ...
    @property
    def passage_id(self) -> str: ...
    @property
    def document_id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def page(self) -> int | None: ...
    @property
    def score(self) -> float: ...


class DocumentLike(Protocol):
    """A document of D."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def page_count(self) -> int: ...


class Knowledge(Protocol):
    """D with R over it: one knowledge base, kept or passing."""

    def documents(self) -> Sequence[DocumentLike]:
        """The documents that are ready to be searched."""
        ...

    def search(self, query: str, *, document_ids: Sequence[str] | None, limit: int) -> Sequence[HitLike]: ...

    def sentences(self, query: str, hits: Sequence[HitLike], count: int) -> Sequence[SentenceLike]:
        """The sentences of the hits that are nearest to the query, in reading order."""
        ...

    def page_texts(self, document_id: str) -> Sequence[tuple[int | None, str]]:
        """Every page of a document in order: (page number or None, text)."""
        ...

    def contains(self, document_id: str, page: int | None, quote: str) -> bool:
        """Whether the quote stands on that page, white space aside."""
        ...

    def version(self) -> str:
        """Changes whenever a document is added or removed."""
        ...


class Compute(Protocol):
    """C: calculator and programs."""

    def read(self, question: str) -> Any | None:
        """The calculation that the question wholly is, or None."""
        ...

    def calculate(self, reading: Any) -> Any: ...

    def run(self, code: str, cancel: threading.Event) -> Any: ...

    def programs_available(self) -> bool: ...


class Prove(Protocol):
    """C: the logic solver."""

    def looks_like_logic(self, text: str) -> bool: ...

    def solve(self, text: str, cancel: threading.Event) -> Any: ...


class Web(Protocol):
    """C: web search through the guarded fetcher; raises ToolError."""

    def search(self, query: str, limit: int) -> Sequence[Any]: ...


class Notes(Protocol):
    """M within a run and across runs (paper's Store, and recall of checked results)."""

    def store_node(self, **values: Any) -> None: ...

    def store_request(self, **values: Any) -> None: ...

    def answers(self, run: str) -> Sequence[Any]: ...

    def recall(self, question: str, documents_version: str) -> Any | None: ...

    def remember(self, **values: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class Resources:
    """g_φ, D, R, C, M of Algorithm 1. Callables may wait for a part that still loads and raise our errors.

    `similar(texts_a, texts_b)` gives cosines of every a with every b, or None while the embedder is not there.
    `find_tools(question)` is R over C: (tool, score 0 to 1), best first; empty while the embedder is not there.
    `passing(title, text)` makes a passing knowledge base of one text, searched sentence by sentence.
    `permit(request, cancel)` waits for the person and returns the query that may leave, or None.
    `offline()` is True once for a whole process: that there is no network is said once (design.md 12).
    """

    model: Callable[[], ChatModel]
    knowledge: Callable[[], Knowledge | None]
    compute: Compute
    prove: Prove
    web: Web
    notes: Notes
    similar: Callable[[Sequence[str], Sequence[str]], list[list[float]] | None]
    find_tools: Callable[[str], Sequence[tuple[str, float]]]
    passing: Callable[[str, str], Knowledge]
    permit: Callable[[str, threading.Event], str | None]
    offline: Callable[[], bool]
