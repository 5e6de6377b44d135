"""The forms a question over a table takes (total, groups, extreme, count, list), each made into a query with its reading."""

from __future__ import annotations

import re

from tools.table_asked import Asked
from tools.table_queries import Aggregate, Measure, Query
from tools.table_reading import Reading
from tools.table_roles import Roles
from tools.table_words import NOT_ADDED, ROW_WORDS

_MEASURES: dict[str, Measure] = {"SUM": "sum", "MEAN": "mean", "MEDIAN": "median"}
_SAID = {
    "sum": "the total of",
    "mean": "the average of",
    "median": "the median of",
    "max": "the highest",
    "min": "the lowest",
}
#: Rows that a query gives where no number is wanted.
_ALL = 1_000
#: "the most customers" counts rows, "the most sales" adds them up; "the highest sales" is one row's.
_COUNTING = ("most", "least", "fewest", "meiste", "meisten", "am meisten")
_ADDING = (*_COUNTING, "top")
_OPENINGS = ("WHICH", "LIST", "WHO", "WHEN", "WHERE", "MUCH")


def form_of(asked: Asked, roles: Roles) -> Reading | None:
    """What is asked; the order of the cases is that of how sure their words are. None where no case fits."""
    group = roles.group()
    often = roles.take("OFTEN")
    extreme, measures, count = roles.phrases("MAX", "MIN"), roles.phrases(*_MEASURES), roles.phrases("COUNT")
    forms = _Forms(asked, roles, group, measures, count)
    if extreme or measures or count or often >= 0:
        roles.take(*_OPENINGS)
    if len(extreme) > 1 or len({asked.tag(at) for at in measures}) > 1:
        return None
    if often >= 0:
        return forms.grouped(roles.target(), "count", -1, down=True, limit=1)
    if extreme:
        return forms.extreme(extreme[0])
    if measures and not (count and asked.tag(measures[0]) == "SUM" and not roles.numbers()):
        return forms.measured(measures[0])
    if count:
        asked.taken |= {*count, *measures}
        return forms.counted(count[0])
    return forms.listed()


