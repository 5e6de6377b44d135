"""M's tape: rows by name in each conversation, listed and forgotten one by one, gone with their conversation."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from lottery_chat import assembly, commands_memory
from lottery_chat.cli import main
from lottery_chat.errors import NotFound
from lottery_chat.interface.app import App
from lottery_chat.memory.conversations import StoredConversations
from lottery_chat.memory.database import Database
from lottery_chat.memory.journal import Journal
from lottery_chat.memory.tape import NOTES, Tapes
from lottery_chat.settings import Settings


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "memory.sqlite")
    yield made
    made.close()


@pytest.fixture
def talks(database: Database) -> Iterator[StoredConversations]:
    journal = Journal(database)
    yield StoredConversations(database, journal)
    journal.close()


def test_rows_are_kept_apart_by_conversation_and_name(database: Database, talks: StoredConversations) -> None:
    tapes, one, two = Tapes(database), talks.create(), talks.create()
    tapes.of(one).put("stack", ("a", "b"))
    tapes.of(one).put("total", ("42",))
    tapes.of(two).put("stack", ("c",))
    assert tapes.of(one).get("stack") == ("a", "b") and tapes.of(two).get("stack") == ("c",)
    assert tapes.of(one).names() == ("stack", "total")
    tapes.of(one).put("stack", ())
    assert tapes.of(one).names() == ("total",)


def test_what_stays_in_a_row_keeps_its_number(database: Database, talks: StoredConversations) -> None:
    tape = Tapes(database).of(talks.create())
    tape.put(NOTES, ("a", "b"))
    before = [one.number for one in Tapes(database).kept(NOTES)]
    tape.put(NOTES, ("a", "b", "c"))
    assert [one.number for one in Tapes(database).kept(NOTES)][:2] == before


def test_a_conversation_takes_its_notes_with_it(database: Database, talks: StoredConversations) -> None:
    tapes, talk = Tapes(database), talks.create()
    tapes.of(talk).put(NOTES, ("secret",))
    talks.delete(talk)
    assert tapes.kept() == ()
    with pytest.raises(NotFound, match="no conversation"):
        tapes.of(talk).put(NOTES, ("more",))


def test_what_is_forgotten_is_nowhere_in_the_file(database: Database, talks: StoredConversations) -> None:
    tapes = Tapes(database)
    tapes.of(talks.create()).put(NOTES, ("the word is zanzibar-77",))
    tapes.forget(tapes.kept()[0].number)
    with pytest.raises(NotFound, match="may have been forgotten"):
        tapes.forget(1)
    files = b"".join(one.read_bytes() for one in database.path.parent.glob("memory.sqlite*"))
    assert b"zanzibar-77" not in files


def test_the_command_line_lists_and_forgets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(home=tmp_path, models=tmp_path / "models")
    app = assembly.build(settings)
    parts = assembly.parts_of(app)
    parts.memory.tapes().of(parts.memory.conversations().create()).put(NOTES, ("tea is in the tin", "rent is due"))

    @contextlib.contextmanager
    def opener(settings: Settings, start: bool) -> Iterator[App]:
        yield app

    assert commands_memory.memory(_options("list"), settings, opener) == 0
    shown = capsys.readouterr().out
    assert "tea is in the tin" in shown and "notes" in shown
    assert commands_memory.memory(_options("forget", "1"), settings, opener) == 0
    assert [one.text for one in app.memory.kept()] == ["rent is due"]
    with pytest.raises(NotFound, match="memory list"):
        commands_memory.memory(_options("forget", "77"), settings, opener)
    commands_memory.memory(_options("forget", "notes"), settings, opener)
    assert app.memory.kept() == ()
    assembly.close(app)


def _options(action: str, *names: str) -> argparse.Namespace:
    return argparse.Namespace(action=action, names=list(names))


def test_memory_is_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["memory", "list", "--home", str(tmp_path)]) == 0
    assert "Nothing is remembered" in capsys.readouterr().err
