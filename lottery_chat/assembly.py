"""The only place where concrete parts are chosen: Settings -> interface.App.

`build` returns at once: every part is made when it is first asked for, so that the page is there before torch,
LanceDB or a model is. `start` makes them in the background, in the order in which a person will need them.
Heavy modules of ours are imported inside functions for the same reason.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lottery_chat import __version__, posix
from lottery_chat.document_views import LibraryViews
from lottery_chat.errors import LotteryChatError, MemoryFailed
from lottery_chat.interface import App, ModelInfo, Part
from lottery_chat.kept_documents import KeptDocuments, translated
from lottery_chat.noting import KeptMemory, PlannerTape
from lottery_chat.settings import Settings, quieten

if TYPE_CHECKING:
    from knowledge.library import Library
    from knowledge.reading import Limited
    from lottery_chat.calls.layer import CallLayer
    from lottery_chat.calls.mcp_tools import McpTools
    from lottery_chat.calls.offered import OfferedTools
    from lottery_chat.chat import Asking
    from lottery_chat.memory.conversations import StoredConversations
    from lottery_chat.memory.database import Database
    from lottery_chat.memory.journal import Journal
    from lottery_chat.memory.notes import Notes
    from lottery_chat.memory.options import StoredOptions
    from lottery_chat.memory.tape import Tapes
    from lottery_chat.memory.uses import Uses
    from lottery_chat.models.hub import ModelHub
    from lottery_chat.planner.gates import Gates
    from lottery_chat.planner.resources import Knowledge, Resources
    from lottery_chat.retriever import ToolRetriever
    from lottery_chat.tables import PlannerTables

T = TypeVar("T")

#: How long a question waits for a model that loads (or, on the command line, downloads).
LOADING_SECONDS = 3600.0
#: How long a question waits for the person's tool servers to be connected.
SERVER_SECONDS = 5.0


class Lazy:
    """Makes each part once, when it is first asked for; a part that failed is tried again the next time."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._locks: dict[str, threading.RLock] = {}
        self._guard = threading.Lock()

    def get(self, name: str, make: Callable[[], T]) -> T:
        """Return the part, making it first if need be; others who ask meanwhile wait."""
        if name not in self._made:
            with self._guard:
                lock = self._locks.setdefault(name, threading.RLock())
            with lock:
                if name not in self._made:
                    self._made[name] = make()
        return self._made[name]  # type: ignore[no-any-return]

    def made(self, name: str) -> Any | None:
        """The part if it is there already, else None."""
        return self._made.get(name)


