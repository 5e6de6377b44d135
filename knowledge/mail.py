"""EML to text: who, when, about what, then the letter itself, and the files that came with it as bytes."""

from __future__ import annotations

import email
import email.message
import email.policy
import re
from email.header import decode_header

from knowledge.plain import decode
from knowledge.web_page import visible_text

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_MOST_PARTS = 500
#: A letter shorter than this (characters) may only say that the message itself is in HTML.
_STUB = 300
#: The marks before each line of a letter that is quoted.
_QUOTED = re.compile(r"^(?:> ?)+", re.M)
#: What the parser of the standard library raises on hostile messages.
_BROKEN = (ValueError, LookupError, AttributeError, TypeError, AssertionError)


def read_mail(data: bytes, title: str) -> tuple[dict[str, str], str, list[tuple[str, bytes]]]:
    """Return (headers, the letter, files as (name, content)) of a message."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    lines = [(name, _header(message.get(name, ""))) for name in _SHOWN]
    parts = _parts(message)
    files = [(name, _content(part)) for part in parts if (name := _file_name(part))]
    letters = [part for part in parts if not _file_name(part)]
    plain = [text for part in letters if part.get_content_type() == "text/plain" if (text := _body(part, title))]
    rich = [_body(part, title) for part in letters if part.get_content_type() == "text/html"]
    shown = "\n\n".join(visible_text(text) for text in rich)
    letter = "\n\n".join(plain)
    if not letter.strip() or (len(letter) < _STUB and len(shown) > 2 * len(letter)):
        letter = shown  # "this message can only be read in HTML"
    return dict(lines), _QUOTED.sub("", letter), files


def letter_text(headers: dict[str, str], body: str, files: list[str]) -> str:
    """Return a message as text: subject, the other headers a line each, body, names of attachments that are not read."""
    subject = headers.get("Subject", "")
    said = "\n".join(f"{name}: {value}" for name, value in headers.items() if value)
    attached = f"Attachments (not read; add them by themselves): {', '.join(files)}" if files else ""
    return "\n\n".join(part for part in (f"# {subject}" if subject else "", said, body.strip(), attached) if part)


def _parts(message: email.message.Message) -> list[email.message.Message]:
    found = []
    for part in message.walk():
        if not part.is_multipart():
            found.append(part)
        if len(found) >= _MOST_PARTS:
            break
    return found


def _header(value: object) -> str:
    try:
        pieces = decode_header(str(value))
        text = "".join(
            part.decode(code or "utf-8", "replace") if isinstance(part, bytes) else part for part, code in pieces
        )
    except (*_BROKEN, email.errors.HeaderParseError):
        text = str(value)
    return " ".join(text.split())


def _file_name(part: email.message.Message) -> str:
    try:
        name = part.get_filename()
    except _BROKEN:
        name = None
    return _header(name) if name else ""


def _content(part: email.message.Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except _BROKEN:
        return b""
    return data if isinstance(data, bytes) else b""


def _body(part: email.message.Message, title: str) -> str:
    data = _content(part)
    try:
        code = part.get_content_charset() or ""
    except _BROKEN:
        code = ""
    if not data:
        return ""
    try:
        return data.decode(code)
    except (LookupError, UnicodeDecodeError, ValueError):
        return decode(data, title)
