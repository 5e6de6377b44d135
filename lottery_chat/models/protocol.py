"""ChatModel: the protocol the planner needs of g_φ, and the values it exchanges."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from lottery_chat.messages import Message

Where = Literal["embedded", "ollama", "openai", "scripted"]
Finish = Literal["stop", "length", "cancelled"]


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the probed server can do; what is missing has a stated fallback (design.md 3)."""

    logprobs: bool = True
    schema: bool = True
    grammar: bool = False
    refuses_long: bool = True


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model as it is reached: `window` in tokens for one request, `size` in bytes (0 unknown)."""

    name: str
    where: Where
    window: int
    size: int = 0
    thinks: bool = False
    codes: bool = False
    abilities: Abilities = Abilities()


@dataclass(frozen=True, slots=True)
class Request:
    """One call of g_φ. Exactly one of `schema` (JSON schema) and `grammar` (GBNF) may be set."""

    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float = 0.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    grammar: str | None = None
    think: bool = False
    timeout: float = 300.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text as it streams; thoughts are never part of the answer."""

    text: str
    thought: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole reply: always the last item of a stream. Seconds count from the request's start.

    `logprob` is the mean log-probability a token, None where the server gives none.
    `tokens_cached` of `tokens_in` came from the prefix cache.
    """

    text: str
    thoughts: str
    tokens_in: int
    tokens_out: int
    tokens_cached: int
    seconds_to_first: float
    seconds: float
    finish: Finish
    logprob: float | None = None


class ChatModel(Protocol):
    """g_φ of the paper: a small model behind a server process.

    All methods raise ModelError or a child of it; `stream` raises PromptTooLong before anything is sent.
    """

    card: ModelCard

    def stream(self, request: Request, cancel: threading.Event) -> Iterator[Piece | Reply]:
        """Yield pieces, then exactly one Reply. Setting `cancel` really stops the server."""
        ...

    def labels(
        self, messages: Sequence[Message], labels: Sequence[str], cancel: threading.Event
    ) -> Mapping[str, float]:
        """Return the log-probability of each label as the next words, normalised over the labels."""
        ...

    def count(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the server would read for this prompt, chat template included."""
        ...
