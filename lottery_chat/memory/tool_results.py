"""Results of tools that may be served again for a while, kept in M: an implementation of calls.storage.Keeper."""

from __future__ import annotations

from lottery_chat.memory.database import Database

#: So many are kept for an owner; the oldest go first.
MOST = 2_000


class ToolResults:
    """The kept results of one owner. A result goes when its run does: deleting a conversation deletes what it found."""

    def __init__(self, database: Database, owner: str = "me") -> None:
        self._database = database
        self._owner = owner

    def get(self, key: str) -> tuple[str, str] | None:
        """(JSON, ISO 8601 time it was made) of a key, or None. Raises MemoryFailed."""
        row = self._database.row(
            "SELECT result, made_at FROM tool_results WHERE owner = ? AND key = ?", (self._owner, key)
        )
        return (str(row["result"]), str(row["made_at"])) if row else None

    def put(self, key: str, tool: str, version: str, result: str, at: str, run: str) -> None:
        """Keep a result in place of an older one; nothing is kept for a run that is gone. Raises MemoryFailed."""
        with self._database.writing():
            self._database.write_of_run(
                run, self._owner,
                "INSERT OR REPLACE INTO tool_results (key, run, owner, tool, version, result, made_at)"
                " SELECT ?, id, owner, ?, ?, ?, ? FROM runs",
                [(key, tool, version, result, at)],
            )  # fmt: skip
            self._database.write(
                "DELETE FROM tool_results WHERE owner = ? AND number <= (SELECT number FROM tool_results"
                " WHERE owner = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (self._owner, self._owner, MOST),
            )
