"""Where a worker can be made to end itself, and which defence can be switched off; used in a process of its own only.

Nothing in the program knows of this: file operations are seen by Python's audit hook, and methods are wrapped in the
worker before it opens the app.
"""

from __future__ import annotations

import functools
import importlib
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

When = Literal["rename", "remove", "tree", "before", "after"]


@dataclass(frozen=True, slots=True)
class Point:
    """A moment in the work. `what` is a pattern of the path (rename, remove, tree), else `module:Class.method`."""

    name: str
    jobs: tuple[str, ...]
    when: When
    what: str


_IN, _NEW, _GONE = ("take in", "import"), ("take in", "import", "replace"), ("remove", "replace")
_ALL = (*_NEW, "rebuild")
POINTS: tuple[Point, ...] = (
    Point("the original is copied, not in place", _NEW, "rename", r"/originals/../[0-9a-f]{64}$"),
    Point("the original is in place, without an entry", _NEW, "before", "knowledge.catalogue:Catalogue.put_new"),
    Point("an entry is written, not in place", _ALL, "rename", r"/documents/[0-9a-f]{32}\.json$"),
    Point("the entry is in place", _NEW, "after", "knowledge.catalogue:Catalogue.put_new"),
    Point("a text is read, not in place", _ALL, "rename", r"/pages/[0-9a-f]{32}\.json\.gz$"),
    Point("before passages are stored", _ALL, "before", "knowledge.store:Store.put"),
    Point("passages are stored, the entry does not say so", _ALL, "after", "knowledge.store:Store.put"),
    Point("before the index is tidied", _ALL, "before", "knowledge.store:Store.optimise"),
    Point("the index is tidied", _ALL, "after", "knowledge.store:Store.optimise"),
    Point("the new version is ready, the old one is there", ("replace",), "before", "knowledge.collections:Collections.succeed"),
    Point("the new version is in the old one's place", ("replace",), "after", "knowledge.collections:Collections.succeed"),
    Point("the collections are written, not in place", ("replace", "remove"), "rename", r"/collections\.json$"),
    Point("the intent to remove is written, not in place", _GONE, "rename", r"/removing/[0-9a-f]{64}$"),
    Point("the intent is in place, the entry too", _GONE, "before", "knowledge.catalogue:Catalogue.drop"),
    Point("the entry is gone, the original is there", _GONE, "before", "knowledge.originals:Originals.drop"),
    Point("before the passages are removed", _GONE, "before", "knowledge.store:Store.remove"),
    Point("the passages are removed, their words are in files", _GONE, "before", "knowledge.store:Store.purge"),
    Point("all is gone but the intent", _GONE, "remove", r"/removing/[0-9a-f]{64}$"),
    Point("before the index is put away", ("rebuild",), "before", "knowledge.index:Index.begin_anew"),
    Point("the index is aside, not deleted", ("rebuild",), "tree", r"\.damaged-"),
    Point("the index is away, every entry says ready", ("rebuild",), "after", "knowledge.index:Index.begin_anew"),
    Point("the new index is made, not named", ("rebuild",), "rename", r"/index/serving$"),
    Point("an original of the archive is in place", ("import",), "after", "knowledge.originals:Originals.keep_stream"),
    Point("before collections are taken in", ("import",), "before", "knowledge.collections:Collections.put"),
    Point("the export is written, not in place", ("import",), "rename", r"/export-\d+\.zip$"),
)  # fmt: skip
_EVENTS = {"os.rename": "rename", "os.remove": "remove", "shutil.rmtree": "tree"}


def die() -> None:
    """End this process as `kill -9` does."""
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    time.sleep(60)


def arm(point: Point, nth: int) -> None:
    """End this process when it comes to the point for the nth time; for good, in a worker only."""
    left = [nth]
    guard = threading.Lock()

    def reached() -> None:
        with guard:
            left[0] -= 1
            now = left[0] == 0
        if now:
            die()

    if point.when in ("before", "after"):
        _wrap(point.what, before=reached if point.when == "before" else None, after=reached if point.when == "after" else None)  # fmt: skip
        return
    pattern = re.compile(point.what)

    def hook(event: str, values: tuple[Any, ...]) -> None:
        if _EVENTS.get(event) == point.when:
            path = values[1] if point.when == "rename" else values[0]
            if pattern.search(Path(os.fsdecode(path)).as_posix()):
                reached()

    sys.addaudithook(hook)


def method(what: str) -> tuple[Any, str]:
    """Return the class and the method's name of `module:Class.method`."""
    module, _, place = what.partition(":")
    owner, _, name = place.partition(".")
    return getattr(importlib.import_module(module), owner), name


def _wrap(what: str, *, before: Callable[[], None] | None, after: Callable[[], None] | None) -> None:
    owner, name = method(what)
    kept = getattr(owner, name)

    @functools.wraps(kept)
    def wrapped(*values: Any, **named: Any) -> Any:
        if before is not None:
            before()
        result = kept(*values, **named)
        if after is not None:
            after()
        return result

    setattr(owner, name, wrapped)


# -- negative controls: a defence is off ---------------------------------------------------------------------------


def _in_place(path: Path, data: bytes) -> None:
    """Write over the old file, in two steps, as a program without write-then-rename does."""
    with path.open("wb") as file:
        file.write(data[: len(data) // 2])
        file.flush()
        time.sleep(0.05)
        file.write(data[len(data) // 2 :])


def _without_rename() -> None:
    for name in ("catalogue", "collections", "removal", "pace"):
        setattr(importlib.import_module(f"knowledge.{name}"), "write_synced", _in_place)  # noqa: B010


def _without_intent() -> None:
    """Removal as a loop over what is to go, with nothing written down first."""
    from knowledge.removal import Removal

    def remove(self: Any, documents: Any) -> None:
        for one in documents:
            self._catalogue.drop(one.id)
            time.sleep(0.05)
            with self._writing:
                self._index.delete([one.id])
            self._originals.drop(one.sha256)

    setattr(Removal, "remove", remove)  # noqa: B010


def _without_keeping() -> None:
    """`add` says that a file is kept, and keeps it half a second later."""
    from knowledge.library import Library

    add = Library.add

    def early(self: Any, path: Path, *values: Any, **named: Any) -> Any:
        from knowledge.passage import Document
        from lottery_chat.lab.durable.made import by_name

        one = by_name(path)
        threading.Timer(0.5, lambda: add(self, path, *values, **named)).start()
        return Document(one.id, one.name, "text", len(one.data), one.sha256, "", "waiting")

    setattr(Library, "add", early)  # noqa: B010


def _without_locks() -> None:
    """Nobody waits for anybody, neither threads nor programs."""
    from knowledge.locking import ProcessLock

    setattr(ProcessLock, "__enter__", lambda self: self)  # noqa: B010
    setattr(ProcessLock, "__exit__", lambda self, *told: None)  # noqa: B010


def _without_sorting() -> None:
    """A full disk is taken for a damaged index, and a file that could not be read for a bad one."""
    for name in ("store", "reading"):
        setattr(importlib.import_module(f"knowledge.{name}"), "is_full", lambda error: False)  # noqa: B010


#: What can be switched off, by the word for it after `--without`.
DEFENCES: dict[str, Callable[[], None]] = {
    "rename": _without_rename,
    "intent": _without_intent,
    "keeping": _without_keeping,
    "locks": _without_locks,
    "sorting": _without_sorting,
}
