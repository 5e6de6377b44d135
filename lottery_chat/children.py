"""Run a function in a fresh process with a hard limit of time and memory, and come back with JSON.

For parsers, solvers and whatever else may hang, eat memory or crash. The child has its own process group, an
environment without secrets, and dies with us; what it started dies with it.

What this does not do: it is no sandbox. The child may read files and use the network like any program of this
user. Memory is limited for each process; at most 32 processes are allowed, and they are counted every fifth of
a second. On Windows only the wall clock is enforced; on macOS not the memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from lottery_chat import posix

Problem = Literal["", "time", "memory", "crashed", "cancelled", "error"]

ROOT = Path(__file__).resolve().parent.parent  # where the packages lie
_KEPT = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE")
_MOST = 64 * 2**20
_MOST_PROCESSES = 32
_TAIL = 4000
_STARVED = re.compile(
    r"bad_alloc|MemoryError|out of memory|memory allocation of \d+ bytes failed|annot allocate memory", re.I
)


@dataclass(frozen=True, slots=True)
class ChildResult:
    """What came back: `value` when `problem` is empty, else `text` is a sentence that says what happened."""

    value: dict[str, Any] | None
    problem: Problem
    text: str


class _Pipes:
    """Feed and drain a child's three pipes, each in a thread, so that none of them can block us."""

    def __init__(self, child: subprocess.Popen[bytes], order: bytes, word: bytes) -> None:
        assert child.stdin is not None and child.stdout is not None and child.stderr is not None
        self.done = threading.Event()
        self.answer: bytes | None = None
        self.forged = False
        self.errors = b""
        self._files: tuple[IO[bytes], ...] = (child.stdin, child.stdout, child.stderr)
        jobs = ((self._feed, child.stdin, order), (self._take, child.stdout, word), (self._drain, child.stderr, b""))
        self._threads = [threading.Thread(target=job, args=(pipe, data), daemon=True) for job, pipe, data in jobs]
        for thread in self._threads:
            thread.start()

    def _feed(self, pipe: IO[bytes], order: bytes) -> None:
        with contextlib.suppress(OSError):  # it died before it had read everything: its end is reported elsewhere
            pipe.write(order)
            pipe.flush()

    def _take(self, pipe: IO[bytes], word: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):
            head = pipe.read(len(word) + 8)
            size = int.from_bytes(head[-8:], "big")
            if len(head) == len(word) + 8 and head.startswith(word) and size <= _MOST:
                body = pipe.read(size)
                self.answer = body if len(body) == size else None
            else:
                self.forged = bool(head)
        self.done.set()

    def _drain(self, pipe: IO[bytes], _unused: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):
            while part := pipe.read1(65536):  # type: ignore[attr-defined]
                self.errors = (self.errors + part)[-_TAIL:]

    def close(self) -> None:
        """After the child is dead: let the threads come to an end, then close the files."""
        for thread in self._threads:
            thread.join(2.0)
        for file in self._files:
            with contextlib.suppress(OSError):
                file.close()


def run_limited(
    target: str,
    request: Mapping[str, Any],
    *,
    seconds: float,
    memory: int,
    cancel: threading.Event | None = None,
    behind: bool = False,
) -> ChildResult:
    """Call `target` with `request` in a fresh Python process and wait for its result.

    Args:
        target: "package.module:function"; takes a dict and returns a dict, JSON both ways.
        request: its argument, JSON-ready.
        seconds: hard limit of wall-clock time, start of the process included.
        memory: limit of the address space in bytes; Python alone needs 40 MB, torch and pyarrow several GB.
        cancel: set it to end the child within about 20 ms.
        behind: nobody waits for it: it gives way to everything else.

    Returns:
        A result; nothing that happens inside the child raises here. `problem`: "time", "memory", "crashed" (died
        without an answer, or too many processes), "cancelled", "error" (the function raised: `text` has it).

    Raises:
        TypeError: `request` is not JSON-ready.
        OSError: the system cannot start a process.
    """
    word = secrets.token_hex(16)
    order = {"target": target, "request": dict(request), "memory": memory, "word": word, "parent": os.getpid()}
    order["behind"] = behind
    order["cpu_seconds"] = int(seconds * max(2, os.cpu_count() or 1)) + 2
    body = json.dumps(order).encode()
    started = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", "lottery_chat.child_main"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=clean_environment(),
        **posix.own_group(same_session=behind),
    )
    pipes = _Pipes(child, len(body).to_bytes(8, "big") + body, word.encode())
    ended = ""
    try:
        ended = _wait(child, pipes, started + seconds, cancel)
    finally:
        posix.terminate_group(child.pid)
        if os.name == "nt":
            child.kill()
        died_of = child.wait()
        pipes.close()
    return _judge(ended, pipes, died_of, seconds)


