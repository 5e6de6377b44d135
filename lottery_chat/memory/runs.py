"""Read runs back: their events, text, settings and sums: an implementation of interface.Runs over M."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lottery_chat.errors import NotFound
from lottery_chat.events import Event, Notice, TextDelta, TextReplaced, from_json, to_json
from lottery_chat.interface.runs import RunInfo
from lottery_chat.memory.database import Database, Row


class StoredRuns:
    """The runs of this home. For one that goes on, what is on disk now (text at most two seconds old)."""

    def __init__(self, database: Database, owner: str = "me") -> None:
        self._database = database
        self._owner = owner

    def _freshen(self, run: str) -> None:
        """Called before events are read; the journal writes what it holds."""

    def events(self, run: str) -> tuple[tuple[float, Event], ...]:
        """Each event with its seconds since the question, pieces of text that follow each other joined.

        Raises:
            NotFound: there is no such run.
        """
        self._run(run)
        self._freshen(run)
        events: list[tuple[float, Event]] = []
        for row in self._database.rows("SELECT seconds, kind, body FROM events WHERE run = ? ORDER BY number", (run,)):
            event = _event(row)
            before = events[-1][1] if events else None
            if isinstance(event, TextDelta) and isinstance(before, TextDelta):
                events[-1] = (events[-1][0], TextDelta(before.text + event.text))
            else:
                events.append((row["seconds"], event))
        return tuple(events)

    def text(self, run: str) -> str:
        """The answer's text, or as much of it as there is now.

        Raises:
            NotFound: there is no such run.
        """
        row = self._run(run)
        return str(row["text"]) if row["status"] else fold(self.events(run))

    def list(self, limit: int = 50) -> tuple[RunInfo, ...]:
        """The last runs, newest first; `status` is "running" while one goes on."""
        rows = self._database.rows(
            "SELECT * FROM runs WHERE owner = ? ORDER BY number DESC LIMIT ?", (self._owner, max(0, limit))
        )
        return tuple(_info(row) for row in rows)

    def info(self, run: str) -> RunInfo:
        """One run.

        Raises:
            NotFound: there is no such run.
        """
        return _info(self._run(run))

    def settings(self, run: str) -> dict[str, Any]:
        """What `begin` was given beside the question: model, mode, attachments and settings (to ask again).

        Raises:
            NotFound: there is no such run.
        """
        row = self._run(run)
        asked = {
            "question": row["question"],
            "conversation": row["conversation"],
            "model": row["model"],
            "mode": row["mode"],
        }
        return {**asked, "attachments": json.loads(row["attachments"]), **json.loads(row["settings"])}

    def export(self, run: str) -> dict[str, Any]:
        """The whole run, JSON-ready: its row, and each event as `events.to_json` with its seconds.

        Raises:
            NotFound: there is no such run.
        """
        info = _info(self._run(run))
        events = [{"seconds": seconds, **to_json(event)} for seconds, event in self.events(run)]
        return {
            **{name: getattr(info, name) for name in info.__slots__},
            "settings": self.settings(run),
            "events": events,
        }

    def stats(self) -> dict[str, float]:
        """Counts over all runs that ended (by status, `checked`, by `known_…`), sums of calls and tokens, median seconds."""
        rows = self._database.rows(
            "SELECT * FROM runs WHERE owner = ? AND status != '' ORDER BY seconds", (self._owner,)
        )
        told: dict[str, float] = {"runs": len(rows), "checked": sum(row["checked"] for row in rows)}
        for name in ("calls", "tokens_in", "tokens_out", "seconds"):
            told[name] = sum(row[name] for row in rows)
        middle = [row["seconds"] for row in rows[(len(rows) - 1) // 2 : len(rows) // 2 + 1]]
        told["seconds_median"] = sum(middle) / len(middle) if middle else 0.0
        for row in rows:
            for name in (row["status"], f"known_{row['known']}"):
                told[name] = told.get(name, 0) + 1
        return told

    def _run(self, run: str) -> Row:
        row = self._database.row("SELECT * FROM runs WHERE id = ? AND owner = ?", (run, self._owner))
        if row is None:
            raise NotFound(f"There is no run {run!r}. `lottery-chat runs list` shows those there are.")
        return row


def _event(row: Row) -> Event:
    try:
        return from_json({"type": row["kind"], **json.loads(row["body"])})
    except ValueError:
        return Notice(f"This step ({row['kind']!r}) was kept by another version of Lottery Chat and cannot be shown.")


def fold(events: Sequence[tuple[float, Event]]) -> str:
    """The text that a page would show after these events."""
    text = ""
    for _, event in events:
        if isinstance(event, TextDelta):
            text += event.text
        elif isinstance(event, TextReplaced):
            text = event.text
    return text


def _info(row: Row) -> RunInfo:
    return RunInfo(
        run=row["id"],
        conversation=row["conversation"],
        question=row["question"],
        asked_at=row["asked_at"],
        status=row["status"] or "running",
        known=row["known"] or "none",
        checked=bool(row["checked"]),
        calls=row["calls"],
        seconds=row["seconds"],
        model=row["model"],
    )
