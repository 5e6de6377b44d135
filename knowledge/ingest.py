"""The two background threads that turn kept files into searchable passages: one reads, one cuts and embeds.

Both look at the states on disk for work, so that whatever a kill left unfinished goes on by itself, and a lock each
lets only one process do the same work. The embedder may come later than the files: reading does not wait for it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from knowledge.catalogue import Catalogue
from knowledge.chunking import chunk_pages
from knowledge.embedding import Embedder, passage_measure
from knowledge.errors import DocumentMissing, KnowledgeError, NotKept, StoreBusy, StoreDamaged
from knowledge.facts import Facts
from knowledge.freed import give_back
from knowledge.index import Index
from knowledge.locking import ProcessLock
from knowledge.originals import Originals
from knowledge.pace import Halted, Pace
from knowledge.passage import Document, Passage
from knowledge.reading import Limited, load_pages, read_limited
from knowledge.renewal import Renewal
from knowledge.storing import document_languages, store_passages

#: Small files are read together in one child and embedded together.
_GROUP_FILES, _GROUP_BYTES = 32, 4 * 2**20
#: How often to look for work that another process left (seconds).
_LOOK = 3.0
#: And how long to let be what failed (seconds), unless something new comes.
_LOOK_LATER = 15.0


class Ingest:
    """Works until `close`. Every change of a document wakes whoever waits on `changed`."""

    def __init__(
        self,
        catalogue: Catalogue,
        originals: Originals,
        pages: Path,
        index: Index,
        facts: Facts,
        run: Limited,
        writing: ProcessLock,
        settle: Callable[[], None],
    ) -> None:
        """`settle` is called, without the lock, after documents became ready and when there is nothing to do."""
        self._settle = settle
        self.pace = Pace(pages.parent / "paused", catalogue.all)
        self._catalogue, self._originals, self._pages = catalogue, originals, pages
        self._index, self._facts, self._run, self._writing = index, facts, run, writing
        self._reading = ProcessLock(pages / "lock", seconds=1.0)
        self.changed = threading.Condition()
        self.progress: dict[str, tuple[bool, float]] = {}  # id -> (is being read, share embedded)
        self._problems: dict[str, str] = {}
        self._stop = threading.Event()
        self._reconciled = False
        self._threads: list[threading.Thread] = []
        self._halted = Halted(self._stop, self.pace)
        self.renewal = Renewal(catalogue, index, self._cut_anew, self._halted)
        #: Counts wakes, so that one that comes while a thread is at work is not lost.
        self._news = 0

    @property
    def problem(self) -> str:
        """What hinders the work now, in a sentence; empty when nothing does. The work is tried again."""
        return " ".join(dict.fromkeys(self._problems.values()))

    def start(self) -> None:
        """Start both threads; again does nothing."""
        with self.changed:
            if self._threads or self._stop.is_set():
                return
            jobs = (("read documents", self._read_some), ("index documents", self._index_some))
            self._threads = [threading.Thread(target=self._loop, args=job, name=job[0], daemon=True) for job in jobs]
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look for work now."""
        with self.changed:
            self._news += 1
            self.changed.notify_all()

    def check_index_again(self) -> None:
        """Compare index and catalogue before the next work: the index was renewed."""
        self._reconciled = False
        self.wake()

    def close(self) -> None:
        """Stop after the batch at hand; what is unfinished goes on at the next start."""
        self._stop.set()
        self.wake()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(30.0)

    def _loop(self, name: str, job: Callable[[], bool]) -> None:
        while not self._stop.is_set():
            pause, seen = _LOOK, self._news
            try:
                worked = not self.pace.paused() and job()
                self._problems.pop(name, None)
            except StoreBusy:
                worked = False  # another process is at it
            except StoreDamaged:
                self._index.forget()
                self._reconciled = False
                worked = False
            except (KnowledgeError, OSError) as error:
                # A full disk, an embedder that is not there: said in the list of documents, tried again later.
                self._problems[name] = str(error)
                worked, pause = False, _LOOK_LATER
            with self.changed:
                # Only news wakes the others: two idle threads that woke each other would never rest.
                if worked:
                    self._news += 1
                    self.changed.notify_all()
                elif self._news == seen and not self._stop.is_set():
                    self.changed.wait(pause)

    # -- reading ---------------------------------------------------------------------------------------------------

    def _read_some(self) -> bool:
        if not self._in_state("waiting"):
            return False
        with self._reading:
            group = _group(self._in_state("waiting"))
            for document in group:
                self.progress[document.id] = (True, 0.0)
            try:
                self._read(group)
            finally:
                for document in group:
                    self.progress.pop(document.id, None)
        self.wake()
        return bool(group)

    def _read(self, group: Sequence[Document]) -> None:
        jobs = [
            {
                "path": str(self._originals.path(document.sha256)),
                "title": document.title,
                "name": f"file.{document.kind}",
                "out": str(self._pages / f"{document.id}.coming"),
            }
            for document in group
        ]
        results = read_limited(self._run, jobs, cancel=self._stop)
        for document, job, result in zip(group, jobs, results):
            out = Path(job["out"])
            if "kind" in result:
                out.replace(self._pages / f"{document.id}.json.gz")
                changed = self._catalogue.change(
                    document.id, state="embedding", kind=result["kind"], page_count=result["pages"], problem=""
                )
                if changed is None:  # removed meanwhile
                    (self._pages / f"{document.id}.json.gz").unlink(missing_ok=True)
            else:
                out.unlink(missing_ok=True)
                if "refused" in result:
                    self._catalogue.change(document.id, state="failed", problem=result["refused"])
        later = [str(result["later"]) for result in results if "later" in result]
        if later:
            raise NotKept(later[0])  # they stay waiting, and are read when there is room again

    # -- indexing --------------------------------------------------------------------------------------------------

    def _index_some(self) -> bool:
        self._settle()
        if not self._catalogue.all():
            return False
        worked = self._index_group()
        if worked:
            self._settle()
        return worked

    def _index_group(self) -> bool:
        if not self._reconciled:
            self._index.store()
            with self._writing:
                self.reconcile()
                if self._index.successor() is None:
                    self._index.drop_others()  # a kill right after the switch left the old one behind
            self._reconciled = True
        serving = self._index.serving()  # opened before the lock is taken, for opening may take it
        self._index.successor()
        if serving.embedder is None or not self._in_state("embedding"):
            with self._writing:
                return self.renewal.step() or self._facts.step()
        with self._writing:
            group = _group(self._in_state("embedding"))
            try:
                with self.pace.measured(group, self.progress):
                    self._embed(group)
            finally:
                for document in group:
                    self.progress.pop(document.id, None)
            if group and not self._in_state("embedding") and not self._in_state("waiting"):
                self._index.drop_others()
        return bool(group)

    def reconcile(self) -> list[str]:
        """Index again what should be in the index and is not; drop what nobody knows. The caller holds the lock.

        Returns:
            a sentence for each thing that was found.
        """
        counts = self._index.store().counts()
        known = self._catalogue.all()
        unknown = [one for one in counts if one not in known]
        self._index.store().remove(unknown)
        found = [f"The index held passages of {len(unknown)} documents that are not here."] if unknown else []
        for document in known.values():
            there = counts.get(document.id, 0)
            if document.state == "ready" and there != document.chunk_count:
                kept = (self._pages / f"{document.id}.json.gz").is_file()
                self._catalogue.change(document.id, state="embedding" if kept else "waiting")
                found.append(
                    f"The index held {there} of {document.chunk_count} passages of {document.title!r}; it is indexed again."
                )
        return found

    def _embed(self, group: Sequence[Document]) -> None:
        """Cut and embed documents together, in batches; a document is ready when its last passage is stored."""
        serving = self._index.serving()
        embedder, store = serving.embedder or self._index.embedder(), serving.store
        counts = store.counts()
        left: dict[str, int] = {}
        totals: dict[str, int] = {}
        todo: list[Passage] = []
        cut: dict[str, list[Passage]] = {}
        for document in group:
            passages = self._cut(document, embedder)
            if passages is None:
                continue
            cut[document.id] = passages
            there = store.ids(document.id) if counts.get(document.id) else frozenset()
            if there - {passage.id for passage in passages}:  # cut in another way before
                store.remove([document.id])
                there = frozenset()
            missing = [passage for passage in passages if passage.id not in there]
            totals[document.id], left[document.id] = len(passages), len(missing)
            todo += missing
        self._facts.keep(cut)
        self._finish([one for one in left if not left[one]], totals)
        languages = document_languages(todo)

        def stored(batch: Sequence[Passage]) -> None:
            for passage in batch:
                left[passage.document_id] -= 1
            for one in {passage.document_id for passage in batch}:
                self.progress[one] = (False, 1 - left[one] / max(1, totals[one]))
            self._finish([one for one in {p.document_id for p in batch} if not left[one]], totals)

        store_passages(
            todo, embedder, store, languages=languages, stopped=self._halted.is_set, stored=stored,
            known=self._catalogue.all,
        )  # fmt: skip
        store.optimise()
        give_back()

    def _cut(self, document: Document, embedder: Embedder) -> list[Passage] | None:
        try:
            pages = load_pages(self._pages / f"{document.id}.json.gz")
        except DocumentMissing:
            self._catalogue.change(document.id, state="waiting")  # read it again from the original
            return None
        self.progress[document.id] = (False, 0.0)
        return list(chunk_pages(document.id, document.title, pages, passage_measure(embedder)))

    def _cut_anew(self, document: Document, embedder: Embedder) -> list[Passage] | None:
        """For the successor of the index: progress of the document itself is not touched."""
        try:
            pages = load_pages(self._pages / f"{document.id}.json.gz")
        except DocumentMissing:
            self._catalogue.change(document.id, state="waiting")
            return None
        return list(chunk_pages(document.id, document.title, pages, passage_measure(embedder)))

    def _finish(self, ids: Sequence[str], totals: dict[str, int]) -> None:
        for one in ids:
            changed = self._catalogue.change(one, state="ready", chunk_count=totals[one], problem="")
            if changed is None:  # removed while its passages were embedded
                self._index.store().remove([one])
                self._facts.remove([one])
            self.progress.pop(one, None)
        if ids:
            self.wake()

    def _in_state(self, state: str) -> list[Document]:
        return [document for document in self._catalogue.all().values() if document.state == state]


def _group(documents: Sequence[Document]) -> list[Document]:
    """The first documents, as long as they are few and small together; one at least."""
    group: list[Document] = []
    size = 0
    for document in documents:
        if group and (len(group) >= _GROUP_FILES or size + document.size > _GROUP_BYTES):
            break
        group.append(document)
        size += document.size
    return group


def forget_files(pages: Path, document_id: str) -> None:
    """Delete the kept page texts of a document."""
    for path in (pages / f"{document_id}.json.gz", pages / f"{document_id}.coming"):
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
