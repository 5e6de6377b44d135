"""The files that came with a message, each read by its own reader and put under its name."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from knowledge.errors import DocumentRefused
from knowledge.passage import Page

#: No more files of one message are read, nor longer ones (bytes).
_MOST_FILES, _MOST_BYTES = 20, 50 * 2**20
_HEADING = re.compile(r"#{1,6} ")

#: Reads a file: (path, title) to its kind and pages. Raises DocumentRefused.
Read = Callable[[Path, str], tuple[str, tuple[Page, ...]]]


def attached_texts(files: Sequence[tuple[str, bytes]], read: Read) -> tuple[list[str], list[str]]:
    """Return (a text for each file that could be read, the names of the others).

    Args:
        files: (name, content); a name is only shown, and its ending tells CSV from text.
    """
    if not files:
        return [], []
    texts: list[str] = []
    others: list[str] = []
    with tempfile.TemporaryDirectory(prefix="lottery-chat-mail-") as folder:
        for number, (name, content) in enumerate(files):
            ending = Path(name).suffix[:12]
            path = Path(folder, f"{number}{ending if ending.isascii() and ending[1:].isalnum() else ''}")
            try:
                if number >= _MOST_FILES or len(content) > _MOST_BYTES:
                    raise DocumentRefused(f"{name!r} is too much for one message.")
                path.write_bytes(content)
                _, pages = read(path, name)
            except (DocumentRefused, OSError):
                others.append(name)
                continue
            body = "\n\n".join(page.text for page in pages if page.text)
            texts.append(f"## Attachment: {name}\n\n{_lowered(body)}")
    return texts, others


def _lowered(text: str) -> str:
    """The text with its headings two levels down, under the name of the file."""
    fenced = False
    lines = []
    for line in text.split("\n"):
        fenced ^= line.startswith("```")
        match = None if fenced else _HEADING.match(line)
        lines.append(f"{'#' * min(6, len(match[0]) + 1)} {line[match.end() :]}" if match else line)
    return "\n".join(lines)
