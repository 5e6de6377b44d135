"""A question over a table as one small typed query, read by code: what is asked, of which column, of which rows.

StructGPT's way for small models: the reading of the structure is code's. A reading says which words it could not use;
only a question that is read whole is answered by code alone. What this does not do: joins, shares, differences,
questions for yes or no.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from tools.errors import ToolError
from tools.table_columns import Sheet
from tools.table_filters import Asked, read_filters
from tools.table_mentions import Vocabulary, mentions_in
from tools.table_queries import Aggregate, Measure, Query
from tools.table_words import IMPLIED, NOT_ADDED, PEOPLE, PLACES, ROW_WORDS, SAYS, VALUE_WORDS, stem

Form = Literal["count", "value", "cells", "rows", "groups", "extreme"]
_YES_NO = re.compile(
    r"\s*(?:is|are|was(?! (?:ist|sind|war|kostet|kosten)\b)|were|does|do|did|has|have|had|can|could|will|would|should|may|ist|sind|hat|haben|war|waren|gibt es|why|how come|warum)\b",
    re.I,
)
_MEASURES: dict[str, Measure] = {"SUM": "sum", "MEAN": "mean", "MEDIAN": "median"}
_SAID = {
    "sum": "the total of",
    "mean": "the average of",
    "median": "the median of",
    "max": "the highest",
    "min": "the lowest",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question asks of a table.

    `form` says what the result is: a count, one value, cells of a column, whole rows, groups, or the rows with an
    extreme; `target` is the column that names what was found (-1: none), `measure` the column of numbers. `unread` are
    the words it could not use and `doubts` sentences that keep the answer from being sure. `evidence` counts the
    mentions of this very table; `open` names the role for which columns remain to be chosen among `choices`.
    """

    query: Query
    form: Form
    said: str
    target: int = -1
    measure: int = -1
    wanted: int = 1
    unread: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    evidence: int = 0
    open: str = ""
    choices: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every word was used or is harmless."""
        return not self.unread and not self.open


class _Undecided(Exception):
    """A role that several columns may fill."""

    def __init__(self, role: str, choices: tuple[int, ...]) -> None:
        super().__init__(role)
        self.role, self.choices = role, choices


def read_question(question: str, words: Vocabulary, chosen: int = -1) -> Reading | None:
    """Read a question over a table; None where it asks for nothing that a query gives.

    Args:
        chosen: the column that was chosen (by somebody else) for the role that was open.
    """
    if _YES_NO.match(question) or len(question) > 600:
        return None
    tokens, mentions = mentions_in(question, words)
    asked = Asked(words.sheet, tokens, mentions)
    read_filters(asked)
    if asked.broken:
        return None
    builder = _Builder(asked, chosen)
    evidence = sum(
        bool(one.columns or one.implied) or (one.kind == "title" and one.value in words.title) for one in mentions
    )
    try:
        read = builder.read()
    except _Undecided as role:
        unread = builder.unread()
        return Reading(Query(), "value", "", unread=unread, open=role.role, choices=role.choices, evidence=evidence)
    except ToolError:
        return None
    if read is None:
        return None
    builder.used |= {read.target, read.measure}
    return replace(
        read, unread=builder.unread(), doubts=(*dict.fromkeys((*asked.doubts, *read.doubts)),), evidence=evidence
    )


class _Builder:
    """Gives the mentions their roles."""

    def __init__(self, asked: Asked, chosen: int) -> None:
        self.asked = asked
        self.sheet: Sheet = asked.sheet
        self.chosen = chosen
        self.doubts: list[str] = []
        #: Columns that the query uses.
        self.used: set[int] = set(asked.filtered)
        self.tags = {asked.tag(at): at for at in reversed(asked.free("phrase"))}

    def unread(self) -> tuple[str, ...]:
        """The words nobody used and that are not harmless here."""
        mentions = self.asked.mentions
        return tuple(one.text for at, one in enumerate(mentions) if at not in self.asked.taken and not self._silent(at))

    def _silent(self, at: int) -> bool:
        """Whether a word that nothing used says nothing more: the rows' own name, a column that is used already."""
        one, asked = self.asked.mentions[at], self.asked
        if one.kind in ("harmless", "title"):
            return True
        if one.kind == "phrase" and one.text == "by":
            after = asked.near(at, 1)
            return after in asked.taken and asked.mentions[after].kind == "value"
        if one.kind == "phrase" and one.tag == "NOTHING":
            return True
        if self._belongs(at):
            return True
        if one.kind == "unread":
            said = SAYS.get(one.text.casefold(), ())
            named = {part for column in asked.filtered for part in re.split(r"[\W_]+", asked.name(column).casefold())}
            return bool(named & set(said)) or (one.text.casefold() in ("date", "datum") and asked.dated(at))
        if one.kind != "column":
            return False
        if one.tag == "title" or set(one.columns) & self.used or one.columns == (self._entity(),):
            return True
        # "Lent" says nothing of rows that all have such a date.
        return all(asked.kind(n) == "date" and not self.sheet.columns[n].missing for n in one.columns)

    def _belongs(self, at: int) -> bool:
        """Whether a general word only says what kind of thing its neighbour is: "finish time", "prize money", "year 2023"."""
        one, asked = self.asked.mentions[at], self.asked
        word, before, after = stem(one.text), asked.near(at, -1), asked.near(at, 1)
        if word in ("year", "jahr", "month", "monat") and one.kind in ("unread", "column"):
            return after == at + 1 and after in asked.taken and asked.mentions[after].kind in ("date", "number")
        if (
            one.kind != "unread"
            or before != at - 1
            or before not in asked.taken
            or asked.mentions[before].kind != "column"
        ):
            return False
        columns = [self.sheet.columns[n] for n in asked.mentions[before].columns if n in self.used]
        if len(columns) != 1:
            return False
        kind, unit = columns[0].kind, columns[0].unit
        return (
            (word == "time" and unit in ("min", "h", "s", "sec", "minutes", "hours", "seconds"))
            or (word == "money" and unit in ("€", "$", "£", "EUR", "USD", "CHF", "GBP"))
            or (word in ("number", "nummer", "name") and kind == "text")
        )

    def take(self, *tags: str) -> int:
        """Use the phrases of these tags; where the first of them stands, -1 where there is none."""
        found = [at for at in self.asked.free("phrase") if self.asked.tag(at) in tags]
        self.asked.taken |= set(found)
        return found[0] if found else -1

    def read(self) -> Reading | None:
        """What is asked; the order of the cases is that of how sure their words are."""
        group = self._group()
        often = self.take("OFTEN")
        extreme = [at for at in self.asked.free("phrase") if self.asked.tag(at) in ("MAX", "MIN")]
        measures = [at for at in self.asked.free("phrase") if self.asked.tag(at) in _MEASURES]
        count = [at for at in self.asked.free("phrase") if self.asked.tag(at) == "COUNT"]
        self.take(
            "WHICH", "LIST", "WHO", "WHEN", "WHERE", "MUCH"
        ) if extreme or measures or count or often >= 0 else None
        if len(extreme) > 1 or len({self.asked.tag(at) for at in measures}) > 1:
            return None
        if often >= 0:
            return self._grouped(self._target(), "count", -1, down=True, limit=1)
        if extreme:
            return self._extreme(extreme[0], measures, count, group)
        if measures and not (count and self.asked.tag(measures[0]) == "SUM" and not self._numeric_free()):
            return self._measured(measures[0], count, group)
        if count:
            self.asked.taken |= {*count, *measures}
            return self._counted(count[0], group)
        return self._listed(group)

    # -- roles -------------------------------------------------------------------------------------------------------

    def _group(self) -> int:
        """The column after "per", "by", "for each"; -1 where there is none."""
        for at in [at for at in self.asked.free("phrase") if self.asked.tag(at) == "GROUP"]:
            after = self.asked.near(at, 1)
            if after < 0 or self.asked.mentions[after].kind != "column" or after in self.asked.taken:
                continue
            columns = [one for one in self.asked.mentions[after].columns if self.asked.kind(one) != "number"]
            if len(columns) == 1:
                self.asked.taken |= {at, after}
                return columns[0]
        return -1

    def _numeric_free(self) -> list[int]:
        """Free mentions of columns that may be numbers."""
        mentions = self.asked.mentions
        return [
            at
            for at in self.asked.free("column")
            if any(self.asked.kind(one) == "number" for one in mentions[at].columns)
        ]

    def _measure(self, role: str = "measure") -> int:
        """The column of numbers that is meant: named, else the only one; raises where several may be."""
        numeric = self._numeric_free()
        if not numeric:
            only = [n for n, one in enumerate(self.sheet.columns) if one.kind == "number"]
            rest = [n for n in only if n not in self.asked.filtered] or only
            if self.chosen in rest:
                return self.chosen
            vague = any(one.text.casefold() in VALUE_WORDS for one in self.asked.mentions)
            if len(rest) == 1 and not self._about_rows() and not vague:
                return rest[0]
            raise _Undecided(role, tuple(rest))
        at = numeric[0]
        columns = tuple(n for n in self.asked.mentions[at].columns if self.asked.kind(n) == "number")
        self.asked.taken.add(at)
        self._guess(at)
        if len(columns) > 1:
            if self.chosen in columns:
                return self.chosen
            raise _Undecided(role, columns)
        self._doubted(columns[0])
        return columns[0]

    def _about_rows(self) -> bool:
        """Whether an unread word stands where a column would be named."""
        return bool(self.asked.free("unread"))

    def _doubted(self, column: int) -> None:
        if doubt := self.sheet.columns[column].doubt:
            self.doubts.append(f"{self.asked.name(column)}: {doubt}")

    def _guess(self, at: int) -> None:
        if not self.asked.mentions[at].exact:
            self.doubts.append(self.asked.mentions[at].note)

    def _target(self) -> int:
        """The column of names that is asked for; -1 where none is mentioned."""
        for at in self.asked.free("column"):
            columns = [n for n in self.asked.mentions[at].columns if self.asked.kind(n) != "number"]
            if len(columns) > 1 and self.chosen not in columns:
                raise _Undecided("column", tuple(columns))
            if columns:
                self.asked.taken.add(at)
                self._guess(at)
                return self.chosen if self.chosen in columns else columns[0]
        return -1

    def _entity(self) -> int:
        """The column that names the rows: the first of texts without repetitions, else -1."""
        for place, column in enumerate(self.sheet.columns):
            cells = [row[place] for row in self.sheet.table.rows if row[place]]
            if column.kind == "text" and cells and len(set(cells)) == len(self.sheet.table.rows):
                return place
        return -1

    # -- cases -------------------------------------------------------------------------------------------------------

    def _filters(self, **query: object) -> Query:
        return Query(filters=tuple(self.asked.filters), **query)  # type: ignore[arg-type]

    def _where(self) -> str:
        return f", where {' and '.join(self.asked.said)}" if self.asked.said else ""

    def _measured(self, at: int, count: list[int], group: int) -> Reading | None:
        """Total, average, median of a column, perhaps for each group."""
        measure = _MEASURES[self.asked.tag(at)]
        after = self.asked.near(count[0], 1) if count else -1
        if count and after not in self._numeric_free():
            return None
        self.asked.taken |= {
            at,
            *count,
            *(n for n in self.asked.free("phrase") if self.asked.tag(n) == self.asked.tag(at)),
        }
        column = self._measure()
        name = self.asked.name(column)
        if measure == "sum" and self._not_added(column):
            self.doubts.append(f"{name} is not a column that is usually added up")
        if group >= 0 and not (measure == "mean" and not self._repeated(group)):
            return self._grouped(group, measure, column, down=None, limit=1_000)
        query = self._filters(aggregates=(Aggregate(measure, name),))
        return Reading(
            query, "value", f"{_SAID[measure]} {name}{self._where()}", measure=column, doubts=tuple(self.doubts)
        )

    def _not_added(self, column: int) -> bool:
        parts = set(re.findall(r"[^\W\d_]+", self.asked.name(column).casefold()))
        return bool(parts & NOT_ADDED) or self.sheet.columns[column].unit in ("%", "°C", "°F", "°")

    def _grouped(self, group: int, measure: Measure, column: int, *, down: bool | None, limit: int) -> Reading | None:
        if group < 0:
            return None
        name = self.asked.name(column) if column >= 0 else ""
        label = f"{measure} {name}" if name else "count"
        order = ((label, down),) if down is not None else ()
        query = self._filters(group_by=(self.asked.name(group),), aggregates=(Aggregate(measure, name),), order_by=order, limit=1_000)  # fmt: skip
        said = f"{_SAID.get(measure, 'the number of rows')} {name} for each {self.asked.name(group)}".replace("  ", " ")
        if down is not None:
            said += f", {'highest' if down else 'lowest'} first"
        return Reading(query, "extreme" if down is not None else "groups", said + self._where(), target=group,
                       measure=column, wanted=limit, doubts=tuple(self.doubts))  # fmt: skip

    def _limit(self, at: int) -> int:
        """How many are wanted: "three cheapest", "top 5"; 1 where nothing says so."""
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(self.asked.mentions) and beside not in self.asked.taken:
                one = self.asked.mentions[beside]
                if one.kind == "number" and one.value.isdigit() and 0 < int(one.value) <= 1_000:
                    self.asked.taken.add(beside)
                    return int(one.value)
        return 1

    def _extreme(self, at: int, measures: list[int], count: list[int], group: int) -> Reading | None:
        """The row, or the group, with the highest or lowest value."""
        asked, one = self.asked, self.asked.mentions[at]
        down, limit = one.tag == "MAX", self._limit(at)
        asked.taken |= {at, *measures, *count}
        measure: Measure | None = _MEASURES[asked.tag(measures[0])] if measures else None
        order = self._size(one.implied, one.tag) if one.implied else -1
        if one.implied in ("age", "date", "length", "height", "weight", "speed", "price") and order < 0:
            return None
        if order >= 0 and one.implied == "age" and asked.kind(order) == "date":
            down = not down  # the oldest has the earliest date
        if (
            order < 0
            and one.text in ("most", "least", "fewest", "meisten", "am meisten", "meiste")
            and not self._numeric_free()
        ):
            # "the most customers": rows are counted for each of a column's values.
            target = self._target()
            rows_named = self._row_nouns(at) or count
            if target < 0 or not rows_named:
                return None
            return self._grouped(target, "count", -1, down=down, limit=limit)
        if order < 0:
            order = self._by()
        if order < 0:
            order = self._dated() if not self._numeric_free() and asked.free("column") else self._measure()
        if order < 0:
            return None
        self._doubted(order)
        target = group if group >= 0 else self._target()
        if measure or group >= 0 or (target >= 0 and self._repeated(target) and self._adds(one.text, order)):
            return self._grouped(target, measure or ("max" if down else "min") if group >= 0 and not measure else measure or "sum", order, down=down, limit=limit)  # fmt: skip
        query = self._filters(order_by=((asked.name(order), down),), limit=1_000)
        said = f"the rows with {_SAID['max' if down else 'min']} {asked.name(order)}{self._where()}"
        shown = target if target >= 0 else self._entity()
        form_target = shown if target >= 0 or one.implied or limit > 1 or self._names_row() else -1
        return Reading(
            query, "extreme", said, target=form_target, measure=order, wanted=limit, doubts=tuple(self.doubts)
        )

    def _by(self) -> int:
        """The column of numbers after "by" ("top 3 customers by amount"); -1 where there is none."""
        for at in [
            at for at in self.asked.free("phrase") if self.asked.mentions[at].text in ("by", "nach", "ranked by")
        ]:
            after = self.asked.near(at, 1)
            if after in self._numeric_free():
                self.asked.taken.add(at)
                return self._measure()
        return -1

    def _row_nouns(self, after: int) -> list[int]:
        """Mentions that name the rows as such: words of the title, perhaps also a part of a header."""
        return [
            n for n, one in enumerate(self.asked.mentions)
            if n > after and n not in self.asked.taken and (one.kind == "title" or (one.kind == "column" and one.tag == "title"))
        ]  # fmt: skip

    def _names_row(self) -> bool:
        """Whether which row it is is asked, not only how much: "which…", "who…"."""
        first = self.asked.tokens[0].low if self.asked.tokens else ""
        return first in ("which", "who", "welche", "welcher", "welches", "wer")

    def _repeated(self, column: int) -> bool:
        cells = [row[column] for row in self.sheet.table.rows]
        return len(set(cells)) < len(cells)

    def _adds(self, word: str, order: int) -> bool:
        """Whether "most" asks for a sum over rows: yes for what is counted or earned, where nothing is averaged."""
        return (
            word in ("most", "least", "fewest", "top", "meiste", "meisten", "am meisten")
            and self.asked.kind(order) == "number"
        )

    def _dated(self) -> int:
        """A column of dates that is named beside "latest"; -1 where none is."""
        for at in self.asked.free("column"):
            dates = [n for n in self.asked.mentions[at].columns if self.asked.kind(n) == "date"]
            if len(dates) == 1:
                self.asked.taken.add(at)
                return dates[0]
        return -1

    def _size(self, implied: str, tag: str) -> int:
        """The column that "cheapest", "oldest" speak of; -1 where none or several fit."""
        for at in self.asked.free("column"):
            fits = [
                n
                for n in self.asked.mentions[at].columns
                if self.asked.kind(n) in ("number", "date") and self._called(n, implied)
            ]
            if len(fits) == 1:
                self.asked.taken.add(at)
                return fits[0]
        if implied == "date":
            return self.asked.only("date")
        found = self.asked.only("number", IMPLIED[implied])
        if found < 0 and implied == "age":
            return self.asked.only(
                "date", ("birth", "born", "birthday", "geburtsdatum", "geboren", "geburtstag", "dob")
            )
        return found

    def _called(self, column: int, implied: str) -> bool:
        parts = [stem(one) for one in re.split(r"[\W_]+", self.asked.name(column))]
        return self.asked.kind(column) == "date" or any(stem(one) in parts for one in IMPLIED[implied])

    def _counted(self, at: int, group: int) -> Reading | None:
        """How many rows, or how many different values of a column."""
        asked = self.asked
        distinct = self.take("DISTINCT") >= 0
        numeric = self._numeric_free()
        if numeric and not distinct and group < 0:
            column = self._measure()
            query = self._filters(aggregates=(Aggregate("sum", asked.name(column)),))
            return Reading(query, "value", f"the total of {asked.name(column)}{self._where()}", measure=column, doubts=tuple(self.doubts))  # fmt: skip
        titled = self._row_nouns(at)
        target = self._noun(at, titled)
        if target < 0 and not titled:
            return None
        if group >= 0:
            return self._grouped(group, "count", -1, down=None, limit=1_000)
        if target >= 0 and (distinct or self._repeated(target) or not titled):
            name = asked.name(target)
            query = self._filters(aggregates=(Aggregate("distinct", name),))
            return Reading(query, "count", f"the number of different values of {name}{self._where()}", target=target, doubts=tuple(self.doubts))  # fmt: skip
        if self.sheet.alike and not any(asked.mentions[n].value in ROW_WORDS for n in titled):
            self.doubts.append(f"{self.sheet.alike} rows repeat others and were counted too")
        return Reading(self._filters(aggregates=(Aggregate("count"),)), "count", f"the number of rows{self._where()}", doubts=tuple(self.doubts))  # fmt: skip

    def _noun(self, at: int, titled: list[int]) -> int:
        """The column that is counted: named right after "how many", and not just the rows' name; -1 else."""
        after = self.asked.near(at, 1)
        if self.asked.tag(after) == "DISTINCT":
            after = self.asked.near(after, 1)
        if (
            after < 0
            or self.asked.mentions[after].kind != "column"
            or after in (titled if not self._has("DISTINCT") else [])
        ):
            return -1
        before = {n for n in self.asked.free("column") if n != after}
        self.asked.taken |= before
        found = self._target()
        self.asked.taken -= before
        return found

    def _has(self, tag: str) -> bool:
        return any(one.tag == tag for one in self.asked.mentions)

    def _listed(self, group: int) -> Reading | None:
        """Cells of a column, or rows, that meet the conditions."""
        asked = self.asked
        order = self._order()
        opening = self.take("WHICH", "LIST", "WHO", "WHEN", "WHERE", "MUCH")
        tag = asked.mentions[opening].tag if opening >= 0 else ""
        if group >= 0 or (not asked.filters and not order and tag != "LIST"):
            return None
        wanted = self._wanted(tag)
        if wanted < 0 and tag not in ("LIST", "WHICH"):
            return None
        if not asked.filters and not order and wanted < 0:
            return None
        if wanted < 0 and tag == "WHICH" and not asked.free("title") and not asked.filters:
            return None
        limit = 1_000
        query = self._filters(order_by=order, limit=limit)
        if wanted >= 0:
            said = (
                f"{asked.name(wanted)} of the rows{self._where()}" if asked.filters else f"every {asked.name(wanted)}"
            )
            return Reading(
                query, "cells", said, target=wanted, wanted=0 if tag == "LIST" else 1, doubts=tuple(self.doubts)
            )
        return Reading(
            query, "rows", f"the rows{self._where()}", wanted=0, target=self._entity(), doubts=tuple(self.doubts)
        )

    def _people(self) -> int:
        """The column that names the rows, where its cells look like names of people; -1 else."""
        entity = self._entity()
        cells = [str(row[entity]) for row in self.sheet.table.rows] if entity >= 0 else []
        return (
            entity
            if cells
            and all(re.fullmatch(r"[^\W\d_][\w.'’-]* [^\W\d_][\w.'’ -]*", one) and one.istitle() for one in cells)
            else -1
        )

    def _order(self) -> tuple[tuple[str, bool], ...]:
        for at in [at for at in self.asked.free("phrase") if self.asked.tag(at) in ("ORDER_UP", "ORDER_DOWN")]:
            after = self.asked.near(at, 1)
            if (
                after >= 0
                and self.asked.mentions[after].kind == "column"
                and len(self.asked.mentions[after].columns) == 1
            ):
                self.asked.taken |= {at, after}
                return ((self.asked.name(self.asked.mentions[after].columns[0]), self.asked.tag(at) == "ORDER_DOWN"),)
        return ()

    def _wanted(self, tag: str) -> int:
        """The column whose cells are the answer: named, or the one "who", "when", "where" ask for."""
        free = self.asked.free("column")
        if free:
            at = free[0]
            columns = self.asked.mentions[at].columns
            self.asked.taken.add(at)
            self._guess(at)
            if len(columns) > 1 and self.chosen not in columns:
                raise _Undecided("column", columns)
            column = self.chosen if self.chosen in columns else columns[0]
            self._doubted(column)
            return column
        if tag == "WHEN":
            return self.asked.only("date")
        if tag == "MUCH":
            return self.asked.only("number", IMPLIED["price"])
        if tag == "WHERE":
            return self.asked.only("text", PLACES)
        if tag == "WHO":
            named = self.asked.only("text", PEOPLE)
            return named if named >= 0 else self._people()
        return -1
