"""The memory file: made private, never silently emptied, never overwritten by an older program."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from lottery_chat.errors import MemoryFailed
from lottery_chat.events import Answered, Progress
from lottery_chat.memory import database as database_module
from lottery_chat.memory.conversations import StoredConversations
from lottery_chat.memory.database import Database
from lottery_chat.memory.journal import Journal
from lottery_chat.memory.migrations import MIGRATIONS, TABLES


def fill(path: Path, runs: int = 40, text: str = "word " * 800) -> None:
    database = Database(path)
    journal = Journal(database)
    chats = StoredConversations(database, journal)
    for number in range(runs):
        conversation = chats.create()
        journal.begin(f"r{number}", conversation, f"Question {number}", model="m", mode="auto")
        journal.record(f"r{number}", 0.1, Progress(f"step {number}"))
        journal.finish(f"r{number}", Answered("answered", None, f"{number} {text}", "model", False, ""))
    journal.close()
    database.close()


def test_the_file_is_private_durable_and_checked(home: Path) -> None:
    database = Database(home / "deep" / "memory.sqlite")
    assert stat.S_IMODE((home / "deep" / "memory.sqlite").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "deep").stat().st_mode) == 0o700
    assert database.row("PRAGMA journal_mode") == {"journal_mode": "wal"}
    assert database.row("PRAGMA synchronous") == {"synchronous": 2}
    assert database.row("PRAGMA foreign_keys") == {"foreign_keys": 1}
    database.close()


def test_a_transaction_is_kept_whole_or_not_at_all(home: Path) -> None:
    database = Database(home / "memory.sqlite")
    insert = "INSERT INTO options (name, value) VALUES (?, ?)"
    with pytest.raises(KeyError), database.writing():
        database.write(insert, ("a", "1"))
        with database.writing():
            database.write(insert, ("b", "2"))
        assert len(database.rows("SELECT * FROM options")) == 2  # it sees its own changes
        raise KeyError("stop")
    assert database.rows("SELECT * FROM options") == []
    with database.writing():
        database.write(insert, ("a", "1"))
    assert len(database.rows("SELECT * FROM options")) == 1
    database.close()


def test_threads_come_and_go_without_leaving_connections(home: Path) -> None:
    database = Database(home / "memory.sqlite")
    insert = "INSERT INTO options (name, value) VALUES (?, ?)"
    for start in range(0, 60, 6):
        threads = [
            threading.Thread(target=database.write, args=(insert, (str(n), "x"))) for n in range(start, start + 6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert database.row("SELECT count(*) AS n FROM options") == {"n": 60}
    if sys.platform.startswith("linux"):
        mine = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if _is_link(fd)]
        assert 0 < sum(name.endswith("memory.sqlite") for name in mine) <= 8
        database.close()
        mine = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd") if _is_link(fd)]
        assert not any("memory.sqlite" in name for name in mine)


def _is_link(descriptor: str) -> bool:
    return os.path.islink(f"/proc/self/fd/{descriptor}")


@pytest.mark.parametrize("damage", ["middle", "head", "text", "cut"])
def test_a_damaged_file_is_set_aside_said_and_saved_as_far_as_it_can_be_read(home: Path, damage: str) -> None:
    path = home / "memory.sqlite"
    fill(path)
    whole = path.read_bytes()
    harmed = {
        "middle": whole[: len(whole) // 2] + os.urandom(20 * 4096) + whole[len(whole) // 2 + 20 * 4096 :],
        "head": os.urandom(200) + whole[200:],
        "text": b"this is not a database at all" * 50,
        "cut": whole[: len(whole) // 2],
    }[damage]
    path.write_bytes(harmed)
    database = Database(path)
    (notice,) = database.notices
    (aside,) = (one for one in home.iterdir() if ".damaged-" in one.name)
    assert "damaged" in notice and repr(aside.name) in notice
    assert aside.read_bytes() == harmed
    kept = {row["id"] for row in database.rows("SELECT id FROM runs")}
    if damage in ("middle", "cut"):
        assert 5 < len(kept) < 40 and f"{len(kept)} answers could be read" in notice
    else:
        assert not kept and "starts empty" in notice
    assert database.row("PRAGMA integrity_check") == {"integrity_check": "ok"}
    assert database.rows("PRAGMA foreign_key_check") == []
    orphans = "SELECT run FROM events WHERE run NOT IN (SELECT id FROM runs)"
    assert database.rows(orphans) == []
    database.close()
    again = Database(path)
    assert again.notices == ()
    again.close()


def test_a_sound_file_is_opened_as_it_is(home: Path) -> None:
    """Negative control of the test above."""
    path = home / "memory.sqlite"
    fill(path)
    database = Database(path)
    assert database.notices == () and database.row("SELECT count(*) AS n FROM runs") == {"n": 40}
    database.close()
    assert not [one.name for one in home.iterdir() if ".damaged-" in one.name]


def test_damage_while_running_is_said_in_words(home: Path) -> None:
    path = home / "memory.sqlite"
    fill(path)
    database = Database(path)
    size = path.stat().st_size
    with open(path, "r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    with pytest.raises(MemoryFailed, match="damaged.*Start Lottery Chat again"):
        database.rows("SELECT * FROM runs ORDER BY text")
        database.rows("SELECT * FROM events ORDER BY body")
    database.close()


def test_a_newer_file_is_refused_and_left_untouched(home: Path) -> None:
    path = home / "memory.sqlite"
    fill(path, runs=2)
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(MemoryFailed, match="newer version.*untouched"):
        Database(path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert not [one.name for one in home.iterdir() if "damaged" in one.name or "backup" in one.name]


def test_a_folder_that_cannot_be_used_is_said(home: Path) -> None:
    (home / "file").write_text("in the way")
    with pytest.raises(MemoryFailed, match="Cannot use the memory file"):
        Database(home / "file" / "memory.sqlite")


def test_a_file_that_others_hold_is_waited_for_then_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "_PATIENCE", 0.1)
    database = Database(home / "memory.sqlite")
    with closing(sqlite3.connect(home / "memory.sqlite")) as conn:
        conn.execute("BEGIN IMMEDIATE")
        with pytest.raises(MemoryFailed, match="held by another program"):
            database.write("INSERT INTO options (name, value) VALUES ('a', '1')")
        conn.rollback()
    assert database.write("INSERT INTO options (name, value) VALUES ('a', '1')") == 1  # negative control
    database.close()


def test_two_threads_may_open_a_new_file_at_once(home: Path) -> None:
    opened: list[Database] = []
    threads = [threading.Thread(target=lambda: opened.append(Database(home / "memory.sqlite"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4 and all(one.notices == () for one in opened)
    for one in opened:
        one.close()


def test_half_a_surrogate_pair_is_kept_as_a_question_mark(home: Path) -> None:
    database = Database(home / "memory.sqlite")
    database.write("INSERT INTO options (name, value) VALUES (?, ?)", ("a", "x\ud800y"))
    assert database.rows("SELECT value FROM options") == [{"value": "x?y"}]
    database.close()


# --- migrations -------------------------------------------------------------------------------------------------


def _schema(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()


NEXT = (
    "ALTER TABLE runs ADD COLUMN stars INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE later (number INTEGER PRIMARY KEY)",
)


def test_a_file_brought_up_to_date_has_the_schema_of_a_new_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, len(MIGRATIONS) + 1):
        monkeypatch.setattr(database_module, "MIGRATIONS", MIGRATIONS[:number])
        Database(home / "old.sqlite").close()
    monkeypatch.setattr(database_module, "MIGRATIONS", (*MIGRATIONS, NEXT))
    Database(home / "old.sqlite").close()
    Database(home / "new.sqlite").close()
    assert _schema(home / "old.sqlite") == _schema(home / "new.sqlite")


def test_before_a_change_of_schema_the_file_is_copied(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / "memory.sqlite"
    fill(path, runs=3)
    before = _schema(path)
    monkeypatch.setattr(database_module, "MIGRATIONS", (*MIGRATIONS, NEXT))
    database = Database(path)
    assert database.row("SELECT count(*) AS n, sum(stars) AS stars FROM runs") == {"n": 3, "stars": 0}
    database.close()
    (copy,) = (one for one in home.iterdir() if ".backup-schema" in one.name)
    assert _schema(copy) == before
    with closing(sqlite3.connect(copy)) as conn:
        assert conn.execute("SELECT count(*) FROM runs").fetchone() == (3,)


def test_a_change_of_schema_that_fails_leaves_the_file_as_it_was(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / "memory.sqlite"
    fill(path, runs=3)
    before = _schema(path)
    monkeypatch.setattr(database_module, "MIGRATIONS", (*MIGRATIONS, (*NEXT, "CREATE TABLE runs (twice)")))
    with pytest.raises(MemoryFailed, match="runs"):
        Database(path)
    assert _schema(path) == before
    monkeypatch.setattr(database_module, "MIGRATIONS", MIGRATIONS)
    database = Database(path)
    assert database.row("SELECT count(*) AS n FROM runs") == {"n": 3}
    database.close()


def test_every_table_is_known_to_the_rescue_and_has_an_owner(home: Path) -> None:
    database = Database(home / "memory.sqlite")
    tables = {
        row["name"]
        for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        if "_words" not in row["name"] and not row["name"].startswith("sqlite_")
    }
    assert tables == set(TABLES)
    for table in TABLES:
        columns = {row["name"]: row["dflt_value"] for row in database.rows(f"PRAGMA table_info({table})")}
        assert columns["owner"] == "'me'"
    database.close()
