"""Rows of the tables that stand in a document's page texts, each with the line it stands in, ready to be quoted.

All readers write a table as one line a row, "Header: value; Header: value" (tables.py); Markdown tables and, where
asked for, pasted CSV are read too. What this does not do: tables without a line of headers, cells that hold several
lines.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

MOST_ROWS = 20_000
_PAIR = re.compile(r"([^\s:;][^:;]{0,79}): (\S.*)", re.S)
_RULE = re.compile(r"[ \t|:\-]{3,}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"[-+(]?[\d.,'\s\u00a0\u202f]*\d[\d.,'\s\u00a0\u202f]*[)%€$£]?")


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table: its headers, its rows of cells ("" where empty), and for each row its line and its page.

    `caption` is the heading or the line above it; `start` and `end` are offsets in the text of the first page.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[str, ...]
    pages: tuple[int | None, ...]
    start: int = 0
    end: int = 0


def rows_of(pages: Sequence[tuple[int | None, str]]) -> tuple[TableRows, ...]:
    """Return the tables of a document's pages (number or None, text), in reading order.

    A table that goes on at the top of the next page under the same headers is one table.
    """
    found: list[TableRows] = []
    for number, text in pages:
        for table in tables_in(text, number):
            if found and table.start == 0 and not table.caption and _goes_on(found[-1].header, table.header):
                found[-1] = _joined(found[-1], table)
            else:
                found.append(table)
    return tuple(found)


def _goes_on(header: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two tables have the same headers, or one lacks some in which all its cells are empty."""
    few, many = sorted((header, other), key=len)
    return header == other or (len(few) >= 3 and [name for name in many if name in few] == list(few))


def _joined(one: TableRows, more: TableRows) -> TableRows:
    if one.header != more.header:
        header = max(one.header, more.header, key=len)
        one, more = _under(one, header), _under(more, header)
    return replace(
        one, rows=(*one.rows, *more.rows)[:MOST_ROWS], lines=(*one.lines, *more.lines)[:MOST_ROWS],
        pages=(*one.pages, *more.pages)[:MOST_ROWS],
    )  # fmt: skip


def _under(table: TableRows, header: tuple[str, ...]) -> TableRows:
    """The table under more headers, the new cells empty."""
    places = {name: at for at, name in enumerate(table.header)}
    rows = tuple(tuple(row[places[name]] if name in places else "" for name in header) for row in table.rows)
    return replace(table, header=header, rows=rows)


def tables_in(text: str, page: int | None = None, *, pasted: bool = False) -> tuple[TableRows, ...]:
    """Return the tables in a text; `pasted` also reads lines separated by commas, semicolons, tabs or bars."""
    found: list[TableRows] = []
    lines = list(_lines(text))
    at, heading = 0, ""
    while at < len(lines):
        start, line = lines[at]
        if line.startswith("#"):
            heading = line.lstrip("# ").strip()[:200]
        read = _piped(lines, at) or _named(lines, at) or _bare(lines, at) or (_separated(lines, at) if pasted else None)
        if read is None:
            at += 1
            continue
        header, rows, kept, at_end = read
        end = lines[at_end - 1][0] + len(lines[at_end - 1][1])
        caption = _caption(lines, at, heading)
        rows, kept = rows[:MOST_ROWS], kept[:MOST_ROWS]
        found.append(TableRows(caption, header, tuple(rows), tuple(kept), (page,) * len(rows), start, end))
        at = at_end
    return tuple(found)


#: Headers, rows, the line of each row, and the number of the line after the table.
_Read = tuple[tuple[str, ...], list[tuple[str, ...]], list[str], int]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _caption(lines: Sequence[tuple[int, str]], at: int, heading: str) -> str:
    above = next((line.strip() for _, line in reversed(lines[max(0, at - 2) : at]) if line.strip()), "")
    near = above.lstrip("#* ").rstrip("*: ") if len(above) <= 120 and not above.endswith((".", "?", "!")) else ""
    return " · ".join(dict.fromkeys(one for one in (heading, near) if one))


# -- rows that carry their headers ---------------------------------------------------------------------------------


def _named(lines: Sequence[tuple[int, str]], at: int) -> _Read | None:
    pairs: list[dict[str, str]] = []
    kept: list[str] = []
    end = at
    for _, line in lines[at:]:
        one = _pairs(line)
        if one is None or (pairs and not _alike(pairs[0], one) and not _alike(pairs[-1], one)):
            break
        pairs.append(one)
        kept.append(line)
        end += 1
    columns = _order(pairs)
    least = 2 if len(columns) > 1 else 3
    if len(pairs) < least or len(columns) > 200:
        return None
    return tuple(columns), [tuple(one.get(name, "") for name in columns) for one in pairs], kept, end


