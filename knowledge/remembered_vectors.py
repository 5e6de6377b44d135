"""Vectors of texts that were embedded a moment ago: a second question about the same text does not embed it again.

A text pasted into a talk, or a file given with one question, has no index on the disk; its passages and sentences would
be embedded for each question about it (a second for about 4,000 tokens on two processor cores). Texts are kept as
digests only.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from knowledge.embedding import Embedder, Vectors, beginning

#: Vectors kept: 384 numbers of four bytes each make 30 MB; the sentences of about 400,000 tokens.
MOST = 20_000


class RememberedVectors:
    """The vectors of the last `most` texts by embedder; safe to use from several threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, embedder: Embedder, texts: Sequence[str]) -> Vectors:
        """Return what `embedder.encode(texts)` returns; only texts that are not known are embedded. Raises TextTooLong."""
        keys = [_key(embedder.name, text) for text in texts]
        with self._lock:
            found = {key: self._known[key] for key in keys if key in self._known}
            for key in found:
                self._known.move_to_end(key)
        new = {key: text for key, text in zip(keys, texts) if key not in found}
        if new:
            rows = embedder.encode(list(new.values()))
            found.update(zip(new, rows))
            with self._lock:
                for key, row in zip(new, rows):
                    self._known[key] = row.copy()
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
        if not keys:
            return np.zeros((0, embedder.dimensions), dtype=np.float32)
        return np.stack([found[key] for key in keys])

    def cosines(self, embedder: Embedder, left: Sequence[str], right: Sequence[str]) -> list[list[float]]:
        """Return the cosine of each text on the left with each on the right; of too long ones the beginning counts."""
        a = self.encode(embedder, [beginning(text, embedder) for text in left])
        b = self.encode(embedder, [beginning(text, embedder) for text in right])
        found: list[list[float]] = (a @ b.T).tolist()
        return found


def _key(name: str, text: str) -> bytes:
    return hashlib.blake2b(f"{name}\0{text}".encode("utf-8", "replace"), digest_size=16).digest()
