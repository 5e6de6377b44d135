"""How fast documents are taken in, what is left, and whether the work rests."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.originals import write_synced
from knowledge.passage import Document

#: How much of the speed is from the last group of documents.
_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Work:
    """Documents not ready yet, whether the work rests, and the seconds left (None: no speed was measured yet)."""

    waiting: int
    paused: bool
    seconds_left: float | None


class Pace:
    """The speed in bytes of originals a second, measured while passages are embedded; a pause is a file."""

    def __init__(self, mark: Path, documents: Callable[[], Mapping[str, Document]]) -> None:
        """`mark` is the file that says that the work rests, to every process and after a restart."""
        self._mark = mark
        self._documents = documents
        self._speed: float | None = None
        self._running: Callable[[], float | None] = lambda: None
        self._progress: Mapping[str, tuple[bool, float]] = {}

    def paused(self) -> bool:
        """Return whether the work rests."""
        return self._mark.exists()

    def pause(self) -> None:
        """Let it rest from the next piece on, in every process."""
        write_synced(self._mark, b"")

    def go_on(self) -> None:
        """Let it go on."""
        self._mark.unlink(missing_ok=True)

    @contextlib.contextmanager
    def measured(self, group: Sequence[Document], progress: Mapping[str, tuple[bool, float]]) -> Iterator[None]:
        """Measure a group while it is embedded: `progress` says how far each document is."""
        began, size = time.monotonic(), {one.id: one.size for one in group}
        self._progress = progress

        def speed() -> float | None:
            # A document that is done has left `progress`; before the first piece is stored nothing is known.
            known = self._documents()
            done = 0.0
            for one, bytes_ in size.items():
                ready = one in known and known[one].state == "ready"
                done += bytes_ * (1.0 if ready else progress.get(one, (False, 0.0))[1])
            return done / max(1e-3, time.monotonic() - began) if done else None

        self._running = speed
        try:
            yield
        finally:
            self._running = lambda: None
            last = speed()
            if last is not None:
                self._speed = last if self._speed is None else _WEIGHT * last + (1 - _WEIGHT) * self._speed

    def work(self) -> Work:
        """Return what is left."""
        return self._work()[0]

    def left(self) -> dict[str, float]:
        """Return the seconds until each document is ready, where they can be told."""
        return self._work()[1]

    def _work(self) -> tuple[Work, dict[str, float]]:
        speed = self._speed or self._running()
        waiting, behind, seconds = 0, 0.0, dict[str, float]()
        for one in self._documents().values():
            if one.state not in ("waiting", "embedding"):
                continue
            waiting += 1
            behind += one.size * (1 - self._progress.get(one.id, (False, 0.0))[1])
            if speed:
                seconds[one.id] = behind / speed
        told = None if waiting and not speed else behind / speed if speed else 0.0
        return Work(waiting, self.paused(), told), seconds


class Halted(threading.Event):
    """Set when the work is to stop or to rest."""

    def __init__(self, stop: threading.Event, pace: Pace) -> None:
        super().__init__()
        self._stop, self._pace = stop, pace

    def is_set(self) -> bool:
        """Whether to leave off after the piece at hand."""
        return self._stop.is_set() or self._pace.paused()
