"""Rows of a table whose cells have several lines, which files hold cell by cell: each cell becomes one segment again.

A file that writes the second line of one cell before the first line of the next jumps back up the page within each
row. Where that happens in rows under each other whose cells stand in the same columns, the rows are put together.
What this does not do: rows that break over two pages; columns of running text, which jump up, too, are left as they are.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.page_rows import Row, Segment, Word, joined_words

#: Lines of one cell stand no further apart than this, cells of one row overlap or stand this near (heights).
_NEAR, _LEVEL = 0.7, 3.0
#: Rows of one table stand no further apart than this (heights).
_FAR = 4.0
#: Where the lines of every column are longer than this on the whole (characters), they are running text.
_PROSE = 24

#: (left, right)
Column = tuple[float, float]


@dataclass(slots=True)
class _Cell:
    segments: list[Segment]
    left: float
    top: float
    right: float
    bottom: float

    def add(self, one: Segment) -> None:
        self.segments.append(one)
        self.left, self.right = min(self.left, one.left), max(self.right, one.right)
        self.top, self.bottom = min(self.top, one.top), max(self.bottom, one.bottom)


@dataclass(slots=True)
class _Record:
    """What may be one row of a table: cells from left to right; `first` and `end` count the page's rows."""

    first: int
    end: int
    cells: list[_Cell] = field(default_factory=list)

    @property
    def top(self) -> float:
        return min(one.top for one in self.cells)

    @property
    def bottom(self) -> float:
        return max(one.bottom for one in self.cells)

    @property
    def jumps(self) -> bool:
        """Whether a cell begins above the last line of the cell that the file writes before it."""
        return any(
            len(one.segments) > 1 and other.segments[0].top < one.segments[-1].top - 2.0
            for one, other in zip(self.cells, self.cells[1:])
        )


def wrapped(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with those of such tables put together."""
    found: list[Row] = []
    at = 0
    for run in _runs(list(_records(rows))):
        columns = _columns(run) if len(run) > 1 and any(one.jumps for one in run) else []
        if len(columns) > 1 and not _is_prose(run, columns):
            found += rows[at : run[0].first]
            found += [_row(record, columns) for record in run]
            at = run[-1].end
    return [*found, *rows[at:]]


def _row(record: _Record, columns: Sequence[Column]) -> Row:
    """A record's words by column: what was written so near that it looked like one cell is parted here."""
    words: dict[int, list[Word]] = {}
    lines: dict[int, set[float]] = {}
    for cell in record.cells:
        for line in cell.segments:
            for word in line.words:
                place = _place(word, columns)
                words.setdefault(place, []).append(word)
                lines.setdefault(place, set()).add(line.top)
    return [joined_words(tuple(words[place]), len(lines[place])) for place in sorted(words)]


def _records(rows: Sequence[Row]) -> Iterator[_Record]:
    record: _Record | None = None
    before = float("-inf")  # where the record before ended
    for at, row in enumerate(rows):
        for place, one in enumerate(row):
            if record is not None and _goes_on(record.cells[-1], one):
                record.cells[-1].add(one)
            elif record is not None and _is_next(record, one, before):
                record.cells.append(_Cell([one], one.left, one.top, one.right, one.bottom))
            else:
                if record is not None:
                    record.end = at if not place else at + 1
                    before = record.bottom
                    yield record
                record = _Record(at, at, [_Cell([one], one.left, one.top, one.right, one.bottom)])
    if record is not None:
        record.end = len(rows)
        yield record


def _goes_on(cell: _Cell, one: Segment) -> bool:
    """Whether this is the next line of a cell: right below in like letters, and begun, ended or centred as it is."""
    height = one.bottom - one.top
    above, word = cell.segments[-1].words[0], one.words[0]
    alike = above.bold == word.bold and abs(above.size - word.size) <= 0.1 * max(above.size, word.size)
    below = -0.3 * height < one.top - cell.bottom < _NEAR * height
    middle = (one.left + one.right - cell.left - cell.right) / 2
    return alike and below and min(abs(one.left - cell.left), abs(one.right - cell.right), abs(middle)) < 3.0


def _is_next(record: _Record, one: Segment, before: float) -> bool:
    """Whether this begins the cell right of the last: level with the row, or a little above it."""
    height = one.bottom - one.top
    right = one.left >= record.cells[-1].right - 0.2 * height
    level = one.top < record.bottom and one.bottom > record.top - _LEVEL * height
    return right and level and one.top > before - 0.5 * height


def _runs(records: Sequence[_Record]) -> Iterator[list[_Record]]:
    """Records under each other, of two cells at least, where each begins on a row of its own."""
    run: list[_Record] = []
    for one in records:
        height = min(cell.segments[0].bottom - cell.segments[0].top for cell in one.cells)
        follows = not run or (run[-1].end == one.first and -0.5 * height < one.top - run[-1].bottom < _FAR * height)
        if len(one.cells) < 2 or not follows:
            yield run
            run = []
        if len(one.cells) > 1:
            run.append(one)
    yield run


def _columns(run: Sequence[_Record]) -> list[Column]:
    """The columns of a table; [] where these rows have none in common.

    The rows with the usual number of cells tell them; words between two columns make one of their own.
    """
    counts = [len(one.cells) for one in run]
    usual = max(set(counts), key=lambda count: (counts.count(count), count))
    columns = _merged([(cell.left, cell.right) for one in run if len(one.cells) == usual for cell in one.cells])
    if len(columns) != usual:
        return []
    words = [word for one in run for cell in one.cells for line in cell.segments for word in line.words]
    between = [(word.left, word.right) for word in words if not any(_shared(word, column) > 0 for column in columns)]
    return _merged([*columns, *between])


def _merged(stretches: Sequence[Column]) -> list[Column]:
    columns: list[Column] = []
    for left, right in sorted(stretches):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _shared(word: Word, column: Column) -> float:
    return min(word.right, column[1]) - max(word.left, column[0])


def _place(word: Word, columns: Sequence[Column]) -> int:
    return max(range(len(columns)), key=lambda at: _shared(word, columns[at]))


def _is_prose(run: Sequence[_Record], columns: Sequence[Column]) -> bool:
    """Whether the lines of every column are long."""
    lengths: dict[int, list[int]] = {}
    for line in (line for one in run for cell in one.cells for line in cell.segments):
        lengths.setdefault(_place(line.words[0], columns), []).append(len(line.text))
    return all(statistics.median(found) >= _PROSE for found in lengths.values())
