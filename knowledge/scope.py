"""The part of a knowledge base that one question may use: same answers as `Library`, over some of its documents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from knowledge.passage import Document, Page, Passage, SearchHit, Sentence, Throughout
from knowledge.triples import Triple

if TYPE_CHECKING:
    from knowledge.library import Library
    from knowledge.store_search import By


class Scope:
    """A view; `wanted` returns the ids of the documents that count now. Named ids are always allowed.

    `by` is how to search where the search does not say it; None leaves it to the library.
    """

    def __init__(self, library: Library, wanted: Callable[[], frozenset[str]], by: By | None = None) -> None:
        self._library = library
        self._wanted = wanted
        self._by = by

    def documents(self) -> tuple[Document, ...]:
        """Return the documents of this part with their state, oldest first."""
        wanted = self._wanted()
        return tuple(one for one in self._library.documents() if one.id in wanted)

    def ready_documents(self) -> tuple[Document, ...]:
        """Return those that can be searched."""
        return tuple(one for one in self.documents() if one.state == "ready")

    def search(
        self, query: str, *, document_ids: Sequence[str] | None = None, limit: int = 8, **how: Any
    ) -> tuple[SearchHit, ...]:
        """Return the best passages; `document_ids` None means those of this part (see Library.search)."""
        wanted = tuple(one.id for one in self.ready_documents()) if document_ids is None else document_ids
        return self._library.search(query, document_ids=wanted, limit=limit, **{"by": self._by, **how})

    def facts(self, *, document_ids: Sequence[str] | None = None, **which: Any) -> tuple[Triple, ...]:
        """Return what the documents of this part state (see Library.facts)."""
        wanted = tuple(one.id for one in self.ready_documents()) if document_ids is None else document_ids
        return self._library.facts(document_ids=wanted, **which)

    def sentences(
        self, query: str, hits: Sequence[SearchHit], count: int, throughout: Throughout | None = None
    ) -> tuple[Sentence, ...]:
        """Return the sentences of the hits that are nearest to the query (evidence.py)."""
        return self._library.sentences(query, hits, count, throughout)

    def chunks(self, document_id: str) -> tuple[Passage, ...]:
        """Return the passages of a document in reading order."""
        return self._library.chunks(document_id)

    def pages(self, document_id: str) -> tuple[Page, ...]:
        """Return the pages of a document."""
        return self._library.pages(document_id)

    def page(self, document_id: str, page: int | None) -> Page:
        """Return one page."""
        return self._library.page(document_id, page)

    def page_texts(self, document_id: str) -> tuple[tuple[int | None, str], ...]:
        """Return (page number or None, text) of every page in order."""
        return self._library.page_texts(document_id)

    def locate(self, document_id: str, page: int | None, quote: str) -> tuple[int, int]:
        """Return where the quote stands on that page, or (-1, -1)."""
        return self._library.locate(document_id, page, quote)

    def contains(self, document_id: str, page: int | None, quote: str) -> bool:
        """Return whether the quote stands on that page."""
        return self._library.contains(document_id, page, quote)

    def version(self) -> str:
        """Return a mark that changes whenever a document of this part becomes ready or goes."""
        ids = sorted(one.id for one in self.ready_documents())
        return hashlib.sha256("".join(ids).encode()).hexdigest()[:16]

    def __getattr__(self, name: str) -> Any:
        """What else the library can tell of a document by its id."""
        return getattr(self._library, name)
