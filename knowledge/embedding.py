"""Texts to vectors: the protocol, a hashing embedder without a model, and how passages and questions are measured.

A text longer than the embedder reads raises; it is never cut silently. Embedders with a model: `sentence_models.py`
(sentence-transformers) and `embedding_http.py` (Ollama, OpenAI-compatible servers).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import TextTooLong
from knowledge.ranking import unfamiliar

Vectors = NDArray[np.float32]

#: Passages are cut at 220 tokens (chunking.py); an embedder that reads fewer than this gets shorter ones.
_FULL_LIMIT, _PASSAGE = 254, 220


class Embedder(Protocol):
    """What D needs of an embedder. `name` changes with the weights; `limit` counts tokens without marks.

    `origin` is what the chooser of embedders was told, so that it can be loaded again for an index it made.
    """

    name: str
    origin: str
    dimensions: int
    limit: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of unit length a text, shape (len(texts), dimensions). Raises TextTooLong."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without the marks the model adds."""
        ...


@runtime_checkable
class AsksApart(Protocol):
    """An embedder whose model wants questions told apart from passages (a prefix such as "query: ")."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Like `encode`, for questions."""
        ...


@runtime_checkable
class GivesWay(Protocol):
    """An embedder that can work in the background, so that what a person waits for goes first."""

    def encode_behind(self, texts: Sequence[str]) -> Vectors:
        """Like `encode`."""
        ...


@runtime_checkable
class Estimates(Protocol):
    """An embedder that cannot see its model's tokens (a server's): `count_tokens` is a guess from above."""

    estimates: bool


class HashingEmbedder:
    """Words and letter trigrams hashed into a few dimensions: deterministic, instant, no model. For tests and demos.

    What this does not do: it knows no meaning; texts are near when they share words.
    """

    def __init__(self, dimensions: int = 64, limit: int = 254) -> None:
        self.name = f"hashing-{dimensions}"
        self.origin = f"hashing:{dimensions}"
        self.dimensions = dimensions
        self.limit = limit

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimensions). Raises TextTooLong."""
        refuse_long(texts, self.count_tokens(texts), self.limit)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                self._add(vectors[row], word, 2.0)
                for at in range(len(word) - 2):
                    self._add(vectors[row], word[at : at + 3], 0.5)
        sizes = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(sizes == 0, 1, sizes), dtype=np.float32)

    def _add(self, row: Vectors, feature: str, weight: float) -> None:
        digest = hashlib.blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        number = int.from_bytes(digest, "big")
        row[(number >> 1) % self.dimensions] += weight if number & 1 else -weight

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words and marks of each text."""
        return [len(re.findall(r"\w{1,12}|[^\w\s]", text)) for text in texts]


def encode_query(query: str, embedder: Embedder) -> Vectors:
    """Return one unit vector for a question of any length, shape (dimensions,): the mean of its parts if it is long."""
    parts = [query]
    while any(tokens > embedder.limit for tokens in embedder.count_tokens(parts)):
        parts = [half for part in parts for half in (part[: len(part) // 2], part[len(part) // 2 :]) if half.strip()]
    encode = embedder.encode_questions if isinstance(embedder, AsksApart) else embedder.encode
    mean = encode(parts).mean(axis=0)
    size = float(np.linalg.norm(mean))
    return np.asarray(mean / (size or 1.0), dtype=np.float32)


def encode_behind(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Like `embedder.encode`, for what nobody waits for; it gives way where the embedder can."""
    return embedder.encode_behind(texts) if isinstance(embedder, GivesWay) else embedder.encode(texts)


def reads_badly(query: str, embedder: Embedder) -> bool:
    """Whether the embedder's tokenizer does not know the language of a query, so far as it can be seen."""
    return not isinstance(embedder, Estimates) and unfamiliar(query, embedder.count_tokens)


def passage_measure(embedder: Embedder) -> Callable[[Sequence[str]], list[int]]:
    """Return how passages are measured while they are cut, so that the longest, with its title, fits the embedder.

    The cutter knows one size. An embedder that reads less than all-MiniLM counts its tokens as more.
    """
    if embedder.limit >= _FULL_LIMIT:
        return embedder.count_tokens
    room = max(8, embedder.limit * _PASSAGE // _FULL_LIMIT)
    return lambda texts: [-(-tokens * _PASSAGE // room) for tokens in embedder.count_tokens(texts)]


def beginning(text: str, embedder: Embedder) -> str:
    """Return as much of a text as the embedder reads: for comparing only, what is shown stays whole."""
    # A token has a letter or more, so a short text need not be counted.
    while len(text) > embedder.limit and embedder.count_tokens([text])[0] > embedder.limit:
        text = text[: len(text) * 3 // 4]
    return text


def refuse_long(texts: Sequence[str], counts: Sequence[int], limit: int) -> None:
    """Raise TextTooLong for the first text with more than `limit` tokens."""
    for text, tokens in zip(texts, counts):
        if tokens > limit:
            raise TextTooLong(
                f"The text {text[:40]!r}… has {tokens} tokens, the embedder reads {limit}. Cut it into passages first."
            )
