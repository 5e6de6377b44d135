"""PDF to pages with text, and a page to a picture, by pypdfium2 (the only importer).

What was filled into a form, and text boxes that were put on a page, are read and drawn as part of the page.

pdfium is not safe for threads: call this in a process of its own.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.errors import DocumentMissing, DocumentRefused
from knowledge.page_layout import Piece, joined, lay_out
from knowledge.page_rows import Rule, Word
from knowledge.png import png
from knowledge.quotes import find_quote

#: A hyphen at a line's end: pdfium joins the word with this sign.
_PARTED = "\ufffe\x02"
_LINE = re.compile(r"[^\r\n\ufffe\x02]+")
_WORD = re.compile(r"\S+")
_BOLD = re.compile(rb"bold|black|heavy|-medi\b|semibold|demi", re.I)
_Rect = tuple[float, float, float, float]
#: (left, bottom, right, top) of the file → (left, top, right, bottom) as one reads, for each number of quarter turns.
_TURNS: tuple[Callable[[float, float, float, float], _Rect], ...] = (
    lambda left, low, right, high: (left, -high, right, -low),
    lambda left, low, right, high: (low, left, high, right),
    lambda left, low, right, high: (-right, low, -left, high),
    lambda left, low, right, high: (-high, -right, -low, -left),
)
#: A rule is thinner than this and longer than that (page units); a page with more of them is a drawing.
_THIN, _LEAST_RULE, _MOST_RULES = 3.0, 7.0, 1500
_MOST_OBJECTS, _MOST_NOTES = 6000, 500
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
        page, boxes = _flat(document, number)
        try:
            text_page = page.get_textpage()
            try:
                return "".join(text for text, _ in _laid_out(page, text_page, boxes))
            finally:
                text_page.close()
        finally:
            page.close()
    except pypdfium2.PdfiumError:
        return ""


def _has_boxes(page: pypdfium2.PdfPage) -> bool:
    """Whether there is a form on a page, or a box of text that was put on it."""
    for index in range(min(_MOST_NOTES, pdfium.FPDFPage_GetAnnotCount(page.raw))):
        note = pdfium.FPDFPage_GetAnnot(page.raw, index)
        kind = pdfium.FPDFAnnot_GetSubtype(note) if note else 0
        if note:
            pdfium.FPDFPage_CloseAnnot(note)
        if kind in (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP):
            return True
    return False


def _flat(document: pypdfium2.PdfDocument, number: int) -> tuple[pypdfium2.PdfPage, bool]:
    """A page (from 0) with what was put on it made part of it, in memory only, and whether there was any."""
    page = document[number]
    if not _has_boxes(page):
        return page, False
    if pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS:
        page.close()
        page = document[number]
    return page, True


def _laid_out(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage, boxes: bool) -> list[Piece]:
    text, places = _letters(text_page)
    turn = _turned(text_page, text, places)
    return lay_out(_words(text_page, text, places, turn), _rules(page, turn), boxes=boxes)


def _rules(page: pypdfium2.PdfPage, turn: int) -> list[Rule]:
    """The upright rules on a page: thin lines, and edges that boxes of several rows share."""
    box = [ctypes.c_float() for _ in range(4)]
    there = [ctypes.byref(one) for one in box]
    rules: list[Rule] = []
    edges: dict[int, list[Rule]] = {}
    for index in range(min(_MOST_OBJECTS, pdfium.FPDFPage_CountObjects(page.raw))):
        shape = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(shape) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium.FPDFPageObj_GetBounds(shape, *there):
            continue
        left, top, right, bottom = _TURNS[turn](*(one.value for one in box))
        if bottom - top < _LEAST_RULE:
            continue
        if right - left < _THIN:
            rules.append(((left + right) / 2, top, bottom))
        else:
            for x in (left, right):
                edges.setdefault(round(x), []).append((x, top, bottom))
    shared = [one for group in edges.values() if len({round(top) for _, top, _ in group}) > 1 for one in group]
    return [*rules, *shared] if len(rules) + len(shared) < _MOST_RULES else []


def _words(text_page: pypdfium2.PdfTextPage, text: str, places: list[int], turn: int) -> list[list[Word]]:
    """The page's words with their boxes, in lines as pdfium finds them, turned so that the text runs to the right."""
    rect = pdfium.FS_RECTF()
    there = ctypes.byref(rect)
    box, raw, turned = pdfium.FPDFText_GetLooseCharBox, text_page.raw, _TURNS[turn]
    lines: list[list[Word]] = []
    for line in _LINE.finditer(text):
        words = []
        begin = line.start()
        glued = begin > 0 and text[begin - 1] in _PARTED
        size = pdfium.FPDFText_GetFontSize(raw, places[begin] if places else begin)
        for match in _WORD.finditer(text, begin, line.end()):
            start, end = match.span()
            first, last = (places[start], places[end - 1]) if places else (start, end - 1)
            if not box(raw, first, there):
                continue
            left, low, right, high = rect.left, rect.bottom, rect.right, rect.top
            if last != first and box(raw, last, there):
                left, low = min(left, rect.left), min(low, rect.bottom)
                right, high = max(right, rect.right), max(high, rect.top)
            words.append(Word(match.group(), first, *turned(left, low, right, high), size, glued and start == begin))
        if words:
            for at in {0, len(words) - 1}:
                words[at] = words[at]._replace(bold=_is_bold(text_page, words[at].start))
            lines.append(words)
    return lines


