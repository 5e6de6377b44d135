"""Arrange things on slots under constraints: who sits where, what comes when, which goes to which group.

Constraints are lines of the language of arrangements (tools/logic/constraints.py) or plain sentences its grammar reads;
a line that is not read is an error, never skipped.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

from tools.errors import ToolError
from tools.limited import RunLimited
from tools.logic.arrangements import Check, examine
from tools.logic.constraints import MAX_LINES, Constraint, Frame, Problem, checked_frame
from tools.logic.constraints_reading import cut, read_clause
from tools.logic.deciding import Limits
from tools.logic.puzzle_clauses import Clauses
from tools.logic.puzzle_marks import marker, named
from tools.logic.puzzle_relations import Unclear
from tools.logic.puzzle_setting import Setting

_ONE_EACH = "at most one in each slot"
_THINGS = "people person guest member item thing task talk speaker team player student child meeting job".split()


@dataclass(frozen=True, slots=True)
class Schedule:
    """What came out of `schedule`.

    arrangement: (slot, things there) in the order of the slots, empty where none is possible. unique: whether it is the
    only one. conflict: lines that cannot hold together, none of which can be left out. read_as: (line, formula).
    """

    arrangement: tuple[tuple[str, tuple[str, ...]], ...]
    unique: bool
    conflict: tuple[str, ...]
    read_as: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The result in one sentence or two."""
        if self.conflict:
            return "No arrangement is possible; these exclude each other: " + " | ".join(self.conflict)
        shown = "; ".join(f"{slot}: {', '.join(here) or '-'}" for slot, here in self.arrangement)
        return shown + (" (the only arrangement)" if self.unique else " (one of several arrangements)")


def schedule(
    items: list[str],
    slots: list[str],
    constraints: list[str],
    one_each: bool = True,
    circle: bool = False,
    *,
    run_limited: RunLimited,
    seconds: float = 10,
    cancel: Event | None = None,
) -> Schedule:
    """Find a seating, an order, a timetable or groups that fulfil every constraint, exactly.

    Use when: people or things must be put on seats, days, hours, places or groups, and conditions say what goes
        before, beside, together or apart.
    Not for: shortest routes, lengths of tasks in hours, costs, or a puzzle told in one text with answers to choose from.

    Args:
        items: names of the people or things, at most 40.
        slots: names of days, seats, hours or groups in their order, at most 40; empty means places 1, 2, 3 ….
        constraints: one condition a line, "Ann sits next to Ben." or "before(Ann, Cleo)"; at most 500.
        one_each: whether a slot takes one thing only; false for groups and days with several.
        circle: whether the last slot is beside the first, as at a round table.

    Examples:
        - Seat Ann, Ben, Cleo and Dan in a row so that Ann is next to Ben and Dan is not at either end.
        - Put five talks on Monday to Friday; Kim speaks before Lee, and Max not on Friday.
        - Make two groups of three so that Ida and Jon are apart.

    Raises:
        ToolError: a line is not understood, a name is unknown or twice there, a limit is passed, or time ran out.
    """
    names = tuple(slots) or tuple(str(k + 1) for k in range(len(items)))
    frame = checked_frame(Frame(tuple(items), names, True, circle))
    if len(constraints) > MAX_LINES:
        raise ToolError(f"There are {len(constraints)} constraints; at most {MAX_LINES} are read.")
    read = [_read(line, frame, one_each) for line in constraints if line.strip()]
    if one_each:
        read.append(Constraint(read_clause("distinct", frame), "distinct", _ONE_EACH))
    limits = Limits(time.monotonic() + seconds, cancel)
    found = examine(Problem(frame, tuple(read)), [Check(solutions=2)], run_limited=run_limited, limits=limits)[0]
    shown = tuple((one.shown, one.formula) for one in read)
    if found.state == "undecided":
        raise ToolError(f"No arrangement was found in {seconds:g} s. {found.note} Give more time or fewer things.")
    if found.state == "impossible":
        return Schedule((), False, tuple(one.shown for one in found.clash) or (_too_few(frame),), shown)
    places = found.arrangements[0]
    rows = tuple(
        (slot, tuple(item for item, place in zip(frame.entities, places) if place == index))
        for index, slot in enumerate(frame.slots)
    )
    return Schedule(rows, found.whole and len(found.arrangements) == 1, (), shown)


def _too_few(frame: Frame) -> str:
    return f"{len(frame.entities)} things on {len(frame.slots)} slots"


def _read(line: str, frame: Frame, one_each: bool) -> Constraint:
    """One line, of the language or in English. Raises ToolError."""
    formula, sentence = cut(line)
    if "(" in formula or formula.split()[:1] in (["distinct"], ["every_slot"]):
        return Constraint(read_clause(formula, frame), formula, sentence)
    setting = Setting(frame, words=set(), things=set(_THINGS), places=_places(frame.slots), distinct=one_each)
    try:
        text = named(Clauses(setting).read(marker(setting)(formula)), frame)
    except Unclear as problem:
        raise ToolError(
            f"The constraint {formula[:120]!r} is not understood. Write it like “Ann is before Ben.” or before(Ann, Ben)."
        ) from problem
    return Constraint(read_clause(text, frame), text, formula)


def _places(slots: Sequence[str]) -> set[str]:
    """What the slots may be called in a sentence."""
    return {"seat", "place", "position", "slot", "day", "group", "table", "room", "time", "hour", "spot", *(
        word for slot in slots for word in slot.lower().split()[:1] if word.isalpha()
    )}  # fmt: skip
