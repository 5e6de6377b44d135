"""The documents a task's questions are about, written as the files a person would have: Markdown in UTF-8.

Passages of a collection stand in one document, each under its title; articles and conversations are documents of
their own. Passage texts are brought into the form in which the app reads a text file, so that each stands exactly so
in what is read, and R's hits can be led back to the data set's passages.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lottery_chat.errors import LotteryChatError
from lottery_chat.lab import fields
from lottery_chat.lab.fields import Row
from lottery_chat.lab.loading import rows_of, text_of
from lottery_chat.lab.values import Document

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufeff\u200b\u2028\u2029]")


def collection(name: str, data: Path) -> tuple[Document, ...]:
    """All passages of `name`/corpus.jsonl in one document, each under "## title"."""
    parts, passages = [], []
    for row in _table(data / name / "corpus.jsonl"):
        body = plain(_with_source(row))
        parts.append(f"## {one_line(row['title'] or row['id'])}\n\n{body}")
        passages.append((row["id"], body))
    return (Document(name, "\n\n".join(parts) + "\n", tuple(passages)),)


def articles(name: str, data: Path) -> tuple[Document, ...]:
    """A document for each article of `name`/corpus.jsonl (and language), its passages as paragraphs."""
    titles = article_titles(name, data)
    grouped: dict[str, list[tuple[str, str]]] = {}
    for row in _table(data / name / "corpus.jsonl"):
        grouped.setdefault(titles[row["id"]], []).append((row["id"], plain(row["text"])))
    return tuple(
        Document(title, f"# {title}\n\n" + "\n\n".join(body for _, body in parts) + "\n", tuple(parts))
        for title, parts in grouped.items()
    )


def article_titles(name: str, data: Path) -> Mapping[str, str]:
    """The title of the document that each passage of `name` stands in."""
    return _Named(
        {
            row["id"]: one_line(row["title"]) + (f" ({row['lang']})" if "lang" in row else "")
            for row in _table(data / name / "corpus.jsonl")
        },
        f"{name}/corpus.jsonl",
    )


def scenarios(name: str, data: Path) -> tuple[Document, ...]:
    """The earlier conversations of memory_bfcl: a document a scenario, a heading a conversation."""
    grouped: dict[str, list[str]] = {}
    for row in _table(data / name / "conversations.jsonl", needed=("id", "scenario", "topic", "turns")):
        said = [f"{m['role']}: {plain(m['content'])}" for turn in row["turns"] for m in turn]
        grouped.setdefault(row["scenario"], []).append("\n\n".join([f"## {one_line(row['topic'])}", *said]))
    return tuple(Document(key, f"# {key}\n\n" + "\n\n".join(parts) + "\n") for key, parts in grouped.items())


def conversations(name: str, data: Path) -> tuple[Document, ...]:
    """The very long conversations of locomo: a document each, a heading a session with its date, a paragraph a turn."""
    made = []
    for row in _table(data / name / "conversations.jsonl", needed=("id", "sessions")):
        parts, passages = [f"# {row['speaker_a']} and {row['speaker_b']}"], []
        for session in row["sessions"]:
            parts.append(f"## Session {session['session']}, {one_line(session['date_time'])}")
            for turn in session["turns"]:
                shown = f" (shows {plain(turn['image_caption'])})" if turn.get("image_caption") else ""
                said = plain(f"{turn['speaker']}: {turn['text']}{shown}")
                parts.append(said)
                passages.append((turn["id"], said))
        made.append(Document(row["id"], "\n\n".join(parts) + "\n", tuple(passages)))
    return tuple(made)


def haystack(data: Path, name: str) -> str:
    """One of the long texts of niah/. Raises ValueError for an unknown name, NotFound without its files."""
    if name == "news_from_nowhere":
        return _text(data / "niah" / "news_from_nowhere.txt")
    if name == "paul_graham":
        return _essays(data / "niah" / "PaulGrahamEssays")
    raise ValueError(f"the field 'haystack' is {name!r}, not 'paul_graham' or 'news_from_nowhere'")


def long_documents(data: Path) -> Mapping[str, str]:
    """The documents of leval/docs.jsonl by their id."""
    table = _table(data / "leval" / "docs.jsonl", needed=("id", "text"))
    return _Named({row["id"]: row["text"] for row in table}, "leval/docs.jsonl")


class _Named(dict[str, str]):
    """A mapping that says where a name was looked for."""

    def __init__(self, values: Mapping[str, str], where: str) -> None:
        super().__init__(values)
        self._where = where

    def __missing__(self, key: str) -> str:
        raise ValueError(f"{key!r} is not in {self._where}")


def _with_source(row: Row) -> str:
    """A passage with who published it where the data set says so, because its questions name the paper."""
    said = [
        f"{label}: {row[key]}."
        for key, label in (("source", "Source"), ("author", "Author"), ("category", "Category"))
        if row.get(key)
    ]
    if row.get("published_at"):
        said.append(f"Published: {str(row['published_at'])[:10]}.")
    body = str(row["text"])
    return " ".join(said) + "\n" + body if said else body


def plain(text: str) -> str:
    """A text as the app reads it from a file, without blank lines, and with no line that would be a heading."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\u2028", "\n")
    lines = [line.strip() for line in _CONTROL.sub("", text).split("\n")]
    return "\n".join(re.sub(r"^(#{1,6})(?=\s)", r"\\\1", line).replace("```", "'''") for line in lines if line)


