"""A ChatModel for one owner (a browser window): each call of it takes a fair turn on the model in use."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from lottery_chat.messages import Message
from lottery_chat.models.labels import chosen
from lottery_chat.models.protocol import ChatModel, ModelCard, Piece, Reply, Request


class Turns(Protocol):
    """What it needs of the hub."""

    def in_turn(self, owner: str, cancel: threading.Event) -> AbstractContextManager[ChatModel | None]:
        """Hold a turn on the model in use; None when `cancel` was set while waiting for it."""
        ...

    def counting(self) -> ChatModel:
        """The model in use, for counting tokens, which takes no turn."""
        ...

    def measured(self, reply: Reply) -> None:
        """Hear of a reply, for the average speed."""
        ...


class InTurn:
    """Every stream and every question for labels takes a turn, counting does not.

    It follows the model in use: after a switch the next call goes to the new one.
    """

    def __init__(self, hub: Turns, owner: str, card: ModelCard) -> None:
        self.card = card
        self._hub, self._owner = hub, owner

    def stream(self, request: Request, cancel: threading.Event) -> Iterator[Piece | Reply]:
        """As of the protocol; a Reply with finish "cancelled" when `cancel` was set while waiting."""
        with self._hub.in_turn(self._owner, cancel) as model:
            if model is None:
                yield Reply("", "", 0, 0, 0, 0.0, 0.0, "cancelled")
                return
            self.card = model.card
            for item in model.stream(request, cancel):
                if isinstance(item, Reply):
                    self._hub.measured(item)
                yield item

    def labels(
        self, messages: Sequence[Message], labels: Sequence[str], cancel: threading.Event
    ) -> Mapping[str, float]:
        """As of the protocol; all alike when `cancel` was set while waiting."""
        with self._hub.in_turn(self._owner, cancel) as model:
            return chosen(labels, "") if model is None else model.labels(messages, labels, cancel)

    def count(self, messages: Sequence[Message]) -> int:
        """As of the protocol."""
        return self._hub.counting().count(messages)
