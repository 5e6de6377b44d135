"""One queue with fair turns: who waits, in which order, and how many may compute at once."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict, deque
from collections.abc import Iterator

_LOOK = 0.1


class TurnQueue:
    """At most `slots` turns at a time, given round robin over owners (browser windows), not over requests.

    Somebody with ten requests waiting lets everybody else through once between any two of them. An owner who has
    just had a turn goes to the end of the round.
    """

    def __init__(self, slots: int) -> None:
        if slots < 1:
            raise ValueError(f"A queue needs at least one slot, not {slots!r}.")
        self._slots = slots
        self._running = 0
        self._waiting: OrderedDict[str, deque[object]] = OrderedDict()
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def turn(self, owner: str, cancel: threading.Event) -> Iterator[bool]:
        """Wait for a turn and hold it; yields False, without a turn, when `cancel` was set while waiting."""
        ticket = object()
        got = self._enter(owner, ticket, cancel)
        try:
            yield got
        finally:
            if got:
                with self._changed:
                    self._running -= 1
                    self._changed.notify_all()

    def place(self, owner: str) -> int:
        """How many turns are given before the owner's next one; 0 when none of theirs waits."""
        with self._changed:
            if owner not in self._waiting:
                return 0
            return list(self._waiting).index(owner) + 1

    def waiting(self) -> int:
        """How many requests wait, of all owners."""
        with self._changed:
            return sum(len(tickets) for tickets in self._waiting.values())

    def _enter(self, owner: str, ticket: object, cancel: threading.Event) -> bool:
        with self._changed:
            self._waiting.setdefault(owner, deque()).append(ticket)
            while True:
                if cancel.is_set():
                    self._leave(owner, ticket)
                    return False
                if self._running < self._slots and self._next() is ticket:
                    self._running += 1
                    self._leave(owner, ticket)
                    if owner in self._waiting:
                        self._waiting.move_to_end(owner)
                    return True
                self._changed.wait(_LOOK)  # woken by whoever is done; looks at `cancel` in between

    def _next(self) -> object:
        return next(iter(self._waiting.values()))[0]

    def _leave(self, owner: str, ticket: object) -> None:
        tickets = self._waiting[owner]
        tickets.remove(ticket)
        if not tickets:
            del self._waiting[owner]
        self._changed.notify_all()
