"""Words with their places on a page to text: paragraphs, headings, columns one after the other, table rows with headers.

The order is the file's own, which most programs write as one reads; it is changed only where lines run across
columns. Every letter keeps its place in the file, so that a quote can be marked on the page.
What this does not do: a table that the file holds column by column; a cell whose words touch the next cell without a
rule between.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from knowledge.page_rows import Row, Rule, Segment, Word, filled_in, height_of, rows_of, segments_of, usual_space
from knowledge.tables import are_facts, is_header
from knowledge.wrapped_cells import wrapped

#: Rows of a table stand no further apart than this (heights).
_FAR = 4.0
#: Names of columns stand further apart than the words of a line (heights).
_APART = 0.4
#: Cells longer than this on average (characters) are columns of prose.
_PROSE = 28
_LARGER = 1.15
#: The number that calls a note is smaller than this share of the line's letters.
_SMALL = 0.8
_LEVELS = ((1.6, 1), (1.32, 2), (_LARGER, 3))


#: Text, and the place of its first letter in the file; -1 for what we added ourselves.
Piece = tuple[str, int]


def lay_out(lines: Sequence[Sequence[Word]], rules: Sequence[Rule] = (), *, boxes: bool = False) -> list[Piece]:
    """Return the page's text in pieces, from the lines of words that the file has, in its order.

    Args:
        rules: upright rules, turned as the words are.
        boxes: the page has a form or boxes put on it, whose words the file tells last.
    """
    rows = rows_of(lines, rules)
    if not rows:
        return []
    upwards = sum(other[0].top < one[0].top for one, other in zip(rows, rows[1:]))
    if upwards > 0.5 * (len(rows) - 1):  # a page that lies on its side is written from its foot
        rows.sort(key=lambda row: row[0].top)
    rows = wrapped(filled_in(rows, boxes) if boxes else rows)
    body = _body(lines)
    pieces: list[Piece] = []
    at = 0
    last: Row = []
    space = usual_space(rows)
    while at < len(rows):
        end, columns = _block(rows, at)
        if not columns and at + 1 < len(rows):
            end, columns = _block(rows, at + 1)
            heads = _heads(rows[at], rows[at + 1], columns) if columns and not _is_prose(rows[at + 1 : end]) else []
            if heads:
                rows[at] = heads
            else:
                end, columns = at + 1, []
        if columns and not _is_prose(rows[at:end]):
            pieces += [("\n\n", -1)] if pieces else []
            pieces += _table(rows[at:end], columns)
            last = []
        else:
            ordered = _by_column(rows[at:end], columns) if columns else [rows[at]]
            end = end if columns else at + 1
            for row in ordered:
                pieces += _line(row, last, space, body, begins=not pieces)
                last = row
        at = end
        if not last and at < len(rows):
            pieces.append(("\n\n", -1))
    return pieces


# -- tables and columns --------------------------------------------------------------------------------------------


def _block(rows: Sequence[Row], at: int) -> tuple[int, list[tuple[float, float]]]:
    """(end, columns) of the table or the columns that begin at this row; no columns where none do."""
    end = at
    last_wide = at
    while end < len(rows):
        row = rows[end]
        if end > at:
            step = row[0].top - max(one.bottom for one in rows[end - 1])
            backwards = row[0].top < min(one.top for one in rows[end - 1])
            alone = len(row) == 1 and (step > 0.5 * height_of(row) or not _goes_on(row[0], rows[last_wide]))
            if backwards or step > _FAR * height_of(row) or alone:
                break
        elif len(row) < 2:
            break
        end += 1
        if len(row) > 1:
            last_wide = end - 1
    end = last_wide + 1 if end > at else at
    wide = [row for row in rows[at:end] if len(row) > 1]
    if len(wide) < 2 or (len(wide) == 2 and min(len(row) for row in wide) < 3):
        return at + 1, []
    columns = _columns([one for row in rows[at:end] for one in row])
    fits = all(len({_column(one, columns) for one in row}) == len(row) for row in wide)
    return (end, columns) if len(columns) > 1 and fits else (at + 1, [])


def _heads(row: Row, below: Row, columns: Sequence[tuple[float, float]]) -> Row:
    """The names above columns, which often stand nearer to each other than the cells; () where they do not fit."""
    words = [word for one in row for word in one.words]
    if len(columns) < 3 or below[0].top - row[0].bottom > 2.5 * height_of(row) or below[0].top < row[0].top:
        return []
    groups: dict[int, list[Word]] = {}
    for word in words:
        at = min(range(len(columns)), key=lambda at: _distance(word, columns[at]))
        groups.setdefault(at, []).append(word)
    if len(groups) < max(2, len(columns) - 1) or [w for at in sorted(groups) for w in groups[at]] != list(words):
        return []
    inner = [b.left - a.right for group in groups.values() for a, b in zip(group, group[1:])]
    ordered = [groups[at] for at in sorted(groups)]
    outer = [b[0].left - a[-1].right for a, b in zip(ordered, ordered[1:])]
    if min(outer) <= max([_APART * height_of(row), *inner]):
        return []  # the words of one heading
    return [one for group in ordered for one in segments_of(group)]


def _distance(word: Word, column: tuple[float, float]) -> float:
    """How far a word is from a column: from its left edge, its right edge or its middle, whichever is nearest."""
    middle = (word.left + word.right) / 2
    if column[0] <= middle <= column[1]:
        return 0.0
    return min(abs(word.left - column[0]), abs(word.right - column[1]), abs(middle - (column[0] + column[1]) / 2))


def _inside(segment: Segment, row: Row) -> bool:
    """Whether a line of its own goes on one cell of the row before: a cell of several lines."""
    edges = sorted(one.left for one in row)
    begins = any(abs(segment.left - one.left) < 3.0 for one in row)
    following = [edge for edge in edges if edge > segment.left + 3.0]
    return begins and (not following or segment.right < following[0])


def _goes_on(segment: Segment, row: Row) -> bool:
    """Whether a line of its own goes on a cell in that cell's own letters; bolder or larger ones begin a part."""
    above = min(row, key=lambda one: abs(one.left - segment.left)).words[-1]
    word = segment.words[0]
    stands_out = (word.bold and not above.bold) or word.size > _LARGER * above.size > 0
    return not stands_out and _inside(segment, row)


