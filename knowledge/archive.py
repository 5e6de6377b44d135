"""Is this zip file what it says it is? Declared and real sizes, before any parser opens it.

What this does not do: it does not look into archives inside the archive; no reader of ours opens those.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import IO

from knowledge.errors import DocumentRefused

MOST_ENTRIES = 10_000
MOST_UNPACKED = 400 * 2**20
#: One XML part: a tree of it takes about ten times as much memory.
MOST_XML = 48 * 2**20
#: Text packs 5 to 20 times; a part over 1 MB that packs better than this was made to hurt.
MOST_RATIO = 150


def checked_names(path: Path, title: str) -> frozenset[str]:
    """Return the names of the members after every size was checked, the real ones by unpacking to nowhere.

    Raises:
        DocumentRefused: a bomb, encrypted, damaged, or with too many members.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MOST_ENTRIES:
                raise DocumentRefused(
                    f"{title!r} holds {len(members):,} parts, at most {MOST_ENTRIES:,} are opened. "
                    "Save it again in its program, or export it as PDF."
                )
            _check_declared(members, title)
            for member in members:
                _check_real(archive, member, title)
            return frozenset(member.filename for member in members)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise DocumentRefused(
            f"{title!r} is damaged and cannot be opened ({error}). Try to open and save it again in its own program."
        ) from error


def _check_declared(members: list[zipfile.ZipInfo], title: str) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise DocumentRefused(f"{title!r} is protected by a password. Save a copy without it and add that.")
    total = sum(member.file_size for member in members)
    worst = max((member.file_size for member in members if _is_tree(member.filename)), default=0)
    packed = any(m.file_size > 2**20 and m.file_size > MOST_RATIO * max(1, m.compress_size) for m in members)
    if total > MOST_UNPACKED or worst > MOST_XML or packed:
        raise _bomb(title, total)


def _is_tree(name: str) -> bool:
    """Whether a part is parsed as a whole tree; sheets and their words are read row by row."""
    return name.endswith((".xml", ".rels")) and not name.startswith(("xl/worksheets/", "xl/sharedStrings"))


def _check_real(archive: zipfile.ZipFile, member: zipfile.ZipInfo, title: str) -> None:
    """Unpack to nowhere: what the sizes in the directory say may be a lie."""
    read = 0
    with archive.open(member) as file:
        while part := _some(file):
            read += len(part)
            if read > member.file_size or read > MOST_UNPACKED:
                raise _bomb(title, read)
    if read != member.file_size:
        raise DocumentRefused(f"{title!r} is damaged: a part of it is not as long as it says. Save it again.")


def _some(file: IO[bytes]) -> bytes:
    return file.read(1 << 20)


def _bomb(title: str, size: int) -> DocumentRefused:
    return DocumentRefused(
        f"{title!r} unpacks to {size / 2**20:,.0f} MB or more, far beyond what such a file needs; it was not opened. "
        "If it is genuine, export it as PDF and add that."
    )
