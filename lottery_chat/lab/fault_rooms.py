"""A room: the assembled app in a throw-away home, with one part under fault and shipped fakes for the others.

The fakes are the scripted model and the hashing embedder. Everything else is what people run; where a cell breaks a
part it breaks what stands behind it (a server, a child, a file), not the part's own code.
"""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from lottery_chat import assembly
from lottery_chat.adapters import PlannerCompute, planner_web
from lottery_chat.calls.breaker import Breaker
from lottery_chat.calls.layer import CallLayer
from lottery_chat.calls.scratch import Scratch
from lottery_chat.calls.values import Call, Outcome, Provenance
from lottery_chat.children import run_limited
from lottery_chat.errors import LotteryChatError
from lottery_chat.events import Answered, Event
from lottery_chat.interface.app import App
from lottery_chat.lab.fault_children import FaultyChildren
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.parts.home import Parts
from lottery_chat.parts.models import ModelParts
from lottery_chat.parts.tools import ToolParts
from lottery_chat.settings import Settings
from tools.programs import Programs

#: An embedder's server answers within this (seconds), and the sandbox starts.
EMBEDDER_SECONDS, START_SECONDS = 6.0, 6.0
#: What is waited beyond a limit before a question counts as one that never ends (seconds).
GIVEN_UP = 5.0


class RoomClock:
    """time.monotonic, put forward by hand: what rests for a minute need not be waited for."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self._ahead

    def forward(self, seconds: float) -> None:
        """Let so many seconds have passed."""
        self._ahead += seconds


class Unguarded(CallLayer):
    """The call layer with its defences off, for the negative control: no limit, no breaker, no sentence for a fault."""

    def call(
        self,
        call: Call[Any],
        scratch: Scratch,
        *,
        cancel: threading.Event | None = None,
        run: str = "",
        said: str = "",
        fresh: bool = False,
    ) -> Outcome[Any]:
        """Just call it."""
        value = call.function()
        return Outcome(value, call.output(value), 0, Provenance(call.tool, "1", ""), 0.0)


class RoomTools(ToolParts):
    """The tools with the room's clock, and the doubles that a cell hands in."""

    def __init__(
        self,
        parts: RoomParts,
        *,
        compute: PlannerCompute | None,
        pages: frozenset[str],
        guarded: bool,
    ) -> None:
        super().__init__(parts.settings, parts.memory, parts.children)
        self._clock, self._compute, self._pages, self._guarded = parts.clock, compute, pages, guarded

    def compute(self) -> Any:
        """Calculator and programs."""
        return self._lazy.get("compute", lambda: self._compute or PlannerCompute(Programs(start_seconds=START_SECONDS)))

    def web(self) -> Any:
        """The search of the settings; pages of this machine are let through, for that is where the lab's are."""
        return self._lazy.get(
            "web", lambda: planner_web(self._settings, self._children(), clock=self._clock, allow_hosts=self._pages)
        )

    def calls(self) -> CallLayer:
        """The usual layer with a clock of its own."""
        if not self._guarded:
            return self._lazy.get("calls", Unguarded)
        layer = super().calls()
        layer.breaker = self._lazy.get("breaker", lambda: Breaker(self._clock))
        return layer


class RoomModels(ModelParts):
    """The models with a scripted one in front."""

    def __init__(self, parts: RoomParts, scripted: ScriptedModel) -> None:
        super().__init__(parts.settings, parts.memory, parts.tell)
        self._scripted = scripted

    def reach(self, model: str | None, owner: str, cancel: threading.Event, *, patient: bool) -> Any:
        """The scripted one."""
        return self._scripted

    def name(self, asked: str | None) -> str:
        """Without waiting for it."""
        return "scripted"