def _columns(segments: Sequence[Segment]) -> list[tuple[float, float]]:
    """The stretches of the page's width that the segments cover, joined where they overlap."""
    columns: list[tuple[float, float]] = []
    for one in sorted(segments, key=lambda one: one.left):
        if columns and one.left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], one.right))
        else:
            columns.append((one.left, one.right))
    return columns


def _column(segment: Segment, columns: Sequence[tuple[float, float]]) -> int:
    """The column that it begins in; else the nearest, for a name may stand beside the cells below it."""
    return min(range(len(columns)), key=lambda at: _outside(segment.left, columns[at]))


def _outside(x: float, column: tuple[float, float]) -> float:
    return max(column[0] - x, x - column[1], 0.0)


def _is_prose(rows: Sequence[Row]) -> bool:
    """Whether these rows are columns of running text, not cells."""
    if any(one.lines > 1 for row in rows for one in row):
        return False
    lengths = [len(one.text) for row in rows for one in row]
    wide = [len(row) for row in rows if len(row) > 1]
    return len(wide) >= 3 and max(wide) <= 3 and statistics.median(lengths) >= _PROSE


def _by_column(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> list[Row]:
    return [[one] for at in range(len(columns)) for row in rows for one in row if _column(one, columns) == at]


def _table(rows: Sequence[Row], columns: Sequence[tuple[float, float]]) -> list[Piece]:
    """One line a row, "Header: cell; Header: cell"."""
    cells: list[list[list[Word]]] = []
    for row in rows:
        if len(row) > 1 or not cells:
            cells.append([[] for _ in columns])
        for one in row:  # a row of one segment goes on the cell above it
            cells[-1][_column(one, columns)] += one.words
    first = _texts(cells[0])
    asks = any(cell.endswith(":") for cell in first)  # "Name:   Ada": each row says itself what it is
    below = [_texts(row) for row in cells[1:]]
    headed = len(cells) > 1 and sum(map(bool, first)) >= min(2, len(columns)) and is_header(first, below) and not asks
    facts = not headed and not asks and len(cells) > 1 and are_facts([first, *below])
    names = [name or f"Column {number}" for number, name in enumerate(first, start=1)]
    pieces: list[Piece] = []
    body = [row for row in cells[1:] if _texts(row) != first] if headed else cells  # heads that are repeated go
    if not body:  # lines that are all alike are no heads
        body, headed = cells, False
    for number, row_cells in enumerate(body):
        pieces += [("\n", -1)] if number else []
        filled = [(name, cell) for name, cell in zip(names, row_cells) if cell]
        for place, (name, cell) in enumerate(filled):
            told = place and filled[place - 1][1][-1].text.endswith(":")
            between = "" if not place else " " if told else ": " if facts else "; "
            pieces.append((f"{between}{name + ': ' if headed else ''}", -1))
            pieces += _words(cell)
    return pieces


def _texts(row: Sequence[Sequence[Word]]) -> list[str]:
    return [" ".join(word.text for word in cell) for cell in row]


# -- lines ---------------------------------------------------------------------------------------------------------


def _words(words: Sequence[Word]) -> Iterator[Piece]:
    """Words with spaces between; the raised number of a note stands in brackets at the word that calls it."""
    height = max(word.bottom - word.top for word in words)
    notes = {at for at, word in enumerate(words) if at and _is_note(word, words[at - 1], height)}
    if notes:
        for at, word in enumerate(words):
            after = at - 1 in notes and not word.text[0].isalnum()
            if at and at not in notes and not word.glued and not after:
                yield " ", -1
            yield from [("[", -1), (word.text, word.start), ("]", -1)] if at in notes else [(word.text, word.start)]
        return
    text = " ".join([word.text for word in words])
    if words[-1].start + len(words[-1].text) - words[0].start == len(text) and not any(w.glued for w in words[1:]):
        yield text, words[0].start  # the file's own letters, one after the other
        return
    for at, word in enumerate(words):
        if at and not word.glued:
            yield " ", -1
        yield word.text, word.start


def _is_note(word: Word, before: Word, height: float) -> bool:
    """Whether a word is a small number right behind another word and higher than its foot: it calls a footnote."""
    small = word.text.isdigit() and len(word.text) <= 3 and word.bottom - word.top < _SMALL * height
    raised = word.bottom < before.bottom - 0.1 * height
    return small and raised and word.left - before.right < 0.3 * height and before.text[-1].isalpha()


def _line(row: Row, last: Row, space: float, body: tuple[float, float], *, begins: bool) -> Iterator[Piece]:
    """A line after what parts it from the line before: nothing, a space, a line break, a blank line."""
    level, before = _level(row, body), _level(last, body) if last else 0
    if not begins and last:
        if row[0].words[0].glued:
            pass
        elif level and level == before and _near(row, last, space):
            yield " ", -1
            level = 0  # the heading goes on
        elif level or before or not _near(row, last, space):
            yield "\n\n", -1
        else:
            yield "\n", -1
    if level:
        yield "#" * level + " ", -1
    for at, segment in enumerate(row):
        if at:
            yield " ", -1
        yield from _words(segment.words)


def _near(row: Row, last: Row, space: float) -> bool:
    """Whether no more than the usual space parts two lines; a line higher up begins a new column."""
    gap = (row[0].top - last[0].bottom) / min(height_of(row), height_of(last))
    return gap < space + 0.5


def _body(lines: Sequence[Sequence[Word]]) -> tuple[float, float]:
    """Height and size of the running text: of the lines with half of all words or more."""
    heights = sorted((line[0].bottom - line[0].top, len(line)) for line in lines)
    sizes = sorted((line[0].size, len(line)) for line in lines)
    return _weighted(heights), _weighted(sizes)


def _weighted(found: Sequence[tuple[float, int]]) -> float:
    half = sum(weight for _, weight in found) / 2
    for value, weight in found:
        half -= weight
        if half <= 0:
            return value
    return 0.0


def _level(row: Row, body: tuple[float, float]) -> int:
    """1 to 3 for a heading, a short line in larger letters; 0 for running text."""
    words = row[0].words
    if len(row) > 1 or len(words) > 25:
        return 0
    size = words[0].size / body[1] if body[1] > 1.5 else 0.0
    # Letters of some fonts have tall boxes: the size counts where the file tells it.
    larger = size or min(word.bottom - word.top for word in words) / (body[0] or 1.0)
    if words[0].bold and words[-1].bold and words[-1].text[-1] not in ".,;" and larger > 0.95:
        larger = max(larger, _LARGER)
    if larger < _LARGER or not any(char.isalpha() for word in words for char in word.text):
        return 0
    return next(level for least, level in _LEVELS if larger >= least)


# -- boxes ---------------------------------------------------------------------------------------------------------


def joined(boxes: Sequence[tuple[float, float, float, float]]) -> list[tuple[float, float, float, float]]:
    """Return boxes (left, top, right, bottom) of words with those that follow each other on a line made one."""
    lines: list[tuple[float, float, float, float]] = []
    for box in boxes:
        if lines:
            a, b, c, d = lines[-1]
            height = min(d - b, box[3] - box[1])
            if min(d, box[3]) - max(b, box[1]) > 0.5 * height and max(box[0] - c, a - box[2]) < 1.5 * (d - b):
                lines[-1] = (min(a, box[0]), min(b, box[1]), max(c, box[2]), max(d, box[3]))
                continue
        lines.append(box)
    return lines
