"""Which g_φ answers: pick one, get it, load it, switch without a restart, and let all windows take fair turns.

One worker thread does whatever takes long. At most one embedded model is loaded at a time; when another is chosen
the old process ends as soon as nobody uses it. `auto` never takes a server that was not asked for by name except
an Ollama: an OpenAI-compatible one may be another computer.
"""

from __future__ import annotations

import contextlib
import dataclasses
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lottery_chat.errors import DownloadFailed, LotteryChatError, ModelMissing, ModelUnreachable, NotFound
from lottery_chat.models import catalogue, download, probing
from lottery_chat.models.embedded import EmbeddedEngine, EngineSettings
from lottery_chat.models.in_turn import InTurn
from lottery_chat.models.offers import Offer, Offers, Place
from lottery_chat.models.ollama import OllamaServer
from lottery_chat.models.protocol import ChatModel, Reply, Where
from lottery_chat.models.sources import Progress, Sources
from lottery_chat.models.turns import TurnQueue

HubStateName = Literal["waiting", "loading", "downloading", "ready", "failed"]
#: What starts an embedded model: file, name, settings, whether it thinks, whether it is a coder.
MakeEngine = Callable[[Path, catalogue.CatalogueModel, EngineSettings], EmbeddedEngine]

_AGAIN = 30.0  # seconds before a failed model is tried again because somebody asks for it
_RETIRE = 330.0  # longest wait for users of the old model; longer than a request may take


