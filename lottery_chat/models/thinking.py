"""Tell a model's thoughts from its answer in a stream whose server does not: `<think> … </think>`."""

from __future__ import annotations

from lottery_chat.models.protocol import Piece

_OPEN, _CLOSE = "<think>", "</think>"


class ThoughtSplitter:
    """Feed text as it comes, get pieces. Only a `<think>` that begins the reply opens thoughts.

    Later ones are the answer's own words (a person may ask about the tag). Text that may be the start of a tag
    is held back until it is clear.
    """

    def __init__(self) -> None:
        self._held = ""
        self._state = "before"  # before any text, inside thoughts, after them, or answer (never any thoughts)

    def feed(self, text: str) -> list[Piece]:
        """Return what is clear now; may be nothing."""
        self._held += text
        pieces: list[Piece] = []
        if self._state == "before":
            self._begin()
        if self._state == "inside":
            self._inside(pieces)
        if self._state == "after":
            self._held = self._held.lstrip()
            if self._held:
                self._state = "answer"
        if self._state == "answer" and self._held:
            pieces.append(Piece(self._held))
            self._held = ""
        return pieces

    def end(self) -> list[Piece]:
        """Return what was still held back."""
        held, self._held = self._held, ""
        return [Piece(held, thought=self._state == "inside")] if held else []

    def _begin(self) -> None:
        lead = self._held.lstrip()
        if lead.startswith(_OPEN):
            self._state = "inside"
            self._held = lead[len(_OPEN) :]
        elif lead and not _OPEN.startswith(lead):
            self._state = "answer"

    def _inside(self, pieces: list[Piece]) -> None:
        at = self._held.find(_CLOSE)
        if at >= 0:
            thought, self._held, self._state = self._held[:at], self._held[at + len(_CLOSE) :], "after"
        else:
            keep = next((n for n in range(len(_CLOSE) - 1, 0, -1) if self._held.endswith(_CLOSE[:n])), 0)
            thought, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        if thought:
            pieces.append(Piece(thought, thought=True))
