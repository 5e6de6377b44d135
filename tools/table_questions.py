"""A question about one table, read by code as a small typed query: StructGPT without a model (paper.md 2.10).

Columns are found by their headers, conditions by cell values that stand in the question, what is wanted by a few plain
words (how many, total, average, highest, list, by). A question is read only when every word of substance was used:
what was not understood is no silent condition less. What this does not do: joins, and conditions said in other words
than the table's ("the cheap ones").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tools.table_queries import Aggregate, Comparison, Filter, Measure, Query
from tools.tables import Table, typed

#: Rows that are listed; a group or "top five" may ask for fewer.
LISTED = 20
_STOP = frozenset(
    "a an the of in on at for from to with by and or is are was were be been do does did has have had there what which who whom whose where "
    "when how it its their his her this that these those all any each every me my i you your we our please show give tell find get list name "
    "table sheet file document row rows entry entries record records line lines column value values data one ones whose much many per only "
    "der die das den dem des ein eine einen einer im in am von mit und oder ist sind war waren hat haben gibt es welche welcher welches wer was wie "
    "viele viel zeige nenne liste alle pro je für aus zum zur tabelle datei zeile zeilen spalte wert".split()
)
_MEASURES: tuple[tuple[str, Measure], ...] = (
    (r"\b(?:how many|number of|count of|count|wie viele|anzahl)\b", "count"),
    (r"\b(?:average|mean|durchschnittliche[rsn]?|durchschnitt|mittelwert|im schnitt)\b", "mean"),
    (r"\b(?:median)\b", "median"),
    (r"\b(?:total|sum|altogether|in all|overall|combined|summe|insgesamt|gesamt\w*)\b", "sum"),
)
_MOST = r"(?:highest|largest|biggest|greatest|most|maximum|max|longest|heaviest|oldest|latest|newest|best|top|höchste[nrs]?|größte[nrs]?|meisten?|teuerste[nrs]?|längste[nrs]?|maximale?[nrs]?|neueste[nrs]?)"
_LEAST = r"(?:lowest|smallest|fewest|least|minimum|min|shortest|lightest|youngest|earliest|cheapest|niedrigste[nrs]?|kleinste[nrs]?|wenigsten?|günstigste[nrs]?|billigste[nrs]?|kürzeste[nrs]?|minimale?[nrs]?|älteste[nrs]?)"
_DEAR = re.compile(
    r"\b(?:most expensive|priciest|dearest|teuerste[nrs]?)\b|\b(?:cheapest|least expensive|günstigste[nrs]?|billigste[nrs]?)\b",
    re.I,
)
_ENDS = re.compile(rf"\b(?:(?P<most>{_MOST})|(?P<least>{_LEAST}))\b", re.I)
_NUMBER = r"(?P<n>-?[$€£]?\d[\d.,]*%?)"
_COMPARED: tuple[tuple[str, Comparison], ...] = (
    (rf"\b(?:at least|not less than|no less than|mindestens) {_NUMBER}", ">="),
    (rf"\b(?:at most|not more than|no more than|up to|höchstens|bis zu) {_NUMBER}", "<="),
    (rf"\b(?:more|greater|higher|larger|bigger|older|longer|mehr|größer|höher|älter) (?:than|as|als) {_NUMBER}|\b(?:over|above|exceeding|über) {_NUMBER.replace('<n>', '<m>')}", ">"),
    (rf"\b(?:less|fewer|lower|smaller|cheaper|younger|shorter|weniger|kleiner|niedriger|jünger) (?:than|as|als) {_NUMBER}|\b(?:under|below|unter) {_NUMBER.replace('<n>', '<m>')}", "<"),
)  # fmt: skip
_GROUP = re.compile(
    r"\b(?:by|per|for each|for every|grouped by|in each|pro|je|nach)\s+(?:the\s+)?([\w %/-]{2,40})", re.I
)
_TOP = re.compile(r"\b(?P<n>\d{1,2}|two|three|four|five|six|ten|zwei|drei|vier|fünf|zehn)\b", re.I)
_WORD_NUMBERS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "ten": 10,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "zehn": 10,
}
_PRICE = re.compile(r"price|cost|amount|preis|kosten", re.I)
_COSTS = ("cost", "kostet", "kosten")
_MADE_OF_DATES = (" (month)", " (year)")
_MONTHS = "january february march april may june july august september october november december".split()
_DATE = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d{2})(?:-\d{2})?|\d{1,2}\.(?P<m2>\d{1,2})\.(?P<y2>\d{4})|(?P<m3>\d{1,2})/\d{1,2}/(?P<y3>\d{4}))(?:[ T].*)?"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question asks of a table: the query, the table it is asked of (with columns made of dates), in words."""

    table: Table
    query: Query
    words: str
    #: The column whose cells are the answer, where rows are chosen; empty for a measure.
    wanted: str = ""


