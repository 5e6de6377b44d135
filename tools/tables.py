"""Tables in text (CSV, TSV, Markdown) as typed columns.

What this does not do: formulas of a spreadsheet, dates in any form but year-month-day (they sort as text).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tools.errors import ToolError

Cell: TypeAlias = "int | float | str | None"
MOST_LETTERS, MOST_ROWS, MOST_COLUMNS, MOST_CELL = 2_000_000, 20_000, 100, 10_000
_RULER = re.compile(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?")
_POINT = re.compile(r"-?[$€£¥]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,15})?(?: ?[%€$£])?")
_COMMA = re.compile(r"-?[$€£¥]?(?:\d{1,3}(?:\.\d{3})+|\d{1,15})(?:,\d{1,15})?(?: ?[%€$£])?")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with a name and a kind each, and rows of cells: int or float in number columns, text else, None if empty."""

    names: tuple[str, ...]
    kinds: tuple[Literal["number", "text"], ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


def read_table(text: str) -> Table:
    """Read a table out of text; the first row holds the names.

    Raises:
        ToolError: no table, or more than 2,000,000 characters, 20,000 rows, 100 columns or 10,000 characters a cell.
    """
    if len(text) > MOST_LETTERS:
        raise ToolError(
            f"The table has {len(text):,} characters, at most {MOST_LETTERS:,} are read; give a part of it."
        )
    return typed(_markdown(text) or _separated(text))


def typed(rows: Sequence[Sequence[str]]) -> Table:
    """Return rows of texts, the first with the names, as a table with typed columns. Raises ToolError like `read_table`."""
    if len(rows) < 2 or not rows[0]:
        raise ToolError("No table was found; give a header line and at least one row, as CSV, TSV or Markdown.")
    width = len(rows[0])
    if width > MOST_COLUMNS or len(rows) - 1 > MOST_ROWS:
        raise ToolError(
            f"The table is {len(rows) - 1:,} rows by {width:,} columns; at most {MOST_ROWS:,} by {MOST_COLUMNS} are read."
        )
    if any(len(cell) > MOST_CELL for row in rows for cell in row):
        raise ToolError(f"A cell has more than {MOST_CELL:,} characters; this is hardly a table.")
    notes = []
    wrong = [at for at, row in enumerate(rows[1:], start=1) if len(row) != width]
    if wrong:
        notes.append(f"{len(wrong)} rows (first: {wrong[0]}) have another number of cells than the header")
    body = [[*row[:width], *[""] * (width - len(row))] for row in rows[1:]]
    columns = [column_of([row[at] for row in body]) for at in range(width)]
    names = _names(rows[0])
    for name, (_, _, note) in zip(names, columns):
        if note:
            notes.append(f"{name}: {note}")
    kinds = tuple(kind for kind, _, _ in columns)
    return Table(names, kinds, tuple(zip(*(cells for _, cells, _ in columns))), tuple(notes))


def _names(header: Sequence[str]) -> tuple[str, ...]:
    names: list[str] = []
    taken: set[str] = set()
    for at, cell in enumerate(header, start=1):
        base = cell.strip() or f"column {at}"
        name, number = base, 2
        while name.casefold() in taken:
            name, number = f"{base} {number}", number + 1
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def column_of(cells: Sequence[str]) -> tuple[Literal["number", "text"], list[Cell], str]:
    """Give a column its kind: numbers only if every filled cell is one in the same notation."""
    filled = [cell for cell in cells if cell]
    plain_text: list[Cell] = [cell or None for cell in cells]
    # Codes such as 007 would lose their zeros.
    if not filled or any(len(cell) > 1 and cell[0] == "0" and cell.isdigit() for cell in filled):
        return "text", plain_text, ""
    for form, thousands, point in ((_POINT, ",", "."), (_COMMA, ".", ",")):
        if all(form.fullmatch(cell) for cell in filled):
            signs = {sign for cell in filled for sign in cell if sign in "$€£¥%"}
            if len(signs) > 1:
                return "text", plain_text, "mixed units, kept as text"
            note = "decimal comma" if point == "," and any("," in cell for cell in filled) else ""
            note = f"{note}{', ' if note else ''}in {signs.pop()}" if signs else note
            return "number", [_number(cell, thousands, point) if cell else None for cell in cells], note
    return "text", plain_text, ""


def _number(cell: str, thousands: str, point: str) -> int | float:
    bare = "".join(sign for sign in cell if sign in "-.,0123456789").replace(thousands, "").replace(point, ".")
    return float(bare) if "." in bare else int(bare)


def _markdown(text: str) -> list[list[str]]:
    """The first Markdown table: a line with bars, a ruler, and lines with bars."""
    lines = [line.strip() for line in text.splitlines()]
    for at in range(len(lines) - 1):
        # The ruler is matched on a short line only: its pattern is linear, yet hostile lines need not be tried.
        if "|" in lines[at] and len(lines[at + 1]) < 2_000 and "-" in lines[at + 1] and _RULER.fullmatch(lines[at + 1]):
            rows = [_bars(lines[at])]
            for line in lines[at + 2 :]:
                if "|" not in line:
                    break
                rows.append(_bars(line))
            return rows
    return []


def _bars(line: str) -> list[str]:
    bare = line.removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [cell.strip().replace("\x00", "|") for cell in bare.replace("\\|", "\x00").split("|")]


def _separated(text: str) -> list[list[str]]:
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:10]
    first = lines[0] if lines else ""
    marks = {mark: first.count(mark) for mark in "\t;,|"}
    mark = max(
        marks, key=lambda one: (sum(line.count(one) == marks[one] for line in lines) if marks[one] else 0, marks[one])
    )
    if not marks[mark]:
        raise ToolError(f"No table was found in {text[:40]!r}; give columns separated by commas, tabs or bars.")
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)]
    except csv.Error as error:
        raise ToolError(f"The table cannot be read as CSV ({error}); check its quotes.") from None
    return [row for row in rows if any(row)]
