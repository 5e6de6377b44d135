"""Texts whose answer is composed step by step: family ties, directions, swaps, who lies."""

from __future__ import annotations

from tools.logic.directions import answer_direction
from tools.logic.exchanges import answer_exchanges, answer_liars
from tools.logic.message import Message
from tools.logic.relations import Told, answer_family


def composed(message: Message) -> Told | None:
    """What composing ties, directions, swaps or sayings gives; None where the text is of none of these kinds."""
    for answer in (answer_family, answer_direction, answer_exchanges, answer_liars):
        told = answer(message)
        if told is not None:
            return told
    return None
