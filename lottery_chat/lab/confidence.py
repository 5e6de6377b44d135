"""Looking up only what the model is not sure of: accuracy, share looked up, prompt tokens, seconds at each threshold.

The trade-off of adaptive retrieval (issue 6, rows 35 and 38 of the features): counted from kept records of a model's
closed-book answers (arm by-heart, the gate's own prompt; else bare) and of an arm that looks up, on the same items. The
short answer is paid for by every item while the gate is on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from lottery_chat.lab.lookups import BARE
from lottery_chat.lab.tables import percent, table
from lottery_chat.lab.tallying import by_arm
from lottery_chat.lab.values import Record
from lottery_chat.planner.calibration import Curve
from lottery_chat.planner.gates import gates_of, read_gates

#: The arm that asks with the gate's own prompt.
BY_HEART = "by-heart"
#: Probabilities from which on the model's own answer is taken.
LEVELS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)

CurveOf = Callable[[str], "Curve | None"]


@dataclass(frozen=True, slots=True)
class Believed:
    """What it gives to take the model's own answer from a probability on.

    `level` is 0 where it is always taken and None where the gate is off and everything looked up. `calibrated`: the
    probability is the model's curve's, else exp(mean log-probability). `looked_up` and `accuracy` are shares, `own`
    is the accuracy of the answers that were taken from the model (None: none was), the rest means of an item.
    """

    task: str
    arm: str
    alone: str
    model: str
    n: int
    level: float | None
    calibrated: bool
    looked_up: float
    accuracy: float
    own: float | None
    tokens_in: float
    seconds: float


def measured(model: str) -> Curve | None:
    """The curve that this version brings for a model."""
    return gates_of(model, {}).heart


def of_home(home: Path) -> CurveOf:
    """The curves of a home: what its lab kept, else what this version brings."""
    kept = read_gates(home)
    return lambda model: gates_of(model, kept).heart


def believed(task: str, records: Iterable[Record], curve_of: CurveOf = measured) -> tuple[Believed, ...]:
    """The rows of one task, for each model and arm that looks up; none where no log-probability was kept."""
    arms = by_arm(records)
    found: list[Believed] = []
    for model in dict.fromkeys(model for model, _ in arms):
        alone = next((name for name in (BY_HEART, BARE) if _sure(arms.get((model, name), ()))), "")
        if not alone:
            continue
        own = {one.item: one for one in arms[model, alone]}
        curve = curve_of(model) if alone == BY_HEART else None
        for (other, arm), group in arms.items():
            common = {one.item: one for one in group if one.item in own}
            if other == model and arm not in (BARE, BY_HEART) and common:
                found += _rows(task, arm, alone, own, common, curve)
    return tuple(found)


def _sure(records: Iterable[Record]) -> bool:
    return any(one.logprob is not None for one in records)


def _rows(
    task: str, arm: str, alone: str, own: Mapping[str, Record], looked: Mapping[str, Record], curve: Curve | None
) -> Iterable[Believed]:
    p = {item: _p(own[item].logprob, curve) for item in looked}
    last: set[str] | None = None
    for level in (None, *LEVELS, 0.0):
        taken = set() if level is None else {item for item, one in p.items() if one >= level}
        if taken == last and level != 0.0:
            continue  # no item lies between this level and the one before
        last = taken if level is not None else None
        asked = level is not None
        given = [own[item] if item in taken else looked[item] for item in looked]
        spent = [(own[item], asked, looked[item], item not in taken) for item in looked]
        first = next(iter(looked.values()))
        yield Believed(
            task, arm, alone, first.model, len(looked), level, curve is not None, 1 - len(taken) / len(looked),
            fmean(one.outcome == "right" for one in given),
            fmean(own[item].outcome == "right" for item in taken) if taken else None,
            fmean(a.tokens_in * on + b.tokens_in * up for a, on, b, up in spent),
            fmean(a.seconds * on + b.seconds * up for a, on, b, up in spent),
        )  # fmt: skip


def _p(logprob: float | None, curve: Curve | None) -> float:
    """The probability that the answer is right; 0 where it had no end."""
    if logprob is None:
        return 0.0
    return curve.p(logprob) if curve is not None else math.exp(logprob)


def as_table(rows: Sequence[Believed]) -> str:
    """The rows as a Markdown table."""
    head = ("task", "arm", "model", "n", "own answer taken", "looked up %", "accuracy %", "own answers right %", "prompt tokens", "seconds")  # fmt: skip
    cells = [
        (
            one.task, one.arm, one.model, str(one.n), _taken(one), percent(one.looked_up), percent(one.accuracy),
            percent(one.own), f"{one.tokens_in:.0f}", f"{one.seconds:.1f}",
        )
        for one in rows
    ]  # fmt: skip
    return table(head, cells, 3)


def _taken(one: Believed) -> str:
    if one.level is None:
        return "never (gate off)"
    if one.level == 0.0:
        return f"always ({one.alone})"
    return f"{'P' if one.calibrated else 'exp(logprob)'} ≥ {one.level:.1f}"
