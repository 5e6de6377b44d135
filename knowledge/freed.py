"""Freed memory goes back to the system: while many documents are taken in the process would else keep growing."""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable


@functools.cache
def _trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not


def give_back() -> bool:
    """Hand the pages that nothing uses back to the system; whether this system can be asked to (glibc only).

    Lance works in some thirty threads, each with an arena of its own; glibc keeps what was freed in them.
    """
    trim = _trim()
    return trim is not None and trim(0) >= 0
