"""Everything the page, the command line and the lab may use, in one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lottery_chat.interface.chat import Chat
from lottery_chat.interface.conversations import Conversations
from lottery_chat.interface.document_views import DocumentViews
from lottery_chat.interface.documents import Documents
from lottery_chat.interface.lab import Lab
from lottery_chat.interface.memory import Memory
from lottery_chat.interface.models import Models
from lottery_chat.interface.options import Options
from lottery_chat.interface.part import PartsReader
from lottery_chat.interface.runs import Runs
from lottery_chat.interface.tools import Tools


@dataclass(frozen=True, slots=True)
class App:
    """Everything the page and the command line may use."""

    chat: Chat
    conversations: Conversations
    documents: Documents
    models: Models
    runs: Runs
    options: Options
    home: Path
    version: str
    parts: PartsReader = field(repr=False, default=None)  # type: ignore[assignment]
    tools: Tools = field(repr=False, default=None)  # type: ignore[assignment]
    memory: Memory = field(repr=False, default=None)  # type: ignore[assignment]
    views: DocumentViews = field(repr=False, default=None)  # type: ignore[assignment]
    lab: Lab = field(repr=False, default=None)  # type: ignore[assignment]
