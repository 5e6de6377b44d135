"""PDF to pages with text, and a page to a picture, by pypdfium2 (the only importer). No form fields.

pdfium is not safe for threads: call this in a process of its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.errors import DocumentMissing, DocumentRefused
from knowledge.png import png
from knowledge.quotes import find_quote

_HYPHEN = re.compile(r"(?<=\w)[\ufffe\x02\u00ad]\s*\n?\s*(?=\w)")
#: A page is drawn this wide (pixels), and never with more pixels than this: a page may say it is 10 km high.
_WIDTH = 1200
_MOST_PIXELS = 6_000_000


def read_pdf(path: Path, title: str, most_pages: int) -> Iterator[str]:
    """Yield the text of each page in order; an empty string where a page has none.

    Raises:
        DocumentRefused: encrypted, damaged, or more than `most_pages` pages.
    """
    with _opened(path, title) as document:
        if len(document) > most_pages:
            raise DocumentRefused(
                f"{title!r} has {len(document):,} pages, at most {most_pages:,} are read. Split it and add the parts."
            )
        if len(document) == 0:
            raise DocumentRefused(f"{title!r} is a PDF without pages. Download or export it again.")
        for number in range(len(document)):
            yield _page_text(document, number)


@contextlib.contextmanager
def _opened(path: Path, title: str) -> Iterator[pypdfium2.PdfDocument]:
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
        yield document
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


# -- pictures ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _page(path: Path, number: int, title: str) -> Iterator[pypdfium2.PdfPage]:
    with _opened(path, title or path.name) as document:
        if not 1 <= number <= len(document):
            raise DocumentMissing(f"{title or path.name!r} has no page {number!r}; it has {len(document)}.")
        try:
            page = document[number - 1]
        except pypdfium2.PdfiumError as error:
            raise DocumentMissing(f"Page {number} of {title or path.name!r} is damaged ({error}).") from error
        try:
            yield page
        finally:
            page.close()


def render_page(path: Path, page: int, *, title: str = "") -> bytes:
    """Return one page (counted from 1) as PNG bytes, about 1,200 pixels wide, upright as a reader shows it.

    Raises:
        DocumentRefused: not a PDF that can be opened.
        DocumentMissing: no such page, or it cannot be drawn.
    """
    with _page(path, page, title) as opened:
        width, height = opened.get_size()
        if not (width > 0 and height > 0):
            raise DocumentMissing(f"Page {page} of {title or path.name!r} has no size and cannot be drawn.")
        scale = min(_WIDTH / width, (_MOST_PIXELS / (width * height)) ** 0.5)
        try:
            bitmap = opened.render(scale=scale, rev_byteorder=True, fill_color=(255, 255, 255, 255))
        except (pypdfium2.PdfiumError, ValueError) as error:
            raise DocumentMissing(f"Page {page} of {title or path.name!r} cannot be drawn ({error}).") from error
        try:
            return png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, channels=bitmap.n_channels)
        finally:
            bitmap.close()


def quote_boxes(path: Path, page: int, quote: str, *, title: str = "") -> tuple[tuple[float, float, float, float], ...]:
    """Return where a quote stands on a page: a (left, top, right, bottom) for each of its lines, () if nowhere.

    Shares of the page as it is drawn, 0 to 1 from the upper left corner, so that they fit a picture of any size.

    Raises:
        DocumentRefused: not a PDF that can be opened.
        DocumentMissing: no such page.
    """
    with _page(path, page, title) as opened:
        text_page = opened.get_textpage()
        try:
            start, end = find_quote(str(text_page.get_text_range()), quote)
            if start < 0:
                return ()
            return tuple(_shown(opened, box) for box in _lines(text_page, start, end))
        finally:
            text_page.close()


def _lines(text_page: pypdfium2.PdfTextPage, start: int, end: int) -> list[tuple[float, float, float, float]]:
    """The rectangles (left, bottom, right, top; page units) that pdfium makes of a range of characters."""
    count = text_page.count_rects(start, end - start)
    return [text_page.get_rect(index) for index in range(count)]


def _shown(page: pypdfium2.PdfPage, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Page units, origin below, unturned → shares of the page as drawn, turned and cropped as it says."""
    many = 10_000
    x, y = ctypes.c_int(), ctypes.c_int()
    found = []
    for across, up in ((box[0], box[1]), (box[2], box[3])):
        pdfium.FPDF_PageToDevice(page, 0, 0, many, many, 0, across, up, ctypes.byref(x), ctypes.byref(y))
        found.append((min(1.0, max(0.0, x.value / many)), min(1.0, max(0.0, y.value / many))))
    (a, b), (c, d) = found
    return (min(a, c), min(b, d), max(a, c), max(b, d))
