"""Vote among programs for one question, weighted by how likely the model found each; says when no vote can change it.

    tally = vote([Ballot(12, "code a", log_probability=-3.0, tokens=60), …], remaining=1)
    tally.value, tally.decided

A weight is exp(mean log-probability of a token), between 0 and 1, so that long programs do not lose by length.
The same program twice is one vote: it is no new evidence. A program without a value does not vote.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Two numbers are the same answer within this relative difference.
NEAR = 1e-6
Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Ballot:
    """One program's answer.

    `value` None where it gave none; `log_probability` of the whole program (natural, at most 0) and its `tokens`;
    `method` how it was asked for ("program", "program_check", "equations" …); `doubts` how many checks speak against it.
    """

    value: Value | None
    code: str
    log_probability: float = 0.0
    tokens: int = 1
    method: str = "program"
    doubts: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """The outcome: the leading value (None where nothing voted), its share of all weight, how many agree.

    `decided` is True where the remaining votes cannot change the leader; `methods` agree on the leader's value.
    """

    value: Value | None
    share: float
    agreeing: int
    against: int
    methods: frozenset[str]
    decided: bool


def same(left: object, right: object) -> bool:
    """Say whether two values are one answer: numbers within 1e-6 (relative), texts whatever their capitals."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        if isinstance(left, int) and isinstance(right, int):
            return left == right
        try:
            return math.isclose(left, right, rel_tol=NEAR, abs_tol=1e-9)
        except OverflowError:
            return False  # an int beyond the range of floats against a float
    return type(left) is type(right) and str(left).strip().casefold() == str(right).strip().casefold()


def weight(ballot: Ballot) -> float:
    """Return what a ballot counts: the mean probability of its tokens, halved for each doubt."""
    if ballot.value is None or ballot.log_probability != ballot.log_probability:
        return 0.0
    mean = min(0.0, ballot.log_probability) / max(1, ballot.tokens)
    return float(math.exp(mean) * 0.5**ballot.doubts)


def vote(ballots: Sequence[Ballot], *, remaining: int = 0, most: float = 1.0) -> Tally:
    """Count the ballots.

    Args:
        ballots: the programs so far, in the order they were written; of equal weights the earlier value leads.
        remaining: how many programs may still be written.
        most: the highest weight one of them can have.
    """
    groups: list[list[Ballot]] = []
    seen: set[str] = set()
    for ballot in ballots:
        plain = " ".join(ballot.code.split())
        if ballot.value is None or (plain and plain in seen):
            continue
        seen.add(plain)
        fitting = next((group for group in groups if same(group[0].value, ballot.value)), None)
        if fitting is None:
            groups.append([ballot])
        else:
            fitting.append(ballot)
    if not groups:
        return Tally(None, 0.0, 0, 0, frozenset(), remaining <= 0)
    weights = [sum(weight(one) for one in group) for group in groups]
    leader = max(range(len(groups)), key=lambda at: weights[at])
    runner_up = max((one for at, one in enumerate(weights) if at != leader), default=0.0)
    total = sum(weights)
    return Tally(
        value=groups[leader][0].value,
        share=weights[leader] / total if total else 0.0,
        agreeing=len(groups[leader]),
        against=sum(len(group) for group in groups) - len(groups[leader]),
        methods=frozenset(one.method for one in groups[leader]),
        # Even if all that may come agreed on the next best value, at full weight, the leader would stay ahead.
        decided=remaining <= 0 or weights[leader] > runner_up + remaining * most,
    )
