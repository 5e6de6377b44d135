"""`lottery-chat ingest`: files and folders into the knowledge base, in order, kept some way ahead of the one waited for."""

from __future__ import annotations

import argparse
import collections
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from lottery_chat.commands import Opener
from lottery_chat.errors import LotteryChatError, NotFound
from lottery_chat.interface.app import App
from lottery_chat.interface.documents import DocumentInfo
from lottery_chat.plain_text import plain
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, note
from lottery_chat.terminal_lines import ProgressLine

#: So many files are kept ahead of the one that is waited for: small ones are read and embedded together.
_AHEAD = 64


def files_in(paths: Sequence[Path], reads: Callable[[str], bool]) -> tuple[list[Path], list[Path]]:
    """The files to read: named ones as they are, of folders those whose names `reads` knows. Also those passed over.

    Raises:
        NotFound: a path that does not exist.
    """
    found: list[Path] = []
    passed_over: list[Path] = []
    for path in paths:
        if path.is_file():
            found.append(path)
        elif path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                inside = [Path(folder, name) for name in sorted(names) if not name.startswith(".")]
                readable = [file for file in inside if reads(file.name) and file.is_file()]
                passed_over += [file for file in inside if file not in readable]
                found += readable
        else:
            raise NotFound(f"There is no file or folder {str(path)!r}. Check the path.")
    return list(dict.fromkeys(found)), passed_over


def ingest(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Read files and folders into the knowledge base, a line a file; 1 when one failed."""
    with opener(settings, False) as app:
        files, passed_over = files_in(options.paths, app.documents.reads)
        into = _collection(app, options.collection) if options.collection else None
        taking = _TakingIn(app, files, into)
        code = taking.run()
    if code is not None:
        return code
    if taking.same:
        note(f"{_files(taking.same)} {'has' if taking.same == 1 else 'have'} not changed.")
    if passed_over:
        named = ", ".join(plain(one.name) for one in passed_over[:5]) + (", …" if len(passed_over) > 5 else "")
        note(f"Passed over {_files(len(passed_over))} of kinds that are not read: {named}.")
    note(f"{len(files) - taking.failed} of {len(files)} files are ready.")
    return 1 if taking.failed or not files else 0


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


class _TakingIn:
    """Files on their way in, in order: kept some way ahead, then waited for one by one."""

    def __init__(self, app: App, files: Sequence[Path], into: str | None) -> None:
        """`into` is the collection that they are put into."""
        self._app, self._files, self._into = app, files, into
        self._progress = ProgressLine(sys.stderr)
        self.failed = self.same = 0

    def run(self) -> int | None:
        """Take them all in; an exit code when the rest has to wait (it was said why), else None."""
        coming: collections.deque[tuple[int, Path, DocumentInfo]] = collections.deque()
        for number, file in enumerate(self._files, 1):
            kept = self._keep(file)
            if kept is not None:
                coming.append((number, file, kept))
            if len(coming) >= _AHEAD and not self._wait(*coming.popleft()):
                return 1
        while coming:
            if not self._wait(*coming.popleft()):
                return 1
        self._progress.end()
        return None

    def _keep(self, file: Path) -> DocumentInfo | None:
        """Keep a file; None where there is nothing to wait for."""
        try:
            here = self._app.documents.unchanged(file)
            if here is not None and here.state == "ready" and self._into is None:
                self.same += 1
                return None
            info = here if here is not None else self._app.documents.add(file, source=file)
            if self._into is not None:
                self._app.documents.put(self._into, [info.id])
        except LotteryChatError as error:
            self._tell(file, str(error), "")
            return None
        return info

    def _wait(self, number: int, file: Path, info: DocumentInfo) -> bool:
        """Wait for one and say how it ended; False when nothing goes on now."""
        try:
            info = self._app.documents.wait(info.id, 0.0)
            while info.state not in ("ready", "failed") and not rests(self._app):
                left = "" if info.seconds_left is None else f", about {info.seconds_left:.0f} s left"
                self._progress.show(
                    f"[{number}/{len(self._files)}] {file.name}: {info.state}, {info.progress:.0%}{left}"
                )
                info = self._app.documents.wait(info.id, 0.5)
        except LotteryChatError as error:
            self._tell(file, str(error), "")
            return True
        if info.state not in ("ready", "failed"):
            self._progress.clear()
            if hindered := self._app.documents.work().problem:
                note(f"The files are kept and wait. {hindered}")
            else:
                note("Taking in is paused: the files are kept and wait. `lottery-chat documents go-on` goes on.")
            return False
        self._tell(file, info.problem if info.state == "failed" else "", f"{info.pages} pages, {info.chunks} passages")
        return True

    def _tell(self, file: Path, problem: str, kept: str) -> None:
        self._progress.clear()
        self.failed += bool(problem)
        line(f"failed  {plain(str(file))}: {plain(problem)}" if problem else f"ready   {plain(str(file))}: {kept}")


def rests(app: App) -> bool:
    """Whether nothing goes on now: it is paused, or something hinders it (then the person is told what)."""
    work = app.documents.work()
    return work.paused or bool(work.problem)


def _collection(app: App, name: str) -> str:
    """The id of the collection of this name, made when it is missing."""
    for one in app.documents.collections():
        if name == one.id or name.casefold() == one.name.casefold():
            return one.id
    return app.documents.make_collection(name).id
