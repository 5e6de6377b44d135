"""Questions about dates and times of day with a fixed form: between, until, after, weekday, how long from to.

What depends on today's date is marked so; a date that reads two ways (03/04/2024) is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tools.errors import CalculationRefused
from tools.numerals import words_to_number
from tools.tokens import MONTHS, clock_at, date_at

_NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_NO_YEAR = re.compile(
    rf"(?:the )?(\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? ({_MONTH_NAMES})|({_MONTH_NAMES}) (\d{{1,2}})(?:st|nd|rd|th)?"
)
_HOLIDAYS = {"christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24), "new year": (1, 1)}
_HOLIDAYS |= {"new year's day": (1, 1), "new year's eve": (12, 31), "halloween": (10, 31), "weihnachten": (12, 25)}
_HOLIDAYS |= {"valentine's day": (2, 14), "silvester": (12, 31), "the new year": (1, 1)}
_UNITS = {"day": "days", "week": "weeks", "month": "months", "year": "years", "tag": "days", "tage": "days"}
_SPAN = r"(?P<n>\d{1,5}|[a-z]+(?:[- ][a-z]+)?) (?P<unit>day|week|month|year)s?"


@dataclass(frozen=True, slots=True)
class DatedExpression:
    """An expression, and whether it holds only today."""

    text: str
    today: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    today: bool = False


def date_question(text: str, today: date) -> DatedExpression | None:
    """Return the expression of a question about dates or times (lower case, wrapper removed), or None."""
    try:
        for shape, build in _FRAMES:
            found = shape.fullmatch(text)
            if found:
                expression = build(found, today)
                if expression:
                    return expression
    except CalculationRefused:
        return None  # 31 February, 25:00: the words look like a date and are none
    return None


def _literal(day: date) -> str:
    return f"date({day.year}, {day.month}, {day.day})"


def _day(text: str, today: date, after: bool = False) -> _Day | None:
    """Read a day; with `after`, one without a year is its next coming."""
    text = text.strip().removeprefix("the date ").removesuffix(" (today)")
    relative = {"today": 0, "now": 0, "heute": 0, "tomorrow": 1, "yesterday": -1, "morgen": 1}
    if text in relative:
        return _Day(today + timedelta(days=relative[text]), True)
    found = date_at(text)
    if found and found[1] == len(text):
        return _Day(found[0])
    numeric = _NUMERIC.fullmatch(text)
    if numeric:
        return _numeric_day(*(int(part) for part in numeric.groups()))
    if not after:
        return None
    bare = re.fullmatch(r"(?:the )?(?:next )?(.+)", text)
    month_day = _HOLIDAYS.get(text) or (_HOLIDAYS.get(bare.group(1)) if bare else None) or _month_day(text)
    if not month_day:
        return None
    return _Day(_next(month_day, today), True)


def _numeric_day(first: int, second: int, year: int) -> _Day | None:
    """13/04/2024 reads one way only; 03/04/2024 two, unless both parts are equal."""
    if first > 12 >= second or first == second:
        return _made(year, second, first)
    if second > 12 >= first:
        return _made(year, first, second)
    return None


def _made(year: int, month: int, day: int) -> _Day | None:
    try:
        return _Day(date(year, month, day))
    except ValueError:
        return None


def _month_day(text: str) -> tuple[int, int] | None:
    found = _NO_YEAR.fullmatch(text)
    if not found:
        return None
    day, month = (found.group(1), found.group(2)) if found.group(1) else (found.group(4), found.group(3))
    return MONTHS[month], int(day)


def _next(month_day: tuple[int, int], today: date) -> date:
    for year in range(today.year, today.year + 9):  # 29 February may be eight years away
        made = _made(year, *month_day)
        if made and made.day >= today:
            return made.day
    raise CalculationRefused(f"There is no day {month_day!r} in the calendar.")


def _between(found: re.Match[str], today: date) -> DatedExpression | None:
    first, last = _day(found.group("a"), today), _day(found.group("b"), today)
    if not first or not last:
        return None
    early, late = sorted((first.day, last.day))
    return _difference(early, late, found.group("unit"), first.today or last.today)


def _difference(early: date, late: date, unit: str, today: bool) -> DatedExpression | None:
    text = f"{_literal(late)} - {_literal(early)}"
    note = "the first day is not counted, the last one is"
    if unit.startswith(("day", "tag")):
        return DatedExpression(text, today, note)
    if unit.startswith(("week", "woche")):
        return DatedExpression(f"({text}) in weeks", today, note)
    return None


def _until(found: re.Match[str], today: date) -> DatedExpression | None:
    day = _day(found.group("a"), today, after=True)
    if not day or day.day < today:
        return None
    return _difference(today, day.day, found.group("unit"), True)


def _since(found: re.Match[str], today: date) -> DatedExpression | None:
    day = _day(found.group("a"), today)
    if not day or day.day > today:
        return None
    return _difference(day.day, today, found.group("unit"), True)


def _weekday(found: re.Match[str], today: date) -> DatedExpression | None:
    day = _day(found.group("a"), today)
    return DatedExpression(f"weekday({_literal(day.day)})", day.today) if day else None


def _count(text: str) -> int | None:
    return int(text) if text.isdigit() else 1 if text in ("a", "one") else words_to_number(text.split())


def _later_weekday(found: re.Match[str], today: date) -> DatedExpression | None:
    count = _count(found.group("n"))
    sign = "-" if found.groupdict().get("back") else "+"
    if count is None:
        return None
    return DatedExpression(f"weekday({_literal(today)} {sign} {count} {_UNITS[found.group('unit')]})", True)


def _age(found: re.Match[str], today: date) -> DatedExpression | None:
    born = _day(found.group("a"), today)
    later = found.groupdict().get("b")
    then = _day(later, today) if later else _Day(today, True)
    if not born or not then or born.today or then.day < born.day:
        return None
    return DatedExpression(f"years({_literal(born.day)}, {_literal(then.day)})", then.today, "in whole years")


def _shifted(found: re.Match[str], today: date) -> DatedExpression | None:
    groups = found.groupdict()
    count = _count(groups["n"])
    where = groups.get("a") or "today"
    day = _day("today" if where in ("now", "today") else where, today)
    if count is None or not day:
        return None
    sign = "-" if groups.get("back") in ("before", "ago", "prior to", "earlier than") else "+"
    return DatedExpression(f"{_literal(day.day)} {sign} {count} {_UNITS[groups['unit']]}", day.today)


def _month_days(found: re.Match[str], today: date) -> DatedExpression | None:
    month, year = MONTHS[found.group("month")], int(found.group("year"))
    after = date(year + month // 12, month % 12 + 1, 1)
    return DatedExpression(f"{_literal(after)} - {_literal(date(year, month, 1))}")


def _year_days(found: re.Match[str], today: date) -> DatedExpression | None:
    year = int(found.group("year"))
    return DatedExpression(f"{_literal(date(year + 1, 1, 1))} - {_literal(date(year, 1, 1))}")


def _today(pattern: str, shift: int = 0) -> Callable[[re.Match[str], date], DatedExpression | None]:
    def build(found: re.Match[str], today: date) -> DatedExpression | None:
        text = pattern.format(day=_literal(today + timedelta(days=shift)), year=today.year)
        return DatedExpression(text, True, "by this computer's calendar")

    return build


def _clocks(found: re.Match[str], today: date) -> DatedExpression | None:
    first, last = found.group("a").strip(), found.group("b").strip()
    start, end = clock_at(first), clock_at(last)
    if not start or not end or start[1] != len(first) or end[1] != len(last):
        return None
    marked = [bool(re.search(r"[ap]\.?m", text)) for text in (first, last)]
    if marked[0] != marked[1]:
        return None  # "from 9 am to 5": morning or evening
    if end[0] <= start[0] and not any(marked) and start[0] < 13 * 3600:
        return None  # "from 9:40 to 1:15": a twelve-hour clock is likely meant
    note = "the second time is on the next day" if end[0] < start[0] else ""
    unit = found.groupdict().get("unit")
    text = f"{last} - {first}"
    return DatedExpression(f"({text}) in {unit}" if unit else text, False, note)


def _clock_shift(found: re.Match[str], today: date) -> DatedExpression | None:
    clock = found.group("a").strip()
    start = clock_at(clock)
    if not start or start[1] != len(clock):
        return None
    sign = "-" if found.group("back") == "before" else "+"
    count = _count(found.group("n"))
    return DatedExpression(f"{clock} {sign} {count} {found.group('unit')}") if count is not None else None


def _clock_before(found: re.Match[str], today: date) -> DatedExpression | None:
    shifted = _clock_shift(found, today)
    return DatedExpression(shifted.text.replace(" + ", " - ", 1)) if shifted else None


_WEEKDAY = r"(?:day of the week|weekday|day|wochentag)"
_FRAMES = tuple(
    (re.compile(shape), build)
    for shape, build in (
        (r"(?:how many|wie viele) (?P<unit>days|weeks|tage|wochen)(?: are| is| lie| liegen| sind)?(?: there| es)?"
         r" (?:between|from|zwischen|von) (?P<a>.+?) (?:and|to|until|till|und|bis) (?P<b>.+)", _between),
        (r"(?:the )?number of (?P<unit>days|weeks) (?:between|from) (?P<a>.+?) (?:and|to|until) (?P<b>.+)", _between),
        (r"(?:how many|wie viele) (?P<unit>days|weeks|tage|wochen)(?: are| is| sind)?(?: it| there| es)?(?: left| noch)?"
         r" (?:until|till|to|before|bis) (?P<a>.+)", _until),
        (r"how many (?P<unit>days|weeks)(?: have passed| has it been| is it| are there)?(?: passed)? since (?P<a>.+)",
         _since),
        (rf"(?:what|which|welcher) {_WEEKDAY}(?: of the week)? (?:is|was|will be|ist|war) (?:it on |it )?(?:on )?(?P<a>.+)",
         _weekday),
        (rf"(?:on )?(?:what|which) {_WEEKDAY} (?:did|does|will|is|was) (?P<a>.+?)(?: fall| be| land)?(?: on)?", _weekday),
        (rf"(?P<a>.+?) (?:is|was|will be|falls on|fell on) (?:what|which) {_WEEKDAY}", _weekday),
        (r"(?:the )?(?:day of the week|weekday) (?:of|on|for) (?P<a>.+)", _weekday),
        (rf"(?:what|which) (?:date|day) (?:is|was|will be|will it be|is it|was it) {_SPAN} (?P<back>after|before|from|prior to)"
         rf" (?P<a>.+)", _shifted),
        (rf"(?:the date )?{_SPAN} (?P<back>after|before|from) (?P<a>.+)", _shifted),
        (rf"(?:what|which) (?:date|day) (?:was|was it) {_SPAN} (?P<back>ago)", _shifted),
        (rf"(?:what|which) (?:date|day) (?:is|will it be|will be) in {_SPAN}", _shifted),
        (rf"(?:what|which) (?:day of the week|weekday) (?:is it|will it be|is) in {_SPAN}", _later_weekday),
        (rf"(?:what|which) (?:day of the week|weekday) was (?:it )?{_SPAN} (?P<back>ago)", _later_weekday),
        (r"how old (?:is|would be) (?:someone|somebody|a person|he|she)(?: who (?:is|was))? born (?:on )?(?P<a>.+?)(?: now| today)?", _age),
        (r"how old (?:am i|is he|is she),? (?:if|when) (?:i|he|she) was born (?:on )?(?P<a>.+)", _age),
        (r"(?:i|he|she) was born (?:on )?(?P<a>.+?)[.,] ?how old (?:am i|is he|is she)(?: now)?", _age),
        (r"how old (?:will|would|was) (?:someone|somebody|a person) born (?:on )?(?P<a>.+?)(?: be)? on (?P<b>.+)", _age),
        (r"add (?P<n>\d{1,4}|[a-z]+(?:-[a-z]+)?) (?P<unit>hours?|minutes?) (?P<back>to) (?P<a>.+)", _clock_shift),
        (r"subtract (?P<n>\d{1,4}|[a-z]+(?:-[a-z]+)?) (?P<unit>hours?|minutes?) from (?P<a>.+?)(?P<back>)", _clock_before),
        (rf"how many days (?:are |were )?(?:there )?(?:in|does|has|did) (?:the month of )?(?P<month>{_MONTH_NAMES}),?(?: of)?"
         rf" (?P<year>[1-9]\d{{3}})(?: have)?", _month_days),
        (r"how many days (?:are |were )?(?:there )?(?:in|does|has|did) (?:the year )?(?P<year>[1-9]\d{3})(?: have)?",
         _year_days),
        (r"(?:what is |what's )?(?:today's date|the date today|today's date today|the current date|the date)", _today("{day}")),
        (r"(?:what|which) (?:date|day) is (?:it )?today|what day is it|welcher tag ist heute", _today("{day}")),
        (r"(?:what|which) (?:day of the week|weekday) is (?:it|today|it today)|welcher wochentag ist heute",
         _today("weekday({day})")),
        (r"(?:what is )?(?:tomorrow's date)|what (?:date|day) is (?:it )?tomorrow", _today("{day}", 1)),
        (r"(?:what|which) (?:date|day) was (?:it )?yesterday|(?:what was )?yesterday's date", _today("{day}", -1)),
        (r"(?:what|which) year is (?:it|this)(?: now| currently)?|the current year|welches jahr ist heute", _today("{year}")),
        (r"how (?:long|much time)(?: is| passes| is there| elapses)?(?: it| there)? (?:from|between) (?P<a>.+?) (?:to|until|till|and)"
         r" (?P<b>.+)", _clocks),
        (r"how many (?P<unit>hours|minutes)(?: are| is)?(?: there)? (?:from|between) (?P<a>.+?) (?:to|until|till|and) (?P<b>.+)",
         _clocks),
        (r"from (?P<a>.+?) (?:to|until|till) (?P<b>.+)", _clocks),
        (r"what time (?:is|will) it(?: be)? (?P<n>\d{1,4}|[a-z]+(?:-[a-z]+)?) (?P<unit>hours?|minutes?) (?P<back>after|before|past)"
         r" (?P<a>.+)", _clock_shift),
        (r"what time is (?P<n>\d{1,4}|[a-z]+(?:-[a-z]+)?) (?P<unit>hours?|minutes?) (?P<back>after|before|past) (?P<a>.+)",
         _clock_shift),
    )
)  # fmt: skip
