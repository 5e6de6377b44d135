"""Run a program a model wrote: tolerant of its form, in a sandbox inside a limited child, with a typed result.

    with Programs() as programs:
        programs.run("def solution():\\n    return 3 * 4").value        12

The sandbox is pydantic-monty (its own interpreter: no files, network, environment, or modules beyond a few); around
it stand limits of the operating system (limits.py) and a wall clock here. One warm child makes a run cheap; it is
replaced after a time-out, a crash or 200 runs. What this does not do: third-party packages, `yield`, input().
"""

from __future__ import annotations

import importlib.util
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from tools.errors import ProgramsUnavailable, ToolBroke

RUNS_PER_CHILD = 200
START_SECONDS = 30.0
GRACE_SECONDS = 1.0
MAX_CODE = 50_000
_MOST_LINE = 4_000_000
_REPLY = frozenset({"value", "text", "form", "printed", "error", "display", "code"})
_ROOT = str(Path(__file__).resolve().parent.parent)
_START = "import sys; sys.path.insert(0, {root!r}); from tools.program_child import main; main()"

Kind = Literal["number", "text", "bool", "list", "mapping", "none"]
JsonValue = bool | int | float | str | list[Any] | dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ProgramResult:
    """What a program gave.

    `value` JSON-able, `text` the same for a person, `printed` its output, `form` how the answer was found (function,
    expression, variable, printed, …), `code` what was run. `error` is one line, `error_display` a traceback with
    carets for a repair prompt; both empty when it worked.
    """

    value: JsonValue
    text: str
    printed: str
    error: str
    error_display: str
    seconds: float
    form: str
    code: str = ""

    @property
    def kind(self) -> Kind:
        """The type of the answer."""
        if isinstance(self.value, bool):
            return "bool"
        if isinstance(self.value, (int, float)):
            return "number"
        if isinstance(self.value, str):
            return "text"
        return "list" if isinstance(self.value, list) else "mapping" if isinstance(self.value, dict) else "none"


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether programs can be run here, the reason where not, and the operating system's limits in force."""

    available: bool
    reason: str = ""
    limits: tuple[str, ...] = ()


class Programs:
    """Runs programs one at a time in a warm child; safe to call from any thread, closed with `close` or `with`."""

    def __init__(self, python: str = sys.executable, *, start_seconds: float = START_SECONDS) -> None:
        self._python, self._start_seconds = python, start_seconds
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def __enter__(self) -> Programs:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def available(self) -> Availability:
        """Say whether the sandbox is there; starts the child, so that the first run is quick."""
        if importlib.util.find_spec("pydantic_monty") is None:
            return Availability(False, "Running code is off: the package 'pydantic-monty' is not installed.")
        try:
            with self._lock:
                return Availability(True, "", self._warm().limits)
        except ProgramsUnavailable as error:
            return Availability(False, str(error))

    def run(
        self,
        code: str,
        *,
        seconds: float = 5.0,
        memory: int = 256 * 1024**2,
        output: int = 64 * 1024,
        cancel: threading.Event | None = None,
    ) -> ProgramResult:
        """Run a program, with or without Markdown fences, and return its answer or its error.

        Args:
            code: what the model wrote.
            seconds: wall clock for the program.
            memory: bytes of heap inside the sandbox.
            output: characters of printed text, and of the result.
            cancel: set it from another thread to stop the program.

        Raises:
            ProgramsUnavailable: there is no sandbox on this machine. ToolBroke: it gave something else than a reply.
        """
        if len(code) > MAX_CODE:
            return _failed(f"The program has {len(code):,} characters; at most {MAX_CODE:,} are run.", 0.0)
        if importlib.util.find_spec("pydantic_monty") is None:
            raise ProgramsUnavailable("Running code is off: the package 'pydantic-monty' is not installed.")
        started = time.perf_counter()
        with self._lock:
            child = self._warm()
            request = {"id": child.runs, "code": code, "seconds": seconds, "memory": memory, "output": output}
            reply = child.ask(request, seconds + GRACE_SECONDS, cancel)
            elapsed = time.perf_counter() - started
            broken = not isinstance(reply, str) and not reply.keys() >= _REPLY
            if isinstance(reply, str) or broken or child.runs >= RUNS_PER_CHILD or _timed_out(reply):
                self._drop()
        if isinstance(reply, str):
            return _failed(reply, elapsed)
        if broken:
            raise ToolBroke("The sandbox for programs gave no readable reply and was ended. Try again.")
        return _result(reply, elapsed)

    def close(self) -> None:
        """End the child; a later run starts a new one."""
        with self._lock:
            self._drop()

    def _warm(self) -> _Child:
        if self._child is None or not self._child.alive():
            self._drop()
            self._child = _Child(self._python, self._start_seconds)
        return self._child

    def _drop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None


