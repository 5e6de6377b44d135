"""D as the chat uses it: keep files, read and index them in the background, search, show pages, remove.

The originals are the truth (synced, by content); page texts, passages and vectors can be built again from them, and
are, by themselves, when they are missing or damaged. Everything may be called from any thread; several processes
may share one folder.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.catalogue import Catalogue
from knowledge.embedding import Embedder
from knowledge.errors import DocumentMissing, KnowledgeError, StoreDamaged
from knowledge.evidence import nearest_sentences
from knowledge.index import Index, no_former
from knowledge.ingest import Ingest, forget_files
from knowledge.locking import ProcessLock
from knowledge.originals import Originals, make_folder
from knowledge.passage import Document, Page, Passage, SearchHit, Sentence
from knowledge.pdf_pictures import Box, picture_limited
from knowledge.quotes import find_quote
from knowledge.reading import Limited, load_pages
from knowledge.reranking import LOOKED_AT, Reranker, reranked

if TYPE_CHECKING:
    from knowledge.store_search import By

SIZE_LIMIT = 200 * 2**20
_HIDDEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
#: A file without an entry is dropped after this long (seconds): a younger one may be just arriving.
_ORPHAN_AGE = 3600.0
_PAGES_KEPT = 4


class Library:
    """The knowledge base of one folder."""

    def __init__(
        self,
        folder: Path,
        embedder: Callable[[], Embedder],
        run_limited: Limited,
        *,
        size_limit: int = SIZE_LIMIT,
        former: Callable[[str], Embedder] = no_former,
        reranker: Callable[[], Reranker | None] = lambda: None,
        by: By = "hybrid",
    ) -> None:
        """Open the folder; nothing heavy is loaded and no thread started before it is needed.

        Args:
            folder: made when missing, for this user only.
            embedder: returns the embedder, waiting until it is there; always the same one.
            run_limited: runs a parser in a limited process.
            size_limit: most bytes of one file.
            former: loads the embedder of an index made before, by its `origin` (index.py).
            reranker: orders what was found anew; None for none.
            by: how is searched where a search does not say.
        """
        self._by, self._reranker = by, reranker
        for part in (folder, folder / "pages"):
            make_folder(part)
        self._size_limit = size_limit
        self._notices: list[str] = []
        self._pages = folder / "pages"
        self._run_limited = run_limited
        self._originals = Originals(folder / "originals")
        self._catalogue = Catalogue(folder / "documents", self._notices.append)
        self._writing = ProcessLock(folder / "writing.lock", seconds=20.0)
        self._index = Index(folder / "index", embedder, self._writing, self._notices.append, former)
        self._ingest = Ingest(self._catalogue, self._originals, self._pages, self._index, run_limited, self._writing)
        self._page_cache: dict[str, tuple[Page, ...]] = {}
        self._cache_lock = threading.Lock()
        self._recover_lock, self._recovered = threading.Lock(), False

    # -- documents -------------------------------------------------------------------------------------------------

    def add(self, path: Path, title: str | None = None) -> Document:
        """Keep a file and have it read in the background; when this returns it survives a power cut.

        The same content twice is one document, under its first title.

        Raises:
            DocumentRefused: no such file, too big, or it could not be kept.
        """
        shown = clean_title(title or path.name)
        sha256, size = self._originals.keep(path, shown, self._size_limit)
        kind = re.sub(r"[^a-z0-9]", "", path.suffix.lower())[:8] or "text"
        added = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        document = self._catalogue.put_new(Document(sha256[:32], shown, kind, size, sha256, added, "waiting"))
        if not self._originals.path(sha256).is_file():  # removed by someone in this moment
            self._originals.keep(path, shown, self._size_limit)
        self.resume()
        self._ingest.wake()
        return self._shown(document)

    def resume(self) -> None:
        """Start working; what a kill left unfinished goes on. Again does nothing."""
        with self._recover_lock:
            if not self._recovered:
                self._recover()
                self._recovered = True
        self._ingest.start()

    def documents(self) -> tuple[Document, ...]:
        """Return every document with its state, oldest first."""
        return tuple(self._shown(document) for document in self._catalogue.all().values())

    def ready_documents(self) -> tuple[Document, ...]:
        """Return the documents that can be searched, oldest first."""
        return tuple(document for document in self._catalogue.all().values() if document.state == "ready")

    def document(self, document_id: str) -> Document:
        """Return one document with its state. Raises DocumentMissing."""
        return self._shown(self._catalogue.get(document_id))

    def wait(self, document_id: str, seconds: float) -> Document:
        """Return the document once it is ready or failed, or as it is after `seconds`. Raises DocumentMissing."""
        self.resume()
        until = time.monotonic() + seconds
        while True:
            with self._ingest.changed:
                document = self.document(document_id)
                left = until - time.monotonic()
                if document.state in ("ready", "failed") or left <= 0:
                    return document
                self._ingest.changed.wait(min(left, 0.25))  # another process may be the one that reads it

    def remove(self, document_id: str) -> None:
        """Remove a document: entry, page texts, original, passages. Raises DocumentMissing."""
        document = self._catalogue.get(document_id)
        self._catalogue.drop(document_id)
        forget_files(self._pages, document_id)
        with self._cache_lock:
            self._page_cache.pop(document_id, None)
        self._originals.drop(document.sha256)
        self._index.delete(document_id)
        self._ingest.wake()

    def rebuild(self) -> Iterator[Document]:
        """Read every original again and build the index anew; yield each document when it is done."""
        known = list(self._catalogue.all())
        with self._writing:
            self._index.begin_anew()
            for one in known:
                self._catalogue.change(one, state="waiting", problem="")
        self._ingest.check_index_again()
        for one in known:
            while True:
                try:
                    document = self.wait(one, 1.0)
                except DocumentMissing:  # removed while it was built
                    break
                if document.state in ("ready", "failed"):
                    yield document
                    break
                if self._ingest.problem:
                    raise KnowledgeError(self._ingest.problem)

    def notices(self) -> tuple[str, ...]:
        """Return what happened that a person should know (something damaged was set aside, what hinders the work)."""
        return (*self._notices, *filter(None, [self.renewal(), self._ingest.problem]))

    def renewal(self) -> str:
        """Return how far the index of a newly chosen embedder is, in a sentence; empty when none is built."""
        progress = self._ingest.renewal.progress
        if progress is None:
            return ""
        return (
            f"The search index is made anew: {progress[0]} of {progress[1]} documents. Until then the old one answers."
        )

    def close(self) -> None:
        """Stop the background work; unfinished documents go on at the next start."""
        self._ingest.close()

    # -- looking up ------------------------------------------------------------------------------------------------

    def search(
        self,
        query: str,
        *,
        document_ids: Sequence[str] | None = None,
        limit: int = 8,
        weight: float | None = None,
        by: By | None = None,
    ) -> tuple[SearchHit, ...]:
        """Return the best passages for a query, best first, from documents that are ready.

        Waits for the embedder, unless `by` is "text". `document_ids` None means every document, () none. `weight` is
        the share of full text, 0 to 1 (0: vectors alone); None lets the query decide.

        Raises:
            DocumentMissing: an id that is not known.
            StoreDamaged: the index has just been found broken; it is being built again.
        """
        known = self._catalogue.all()
        ready = {one for one, document in known.items() if document.state == "ready"}
        for one in document_ids or ():
            if one not in known:
                raise DocumentMissing(f"There is no document {one!r}. It may have been removed.")
        wanted = None if document_ids is None else [one for one in document_ids if one in ready]
        if not ready or wanted == [] or not query.strip():
            return ()
        unready = [one for one in known if one not in ready][:500] if wanted is None else []
        reranker = self._reranker()
        depth = max(limit, LOOKED_AT) if reranker else limit
        try:
            hits = self._index.search(
                query,
                document_ids=wanted,
                without=unready,
                limit=depth + 8,
                by=by or self._by,
                weight=weight,
                words_only=by == "text",
            )
        except StoreDamaged as error:
            self._ingest.check_index_again()
            raise StoreDamaged(
                f"{error} It is being built again from the kept files: ask again in a moment."
            ) from error
        hits = tuple(hit for hit in hits if hit.passage.document_id in ready)
        return reranked(query, hits, reranker)[:limit]

    def sentences(self, query: str, hits: Sequence[SearchHit], count: int) -> tuple[Sentence, ...]:
        """Return the sentences of the hits that are nearest to the query, in reading order."""
        return nearest_sentences(query, hits, self._index.embedder(), count)

    def neighbours(self, passage: Passage, reach: int = 1) -> tuple[Passage, ...]:
        """Return up to `reach` passages before and after one of its document, in reading order, without itself.

        Raises DocumentMissing.
        """
        self._catalogue.get(passage.document_id)
        at = passage.ordinal
        found = self._index.reading(lambda store: store.near(passage.document_id, at - reach, at + reach))
        return tuple(one for one in found if one.ordinal != at)

    def chunks(self, document_id: str) -> tuple[Passage, ...]:
        """Return the passages of a document in reading order. Raises DocumentMissing."""
        self._catalogue.get(document_id)
        return self._index.reading(lambda store: store.passages(document_id))

    def pages(self, document_id: str) -> tuple[Page, ...]:
        """Return the kept page texts of a document.

        Raises:
            DocumentMissing: not known, not read yet, or its text is damaged (then it is being read again).
        """
        document = self._catalogue.get(document_id)
        with self._cache_lock:
            kept = self._page_cache.get(document_id)
        if kept is not None:
            return kept
        if document.state in ("waiting", "failed"):
            raise DocumentMissing(
                document.problem or f"{document.title!r} has not been read yet. Try again in a moment."
            )
        try:
            pages = load_pages(self._pages / f"{document_id}.json.gz")
        except DocumentMissing as error:
            self._catalogue.change(document_id, state="waiting")
            self.resume()
            raise DocumentMissing(f"The text of {document.title!r} was damaged; it is being read again.") from error
        with self._cache_lock:
            while len(self._page_cache) >= _PAGES_KEPT:
                self._page_cache.pop(next(iter(self._page_cache)))
            self._page_cache[document_id] = pages
        return pages

    def page(self, document_id: str, page: int | None) -> Page:
        """Return one page. Raises DocumentMissing."""
        return one_page(self.pages(document_id), page, self._catalogue.get(document_id).title)

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

    def page_picture(self, document_id: str, page: int, quote: str = "") -> tuple[bytes, tuple[Box, ...]]:
        """Return a PDF's page (from 1) as PNG bytes, and a box (left, top, right, bottom; shares 0 to 1) a quoted line.

        Raises:
            DocumentMissing: no such document or page, not a PDF, or it cannot be drawn.
        """
        document = self._catalogue.get(document_id)
        if document.kind != "pdf":
            raise DocumentMissing(f"{document.title!r} is no PDF: only PDF pages have a picture. Its text can be read.")
        return picture_limited(self._run_limited, self._originals.path(document.sha256), document.title, page, quote)

    def version(self) -> str:
        """Return a mark that changes whenever a document becomes ready or is removed."""
        ids = sorted(document.id for document in self.ready_documents())
        return hashlib.sha256("".join(ids).encode()).hexdigest()[:16]

    # -- inside ----------------------------------------------------------------------------------------------------

    def _shown(self, document: Document) -> Document:
        """The document with what is known only while it is worked on."""
        if document.state == "ready":
            return dataclasses.replace(document, progress=1.0)
        reads, share = self._ingest.progress.get(document.id, (False, 0.0))
        state = "reading" if reads and document.state == "waiting" else document.state
        return dataclasses.replace(document, state=state, progress=share)

    def _recover(self) -> None:
        """Drop files nobody knows; give a document whose entry was damaged a new one."""
        old = time.time() - _ORPHAN_AGE
        known = self._catalogue.all()
        self._originals.clear_unfinished(old)
        for path in self._originals.all():
            document_id = path.name[:32]
            if document_id in known:
                continue
            damaged = self._catalogue.set_aside(document_id)
            if damaged is not None:
                found = re.search(r'"title": "([^"\\]{1,200})"', damaged)
                title = found.group(1) if found else f"Recovered document {document_id[:8]}"
                added = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
                self._catalogue.put_new(
                    Document(document_id, title, _kind_of(title), path.stat().st_size, path.name, added, "waiting")
                )
            elif path.stat().st_mtime < old:
                self._originals.drop(path.name)
                forget_files(self._pages, document_id)


def _kind_of(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", Path(title).suffix.lower())[:8] or "text"


def clean_title(title: str) -> str:
    """Return a title that can be shown: one line, no hidden or turning characters, at most 200 characters."""
    return _HIDDEN.sub("", " ".join(title.split())).strip()[:200] or "Untitled"


def one_page(pages: Sequence[Page], number: int | None, title: str) -> Page:
    """Return the page with this number (None: the first). Raises DocumentMissing."""
    for page in pages:
        if number is None or page.number == number:
            return page
    raise DocumentMissing(f"{title!r} has no page {number!r}; it has {len(pages)}.")
