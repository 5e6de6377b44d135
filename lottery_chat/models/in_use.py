"""The model in use: its process, its users' fair turns, its speed, and its end once nobody uses it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lottery_chat.errors import ModelMissing, ModelUnreachable
from lottery_chat.models.catalogue import CatalogueModel
from lottery_chat.models.embedded import EmbeddedEngine, EngineSettings
from lottery_chat.models.hub_state import HubState, not_yet
from lottery_chat.models.offers import Place
from lottery_chat.models.protocol import ChatModel, Reply
from lottery_chat.models.turns import TurnQueue

#: What starts an embedded model: file, name, settings, whether it thinks, whether it is a coder.
MakeEngine = Callable[[Path, CatalogueModel, EngineSettings], EmbeddedEngine]

_RETIRE = 330.0  # longest wait for users of the old model; longer than a request may take


class ModelInUse:
    """At most one model, with the embedded process behind it where it has one. May be used from any thread.

    Args:
        changed: notified when the model or its users change; held while `settled` and `state` are asked.
        settled: whether no other model is on its way. state: how far that one is.
        lost: told of a model whose server did not answer.
    """

    def __init__(
        self,
        settings: EngineSettings,
        make_engine: MakeEngine | None,
        changed: threading.Condition,
        *,
        settled: Callable[[], bool],
        state: Callable[[], HubState],
        lost: Callable[[ChatModel], None],
    ) -> None:
        self._settings, self._changed = settings, changed
        self._settled, self._state, self._lost = settled, state, lost
        self.make_engine = make_engine or _engine
        self.place: Place | None = None
        self.model: ChatModel | None = None
        self.engine: EmbeddedEngine | None = None
        self.speed = 0.0  # tokens a second over recent replies
        self._queue = TurnQueue(settings.slots)
        self._uses = 0

    # -- the model ---------------------------------------------------------------------------------------------

    def load(self, file: Path, entry: CatalogueModel, stop: threading.Event) -> ChatModel:
        """Start an embedded model's process and wait until it is loaded; it answers from `take` on.

        Raises:
            ModelUnreachable: it was not loaded in time, or `stop` was set meanwhile.
        """
        engine = self.make_engine(file, entry, self._settings)
        self.engine = engine
        engine.start()
        if not engine.wait(self._settings.load_seconds, stop):
            engine.close()
            if stop.is_set():
                raise ModelUnreachable(f"{entry.name!r} was not loaded to the end, because another model was chosen.")
            raise ModelUnreachable(
                f"{entry.name!r} was not loaded within {self._settings.load_seconds:.0f} s. Try again."
            )
        return engine.model()

    def take(self, place: Place, model: ChatModel) -> None:
        """From now on this one answers."""
        with self._changed:
            self.place, self.model, self.speed = place, model, 0.0

    def retire(self, closing: threading.Event) -> None:
        """End the embedded process once nobody uses it, or at once when `closing` is set."""
        with self._changed:
            self.model = None
            until = time.monotonic() + _RETIRE
            while self._uses and time.monotonic() < until and not closing.is_set():
                self._changed.wait(0.2)
        if self.engine is not None:
            self.engine.close()
            self.engine = None

    def memory(self) -> int:
        """Bytes that its process takes; 0 without one."""
        engine = self.engine
        return engine.memory if engine is not None else 0

    def close(self) -> None:
        """End its process at once, whoever uses it."""
        engine = self.engine
        if engine is not None:
            engine.close()

    # -- calls (in_turn.Turns) ---------------------------------------------------------------------------------

    def place_in_queue(self, owner: str) -> int:
        """How many turns are given before the owner's; 0 when none of theirs waits."""
        return self._queue.place(owner)

    @contextlib.contextmanager
    def in_turn(self, owner: str, cancel: threading.Event) -> Iterator[ChatModel | None]:
        """Hold a turn on the model in use; None when `cancel` was set while waiting for it."""
        with self._queue.turn(owner, cancel) as got:
            if not got:
                yield None
                return
            model = self._begin_use(cancel)
            try:
                yield model
            except ModelUnreachable:
                self._lost(model)
                raise
            finally:
                with self._changed:
                    self._uses -= 1
                    self._changed.notify_all()

    def counting(self) -> ChatModel:
        """The model in use, for counting tokens, which takes no turn."""
        with self._changed:
            return self._await_model(threading.Event())

    def measured(self, reply: Reply) -> None:
        """Take the speed of a reply into the average."""
        seconds = reply.seconds - reply.seconds_to_first
        if reply.tokens_out >= 8 and seconds > 0:
            speed = (reply.tokens_out - 1) / seconds
            self.speed = speed if not self.speed else 0.7 * self.speed + 0.3 * speed

    def _begin_use(self, cancel: threading.Event) -> ChatModel:
        with self._changed:
            model = self._await_model(cancel)
            self._uses += 1
            return model

    def _await_model(self, cancel: threading.Event) -> ChatModel:
        """The model in use; waits while another is just being loaded. Call it holding `_changed`."""
        until = time.monotonic() + self._settings.load_seconds
        while self.model is None and not self._settled() and time.monotonic() < until and not cancel.is_set():
            self._changed.wait(0.1)
        if self.model is None:
            raise ModelMissing(not_yet(self._state()))
        return self.model


def _engine(file: Path, entry: CatalogueModel, settings: EngineSettings) -> EmbeddedEngine:
    return EmbeddedEngine(file, entry.name, settings, thinks=entry.thinks, codes=entry.codes)
