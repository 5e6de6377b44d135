"""Lines at the head and the foot of pages that come again on each page: kept once, so that not every passage holds them.

A line counts as coming again where it is the same, or the same but for a number that counts the pages.
What this does not do: heads that change with the chapter and stand on fewer than three pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

#: How many lines at each edge of a page may be such lines.
_EDGE = 3
#: They stand on at least this share of the pages with text; on two pages of two.
_SHARE = 0.4
_NUMBER = re.compile(r"\d{1,6}")
_PAGE_ONLY = re.compile(r"(?i)(?:page|p\.|seite|página|pagina|of|von|de|sur|/|[-\u2013|.:#\s\d])*")
_LONGEST = 200


def without_running_lines(pages: Sequence[str]) -> list[str]:
    """Return the pages without the lines that come again; where one says more than a number it stays on its first page."""
    edges = [(_edge(page.split("\n"), 1), _edge(page.split("\n"), -1)) for page in pages]
    with_text = sum(bool(page.strip()) for page in pages)
    counts: Counter[tuple[int, str]] = Counter()
    for number, both in enumerate(edges):
        for side, outer in enumerate(both):
            counts.update({(side, key) for _, line in outer for key in _keys(line, number)})
    least = max(2 if with_text == 2 else 3, _SHARE * with_text)
    seen: set[str] = set()
    found: list[str] = []
    for number, (page, both) in enumerate(zip(pages, edges)):
        lines = page.split("\n")
        for side, edge in enumerate(both):
            for at, line in edge:
                again = [key for key in _keys(line, number) if counts[(side, key)] >= least]
                if not again:
                    break  # what stands further in is text
                first = not seen & set(again) and not _PAGE_ONLY.fullmatch(line)
                seen.update(again)
                lines[at] = f"\n{line.lstrip('# ')}\n" if first else ""
        left = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
        found.append(left or page)  # a page that says nothing else keeps it
    return found


def _edge(lines: Sequence[str], step: int) -> list[tuple[int, str]]:
    """The outermost lines of a page that say something, from its edge inwards, each with its place."""
    places = range(len(lines)) if step > 0 else range(len(lines) - 1, -1, -1)
    filled = [(at, lines[at].strip()) for at in places if lines[at].strip()]
    return [(at, line) for at, line in filled[:_EDGE] if len(line) <= _LONGEST]


def _keys(line: str, page: int) -> Iterator[str]:
    """The line itself, and the line with each of its numbers told by how far it is from the page's place."""
    plain = line.lstrip("# ")
    yield plain
    for match in _NUMBER.finditer(plain):
        yield f"{plain[: match.start()]}<{int(match[0]) - page}>{plain[match.end() :]}"
