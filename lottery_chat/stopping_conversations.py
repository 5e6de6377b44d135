"""interface.Conversations where one that is deleted first ends its runs, and then lets go of its documents."""

from __future__ import annotations

from lottery_chat.kept_documents import translated
from lottery_chat.parts.home import Parts
from lottery_chat.parts.lazy import Deferred


class StoppingConversations(Deferred):
    """interface.Conversations; a conversation that is deleted ends its runs first."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.memory.conversations)
        self._parts = parts

    def delete(self, conversation: str) -> None:
        """Stop what still answers in it, then delete it."""
        conversations = self._parts.memory.conversations()
        for turn in conversations.turns(conversation):
            if turn.running:
                self._parts.asking().stop(turn.run)
        conversations.delete(conversation)
        with translated():
            self._parts.documents.library().leave(conversation)
