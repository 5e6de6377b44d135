"""Values in short answers that code can put in order: times, dates, years, numbers with their unit.

Small models cannot compare (paper.md 3.2), so comparisons of two answers are made here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import NamedTuple

from lottery_chat.planner.countries import countries
from lottery_chat.planner.values import Comparison

_MONTHS = "january february march april may june july august september october november december".split()
MONTH = "|".join([*_MONTHS, *(name[:3] for name in _MONTHS)])
_SCALE = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
#: unit -> (dimension, factor to its base unit)
_UNITS = {
    "mm": ("length", "1/1000"), "cm": ("length", "1/100"), "m": ("length", "1"), "metre": ("length", "1"), "meter": ("length", "1"),
    "km": ("length", "1000"), "kilometre": ("length", "1000"), "kilometer": ("length", "1000"), "mile": ("length", "1609.344"),
    "mi": ("length", "1609.344"), "foot": ("length", "0.3048"), "feet": ("length", "0.3048"), "ft": ("length", "0.3048"),
    "g": ("mass", "1/1000"), "gram": ("mass", "1/1000"), "kg": ("mass", "1"), "kilogram": ("mass", "1"), "ton": ("mass", "1000"),
    "tonne": ("mass", "1000"), "t": ("mass", "1000"), "lb": ("mass", "0.45359237"), "pound": ("mass", "0.45359237"),
    "second": ("time", "1"), "minute": ("time", "60"), "min": ("time", "60"), "hour": ("time", "3600"), "h": ("time", "3600"),
    "day": ("time", "86400"), "week": ("time", "604800"), "month": ("time", "2629800"), "year": ("time", "31557600"),
}  # fmt: skip


class Value(NamedTuple):
    """A value that can be compared with another of the same `kind`; `text` as it was written."""

    kind: str
    number: Fraction
    text: str


def read_value(text: str) -> Value | None:
    """Return the first value of a short answer, or None when there is none to compare."""
    return _clock(text) or _date(text) or _quantity(text)


class Outcome(NamedTuple):
    """What a comparison gave: the answer, how it came about, and whether code is sure of it."""

    answer: str
    shown: str
    sure: bool


def compare(answers: Sequence[str], comparison: Comparison) -> Outcome | None:
    """Compare the answers given for each name; None when they hold no values of one kind.

    Args:
        answers: `comparison.each` for each of `comparison.names`, in their order; empty where there is none.
    """
    if comparison.want == "same":
        return _same(answers[0], answers[1])
    if comparison.want == "common":
        return _common(answers[0], answers[1])
    if comparison.want == "both":
        return _both(answers, comparison.word)
    read = [read_value(one) for one in answers]
    values = _of_one_kind(read)
    sure = values is not None
    values = values or _in_the_unit_of_the_other(read)
    if values is None:
        return None
    if comparison.each == 2:
        spans = [end.number - start.number for start, end in zip(values[::2], values[1::2])]
        if any(span < 0 for span in spans):
            return None
        values = [Value("span", span, f"{float(span) / 372:.1f} years") for span in spans]
    first, second = values
    if first.number == second.number:
        return Outcome("both the same", f"{first.text} = {second.text}", sure)
    ahead = (first.number < second.number) == (comparison.want == "smallest")
    sign = "<" if first.number < second.number else ">"
    return Outcome(comparison.names[0 if ahead else 1], f"{first.text} {sign} {second.text}", sure)


def _both(answers: Sequence[str], word: str) -> Outcome | None:
    """Whether every answer says yes, or names the country that `word` is of; one "no" decides, whatever the others say."""
    wanted = countries(word)
    said = [_agrees(one, wanted) for one in answers]
    if False not in said and None in said:
        return None
    shown = ", ".join(f"“{one}”" for one in answers if one)
    return Outcome("No" if False in said else "Yes", shown, bool(wanted))


def _agrees(answer: str, wanted: Collection[str]) -> bool | None:
    """None where the answer says neither."""
    if wanted:
        named = countries(answer)
        return bool(named & set(wanted)) if named else None
    match = re.match(r"\W*(yes|no)\b", answer, re.IGNORECASE)
    return match.group(1).lower() == "yes" if match else None


#: Between the items of a list; "singer-songwriter" is two of them, "vice-president" is one.
_BETWEEN = re.compile(r",\s*(?:and\s+)?|\s+and\s+|/|;|(?<=er|or)-(?=\w+(?:er|or|ist)\b)")


def _common(first: str, second: str) -> Outcome | None:
    """What two lists both have, word for word or as the last word of a longer item ("film director", "director")."""
    left, right = (
        [item.strip(" .").lower() for item in re.split(_BETWEEN, text) if item.strip(" .")] for text in (first, second)
    )
    both = [one for one in left for other in right if one == other or f" {one}".endswith(f" {other}")]
    both += [other for other in right for one in left if other != one and f" {other}".endswith(f" {one}")]
    found = ", ".join(dict.fromkeys(both))
    return Outcome(found, f"{', '.join(left)} and {', '.join(right)} both have {found}", True) if found else None


def _of_one_kind(values: Sequence[Value | None]) -> list[Value] | None:
    """The values when they can be compared; a bare number beside a date is a year."""
    found = [value for value in values if value]
    if any(value.kind == "date" for value in found):
        found = [
            Value("date", value.number * 372 + 32, value.text)
            if value.kind == "number" and 0 < value.number < 2200
            else value
            for value in found
        ]
    return found if len(found) == len(values) and len({value.kind for value in found}) == 1 else None


def _in_the_unit_of_the_other(values: Sequence[Value | None]) -> list[Value] | None:
    """Two values of which one was given without its unit, "7,509" beside "8,163 m": it is taken in the other's."""
    bare = next((one for one in values if one and one.kind == "number"), None)
    other = next((one for one in values if one and one.kind in _DIMENSIONS), None)
    if len(values) != 2 or bare is None or other is None or not re.fullmatch(r"[\d,.]+", bare.text):
        return None
    unit = re.findall(r"[A-Za-z]+", other.text)[-1]
    _, factor = _UNITS.get(unit.lower()) or _UNITS[unit.lower().rstrip("s")]
    taken = Value(other.kind, bare.number * Fraction(factor), f"{bare.text} (taken as {unit})")
    if not Fraction(1, 50) < taken.number / (other.number or 1) < 50:
        return None  # "8,200" beside "8 km" is hardly meant in kilometres
    return [taken if one is bare else other for one in values]