@dataclass(slots=True)
class _State:
    """A question while it is read: what is left of it, and what was understood."""

    left: str
    table: Table
    filters: list[Filter] = field(default_factory=list)
    columns: list[tuple[int, str]] = field(default_factory=list)
    #: "The most units": what is wanted has several rows, which are added up; "the highest price" is one row's.
    adds: bool = False

    def take(self, match: re.Match[str]) -> None:
        """Blank out what was understood; places stay as they were."""
        self.left = self.left[: match.start()] + " " * (match.end() - match.start()) + self.left[match.end() :]


def read_question(
    question: str, names: Sequence[str], rows: Sequence[Sequence[str]], about: str = ""
) -> Reading | None:
    """Return the query a question is, or None when code does not surely read it whole.

    Args:
        names, rows: the table as texts.
        about: title and heading of the table; their words in the question say nothing new.

    Raises:
        ToolError: the table is too large (tools/tables.py).
    """
    table = _with_dates(typed([list(names), *map(list, rows)]))
    state = _State(" ".join(question.split()).rstrip("?!. "), table)
    measure = _measure(state)
    compared = _compare(state)  # before the ends: "at most 27" asks for no row with the most
    ends = _end(state)
    _values(state)
    groups = _groups(state) if measure or ends is None else ()
    _columns(state)
    if _unread(state, about, measure is not None):
        return None
    if not _conditions(state, compared):
        return None
    return _reading(state, measure, ends, groups)


# -- what is wanted ------------------------------------------------------------------------------------------------


def _measure(state: _State) -> Measure | None:
    for pattern, measure in _MEASURES:
        match = re.search(pattern, state.left, re.I)
        if match:
            state.take(match)
            return measure
    return None


def _end(state: _State) -> tuple[bool, int] | None:
    """(largest first, how many rows) of "the three cheapest"; None when no end is asked for."""
    dear = _DEAR.search(state.left)
    match = dear or _ENDS.search(state.left)
    if match is None:
        return None
    down = bool(re.match(r"most|pric|dear|teuer", match.group(), re.I)) if dear else bool(match["most"])
    state.take(match)
    number = _TOP.search(state.left[max(0, match.start() - 12) : match.end() + 8])
    count = 1
    if number:
        count = _WORD_NUMBERS.get(number["n"].lower(), 0) or int(number["n"])
        state.left = re.sub(rf"\b{re.escape(number['n'])}\b", lambda one: " " * len(one.group()), state.left, count=1)
    if dear:
        priced = [name for name in state.table.names if _PRICE.search(name)]
        if len(priced) != 1:
            return None
        state.columns.append((match.start(), priced[0]))
    state.adds = bool(re.fullmatch(r"most|fewest|least|meisten?|wenigsten?", match.group(), re.I))
    return down, max(1, min(count, LISTED))


def _compare(state: _State) -> list[tuple[int, Comparison, str]]:
    found = []
    for pattern, comparison in _COMPARED:
        while match := re.search(pattern, state.left, re.I):
            groups = match.groupdict()
            found.append((match.start(), comparison, (groups.get("n") or groups.get("m") or "").rstrip(".,")))
            state.take(match)
    return found


def _values(state: _State) -> None:
    """Cell values that stand in the question become conditions; the longest first, numbers only beside their column."""
    seen: dict[str, set[int]] = {}
    for at, kind in enumerate(state.table.kinds):
        for row in state.table.rows:
            cell = row[at]
            if isinstance(cell, str) and kind == "text" and 1 < len(cell) <= 60 and cell.casefold() not in _STOP:
                seen.setdefault(cell, set()).add(at)
    headers = {word for name in state.table.names for word in _stems(name)}
    for value in sorted(seen, key=len, reverse=True):
        match = re.search(rf"(?<!\w){re.escape(value)}(?:'s|’s|s)?(?!\w)", state.left, re.I)
        if match and len(seen[value]) == 1 and not (set(_stems(value)) <= headers):
            state.take(match)
            state.filters.append(Filter(state.table.names[next(iter(seen[value]))], "=", value))


