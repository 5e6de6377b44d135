"""interface.Models over the hub of models: what can be had, and the person's choice, which is kept as a preference."""

from __future__ import annotations

from collections.abc import Iterator

from lottery_chat.interface.models import ModelInfo
from lottery_chat.interface.part import Part
from lottery_chat.parts.memory import MemoryParts
from lottery_chat.parts.models import ModelParts


class ChosenModels:
    """interface.Models over the hub; the choice is kept as a preference."""

    def __init__(self, models: ModelParts, memory: MemoryParts) -> None:
        self._models, self._memory = models, memory

    def list(self) -> tuple[ModelInfo, ...]:
        """All that can be had."""
        listed = [
            ModelInfo(
                one.name, one.where, one.size, one.licence, one.window, one.installed, one.chosen, one.fits, one.note
            )
            for one in self._models.hub().models()
        ]
        # Last, and never marked as the one that answers: "auto" is a rule, the model it picked is marked above.
        in_force = "in force now: " if self._memory.options().read().model == "auto" else ""
        return *listed, ModelInfo(
            "auto", "", 0, "", 0, True, False, True, f"{in_force}the best one that fits this computer"
        )

    def choose(self, name: str) -> None:
        """From the next question on."""
        self._models.hub().choose(name)
        self._memory.options().change(model=name)

    def pull(self, name: str) -> Iterator[Part]:
        """Download with progress."""
        for state in self._models.hub().pull(name):
            yield Part("model", state.state, state.text, state.done, state.total, state.seconds_left)

    def remove(self, name: str) -> None:
        """Delete its file."""
        self._models.hub().remove(name)

    def before(self, conversation: str) -> int:
        """Its place in the model's line."""
        return self._models.in_line(conversation)
