"""Dates, calendars and time zones: differences, shifts, weekdays, Easter, the same moment elsewhere."""

from __future__ import annotations

import calendar
import functools
import re
import zoneinfo
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from tools.errors import ToolError
from tools.results import text_of
from tools.shelf.values import JSON, Answer, chosen, several, shown, string, whole

_SOURCE = "computed in the Gregorian calendar"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MOST_DAYS = 3_652_058


def parse_date(value: str, name: str) -> date:
    """Return the date a text such as 2024-03-01 says.

    Raises:
        ToolError: it has another form, or there is no such day.
    """
    match = _DATE.fullmatch(string(value, name, 40, empty=False).strip())
    if match is None or not value.isascii():
        raise ToolError(f"{name} is {shown(value)}; write the date as year-month-day, such as 2024-03-01.")
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise ToolError(f"{name} is {value!r}, a day that does not exist ({error}); correct it.") from None


def count_days(first: str, second: str) -> Answer:
    """Count the days, working days, weeks and years between two dates; also someone's age on a day.

    Use when: how long between two dates, how old on a date, how many days until or since.
    Not for: the date some days later (shift_date).

    Args:
        first: start or birth date as year-month-day.
        second: end date as year-month-day.

    Examples:
        - How many days are there from 3 March 2024 to 1 May 2024?
        - How old was someone born on 1990-07-15 on 2024-01-01?
        - How many working days lie between 2024-12-02 and 2024-12-20?
        - days between 1 May 2025 and 4 July 2025
    """
    start, end = parse_date(first, "first"), parse_date(second, "second")
    days = (end - start).days
    early, late = min(start, end), max(start, end)
    years, months, rest = _apart(early, late)
    work = _working_days(early, late)
    value = {
        "days": days,
        "weeks": abs(days) // 7,
        "working_days": work,
        "years": years,
        "months": months,
        "rest": rest,
    }
    text = f"{several(days, 'day')}" + (f" ({text_of(end)} lies before {text_of(start)})" if days < 0 else "")
    text += f"; {several(years, 'year')}, {several(months, 'month')} and {several(rest, 'day')}; {work:,} working days"
    return Answer({**value}, text, _SOURCE, ("working days: Monday to Friday, the first day counted, the last not",))


def _apart(early: date, late: date) -> tuple[int, int, int]:
    months = (late.year - early.year) * 12 + late.month - early.month
    if _plus_months(early, months) > late:
        months -= 1
    return months // 12, months % 12, (late - _plus_months(early, months)).days


def _working_days(early: date, late: date) -> int:
    weeks, rest = divmod((late - early).days, 7)
    return weeks * 5 + sum((early.weekday() + at) % 7 < 5 for at in range(rest))


