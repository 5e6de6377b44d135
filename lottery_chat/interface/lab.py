"""What the lab measured in this home, as the page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LabRun:
    """A run of the lab: its folder's name, when it began (ISO 8601), the models, the lines it has."""

    name: str
    started: str
    models: tuple[str, ...]
    items: int


class Lab(Protocol):
    """What was measured here."""

    def runs(self) -> tuple[LabRun, ...]:
        """Newest first."""
        ...

    def report(self, run: str) -> str:
        """One run's tables as Markdown."""
        ...
