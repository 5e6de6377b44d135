"""Gather one streamed reply: pieces, thoughts, times, log-probabilities, and the Reply at its end."""

from __future__ import annotations

import time
from collections.abc import Iterable

from lottery_chat.errors import ModelError, PromptTooLong
from lottery_chat.models.protocol import Finish, ModelCard, Piece, Reply, Request
from lottery_chat.models.thinking import ThoughtSplitter

#: The server must have read at least this share of what we counted, else it cut the prompt silently.
_READ_EXACT = 0.95
#: Our own count is from above where the server has no tokeniser; this share of it is never missed honestly.
_READ_GUESSED = 0.5
#: Below this many tokens a template's own lines weigh more than a cut could.
_TOO_SHORT_TO_JUDGE = 200


def refuse_too_long(card: ModelCard, request: Request, counted: int) -> None:
    """Refuse before sending what the window cannot hold; `max_tokens` is never lowered silently.

    Raises:
        PromptTooLong: prompt and answer together are longer than the window.
    """
    if counted + request.max_tokens > card.window:
        raise PromptTooLong(
            f"The prompt has {counted} tokens and {request.max_tokens} are kept for the answer, but the window of "
            f"{card.name!r} is {card.window} tokens. Ask with less text, or for a shorter answer."
        )


class Tally:
    """What has come of one reply so far. Seconds count from its making."""

    def __init__(self, counted: int, *, exact: bool) -> None:
        self.tokens_in = counted
        self.tokens_out = 0
        self.tokens_cached = 0
        self.finish: Finish | None = None
        self._counted, self._exact, self._read = counted, exact, 0
        self._started = time.monotonic()
        self._first: float | None = None
        self._texts: list[str] = []
        self._thoughts: list[str] = []
        self._logprobs: list[float] = []
        self._splitter = ThoughtSplitter()

    def text(self, text: str) -> list[Piece]:
        """Text of the reply, in which thoughts may still be hidden."""
        return self._keep(self._splitter.feed(text)) if text else []

    def thought(self, text: str) -> list[Piece]:
        """Text that the server itself says is thinking."""
        return self._keep([Piece(text, thought=True)]) if text else []

    def rest(self) -> list[Piece]:
        """What the splitter still held back when the stream ended."""
        return self._keep(self._splitter.end())

    def logprobs(self, values: Iterable[float]) -> None:
        self._logprobs.extend(values)

    def read(self, tokens: int) -> None:
        """The server's own count of the prompt."""
        self._read = tokens
        if tokens:
            self.tokens_in = tokens

    def _keep(self, pieces: list[Piece]) -> list[Piece]:
        for piece in pieces:
            if self._first is None:
                self._first = time.monotonic() - self._started
            (self._thoughts if piece.thought else self._texts).append(piece.text)
        return pieces

    def check_read(self, card: ModelCard) -> None:
        """Compare the server's count with ours.

        Raises:
            ModelError: it read clearly less than it was given, so the answer rests on a cut prompt.
        """
        least = self._counted * (_READ_EXACT if self._exact else _READ_GUESSED)
        if self._read and self._counted >= _TOO_SHORT_TO_JUDGE and self._read < least:
            raise ModelError(
                f"The server of {card.name!r} read only {self._read} of about {self._counted} tokens: it cut the "
                "prompt without saying so, and its answer cannot be trusted. Give that server a larger window."
            )

    def reply(self) -> Reply:
        """The whole reply; `finish` is "cancelled" when nothing set it."""
        seconds = time.monotonic() - self._started
        mean = sum(self._logprobs) / len(self._logprobs) if self._logprobs else None
        return Reply(
            text="".join(self._texts),
            thoughts="".join(self._thoughts).strip(),
            tokens_in=self.tokens_in,
            tokens_out=self.tokens_out,
            tokens_cached=self.tokens_cached,
            seconds_to_first=seconds if self._first is None else self._first,
            seconds=seconds,
            finish=self.finish or "cancelled",
            logprob=mean,
        )
