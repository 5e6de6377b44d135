"""A kept file as the text it was written as, for what a page's text leaves out (the braces of a JSON document)."""

from __future__ import annotations

from pathlib import Path

from knowledge.errors import DocumentMissing
from knowledge.plain import decode


def text_of(path: Path, title: str, most: int) -> str:
    """Return a file's text; "" where it has more than `most` bytes.

    Raises:
        DocumentMissing: the file is gone.
        DocumentRefused: its bytes are no text.
    """
    try:
        return "" if path.stat().st_size > most else decode(path.read_bytes(), title)
    except OSError as error:
        raise DocumentMissing(
            f"The file of {title!r} cannot be read ({error.strerror or error}). Add it again."
        ) from error
