"""The embedded engine: start the process that holds llama.cpp, watch it, start it again when it dies, end it.

One supervising thread owns the process for its whole life. Knows nothing of downloads or of choosing a model.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from lottery_chat import machine, posix
from lottery_chat.errors import LotteryChatError, ModelUnreachable, SetupError
from lottery_chat.models import http
from lottery_chat.models.openai_compatible import OpenAICompatible
from lottery_chat.models.protocol import Abilities, ModelCard

EngineState = Literal["stopped", "loading", "ready", "failed"]

_ROOT = Path(__file__).resolve().parents[2]
_TAIL = 2000


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How the engine runs: `window` tokens for each of `slots` requests at once, times in seconds.

    `threads` 0: as many as there are physical cores. It is restarted at most `restarts` times within `period`.
    """

    slots: int = 2
    window: int = 4096
    threads: int = 0
    load_seconds: float = 180.0
    restarts: int = 3
    period: float = 600.0


class EmbeddedEngine:
    """llama.cpp in a child process on a loopback port with a key of its own. May be used from any thread.

    Args:
        command: what to start, for tests; the order goes to its standard input (see embedded_child.py).
    """

    def __init__(
        self,
        file: Path,
        name: str,
        settings: EngineSettings = EngineSettings(),
        *,
        thinks: bool = False,
        codes: bool = False,
        command: Sequence[str] = (),
    ) -> None:
        self.file, self.settings = file, settings
        size = file.stat().st_size if file.is_file() else 0
        self.card = ModelCard(name, "embedded", settings.window, size, thinks, codes, Abilities(grammar=True))
        self._command = list(command) or [sys.executable, "-m", "lottery_chat.models.embedded_child"]
        self._changed = threading.Condition()
        self._state: EngineState = "stopped"
        self._problem: LotteryChatError | None = None
        self._server: http.Server | None = None
        self._child: subprocess.Popen[str] | None = None
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._deaths: deque[float] = deque()
        self._words: deque[str] = deque(maxlen=40)
        self.load_seconds = 0.0

    # -- life --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to load in the background; once only."""
        with self._changed:
            if self._thread is None:
                self._state = "loading"
                # The kernel ties the child to the thread that starts it, so that thread lives as long as the child.
                self._thread = threading.Thread(target=self._supervise, name="embedded-engine", daemon=True)
                self._thread.start()

    def wait(self, seconds: float, cancel: threading.Event | None = None) -> bool:
        """Wait until it is ready. False when time ran out or `cancel` was set.

        Raises:
            SetupError, ModelUnreachable: it cannot be loaded, or died too often.
        """
        until = time.monotonic() + seconds
        with self._changed:
            while self._busy() and time.monotonic() < until and not (cancel and cancel.is_set()):
                self._changed.wait(0.1)
            if self._problem is not None:
                raise self._problem
            return self._state == "ready" and not self._busy()

    def _busy(self) -> bool:
        """Loading, or dead without the supervisor having noticed yet."""
        dead = self._child is not None and self._child.poll() is not None
        return self._state == "loading" or (self._state == "ready" and dead)

    def close(self) -> None:
        """End the process and wait for it."""
        self._closing.set()
        child = self._child
        if child is not None:
            _end(child)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(10.0)

    def model(self) -> OpenAICompatible:
        """g_φ on this engine; each call waits for a restart that is under way."""
        return OpenAICompatible(self._address, self.card, model=self.card.name, flavour="llama")

    # -- what is seen from outside -----------------------------------------------------------------------------

    @property
    def state(self) -> EngineState:
        return self._state

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    @property
    def memory(self) -> int:
        """Bytes the child holds; 0 where the system does not tell (only Linux does)."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        return 0

    def _address(self) -> http.Server:
        if not self.wait(self.settings.load_seconds) or self._server is None:
            raise ModelUnreachable(f"The engine of {self.card.name!r} is {self._state}. Ask again in a moment.")
        return self._server

    # -- the supervising thread --------------------------------------------------------------------------------

    def _supervise(self) -> None:
        while not self._closing.is_set():
            begun = time.monotonic()
            try:
                self._server = self._start_child()
            except LotteryChatError as error:
                if self._child is not None:
                    _release(self._child)
                self._become("failed", error)
                break
            self.load_seconds = time.monotonic() - begun
            self._become("ready")
            assert self._child is not None
            self._child.wait()
            _release(self._child)
            if self._closing.is_set():
                break
            self._become("loading")
            if not self._may_restart():
                died = f"The engine of {self.card.name!r} died {len(self._deaths)} times ({self._how()})."
                self._become("failed", ModelUnreachable(f"{died} Choose a smaller model, or start the app again."))
                break
        if self._closing.is_set():
            self._become("stopped", ModelUnreachable(f"The engine of {self.card.name!r} was closed."))

    def _become(self, state: EngineState, problem: LotteryChatError | None = None) -> None:
        with self._changed:
            self._state, self._problem = state, problem
            self._changed.notify_all()

    def _may_restart(self) -> bool:
        now = time.monotonic()
        self._deaths.append(now)
        while now - self._deaths[0] > self.settings.period:
            self._deaths.popleft()
        return len(self._deaths) <= self.settings.restarts

    def _start_child(self) -> http.Server:
        key = secrets.token_hex(24)
        order = {
            "model": str(self.file), "slots": self.settings.slots, "window": self.settings.window, "key": key,
            "threads": self.settings.threads or machine.physical_cores(), "parent": os.getpid(),
        }  # fmt: skip
        try:
            child = subprocess.Popen(
                self._command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True, encoding="utf-8", errors="replace", **posix.own_group(),
            )  # fmt: skip
        except OSError as error:
            raise SetupError(f"The engine cannot be started: {error}. Run `make run` again.") from error
        self._child = child
        if self._closing.is_set():
            _end(child)  # closed while it was being started
        assert child.stdin is not None and child.stdout is not None and child.stderr is not None
        threading.Thread(target=self._listen, args=(child.stderr,), name="engine-words", daemon=True).start()
        with contextlib.suppress(OSError):
            child.stdin.write(json.dumps(order) + "\n")
            child.stdin.flush()
        late = threading.Timer(self.settings.load_seconds, _end, (child,))
        late.daemon = True
        late.start()
        begun = time.monotonic()
        line = child.stdout.readline()
        late.cancel()
        if not line:
            child.wait()
            if time.monotonic() - begun >= self.settings.load_seconds:
                raise ModelUnreachable(
                    f"{self.card.name!r} was not loaded within {self.settings.load_seconds:.0f} s. Choose a smaller model."
                )
            raise ModelUnreachable(f"{self.card.name!r} could not be loaded ({self._how()}). Choose another model.")
        return self._told(child, line, key)

    def _told(self, child: subprocess.Popen[str], line: str, key: str) -> http.Server:
        try:
            told = json.loads(line)
            if "url" in told:
                return http.Server(str(told["url"]), key, f"The engine of {self.card.name!r}")
            problem, text = str(told["error"]), str(told["text"])
        except (ValueError, KeyError, TypeError):
            problem, text = "load", f"it said {line[:100]!r}"
        _end(child)
        child.wait()
        if problem == "avx2":
            raise SetupError(f"{text} Install Ollama (https://ollama.com); the app finds it by itself.")
        raise ModelUnreachable(
            f"{self.card.name!r} could not be loaded ({text}). Remove it and download it again, or choose another model."
        )

    def _how(self) -> str:
        code = self._child.poll() if self._child is not None else None
        how = f"killed by {posix.signal_name(-code)}" if code is not None and code < 0 else f"exit code {code}"
        last = "".join(self._words).strip().splitlines()[-1:]
        return f"{how}: {last[0][:160]}" if last else how

    def _listen(self, stream: IO[str]) -> None:
        """Drain standard error: a full pipe would stop the child; its last words explain a death."""
        with stream, contextlib.suppress(ValueError, OSError):
            for line in stream:
                self._words.append(line[:_TAIL])


def _end(child: subprocess.Popen[str]) -> None:
    with contextlib.suppress(OSError, ValueError):
        child.kill()


def _release(child: subprocess.Popen[str]) -> None:
    """Close our ends of a dead child's pipes; the listener closes the third."""
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
