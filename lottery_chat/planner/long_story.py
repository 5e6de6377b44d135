"""Answer a question about a story of simple facts by following it: decided only if every sentence about it was read.

What follows from several facts is proved, what one sentence says is quoted, what only resembles is said to be a guess.
Any unread sentence that names somebody the answer rests on leaves the question to the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lottery_chat.planner.long_material import Spoken, spoken
from lottery_chat.planner.long_story_moves import World, follow, place_of
from lottery_chat.planner.long_story_reading import COMPARATIVES, Fact, Story, plain, read_story, scale_of
from lottery_chat.planner.long_story_relations import (
    COLOURS,
    beside,
    chain,
    directions,
    like_its_kind,
    of_kind,
    on_side,
    singular,
)

#: Longest text that is read as a story, in letters.
LONGEST = 400_000


@dataclass(frozen=True, slots=True)
class Told:
    """An answer with the sentences it follows from; `sure` is False for a guess by likeness."""

    answer: str
    sentences: tuple[Spoken, ...]
    read: int
    sure: bool
    how: str

    @property
    def check(self) -> str:
        """How it is known, as a sentence."""
        tail = f"; {self.how}" if self.how else ""
        return f"followed by code through the {self.read} sentences that were read; nothing else is taken to have happened{tail}"


@dataclass(frozen=True, slots=True)
class _Found:
    answer: str
    facts: tuple[Fact, ...]
    about: frozenset[str]
    sure: bool = True
    how: str = ""


def tell(asked: str, text: str) -> Told | None:
    """Decide a question about a story; None where it is no such question, or not everything about it was read."""
    if len(text) > LONGEST or len(asked) > 200:
        return None
    question = " ".join(asked.split()).rstrip("? .")
    matched = [(match, answer) for pattern, answer in _QUESTIONS if (match := pattern.match(question))]
    if not matched:
        return None
    story = read_story(spoken(text))
    if len(story.facts) < 2:
        return None
    world = follow(story)
    for match, answer in matched:
        found = answer(story, world, match) if world is not None else None
        if found is not None and not _gap(story, found.about):
            numbers = sorted({fact.number for fact in found.facts})
            lines = tuple(story.sentence(number) for number in numbers)
            read = len({fact.number for fact in story.facts})
            return Told(found.answer, lines, read, found.sure, found.how)
    return None


_ALL = re.compile(r"\b(?:everyone|everybody|nobody|no one|all of|both|each of|every|they all)\b")


def _gap(story: Story, about: frozenset[str]) -> bool:
    """Whether an unread sentence names somebody or something that the answer rests on."""
    for _, words in story.unread:
        if _ALL.search(words) and len(words) < 200:
            return True
        if any(f" {name} " in words for name in about if name):
            return True
    return False


Answer = Callable[[Story, World, "re.Match[str]"], "_Found | None"]


def _about(world: World, *names: str) -> frozenset[str]:
    """What an answer rests on: the things asked about and all who ever held them."""
    holders = {holder for name in names for holder in world.held_by.get(name, ())}
    return frozenset({*names, *holders})


# -- where, who, what ------------------------------------------------------------------------------------------


def _where_is(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    who = plain(match["who"])
    at = place_of(world, who)
    if not at.sure:
        return None
    return _Found(at.sure, at.facts, _about(world, who))


def _where_before(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    who, place = plain(match["who"]), plain(match["place"])
    been = world.been.get(who, [])
    at = [n for n, (name, _) in enumerate(been) if name == place]
    if not at or at[-1] == 0 or not been[at[-1] - 1][0]:
        return None
    before, facts = been[at[-1] - 1]
    return _Found(before, (*facts, *been[at[-1]][1]), _about(world, who))


def _is_in(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    who, place = plain(match["who"]), plain(match["place"])
    at = place_of(world, who)
    if at.possible:
        answer = "yes" if at.sure == place else "maybe" if place in at.possible else "no"
    elif at.excluded:
        answer = "no" if place in at.excluded else "maybe"
    else:
        return None
    return _Found(answer, at.facts, _about(world, who))


def _who_is_in(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    place = plain(match["place"])
    people = sorted(world.people)
    here = [who for who in people if place_of(world, who).sure == place]
    unsure = [who for who in people if place in place_of(world, who).possible and who not in here]
    if unsure or not here:
        return None
    facts = tuple(fact for who in here for fact in place_of(world, who).facts)
    return _Found(_listed([who.title() for who in here]), facts, frozenset({*people, place}))


def _holding(world: World, who: str) -> list[str]:
    held = [(facts[-1].when, thing) for thing, (holder, facts) in world.holder.items() if holder == who]
    return [thing for _, thing in sorted(held)]


def _known(story: Story, who: str) -> bool:
    return any(who in (fact.who, fact.other) for fact in story.facts)


_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _how_many(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    who = plain(match["who"])
    if not _known(story, who):
        return None
    things = _holding(world, who)
    said = _NUMBERS[len(things)] if len(things) < len(_NUMBERS) else str(len(things))
    return _Found(said, _touched(story, who), frozenset({who, *things}))


def _what_held(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    who = plain(match["who"])
    if not _known(story, who):
        return None
    things = _holding(world, who)
    return _Found(_listed(things) or "nothing", _touched(story, who), frozenset({who, *things}))


def _touched(story: Story, who: str) -> tuple[Fact, ...]:
    kinds = ("take", "drop", "put", "give", "leave")
    return tuple(fact for fact in story.facts if fact.kind in kinds and who in (fact.who, fact.other))


def _who_has(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    thing = plain(match["what"])
    if thing not in world.holder:
        return None
    holder, facts = world.holder[thing]
    return _Found(holder.title(), facts, _about(world, thing))


def _gift(story: Story, world: World, match: re.Match[str]) -> _Found | None:
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
    return _Found(said, (fits[-1],), frozenset({*wanted.values(), answers[-1]}), same, how)


# -- relations -------------------------------------------------------------------------------------------------


def _what_beside(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    side = re.sub(r"^to the | of$", "", match["side"].lower()).strip()
    of = plain(match["of"])
    found = beside(story.facts, side, of)
    names = list(dict.fromkeys(name for name, _ in found))
    return _Found(_listed(names), tuple(fact for _, fact in found), frozenset({of})) if len(names) == 1 else None


def _beside_what(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    side, of = re.sub(r"^to the | of$", "", match["side"].lower()).strip(), plain(match["of"])
    opposite = {"north": "south", "south": "north", "east": "west", "west": "east", "above": "below", "below": "above", "left": "right", "right": "left"}  # fmt: skip
    found = beside(story.facts, opposite.get(side, ""), of)
    names = list(dict.fromkeys(name for name, _ in found))
    return _Found(_listed(names), tuple(fact for _, fact in found), frozenset({of})) if len(names) == 1 else None


def _is_beside(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    first, second = plain(match["first"]), plain(match["of"])
    side = re.sub(r"^to the | of$", "", match["side"].lower()).strip()
    found = on_side(story.facts, first, side, second)
    if found is None:
        return None
    how = "" if found.certain else "neighbours are taken to stand in line"
    about = {first, second, *(name for fact in found.facts for name in (fact.who, fact.what))}
    return _Found("yes" if found.yes else "no", found.facts, frozenset(about), found.certain, how)


def _route(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    found = directions(story.facts, plain(match["start"]), plain(match["end"]))
    if found is None:
        return None
    names, facts = found
    return _Found(", ".join(names), facts, frozenset(name for fact in facts for name in (fact.who, fact.what)))


def _is_more(story: Story, world: World, match: re.Match[str]) -> _Found | None:
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
    return _Found("yes" if proof is not None else "no", facts, about)


# -- kinds and qualities -----------------------------------------------------------------------------------------


def _what_kind_does(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    who, does = plain(match["who"]), match["does"].lower()
    for own in of_kind(story.facts, who):
        for rule in story.facts:
            if rule.kind == "kinds" and rule.other == does and singular(rule.who) == singular(own.what):
                return _Found(singular(rule.what), (own, rule), frozenset({who, rule.who, own.what}))
    return None


def _colour(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    who = plain(match["who"])
    own = [fact for fact in story.facts if fact.kind == "is" and fact.who == who and fact.what in COLOURS]
    if own:
        return _Found(own[-1].what, (own[-1],), frozenset({who}))
    found = like_its_kind(story.facts, who, COLOURS)
    if found is None:
        return None
    colour, facts, all_of_them = found
    how = "a guess: " + ("all" if all_of_them else "most") + " others of its kind are; the text does not say it"
    return _Found(colour, facts, frozenset({who}), False, how)


def _why(story: Story, world: World, match: re.Match[str]) -> _Found | None:
    """The state told of somebody before the deed: the likely reason, not a stated one."""
    who, what = plain(match["who"]), plain(match["what"])
    deeds = [fact for fact in story.facts if fact.who == who and fact.what == what and fact.kind in ("move", "take")]
    if not deeds:
        return None
    states = [fact for fact in story.facts if fact.kind == "is" and fact.who == who and fact.when < deeds[-1].when]
    if not states:
        return None
    how = "a likely reason, the text does not state it"
    return _Found(states[-1].what, (states[-1], deeds[-1]), frozenset({who}), False, how)


def _where_next(story: Story, world: World, match: re.Match[str]) -> _Found | None:
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
            return _Found(moves[0].what, (states[-1], other, moves[0]), frozenset({who}), False, how)
    return None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1] if names else ""


_SIDE = r"(?P<side>north of|south of|east of|west of|(?:to the )?left of|(?:to the )?right of|above|below)"
_N = r"[\w'’ -]{1,40}"
_QUESTIONS: tuple[tuple[re.Pattern[str], Answer], ...] = tuple(
    (re.compile(rf"^{pattern}$", re.IGNORECASE), answer)
    for pattern, answer in (
        (rf"where (?:was|were) (?P<who>{_N}) before (?:(?:he|she|it|they) (?:went|came|was|were|got) (?:in |to |at |into )?)?(?P<place>{_N})", _where_before),
        (rf"where (?:is|was|are) (?P<who>(?!.* before ){_N}?)(?: now| in the end| at the end)?", _where_is),
        (rf"(?:is|was|are) (?P<who>{_N}?) (?:now |still )?(?:in|at|inside|on) (?P<place>(?:the |a )?{_N})", _is_in),
        (rf"who is (?:now )?(?:in|at|inside) (?P<place>{_N})", _who_is_in),
        (rf"how many (?:objects|things|items) (?:is|does) (?P<who>{_N}) (?:carrying|carry|holding|hold|have)(?: now)?", _how_many),
        (rf"what (?:is|does) (?P<who>{_N}) (?:carrying|carry|holding|hold|have)(?: now)?", _what_held),
        (rf"who (?:has|holds|is carrying|is holding) (?P<what>{_N}?)(?: now)?", _who_has),
        (rf"what did (?P<giver>{_N}) give to (?P<to>{_N})", _gift),
        (rf"who gave (?P<what>{_N}) to (?P<to>{_N})", _gift),
        (rf"who did (?P<giver>{_N}) give (?P<what>{_N}) to", _gift),
        (rf"who gave (?P<what>(?!.* to ){_N})", _gift),
        (rf"who (?:received|got) (?P<what>(?!.* from ){_N})", _gift),
        (rf"(?:what|which \w+) (?:is|lies) {_SIDE} (?P<of>{_N})", _what_beside),
        (rf"what is (?P<of>{_N}?) {_SIDE}", _beside_what),
        (rf"is (?P<first>{_N}?) {_SIDE} (?P<of>{_N})", _is_beside),
        (rf"how (?:do|can|would|does) (?:you|i|we|one) (?:go|get|walk) from (?P<start>{_N}) to (?P<end>{_N})", _route),
        (rf"(?:does|do|will|can|would) (?P<first>{_N}?) fit (?:in|into|inside) (?P<of>{_N})", _is_more),
        (rf"is (?P<first>{_N}?) (?P<than>{COMPARATIVES}) than (?P<of>{_N})", _is_more),
        (rf"what is (?P<who>{_N}?) (?P<does>[a-z]+ (?:of|by))", _what_kind_does),
        (rf"what does (?P<who>{_N}?) (?P<does>fear|eat|chase|hunt|like|love|hate|avoid|follow)", _what_kind_does),
        (rf"what colou?r is (?P<who>{_N})", _colour),
        (rf"why did (?P<who>\w+) (?:go to|get|take|pick up|grab|fetch) (?P<what>{_N})", _why),
        (r"where will (?P<who>\w+) go(?: next)?", _where_next),
    )
)  # fmt: skip
