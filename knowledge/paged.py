"""Documents that have pages: one page, all texts, and where a quote stands on its page."""

from __future__ import annotations

from abc import ABC, abstractmethod

from knowledge.errors import DocumentMissing
from knowledge.passage import Document, Page
from knowledge.quotes import find_quote


class Paged(ABC):
    """What can be asked of pages, wherever they are kept."""

    @abstractmethod
    def document(self, document_id: str) -> Document:
        """Return one document with its state. Raises DocumentMissing."""

    @abstractmethod
    def pages(self, document_id: str) -> tuple[Page, ...]:
        """Return the pages of a document in order. Raises DocumentMissing."""

    def page(self, document_id: str, page: int | None) -> Page:
        """Return the page with this number (None: the first). Raises DocumentMissing."""
        pages = self.pages(document_id)
        for one in pages:
            if page is None or one.number == page:
                return one
        title = self.document(document_id).title
        raise DocumentMissing(f"{title!r} has no page {page!r}; it has {len(pages)}.")

    def page_texts(self, document_id: str) -> tuple[tuple[int | None, str], ...]:
        """Return (page number or None, text) of every page in order. Raises DocumentMissing."""
        return tuple((page.number, page.text) for page in self.pages(document_id))

    def locate(self, document_id: str, page: int | None, quote: str) -> tuple[int, int]:
        """Return where the quote stands on that page, white space aside, or (-1, -1). Raises DocumentMissing."""
        return find_quote(self.page(document_id, page).text, quote)

    def contains(self, document_id: str, page: int | None, quote: str) -> bool:
        """Return whether the quote stands on that page; False too when there is no such page or document."""
        try:
            return self.locate(document_id, page, quote) != (-1, -1)
        except DocumentMissing:
            return False
