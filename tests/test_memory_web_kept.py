from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from lottery_chat.memory.conversations import StoredConversations
from lottery_chat.memory.database import Database
from lottery_chat.memory.journal import Journal
from lottery_chat.memory.web_kept import LASTS, LONGEST, WebKept

RUN = "a" * 32


class Room:
    """A database with one conversation and a clock that is turned by hand."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 11, 22, 10, 0, tzinfo=timezone.utc)
        self.database = Database(folder / "memory.sqlite")
        self.journal = Journal(self.database)
        self.conversations = StoredConversations(self.database, self.journal)
        self.conversation = self.conversations.create()
        self.journal.begin(RUN, self.conversation, "q", model="m", mode="auto")
        self.kept = WebKept(self.database, clock=lambda: self.now)

    def rows(self) -> int:
        return len(self.database.rows("SELECT * FROM web"))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    one = Room(tmp_path)
    yield one
    one.journal.close()
    one.database.close()


def test_what_was_found_comes_back_with_the_time_it_was_kept(room: Room) -> None:
    assert room.kept.keep(RUN, "search", "tower", "body")
    found = room.kept.find("search", "tower")
    assert found is not None and (found.body, found.kept_at) == ("body", "2026-11-22T10:00:00+00:00")
    assert room.kept.find("page", "tower") is None and room.kept.find("search", "towers") is None


def test_the_newer_takes_the_place_of_the_older(room: Room) -> None:
    room.kept.keep(RUN, "search", "tower", "old")
    room.kept.keep(RUN, "search", "tower", "new")
    found = room.kept.find("search", "tower")
    assert found is not None and found.body == "new" and room.rows() == 1


@pytest.mark.parametrize("kind", ["search", "page"])
def test_what_has_expired_is_not_used_and_goes_with_the_next_write(room: Room, kind: str) -> None:
    room.kept.keep(RUN, kind, "tower", "body")  # type: ignore[arg-type]
    room.now += timedelta(seconds=LASTS[kind])
    assert room.kept.find(kind, "tower") is not None  # type: ignore[arg-type]
    room.now += timedelta(seconds=1)
    assert room.kept.find(kind, "tower") is None  # type: ignore[arg-type]
    room.kept.keep(RUN, "search", "other", "body")
    assert room.rows() == 1


def test_a_deleted_conversation_takes_its_searches_along(room: Room) -> None:
    room.kept.keep(RUN, "search", "tower", "body")
    room.conversations.delete(room.conversation)
    assert room.rows() == 0


def test_without_a_run_or_with_too_long_a_body_nothing_is_kept(room: Room) -> None:
    assert not room.kept.keep("b" * 32, "search", "tower", "body")
    assert not room.kept.keep(RUN, "page", "tower", "x" * (LONGEST + 1))
    assert room.rows() == 0
