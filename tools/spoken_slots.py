"""Templates of spoken requests: words, choices, optional words and slots for values, matched against a whole request.

    template("a {p:percent} tip on {total:number}")       "a 20% tip on 64.50": p 20, total 64.5

`(a|b)` is one of them, `[a|b]` one of them or none, `{name:kind}` a value of one of the kinds in `KINDS`. Between any
two of these a comma, colon or full stop may stand. A request matches whole or not at all.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tools.errors import CalculationRefused
from tools.numerals import read_numeral, words_to_number
from tools.reading_amounts import written_number
from tools.tokens import MONTHS, clock_at, date_at

_PART = re.compile(r"\{(\w+):(\w+)\}|([(\[])([^()\[\]]*)[)\]]|([^\s{}()\[\]]+)")
_AFTER = r"[,.:;!?]*\s+"
_SCALES = {"k": 1_000, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SMALL = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
)
_FIGURES = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_MONEY = r"(?:[$€£] ?)?"
_CURRENCY = r"(?: ?(?:€|\$|£|(?:euros?|eur|dollars?|usd|pounds|gbp|bucks|francs|chf)(?![a-z])))?"
_COUNT = rf"(?:\d{{1,9}}|(?:{_SMALL})(?:-(?:{_SMALL}))?)"
_LENGTHS = {"km": "kilomet(?:er|re)s?|kms?", "mi": "miles?|mi", "m": "met(?:er|re)s?|m", "cm": "centimet(?:er|re)s?|cm"}
_LENGTHS |= {"mm": "millimet(?:er|re)s?|mm", "ft": "feet|foot|ft", "in": "inch(?:es)?", "yd": "yards?|yd"}
_TIMES = {"h": "hours?|hrs?|h", "min": "minutes?|mins?", "s": "seconds?|secs?", "days": "days?"}
_SPEEDS = {
    "km/h": "km/h|kph|kmh|kilomet(?:er|re)s (?:per|an) hour|km (?:per|an) hour",
    "mi/h": "mph|miles (?:per|an) hour",
}
_SPEEDS |= {"m/s": "m/s|met(?:er|re)s (?:per|a) second"}
_MASSES = {"g": "grams?|g", "kg": "kilograms?|kilos?|kg", "oz": "ounces?|oz", "lb": "pounds?|lbs?"}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY_NUMBER = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_HOLIDAYS = {"christmas day": (12, 25), "christmas eve": (12, 24), "christmas": (12, 25), "new year's eve": (12, 31)}
#: Words before a list that belong to what is asked, not to its first member.
_NO_ITEM = re.compile(
    r"(?:these|those|this|the following|my|all|from|in|by|alphabetical|ascending|descending|out|which|who|what)", re.I
)
_ORDERED = re.compile(r"(?:order|ascending|descending|alphabetically|low|high|small|large|smallest|largest)$", re.I)
_HOLIDAYS |= {"new year's day": (1, 1), "new year": (1, 1), "halloween": (10, 31), "valentine's day": (2, 14)}


def _units(units: Mapping[str, str]) -> str:
    return rf"{_FIGURES} ?(?:{'|'.join(units.values())})(?![a-z/])"


#: What each kind of slot may look like; what it then means, `_READERS` decides.
KINDS: Mapping[str, str] = {
    "number": rf"{_MONEY}(?:{_FIGURES}|(?:{_SMALL})(?:[- ](?:{_SMALL}))?)(?: ?(?:k|thousand|million|billion)(?![a-z]))?{_CURRENCY}",
    "count": _COUNT,
    "percent": rf"{_FIGURES} ?(?:%|percent|per cent)",
    "length": _units(_LENGTHS),
    "duration": rf"{_units(_TIMES)}(?:,? (?:and )?{_units(_TIMES)})?|half an hour|an hour(?: and a half)?",
    "speed": rf"{_FIGURES} ?(?:{'|'.join(_SPEEDS.values())})(?![a-z])",
    "date": (
        rf"\d{{4}}-\d\d?-\d\d?|(?:the )?{_DAY_NUMBER} (?:of )?(?:{_MONTH})\.?(?:,? \d{{4}})?"
        rf"|(?:{_MONTH})\.? {_DAY_NUMBER}(?:,? \d{{4}})?|(?:{'|'.join(_HOLIDAYS)})(?: \d{{4}})?|today|tomorrow|now"
    ),
    "clock": r"\d{1,2}(?::\d\d)? ?(?:a\.?m\.?|p\.?m\.?)|\d{1,2}:\d\d|noon|midnight",
    "place": r"[^\W\d_][\w .'’-]{1,30}",
    "words": r"[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,4}?",
    "unit": r"[^\W\d_][\w²³-]*(?: (?:of )?[^\W\d_][\w-]*){0,2}?",
    "mass": _units(_MASSES),
    "massunit": rf"(?:{'|'.join(_MASSES.values())})(?![a-z])",
    "timeunit": rf"(?:{'|'.join(_TIMES.values())})(?![a-z])",
    "sum": r"[\d(][\d.,+*/^() -]{0,40}",
    "quoted": r"\"[^\"]{1,200}\"|“[^”]{1,200}”|(?<!\w)'[^']{1,200}'(?!\w)",
    "list": r"[^,:;?!]{1,60}(?:, [^,:;?!]{1,60}){1,60}",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A value that was said: for a tool (`value`), for the calculator (`text`), and in its own words."""

    value: object
    text: str
    said: str = ""


