"""Heat maps of needle tests as Markdown: lengths across, depths down, a cell the share that was right.

The axes are those of the paper's figures 4 and 5 (tokens and per cent of depth). A cell that was not measured is grey,
which is not the same as wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lottery_chat.lab.tables import table
from lottery_chat.lab.values import Record

#: Tokens of the text, and per cent of the way into it, that are measured.
LENGTHS = (400, 800, 1_600, 2_400, 4_000, 8_000, 12_000, 16_000)
DEPTHS = (0, 25, 50, 75, 100)
GREY = "grey"
_BAND = re.compile(r"(\d+) tokens, depth (\d+) %")


@dataclass(frozen=True, slots=True)
class HeatMap:
    """One task in one arm with one model: `cells[depth][length]` is (right, asked); asked 0 is grey."""

    task: str
    arm: str
    model: str
    lengths: tuple[int, ...]
    depths: tuple[int, ...]
    cells: tuple[tuple[tuple[int, int], ...], ...]


def band_of(tokens: int, depth: int) -> str:
    """The band of an item whose place on the map this is."""
    return f"{tokens} tokens, depth {depth} %"


def place_of(band: str) -> tuple[int, int] | None:
    """(tokens, depth) of a band, or None for a band that is no place on a map."""
    match = _BAND.fullmatch(band)
    return (int(match.group(1)), int(match.group(2))) if match else None


def heat_maps(records: Iterable[Record]) -> tuple[HeatMap, ...]:
    """The maps that the records fill, in the order in which they come; none where no band is a place."""
    counts: dict[tuple[str, str, str], dict[tuple[int, int], tuple[int, int]]] = {}
    for record in records:
        if (place := place_of(record.band)) is None:
            continue
        cells = counts.setdefault((record.task, record.arm, record.model), {})
        right, asked = cells.get(place, (0, 0))
        cells[place] = (right + (record.outcome == "right"), asked + 1)
    return tuple(_map(key, cells) for key, cells in counts.items())


def _map(key: tuple[str, str, str], cells: dict[tuple[int, int], tuple[int, int]]) -> HeatMap:
    lengths = tuple(sorted({*LENGTHS, *(tokens for tokens, _ in cells)}))
    depths = tuple(sorted({*DEPTHS, *(depth for _, depth in cells)}))
    rows = tuple(tuple(cells.get((tokens, depth), (0, 0)) for tokens in lengths) for depth in depths)
    return HeatMap(*key, lengths, depths, rows)


def shown(one: HeatMap) -> str:
    """A map as a Markdown table; each cell is the share right as in the paper (1.0 is green there)."""
    head = ("depth \\ tokens", *(f"{length:,}" for length in one.lengths))
    rows = [(f"{depth} %", *(_cell(cell) for cell in row)) for depth, row in zip(one.depths, one.cells)]
    measured = [cell for row in one.cells for cell in row if cell[1]]
    right, asked = sum(cell[0] for cell in measured), sum(cell[1] for cell in measured)
    rows.append(("all depths", *(_cell(_summed(one.cells, n)) for n in range(len(one.lengths)))))
    said = f"**{one.task}, {one.arm}, {one.model}**: {right} of {asked} right, {len(measured)} of {len(one.lengths) * len(one.depths)} cells measured."
    return f"{said}\n\n{table(head, rows, 1)}"


def _summed(cells: Sequence[Sequence[tuple[int, int]]], column: int) -> tuple[int, int]:
    return sum(row[column][0] for row in cells), sum(row[column][1] for row in cells)


def _cell(cell: tuple[int, int]) -> str:
    right, asked = cell
    return GREY if not asked else f"{right / asked:.1f}"
