"""A ChatModel that replays given replies: for tests, for work on the page, for demonstrations without a model.

It streams, honours cancel, stop strings and max_tokens, counts a word as a token, and can misbehave on purpose.
"""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from lottery_chat.errors import ModelUnreachable
from lottery_chat.messages import Message
from lottery_chat.models.labels import check_labels
from lottery_chat.models.protocol import Abilities, Finish, ModelCard, Piece, Reply, Request
from lottery_chat.models.tally import refuse_too_long
from lottery_chat.models.thinking import ThoughtSplitter

#: How it misbehaves: says nothing until cancelled or out of time, dies after two pieces, or sends noise.
Fault = Literal["", "hang", "die", "garble"]
Replies = Sequence[str] | Callable[[Sequence[Message]], str]

_PER_MESSAGE = 3
_WORD = re.compile(r"\s*\S+|\s+")


class ScriptedModel:
    """Replies in the given order (the last one again and again), or what a function of the messages returns.

    Args:
        delay: seconds before each piece. labels: log-probabilities by label, or a function of messages and labels;
            the first label wins where neither says anything.
        fault: how it misbehaves, from the call with the number `fault_from` (0 the first) on.
    """

    def __init__(
        self,
        replies: Replies = ("Hello.",),
        *,
        name: str = "scripted",
        window: int = 4096,
        delay: float = 0.0,
        labels: Mapping[str, float] | Callable[[Sequence[Message], Sequence[str]], Mapping[str, float]] | None = None,
        fault: Fault = "",
        fault_from: int = 0,
        thinks: bool = False,
        codes: bool = False,
    ) -> None:
        self.card = ModelCard(name, "scripted", window, 0, thinks, codes, Abilities(grammar=True))
        self.calls: list[Request] = []
        self.pieces_sent = 0
        self._replies, self._delay, self._labels = replies, delay, labels
        self._fault, self._fault_from = fault, fault_from
        self._lock = threading.Lock()

    def stream(self, request: Request, cancel: threading.Event) -> Iterator[Piece | Reply]:
        """Yield a word at a time, then the Reply."""
        counted = self.count(request.messages)
        refuse_too_long(self.card, request, counted)
        number, whole = self._reply(request)
        fault = self._fault if number >= self._fault_from else ""
        begun = time.monotonic()
        if fault == "hang":
            cancel.wait(request.timeout)
            if not cancel.is_set():
                raise ModelUnreachable(f"{self.card.name!r} did not finish within {request.timeout:.0f} s. Ask again.")
        text, stopped = _until(whole, request.stop)
        splitter = ThoughtSplitter()
        said: list[Piece] = []
        first = sent = 0.0
        finish: Finish = "stop"
        for index, word in enumerate(_WORD.findall(text)):
            if cancel.wait(self._delay) if self._delay else cancel.is_set():
                finish = "cancelled"
                break
            if fault == "die" and index == 2:
                raise ModelUnreachable(f"The server of {self.card.name!r} broke off in the middle. Ask again.")
            if index >= request.max_tokens:
                finish = "length"
                break
            first = first or time.monotonic() - begun
            self.pieces_sent += 1
            sent += 1
            for piece in splitter.feed("\ufffd\x00" * 3 if fault == "garble" else word):
                said.append(piece)
                yield piece
        for piece in splitter.end():
            said.append(piece)
            yield piece
        if cancel.is_set() and finish == "stop" and not stopped and fault == "hang":
            finish = "cancelled"
        yield Reply(
            text="".join(one.text for one in said if not one.thought),
            thoughts="".join(one.text for one in said if one.thought),
            tokens_in=counted,
            tokens_out=int(sent),
            tokens_cached=0,
            seconds_to_first=first,
            seconds=time.monotonic() - begun,
            finish=finish,
            logprob=-0.1,
        )

    def labels(
        self, messages: Sequence[Message], labels: Sequence[str], cancel: threading.Event
    ) -> Mapping[str, float]:
        """The configured log-probabilities, normalised over the labels."""
        check_labels(labels)
        given: Mapping[str, float] = {}
        if callable(self._labels):
            given = self._labels(messages, labels)
        elif self._labels is not None:
            given = self._labels
        raw = {
            label: given.get(label, -0.1 if not given and index == 0 else -5.0) for index, label in enumerate(labels)
        }
        whole = math.log(sum(math.exp(value) for value in raw.values()))
        return {label: value - whole for label, value in raw.items()}

    def count(self, messages: Sequence[Message]) -> int:
        """Words, and three for each message."""
        return sum(_PER_MESSAGE + len(message.text.split()) for message in messages)

    def _reply(self, request: Request) -> tuple[int, str]:
        with self._lock:
            number = len(self.calls)
            self.calls.append(request)
        if callable(self._replies):
            return number, self._replies(request.messages)
        return number, self._replies[min(number, len(self._replies) - 1)]


def _until(text: str, stops: Sequence[str]) -> tuple[str, bool]:
    """The text before the first stop string, and whether there was one."""
    places = [at for at in (text.find(stop) for stop in stops) if at >= 0]
    return (text[: min(places)], True) if places else (text, False)
