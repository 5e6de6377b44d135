"""A grid of cells with merged ones to plain rows: what is merged downwards stands in each row, two lines of headers are one.

Cells merged across keep their value in the first of them, except above columns: "Dose" over "Morning" and "Evening"
gives "Dose Morning" and "Dose Evening". What this does not do: headers at the left of rows in several columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

#: Headers have no more lines than this.
_MOST_LINES = 3
#: More cells than this would take too much memory as a full grid.
_MOST_CELLS = 2_000_000
#: A longer text that is merged downwards is a remark, not a name of its rows.
_LONGEST = 120


class Merged(NamedTuple):
    """A merged cell: its place from 0, and how many rows and columns it covers."""

    row: int
    column: int
    down: int
    across: int


def unmerged(rows: Sequence[Sequence[str]], merged: Sequence[Merged]) -> list[list[str]]:
    """Return the rows with the merged cells resolved; as they are where nothing is merged or they are very many.

    Args:
        rows: the full grid, "" where a cell is covered by a merged one.
        merged: cells that cover more than themselves, in any order; what lies outside the grid is left out.
    """
    width = max((len(row) for row in rows), default=0)
    if not merged or width * len(rows) > _MOST_CELLS:
        return [list(row) for row in rows]
    grid = [[*row, *[""] * (width - len(row))] for row in rows]
    inside = [one for one in merged if one.row < len(grid) and one.column < width]
    for one in inside:
        text = grid[one.row][one.column]
        for row in range(one.row + 1, min(one.row + one.down, len(grid))) if len(text) <= _LONGEST else ():
            grid[row][one.column] = grid[row][one.column] or text
    top = next((at for at, row in enumerate(grid) if sum(map(bool, row)) > 1), None)
    if top is None:
        return grid
    heads = [one for one in inside if one.row == top]
    lines = max((max(2, one.down) for one in heads if 1 < one.across < width), default=1)
    block = grid[top : top + min(lines, _MOST_LINES)]
    if lines == 1 or len(block) < 2 or any(_is_number(cell) for cell in block[-1]):
        return grid
    for one in inside:
        if top <= one.row < top + len(block) - 1:
            for column in range(one.column + 1, min(one.column + one.across, width)):
                grid[one.row][column] = grid[one.row][column] or grid[one.row][one.column]
    names = [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*block)]
    return [*grid[:top], names, *grid[top + len(block) :]]


def _is_number(cell: str) -> bool:
    return any(char.isdigit() for char in cell) and not any(char.isalpha() for char in cell)
