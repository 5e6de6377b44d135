"""Memory that was freed goes back to the system where the system can be asked to."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

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


_HEAPS = """
import ctypes, sys, threading
from knowledge.freed import few_arenas
if sys.argv[1] == "few":
    few_arenas()
together = threading.Barrier(12)
def work():
    kept = [bytes(600) for _ in range(2000)]
    together.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
for one in threads:
    one.start()
for one in threads:
    one.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc")
def test_threads_share_two_heaps_once_that_was_asked_for() -> None:
    if not give_back():
        pytest.skip("no glibc")
    root = Path(__file__).resolve().parent.parent
    told = [
        subprocess.run(
            [sys.executable, "-c", _HEAPS, word], cwd=root, capture_output=True, text=True, check=True
        ).stdout
        for word in ("few", "many")
    ]
    assert told[0].count("<heap nr") <= 2 < told[1].count("<heap nr")


def test_memory_that_is_held_is_told_in_bytes() -> None:
    before = memory_held()
    block = b"x" * 80_000_000
    assert memory_held() - before > 60_000_000 and len(block) == 80_000_000
