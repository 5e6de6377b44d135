"""Rows of a table as lines that carry their headers, so that each row can be found and quoted alone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from knowledge.errors import DocumentRefused

MOST_COLUMNS = 2000
_NUMBER = re.compile(r"[-+]?[\d.,\s%€$£]+")
_YEAR = re.compile(r"(?:18|19|20|21)\d\d")
_DATE = re.compile(r"\d{1,4}([-./])\d{1,2}\1\d{1,4}")
#: An amount with its unit ("2,200 W", "220-240 V", "3 years"), or a date in figures.
_VALUE = re.compile(
    r"[-+]?[€$£]?\s?\d[\d.,]*(?:\s?[-\u2013]\s?\d[\d.,]*)?\s?[^\W\d]{1,10}|\d{1,4}([-./])\d{1,2}\1\d{1,4}"
)
#: Titles and remarks above the headers of a sheet are no more than this.
_MOST_TITLES = 8


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
    """Return rows as lines; with the first row as headers where it looks like one, titles above it on lines of their own."""
    if len(rows) > 2 and sum(map(bool, rows[0])) == 1 and max(len(row) for row in rows) == 2:
        return "\n".join([next(filter(None, rows[0])), *(_named(row) for row in rows[1:])])
    titles = _titles(rows)
    if titles:
        above = "\n".join(next(filter(None, row)) for row in rows[:titles])
        return f"{above}\n\n{rows_as_text(rows[titles:])}"
    if len(rows) < 2 or not is_header(rows[0], rows[1:]):
        if len(rows) > 1 and are_facts(rows):
            return "\n".join(_named(row) for row in rows)
        return "\n".join("; ".join(cell for cell in row if cell) for row in rows)
    names = [name or f"Column {number}" for number, name in enumerate(rows[0], start=1)]
    return "\n".join(_row(names, row) for row in rows[1:])


def blocks_as_text(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows of a sheet as `rows_as_text` does, an empty row parting tables where what follows has headers."""
    blocks: list[list[Sequence[str]]] = [[]]
    begins = True
    for at, row in enumerate(rows):
        if not any(row):
            begins = True
            continue
        if begins and blocks[-1] and _begins_table(rows[at : at + 4]):
            blocks.append([])
        begins = False
        blocks[-1].append(row)
    return "\n\n".join(_block(_trimmed(block), alone=len(blocks) == 1) for block in blocks if block)


def _block(rows: Sequence[Sequence[str]], *, alone: bool) -> str:
    """A table, or the titles that stand beside one."""
    return rows_as_text(rows) if alone or any(len(row) > 1 for row in rows) else "\n".join(row[0] for row in rows)


def _begins_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether headers stand here, above values of which one at least is a number or a date."""
    below = rows[1] if len(rows) > 1 else []
    kinds = zip(rows[0], below)
    named = sum(map(bool, rows[0])) >= 2 and is_header(rows[0], rows[1:])
    return named and any(a and (_NUMBER.fullmatch(b) or _DATE.fullmatch(b)) for a, b in kinds if b)


def _trimmed(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Without empty columns at the left and at the right."""
    first = min((next(at for at, cell in enumerate(row) if cell) for row in rows), default=0)
    width = max((max(at for at, cell in enumerate(row) if cell) + 1 for row in rows), default=0)
    return [row[first:width] for row in rows]


def _titles(rows: Sequence[Sequence[str]]) -> int:
    """How many rows of a single cell stand above a table of at least three columns."""
    found = 0
    while found < min(len(rows), _MOST_TITLES) and sum(map(bool, rows[found])) == 1:
        found += 1
    wide = found + 1 < len(rows) and sum(map(bool, rows[found])) >= 3
    return found if wide else 0


def are_facts(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether each row is a name and what it is: "Weight", "1.1 kg"."""
    firsts = [row[0] for row in rows]
    pairs = all(len(row) >= 2 and row[0] and row[1] and not any(row[2:]) for row in rows)
    return pairs and len(set(firsts)) == len(firsts) and is_header(firsts) and all(": " not in one for one in firsts)


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


def is_header(row: Sequence[str], below: Sequence[Sequence[str]] = ()) -> bool:
    """Return whether a first row names columns: short cells, none twice, no numbers but years, not of its rows' form.

    Args:
        below: the rows under it; years, and cells that look like the column's own values, are judged by them.
    """
    filled = [cell for cell in row if cell]
    short = all(len(cell) <= 80 for cell in filled)
    if not filled or not short or len(set(filled)) < len(filled):
        return False
    values = [column for column, cell in enumerate(row) if _VALUE.fullmatch(cell)]
    if any(_is_value_of(row[column], column, below) for column in values):
        return False
    numbers = [column for column, cell in enumerate(row) if cell and _NUMBER.fullmatch(cell)]
    return not numbers or _are_years(row, numbers, below)


def _is_value_of(cell: str, column: int, below: Sequence[Sequence[str]]) -> bool:
    """Whether most cells below are of the same form: amounts with units, dates."""
    others = [one[column] for one in below if column < len(one) and one[column]]
    if _NUMBER.fullmatch(cell) and not _DATE.fullmatch(cell):
        return False  # plain numbers are judged by themselves
    return 2 * sum(_VALUE.fullmatch(one) is not None for one in others) > len(others)


def _are_years(row: Sequence[str], numbers: Sequence[int], below: Sequence[Sequence[str]]) -> bool:
    """Whether the numbers of a row are years above columns of other things: "Colony", "2021", "2022"."""
    if not below or 0 in numbers or not all(_YEAR.fullmatch(row[column]) for column in numbers):
        return False
    return not any(_YEAR.fullmatch(one[column]) for one in below for column in numbers if column < len(one))


def _cell(cell: str) -> str:
    return " ".join(cell.split())


def _delimiter(text: str) -> str:
    """The mark that cuts the first lines into the same number of cells, most cells first."""
    lines = [line for line in text[:20_000].splitlines()[:12] if line.strip()]

    def regular(mark: str) -> tuple[bool, int]:
        counts = [line.count(mark) for line in lines]
        return (min(counts, default=0) > 0 and min(counts) == max(counts), min(counts, default=0))

    return max((",", ";", "\t", "|"), key=lambda mark: (*regular(mark), mark == ","))