def run_behind(
    target: str, request: Mapping[str, Any], *, seconds: float, memory: int, cancel: threading.Event | None = None
) -> ChildResult:
    """`run_limited` for work in the background: whoever waits for an answer goes first."""
    return run_limited(target, request, seconds=seconds, memory=memory, cancel=cancel, behind=True)


def clean_environment(threads: int = 1) -> dict[str, str]:
    """What a child sees of our environment: no secrets, our modules, so many threads for numeric libraries.

    Threads multiply the address space and gain nothing in a child that lives for seconds.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    beside = os.environ.get("PYTHONPATH", "")
    kept["PYTHONPATH"] = f"{ROOT}{os.pathsep}{beside}" if beside else str(ROOT)
    kept["PYTHONIOENCODING"] = "utf-8:backslashreplace"
    most = str(threads)
    kept.update(OMP_NUM_THREADS=most, OMP_THREAD_LIMIT=most, OPENBLAS_NUM_THREADS=most, TOKENIZERS_PARALLELISM="false")
    return kept


def _wait(child: subprocess.Popen[bytes], pipes: _Pipes, until: float, cancel: threading.Event | None) -> str:
    """Wait for an answer or a reason to stop: "", "time", "cancelled" or "processes"."""
    counted = time.monotonic()
    while not pipes.done.wait(0.02):
        now = time.monotonic()
        if cancel is not None and cancel.is_set():
            return "cancelled"
        if now >= until:
            return "time"
        if now - counted > 0.2:
            counted = now
            if len(posix.descendants(child.pid)) > _MOST_PROCESSES:
                return "processes"
            # The pipe stays open while a descendant holds it: the child's own end counts.
            if not posix.is_alive(child.pid) and not pipes.done.wait(0.1):
                return ""
    return ""


def _judge(ended: str, pipes: _Pipes, died_of: int, seconds: float) -> ChildResult:
    if ended == "cancelled":
        return ChildResult(None, "cancelled", "Stopped on request.")
    if ended == "time":
        return ChildResult(None, "time", f"Not done after {seconds:g} s; it was stopped.")
    if ended == "processes":
        return ChildResult(None, "crashed", f"It started more than {_MOST_PROCESSES} processes; it was stopped.")
    if pipes.forged:
        return ChildResult(None, "crashed", "Something other than the result was written into its pipe.")
    if pipes.answer is None:
        return _death(pipes.errors.decode("utf-8", "replace").strip(), died_of, seconds)
    try:
        body = json.loads(pipes.answer)
    except (ValueError, RecursionError) as error:
        return ChildResult(None, "crashed", f"Its result cannot be read: {error}.")
    if "value" in body:
        return ChildResult(body["value"], "", "")
    return ChildResult(None, body["problem"], body["text"])


def _death(errors: str, died_of: int, seconds: float) -> ChildResult:
    last = errors.splitlines()[-1][:300] if errors else ""
    if _STARVED.search(errors):
        return ChildResult(None, "memory", f"It needed more memory than it was given. {last}".strip())
    if died_of < 0 and posix.signal_name(-died_of) == "SIGXCPU":
        return ChildResult(None, "time", f"It used up its processor time (limit {seconds:g} s).")
    how = f"signal {posix.signal_name(-died_of)}" if died_of < 0 else f"exit code {died_of}"
    return ChildResult(None, "crashed", f"It ended without a result ({how}). {last}".strip())
