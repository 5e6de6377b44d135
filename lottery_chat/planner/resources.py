"""What the planner is given: g_φ, D and R, C, M as Protocols; parts/ makes the concrete ones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from knowledge.passage import Document, Passage, SearchHit, Sentence, Throughout
from knowledge.triples import Triple
from lottery_chat.calls.layer import CallLayer
from lottery_chat.memory.notes import Notes
from lottery_chat.models.protocol import ChatModel
from lottery_chat.planner.coverage import Coverage, coverage_of
from lottery_chat.planner.gates import Gates, gates_of


class Knowledge(Protocol):
    """D with R over it: one knowledge base, kept or passing."""

    def documents(self) -> Sequence[Document]:
        """All documents; only those whose state is "ready" can be searched."""
        ...

    def search(self, query: str, *, document_ids: Sequence[str] | None, limit: int) -> Sequence[SearchHit]: ...

    def sentences(
        self, query: str, hits: Sequence[SearchHit], count: int, throughout: Throughout | None = None
    ) -> Sequence[Sentence]:
        """The sentences of the hits that are nearest to the query, in reading order.

        In documents that are about its subject `throughout` they are ordered by the question without the name.
        """
        ...

    def facts(
        self, *, about: str = "", relation: str = "", document_ids: Sequence[str] | None = None
    ) -> Sequence[Triple]:
        """The (entity, relation, object) that documents state in plain forms: of this entity, with this relation."""
        ...

    def neighbours(self, passage: Passage, reach: int = 1) -> Sequence[Passage]:
        """Up to `reach` passages before and after one of its document, in reading order, without itself."""
        ...

    def page_texts(self, document_id: str) -> Sequence[tuple[int | None, str]]:
        """Every page of a document in order: (page number or None, text)."""
        ...

    def original_text(self, document_id: str, most: int) -> str:
        """The document's file as text, "" where it has more than `most` bytes; raises KnowledgeError."""
        ...

    def contains(self, document_id: str, page: int | None, quote: str) -> bool:
        """Whether the quote stands on that page, white space aside."""
        ...

    def version(self) -> str:
        """Changes whenever a document is added or removed."""
        ...


class Compute(Protocol):
    """C: calculator and programs."""

    def read(self, question: str) -> Any | None:
        """The calculation that the question wholly is, or None."""
        ...

    def calculate(self, reading: Any) -> Any: ...

    def value_of(self, expression: str) -> str | None:
        """The value of a sum, at most six decimals; None where it is none or has no number for a value."""
        ...

    def equations(self, question: str) -> str | None:
        """The relations that the question wholly is, in the language of equations; None where a part was not read."""
        ...

    def solve(self, relations: str, cancel: threading.Event) -> Any:
        """Their only solution (`text`, `known`, `steps`). Raises ToolError where there is none or more than one."""
        ...

    def run(self, code: str, cancel: threading.Event) -> Any: ...

    def doubts(self, question: str, code: str, value: object) -> tuple[str, ...]:
        """Why a program's value should not be trusted, seen by code; empty when nothing speaks against it."""
        ...

    def programs_available(self) -> bool: ...


class Prove(Protocol):
    """C: the logic solver."""

    def looks_like_logic(self, text: str) -> bool: ...

    def solve(
        self, text: str, cancel: threading.Event, supplied: Mapping[str, str] | None = None,
        settings: frozenset[str] = frozenset(),
    ) -> Any:  # fmt: skip
        """Read and decide; `supplied` are formulas for sentences that code cannot read, `settings` some of
        values.PROOFS. Raises ToolError."""
        ...

    def recheck(self, result: Any, cancel: threading.Event) -> bool | None:
        """Whether a second method, given only the sentences a proof rests on, confirms it; None: it cannot be asked."""
        ...

    def gaps(self, text: str) -> Any | None:
        """The sentences code cannot read, with the predicates declared; None where there are none."""
        ...

    def formula(self, gaps: Any, sentence: str, text: str) -> str:
        """A formula written for the sentence in the solver's form. Raises ToolError, saying what to change."""
        ...


class Symbols(Protocol):
    """M: the solver's working memory of a run, facts, rules and the schema of their symbols."""

    def keep(self, run: str, result: Any) -> None: ...


class Web(Protocol):
    """C: web search and page reading through the guarded fetcher."""

    def search(self, query: str, limit: int, cancel: threading.Event | None = None) -> Any:
        """`results` (title, url, snippet, date, fetched_at), the `engine`, what is to be `said`; raises ToolError."""
        ...

    def read(self, addresses: Sequence[str], cancel: threading.Event | None = None) -> Sequence[Any]:
        """For each address of a search result `url`, `page` (title, date, text, fetched_at) or None with `problem`."""
        ...


