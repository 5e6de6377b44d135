"""External memory M: what is kept between steps and sessions, in SQLite."""

from lottery_chat.memory.conversations import StoredConversations
from lottery_chat.memory.database import Database
from lottery_chat.memory.journal import Journal
from lottery_chat.memory.notes import Notes, Remembered, StoredNode, StoredRequest
from lottery_chat.memory.options import StoredOptions
from lottery_chat.memory.runs import StoredRuns
from lottery_chat.memory.symbols import Fact, Name, Rule, Symbols

__all__ = [
    "Database",
    "Fact",
    "Journal",
    "Name",
    "Notes",
    "Remembered",
    "Rule",
    "StoredConversations",
    "StoredNode",
    "StoredOptions",
    "StoredRequest",
    "StoredRuns",
    "Symbols",
]
