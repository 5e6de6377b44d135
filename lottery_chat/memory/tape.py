"""M's tape: named rows of texts kept for a conversation (cells, stacks, what the person noted), and all of an owner.

A conversation that is deleted takes its rows with it. Implements tools.memory_cells.Cells for one conversation.
"""

from __future__ import annotations

from dataclasses import dataclass

from lottery_chat.errors import NotFound
from lottery_chat.memory.database import Database
from lottery_chat.memory.journal import now

#: The row of what the person asked to remember.
NOTES = "notes"


@dataclass(frozen=True, slots=True)
class Kept:
    """One value on the tape: its number, its conversation (id and title), its row, when it was kept (ISO 8601, UTC)."""

    number: int
    conversation: str
    title: str
    name: str
    value: str
    kept_at: str


class Tape:
    """The rows of one conversation. Everything is committed when a method returns; safe from any thread."""

    def __init__(self, database: Database, conversation: str, owner: str = "me") -> None:
        self._database, self._conversation, self._owner = database, conversation, owner

    def get(self, name: str) -> tuple[str, ...]:
        """The row of this name, empty if there is none."""
        rows = self._database.rows(
            "SELECT value FROM tape WHERE conversation = ? AND owner = ? AND name = ? ORDER BY number",
            (self._conversation, self._owner, name),
        )
        return tuple(row["value"] for row in rows)

    def put(self, name: str, values: tuple[str, ...]) -> None:
        """Replace the row of this name; an empty row removes it. What stays at its place keeps its date.

        Raises:
            NotFound: there is no such conversation.
        """
        place = (self._conversation, self._owner, name)
        with self._database.writing():
            if not self._database.rows("SELECT id FROM conversations WHERE id = ? AND owner = ?", place[:2]):
                raise NotFound(f"There is no conversation {self._conversation!r}. It may have been deleted.")
            rows = self._database.rows(
                "SELECT number, value FROM tape WHERE conversation = ? AND owner = ? AND name = ? ORDER BY number",
                place,
            )
            same = 0
            while same < min(len(rows), len(values)) and rows[same]["value"] == values[same]:
                same += 1
            for row in rows[same:]:
                self._database.write("DELETE FROM tape WHERE number = ?", (row["number"],))
            self._database.write_many(
                "INSERT INTO tape (conversation, owner, name, value, kept_at) VALUES (?, ?, ?, ?, ?)",
                [(*place, value, now()) for value in values[same:]],
            )

    def names(self) -> tuple[str, ...]:
        """The names in use, in the order they were first written."""
        rows = self._database.rows(
            "SELECT name, min(number) AS first FROM tape WHERE conversation = ? AND owner = ? GROUP BY name ORDER BY first",
            (self._conversation, self._owner),
        )
        return tuple(row["name"] for row in rows)


class Tapes:
    """All rows of an owner, to be shown and forgotten."""

    def __init__(self, database: Database, owner: str = "me") -> None:
        self._database, self._owner = database, owner

    def of(self, conversation: str) -> Tape:
        """The tape of one conversation."""
        return Tape(self._database, conversation, self._owner)

    def kept(self, name: str | None = None) -> tuple[Kept, ...]:
        """Everything kept (in rows of this name), oldest first."""
        rows = self._database.rows(
            "SELECT tape.number, conversation, title, name, value, kept_at FROM tape JOIN conversations ON "
            "conversations.id = tape.conversation WHERE tape.owner = ? AND (? IS NULL OR name = ?) ORDER BY tape.number",
            (self._owner, name, name),
        )
        return tuple(
            Kept(row["number"], row["conversation"], row["title"], row["name"], row["value"], row["kept_at"])
            for row in rows
        )

    def forget(self, number: int) -> None:
        """Remove one value for good.

        Raises:
            NotFound: there is none of this number.
        """
        if not self._database.write("DELETE FROM tape WHERE number = ? AND owner = ?", (number, self._owner)):
            raise NotFound(f"Nothing is kept as {number!r}. It may have been forgotten already.")
        self._database.forget_freed_pages()
