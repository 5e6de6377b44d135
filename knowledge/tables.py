"""Rows of a table as lines that carry their headers, so that each row can be found and quoted alone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from knowledge.errors import DocumentRefused

MOST_COLUMNS = 2000
_NUMBER = re.compile(r"[-+]?[\d.,\s%€$£]+")


def read_table(text: str, title: str, *, tabs: bool) -> str:
    """Return a CSV or TSV as one line a row, "Header: value; Header: value".

    Raises:
        DocumentRefused: more than 2,000 columns.
    """
    csv.field_size_limit(2**27)
    delimiter = "\t" if tabs else _delimiter(text)
    rows = [[_cell(cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    rows = [row for row in rows if any(row)]
    widest = max((len(row) for row in rows), default=0)
    if widest > MOST_COLUMNS:
        raise DocumentRefused(
            f"{title!r} has {widest:,} columns, at most {MOST_COLUMNS:,} are read. Keep the columns you need."
        )
    return rows_as_text(rows)


def rows_as_text(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines; with the first row as headers where it looks like one."""
    if len(rows) > 2 and sum(map(bool, rows[0])) == 1 and max(len(row) for row in rows) == 2:
        return "\n".join([next(filter(None, rows[0])), *(_named(row) for row in rows[1:])])
    if len(rows) < 2 or not is_header(rows[0]):
        return "\n".join("; ".join(cell for cell in row if cell) for row in rows)
    names = [name or f"Column {number}" for number, name in enumerate(rows[0], start=1)]
    return "\n".join(_row(names, row) for row in rows[1:])


_PIPED = re.compile(r"[ \t]*\|")
_RULE = re.compile(r"[ \t|:\-]{3,}")


def piped_tables_as_rows(text: str) -> str:
    """Return Markdown with its tables (| a | b |) as one line a row, each with its headers; code is left alone."""
    kept: list[str] = []
    table: list[str] = []
    fenced = False
    for line in [*text.split("\n"), ""]:
        fenced ^= line.lstrip().startswith("```")
        if _PIPED.match(line) and not fenced:
            table.append(line)
            continue
        if table:
            kept.append(_piped(table))
            table = []
        kept.append(line)
    return "\n".join(kept[:-1])


def _piped(lines: list[str]) -> str:
    if len(lines) < 3 or not (_RULE.fullmatch(lines[1]) and "-" in lines[1]):
        return "\n".join(lines)
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if not _RULE.fullmatch(line)
    ]
    return rows_as_text([row for row in rows if any(row)])


def _named(row: Sequence[str]) -> str:
    """A row of a box of facts: under its caption, a name and what it is."""
    return ": ".join(cell for cell in row if cell)


def _row(names: Sequence[str], row: Sequence[str]) -> str:
    extra = [f"Column {number}" for number in range(len(names) + 1, len(row) + 1)]
    return "; ".join(f"{name}: {cell}" for name, cell in zip([*names, *extra], row) if cell)


def is_header(row: Sequence[str]) -> bool:
    """Return whether a first row names columns: short cells, no numbers, none twice."""
    filled = [cell for cell in row if cell]
    short = all(len(cell) <= 80 and not _NUMBER.fullmatch(cell) for cell in filled)
    return len(filled) >= 1 and short and len(set(filled)) == len(filled)


def _cell(cell: str) -> str:
    return " ".join(cell.split())


def _delimiter(text: str) -> str:
    """The mark that cuts the first lines into the same number of cells, most cells first."""
    lines = [line for line in text[:20_000].splitlines()[:12] if line.strip()]

    def regular(mark: str) -> tuple[bool, int]:
        counts = [line.count(mark) for line in lines]
        return (min(counts, default=0) > 0 and min(counts) == max(counts), min(counts, default=0))

    return max((",", ";", "\t", "|"), key=lambda mark: (*regular(mark), mark == ","))