class _Forms:
    """One method a form. `group` is the column to group by (-1: none), `measures` and `count` are where such words stand."""

    def __init__(self, asked: Asked, roles: Roles, group: int, measures: list[int], count: list[int]) -> None:
        self.asked = asked
        self.roles = roles
        self.group = group
        self.measures = measures
        self.count = count

    def _query(self, **query: object) -> Query:
        return Query(filters=tuple(self.asked.filters), **query)  # type: ignore[arg-type]

    def _where(self) -> str:
        return f", where {' and '.join(self.asked.said)}" if self.asked.said else ""

    def _doubts(self) -> tuple[str, ...]:
        return tuple(self.roles.doubts)

    # -- a total, an average -------------------------------------------------------------------------------

    def measured(self, at: int) -> Reading | None:
        """Total, average, median of a column, perhaps for each group."""
        asked, roles = self.asked, self.roles
        measure = _MEASURES[asked.tag(at)]
        after = asked.near(self.count[0], 1) if self.count else -1
        if self.count and after not in roles.numbers():
            return None
        asked.taken |= {at, *self.count, *roles.phrases(asked.tag(at))}
        column = roles.measure()
        if measure == "sum" and self._not_added(column):
            roles.doubts.append(f"{asked.name(column)} is not a column that is usually added up")
        if self.group >= 0 and not (measure == "mean" and not roles.repeats(self.group)):
            return self.grouped(self.group, measure, column, down=None, limit=_ALL)
        return self._value(measure, column)

    def _value(self, measure: Measure, column: int) -> Reading:
        name = self.asked.name(column)
        query = self._query(aggregates=(Aggregate(measure, name),))
        said = f"{_SAID[measure]} {name}{self._where()}"
        return Reading(query, "value", said, measure=column, doubts=self._doubts())

    def _not_added(self, column: int) -> bool:
        parts = set(re.findall(r"[^\W\d_]+", self.asked.name(column).casefold()))
        return bool(parts & NOT_ADDED) or self.asked.sheet.columns[column].unit in ("%", "°C", "°F", "°")

    # -- for each ------------------------------------------------------------------------------------------

    def grouped(self, group: int, measure: Measure, column: int, *, down: bool | None, limit: int) -> Reading | None:
        """A measure of a column (a count where `column` is -1) for each value of another, in order where `down` says one."""
        if group < 0:
            return None
        by, name = self.asked.name(group), self.asked.name(column) if column >= 0 else ""
        order = ((f"{measure} {name}" if name else "count", down),) if down is not None else ()
        query = self._query(group_by=(by,), aggregates=(Aggregate(measure, name),), order_by=order, limit=_ALL)
        said = f"{_SAID.get(measure, 'the number of rows')} {name} for each {by}".replace("  ", " ")
        if down is not None:
            said += f", {'highest' if down else 'lowest'} first"
        return Reading(
            query, "extreme" if down is not None else "groups", said + self._where(), target=group,
            measure=column, wanted=limit, doubts=self._doubts(),
        )  # fmt: skip

    # -- the highest, the oldest ---------------------------------------------------------------------------

    def extreme(self, at: int) -> Reading | None:
        """The row, or the group, with the highest or lowest value."""
        asked, roles, one = self.asked, self.roles, self.asked.mentions[at]
        down, limit = one.tag == "MAX", roles.limit(at)
        asked.taken |= {at, *self.measures, *self.count}
        order = roles.implied_by(one.implied) if one.implied else -1
        if one.implied and order < 0:
            return None
        if one.implied == "age" and asked.kind(order) == "date":
            down = not down  # the oldest has the earliest date
        if order < 0 and one.text in _COUNTING and not roles.numbers():
            # "the most customers": rows are counted for each of a column's values.
            target = roles.target()
            rows_named = roles.row_nouns(at) or self.count
            return self.grouped(target, "count", -1, down=down, limit=limit) if rows_named else None
        if order < 0:
            order = self._ordered_by()
        if order < 0:
            return None
        roles.doubt_column(order)
        target = self.group if self.group >= 0 else roles.target()
        if (measure := self._measure_of_groups(one.text, target, order, down)) is not None:
            return self.grouped(target, measure, order, down=down, limit=limit)
        named = target >= 0 or bool(one.implied) or limit > 1 or self._names_row()
        return self._rows_with_extreme(target if target >= 0 else roles.entity(), order, named, down=down, limit=limit)

    def _ordered_by(self) -> int:
        """The column that "highest" is about where the word itself implies none."""
        ranked = self.roles.ranked_by()
        if ranked >= 0:
            return ranked
        if not self.roles.numbers() and self.asked.free("column"):
            return self.roles.dated()
        return self.roles.measure()

    def _measure_of_groups(self, word: str, target: int, order: int, down: bool) -> Measure | None:
        """How the rows of a group are taken together before groups are compared; None where rows are compared."""
        if self.measures:
            return _MEASURES[self.asked.tag(self.measures[0])]
        if self.group >= 0:
            return "max" if down else "min"
        adds = word in _ADDING and self.asked.kind(order) == "number"
        return "sum" if adds and target >= 0 and self.roles.repeats(target) else None

    def _rows_with_extreme(self, shown: int, order: int, named: bool, *, down: bool, limit: int) -> Reading:
        name = self.asked.name(order)
        query = self._query(order_by=((name, down),), limit=_ALL)
        said = f"the rows with {_SAID['max' if down else 'min']} {name}{self._where()}"
        target = shown if named else -1
        return Reading(query, "extreme", said, target=target, measure=order, wanted=limit, doubts=self._doubts())

    def _names_row(self) -> bool:
        """Whether which row it is is asked, not only how much: "which…", "who…"."""
        first = self.asked.tokens[0].low if self.asked.tokens else ""
        return first in ("which", "who", "welche", "welcher", "welches", "wer")

    # -- how many ------------------------------------------------------------------------------------------

    def counted(self, at: int) -> Reading | None:
        """How many rows, or how many different values of a column; how much, where the column is of numbers."""
        asked, roles = self.asked, self.roles
        distinct = roles.take("DISTINCT") >= 0
        if roles.numbers() and not distinct and self.group < 0:
            return self._value("sum", roles.measure())
        titled = roles.row_nouns(at)
        target = roles.counted(at, titled)
        if target < 0 and not titled:
            return None
        if self.group >= 0:
            return self.grouped(self.group, "count", -1, down=None, limit=_ALL)
        if target >= 0 and (distinct or roles.repeats(target) or not titled):
            name = asked.name(target)
            query = self._query(aggregates=(Aggregate("distinct", name),))
            said = f"the number of different values of {name}{self._where()}"
            return Reading(query, "count", said, target=target, doubts=self._doubts())
        if asked.sheet.alike and not any(asked.mentions[n].value in ROW_WORDS for n in titled):
            roles.doubts.append(f"{asked.sheet.alike} rows repeat others and were counted too")
        query = self._query(aggregates=(Aggregate("count"),))
        return Reading(query, "count", f"the number of rows{self._where()}", doubts=self._doubts())

    # -- which ---------------------------------------------------------------------------------------------

    def listed(self) -> Reading | None:
        """Cells of a column, or rows, that meet the conditions."""
        asked, roles = self.asked, self.roles
        order = roles.order()
        opening = roles.take(*_OPENINGS)
        tag = asked.mentions[opening].tag if opening >= 0 else ""
        narrowed = bool(asked.filters or order)
        if self.group >= 0 or (not narrowed and tag != "LIST"):
            return None
        shown = roles.shown(tag)
        query = self._query(order_by=order, limit=_ALL)
        if shown >= 0:
            name = asked.name(shown)
            said = f"{name} of the rows{self._where()}" if asked.filters else f"every {name}"
            wanted = 0 if tag == "LIST" else 1
            return Reading(query, "cells", said, target=shown, wanted=wanted, doubts=self._doubts())
        if tag not in ("LIST", "WHICH") or not narrowed:
            return None
        if tag == "WHICH" and not asked.free("title") and not asked.filters:
            return None
        return Reading(
            query, "rows", f"the rows{self._where()}", wanted=0, target=roles.entity(), doubts=self._doubts()
        )