class Unreadable(Exception):
    """A slot's words mean no such value; never leaves the readers of templates."""


@functools.cache
def compiled(template: str) -> re.Pattern[str]:
    """The template as a pattern over a request that ends in one space."""
    return re.compile("".join(_element(one) for one in _PART.finditer(template)), re.IGNORECASE)


def _element(part: re.Match[str]) -> str:
    name, kind, bracket, choices, word = part.groups()
    if name:
        return rf"(?P<{name}_{kind}>{KINDS[kind]}){_AFTER}"
    if not bracket:
        return re.escape(word) + _AFTER
    words = "|".join(re.escape(one) for one in choices.split("|"))
    return rf"(?:(?:{words}){_AFTER})" + ("?" if bracket == "[" else "")


def matched(template: str, request: str, today: date) -> dict[str, Slot] | None:
    """The slots of a request that says what the template says, or None."""
    found = compiled(template).fullmatch(request)
    if found is None:
        return None
    try:
        return {
            key.rpartition("_")[0]: _READERS[key.rpartition("_")[2]](text.strip(), today)
            for key, text in found.groupdict().items()
        }
    except (Unreadable, CalculationRefused):
        return None


# -- what the words of a slot mean -------------------------------------------------------------------------------


def _exact(text: str) -> Fraction:
    text = re.sub(
        r"(?i) ?(?:[$€£%]|\b(?:euros?|eur|dollars?|usd|pounds|gbp|bucks|francs|chf|percent|per cent)$) ?", "", text
    )
    scaled = re.fullmatch(r"(.+?) ?(k|thousand|million|billion)", text, re.I)
    times = _SCALES[scaled.group(2).lower()] if scaled else 1
    text = scaled.group(1) if scaled else text
    if text[:1].isdigit():
        read = read_numeral(text, 0)
        if read is None or read.length != len(text) or re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text):
            raise Unreadable(text)  # "1.200" is twelve hundred to many
        return read.value * times
    value = words_to_number(text.lower().replace("-", " ").split())
    if value is None:
        raise Unreadable(text)
    return Fraction(value) * times


def _number(text: str, today: date) -> Slot:
    value = _exact(text)
    plain = int(value) if value.denominator == 1 else float(value)
    return Slot(plain, written_number(value))


def _count(text: str, today: date) -> Slot:
    value = _exact(text)
    return Slot(int(value), str(int(value)))


