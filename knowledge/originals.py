"""The files themselves, kept by their content (SHA-256) and synced to disk: the truth all else is built from."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import math
import os
import re
import secrets
from pathlib import Path
from typing import IO

from knowledge.errors import DocumentRefused, NotKept

#: How libraries that are not Python's say that there is no room: ENOSPC, EDQUOT.
_FULL = re.compile(r"no space left|\(os error (?:28|122|112)\)|disk (?:is )?full|quota exceeded", re.I)
_TOKEN = "[0-9a-f]" * 8
_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


class Originals:
    """A folder of files named by their SHA-256. Names given by people never become paths."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, source: Path, title: str, size_limit: int) -> tuple[str, int]:
        """Copy the file in, synced, and return (sha256, bytes). The same content twice is kept once.

        Raises:
            DocumentRefused: no such file, no file, too big, or the disk is full.
        """
        try:
            if not source.is_file():
                raise DocumentRefused(f"There is no file {str(source)!r}. Check the path.")
            size = source.stat().st_size
            if size > size_limit:
                raise _too_big(title, size, size_limit)
            with source.open("rb") as reader:
                return self.keep_stream(reader, title, size_limit)
        except OSError as error:
            raise DocumentRefused(
                f"{title!r} could not be kept: {error.strerror or error}. Free space or check permissions, then add it again."
            ) from error
        except NotKept as error:
            raise DocumentRefused(f"{title!r} could not be kept. {error}") from error

    def keep_stream(self, reader: IO[bytes], title: str, size_limit: int, expected: str = "") -> tuple[str, int]:
        """Copy what a reader gives, synced, and return (sha256, bytes).

        Raises:
            DocumentRefused: more than `size_limit` bytes, or another SHA-256 than `expected` (empty: any).
            OSError: the disk.
        """
        make_folder(self.folder)
        digest = hashlib.sha256()
        size = 0
        coming = self.folder / f"coming-{secrets.token_hex(8)}"
        try:
            with coming.open("xb") as writer:
                while part := reader.read(1 << 20):
                    size += len(part)
                    if size > size_limit:  # it grew while it was read
                        raise _too_big(title, size, size_limit)
                    digest.update(part)
                    writer.write(part)
                writer.flush()
                os.fsync(writer.fileno())
            name = digest.hexdigest()
            if expected and name != expected:
                raise DocumentRefused(f"{title!r} is damaged: its content is not what was exported. Export it again.")
            place = self.path(name)
            make_folder(place.parent)
            coming.replace(place)
            sync_folder(place.parent)
        finally:
            coming.unlink(missing_ok=True)
        return name, size

    def path(self, sha256: str) -> Path:
        """Return where the file with this content lies."""
        if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
            raise ValueError(f"{sha256!r} is no SHA-256.")
        return self.folder / sha256[:2] / sha256

    def is_whole(self, sha256: str) -> bool:
        """Return whether the file is there with exactly this content."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def size(self, sha256: str) -> int:
        """Return its bytes, -1 when it is not there."""
        try:
            return self.path(sha256).stat().st_size
        except OSError:
            return -1

    def set_aside(self, sha256: str) -> None:
        """Put a damaged file away, so that the same content can be kept again."""
        place = self.path(sha256)
        with contextlib.suppress(FileNotFoundError):
            place.replace(place.with_name(f"{sha256}.damaged"))

    def drop(self, sha256: str) -> None:
        """Delete the file; nothing happens when it is gone already."""
        place = self.path(sha256)
        place.unlink(missing_ok=True)
        place.with_name(f"{sha256}.damaged").unlink(missing_ok=True)
        if place.parent.is_dir():
            sync_folder(place.parent)

    def all(self) -> list[Path]:
        """Return every kept file."""
        return [path for path in self.folder.glob("??/*") if len(path.name) == 64]

    def clear_unfinished(self, older_than: float) -> None:
        """Delete what interrupted copies left, if last written before this time (seconds since the epoch)."""
        for left in self.folder.glob("coming-*"):
            with contextlib.suppress(OSError):  # another process finished it in this moment
                if left.stat().st_mtime < older_than:
                    left.unlink()


def _too_big(title: str, size: int, limit: int) -> DocumentRefused:
    return DocumentRefused(
        f"{title!r} has {size / 2**20:,.0f} MB or more, at most {limit / 2**20:,.0f} MB are taken. "
        "Split it, or raise the limit in the settings."
    )


def is_full(error: BaseException) -> bool:
    """Whether an error, of Python or of a library, says that there is no room on the disk."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM or bool(_FULL.search(str(error)))


def not_kept(path: Path, error: BaseException) -> NotKept:
    """Return the error for a file or folder that could not be written, with what to do."""
    if is_full(error):
        return NotKept(
            f"The disk is full: {str(path)!r} could not be written. Free some space; what waits then goes on by itself, "
            "and nothing that was kept is lost."
        )
    told = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return NotKept(f"{str(path)!r} could not be written: {told}. Check the permissions of its folder, then try again.")


def write_synced(path: Path, data: bytes) -> None:
    """Write a whole file so that after a power cut it is either the old or the new one. Raises NotKept."""
    coming = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        try:
            with coming.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            coming.replace(path)
        finally:
            coming.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise not_kept(path, error) from error


def clear_interrupted(folder: Path, name: str, older_than: float = math.inf) -> None:
    """Delete what `write_synced` of a killed program left of files of this name ("*" for all) in a folder.

    Args:
        older_than: only if last written before this time (seconds since the epoch).
    """
    for left in folder.glob(f".{name}.{_TOKEN}"):
        with contextlib.suppress(OSError):  # another process finished it in this moment
            if left.is_file() and left.stat().st_mtime < older_than:
                left.unlink()


def make_folder(folder: Path) -> None:
    """Make the folder, for this user only, and sync its entry in the one above. Raises NotKept."""
    try:
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(folder.parent)
    except OSError as error:
        raise not_kept(folder, error) from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