def _is_bold(text_page: pypdfium2.PdfTextPage, index: int) -> bool:
    """Whether the name of the letter's font says so."""
    name, flags = ctypes.create_string_buffer(80), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text_page, index, name, 80, ctypes.byref(flags))
    return _BOLD.search(name.value) is not None


def _letters(text_page: pypdfium2.PdfTextPage) -> tuple[str, list[int]]:
    """The page's letters, and where each stands in the file; no places where that is simply its number."""
    text = str(text_page.get_text_range())
    count = text_page.count_chars()
    if len(text) == count:
        return text, []
    codes = [pdfium.FPDFText_GetUnicode(text_page, index) for index in range(count)]
    kept = [(chr(code), index) for index, code in enumerate(codes) if 0 < code < 0x110000]
    return "".join(char for char, _ in kept), [index for _, index in kept]


def _turned(text_page: pypdfium2.PdfTextPage, text: str, places: list[int]) -> int:
    """Quarter turns, against the clock, of most of the letters looked at."""
    some = [at for at in range(0, len(text), max(1, len(text) // 40)) if text[at].isalnum()]
    turns = [0, 0, 0, 0]
    for at in some:
        angle = pdfium.FPDFText_GetCharAngle(text_page, places[at] if places else at)
        if angle >= 0:
            turns[round(angle / (math.pi / 2)) % 4] += 1
    return turns.index(max(turns))


# -- pictures ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _page(path: Path, number: int, title: str) -> Iterator[tuple[pypdfium2.PdfPage, bool]]:
    with _opened(path, title or path.name) as document:
        if not 1 <= number <= len(document):
            raise DocumentMissing(f"{title or path.name!r} has no page {number!r}; it has {len(document)}.")
        try:
            page, boxes = _flat(document, number - 1)
        except pypdfium2.PdfiumError as error:
            raise DocumentMissing(f"Page {number} of {title or path.name!r} is damaged ({error}).") from error
        try:
            yield page, boxes
        finally:
            page.close()


def render_page(path: Path, page: int, *, title: str = "") -> bytes:
    """Return one page (counted from 1) as PNG bytes, about 1,200 pixels wide, upright as a reader shows it.

    Raises:
        DocumentRefused: not a PDF that can be opened.
        DocumentMissing: no such page, or it cannot be drawn.
    """
    with _page(path, page, title) as (opened, _):
        return _drawn(opened, page, title or path.name, _WIDTH)


def render_scan(path: Path, page: int, *, title: str = "") -> bytes:
    """Return one page as a grey PNG of 300 dots an inch, for text recognition. Raises as `render_page` does."""
    with _page(path, page, title) as (opened, _):
        return _drawn(opened, page, title or path.name, opened.get_size()[0] * 300 / 72, grey=True)


def _drawn(opened: pypdfium2.PdfPage, page: int, title: str, wide: float, *, grey: bool = False) -> bytes:
    width, height = opened.get_size()
    if not (width > 0 and height > 0):
        raise DocumentMissing(f"Page {page} of {title!r} has no size and cannot be drawn.")
    scale = min(wide / width, (_MOST_PIXELS * (2 if grey else 1) / (width * height)) ** 0.5)
    try:
        bitmap = opened.render(scale=scale, rev_byteorder=True, grayscale=grey, fill_color=(255, 255, 255, 255))
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise DocumentMissing(f"Page {page} of {title!r} cannot be drawn ({error}).") from error
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
    with _page(path, page, title) as (opened, boxes):
        try:
            text_page = opened.get_textpage()
        except pypdfium2.PdfiumError:
            return ()
        try:
            pieces = _laid_out(opened, text_page, boxes)
            start, end = find_quote("".join(text for text, _ in pieces), quote)
            return tuple(joined([_shown(opened, box) for box in _boxes(text_page, pieces, start, end)]))
        finally:
            text_page.close()


def is_scan(path: Path, page: int, *, title: str = "") -> bool:
    """Return whether a page has no letters of its own. Raises as `quote_boxes` does."""
    with _page(path, page, title) as (opened, _):
        try:
            text_page = opened.get_textpage()
        except pypdfium2.PdfiumError:
            return False
        try:
            return bool(text_page.count_chars() == 0)
        finally:
            text_page.close()


def _boxes(text_page: pypdfium2.PdfTextPage, pieces: list[Piece], start: int, end: int) -> Iterator[_Rect]:
    """(left, bottom, right, top), page units, of each word that stands in text[start:end]."""
    rect = pdfium.FS_RECTF()
    there = ctypes.byref(rect)
    at = 0
    for text, first in pieces:
        begin, stop = max(start, at), min(end, at + len(text))
        found = []
        for index in (first + begin - at, first + stop - at - 1) if first >= 0 and begin < stop else ():
            if pdfium.FPDFText_GetLooseCharBox(text_page, index, there):
                found.append((rect.left, rect.bottom, rect.right, rect.top))
        if found:
            lefts, lows, rights, highs = zip(*found)
            yield min(lefts), min(lows), max(rights), max(highs)
        at += len(text)


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
