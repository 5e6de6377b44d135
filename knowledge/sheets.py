"""Workbooks to one page a sheet, each row with its headers: XLSX by openpyxl, XLS by xlrd (the only importer of both).

Formulas give the value that was last computed; titles above the headers stand on lines of their own, tables parted by
an empty row are read each with its headers. What this does not do: charts, comments, tables side by side.
"""

from __future__ import annotations

import datetime as dt
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlrd
from openpyxl.utils.cell import range_boundaries

from knowledge.errors import DocumentRefused
from knowledge.merged_cells import Merged, unmerged
from knowledge.number_formats import shown
from knowledge.tables import MOST_COLUMNS, blocks_as_text
from knowledge.xml_parts import XMLError, damaged

_MOST_ROWS = 1_048_576
_MOST_MERGED = 20_000
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
#: What these libraries raise on damaged files, found by mutating good ones (tests, `lab hostile`).
_BROKEN = (
    ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError, EOFError, OSError,
    NotImplementedError, struct.error, zlib.error, zipfile.BadZipFile, xlrd.XLRDError, SyntaxError, XMLError,
)  # fmt: skip


def read_xlsx(path: Path, title: str) -> list[str]:
    """Return the text of each sheet, its name as a heading; a hidden sheet is said to be one.

    Raises:
        DocumentRefused: it cannot be opened as a workbook.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "Data Validation extension is not supported" and the like
        try:
            with path.open("rb") as file:  # by name it wants an ending, which a kept file has not
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
                return [
                    _sheet(one.title, one.sheet_state != "visible", _cells(one), _merged(one, file))
                    for one in book.worksheets
                ]
        except _BROKEN as error:
            raise damaged(title, error) from error


def _cells(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # what the file says about its size may be a lie
    for row in sheet.iter_rows(max_row=_MOST_ROWS):
        yield [shown(cell.value, cell.number_format if cell.value is not None else "") for cell in row[:MOST_COLUMNS]]


def read_xls(path: Path, title: str) -> list[str]:
    """Return the text of each sheet of an old workbook (.xls), as `read_xlsx` does.

    Raises:
        DocumentRefused: it cannot be opened as a workbook, or it is protected.
    """
    try:
        with (
            path.open("rb") as quiet,
            xlrd.open_workbook(
                file_contents=quiet.read(), logfile=_Nowhere(), on_demand=True, formatting_info=True
            ) as book,
        ):
            return [
                _sheet(one.name, one.visibility != 0, _old_cells(book, one), _old_merged(one)) for one in book.sheets()
            ]
    except _BROKEN as error:
        if "encrypted" in str(error).lower():
            raise DocumentRefused(
                f"{title!r} is protected by a password. Save a copy without the password and add that."
            ) from error
        raise damaged(title, error) from error


class _Nowhere:
    """xlrd writes its doubts here."""

    def write(self, text: str) -> int:
        """Take it and forget it."""
        return len(text)

    def flush(self) -> None:
        """Nothing is kept."""


def _old_cells(book: Any, sheet: Any) -> Iterator[list[str]]:
    for row in range(sheet.nrows):
        yield [_old_cell(book, cell) for cell in sheet.row(row)[:MOST_COLUMNS]]


def _old_merged(sheet: Any) -> list[Merged]:
    return [Merged(a, c, b - a, d - c) for a, b, c, d in sheet.merged_cells[:_MOST_MERGED]]


def _old_cell(book: Any, cell: Any) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            when: dt.datetime = xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError, xlrd.xldate.XLDateError):
            return shown(cell.value)
        return shown(when if cell.value >= 1 else when.time())
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return shown(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#ERROR"))
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return shown(cell.value, _format(book, cell.xf_index))
    return shown(cell.value or None)


def _format(book: Any, index: int | None) -> str:
    if index is None or not 0 <= index < len(book.xf_list):
        return "General"
    found = book.format_map.get(book.xf_list[index].format_key)
    return str(found.format_str) if found else "General"


def _sheet(name: str, hidden: bool, cells: Iterator[list[str]], merged: Sequence[Merged]) -> str:
    heading = f"# {' '.join(name.split()) or 'Sheet'}{' (hidden sheet)' if hidden else ''}"
    rows = [row if any(row) else [] for row in cells]
    return f"{heading}\n\n{blocks_as_text(unmerged(rows, merged) if merged else rows)}".strip()


def _merged(sheet: Any, file: Any) -> list[Merged]:
    """The merged cells of a sheet, which stand behind its rows: what reads row by row does not tell them."""
    found: list[Merged] = []
    before = b""
    with zipfile.ZipFile(file) as archive, archive.open(sheet._worksheet_path.lstrip("/")) as part:
        while len(found) < _MOST_MERGED and (data := part.read(2**20)):
            text = before + data
            for match in _MERGED.finditer(text):
                left, top, right, bottom = range_boundaries(match[1].decode("ascii"))
                found.append(Merged(top - 1, left - 1, bottom - top + 1, right - left + 1))
            before = text[max(text.rfind(b"<"), len(text) - 200) :] if b">" not in text[text.rfind(b"<") :] else b""
    return found
