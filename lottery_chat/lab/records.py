"""What a run of the lab keeps: one JSON line an item, on disk before the next item is asked.

A folder holds records.jsonl, manifest.json (what the lines were measured with) and a lock that the system frees when
its owner is killed. A line that a kill or a full disk tore is cut off at the next start and its item asked again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from lottery_chat.errors import LotteryChatError, NotFound, SettingsError
from lottery_chat.lab.values import Record
from lottery_chat.machine import physical_cores
from lottery_chat.posix import FileLock, is_alive

Key = tuple[str, str, str, str, int]

_FIELDS = {one.name: one for one in fields(Record)}
_NEEDED = tuple(
    one.name
    for one in fields(Record)
    if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
)
_NUMBER = (int, float)
#: Fields that are not text; `gold` is whatever the judge needs.
_KINDS: Mapping[str, tuple[type, ...]] = {
    "seed": (int,), "score": _NUMBER, "answer": (str, type(None)), "checked": (bool,), "calls": (int,),
    "tokens_in": (int,), "tokens_out": (int,), "seconds": _NUMBER, "measures": (dict,), "gold": (object,),
    "logprob": (*_NUMBER, type(None)),
}  # fmt: skip
_OUTCOMES = ("right", "wrong", "no_answer", "unjudged")
#: What two runs into one folder must agree on.
_SAME = ("seed", "data", "panel")
#: What the lab adds to a manifest by itself, and never compares.
_OWN = ("started", "cores")


class RecordFile:
    """The lines of one folder, open for one writer. `notices` are sentences for the person.

    Raises:
        LotteryChatError: another run writes here, the folder belongs to another seed or data folder, cannot be
            written, or a line in the middle is broken.
    """

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        self.folder = folder
        self.path = folder / "records.jsonl"
        self.notices: list[str] = []
        self._lock = FileLock(folder / "run.lock")
        with self._words():
            folder.mkdir(parents=True, exist_ok=True)
            free = self._lock.acquire()
        if not free:
            raise LotteryChatError(f"Another run of the lab writes into {str(folder)!r} now{_who(folder)}. Wait for it, or name another folder with --out.")  # fmt: skip
        try:
            with self._words():
                _write(folder / "run.pid", str(os.getpid()))
                self._agree(manifest)
                self._cut_torn_line()
                # A line with a problem is no result: its item is asked again.
                self.records: dict[Key, Record] = {one.key: one for one in _lines(self.path) if not one.problem}
                # Unbuffered: what a full disk refused must not wait in memory and come out later.
                self._file = self.path.open("ab", buffering=0)
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> RecordFile:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            (self.folder / "run.pid").unlink(missing_ok=True)
        self._file.close()
        self._lock.release()

    def append(self, record: Record) -> None:
        """Keep a record; when this returns it survives a kill. The same key again is refused.

        Raises:
            LotteryChatError: the disk is full or the folder is gone; what was kept before stays.
        """
        if record.key in self.records:
            raise ValueError(f"{record.key!r} stands in {self.path} already.")
        line = _line(record)
        before = self._file.seek(0, os.SEEK_END)
        try:
            rest = line
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            self._undo(before)
            raise LotteryChatError(
                f"The line of {record.item!r} could not be written into {str(self.folder)!r}: {error.strerror}. "
                "All lines before it are kept; make room and give the same command again."
            ) from error
        except BaseException:  # Ctrl-C between two writes
            self._undo(before)
            raise
        self.records[record.key] = record

    def _undo(self, size: int) -> None:
        """Take back half a line; if even that fails, the next start cuts it off."""
        with contextlib.suppress(OSError):
            os.ftruncate(self._file.fileno(), size)

    @contextlib.contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LotteryChatError(
                f"The folder {str(self.folder)!r} cannot be written: {error.strerror or error}. Nothing in it was lost; "
                "mend that, or name another with --out."
            ) from error

    def _agree(self, manifest: Mapping[str, Any]) -> None:
        """Compare with the manifest of the folder's first run, or write it."""
        path = self.folder / "manifest.json"
        if not path.is_file():
            own = {"started": datetime.now(timezone.utc).isoformat(timespec="seconds"), "cores": physical_cores()}
            _write(path, json.dumps({**manifest, **own}, indent=1, ensure_ascii=False) + "\n")
            return
        try:
            before = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise LotteryChatError(f"{str(path)!r} is not JSON ({error}). Name another folder with --out.") from error
        if not isinstance(before, dict):
            raise LotteryChatError(f"{str(path)!r} does not hold a JSON object. Name another folder with --out.")
        for name in _SAME:
            if before.get(name) != manifest.get(name):
                raise SettingsError(
                    f"{str(self.folder)!r} was begun with {name} {before.get(name)!r}, not {manifest.get(name)!r}. "
                    "Name another folder with --out, or use the same setting."
                )
        for name in manifest.keys() - {*_SAME, *_OWN}:
            if before.get(name) != manifest[name]:
                self.notices.append(f"The lines before were made with {name} {before.get(name)!r}; those that come now with {manifest[name]!r}.")  # fmt: skip
        self.notices.sort()

    def _cut_torn_line(self) -> None:
        if not self.path.is_file():
            return
        with self.path.open("r+b") as file:
            text = file.read()
            whole = text.rfind(b"\n") + 1
            if whole < len(text):
                file.truncate(whole)
                os.fsync(file.fileno())
                self.notices.append(f"The last line of {self.path} was torn and is cut off; its item is asked again.")