class Tables(Protocol):
    """C: questions over tables, read by code. A hit has `title`, `document`, `rows`, `sheet` and its `reading`."""

    def read(
        self, question: str, document: str, title: str, pages: Callable[[], Sequence[tuple[int | None, str]]]
    ) -> Sequence[Any]:
        """The readings of a question over each table of a document."""
        ...

    def pasted(self, message: str) -> tuple[str, Sequence[Any]] | None:
        """The question beside a table in the message itself, and its readings."""
        ...

    def ask_json(self, question: str, text: str, title: str) -> Any | None:
        """`short`, `paths`, `texts`, `said` where the whole question is a path in this JSON; raises ToolError."""
        ...

    def choose(self, hit: Any, column: int) -> Any | None:
        """The reading with a column chosen for the role that is open; None where it still is not whole."""
        ...

    def answer(self, hit: Any) -> Any:
        """`short`, `text`, numbers of the `rows` used, `doubts`, `notes`; raises ToolError."""
        ...


class Tape(Protocol):
    """M: the memory tool over the tape of this conversation, and what the person noted in any."""

    def use(self, instruction: str, name: str = "", value: str = "") -> str:
        """One instruction (push, pop, write, read…) on a cell or stack; raises ToolError."""
        ...

    def note(self, text: str) -> bool:
        """Keep the person's words; False where they are kept already."""
        ...

    def notes(self) -> Sequence[Any]:
        """`number`, `value`, `kept_at` of each note, of this conversation first."""
        ...

    def forget(self, numbers: Sequence[int]) -> None: ...


class ShelfTool(Protocol):
    """C: one tool of the shelf."""

    @property
    def card(self) -> Any: ...

    @property
    def schema(self) -> dict[str, Any]: ...

    def call(self, arguments: dict[str, Any]) -> Any:
        """Run it: what comes back has `text`, `source` and `steps`. Raises ToolError."""
        ...


class SpokenCall(Protocol):
    """C: what a request said in a tool's own form says: all its arguments; `lasting` where it is the same another day."""

    @property
    def arguments(self) -> Mapping[str, Any]: ...

    @property
    def lasting(self) -> bool: ...

    def asked(self, value: Any) -> str:
        """The part of the tool's value that was asked for, in words; empty for all of it."""
        ...


@dataclass(frozen=True, slots=True)
class Resources:
    """g_φ, D, R, C, M of Algorithm 1. Callables may wait for a part that still loads and raise our errors.

    `similar(texts_a, texts_b)` gives cosines of every a with every b, or None while the embedder is not there.
    `find_tools(question)` is R over C: (tool, score 0 to 1), best first; empty while the embedder is not there.
    `shelf(question, wait)` is R over the tools of the shelf: (tool, cosine), best first, at most four; empty while
    the embedder is not there, for which a patient caller may wait.
    `spoken(question)` is a tool of the shelf with all its values, where code reads the whole request as one; it needs
    neither model nor embedder.
    `passing(title, text)` makes a passing knowledge base of one text, searched sentence by sentence.
    `permit(request, cancel)` waits for the person and returns the query that may leave, or None.
    `settled(ids, cancel)` waits until these documents are read and returns a sentence for each that could not be.
    `model_text()` says what the model is doing while it is not ready, else it is empty.
    `calls` is the call layer of the process; every call of a tool goes through it.
    `gates(model)` are the thresholds above which the numbers of the model of this name are believed, `coverage()`
    what the scores of the embedder in use say.
    `offline()` is True once for a whole process: that there is no network is said once (design.md 12).
    """

    model: Callable[[], ChatModel]
    knowledge: Callable[[], Knowledge | None]
    compute: Compute
    prove: Prove
    web: Web
    notes: Notes
    similar: Callable[[Sequence[str], Sequence[str]], list[list[float]] | None]
    find_tools: Callable[[str], Sequence[tuple[str, float]]]
    shelf: Callable[[str, bool], Sequence[tuple[ShelfTool, float]]]
    passing: Callable[[str, str], Knowledge]
    permit: Callable[[str, threading.Event], str | None]
    settled: Callable[[Sequence[str], threading.Event], tuple[str, ...]]
    offline: Callable[[], bool]
    model_text: Callable[[], str]
    calls: CallLayer = field(default_factory=CallLayer)
    spoken: Callable[[str], tuple[ShelfTool, SpokenCall] | None] = field(default=lambda question: None)
    symbols: Symbols | None = None
    tables: Tables | None = None
    tape: Tape | None = None
    gates: Callable[[str], Gates] = field(default=lambda model: gates_of(model, {}))
    coverage: Callable[[], Coverage] = field(default=lambda: coverage_of("", {}))
