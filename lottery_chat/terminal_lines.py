"""What a terminal shows while an answer is made: a line of progress on stderr, the growing text on stdout."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TextIO

from lottery_chat.plain_text import plain


class ProgressLine:
    """One line on stderr that replaces itself on a terminal; elsewhere a new line now and then.

    A second thread tells how far the model is while nothing else happens.
    """

    QUIET_SECONDS = 10.0

    def __init__(self, err: TextIO, waiting: Callable[[], str] | None = None) -> None:
        self._err = err
        self._tty = err.isatty()
        self._waiting = waiting
        self._lock = threading.Lock()
        self._shown = ""
        self._changed = time.monotonic()
        self._ended = threading.Event()
        if waiting is not None:
            threading.Thread(target=self._watch, name="progress line", daemon=True).start()

    def show(self, text: str) -> None:
        """Replace the line."""
        text = " ".join(plain(text).split())
        with self._lock:
            now = time.monotonic()
            if text == self._shown or self._ended.is_set():
                return
            if self._tty:
                self._err.write(f"\r\x1b[K{text[:110]}")
            elif now - self._changed < self.QUIET_SECONDS:
                return
            else:
                self._err.write(f"{text}\n")
            self._err.flush()
            self._shown, self._changed = text, now

    def clear(self) -> None:
        """Take the line away, because text follows."""
        with self._lock:
            if self._tty and self._shown:
                self._err.write("\r\x1b[K")
                self._err.flush()
            self._shown, self._changed = "", time.monotonic()

    def end(self) -> None:
        """Take the line away for good."""
        self.clear()
        self._ended.set()

    def _watch(self) -> None:
        while not self._ended.wait(0.5):
            if self._waiting is not None and time.monotonic() - self._changed > 1.0:
                text = self._waiting()
                if text:
                    self.show(text)


class Answer:
    """The answer's text on stdout: streamed on a terminal, whole at the end elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._tty = out.isatty()
        self._shown = ""

    def add(self, text: str) -> None:
        """Some more of it."""
        if self._tty:
            self._write(plain(text))

    def replace(self, text: str) -> None:
        """The text is this one now; what stands there already cannot be taken back, so it is said."""
        text = plain(text)
        if not self._tty or text.strip() == self._shown.strip():
            return
        if text.startswith(self._shown):
            self._write(text[len(self._shown) :])
        else:
            self._out.write("\n\n(replaced by:)\n")
            self._shown = ""
            self._write(text)

    def end(self, text: str) -> None:
        """The run is over; this is the whole text."""
        if self._tty:
            self.replace(text)
        else:
            self._write(plain(text))
        if self._shown and not self._shown.endswith("\n"):
            self._out.write("\n")
        self._out.flush()

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
        self._shown += text
