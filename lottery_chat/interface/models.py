"""Which g_φ can be had, and which answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from lottery_chat.interface.part import Part


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model one can choose; `size` in bytes, `fits` whether this machine has the memory."""

    name: str
    where: str
    size: int
    licence: str
    window: int
    installed: bool
    chosen: bool
    fits: bool
    note: str = ""


class Models(Protocol):
    """Which g_φ can be had, and which answers."""

    def list(self) -> tuple[ModelInfo, ...]: ...
    def choose(self, name: str) -> None:
        """Make it the model from the next question on, downloading it in the background if needed."""
        ...

    def pull(self, name: str) -> Iterator[Part]: ...
    def remove(self, name: str) -> None: ...
    def before(self, conversation: str) -> int:
        """How many turns of others the model has to serve first; 0 when none of this conversation's waits."""
        ...
