"""HTML to text with headings: trafilatura (the only importer) for the main part, the standard library otherwise.

Nothing is fetched. Scripts, styles and what is marked hidden are left out.
What this does not do: it runs no script and reads no style sheet, so text hidden by a class is read.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from knowledge.tables import piped_tables_as_rows, rows_as_text

_SILENT = frozenset("script style noscript template svg head iframe object nav footer select button".split())
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_BLOCK = frozenset(
    "p div section article main header ul ol table tr blockquote pre figure dl dt dd form address aside h1 h2 h3 h4 h5 "
    "h6 li hr br".split()
)
#: Elements that hold the text itself, whatever they are called.
_WHOLE = frozenset("html body main article".split())
_ROLES = frozenset("navigation complementary search contentinfo".split())
_BESIDE = re.compile(r"(?:cookie|cookies|consent|gdpr|breadcrumbs?|advert|advertisement)(?:[-_]|$)")
#: A page's title names the site after one of these.
_SITE = re.compile(r"\s+[-|\u2013\u2014·]\s+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])")
#: Marks of rows and cells until their table ends; data cannot hold them, they count as white space there.
_ROW, _CELL = "\x1e", "\x1f"
#: The number of a footnote, and marks of raised and lowered letters.
_NOTE = re.compile(r"<sup>\\?\[[^\]<>\n]{1,20}\]</sup>|</?su[bp]>")
_LONGEST_CELL = 400
#: A page shorter than this has little around its text: everything visible is taken.
_SHORT = 3000


def read_html(markup: str) -> str:
    """Return the visible text; headings as # lines, list items as - lines. May be empty."""
    everything = visible_text(markup, page=True)
    if len(everything) <= _SHORT:
        return everything
    main = _main_part(markup)
    return main if main and len(main) >= len(everything) * 0.2 else everything


def visible_text(markup: str, *, page: bool = False) -> str:
    """Return everything visible: for mails and chapters of books; of a web `page` not what stands beside its text."""
    open_comment = markup.find("<!--", markup.rfind("-->") + 1)
    if open_comment >= 0:  # a comment without an end hides the rest, and costs the parser a search for each
        markup = markup[:open_comment]
    reader = _Visible(page)
    reader.feed(markup)
    reader.close()
    return reader.result()


def _main_part(markup: str) -> str:
    """The article without what stands around it; empty where trafilatura finds none or cannot be loaded."""
    try:
        import trafilatura
    except ImportError:  # it needs lxml_html_clean, which some installations lack: everything visible is read then
        return ""
    found = trafilatura.extract(
        markup,
        output_format="markdown",
        include_comments=False,
        include_tables=True,
        include_links=False,
        include_images=False,
        include_formatting=True,
        favor_recall=True,
    )
    text = piped_tables_as_rows(_NOTE.sub("", found or ""))
    return re.sub(r"(?<!\w)\*{1,3}(?=\S)([^*\n]+?)(?<=\S)\*{1,3}(?!\w)", r"\1", text)


class _Visible(HTMLParser):
    """Collects visible text; iterative, so that a million nested tags are only slow to write."""

    def __init__(self, page: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self._page = page
        self._parts: list[str] = []
        self._silent: list[str] = []
        self._title: list[str] = []
        self._in_title = False
        self._table = -1  # where the table at hand begins in `_parts`; -1 outside, and in one that holds others

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._in_title = True
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.append(tag)
            return
        said = dict(attrs)
        beside = self._page and tag not in _WHOLE and (tag == "aside" or _is_beside(said))
        if tag not in _VOID and (tag in _SILENT or _is_hidden(said) or beside):
            self._silent.append(tag)
        elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self._parts.append(f"\n\n{'#' * int(tag[1])} ")
        elif tag == "li":
            self._parts.append("\n- ")
        elif tag in {"td", "th"}:
            self._parts.append(_CELL)
        elif tag == "tr":
            self._parts.append(_ROW)
        elif tag == "table":
            self._parts.append("\n\n")
            self._table = len(self._parts)
        elif tag in _BLOCK:
            self._parts.append("\n" if tag in {"br", "dt", "dd"} else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif tag == "table":
            self._end_table()
        elif tag in _BLOCK and tag not in {"br", "li", "tr"}:
            self._parts.append("\n\n")

    def _end_table(self) -> None:
        """An innermost table of short cells becomes rows with their headers; others lay out a page."""
        if self._table >= 0:
            inside = "".join(self._parts[self._table :])
            rows = [[" ".join(cell.split()) for cell in row.split(_CELL)[1:]] for row in inside.split(_ROW)[1:]]
            rows = [row for row in rows if any(row)]
            if rows and all(len(cell) <= _LONGEST_CELL for row in rows for cell in row):
                before = " ".join(inside.split(_ROW)[0].split())
                self._parts[self._table :] = [f"{before}\n" if before else "", rows_as_text(rows)]
        self._table = -1
        self._parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self._title.append(data)
        elif not self._silent:
            self._parts.append(re.sub(r"\s+", " ", data))

    def result(self) -> str:
        """The text with at most one blank line in a row; the title first where no heading says it."""
        marked = "".join(self._parts).replace(_ROW, "\n").replace(_CELL, " | ")
        lines = [" ".join(line.split()).removeprefix("| ") for line in marked.split("\n")]
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        title = " ".join("".join(self._title).split())
        told = text[:500]
        said = any(part in told for part in (title, _SITE.split(title)[0]))
        return f"# {title}\n\n{text}" if title and text and not said else text


def _is_beside(attributes: dict[str, str | None]) -> bool:
    """Whether an element asks about cookies, leads elsewhere or advertises, by its role or its own name."""
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower().split()
    return (attributes.get("role") or "") in _ROLES or any(_BESIDE.match(name) for name in names)


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    style = (attributes.get("style") or "").lower()
    return "hidden" in attributes or attributes.get("aria-hidden") == "true" or _HIDDEN.search(style) is not None
