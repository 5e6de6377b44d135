"""Runs as the browser follows them: each event kept under a number, so that a page can go on where it was.

A page asks "what came after number n?" and waits a moment for it. It holds no connection open: seven windows, a
reload, a laptop that slept and a lost network are the same case. The run itself belongs to the app, not to a page.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

from lottery_chat.errors import LotteryChatError, NotFound
from lottery_chat.events import Answered, Event, Started, to_json
from lottery_chat.interface.app import App

#: How many finished runs stay in memory; older ones are read from the journal.
KEPT = 32


class LiveRun:
    """The events of one run so far, as JSON; `run` is empty until Started came."""

    def __init__(self) -> None:
        self.run = ""
        self.conversation = ""
        self.error = ""
        self.done = False
        self.numbering = secrets.token_hex(4)  # the journal joins pieces of text: its numbers are others than ours
        self._events: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._since = time.monotonic()

    def pump(self, events: Iterator[Event]) -> None:
        """Take events until there are no more. Runs in a thread of its own."""
        try:
            for event in events:
                self._add(event)
        except LotteryChatError as problem:
            self.error = str(problem)
        finally:
            with self._changed:
                self.done = True
                self.error = self.error or ("" if self._events else "The run ended without an answer. Ask again.")
                self._changed.notify_all()

    def _add(self, event: Event) -> None:
        with self._changed:
            if isinstance(event, Started):
                self.run, self.conversation = event.run, event.conversation
            self._events.append({**to_json(event), "at": round(time.monotonic() - self._since, 3)})
            self._changed.notify_all()

    def begun(self, seconds: float) -> bool:
        """Wait until the run has its id or has ended; False when neither came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self.run) or self.done, seconds)

    def after(self, number: int, seconds: float) -> dict[str, Any]:
        """Return {"events", "next", "done", "error", "numbering"} after event `number`, waiting at most `seconds`."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._events) > number or self.done, seconds)
            fresh = self._events[number:]
            told = {"events": fresh, "next": number + len(fresh), "done": self.done, "error": self.error}
            return {**told, "numbering": self.numbering}


class LiveRuns:
    """The runs that pages follow; finished ones come from the journal."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._runs: OrderedDict[str, LiveRun] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, seconds: float = 30.0, **request: Any) -> LiveRun:
        """Ask, and return as soon as the run has its id (the question is saved by then).

        Raises:
            LotteryChatError: the question could not be taken; the sentence for the person.
        """
        live = self._pump(lambda: self._app.chat.ask(**request))
        if not live.begun(seconds):
            raise LotteryChatError(f"The question was not taken within {seconds:g} s. Ask again in a moment.")
        if not live.run:
            raise LotteryChatError(live.error)
        self._keep(live)
        return live

    def after(self, run: str, number: int, seconds: float) -> dict[str, Any]:
        """Return what happened in a run after event `number`; see LiveRun.after. Old runs come at once."""
        live = self._runs.get(run)
        if live is not None:
            return live.after(number, seconds)
        kept = self._app.runs.events(run)
        if kept and isinstance(kept[-1][1], Answered):
            fresh = [{**to_json(event), "at": round(at, 3)} for at, event in kept]
            told = {"events": fresh[number:], "next": max(len(fresh), number), "done": True, "error": ""}
            return {**told, "numbering": "journal"}
        live = self._pump(lambda: self._app.chat.follow(run))
        if not live.begun(10.0) or not live.run:
            raise NotFound(live.error or f"There is no run {run!r}. Reload the page.")
        self._keep(live)
        return live.after(number, seconds)

    def _pump(self, events: Callable[[], Iterator[Event]]) -> LiveRun:
        live = LiveRun()

        def take() -> None:
            live.pump(_opened(events))

        threading.Thread(target=take, name="page-run", daemon=True).start()
        return live

    def _keep(self, live: LiveRun) -> None:
        with self._lock:
            self._runs[live.run] = live
            over = len(self._runs) - KEPT
            for old in [run for run, one in self._runs.items() if one.done][: max(over, 0)]:
                del self._runs[old]


def _opened(events: Callable[[], Iterator[Event]]) -> Iterator[Event]:
    """The call itself may refuse: inside the generator its error is the run's error."""
    yield from events()
