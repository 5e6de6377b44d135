"""Passages into a store: embedded in batches of like length, written while the next ones are embedded."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from knowledge.embedding import Embedder, Vectors, encode_behind
from knowledge.languages import language_of_parts
from knowledge.passage import Passage
from knowledge.ranking import embedded_text

if TYPE_CHECKING:
    from knowledge.store import Store

#: Sorted by length within a window: a batch of like lengths is not padded. A stop waits for one piece at most.
_WINDOW, _PIECE, _WRITTEN = 1024, 64, 256
#: Passages of a document that its language is told from.
_TOLD_BY = 40


def document_languages(passages: Sequence[Passage]) -> dict[str, str]:
    """Return the language of each document by its id, told from passages all over it."""
    by_document: dict[str, list[Passage]] = {}
    for one in passages:
        by_document.setdefault(one.document_id, []).append(one)
    return {
        document: language_of_parts(one.text for one in found[:: max(1, len(found) // _TOLD_BY)])
        for document, found in by_document.items()
    }


def store_passages(
    passages: Sequence[Passage],
    embedder: Embedder,
    store: Store,
    *,
    languages: Mapping[str, str],
    stopped: Callable[[], bool],
    known: Callable[[], Container[str]] | None,
    stored: Callable[[Sequence[Passage]], None],
) -> None:
    """Embed passages that the store does not have, and write them; what was written before a stop stays.

    Args:
        languages: of their documents (`document_languages`).
        stopped: asked between pieces; True ends the work.
        known: ids of the documents that are still there, asked between pieces; None when none can go.
        stored: called in the caller's thread with passages that are now in the store.
    """
    waiting: Future[list[Passage]] | None = None
    with ThreadPoolExecutor(1, thread_name_prefix="write passages") as writer:

        def write(batch: list[Passage], rows: list[Vectors]) -> list[Passage]:
            store.put(batch, np.concatenate(rows), languages=languages, new=True)
            return batch

        held: list[Passage] = []
        vectors: list[Vectors] = []
        for piece, texts in _pieces(passages, embedder, known):
            if stopped():
                break
            vectors.append(encode_behind(texts, embedder))
            held += piece
            if len(held) >= _WRITTEN:
                if waiting is not None:
                    stored(waiting.result())
                waiting = writer.submit(write, held, vectors)
                held, vectors = [], []
        if waiting is not None:
            stored(waiting.result())
        if held:
            stored(write(held, vectors))


def _pieces(
    passages: Sequence[Passage], embedder: Embedder, known_now: Callable[[], Container[str]] | None
) -> Iterator[tuple[list[Passage], list[str]]]:
    """Yield passages with the texts they are embedded as, window by window, the longest first."""
    for begin in range(0, len(passages), _WINDOW):
        window = passages[begin : begin + _WINDOW]
        bodies = [one.text for one in window]
        known = dict(zip(bodies, embedder.count_tokens(bodies)))  # at once: one by one takes as long as cutting

        def counted(texts: Sequence[str], known: Mapping[str, int] = known) -> list[int]:
            return [known[text] if text in known else embedder.count_tokens([text])[0] for text in texts]

        order = sorted(range(len(window)), key=lambda at, known=known, bodies=bodies: -known[bodies[at]])  # type: ignore[misc]
        for first in range(0, len(order), _PIECE):
            piece = [window[at] for at in order[first : first + _PIECE]]
            if known_now is not None:
                still = known_now()
                piece = [one for one in piece if one.document_id in still]
            if piece:
                yield piece, [embedded_text(one, counted, embedder.limit) for one in piece]
