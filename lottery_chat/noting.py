"""M for the planner and for the person: the memory tool over a conversation's tape, notes, what is shown and forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lottery_chat.interface.memory import RememberedInfo
from lottery_chat.memory.notes import Notes
from lottery_chat.memory.tape import NOTES, Kept, Tapes
from tools.errors import ToolError
from tools.memory_cells import use_memory


@dataclass(frozen=True, slots=True)
class PlannerTape:
    """planner.resources.Tape: one conversation's cells, and the notes of all."""

    tapes: Tapes
    conversation: str

    def use(self, instruction: str, name: str = "", value: str = "") -> str:
        """Run one instruction of the memory tool; its result in words. Raises ToolError."""
        done = use_memory(instruction, name, value, cells=self.tapes.of(self.conversation))  # type: ignore[arg-type]
        return done.text

    def note(self, text: str) -> bool:
        """Keep the person's words; False where exactly they are kept already. Raises ToolError."""
        if any(one.value == text for one in self.notes()):
            return False
        use_memory("push", NOTES, text, cells=self.tapes.of(self.conversation))
        return True

    def notes(self) -> Sequence[Kept]:
        """What the person noted, of this conversation first, each oldest first."""
        found = self.tapes.kept(NOTES)
        return sorted(found, key=lambda one: (one.conversation != self.conversation, one.number))

    def forget(self, numbers: Sequence[int]) -> None:
        """Remove notes for good. Raises ToolError where there are too many at once."""
        if len(numbers) > 10_000:
            raise ToolError(
                f"{len(numbers):,} notes are too many at once; `lottery-chat memory forget all` removes them."
            )
        for number in numbers:
            self.tapes.forget(number)


class KeptMemory:
    """interface.Memory over the tape and the checked answers."""

    def __init__(self, tapes: Callable[[], Tapes], notes: Callable[[], Notes]) -> None:
        self._tapes, self._notes = tapes, notes

    def kept(self) -> tuple[RememberedInfo, ...]:
        """Notes and cells of all conversations, oldest first."""
        return tuple(
            RememberedInfo(str(one.number), one.name, one.title or "(untitled)", one.value, one.kept_at)
            for one in self._tapes().kept()
        )

    def answers(self) -> tuple[RememberedInfo, ...]:
        """Checked answers that may be served again, newest first."""
        return tuple(
            RememberedInfo(one.id, "answer", one.question, one.answer or one.text, one.kept_at)
            for one in self._notes().results(10_000)
        )

    def forget(self, id: str) -> None:
        """Remove one of them for good. Raises NotFound."""
        if id.isdigit() and len(id) < 19:
            self._tapes().forget(int(id))
        else:
            self._notes().forget(id)
