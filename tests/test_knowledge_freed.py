"""Memory that was freed goes back to the system where the system can be asked to."""

from __future__ import annotations

import sys
import threading

import pytest

from knowledge.freed import give_back
from lottery_chat.machine import memory_held

_PIECE, _COUNT = 50_000, 1200


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc")
def test_what_a_thread_freed_is_not_held_any_longer() -> None:
    if not give_back():
        pytest.skip("no glibc")
    before = memory_held()
    kept: list[bytes] = []

    def fill() -> None:
        pieces = [bytes(_PIECE) for _ in range(_COUNT)]
        kept.append(pieces[-1])  # the last one keeps the thread's arena from shrinking by itself

    thread = threading.Thread(target=fill)
    thread.start()
    thread.join()
    grown = memory_held() - before
    assert give_back()
    assert memory_held() - before < max(10 * 2**20, grown / 2)
    assert len(kept) == 1


def test_memory_that_is_held_is_told_in_bytes() -> None:
    before = memory_held()
    block = b"x" * 80_000_000
    assert memory_held() - before > 60_000_000 and len(block) == 80_000_000
