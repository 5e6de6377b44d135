"""Run one named function in this process under limits and hand its result back: the inside of `children`.

Started as `python -m lottery_chat.child_main`. Standard input carries one frame (8 bytes of length, JSON);
standard output carries one frame back, marked with the request's secret word. Before any foreign code is
imported the limits are set, standard output is saved and replaced by standard error, so that nothing which
prints, or writes to every open file, can pass for a result.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from types import TracebackType
from typing import Any

from lottery_chat import posix

MOST = 64 * 2**20


class _Edge:
    """The process's edge: whatever leaves the block, SystemExit and KeyboardInterrupt too, is kept as a sentence."""

    problem = ""
    text = ""

    def __enter__(self) -> _Edge:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is not None and kind is not None:
            words = f"{kind.__name__}: {error}" if str(error) else kind.__name__
            starved = isinstance(error, MemoryError) or "annot allocate memory" in words
            self.problem, self.text = ("memory" if starved else "error"), words[:4000]
        return True


def _read(source: int, size: int) -> bytes:
    parts = []
    while size > 0:
        part = os.read(source, min(size, 1 << 20))
        if not part:
            os._exit(1)
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write(sink: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(sink, view) :]


def _end_with(source: int, myself: int) -> None:
    """Wait for the parent to close its end (it died, or has its result), then end the whole group."""
    while os.read(source, 1024):
        pass
    posix.terminate_group(myself)
    os._exit(1)


def _run(order: dict[str, Any]) -> bytes:
    edge = _Edge()
    data = b""
    with edge:
        module, _, name = order["target"].partition(":")
        value = getattr(importlib.import_module(module), name)(order["request"])
        if not isinstance(value, dict):
            raise TypeError(f"{order['target']!r} must return a dict, it gave {type(value).__name__}.")
        data = json.dumps({"value": value}, allow_nan=False).encode()
        if len(data) > MOST:
            raise ValueError(f"The result has {len(data):,} bytes; at most {MOST:,} come back.")
    return data if not edge.problem else json.dumps({"problem": edge.problem, "text": edge.text}).encode()


def main() -> None:
    """Read the order, obey it, answer, then wait to be ended."""
    source, sink = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    posix.adopt_orphans()
    order = json.loads(_read(source, int.from_bytes(_read(source, 8), "big")))
    posix.die_with_parent(order["parent"])
    if order["behind"]:
        posix.give_way()
    threading.Thread(target=_end_with, args=(source, os.getpid()), daemon=True).start()
    posix.limit_self(memory=order["memory"], cpu_seconds=order["cpu_seconds"], file_bytes=MOST)
    data = _run(order)
    sys.stdout.flush()
    _write(sink, order["word"].encode() + len(data).to_bytes(8, "big") + data)
    threading.Event().wait(60.0)  # the parent ends us, with whatever we have started
    os._exit(0)


if __name__ == "__main__":
    main()
