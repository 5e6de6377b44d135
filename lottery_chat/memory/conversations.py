"""The conversations of this home: list, search, reopen, rename, delete: interface.Conversations over M."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta, timezone

from lottery_chat.errors import NotFound, SettingsError
from lottery_chat.events import Answered, from_json
from lottery_chat.interface.conversations import ConversationInfo, Turn
from lottery_chat.memory.database import Database, Row
from lottery_chat.memory.journal import Journal, now

UNNAMED = "New conversation"


class StoredConversations:
    """Conversations with their turns, newest first. The journal lends the text of runs that go on."""

    def __init__(self, database: Database, journal: Journal, owner: str = "me") -> None:
        self._database = database
        self._journal = journal
        self._owner = owner

    def list(self, search: str = "") -> tuple[ConversationInfo, ...]:
        """All conversations, or those in which every word of `search` begins some word of title or texts."""
        where, values = "c.owner = ?", [self._owner]
        words = search.split()
        for word in words:
            clause, more = _holds(word)
            where += f" AND ({clause})"
            values += more
        rows = self._database.rows(
            "SELECT c.*, (SELECT count(*) FROM runs r WHERE r.conversation = c.id) AS turns "
            f"FROM conversations c WHERE {where} ORDER BY c.changed_at DESC, c.number DESC",
            values,
        )
        return tuple(
            ConversationInfo(row["id"], row["title"] or UNNAMED, row["changed_at"], row["turns"]) for row in rows
        )

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        """Question and answer of each turn, oldest first; a running one with the text it has now.

        Raises:
            NotFound: there is no such conversation.
        """
        self._row(conversation)
        rows = self._database.rows("SELECT * FROM runs WHERE conversation = ? ORDER BY number", (conversation,))
        return tuple(self._turn(row) for row in rows)

    def create(self) -> str:
        """Make an empty conversation; its id. Its first question names it. Empty ones older than a day go."""
        name, at = secrets.token_hex(16), now()
        old = (datetime.now(timezone.utc) - timedelta(days=1)).isoformat(timespec="milliseconds")
        with self._database.writing():
            self._database.write(
                "DELETE FROM conversations WHERE owner = ? AND title = '' AND changed_at < ? "
                "AND id NOT IN (SELECT conversation FROM runs)",
                (self._owner, old),
            )
            self._database.write(
                "INSERT INTO conversations (id, owner, created_at, changed_at) VALUES (?, ?, ?, ?)",
                (name, self._owner, at, at),
            )
        return name

    def find(self, name: str) -> str | None:
        """The id of the conversation with this id or title (the newest of several), for the command line."""
        row = self._database.row(
            "SELECT id FROM conversations WHERE owner = ? AND (id = ? OR title = ?) ORDER BY id = ? DESC, changed_at DESC",
            (self._owner, name, name, name),
        )
        return str(row["id"]) if row else None

    def rename(self, conversation: str, title: str) -> None:
        """Give it another title (one line, at most 200 characters).

        Raises:
            NotFound: there is no such conversation.
            SettingsError: the title is empty.
        """
        line = " ".join(title.split())[:200]
        if not line:
            raise SettingsError(f"A conversation cannot be called {title!r}. Give it at least one character.")
        self._row(conversation)
        self._database.write(
            "UPDATE conversations SET title = ? WHERE id = ? AND owner = ?", (line, conversation, self._owner)
        )

    def delete(self, conversation: str) -> None:
        """Remove it with its runs, their events and everything that was remembered from them, for good.

        Raises:
            NotFound: there is no such conversation.
        """
        self._row(conversation)
        self._database.write("DELETE FROM conversations WHERE id = ? AND owner = ?", (conversation, self._owner))
        self._database.forget_freed_pages()

    def _row(self, conversation: str) -> Row:
        row = self._database.row("SELECT * FROM conversations WHERE id = ? AND owner = ?", (conversation, self._owner))
        if row is None:
            raise NotFound(f"There is no conversation {conversation!r}. It may have been deleted in another window.")
        return row

    def _turn(self, row: Row) -> Turn:
        running = not row["status"]
        answered = from_json(json.loads(row["answered"])) if row["answered"] else None
        return Turn(
            run=row["id"],
            question=row["question"],
            asked_at=row["asked_at"],
            text=self._journal.text(row["id"]) if running else row["text"],
            answered=answered if isinstance(answered, Answered) else None,
            running=running,
            attachments=tuple(json.loads(row["attachments"])),
        )


def _holds(word: str) -> tuple[str, list[str]]:
    """SQL that is true for conversations that hold this word, and its values.

    Full text finds beginnings of words. Scripts without spaces, and words that are signs only, have no such
    beginnings: there the text is searched as it stands.
    """
    plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{plain}%"
    if not any(letter.isalnum() for letter in word) or any(letter >= "\u2e80" for letter in word):
        texts = "SELECT conversation FROM runs WHERE question LIKE ? ESCAPE '\\' OR text LIKE ? ESCAPE '\\'"
        return f"c.title LIKE ? ESCAPE '\\' OR c.id IN ({texts})", [like, like, like]
    match = '"' + word.replace('"', '""').replace("\0", " ") + '"*'
    titles = "SELECT rowid FROM conversations_words WHERE conversations_words MATCH ?"
    texts = "SELECT conversation FROM runs WHERE number IN (SELECT rowid FROM runs_words WHERE runs_words MATCH ?)"
    return f"c.number IN ({titles}) OR c.id IN ({texts})", [match, match]