def _groups(state: _State) -> tuple[str, ...]:
    match = _GROUP.search(state.left)
    if match is None:
        return ()
    for words in range(4, 0, -1):
        piece = " ".join(match.group(1).split()[:words])
        name = _column(state.table, piece)
        if name:
            state.left = (
                state.left[: match.start()]
                + re.sub(re.escape(piece), "", match.group(), count=1).split()[0]
                + state.left[match.end() :]
            )
            return (name,)
    return ()


def _columns(state: _State) -> None:
    """Headers that the question says, with their places; longer headers first, then words of one header alone."""
    made = [name for name in state.table.names if name.endswith(_MADE_OF_DATES)]
    names = [name for name in state.table.names if name not in made]
    for name in sorted(names, key=len, reverse=True):
        _say(state, name, _stems(name))
    owners: dict[str, set[str]] = {}
    for name in names:
        for word in {*_stems(name), *(_COSTS if _PRICE.search(name) else ())}:
            owners.setdefault(word, set()).add(name)
    for word, having in owners.items():
        if len(having) == 1 and len(word) > 2 and word not in _STOP:
            _say(state, next(iter(having)), [word])


def _say(state: _State, name: str, wanted: Sequence[str]) -> None:
    """Take the words of a header out of the question, wherever they stand."""
    for match in re.finditer(r"[\w%€$#-]+", state.left):
        words = list(re.finditer(r"[\w%€$#-]+", state.left[match.start() :]))[: len(wanted)]
        if wanted and [_stem(word.group()) for word in words] == list(wanted):
            start, end = match.start(), match.start() + words[-1].end()
            if name not in {one for _, one in state.columns}:
                state.columns.append((start, name))
            state.left = state.left[:start] + " " * (end - start) + state.left[end:]
            return


def _unread(state: _State, about: str, counted: bool) -> list[str]:
    """Words of substance that nothing above understood."""
    known = {_stem(word) for word in re.findall(r"\w+", about)}
    left = [word for word in re.findall(r"[\w%€$-]+", state.left) if word.casefold() not in _STOP]
    return [word for word in left if _stem(word) not in known and len(word) > 1]


def _conditions(state: _State, compared: Sequence[tuple[int, Comparison, str]]) -> bool:
    """Give each "more than N" its column: the one named nearest to it, else the only column of numbers."""
    numbers = [name for name, kind in zip(state.table.names, state.table.kinds) if kind == "number"]
    for place, comparison, value in compared:
        named = [(abs(at - place), name) for at, name in state.columns if name in numbers]
        if not named and len(numbers) != 1:
            return False
        column = min(named)[1] if named else numbers[0]
        plain = re.sub(
            r"[^\d.\-]", "", value.replace(",", "") if re.search(r",\d{3}\b", value) else value.replace(",", ".")
        )
        state.filters.append(Filter(column, comparison, float(plain) if "." in plain else int(plain)))
        state.columns = [one for one in state.columns if not (named and one[1] == column)] or state.columns
    return True


# -- the query ---------------------------------------------------------------------------------------------------


