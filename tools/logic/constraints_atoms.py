"""What the relations of the language of arrangements say about a frame: before, adjacent, same, list and more."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from tools.errors import ToolError
from tools.logic.constraints import Apart, Clause, Count, Every, Frame, Opposite, Placed, Some


def offsets_towards(frame: Frame, sign: int) -> tuple[int, ...]:
    """The offsets of everything before (−1) or after (1). Raises ToolError where nothing is before anything."""
    if not frame.ordered:
        raise ToolError("These are groups without an order; “before” and “after” mean nothing here. Use slots:.")
    if frame.circle:
        raise ToolError("In a circle nothing is before or after; use adjacent, immediately_before or opposite.")
    return tuple(sign * step for step in range(1, len(frame.slots)))


def _round(frame: Frame, steps: tuple[int, ...]) -> tuple[int, ...]:
    """Offsets for steps; in a circle the same steps the other way round too."""
    if not frame.ordered:
        raise ToolError("These are groups without an order; nothing is next to anything here. Use slots:.")
    n = len(frame.slots)
    if not frame.circle:
        return steps
    return tuple(sorted({step % n for step in steps} | {step % n - n for step in steps}))


def _two(names: list[str]) -> tuple[str, str]:
    if len(names) != 2:
        raise ValueError(f"two names are needed, {len(names)} stand there")
    return names[0], names[1]


def _pair(frame: Frame, names: list[str], offsets: tuple[int, ...]) -> Clause:
    left, right = (frame.entity(name) for name in _two(names))
    if left == right:
        raise ValueError(f"{names[0]!r} is related to itself")
    return Apart(left, right, offsets)


def _before(frame: Frame, names: list[str], sign: int) -> Clause:
    if len(names) == 3 and names[2].isdecimal() and 0 < int(names[2]) <= 40:
        return _pair(frame, names[:2], _round(frame, (sign * int(names[2]),)))
    return _pair(frame, names, offsets_towards(frame, sign))


def _at(frame: Frame, names: list[str]) -> Clause:
    if len(names) < 2:
        raise ValueError("at needs a name and at least one slot")
    return Placed(frame.entity(names[0]), tuple(sorted({frame.slot(name) for name in names[1:]})))


def anywhere(frame: Frame, entity: int) -> Clause:
    """The entity is in some slot."""
    return Placed(entity, tuple(range(len(frame.slots))))


def _between(frame: Frame, names: list[str]) -> Clause:
    if len(names) != 3:
        raise ValueError("between needs three names")
    one, left, right = (frame.entity(name) for name in names)
    before = offsets_towards(frame, -1)
    return Some(
        (Every((Apart(left, one, before), Apart(one, right, before))),
         Every((Apart(right, one, before), Apart(one, left, before))))
    )  # fmt: skip


def _together(frame: Frame, names: list[str], same: bool) -> Clause:
    entities = [frame.entity(name) for name in names]
    if len(set(entities)) < 2 or len(set(entities)) != len(entities):
        raise ValueError("two or more different names are needed")
    n = len(frame.slots)
    offsets = (0,) if same else tuple(step for step in range(1 - n, n) if step)
    return Every(tuple(Apart(one, other, offsets) for one, other in combinations(entities, 2)))


def _alone(frame: Frame, names: list[str]) -> Clause:
    if len(names) != 1:
        raise ValueError("alone takes one name")
    one = frame.entity(names[0])
    others = [other for other in range(len(frame.entities)) if other != one]
    return Every((anywhere(frame, one), *(Opposite(Apart(one, other, (0,))) for other in others)))


def _inside_all(frame: Frame, names: list[str], inside: bool) -> Clause:
    if not names:
        raise ValueError("a name is missing")
    parts = [anywhere(frame, frame.entity(name)) for name in names]
    return Every(tuple(part if inside else Opposite(part) for part in parts))


def _list(frame: Frame, names: list[str]) -> Clause:
    if not names:
        raise ValueError("a slot is missing")
    slot, wanted = frame.slot(names[0]), {frame.entity(name) for name in names[1:]}
    parts = [(entity, Placed(entity, (slot,))) for entity in range(len(frame.entities))]
    return Every(tuple(part if entity in wanted else Opposite(part) for entity, part in parts))


def _order(frame: Frame, names: list[str]) -> Clause:
    if len(names) > len(frame.slots):
        raise ValueError(f"{len(names)} names are more than the {len(frame.slots)} slots")
    return Every(tuple(_list(frame, [slot, name]) for slot, name in zip(frame.slots, names)))


def _more(frame: Frame, names: list[str]) -> Clause:
    first, second = (frame.slot(name) for name in _two(names))
    n = len(frame.entities)
    there, here = (tuple(Placed(entity, (slot,)) for entity in range(n)) for slot in (first, second))
    return Some(tuple(Every((Count(k + 1, n, there), Count(0, k, here))) for k in range(n)))


def _opposite(frame: Frame, names: list[str]) -> Clause:
    n = len(frame.slots)
    if not frame.circle or n % 2:
        raise ValueError("opposite needs a circle with an even number of slots")
    return _pair(frame, names, (n // 2, -n // 2))


def in_every_slot(frame: Frame, low: int, high: int) -> Clause:
    """Every slot holds so many."""
    entities = range(len(frame.entities))
    return Every(
        tuple(Count(low, high, tuple(Placed(e, (slot,)) for e in entities)) for slot in range(len(frame.slots)))
    )


#: name → reader of its arguments; raises ValueError or ToolError for wrong ones
RELATIONS: dict[str, Callable[[Frame, list[str]], Clause]] = {
    "at": _at,
    "before": lambda frame, names: _before(frame, names, -1),
    "after": lambda frame, names: _before(frame, names, 1),
    "immediately_before": lambda frame, names: _pair(frame, names, _round(frame, (-1,))),
    "immediately_after": lambda frame, names: _pair(frame, names, _round(frame, (1,))),
    "adjacent": lambda frame, names: _pair(frame, names, _round(frame, (-1, 1))),
    "opposite": _opposite,
    "between": _between,
    "same": lambda frame, names: _together(frame, names, True),
    "different": lambda frame, names: _together(frame, names, False),
    "alone": _alone,
    "in": lambda frame, names: _inside_all(frame, names, True),
    "out": lambda frame, names: _inside_all(frame, names, False),
    "list": _list,
    "order": _order,
    "more": _more,
}