def _pairs(line: str) -> dict[str, str] | None:
    """The cells of a row by header; a piece without a header goes on with the cell before it."""
    if ": " not in line or len(line) > 20_000 or line.startswith(("#", "- ", "|")):
        return None
    found: dict[str, str] = {}
    last = ""
    for piece in line.split("; "):
        match = _PAIR.fullmatch(piece)
        if match is not None and match[1] not in found and len(match[1].split()) <= 8:
            last = match[1]
            found[last] = match[2].strip()
        elif last:
            found[last] += f"; {piece}"
        else:
            return None
    return found


def _alike(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two rows are of one table: at least half of the headers of the shorter one are shared."""
    shared = len(one.keys() & other.keys())
    return shared * 2 >= min(len(one), len(other)) and shared >= 1


def _order(pairs: Sequence[dict[str, str]]) -> list[str]:
    """All headers, each after the one that stands before it in its row."""
    columns: list[str] = []
    for one in pairs:
        place = 0
        for name in one:
            if name in columns:
                place = columns.index(name) + 1
            else:
                columns.insert(place, name)
                place += 1
    return columns


# -- rows whose headers are numbers (years), written without names -------------------------------------------------


def _bare(lines: Sequence[tuple[int, str]], at: int) -> _Read | None:
    """A first line of a name and years, and lines of as many cells below it; an empty cell would shift the others."""
    header = lines[at][1].split("; ")
    if len(header) < 3 or sum(bool(_YEAR.fullmatch(cell)) for cell in header[1:]) < len(header) - 1:
        return None
    rows: list[tuple[str, ...]] = []
    kept: list[str] = []
    for _, line in lines[at + 1 :]:
        cells = line.split("; ")
        if len(cells) == 1:
            break
        if len(cells) != len(header):
            return None
        rows.append(tuple(cells))
        kept.append(line)
    return (tuple(header), rows, kept, at + 1 + len(rows)) if len(rows) >= 2 else None


# -- Markdown and pasted text --------------------------------------------------------------------------------------


def _piped(lines: Sequence[tuple[int, str]], at: int) -> _Read | None:
    if at + 2 >= len(lines) or "|" not in lines[at][1]:
        return None
    rule = lines[at + 1][1].strip()
    if len(rule) > 2_000 or "-" not in rule or "|" not in rule or not _RULE.fullmatch(rule):
        return None
    body: list[str] = []
    for _, line in lines[at + 2 :]:
        if "|" not in line:
            break
        body.append(line)
    header = _bars(lines[at][1])
    return _shaped(header, [_bars(line) for line in body], body, at + 2 + len(body))


def _bars(line: str) -> list[str]:
    bare = line.strip().removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [" ".join(cell.replace("\x00", "|").strip("*` ").split()) for cell in bare.replace("\\|", "\x00").split("|")]


def _separated(lines: Sequence[tuple[int, str]], at: int) -> _Read | None:
    first = lines[at][1]
    for mark in "\t;|,":
        width = first.count(mark)
        if not width or (mark == "," and len(first) > 400):
            continue
        block: list[str] = []
        for _, line in lines[at:]:
            if mark not in line:
                break
            block.append(line)
        try:
            cells = [[" ".join(one.split()) for one in row] for row in csv.reader(io.StringIO("\n".join(block)), delimiter=mark)]  # fmt: skip
        except csv.Error:
            continue
        if len(cells) != len(block) or len(block) < 3 or any(len(row) != len(cells[0]) for row in cells):
            continue
        if any(len(one) > 120 for row in cells for one in row) or not _header_like(cells[0]):
            continue
        return _shaped(cells[0], cells[1:], block[1:], at + len(block))
    return None


def _header_like(row: Sequence[str]) -> bool:
    plain = [cell for cell in row if cell]
    numbers = [cell for cell in plain if _NUMBER.fullmatch(cell) and not _YEAR.fullmatch(cell)]
    return len(plain) > 1 and not numbers and all(len(cell) <= 60 for cell in plain)


def _shaped(header: Sequence[str], rows: Sequence[Sequence[str]], lines: Sequence[str], end: int) -> _Read | None:
    """Rows of one width under distinct names."""
    names: list[str] = []
    for number, cell in enumerate(header, start=1):
        name = cell or f"Column {number}"
        names.append(name if name not in names else f"{name} {number}")
    if not rows or len(names) < 2 or len(names) > 200:
        return None
    width = len(names)
    return tuple(names), [tuple([*row[:width], *[""] * (width - len(row))]) for row in rows], list(lines), end
