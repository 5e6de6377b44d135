"""Columns of a table as people write them: numbers of two notations, units, dates, what is missing, rows of totals.

A cell is read only together with its column and its table: "1.234" is one thousand in one table and one and a bit in
another. Where nothing decides, the column carries a doubt. What this does not do: fractions, times of day, Roman numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tools.table_dates import read_dates
from tools.tables import Cell, Table

Kind = Literal["number", "date", "text"]
_MISSING = frozenset({"", "-", "–", "—", "n/a", "na", "n.a.", "k.a.", "k. a.", "null", "none", "nan", "?", "."})
_SPACES = "[  \u00a0\u202f'’]"
_BODY = re.compile(
    r"(?P<open>\()?(?P<sign>[-−–+])?\s?(?P<before>[$€£¥₹]|[A-Z]{2,3}\$?(?=\s))?\s?(?P<minus>[-−–])?"
    rf"(?P<body>\d(?:[\d.,]|{_SPACES}(?=\d))*)\s?(?P<after>[^\d\s()][^\d()]{{0,14}})?(?P<close>\))?"
)
_POINT = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_COMMA = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_GROUPED = re.compile(rf"\d{{1,3}}(?:{_SPACES}\d{{3}})+(?:[.,]\d+)?")
_ID_WORDS = frozenset(
    "id ids code sku isbn ean zip plz postcode phone telephone tel telefon mobile fax nr no number nummer ref iban uuid key"
    " postleitzahl kundennummer artikelnummer bestellnummer rechnungsnummer serial".split()
)
_TOTAL = re.compile(
    r"(?:(?:grand|sub)?-?\s?totals?|sums?|in total|overall|averages?|mean|summe|gesamt(?:summe|betrag)?|insgesamt|zwischensumme"
    r"|durchschnitt|mittelwert|all|Σ|∑)\b.{0,24}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header without the unit, its kind, the unit of its numbers, and what is doubtful about it.

    `missing` counts the cells that hold nothing.
    """

    name: str
    kind: Kind
    unit: str = ""
    doubt: str = ""
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with typed columns; dates are ISO texts. `totals` are the numbers of rows that sum up others.

    `origin` gives for each row of `table` (totals left out) its number among the rows that were given, `cells` its
    texts as they were written.
    """

    title: str
    columns: tuple[Column, ...]
    table: Table
    origin: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]
    totals: tuple[int, ...] = ()

    @property
    def alike(self) -> int:
        """How many rows repeat an earlier one in every cell."""
        return len(self.table.rows) - len(set(self.table.rows))


def sheet_of(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Sheet:
    """Return rows of texts as typed columns. Every row has as many cells as the header."""
    totals = _totals(rows)
    kept = [at for at in range(len(rows)) if at not in totals]
    cells = [[rows[at][place].strip() for at in kept] for place in range(len(header))]
    notation = _notation(cells)
    columns: list[Column] = []
    values: list[Sequence[Cell]] = []
    for name, column in zip(header, cells):
        one, read = _column(name, column, notation)
        columns.append(one)
        values.append(read)
    kinds = tuple("number" if one.kind == "number" else "text" for one in columns)
    table = Table(tuple(header), kinds, tuple(zip(*values)))  # type: ignore[arg-type]
    return Sheet(title, tuple(columns), table, tuple(kept), tuple(zip(*cells)), tuple(sorted(totals)))


def _totals(rows: Sequence[Sequence[str]]) -> set[int]:
    """Rows that sum up the others: the first filled cell says so, or the last row has no name and adds up."""
    found = set()
    for at, row in enumerate(rows):
        first = next((cell for cell in row if cell.strip()), "")
        if _TOTAL.fullmatch(first.strip(" :*")) and at and sum(bool(cell.strip()) for cell in row) > 1:
            found.add(at)
    last = len(rows) - 1
    if last >= 2 and last not in found and not rows[last][0].strip() and _adds_up(rows):
        found.add(last)
    return found


def _adds_up(rows: Sequence[Sequence[str]]) -> bool:
    for place in range(len(rows[0])):
        numbers = [number_of(row[place], "point") for row in rows]
        above = [one for one in numbers[:-1] if one is not None]
        if numbers[-1] is not None and len(above) > 1 and sum(above) == numbers[-1]:
            return True
    return False


def _column(header: str, cells: Sequence[str], notation: str) -> tuple[Column, Sequence[Cell]]:
    name, unit = _unit_in(header)
    filled = [cell for cell in cells if cell.casefold() not in _MISSING]
    plain: list[Cell] = [cell or None for cell in cells]
    empty = sum(not cell for cell in cells)
    if not filled or _is_identifier(name, filled):
        return Column(name, "text", missing=empty), plain
    dated = read_dates([cell if cell.casefold() not in _MISSING else "" for cell in cells])
    if dated is not None:
        return Column(name, "date", "", dated.doubt, len(cells) - len(filled)), dated.values
    bodies = [_BODY.fullmatch(cell) for cell in filled]
    if not all(bodies):
        return Column(name, "text", missing=empty), plain
    units = {_unit(match) for match in bodies if match}
    if len(units) > 1:
        return Column(
            name, "text", "", f"its cells have different units ({', '.join(sorted(units))[:60]})", empty
        ), plain
    form, doubt = _form([match["body"] for match in bodies if match], notation)
    numbers = [number_of(cell, form) if cell.casefold() not in _MISSING else None for cell in cells]
    if any(one is None for one, cell in zip(numbers, cells) if cell.casefold() not in _MISSING):
        return Column(name, "text", "", "its numbers are written in two ways", empty), plain
    shown = [None if one is None else _plain(one) for one in numbers]
    return Column(name, "number", units.pop() or unit, doubt, len(cells) - len(filled)), shown


def _unit_in(header: str) -> tuple[str, str]:
    """A header without its unit in brackets, and that unit."""
    match = re.fullmatch(r"(.{1,80}?)\s*[(\[](?:in\s)?([^()\[\]]{1,12})[)\]]", header.strip())
    if match:
        return match[1], match[2].strip()
    match = re.fullmatch(r"(.{1,80}?)\s+in\s(EUR|USD|GBP|CHF|€|\$|£|%|kg|km|m|cm|mm|g|t|m²|ha)", header.strip())
    return (match[1], match[2]) if match else (header.strip(), "")


def _unit(match: re.Match[str]) -> str:
    return (match["before"] or match["after"] or "").strip()


def _is_identifier(name: str, filled: Sequence[str]) -> bool:
    words = re.findall(r"[^\W\d_]+", name.casefold())
    if any(len(cell) > 1 and cell[0] == "0" and cell.isdigit() for cell in filled):
        return True
    return bool(words) and "of" not in words and (words[-1] in _ID_WORDS or words[0] in {"id", "plz", "zip"})


# -- two notations ---------------------------------------------------------------------------------------------------


def _notation(columns: Sequence[Sequence[str]]) -> str:
    """The notation that the table's sure cells share: "point", "comma", or "" where none or both are sure."""
    sure = set()
    for column in columns:
        for cell in column:
            match = _BODY.fullmatch(cell)
            if match and re.search(r"[.,]", match["body"]) and not re.search(r"\d\.\d{1,2}\.\d", match["body"]):
                ways = _ways(match["body"])
                sure |= ways if len(ways) == 1 else set()
    return sure.pop() if len(sure) == 1 else ""


