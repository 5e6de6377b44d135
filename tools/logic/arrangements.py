"""Decide arrangements exactly: what must, can or cannot hold, one arrangement or all, and which lines contradict.

Everything is turned into truth values "this thing is in this slot" and decided in a limited child; running out of time
is told as such and never taken for an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tools.errors import ToolError
from tools.limited import RunLimited, refuse_broken
from tools.logic.constraints import Apart, Clause, Constraint, Count, Every, Frame, Opposite, Placed, Problem, Some
from tools.logic.deciding import MEMORY, Limits

TARGET = "tools.logic.solver:arrange_in_child"
MAX_NODES = 400_000
State = Literal["possible", "impossible", "undecided"]


@dataclass(frozen=True, slots=True)
class Check:
    """One case to examine: `extra` holds besides the constraints, those at `without` (indices) are left out.

    solutions: so many arrangements are listed at most (0: only whether there is one). about: only the places of these
    entities tell arrangements apart (empty: of all).
    """

    extra: tuple[Clause, ...] = ()
    without: tuple[int, ...] = ()
    solutions: int = 0
    about: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a check gave. `clash`: constraints that already exclude it, none of which can be left out; `arrangements`: slot of each
    entity, None where it is left out; `whole`: there are no more than these; `note` says why nothing was decided."""

    state: State
    clash: tuple[Constraint, ...] = ()
    arrangements: tuple[tuple[int | None, ...], ...] = ()
    whole: bool = False
    note: str = ""


def examine(problem: Problem, checks: Sequence[Check], *, run_limited: RunLimited, limits: Limits) -> list[Found]:
    """Examine all checks in one child. Raises ToolError where the problem is too large to be written out."""
    encoder = _Encoder(problem.frame)
    seconds = limits.left()
    request = {
        "hard": encoder.frame_trees(),
        "premises": [encoder.tree(constraint.clause) for constraint in problem.constraints],
        "checks": [
            {
                "extra": [encoder.tree(clause) for clause in check.extra],
                "without": list(check.without),
                "solutions": check.solutions,
                "shown": encoder.variables(check.about) if check.solutions else [],
            }
            for check in checks
        ],
        "seconds": max(0.3, seconds - 1.0),
    }
    result = run_limited(TARGET, request, seconds=seconds, memory=MEMORY, cancel=limits.cancel)
    refuse_broken("The logic solver", result, "checks")
    if result.problem or result.value is None:
        note = {"time": "The solver ran out of time.", "memory": "The solver ran out of memory.",
                "cancelled": "Stopped."}.get(result.problem, f"The solver gave no result ({result.text}).")  # fmt: skip
        return [Found("undecided", note=note)] * len(checks)
    return [_found(value, check, problem) for value, check in zip(result.value["checks"], checks)]


def _found(value: dict[str, Any], check: Check, problem: Problem) -> Found:
    if value["state"] == "undecided":
        return Found("undecided", note="The solver did not decide it in time.")
    clash = tuple(problem.constraints[index] for index in value["core"])
    slots = len(problem.frame.slots)
    rows = []
    for true in value["solutions"]:
        where = {(x - 1) // slots: (x - 1) % slots for x in true}
        rows.append(tuple(where.get(entity) for entity in range(len(problem.frame.entities))))
    state: State = "possible" if value["state"] == "sat" else "impossible"
    return Found(state, clash, tuple(rows), bool(value["whole"]) and bool(check.solutions))


class _Encoder:
    """Clauses as trees over the variables entity × slot; counts what it writes."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.slots = len(frame.slots)
        self.nodes = 0

    def variable(self, entity: int, slot: int) -> int:
        return entity * self.slots + slot + 1

    def variables(self, entities: Sequence[int]) -> list[int]:
        chosen = entities or range(len(self.frame.entities))
        return [self.variable(entity, slot) for entity in chosen for slot in range(self.slots)]

    def frame_trees(self) -> list[Any]:
        """Everything is in one slot, or in at most one."""
        low = 0 if self.frame.optional else 1
        rows = range(len(self.frame.entities))
        return [["count", low, 1, *(self.variable(entity, slot) for slot in range(self.slots))] for entity in rows]

    def tree(self, clause: Clause) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise ToolError("The constraints are too many to be solved; leave some out or use fewer slots.")
        if isinstance(clause, Placed):
            self.nodes += len(clause.slots)
            return ["or", *(self.variable(clause.entity, slot) for slot in clause.slots)]
        if isinstance(clause, Apart):
            return self.apart(clause)
        if isinstance(clause, Opposite):
            return ["not", self.tree(clause.part)]
        parts = [self.tree(part) for part in clause.parts]
        if isinstance(clause, Count):
            return ["count", clause.low, clause.high, *parts]
        assert isinstance(clause, (Every, Some))
        return ["and" if isinstance(clause, Every) else "or", *parts]

    def apart(self, clause: Apart) -> Any:
        """For some slot of the one, the other is in one that fits."""
        cases = []
        for slot in range(self.slots):
            fitting = [slot - step for step in clause.offsets if 0 <= slot - step < self.slots]
            self.nodes += len(fitting) + 2
            others = ["or", *(self.variable(clause.right, other) for other in fitting)]
            if fitting:
                cases.append(["and", self.variable(clause.left, slot), others])
        return ["or", *cases]
