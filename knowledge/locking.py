"""One writer at a time, between threads and processes: a lock that the system frees when its owner is killed.

SQLite's file lock is used because it is the one that Python has on every system.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

from knowledge.errors import StoreBusy


class ProcessLock:
    """`with lock:` waits for its turn; not to be taken twice by one thread.

    Raises:
        StoreBusy: not free after `seconds`.
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
        connection = sqlite3.connect(self._path, timeout=left, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            connection.close()
            self._threads.release()
            raise self._busy() from error
        self._held = connection
        return self

    def __exit__(self, *_: object) -> None:
        connection, self._held = self._held, None
        if connection is not None:
            connection.close()  # an open transaction is rolled back, and nothing was written
        self._threads.release()

    def _busy(self) -> StoreBusy:
        return StoreBusy(
            f"The documents in {str(self._path.parent)!r} are kept busy by another program for over "
            f"{self._seconds:.0f} s. Close other Lottery Chat windows or try again."
        )
