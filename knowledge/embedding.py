"""Texts to vectors: the protocol, all-MiniLM through sentence-transformers, and a hashing embedder without a model.

A text longer than the embedder reads raises; it is never cut silently. torch is imported only when `MiniLM` loads.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EmbedderMissing, TextTooLong

Vectors = NDArray[np.float32]

_BATCH = 16


class Embedder(Protocol):
    """What D needs of an embedder. `name` changes with the weights; `limit` counts tokens without marks."""

    name: str
    dimensions: int
    limit: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row of unit length a text, shape (len(texts), dimensions). Raises TextTooLong."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without the marks the model adds."""
        ...


class MiniLM:
    """all-MiniLM-L6-v2 (or another sentence-transformers model) from a folder; nothing is fetched.

    Loading takes 2 to 20 s (torch) and about 600 MB. Safe to use from several threads: batches of 16 take turns, so
    that a question waits at most for one batch of an ingest.
    """

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        """Load the model.

        Raises:
            EmbedderMissing: the folder does not hold a model that can be loaded.
        """
        weights = folder / "model.safetensors"
        if not weights.is_file():
            raise EmbedderMissing(f"No embedder in {str(folder)!r}: model.safetensors is missing. Download it again.")
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(threads)
        try:
            self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise EmbedderMissing(
                f"The embedder in {str(folder)!r} cannot be loaded ({error}). Delete the folder and start again."
            ) from error
        with weights.open("rb") as file:
            print_of_weights = hashlib.file_digest(file, "sha256").hexdigest()[:12]
        self.name = f"{folder.name}@{print_of_weights}"
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self.limit = int(self._model.max_seq_length or 256) - 2
        self._next, self._work = threading.Lock(), threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimensions).

        Raises:
            TextTooLong: a text has more than `limit` tokens.
        """
        counts = self.count_tokens(texts)
        _refuse_long(texts, counts, self.limit)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        order = sorted(range(len(texts)), key=counts.__getitem__, reverse=True)
        for begin in range(0, len(order), _BATCH):
            batch = order[begin : begin + _BATCH]
            with _Turn(self._next, self._work):
                vectors[batch] = self._model.encode(
                    [texts[index] for index in batch],
                    batch_size=_BATCH,
                    normalize_embeddings=True,
                    convert_to_numpy=True,
                    show_progress_bar=False,
                )
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without the marks the model adds."""
        if not texts:
            return []
        with _Turn(self._next, self._work):
            # The backend tokenizer itself: the wrapper warns on long texts and cuts.
            fast = self._model.tokenizer.backend_tokenizer
            fast.no_truncation()
            fast.no_padding()
            return [len(one.ids) for one in fast.encode_batch(list(texts), add_special_tokens=False)]


class _Turn:
    """A fair lock: whoever waits gets the next turn, not whoever asks again quickest."""

    def __init__(self, waiting: threading.Lock, work: threading.Lock) -> None:
        self._waiting, self._work = waiting, work

    def __enter__(self) -> None:
        with self._waiting:
            self._work.acquire()

    def __exit__(self, *_: object) -> None:
        self._work.release()


class HashingEmbedder:
    """Words and letter trigrams hashed into a few dimensions: deterministic, instant, no model. For tests and demos.

    What this does not do: it knows no meaning; texts are near when they share words.
    """

    def __init__(self, dimensions: int = 64, limit: int = 254) -> None:
        self.name = f"hashing-{dimensions}"
        self.dimensions = dimensions
        self.limit = limit

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimensions). Raises TextTooLong."""
        _refuse_long(texts, self.count_tokens(texts), self.limit)
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
    mean = embedder.encode(parts).mean(axis=0)
    size = float(np.linalg.norm(mean))
    return np.asarray(mean / (size or 1.0), dtype=np.float32)


def _refuse_long(texts: Sequence[str], counts: Sequence[int], limit: int) -> None:
    for text, tokens in zip(texts, counts):
        if tokens > limit:
            raise TextTooLong(
                f"The text {text[:40]!r}… has {tokens} tokens, the embedder reads {limit}. Cut it into passages first."
            )
