"""Is a question's complexity told rightly: rules against fitted weights, `lottery-chat lab complexity`; no model is asked.

Weights are fitted on half of the lab's own questions (own_complexity.jsonl, part "fitted"); the confusion is shown for
the other half ("held") and for questions written after the features ("later"). Sets of the data folder are reported
only: the first of the shuffle, where all of a set are known to need one place or several.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from lottery_chat.lab.loading import OWN, chosen, read_items, rows_of
from lottery_chat.lab.logistic import Fitted, fit
from lottery_chat.lab.values import Task
from lottery_chat.planner.complexity import (
    FEATURES,
    INTERCEPT,
    WEIGHTS,
    Complexity,
    Steps,
    by_rules,
    complexity,
    features,
)
from lottery_chat.planner.understanding import Kind, understand

#: Of the data folder: what every question of the set needs.
REPORTED: Mapping[str, Steps] = {
    "triviaqa": "single", "nq_rag": "single", "squad2": "single", "popqa_rag": "single",
    "hotpotqa": "multi", "musique": "multi", "2wikimultihop": "multi",
}  # fmt: skip
PARTS = ("fitted", "held", "later")
#: Weight of the squared weights: a few dozen questions carry no large ones.
RIDGE = 1.0
STEPS: tuple[Steps, ...] = get_args(Steps)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what it needs."""

    question: str
    steps: Steps


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often what was needed (first) was told as what (second), by one way of telling."""

    name: str
    way: str
    counts: Mapping[tuple[Steps, Steps], int]

    def right(self) -> int:
        """How many were told rightly."""
        return sum(self.counts.get((one, one), 0) for one in STEPS)


def own(part: str) -> tuple[Asked, ...]:
    """The lab's own questions of a part."""
    rows = (row for _, row in rows_of(OWN / "own_complexity.jsonl") if row["part"] == part)
    return tuple(Asked(str(row["question"]), row["steps"]) for row in rows)


def of_set(task: Task, data: Path, limit: int) -> tuple[Asked, ...]:
    """The first questions of a set that is reported."""
    items = chosen(read_items(task, data), seed=2502, limit=limit)
    return tuple(Asked(one.question, REPORTED[task.name]) for one in items)


def fitted_anew() -> Fitted:
    """The weights as they come out today, over the fitted questions that need something looked up."""
    rows = [one for one in own("fitted") if one.steps != "none"]
    return fit([features(one.question) for one in rows], [one.steps == "multi" for one in rows], ridge=RIDGE)


def confusions(name: str, asked: Sequence[Asked]) -> tuple[Confusion, Confusion]:
    """By rules alone, and as the planner tells it."""
    return _confusion(name, "rules", asked, by_rules), _confusion(name, "fitted", asked, complexity)


def _confusion(name: str, way: str, asked: Sequence[Asked], tell: Callable[[str, Kind], Complexity]) -> Confusion:
    counts: dict[tuple[Steps, Steps], int] = {}
    for one in asked:
        kind = understand(one.question, history=(), documents=True, attached=False).kind
        told: Steps = tell(one.question, kind).steps
        counts[one.steps, told] = counts.get((one.steps, told), 0) + 1
    return Confusion(name, way, counts)


def as_markdown(found: Sequence[Confusion]) -> str:
    """A row a set and way: n, right, and every kind of confusion that happened."""
    lines = ["| questions | told by | n | right | confused |", "| --- | --- | --: | --: | --- |"]
    for one in found:
        n = sum(one.counts.values())
        wrong = [f"{need} as {told} {k}" for (need, told), k in sorted(one.counts.items()) if need != told]
        lines.append(f"| {one.name} | {one.way} | {n} | {one.right()} | {', '.join(wrong) or '–'} |")
    return "\n".join(lines)


def weights_as_markdown(new: Fitted) -> str:
    """The weights in use beside those that come out today."""
    lines = ["| feature | weight | fitted today |", "| --- | --: | --: |"]
    pairs = zip((*FEATURES, "intercept"), (*WEIGHTS, INTERCEPT), (*new.weights, new.intercept))
    return "\n".join([*lines, *(f"| {name} | {was:.2f} | {now:.2f} |" for name, was, now in pairs)])
