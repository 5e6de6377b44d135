"""All parts of one home together: what a run is given of them, how far they are, their start and their end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lottery_chat.errors import LotteryChatError
from lottery_chat.interface.part import Part
from lottery_chat.noting import PlannerTape
from lottery_chat.parts.documents import DocumentParts
from lottery_chat.parts.lazy import Lazy
from lottery_chat.parts.memory import MemoryParts
from lottery_chat.parts.models import ModelParts
from lottery_chat.parts.search import SearchParts
from lottery_chat.parts.tools import ToolParts
from lottery_chat.settings import Settings

if TYPE_CHECKING:
    from knowledge.reading import Limited
    from lottery_chat.chat import Asking
    from lottery_chat.planner.coverage import Coverage
    from lottery_chat.planner.gates import Gates
    from lottery_chat.planner.resources import Resources


class Parts:
    """The concrete parts of one home, made on demand."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        #: Whether a question waits for a model that is still downloading (command line) or is told so (page).
        self.patient = True
        #: Receives lines for the terminal: what was repaired, where a download came from.
        self.say: Callable[[str], None] = lambda line: None
        self._lazy = Lazy()
        self._offline_said = False
        self.memory = MemoryParts(settings, self.tell)
        self.models = ModelParts(settings, self.memory, self.tell)
        self.search = SearchParts(settings)
        self.documents = DocumentParts(settings, self.memory, self.search, self.readers)
        self.tools = ToolParts(settings, self.memory, self.children)

    def tell(self, line: str) -> None:
        """Hand a line to `say` as it is set when the line comes, not as it was when the parts were made."""
        self.say(line)

    def children(self) -> Limited:
        """What runs a function in a limited child."""
        from lottery_chat.children import run_limited

        return run_limited

    def readers(self) -> Limited:
        """What reads documents in a limited child, behind whoever waits for an answer."""
        from lottery_chat.children import run_behind

        return run_behind

    # -- for one run ---------------------------------------------------------------------------------------

    def asking(self) -> Asking:
        """The door to an answer."""
        from lottery_chat.chat import Asking

        def make() -> Asking:
            return Asking(
                resources=self.resources, passing=lambda files: self.documents.passing(files), journal=self.memory.journal(),
                talks=self.memory.conversations(), preferences=self.memory.options().read, model_name=self.models.name,
            )  # fmt: skip

        return self._lazy.get("asking", make)

    def resources(
        self,
        owner: str,
        model: str | None,
        permit: Callable[[str, threading.Event], str | None],
        cancel: threading.Event,
        base: Path | None = None,
        attached: Sequence[str] = (),
        collections: Sequence[str] | None = None,
    ) -> Resources:
        """Everything Algorithm 1 is given for one run; `base` is the folder of another knowledge base.

        `owner` is the conversation; `attached` and `collections` are what the question may look into (knowledge).
        """
        from lottery_chat.planner.resources import Resources

        memory, documents, search, tools = self.memory, self.documents, self.search, self.tools
        tools.wait_for_servers()
        return Resources(
            model=lambda: self.models.reach(model, owner, cancel, patient=self.patient), model_text=self.models.text,
            knowledge=lambda: documents.knowledge(base, owner, attached, collections), passing=lambda title, text: documents.passing(texts=[(title, text)]),
            settled=lambda ids, stop: documents.settled(ids, stop, base), similar=search.similar, find_tools=search.retriever().find, shelf=self._shelf, spoken=tools.spoken,
            compute=tools.compute(), prove=tools.prove(), web=tools.web(), calls=tools.calls(), tables=tools.tables(), permit=permit,
            offline=self._first_offline, notes=memory.notes(), symbols=memory.symbols(), tape=PlannerTape(memory.tapes(), owner), gates=self.gates,
            coverage=self.coverage,
        )  # fmt: skip

    def _shelf(self, question: str, wait: bool = False) -> Sequence[tuple[Any, float]]:
        return self.search.shelf(question, wait and self.patient)

    def _first_offline(self) -> bool:
        first, self._offline_said = not self._offline_said, True
        return first

    def gates(self, model: str) -> Gates:
        """The thresholds above which a model's own numbers are believed, with what this home's lab kept."""
        from lottery_chat.planner.gates import gates_of, read_gates

        return gates_of(model, self._lazy.get("gates", lambda: read_gates(self.settings.home)))

    def coverage(self) -> Coverage:
        """What the scores of the embedder in use say, with what this home's lab kept."""
        from lottery_chat.planner.coverage import coverage_of
        from lottery_chat.planner.gates import read_coverage

        kept = self._lazy.get("coverage", lambda: read_coverage(self.settings.home))
        return coverage_of(self.search.name(), kept)

    def lab(self) -> Any:
        """What the lab measured in this home."""
        from lottery_chat.lab.kept_runs import KeptRuns  # tables and statistics, for the one page that shows them

        return self._lazy.get("lab", lambda: KeptRuns(self.settings.home / "lab" / "runs"))

    # -- life ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make everything in the background: M, the model's server, then the documents."""
        threading.Thread(target=self._start, name="start", daemon=True).start()

    def _start(self) -> None:
        threading.Thread(target=self.tools.connect_servers, args=(self.tell,), name="servers", daemon=True).start()
        for step in (self.memory.journal, self.models.started_hub, self.tools.compute, self._wake_library):
            try:
                step()
            except LotteryChatError:
                continue  # kept in the part's own state, which the page shows

    def _wake_library(self) -> None:
        self.search.embedder()
        self.search.shelf("How many days are there between two dates?")  # the cards' vectors, once
        library = self.documents.library()
        library.resume()
        for notice in library.notices():
            self.say(notice)

    def states(self) -> tuple[Part, ...]:
        """How far each part is."""
        return (self.models.part(), self.documents.part(), *self.tools.parts())

    def close(self) -> None:
        """End every child and file, in the reverse order."""
        self.search.stop()
        asking = self._lazy.made("asking")
        if asking is not None:
            asking.stop_all()
        for group in (self.tools, self.documents, self.models, self.memory, self.search):
            group.close()
