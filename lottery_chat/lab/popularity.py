"""Looking up only what is little known: accuracy, prompt tokens and seconds at each threshold of popularity.

The Huffman view (paper.md 3.2): what many ask is worth a place in the parameters, with a short prompt, and only the
long tail a long one. Counted from kept records of the model alone and of an arm that looks up, on the same items.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from lottery_chat.lab.lookups import BARE
from lottery_chat.lab.tables import percent, table
from lottery_chat.lab.tallying import by_arm
from lottery_chat.lab.values import Record

_BAND = re.compile(r"s_pop 10\^(\d+) to ")


@dataclass(frozen=True, slots=True)
class Threshold:
    """What it gives to look up the items below a popularity: `below` is the power of ten, None for all of them.

    `looked_up` and `accuracy` are shares, `tokens_in` and `seconds` means of an item.
    """

    task: str
    arm: str
    model: str
    n: int
    below: int | None
    looked_up: float
    accuracy: float
    tokens_in: float
    seconds: float


def thresholds(task: str, records: Iterable[Record]) -> tuple[Threshold, ...]:
    """The rows of one task: nothing looked up, then one band of popularity more each time; none without bands."""
    arms = by_arm(one for one in records if _BAND.match(one.band))
    found: list[Threshold] = []
    for (model, arm), group in arms.items():
        alone = {one.item: one for one in arms.get((model, BARE), ())}
        common = {one.item: one for one in group if one.item in alone}
        if arm != BARE and common:
            found += _curve(task, arm, model, alone, common)
    return tuple(found)


def _curve(
    task: str, arm: str, model: str, alone: Mapping[str, Record], looked_up: Mapping[str, Record]
) -> Iterable[Threshold]:
    power = {item: int(match.group(1)) for item, one in looked_up.items() if (match := _BAND.match(one.band))}
    steps: list[int | None] = [*sorted(set(power.values())), None]
    for below in steps:
        far = {item for item in power if below is None or power[item] < below}
        taken = [looked_up[item] if item in far else alone[item] for item in power]
        yield Threshold(
            task, arm, model, len(taken), below, len(far) / len(taken),
            fmean(one.outcome == "right" for one in taken), fmean(one.tokens_in for one in taken),
            fmean(one.seconds for one in taken),
        )  # fmt: skip


def as_table(rows: Sequence[Threshold]) -> str:
    """The thresholds as a Markdown table."""
    head = ("task", "arm", "model", "n", "looked up", "% of the items", "accuracy %", "prompt tokens", "seconds")
    cells = [
        (
            one.task, one.arm, one.model, str(one.n), _below(one), percent(one.looked_up), percent(one.accuracy),
            f"{one.tokens_in:.0f}", f"{one.seconds:.1f}",
        )
        for one in rows
    ]  # fmt: skip
    return table(head, cells, 3)


def _below(one: Threshold) -> str:
    if not one.looked_up:
        return "nothing"
    return "everything" if one.below is None else f"below 10^{one.below} views"
