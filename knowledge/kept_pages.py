"""The page texts of the library's documents: kept on disk, the last few in memory, read anew when damaged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from knowledge.catalogue import Catalogue
from knowledge.errors import DocumentMissing
from knowledge.passage import Page
from knowledge.reading import load_pages

#: Documents whose pages stay in memory.
_MOST = 4


class KeptPages:
    """Safe from any thread."""

    def __init__(self, folder: Path, catalogue: Catalogue, resume: Callable[[], None]) -> None:
        """`resume` starts the background work, which reads again what is set back to waiting."""
        self._folder, self._catalogue, self._resume = folder, catalogue, resume
        self._cache: dict[str, tuple[Page, ...]] = {}
        self._lock = threading.Lock()

    def of(self, document_id: str) -> tuple[Page, ...]:
        """Return the pages of a document.

        Raises:
            DocumentMissing: not known, not read yet, or its text is damaged (then it is being read again).
        """
        document = self._catalogue.get(document_id)
        with self._lock:
            kept = self._cache.get(document_id)
        if kept is not None:
            return kept
        if document.state in ("waiting", "failed"):
            raise DocumentMissing(
                document.problem or f"{document.title!r} has not been read yet. Try again in a moment."
            )
        try:
            pages = load_pages(self._folder / f"{document_id}.json.gz")
        except DocumentMissing as error:
            self._catalogue.change(document_id, state="waiting")
            self._resume()
            raise DocumentMissing(f"The text of {document.title!r} was damaged; it is being read again.") from error
        with self._lock:
            while len(self._cache) >= _MOST:
                self._cache.pop(next(iter(self._cache)))
            self._cache[document_id] = pages
        return pages

    def forget(self, document_id: str) -> None:
        """The document is removed: nothing of it stays in memory."""
        with self._lock:
            self._cache.pop(document_id, None)
