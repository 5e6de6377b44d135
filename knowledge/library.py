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

from knowledge.catalogue import Catalogue, came_from, clean_title, fetched_from
from knowledge.checking import check, recover
from knowledge.collections import Collections
from knowledge.embedding import Embedder
from knowledge.errors import DocumentMissing, KnowledgeError, StoreBusy, StoreDamaged
from knowledge.evidence import nearest_sentences
from knowledge.facts import Facts
from knowledge.index import Index, no_former
from knowledge.ingest import Ingest
from knowledge.kept_pages import KeptPages
from knowledge.locking import ProcessLock
from knowledge.original_text import text_of
from knowledge.originals import Originals, make_folder
from knowledge.paged import Paged
from knowledge.passage import Document, Page, Passage, SearchHit, Sentence, Throughout
from knowledge.pdf_pictures import Box, picture_limited
from knowledge.reading import Limited
from knowledge.removal import Removal
from knowledge.reranking import LOOKED_AT, Reranker, reranked
from knowledge.transfer import Imported, export_to, import_from
from knowledge.triples import Triple

if TYPE_CHECKING:
    from knowledge.store_search import By

SIZE_LIMIT = 200 * 2**20


class Library(Paged):
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
        self._kept_pages = KeptPages(self._pages, self._catalogue, self.resume)
        self._writing = ProcessLock(folder / "writing.lock", seconds=20.0)
        self._index = Index(folder / "index", embedder, self._writing, self._index_said, former)
        self._facts = Facts(folder, self._catalogue, self._index)
        self.collections = Collections(folder, self._notices.append)
        self._removal = Removal(
            folder, self._catalogue, self._originals, self.collections, self._index, self._facts, self._writing,
            self._kept_pages.forget,
        )  # fmt: skip
        self._ingest = Ingest(
            self._catalogue, self._originals, self._pages, self._index, self._facts, run_limited, self._writing,
            self._settle,
        )  # fmt: skip
        self.pace = self._ingest.pace
        self._folder = folder
        self._recover_lock, self._recovered = threading.Lock(), False

    # -- documents -------------------------------------------------------------------------------------------------

    def add(
        self,
        path: Path,
        title: str | None = None,
        *,
        source: Path | None = None,
        conversation: str | None = None,
        replaces: str = "",
        address: str = "",
    ) -> Document:
        """Keep a file and have it read in the background; when this returns it survives a power cut.

        The same content twice is one document, under its first title.

        Args:
            source: where the file lies for good: what was read from there before is replaced.
            conversation: it belongs to this conversation; it was added for all otherwise.
            replaces: id of the version that goes when this one is ready.
            address: where the file was fetched from just now; what was fetched from there for all before is replaced.

        Raises:
            DocumentRefused: no such file, too big, or it could not be kept.
        """
        shown = clean_title(title or path.name)
        place = _place(source) if source is not None else None  # before it is read: it may change meanwhile
        sha256, size = self._originals.keep(path, shown, self._size_limit)
        if self._removal.take_back(sha256):
            self._originals.keep(path, shown, self._size_limit)
        if conversation is not None:
            self.collections.attach(sha256[:32], conversation, known=sha256[:32] in self._catalogue.all())
        kind = re.sub(r"[^a-z0-9]", "", path.suffix.lower())[:8] or "text"
        added = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        document = self._catalogue.put_new(
            Document(sha256[:32], shown, kind, size, sha256, added, "waiting", replaces=replaces)
        )
        if conversation is None:
            self.collections.share(document.id)
        if not self._originals.path(sha256).is_file():  # removed by someone in this moment
            self._originals.keep(path, shown, self._size_limit)
        if place is not None:
            document = came_from(self._catalogue, document, place)
        if address:
            document = fetched_from(self._catalogue, document, address, added, renew=conversation is None)
        self.resume()
        self._ingest.wake()
        return self._shown(document)

    def unchanged(self, source: Path) -> Document | None:
        """Return what was read from this place when the file has not changed since, by size and time of change.

        None, too, when the kept file is gone: it is to be added again.
        """
        place = _place(source)
        found = next((one for one in self._catalogue.all().values() if place in one.sources), None)
        if found is None or found.state == "failed" or self._originals.size(found.sha256) != found.size:
            return None
        return self._shown(found)

    def replace(self, document_id: str, path: Path) -> Document:
        """Keep a new version of a document; the old one goes when the new one is ready. Returns the new one.

        Raises:
            DocumentMissing, DocumentRefused: the old one stays.
        """
        old = self._catalogue.get(document_id)
        new = self.add(path, old.title, replaces=old.id)
        return new if new.id == old.id else self.supersede(old.id, new.id)

    def supersede(self, document_id: str, by: str) -> Document:
        """Let a document that is here take the place of another, as soon as it is ready. Raises DocumentMissing."""
        old, new = self._catalogue.get(document_id), self._catalogue.get(by)
        if old.id != new.id:
            self._catalogue.change(new.id, replaces=old.id)
            if old.replaces == new.id:
                self._catalogue.change(old.id, replaces="")
            self._settle()
            self._ingest.wake()
        return self.document(new.id)

    def leave(self, conversation: str) -> None:
        """A conversation was deleted: its files, where they are in no collection, go without a trace."""
        known = self._catalogue.all()
        alone = self.collections.leave(conversation)
        self._removal.remove([known[one] for one in alone if one in known])

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
        """Remove a document without a trace: entry, original, texts, passages. Raises DocumentMissing."""
        document = self._catalogue.get(document_id)
        if document.replaces and document.state == "ready":
            self._removal.settle()  # else the version whose place it has taken would come back
        self._removal.remove([document])
        self._ingest.wake()

    def export(self, path: Path) -> Iterator[Document]:
        """Write originals, titles and collections into one zip; yield each document (transfer.py)."""
        return export_to(path, self._catalogue, self._originals, self.collections)

    def take_in(self, path: Path) -> Iterator[Imported]:
        """Take in what `export` wrote; yield what became of each document (transfer.py)."""
        yield from import_from(path, self._catalogue, self._originals, self.collections, self._size_limit)
        self.resume()
        self._ingest.wake()

    def check(self, *, deep: bool = True) -> tuple[str, ...]:
        """Compare originals (deep: by hash), texts and index; mend, and say what was found (checking.py)."""
        self.resume()
        found = check(self._catalogue, self._originals, self._pages, deep=deep)
        if self._catalogue.all():
            try:
                with self._writing:
                    found += self._ingest.reconcile()
                    self._ingest.renewal.announce()
            except StoreBusy:
                self._ingest.check_index_again()
                found.append("Documents are being taken in: the index is compared when that is done.")
        self._ingest.wake()
        return tuple(dict.fromkeys((*self._notices, *found)))

    def rebuild(self) -> Iterator[Document]:
        """Read every original again and build the index anew; yield each document when it is done."""
        known = list(self._catalogue.all())
        with self._writing:
            self._index.begin_anew()
            self._facts.clear()
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

    def problem(self) -> str:
        """Return what hinders the work now, in a sentence; empty when nothing does. It goes on by itself."""
        return self._ingest.problem

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
        by: By | None = None,
        weight: float | None = None,
    ) -> tuple[SearchHit, ...]:
        """Return the best passages for a query, best first, from documents that are ready.

        Waits for the embedder, unless `by` is "text". `document_ids` None means every document that does not belong to
        a conversation alone, () none. `weight` is the share of full text, 0 to 1 (0: vectors alone); None lets the
        query decide.

        Raises:
            DocumentMissing: an id that is not known.
            StoreDamaged: the index has just been found broken; it is being built again.
        """
        known, ready, wanted = self._looked_in(document_ids)
        if not ready or wanted == [] or not query.strip():
            return ()
        unready = [one for one in known if one not in ready][:500] if wanted is None else []
        reranker = self._reranker()
        depth = max(limit, LOOKED_AT) if reranker else limit
        told = len(self._notices)
        try:
            hits = self._index.search(
                query,
                document_ids=wanted,
                without=unready,
                limit=depth + 8,
                by=by or self._by,
                words_only=by == "text",
                weight=weight,
            )
        except StoreDamaged as error:
            self._ingest.check_index_again()
            raise StoreDamaged(
                f"{error} It is being built again from the kept files: ask again in a moment."
            ) from error
        hits = tuple(hit for hit in hits if hit.passage.document_id in ready)
        if not hits and self._notices[told:]:  # it was set aside just now, and the one in its place is empty
            raise StoreDamaged(f"{self._notices[-1]} Ask again in a moment.")
        return reranked(query, hits, reranker)[:limit]

    def _looked_in(self, document_ids: Sequence[str] | None) -> tuple[dict[str, Document], set[str], list[str] | None]:
        """All documents, the ids of those that can be searched, and those that are wanted (None: all of these)."""
        known = self._catalogue.all()
        replaced = {document.replaces for document in known.values() if document.state == "ready"}
        ready = {one for one, document in known.items() if document.state == "ready"} - replaced
        for one in document_ids or ():
            if one not in known:
                raise DocumentMissing(f"There is no document {one!r}. It may have been removed.")
        wanted = None if document_ids is None else [one for one in document_ids if one in ready]
        if wanted is None and (private := self.collections.read().only_attached() & set(known)):
            wanted = [one for one in known if one in ready - private]
        return known, ready, wanted

    def facts(
        self,
        *,
        about: str = "",
        relation: str = "",
        containing: bool = False,
        document_ids: Sequence[str] | None = None,
    ) -> tuple[Triple, ...]:
        """Return the (entity, relation, object) that these documents state in plain forms, in reading order.

        Args:
            about: the entity's name; with `containing` a part of it is enough.
            relation: its name as relations.relation() gives it.
            document_ids: as for `search`.

        Raises:
            DocumentMissing: an id that is not known.
            StoreBusy, NotKept: the file of facts cannot be read now.
        """
        _, ready, wanted = self._looked_in(document_ids)
        ids = sorted(ready) if wanted is None else wanted
        return self._facts.find(ids, about=about, relation=relation, containing=containing) if ids else ()

    def unread_facts(self, seconds: float) -> int:
        """Return of how many ready documents nothing was read yet, after waiting up to `seconds` for there to be none."""
        if self._facts.unread():
            self.resume()
        until = time.monotonic() + seconds
        while (left := len(self._facts.unread())) and time.monotonic() < until:
            with self._ingest.changed:
                self._ingest.changed.wait(0.2)
        return left

    def sentences(
        self, query: str, hits: Sequence[SearchHit], count: int, throughout: Throughout | None = None
    ) -> tuple[Sentence, ...]:
        """Return the sentences of the hits that are nearest to the query (evidence.py), in reading order."""
        return nearest_sentences(query, hits, self._index.embedder(), count, throughout=throughout)

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
        return self._kept_pages.of(document_id)

    def original_text(self, document_id: str, most: int) -> str:
        """Return the kept file as text, decoded like any text; "" where it has more than `most` bytes.

        Raises:
            DocumentMissing: no such document, or its file is gone.
            DocumentRefused: its bytes are no text.
        """
        document = self._catalogue.get(document_id)
        return text_of(self._originals.path(document.sha256), document.title, most)

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

    def _index_said(self, notice: str) -> None:
        """What the index tells of itself; whatever it is, it is compared with the documents again."""
        self._notices.append(notice)
        self._ingest.check_index_again()

    def _settle(self) -> None:
        self._removal.finish()
        self._removal.settle()

    def _recover(self) -> None:
        self._removal.finish()
        recover(self._catalogue, self._originals, self._pages)
        self._notices += check(self._catalogue, self._originals, self._pages, deep=False)


def _place(source: Path) -> tuple[str, int, int]:
    try:
        stat = source.stat()
    except OSError:
        return (str(source.absolute()), 0, -1)
    return (str(source.absolute()), stat.st_mtime_ns, stat.st_size)