def _ways(body: str) -> set[str]:
    bare = re.sub(_SPACES, "", body) if _GROUPED.fullmatch(body) else body
    return {name for name, form in (("point", _POINT), ("comma", _COMMA)) if form.fullmatch(bare)}


def _form(bodies: Sequence[str], notation: str) -> tuple[str, str]:
    """The notation of a column's numbers, and a doubt where nothing decides between thousands and decimals."""
    sure = {next(iter(ways)) for ways in map(_ways, bodies) if len(ways) == 1}
    if len(sure) == 1:
        return sure.pop(), ""
    separated = [body for body in bodies if re.search(r"[.,]", body)]
    if not separated or sure:
        return "point", ""
    if notation:
        return notation, ""
    if all("," in body for body in separated):
        return "point", ""
    return "point", f"{separated[0]!r} may be read as thousands or as decimals"


def number_of(cell: str, form: str) -> Fraction | None:
    """Read one number with its sign, brackets and unit in a notation ("point" or "comma"); None where it is none."""
    match = _BODY.fullmatch(cell.strip())
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    bare = re.sub(_SPACES, "", match["body"]) if _GROUPED.fullmatch(match["body"]) else match["body"]
    if not (_COMMA if form == "comma" else _POINT).fullmatch(bare) or len(bare) > 30:
        return None
    plain = bare.replace(".", "").replace(",", ".") if form == "comma" else bare.replace(",", "")
    sign = -1 if match["open"] or (match["sign"] or "+") != "+" or match["minus"] else 1
    return sign * Fraction(plain)


def _plain(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 and abs(value.numerator) < 2**63 else float(value)