def _readable(line: str) -> dict[str, Any]:
    """One line of the child; {} where it is not a reply of ours."""
    try:
        reply = json.loads(line) if len(line) <= _MOST_LINE else None
    except (ValueError, RecursionError):
        return {}
    return reply if isinstance(reply, dict) else {}


def _timed_out(reply: dict[str, Any]) -> bool:
    # After a time-out the sandbox's heap is not to be trusted (its own documentation); a crash leaves no worker.
    return str(reply.get("error", "")).startswith(("TimeoutError", "MemoryError", "The program broke"))


def _failed(sentence: str, seconds: float) -> ProgramResult:
    return ProgramResult(None, "", "", sentence, sentence, seconds, "")


def _result(reply: dict[str, Any], seconds: float) -> ProgramResult:
    value, text, form = reply["value"], str(reply["text"]), str(reply["form"])
    printed, error = str(reply["printed"]), str(reply["error"])
    display, code = str(reply["display"]), str(reply["code"])
    if not error and value is None:
        last = next((line.strip() for line in reversed(printed.splitlines()) if line.strip()), "")
        value, text, form = (_printed_value(last), last, "printed") if last else (None, "", form)
        if not last:
            error = display = "The program gave no answer: let solution() return it."
    return ProgramResult(value, text, printed, error, display, seconds, form, code)


def _printed_value(line: str) -> JsonValue:
    """The last printed line as a number or truth value where the whole line is one, else the text."""
    if line in ("True", "False"):
        return line == "True"
    plain = line.replace(",", "").lstrip("$") if line[:1].isdigit() or line[:1] in "-$" else line
    try:
        number = float(plain) if len(plain) < 40 else None
    except ValueError:
        return line
    if number is None or number != number or number in (float("inf"), float("-inf")):
        return line
    return int(plain) if plain.lstrip("-").isdigit() else number


class _Child:
    """One child process and the thread that reads its lines."""

    def __init__(self, python: str, start_seconds: float) -> None:
        # Nothing of the app's environment reaches the child, but what Python and the system need to start.
        keep = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "LANG")
        environment = {name: value for name, value in os.environ.items() if name in keep}
        try:
            self._process = subprocess.Popen(
                [python, "-I", "-c", _START.format(root=_ROOT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
        except OSError as error:
            raise ProgramsUnavailable(f"Running code is off: {python!r} could not be started ({error}).") from error
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        assert self._process.stdout is not None
        threading.Thread(target=_read, args=(self._process.stdout, self._lines), daemon=True).start()
        self.runs = 0
        ready = self._line(start_seconds, None)
        if not isinstance(ready, dict) or not ready.get("ready"):
            self.kill()
            raise ProgramsUnavailable("Running code is off: the sandbox did not start. Reinstall 'pydantic-monty'.")
        self.limits = tuple(str(name) for name in ready["limits"])

    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: dict[str, Any], seconds: float, cancel: threading.Event | None) -> dict[str, Any] | str:
        """Send one request; return the reply, or a sentence where none came."""
        self.runs += 1
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError):
            return "The sandbox had stopped; run the program again."
        return self._line(seconds, cancel)

    def _line(self, seconds: float, cancel: threading.Event | None) -> dict[str, Any] | str:
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return f"TimeoutError: the program was stopped after {seconds - GRACE_SECONDS:g} s."
            if cancel is not None and cancel.is_set():
                return "The program was cancelled."
            try:
                line = self._lines.get(timeout=min(left, 0.05) if cancel is not None else left)
            except queue.Empty:
                continue
            if line is None:
                return "The program broke its sandbox and was stopped."
            return _readable(line)

    def kill(self) -> None:
        """End the child and the sandbox's worker, which is in its process group, and wait for it."""
        if os.name == "posix":
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                self._process.kill()
        else:
            self._process.kill()
        self._process.wait(timeout=10)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                _close(stream)


def _close(stream: IO[str]) -> None:
    try:
        stream.close()
    except OSError:
        return  # a pipe whose other end is gone


def _read(stream: IO[str], lines: queue.SimpleQueue[str | None]) -> None:
    """Pass the child's lines on; None when it ends. A line is bounded by the child's own limits."""
    try:
        for line in stream:
            lines.put(line)
    except (OSError, ValueError):
        pass  # the stream was closed by kill()
    lines.put(None)
