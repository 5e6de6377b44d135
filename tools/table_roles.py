"""Which column of a table plays which role in a question: measured, grouped by, ordered by, shown, counted."""

from __future__ import annotations

import re

from tools.table_asked import Asked
from tools.table_words import IMPLIED, PEOPLE, PLACES, VALUE_WORDS, stem

#: The columns of dates by which an age is told.
_BIRTH = ("birth", "born", "birthday", "geburtsdatum", "geboren", "geburtstag", "dob")
_PERSON = re.compile(r"[^\W\d_][\w.'’-]* [^\W\d_][\w.'’ -]*")


class Undecided(Exception):
    """A role that several columns may fill: which is meant remains to be chosen."""

    def __init__(self, role: str, choices: tuple[int, ...]) -> None:
        super().__init__(role)
        self.role, self.choices = role, choices


class Roles:
    """Gives the mentions of a question their roles; a mention that got one is taken.

    Columns are places in the table, -1 where there is none. A role that several columns may fill raises Undecided,
    unless `chosen` is one of them. `doubts` are sentences that keep the answer from being sure, because of a column
    that got a role.
    """

    def __init__(self, asked: Asked, chosen: int = -1) -> None:
        self.asked = asked
        self.sheet = asked.sheet
        self.chosen = chosen
        self.doubts: list[str] = []

    # -- phrases -------------------------------------------------------------------------------------------

    def phrases(self, *tags: str) -> list[int]:
        """The free phrases of these tags, in the order of the question."""
        return [at for at in self.asked.free("phrase") if self.asked.tag(at) in tags]

    def take(self, *tags: str) -> int:
        """Use the phrases of these tags; where the first of them stands, -1 where there is none."""
        found = self.phrases(*tags)
        self.asked.taken |= set(found)
        return found[0] if found else -1

    def limit(self, at: int) -> int:
        """How many are wanted beside this place: "three cheapest", "top 5"; 1 where nothing says so."""
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(self.asked.mentions) and beside not in self.asked.taken:
                one = self.asked.mentions[beside]
                if one.kind == "number" and one.value.isdigit() and 0 < int(one.value) <= 1_000:
                    self.asked.taken.add(beside)
                    return int(one.value)
        return 1

    def row_nouns(self, after: int) -> list[int]:
        """Mentions that name the rows as such: words of the title, perhaps also a part of a header."""
        return [
            n for n, one in enumerate(self.asked.mentions)
            if n > after and n not in self.asked.taken and (one.kind == "title" or (one.kind == "column" and one.tag == "title"))
        ]  # fmt: skip

    # -- columns of numbers and dates ----------------------------------------------------------------------

    def numbers(self) -> list[int]:
        """Free mentions of columns that may be numbers."""
        asked = self.asked
        return [at for at in asked.free("column") if any(asked.kind(n) == "number" for n in asked.mentions[at].columns)]

    def measure(self) -> int:
        """The column of numbers that is meant: named, else the only one."""
        numeric = self.numbers()
        if not numeric:
            return self._only_measure()
        at = numeric[0]
        columns = tuple(n for n in self.asked.mentions[at].columns if self.asked.kind(n) == "number")
        self.asked.taken.add(at)
        self._doubt_mention(at)
        if len(columns) > 1:
            if self.chosen in columns:
                return self.chosen
            raise Undecided("measure", columns)
        self.doubt_column(columns[0])
        return columns[0]

    def _only_measure(self) -> int:
        only = [n for n, one in enumerate(self.sheet.columns) if one.kind == "number"]
        rest = [n for n in only if n not in self.asked.filtered] or only
        if self.chosen in rest:
            return self.chosen
        # An unread word may stand where a column would be named, and "value" may mean any column.
        vague = any(one.text.casefold() in VALUE_WORDS for one in self.asked.mentions)
        if len(rest) == 1 and not self.asked.free("unread") and not vague:
            return rest[0]
        raise Undecided("measure", tuple(rest))

    def ranked_by(self) -> int:
        """The column of numbers after "by" ("top 3 customers by amount")."""
        mentions = self.asked.mentions
        for at in [at for at in self.asked.free("phrase") if mentions[at].text in ("by", "nach", "ranked by")]:
            if self.asked.near(at, 1) in self.numbers():
                self.asked.taken.add(at)
                return self.measure()
        return -1

    def dated(self) -> int:
        """A column of dates that is named beside "latest"."""
        for at in self.asked.free("column"):
            dates = [n for n in self.asked.mentions[at].columns if self.asked.kind(n) == "date"]
            if len(dates) == 1:
                self.asked.taken.add(at)
                return dates[0]
        return -1

    def implied_by(self, size: str) -> int:
        """The column that "cheapest" (price), "oldest" (age) speak of; -1 also where several fit."""
        for at in self.asked.free("column"):
            fits = [n for n in self.asked.mentions[at].columns if self._tells(n, size)]
            if len(fits) == 1:
                self.asked.taken.add(at)
                return fits[0]
        if size == "date":
            return self.asked.only("date")
        found = self.asked.only("number", IMPLIED[size])
        return self.asked.only("date", _BIRTH) if found < 0 and size == "age" else found

    def _tells(self, column: int, size: str) -> bool:
        """Whether a column may tell this size: dates any, numbers by their name."""
        parts = [stem(one) for one in re.split(r"[\W_]+", self.asked.name(column))]
        kind = self.asked.kind(column)
        return kind == "date" or (kind == "number" and any(stem(one) in parts for one in IMPLIED[size]))

    def order(self) -> tuple[tuple[str, bool], ...]:
        """The column after "sorted by", with whether it goes down, as a query's `order_by`; empty where none is."""
        for at in self.phrases("ORDER_UP", "ORDER_DOWN"):
            after = self.asked.near(at, 1)
            if after < 0 or self.asked.mentions[after].kind != "column":
                continue
            columns = self.asked.mentions[after].columns
            if len(columns) == 1:
                self.asked.taken |= {at, after}
                return ((self.asked.name(columns[0]), self.asked.tag(at) == "ORDER_DOWN"),)
        return ()

    # -- columns of names ----------------------------------------------------------------------------------

    def group(self) -> int:
        """The column after "per", "by", "for each"."""
        for at in self.phrases("GROUP"):
            after = self.asked.near(at, 1)
            if after < 0 or self.asked.mentions[after].kind != "column" or after in self.asked.taken:
                continue
            columns = [one for one in self.asked.mentions[after].columns if self.asked.kind(one) != "number"]
            if len(columns) == 1:
                self.asked.taken |= {at, after}
                return columns[0]
        return -1

    def target(self) -> int:
        """The column of names that is asked for."""
        for at in self.asked.free("column"):
            columns = [n for n in self.asked.mentions[at].columns if self.asked.kind(n) != "number"]
            if len(columns) > 1 and self.chosen not in columns:
                raise Undecided("column", tuple(columns))
            if columns:
                self.asked.taken.add(at)
                self._doubt_mention(at)
                return self.chosen if self.chosen in columns else columns[0]
        return -1

    def counted(self, at: int, titled: list[int]) -> int:
        """The column that is counted: named right after "how many" at this place, and not just the rows' name."""
        after = self.asked.near(at, 1)
        if self.asked.tag(after) == "DISTINCT":
            after = self.asked.near(after, 1)
        distinct = any(one.tag == "DISTINCT" for one in self.asked.mentions)
        if after < 0 or self.asked.mentions[after].kind != "column" or (after in titled and not distinct):
            return -1
        # Only the column at that place is looked at, whatever else is named.
        others = {n for n in self.asked.free("column") if n != after}
        self.asked.taken |= others
        found = self.target()
        self.asked.taken -= others
        return found

    def shown(self, tag: str) -> int:
        """The column whose cells are the answer: named, or the one "who", "when", "where" ask for."""
        free = self.asked.free("column")
        if free:
            return self._named(free[0])
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

    def _named(self, at: int) -> int:
        columns = self.asked.mentions[at].columns
        self.asked.taken.add(at)
        self._doubt_mention(at)
        if len(columns) > 1 and self.chosen not in columns:
            raise Undecided("column", columns)
        column = self.chosen if self.chosen in columns else columns[0]
        self.doubt_column(column)
        return column

    def _people(self) -> int:
        """The column that names the rows, where its cells look like names of people."""
        entity = self.entity()
        cells = [str(row[entity]) for row in self.sheet.table.rows] if entity >= 0 else []
        return entity if cells and all(_PERSON.fullmatch(one) and one.istitle() for one in cells) else -1

    def entity(self) -> int:
        """The column that names the rows: the first of texts without repetitions."""
        for place, column in enumerate(self.sheet.columns):
            cells = [row[place] for row in self.sheet.table.rows if row[place]]
            if column.kind == "text" and cells and len(set(cells)) == len(self.sheet.table.rows):
                return place
        return -1

    def repeats(self, column: int) -> bool:
        """Whether a value stands in more than one row of the column."""
        cells = [row[column] for row in self.sheet.table.rows]
        return len(set(cells)) < len(cells)

    # -- doubts --------------------------------------------------------------------------------------------

    def _doubt_mention(self, at: int) -> None:
        if not self.asked.mentions[at].exact:
            self.doubts.append(self.asked.mentions[at].note)

    def doubt_column(self, column: int) -> None:
        """Keep the doubt of a column whose cells code could not read for sure."""
        if doubt := self.sheet.columns[column].doubt:
            self.doubts.append(f"{self.asked.name(column)}: {doubt}")
