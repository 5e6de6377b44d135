"""Copies of M's file: a backup of a whole one, and what can be read of a damaged one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lottery_chat.memory.migrations import TABLES

if TYPE_CHECKING:
    import sqlite_utils  # database.py is its one door


def time_stamp() -> str:
    """Now, for a file's name; two of one second differ."""
    return time.strftime("%Y%m%d-%H%M%S", time.gmtime()) + f"-{time.time_ns() % 1_000_000:06d}"


def back_up(conn: sqlite3.Connection, to: Path) -> None:
    """Copy a database that is in use to a new file, until it is on the disk."""
    to.touch(mode=0o600, exist_ok=False)
    with contextlib.closing(sqlite3.connect(to)) as copy:
        conn.backup(copy)
    with open(to, "rb+") as file:
        os.fsync(file.fileno())


def salvage(damaged: Path, at: sqlite_utils.Database) -> None:
    """Copy every row that can still be read, from both ends of each table, and drop what has lost its run."""
    at.execute("PRAGMA foreign_keys=OFF")
    logged = damaged.with_name(damaged.name + "-wal").exists()
    uri = f"{damaged.absolute().as_uri()}?mode=ro{'' if logged else '&immutable=1'}"  # immutable: nothing is made beside it
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as old:
        old.execute("PRAGMA writable_schema=ON")  # or a file that was cut short is not read at all
        old.text_factory = lambda data: data.decode("utf-8", "replace")
        at.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            columns = [row[1] for row in at.execute(f"PRAGMA table_info({table})")]
            for order in ("", " ORDER BY rowid DESC"):
                _take_rows(old, at, table, columns, order)
        at.execute(
            "INSERT OR IGNORE INTO conversations (id, title, created_at, changed_at) "
            "SELECT conversation, question, asked_at, asked_at FROM runs WHERE conversation NOT IN "
            "(SELECT id FROM conversations) GROUP BY conversation"
        )
        for table in TABLES[2:]:
            if table in ("conversation_collections", "tape"):
                at.execute(f"DELETE FROM {table} WHERE conversation NOT IN (SELECT id FROM conversations)")
            elif table != "options":
                at.execute(f"DELETE FROM {table} WHERE run NOT IN (SELECT id FROM runs)")
        at.execute("COMMIT")
    at.execute("PRAGMA foreign_keys=ON")


def _take_rows(old: sqlite3.Connection, at: sqlite_utils.Database, table: str, columns: list[str], order: str) -> None:
    with contextlib.suppress(sqlite3.Error):  # as far as it can be read, no further; the notice says so
        there = [row[1] for row in old.execute(f"PRAGMA table_info({table})")]
        both = ", ".join(f'"{name}"' for name in columns if name in there)
        marks = ", ".join("?" for name in columns if name in there)
        for row in old.execute(f"SELECT {both} FROM {table}{order}"):
            with contextlib.suppress(sqlite3.IntegrityError):
                at.conn.execute(f"INSERT OR IGNORE INTO {table} ({both}) VALUES ({marks})", row)
