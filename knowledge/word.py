"""DOCX to text with headings as # lines, lists, tables as rows, footnotes and formulas, by python-docx (the only importer).

Reads the body in order, numbers of clauses and lists as Word shows them, a text box after the paragraph that holds it,
headers and footers once at the end. What this does not do: comments, words that were struck out in tracked changes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table

from knowledge.merged_cells import Merged, unmerged
from knowledge.tables import rows_as_text
from knowledge.word_formulas import formula_text
from knowledge.word_numbers import WordNumbers
from knowledge.xml_parts import XMLError, attribute, damaged, name_of, named, parse_xml

_LEVEL = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop)\s*(\d)", re.I)
#: A list's item, or a clause with its number.
_ITEM = re.compile(r"- |\(?(?:\d{1,3}|[a-z]{1,4}|[A-Z])[.)]\s")
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
        notes, numbers = _Notes(document), WordNumbers(_numbering(document))
        blocks = [_block(one, notes, numbers) for one in document.iter_inner_content()]
        blocks += _around(document)
    except _BROKEN as error:
        raise damaged(title, error) from error
    return _joined([block for block in blocks if block])


def _joined(blocks: list[str]) -> str:
    """Items of a list keep together; everything else has a blank line between."""
    parts: list[str] = []
    for at, block in enumerate(blocks):
        both = at > 0 and _is_item(block) and _is_item(blocks[at - 1])
        parts += ["\n" if both else "\n\n", block]
    return "".join(parts[1:])


def _is_item(block: str) -> bool:
    return _ITEM.match(block) is not None and "\n" not in block


def _numbering(document: Any) -> Any | None:
    """The root of the part that says how lists are numbered."""
    part = next((one for one in document.part.rels.values() if one.reltype.endswith("/numbering")), None)
    return parse_xml(part.target_part.blob, "numbering") if part is not None and not part.is_external else None


def _around(document: Any) -> list[str]:
    """What stands at the head and the foot of the pages, each once; numbers of pages alone say nothing."""
    found: list[str] = []
    for section in document.sections:
        for name, part in (
            ("Header", section.header), ("Header", section.first_page_header),
            ("Footer", section.footer), ("Footer", section.first_page_footer),
        ):  # fmt: skip
            text = "" if part.is_linked_to_previous else _one_line(" ".join(one.text for one in part.paragraphs))
            if len(re.sub(r"(?i)\b(?:page|of|seite|von)\b|[\W\d]", "", text)) > 2:
                found.append(f"{name}: {text}")
    return list(dict.fromkeys(found))


class _Notes:
    """Footnotes and endnotes, which a document has in parts of their own; numbered as they are called."""

    def __init__(self, document: Any) -> None:
        self._texts: dict[tuple[str, str], str] = {}
        self._calls = dict.fromkeys(_NOTES.values(), 0)
        for one in document.part.rels.values():
            kind = next((kind for end, kind in _NOTES.items() if one.reltype.endswith(end)), "")
            if kind and not one.is_external:
                for note in named(parse_xml(one.target_part.blob, "notes"), kind):
                    text = _one_line("".join(t.text or "" for t in named(note, "t")))
                    self._texts[(kind, attribute(note, "id"))] = text

    def called(self, reference: Any) -> tuple[str, str] | None:
        """(number, text) of the note that is called here; None where it has no text."""
        kind = name_of(reference).removesuffix("Reference")
        text = self._texts.get((kind, attribute(reference, "id")), "")
        if not text:
            return None
        self._calls[kind] += 1
        return str(self._calls[kind]), text


def _block(one: Any, notes: _Notes, numbers: WordNumbers) -> str:
    if isinstance(one, Table):
        return _table(one)
    text, called = _text(one, notes)
    boxes = _boxes(one._p)
    label = numbers.label(one) if text else None
    if not text:
        return "\n\n".join(boxes)
    style = (one.style.name or "") if one.style is not None else ""
    found = _LEVEL.match(style) or _LEVEL.match(one._p.style or "")  # a name, or an id without its style
    if style == "Title":
        text = f"# {_one_line(text)}"
    elif found:
        number = f"{label} " if label and label != "-" else ""
        text = f"{'#' * max(1, min(6, int(found.group(1))))} {number}{_one_line(text)}"
    elif label is not None or style.startswith("List"):
        text = f"{label or '-'} {text}"
    return "\n\n".join(["\n".join([text, *called]), *boxes])


def _boxes(paragraph: Any) -> list[str]:
    """The text boxes that hang on a paragraph; a file has each twice, for new and for old programs."""
    found = []
    for box in named(paragraph, "txbxContent"):
        if not any(name_of(above) == "Fallback" for above in box.iterancestors()):
            lines = (_one_line("".join(t.text or "" for t in named(p, "t"))) for p in named(box, "p"))
            found.append("\n".join(line for line in lines if line))
    return [one for one in dict.fromkeys(found) if one]


def _table(table: Any) -> str:
    """A table's rows; python-docx gives a merged cell again in each place that it covers."""
    rows: list[list[str]] = []
    places: dict[Any, list[tuple[int, int]]] = {}
    for row in table.rows:
        at = row.grid_cols_before
        rows.append([""] * at)
        for column, cell in enumerate(row.cells, start=at):
            seen = places.setdefault(cell._tc, [])
            rows[-1].append("" if seen else cell.text.strip())
            seen.append((len(rows) - 1, column))
    merged = []
    for cells in places.values():
        (top, left), (bottom, right) = cells[0], cells[-1]
        if len(cells) > 1:
            merged.append(Merged(top, left, bottom - top + 1, right - left + 1))
    return rows_as_text(unmerged(rows, merged))


def _text(paragraph: Any, notes: _Notes) -> tuple[str, list[str]]:
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
            note = notes.called(node)
            if note is not None:
                parts.append(f"[{note[0]}]")
                called.append(f"[{note[0]}] {note[1]}")
        elif name not in ("del", "moveFrom", "pPr", "rPr", "txbxContent", "Fallback"):
            waiting += reversed(node)
    return "".join(parts).strip(), called


def _one_line(text: str) -> str:
    return " ".join(text.split())
