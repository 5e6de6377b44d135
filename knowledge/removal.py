"""Documents go without a trace: removed ones, and versions that a newer one has replaced; a kill changes nothing.

The intent is written down first (a file named by the document's hash, nothing of its text in it) and taken away when
the last trace is gone; whatever was begun is ended by the next one who works in the folder.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

from knowledge.catalogue import Catalogue
from knowledge.collections import Collections
from knowledge.errors import NotKept, StoreBusy
from knowledge.facts import Facts
from knowledge.index import Index
from knowledge.ingest import forget_files
from knowledge.locking import ProcessLock
from knowledge.originals import Originals, clear_interrupted, make_folder, write_synced
from knowledge.passage import Document


class Removal:
    """Ends documents of one folder. `forgotten` is told the id of each whose entry is gone."""

    def __init__(
        self,
        folder: Path,
        catalogue: Catalogue,
        originals: Originals,
        groups: Collections,
        index: Index,
        facts: Facts,
        writing: ProcessLock,
        forgotten: Callable[[str], None],
    ) -> None:
        self._marks, self._pages = folder / "removing", folder / "pages"
        self._catalogue, self._originals, self._groups = catalogue, originals, groups
        self._index, self._facts = index, facts
        self._writing, self._forgotten = writing, forgotten
        self._ending = ProcessLock(folder / "removing.lock", seconds=20.0)

    def remove(self, documents: Sequence[Document]) -> None:
        """Remove documents: from the moment this is called they are not found, whatever happens.

        When another program keeps the index busy, or the disk is full, what is left goes when that is over.

        Raises:
            NotKept: not even the intent could be written; then the document is there as before.
        """
        make_folder(self._marks)
        for document in documents:
            write_synced(self._marks / document.sha256, b"")
            self._catalogue.drop(document.id)
            self._forgotten(document.id)
        with contextlib.suppress(NotKept):  # the background work says that the disk is full, and ends it later
            self.finish()

    def finish(self) -> None:
        """End every removal that was begun, here or by a program that was killed. Raises NotKept."""
        if not self._marks.is_dir() or not self._begun():
            return
        try:
            with self._ending:
                for sha256 in self._begun():
                    self._catalogue.drop(sha256[:32])
                    self._forgotten(sha256[:32])
                    forget_files(self._pages, sha256[:32])
                    self._originals.drop(sha256)
                    self._groups.forget(sha256[:32])
            with self._writing, self._ending:
                begun = self._begun()  # what was taken back meanwhile stays
                self._index.delete([sha256[:32] for sha256 in begun])
                self._facts.remove([sha256[:32] for sha256 in begun])
                for sha256 in begun:
                    (self._marks / sha256).unlink(missing_ok=True)
                    clear_interrupted(self._marks, sha256)
        except StoreBusy:
            return  # the marks are still there

    def take_back(self, sha256: str) -> bool:
        """Let a file stay whose removal was begun and not ended, for it comes in again; whether it had been begun.

        Its files may be gone already. Raises StoreBusy.
        """
        if not (self._marks / sha256).exists():
            return False
        with self._ending:
            (self._marks / sha256).unlink(missing_ok=True)
        return True

    def settle(self) -> None:
        """Let versions go whose successor is ready; the successor is where they were."""
        known = self._catalogue.all()
        for one in known.values():
            if one.state != "ready" or not one.replaces:
                continue
            old: list[Document] = []
            before = known.get(one.replaces)
            while before is not None and before not in old and before.id != one.id:
                old.append(before)
                before = known.get(before.replaces)
            for gone in reversed(old):
                self._groups.succeed(gone.id, one.id)
            self.remove(old)  # who followed is remembered: an old citation leads to the new version
            self._catalogue.change(one.id, replaces="")

    def _begun(self) -> list[str]:
        return [path.name for path in self._marks.iterdir() if len(path.name) == 64]