def _plus_months(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ToolError(f"{months:,} months from {start} leave the years 1 to 9999; choose fewer.")
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def shift_date(start: str, amount: int, unit: Literal["days", "weeks", "months", "years", "working days"]) -> Answer:
    """Find the date some days, weeks, months, years or working days after or before a date.

    Use when: a deadline, due date or "what date is it in N days" is asked for.
    Not for: the time between two dates (count_days).

    Args:
        start: the date to start from, as year-month-day.
        amount: how many; negative goes back.
        unit: what is counted; working days are Monday to Friday.

    Examples:
        - What date is 90 days after 2024-01-15?
        - Which day is ten business days from 2024-06-03?
        - What was the date six weeks before 2023-03-01?
        - the date 30 days before 15 August 2025
    """
    begin = parse_date(start, "start")
    kind = chosen(unit, ("days", "weeks", "months", "years", "working days"), "unit")
    count = whole(amount, "amount", -_MOST_DAYS, _MOST_DAYS)
    steps: tuple[str, ...] = ()
    if kind in ("months", "years"):
        end = _plus_months(begin, count * (12 if kind == "years" else 1))
        if end.day != begin.day:
            steps = (f"{text_of(end)} is the last day of that month",)
    else:
        days = count * 7 if kind == "weeks" else _days_of(begin, count) if kind == "working days" else count
        try:
            end = begin + timedelta(days=days)
        except OverflowError:
            raise ToolError(f"{count:,} {kind} from {start!r} leave the years 1 to 9999; choose fewer.") from None
    if kind == "working days":
        steps = ("Saturdays and Sundays are left out; public holidays are not known",)
    return Answer(end.isoformat(), f"{text_of(end)}, a {_DAYS[end.weekday()]}", _SOURCE, steps)


def _days_of(begin: date, count: int) -> int:
    """Days on the calendar for so many working days, without a walk over each."""
    step = 1 if count >= 0 else -1
    weeks, rest = divmod(abs(count), 5)
    days, weekday = weeks * 7, begin.weekday()
    if weekday > 4 and weeks and not rest:
        weeks, rest, days = weeks - 1, 5, days - 7
    while rest:
        days += 1
        weekday = (weekday + step) % 7
        rest -= weekday < 5
    return step * days


def describe_date(day: str) -> Answer:
    """Tell the weekday, ISO week, day of the year and leap year of a date, and Easter of its year.

    Use when: which day of the week a date is, its calendar week, or when Easter falls.
    Not for: differences between dates, public holidays of a country.

    Args:
        day: the date as year-month-day.

    Examples:
        - What weekday was 20 July 1969?
        - Which calendar week is 2025-12-31 in?
        - When is Easter in 2027?
        - what day of the week was 3 October 1990
        - Is 2024 a leap year?
    """
    found = parse_date(day, "day")
    week = found.isocalendar()
    leap = calendar.isleap(found.year)
    sunday = _easter(found.year)
    number = found.timetuple().tm_yday
    value: dict[str, JSON] = {
        "weekday": _DAYS[found.weekday()], "iso_week": week[1], "iso_year": week[0], "day_of_year": number,
        "leap_year": leap, "days_in_month": calendar.monthrange(found.year, found.month)[1], "easter": sunday.isoformat(),
    }  # fmt: skip
    text = (
        f"{text_of(found)} is a {_DAYS[found.weekday()]}, ISO week {week[1]} of {week[0]}, day {number} of the year; "
    )
    text += f"{found.year} is {'a' if leap else 'no'} leap year, Easter Sunday {text_of(sunday)}"
    return Answer({**value}, text, _SOURCE + "; Easter by the Gregorian rule of the western churches")


def _easter(year: int) -> date:
    """Butcher's algorithm."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    length = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + length - 7 * ((a + 11 * h + 22 * length) // 451) + 114, 31)
    return date(year, month, day + 1)


def convert_time_zone(moment: str, source: str, target: str) -> Answer:
    """Convert a date and time from one time zone to another, with summer time.

    Use when: what time it is elsewhere when it is a given time here; meetings across cities.
    Not for: durations.

    Args:
        moment: date and time as 2024-07-01 14:30.
        source: IANA time zone it is given in, such as Europe/Berlin, or UTC.
        target: IANA time zone wanted, such as Asia/Tokyo.

    Examples:
        - When it is 2024-07-01 14:30 in Berlin, what time is it in Tokyo?
        - Convert 9:00 New York time on 2025-01-10 to London time.
        - If it is 4 pm in Chicago on 2025-05-02, what time is it in Paris?
    """
    text = string(moment, "moment", 40, empty=False).strip()
    try:
        plain = datetime.fromisoformat(text)
    except ValueError:
        raise ToolError(f"moment is {shown(moment)}; write it as 2024-07-01 14:30.") from None
    if plain.tzinfo is not None:
        raise ToolError(
            f"moment is {shown(moment)} and carries an offset already; leave it out and name the source zone."
        )
    here, there = _zone(source, "source"), _zone(target, "target")
    before = plain.replace(tzinfo=here)
    try:
        after = before.astimezone(there)
        exists = before.astimezone(timezone.utc).astimezone(here).replace(tzinfo=None) == plain
        twice = before.utcoffset() != before.replace(fold=1).utcoffset() and exists
    except OverflowError:
        raise ToolError(f"moment is {shown(moment)}, at the edge of the calendar; choose another year.") from None
    if not exists:
        raise ToolError(f"{shown(moment)} does not exist in {source}: the clocks skip it; choose another time.")
    steps = ("this time occurs twice that night; the first was taken",) if twice else ()
    shown_text = f"{after:%Y-%m-%d %H:%M} in {target} (UTC{after:%z}) when it is {plain:%Y-%m-%d %H:%M} in {source} (UTC{before:%z})"
    return Answer(after.isoformat(), shown_text, "computed with the IANA time zone database of this machine", steps)


@functools.cache
def _zones() -> frozenset[str]:
    """The names this machine knows; reading them walks a folder, so once."""
    return frozenset(zoneinfo.available_timezones())


def _zone(name: str, argument: str) -> zoneinfo.ZoneInfo:
    wanted = string(name, argument, 60, empty=False).strip().replace(" ", "_")
    known = _zones()
    if wanted in known:
        return zoneinfo.ZoneInfo(wanted)
    ending = wanted.lower().rpartition("/")[2]
    near = sorted(one for one in known if one.lower().rpartition("/")[2] == ending and "/" in one)
    if len(near) == 1:
        return zoneinfo.ZoneInfo(near[0])
    hint = f"did you mean {', '.join(near[:3])}" if near else "use a name such as Europe/Berlin or America/New_York"
    raise ToolError(f"{argument} is {shown(name)}, which is no time zone I know; {hint}.")