class RoomParts(Parts):
    """The parts of a home with the fakes, the clock, and the doubles that a cell hands in.

    Args:
        model: answers every question; None where the model is the part under fault.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        model: ScriptedModel | None,
        children: FaultyChildren | None = None,
        compute: PlannerCompute | None = None,
        pages: frozenset[str] = frozenset(),
        guarded: bool = True,
    ) -> None:
        super().__init__(settings)
        self.clock = RoomClock()
        self._faulty = children
        self.tools = RoomTools(self, compute=compute, pages=pages, guarded=guarded)
        if model is not None:
            self.models = RoomModels(self, model)

    def children(self) -> Any:
        """Limited children, some of which misbehave."""
        return self._faulty or run_limited

    def readers(self) -> Any:
        """The same for documents."""
        return self.children()


@dataclasses.dataclass(frozen=True, slots=True)
class Ended:
    """How a question ended: the last event or the sentence that was raised, what came before, the seconds it took."""

    answered: Answered | None
    error: str
    events: tuple[Event, ...]
    seconds: float
    terminal: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All that a person is told: answer, reason, check, notices, or the error's sentence; and what the terminal says."""
        if self.answered is None:
            return "\n".join((self.error, *self.terminal))
        one = self.answered
        return "\n".join(filter(None, (one.text, one.reason, one.check, *one.notices, *self.terminal)))

    @property
    def said(self) -> str:
        """The answer alone, or the error."""
        return self.error if self.answered is None else self.answered.text


class Room:
    """One app in one folder. `with Room(parts) as room: room.ask(…)`; closing ends its children."""

    app: App
    _closed: bool

    def __init__(self, make: Callable[[], RoomParts]) -> None:
        self._make = make
        self.terminal: list[str] = []
        self._open()

    def __enter__(self) -> Room:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the app; what is broken may stay broken. Again does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            assembly.close(self.app)
        except LotteryChatError:
            return  # its memory is under fault; children and threads are ended before it is

    def again(self) -> None:
        """Close the app and start it in the same home."""
        self.close()
        self._open()

    def _open(self) -> None:
        self._closed = False
        self.parts = self._make()
        self.parts.say = self.terminal.append
        self.app = assembly.build(self.parts.settings, self.parts)

    def ask(self, question: str, *, most: float, seconds: float, **options: Any) -> Ended:
        """Ask as the page does, in a thread: a question that hangs is left after `most` seconds and told as such."""
        found: list[Ended] = []
        begun = time.monotonic()
        events: list[Event] = []

        def work() -> None:
            try:
                for event in self.app.chat.ask(question, seconds=seconds, recall=False, **options):
                    events.append(event)
            except LotteryChatError as error:
                found.append(Ended(None, str(error), tuple(events), time.monotonic() - begun))
                return
            last = events[-1] if events else None
            if isinstance(last, Answered):
                found.append(Ended(last, "", tuple(events), time.monotonic() - begun))

        thread = threading.Thread(target=work, name="lab-asks", daemon=True)
        thread.start()
        thread.join(most + GIVEN_UP)
        if found:
            said, self.terminal[:] = tuple(self.terminal), []
            return dataclasses.replace(found[0], terminal=said)
        with contextlib.suppress(LotteryChatError):  # where its memory is at fault there may be nothing to stop
            self.parts.asking().stop_all()
        thread.join(3.0)
        return Ended(None, "", tuple(events), time.monotonic() - begun)

    def keep(self, name: str, text: str, seconds: float = 60.0) -> str:
        """Keep a text as a document and wait until it can be searched; its id."""
        from lottery_chat.errors import NotFound  # here for the one case

        file = self.parts.settings.home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        document = self.app.documents.add(file)
        document = self.app.documents.wait(document.id, seconds)
        if document.state != "ready":
            raise NotFound(f"The room's document {name!r} is {document.state}: {document.problem}")
        return str(document.id)


def tools_called(events: Sequence[Event], tool: str) -> int:
    """How many calls of a tool a question made."""
    return sum(1 for event in events if type(event).__name__ == "ToolCalled" and getattr(event, "tool", "") == tool)


def room_settings(folder: Path, **changes: Any) -> Settings:
    """Settings of a throw-away home."""
    values: dict[str, Any] = {
        "home": folder / "home", "models": folder / "models", "embedder": "hashing:64", "search": ("searxng",),
        "searxng_url": "http://127.0.0.1:9", "embedder_seconds": EMBEDDER_SECONDS, "open_browser": False,
        "ollama_host": "http://127.0.0.1:9",
    }  # fmt: skip
    return Settings(**{**values, **changes})
