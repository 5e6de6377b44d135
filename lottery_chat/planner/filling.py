"""Arguments of a tool filled by code from the words of a question: numbers, dates, units, quoted and written names.

Pure code, no model. An argument is filled only where one reading is left; everything else stays with g_φ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lottery_chat.planner.calls_said import COUNTS, SCALES, Said
from tools.tool import Argument, Card

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in _MONTHS)
_DATES = (
    re.compile(r"\b(?P<y>(?:1[89]|20|21)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)? (?:of )?(?P<n>{_MONTH})\.?,? (?P<y>\d{{4}})\b", re.I),
    re.compile(rf"\b(?P<n>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})\b", re.I),
)
#: A text in quotation marks, its words in one of the groups.
QUOTED = re.compile(
    r"\"([^\"\n]{1,300})\"|“([^”\n]{1,300})”|„([^“”\n]{1,300})[“”]|(?<!\w)'([^'\n]{1,300})'(?!\w)|`([^`\n]{1,300})`"
)
_NUMBER = re.compile(
    r"(?<![\w.,])([$€£]\s?)?(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?:\s?(%|percent\b)|\s?(hundred|thousand|million|billion)\b)?"
    r"(?!\d)", re.I,
)  # fmt: skip
_NAME = re.compile(r"[A-ZÀ-Þ][\w'’-]{0,40}(?: (?:of |de |van |von )?[A-ZÀ-Þ][\w'’-]{0,40}){0,3}")
_WORD = re.compile(r"[^\W\d_]+")
_NAMED = re.compile(
    r"\b(?:city|town|place|location|country|person|name|who|destination|origin|company|team|title)\b", re.I
)
_DATED = re.compile(r"\bdate\b|\bday\b|YYYY|ISO 8601", re.I)
_LITTLE = frozenset(
    "a an the of in on at to for from by with and or is are be number value amount given first second".split()
)

_ORDINALS = frozenset("second third fourth fifth sixth seventh eighth ninth tenth twice double".split())


@dataclass(frozen=True, slots=True)
class Filled:
    """What code filled, and the required arguments that it could not."""

    arguments: Mapping[str, Any]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Mention:
    value: float
    percent: bool
    money: bool
    around: frozenset[str]
    at: int


def fill(card: Card, question: str) -> Filled:
    """Fill the arguments of a card from a question, each only where exactly one value can be meant."""
    text = " ".join(question.split())[:4_000]
    found: dict[str, Any] = {}
    rest, quotes = _without(text, QUOTED)
    rest, dates = _take_dates(rest)
    found |= _by_count([one for one in card.arguments if _is_date(one)], dates)
    texts = [one for one in card.arguments if _kind(one) == "string" and not _is_date(one)]
    plain = [one for one in texts if not one.schema.get("enum")]
    if quotes:
        found |= _by_count([one for one in plain if one.required] or plain, quotes)
    found |= _choices(texts, rest)
    found |= _numbers(card.arguments, rest)
    found |= _names([one for one in plain if one.name not in found], rest)
    found |= _truths(card.arguments, rest)
    missing = tuple(one.name for one in card.arguments if one.required and one.name not in found)
    return Filled({one.name: found[one.name] for one in card.arguments if one.name in found}, missing)


def _kind(argument: Argument) -> str:
    return str(argument.schema.get("type", ""))


def _is_date(argument: Argument) -> bool:
    about = f"{argument.name.replace('_', ' ')} {argument.description}"
    return _kind(argument) == "string" and (
        argument.schema.get("format") == "date" or _DATED.search(about) is not None
    ) and not argument.schema.get("enum")  # fmt: skip


def _by_count(arguments: Sequence[Argument], values: Sequence[Any]) -> dict[str, Any]:
    """Values to arguments in their order, where there are as many of the one as of the other."""
    required = [one for one in arguments if one.required]
    for some in (arguments, required):
        if some and len(some) == len(values):
            return {one.name: value for one, value in zip(some, values, strict=True)}
    return {}


def _without(text: str, pattern: re.Pattern[str]) -> tuple[str, list[str]]:
    """The text with the matches blanked, and what they hold."""
    found = [next(one for one in match.groups() if one is not None).strip() for match in pattern.finditer(text)]
    return pattern.sub(lambda match: " " * len(match.group()), text), found


def _take_dates(text: str) -> tuple[str, list[str]]:
    """The text with its whole dates blanked, and the dates in ISO form in the order of the text."""
    places: list[tuple[int, str]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = int(parts["m"]) if parts.get("m") else _month(parts["n"])
            try:
                made = date(int(parts["y"]), month, int(parts["d"]))
            except ValueError:
                continue  # 31 February is no date
            places.append((match.start(), made.isoformat()))
            text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    return text, [iso for _, iso in sorted(places)]


def _month(name: str) -> int:
    return next(number for number, one in enumerate(_MONTHS, 1) if one.startswith(name.lower()[:3]))


# -- numbers -----------------------------------------------------------------------------------------------------


def _mentions(text: str) -> Iterator[_Mention]:
    """The numbers of a text, each with the three words before and after it that say what it is."""
    for match in _NUMBER.finditer(text):
        scale = SCALES.get((match.group(4) or "").lower(), 1.0)
        # What stands between two numbers may belong to either; what stands beyond one does not belong to the other.
        before = _content(re.split(r"\d", text[max(0, match.start() - 80) : match.start()])[-1])[-3:]
        after = _content(re.split(r"\d", text[match.end() : match.end() + 80])[0])[:3]
        value = float(match.group(2).replace(",", "")) * scale
        around = frozenset((*before, *after))
        yield _Mention(value, bool(match.group(3)), bool(match.group(1)), around, match.start())
    for word in _WORD.finditer(text):
        number = COUNTS.get(word.group().lower())
        if number is not None and number >= 2 and word.group().lower() not in _ORDINALS:
            after = _content(text[word.end() : word.end() + 60])[:2]
            yield _Mention(float(number), False, False, frozenset(after), word.start())


def _content(text: str) -> list[str]:
    return [_stem(one) for one in _WORD.findall(text.lower()) if one not in _LITTLE]


def _numbers(arguments: Sequence[Argument], text: str) -> dict[str, Any]:
    mentions = sorted(_mentions(text), key=lambda one: one.at)
    lists = [one for one in arguments if _kind(one) == "array" and _item(one) in ("number", "integer")]
    single = [one for one in arguments if _kind(one) in ("number", "integer")]
    if len(lists) == 1 and not [one for one in single if one.required] and len(mentions) > 1:
        return {lists[0].name: [_as(one, _item(lists[0])) for one in mentions]}
    if lists:
        return {}
    found: dict[str, Any] = {}
    left = list(mentions)
    while (pair := _clearest(single, found, left)) is not None:
        argument, mention = pair
        found[argument.name] = _as(mention, _kind(argument), argument)
        left.remove(mention)
    open_ones = [one for one in single if one.required and one.name not in found]
    needed = [one for one in single if one.required]
    if len(open_ones) == len(left) == 1 and len(mentions) == len(needed) and _fits(open_ones[0], left[0]):
        found[open_ones[0].name] = _as(left[0], _kind(open_ones[0]), open_ones[0])
    elif len(open_ones) == len(left) == 2 and _interchangeable(open_ones) and all(map(_fits, open_ones, left)):
        found |= {one.name: _as(mention, _kind(one), one) for one, mention in zip(open_ones, left, strict=True)}
    return found


def _clearest(
    arguments: Sequence[Argument], found: Mapping[str, Any], left: Sequence[_Mention]
) -> tuple[Argument, _Mention] | None:
    """The argument and number that go together best, among arguments for which one number is better than all others."""
    best: tuple[int, Argument, _Mention] | None = None
    for argument in arguments:
        if argument.name in found:
            continue
        # A word that two arguments share ("in metres") tells them apart by nothing.
        others = {word for one in arguments if one is not argument for word in _said_by(one)}
        words = _said_by(argument) - others
        scored = sorted(
            ((_akin(argument, words, one), -one.at, one) for one in left if _fits(argument, one)),
            key=lambda each: each[:2],
        )
        if not scored or scored[-1][0] <= 0 or (len(scored) > 1 and scored[-2][0] == scored[-1][0]):
            continue
        if best is None or scored[-1][0] > best[0]:
            best = (scored[-1][0], argument, scored[-1][2])
    return best and (best[1], best[2])


def _item(argument: Argument) -> str:
    items = argument.schema.get("items")
    return str(items.get("type", "")) if isinstance(items, Mapping) else ""


def _fits(argument: Argument, mention: _Mention) -> bool:
    if _kind(argument) == "integer" and not mention.value.is_integer():
        return False
    least, most = argument.schema.get("minimum"), argument.schema.get("maximum")
    value = mention.value
    return (not isinstance(least, int | float) or value >= least) and (
        not isinstance(most, int | float) or value <= most
    )


def _said_by(argument: Argument) -> set[str]:
    """The content words of an argument's name and description."""
    return {*_content(argument.name.replace("_", " ")), *_content(argument.description)}


