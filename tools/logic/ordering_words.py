"""The words of orderings: what "older", "third from the left" or "second-to-last" say about a place on an axis.

Every axis counts from its first pole: place 1 is the oldest, tallest, first, leftmost …
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBERS = {
    word: number for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}  # fmt: skip
ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}
ORDINALS |= {f"{n}{'st' if n == 1 else 'nd' if n == 2 else 'rd' if n == 3 else 'th'}": n for n in range(1, 13)}

#: axis → (adjectives of the first pole, adjectives of the last pole)
AXES: dict[str, tuple[str, str]] = {
    "age": ("old eld ancient", "new young recent modern"),
    "price": ("expensive costly pricey dear valuable", "cheap inexpensive affordable"),
    "height": ("tall", "short"),
    "length": ("long", "short_length"),
    "weight": ("heavy", "light"),
    "size": ("big large huge", "small little tiny"),
    "speed": ("fast quick rapid", "slow"),
    "wealth": ("rich wealthy", "poor"),
    "strength": ("strong powerful", "weak"),
    "heat": ("hot warm", "cold cool"),
    "brightness": ("bright", "dark dim"),
    "difficulty": ("hard difficult", "easy simple"),
    "happiness": ("happy cheerful", "sad unhappy"),
    "depth": ("deep", "shallow"),
    "width": ("wide broad", "narrow"),
    "thickness": ("thick fat", "thin slim"),
    "loudness": ("loud noisy", "quiet"),
    "quality": ("good", "bad"),
    "nearness": ("near close", "far distant"),
    "sweetness": ("sweet", "sour bitter"),
    "wit": ("smart clever intelligent bright_mind", "stupid"),
    "level": ("high", "low"),
    "time": ("early", "late"),
}
_IRREGULAR = {
    "better": "good", "best": "good", "worse": "bad", "worst": "bad", "farther": "far", "further": "far",
    "farthest": "far", "furthest": "far", "elder": "eld", "eldest": "eld", "older": "old", "oldest": "old",
}  # fmt: skip
PLACES = frozenset({"rank", "line"})  # axes on which everything has its own place
#: (words, axis, whether the first is nearer to the first pole)
RELATIONS: tuple[tuple[str, str, bool], ...] = (
    ("to the left of", "line", True), ("to the right of", "line", False), ("on the left of", "line", True),
    ("on the right of", "line", False), ("left of", "line", True), ("right of", "line", False),
    ("in front of", "rank", True), ("ahead of", "rank", True), ("before", "rank", True), ("above", "rank", True),
    ("over", "rank", True), ("higher than", "rank", True), ("earlier than", "rank", True), ("sooner than", "rank", True),
    ("on top of", "rank", True), ("behind", "rank", False), ("after", "rank", False), ("below", "rank", False),
    ("under", "rank", False), ("beneath", "rank", False), ("underneath", "rank", False), ("lower than", "rank", False),
    ("later than", "rank", False),
)  # fmt: skip
ENDS: tuple[tuple[str, str, bool], ...] = (
    ("leftmost", "line", True), ("rightmost", "line", False), ("furthest left", "line", True),
    ("furthest right", "line", False), ("farthest left", "line", True), ("farthest right", "line", False),
    ("at the left end", "line", True), ("at the right end", "line", False), ("on the far left", "line", True),
    ("on the far right", "line", False), ("at the far left", "line", True), ("at the far right", "line", False),
    ("on the left end", "line", True), ("on the right end", "line", False), ("furthest to the left", "line", True),
    ("furthest to the right", "line", False), ("farthest to the left", "line", True),
    ("farthest to the right", "line", False), ("at the top", "rank", True), ("at the bottom", "rank", False),
    ("on top", "rank", True), ("topmost", "rank", True), ("bottommost", "rank", False), ("at the front", "rank", True),
    ("at the back", "rank", False), ("at the end", "rank", False), ("first", "rank", True), ("last", "rank", False),
    ("highest", "rank", True), ("lowest", "rank", False), ("earliest", "rank", True), ("latest", "rank", False),
)  # fmt: skip
_ORD = "(" + "|".join(ORDINALS) + ")"
_FROM = re.compile(
    rf"^(?:the )?{_ORD}(?:[ -](?:place|position|spot|one))? (?:from|counting from|starting from) the (left|right|top|bottom|front|back|end|beginning)$"
)
_LAST = re.compile(
    rf"^(?:the )?(?:in )?{_ORD}(?:[ -](?:place )?(?:to|from)(?:[ -]the)?)?[ -]last(?: place| position)?$"
)
_PLACE = re.compile(
    rf"^(?:in |at )?(?:the )?{_ORD}(?: place| position| spot| rank)?(?: in (?:the )?(?:line|queue|row|race|order))?$"
)
_NUMBER = re.compile(r"^(?:in |at )?(?:place|position|number|spot|rank) (\d{1,2}|[a-z]+)$")
_NEXT_TO_LAST = ("next to last", "next-to-last", "penultimate", "last but one")
_SUPERLATIVE = re.compile(rf"^(?:the )?(?:{_ORD}[ -])?(most|least) ([a-z_]+)$")
_SUPERLATIVE_EST = re.compile(rf"^(?:the )?(?:{_ORD}[ -])?([a-z]+)$")


@dataclass(frozen=True, slots=True)
class Placed:
    """A place on an axis: the k-th counted from the first pole, or from the last."""

    axis: str
    k: int
    from_first: bool


def pole(adjective: str) -> tuple[str, bool]:
    """(axis, whether the first pole) of an adjective; one that is not listed is an axis of its own."""
    for axis, (first, last) in AXES.items():
        if adjective in first.split():
            return axis, True
        if adjective in last.split():
            return axis, False
    return adjective, True


def base_of(word: str, ending: str) -> str | None:
    """The adjective of a comparative ("er") or superlative ("est"); None where the word is none."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not word.endswith(ending) or len(word) < len(ending) + 2:
        return None
    stem = word[: -len(ending)]
    known = {adjective for poles in AXES.values() for side in poles for adjective in side.split()}
    options = (
        stem,
        stem + "e",
        stem[:-1] + "y" if stem.endswith("i") else stem,
        stem[:-1] if stem[-1:] == stem[-2:-1] else stem,
    )
    return next((option for option in options if option in known), None)


