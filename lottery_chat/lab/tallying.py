"""The rows of a report, and how each is counted from records: pure functions over a group of records.

What was not judged counts as not right and is shown apart; so does what got no answer. Cost per right answer is the
cost of all items, the wrong ones too, over the right ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Literal

from lottery_chat.lab.statistics import Paired, wilson
from lottery_chat.lab.values import Record

Level = Literal["all", "family", "task", "band"]
#: Below so many items a row says little, and a mark is not judged.
FEW = 20
_ARMS = ("bare", "by-heart", "cot", "pal", "rag-always", "planner")
_KNOWN = ("proved", "computed", "quoted", "remembered", "model", "none")
_SIZE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) ?([bm])(?![a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a row is about: all items, a family, a task, a band of a task. Names below its level are empty."""

    level: Level
    family: str = ""
    task: str = ""
    band: str = ""

    @property
    def name(self) -> str:
        """As a row is headed."""
        return {"all": "all", "family": self.family, "task": self.task, "band": f"{self.task}: {self.band}"}[self.level]


@dataclass(frozen=True, slots=True)
class Counts:
    """Items by outcome; `accuracy` = right / n with Wilson's 95 % interval, all 0 to 1 (None without an item)."""

    n: int
    right: int
    wrong: int
    no_answer: int
    unjudged: int
    accuracy: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measure:
    """The mean of a named figure (0 to 1) over the `n` items that have it."""

    name: str
    mean: float
    n: int


@dataclass(frozen=True, slots=True)
class Tally:
    """One arm of one model in a scope. Calls, tokens and seconds are an item's mean; `…_per_right` None: none right."""

    scope: Scope
    arm: str
    model: str
    counts: Counts
    measures: tuple[Measure, ...]
    calls: float
    tokens_in: float
    tokens_out: float
    seconds: float
    seconds_median: float
    tokens_out_per_right: float | None
    seconds_per_right: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """An arm against another of the same model on the items both have; points are `arm` minus `against`."""

    scope: Scope
    arm: str
    against: str
    model: str
    paired: Paired


@dataclass(frozen=True, slots=True)
class Inequality:
    """P(f, μ) ≤ P(A(g), μ)? `f` is the reference model alone (bare), `g` the smaller one in `arm`; points g minus f."""

    scope: Scope
    f: str
    g: str
    arm: str
    paired: Paired
    verdict: Literal["holds", "does not hold", "undecided"]


@dataclass(frozen=True, slots=True)
class Share:
    """How often an arm said that an answer is known in this way."""

    arm: str
    model: str
    known: str
    count: int
    n: int


@dataclass(frozen=True, slots=True)
class Mark:
    """How often answers that were marked so are right. `verdict` is empty for marks without a green."""

    arm: str
    model: str
    known: str
    checked: bool
    counts: Counts
    verdict: str


@dataclass(frozen=True, slots=True)
class Overhead:
    """What an arm cost in all, on the `n` items it has in common with bare (its own where there is no bare).

    `times_…` are multiples of bare on the same items; None without bare, or where bare spent nothing.
    """

    arm: str
    model: str
    n: int
    calls: int
    tokens_in: int
    tokens_out: int
    seconds: float
    seconds_per_right: float | None
    times_tokens: float | None
    times_seconds: float | None
    times_seconds_per_right: float | None


def counts_of(records: Sequence[Record]) -> Counts:
    """Outcomes and accuracy of these records."""
    n = len(records)
    right = sum(record.outcome == "right" for record in records)
    low, high = wilson(right, n)
    return Counts(
        n=n,
        right=right,
        wrong=sum(record.outcome == "wrong" for record in records),
        no_answer=sum(record.outcome == "no_answer" for record in records),
        unjudged=sum(record.outcome == "unjudged" for record in records),
        accuracy=right / n if n else None,
        low=low,
        high=high,
    )


def tally(scope: Scope, arm: str, model: str, records: Sequence[Record]) -> Tally:
    """One row of results and cost; `records` are of one arm and model and not empty."""
    counts = counts_of(records)
    return Tally(
        scope=scope,
        arm=arm,
        model=model,
        counts=counts,
        measures=measures_of(records),
        calls=fmean(record.calls for record in records),
        tokens_in=fmean(record.tokens_in for record in records),
        tokens_out=fmean(record.tokens_out for record in records),
        seconds=fmean(record.seconds for record in records),
        seconds_median=median(record.seconds for record in records),
        tokens_out_per_right=ratio(sum(record.tokens_out for record in records), counts.right),
        seconds_per_right=ratio(math.fsum(record.seconds for record in records), counts.right),
    )


def measures_of(records: Sequence[Record]) -> tuple[Measure, ...]:
    """The mean of each measure, by name; `score` among them where it is more than right or not right."""
    found: dict[str, list[float]] = {}
    for record in records:
        for name, value in record.measures.items():
            found.setdefault(name, []).append(value)
    if any(record.score != (record.outcome == "right") for record in records):
        found.setdefault("score", [record.score for record in records])
    return tuple(Measure(name, fmean(found[name]), len(found[name])) for name in sorted(found, key=natural))