class Parts:
    """The concrete parts of one home, made on demand."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lazy = Lazy()
        self._offline_said = False
        self.embedder_problem = ""
        self.embedder_progress: tuple[int, int] = (0, 0)
        self._closing = threading.Event()
        self._bases: list[Path] = []
        #: Whether a question waits for a model that is still downloading (command line) or is told so (page).
        self.patient = True
        #: Receives lines for the terminal: what was repaired, where a download came from.
        self.say: Callable[[str], None] = lambda line: None

    # -- M -------------------------------------------------------------------------------------------------

    def database(self) -> Database:
        """M's file, recovered from runs that a dead process left."""
        return self._lazy.get("database", self._open_database)

    def _open_database(self) -> Database:
        from lottery_chat.memory.database import Database  # sqlite-utils takes 0.3 s; the page does not wait for it

        try:
            self.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise MemoryFailed(
                f"The home folder {str(self.settings.home)!r} cannot be used: {error.strerror or error}. Check that its disk"
                " is there, or choose another --home."
            ) from error
        database = Database(self.settings.home / "memory.sqlite")
        for notice in database.notices:
            self.say(notice)
        return database

    def journal(self) -> Journal:
        """Every run as it happens."""
        from lottery_chat.memory.journal import Journal

        def make() -> Journal:
            journal = Journal(self.database())
            journal.recover()
            return journal

        return self._lazy.get("journal", make)

    def conversations(self) -> StoredConversations:
        """The conversations."""
        from lottery_chat.memory.conversations import StoredConversations

        return self._lazy.get("conversations", lambda: StoredConversations(self.database(), self.journal()))

    def notes(self) -> Notes:
        """Results within and across runs."""
        from lottery_chat.memory.notes import Notes

        return self._lazy.get("notes", lambda: Notes(self.database()))

    def symbols(self) -> Any:
        """The solver's working memory."""
        from lottery_chat.adapters import PlannerSymbols
        from lottery_chat.memory.symbols import Symbols

        return self._lazy.get("symbols", lambda: PlannerSymbols(Symbols(self.database())))

    def options(self) -> StoredOptions:
        """The person's preferences."""
        from lottery_chat.memory.options import StoredOptions

        return self._lazy.get("options", lambda: StoredOptions(self.database()))

    # -- g_φ -----------------------------------------------------------------------------------------------

    def hub(self) -> ModelHub:
        """All models that can be reached."""
        return self._lazy.get("hub", self._make_hub)

    def _make_hub(self) -> ModelHub:
        from lottery_chat.models.hub import ModelHub  # httpx and ollama

        chosen = self.options().read().model
        settings = self.settings
        return ModelHub(
            settings.models, ollama_host=settings.ollama_host, openai_url=settings.openai_url, openai_key=settings.openai_key,
            threads=settings.threads or posix.physical_cores(), window=settings.window, slots=settings.slots, chosen=chosen,
            memory_available=posix.memory_available, say=self.say,
        )  # fmt: skip

    def started_hub(self, model: str | None = None) -> ModelHub:
        """All models, with the asked (else the chosen) one being fetched and loaded; no other is loaded before it."""

        def begin() -> ModelHub:
            hub = self.hub()
            hub.start(model or self.settings.model)
            return hub

        return self._lazy.get("started hub", begin)

    # -- D and R -------------------------------------------------------------------------------------------

    def embedder(self) -> Any:
        """The embedder, fetched first if it is not on this machine; blocks until it is loaded."""
        return self._lazy.get("embedder", self._load_embedder)

    def _load_embedder(self) -> Any:
        from knowledge.errors import KnowledgeError
        from lottery_chat.models.sources import Progress
        from lottery_chat.search_models import load_embedder

        def tell(progress: Progress) -> None:
            self.embedder_progress = (progress.done, progress.total)

        try:
            embedder = load_embedder(self.settings, self.settings.embedder, tell, self._closing)
            embedder.encode(["warm"])
        except KnowledgeError as error:
            self.embedder_problem = str(error)
            raise LotteryChatError(str(error)) from error
        except LotteryChatError as error:
            self.embedder_problem = str(error)
            raise
        self.embedder_problem = ""
        return embedder

    def _former_embedder(self, origin: str) -> Any:
        """The embedder of an index made before; its model is looked for on this machine and not fetched."""
        from lottery_chat.search_models import load_embedder

        return load_embedder(self.settings, origin, lambda progress: None, self._closing)

    def children(self) -> Limited:
        """What runs a function in a limited child."""
        from lottery_chat.children import run_limited

        return run_limited

    def reranker(self) -> Any:
        """What orders found passages anew, or None."""
        from lottery_chat.search_models import load_reranker

        return self._lazy.get("reranker", lambda: load_reranker(self.settings))

    def library(self, base: Path | None = None) -> Library:
        """The kept documents: the home's, or those of another folder."""
        from knowledge.library import Library  # pyarrow and LanceDB come with its store

        folder = base or self.settings.home / "documents"
        library = self._lazy.get(
            "library" if base is None else f"library {base}",
            lambda: Library(
                folder,
                self.embedder,
                self.children(),
                size_limit=self.settings.size_limit,
                former=self._former_embedder,
                reranker=self.reranker,
                by=self.settings.search_by,
            ),  # fmt: skip
        )
        if base is not None and base not in self._bases:
            self._bases.append(base)
        return library

    def similar(self, left: Sequence[str], right: Sequence[str]) -> list[list[float]] | None:
        """Cosines, or None while the embedder is not there: the question does not wait for it."""
        embedder = self._lazy.made("embedder")
        if embedder is None or not left or not right:
            return None
        a, b = embedder.encode(list(left)), embedder.encode(list(right))
        return (a @ b.T).tolist()  # type: ignore[no-any-return]

    def retriever(self) -> ToolRetriever:
        """R over C."""
        from lottery_chat.retriever import ToolRetriever

        return self._lazy.get("retriever", lambda: ToolRetriever(self._card_similar))

    def shelf(self, question: str, wait: bool = False) -> Sequence[tuple[Any, float]]:
        """The tools of the shelf nearest to a question; empty while the embedder is not there.

        The command line and the lab may wait for it where the question gives a tool something to work on; the page,
        where it loads in the background, does not.
        """
        from knowledge.errors import KnowledgeError
        from lottery_chat.adapters import scheduling_tool
        from lottery_chat.children import run_limited
        from lottery_chat.retriever import ShelfRetriever
        from tools.shelf.catalogue import shelf

        embedder = self._lazy.made("embedder")
        if embedder is None and wait and self.patient:
            try:
                embedder = self.embedder()
            except LotteryChatError:
                return ()  # said by doctor and in the notices; the question is answered without it
        if embedder is None:
            return ()
        index = self._lazy.get(
            "shelf",
            lambda: ShelfRetriever(
                (*shelf(), scheduling_tool(run_limited)), lambda texts: embedder.encode(list(texts)).tolist()
            ),
        )
        try:
            return index.find(question)
        except KnowledgeError:  # a question of rare signs has more tokens than the embedder reads
            return ()

    def spoken(self, question: str) -> tuple[Any, Any] | None:
        """The tool of the shelf that the whole question asks for in a form that code reads, with its values."""
        from lottery_chat.adapters import spoken_call

        return spoken_call(question)

    def _card_similar(self, left: Sequence[str], right: Sequence[str]) -> list[list[float]] | None:
        embedder = self._lazy.made("embedder")
        if embedder is None:
            return None
        cards = self._lazy.get("cards", lambda: embedder.encode(list(right)))
        return (embedder.encode(list(left)) @ cards.T).tolist()  # type: ignore[no-any-return]

    # -- C -------------------------------------------------------------------------------------------------

    def compute(self) -> Any:
        """Calculator and programs."""
        from lottery_chat.adapters import PlannerCompute

        return self._lazy.get("compute", PlannerCompute)

    def prove(self) -> Any:
        """The logic solver in limited children."""
        from lottery_chat.adapters import PlannerProof

        return self._lazy.get("prove", lambda: PlannerProof(self.children()))

    def web(self) -> Any:
        """Web search."""
        from lottery_chat.adapters import planner_web
        from lottery_chat.children import run_limited

        return self._lazy.get("web", lambda: planner_web(self.settings, run_limited))

    def servers(self) -> Any:
        """The MCP servers that the person added, as written in the home."""
        from lottery_chat.calls.mcp_servers import ServerFile

        return self._lazy.get("servers", lambda: ServerFile(self.settings.home / "mcp.json", self.settings.mcp))

    def calls(self) -> CallLayer:
        """The one layer through which every call of a tool goes."""
        from lottery_chat.adapters import WEB_PAGES, WEB_RESULTS
        from lottery_chat.calls.access import Access
        from lottery_chat.calls.layer import CallLayer
        from lottery_chat.calls.registry import Registry
        from lottery_chat.calls.storage import Storage
        from lottery_chat.memory.tool_results import ToolResults

        def make() -> CallLayer:
            return CallLayer(
                Registry(codecs={"web search": WEB_RESULTS, "web page": WEB_PAGES}), storage=Storage(ToolResults(self.database())),
                access=Access(self.servers().permissions),
            )  # fmt: skip

        return self._lazy.get("calls", make)

    def mcp(self) -> McpTools:
        """The connections to those servers; ask for it only where there are any, the package takes a second."""
        from lottery_chat.calls.mcp_tools import McpTools

        return self._lazy.get("mcp", lambda: McpTools(self.servers(), self.calls().registry))

    def offered(self) -> OfferedTools:
        """The servers' tools for the page and the command line."""
        from lottery_chat.calls.offered import OfferedTools

        return self._lazy.get("offered", lambda: OfferedTools(self.mcp(), self.calls()))

    def _connect_servers(self) -> None:
        if self.servers().servers():
            self.mcp().connect()
            for state in self.mcp().states():
                if state.state == "failed":
                    self.say(state.problem)
        for problem in self.servers().problems:
            self.say(problem)

    def tapes(self) -> Tapes:
        """M's tape: notes and cells of the conversations."""
        from lottery_chat.memory.tape import Tapes

        return self._lazy.get("tapes", lambda: Tapes(self.database()))

    def tables(self) -> PlannerTables:
        """Questions over tables, read by code."""
        from lottery_chat.tables import PlannerTables

        return self._lazy.get("tables", PlannerTables)

    # -- for one run ---------------------------------------------------------------------------------------

    def knowledge(
        self,
        base: Path | None = None,
        conversation: str = "",
        attached: Sequence[str] = (),
        collections: Sequence[str] | None = None,
    ) -> Knowledge | None:
        """The planner's view of the kept documents; None while there are none (then nothing heavy is loaded).

        A conversation sees the collections it uses and its own files; `collections` instead of those for one question.
        """
        from lottery_chat.kept_documents import looked_into

        library = self.library(base)
        used = collections if collections is not None or base else self.uses().used(conversation)
        scope = looked_into(library, conversation, attached, used)
        return scope if scope.ready_documents() else None

    def lab(self) -> Any:
        """What the lab measured in this home."""
        from lottery_chat.lab.kept_runs import KeptRuns  # tables and statistics, for the one page that shows them

        return self._lazy.get("lab", lambda: KeptRuns(self.settings.home / "lab" / "runs"))

    def uses(self) -> Uses:
        """Which collections each conversation uses."""
        from lottery_chat.memory.uses import Uses

        return self._lazy.get("uses", lambda: Uses(self.database()))

    def passing(self, files: Sequence[Path] = (), texts: Sequence[tuple[str, str]] = ()) -> Knowledge:
        """A knowledge base of files or texts for one question, not kept."""
        from knowledge.passing import PassingLibrary
        from lottery_chat.children import run_limited

        base = PassingLibrary(self.embedder, run_limited, size_limit=self.settings.size_limit)
        for path in files:
            base.add_file(path)
        for title, text in texts:
            base.add_text(title, text)
        return base

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

        if self.servers().servers():
            self.mcp().wait(SERVER_SECONDS)

        def reach() -> Any:
            hub = self.started_hub(model)
            wait = 0.0 if hub.state().state == "downloading" and not self.patient else LOADING_SECONDS
            return hub.named(model, owner, cancel, wait) if model else hub.current(owner, cancel, wait)

        return Resources(
            model=reach, knowledge=lambda: self.knowledge(base, owner, attached, collections), compute=self.compute(), prove=self.prove(), web=self.web(), notes=self.notes(),
            similar=self.similar, find_tools=self.retriever().find, shelf=self.shelf, spoken=self.spoken, passing=lambda title, text: self.passing(texts=[(title, text)]),
            permit=permit, settled=lambda ids, stop: self.settled(ids, stop, base), offline=self._first_offline, model_text=self._model_text,
            calls=self.calls(), symbols=self.symbols(), gates=self.gates, tables=self.tables(), tape=PlannerTape(self.tapes(), owner),
        )  # fmt: skip

    def gates(self, model: str) -> Gates:
        """The thresholds above which a model's own numbers are believed, with what this home's lab kept."""
        from lottery_chat.planner.gates import gates_of, read_gates

        return gates_of(model, self._lazy.get("gates", lambda: read_gates(self.settings.home)))

    def settled(self, documents: Sequence[str], cancel: threading.Event, base: Path | None = None) -> tuple[str, ...]:
        """Wait until attached documents are read, or `cancel` is set; a sentence for each that could not be."""
        from knowledge.errors import KnowledgeError

        library, problems = self.library(base), []
        for document in documents:
            try:
                one = library.wait(document, 0.0)
                while one.state not in ("ready", "failed") and not cancel.is_set():
                    one = library.wait(document, 0.25)
            except KnowledgeError:
                problems.append("A file of this conversation was removed and cannot answer any more.")
                continue
            if one.state == "failed":
                problems.append(one.problem)
            elif one.state != "ready":
                problems.append(f"{one.title!r} is still being read, so it was not used. {library.problem()}".strip() + " Ask again when it is ready.")  # fmt: skip
        return tuple(problems)

    def _first_offline(self) -> bool:
        first, self._offline_said = not self._offline_said, True
        return first

    def _model_text(self) -> str:
        """What the model is doing, in words, while it is not ready; empty when it is."""
        hub = self._lazy.made("hub")
        if hub is None:
            return "The model is starting"
        state = hub.state()
        return "" if state.state == "ready" else str(state.text)

    def model_name(self, asked: str | None) -> str:
        """Which model would answer, without waiting for it."""
        if asked:
            return asked
        hub = self._lazy.made("hub")
        return str(hub.state().name) if hub is not None else "auto"

    def in_line(self, owner: str) -> int:
        """How many turns of the model come before the owner's; 0 when none of theirs waits."""
        hub = self._lazy.made("hub")
        return int(hub.place_in_queue(owner)) if hub is not None else 0

    # -- life ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make everything in the background: M, the model's server, then the documents."""
        threading.Thread(target=self._start, name="start", daemon=True).start()

    def _start(self) -> None:
        threading.Thread(target=self._connect_servers, name="servers", daemon=True).start()
        for step in (self.journal, self.started_hub, self.compute, self._wake_library):
            try:
                step()
            except LotteryChatError:
                continue  # kept in the part's own state, which the page shows

    def _wake_library(self) -> None:
        self.embedder()
        self.shelf("How many days are there between two dates?")  # the cards' vectors, once
        self.library().resume()
        for notice in self.library().notices():
            self.say(notice)

    def states(self) -> tuple[Part, ...]:
        """How far each part is."""
        return (self._model_part(), self._documents_part(), *self._tool_parts())

    def _model_part(self) -> Part:
        hub = self._lazy.made("hub")
        if hub is None:
            return Part("model", "waiting", "The model starts as soon as the page is there.")
        state = hub.state()
        return Part("model", state.state, state.text, state.done, state.total, state.seconds_left, state.tokens_per_second, state.memory)  # fmt: skip

    def _documents_part(self) -> Part:
        if self.embedder_problem:
            return Part("documents", "failed", self.embedder_problem)
        if self._lazy.made("library") is not None and self._lazy.made("embedder") is not None:
            renewal = self.library().renewal()
            return Part("documents", "ready", f"Documents can be searched. {renewal}".strip())
        done, total = self.embedder_progress
        if total and done < total:
            return Part("documents", "downloading", "Getting the search model for documents.", done, total)
        return Part("documents", "loading", "The search for documents is loading.")

    def _tool_parts(self) -> tuple[Part, ...]:
        compute = self._lazy.made("compute")
        solver = Part("solver", "ready", "Logic can be solved.")
        if compute is None:
            programs = Part("programs", "loading", "The sandbox for programs is loading.")
        elif compute.programs_available():
            programs = Part("programs", "ready", "Programs run in the sandbox.")
        else:
            programs = Part("programs", "off", compute.why_not())
        return solver, programs

    def close(self) -> None:
        """End every child and file, in the reverse order."""
        self._closing.set()
        asking = self._lazy.made("asking")
        if asking is not None:
            asking.stop_all()
        bases = [f"library {base}" for base in self._bases]
        for name in ("mcp", "compute", "library", *bases, "hub", "journal", "database"):
            part = self._lazy.made(name)
            if part is not None:
                part.close()
        for name in (
            "embedder",
            "reranker",
        ):  # models in a child of their own; those behind an address have nothing to close
            close = getattr(self._lazy.made(name), "close", None)
            if close is not None:
                close()

    def asking(self) -> Asking:
        """The door to an answer."""
        from lottery_chat.chat import Asking

        def make() -> Asking:
            return Asking(
                resources=self.resources, passing=lambda files: self.passing(files), journal=self.journal(), talks=self.conversations(),
                preferences=self.options().read, model_name=self.model_name,
            )  # fmt: skip

        return self._lazy.get("asking", make)


