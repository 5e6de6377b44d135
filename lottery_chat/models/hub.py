"""Which g_φ answers: pick one, get it, load it, and switch without a restart.

One worker thread does whatever takes long. At most one embedded model is loaded at a time; when another is chosen
the old process ends as soon as nobody uses it. `auto` never takes a server that was not asked for by name except
an Ollama: an OpenAI-compatible one may be another computer.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lottery_chat.errors import DownloadFailed, LotteryChatError, ModelMissing, ModelUnreachable, NotFound
from lottery_chat.models import probing
from lottery_chat.models.embedded import EngineSettings
from lottery_chat.models.fetching import Fetching
from lottery_chat.models.hub_state import HubState, died, downloading, not_yet, ready
from lottery_chat.models.in_turn import InTurn
from lottery_chat.models.in_use import MakeEngine, ModelInUse
from lottery_chat.models.offers import Offer, Offers, Place
from lottery_chat.models.ollama import OllamaServer
from lottery_chat.models.protocol import ChatModel
from lottery_chat.models.sources import Sources

_AGAIN = 30.0  # seconds before a failed model is tried again because somebody asks for it


class ModelHub:
    """All models behind one door. May be used from any thread; nothing happens before `start`.

    Args:
        threads: of the embedded engine; 0 as many as physical cores. window: tokens for one request.
        slots: requests that compute at once.
        chosen: "auto", a name, or where/name. memory_available: bytes, 0 unknown.
        say: receives a line for the terminal when a download is checked or a model is ready.
    """

    def __init__(
        self,
        folder: Path,
        *,
        ollama_host: str | None,
        openai_url: str | None,
        openai_key: str | None,
        threads: int,
        memory_available: Callable[[], int],
        window: int = 4096,
        slots: int = 2,
        chosen: str = "auto",
        sources: Sources = Sources(),  # noqa: B008  (frozen)
        say: Callable[[str], None] = lambda line: None,
        make_engine: MakeEngine | None = None,
    ) -> None:
        openai = probing.server_at(openai_url, openai_key) if openai_url else None
        self._offers = Offers(folder, OllamaServer(ollama_host), openai, window, self._free)
        self._memory_available = memory_available
        self._fetching = Fetching(self._offers, sources, say)
        self._say = say
        self._changed = threading.Condition()
        self._in_use = ModelInUse(
            EngineSettings(slots=slots, window=window, threads=threads), make_engine, self._changed,
            settled=self._settled, state=lambda: self._state, lost=self._lost,
        )  # fmt: skip
        self._chosen = chosen
        self._wanted: str | None = None
        self._asked, self._served = 0, 0  # numbers of the last wish, and of the last one carried out
        self._state = HubState("waiting", "The model has not been started yet")
        self._failed_at = 0.0
        self._stop_fetching = threading.Event()
        self._stop_loading = threading.Event()  # of the model before: a person chose another one
        self._closing = threading.Event()
        self._worker: threading.Thread | None = None

    # -- choosing ----------------------------------------------------------------------------------------------

    def models(self) -> tuple[Offer, ...]:
        """Everything one can choose, the one in use marked."""
        place = self._in_use.place
        mine = {place.name, place.key} if place else set()
        return tuple(
            dataclasses.replace(one, chosen=place is not None and one.where == place.where and one.name in mine)
            for one in self._offers.list()
        )

    def choose(self, name: str) -> None:
        """Make it the model from the next question on; it is fetched and loaded in the background.

        Raises:
            NotFound: there is no such model.
        """
        if name != "auto":
            self._offers.place(name)
        self._chosen = name
        self._want(name, at_once=True)

    def start(self, name: str | None = None) -> None:
        """Begin in the background: look for Ollama, pick, fetch if missing, load. Once only.

        Args:
            name: the model to begin with, for this process; the chosen one when None.
        """
        with self._changed:
            if self._worker is not None:
                return
            self._worker = threading.Thread(target=self._work, name="model-hub", daemon=True)
            self._worker.start()
        self._want(name or self._chosen)

    def current(self, owner: str, cancel: threading.Event, wait: float) -> ChatModel:
        """The chosen model, each call of which takes the owner's fair turn.

        Raises:
            ModelMissing: still being fetched or loaded after `wait` seconds; says how far.
            ModelUnreachable: it could not be had.
        """
        with self._changed:
            tired = self._state.state == "failed" and time.monotonic() - self._failed_at > _AGAIN
        if tired:
            self._want(self._wanted or self._chosen)
        return self._reach(owner, cancel, wait, None)

    def named(self, name: str, owner: str, cancel: threading.Event, wait: float) -> ChatModel:
        """Like `current`, for a model by name; it becomes the one in use (only one embedded model is loaded)."""
        place = self._offers.automatic() if name == "auto" else self._offers.place(name)
        with self._changed:
            here = self._in_use.place == place and self._in_use.model is not None and self._settled()
            coming = (self._state.name, self._state.where) == (place.name, place.where) and not self._settled()
        if not here and not coming:
            self._want(place.key)
        return self._reach(owner, cancel, wait, place)

    def _reach(self, owner: str, cancel: threading.Event, wait: float, place: Place | None) -> ChatModel:
        """Wait for the model in use, or (with `place`) for this one; the old one answers while another is fetched."""
        until = time.monotonic() + wait
        with self._changed:
            while not self._usable(place) and not self._settled() and time.monotonic() < until and not cancel.is_set():
                self._changed.wait(0.1)
            model, state, settled = self._in_use.model, self._state, self._settled()
            if model is not None and self._usable(place):
                return InTurn(self._in_use, owner, model.card)
        if settled:
            raise ModelUnreachable(state.text)
        raise ModelMissing(not_yet(state))

    def _usable(self, place: Place | None) -> bool:
        fetching = place is None and self._state.state == "downloading"
        return self._in_use.model is not None and (self._settled() or fetching) and place in (None, self._in_use.place)

    def state(self) -> HubState:
        """How far it is, for four looks a second."""
        state, engine = self._state, self._in_use.engine
        if state.state == "ready" and engine is not None and engine.state in ("loading", "failed"):
            state = died(state, engine.state)
        return dataclasses.replace(state, tokens_per_second=round(self._in_use.speed, 1), memory=self._in_use.memory())

    def place_in_queue(self, owner: str) -> int:
        """How many turns are given before the owner's; 0 when none of theirs waits."""
        return self._in_use.place_in_queue(owner)

    # -- files -------------------------------------------------------------------------------------------------

    def pull(self, name: str) -> Iterator[HubState]:
        """Fetch a model without choosing it, yielding how far it is; closing the iterator stops it.

        Raises:
            NotFound, DownloadFailed, ModelError.
        """
        yield from self._fetching.pull(self._offers.place(name))

    def remove(self, name: str) -> None:
        """Delete a model from this machine, ending it first.

        Raises:
            NotFound: it is not here.
        """
        place = self._offers.place(name)
        if not self._offers.has(place) or place.where == "openai":
            raise NotFound(f"{name!r} is not on this computer, so there is nothing to remove.")
        if place == self._in_use.place:
            self._in_use.retire(self._closing)
            self._removed(place)
        self._fetching.delete(place)

    def close(self) -> None:
        """Stop downloads, end the embedded process, wait for both."""
        self._closing.set()
        self._stop_fetching.set()
        self._stop_loading.set()
        with self._changed:
            self._changed.notify_all()
        self._in_use.close()
        if self._worker is not None:
            self._worker.join(10.0)
        self._in_use.close()

    # -- the worker --------------------------------------------------------------------------------------------

    def _want(self, name: str, *, at_once: bool = False) -> None:
        """Wish for a model; `at_once`: what is being loaded for an earlier wish is given up."""
        with self._changed:
            if name == self._wanted and self._asked > self._served:
                return  # it is being got; asking again must not stop its download
            self._wanted = name
            self._asked += 1
            self._stop_fetching.set()  # of the model before; the worker makes a fresh one
            if at_once:
                self._stop_loading.set()
            self._changed.notify_all()

    def _settled(self) -> bool:
        return self._asked > 0 and self._served == self._asked

    def _work(self) -> None:
        while not self._closing.is_set():
            with self._changed:
                while self._served == self._asked and not self._closing.is_set():
                    self._changed.wait(1.0)
                number, name = self._asked, self._wanted or "auto"
                self._stop_fetching, self._stop_loading = threading.Event(), threading.Event()
                if self._closing.is_set():
                    return
            try:
                self._carry_out(name)
            except LotteryChatError as error:
                self._failed_at = time.monotonic()
                place = self._in_use.place
                if self._in_use.model is not None and place is not None:  # the one before is still loaded
                    self._tell(dataclasses.replace(ready(place), text=f"{error} {place.name} goes on answering."))
                else:
                    self._tell(dataclasses.replace(self._state, state="failed", text=str(error)))
            with self._changed:
                self._served = number
                self._changed.notify_all()

    def _carry_out(self, name: str) -> None:
        self._tell(HubState("waiting", "Looking for a model"))
        place = self._offers.automatic() if name == "auto" else self._offers.place(name)
        try:
            self._get(place)
        except (DownloadFailed, ModelUnreachable) as error:
            other = self._offers.fallback(place) if name == "auto" and not self._stop_fetching.is_set() else None
            if other is None:
                raise
            self._say(f"{error} Taking {other.name}, which is here, instead.")
            self._get(other)

    def _get(self, place: Place) -> None:
        used = self._in_use
        if place == used.place and used.model is not None and (used.engine is None or used.engine.state == "ready"):
            self._tell(ready(place))
            return
        if not self._offers.has(place):
            self._tell(HubState("downloading", f"Downloading {place.name}", place.name, place.where))
            self._fetching.fetch(place, lambda one: self._tell(downloading(place, one)), self._stop_fetching)
            self._offers.forget()
        self._in_use.retire(self._closing)
        self._tell(HubState("loading", f"Loading {place.name}", place.name, place.where))
        model = self._load(place)
        self._in_use.take(place, model)
        self._tell(ready(place))
        self._say(f"{place.name} answers ({place.where}).")

    def _load(self, place: Place) -> ChatModel:
        if place.where == "ollama":
            return self._offers.ollama.model(place.name, self._offers.window)
        if place.where == "openai":
            assert self._offers.openai is not None
            return probing.connect(self._offers.openai, place.name, self._offers.window, self._stop_fetching)
        file, entry = self._fetching.checked(place)
        return self._in_use.load(file, entry, self._stop_loading)

    def _tell(self, state: HubState) -> None:
        with self._changed:
            self._state = state
            self._changed.notify_all()

    def _removed(self, place: Place) -> None:
        with self._changed:
            self._in_use.model, self._failed_at = None, time.monotonic()
            self._state = HubState(
                "failed", f"{place.name} was removed. Choose another model.", place.name, place.where
            )
            self._changed.notify_all()

    def _lost(self, model: ChatModel) -> None:
        """A server that is gone is looked for again, so that `auto` can take another."""
        used = self._in_use
        if model is used.model and model.card.where == "ollama" and self._offers.ollama.version() is None:
            self._offers.forget()
            with self._changed:
                used.model, used.place = None, None
            self._want(self._chosen)

    def _free(self) -> int:
        free = self._memory_available()
        return free + self._in_use.memory() if free else free  # the one in use would make room
