"""The index that serves and the one that is to serve: opened when first needed, set aside when damaged.

Each embedder has its own folder, named by its fingerprint, so that vectors of two models never meet. The file
`serving` names the folder that answers. When another embedder is chosen, the old folder goes on answering, with the
old embedder (by words alone where that cannot be loaded), until its successor is whole (renewal.py); then `serving`
is replaced in one step and the old folder goes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from knowledge.embedding import Embedder, encode_query, reads_badly
from knowledge.errors import EmbedderMissing, KnowledgeError, StoreDamaged
from knowledge.locking import ProcessLock
from knowledge.originals import make_folder, write_synced
from knowledge.passage import SearchHit
from knowledge.patience import Patience

if TYPE_CHECKING:
    from knowledge.store import Store
    from knowledge.store_search import By

_Result = TypeVar("_Result")
#: Raised when the table's columns change: passages are copied with their vectors.
_FORM = 2
#: Forms whose vectors are of the same texts as today's. Emptied when passages are cut or embedded in another way.
_SAME_VECTORS = (1,)
#: Embedded when an index is made and when it is opened: a server may have other weights under the same name.
_PROBE = "The harbour master keeps the spare key of the lighthouse in a blue tin."
_ALIKE = 0.98
#: Seconds before a reading is tried again: one in the way of purge after purge (some 50 ms each) fails more than once.
_PAUSES = (0.0, 0.05, 0.2)


class _ToldAsMissing:
    """Whoever loads the embedder fails in ways we do not know (a download, a full disk): they get one name here."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, Exception) and not isinstance(error, KnowledgeError):
            raise EmbedderMissing(str(error) or f"The embedder cannot be loaded ({type(error).__name__}).") from error


@dataclass(frozen=True, slots=True)
class Serving:
    """The store that answers with its embedder, None while that cannot be loaded: then only words are searched."""

    store: Store
    embedder: Embedder | None
    place: Path


def no_former(origin: str) -> Embedder:
    """Load no former embedder: the old index answers by words."""
    raise EmbedderMissing(f"The embedder {origin!r} is not loaded any more.")


