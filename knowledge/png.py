"""Pixels to PNG bytes, with the standard library."""

from __future__ import annotations

import struct
import zlib

_MARK = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB = 0, 2


def png(pixels: bytes, width: int, height: int, stride: int, *, channels: int) -> bytes:
    """Return a PNG of rows of 8-bit pixels.

    Args:
        pixels: `height` rows of `stride` bytes each, of which the first `width * channels` are the picture.
        channels: 1 (grey) or 3 (red, green, blue).

    Raises:
        ValueError: the sizes do not fit together.
    """
    row = width * channels
    if channels not in (1, 3) or width < 1 or height < 1 or stride < row or len(pixels) < stride * height:
        raise ValueError(f"No picture: {width} × {height} × {channels}, rows of {stride} bytes, {len(pixels)} in all.")
    view = memoryview(pixels)
    rows = b"".join(b"\x00" + view[at : at + row] for at in range(0, stride * height, stride))
    head = struct.pack(">IIBBBBB", width, height, 8, _GREY if channels == 1 else _RGB, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 4)), (b"IEND", b""))
    return _MARK + b"".join(_part(name, data) for name, data in parts)


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
