"""Dates as they stand in tables and questions, as ISO texts: 2024-03-05, 2024-03, 2024.

What this does not do: times of day, week numbers, dates relative to today.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier", "february feb februar", "march mar märz mrz", "april apr", "may mai",
            "june jun juni", "july jul juli", "august aug", "september sep sept", "october oct oktober okt",
            "november nov", "december dec dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ]\d{1,2}:\d{2}.{0,12})?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?: \d{1,2}:\d{2}.{0,9})?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?: \d{1,2}:\d{2}.{0,9})?")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:\.|st|nd|rd|th)?[ -](?:of )?({_NAME})\.?,?[ -](\d{{4}})", re.I)
_MONTH_FIRST = re.compile(rf"({_NAME})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})", re.I)
_MONTH = re.compile(rf"({_NAME})\.?[ -]?(\d{{4}})", re.I)


@dataclass(frozen=True, slots=True)
class Dates:
    """A column of dates: ISO texts, None where the cell is empty; a doubt where days and months may be swapped."""

    values: tuple[str | None, ...]
    doubt: str = ""


def read_dates(cells: Sequence[str]) -> Dates | None:
    """Return a column's cells as dates, or None where one of them is no date."""
    filled = [cell for cell in cells if cell]
    slashed = [match for cell in filled if (match := _SLASHED.fullmatch(cell))]
    if not filled or (slashed and len(slashed) < len(filled)):
        return None
    if slashed:
        first = any(int(match[1]) > 12 for match in slashed)
        second = any(int(match[2]) > 12 for match in slashed)
        if first and second:
            return None
        doubt = "" if first or second else f"{slashed[0][0]!r} may be day or month first"
        read = [None if not cell else _slashed(cell, month_first=second) for cell in cells]
    else:
        doubt, read = "", [one_date(cell) if cell else None for cell in cells]
    if any(one is None for one, cell in zip(read, cells) if cell):
        return None
    return Dates(tuple(read), doubt)


def _slashed(cell: str, *, month_first: bool) -> str | None:
    match = _SLASHED.fullmatch(cell)
    if match is None:
        return None
    day, month = (match[2], match[1]) if month_first else (match[1], match[2])
    return _iso(match[3], month, day)


def one_date(text: str) -> str | None:
    """Return one date as an ISO text of a day or a month; None where it is none, or could be two."""
    bare = text.strip()
    if match := _ISO.fullmatch(bare):
        return _iso(match[1], match[2], match[3] or "")
    if match := _DOTTED.fullmatch(bare):
        return _iso(match[3], match[2], match[1])
    if match := _DAY_FIRST.fullmatch(bare):
        return _iso(match[3], str(MONTHS[match[2].casefold()]), match[1])
    if match := _MONTH_FIRST.fullmatch(bare):
        return _iso(match[3], str(MONTHS[match[1].casefold()]), match[2])
    if match := _MONTH.fullmatch(bare):
        return _iso(match[2], str(MONTHS[match[1].casefold()]), "")
    return None


def _iso(year: str, month: str, day: str) -> str | None:
    whole = int(year) + (2000 if int(year) < 50 else 1900) if len(year) == 2 else int(year)
    try:
        found = date(whole, int(month), int(day or 1))
    except ValueError:
        return None
    return found.isoformat() if day else found.isoformat()[:7]


#: Dates inside a question, the longest forms first.
IN_TEXT = re.compile(
    rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}\.\s?\d{{1,2}}\.\s?\d{{4}}\b"
    rf"|\b\d{{1,2}}(?:\.|st|nd|rd|th)? (?:of )?(?:{_NAME})\.?,? \d{{4}}\b|\b(?:{_NAME})\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b"
    rf"|\b\d{{4}}-\d{{2}}\b|\b(?:{_NAME}) \d{{4}}\b",
    re.IGNORECASE,
)
