"""Conditions of a question over a table: which rows it is about, each read from a value, number or date that it names.

Every mention that a condition uses is taken; what is left over is the question's to read (table_questions.py).
"""

from __future__ import annotations

import re

from tools.table_asked import Asked
from tools.table_filters_numbers import read_dates, read_numbers
from tools.table_mentions import Mention
from tools.table_words import HARMLESS, VERBS

_SILENT = ("harmless", "title")


def read_filters(asked: Asked) -> None:
    """Read every condition that the mentions give; what does not fit stays free."""
    for read in (_empty, _flags, read_dates, read_numbers, _values):
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


#: What cells of a column of marks say: (yes, no).
_MARKS = ({"yes", "y", "true", "ja", "wahr", "x", "1"}, {"no", "n", "false", "nein", "falsch", "0", "-"})
_HAVING = frozenset("have has had is are was were who that which hat haben ist sind war waren".split())


def _flags(asked: Asked) -> None:
    """Rows that have a mark, or have it not: "how many have paid", where a column "Paid" says yes or no."""
    for at in asked.free("column"):
        one = asked.mentions[at]
        marks = _marks(asked, one.columns[0]) if len(one.columns) == 1 else None
        before = asked.near(at, -1)
        if marks is None:
            continue
        denied = before >= 0 and asked.tag(before) == "NOT" and before not in asked.taken
        said = asked.tokens[one.first - 1].low if one.first else ""
        if not denied and said not in _HAVING:
            continue
        column, value = one.columns[0], marks[1 if denied else 0]
        asked.keep(column, "in", (value,), f"{asked.name(column)} is {value}")
        asked.taken |= {at, before} if denied else {at}


def _marks(asked: Asked, column: int) -> tuple[str, str] | None:
    """(what stands for yes, what stands for no) in a column of nothing but these; None for any other column."""
    cells = {str(row[column]) for row in asked.sheet.table.rows if row[column] not in (None, "")}
    said = [[cell for cell in cells if cell.casefold() in words] for words in _MARKS]
    pure = len(cells) == 2 and all(len(one) == 1 for one in said)
    return (said[0][0], said[1][0]) if pure and asked.kind(column) == "text" else None


def _missing_dates(asked: Asked, one: Mention) -> bool:
    """Whether a mention is of a column of dates with gaps: what is "not returned" has no date there."""
    return one.kind == "column" and all(asked.kind(n) == "date" and asked.sheet.columns[n].missing for n in one.columns)


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