class Index:
    """Hands out the store; `damaged` is told in a sentence what a person should know."""

    def __init__(
        self,
        folder: Path,
        embedder: Callable[[], Embedder],
        writing: ProcessLock,
        damaged: Callable[[str], None],
        former: Callable[[str], Embedder] = no_former,
    ) -> None:
        """`former` loads the embedder of an index made before, by its `origin`."""
        self._folder = folder
        self._embedder = embedder
        self._former = former
        self._writing = writing
        self._damaged = damaged
        self._opening = threading.Lock()
        self._serving: Serving | None = None
        self._patience = Patience()
        self._next: Store | None = None

    def embedder(self) -> Embedder:
        """Return the embedder that was chosen; may wait until it is loaded.

        Raises:
            EmbedderMissing: whatever the callable raised, with its sentence; asked again, it may succeed.
        """
        with _ToldAsMissing():
            return self._embedder()

    def store(self) -> Store:
        """Return the store that answers, opening it (1 to 3 s the first time) when needed."""
        return self.serving().store

    def serving(self) -> Serving:
        """Return the store that answers with the embedder of its vectors."""
        try:
            return self._serving or self._open()
        except OSError as error:
            said = error.strerror or type(error).__name__
            raise StoreDamaged(f"{self._said()} cannot be opened ({said}). Check that folder.") from error

    def search(
        self,
        query: str,
        *,
        document_ids: Sequence[str] | None,
        without: Sequence[str],
        limit: int,
        by: By = "hybrid",
        words_only: bool = False,
        weight: float | None = None,
    ) -> tuple[SearchHit, ...]:
        """Return the best passages (store.py); `words_only` asks no embedder, and then hits have no cosine."""

        def once() -> tuple[SearchHit, ...]:
            serving = self._by_words() if words_only else self.serving()
            embedder = None if words_only else serving.embedder
            vector = encode_query(query, embedder) if embedder else None
            unfamiliar = embedder is not None and reads_badly(query, embedder)
            look = serving.store.search
            return self._patience(
                self._said(),
                lambda: look(
                    query,
                    vector,
                    document_ids=document_ids,
                    without=without,
                    limit=limit,
                    by=by,
                    weight=weight,
                    unfamiliar=unfamiliar,
                ),
            )

        return self._opened_anew(once)

    def _by_words(self) -> Serving:
        """The store that answers, without waiting for the embedder where it is known which one that is."""
        named = self._named()
        if self._serving is not None or named is None:
            return self.serving()
        from knowledge.store import Store  # see `_opened`

        return Serving(Store.existing(named), None, named)

    def _opened_anew(self, read: Callable[[], _Result]) -> _Result:
        """Read; when it fails, again on a newly opened index: where it opens, the version that was read was purged."""
        for pause in _PAUSES:
            try:
                return read()
            except StoreDamaged:
                self.forget()
                time.sleep(pause)
        return read()

    def reading(self, read: Callable[[Store], _Result]) -> _Result:
        """Read from the store; when it fails, on a newly opened one (another process may have renewed it).

        Raises:
            StoreDamaged: it cannot be read; `renew` and index the documents again.
        """

        def once() -> _Result:
            store = self.store()
            return self._patience(self._said(), lambda: read(store))

        return self._opened_anew(once)

    def _said(self) -> str:
        return f"The index of the documents in {str(self._folder)!r}"

    # -- opening ---------------------------------------------------------------------------------------------------

    def _open(self) -> Serving:
        place, wanted = self._place_serving(), self._place()
        with self._opening:
            if self._serving is not None:
                return self._serving
            make_folder(self._folder)
            if _is_there(place):
                try:
                    self._serving = self._opened(place, wanted)
                    return self._serving
                except StoreDamaged:
                    pass  # perhaps it is being written in this moment: look again when no one writes
        with self._writing, self._opening:
            if self._serving is None:
                self._serving = self._open_alone(self._place_serving(), wanted)
            return self._serving

    def _open_alone(self, place: Path, wanted: Path) -> Serving:
        try:
            return self._opened(place, wanted)
        except StoreDamaged as error:
            aside = place.with_name(f"{place.name}.damaged-{time.time_ns()}")
            place.replace(aside)
            self._damaged(f"{error} It was set aside as {aside.name!r} and is built again from the kept files.")
            return self._opened(self._place_serving(), wanted)

    def _opened(self, place: Path, wanted: Path) -> Serving:
        from knowledge.store import Store  # here: importing LanceDB takes two seconds, and a list of titles needs none

        if place != wanted:
            embedder = self._embedder_of(place)
            return Serving(Store.existing(place), embedder, place)
        embedder = self.embedder()
        kept = _read_mark(place)
        if _is_there(place) and kept.get("probe") and not _same_vectors(kept["probe"], embedder):
            place = self._without_embedder(place, embedder)
            return Serving(Store.existing(place), None, place)
        store = Store(place, embedder.dimensions)
        if not kept:
            _write_mark(place, embedder)
        if self._named() != place:
            self._name_serving(place)
        return Serving(store, embedder, place)

    def _without_embedder(self, place: Path, embedder: Embedder) -> Path:
        """The server has other weights under the old name: what was embedded with those before is not comparable."""
        aside = place.with_name(f"{place.name}.former-{time.time_ns()}")
        place.replace(aside)
        (aside / "embedder.json").unlink(missing_ok=True)
        self._name_serving(aside)
        self._damaged(f"The embedder {embedder.name!r} gives other vectors than before: documents are embedded anew.")
        return aside

    def _embedder_of(self, place: Path) -> Embedder | None:
        """The embedder whose vectors lie in a folder, if it can be loaded and is still the same."""
        now = self.embedder()
        if any(place == self._place_of(now, form) for form in _SAME_VECTORS):
            return now
        kept = _read_mark(place)
        try:
            with _ToldAsMissing():
                embedder = self._former(str(kept.get("origin", "")))
            if place == self._place_of(embedder) and _same_vectors(kept.get("probe") or [], embedder):
                return embedder
            problem = "it is not the same any more"
        except KnowledgeError as error:
            problem = str(error)
        self._damaged(
            f"The former embedder {kept.get('name', 'of this index')!r} cannot be used ({problem}). Until all documents "
            "are embedded anew they are found by their words."
        )
        return None

    def forget(self) -> None:
        """Open it anew next time."""
        self._serving = None
        self._next = None

    # -- the successor ---------------------------------------------------------------------------------------------

    def successor(self) -> tuple[Store, Embedder] | None:
        """Return the index that is being built with the chosen embedder; None when that one answers already."""
        serving, wanted = self.serving(), self._place()
        if serving.place == wanted:
            return None
        from knowledge.store import Store  # see `_opened`

        embedder = self.embedder()
        if self._next is None:
            self._name_serving(serving.place)  # before a second folder is there
            try:
                self._next = Store(wanted, embedder.dimensions)
            except StoreDamaged:
                shutil.rmtree(wanted, ignore_errors=True)  # nothing is lost: it answers nobody yet
                self._next = Store(wanted, embedder.dimensions)
            _write_mark(wanted, embedder)
        return self._next, embedder

    def copies_vectors(self) -> bool:
        """Whether the vectors that answer now may be copied into the successor: only the table has another form."""
        return any(self.serving().place == self._place_of(self.embedder(), form) for form in _SAME_VECTORS)

    def switch(self) -> None:
        """Let the successor answer from now on. The caller holds the writing lock and has put every document in."""
        self._name_serving(self._place())
        self.forget()
        self.drop_others()

    def _name_serving(self, place: Path) -> None:
        write_synced(self._folder / "serving", place.name.encode())

    # -- folders ---------------------------------------------------------------------------------------------------

    def delete(self, document_ids: Sequence[str]) -> None:
        """Remove documents' passages from every index, without a trace. The caller holds the writing lock."""
        if not self._folder.is_dir():
            return
        from knowledge.store import Store  # see `_opened`

        current = self._serving
        for place in self._folder.iterdir():
            if not _is_there(place):
                shutil.rmtree(place, ignore_errors=True) if ".damaged-" in place.name else None
                continue
            try:
                store = current.store if current is not None and place == current.place else Store.existing(place)
                store.remove(document_ids)
                store.purge()
            except StoreDamaged:
                self.forget()  # the next opening sets it aside

    def begin_anew(self) -> None:
        """Put every index away; the next one is empty. The caller holds the writing lock."""
        self.forget()
        if not self._folder.is_dir():
            return
        (self._folder / "serving").unlink(missing_ok=True)
        for place in [one for one in self._folder.iterdir() if one.is_dir()]:
            old = place.with_name(f"{place.name}.damaged-{time.time_ns()}")
            place.replace(old)
            shutil.rmtree(old, ignore_errors=True)

    def drop_others(self) -> None:
        """Delete indexes of other embedders and damaged ones; call it when every document is in this one."""
        kept = (self._place(), self._place_serving(), *([self._serving.place] if self._serving else []))
        for place in self._folder.iterdir():
            if place not in kept and place.is_dir():
                shutil.rmtree(place, ignore_errors=True)

    def _place(self) -> Path:
        return self._place_of(self.embedder())

    def _place_of(self, embedder: Embedder, form: int = _FORM) -> Path:
        mark = f"{embedder.name}/{embedder.dimensions}/{embedder.limit}/{form}"
        return self._folder / hashlib.sha256(mark.encode()).hexdigest()[:16]

    def _place_serving(self) -> Path:
        """The folder that is named; without a name the chosen embedder's, else the youngest that is there."""
        named = self._named()
        if named is not None:
            return named
        wanted = self._place()
        if _is_there(wanted) or not self._folder.is_dir():
            return wanted
        others = [place for place in self._folder.iterdir() if _is_there(place)]
        return max(others, key=lambda place: place.stat().st_mtime, default=wanted)

    def _named(self) -> Path | None:
        try:
            name = (self._folder / "serving").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return self._folder / name if name and Path(name).name == name and _is_there(self._folder / name) else None


def _is_there(place: Path) -> bool:
    """A table whose making a kill or a full disk interrupted has no version: it is made again, and nothing is lost."""
    return ".damaged-" not in place.name and any((place / "chunks.lance" / "_versions").glob("*.manifest"))


def _write_mark(place: Path, embedder: Embedder) -> None:
    """What the vectors were made with, for people and for the next start."""
    probe = encode_query(_PROBE, embedder).tolist()
    values = {"name": embedder.name, "origin": embedder.origin, "dimensions": embedder.dimensions}
    body = json.dumps({**values, "limit": embedder.limit, "probe": probe})
    write_synced(place / "embedder.json", body.encode())


def _read_mark(place: Path) -> dict[str, object]:
    try:
        found = json.loads((place / "embedder.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _same_vectors(probe: object, embedder: Embedder) -> bool:
    now = encode_query(_PROBE, embedder)
    if not isinstance(probe, list) or len(probe) != len(now):
        return False
    return float(np.dot(np.asarray(probe, dtype=np.float32), now)) >= _ALIKE
