"""The parts of g_φ in one home: the hub of models, and how far the chosen one is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lottery_chat import machine
from lottery_chat.interface.part import Part
from lottery_chat.parts.lazy import Lazy
from lottery_chat.parts.memory import MemoryParts
from lottery_chat.settings import Settings

if TYPE_CHECKING:
    from lottery_chat.models.hub import ModelHub

#: How long a question waits for a model that loads (or, on the command line, downloads).
LOADING_SECONDS = 3600.0


class ModelParts:
    """g_φ, made on demand.

    Args:
        memory: where the person's choice of model is kept.
        say: receives lines for the terminal (where a download came from).
    """

    def __init__(self, settings: Settings, memory: MemoryParts, say: Callable[[str], None]) -> None:
        self._settings, self._memory, self._say = settings, memory, say
        self._lazy = Lazy()

    def hub(self) -> ModelHub:
        """All models that can be reached."""
        return self._lazy.get("hub", self._make_hub)

    def _make_hub(self) -> ModelHub:
        from lottery_chat.models.hub import ModelHub  # httpx and ollama

        chosen = self._memory.options().read().model
        settings = self._settings
        return ModelHub(
            settings.models, ollama_host=settings.ollama_host, openai_url=settings.openai_url, openai_key=settings.openai_key,
            threads=settings.threads or machine.physical_cores(), window=settings.window, slots=settings.slots, chosen=chosen,
            memory_available=machine.memory_available, say=self._say,
        )  # fmt: skip

    def started_hub(self, model: str | None = None) -> ModelHub:
        """All models, with the asked (else the chosen) one being fetched and loaded; no other is loaded before it."""

        def begin() -> ModelHub:
            hub = self.hub()
            hub.start(model or self._settings.model)
            return hub

        return self._lazy.get("started hub", begin)

    def reach(self, model: str | None, owner: str, cancel: threading.Event, *, patient: bool) -> Any:
        """The asked (else the chosen) model in the owner's fair turns; waits until it is loaded.

        Args:
            patient: whether a model that is still downloading is waited for.
        """
        hub = self.started_hub(model)
        wait = 0.0 if hub.state().state == "downloading" and not patient else LOADING_SECONDS
        return hub.named(model, owner, cancel, wait) if model else hub.current(owner, cancel, wait)

    def text(self) -> str:
        """What the model is doing, in words, while it is not ready; empty when it is."""
        hub = self._lazy.made("hub")
        if hub is None:
            return "The model is starting"
        state = hub.state()
        return "" if state.state == "ready" else str(state.text)

    def name(self, asked: str | None) -> str:
        """Which model would answer, without waiting for it."""
        if asked:
            return asked
        hub = self._lazy.made("hub")
        return str(hub.state().name) if hub is not None else "auto"

    def in_line(self, owner: str) -> int:
        """How many turns of the model come before the owner's; 0 when none of theirs waits."""
        hub = self._lazy.made("hub")
        return int(hub.place_in_queue(owner)) if hub is not None else 0

    def part(self) -> Part:
        """How far it is."""
        hub = self._lazy.made("hub")
        if hub is None:
            return Part("model", "waiting", "The model starts as soon as the page is there.")
        state = hub.state()
        return Part("model", state.state, state.text, state.done, state.total, state.seconds_left, state.tokens_per_second, state.memory)  # fmt: skip

    def close(self) -> None:
        """End the model's process and its downloads."""
        self._lazy.close("hub")
