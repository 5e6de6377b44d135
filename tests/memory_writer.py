"""A process of its own that answers a question the way the app does, until somebody kills it.

Usage: python memory_writer.py HOME RUN [hold | full BYTES]
       python memory_writer.py HOME --each     (a line on standard input = a run, answered by a process of its own:
                                                prints that process's id, what it confirms, and "gone" at its end)
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from lottery_chat import posix
from lottery_chat.errors import MemoryFailed
from lottery_chat.events import ModelReturned, NodeOpened, Started, TextDelta, Verified
from lottery_chat.memory.conversations import StoredConversations
from lottery_chat.memory.database import Database
from lottery_chat.memory.journal import Journal


def main() -> None:
    home = Path(sys.argv[1])
    if sys.argv[2] != "--each":
        answer(home, *sys.argv[2:])
        return
    for line in sys.stdin:
        child = os.fork()
        if not child:
            answer(home, line.strip())
        say(child)
        os.waitpid(child, 0)
        say("gone")


def say(words: object) -> None:
    """One line in one write: where Python's output is unbuffered, print's two could be killed between them."""
    os.write(1, f"{words}\n".encode())


def answer(home: Path, run: str, kind: str = "", size: str = "") -> None:
    """Answer without end, as quickly as a model streams; `verified N` on standard output = kept up to piece N."""
    database = Database(home / "memory.sqlite")
    journal = Journal(database)
    chats = StoredConversations(database, journal)
    conversation = chats.create()
    journal.begin(run, conversation, f"Question of {run}", model="m", mode="auto")
    say(f"begun {time.time()}")
    if kind == "hold":
        journal.record(run, 0.1, TextDelta("still going on"))
        sys.stdin.readline()
        journal.close()
        database.close()
        return
    if kind == "full":
        posix.limit_self(memory=2**40, cpu_seconds=60, file_bytes=int(size))
    started = time.monotonic()
    journal.record(run, 0.0, Started(run, conversation, f"Question of {run}", "m", "auto"))
    journal.record(run, 0.0, NodeOpened("n1", None, "model", "Write"))
    number = 0
    while True:
        seconds = time.monotonic() - started
        try:
            journal.record(run, seconds, TextDelta(f"<{number}:{time.time():.3f}>" + "x" * (20_000 if kind else 0)))
            if number % 40 == 39:
                journal.record(run, seconds, Verified("n1", "a check", True))
                journal.record(run, seconds, ModelReturned("n1", "t", "", 5, 7, 0.1, 0.2, "stop"))
                say(f"verified {number}")
        except MemoryFailed as error:
            say(f"failed {error}")
            return
        number += 1
        time.sleep(0.002 if kind else 0.005)


if __name__ == "__main__":
    main()
