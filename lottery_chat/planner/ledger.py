"""The ledger of a prompt: every token by its source against the window; what is left out is named.

Nothing is cut silently (design.md 8). Fixed parts (system, question) always stay; parts that may give way do
so oldest first, whole, and the ledger says which. A prompt whose fixed parts do not fit is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lottery_chat.errors import PromptTooLong
from lottery_chat.events import LedgerLine
from lottery_chat.messages import Message
from lottery_chat.models.protocol import ChatModel


@dataclass(frozen=True, slots=True)
class Block:
    """One message with its source; `droppable` blocks give way in order, first one first."""

    source: str
    message: Message
    droppable: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Messages that fit, with their ledger; `left_out` names what did not."""

    messages: tuple[Message, ...]
    ledger: tuple[LedgerLine, ...]
    left_out: tuple[str, ...]
    tokens: int


def fit(model: ChatModel, blocks: Sequence[Block], room: int) -> Prompt:
    """Build the prompt that leaves `room` tokens for the answer.

    Raises:
        PromptTooLong: what must stay does not fit.
    """
    kept = list(blocks)
    left_out: list[Block] = []
    limit = model.card.window - room
    tokens = model.count([block.message for block in kept])
    while tokens > limit:
        # Drop at once as many blocks as an estimate says, so that a long history costs few counts.
        victim = next((block for block in kept if block.droppable), None)
        if victim is None:
            raise PromptTooLong(
                f"The question needs {tokens} tokens and {room} are kept for the answer, but the window of "
                f"{model.card.name!r} is {model.card.window}. Ask with less text, or put the text into a file."
            )
        kept.remove(victim)
        left_out.append(victim)
        tokens = model.count([block.message for block in kept])
    return Prompt(
        messages=tuple(block.message for block in kept),
        ledger=_lines(model, kept, left_out, tokens),
        left_out=tuple(block.name for block in left_out if block.name),
        tokens=tokens,
    )


def _lines(model: ChatModel, kept: Sequence[Block], left_out: Sequence[Block], tokens: int) -> tuple[LedgerLine, ...]:
    sources: dict[str, int] = {}
    letters: dict[str, int] = {}
    for block in kept:
        letters[block.source] = letters.get(block.source, 0) + len(block.message.text) + 12
    total = sum(letters.values()) or 1
    # One exact count of the whole; the shares by length. Counting each source would cost a call each.
    for source, share in letters.items():
        sources[source] = round(tokens * share / total)
    dropped: dict[str, list[str]] = {}
    for block in left_out:
        dropped.setdefault(block.source, []).append(block.name or block.source)
    return tuple(
        LedgerLine(source, sources.get(source, 0), ", ".join(dropped.get(source, ())))
        for source in dict.fromkeys([*sources, *dropped])
    )