def _measured(units: Mapping[str, str]) -> Callable[[str, date], Slot]:
    def read(text: str, today: date) -> Slot:
        parts = []
        for found in re.finditer(rf"({_FIGURES}) ?([^\d,]+)", text):
            words = re.sub(r" and$", "", found.group(2).strip(" ,"))
            unit = next((one for one, shape in units.items() if re.fullmatch(shape, words, re.I)), None)
            if unit is None:
                raise Unreadable(text)
            parts.append(f"{found.group(1).replace(',', '')} {unit}")
        if not parts:
            raise Unreadable(text)
        return Slot(text, parts[0] if len(parts) == 1 else f"({' + '.join(parts)})")

    return read


def _unit_of(units: Mapping[str, str]) -> Callable[[str, date], Slot]:
    def read(text: str, today: date) -> Slot:
        unit = next(one for one, shape in units.items() if re.fullmatch(shape, text, re.I))
        return Slot(unit, unit)

    return read


def _duration(text: str, today: date) -> Slot:
    spoken = {"half an hour": "30 min", "an hour": "1 h", "an hour and a half": "90 min"}.get(text.lower())
    return Slot(text, spoken) if spoken else _measured(_TIMES)(text, today)


def _day(text: str, today: date) -> Slot:
    text = re.sub(r"^the ", "", text.lower().strip(" ."))
    named = next((one for one in _HOLIDAYS if text.startswith(one)), None)
    if text in ("today", "now", "tomorrow"):
        day = today + timedelta(days=text == "tomorrow")
    elif named:
        year = text[len(named) :].strip()
        day = _coming(*_HOLIDAYS[named], today) if not year else date(int(year), *_HOLIDAYS[named])
    elif (read := date_at(text)) and read[1] == len(text):
        day = read[0]
    else:
        short = re.fullmatch(rf"({_DAY_NUMBER}) (?:of )?({_MONTH})\.?|({_MONTH})\.? ({_DAY_NUMBER})", text)
        if short is None:
            raise Unreadable(text)
        number, month = (short.group(1), short.group(2)) if short.group(1) else (short.group(4), short.group(3))
        day = _coming(MONTHS[month], int(re.sub(r"\D", "", number)), today)
    return Slot(day.isoformat(), f"date({day.year}, {day.month}, {day.day})")


def _coming(month: int, day: int, today: date) -> date:
    """The next such day; one without a year is not looked for further than the next year."""
    for year in (today.year, today.year + 1):
        try:
            if (made := date(year, month, day)) >= today:
                return made
        except ValueError:
            continue
    raise Unreadable(f"{day}.{month}.")


def _clock(text: str, today: date) -> Slot:
    low = {"noon": "12:00", "midnight": "0:00"}.get(text.lower(), text.lower())
    read = clock_at(low)
    if read is None or read[1] != len(low):
        raise Unreadable(text)
    hour, minute = divmod(read[0] // 60, 60)
    return Slot(f"{today.isoformat()} {hour:02}:{minute:02}", f"{hour}:{minute:02}", text)


def _list(text: str, today: date) -> Slot:
    items = [one.strip(" '\"“”.:") for one in re.split(r", (?:and |or )?| and | or ", text)]
    if not all(items) or _NO_ITEM.match(text) or _ORDERED.search(text):
        raise Unreadable(text)
    return Slot(items, ", ".join(items))


def _same(text: str, today: date) -> Slot:
    return Slot(text, text)


_READERS: Mapping[str, Callable[[str, date], Slot]] = {
    "number": _number,
    "count": _count,
    "percent": _number,
    "length": _measured(_LENGTHS),
    "duration": _duration,
    "speed": _measured(_SPEEDS),
    "date": _day,
    "clock": _clock,
    "place": _same,
    "words": _same,
    "unit": _same,
    "mass": _measured(_MASSES),
    "massunit": _unit_of(_MASSES),
    "timeunit": _unit_of(_TIMES),
    "sum": lambda text, today: Slot(text, f"({text.strip(' ,')})"),
    "quoted": lambda text, today: Slot(text[1:-1], text),
    "list": _list,
}
