"""Search models in a process of their own: the page stays quick while documents are embedded, and a crash ends no talk.

The program itself never imports torch. The child has a limit of memory and dies with us; when it dies by itself it is
started again, once for each request.
"""

from __future__ import annotations

import collections
import contextlib
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from knowledge.embedding import Vectors
from knowledge.errors import EmbedderMissing, KnowledgeError, RerankerMissing, TextTooLong
from lottery_chat import posix
from lottery_chat.children import ROOT, clean_environment
from lottery_chat.search_worker import read_frame, write_frame

#: torch takes 2 to 30 s to import, longer on a busy machine.
_LOAD_SECONDS = 300.0
#: For one request, and for each of its texts: several times what a slow machine needs.
_SECONDS, _SECONDS_A_TEXT = 60.0, 2.0
#: Address space: what torch takes, and a multiple of the weights.
_MEMORY, _TIMES_WEIGHTS = 3 * 2**30, 4
#: As many texts go over at once; an answer of more vectors would be held twice.
_AT_ONCE = 2048

_ERRORS: dict[str, type[KnowledgeError]] = {"TextTooLong": TextTooLong, "RerankerMissing": RerankerMissing}


class _Process:
    """One life of the child: requests carry numbers, a thread hands each answer to whoever waits for it."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "lottery_chat.search_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**clean_environment(threads=order["threads"]), "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"},
            **posix.own_group(),
        )
        self._end = weakref.finalize(self, _ended, self._child)
        self._changed = threading.Condition()
        self._answers: dict[int, tuple[dict[str, Any], bytes]] = {}
        self._writing = threading.Lock()
        self._number = 0
        self.dead = False
        self._last: collections.deque[str] = collections.deque(maxlen=5)
        pipes = cast(BinaryIO, self._child.stdout), cast(BinaryIO, self._child.stderr)
        for work, pipe in zip((_hand_out, _drain), pipes):
            threading.Thread(target=work, args=(weakref.ref(self), pipe), name="search model", daemon=True).start()
        self.told = self._send(order, 0, _LOAD_SECONDS)[0]

    def ask(self, order: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
        """Send a request and wait for its answer. Raises ChildDied, TimeoutError."""
        with self._changed:
            self._number += 1
            number = self._number
        return self._send({**order, "id": number}, number, seconds)

    def _send(self, order: dict[str, Any], number: int, seconds: float) -> tuple[dict[str, Any], bytes]:
        try:
            with self._writing:
                write_frame(cast(BinaryIO, self._child.stdin), order)
        except (OSError, ValueError) as error:
            raise ChildDied(self._how()) from error
        until = time.monotonic() + seconds
        with self._changed:
            while number not in self._answers:
                if self.dead:
                    raise ChildDied(self._how())
                if not self._changed.wait(until - time.monotonic()) and time.monotonic() >= until:
                    raise TimeoutError
            return self._answers.pop(number)

    def _how(self) -> str:
        try:
            code = self._child.wait(2.0)
        except subprocess.TimeoutExpired:
            return "it closed its pipe"
        words = f"signal {posix.signal_name(-code)}" if code < 0 else f"exit code {code}"
        last = self._last[-1][:200] if self._last else ""
        return f"{words}: {last}" if last else words

    def took(self, header: dict[str, Any], data: bytes) -> None:
        """An answer came."""
        with self._changed:
            self._answers[header.get("id", 0)] = header, data
            self._changed.notify_all()

    def died(self) -> None:
        """Its output ended."""
        with self._changed:
            self.dead = True
            self._changed.notify_all()

    def complained(self, line: str) -> None:
        """A line on standard error."""
        self._last.append(line)

    @property
    def pid(self) -> int:
        return self._child.pid

    def close(self) -> None:
        """End it, and wait for its end."""
        self.died()  # at once: the end of its pipe is seen later, and nobody may be handed this one meanwhile
        self._end()


class ChildDied(Exception):
    """The child ended while it was asked; the text says how."""


def _hand_out(process: weakref.ref[_Process], pipe: BinaryIO) -> None:
    """Hand out answers until the pipe ends. Holds no reference: a child that nobody uses any more is ended."""
    with pipe:
        while True:
            try:
                frame = read_frame(pipe)
            except (OSError, ValueError):
                frame = None
            here = process()
            if here is None:
                return
            if frame is None:
                here.died()
                return
            here.took(*frame)
            del here


def _drain(process: weakref.ref[_Process], pipe: BinaryIO) -> None:
    with pipe:
        for line in pipe:
            here = process()
            if here is not None and line.strip():
                here.complained(line.decode("utf-8", "replace").strip())
            del here


def _ended(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        posix.terminate_group(child.pid)
        if os.name == "nt":
            child.kill()
    child.wait()
    if child.stdin is not None:
        with contextlib.suppress(OSError):
            child.stdin.close()


class _SearchChild:
    """A model that lives in a child: started at once, again after a death."""

    def __init__(self, kind: str, folder: Path, threads: int, memory: int | None, seconds: float = _SECONDS) -> None:
        weights = sum(one.stat().st_size for one in (*folder.glob("*.safetensors"), *folder.glob("*/*.safetensors")))
        limit = memory if memory is not None else _MEMORY + _TIMES_WEIGHTS * weights
        self._order = {"kind": kind, "folder": str(folder), "threads": threads, "memory": limit}
        self._missing = RerankerMissing if kind == "reranker" else EmbedderMissing
        self._seconds = seconds
        self._starting = threading.Lock()
        self._process: _Process | None = None
        self._closed = False
        self.told = self._alive().told

    @property
    def pid(self) -> int:
        """The child's process id, which changes when it is started again."""
        return self._alive().pid

    def _alive(self) -> _Process:
        with self._starting:
            if self._closed:
                raise self._missing("The search model was closed because the program is ending.")
            if self._process is None or self._process.dead:
                if self._process is not None:
                    self._process.close()
                    self._process = None
                self._process = self._started()
            return self._process

    def _started(self) -> _Process:
        try:
            process = _Process(self._order)
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
