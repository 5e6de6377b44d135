"""What M keeps beyond a run: notes, cells, checked answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RememberedInfo:
    """Something M keeps: a note or cell of a conversation (`kind` is the row's name, `title` the conversation's), or a
    checked answer (`kind` "answer", `title` its question). `kept_at` is ISO 8601 in UTC."""

    id: str
    kind: str
    title: str
    text: str
    kept_at: str


class Memory(Protocol):
    """What is remembered beyond a run."""

    def kept(self) -> tuple[RememberedInfo, ...]:
        """Notes and cells of all conversations, oldest first."""
        ...

    def answers(self) -> tuple[RememberedInfo, ...]:
        """Checked answers that may be served again, newest first."""
        ...

    def forget(self, id: str) -> None:
        """Remove one of them for good."""
        ...
