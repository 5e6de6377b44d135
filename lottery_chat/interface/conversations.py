"""The conversations of a home: their turns, their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lottery_chat.events import Answered


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer, as kept. `answered` is None while the run goes on or was cut off."""

    run: str
    question: str
    asked_at: str
    text: str
    answered: Answered | None
    running: bool
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationInfo:
    """A conversation in the rail; times are ISO 8601 in UTC."""

    id: str
    title: str
    changed_at: str
    turns: int


class Conversations(Protocol):
    """The conversations of this home, newest first."""

    def list(self, search: str = "") -> tuple[ConversationInfo, ...]: ...
    def turns(self, conversation: str) -> tuple[Turn, ...]: ...
    def create(self) -> str: ...
    def rename(self, conversation: str, title: str) -> None: ...
    def delete(self, conversation: str) -> None: ...