_DIMENSIONS = frozenset(dimension for dimension, _ in _UNITS.values())


def _same(first: str, second: str) -> Outcome | None:
    """Whether two short answers name the same thing: countries by whatever word, dates by their year, else the words."""
    if not first.strip() or not second.strip():
        return None
    left, right = countries(first), countries(second)
    if left and right:
        shown = f"{', '.join(sorted(left))} and {', '.join(sorted(right))}"
        return Outcome("Yes" if left & right else "No", shown, True)
    one, other = read_value(first), read_value(second)
    if one and other and one.kind == other.kind == "date":
        return Outcome(
            "Yes" if one.number // 372 == other.number // 372 else "No", f"{one.text} and {other.text}", True
        )
    words = [{word for word in re.findall(r"\w+", text.lower()) if word not in _SMALL} for text in (first, second)]
    return Outcome("Yes" if words[0] & words[1] else "No", f"“{first}” and “{second}”", words[0] == words[1])


_SMALL = frozenset("the a an of in and or to for at on by from was is were are his her their its".split())


def _clock(text: str) -> Value | None:
    match = re.search(
        r"\b(\d{1,2})(?:[:.](\d{2}))\s*(am|pm|a\.m\.|p\.m\.)?(?!\d)|\b(\d{1,2})\s*(am|pm|a\.m\.|p\.m\.)", text, re.I
    )
    if (
        match is None
        or "." in match.group(0)[:3]
        and not match.group(3)
        and not match.group(5)
        and "o'clock" not in text
    ):
        return None
    hour = int(match.group(1) or match.group(4))
    minute = int(match.group(2) or 0)
    half = (match.group(3) or match.group(5) or "").lower().replace(".", "")
    if hour > 24 or minute > 59:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return Value("clock", Fraction(hour * 60 + minute), match.group(0))


def _date(text: str) -> Value | None:
    for pattern, order in (
        (rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?({MONTH})\w*\.?,?\s+(\d{{3,4}})\b", "dmy"),
        (rf"\b({MONTH})\w*\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{3,4}})\b", "mdy"),
        (r"\b(\d{4})-(\d{2})-(\d{2})\b", "ymd"),
        (rf"\b({MONTH})\w*\.?,?\s+(\d{{4}})\b", "my"),
    ):
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            found = dict(zip(order, match.groups()))
            month = found.get("m", "1")
            number = (
                int(month)
                if month.isdigit()
                else next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(month[:3].lower()))
            )
            return Value("date", Fraction(int(found["y"]) * 372 + number * 31 + int(found.get("d", 1))), match.group(0))
    old = re.search(r"\b(\d{1,4})\s*(?:BCE?|B\.C\.)", text)
    if old:
        return Value("date", Fraction(-int(old.group(1)) * 372 + 32), old.group(0))
    match = re.search(
        r"(?<![\d,.])(1\d{3}|20\d{2})(?![\d,]|\.\d)(?!\s*(?:m|km|kg|miles?|people|metres|meters|feet)\b)",
        text,
    )
    if match:
        return Value("date", Fraction(int(match.group(1)) * 372 + 32), match.group(0))
    return None


def _quantity(text: str) -> Value | None:
    match = re.search(
        r"([$€£]?)\s*(-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)\s*(thousand|million|billion|trillion)?\s*([A-Za-z%]+)?",
        text,
    )
    if match is None:
        return None
    number = Fraction(match.group(2).replace(",", "")) * _SCALE.get((match.group(3) or "").lower(), 1)
    unit = (match.group(4) or "").lower()
    known = _UNITS.get(unit) or _UNITS.get(unit.rstrip("s"))
    if known:
        return Value(known[0], number * Fraction(known[1]), match.group(0).strip())
    kind = "money" + match.group(1) if match.group(1) else "percent" if unit == "%" else "number"
    return Value(kind, number, match.group(0).strip())