def load(folder: Path) -> tuple[Record, ...]:
    """Return the records of a folder, also while a run writes into it.

    Raises:
        NotFound: there are none. LotteryChatError: a line in the middle is broken or lacks a field.
    """
    path = folder / "records.jsonl"
    if not path.is_file():
        raise NotFound(f"There are no records in {str(folder)!r}. `lottery-chat lab run` or `lab panel` makes some.")
    try:
        return tuple(_lines(path))
    except OSError as error:
        raise LotteryChatError(f"{str(path)!r} cannot be read: {error.strerror}.") from error


def rewrite(folder: Path, records: Mapping[Key, Record]) -> None:
    """Put these records in the place of the folder's (judged again); the old file stays beside it as .before.

    Raises:
        LotteryChatError: a run writes into the folder, or it cannot be written; then nothing is changed.
    """
    path = folder / "records.jsonl"
    try:
        with FileLock(folder / "run.lock", patience=0.0):
            scratch = path.with_suffix(".new")
            with scratch.open("wb") as file:
                file.writelines(_line(one) for one in records.values())
                file.flush()
                os.fsync(file.fileno())
            # A copy, so that records.jsonl is there at every moment.
            shutil.copyfile(path, path.with_suffix(".before"))
            os.replace(scratch, path)
    except TimeoutError as error:
        raise LotteryChatError(f"A run of the lab writes into {str(folder)!r} now{_who(folder)}. Wait.") from error
    except OSError as error:
        raise LotteryChatError(f"{str(path)!r} cannot be rewritten: {error.strerror}. It is as it was.") from error


def _who(folder: Path) -> str:
    """The process that holds the lock, where it is known."""
    try:
        pid = int((folder / "run.pid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return ""
    return f" (process {pid})" if is_alive(pid) else ""


def _write(path: Path, text: str) -> None:
    """Put a small file in place whole or not at all."""
    scratch = path.with_suffix(".new")
    with scratch.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(scratch, path)


def _line(record: Record) -> bytes:
    """Half surrogate pairs, which UTF-8 cannot hold, become question marks."""
    return (json.dumps(asdict(record), ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _lines(path: Path) -> Iterator[Record]:
    if not path.is_file():
        return
    lines = path.read_bytes().split(b"\n")
    for number, line in enumerate(lines[:-1], 1):  # what follows the last line feed is torn
        if line.strip():
            yield _record(path, number, line)


def _record(path: Path, number: int, line: bytes) -> Record:
    where = f"Line {number} of {str(path)!r}"
    try:
        values = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise LotteryChatError(f"{where} is broken ({error}). Take it out to go on.") from error
    missing = [name for name in _NEEDED if not isinstance(values, dict) or name not in values]
    if missing:
        raise LotteryChatError(f"{where} lacks {missing[0]!r}. Take it out to go on.")
    known = {name: value for name, value in values.items() if name in _FIELDS}
    for name, value in known.items():
        kinds = _KINDS.get(name, (str,))
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds and object not in kinds):
            raise LotteryChatError(f"{where} has {value!r:.80} as {name!r}. Take it out to go on.")
    if known["outcome"] not in _OUTCOMES:
        raise LotteryChatError(f"{where} has the unknown outcome {known['outcome']!r:.80}. Take it out to go on.")
    return Record(**known)
