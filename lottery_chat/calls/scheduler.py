"""AIOS's agent scheduler: in which order calls run, one at a time for each kind, within their time, and until stopped.

First come, first served within a kind. A call runs in a thread of its own, so that one that hangs costs its limit
and no more: it is left behind, and a kind with too many left behind refuses new calls at once. What this does not
do: it cannot end a thread. Tools that may hang for ever run in killable children and have their own limit.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

from lottery_chat.calls.values import CallStopped, ToolFault
from lottery_chat.errors import LotteryChatError
from tools.errors import ToolError

T = TypeVar("T")

#: Calls of one kind that may hang behind our back before new ones are refused.
MOST_STRAY = 3
#: A stopped tool may still end by itself for so long (seconds).
GRACE = 0.7
#: How long a call waits for its turn (seconds).
WAIT = 60.0
_TICK = 0.05


class _Edge:
    """The edge of a call: whatever the tool raises is kept, so that its thread ends without a traceback."""

    error: BaseException | None = None

    def __enter__(self) -> _Edge:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> bool:
        self.error = error
        return True


class _Work(Generic[T]):
    def __init__(self, function: Callable[[], T]) -> None:
        self.function = function
        self.done = threading.Event()
        self.edge = _Edge()
        self.values: list[T] = []

    def run(self) -> None:
        with self.edge:
            self.values.append(self.function())
        self.done.set()


class _Lane:
    """One kind: how many run, who waits in which order, how many were left behind."""

    def __init__(self) -> None:
        self.running = 0
        self.waiting: deque[object] = deque()
        self.stray: list[_Work[object]] = []


class Scheduler:
    """Runs calls; safe to use from any number of threads.

    Args:
        slots: how many calls of one kind run at a time.
    """

    def __init__(self, slots: int = 1) -> None:
        self._slots = slots
        self._lanes: dict[str, _Lane] = {}
        self._free = threading.Condition()

    def run(
        self, tool: str, kind: str, function: Callable[[], T], seconds: float, cancel: threading.Event | None = None
    ) -> T:
        """Wait for the kind's turn, run the function, and give its value.

        Args:
            seconds: for the call itself; the wait for its turn is at most WAIT.

        Raises:
            ToolError: the function's own. ToolFault: out of time, or it broke. CallStopped: `cancel` was set.
        """
        lane = self._enter(tool, kind, cancel)
        work: _Work[T] = _Work(function)
        try:
            threading.Thread(target=work.run, name=f"call-{tool[:20]}", daemon=True).start()
            self._watch(tool, work, seconds, cancel)
        finally:
            with self._free:
                lane.running -= 1
                if not work.done.is_set():
                    lane.stray.append(work)  # type: ignore[arg-type]
                self._free.notify_all()
        return _value(tool, work)

    def _enter(self, tool: str, kind: str, cancel: threading.Event | None) -> _Lane:
        until = time.monotonic() + WAIT
        ticket = object()
        with self._free:
            lane = self._lanes.setdefault(kind, _Lane())
            lane.stray = [one for one in lane.stray if not one.done.is_set()]
            if len(lane.stray) >= MOST_STRAY:
                raise ToolFault(
                    f"{tool} hangs: {MOST_STRAY} earlier calls never ended. Restart Lottery Chat to use it."
                )
            lane.waiting.append(ticket)
            try:
                while lane.running >= self._slots or lane.waiting[0] is not ticket:
                    if cancel is not None and cancel.is_set():
                        raise CallStopped(f"{tool} was stopped before its turn.")
                    if time.monotonic() >= until:
                        raise ToolError(f"{tool} was busy for {WAIT:g} s with other questions. Ask again.")
                    self._free.wait(_TICK)
                lane.running += 1
            finally:
                lane.waiting.remove(ticket)
                self._free.notify_all()
        return lane

    def _watch(self, tool: str, work: _Work[T], seconds: float, cancel: threading.Event | None) -> None:
        until = time.monotonic() + seconds
        while not work.done.wait(max(0.0, min(_TICK, until - time.monotonic()))):
            if cancel is not None and cancel.is_set():
                if work.done.wait(GRACE):
                    return
                raise CallStopped(f"{tool} was stopped.")
            if time.monotonic() >= until:
                raise ToolFault(f"{tool} gave no answer within {seconds:g} s and was left. Ask something smaller.")


def _value(tool: str, work: _Work[T]) -> T:
    error = work.edge.error
    if error is None:
        return work.values[0]
    if isinstance(error, ToolError | LotteryChatError):
        raise error
    said = f"{type(error).__name__}: {str(error)[:200]}" if str(error) else type(error).__name__
    raise ToolFault(f"{tool} broke ({said}). It is not used for this; ask in another way.") from error