def shares(arm: str, model: str, records: Sequence[Record]) -> tuple[Share, ...]:
    """How the answers of an arm were known, in the order proved … none."""
    kinds = sorted({record.known for record in records}, key=known_order)
    return tuple(
        Share(arm, model, kind, sum(record.known == kind for record in records), len(records)) for kind in kinds
    )


def marks(arm: str, model: str, records: Sequence[Record]) -> tuple[Mark, ...]:
    """Accuracy of each known × checked of an arm; checked first."""
    kinds = sorted(
        {(record.known, record.checked) for record in records}, key=lambda one: (known_order(one[0]), not one[1])
    )
    made = []
    for known, checked in kinds:
        counts = counts_of([record for record in records if record.known == known and record.checked == checked])
        made.append(Mark(arm, model, known, checked, counts, green(counts) if checked else ""))
    return tuple(made)


def green(counts: Counts) -> str:
    """What becomes of a green mark: below 90 % right it is lost (design decision 7); few items decide nothing."""
    if counts.n < FEW:
        return "too few"
    # In whole numbers: 0.9 has no exact float.
    return "keeps its green" if 10 * counts.right >= 9 * counts.n else "below 90 %: loses its green"


def overhead(arm: str, model: str, records: Sequence[Record], bare: Sequence[Record]) -> Overhead:
    """What an arm cost against bare, both on their common items."""
    common = {(one.task, one.item, one.seed) for one in records} & {(one.task, one.item, one.seed) for one in bare}
    mine = [one for one in records if not bare or (one.task, one.item, one.seed) in common]
    base = [one for one in bare if (one.task, one.item, one.seed) in common]
    seconds, base_seconds = math.fsum(one.seconds for one in mine), math.fsum(one.seconds for one in base)
    per_right = ratio(seconds, sum(one.outcome == "right" for one in mine))
    base_per_right = ratio(base_seconds, sum(one.outcome == "right" for one in base))
    tokens = sum(one.tokens_in + one.tokens_out for one in mine)
    return Overhead(
        arm=arm,
        model=model,
        n=len(mine),
        calls=sum(one.calls for one in mine),
        tokens_in=sum(one.tokens_in for one in mine),
        tokens_out=sum(one.tokens_out for one in mine),
        seconds=seconds,
        seconds_per_right=per_right,
        times_tokens=ratio(tokens, sum(one.tokens_in + one.tokens_out for one in base)),
        times_seconds=ratio(seconds, base_seconds),
        times_seconds_per_right=None
        if per_right is None or base_per_right is None
        else ratio(per_right, base_per_right),
    )


def inequality(scope: Scope, f: str, g: str, arm: str, paired: Paired) -> Inequality:
    """Whether P(f, μ) ≤ P(A(g), μ): decided only where the whole interval lies on one side."""
    if paired.low >= 0:
        return Inequality(scope, f, g, arm, paired, "holds")
    return Inequality(scope, f, g, arm, paired, "does not hold" if paired.high < 0 else "undecided")


def ratio(amount: float, of: float) -> float | None:
    """amount / of; None where there is nothing to divide by."""
    return amount / of if of else None


def size_of(model: str) -> float | None:
    """Parameters in billions as the model's name says them (`…:1.5b`, `…-135m-…`); None where it says none."""
    found = _SIZE.search(model)
    if found is None:
        return None
    return float(found[1]) / (1000 if found[2] in "mM" else 1)


def natural(text: str) -> tuple[tuple[int, float, str], ...]:
    """Sorts numbers inside names by their value: recall@5 before recall@10."""
    parts = re.split(r"(\d+)", text)
    return tuple((1, float(part), "") if part.isdecimal() else (0, 0.0, part) for part in parts)


def arm_order(arm: str) -> tuple[int, tuple[tuple[int, float, str], ...]]:
    """bare, cot, pal, rag-always, planner with its variants, then others by name."""
    base = arm.split(":")[0]
    return (_ARMS.index(base) if base in _ARMS else len(_ARMS), natural(arm))


def model_order(model: str) -> tuple[float, tuple[tuple[int, float, str], ...]]:
    """Smaller models first; those that name no size last."""
    size = size_of(model)
    return (math.inf if size is None else size, natural(model))


def known_order(known: str) -> tuple[int, str]:
    """proved, computed, quoted, remembered, model, none, then anything else."""
    return (_KNOWN.index(known) if known in _KNOWN else len(_KNOWN), known)


def by_arm(records: Iterable[Record]) -> dict[tuple[str, str], list[Record]]:
    """{(model, arm): records}, models by size and arms in their order."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        groups.setdefault((record.model, record.arm), []).append(record)
    return {key: groups[key] for key in sorted(groups, key=lambda one: (model_order(one[0]), arm_order(one[1])))}
