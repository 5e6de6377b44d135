"""PDF to pages with text, by pypdfium2 (the only importer). Text only: no pictures, no form fields, no OCR.

pdfium is not safe for threads: call this in a process of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

from knowledge.errors import DocumentRefused

_HYPHEN = re.compile(r"(?<=\w)[\ufffe\x02\u00ad]\s*\n?\s*(?=\w)")


def read_pdf(path: Path, title: str, most_pages: int) -> Iterator[str]:
    """Yield the text of each page in order; an empty string where a page has none.

    Raises:
        DocumentRefused: encrypted, damaged, or more than `most_pages` pages.
    """
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise DocumentRefused(
                f"{title!r} is protected by a password. Save a copy without the password and add that."
            ) from error
        raise DocumentRefused(
            f"{title!r} is damaged: no PDF reader can open it ({error}). Download or export it again."
        ) from error
    try:
        if len(document) > most_pages:
            raise DocumentRefused(
                f"{title!r} has {len(document):,} pages, at most {most_pages:,} are read. Split it and add the parts."
            )
        if len(document) == 0:
            raise DocumentRefused(f"{title!r} is a PDF without pages. Download or export it again.")
        for number in range(len(document)):
            yield _page_text(document, number)
    finally:
        document.close()


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    """Return one page's text; a page that is broken by itself gives none and costs the others nothing."""
    try:
        page = document[number]
        try:
            text_page = page.get_textpage()
            try:
                text = str(text_page.get_text_bounded())
            finally:
                text_page.close()
        finally:
            page.close()
    except pypdfium2.PdfiumError:
        return ""
    return _HYPHEN.sub("", text.replace("\r\n", "\n"))