def _akin(argument: Argument, own: set[str], mention: _Mention) -> int:
    """How many of the argument's own words stand beside the number; its name counts double, a percentage for a rate too."""
    name = set(_content(argument.name.replace("_", " ")))
    score = len(own & mention.around) + len(own & name & mention.around)
    words = _said_by(argument)
    if mention.percent:
        score += 2 if words & {"percent", "percentag", "rate", "percentage"} else -3
    if mention.money:
        score += 2 if words & {_stem(one) for one in ("price", "cost", "amount", "principal", "loan", "money", "bill", "dollars", "euros")} else 0  # fmt: skip
    return score


def _as(mention: _Mention, kind: str, argument: Argument | None = None) -> int | float:
    value = mention.value
    if (
        mention.percent
        and argument is not None
        and re.search(r"\bdecimal|\bfraction|\b0\.\d", argument.description, re.I)
    ):
        value = round(value / 100, 12)
    return int(value) if value.is_integer() and (kind == "integer" or abs(value) < 1e15) else value


def _interchangeable(two: Sequence[Argument]) -> bool:
    """Whether two arguments are a pair such as a and b, x and y, first and second: then the order of the text counts."""
    names = [one.name.lower() for one in two]
    pairs = {("a", "b"), ("x", "y"), ("n", "m"), ("m", "n"), ("first", "second"), ("num1", "num2"), ("left", "right"), ("start", "end")}  # fmt: skip
    return (names[0], names[1]) in pairs