@dataclass(frozen=True, slots=True)
class HubState:
    """How far the model is. `done`/`total` in bytes while downloading, `memory` in bytes, speed over recent replies."""

    state: HubStateName
    text: str
    name: str = ""
    where: Where = "embedded"
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    tokens_per_second: float = 0.0
    memory: int = 0


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
        self._settings = EngineSettings(slots=slots, window=window, threads=threads)
        self._sources, self._say = sources, say
        self._make_engine = make_engine or _engine
        self._queue = TurnQueue(slots)
        self._changed = threading.Condition()
        self._chosen = chosen
        self._wanted: str | None = None
        self._asked, self._served = 0, 0  # numbers of the last wish, and of the last one carried out
        self._state = HubState("waiting", "The model has not been started yet")
        self._place: Place | None = None
        self._model: ChatModel | None = None
        self._engine: EmbeddedEngine | None = None
        self._uses = 0
        self._failed_at = 0.0
        self._speed = 0.0
        self._stop_fetching = threading.Event()
        self._stop_loading = threading.Event()  # of the model before: a person chose another one
        self._closing = threading.Event()
        self._worker: threading.Thread | None = None

    # -- choosing ----------------------------------------------------------------------------------------------

    def models(self) -> tuple[Offer, ...]:
        """Everything one can choose, the one in use marked."""
        place = self._place
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
            here = self._place == place and self._model is not None and self._settled()
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
            model, state, settled = self._model, self._state, self._settled()
            if model is not None and self._usable(place):
                return InTurn(self, owner, model.card)
        if settled:
            raise ModelUnreachable(state.text)
        raise ModelMissing(_not_yet(state))

    def _usable(self, place: Place | None) -> bool:
        fetching = place is None and self._state.state == "downloading"
        return self._model is not None and (self._settled() or fetching) and place in (None, self._place)

    def state(self) -> HubState:
        """How far it is, for four looks a second."""
        state, engine = self._state, self._engine
        if state.state == "ready" and engine is not None and engine.state in ("loading", "failed"):
            text = (
                f"{state.name} died and is being started again" if engine.state == "loading" else f"{state.name} failed"
            )
            state = dataclasses.replace(state, state=engine.state, text=text)
        memory = engine.memory if engine is not None else 0
        return dataclasses.replace(state, tokens_per_second=round(self._speed, 1), memory=memory)

    def place_in_queue(self, owner: str) -> int:
        """How many turns are given before the owner's; 0 when none of theirs waits."""
        return self._queue.place(owner)

    # -- files -------------------------------------------------------------------------------------------------

    def pull(self, name: str) -> Iterator[HubState]:
        """Fetch a model without choosing it, yielding how far it is; closing the iterator stops it.

        Raises:
            NotFound, DownloadFailed, ModelError.
        """
        place = self._offers.place(name)
        cancel = threading.Event()
        news: queue.Queue[Progress | LotteryChatError | None] = queue.Queue()

        def work() -> None:
            try:
                self._fetch(place, news.put, cancel)
                news.put(None)
            except LotteryChatError as error:
                news.put(error)

        threading.Thread(target=work, name="model-pull", daemon=True).start()
        try:
            while (item := news.get()) is not None:
                if isinstance(item, LotteryChatError):
                    raise item
                yield _as_state(place, item)
            yield HubState("ready", f"{place.name} is on this computer", place.name, place.where)
        finally:
            cancel.set()
            self._offers.forget()

    def remove(self, name: str) -> None:
        """Delete a model from this machine, ending it first.

        Raises:
            NotFound: it is not here.
        """
        place = self._offers.place(name)
        if not self._offers.has(place) or place.where == "openai":
            raise NotFound(f"{name!r} is not on this computer, so there is nothing to remove.")
        if place == self._place:
            self._retire()
            self._settle(
                HubState("failed", f"{place.name} was removed. Choose another model.", place.name, place.where)
            )
        if place.where == "ollama":
            self._offers.ollama.remove(place.name)
        else:
            entry = catalogue.find(place.name)
            assert entry is not None
            download.remove(entry, self._offers.folder)
        self._offers.forget()

    def close(self) -> None:
        """Stop downloads, end the embedded process, wait for both."""
        self._closing.set()
        self._stop_fetching.set()
        self._stop_loading.set()
        with self._changed:
            self._changed.notify_all()
        engine = self._engine
        if engine is not None:
            engine.close()
        if self._worker is not None:
            self._worker.join(10.0)
        engine = self._engine
        if engine is not None:
            engine.close()

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
                place = self._place
                if self._model is not None and place is not None:  # the one before is still loaded
                    self._tell(dataclasses.replace(self._ready(place), text=f"{error} {place.name} goes on answering."))
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
        if place == self._place and self._model is not None and (self._engine is None or self._engine.state == "ready"):
            self._tell(self._ready(place))
            return
        if not self._offers.has(place):
            self._tell(HubState("downloading", f"Downloading {place.name}", place.name, place.where))
            self._fetch(place, lambda one: self._tell(_as_state(place, one)), self._stop_fetching)
            self._offers.forget()
        self._retire()
        self._tell(HubState("loading", f"Loading {place.name}", place.name, place.where))
        model = self._load(place)
        with self._changed:
            self._place, self._model, self._speed = place, model, 0.0
        self._tell(self._ready(place))
        self._say(f"{place.name} answers ({place.where}).")

    def _load(self, place: Place) -> ChatModel:
        if place.where == "ollama":
            return self._offers.ollama.model(place.name, self._offers.window)
        if place.where == "openai":
            assert self._offers.openai is not None
            return probing.connect(self._offers.openai, place.name, self._offers.window, self._stop_fetching)
        entry = catalogue.find(place.name)
        assert entry is not None
        download.check_file(entry, self._offers.folder)
        engine = self._make_engine(self._offers.folder / entry.file, entry, self._settings)
        self._engine = engine
        engine.start()
        if not engine.wait(self._settings.load_seconds, self._stop_loading):
            engine.close()
            if self._stop_loading.is_set():
                raise ModelUnreachable(f"{place.name!r} was not loaded to the end, because another model was chosen.")
            raise ModelUnreachable(
                f"{place.name!r} was not loaded within {self._settings.load_seconds:.0f} s. Try again."
            )
        return engine.model()

    def _fetch(self, place: Place, tell: Callable[[Progress], None], cancel: threading.Event) -> None:
        entry = catalogue.find(place.name)
        if place.where == "embedded" and entry is not None:
            fresh = not self._offers.has(place)
            last: list[str] = []

            def told(progress: Progress) -> None:
                last[:] = [progress.text]
                tell(progress)

            download.download(entry, self._offers.folder, tell=told, cancel=cancel, sources=self._sources)
            if fresh and last:
                self._say(f"{last[0]} ({entry.sha256[:12]}…), so it does not matter who packed it.")
        elif place.where == "ollama":
            begun = time.monotonic()
            for step in self._offers.ollama.pull(place.name, cancel):
                left = (time.monotonic() - begun) / step.done * (step.total - step.done) if step.done else None
                tell(Progress(place.name, "Ollama", step.done, step.total, left, f"Ollama: {step.text} {place.name}"))

    def _ready(self, place: Place) -> HubState:
        return HubState("ready", f"{place.name} is ready", place.name, place.where)

    def _tell(self, state: HubState) -> None:
        with self._changed:
            self._state = state
            self._changed.notify_all()

    def _settle(self, state: HubState) -> None:
        with self._changed:
            self._model, self._state, self._failed_at = None, state, time.monotonic()
            self._changed.notify_all()

    def _retire(self) -> None:
        """End the embedded process once nobody uses it."""
        with self._changed:
            self._model = None
            until = time.monotonic() + _RETIRE
            while self._uses and time.monotonic() < until and not self._closing.is_set():
                self._changed.wait(0.2)
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _free(self) -> int:
        free = self._memory_available()
        engine = self._engine
        return free + engine.memory if free and engine is not None else free  # the one in use would make room

    # -- calls -------------------------------------------------------------------------------------------------

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
            self._speed = speed if not self._speed else 0.7 * self._speed + 0.3 * speed

    def _begin_use(self, cancel: threading.Event) -> ChatModel:
        with self._changed:
            model = self._await_model(cancel)
            self._uses += 1
            return model

    def _await_model(self, cancel: threading.Event) -> ChatModel:
        """The model in use; waits while another is just being loaded. Call it holding `_changed`."""
        until = time.monotonic() + self._settings.load_seconds
        while self._model is None and not self._settled() and time.monotonic() < until and not cancel.is_set():
            self._changed.wait(0.1)
        if self._model is None:
            raise ModelMissing(_not_yet(self._state))
        return self._model

    def _lost(self, model: ChatModel) -> None:
        """A server that is gone is looked for again, so that `auto` can take another."""
        if model is self._model and model.card.where == "ollama" and self._offers.ollama.version() is None:
            self._offers.forget()
            with self._changed:
                self._model, self._place = None, None
            self._want(self._chosen)


def _engine(file: Path, entry: catalogue.CatalogueModel, settings: EngineSettings) -> EmbeddedEngine:
    return EmbeddedEngine(file, entry.name, settings, thinks=entry.thinks, codes=entry.codes)


def _as_state(place: Place, one: Progress) -> HubState:
    return HubState("downloading", one.text, place.name, place.where, one.done, one.total, one.seconds_left)


def _not_yet(state: HubState) -> str:
    if state.state == "downloading" and state.total:
        left = f", about {max(1, round(state.seconds_left / 60))} min left" if state.seconds_left else ""
        done, total = state.done / 1e6, state.total / 1e6
        return (
            f"The model {state.name!r} is still being downloaded: {done:.0f} of {total:.0f} MB{left}. Ask again then."
        )
    if state.state == "loading":
        return f"The model {state.name!r} is being loaded. Ask again in a moment."
    return f"There is no model yet ({state.text}). Ask again in a moment."
