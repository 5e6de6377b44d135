"""Keep every run as it happens: the question first, each event when it happens, text every two seconds.

Whoever runs the planner calls `begin`, then `record` for each event, and the last one (Answered) ends the run.
After a crash `recover` ends the runs of dead processes as stopped, with the text they had.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from lottery_chat.errors import MemoryFailed, NotFound
from lottery_chat.events import Answered, Event, ModelReturned, Notice, TextDelta, to_json
from lottery_chat.memory.database import Database
from lottery_chat.memory.runs import StoredRuns, fold
from lottery_chat.posix import FileLock

#: Text that streams reaches the disk after at most this many seconds.
EVERY = 2.0
CUT_OFF = "The app ended while answering."


@dataclass(slots=True)
class _Pending:
    """Streamed text of one run that is not on disk yet."""

    seconds: float = 0.0
    since: float = 0.0
    pieces: list[str] = field(default_factory=list)


class Journal(StoredRuns):
    """StoredRuns that can be written, and reads its own runs up to the last piece. Safe from any thread."""

    def __init__(self, database: Database, owner: str = "me") -> None:
        """Take a lock that shows others, as long as this process lives, that its runs go on.

        Raises:
            MemoryFailed: the folder of the database cannot be written.
        """
        super().__init__(database, owner)
        self._guard = threading.Condition()
        self._pending: dict[str, _Pending] = {}
        self._problem: MemoryFailed | None = None
        self._writer: threading.Thread | None = None
        self._folder = database.path.with_name("answering")
        self._keeper = FileLock(self._folder / secrets.token_hex(8))
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._keeper.acquire(10.0)
        except OSError as error:
            raise MemoryFailed(f"Cannot write into {str(self._folder)!r}: {error}.") from error

    # --- writing ------------------------------------------------------------------------------------------------

    def together(self) -> contextlib.AbstractContextManager[None]:
        """Whatever this thread writes inside is one commit, `begin` included; `record` and `finish` stay outside.

        They wait for the journal's own lock, whose holder may be waiting for this commit.
        """
        return self._database.writing()

    def begin(
        self,
        run: str,
        conversation: str,
        question: str,
        *,
        model: str,
        mode: str,
        attachments: Sequence[str] = (),
        settings: Mapping[str, Any] | None = None,
        first: Event | None = None,
    ) -> None:
        """Commit the person's message, before anything else happens; name an unnamed conversation after it.

        Args:
            run: a new id; `conversation`: the id of one that exists.
            settings: JSON-ready; whatever is needed to ask the same again (seed, retrieval, web search…).
            first: an event of the same moment, kept in the same commit.

        Raises:
            NotFound: there is no such conversation.
            MemoryFailed: it could not be kept, so it must not be answered.
        """
        at = now()
        with self._database.writing():
            touched = self._database.write(
                "UPDATE conversations SET changed_at = ?, title = CASE title WHEN '' THEN ? ELSE title END "
                "WHERE id = ? AND owner = ?",
                (at, title_of(question), conversation, self._owner),
            )
            if not touched:
                raise NotFound(f"There is no conversation {conversation!r}. It may have been deleted; start a new one.")
            self._database.write(
                "INSERT INTO runs (id, owner, conversation, question, asked_at, model, mode, attachments, settings, keeper) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(run, self._owner, conversation, question, at, model, mode),
                    *(json.dumps(list(attachments)), json.dumps(dict(settings or {})), self._keeper.path.name),
                ),
            )
            self._insert(run, [(0.0, first)] if first else [])

    def settings(self, run: str) -> dict[str, Any]:
        """What a run was asked with, as `begin` was given it; empty for a run that is not there."""
        rows = self._database.rows("SELECT settings FROM runs WHERE id = ? AND owner = ?", (run, self._owner))
        return next((dict(json.loads(row["settings"])) for row in rows), {})

    def record(self, run: str, seconds: float, event: Event) -> None:
        """Keep an event, committed when this returns; pieces of text within two seconds.

        An Answered ends the run like `finish`. A run whose conversation was deleted meanwhile is not kept.

        Args:
            seconds: since the question.

        Raises:
            MemoryFailed: this event, or text before it, could not be kept.
        """
        if isinstance(event, TextDelta):
            self._hold(run, seconds, event.text)
        elif isinstance(event, Answered):
            self.finish(run, event, seconds)
        else:
            with self._guard:
                self._complain()
                self._write(run, (seconds, event))

    def finish(self, run: str, answered: Answered, seconds: float | None = None) -> None:
        """Keep the answer and end the run. A run that has ended already stays as it is."""
        with self._guard:
            with self._database.writing():
                held = _held(self._pending.get(run))
                self._insert(run, [*held, (answered.seconds if seconds is None else seconds, answered)])
                self._database.write(
                    "UPDATE conversations SET changed_at = ? "
                    "WHERE id = (SELECT conversation FROM runs WHERE id = ? AND status = '')",
                    (now(), run),
                )
                self._database.write(
                    "UPDATE runs SET status = ?, known = ?, checked = ?, calls = ?, tokens_in = ?, tokens_out = ?, "
                    "seconds = ?, text = ?, model = CASE ? WHEN '' THEN model ELSE ? END, answered = ? "
                    "WHERE id = ? AND status = ''",
                    (
                        *(answered.status, answered.known, answered.checked, answered.calls, answered.tokens_in),
                        *(answered.tokens_out, answered.seconds, answered.text, answered.model, answered.model),
                        *(json.dumps(to_json(answered)), run),
                    ),
                )
            self._pending.pop(run, None)

    def flush(self) -> None:
        """Write all text that is still held."""
        with self._guard:
            for run in list(self._pending):
                self._write(run)

    def close(self) -> None:
        """Write what is held and give up the lock; the object is not used afterwards."""
        try:
            self.flush()
        finally:
            with self._guard:
                self._pending.clear()
                self._guard.notify_all()
                writer = self._writer
            if writer is not None:
                writer.join()
            _discard(self._keeper)

    def _hold(self, run: str, seconds: float, text: str) -> None:
        with self._guard:
            self._complain()
            held = self._pending.get(run)
            if held is None:
                held = self._pending[run] = _Pending(seconds, time.monotonic())
                if self._writer is None:
                    self._writer = threading.Thread(target=self._write_in_time, name="journal", daemon=True)
                    self._writer.start()
            held.pieces.append(text)

    def _write_in_time(self) -> None:
        """The writer's thread: lives while text is held."""
        with self._guard:
            while self._pending:
                run, held = min(self._pending.items(), key=lambda item: item[1].since)
                left = held.since + EVERY - time.monotonic()
                if left > 0:
                    self._guard.wait(left)
                    continue
                try:
                    self._write(run)
                    self._problem = None
                except MemoryFailed as error:  # there is nobody here to tell: the run's next event tells it
                    self._problem, held.since = error, time.monotonic()
            self._writer = None

    def _freshen(self, run: str) -> None:
        with self._guard:
            self._write(run)

    def _write(self, run: str, *events: tuple[float, Event]) -> None:
        """Write what the run holds, then these events; what could not be written is still held."""
        self._insert(run, [*_held(self._pending.get(run)), *events])
        self._pending.pop(run, None)

    def _complain(self) -> None:
        problem, self._problem = self._problem, None
        if problem is not None:
            raise problem

    def _insert(self, run: str, events: Sequence[tuple[float, Event]]) -> None:
        if not events:
            return
        rows = []
        for seconds, event in events:
            values = to_json(event)
            kind = values.pop("type")
            rows.append((seconds, kind, json.dumps(values), run))
        self._database.write_many(
            "INSERT INTO events (run, owner, seconds, kind, body) SELECT id, owner, ?, ?, ? FROM runs "
            "WHERE id = ? AND status = ''",
            rows,
        )

    # --- after a crash ------------------------------------------------------------------------------------------

    def recover(self) -> tuple[str, ...]:
        """End the runs of processes that are dead, keeping their text; the ids of these runs.

        Runs of another living process on the same home are left alone: it holds its lock.
        """
        ended: list[str] = []
        for keeper in self._database.rows("SELECT DISTINCT keeper FROM runs WHERE status = ''"):
            name = str(keeper["keeper"])
            lock = FileLock(self._folder / name)
            if name == self._keeper.path.name or not _free(lock):
                continue
            for row in self._database.rows("SELECT id FROM runs WHERE status = '' AND keeper = ?", (name,)):
                self.finish(row["id"], self._cut_off(row["id"]))
                ended.append(row["id"])
            lock.release()
        self._sweep()
        return tuple(ended)

    def _cut_off(self, run: str) -> Answered:
        row = self._run(run)
        events = self.events(run)
        text = fold(events)
        calls = [event for _, event in events if isinstance(event, ModelReturned)]
        return Answered(
            status="stopped",
            answer=None,
            text=text,
            known="model" if text else "none",
            checked=False,
            check="",
            reason=CUT_OFF,
            calls=len(calls),
            tokens_in=sum(call.tokens_in for call in calls),
            tokens_out=sum(call.tokens_out for call in calls),
            seconds=events[-1][0] if events else 0.0,
            run=run,
            conversation=row["conversation"],
            model=row["model"],
            notices=tuple(event.text for _, event in events if isinstance(event, Notice)),
            can_continue=True,
        )

    def _sweep(self) -> None:
        """Remove lock files that nobody holds and no unfinished run names."""
        named = {row["keeper"] for row in self._database.rows("SELECT keeper FROM runs WHERE status = ''")}
        for path in self._folder.iterdir():
            lock = FileLock(path)
            if path.name not in named and path != self._keeper.path and _free(lock):
                _discard(lock)


def now() -> str:
    """This moment, ISO 8601 in UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def title_of(question: str) -> str:
    """A conversation's title from its first question: one line, cut between words at 60 characters."""
    line = " ".join(question.split())
    if len(line) <= 60:
        return line or "New conversation"
    head = line[:59]
    return (head.rpartition(" ")[0] if " " in head[30:] else head).rstrip(" ,;:.") + "…"


def _free(lock: FileLock) -> bool:
    """Take the lock of a keeper that died; False while it lives. A file that is gone belongs to nobody."""
    try:
        return lock.acquire()
    except OSError:
        return not lock.path.exists()


def _discard(lock: FileLock) -> None:
    """Remove a lock's file while it is held, so that nobody takes the file in between (Windows: just after)."""
    for _ in range(2):
        with contextlib.suppress(OSError):
            lock.path.unlink(missing_ok=True)
        lock.release()


def _held(held: _Pending | None) -> list[tuple[float, Event]]:
    return [(held.seconds, TextDelta("".join(held.pieces)))] if held else []
