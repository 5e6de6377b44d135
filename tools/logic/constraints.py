"""The language of arrangements: things, the slots they go to, and constraints, each line `formula ::: sentence`.

    entities: Ann, Ben, Cleo
    slots: Mon, Tue, Wed            (ordered; "groups:" where the order of the slots means nothing)
    distinct                        (also: circle, optional)
    before(Ann, Ben)                ::: Ann speaks before Ben.
    if at(Cleo, Mon) then not adjacent(Ann, Cleo)

Atoms: at(a, s, …) before(a, b) after(a, b) before(a, b, n) (exactly n slots apart) immediately_before(a, b)
immediately_after(a, b) adjacent(a, b) opposite(a, b) between(a, b, c) same(a, b, …) different(a, b, …) alone(a) in(a)
out(a) list(s, a, …) (exactly these in s) order(a, b, …) count(s) >= n, every_slot <= n, before_count(a) = n,
after_count(a) = n, more(s, t) (more in s than in t), number(f, g, …) = n (so many of the formulas hold).
Connectives, loosest first: iff; if … then …, … only if …, … unless …; or, xor; and; not.

What this does not do: several slots for one thing, several kinds of slots, arithmetic on the names of slots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.errors import ToolError

MAX_ENTITIES = 40
MAX_SLOTS = 40
MAX_LINES = 500
MAX_LINE = 4_000  # characters
SEPARATOR = ":::"


@dataclass(frozen=True, slots=True)
class Placed:
    """The entity stands in one of the slots (indices)."""

    entity: int
    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """Both are placed and slot(left) − slot(right) is one of the offsets."""

    left: int
    right: int
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """At least `low` and at most `high` of the parts hold."""

    low: int
    high: int
    parts: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold (true where there is none)."""

    parts: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds (false where there is none)."""

    parts: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Opposite:
    """The part does not hold."""

    part: Clause


Clause = Placed | Apart | Count | Every | Some | Opposite


@dataclass(frozen=True, slots=True)
class Constraint:
    """One read line: what it says, its formula as written, and the sentence it comes from ("" where there is none)."""

    clause: Clause
    formula: str
    sentence: str

    @property
    def shown(self) -> str:
        """The sentence, or the formula where there is none."""
        return self.sentence or self.formula


@dataclass(frozen=True, slots=True)
class Frame:
    """What is arranged where. `ordered`: slots have a before and after; `circle`: the last is beside the first."""

    entities: tuple[str, ...]
    slots: tuple[str, ...]
    ordered: bool = True
    circle: bool = False
    optional: bool = False

    def entity(self, name: str) -> int:
        """The index of an entity. Raises ToolError."""
        return _index(name, self.entities, "thing")

    def slot(self, name: str) -> int:
        """The index of a slot. Raises ToolError."""
        return _index(name, self.slots, "slot")


@dataclass(frozen=True, slots=True)
class Problem:
    """A frame and its constraints."""

    frame: Frame
    constraints: tuple[Constraint, ...]


def _index(name: str, names: Sequence[str], kind: str) -> int:
    wanted = name.casefold()
    for index, one in enumerate(names):
        if one.casefold() == wanted:
            return index
    raise ToolError(f"There is no {kind} {name!r}; there are {', '.join(names[:12])}.")


def checked_frame(frame: Frame) -> Frame:
    """The frame, if it can be arranged at all. Raises ToolError."""
    for kind, names, most in (("things", frame.entities, MAX_ENTITIES), ("slots", frame.slots, MAX_SLOTS)):
        if not names:
            raise ToolError(f"There are no {kind}; name at least one.")
        if len(names) > most:
            raise ToolError(f"There are {len(names)} {kind}; at most {most} can be arranged. Split the problem.")
        if len({name.casefold() for name in names}) != len(names):
            twice = next(n for n in names if [m.casefold() for m in names].count(n.casefold()) > 1)
            raise ToolError(f"{twice!r} is named twice among the {kind}; give each its own name.")
        bad = next((name for name in names if not name.strip() or len(name) > 60 or set(name) & set("(),<>=\n")), None)
        if bad is not None or any(SEPARATOR in name for name in names):
            raise ToolError(
                f"{(bad or SEPARATOR)[:80]!r} is no name for one of the {kind}; leave out ( ) , < > = and :::."
            )
    return frame
