"""Freed memory goes back to the system: while many documents are taken in the process would else keep growing."""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable

#: glibc's name for "most arenas", and how many: with two, Lance's threads seldom wait for one another.
_ARENA_MAX, _ARENAS = -8, 2


@functools.cache
def _glibc(name: str) -> Callable[..., int] | None:
    """A function of glibc; None elsewhere (musl has none of them)."""
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), name, None)


def few_arenas() -> bool:
    """Let all threads share two heaps from now on; whether this system can be told (glibc only).

    Lance works in some thirty threads. With an arena each, what is freed while the index is optimised stays in pieces
    that no other thread takes and that are never given back: 9 KB a passage.
    """
    tell = _glibc("mallopt")
    return tell is not None and tell(_ARENA_MAX, _ARENAS) == 1


def give_back() -> bool:
    """Hand the pages that nothing uses back to the system; whether this system can be asked to (glibc only)."""
    trim = _glibc("malloc_trim")
    return trim is not None and trim(0) >= 0
