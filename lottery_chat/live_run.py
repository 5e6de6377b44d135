"""A run that goes on: its events so far, for every reader until its answer, and its stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from lottery_chat.events import Answered, Event


class LiveRun:
    """A run that goes on: its events so far, and those who wait for more."""

    def __init__(self, run: str, conversation: str) -> None:
        self.run = run
        self.conversation = conversation
        self.cancel = threading.Event()
        self.started = time.monotonic()
        self._events: list[Event] = []
        self._ended = False
        self._more = threading.Condition()

    def add(self, event: Event) -> None:
        """Append an event and wake the readers."""
        with self._more:
            self._events.append(event)
            self._ended = isinstance(event, Answered)
            self._more.notify_all()

    def read(self) -> Iterator[Event]:
        """All events from the start until Answered."""
        index = 0
        while True:
            with self._more:
                while index >= len(self._events) and not self._ended:
                    self._more.wait(1.0)
                ready = self._events[index:]
            yield from ready
            index += len(ready)
            if ready and isinstance(ready[-1], Answered):
                return
