"""Conditions on numbers and dates of a table: limits, ranges, years and units."""

from __future__ import annotations

import re

from tools.table_asked import Asked
from tools.table_columns import number_of
from tools.table_queries import Comparison
from tools.table_words import IMPLIED

_SIGNS: dict[str, Comparison] = {"GT": ">", "GE": ">=", "LT": "<", "LE": "<=", "EQ": "="}
_SAID = {">": "over", ">=": "at least", "<": "under", "<=": "at most", "=": "is", "!=": "is not"}
_YEAR = re.compile(r"(?:19|20)\d\d")


# -- dates -----------------------------------------------------------------------------------------------------------


def read_dates(asked: Asked) -> None:
    """Conditions on dates; what does not fit stays free."""
    for at in asked.free("date"):
        if at in asked.taken:
            continue
        column, used = _date_column(asked, at)
        if column < 0:
            continue
        asked.taken |= {at, *used}
        value, before = asked.mentions[at].value, asked.near(at, -1)
        upper = _range_end(asked, at, "date")
        if upper >= 0 and value.startswith("-") and len(asked.mentions[upper].value) == 7:
            value = asked.mentions[upper].value[:4] + value  # "from January to March 2024"
        if upper >= 0 and (len(value) < 7 or len(asked.mentions[upper].value) < 7):
            asked.broken = True
        elif upper >= 0:
            asked.taken.add(upper)
            last = asked.mentions[upper].value
            asked.keep(column, ">=", value, f"{asked.name(column)} from {value}")
            asked.keep(column, "<=", f"{last}-99" if len(last) == 7 else last, f"{asked.name(column)} to {last}")
        elif (
            asked.tag(before) in _SIGNS and asked.mentions[before].implied in ("", "date") and before not in asked.taken
        ):
            if value.startswith("-"):
                asked.taken -= {at, *used}
                continue
            asked.taken.add(before)
            sign = _SIGNS[asked.tag(before)]
            edge = f"{value}-99" if sign in (">", "<=") and len(value) < 10 else value
            asked.keep(column, sign, edge, f"{asked.name(column)} {_SAID[sign]} {value}")
        else:
            _within(asked, column, value)


def _date_column(asked: Asked, at: int) -> tuple[int, set[int]]:
    """The column that a date is about: the one named beside it, else the only one with dates."""
    for step in (-1, 1):
        beside = asked.near(at, step)
        if beside >= 0 and asked.tag(beside) in _SIGNS:
            beside = asked.near(beside, step)
        if beside >= 0 and asked.mentions[beside].kind == "column" and beside not in asked.taken:
            dated = [one for one in asked.mentions[beside].columns if asked.kind(one) == "date"]
            if len(dated) == 1:
                return dated[0], {beside}
    return asked.only("date"), set()


def _within(asked: Asked, column: int, value: str) -> None:
    """A year, month or day; a month without a year is that month of any year."""
    if not value.startswith("-"):
        asked.keep(column, "starts with", value, f"{asked.name(column)} in {value}")
        return
    cells = {str(row[column])[:7] for row in asked.sheet.table.rows if row[column]}
    fitting = sorted(one for one in cells if one.endswith(value))
    if len(fitting) > 1:
        asked.doubts.append(f"there is more than one such month ({', '.join(fitting[:4])}), all were taken")
    asked.keep(column, "in month", value[1:], f"{asked.name(column)} in month {value[1:]}")


# -- numbers ---------------------------------------------------------------------------------------------------------


def read_numbers(asked: Asked) -> None:
    """Conditions on numbers; what does not fit stays free."""
    for at in asked.free("number"):
        if at in asked.taken:
            continue
        before, after = asked.near(at, -1), asked.near(at, 1)
        number = _value(asked, at)
        if number is None or _is_limit(asked, at, before, after):
            continue
        sign = _SIGNS.get(asked.tag(before), "") if before not in asked.taken else ""
        if not sign and _YEAR.fullmatch(asked.mentions[at].text):
            _year(asked, at, before, sign)  # "costs in 2024" is a year, where the table has any
            if at in asked.taken:
                continue
        if asked.tag(after) in ("ORMORE", "ORLESS") and not sign:
            sign, used = (">=" if asked.tag(after) == "ORMORE" else "<="), {after}
            after = asked.near(after, 1)
        else:
            used = {before} if sign else set()
        upper = _range_end(asked, at, "number")
        column, beside = _number_column(asked, at, before, after if upper < 0 else asked.near(upper, 1), sign)
        if column < 0:
            _year(asked, at, before, sign)
            continue
        asked.taken |= {at, *used, *beside, *_own_unit(asked, at if upper < 0 else upper, column)}
        if upper >= 0 and (last := _value(asked, upper)) is not None:
            asked.taken.add(upper)
            asked.keep(column, ">=", number, f"{asked.name(column)} from {number}")
            asked.keep(column, "<=", last, f"{asked.name(column)} to {last}")
        else:
            asked.keep(column, sign or "=", number, f"{asked.name(column)} {_SAID[sign or '=']} {number}")  # type: ignore[arg-type]


def _value(asked: Asked, at: int) -> int | float | None:
    text = asked.mentions[at].value
    comma = re.fullmatch(r"\d+,\d{1,2}|\d{1,3}(?:\.\d{3})+,\d+", text) is not None
    found = number_of(text, "comma" if comma else "point")
    if re.fullmatch(r"\d{1,3}\.\d{3}", text):
        asked.doubts.append(f"{text!r} may be thousands or decimals")
    return None if found is None else found.numerator if found.denominator == 1 else float(found)


