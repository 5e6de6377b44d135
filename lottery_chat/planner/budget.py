"""How much one run may spend, checked before spending; running out is a normal, reported ending."""

from __future__ import annotations

import threading
import time

from lottery_chat.planner.values import Limits, Spent


class BudgetSpent(Exception):
    """A limit was reached; the run ends with the best it has. Never leaves the planner."""


class Stopped(Exception):
    """The person pressed Stop. Never leaves the planner."""


class Budget:
    """The limits of a run and what is left of them; `cancel` ends everything."""

    def __init__(self, limits: Limits, cancel: threading.Event) -> None:
        self.limits = limits
        self.cancel = cancel
        self.spent = Spent()
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._start

    @property
    def seconds_left(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.limits.seconds - self.seconds)

    def before_call(self) -> None:
        """Check that one more model call may be made, and count it.

        Raises:
            Stopped: the run was cancelled.
            BudgetSpent: seconds, calls or tokens are used up.
        """
        self.check()
        if self.spent.calls >= self.limits.calls:
            raise BudgetSpent(f"{self.limits.calls} model calls are used up")
        if self.spent.tokens_in + self.spent.tokens_out >= self.limits.tokens:
            raise BudgetSpent(f"{self.limits.tokens} tokens are used up")
        self.spent.calls += 1

    def before_node(self, depth: int) -> None:
        """Check that one more node may be opened at this depth, and count it."""
        self.check()
        if self.spent.nodes >= self.limits.nodes:
            raise BudgetSpent(f"{self.limits.nodes} steps are used up")
        self.spent.nodes += 1

    def check(self) -> None:
        """Raise if the run was stopped or its time is up."""
        if self.cancel.is_set():
            raise Stopped
        if self.seconds >= self.limits.seconds:
            raise BudgetSpent(f"{self.limits.seconds:.0f} seconds are used up")

    def nearly_over(self, left: float = 3.0) -> threading.Event:
        """An event that is set when the run is stopped, or has less than `left` seconds: for whoever waits for a part."""
        return _NearlyOver(self, left)


class _NearlyOver(threading.Event):
    def __init__(self, budget: Budget, left: float) -> None:
        super().__init__()
        self._budget, self._left = budget, left

    def is_set(self) -> bool:
        """Asked, not told."""
        return self._budget.cancel.is_set() or self._budget.seconds_left < self._left
