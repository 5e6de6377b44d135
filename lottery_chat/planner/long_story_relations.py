"""What follows from told relations: who is more than whom, what lies where of what, what holds for a kind."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from lottery_chat.planner.long_story_reading import Fact

#: East and north are positive.
STEPS: dict[str, tuple[int, int]] = {
    "north": (0, 1), "south": (0, -1), "east": (1, 0), "west": (-1, 0), "above": (0, 1), "below": (0, -1), "right": (1, 0),
    "left": (-1, 0), "northeast": (1, 1), "northwest": (-1, 1), "southeast": (1, -1), "southwest": (-1, -1),
}  # fmt: skip
OPPOSITE = {
    "north": "south", "south": "north", "east": "west", "west": "east", "above": "below", "below": "above", "left": "right", "right": "left",
    "northeast": "southwest", "southwest": "northeast", "northwest": "southeast", "southeast": "northwest",
}  # fmt: skip
COLOURS = frozenset(
    "red green blue yellow white black gray grey brown orange purple pink violet gold golden silver beige turquoise".split()
)
_IRREGULAR = {
    "mice": "mouse", "geese": "goose", "men": "man", "women": "woman", "children": "child", "people": "person", "feet": "foot",
    "teeth": "tooth", "oxen": "ox", "sheep": "sheep", "fish": "fish", "deer": "deer", "wolves": "wolf", "calves": "calf", "leaves": "leaf",
}  # fmt: skip


def singular(word: str) -> str:
    """One of them: wolves → wolf."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:s|x|z|ch|sh)es$", word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def chain(edges: Sequence[Fact], start: str, end: str) -> list[Fact] | None:
    """The shortest run of facts who → what from start to end, or None."""
    queue: deque[tuple[str, list[Fact]]] = deque([(start, [])])
    seen = {start}
    while queue:
        at, path = queue.popleft()
        if at == end and path:
            return path
        for fact in edges:
            if fact.who == at and fact.what not in seen:
                seen.add(fact.what)
                queue.append((fact.what, [*path, fact]))
    return None


@dataclass(frozen=True, slots=True)
class Sided:
    """Whether A lies on that side of B; `certain` where it follows without taking neighbours to stand in line."""

    yes: bool
    certain: bool
    facts: tuple[Fact, ...]


def on_side(facts: Sequence[Fact], first: str, side: str, second: str) -> Sided | None:
    """Whether `first` lies on `side` of `second`; None where nothing links them."""
    path = _path(facts, second, first)
    if path is None or side not in STEPS:
        return None
    used = tuple(fact for fact, _ in path)
    x, y = sum(step[0] for _, step in path), sum(step[1] for _, step in path)
    wanted = STEPS[side]
    along = [step[0] * wanted[0] + step[1] * wanted[1] for _, step in path]
    total = sum(along)
    if all(one >= 0 for one in along) and any(along):
        return Sided(True, True, used)
    if all(one <= 0 for one in along) and any(along):
        return Sided(False, True, used)
    both = wanted[0] * x + wanted[1] * y
    return Sided(both > 0 and total > 0, False, used)


Step = tuple[Fact, tuple[int, int]]


def _path(facts: Sequence[Fact], start: str, end: str) -> list[Step] | None:
    """The shortest walk from start to end over what lies beside what, with the step of each fact."""
    queue: deque[tuple[str, list[Step]]] = deque([(start, [])])
    seen = {start}
    while queue:
        at, path = queue.popleft()
        if at == end and path:
            return path
        for fact in facts:
            if fact.kind != "beside" or fact.other not in STEPS:
                continue
            dx, dy = STEPS[fact.other]
            for here, there, step in ((fact.what, fact.who, (dx, dy)), (fact.who, fact.what, (-dx, -dy))):
                if here == at and there not in seen:
                    seen.add(there)
                    queue.append((there, [*path, (fact, step)]))
    return None


def directions(facts: Sequence[Fact], start: str, end: str) -> tuple[list[str], tuple[Fact, ...]] | None:
    """The compass directions of the shortest walk, one a step, with the facts."""
    path = _path(facts, start, end)
    if path is None:
        return None
    names = {step: name for name, step in STEPS.items() if name in ("north", "south", "east", "west")}
    said = [names.get(step, "") for _, step in path]
    return (said, tuple(fact for fact, _ in path)) if all(said) else None


def beside(facts: Sequence[Fact], side: str, of: str) -> list[tuple[str, Fact]]:
    """What is told to lie on that side of it, from either end."""
    found = [(fact.who, fact) for fact in facts if fact.kind == "beside" and fact.what == of and fact.other == side]
    found += [
        (fact.what, fact)
        for fact in facts
        if fact.kind == "beside" and fact.who == of and OPPOSITE.get(fact.other) == side
    ]
    return found


def of_kind(facts: Sequence[Fact], who: str) -> list[Fact]:
    """The facts that say of which kind somebody is."""
    return [fact for fact in facts if fact.kind == "is a" and fact.who == who]


def like_its_kind(
    facts: Sequence[Fact], who: str, qualities: frozenset[str]
) -> tuple[str, tuple[Fact, ...], bool] | None:
    """The quality most others of the kind have, the facts, and whether all of them do; a guess, not a proof."""
    for own in of_kind(facts, who):
        same = [fact for fact in facts if fact.kind == "is a" and fact.what == own.what and fact.who != who]
        told = [
            (quality.what, other, quality)
            for other in same
            for quality in facts
            if quality.kind == "is" and quality.who == other.who and quality.what in qualities
        ]
        if told:
            counts = Counter(name for name, _, _ in told)
            most = max(counts.values())
            # Of equals the one told last.
            best = next(name for name, _, _ in reversed(told) if counts[name] == most)
            reason = [fact for name, other, quality in told if name == best for fact in (other, quality)]
            return best, (own, *reason), len(counts) == 1
    return None