def _is_limit(asked: Asked, at: int, before: int, after: int) -> bool:
    """Whether the number says how many rows are wanted: "three cheapest", "top 5"; not "160 min"."""
    units = {one.unit.casefold() for one in asked.sheet.columns if one.unit}
    if after == at + 1 and asked.mentions[after].text.casefold() in units and asked.tag(before) in _SIGNS:
        return False
    return asked.tag(after) in ("MAX", "MIN") or (asked.tag(before) in ("MAX", "MIN") and before + 1 == at)


def _number_column(asked: Asked, at: int, before: int, after: int, sign: str) -> tuple[int, set[int]]:
    """The column a number is compared with, and the mentions that say so."""
    between = asked.tag(before) == "BETWEEN"
    own = asked.near(before, -1) if sign or between else before
    if sign and asked.mentions[before].implied not in ("", "date"):
        return asked.only("number", IMPLIED[asked.mentions[before].implied]), set()
    for beside in (after, own):
        if beside < 0 or beside in asked.taken or asked.mentions[beside].kind != "column":
            continue
        if beside == own and not sign and not between and not _adjoins(asked, own, at):
            continue
        numeric = [one for one in asked.mentions[beside].columns if asked.kind(one) == "number"]
        if len(numeric) == 1:
            return numeric[0], {beside}
    following = asked.tokens[asked.mentions[at].last].text if asked.mentions[at].last < len(asked.tokens) else ""
    leading = asked.tokens[asked.mentions[at].first - 1].text if asked.mentions[at].first else ""
    for unit in (following, leading):
        fitting = [
            n for n, one in enumerate(asked.sheet.columns) if one.unit and unit and _unit(one.unit) == _unit(unit)
        ]
        if len(fitting) == 1 and sign:
            return fitting[0], set()  # the unit itself is taken with the number
    return -1, set()


def _own_unit(asked: Asked, at: int, column: int) -> set[int]:
    """The mention after a number where it is the unit of the number's column."""
    unit = asked.sheet.columns[column].unit
    if at + 1 < len(asked.mentions) and unit and _unit(asked.mentions[at + 1].text) == _unit(unit):
        return {at + 1}
    return set()


def _adjoins(asked: Asked, one: int, at: int) -> bool:
    """Whether only small words stand between a column and its number ("rating of 4.5", "quantity is 5")."""
    return set(asked.between(one, at)) <= {"of", "is", "was", "are", "=", "at", "a", "von", "ist"}


_CURRENCY = {"€": "eur", "euro": "eur", "euros": "eur", "$": "usd", "dollars": "usd", "dollar": "usd", "£": "gbp", "pounds": "gbp", "percent": "%", "prozent": "%"}  # fmt: skip


def _unit(text: str) -> str:
    return _CURRENCY.get(text.casefold(), text.casefold())


def _year(asked: Asked, at: int, before: int, sign: str) -> None:
    """A bare year: of the column of years, else of the only column of dates."""
    text = asked.mentions[at].value
    if not _YEAR.fullmatch(text):
        return
    implied = asked.mentions[before].implied if sign else ""
    if implied not in ("", "date"):
        return
    used = {at, before} if sign else {at}
    column = asked.only("number", ("year", "jahr", "published", "founded"))
    if column >= 0 and all(isinstance(row[column], int) for row in asked.sheet.table.rows if row[column] is not None):
        asked.taken |= used
        asked.keep(column, sign or "=", int(text), f"{asked.name(column)} {_SAID[sign or '=']} {text}")  # type: ignore[arg-type]
        return
    column, beside = _date_column(asked, at)
    if column >= 0:
        asked.taken |= used | beside
        upper = _range_end(asked, at, "number")
        if upper >= 0:
            asked.taken.add(upper)
            asked.keep(column, ">=", text, f"{asked.name(column)} from {text}")
            asked.keep(column, "<=", f"{asked.mentions[upper].value}-99", f"{asked.name(column)} to {asked.mentions[upper].value}")  # fmt: skip
        elif sign:
            edge = f"{text}-99" if sign in (">", "<=") else text
            asked.keep(column, sign, edge, f"{asked.name(column)} {_SAID[sign]} {text}")  # type: ignore[arg-type]
        else:
            asked.keep(column, "starts with", text, f"{asked.name(column)} in {text}")


def _range_end(asked: Asked, at: int, kind: str) -> int:
    """The second end of "between a and b", "from a to b"; its words are taken. -1 where there is none."""
    before, after = asked.near(at, -1), asked.near(at, 1)
    if asked.tag(before) == "BETWEEN" and asked.tag(after) == "AND":
        last = asked.near(after, 1)
        if last >= 0 and asked.mentions[last].kind == kind:
            asked.taken |= {before, after}
            return last
    first = asked.mentions[at].first
    if (
        first
        and asked.tokens[first - 1].low in ("from", "von", "vom")
        and after >= 0
        and asked.mentions[after].kind == kind
    ):
        if asked.between(at, after) and asked.between(at, after)[0] in ("to", "bis", "zum"):
            return after
    if first and asked.tokens[first - 1].low in ("from", "von", "vom") and asked.tag(after) == "LE":
        last = asked.near(after, 1)
        if last >= 0 and asked.mentions[last].kind == kind:
            asked.taken.add(after)
            return last
    return -1
