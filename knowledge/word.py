"""DOCX to text with its headings as # lines and its tables as rows, by python-docx (the only importer).

Reads the body in order. What this does not do: headers, footers, footnotes, comments, pictures; formulas come as
their plain letters.
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
from lxml.etree import XMLSyntaxError

from knowledge.errors import DocumentRefused
from knowledge.tables import rows_as_text

_LEVEL = re.compile(r"(?:heading|überschrift|titre|título)\s*(\d)", re.I)


def read_docx(path: Path, title: str) -> str:
    """Return the text of the document's body.

    Raises:
        DocumentRefused: it is not a DOCX that can be opened.
    """
    try:
        document = docx.Document(str(path))
        blocks = [_block(one) for one in document.iter_inner_content()]
    except (PackageNotFoundError, BadZipFile, XMLSyntaxError, KeyError, ValueError, AttributeError) as error:
        raise DocumentRefused(
            f"{title!r} is damaged: it cannot be opened as a Word document ({error}). Save it again as DOCX or PDF."
        ) from error
    return "\n\n".join(block for block in blocks if block)


def _block(one: Any) -> str:
    if isinstance(one, Table):
        return rows_as_text([[cell.text.strip() for cell in row.cells] for row in one.rows])
    text = _text(one)
    if not text:
        return ""
    style = (one.style.name or "") if one.style is not None else ""
    found = _LEVEL.match(style)
    if style == "Title":
        return f"# {_one_line(text)}"
    if found:
        return f"{'#' * min(6, int(found.group(1)))} {_one_line(text)}"
    return f"- {text}" if style.startswith("List") else text


def _text(paragraph: Any) -> str:
    """The paragraph's text with its formulas, which python-docx leaves out of `paragraph.text`."""
    parts: list[str] = []
    for node in paragraph._p.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("m:t")):
        tag = node.tag.rpartition("}")[2]
        parts.append("\t" if tag == "tab" else "\n" if tag == "br" else node.text or "")
    return "".join(parts).strip()


def _one_line(text: str) -> str:
    return " ".join(text.split())