def comparative(words: str) -> tuple[str, bool] | None:
    """(axis, whether nearer to the first pole) of "older than", "more expensive than", "less costly than"."""
    if not words.endswith(" than"):
        return None
    parts = words[: -len(" than")].split()
    if len(parts) == 2 and parts[0] in ("more", "less"):
        axis, first = pole(parts[1])
        return axis, first == (parts[0] == "more")
    base = base_of(parts[0], "er") if len(parts) == 1 else None
    return pole(base) if base else None


def placed(words: str, default: str) -> Placed | None:
    """The place that words such as "third from the left" or "second-to-last" name; `default`: the axis of bare places."""
    text = words.strip()
    match = _FROM.match(text)
    if match:
        side = match[2]
        axis = "line" if side in ("left", "right") else "rank"
        return Placed(axis, ORDINALS[match[1]], side in ("left", "top", "front", "beginning"))
    if text.removeprefix("the ") in _NEXT_TO_LAST:
        return Placed(default, 2, False)
    match = _LAST.match(text)
    if match:
        return Placed(default, ORDINALS[match[1]], False)
    for phrase, axis, first in ENDS:
        if text.removeprefix("the ").removeprefix("in ") in (phrase, f"{phrase} place", f"{phrase} position"):
            return Placed(default if phrase in ("first", "last") else axis, 1, first)
    match = _PLACE.match(text)
    if match:
        return Placed(default, ORDINALS[match[1]], True)
    match = _NUMBER.match(text)
    if match:
        number = int(match[1]) if match[1].isdigit() else NUMBERS.get(match[1], 0)
        return Placed(default, number, True) if number else None
    return _superlative(text)


def _superlative(text: str) -> Placed | None:
    match = _SUPERLATIVE.match(text)
    if match:
        axis, first = pole(match[3])
        return Placed(axis, ORDINALS.get(match[1] or "first", 1), first == (match[2] == "most"))
    match = re.match(rf"^(?:the )?{_ORD}-(most|least) ([a-z]+)$", text)
    if match:
        axis, first = pole(match[3])
        return Placed(axis, ORDINALS[match[1]], first == (match[2] == "most"))
    match = _SUPERLATIVE_EST.match(text)
    base = base_of(match[2], "est") if match else None
    if match is None or base is None:
        return None
    axis, first = pole(base)
    return Placed(axis, ORDINALS.get(match[1] or "first", 1), first)
