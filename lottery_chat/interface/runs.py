"""The journal's runs as the page and the command line list them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lottery_chat.events import Event


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run in a list: its question, how it ended, what it cost."""

    run: str
    conversation: str
    question: str
    asked_at: str
    status: str
    known: str
    checked: bool
    calls: int
    seconds: float
    model: str


class Runs(Protocol):
    """The journal."""

    def list(self, limit: int = 50) -> tuple[RunInfo, ...]: ...
    def events(self, run: str) -> tuple[tuple[float, Event], ...]:
        """Each event with its seconds since the question."""
        ...

    def stats(self) -> dict[str, float]: ...
