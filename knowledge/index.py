"""The index of the embedder in use: opened when first needed, set aside and begun anew when it is damaged.

Each embedder has its own folder, named by its fingerprint, so that vectors of two models never meet; an old folder
goes only when every document stands in the new one.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from knowledge.embedding import Embedder
from knowledge.errors import EmbedderMissing, KnowledgeError, StoreDamaged
from knowledge.locking import ProcessLock
from knowledge.originals import make_folder

if TYPE_CHECKING:
    from knowledge.store import Store

_Result = TypeVar("_Result")
#: Raised when passages are cut or embedded in another way than before, so that the index is built again.
_FORM = 1


class _ToldAsMissing:
    """Whoever loads the embedder fails in ways we do not know (a download, a full disk): they get one name here."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, Exception) and not isinstance(error, KnowledgeError):
            raise EmbedderMissing(str(error) or f"The embedder cannot be loaded ({type(error).__name__}).") from error


class Index:
    """Hands out the store; `damaged` is told in a sentence when one was set aside."""

    def __init__(
        self, folder: Path, embedder: Callable[[], Embedder], writing: ProcessLock, damaged: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._embedder = embedder
        self._writing = writing
        self._damaged = damaged
        self._opening = threading.Lock()
        self._store: Store | None = None

    def embedder(self) -> Embedder:
        """Return the embedder; may wait until it is loaded.

        Raises:
            EmbedderMissing: whatever the callable raised, with its sentence; asked again, it may succeed.
        """
        with _ToldAsMissing():
            return self._embedder()

    def store(self) -> Store:
        """Return the open store, opening it (1 to 3 s the first time) when needed."""
        return self._store or self._open()

    def _open(self) -> Store:
        from knowledge.store import Store  # here: importing LanceDB takes two seconds, and a list of titles needs none

        place = self._place()
        with self._opening:
            if self._store is not None:
                return self._store
            make_folder(self._folder)
            if (place / "chunks.lance").exists():
                try:
                    self._store = Store(place, self.embedder().dimensions)
                    return self._store
                except StoreDamaged:
                    pass  # perhaps it is being written in this moment: look again when no one writes
        with self._writing, self._opening:
            if self._store is None:
                self._store = self._open_alone(place)
            return self._store

    def _open_alone(self, place: Path) -> Store:
        from knowledge.store import Store  # see `_open`

        dimensions = self.embedder().dimensions
        try:
            return Store(place, dimensions)
        except StoreDamaged as error:
            aside = place.with_name(f"{place.name}.damaged-{time.time_ns()}")
            place.replace(aside)
            self._damaged(f"{error} It was set aside as {aside.name!r} and is built again from the kept files.")
            return Store(place, dimensions)

    def reading(self, read: Callable[[Store], _Result]) -> _Result:
        """Read from the store; when it fails, once more on a newly opened one (another process may have renewed it).

        Raises:
            StoreDamaged: it cannot be read; `renew` and index the documents again.
        """
        try:
            return read(self.store())
        except StoreDamaged:
            self.forget()
            return read(self.store())

    def forget(self) -> None:
        """Open it anew next time."""
        self._store = None

    def delete(self, document_id: str) -> None:
        """Remove a document's passages from every index that can be opened."""
        if not self._folder.is_dir():
            return
        from knowledge.store import Store  # see `_open`

        current = self._store
        for place in self._folder.iterdir():
            if not (place / "chunks.lance").exists() or ".damaged-" in place.name:
                shutil.rmtree(place, ignore_errors=True) if ".damaged-" in place.name else None
                continue
            try:
                store = current if current is not None and place == self._place() else Store.existing(place)
                store.remove([document_id])
                store.optimise()
            except StoreDamaged:
                self.forget()  # the next opening sets it aside

    def begin_anew(self) -> None:
        """Put the current index away; the next one is empty. The caller holds the writing lock."""
        self.forget()
        place = self._place()
        if place.exists():
            old = place.with_name(f"{place.name}.damaged-{time.time_ns()}")
            place.replace(old)
            shutil.rmtree(old, ignore_errors=True)

    def drop_others(self) -> None:
        """Delete indexes of other embedders and damaged ones; call it when every document is in this one."""
        current = self._place()
        for place in self._folder.iterdir():
            if place != current and place.is_dir():
                shutil.rmtree(place, ignore_errors=True)

    def _place(self) -> Path:
        embedder = self.embedder()
        mark = f"{embedder.name}/{embedder.dimensions}/{embedder.limit}/{_FORM}"
        return self._folder / hashlib.sha256(mark.encode()).hexdigest()[:16]
