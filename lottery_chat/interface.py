"""The one narrow interface that page, command line and lab receive: Protocols and frozen values, no parts.

`ask` is the only door to an answer. Everything here may be called from any thread. Methods raise
LotteryChatError (or knowledge's and tools' errors translated to it) with a sentence for the person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from lottery_chat.events import Answered, Event, FoundPassage

PartState = Literal["waiting", "loading", "downloading", "ready", "failed", "off"]
WebSearch = Literal["off", "ask", "on"]
SearchBy = Literal["hybrid", "vector", "text"]
Retrieval = Literal["closed-book", "auto", "always"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the app as the page shows it: `done`/`total` in bytes while downloading.

    Of the model also `speed` in tokens a second over recent answers and `memory` in bytes; 0 where not known.
    """

    name: Literal["model", "documents", "solver", "programs", "web"]
    state: PartState
    text: str
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    speed: float = 0.0
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer, as kept. `answered` is None while the run goes on or was cut off."""

    run: str
    question: str
    asked_at: str
    text: str
    answered: Answered | None
    running: bool
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationInfo:
    """A conversation in the rail; times are ISO 8601 in UTC."""

    id: str
    title: str
    changed_at: str
    turns: int


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document of D as the page shows it; `progress` 0 to 1, `problem` a sentence or empty."""

    id: str
    title: str
    kind: str
    size: int
    pages: int
    chunks: int
    state: Literal["waiting", "reading", "embedding", "ready", "failed"]
    progress: float
    problem: str
    added_at: str
    collections: tuple[str, ...] = ()  # ids; () for a file that belongs to conversations only
    conversations: tuple[str, ...] = ()  # that it belongs to
    replaces: str = ""  # id of the version that goes as soon as this one is ready
    earlier: str = ""  # id of another document of the same name that came before: `supersede` may replace it
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """A named group of documents. "default" holds every document that is in no other group and no conversation.

    `used`: whether the conversation that was asked about looks into it.
    """

    id: str
    name: str
    documents: tuple[str, ...]
    used: bool = True


@dataclass(frozen=True, slots=True)
class WorkInfo:
    """How far reading and embedding are; `seconds_left` from the speed measured, None while it is not known.

    `problem` is what hinders the work now (a full disk, an embedder that is not there), also part of `text`; it goes on
    by itself when that is over.
    """

    waiting: int
    paused: bool
    seconds_left: float | None
    text: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one document of an imported file; `done` of `total` documents."""

    title: str
    state: Literal["new", "there already", "refused"]
    done: int
    total: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page of a document, with the span of the quote (-1, -1 when it is not there).

    `note` says when the quoted version is gone: `text` is then the newer version's page, or the kept quote itself.
    """

    document: str
    title: str
    page: int | None
    pages: int
    text: str
    start: int = -1
    end: int = -1
    note: str = ""


@dataclass(frozen=True, slots=True)
class PassageOnPage:
    """A passage as a span of its page's text (offsets in characters); `ordinal` counts from 0 in the document."""

    id: str
    ordinal: int
    heading: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PageLook:
    """A page beside what was made of it. `kind` is "" for a document that is gone; `drawn`: it has a picture."""

    page: PageText
    kind: str
    drawn: bool
    passages: tuple[PassageOnPage, ...]


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as PNG, and the lines of the quote on it: (left, top, right, bottom), shares 0 to 1 of the page."""

    png: bytes
    boxes: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that would be found; `marks` are spans of its text that would be given to the model."""

    passage: FoundPassage
    heading: tuple[str, ...]
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class GivenSentence:
    """A sentence that would be given to the model, with where it stands; `score` orders them."""

    text: str
    document: str
    title: str
    page: int | None
    score: float


