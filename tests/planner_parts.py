"""Parts for tests of the planner: a scripted model, the real tools, real memory, a hashing embedder, a web of canned results."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.embedding import HashingEmbedder
from knowledge.passing import PassingLibrary
from knowledge.remembered_vectors import RememberedVectors
from lottery_chat.adapters import PlannerCompute, PlannerProof, PlannerSymbols, ReadPage, spoken_call
from lottery_chat.children import run_limited
from lottery_chat.events import Answered, Event
from lottery_chat.memory.conversations import StoredConversations
from lottery_chat.memory.database import Database
from lottery_chat.memory.journal import Journal
from lottery_chat.memory.notes import Notes
from lottery_chat.memory.symbols import Symbols
from lottery_chat.memory.tape import Tapes
from lottery_chat.models.protocol import ChatModel
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.noting import PlannerTape
from lottery_chat.planner.budget import Budget
from lottery_chat.planner.coverage import coverage_of
from lottery_chat.planner.engine import Engine
from lottery_chat.planner.gates import Gates
from lottery_chat.planner.resources import Resources, ShelfTool
from lottery_chat.planner.run import Run
from lottery_chat.planner.values import Ask, Limits
from lottery_chat.tables import PlannerTables
from tools.errors import Offline
from tools.web_pages import WebPage
from tools.web_search import Found, WebResult


@dataclass
class CannedWeb:
    """A web search that answers from a list, or is offline; pages by address, what is not there cannot be read."""

    results: Sequence[WebResult] = ()
    offline: bool = False
    said: tuple[str, ...] = ()
    pages: dict[str, WebPage] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def search(self, query: str, limit: int, cancel: threading.Event | None = None) -> Found:
        self.asked.append(query)
        if self.offline:
            raise Offline("There is no network.")
        return Found(tuple(self.results[:limit]), "the canned search", self.said)

    def read(self, addresses: Sequence[str], cancel: threading.Event | None = None) -> tuple[ReadPage, ...]:
        return tuple(ReadPage(url, self.pages.get(url), "" if url in self.pages else "Gone.") for url in addresses)


class Bench:
    """One home with everything a run needs; `ask` gives all events."""

    def __init__(self, folder: Path, model: ChatModel | Callable[[], ChatModel] | None = None) -> None:
        self.database = Database(folder / "memory.sqlite")
        self.journal = Journal(self.database)
        self.conversations = StoredConversations(self.database, self.journal)
        self.notes = Notes(self.database)
        self.symbols = Symbols(self.database)
        self.model: ChatModel | Callable[[], ChatModel] = model or ScriptedModel(["I do not know."])
        self.compute = PlannerCompute()
        self.web = CannedWeb()
        self.embedder = HashingEmbedder()
        self.permission: str | None = None
        self.knowledge: PassingLibrary | None = None
        self.gates = Gates()
        self.coverage = coverage_of("", {})
        self.shelf: Sequence[tuple[ShelfTool, float]] = ()
        self.cancel = threading.Event()
        self._runs = 0
        #: The conversation whose tape a run uses; each run is kept in one of its own.
        self.conversation = self.conversations.create()

    def documents(self, **texts: str) -> PassingLibrary:
        """A passing knowledge base of texts by title."""
        base = PassingLibrary(lambda: self.embedder)
        for title, text in texts.items():
            base.add_text(title, text)
        return base

    def resources(self) -> Resources:
        model = self.model
        return Resources(
            model=model if callable(model) else lambda: model,
            knowledge=lambda: self.knowledge,
            compute=self.compute,
            prove=PlannerProof(run_limited),
            web=self.web,
            notes=self.notes,
            similar=lambda left, right: RememberedVectors().cosines(self.embedder, left, right),
            find_tools=lambda question: [],
            shelf=lambda question, wait: self.shelf,
            spoken=spoken_call,
            passing=lambda title, text: self.documents(**{title: text}),
            permit=lambda request, cancel: self.permission,
            settled=lambda ids, cancel: (),
            offline=lambda: True,
            model_text=lambda: "",
            symbols=PlannerSymbols(self.symbols),
            tables=PlannerTables(),
            tape=PlannerTape(Tapes(self.database), self.conversation),
            gates=lambda model: self.gates,
            coverage=lambda: self.coverage,
        )

    def events(
        self, words: str, *, given: PassingLibrary | None = None, limits: Limits | None = None, **settings: object
    ) -> Iterator[Event]:
        self._runs += 1
        name = f"{self._runs:032x}"
        self.journal.begin(name, self.conversations.create(), words, model="scripted", mode="auto")
        asked = Ask(words=words, must_use_documents=given is not None, **settings)  # type: ignore[arg-type]
        run = Run(name, asked, self.resources(), Budget(limits or Limits(seconds=60), self.cancel))
        return Engine(run, given).answer()

    def ask(self, words: str, **settings: object) -> list[Event]:
        return list(self.events(words, **settings))  # type: ignore[arg-type]

    def close(self) -> None:
        self.compute.close()
        self.journal.close()
        self.database.close()


def answer(events: Sequence[Event]) -> Answered:
    last = events[-1]
    assert isinstance(last, Answered)
    return last
