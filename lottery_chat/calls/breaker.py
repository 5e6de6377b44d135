"""A circuit breaker for each tool of the process: after three faults in a row it rests, then one call may try again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from lottery_chat.calls.values import ToolFault

FAULTS = 3
#: How long a tool rests (seconds).
REST = 60.0


@dataclass(slots=True)
class _Circuit:
    faults: int = 0
    opened: float = 0.0
    trying: bool = False


class Breaker:
    """Closed, open, half-open, per tool. Only faults of the tool count, not wrong arguments or an empty result."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._circuits: dict[str, _Circuit] = {}
        self._lock = threading.Lock()

    def enter(self, tool: str) -> None:
        """Ask whether the tool may be called now; every call that may must be reported with `passed` or `failed`.

        Raises:
            ToolFault: it rests; the sentence says for how long.
        """
        with self._lock:
            circuit = self._circuits.setdefault(tool, _Circuit())
            if circuit.faults < FAULTS:
                return
            left = circuit.opened + REST - self._clock()
            if left > 0 or circuit.trying:
                raise ToolFault(
                    f"{tool} failed {FAULTS} times in a row and rests; it is tried again in {max(1, round(left))} s."
                )
            circuit.trying = True

    def passed(self, tool: str) -> None:
        """The tool worked (also when it refused its arguments): the circuit closes."""
        with self._lock:
            self._circuits[tool] = _Circuit()

    def failed(self, tool: str) -> None:
        """The tool itself failed."""
        with self._lock:
            circuit = self._circuits.setdefault(tool, _Circuit())
            circuit.faults += 1
            circuit.trying = False
            if circuit.faults >= FAULTS:
                circuit.opened = self._clock()

    def given_up(self, tool: str) -> None:
        """The call was stopped by the person: it says nothing about the tool."""
        with self._lock:
            self._circuits.setdefault(tool, _Circuit()).trying = False
