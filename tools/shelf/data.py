"""Structured data that is given as text: a table queried, a JSON document followed along a path."""

from __future__ import annotations

import json
import re

from tools.errors import ToolError
from tools.json_path import find_places, read_json
from tools.shelf.values import JSON, Answer, several, shown, string, strings, whole
from tools.table_queries import COMPARISONS, MEASURES, Aggregate, Comparison, Filter, Query, column_named, run_query
from tools.tables import Table, read_table

_SIGNS = {"==": "=", "is": "=", "equals": "=", "≥": ">=", "≤": "<=", "≠": "!=", "<>": "!="}
_CONDITION = re.compile(r"(<=|>=|!=|<>|==|=|<|>|≥|≤|≠| contains | starts with | in | is | equals )", re.IGNORECASE)
_MEASURE = re.compile(
    r"(count|sum|mean|average|min|max|median|total)(?:\s*\(\s*|\s+of\s+|\s+|$)([^()]{0,200})\)?", re.IGNORECASE
)


def query_table(
    table: str,
    select: list[str] | None = None,
    where: list[str] | None = None,
    group_by: list[str] | None = None,
    measures: list[str] | None = None,
    order_by: str = "",
    descending: bool = False,
    limit: int = 100,
) -> Answer:
    """Answer a question over a table given as CSV, TSV or Markdown: filter, sort, sum, average, count, group rows.

    Use when: rows of a table must be chosen, added up, averaged, ranked or counted by group.
    Not for: a plain list of numbers (summarize_numbers), JSON (query_json).

    Args:
        table: the table's text with its header line.
        select: columns wanted; all if left out.
        where: conditions that must all hold, such as "price > 10", "city = Oslo", "name contains an".
        group_by: columns to group by.
        measures: such as "sum price", "mean(age)", "count".
        order_by: column or measure to sort by.
        descending: greatest first.
        limit: most rows of the answer, up to 1,000.

    Examples:
        - Which product in this table sold best?
        - Add up the amounts in the CSV by month.
        - How many rows of the table have a price above 20?
    """
    read = read_table(string(table, "table", 2_000_000, empty=False))
    query = Query(
        select=tuple(strings(select or [], "select", 0, 100)),
        filters=tuple(_filter(one, read) for one in strings(where or [], "where", 0, 20)),
        group_by=tuple(strings(group_by or [], "group_by", 0, 10)),
        aggregates=tuple(_measure(one) for one in strings(measures or [], "measures", 0, 20)),
        order_by=((string(order_by, "order_by", 300), descending),) if order_by else (),
        limit=whole(limit, "limit", 1, 1_000),
    )
    found = run_query(read, query)
    lines = [
        "; ".join(f"{name}: {'' if cell is None else cell}" for name, cell in zip(found.names, row))
        for row in found.rows[:20]
    ]
    text = "\n".join(lines) or "no row meets the conditions"
    notes = [*read.notes, *([f"only the first {limit} rows are shown"] if found.cut else [])]
    value: JSON = [dict(zip(found.names, row)) for row in found.rows]
    source = f"from {several(found.matched, 'row')} of the given table of {len(read.rows):,}"
    return Answer(value, text, source, tuple(notes))


def _filter(text: str, table: Table) -> Filter:
    """Read "column comparison value"; the column is the longest name before a comparison."""
    for match in _CONDITION.finditer(text):
        name, value = text[: match.start()].strip(), text[match.end() :].strip()
        word = match[1].strip().lower()
        sign = next((one for one in COMPARISONS if one == _SIGNS.get(word, word)), None)
        if not name or sign is None:
            continue
        column = table.names[column_named(table, name.strip("\"'`"))]
        return Filter(column, sign, _value(value, sign))
    raise ToolError(f"{shown(text)} is no condition; write it as column, comparison, value, such as 'price > 10'.")


def _value(text: str, sign: Comparison) -> str | tuple[str, ...]:
    if sign == "in":
        return tuple(one.strip().strip("\"'") for one in text.strip("()[]").split(","))
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _measure(text: str) -> Aggregate:
    match = _MEASURE.fullmatch(text.strip())
    if match is None:
        raise ToolError(f"{shown(text)} is no measure; use {', '.join(MEASURES)} and a column, such as 'sum price'.")
    word = {"average": "mean", "total": "sum"}.get(match[1].lower(), match[1].lower())
    measure = next(one for one in MEASURES if one == word)
    column = match[2].strip()
    return Aggregate(measure, "" if column in ("*", "rows") else column)


def query_json(document: str, path: str) -> Answer:
    """Look up values in a JSON document by a path.

    Use when: JSON text is given and one field, an element of a list, or all fields of a name are wanted.
    Not for: tables in CSV or Markdown (query_table).

    Args:
        document: the JSON text.
        path: such as $.user.name, $.items[0], $.items[*].price, $..id, $.items[?price < 10].

    Examples:
        - What is the user's e-mail in this JSON?
        - List the price of every item in the JSON below.
    """
    places = find_places(
        read_json(string(document, "document", 2_000_000, empty=False)), string(path, "path", 500, empty=False)
    )
    values = [one.value for one in places]
    text = ", ".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in values[:100])
    steps = tuple(one.path for one in places[:20])
    source = f"read at {several(len(places), 'place')} of the given JSON"
    return Answer(values[0] if len(values) == 1 else values, text[:10_000], source, steps)