@dataclass(frozen=True, slots=True)
class WouldFind:
    """What a question would find: the passages, the sentences read of them, and whether it is judged to be enough.

    `best` is the nearest cosine; `covers` what the planner makes of it, with its two limits.
    """

    query: str
    hits: tuple[Hit, ...]
    sentences: tuple[GivenSentence, ...]
    best: float
    covers: Literal["clearly", "perhaps", "not"]
    limits: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model one can choose; `size` in bytes, `fits` whether this machine has the memory."""

    name: str
    where: str
    size: int
    licence: str
    window: int
    installed: bool
    chosen: bool
    fits: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person may change on the page; kept across restarts."""

    model: str = "auto"
    mode: Literal["auto", "fast", "deliberate"] = "auto"
    web_search: WebSearch = "ask"
    retrieval: Retrieval = "auto"
    seconds: int = 90
    theme: Literal["system", "light", "dark"] = "system"


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run in a list: its question, how it ended, what it cost."""

    run: str
    conversation: str
    question: str
    asked_at: str
    status: str
    known: str
    checked: bool
    calls: int
    seconds: float
    model: str


class Chat(Protocol):
    """Ask, stop, permit."""

    def ask(
        self,
        question: str,
        *,
        conversation: str | None = None,
        documents: Sequence[Path] = (),
        attachments: Sequence[str] = (),
        model: str | None = None,
        mode: str | None = None,
        retrieval: Retrieval | None = None,
        web_search: WebSearch | None = None,
        seed: int = 0,
        retry_of: str | None = None,
        continue_of: str | None = None,
        without: Sequence[str] = (),
        prove: Sequence[str] = (),
        seconds: float | None = None,
        base: Path | None = None,
        tools: Sequence[Mapping[str, Any]] = (),
        recall: bool = True,
        collections: Sequence[str] | None = None,
    ) -> Iterator[Event]:
        """Answer a question; the last event is always Answered.

        The run goes on in its own thread and is kept even when the iterator is dropped; `stop` ends it.

        Args:
            question: the person's words.
            conversation: its id; None makes a new one. Its last turns are part of the prompt.
            documents: files for this question only, not kept (command line `--document`).
            attachments: ids of documents of D that the question is about (files dropped into the box).
            retry_of: a run id; asks the same again and bypasses M.
            continue_of: a run id that ended `partial`; goes on from what it had.
            without: parts of A that are off: python, retrieval, solver, verify, divide, memory, preprocess.
            prove: settings of the prover that are on: ordered, goals, roles.
            seconds: the time for this answer, instead of the preference.
            base: folder of another knowledge base than the home's; `attachments` are then ids of its documents.
            tools: functions the caller offers (JSON Schema); the answer is which calls to make, none is made.
            collections: ids of those to look into for this question; None means those the conversation uses.
            recall: whether a checked answer of an earlier run may answer, and this one be kept for later.
        """
        ...

    def follow(self, run: str) -> Iterator[Event]:
        """All events of a run from its start, live while it goes on, from the journal afterwards."""
        ...

    def stop(self, run: str) -> bool:
        """Stop a run within a second; False when it had already ended."""
        ...

    def permit(self, request: str, query: str | None) -> None:
        """Answer PermissionAsked: the query that may leave (perhaps edited), or None to refuse."""
        ...


class Conversations(Protocol):
    """The conversations of this home, newest first."""

    def list(self, search: str = "") -> tuple[ConversationInfo, ...]: ...
    def turns(self, conversation: str) -> tuple[Turn, ...]: ...
    def create(self) -> str: ...
    def rename(self, conversation: str, title: str) -> None: ...
    def delete(self, conversation: str) -> None: ...


class Documents(Protocol):
    """The knowledge base D."""

    def list(self) -> tuple[DocumentInfo, ...]: ...
    def add(self, path: Path, title: str | None = None, *, source: Path | None = None) -> DocumentInfo:
        """Keep the file (fsync'd, by content) and read it in the background; the same file twice is one.

        With `source`, where the file lies for good, a changed file of that place replaces what was read from it.
        """
        ...

    def unchanged(self, source: Path) -> DocumentInfo | None:
        """The document that was read from this place, when the file has not changed since (by size and time)."""
        ...

    def replace(self, document: str, path: Path) -> DocumentInfo:
        """Keep a new version under the old one's name; the old one answers until the new one is ready, then goes."""
        ...

    def supersede(self, document: str, by: str) -> DocumentInfo:
        """The same with a document that is here already (`DocumentInfo.earlier` suggests it); returns the new one."""
        ...

    def collections(self, conversation: str | None = None) -> tuple[CollectionInfo, ...]:
        """All collections, the default one first."""
        ...

    def collection(self, name: str) -> CollectionInfo:
        """The one with this name or id."""
        ...

    def make_collection(self, name: str) -> CollectionInfo: ...
    def rename_collection(self, collection: str, name: str) -> CollectionInfo: ...
    def remove_collection(self, collection: str) -> None:
        """Its documents stay, in the default collection when they are in no other."""
        ...

    def put(self, collection: str, documents: Sequence[str]) -> None:
        """Put documents into a collection; into "default": out of all others, and out of their conversations."""
        ...

    def take(self, collection: str, documents: Sequence[str]) -> None: ...
    def use(self, conversation: str, collections: Sequence[str] | None) -> None:
        """From now on the conversation looks only into these; None: into all. Kept across restarts."""
        ...

    def attach(self, conversation: str, path: Path, title: str | None = None) -> DocumentInfo:
        """Keep a file that belongs to this conversation: not searched from others, removed with it."""
        ...

    def attachments(self, conversation: str) -> tuple[DocumentInfo, ...]: ...
    def export(self, path: Path) -> Iterator[DocumentInfo]:
        """Write originals, titles and collections into one zip file, whole or not at all."""
        ...

    def import_(self, path: Path) -> Iterator[TakenIn]:
        """Take in what `export` wrote, each file checked by its hash; again goes on where it stopped."""
        ...

    def work(self) -> WorkInfo: ...
    def pause(self) -> None:
        """Let reading and embedding rest, across restarts, until `go_on`."""
        ...

    def go_on(self) -> None: ...
    def check(self, *, deep: bool = True) -> tuple[str, ...]:
        """Compare originals (deep: by hash), texts and index; a sentence for each thing found, all of it mended."""
        ...

    def wait(self, document: str, seconds: float) -> DocumentInfo:
        """Wait until it is ready or failed, at most `seconds`."""
        ...

    def remove(self, document: str) -> None: ...
    def rebuild(self) -> Iterator[DocumentInfo]: ...
    def search(
        self, query: str, limit: int = 8, by: SearchBy | None = None, collections: Sequence[str] | None = None
    ) -> tuple[FoundPassage, ...]:
        """What would be found, in these collections (None: all); `by` text needs no embedder, None is as set."""
        ...

    def page(self, document: str, page: int | None, quote: str = "") -> PageText:
        """The page's text with the quote's place, for the citation view."""
        ...


class DocumentViews(Protocol):
    """What a person sees of the documents: a page beside its passages, its picture, what a question would find."""

    def look(self, document: str, page: int | None, quote: str = "") -> PageLook:
        """One page with its passages and the quote's place; a replaced version's quote is looked for in the newer one."""
        ...

    def picture(self, document: str, page: int, quote: str = "") -> PagePicture:
        """A PDF's page as a picture, the quote's lines with it."""
        ...

    def would_find(self, query: str, collections: Sequence[str] | None = None) -> WouldFind:
        """What the planner would find and read for these words in these collections (None: all)."""
        ...

    def add_address(self, url: str, conversation: str | None = None) -> DocumentInfo:
        """Fetch a public page or PDF through the guard and keep it; with `conversation`, for that one alone."""
        ...


class Models(Protocol):
    """Which g_φ can be had, and which answers."""

    def list(self) -> tuple[ModelInfo, ...]: ...
    def choose(self, name: str) -> None:
        """Make it the model from the next question on, downloading it in the background if needed."""
        ...

    def pull(self, name: str) -> Iterator[Part]: ...
    def remove(self, name: str) -> None: ...
    def before(self, conversation: str) -> int:
        """How many turns of others the model has to serve first; 0 when none of this conversation's waits."""
        ...


class Runs(Protocol):
    """The journal."""

    def list(self, limit: int = 50) -> tuple[RunInfo, ...]: ...
    def events(self, run: str) -> tuple[tuple[float, Event], ...]:
        """Each event with its seconds since the question."""
        ...

    def stats(self) -> dict[str, float]: ...


@dataclass(frozen=True, slots=True)
class RememberedInfo:
    """Something M keeps: a note or cell of a conversation (`kind` is the row's name, `title` the conversation's), or a
    checked answer (`kind` "answer", `title` its question). `kept_at` is ISO 8601 in UTC."""

    id: str
    kind: str
    title: str
    text: str
    kept_at: str


class Memory(Protocol):
    """What is remembered beyond a run."""

    def kept(self) -> tuple[RememberedInfo, ...]:
        """Notes and cells of all conversations, oldest first."""
        ...

    def answers(self) -> tuple[RememberedInfo, ...]:
        """Checked answers that may be served again, newest first."""
        ...

    def forget(self, id: str) -> None:
        """Remove one of them for good."""
        ...


class Options(Protocol):
    """The preferences, kept in the home folder."""

    def read(self) -> Preferences: ...
    def change(self, **values: object) -> Preferences: ...


@dataclass(frozen=True, slots=True)
class ToolInfo:
    """A tool of a server that the person added, or a server without any (then `name` is the server's).

    `state` is connecting, ready or failed; `purpose` is the server's own, untrusted description, or why it failed.
    """

    name: str
    server: str
    where: str
    state: str
    purpose: str
    permit: str
    arguments: str


class Tools(Protocol):
    """The tool servers (MCP) that the person added."""

    def list(self) -> tuple[ToolInfo, ...]: ...
    def add(
        self, name: str, *, command: Sequence[str] = (), url: str = "", env: Mapping[str, str] | None = None,
        permit: Literal["allow", "ask", "never"] = "ask",
    ) -> tuple[ToolInfo, ...]:  # fmt: skip
        """Try a server (a command that is started, or a URL) and keep it when it answers."""
        ...

    def remove(self, name: str) -> None: ...
    def permit(self, tool: str, permit: Literal["allow", "ask", "never"]) -> None: ...
    def call(self, tool: str, arguments: str) -> str:
        """Call one tool with a JSON object, at the person's own request."""
        ...


@dataclass(frozen=True, slots=True)
class LabRun:
    """A run of the lab: its folder's name, when it began (ISO 8601), the models, the lines it has."""

    name: str
    started: str
    models: tuple[str, ...]
    items: int


class Lab(Protocol):
    """What was measured here."""

    def runs(self) -> tuple[LabRun, ...]:
        """Newest first."""
        ...

    def report(self, run: str) -> str:
        """One run's tables as Markdown."""
        ...


@dataclass(frozen=True, slots=True)
class App:
    """Everything the page and the command line may use."""

    chat: Chat
    conversations: Conversations
    documents: Documents
    models: Models
    runs: Runs
    options: Options
    home: Path
    version: str
    parts: PartsReader = field(repr=False, default=None)  # type: ignore[assignment]
    tools: Tools = field(repr=False, default=None)  # type: ignore[assignment]
    memory: Memory = field(repr=False, default=None)  # type: ignore[assignment]
    views: DocumentViews = field(repr=False, default=None)  # type: ignore[assignment]
    lab: Lab = field(repr=False, default=None)  # type: ignore[assignment]


class PartsReader(Protocol):
    """How far each part of the app is; cheap enough to be asked four times a second."""

    def __call__(self) -> tuple[Part, ...]: ...