def _reading(
    state: _State, measure: Measure | None, end: tuple[bool, int] | None, groups: tuple[str, ...]
) -> Reading | None:
    table, filters = state.table, tuple(state.filters)
    named = [name for _, name in sorted(state.columns) if name not in groups]
    numbers = [name for name in named if table.kinds[table.names.index(name)] == "number"]
    if measure == "count" and end is None and len(numbers) == 1:
        measure = "sum"  # "how many units were sold" counts what the column counts, not rows
    if measure == "count" and end is None:
        query = Query(filters=filters, group_by=groups, aggregates=(Aggregate("count"),))
        return Reading(table, query, _said(query, "the number of rows"))
    if measure and end is None:
        if len(numbers) != 1:
            return None
        query = Query(filters=filters, group_by=groups, aggregates=(Aggregate(measure, numbers[0]),))
        return Reading(table, query, _said(query, f"the {_NAMES[measure]} of {numbers[0]}"))
    if end is not None:
        if len(numbers) != 1 or measure not in (None, "sum", "count") or groups:
            return None
        down, count = end
        others = [name for name in named if name != numbers[0]]
        wanted = others[0] if others else numbers[0] if not _asks_for_row(state) else _key(table)
        cells = [row[table.names.index(wanted)] for row in table.rows]
        if wanted != numbers[0] and len(set(cells)) < len(cells) and (state.adds or measure):
            added = Aggregate("sum", numbers[0])
            query = Query(
                filters=filters,
                group_by=(wanted,),
                aggregates=(added,),
                order_by=((f"sum {numbers[0]}", down),),
                limit=count,
            )
            return Reading(
                table, query, _said(query, f"the {'highest' if down else 'lowest'} sum of {numbers[0]}"), wanted
            )
        filled = [row[table.names.index(numbers[0])] for row in table.rows]
        lowest = min((one for one in filled if isinstance(one, int | float)), default=0)
        # An empty cell is neither the lowest nor the highest.
        some = (*filters, Filter(numbers[0], ">=", lowest))
        query = Query(filters=some, order_by=((numbers[0], down),), limit=count)
        return Reading(
            table,
            query,
            _said(replace(query, filters=filters), f"the row with the {'highest' if down else 'lowest'} {numbers[0]}"),
            wanted,
        )
    if (
        not filters
        or not named
        and not re.search(r"\b(?:list|show|which|who|what|zeige|liste|welche|wer)\b", state.left, re.I)
    ):
        return None
    query = Query(filters=filters, limit=LISTED)
    if named:
        return Reading(table, query, _said(query, ", ".join(named)), named[0])
    return Reading(table, query, _said(query, "the rows"), _key(table)) if _asks_for_row(state) else None


_NAMES = {
    "sum": "sum",
    "mean": "average",
    "median": "median",
    "count": "number",
    "min": "lowest value",
    "max": "highest value",
}


def _asks_for_row(state: _State) -> bool:
    return bool(re.search(r"\b(?:which|who|what|list|show|name|welche[rs]?|wer|nenne|zeige|liste)\b", state.left, re.I))


def _key(table: Table) -> str:
    """The column that names a row: the first one of texts that are all different, else the first."""
    for at, (name, kind) in enumerate(zip(table.names, table.kinds)):
        cells = [row[at] for row in table.rows]
        if kind == "text" and "(" not in name and None not in cells and len(set(cells)) == len(cells):
            return name
    return table.names[0]


def _said(query: Query, what: str) -> str:
    where = " and ".join(f"{one.column} {one.comparison} {one.value}" for one in query.filters)
    by = f", for each {query.group_by[0]}" if query.group_by else ""
    return f"{what}{f' where {where}' if where else ''}{by}"


# -- words ---------------------------------------------------------------------------------------------------------


def _stem(word: str) -> str:
    low = word.casefold()
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    return low[:-1] if len(low) > 3 and low.endswith("s") and not low.endswith("ss") else low


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in re.findall(r"[\w%€$#-]+", re.sub(r"\([^)]*\)", " ", text.replace("_", " ")))]


def _column(table: Table, words: str) -> str:
    wanted = _stems(words)
    return next((name for name in table.names if wanted and _stems(name) == wanted), "")


def _with_dates(table: Table) -> Table:
    """Columns of dates get a month and a year beside them, so that "in March" is a condition like any other."""
    names, kinds, columns = (
        list(table.names),
        list(table.kinds),
        [[row[at] for row in table.rows] for at in range(len(table.names))],
    )
    for at, name in enumerate(table.names):
        dates = [_DATE.fullmatch(cell) if isinstance(cell, str) else None for cell in columns[at]]
        if not any(dates) or any(cell is not None and date is None for cell, date in zip(columns[at], dates)):
            continue
        parts = [(_month(date), date["y"] or date["y2"] or date["y3"]) if date else (None, None) for date in dates]
        names += [f"{name} (month)", f"{name} (year)"]
        kinds += ["text", "text"]
        columns += [[one[0] for one in parts], [one[1] for one in parts]]
    return replace(table, names=tuple(names), kinds=tuple(kinds), rows=tuple(zip(*columns)))


def _month(date: re.Match[str]) -> str | None:
    number = int(date["m"] or date["m2"] or date["m3"])
    return _MONTHS[number - 1].capitalize() if 1 <= number <= 12 else None
