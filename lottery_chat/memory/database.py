"""Open M's SQLite file, keep it sound, and lend connections: the only door to sqlite-utils.

Write-ahead log, `synchronous=FULL`, foreign keys, ten seconds of patience. A file that is damaged is set
aside, what can be read of it is taken over, and both are said in `notices`; a file of a newer version is
refused and left as it is. Transactions are short: nothing here is held while a model answers.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import sqlite_utils

from lottery_chat import posix
from lottery_chat.errors import MemoryFailed
from lottery_chat.memory.migrations import MIGRATIONS, WORDS
from lottery_chat.memory.salvage import back_up, salvage, time_stamp

Row = dict[str, Any]
Values = Sequence[Any]

_PATIENCE = 10.0
_EMPTIED = (
    "The memory file {!r} was empty and has been begun anew. If there were conversations in it, close Lottery Chat and"
    " restore a copy of the file."
)
_MOST_IDLE = 8
#: Above this size (bytes) a file that was closed in order is not read through at the start: 1 s a GB, and more cold.
_QUICK = 100 * 2**20


class Database:
    """One SQLite file and its connections; safe to use from any thread.

    A connection belongs to one thread at a time: it is borrowed for a read or a transaction and given back, so
    threads may come and go. Inside `writing()` the same thread's reads see its own changes.
    """

    def __init__(self, path: Path) -> None:
        """Open or make the file; bring its schema up to date.

        Args:
            path: the SQLite file; its folder is made (0700) when it is missing.

        Raises:
            MemoryFailed: it cannot be opened, or a newer version wrote it (then it is not touched).
        """
        self.path = path
        self._idle: list[sqlite_utils.Database] = []
        self._guard = threading.Lock()
        self._mine = threading.local()
        self._closed = False
        with self._words():
            try:
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with posix.FileLock(path.with_name(path.name + ".opening")):
                    self.notices: tuple[str, ...] = self._open()
            except (OSError, TimeoutError) as error:
                raise MemoryFailed(f"Cannot use the memory file {str(path)!r}: {error}") from error

    # --- reading and writing ------------------------------------------------------------------------------------

    def rows(self, sql: str, values: Values = ()) -> list[Row]:
        """All rows of a query, as dicts."""
        with self._words(), self._borrowed() as at:
            cursor = at.execute(sql, _clean(values))
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row)) for row in cursor.fetchall()]

    def row(self, sql: str, values: Values = ()) -> Row | None:
        """The first row of a query, or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, taken at once (no other writer in between); nested ones join the outer.

        Raises:
            MemoryFailed: SQLite could not keep it; then nothing of it was kept.
        """
        if getattr(self._mine, "open", None) is not None:
            yield
            return
        with self._words(), self._borrowed() as at:
            at.execute("BEGIN IMMEDIATE")
            self._mine.open = at
            try:
                yield
            except BaseException:
                at.rollback()
                raise
            else:
                self._commit(at)
            finally:
                self._mine.open = None

    def write(self, sql: str, values: Values = ()) -> int:
        """Run one statement, in the surrounding `writing()` or committed by itself; how many rows it touched."""
        with self.writing():
            return int(self._mine.open.execute(sql, _clean(values)).rowcount)

    def write_many(self, sql: str, rows: Sequence[Values]) -> None:
        """Run one statement once for each row of values, in one transaction."""
        with self.writing():
            self._mine.open.conn.executemany(sql, [_clean(row) for row in rows])

    def write_of_run(self, run: str, owner: str, insert: str, rows: Sequence[Values]) -> bool:
        """Insert rows that belong to a run; False, and nothing inserted, when that owner has no such run.

        Args:
            insert: `INSERT INTO … SELECT id, owner, ?… FROM runs`, without its WHERE.
        """
        with self.writing():
            if not self.rows("SELECT 1 FROM runs WHERE id = ? AND owner = ?", (run, owner)):
                return False
            self.write_many(f"{insert} WHERE id = ?", [(*row, run) for row in rows])
            return True

    def forget_freed_pages(self) -> None:
        """After a deletion: leave the deleted words nowhere in the file, its indexes and its log (best effort)."""
        with self._words(), self._borrowed() as at:
            for index in WORDS:
                at.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
            at.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the connections that are not in use; the rest close when they are given back."""
        with self._guard:
            idle, self._idle, self._closed = self._idle, [], True
        for at in idle:
            at.close()

    # --- connections --------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _borrowed(self) -> Iterator[sqlite_utils.Database]:
        mine = getattr(self._mine, "open", None)
        if mine is not None:
            yield mine
            return
        with self._guard:
            at = self._idle.pop() if self._idle else None
        if at is None:
            at = self._connect()
        try:
            yield at
        finally:
            with self._guard:
                keep = not self._closed and len(self._idle) < _MOST_IDLE
                if keep:
                    self._idle.append(at)
            if not keep:
                at.close()

    def _connect(self, *, read_only: bool = False) -> sqlite_utils.Database:
        uri = f"{self.path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
        conn = sqlite3.connect(uri, uri=True, timeout=_PATIENCE, check_same_thread=False)
        try:
            at = sqlite_utils.Database(conn, recursive_triggers=False, execute_plugins=False)
            if not read_only:
                at.enable_wal()
                at.execute("PRAGMA synchronous=FULL")
                at.execute("PRAGMA foreign_keys=ON")
                at.execute("PRAGMA secure_delete=ON")
        except BaseException:
            conn.close()
            raise
        return at

    @staticmethod
    def _commit(at: sqlite_utils.Database) -> None:
        try:
            at.execute("COMMIT")
        except sqlite3.Error:
            at.rollback()
            raise

    @contextlib.contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise MemoryFailed(self._sentence(error)) from error

    def _sentence(self, error: sqlite3.Error) -> str:
        what, where = str(error), repr(str(self.path))
        if "full" in what or "I/O" in what:
            return f"Cannot write the memory file {where}: {what}. Free some disk space, then try again."
        if "locked" in what or "busy" in what:
            return f"The memory file {where} is held by another program ({what}). Close it, then try again."
        if "readonly" in what or "unable to open" in what:
            return f"Cannot open the memory file {where}: {what}. Check the folder's permissions, or choose another --home."
        if _damaged(error):
            return f"The memory file {where} is damaged: {what}. Start Lottery Chat again: it saves what can be read."
        return f"The memory file {where} could not be used: {what}."

    # --- opening ------------------------------------------------------------------------------------------------

    def _open(self) -> tuple[str, ...]:
        emptied = False
        if self.path.exists() and self.path.stat().st_size:
            newest = self._look()
            if newest is None:
                return self._start_over()
            if newest > len(MIGRATIONS):
                raise MemoryFailed(
                    f"{str(self.path)!r} was written by a newer version of Lottery Chat (schema {newest}, this one knows "
                    f"{len(MIGRATIONS)}). It was left untouched: update Lottery Chat, or choose another --home."
                )
        else:
            emptied = self.path.exists()
            self.path.touch(mode=0o600)
        self._migrate()
        return (_EMPTIED.format(str(self.path)),) if emptied else ()

    def _look(self) -> int | None:
        """The file's schema number without changing it; None when the file is damaged."""
        clean = not self.path.with_name(self.path.name + "-wal").exists()
        try:
            with contextlib.closing(self._connect(read_only=True)) as at:
                number = int(at.execute("PRAGMA user_version").fetchone()[0])
                if clean and self.path.stat().st_size > _QUICK:
                    at.execute("SELECT count(*) FROM sqlite_master").fetchone()
                    return number
                told = [row[0] for row in at.execute("PRAGMA quick_check(1)")]
                return number if told == ["ok"] else None
        except sqlite3.Error as error:
            if _damaged(error):
                return None
            raise

    def _migrate(self) -> None:
        with self._borrowed() as at:
            done = int(at.execute("PRAGMA user_version").fetchone()[0])
            if done == len(MIGRATIONS):
                return
            if done:
                back_up(at.conn, self.path.with_name(f"{self.path.name}.backup-schema{done}-{time_stamp()}"))
            for number, change in enumerate(MIGRATIONS[done:], start=done + 1):
                at.execute("BEGIN IMMEDIATE")
                try:
                    for statement in change:
                        at.execute(statement)
                    at.execute(f"PRAGMA user_version={number}")
                except BaseException:
                    at.rollback()
                    raise
                self._commit(at)
        with contextlib.suppress(OSError):
            self.path.chmod(0o600)

    def _start_over(self) -> tuple[str, ...]:
        """Set the damaged file aside with its log, begin a new one, take over what can be read."""
        aside = self.path.with_name(f"{self.path.name}.damaged-{time_stamp()}")
        for end in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.replace(self.path.with_name(self.path.name + end), aside.with_name(aside.name + end))
        log = aside.with_name(aside.name + "-wal")
        if log.exists() and not log.stat().st_size:
            log.unlink()
            aside.with_name(aside.name + "-shm").unlink(missing_ok=True)
        self.path.touch(mode=0o600)
        self._migrate()
        with self._borrowed() as at:
            salvage(aside, at)
            (chats,) = at.execute("SELECT count(*) FROM conversations").fetchone()
            (runs,) = at.execute("SELECT count(*) FROM runs").fetchone()
        kept = f"{chats} conversations with {runs} answers could be read from it and are kept" if chats else ""
        rest = (
            f"{kept}; anything missing is only in that file."
            if kept
            else "Nothing in it could be read: memory starts empty."
        )
        return (f"The memory file {str(self.path)!r} was damaged and has been set aside as {aside.name!r}. {rest}",)


def _clean(values: Values) -> Values:
    """The values with halves of surrogate pairs, which SQLite cannot keep, replaced by question marks."""
    return [value.encode("utf-8", "replace").decode() if isinstance(value, str) else value for value in values]


def _damaged(error: sqlite3.Error) -> bool:
    words = str(error)
    return any(
        sign in words for sign in ("malformed", "not a database", "encrypted", "corrupt", "unsupported file format")
    )
