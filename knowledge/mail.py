"""EML to text: who, when, about what, then the letter itself; attachments are named, not opened."""

from __future__ import annotations

import email
import email.message
import email.policy
from email.header import decode_header

from knowledge.plain import decode
from knowledge.web_page import visible_text

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_MOST_PARTS = 500
#: What the parser of the standard library raises on hostile messages.
_BROKEN = (ValueError, LookupError, AttributeError, TypeError, AssertionError)


def mail_text(data: bytes, title: str) -> str:
    """Return the text of a message, its subject as the heading."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    lines = [(name, _header(message.get(name, ""))) for name in _SHOWN]
    parts = _parts(message)
    files = [name for name in (_file_name(part) for part in parts) if name]
    letters = [part for part in parts if not _file_name(part)]
    plain = [text for part in letters if part.get_content_type() == "text/plain" if (text := _body(part, title))]
    rich = [] if plain else [_body(part, title) for part in letters if part.get_content_type() == "text/html"]
    return letter_text(dict(lines), "\n\n".join([*plain, *(visible_text(text) for text in rich)]), files)


def letter_text(headers: dict[str, str], body: str, files: list[str]) -> str:
    """Return a message as text: subject, the other headers a line each, body, names of attachments."""
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


def _body(part: email.message.Message, title: str) -> str:
    try:
        data = part.get_payload(decode=True)
        code = part.get_content_charset() or ""
    except _BROKEN:
        return ""
    if not isinstance(data, bytes) or not data:
        return ""
    try:
        return data.decode(code)
    except (LookupError, UnicodeDecodeError, ValueError):
        return decode(data, title)
