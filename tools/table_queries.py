"""Small typed queries over a table, run by SQLite on a copy in memory that can only be read.

StructGPT's way: extract from the structure first, then answer from the few rows. A query is a value, never SQL: column
names become c0, c1, …, values are bound, the authorizer allows reading alone, and a clock ends what takes long.
What this does not do: joins of several tables.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tools.errors import ToolError
from tools.tables import Cell, Table, column_of

Comparison = Literal["=", "!=", "<", "<=", ">", ">=", "contains", "starts with", "in", "in month", "empty"]
Measure = Literal["count", "sum", "mean", "min", "max", "median", "distinct"]
COMPARISONS: tuple[Comparison, ...] = (
    "=", "!=", "<", "<=", ">", ">=", "contains", "starts with", "in", "in month", "empty",
)  # fmt: skip
MEASURES: tuple[Measure, ...] = ("count", "sum", "mean", "min", "max", "median", "distinct")
_SECONDS = 0.4  # of processor time
_FUNCTIONS = {"folded", "exact_sum", "exact_mean", "median", "count", "min", "max", "instr", "substr", "length"}


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a column; `value` is a tuple of texts for `in` only. Texts are compared without case.

    "in month" holds for ISO dates of a month such as "03" in any year; "empty" takes no value.
    """

    column: str
    comparison: Comparison
    value: Cell | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One measure over a column; `column` may be empty for count."""

    measure: Measure
    column: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a table; empty `select` without `aggregates` means all columns.

    `order_by` holds (column or name of an aggregate such as "sum price", descending) pairs.
    """

    select: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    group_by: tuple[str, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    order_by: tuple[tuple[str, bool], ...] = ()
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Found:
    """The answer's columns and rows, how many rows of the table met the filters, and whether the limit cut it."""

    names: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    matched: int
    cut: bool


def run_query(table: Table, query: Query) -> Found:
    """Answer a query over a table.

    Raises:
        ToolError: a column is unknown (the nearest is named), a comparison does not fit, or it takes over 0.4 s of processor time.
    """
    if not 1 <= query.limit <= 1_000:
        raise ToolError(f"limit is {query.limit!r}; give 1 to 1,000.")
    where, values = _where(table, query.filters)
    names, columns = _columns(table, query)
    order = ", ".join(f"{columns[names.index(one)] if one in names else _cell_of(table, one)} {'DESC' if down else 'ASC'}"
                      for one, down in _order(table, query, names))  # fmt: skip
    statement = f"SELECT {', '.join(columns)} FROM t{where}"
    if query.group_by:
        statement += " GROUP BY " + ", ".join(_cell_of(table, one) for one in query.group_by)
    statement += f" ORDER BY {order}" if order else ""
    connection = _loaded(table)
    try:
        rows = connection.execute(statement + " LIMIT ?", (*values, query.limit + 1)).fetchall()
        matched = connection.execute(f"SELECT count(*) FROM t{where}", values).fetchone()[0]
    except sqlite3.OperationalError as error:
        raise ToolError(f"The query was stopped ({error}); ask for fewer columns or rows.") from None
    except OverflowError:
        raise ToolError("A value is too large for a table; give at most 18 digits.") from None
    finally:
        connection.close()
    return Found(names, tuple(tuple(row) for row in rows[: query.limit]), matched, len(rows) > query.limit)


def column_named(table: Table, name: str) -> int:
    """Return the place of a column, whatever the case.

    Raises:
        ToolError: there is none of this name; the columns are listed.
    """
    wanted = " ".join(name.casefold().split())
    folded = [" ".join(one.casefold().split()) for one in table.names]
    if wanted in folded:
        return folded.index(wanted)
    near = [at for at, one in enumerate(folded) if wanted and (wanted in one or one in wanted)]
    if len(near) == 1:
        return near[0]
    raise ToolError(f"There is no column {name[:60]!r}; the columns are {', '.join(table.names[:30])}.")


def _cell_of(table: Table, name: str) -> str:
    return f"c{column_named(table, name)}"


def _order(table: Table, query: Query, names: Sequence[str]) -> list[tuple[str, bool]]:
    found = []
    for name, down in query.order_by:
        found.append((next((one for one in names if one.casefold() == name.casefold()), name), down))
        if found[-1][0] not in names and (query.group_by or query.aggregates):
            raise ToolError(f"Groups cannot be ordered by {name!r}; order by one of {', '.join(names)}.")
    return found


def _columns(table: Table, query: Query) -> tuple[tuple[str, ...], list[str]]:
    """Names and SQL of the answer's columns; SQL is made of c0, c1, … and our own functions only."""
    plain = query.group_by if query.aggregates or query.group_by else query.select or table.names
    names = [table.names[column_named(table, one)] for one in plain]
    columns = [_cell_of(table, one) for one in plain]
    for one in query.aggregates or ((Aggregate("count"),) if query.group_by else ()):
        if one.measure not in MEASURES:
            raise ToolError(f"{one.measure!r} is no measure; use {', '.join(MEASURES)}.")
        if not one.column and one.measure != "count":
            raise ToolError(f"{one.measure} needs a column, such as {one.measure} {table.names[0]}.")
        place = column_named(table, one.column) if one.column else -1
        if one.measure in ("sum", "mean", "median") and table.kinds[place] != "number":
            raise ToolError(
                f"{table.names[place]!r} holds text, of which no {one.measure} exists; choose a number column."
            )
        names.append(f"{one.measure} {table.names[place]}" if one.column else "count")
        function = {"sum": "exact_sum", "mean": "exact_mean", "distinct": "count"}.get(one.measure, one.measure)
        cell = f"DISTINCT folded(c{place})" if one.measure == "distinct" else f"c{place}"
        columns.append(f"{function}({cell})" if one.column else "count(*)")
    return tuple(names), columns


def _where(table: Table, filters: Sequence[Filter]) -> tuple[str, list[Cell]]:
    parts: list[str] = []
    values: list[Cell] = []
    for one in filters:
        place = column_named(table, one.column)
        if one.comparison not in COMPARISONS:
            raise ToolError(f"{one.comparison!r} is no comparison; use {', '.join(COMPARISONS)}.")
        several = one.value if isinstance(one.value, tuple) else (one.value,)
        if len(several) > 500:
            raise ToolError(f"A filter holds {len(several):,} values, at most 500 are taken.")
        numeric = table.kinds[place] == "number" and one.comparison not in ("contains", "starts with", "empty")
        bound = [_as_number(item, table.names[place]) if numeric else _folded(item) for item in several]
        cell = f"c{place}" if numeric else f"folded(c{place})"
        marks = ", ".join("?" * len(bound))
        parts.append({
            "empty": f"c{place} IS NULL",
            "in month": f"substr({cell}, 6, 2) = {marks}",
            "contains": f"instr({cell}, {marks}) > 0",
            "starts with": f"substr({cell}, 1, length({marks})) = {marks}",
            "in": f"{cell} IN ({marks})",
        }.get(one.comparison, f"{cell} {one.comparison} {marks}"))  # fmt: skip
        values += bound * {"starts with": 2, "empty": 0}.get(one.comparison, 1)
    return (" WHERE " + " AND ".join(parts) if parts else ""), values


def _as_number(value: Cell | str, name: str) -> Cell:
    if isinstance(value, int | float):
        return value
    kind, cells, _ = column_of([value.strip()]) if isinstance(value, str) else ("text", [None], "")
    if kind != "number":
        raise ToolError(f"{name!r} holds numbers, {value!r} is none; compare it with a number.")
    return cells[0]


def _folded(value: object) -> str | None:
    return None if value is None else str(value).casefold().encode("utf-8", "replace").decode()


class _Sum:
    """Sums decimals exactly: 0.1 + 0.2 is 0.3."""

    def __init__(self) -> None:
        self.total, self.count = Fraction(0), 0

    def step(self, value: Cell) -> None:
        if value is not None:
            self.total += Fraction(str(value))
            self.count += 1

    def finalize(self) -> Cell:
        return _plain(self.total)


class _Mean(_Sum):
    """The exact mean of the filled cells."""

    def finalize(self) -> Cell:
        return _plain(self.total / self.count) if self.count else None


class _Median:
    """The middle of the filled cells."""

    def __init__(self) -> None:
        self.values: list[Fraction] = []

    def step(self, value: Cell) -> None:
        if value is not None:
            self.values.append(Fraction(str(value)))

    def finalize(self) -> Cell:
        ordered, half = sorted(self.values), len(self.values) // 2
        if not ordered:
            return None
        return _plain(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def _plain(value: Fraction) -> int | float:
    whole = value.denominator == 1 and abs(value.numerator) < 2**63
    return value.numerator if whole else float(value)


def _loaded(table: Table) -> sqlite3.Connection:
    """Put the table into a fresh database in memory, then allow nothing but reading it, for a short time."""
    connection = sqlite3.connect(":memory:")
    columns = ", ".join(f"c{at}" for at in range(len(table.names)))
    connection.execute(f"CREATE TABLE t ({columns})")
    connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(table.names))})", _storable(table.rows))
    connection.create_function("folded", 1, _folded, deterministic=True)
    connection.create_aggregate("exact_sum", 1, _Sum)  # type: ignore[arg-type]  # the stubs know int only
    connection.create_aggregate("exact_mean", 1, _Mean)  # type: ignore[arg-type]  # the stubs know int only
    connection.create_aggregate("median", 1, _Median)  # type: ignore[arg-type]  # the stubs know int only
    connection.execute("PRAGMA query_only = 1")
    connection.set_authorizer(authorize)
    until = time.thread_time() + _SECONDS  # of this thread alone: a busy machine makes no query too big
    connection.set_progress_handler(lambda: int(time.thread_time() > until), 5_000)
    return connection


def _storable(rows: Iterable[tuple[Cell, ...]]) -> Iterable[tuple[Cell, ...]]:
    # Half characters (lone surrogates) cannot be stored; they are shown as the replacement sign.
    for row in rows:
        yield tuple(one.encode("utf-8", "replace").decode() if isinstance(one, str) else one for one in row)


def authorize(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    """Say to SQLite what a statement may do: read the one table, call the few functions."""
    if action == sqlite3.SQLITE_SELECT or (action == sqlite3.SQLITE_READ and first == "t"):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FUNCTIONS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