class Deferred:
    """Stands for a part that is made at its first use, so that the App can be handed out at once."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> Any:
        return getattr(self._make(), name)


class StoppingConversations(Deferred):
    """interface.Conversations; a conversation that is deleted ends its runs first."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.conversations)
        self._parts = parts

    def delete(self, conversation: str) -> None:
        """Stop what still answers in it, then delete it."""
        for turn in self._parts.conversations().turns(conversation):
            if turn.running:
                self._parts.asking().stop(turn.run)
        self._parts.conversations().delete(conversation)
        with translated():
            self._parts.library().leave(conversation)


class ChosenModels:
    """interface.Models over the hub; the choice is kept as a preference."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def list(self) -> tuple[ModelInfo, ...]:
        """All that can be had."""
        listed = [
            ModelInfo(
                one.name, one.where, one.size, one.licence, one.window, one.installed, one.chosen, one.fits, one.note
            )
            for one in self._parts.hub().models()
        ]
        # Last, and never marked as the one that answers: "auto" is a rule, the model it picked is marked above.
        in_force = "in force now: " if self._parts.options().read().model == "auto" else ""
        return *listed, ModelInfo(
            "auto", "", 0, "", 0, True, False, True, f"{in_force}the best one that fits this computer"
        )

    def choose(self, name: str) -> None:
        """From the next question on."""
        self._parts.hub().choose(name)
        self._parts.options().change(model=name)

    def pull(self, name: str) -> Iterator[Part]:
        """Download with progress."""
        for state in self._parts.hub().pull(name):
            yield Part("model", state.state, state.text, state.done, state.total, state.seconds_left)

    def remove(self, name: str) -> None:
        """Delete its file."""
        self._parts.hub().remove(name)

    def before(self, conversation: str) -> int:
        """Its place in the model's line."""
        return self._parts.in_line(conversation)


