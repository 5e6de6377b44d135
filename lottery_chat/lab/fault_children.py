"""Children that misbehave: what runs in the limited child in place of a solver or a reader, and the sandbox's double.

`misbehave` is called in the child itself (children.py), with the real function's name: where the fault is in how the
result travels, the result is the right one. `FaultyChildren` stands where `run_limited` is handed in.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lottery_chat.children import ChildResult, run_limited
from lottery_chat.lab.fault_server import HTML, MEGABYTES

_PROCESSES = 40


class FaultyChildren:
    """`run_limited`, with a fault in every child whose target begins with `prefix`; `calls` counts those.

    Args:
        most: seconds of those, where that is less than their limit.
    """

    def __init__(self, prefix: str, most: float = 60.0) -> None:
        self.fault = ""
        self.calls = 0
        self._prefix, self._most = prefix, most

    def __call__(
        self,
        target: str,
        request: Mapping[str, Any],
        *,
        seconds: float,
        memory: int,
        cancel: threading.Event | None = None,
    ) -> ChildResult:
        """As children.run_limited."""
        if target.startswith(self._prefix):
            self.calls += 1
            seconds = min(seconds, self._most)
            if self.fault == "refused":
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            if self.fault == "dns":
                target = f"not_installed_{target}"
            elif self.fault:
                request = {"fault": self.fault, "target": target, "request": dict(request)}
                target = "lottery_chat.lab.fault_children:misbehave"
        return run_limited(target, request, seconds=seconds, memory=memory, cancel=cancel)


def misbehave(order: Mapping[str, Any]) -> dict[str, Any]:
    """Do what the fault says; called in a limited child."""
    fault = str(order["fault"])
    if fault == "connect-hang":
        os.kill(os.getpid(), signal.SIGSTOP)
    if fault in ("connect-hang", "silence"):
        while True:
            pass
    if fault == "500":
        raise RuntimeError("internal error")
    if fault == "429":
        for _ in range(_PROCESSES):
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        time.sleep(60.0)
    if fault == "50MB":
        return {"page": "9" * (MEGABYTES * 10**6)}
    if fault == "empty":
        os._exit(0)
    if fault == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    _travel(fault, order)
    return {}


def _travel(fault: str, order: Mapping[str, Any]) -> None:
    """Write the frame of the real result as a failing pipe would bring it, then end."""
    module, _, name = str(order["target"]).partition(":")
    word, sink = _pipe()
    body = HTML
    if fault != "html":
        body = json.dumps({"value": getattr(importlib.import_module(module), name)(order["request"])}).encode()
    if fault == "truncated":
        body = body[: len(body) // 2]
    frame = word.encode() + len(body).to_bytes(8, "big") + body
    if fault == "drip":
        for at in range(len(frame)):
            os.write(sink, frame[at : at + 1])
            time.sleep(1.0)
    os.write(sink, frame[: len(frame) // 2] if fault == "reset" else frame)
    time.sleep(0.5 if fault == "reset" else 60.0)
    os._exit(1)


def _pipe() -> tuple[str, int]:
    """The secret word and the pipe of this child, which are the caller's (child_main.main)."""
    frame = sys._getframe()
    while frame.f_back is not None and not {"order", "sink"} <= frame.f_locals.keys():
        frame = frame.f_back
    return str(frame.f_locals["order"]["word"]), int(frame.f_locals["sink"])


#: The sandbox's double: it reads the fault from the file beside it; without one it becomes the real interpreter.
_DOUBLE = """#!{python}
import json, os, signal, sys, time
with open({count!r}, "a") as file:
    file.write("x")
fault = open({fault!r}).read()
if not fault:
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
if fault == "500":
    raise RuntimeError("internal error")
def say(text):
    sys.stdout.write(text)
    sys.stdout.flush()
if fault == "connect-hang":
    time.sleep(3600)
say(json.dumps({{"ready": fault != "429", "limits": []}}) + "\\n")
sys.stdin.readline()
with open({count!r}, "a") as file:
    file.write("r")
good = json.dumps({{"value": 949, "text": "949", "form": "function", "printed": "", "error": "", "display": "", "code": ""}})
if fault == "drip":
    for letter in good:
        say(letter)
        time.sleep(1)
if fault == "reset":
    say(good[:40])
    os._exit(1)
if fault == "dies":
    os.kill(os.getpid(), signal.SIGKILL)
said = {{"html": {html!r}, "truncated": good[:40], "empty": "", "50MB": '{{"value": "' + "9" * 50000000}}
if fault in said:
    say(said[fault] + "\\n")
time.sleep(3600)
"""


class SandboxDouble:
    """An interpreter for tools.programs.Programs that fails as it is told; one file each for fault and count."""

    def __init__(self, folder: Path) -> None:
        self.path, self._fault, self._count = folder / "python", folder / "fault", folder / "count"
        self._fault.write_text("")
        self._count.write_text("")
        text = _DOUBLE.format(python=sys.executable, fault=str(self._fault), count=str(self._count), html=HTML.decode())
        self.path.write_text(text, encoding="utf-8")
        self.path.chmod(0o700)

    def break_(self, fault: str) -> None:
        """From the next start on; "" is whole again."""
        away = self.path.with_name("away")
        if away.exists():
            away.rename(self.path)
        self.path.chmod(0o600 if fault == "refused" else 0o700)
        if fault == "dns":
            self.path.rename(away)
        self._fault.write_text(fault)

    def tries(self) -> int:
        """How often it was started; what failed is started anew."""
        return self._count.read_text().count("x")
