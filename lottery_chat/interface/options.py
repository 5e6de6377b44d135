"""What a person may change on the page; kept across restarts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from lottery_chat.interface.chat import Retrieval, WebSearch


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person may change on the page; kept across restarts."""

    model: str = "auto"
    mode: Literal["auto", "fast", "deliberate"] = "auto"
    web_search: WebSearch = "ask"
    retrieval: Retrieval = "auto"
    seconds: int = 90
    theme: Literal["system", "light", "dark"] = "system"


class Options(Protocol):
    """The preferences, kept in the home folder."""

    def read(self) -> Preferences: ...
    def change(self, **values: object) -> Preferences: ...