def one_line(title: str) -> str:
    """A title in one line."""
    return " ".join(_CONTROL.sub("", title).split())


# -- files, read once --------------------------------------------------------------------------------------------


def _table(path: Path, needed: tuple[str, ...] = ("id", "title", "text")) -> tuple[Row, ...]:
    return _read_table(path, needed, _mark(path))


def _mark(path: Path) -> tuple[int, int]:
    """What changes when a file changes; a file that is not there is reported by whoever reads it."""
    try:
        state = path.stat()
    except OSError:
        return (0, 0)
    return (state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=16)
def _read_table(path: Path, needed: tuple[str, ...], mark: tuple[int, int]) -> tuple[Row, ...]:
    table, seen = [], set()
    for number, row in rows_of(path):
        for field in needed:
            if field not in row:
                raise LotteryChatError(f"{str(path)!r}, line {number}: the field {field!r} is missing; docs/lab_data.md describes the form.")  # fmt: skip
        try:
            key = fields.text(row, "id")
            if "text" in needed:
                fields.text(row, "text")
        except ValueError as error:
            raise LotteryChatError(f"{str(path)!r}, line {number}: {error}; docs/lab_data.md describes the form.") from error  # fmt: skip
        if key in seen:
            raise LotteryChatError(f"{str(path)!r}, line {number}: the id {key!r} comes twice.")
        seen.add(key)
        table.append(row)
    return tuple(table)


def _text(path: Path) -> str:
    return _read_text(path, _mark(path))


@functools.lru_cache(maxsize=4)
def _read_text(path: Path, mark: tuple[int, int]) -> str:
    return text_of(path).strip()


@functools.lru_cache(maxsize=2)
def _essays(folder: Path) -> str:
    names = sorted(folder.glob("*.txt"))
    if not names:
        return _text(folder / "*.txt")  # there is none: says so as for any other file
    return "\n\n".join(text_of(name).strip() for name in names)


def function_pool(data: Path) -> tuple[Mapping[str, Any], ...]:
    """Every function that bfcl offers anywhere, each name once."""
    found: dict[str, Mapping[str, Any]] = {}
    for _, row in rows_of(data / "bfcl" / "public.jsonl"):
        for function in row.get("functions", ()):
            found.setdefault(str(function.get("name", "")), function)
    return tuple(found[name] for name in sorted(found) if name)
