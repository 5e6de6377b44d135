"""The inside of `search_child`: a process that holds one search model and answers frames until its input ends.

Started as `python -m lottery_chat.search_worker`. A frame is 8 bytes of length, JSON, and behind it as many raw bytes
as its "bytes" says. Requests are answered side by side, so that a question does not wait behind a whole document.
Standard output is saved and replaced by standard error first: what a library prints is no answer.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from lottery_chat import posix

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = tuple[dict[str, Any], bytes]

_SIDE_BY_SIDE = 4
#: What a request is called that is worked on in the background, in a thread that gives way.
_BEHIND = "behind"
_UNLIMITED_SECONDS = 2**31 - 1  # of the processor: it lives as long as the program
_FILE_BYTES = 2**20


def read_frame(source: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next frame; None at the end of the input, and where the other side died within a frame."""
    head = source.read(8)
    if len(head) < 8:
        return None
    size = int.from_bytes(head, "big")
    body = source.read(size)
    if len(body) < size:
        return None
    header = json.loads(body)
    data = source.read(header.get("bytes", 0))
    return (header, data) if len(data) == header.get("bytes", 0) else None


def write_frame(sink: BinaryIO, header: dict[str, Any], data: bytes = b"") -> None:
    """Write one frame, whole. OSError: the other side is gone."""
    body = json.dumps({**header, "bytes": len(data)}).encode()
    sink.write(len(body).to_bytes(8, "big") + body + data)
    sink.flush()


def _loaded(order: dict[str, Any]) -> tuple[dict[str, Any], Callable[[dict[str, Any]], Answer]]:
    """The model of the first frame: what is told about it, and what answers requests."""
    from knowledge.embedding import AsksApart, HashingEmbedder, encode_behind
    from knowledge.sentence_models import CrossEncoderReranker, SentenceEmbedder

    folder, threads = Path(order["folder"]), int(order["threads"])
    if order["kind"] == "reranker":
        reranker = CrossEncoderReranker(folder, threads=threads)
        return {"name": reranker.name}, lambda asked: ({"values": reranker.scores(asked["query"], asked["texts"])}, b"")
    embedder = HashingEmbedder() if order["kind"] == "hashing" else SentenceEmbedder(folder, threads=threads)

    def answer(asked: dict[str, Any]) -> Answer:
        if asked["do"] == "count":
            return {"values": embedder.count_tokens(asked["texts"])}, b""
        if asked["do"] == "questions" and isinstance(embedder, AsksApart):
            return {}, embedder.encode_questions(asked["texts"]).tobytes()
        if asked["do"] == _BEHIND:
            return {}, encode_behind(asked["texts"], embedder).tobytes()
        return {}, embedder.encode(asked["texts"]).tobytes()

    return {"name": embedder.name, "dimensions": embedder.dimensions, "limit": embedder.limit}, answer


class _Serving:
    """Answers requests on several threads; frames are written one at a time."""

    def __init__(self, sink: BinaryIO, answer: Callable[[dict[str, Any]], Answer]) -> None:
        self._sink, self._answer, self._writing = sink, answer, threading.Lock()

    def serve(self, asked: dict[str, Any]) -> None:
        """Answer one request; what the library raises goes back in words."""
        from knowledge.errors import KnowledgeError

        try:
            header, data = self._answer(asked)
        except MemoryError:
            os._exit(12)  # as the kernel would end it: the parent starts another one
        except (KnowledgeError, RuntimeError, ValueError, OSError) as error:
            header, data = {"error": type(error).__name__, "text": str(error)[:2000]}, b""
        with self._writing:
            write_frame(self._sink, {**header, "id": asked["id"]}, data)


def _end_with_a_bug(job: Future[None]) -> None:
    """What nobody foresaw ends the process, with its traceback: the parent must not wait for an answer for ever."""
    error = job.exception()
    if error is not None:
        traceback.print_exception(error)
        sys.stderr.flush()
        os._exit(13)


def main() -> None:
    """Load what the first frame names, tell how it went, then answer until the input ends."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    first = read_frame(source)
    if first is None:
        return
    from knowledge.errors import KnowledgeError

    order = first[0]
    posix.limit_self(memory=order["memory"], cpu_seconds=_UNLIMITED_SECONDS, file_bytes=_FILE_BYTES)
    try:
        told, answer = _loaded(order)
    except KnowledgeError as error:  # anything else ends us, and the parent tells the last line
        write_frame(sink, {"error": type(error).__name__, "text": str(error)[:2000]})
        return
    write_frame(sink, told)
    serving = _Serving(sink, answer)
    pool, behind = ThreadPoolExecutor(_SIDE_BY_SIDE), ThreadPoolExecutor(1, initializer=posix.give_way)
    while (frame := read_frame(source)) is not None:
        where = behind if frame[0].get("do") == _BEHIND else pool
        where.submit(serving.serve, frame[0]).add_done_callback(_end_with_a_bug)
    sys.stderr.flush()
    os._exit(0)  # the parent closed its end or died: nobody waits for what is still at work


if __name__ == "__main__":
    main()
