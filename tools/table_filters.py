"""Conditions of a question over a table: which rows it is about, each read from a value, number or date that it names.

Every mention that a condition uses is taken; what is left over is the question's to read (table_questions.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.table_columns import Sheet, number_of
from tools.table_mentions import Mention
from tools.table_queries import Comparison, Filter
from tools.table_words import HARMLESS, IMPLIED, VERBS, Token, same, stem

_SIGNS: dict[str, Comparison] = {"GT": ">", "GE": ">=", "LT": "<", "LE": "<=", "EQ": "="}
_SAID = {">": "over", ">=": "at least", "<": "under", "<=": "at most", "=": "is", "!=": "is not"}
_YEAR = re.compile(r"(?:19|20)\d\d")
_SILENT = ("harmless", "title")


@dataclass(slots=True)
class Asked:
    """A question while it is read: its tokens and mentions, which are taken, and what was read so far."""

    sheet: Sheet
    tokens: Sequence[Token]
    mentions: Sequence[Mention]
    taken: set[int] = field(default_factory=set)
    filters: list[Filter] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    #: Columns that a condition stands on.
    filtered: set[int] = field(default_factory=set)
    #: A condition was begun that cannot be read to its end.
    broken: bool = False

    def free(self, kind: str) -> list[int]:
        """The mentions of this kind that nothing has taken yet."""
        return [at for at, one in enumerate(self.mentions) if one.kind == kind and at not in self.taken]

    def near(self, at: int, step: int) -> int:
        """The next mention that says something, forwards or backwards; -1 where there is none."""
        at += step
        while 0 <= at < len(self.mentions) and self.mentions[at].kind == "harmless":
            at += step
        return at if 0 <= at < len(self.mentions) else -1

    def tag(self, at: int) -> str:
        """What the phrase at this place asks for."""
        return self.mentions[at].tag if 0 <= at < len(self.mentions) and self.mentions[at].kind == "phrase" else ""

    def between(self, one: int, other: int) -> list[str]:
        """The words between two mentions."""
        low, high = sorted((one, other))
        return [token.low for token in self.tokens[self.mentions[low].last : self.mentions[high].first]]

    def name(self, column: int) -> str:
        """The header of a column."""
        return self.sheet.table.names[column]

    def kind(self, column: int) -> str:
        """The kind of a column."""
        return self.sheet.columns[column].kind

    def dated(self, at: int) -> bool:
        """Whether a column of dates is named beside this place ("the returned date")."""
        beside = [n for n in (self.near(at, -1), self.near(at, 1)) if n >= 0 and self.mentions[n].kind == "column"]
        return any(self.kind(column) == "date" for n in beside for column in self.mentions[n].columns)

    def only(self, kind: str, names: Sequence[str] = ()) -> int:
        """The only column of a kind (whose name has one of these words); -1 where there is none or more."""
        stems = [stem(one) for one in names]
        found = [
            at
            for at, one in enumerate(self.sheet.columns)
            if one.kind == kind
            and (not stems or any(same(stem(part), want) for part in re.split(r"[\W_]+", one.name) for want in stems))
        ]
        return found[0] if len(found) == 1 else -1

    def keep(self, column: int, comparison: Comparison, value: object, said: str) -> None:
        """One more condition."""
        self.filters.append(Filter(self.name(column), comparison, value))  # type: ignore[arg-type]
        self.said.append(said)
        self.filtered.add(column)
        if self.sheet.columns[column].doubt:
            self.doubts.append(f"{self.name(column)}: {self.sheet.columns[column].doubt}")


def read_filters(asked: Asked) -> None:
    """Read every condition that the mentions give; what does not fit stays free."""
    for read in (_empty, _dates, _numbers, _values):
        read(asked)
    # "In March and April": two conditions of which no row can meet both.
    fixed = [one.column for one in asked.filters if one.comparison in ("=", "starts with", "in month")]
    asked.broken |= len(set(fixed)) < len(fixed)


# -- empty cells -----------------------------------------------------------------------------------------------------


def _empty(asked: Asked) -> None:
    for at in [at for at in asked.free("phrase") if asked.tag(at) in ("EMPTY", "NOT")]:
        after = asked.near(at, 1)
        if asked.tag(at) == "NOT" and (after < 0 or not _missing_dates(asked, asked.mentions[after])):
            continue
        if after >= 0 and asked.mentions[after].kind == "column" and len(asked.mentions[after].columns) == 1:
            column = asked.mentions[after].columns[0]
            asked.keep(column, "empty", None, f"{asked.name(column)} is empty")
            asked.taken |= {at, after}


def _missing_dates(asked: Asked, one: Mention) -> bool:
    """Whether a mention is of a column of dates with gaps: what is "not returned" has no date there."""
    return one.kind == "column" and all(asked.kind(n) == "date" and asked.sheet.columns[n].missing for n in one.columns)


# -- dates -----------------------------------------------------------------------------------------------------------


def _dates(asked: Asked) -> None:
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


def _numbers(asked: Asked) -> None:
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


# -- values of cells -------------------------------------------------------------------------------------------------


def _values(asked: Asked) -> None:
    wanted: dict[tuple[int, bool], list[str]] = {}
    for at in asked.free("value"):
        one = asked.mentions[at]
        columns, used = _value_columns(asked, at)
        if len(columns) != 1 or _contradicted(asked, columns[0]):
            continue
        before = asked.near(at, -1)
        denied = asked.tag(before) == "NOT"
        asked.taken |= {at, *used, *({before} if denied else ())}
        wanted.setdefault((columns[0], denied), []).append(one.value)
        if not one.exact:
            asked.doubts.append(one.note)
    _connected(asked)
    for (column, denied), values in wanted.items():
        distinct = tuple(dict.fromkeys(values))
        shown = " or ".join(distinct)
        if denied:
            for value in distinct:
                asked.keep(column, "!=", value, f"{asked.name(column)} is not {value}")
            if asked.sheet.columns[column].missing:
                asked.doubts.append(f"rows whose {asked.name(column)} is empty were left out")
        else:
            asked.keep(column, "in", distinct, f"{asked.name(column)} is {shown}")


def _value_columns(asked: Asked, at: int) -> tuple[tuple[int, ...], set[int]]:
    """The columns a value may be of, fewer where a column is named beside it or a preposition is a header."""
    columns = asked.mentions[at].columns
    if len(columns) > 1:
        columns = tuple(one for one in columns if not _contradicted(asked, one))
    for step in (-1, 1):
        beside = asked.near(at, step)
        if beside < 0 or beside in asked.taken or asked.mentions[beside].kind != "column":
            continue
        if step == 1 and asked.mentions[beside].text.casefold() in HARMLESS:
            continue
        shared = tuple(one for one in columns if one in asked.mentions[beside].columns)
        small = {"is", "the", "a", "of", "=", "ist", "der", "die", "das", "in"}
        if shared and set(asked.between(beside, at)) <= small:
            return shared, {beside}
    first = asked.mentions[at].first
    leading = asked.tokens[first - 1].low if first else ""
    named = tuple(one for one in columns if asked.name(one).casefold() == leading)
    return (named or columns), set()


def _contradicted(asked: Asked, column: int) -> bool:
    """Whether a verb of the question says that the value is of another kind of column ("work in" a home town)."""
    parts = {one.casefold() for one in re.split(r"[\W_]+", asked.name(column))}
    return any(one.kind == "harmless" and one.tag and parts & VERBS[one.tag] for one in asked.mentions)


def _connected(asked: Asked) -> None:
    """ "and", "or" between two values of one column are read; "or" between other conditions is not."""
    for at in asked.free("phrase"):
        if asked.tag(at) not in ("AND", "OR"):
            continue
        before, after = asked.near(at, -1), asked.near(at, 1)
        if before < 0 or after < 0:
            if asked.tag(at) == "OR" and after >= 0 and asked.mentions[after].kind == "value":
                asked.taken.add(at)  # "either a or b"
            continue
        one, other = asked.mentions[before], asked.mentions[after]
        alike = one.kind == other.kind == "value" and set(one.columns) & set(other.columns)
        if alike or (asked.tag(at) == "AND" and before in asked.taken and after in asked.taken):
            asked.taken.add(at)
