"""One writer at a time, between threads and processes: a lock that the system frees when its owner is killed.

SQLite's file lock is used because it is the one that Python has on every system.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from pathlib import Path

from knowledge.errors import KnowledgeError, NotKept, StoreBusy


class ProcessLock:
    """`with lock:` waits for its turn; not to be taken twice by one thread.

    Raises:
        StoreBusy: not free after `seconds`.
        NotKept: the lock's file cannot be made (a full disk, no permission).
    """

    def __init__(self, path: Path, seconds: float = 60.0) -> None:
        self._path = path
        self._seconds = seconds
        self._threads = threading.Lock()
        self._held: sqlite3.Connection | None = None

    def __enter__(self) -> ProcessLock:
        began = time.monotonic()
        if not self._threads.acquire(timeout=self._seconds):
            raise self._busy()
        left = max(0.1, self._seconds - (time.monotonic() - began))
        connection = None
        try:
            connection = sqlite3.connect(self._path, timeout=left, isolation_level=None, check_same_thread=False)
            # Nothing is ever written, so there is nothing to roll back; and on a full disk a journal could not be made,
            # just when documents are to be removed to make room.
            connection.execute("PRAGMA journal_mode=OFF")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            self._threads.release()
            raise self._failed(error) from error
        self._held = connection
        return self

    def __exit__(self, *_: object) -> None:
        connection, self._held = self._held, None
        if connection is not None:
            connection.close()  # an open transaction is rolled back, and nothing was written
        self._threads.release()

    def _failed(self, error: sqlite3.Error) -> KnowledgeError:
        if re.search(r"full|I/O|unable to open|readonly", str(error)):
            return NotKept(
                f"The lock {str(self._path)!r} cannot be used ({error}). Free some space on the disk, or check the "
                "permissions of its folder."
            )
        return self._busy()

    def _busy(self) -> StoreBusy:
        return StoreBusy(
            f"The documents in {str(self._path.parent)!r} are kept busy, here or by another program, for over "
            f"{self._seconds:.0f} s. Wait until they are ready, or close other Lottery Chat windows; then try again."
        )
