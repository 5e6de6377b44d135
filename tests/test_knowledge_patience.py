"""Waiting for the index: at most so long, its errors are the asker's, and what hangs lets nothing new begin."""

from __future__ import annotations

import threading

import pytest

from knowledge.errors import StoreBusy, StoreDamaged
from knowledge.patience import Patience


def test_a_look_gives_its_value_or_its_error() -> None:
    patience = Patience(5.0)

    def damaged() -> None:
        raise StoreDamaged("torn")

    assert patience("The index", lambda: 7) == 7
    with pytest.raises(StoreDamaged, match="torn"):
        patience("The index", damaged)


def test_what_hangs_is_left_and_nothing_new_begins_until_it_ends() -> None:
    patience, free, begun = Patience(0.1), threading.Event(), []
    with pytest.raises(StoreBusy, match="did not answer within 0.1 s"):
        patience("The index", free.wait)
    with pytest.raises(StoreBusy, match="still does not answer"):
        patience("The index", lambda: begun.append(1))
    assert begun == []
    free.set()
    for thread in threading.enumerate():
        if thread.name == "index-look":
            thread.join(5.0)
    assert patience("The index", lambda: 8) == 8
