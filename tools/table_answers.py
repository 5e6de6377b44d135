"""Answer a reading of a question over a table: run it, count it a second time by hand, say it with the rows used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tools.errors import ToolError
from tools.table_columns import Sheet
from tools.table_queries import Filter, Found, Query, run_query
from tools.table_reading import Reading
from tools.tables import Cell

SHOWN = 50
_MONEY = frozenset("$ £ € EUR USD GBP CHF".split())


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """An answer: `short` alone, `text` as Markdown, the numbers of the rows used (among those given), what holds
    against it (empty: nothing), in words what was asked, and what is worth knowing beside it (`notes`)."""

    short: str
    text: str
    rows: tuple[int, ...]
    doubts: tuple[str, ...]
    said: str
    notes: tuple[str, ...] = ()


def answer_reading(reading: Reading, sheet: Sheet) -> TableAnswer:
    """Run a reading. Raises ToolError where the query cannot be run."""
    used = _used(sheet, reading.query.filters)
    doubts, notes = [*reading.doubts], list[str]()
    if reading.measure >= 0 and reading.form == "value":
        empty = sum(sheet.table.rows[at][reading.measure] is None for at in used)
        used = [at for at in used if sheet.table.rows[at][reading.measure] is not None]
        if empty:
            notes.append(f"{empty} {_rows(empty)} without {sheet.table.names[reading.measure]} left out")
    if not used:
        short = "0" if reading.form == "count" else "none"
        return TableAnswer(short, f"**{short}**\n\nNo row fits: {reading.said}.", (), tuple(doubts), reading.said)
    ways = {"value": _value, "count": _count, "cells": _cells, "rows": _listing, "groups": _groups, "extreme": _extreme}
    short, text, rows, more = ways[reading.form](reading, sheet, used)
    if sheet.totals:
        notes.append(f"{len(sheet.totals)} {_rows(len(sheet.totals))} of totals left out")
    return TableAnswer(
        short, text, tuple(sheet.origin[at] for at in rows), (*doubts, *more), reading.said, tuple(notes)
    )


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"


def _used(sheet: Sheet, filters: Sequence[Filter]) -> list[int]:
    """The rows that meet the conditions, found by numbering the rows and asking SQLite for the numbers."""
    if not filters:
        return list(range(len(sheet.table.rows)))
    names = (*sheet.table.names, "row number of this table")
    kinds = (*sheet.table.kinds, "number")
    numbered = type(sheet.table)(names, kinds, tuple((*row, at) for at, row in enumerate(sheet.table.rows)))
    found: list[int] = []
    while True:
        beyond = (Filter(names[-1], ">", found[-1]),) if found else ()
        more = run_query(numbered, Query(select=(names[-1],), filters=(*filters, *beyond), order_by=((names[-1], False),), limit=1_000))  # fmt: skip
        found += [int(row[0]) for row in more.rows if row[0] is not None]
        if not more.cut:
            return found


_Way = tuple[str, str, list[int], list[str]]


def _value(reading: Reading, sheet: Sheet, used: list[int]) -> _Way:
    result = run_query(sheet.table, reading.query).rows[0][0]
    cells = [sheet.table.rows[at][reading.measure] for at in used]
    _again(reading.query.aggregates[0].measure, cells, result)
    shown = _shown(result, sheet, reading.measure)
    count = f"{len(used)} {_rows(len(used))}"
    return shown, f"**{shown}**\n\n{_first(reading.said)} ({count} of {len(sheet.table.rows)}).", used, []


def _again(measure: str, cells: Sequence[Cell], result: Cell) -> None:
    """The same by hand; a difference is a fault and is said."""
    numbers = [Fraction(str(one)) for one in cells if one is not None]
    by_hand = {"sum": lambda: sum(numbers, Fraction(0)), "mean": lambda: sum(numbers, Fraction(0)) / len(numbers)}.get(
        measure
    )
    if by_hand is not None and (result is None or float(by_hand()) != float(result)):
        raise ToolError(
            f"SQLite gave {result!r} for the {measure}, by hand it is {float(by_hand())!r}; ask for single rows."
        )


def _count(reading: Reading, sheet: Sheet, used: list[int]) -> _Way:
    result = run_query(sheet.table, reading.query).rows[0][0]
    return str(result), f"**{result}**\n\n{_first(reading.said)} (of {len(sheet.table.rows)} rows).", used, []


def _cells(reading: Reading, sheet: Sheet, used: list[int]) -> _Way:
    ordered = _ordered(reading, sheet, used)
    values = [sheet.cells[at][reading.target] for at in ordered]
    distinct = list(dict.fromkeys(one for one in values if one))
    if not distinct:
        raise ToolError(f"{sheet.table.names[reading.target]} is empty there; look at the row itself.")
    doubts = []
    if len(distinct) > 1 and reading.wanted == 1 and len(used) < len(sheet.table.rows):
        doubts = [f"{len(used)} rows fit"] if sheet.columns[reading.target].kind == "number" else []
    more = f"\n- … and {len(distinct) - SHOWN} more" if len(distinct) > SHOWN else ""
    text = f"**{distinct[0]}**" if len(distinct) == 1 else "\n".join(f"- {one}" for one in distinct[:SHOWN]) + more
    return ", ".join(distinct[:SHOWN]), f"{text}\n\n{_first(reading.said)}.", ordered, doubts


def _ordered(reading: Reading, sheet: Sheet, used: list[int]) -> list[int]:
    for name, down in reversed(reading.query.order_by):
        place = sheet.table.names.index(name)
        used = [at for at in used if sheet.table.rows[at][place] is not None]
        used.sort(key=lambda at: sheet.table.rows[at][place], reverse=down)  # type: ignore[arg-type,return-value]
    return used


def _listing(reading: Reading, sheet: Sheet, used: list[int]) -> _Way:
    ordered = _ordered(reading, sheet, used)
    lines = ["; ".join(f"{name}: {cell}" for name, cell in zip(sheet.table.names, sheet.table.rows[at]) if cell is not None) for at in ordered[:SHOWN]]  # fmt: skip
    more = f"\n- … and {len(ordered) - SHOWN} more" if len(ordered) > SHOWN else ""
    named = [str(sheet.table.rows[at][reading.target]) for at in ordered[:SHOWN]] if reading.target >= 0 else lines
    head = f"**{len(ordered)} {_rows(len(ordered))}**\n\n"
    return ", ".join(named), head + "\n".join(f"- {one}" for one in lines) + more, ordered, []


def _groups(reading: Reading, sheet: Sheet, used: list[int]) -> _Way:
    found = run_query(sheet.table, reading.query)
    lines = [(str(row[0]), _shown(row[-1], sheet, reading.measure)) for row in found.rows if row[0] is not None]
    text = "\n".join(f"- {name}: **{value}**" for name, value in lines[:SHOWN])
    return (
        "; ".join(f"{name}: {value}" for name, value in lines[:SHOWN]),
        f"{text}\n\n{_first(reading.said)}.",
        used,
        [],
    )


def _extreme(reading: Reading, sheet: Sheet, used: list[int]) -> _Way:
    if reading.query.group_by:
        return _extreme_group(reading, sheet, used)
    ordered = _ordered(reading, sheet, used)
    if not ordered:
        raise ToolError(f"{sheet.table.names[reading.measure]} is empty in these rows; ask for another column.")
    edge = sheet.table.rows[ordered[min(reading.wanted, len(ordered)) - 1]][reading.measure]
    kept = ordered[: reading.wanted]
    kept += [at for at in ordered[len(kept) :] if sheet.table.rows[at][reading.measure] == edge]
    values = [sheet.cells[at][reading.measure] for at in kept]
    if reading.target < 0 or reading.target == reading.measure:
        return values[0], f"**{values[0]}**\n\n{_first(reading.said)}.", kept, []
    names = [str(sheet.table.rows[at][reading.target] or "(no name)") for at in kept]
    tie = [f"{len(kept)} rows are level"] if len(kept) > reading.wanted else []
    lines = "\n".join(f"- {name}: **{value}**" for name, value in zip(names, values))
    text = f"**{names[0]}** ({values[0]})" if len(kept) == 1 else lines + (f"\n\n{tie[0]}." if tie else "")
    return (
        ", ".join(dict.fromkeys(names)),
        f"{text}\n\n{_first(reading.said)}.",
        kept,
        _summed(reading, sheet, used, names),
    )


def _summed(reading: Reading, sheet: Sheet, used: list[int], names: list[str]) -> list[str]:
    """A doubt where a name stands in several rows and another one is ahead when its rows are added up."""
    sums: dict[str, Fraction] = {}
    for at in used:
        value = sheet.table.rows[at][reading.measure]
        if isinstance(value, int | float):
            name = str(sheet.table.rows[at][reading.target])
            sums[name] = sums.get(name, Fraction(0)) + Fraction(str(value))
    if not sums or len(sums) == len(used):
        return []
    down = reading.query.order_by[0][1]
    best = max(sums.values()) if down else min(sums.values())
    ahead = [name for name, total in sums.items() if total == best]
    if reading.wanted == 1 and set(ahead) & set(names):
        return []
    return [f"single rows were compared; added up, {ahead[0]} is {'ahead' if down else 'lowest'}"]


def _extreme_group(reading: Reading, sheet: Sheet, used: list[int]) -> _Way:
    found: Found = run_query(sheet.table, reading.query)
    rows = [row for row in found.rows if row[0] is not None and row[-1] is not None]
    if not rows:
        raise ToolError("No group has a value; ask for single rows.")
    first: dict[str, int] = {}
    for at in used:
        first.setdefault(str(sheet.table.rows[at][reading.target]).casefold(), at)
    rows.sort(key=lambda row: first.get(str(row[0]).casefold(), 0))  # level ones in the order of the table
    rows.sort(key=lambda row: row[-1], reverse=reading.query.order_by[0][1])  # type: ignore[arg-type,return-value]
    edge = rows[min(reading.wanted, len(rows)) - 1][-1]
    kept = [row for place, row in enumerate(rows) if place < reading.wanted or row[-1] == edge]
    lines = [(str(row[0]), _shown(row[-1], sheet, reading.measure)) for row in kept]
    names = {name for name, _ in lines}
    shown = [at for at in used if str(sheet.table.rows[at][reading.target]) in names]
    text = f"**{lines[0][0]}** ({lines[0][1]})" if len(lines) == 1 else "\n".join(f"- {name}: **{value}**" for name, value in lines)  # fmt: skip
    return ", ".join(name for name, _ in lines), f"{text}\n\n{_first(reading.said)}.", shown, []


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shown(value: Cell, sheet: Sheet, column: int) -> str:
    """A value with its unit; at most six decimals."""
    if value is None:
        return ""
    unit = sheet.columns[column].unit if column >= 0 else ""
    text = str(value) if isinstance(value, int | str) else f"{value:.6f}".rstrip("0").rstrip(".")
    whole, _, decimals = text.partition(".")
    if not isinstance(value, str) and len(decimals) < 2 and _two_decimals(sheet, column):
        text = f"{whole}.{decimals:0<2}"
    elif unit in _MONEY and isinstance(value, float) and len(decimals) == 1:
        text += "0"
    if not unit or isinstance(value, str):
        return text
    return f"{unit}{text}" if unit in "$£¥₹" else f"{text}{unit}" if unit == "%" else f"{text} {unit}"


def _two_decimals(sheet: Sheet, column: int) -> bool:
    """Whether every number of the column is written with two decimals, as money is."""
    filled = [row[column] for row in sheet.cells if row[column].strip()] if column >= 0 else []
    return bool(filled) and all(
        re.search(r"\d[.,]\d\d(?!\d)", cell) and not re.search(r"[.,]\d{3}(?!\d)\D*$", cell) for cell in filled
    )
