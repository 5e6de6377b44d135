"""Heat maps as SVG pictures in the axes of the paper's figures 4 and 5: tokens across, per cent of depth down.

Green is right, red is wrong, between them the share; grey was not asked. A picture needs no program but a browser.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from lottery_chat.lab.heat_maps import HeatMap

_CELL_WIDTH, _CELL_HEIGHT, _LEFT, _TOP, _BELOW, _RIGHT = 78, 44, 74, 58, 66, 20
_GREY = "#c4c4c4"
#: Wrong, half right, right: told apart by lightness too, for eyes that do not tell red from green.
_WRONG, _HALF, _RIGHT_COLOUR = (0xB2, 0x2B, 0x2B), (0xF2, 0xD2, 0x6B), (0x4F, 0xB8, 0x6B)


def pictures(maps: Sequence[HeatMap], folder: Path) -> tuple[Path, ...]:
    """Write a picture for each map into the folder, over an earlier one; return where they are. Raises OSError."""
    written = []
    for one in maps:
        name = re.sub(r"[^\w.-]+", "-", f"heat-{one.task}-{one.arm}-{one.model}").strip("-")
        path = folder / f"{name}.svg"
        path.write_text(picture(one), encoding="utf-8")
        written.append(path)
    return tuple(written)


def picture(one: HeatMap) -> str:
    """A map as SVG."""
    width = _LEFT + _CELL_WIDTH * len(one.lengths) + _RIGHT
    height = _TOP + _CELL_HEIGHT * len(one.depths) + _BELOW
    title = escape(f"{one.task}, {one.arm}, {one.model}")
    right = sum(cell[0] for row in one.cells for cell in row)
    asked = sum(cell[1] for row in one.cells for cell in row)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="13" role="img">',
        f"<title>{title}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(_LEFT, 22, title, "start", 15),
        _text(_LEFT, 42, f"{right} of {asked} right; grey: not asked", "start", 12),
    ]
    for row, (depth, cells) in enumerate(zip(one.depths, one.cells)):
        top = _TOP + row * _CELL_HEIGHT
        parts.append(_text(_LEFT - 8, top + _CELL_HEIGHT // 2 + 5, f"{depth} %", "end"))
        for column, cell in enumerate(cells):
            parts.append(_cell(_LEFT + column * _CELL_WIDTH, top, cell))
    below = _TOP + len(one.depths) * _CELL_HEIGHT
    for column, tokens in enumerate(one.lengths):
        parts.append(_text(_LEFT + column * _CELL_WIDTH + _CELL_WIDTH // 2, below + 20, f"{tokens:,}", "middle"))
    parts.append(_text(_LEFT + _CELL_WIDTH * len(one.lengths) // 2, below + 46, "tokens of the text", "middle"))
    middle = _TOP + _CELL_HEIGHT * len(one.depths) // 2
    parts.append(
        f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">depth of the needle</text>'
    )
    return "\n".join([*parts, "</svg>", ""])


def _cell(left: int, top: int, cell: tuple[int, int]) -> str:
    right, asked = cell
    fill = _colour(right / asked) if asked else _GREY
    said = f"{right / asked:.1f}" if asked else ""
    box = f'<rect x="{left}" y="{top}" width="{_CELL_WIDTH - 2}" height="{_CELL_HEIGHT - 2}" fill="{fill}"/>'
    return box + _text(left + _CELL_WIDTH // 2 - 1, top + _CELL_HEIGHT // 2 + 4, said, "middle") if said else box


def _colour(share: float) -> str:
    """From wrong over half right to right."""
    low, high, at = (_WRONG, _HALF, share * 2) if share < 0.5 else (_HALF, _RIGHT_COLOUR, share * 2 - 1)
    return "#" + "".join(f"{round(a + (b - a) * at):02x}" for a, b in zip(low, high))


def _text(x: int, y: int, said: str, anchor: str, size: int = 13) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}">{said}</text>'
