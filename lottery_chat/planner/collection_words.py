"""Where a word stands in a document's pages, how long they are, and their headings: counted, never guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.passage import Document
from lottery_chat.events import Citation

_AROUND = 90
_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S[^\n]{0,200})$", re.M)
_PAGES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Mentions:
    """How often a word stands in a document, on which pages, and the line of the first place."""

    document: str
    title: str
    count: int
    pages: tuple[int, ...]
    quote: str
    page: int | None

    @property
    def where(self) -> str:
        """The pages in words; empty where the document has none."""
        if not self.pages:
            return ""
        shown = ", ".join(str(one) for one in self.pages[:_PAGES_SHOWN])
        more = f" and {len(self.pages) - _PAGES_SHOWN} more" if len(self.pages) > _PAGES_SHOWN else ""
        return f"{'page' if len(self.pages) == 1 else 'pages'} {shown}{more}"

    def citation(self) -> Citation:
        """The first place."""
        return Citation("document", self.title, self.page, "", "", self.quote.strip("… "), self.document)


def mentions_of(document: Document, texts: Sequence[tuple[int | None, str]], term: str) -> Mentions:
    """Count a term in a document's pages: whole words, case and white space aside, a plural or genitive s allowed."""
    words = r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", term) if word)
    pattern = re.compile(rf"(?<!\w){words}(?:['’]?s)?(?!\w)", re.IGNORECASE)
    count, quote, first = 0, "", None
    pages: list[int] = []
    for number, text in texts:
        places = [match.start() for match in pattern.finditer(text)] if words else []
        if not places:
            continue
        if not count:
            quote, first = _line_at(text, places[0]), number
        count += len(places)
        if number is not None:
            pages.append(number)
    return Mentions(document.id, document.title, count, tuple(pages), quote, first)


def _line_at(text: str, at: int) -> str:
    """The words around a place, within its line, as they stand there."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    end = len(text) if end < 0 else end
    low, high = max(start, at - _AROUND), min(end, at + _AROUND)
    while low > start and not text[low - 1].isspace():
        low += 1
    while high < end and not text[high].isspace():
        high -= 1
    return text[low:high].strip() if low < high else text[start:end][:200].strip()


def words_of(text: str) -> int:
    """How many words a text has: runs of letters or digits between white space."""
    return sum(any(char.isalnum() for char in word) for word in text.split())


def headings_in(texts: Sequence[tuple[int | None, str]]) -> list[tuple[int, str, int | None]]:
    """Return (level, text, page) of the headings in order; lines of code are none."""
    found = []
    for number, text in texts:
        plain = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
        found += [(len(match[1]), match[2].strip(), number) for match in _HEADING.finditer(plain)]
    return found
