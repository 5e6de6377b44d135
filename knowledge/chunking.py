"""Pages to passages: whole sentences under their headings, measured by the embedder's own tokens.

A passage never crosses a page, never exceeds what the embedder reads, and is an exact slice of its page's text.
Two neighbours under the same heading share one sentence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.passage import Page, Passage
from knowledge.sentences import split_sentences

CountTokens = Callable[[Sequence[str]], list[int]]

#: All-MiniLM reads 256 tokens with its two marks; the rest is for title and headings put before the text.
MOST_TOKENS = 220
#: Above this a paragraph's end closes a passage.
FULL_ENOUGH = 150
#: A sentence longer than this is not repeated in the next passage.
OVERLAP_TOKENS = 60
#: A word of 100,000 letters is one unknown token to the embedder: letters are bounded too.
MOST_CHARACTERS = 2400
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S[^\n]*)")
_FENCE = "```"


@dataclass(frozen=True, slots=True)
class _Unit:
    start: int
    end: int
    tokens: int
    heading: tuple[str, ...]
    is_heading: bool
    ends_paragraph: bool


def chunk_pages(document_id: str, title: str, pages: Iterable[Page], count_tokens: CountTokens) -> Iterator[Passage]:
    """Yield the passages of a document in reading order.

    Args:
        document_id: 32 hexadecimal digits; passages get ids from it, their place and their text.
        count_tokens: number of tokens of each text, without the embedder's own marks.
    """
    ordinal = 0
    above: tuple[tuple[int, str], ...] = ()  # (level, name) of the headings that hold at the end of the page before
    for page in pages:
        units, above = _units(page.text, above, count_tokens)
        for start, end, heading in _pack(units):
            text = page.text[start:end]
            made = hashlib.sha256(f"{document_id}/{page.number}/{start}/{text}".encode("utf-8", "surrogatepass"))
            yield Passage(made.hexdigest()[:32], document_id, title, page.number, heading, text, start, end, ordinal)
            ordinal += 1


def _units(
    text: str, above: tuple[tuple[int, str], ...], count_tokens: CountTokens
) -> tuple[list[_Unit], tuple[tuple[int, str], ...]]:
    """Cut a page into sentences that fit, each with the headings above it; return those that hold at its end too."""
    spans = _fitting(text, split_sentences(text), count_tokens)
    units: list[_Unit] = []
    levels = list(above)
    fenced = False
    for index, (start, end, tokens) in enumerate(spans):
        fenced ^= text.count(_FENCE, start, end) % 2 == 1
        found = None if fenced else _HEADING.fullmatch(text, start, end)
        if found:
            level = len(found.group(1))
            levels = [one for one in levels if one[0] < level] + [(level, found.group(2).strip(" #")[:120])]
        following = spans[index + 1][0] if index + 1 < len(spans) else len(text)
        ends = "\n\n" in text[end:following] or following == len(text)
        heading = tuple(name for _, name in levels)
        units.append(_Unit(start, end, tokens, heading, bool(found), ends))
    return units, tuple(levels)


def _fitting(text: str, spans: Sequence[tuple[int, int]], count_tokens: CountTokens) -> list[tuple[int, int, int]]:
    """Return the spans with their tokens, those too long halved at white space until each piece fits."""
    fits: dict[tuple[int, int], int] = {}
    left = list(spans)
    while left:
        counts = count_tokens([text[start:end] for start, end in left])
        again: list[tuple[int, int]] = []
        for (start, end), tokens in zip(left, counts):
            if (tokens <= MOST_TOKENS and end - start <= MOST_CHARACTERS) or end - start <= 1:
                fits[(start, end)] = tokens
            else:
                again += _halves(text, start, end)
        left = again
    return [(start, end, fits[(start, end)]) for start, end in sorted(fits)]


def _halves(text: str, start: int, end: int) -> list[tuple[int, int]]:
    middle = (start + end) // 2
    window = (end - start) // 4
    for mark in ("\n", "; ", ", ", " "):
        at = text.rfind(mark, middle - window, middle + window)
        if at > start:
            middle = at + len(mark)
            break
    kept = []
    for a, b in ((start, middle), (middle, end)):
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        if a < b:
            kept.append((a, b))
    return kept


def _pack(units: Sequence[_Unit]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield (start, end, heading) of the passages that these sentences make."""
    current: list[_Unit] = []
    tokens = 0
    fresh = 0  # how many of `current` were not in the passage before
    for unit in units:
        if current and (_starts_anew(unit, current) or not _fits(unit, current, tokens)):
            if fresh:
                yield current[0].start, current[-1].end, current[-1].heading
            current = _overlap(unit, current)
            if current and not _fits(unit, current, current[0].tokens):
                current = []
            tokens, fresh = sum(one.tokens for one in current), 0
        current.append(unit)
        tokens += unit.tokens
        fresh += 1
        if unit.ends_paragraph and tokens >= FULL_ENOUGH:
            yield current[0].start, current[-1].end, current[-1].heading
            current, tokens, fresh = [], 0, 0
    if fresh:
        yield current[0].start, current[-1].end, current[-1].heading


def _starts_anew(unit: _Unit, current: Sequence[_Unit]) -> bool:
    """A heading begins a passage, unless nothing but headings stands before it."""
    return unit.is_heading and not all(one.is_heading for one in current)


def _fits(unit: _Unit, current: Sequence[_Unit], tokens: int) -> bool:
    return tokens + unit.tokens <= MOST_TOKENS and unit.end - current[0].start <= MOST_CHARACTERS


def _overlap(unit: _Unit, current: Sequence[_Unit]) -> list[_Unit]:
    last = current[-1]
    repeat = not unit.is_heading and not last.is_heading and last.tokens <= OVERLAP_TOKENS
    return [last] if repeat and last.heading == unit.heading else []
