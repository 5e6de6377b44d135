"""The parts of M in one home: its file, and what is kept in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lottery_chat.errors import MemoryFailed
from lottery_chat.parts.lazy import Lazy
from lottery_chat.settings import Settings

if TYPE_CHECKING:
    from lottery_chat.memory.conversations import StoredConversations
    from lottery_chat.memory.database import Database
    from lottery_chat.memory.journal import Journal
    from lottery_chat.memory.notes import Notes
    from lottery_chat.memory.options import StoredOptions
    from lottery_chat.memory.tape import Tapes
    from lottery_chat.memory.tool_results import ToolResults
    from lottery_chat.memory.uses import Uses


class MemoryParts:
    """M, made on demand.

    Args:
        say: receives lines for the terminal (what was repaired).
    """

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        self._settings, self._say = settings, say
        self._lazy = Lazy()

    def database(self) -> Database:
        """M's file, recovered from runs that a dead process left."""
        return self._lazy.get("database", self._open_database)

    def _open_database(self) -> Database:
        from lottery_chat.memory.database import Database  # sqlite-utils takes 0.3 s; the page does not wait for it

        home = self._settings.home
        try:
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise MemoryFailed(
                f"The home folder {str(home)!r} cannot be used: {error.strerror or error}. Check that its disk"
                " is there, or choose another --home."
            ) from error
        database = Database(home / "memory.sqlite")
        for notice in database.notices:
            self._say(notice)
        return database

    def journal(self) -> Journal:
        """Every run as it happens."""
        from lottery_chat.memory.journal import Journal

        def make() -> Journal:
            journal = Journal(self.database())
            journal.recover()
            return journal

        return self._lazy.get("journal", make)

    def conversations(self) -> StoredConversations:
        """The conversations."""
        from lottery_chat.memory.conversations import StoredConversations

        return self._lazy.get("conversations", lambda: StoredConversations(self.database(), self.journal()))

    def notes(self) -> Notes:
        """Results within and across runs."""
        from lottery_chat.memory.notes import Notes

        return self._lazy.get("notes", lambda: Notes(self.database()))

    def symbols(self) -> Any:
        """The solver's working memory."""
        from lottery_chat.adapters import PlannerSymbols
        from lottery_chat.memory.symbols import Symbols

        return self._lazy.get("symbols", lambda: PlannerSymbols(Symbols(self.database())))

    def options(self) -> StoredOptions:
        """The person's preferences."""
        from lottery_chat.memory.options import StoredOptions

        return self._lazy.get("options", lambda: StoredOptions(self.database()))

    def tapes(self) -> Tapes:
        """M's tape: notes and cells of the conversations."""
        from lottery_chat.memory.tape import Tapes

        return self._lazy.get("tapes", lambda: Tapes(self.database()))

    def tool_results(self) -> ToolResults:
        """What tools returned, for the call layer's storage."""
        from lottery_chat.memory.tool_results import ToolResults

        return self._lazy.get("tool results", lambda: ToolResults(self.database()))

    def uses(self) -> Uses:
        """Which collections each conversation uses."""
        from lottery_chat.memory.uses import Uses

        return self._lazy.get("uses", lambda: Uses(self.database()))

    def close(self) -> None:
        """Write what the journal still holds, then close the file."""
        self._lazy.close("journal", "database")
