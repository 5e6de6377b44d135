"""Which collections of documents each conversation looks into, kept in M; it goes with the conversation."""

from __future__ import annotations

from collections.abc import Sequence

from lottery_chat.errors import NotFound
from lottery_chat.memory.database import Database


class Uses:
    """The choice of a conversation: some collections by id, or (the beginning) all, those made later too."""

    def __init__(self, database: Database, owner: str = "me") -> None:
        self._database = database
        self._owner = owner

    def used(self, conversation: str) -> tuple[str, ...] | None:
        """The ids it looks into; None means all."""
        rows = self._database.rows(
            "SELECT collection FROM conversation_collections WHERE conversation = ? AND owner = ? ORDER BY number",
            (conversation, self._owner),
        )
        return tuple(row["collection"] for row in rows if row["collection"]) if rows else None

    def use(self, conversation: str, collections: Sequence[str] | None) -> None:
        """Look only into these from now on; an empty sequence: into none. None: into all.

        Raises:
            NotFound: there is no such conversation.
        """
        if not self._database.rows(
            "SELECT id FROM conversations WHERE id = ? AND owner = ?", (conversation, self._owner)
        ):
            raise NotFound(f"There is no conversation {conversation!r}. It may have been deleted in another window.")
        with self._database.writing():
            self._database.write(
                "DELETE FROM conversation_collections WHERE conversation = ? AND owner = ?", (conversation, self._owner)
            )
            for one in [] if collections is None else dict.fromkeys([*collections]) or [""]:  # "" marks "none"
                self._database.write(
                    "INSERT INTO conversation_collections (conversation, owner, collection) VALUES (?, ?, ?)",
                    (conversation, self._owner, one),
                )
