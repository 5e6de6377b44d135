"""The process of a search model: started, asked with a limit of time, ended with us."""

from __future__ import annotations

import collections
import contextlib
import os
import subprocess
import sys
import threading
import time
import weakref
from typing import Any, BinaryIO, cast

from lottery_chat import posix
from lottery_chat.children import ROOT, clean_environment
from lottery_chat.search_worker import read_frame, write_frame

#: torch takes 2 to 30 s to import, longer on a busy machine.
_LOAD_SECONDS = 300.0


class SearchProcess:
    """One life of the child: requests carry numbers, a thread hands each answer to whoever waits for it."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "lottery_chat.search_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env={**clean_environment(threads=order["threads"]), "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"},
            **posix.own_group(same_session=True),
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


def _hand_out(process: weakref.ref[SearchProcess], pipe: BinaryIO) -> None:
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


def _drain(process: weakref.ref[SearchProcess], pipe: BinaryIO) -> None:
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
