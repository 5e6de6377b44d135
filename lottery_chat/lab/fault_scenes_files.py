"""Scenes of the parts that are files: the vector store and the memory database (fault_scenes.py)."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lottery_chat.lab.fault_scenes import FACT, Scene, tower_text
from lottery_chat.lab.fault_server import HTML, MEGABYTES


class StoreScene(Scene):
    """LanceDB's files, broken under the running app. What is built again from the originals may answer all the same."""

    part, names = "vector store", ("index", "documents", "store")
    #: Who waits for the lock of another process waits 20 s.
    limit, mends = 25.0, 30.0

    def __init__(self, folder: Path, guarded: bool = True) -> None:
        self._release: list[Callable[[], None]] = []
        super().__init__(folder, guarded)
        self._documents = self.room.parts.settings.home / "documents"

    def prepare(self) -> None:
        """A document that says it."""
        self.document = self.room.keep("farrow.txt", tower_text())

    def question(self, number: int) -> str:
        """About the document."""
        return f"How {('tall', 'high', 'big', 'large', 'long', 'wide')[number % 6]} is the Farrow tower?"

    def options(self) -> dict[str, Any]:
        """The document is attached."""
        return {"attachments": [self.document], "web_search": "off"}

    def attempts(self) -> int:
        """Not counted: the store is a library in this process."""
        return 0

    def break_(self, fault: str) -> None:
        """Change the files; "" lets go of what is held and puts the files back where nobody has built new ones."""
        if not fault:
            for release in reversed(self._release):
                release()
            self._release.clear()
            return
        index = self._documents / "index"
        away = self.folder / "good"
        shutil.copytree(index, away, dirs_exist_ok=True)
        self._release.append(lambda: self._put_back(away, index))
        ways: dict[str, Callable[[], None]] = {
            "refused": self._a_file_in_its_place, "dns": lambda: shutil.rmtree(index),
            "connect-hang": lambda: self._pipes(0.0), "silence": self._locked, "drip": lambda: self._pipes(1.0),
            "reset": lambda: self._each("data/*.lance", lambda data: data[: len(data) // 2]),
            "500": lambda: self._each("data/*.lance", lambda data: random.Random(len(data)).randbytes(len(data))),
            "429": lambda: self._each("data/*.lance", None), "html": lambda: self._each("_versions/*", lambda data: HTML),
            "truncated": lambda: self._each("_versions/*", lambda data: data[: len(data) // 2]),
            "empty": lambda: self._each("*/*", lambda data: b""),
            "50MB": lambda: self._each("_versions/*", lambda data: bytes(MEGABYTES * 10**6)), "dies": self._torn,
        }  # fmt: skip
        ways[fault]()

    def _a_file_in_its_place(self) -> None:
        index = self._documents / "index"
        shutil.rmtree(index)
        index.write_text("x")

    def _put_back(self, good: Path, index: Path) -> None:
        if index.is_file():
            index.unlink()
        if not index.exists():
            shutil.copytree(good, index)

    def _files(self, pattern: str) -> Iterator[Path]:
        for table in (self._documents / "index").rglob("chunks.lance"):
            yield from (one for one in sorted(table.glob(pattern)) if one.is_file())

    def _each(self, pattern: str, change: Callable[[bytes], bytes] | None) -> None:
        for file in list(self._files(pattern)):
            data = file.read_bytes()
            file.unlink()  # a new file, so that what is mapped into memory does not change with it
            if change is not None:
                file.write_bytes(change(data))

    def _pipes(self, pause: float) -> None:
        """Named pipes in the place of the data files: opening blocks, or a byte comes each second."""
        stop = threading.Event()

        def feed(pipe: Path, data: bytes) -> None:
            while not stop.wait(0.05):
                with contextlib.suppress(OSError):
                    file = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
                    for at in range(len(data)):
                        os.write(file, data[at : at + 1])
                        if stop.wait(pause):
                            break
                    os.close(file)

        made = []
        for file in list(self._files("data/*.lance")):
            data = file.read_bytes()
            file.unlink()
            os.mkfifo(file)
            made.append((file, data))
            if pause:
                threading.Thread(target=feed, args=(file, data), name="pipe", daemon=True).start()

        def release() -> None:
            stop.set()
            for pipe, data in made:
                if pipe.is_fifo():
                    with contextlib.suppress(OSError):
                        os.close(os.open(pipe, os.O_RDWR | os.O_NONBLOCK))  # wakes who waits in open()
                    pipe.unlink()
                    pipe.write_bytes(data)

        self._release.append(release)

    def _locked(self) -> None:
        holder = sqlite3.connect(self._documents / "writing.lock", isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN EXCLUSIVE")
        self._release.append(holder.close)
        shutil.rmtree(self._documents / "index")

    def _torn(self) -> None:
        for newest in [min(table.glob("_versions/*.manifest")) for table in (self._documents / "index").rglob("chunks.lance")]:  # fmt: skip
            number = int(newest.stem)
            later = number - 1 if number > 2**62 else number + 1  # new tables count down, old ones up
            data = newest.read_bytes()
            newest.with_name(f"{later:020d}.manifest" if number > 2**62 else f"{later}.manifest").write_bytes(data[: len(data) // 2])  # fmt: skip

    def close(self) -> None:
        """Let go first."""
        self.break_("")
        super().close()


class MemoryScene(Scene):
    """M's SQLite file, broken between two starts, or held and cut while the app runs; the fact is a note in it."""

    part, names, others = "memory DB", ("memory", "home", "note"), False
    #: SQLite waits ten seconds for another program.
    limit, mends = 15.0, 3.0
    _running = ("silence", "drip", "reset", "dies")

    def __init__(self, folder: Path, guarded: bool = True) -> None:
        self._release: list[Callable[[], None]] = []
        super().__init__(folder, guarded)
        self._home = self.room.parts.settings.home
        self._file = self._home / "memory.sqlite"

    def prepare(self) -> None:
        """A note."""
        self.room.ask(f"Remember that the Farrow tower is {FACT} mm tall.", most=20.0, seconds=20.0)

    def question(self, number: int) -> str:
        """For the note."""
        return ("What did I note about the Farrow tower?", "What did I note down about the Farrow tower?")[number % 2]

    def attempts(self) -> int:
        """Not counted: SQLite is a library in this process."""
        return 0

    def break_(self, fault: str) -> None:
        """Most need the app closed, as after a power cut; the rest happens to the open file."""
        if not fault:
            self._whole()
            return
        good = self.folder / "good.sqlite"
        with contextlib.closing(sqlite3.connect(self._file)) as source, contextlib.closing(sqlite3.connect(good)) as to:
            source.backup(to)
        if fault not in self._running:
            self.room.close()
        data = good.read_bytes()
        if fault not in self._running:
            self._gone()
        ways: dict[str, Callable[[], Any]] = {
            "refused": self._file.mkdir, "dns": self._unmounted, "connect-hang": lambda: self._held(data, exclusive=True),
            "silence": lambda: self._held(b"", exclusive=False), "drip": self._again_and_again, "reset": self._cut,
            "500": lambda: self._file.write_bytes(_spoiled(data)), "429": lambda: self._newer(data),
            "html": lambda: self._file.write_bytes(HTML), "truncated": lambda: self._file.write_bytes(data[:1000]),
            "empty": lambda: self._file.write_bytes(b""), "50MB": lambda: self._log(data), "dies": self._full,
        }  # fmt: skip
        ways[fault]()
        if fault not in self._running:
            self.room.again()

    def _whole(self) -> None:
        for release in reversed(self._release):
            release()
        self._release.clear()
        good = self.folder / "good.sqlite"
        if good.is_file():
            self.room.close()
            if self._home.is_symlink():
                self._home.unlink()
                (self.folder / "disk").rename(self._home)
            self._gone()
            shutil.copy(good, self._file)
            self.room.again()

    def _gone(self) -> None:
        for file in (self._file, self._file.with_name("memory.sqlite-wal"), self._file.with_name("memory.sqlite-shm")):
            if file.is_dir():
                shutil.rmtree(file)
            else:
                file.unlink(missing_ok=True)

    def _unmounted(self) -> None:
        self._home.rename(self.folder / "disk")
        self._home.symlink_to(self.folder / "not mounted")

    def _held(self, data: bytes, *, exclusive: bool) -> None:
        if exclusive:
            self._file.write_bytes(data)
        holder = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
        holder.execute(f"PRAGMA locking_mode={'EXCLUSIVE' if exclusive else 'NORMAL'}")
        holder.execute("BEGIN EXCLUSIVE" if exclusive else "BEGIN IMMEDIATE")
        self._release.append(holder.close)

    def _again_and_again(self) -> None:
        stop = threading.Event()

        def hold() -> None:
            with contextlib.closing(sqlite3.connect(self._file, isolation_level=None, timeout=30.0)) as holder:
                while not stop.is_set():
                    holder.execute("BEGIN IMMEDIATE")
                    time.sleep(1.0)
                    holder.execute("COMMIT")
                    stop.wait(0.05)

        thread = threading.Thread(target=hold, name="holder", daemon=True)
        thread.start()

        def release() -> None:
            stop.set()
            thread.join(35.0)

        self._release.append(release)

    def _cut(self) -> None:
        with contextlib.closing(sqlite3.connect(self._file)) as at:
            at.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        os.truncate(self._file, self._file.stat().st_size // 2)

    def _newer(self, data: bytes) -> None:
        self._file.write_bytes(data)
        with contextlib.closing(sqlite3.connect(self._file)) as at:
            at.execute("PRAGMA user_version=9999")
            at.commit()

    def _log(self, data: bytes) -> None:
        self._file.write_bytes(data)
        self._file.with_name("memory.sqlite-wal").write_bytes(bytes(MEGABYTES * 10**6))

    def _full(self) -> None:
        """No file of this process may grow beyond a page more than the log has: what a full disk looks like to SQLite."""
        import resource  # POSIX alone

        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        log = self._file.with_name("memory.sqlite-wal")
        most = (log.stat().st_size if log.exists() else 0) + 4096
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
        self._release.append(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard)))

    def close(self) -> None:
        """Let go first."""
        for release in reversed(self._release):
            release()
        self._release.clear()
        super().close()


def _spoiled(data: bytes) -> bytes:
    """The middle third as random bytes."""
    third = len(data) // 3
    return data[:third] + random.Random(7).randbytes(third) + data[2 * third :]


SCENES: tuple[type[Scene], ...] = (StoreScene, MemoryScene)
