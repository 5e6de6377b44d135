"""How each kind of question about a story is answered from its state and its relations, with the facts it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lottery_chat.planner.long_story_moves import World, place_of
from lottery_chat.planner.long_story_reading import Fact, Story, plain, scale_of
from lottery_chat.planner.long_story_relations import (
    COLOURS,
    OPPOSITE,
    beside,
    chain,
    directions,
    like_its_kind,
    of_kind,
    on_side,
    singular,
)


@dataclass(frozen=True, slots=True)
class Found:
    """An answer, the facts behind it, whose sentences must all have been read; not `sure` is a guess, `how` says which."""

    answer: str
    facts: tuple[Fact, ...]
    about: frozenset[str]
    sure: bool = True
    how: str = ""


Answer = Callable[[Story, World, "re.Match[str]"], "Found | None"]


def _about(world: World, *names: str) -> frozenset[str]:
    """What an answer rests on: the things asked about and all who ever held them."""
    holders = {holder for name in names for holder in world.held_by.get(name, ())}
    return frozenset({*names, *holders})


# -- where, who, what ------------------------------------------------------------------------------------------


def where_is(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """Where somebody or something is at the end."""
    who = plain(match["who"])
    at = place_of(world, who)
    if not at.sure:
        return None
    return Found(at.sure, at.facts, _about(world, who))


def where_before(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """Where it was before it came to a place."""
    who, place = plain(match["who"]), plain(match["place"])
    been = world.been.get(who, [])
    at = [n for n, (name, _) in enumerate(been) if name == place]
    if not at or at[-1] == 0 or not been[at[-1] - 1][0]:
        return None
    before, facts = been[at[-1] - 1]
    return Found(before, (*facts, *been[at[-1]][1]), _about(world, who))


def is_in(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """Yes, no or maybe: is it there?"""
    who, place = plain(match["who"]), plain(match["place"])
    at = place_of(world, who)
    if at.possible:
        answer = "yes" if at.sure == place else "maybe" if place in at.possible else "no"
    elif at.excluded:
        answer = "no" if place in at.excluded else "maybe"
    else:
        return None
    return Found(answer, at.facts, _about(world, who))


def who_is_in(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """Who is at a place at the end."""
    place = plain(match["place"])
    people = sorted(world.people)
    here = [who for who in people if place_of(world, who).sure == place]
    unsure = [who for who in people if place in place_of(world, who).possible and who not in here]
    if unsure or not here:
        return None
    facts = tuple(fact for who in here for fact in place_of(world, who).facts)
    return Found(_listed([who.title() for who in here]), facts, frozenset({*people, place}))


def _holding(world: World, who: str) -> list[str]:
    held = [(facts[-1].when, thing) for thing, (holder, facts) in world.holder.items() if holder == who]
    return [thing for _, thing in sorted(held)]


def _known(story: Story, who: str) -> bool:
    return any(who in (fact.who, fact.other) for fact in story.facts)


_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def how_many(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """How many things somebody carries."""
    who = plain(match["who"])
    if not _known(story, who):
        return None
    things = _holding(world, who)
    said = _NUMBERS[len(things)] if len(things) < len(_NUMBERS) else str(len(things))
    return Found(said, _touched(story, who), frozenset({who, *things}))


def what_held(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """What somebody carries."""
    who = plain(match["who"])
    if not _known(story, who):
        return None
    things = _holding(world, who)
    return Found(_listed(things) or "nothing", _touched(story, who), frozenset({who, *things}))


def _touched(story: Story, who: str) -> tuple[Fact, ...]:
    kinds = ("take", "drop", "put", "give", "leave")
    return tuple(fact for fact in story.facts if fact.kind in kinds and who in (fact.who, fact.other))


def who_has(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """Who carries a thing."""
    thing = plain(match["what"])
    if thing not in world.holder:
        return None
    holder, facts = world.holder[thing]
    return Found(holder.title(), facts, _about(world, thing))


def gift(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """Who gave what to whom: one of the three is asked for; of several gifts the last."""
    group = match.groupdict()
    wanted = {key: plain(value) for key, value in group.items() if value}
    fits = [
        fact
        for fact in world.gifts
        if all(
            getattr(fact, {"giver": "who", "what": "what", "to": "other"}[key]) == value
            for key, value in wanted.items()
        )
    ]
    if not fits:
        return None
    missing = next((key for key in ("what", "to", "giver") if key not in wanted), "giver")
    if re.match(r"who gave", match.string, re.I):
        missing = "giver"
    elif re.match(r"who (?:received|got)", match.string, re.I):
        missing = "to"
    answers = [getattr(fact, {"giver": "who", "what": "what", "to": "other"}[missing]) for fact in fits]
    said = answers[-1] if missing == "what" else answers[-1].title()
    same = len(set(answers)) == 1
    how = "" if same else f"the last of {len(fits)} times"
    return Found(said, (fits[-1],), frozenset({*wanted.values(), answers[-1]}), same, how)


# -- relations -------------------------------------------------------------------------------------------------


def what_beside(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """What lies on that side of it."""
    side = re.sub(r"^to the | of$", "", match["side"].lower()).strip()
    of = plain(match["of"])
    found = beside(story.facts, side, of)
    names = list(dict.fromkeys(name for name, _ in found))
    return Found(_listed(names), tuple(fact for _, fact in found), frozenset({of})) if len(names) == 1 else None


def beside_what(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """Of what it lies on that side."""
    side, of = re.sub(r"^to the | of$", "", match["side"].lower()).strip(), plain(match["of"])
    found = beside(story.facts, OPPOSITE.get(side, ""), of)
    names = list(dict.fromkeys(name for name, _ in found))
    return Found(_listed(names), tuple(fact for _, fact in found), frozenset({of})) if len(names) == 1 else None


def is_beside(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """Yes or no: does it lie on that side?"""
    first, second = plain(match["first"]), plain(match["of"])
    side = re.sub(r"^to the | of$", "", match["side"].lower()).strip()
    found = on_side(story.facts, first, side, second)
    if found is None:
        return None
    how = "" if found.certain else "neighbours are taken to stand in line"
    about = {first, second, *(name for fact in found.facts for name in (fact.who, fact.what))}
    return Found("yes" if found.yes else "no", found.facts, frozenset(about), found.certain, how)


def route(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """The directions from one place to another."""
    found = directions(story.facts, plain(match["start"]), plain(match["end"]))
    if found is None:
        return None
    names, facts = found
    return Found(", ".join(names), facts, frozenset(name for fact in facts for name in (fact.who, fact.what)))


def is_more(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """Yes or no: is it bigger, older, …; does it fit?"""
    group = match.groupdict()
    first, second = plain(match["first"]), plain(match["of"])
    scale, more = scale_of(group["than"]) if group.get("than") else ("size", False)
    edges = [fact for fact in story.facts if fact.kind == "more" and fact.other == scale]
    high, low = (first, second) if more else (second, first)
    proof, counter = chain(edges, high, low), chain(edges, low, high)
    if (proof is None) == (counter is None):
        return None  # nothing links them, or the story contradicts itself
    facts = tuple(proof or counter or ())
    about = frozenset(name for fact in facts for name in (fact.who, fact.what))
    return Found("yes" if proof is not None else "no", facts, about)


# -- kinds and qualities -----------------------------------------------------------------------------------------


def what_kind_does(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """What holds for it because it holds for its kind."""
    who, does = plain(match["who"]), match["does"].lower()
    for own in of_kind(story.facts, who):
        for rule in story.facts:
            if rule.kind == "kinds" and rule.other == does and singular(rule.who) == singular(own.what):
                return Found(singular(rule.what), (own, rule), frozenset({who, rule.who, own.what}))
    return None


def colour(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """A colour that is told, or a guess by its kind."""
    who = plain(match["who"])
    own = [fact for fact in story.facts if fact.kind == "is" and fact.who == who and fact.what in COLOURS]
    if own:
        return Found(own[-1].what, (own[-1],), frozenset({who}))
    found = like_its_kind(story.facts, who, COLOURS)
    if found is None:
        return None
    colour, facts, all_of_them = found
    how = "a guess: " + ("all" if all_of_them else "most") + " others of its kind are; the text does not say it"
    return Found(colour, facts, frozenset({who}), False, how)


def why(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """The state told of somebody before the deed: the likely reason, not a stated one."""
    who, what = plain(match["who"]), plain(match["what"])
    deeds = [fact for fact in story.facts if fact.who == who and fact.what == what and fact.kind in ("move", "take")]
    if not deeds:
        return None
    states = [fact for fact in story.facts if fact.kind == "is" and fact.who == who and fact.when < deeds[-1].when]
    if not states:
        return None
    how = "a likely reason, the text does not state it"
    return Found(states[-1].what, (states[-1], deeds[-1]), frozenset({who}), False, how)


def where_next(story: Story, world: World, match: re.Match[str]) -> Found | None:
    """Where others in the same state went."""
    who = plain(match["who"])
    states = [fact for fact in story.facts if fact.kind == "is" and fact.who == who]
    if not states:
        return None
    for other in (
        fact for fact in story.facts if fact.kind == "is" and fact.what == states[-1].what and fact.who != who
    ):
        moves = [
            fact for fact in story.facts if fact.kind == "move" and fact.who == other.who and fact.when > other.when
        ]
        if moves:
            how = "a guess: another in the same state went there"
            return Found(moves[0].what, (states[-1], other, moves[0]), frozenset({who}), False, how)
    return None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""
