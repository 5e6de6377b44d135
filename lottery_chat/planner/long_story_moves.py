"""Follow a story by a small state machine: where everyone is, who carries what, where each thing has been.

Only what is told moves anything. A place that was not told is unknown, and an unknown place decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lottery_chat.planner.long_story_reading import Fact, Story


@dataclass(slots=True)
class Where:
    """What is known of somebody's place: the possible ones, or those ruled out; `facts` say why."""

    possible: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def sure(self) -> str:
        """The place if there is only one; else empty."""
        return self.possible[0] if len(self.possible) == 1 else ""


@dataclass(slots=True)
class World:
    """The state after the story. `been` are the places in order ("" is unknown), `gifts` all that was given."""

    where: dict[str, Where] = field(default_factory=dict)
    holder: dict[str, tuple[str, tuple[Fact, ...]]] = field(default_factory=dict)
    held_by: dict[str, set[str]] = field(default_factory=dict)
    been: dict[str, list[tuple[str, tuple[Fact, ...]]]] = field(default_factory=dict)
    gifts: list[Fact] = field(default_factory=list)
    things: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)


def follow(story: Story) -> World | None:
    """Run through the facts in order; None where the order is not known (some have a time of day, some do not)."""
    happened = [
        fact for fact in story.facts if fact.kind in ("move", "leave", "take", "drop", "put", "give", "at", "not at")
    ]
    if len({fact.when[0] == 99 for fact in happened}) > 1:
        return None
    world = World()
    world.things = {fact.what for fact in happened if fact.kind in ("take", "drop", "put", "give")}
    world.people = {fact.who for fact in happened} - world.things
    for fact in happened:
        _STEPS[fact.kind](world, fact)
    return world


def _place(world: World, who: str, places: Sequence[str], facts: tuple[Fact, ...]) -> None:
    """Somebody is now in one of these places, and so is what they carry."""
    world.where[who] = Where(tuple(dict.fromkeys(places)), (), facts)
    for thing in (who, *sorted(_carried(world, who))):
        place = world.where[who].sure
        been = world.been.setdefault(thing, [])
        why = facts if thing == who else (*world.holder[thing][1], *facts)
        if not been or been[-1][0] != place:
            been.append((place, why))


def _carried(world: World, who: str) -> set[str]:
    return {thing for thing, (holder, _) in world.holder.items() if holder == who}


def _move(world: World, fact: Fact) -> None:
    _place(world, fact.who, [fact.what], (fact,))


def _leave(world: World, fact: Fact) -> None:
    """ "Left the book" puts a thing down, "left the office" leaves a place: known by what the thing has been."""
    if fact.what in world.things:
        _drop(world, fact)
        return
    _place(world, fact.who, ["", fact.what][:1], (fact,))
    world.where[fact.who] = Where((), (fact.what,), (fact,))


def _take(world: World, fact: Fact) -> None:
    world.holder[fact.what] = (fact.who, (fact,))
    world.held_by.setdefault(fact.what, set()).add(fact.who)
    at = world.where.get(fact.who)
    if at is not None and at.sure:
        _been(world, fact.what, at.sure, (fact, *at.facts))


def _been(world: World, thing: str, place: str, facts: tuple[Fact, ...]) -> None:
    been = world.been.setdefault(thing, [])
    if not been or been[-1][0] != place:
        been.append((place, facts))


def _drop(world: World, fact: Fact) -> None:
    world.holder.pop(fact.what, None)
    world.held_by.setdefault(fact.what, set()).add(fact.who)
    at = world.where.get(fact.who)
    if at is not None and at.sure:
        world.where[fact.what] = Where((at.sure,), (), (*at.facts, fact))
        _been(world, fact.what, at.sure, (*at.facts, fact))
    else:
        world.where[fact.what] = Where((), (), (fact,))
        _been(world, fact.what, "", (fact,))


def _put(world: World, fact: Fact) -> None:
    world.holder.pop(fact.what, None)
    world.held_by.setdefault(fact.what, set()).add(fact.who)
    world.where[fact.what] = Where((fact.other,), (), (fact,))
    _been(world, fact.what, fact.other, (fact,))


def _give(world: World, fact: Fact) -> None:
    world.gifts.append(fact)
    world.people.add(fact.other)
    world.held_by.setdefault(fact.what, set()).update((fact.who, fact.other))
    world.holder[fact.what] = (fact.other, (fact,))
    at = world.where.get(fact.other)
    if at is not None and at.sure:
        _been(world, fact.what, at.sure, (fact, *at.facts))


def _at(world: World, fact: Fact) -> None:
    places = fact.what.split("|")
    known = world.where.get(fact.who, Where())
    if len(places) > 1 and not known.possible and set(places) & set(known.excluded):
        # "It is not in A. It is in A or B.": said of one moment it is B, said of two it may be either.
        world.where[fact.who] = Where((), (), (*known.facts, fact))
        return
    _place(world, fact.who, places, (fact,))


def _not_at(world: World, fact: Fact) -> None:
    known = world.where.get(fact.who, Where())
    left = tuple(one for one in known.possible if one != fact.what)
    world.where[fact.who] = Where(left, (*known.excluded, fact.what), (*known.facts, fact) if left else (fact,))
    if not left:
        _been(world, fact.who, "", (fact,))


_STEPS = {
    "move": _move, "leave": _leave, "take": _take, "drop": _drop, "put": _put, "give": _give, "at": _at, "not at": _not_at,
}  # fmt: skip


def place_of(world: World, who: str) -> Where:
    """Where somebody or something is now, through whoever carries it."""
    if who in world.holder:
        holder, facts = world.holder[who]
        at = world.where.get(holder, Where())
        return Where(at.possible, at.excluded, (*facts, *at.facts))
    return world.where.get(who, Where())
