"""Files in Microsoft's old container (OLE2): which kind they are, and Outlook's MSG to text; by olefile."""

from __future__ import annotations

import datetime as dt
import struct
from pathlib import Path
from typing import Any

import olefile

from knowledge.errors import DocumentRefused
from knowledge.mail import letter_text
from knowledge.plain import decode
from knowledge.rich_text import rtf_text
from knowledge.web_page import visible_text

_BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error, OverflowError)
_MOST_BYTES = 30_000_000
_SENT = (0x00390040, 0x0E060040)  # when it was submitted, when it was delivered
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.timezone.utc)


def ole_kind(path: Path, title: str) -> str:
    """Return "xls" or "msg".

    Raises:
        DocumentRefused: another kind, protected, or damaged; the sentence says which.
    """
    with _opened(path, title) as file:
        names = {"/".join(entry) for entry in file.listdir()}
    if "EncryptedPackage" in names:
        raise DocumentRefused(f"{title!r} is protected by a password. Save a copy without the password and add that.")
    if names & {"Workbook", "Book"}:
        return "xls"
    if "__properties_version1.0" in names:
        return "msg"
    old = {"WordDocument": ("Word", "DOCX"), "PowerPoint Document": ("PowerPoint", "PPTX")}
    for name, (program, newer) in old.items():
        if name in names:
            raise DocumentRefused(
                f"{title!r} is an old {program} file; that kind is not read. Save it as {newer} or PDF and add that."
            )
    raise DocumentRefused(f"{title!r} is an old Office file of a kind that is not read. Save it as PDF and add that.")


def read_msg(path: Path, title: str) -> str:
    """Return an Outlook message as text.

    Raises:
        DocumentRefused: damaged.
    """
    with _opened(path, title) as file:
        try:
            return _message(file, title)
        except _BROKEN as error:
            raise _damaged(title, error) from error


def _opened(path: Path, title: str) -> Any:
    try:
        return olefile.OleFileIO(str(path))
    except _BROKEN as error:
        raise _damaged(title, error) from error


def _damaged(title: str, error: BaseException) -> DocumentRefused:
    return DocumentRefused(
        f"{title!r} is damaged: its parts cannot be found ({str(error)[:120]}). Save it again in its own program."
    )


def _message(file: Any, title: str) -> str:
    sender, address = _text(file, "0C1A", title), _text(file, "5D01", title) or _text(file, "0C1F", title)
    headers = {
        "From": f"{sender} <{address}>" if sender and address and sender != address else sender or address,
        "To": _text(file, "0E04", title),
        "Cc": _text(file, "0E03", title),
        "Date": _sent(file),
        "Subject": _text(file, "0037", title),
    }
    body = _text(file, "1000", title)
    if not body:
        page = _bytes(file, "__substg1.0_10130102")
        body = visible_text(decode(page, title)) if page else ""
    if not body:
        body = _rich(_bytes(file, "__substg1.0_10090102"))
    names = {entry[0] for entry in file.listdir() if entry[0].startswith("__attach_")}
    files = [
        _text(file, "3707", title, f"{one}/") or _text(file, "3704", title, f"{one}/") or "unnamed"
        for one in sorted(names)
    ]
    return letter_text({name: " ".join(text.split()) for name, text in headers.items()}, body, files)


def _text(file: Any, number: str, title: str, above: str = "") -> str:
    wide = _bytes(file, f"{above}__substg1.0_{number}001F")
    if wide:
        return wide.decode("utf-16-le", "replace").strip("\x00 ")
    narrow = _bytes(file, f"{above}__substg1.0_{number}001E")
    return decode(narrow, title).strip("\x00 ") if narrow else ""


def _bytes(file: Any, name: str) -> bytes:
    if not file.exists(name) or file.get_size(name) > _MOST_BYTES:
        return b""
    with file.openstream(name) as stream:
        return bytes(stream.read())


def _sent(file: Any) -> str:
    """The moment it was sent, ISO 8601 in UTC: a count of 100 ns since 1601 in the table of properties."""
    table = _bytes(file, "__properties_version1.0")[32:]
    for at in range(0, len(table) - 15, 16):
        tag, _flags, value = struct.unpack_from("<IIQ", table, at)
        if tag in _SENT and 0 < value < 2**62:
            return (_EPOCH + dt.timedelta(microseconds=value // 10)).isoformat(timespec="seconds")
    return ""


def _rich(data: bytes) -> str:
    """A body kept as RTF only; what is packed (the usual case) is left out, for the text stands elsewhere too."""
    return rtf_text(data[16:]) if data[8:12] == b"MELA" else ""