_PARTS: dict[int, Parts] = {}


def build(settings: Settings, parts: Parts | None = None) -> App:
    """Return the app for these settings; nothing heavy is loaded yet. `parts` are others than the usual ones (lab)."""
    quieten()
    parts = parts or Parts(settings)
    documents = KeptDocuments(parts.library, parts.uses, parts.notes)
    app = App(
        chat=Deferred(parts.asking), conversations=StoppingConversations(parts), documents=documents,
        models=ChosenModels(parts), runs=Deferred(parts.journal), options=Deferred(parts.options), home=settings.home,
        version=__version__, parts=parts.states, tools=Deferred(parts.offered), memory=KeptMemory(parts.tapes, parts.notes),
        views=LibraryViews(parts.library, documents, settings.proxy), lab=Deferred(parts.lab),
    )  # fmt: skip
    _PARTS[id(app)] = parts
    return app


def parts_of(app: App) -> Parts:
    """The parts behind an app that `build` made."""
    return _PARTS[id(app)]


def start(app: App, *, patient: bool = True, say: Callable[[str], None] = lambda line: None) -> None:
    """Load everything in the background.

    Args:
        patient: whether questions wait for a model that downloads.
        say: receives lines for the terminal (what was repaired, where a download came from).
    """
    parts = parts_of(app)
    parts.patient, parts.say = patient, say
    parts.start()


def close(app: App) -> None:
    """End what was started."""
    _PARTS.pop(id(app)).close()
