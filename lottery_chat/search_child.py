"""Search models in a process of their own: the page stays quick while documents are embedded, and a crash ends no talk.

The program itself never imports torch. The child has a limit of memory and dies with us; when it dies by itself it is
started again, once for each request.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.embedding import Vectors
from knowledge.errors import EmbedderMissing, KnowledgeError, RerankerMissing, TextTooLong
from lottery_chat.search_process import ChildDied, SearchProcess

#: For one request, and for each of its texts: several times what a slow machine needs.
_SECONDS, _SECONDS_A_TEXT = 60.0, 2.0
#: Address space: what torch takes, and a multiple of the weights.
_MEMORY, _TIMES_WEIGHTS = 3 * 2**30, 4
#: As many texts go over at once; an answer of more vectors would be held twice.
_AT_ONCE = 2048

_ERRORS: dict[str, type[KnowledgeError]] = {"TextTooLong": TextTooLong, "RerankerMissing": RerankerMissing}


class _SearchChild:
    """A model that lives in a child: started at once, again after a death."""

    def __init__(self, kind: str, folder: Path, threads: int, memory: int | None, seconds: float = _SECONDS) -> None:
        weights = sum(one.stat().st_size for one in (*folder.glob("*.safetensors"), *folder.glob("*/*.safetensors")))
        limit = memory if memory is not None else _MEMORY + _TIMES_WEIGHTS * weights
        self._order = {"kind": kind, "folder": str(folder), "threads": threads, "memory": limit}
        self._missing = RerankerMissing if kind == "reranker" else EmbedderMissing
        self._seconds = seconds
        self._starting = threading.Lock()
        self._process: SearchProcess | None = None
        self._closed = False
        self.told = self._alive().told

    @property
    def pid(self) -> int:
        """The child's process id, which changes when it is started again."""
        return self._alive().pid

    def _alive(self) -> SearchProcess:
        with self._starting:
            if self._closed:
                raise self._missing("The search model was closed because the program is ending.")
            if self._process is None or self._process.dead:
                if self._process is not None:
                    self._process.close()
                    self._process = None
                self._process = self._started()
            return self._process

    def _started(self) -> SearchProcess:
        try:
            process = SearchProcess(self._order)
        except (ChildDied, TimeoutError, OSError) as error:
            raise self._missing(
                f"The search model in {self._order['folder']!r} could not be started ({error or 'it took too long'}). "
                "Free some memory, then ask again."
            ) from error
        if "error" in process.told:
            process.close()
            raise _ERRORS.get(process.told["error"], self._missing)(process.told["text"])
        return process

    def ask(self, order: dict[str, Any], count: int) -> tuple[dict[str, Any], bytes]:
        """One request about `count` texts; asked again once when the child died over it.

        Raises:
            KnowledgeError: what the model said of the texts, or that it died twice or hung.
        """
        patience = self._seconds + _SECONDS_A_TEXT * count
        for _ in range(2):
            process = self._alive()
            try:
                header, data = process.ask(order, patience)
            except ChildDied as error:
                how = str(error)
                process.died()
                continue
            except TimeoutError as error:
                process.close()
                raise self._missing(
                    f"The search model did not answer for {patience:.0f} s and was stopped; "
                    "the next question starts it again."
                ) from error
            if "error" in header:
                raise _ERRORS.get(header["error"], self._missing)(header["text"])
            return header, data
        raise self._missing(
            f"The search model ended twice over the same {count} texts ({how}). Free some memory, then try again."
        )

    def close(self) -> None:
        """End the child for good."""
        with self._starting:
            self._closed = True
            if self._process is not None:
                self._process.close()


class ChildEmbedder:
    """knowledge.embedding.Embedder (and AsksApart) over a child that holds a SentenceEmbedder."""

    def __init__(
        self, folder: Path, *, threads: int = 2, origin: str = "", memory: int | None = None,
        seconds: float = _SECONDS, kind: str = "embedder",
    ) -> None:  # fmt: skip
        """Start the child and wait until the model is loaded (2 to 30 s).

        Args:
            folder: the model's folder.
            threads: for its computations.
            origin: what the settings named.
            memory: limit of its address space in bytes; by default by the size of the weights.
            seconds: how long one request may take, two more for each of its texts.
            kind: "embedder", or "hashing" for the embedder without a model (tests).

        Raises:
            EmbedderMissing: the folder holds no embedder, or the child cannot be started.
        """
        self._child = _SearchChild(kind, folder, threads, memory, seconds)
        told = self._child.told
        self.name, self.dimensions, self.limit = str(told["name"]), int(told["dimensions"]), int(told["limit"])
        self.origin = origin or str(folder)

    @property
    def pid(self) -> int:
        """The child's process id, which changes when it is started again."""
        return self._child.pid

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimensions).

        Raises:
            TextTooLong: a text has more than `limit` tokens; EmbedderMissing: the child died twice over them.
        """
        return self._encoded("passages", texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Like `encode`, with the prefix that the model was trained to see before questions."""
        return self._encoded("questions", texts)

    def encode_behind(self, texts: Sequence[str]) -> Vectors:
        """Like `encode`, in a thread of the child that gives way to everything else."""
        return self._encoded("behind", texts)

    def _encoded(self, what: str, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _AT_ONCE):
            part = list(texts[start : start + _AT_ONCE])
            _, data = self._child.ask({"do": what, "texts": part}, len(part))
            vectors[start : start + len(part)] = np.frombuffer(data, dtype=np.float32).reshape(len(part), -1)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without the marks the model adds."""
        counts: list[int] = []
        for start in range(0, len(texts), _AT_ONCE):
            part = list(texts[start : start + _AT_ONCE])
            counts += self._child.ask({"do": "count", "texts": part}, len(part))[0]["values"]
        return counts

    def close(self) -> None:
        """End the child."""
        self._child.close()


class ChildReranker:
    """knowledge.reranking.Reranker over a child that holds a cross-encoder."""

    def __init__(self, folder: Path, *, threads: int = 2, memory: int | None = None) -> None:
        """Start the child and wait until the model is loaded. Raises RerankerMissing."""
        self._child = _SearchChild("reranker", folder, threads, memory)
        self.name = str(self._child.told["name"])

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the query, 0 to 1; a pair that is too long is judged by its beginning."""
        if not texts:
            return []
        found = self._child.ask({"query": query, "texts": list(texts)}, len(texts))[0]["values"]
        return [float(one) for one in found]

    def close(self) -> None:
        """End the child."""
        self._child.close()
