"""DOCX to text with headings as # lines, lists, tables as rows, footnotes and formulas, by python-docx (the only importer).

Reads the body in order. What this does not do: headers, footers, comments, text boxes, words that were struck out in
tracked changes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table

from knowledge.tables import rows_as_text
from knowledge.word_formulas import formula_text
from knowledge.xml_parts import XMLError, attribute, damaged, name_of, named, parse_xml

_LEVEL = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop)\s*(\d)", re.I)
_BROKEN = (
    PackageNotFoundError, BadZipFile, XMLError, ValueError, LookupError, AttributeError, TypeError, AssertionError,
    OSError, EOFError, NotImplementedError,
)  # fmt: skip
_NOTES = {"/footnotes": "footnote", "/endnotes": "endnote"}


def read_docx(path: Path, title: str) -> str:
    """Return the text of the document's body; a note stands below the paragraph that calls it.

    Raises:
        DocumentRefused: it is not a DOCX that can be opened.
    """
    try:
        document = docx.Document(str(path))
        notes = _notes(document)
        blocks = [_block(one, notes) for one in document.iter_inner_content()]
    except _BROKEN as error:
        raise damaged(title, error) from error
    return _joined([block for block in blocks if block])


def _joined(blocks: list[str]) -> str:
    """Items of a list keep together; everything else has a blank line between."""
    parts: list[str] = []
    for at, block in enumerate(blocks):
        both = at > 0 and block.startswith("- ") and blocks[at - 1].startswith("- ")
        parts += ["\n" if both else "\n\n", block]
    return "".join(parts[1:])


def _notes(document: Any) -> dict[tuple[str, str], str]:
    """{(footnote or endnote, its id): its text}; a document has them in parts of their own."""
    found: dict[tuple[str, str], str] = {}
    for one in document.part.rels.values():
        kind = next((kind for end, kind in _NOTES.items() if one.reltype.endswith(end)), "")
        if kind and not one.is_external:
            for note in named(parse_xml(one.target_part.blob, "notes"), kind):
                found[(kind, attribute(note, "id"))] = " ".join("".join(t.text or "" for t in named(note, "t")).split())
    return found


def _block(one: Any, notes: dict[tuple[str, str], str]) -> str:
    if isinstance(one, Table):
        return rows_as_text([[cell.text.strip() for cell in _cells(row)] for row in one.rows])
    text, called = _text(one, notes)
    if not text:
        return ""
    style = (one.style.name or "") if one.style is not None else ""
    found = _LEVEL.match(style) or _LEVEL.match(one._p.style or "")  # a name, or an id without its style
    if style == "Title":
        text = f"# {_one_line(text)}"
    elif found:
        text = f"{'#' * max(1, min(6, int(found.group(1))))} {_one_line(text)}"
    elif style.startswith("List") or one._p.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None:
        text = f"- {text}"
    return "\n".join([text, *called])


def _cells(row: Any) -> list[Any]:
    """The row's cells, one that spans several columns only once."""
    kept: list[Any] = []
    for cell in row.cells:
        if not kept or cell._tc is not kept[-1]._tc:
            kept.append(cell)
    return kept


def _text(paragraph: Any, notes: dict[tuple[str, str], str]) -> tuple[str, list[str]]:
    """The paragraph's text with its formulas, which `paragraph.text` leaves out, and the notes it calls."""
    parts: list[str] = []
    called: list[str] = []
    waiting = list(reversed(paragraph._p))
    while waiting:
        node = waiting.pop()
        name = name_of(node)
        if name == "oMath":
            parts.append(formula_text(node))
        elif name == "t":
            parts.append((node.text or "") + "".join(one.tail or "" for one in node))
        elif name in ("tab", "br", "cr"):
            parts.append("\t" if name == "tab" else "\n")
        elif name in ("footnoteReference", "endnoteReference"):
            note = notes.get((name.removesuffix("Reference"), attribute(node, "id")), "")
            if note:
                parts.append(f"[{attribute(node, 'id')}]")
                called.append(f"[{attribute(node, 'id')}] {note}")
        elif name not in ("del", "moveFrom", "pPr", "rPr", "txbxContent", "Fallback"):
            waiting += reversed(node)
    return "".join(parts).strip(), called


def _one_line(text: str) -> str:
    return " ".join(text.split())
