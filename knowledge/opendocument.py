"""ODT, ODS and ODP to text: a page for each sheet and slide; headings, lists, notes, rows with their headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from knowledge.errors import DocumentRefused
from knowledge.merged_cells import Merged, unmerged
from knowledge.tables import MOST_COLUMNS, blocks_as_text
from knowledge.xml_parts import attribute, name_of, named, parse_xml, zip_part

_DEEPEST = 200
_MOST_ROWS = 1_048_576


def read_opendocument(path: Path, title: str) -> tuple[str, list[str]]:
    """Return (kind: odt, ods or odp; the text of each page, one for odt).

    Raises:
        DocumentRefused: damaged, or its text is protected by a password.
    """
    manifest = zip_part(path, "META-INF/manifest.xml", title) if _has_manifest(path, title) else b""
    if b"encryption-data" in manifest:
        raise DocumentRefused(f"{title!r} is protected by a password. Save a copy without the password and add that.")
    root = parse_xml(zip_part(path, "content.xml", title), title)
    within = next(named(root, "body"), root)  # styles hold elements called "text", too
    body = next(named(within, "spreadsheet", "presentation", "text"), None)
    if body is None:
        raise DocumentRefused(f"{title!r} has no text part. Export it as PDF and add that.")
    if name_of(body) == "spreadsheet":
        return "ods", [f"# {attribute(one, 'name')}\n\n{_table(one)}" for one in body if name_of(one) == "table"]
    if name_of(body) == "presentation":
        pages = [one for one in body if name_of(one) == "page"]
        return "odp", [f"# {attribute(one, 'name') or at}\n\n{_blocks(one, 0)}" for at, one in enumerate(pages, 1)]
    return "odt", [_blocks(body, 0)]


def _has_manifest(path: Path, title: str) -> bool:
    from knowledge.archive import checked_names

    return "META-INF/manifest.xml" in checked_names(path, title)


def _blocks(parent: Any, depth: int) -> str:
    """The blocks below an element, a blank line between them."""
    if depth > _DEEPEST:
        return ""
    parts: list[str] = []
    for one in parent:
        name = name_of(one)
        if name == "h":
            level = attribute(one, "outline-level")
            parts.append(f"{'#' * (min(6, int(level)) if level.isdigit() and level != '0' else 1)} {_line(one)}")
        elif name == "p":
            parts.append(_line(one))
        elif name == "list":
            parts.append(_list(one, depth + 1))
        elif name == "table":
            parts.append(_table(one))
        elif name in ("notes", "section", "frame", "text-box", "g", "custom-shape", "index-body", "table-of-content"):
            inner = _blocks(one, depth + 1)
            parts.append(f"Notes: {inner}" if name == "notes" and inner else inner)
    return "\n\n".join(part for part in parts if part.strip(" #"))


def _list(one: Any, depth: int) -> str:
    items = [_blocks(item, depth + 1).replace("\n\n", "\n  ") for item in one if name_of(item) == "list-item"]
    return "\n".join(f"- {item.removeprefix('- ')}" for item in items if item)


def _line(paragraph: Any) -> str:
    """A paragraph's text in one line, footnotes in brackets where they are called."""
    return " ".join(_inner(paragraph, 0).split())


def _inner(element: Any, depth: int) -> str:
    if depth > _DEEPEST:
        return ""
    parts = [element.text or ""]
    for one in element:
        name = name_of(one)
        if name in ("s", "tab", "line-break"):
            parts.append(" ")
        elif name == "note":
            said = " ".join(_inner(body, depth + 1) for body in one if name_of(body) == "note-body")
            parts.append(f" [{' '.join(said.split())}] ")
        elif name not in ("annotation", "tracked-changes", ""):
            parts.append(_inner(one, depth + 1))
        parts.append(one.tail or "")
    return "".join(parts)


def _table(table: Any) -> str:
    rows: list[list[str]] = []
    merged: list[Merged] = []
    for row in named(table, "table-row"):
        cells: list[str] = []
        for cell in row:
            if name_of(cell) in ("table-cell", "covered-table-cell") and len(cells) < MOST_COLUMNS:
                text = " ".join(_line(one) for one in cell if name_of(one) in ("p", "list")).strip()
                if attribute(cell, "value-type") == "date":  # as it is kept: what is shown may be read in two ways
                    text = attribute(cell, "date-value").removesuffix("T00:00:00") or text
                # A sheet ends in one cell repeated a million times: it counts only where it says something.
                down, across = _number(cell, "number-rows-spanned"), _number(cell, "number-columns-spanned")
                if text and (down > 1 or across > 1):
                    merged.append(Merged(len(rows), len(cells), down, across))
                many = _number(cell, "number-columns-repeated")
                cells += [text] * min(many, MOST_COLUMNS - len(cells))
        while cells and not cells[-1]:
            cells.pop()
        if (cells or (rows and rows[-1])) and len(rows) < _MOST_ROWS:  # one empty row parts tables
            rows.append(cells)
    return blocks_as_text(unmerged(rows, merged))


def _number(cell: Any, name: str) -> int:
    """A number that the file tells of a cell; 1 where it tells none."""
    value = attribute(cell, name)
    return int(value) if value.isdigit() and len(value) < 8 else 1
