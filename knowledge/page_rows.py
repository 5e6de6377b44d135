"""Words with their places on a page to rows of segments: what the file writes on one height, parted at wide gaps and rules.

The order is the file's own. A line that was only stretched to the column's width is no row of cells, and the mark
before an item of a list is no cell.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from typing import NamedTuple

#: A gap this wide (in heights of a line) parts cells or columns; words of a justified line stand nearer.
GAP = 0.8
#: Between the words of a stretched line the gaps differ by no more than this (heights).
_EVEN = 0.12
#: What stands this near to the words before it goes on them (heights).
_TOUCHING = 0.1
#: What stands before an item of a list: signs, and places that fonts of signs use.
_MARKS = frozenset("•◦▪▫■□●○‣⁃∙·–➢➤❖\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf02d\uf0a8")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]")


class Word(NamedTuple):
    """A word and its box, turned upright: x to the right, y down, page units. `start` counts letters of the file.

    `size` is the size of its letters (page units); `glued`: it goes on a word that was parted at a line's end; `bold`
    is known of the first and the last word of a line.
    """

    text: str
    start: int
    left: float
    top: float
    right: float
    bottom: float
    size: float
    glued: bool = False
    bold: bool = False


class Segment(NamedTuple):
    """Words without a wide gap between: a cell, or a line of a column."""

    words: tuple[Word, ...]
    left: float
    top: float
    right: float
    bottom: float
    #: How many lines it has: more than one only in cells that `wrapped_cells` put together.
    lines: int = 1

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


Row = list[Segment]
#: An upright rule between cells: x, top, bottom.
Rule = tuple[float, float, float]


def rows_of(lines: Sequence[Sequence[Word]], rules: Sequence[Rule] = ()) -> list[Row]:
    """Lines cut at wide gaps and at rules; what the file writes on one height, from left to right, is one row."""
    rows: list[Row] = []
    for line in lines:
        for segment in segments_of(line, rules):
            if rows and _beside(rows[-1][-1], segment):
                if segment.left - rows[-1][-1].right < _TOUCHING * (segment.bottom - segment.top):
                    rows[-1][-1] = _one([rows[-1][-1], segment])  # the number of a note, a word in other letters
                else:
                    rows[-1].append(segment)
            else:
                rows.append([segment])
    for at in [*range(len(rows)), *reversed(range(len(rows)))]:
        if len(rows[at]) > 1 and _is_stretched(rows, at):
            rows[at] = [_one(rows[at])]
    return [_item(row) for row in rows]


def segments_of(line: Sequence[Word], rules: Sequence[Rule] = ()) -> Iterator[Segment]:
    """Yield the words of a line in segments."""
    middle = (line[0].top + line[0].bottom) / 2 if line else 0.0
    crossing = [x for x, top, bottom in rules if top <= middle <= bottom]
    begin = 0
    for at in range(1, len(line) + 1):
        if at == len(line) or _parted(line[at - 1], line[at]) or _ruled(line[at - 1], line[at], crossing):
            words = tuple(line[begin:at])
            begin = at
            if words:
                yield joined_words(words)


def joined_words(words: tuple[Word, ...], lines: int = 1) -> Segment:
    """Return words as one segment."""
    lefts, tops, rights, bottoms = list(zip(*words))[2:6]
    return Segment(words, min(lefts), min(tops), max(rights), max(bottoms), lines)


def _one(row: Row) -> Segment:
    return joined_words(tuple(word for one in row for word in one.words))


def _ruled(before: Word, word: Word, crossing: Sequence[float]) -> bool:
    """Whether a rule stands between two words."""
    return any(before.right - 1.0 <= x <= word.left + 1.0 for x in crossing)


def filled_in(rows: Sequence[Row], least: int = 1) -> list[Row]:
    """Return the rows with those at the end that stand right of an earlier row put into it: what was filled into a form.

    Args:
        least: so many rows at the beginning stay as they are.
    """
    found = [list(row) for row in rows[:least]]
    for row in rows[least:]:
        level = [one for one in found if len(row) == 1 and _beside(one[-1], row[0])] if found else []
        back = bool(found) and row[0].top < found[-1][0].top
        if level and back:
            near = max(level, key=lambda one: one[-1].right)
            near[:] = [_one([*near, *row])] if len(near) == 1 else [*near, *row]
        else:
            found.append(list(row))
    return found


def _is_stretched(rows: Sequence[Row], at: int) -> bool:
    """Whether a row is a line of text with even gaps, as wide as the line above or below it."""
    words = [word for one in rows[at] for word in one.words]
    height = height_of(rows[at])
    gaps = [b.left - a.right for a, b in zip(words, words[1:])]
    if len(gaps) < 2 or max(gaps) - min(gaps) > _EVEN * height:
        return False
    left, right = rows[at][0].left, rows[at][-1].right
    for other in (rows[near] for near in (at - 1, at + 1) if 0 <= near < len(rows)):
        apart = max(rows[at][0].top - other[0].bottom, other[0].top - rows[at][0].bottom)
        if len(other) == 1 and abs(other[0].left - left) < 1.5 and abs(other[0].right - right) < 1.5 and apart < height:
            return True
    return False


def _item(row: Row) -> Row:
    """An item of a list: its mark and its text are one segment, and the mark is a hyphen."""
    first = row[0].words[0]
    if len(row) == 2 and len(row[0].words) == 1 and (first.text in _MARKS or _NUMBERED.fullmatch(first.text)):
        row = [_one(row)]
    if first.text in _MARKS and len(row) == 1 and len(row[0].words) > 1:
        row = [row[0]._replace(words=(first._replace(text="-"), *row[0].words[1:]))]
    return row


def _parted(before: Word, word: Word) -> bool:
    """Whether a wide gap parts two words that the file writes in one line, whichever way the script runs."""
    height = max(before.bottom - before.top, word.bottom - word.top)
    gap = max(word.left - before.right, before.left - word.right)
    shared = min(before.bottom, word.bottom) - max(before.top, word.top)
    return shared <= 0 or not -height < gap <= GAP * height


def _beside(one: Segment, other: Segment) -> bool:
    """Whether the other stands right of this one, on the same height."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    height = min(one.bottom - one.top, other.bottom - other.top)
    return shared > 0.6 * height and other.left >= one.right - 0.2 * height and not other.words[0].glued


def height_of(row: Row) -> float:
    """The height of a row, at least 1."""
    return max(1.0, max(one.bottom - one.top for one in row))


def usual_space(rows: Sequence[Row]) -> float:
    """The usual space between two lines, in heights: 0 for single spacing."""
    found = []
    for one, other in zip(rows, rows[1:]):
        gap = (other[0].top - one[0].bottom) / height_of(one)
        if -0.6 < gap < 1.6:
            found.append(gap)
    return statistics.median(found) if found else 0.0
