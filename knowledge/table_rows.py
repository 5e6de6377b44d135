"""Tables back out of page texts: rows are kept as lines "Header: value; Header: value" (tables.py), one a row.

So every table that a reader found (CSV, workbook, Word, Markdown, PDF) can be asked in one way, and each row's place on
its page is known for quoting it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.passage import Page

#: A line of fewer cells is a remark ("Note: closed on Sundays"), fewer rows are no table.
FEWEST_CELLS, FEWEST_ROWS = 2, 2
_CELL = re.compile(r"(?:^|; )([^:;\n]{1,80}): ")
_HEADING = re.compile(r"#{1,6}[ \t]+(\S[^\n]*)")
_LONGEST_LINE = 20_000


@dataclass(frozen=True, slots=True)
class TableRows:
    """One table of a page: column names, rows of cells as texts (empty: no value), where each row stands on the page,
    and its line there."""

    page: int | None
    heading: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    spans: tuple[tuple[int, int], ...]
    lines: tuple[str, ...]


def tables_of(pages: Sequence[Page]) -> tuple[TableRows, ...]:
    """Return the tables of a document in reading order; empty when it has none."""
    return tuple(table for page in pages for table in _on_page(page))


def _on_page(page: Page) -> Iterator[TableRows]:
    heading = ""
    block: list[tuple[int, str, list[str]]] = []
    for start, line in (*_lines(page.text), (len(page.text), "")):
        names = _names(line)
        if len(names) >= FEWEST_CELLS and (not block or _alike(names, block[-1][2])):
            block.append((start, line, names))
            continue
        if len(block) >= FEWEST_ROWS:
            yield _table(page.number, heading, block)
        block = [(start, line, names)] if len(names) >= FEWEST_CELLS else []
        title = _HEADING.fullmatch(line)
        heading = title.group(1).strip().rstrip(":") if title else heading


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        if line.strip():  # rows may stand apart
            yield at, line[:_LONGEST_LINE]
        at += len(line) + 1


def _names(line: str) -> list[str]:
    return [match.group(1).strip() for match in _CELL.finditer(line)] if _CELL.match(line) else []


def _alike(names: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two lines have columns in common: an empty cell leaves its header out."""
    return len(set(names) & set(others)) * 2 >= min(len(set(names)), len(set(others)))


def _table(number: int | None, heading: str, block: Sequence[tuple[int, str, list[str]]]) -> TableRows:
    counts = Counter(name for _, _, names in block for name in dict.fromkeys(names))
    # What looks like a header in one row of many is part of a value ("Remark: see note: closed").
    least = 1 if len(block) < 5 else max(2, len(block) // 20)
    kept = tuple(name for name in _in_order([names for _, _, names in block]) if counts[name] >= least)
    rows = tuple(_cells(line, kept) for _, line, _ in block)
    return TableRows(
        number,
        heading,
        kept,
        rows,
        tuple((start, start + len(line)) for start, line, _ in block),
        tuple(line for _, line, _ in block),
    )


def _in_order(rows: Sequence[Sequence[str]]) -> list[str]:
    """All names, in the order of the fullest row, others after them."""
    fullest = max(rows, key=len)
    return list(dict.fromkeys([*fullest, *(name for row in rows for name in row)]))


def _cells(line: str, names: Sequence[str]) -> tuple[str, ...]:
    marks = [match for match in _CELL.finditer(line) if match.group(1).strip() in names]
    found: dict[str, str] = {}
    for at, match in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(line)
        found.setdefault(match.group(1).strip(), line[match.end() : end].strip())
    return tuple(found.get(name, "") for name in names)
