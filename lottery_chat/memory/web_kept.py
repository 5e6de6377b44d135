"""What the web gave, kept for a while in M: search results by query, page texts by address, each with its time.

A row belongs to the run that asked, so a deleted conversation takes it along: a query says what a person wanted to
know. What this does not do: it never decides whether an answer may be used again (notes.py); only reading is saved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from lottery_chat.memory.database import Database

Kind = Literal["search", "page"]
#: Seconds for which something kept is used again: results are asked for because they are current.
LASTS: dict[str, int] = {"search": 3_600, "page": 24 * 3_600}
#: Characters of one row; more is not kept.
LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A row: its text as it was kept, and when (ISO 8601, UTC)."""

    body: str
    kept_at: str


class WebKept:
    """Results and pages of one owner; safe from any thread."""

    def __init__(
        self,
        database: Database,
        owner: str = "me",
        clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._database = database
        self._owner = owner
        self._clock = clock

    def keep(self, run: str, kind: Kind, key: str, body: str) -> bool:
        """Keep one row in place of older ones for the same key; what has expired goes with it.

        Returns:
            False when there is no such run or the body is too long: then nothing is kept.
        """
        if len(body) > LONGEST:
            return False
        with self._database.writing():
            for one, seconds in LASTS.items():
                self._database.write(
                    "DELETE FROM web WHERE owner = ? AND kind = ? AND kept_at < ?",
                    (self._owner, one, self._ago(seconds)),
                )
            self._database.write("DELETE FROM web WHERE owner = ? AND kind = ? AND key = ?", (self._owner, kind, key))
            return self._database.write_of_run(
                *(run, self._owner),
                "INSERT INTO web (run, owner, kind, key, body, kept_at) SELECT id, owner, ?, ?, ?, ? FROM runs",
                [(kind, key, body, self._ago(0))],
            )

    def find(self, kind: Kind, key: str) -> Kept | None:
        """What is kept under this key and has not expired, or None."""
        row = self._database.row(
            "SELECT body, kept_at FROM web WHERE owner = ? AND kind = ? AND key = ? AND kept_at >= ? "
            "ORDER BY number DESC LIMIT 1",
            (self._owner, kind, key, self._ago(LASTS[kind])),
        )
        return Kept(row["body"], row["kept_at"]) if row else None

    def _ago(self, seconds: int) -> str:
        return (self._clock() - timedelta(seconds=seconds)).isoformat(timespec="seconds")
