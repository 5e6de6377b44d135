"""The knowledge base a task needs: its corpus taken in once by the app's own library, and kept.

A base lies in a folder named by its content, so a changed corpus makes a new one; the library keeps one index per
embedder in it. Taking in goes on where a kill stopped it, because the library knows what it has.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.library import Library
from lottery_chat.errors import LotteryChatError
from lottery_chat.lab.values import Document

#: A corpus of 10,000 passages takes minutes on two cores.
MOST_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Base:
    """A knowledge base that is ready. `ids` are the library's ids by the title of the document."""

    folder: Path
    ids: Mapping[str, str]
    documents: tuple[Document, ...]

    def attachments(self, titles: Sequence[str]) -> tuple[str, ...]:
        """The ids of these documents. Raises LotteryChatError for a title the corpus does not have."""
        missing = [title for title in titles if title not in self.ids]
        if missing:
            raise LotteryChatError(f"The corpus in {str(self.folder)!r} has no document {missing[0]!r}.")
        return tuple(self.ids[title] for title in titles)


class Bases:
    """Makes bases on demand, below one folder."""

    def __init__(self, folder: Path, library: Callable[[Path], Library], say: Callable[[str], None]) -> None:
        """`library` opens the library of a folder; `say` receives a line while a corpus is taken in."""
        self._folder = folder
        self._library = library
        self._say = say
        self._made: dict[str, Base] = {}
        self._spans: dict[str, dict[str, list[tuple[int, int, str]]]] = {}

    def base(self, name: str, documents: Sequence[Document]) -> Base:
        """Return the base of a corpus, taking it in first if that has not been done.

        Raises:
            LotteryChatError: a document could not be read, or the time is over.
        """
        if name not in self._made:
            folder = self._folder / f"{name}-{_mark(documents)}"
            self._made[name] = self._taken_in(name, folder, tuple(documents))
        return self._made[name]

    def _taken_in(self, name: str, folder: Path, documents: tuple[Document, ...]) -> Base:
        library = self._library(folder)
        ready = folder / "titles.json"
        if ready.is_file():
            ids: dict[str, str] = json.loads(ready.read_text(encoding="utf-8"))
            states = {one.id: one.state for one in library.documents()}
            if all(states.get(one) == "ready" for one in ids.values()):
                return Base(folder, ids, documents)
        passages = sum(len(one.passages) for one in documents)
        self._say(f"Taking in the corpus of {name} ({passages:,} passages); it is kept for the next time.")
        started = time.monotonic()
        ids = {}
        with tempfile.TemporaryDirectory(prefix="lottery-chat-lab-") as scratch:
            for number, one in enumerate(documents):
                path = Path(scratch) / f"{number}{Path(one.title).suffix if one.content is not None else '.md'}"
                path.write_bytes(one.text.encode("utf-8") if one.content is None else one.content)
                try:
                    ids[one.title] = library.add(path, one.title).id
                except KnowledgeError as error:
                    raise LotteryChatError(f"The corpus of {name} could not be taken in: {error}") from error
        for title, document in ids.items():
            left = MOST_SECONDS - (time.monotonic() - started)
            state = library.wait(document, max(0.0, left))
            if state.state != "ready":
                why = state.problem or f"it was not ready after {MOST_SECONDS / 60:.0f} minutes; run the lab again"
                raise LotteryChatError(f"{title!r} of the corpus of {name} could not be taken in: {why}")
        scratch_file = ready.with_suffix(".new")
        scratch_file.write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")
        os.replace(scratch_file, ready)
        self._say(f"The corpus of {name} is there ({time.monotonic() - started:.0f} s).")
        return Base(folder, ids, documents)

    def knowledge(self, base: Base) -> Library:
        """The library of a base."""
        return self._library(base.folder)

    def found(self, base: Base, query: str, limit: int, *, weight: float | None = None) -> tuple[str, ...]:
        """Return the data set's passage ids that R finds, best first, each once: where its hits lie in the corpus.

        `weight` is the share of full text, as in Library.search.
        """
        library = self._library(base.folder)
        by_document = self._passage_spans(base, library)
        ids: dict[str, None] = {}
        for hit in library.search(query, limit=limit * 2, weight=weight):
            one = hit.passage
            spans = by_document.get(one.document_id, [])
            inside = [(min(end, one.end) - max(start, one.start), passage) for start, end, passage in spans]
            overlap, passage = max(inside, default=(0, ""))
            if overlap > 0:
                ids.setdefault(passage)
        return tuple(ids)[:limit]

    def _passage_spans(self, base: Base, library: Library) -> dict[str, list[tuple[int, int, str]]]:
        key = str(base.folder)
        if key not in self._spans:
            spans: dict[str, list[tuple[int, int, str]]] = {}
            for one in base.documents:
                document = base.ids[one.title]
                text = "".join(page for _, page in library.page_texts(document))
                spans[document] = _spans(text, one.passages)
            self._spans[key] = spans
        return self._spans[key]


def _mark(documents: Sequence[Document]) -> str:
    """A corpus's content as twelve hexadecimal digits."""
    digest = hashlib.sha256()
    for one in documents:
        digest.update(one.title.encode("utf-8") + b"\0" + one.text.encode("utf-8") + b"\0" + (one.content or b""))
    return digest.hexdigest()[:12]


def _spans(text: str, passages: Sequence[tuple[str, str]]) -> list[tuple[int, int, str]]:
    """Where each passage stands in a document's text; they come in order, so each is looked for after the last."""
    spans, at = [], 0
    for passage, words in passages:
        start = text.find(words, at)
        if start < 0:
            raise LotteryChatError(
                f"Passage {passage!r} was not found in the text that was read; recall would be wrong."
            )
        spans.append((start, start + len(words), passage))
        at = start + len(words)
    return spans