# -- words -------------------------------------------------------------------------------------------------------


def _choices(arguments: Sequence[Argument], text: str) -> dict[str, Any]:
    """The value of a list of choices of which exactly one stands in the question."""
    found = {}
    folded = f" {_plain(text)} "
    for argument in arguments:
        choices = argument.schema.get("enum")
        if isinstance(choices, Sequence) and not isinstance(choices, str):
            words = {one: _plain(one) for one in choices if isinstance(one, str)}
            said = [
                one for one, plain in words.items() if plain and (f" {plain} " in folded or f" {plain}s " in folded)
            ]
            # "kilometre" stands in "square kilometre": the longest that was said is meant.
            longest = max((len(words[one]) for one in said), default=0)
            meant = [one for one in said if len(words[one]) == longest]
            if len(meant) == 1 and all(f" {words[one]} " in f" {words[meant[0]]} " for one in said):
                found[argument.name] = meant[0]
    return found


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def _names(arguments: Sequence[Argument], text: str) -> dict[str, Any]:
    """Names written with capitals, to the arguments that ask for a name; the question's first word is none by that."""
    wanting = [one for one in arguments if _NAMED.search(f"{one.name.replace('_', ' ')} {one.description}")]
    if not wanting:
        return {}
    names: list[str] = []
    for match in _NAME.finditer(text):
        starts = match.start() == 0 or text[: match.start()].rstrip()[-1:] in (".", "?", "!", ":")
        name = match.group()
        if starts:
            name = name.partition(" ")[2]
        name = re.sub(r"['’]s$", "", name)
        if name and name not in ("I", *names) and name.lower() not in _MONTHS:
            names.append(name)
    return _by_count(wanting, names)


def _truths(arguments: Sequence[Argument], text: str) -> dict[str, Any]:
    """Switches that the question speaks of: on, or off where it says without, no, not."""
    said, found = Said(text), {}
    words = [one.lower() for one in _WORD.findall(text)]
    for argument in arguments:
        if _kind(argument) != "boolean":
            continue
        own = {_stem(one) for one in _WORD.findall(argument.name.replace("_", " ").lower())}
        own -= {_stem(one) for one in ("include", "is", "use", "with", "show", "has", "only")} | _LITTLE
        at = next((place for place, word in enumerate(words) if _stem(word) in own), None)
        if own and at is not None and said.speaks_of(" ".join(own)):
            found[argument.name] = not set(words[max(0, at - 3) : at]) & {
                "without",
                "no",
                "not",
                "don",
                "exclude",
                "except",
            }
    return found


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
