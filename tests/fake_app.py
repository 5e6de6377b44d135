"""A complete App in memory: scripted runs that stream like real ones, for the page's tests and screenshots.

Real code on the real interface: conversations, documents, runs and preferences live in dictionaries, runs go on in
threads and are kept. `python -m tests.fake_app [--port N] [--home DIR]` serves it for a look. With `state=` the
conversations survive a "restart" (a new FakeApp on the same state).
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import struct
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from fake_keeping import FakeLab, FakeMemory, FakeTools

from knowledge.kinds import is_read
from lottery_chat.errors import LotteryChatError, NotFound
from lottery_chat.events import (
    Answered,
    Citation,
    Event,
    FoundPassage,
    LedgerLine,
    ModelCalled,
    ModelReturned,
    NodeClosed,
    NodeOpened,
    Notice,
    PassagesFound,
    PermissionAsked,
    Progress,
    PromptMessage,
    Started,
    TextDelta,
    TextReplaced,
    ToolCalled,
    ToolReturned,
    Verified,
)
from lottery_chat.interface.app import App
from lottery_chat.interface.conversations import ConversationInfo, Turn
from lottery_chat.interface.document_views import GivenSentence, Hit, PageLook, PagePicture, PassageOnPage, WouldFind
from lottery_chat.interface.documents import (
    CollectionInfo,
    DocumentInfo,
    FactInfo,
    PageText,
    SearchBy,
    TakenIn,
    WorkInfo,
)
from lottery_chat.interface.models import ModelInfo
from lottery_chat.interface.options import Preferences
from lottery_chat.interface.part import Part
from lottery_chat.interface.runs import RunInfo

PAGE_3 = (
    "Depots of the harbour line\n\nThe blue depot stands at the north quay. It opens at 06:40 on working days and "
    "closes at 21:15. Drivers report to the desk on the first floor.\n\nFuel is taken on at the pump behind hall 2."
)
PAGE_5 = "The red depot stands at the old dock. It opens at 07:15 on working days; on Sundays it stays shut."

Script = Callable[["Run"], Iterator[Event]]


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


class Stopped(Exception):
    """The run was told to stop."""


@dataclass
class Run:
    """One run: its events so far, and what it waits for."""

    id: str
    conversation: str
    question: str
    attachments: tuple[str, ...]
    model: str
    mode: str
    asked_at: str = field(default_factory=now)
    events: list[tuple[float, Event]] = field(default_factory=list)
    answered: Answered | None = None
    text: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)
    permits: dict[str, str | None] = field(default_factory=dict)
    since: float = field(default_factory=time.monotonic)

    def add(self, event: Event) -> None:
        with self.changed:
            self.events.append((round(time.monotonic() - self.since, 3), event))
            if isinstance(event, TextDelta):
                self.text += event.text
            elif isinstance(event, TextReplaced):
                self.text = event.text
            elif isinstance(event, Answered):
                self.answered, self.text = event, event.text
            self.changed.notify_all()

    def pause(self, seconds: float) -> None:
        if self.stopping.wait(seconds):
            raise Stopped

    def permission(self, request: str) -> str | None:
        with self.changed:
            while request not in self.permits:
                self.changed.wait(0.1)
                if self.stopping.is_set():
                    raise Stopped
            return self.permits[request]


@dataclass
class State:
    """What survives a restart."""

    conversations: dict[str, ConversationInfo] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    documents: dict[str, DocumentInfo] = field(default_factory=dict)
    collections: dict[str, CollectionInfo] = field(default_factory=dict)
    used: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    paused: bool = False
    problem: str = ""
    place: str = "embedded"
    before: int = 0
    preferences: Preferences = field(default_factory=Preferences)
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    lock: Any = field(default_factory=threading.RLock)


def words(text: str, size: int = 6) -> Iterator[TextDelta]:
    yield from (TextDelta(text[at : at + size]) for at in range(0, len(text), size))


def model_call(node: str, purpose: str, question: str, reply: str) -> Iterator[Event]:
    prompt = (
        PromptMessage("system", "You answer briefly. Use only the passages. If they do not say, say so."),
        PromptMessage("user", f"Passages:\n{PAGE_3}\n\nQuestion: {question}"),
    )
    ledger = (
        LedgerLine("system", 96),
        LedgerLine("passages", 412),
        LedgerLine("conversation", 180, "3 older turns"),
        LedgerLine("question", 18),
    )
    yield ModelCalled(node, purpose, prompt, ledger, 4096, 512)
    yield ModelReturned(node, reply, "", 706, 58, 0.41, 1.9, "stop", -0.12)


def computed(run: Run) -> Iterator[Event]:
    yield Progress("Calculating…")
    yield NodeOpened("n1", None, "externals", "calculate the total")
    yield NodeOpened("n2", "n1", "function", "17 % of 2,340 plus 58.5")
    yield ToolCalled("n2", "calculator", "2340 * 17 / 100 + 58.5")
    yield ToolReturned("n2", "calculator", "456.3", "", 0.004)
    yield Verified("n2", "a second method gives the same value", True)
    yield NodeClosed("n2", "done", "456.3", 0.01)
    yield NodeOpened("n3", "n1", "function", "program in Python")
    yield ToolCalled("n3", "python", "price = 2340\nshare = 0.17 * price\nprint(share + 58.5)")
    yield ToolReturned("n3", "python", "456.3", "", 0.05)
    yield NodeClosed("n3", "done", "456.3", 0.06)
    yield NodeClosed("n1", "done", "456.3", 0.08)
    yield TextReplaced("**456.3**\n\n`2,340 × 17 % + 58.5 = 456.3`")
    yield Answered(
        "answered",
        "456.3",
        "**456.3**\n\n`2,340 × 17 % + 58.5 = 456.3`",
        "computed",
        True,
        "the expression was read from the question, and a program gave the same value",
    )


def proved(run: Run) -> Iterator[Event]:
    yield Progress("Checking the statements with the solver…")
    yield NodeOpened("n1", None, "externals", "read the statements")
    yield NodeOpened("n2", "n1", "function", "logic solver")
    yield ToolCalled("n2", "logic", "all x: knight(x) -> brave(x)\nknight(Tom)\n? brave(Tom)")
    yield ToolReturned(
        "n2",
        "logic",
        "1. Tom is a knight (sentence 2)\n2. every knight is brave (sentence 1)\n3. Tom is brave (1, 2)",
        "",
        0.02,
    )
    yield Verified("n2", "the opposite leads to a contradiction", True)
    yield NodeClosed("n2", "done", "entailed", 0.03)
    yield NodeClosed("n1", "done", "yes", 0.04)
    text = "**Yes.** Tom is brave.\n\n1. Tom is a knight (sentence 2).\n2. Every knight is brave (sentence 1).\n3. So Tom is brave."
    yield TextReplaced(text)
    yield Answered(
        "answered",
        "yes",
        text,
        "proved",
        True,
        "all premises were read from the sentences by code; the opposite leads to a contradiction",
    )


def passages() -> tuple[FoundPassage, ...]:
    return (
        FoundPassage("p3", "d1", "depots.pdf", 3, PAGE_3[28:], 0.86, 0.81, 0.74, used=True),
        FoundPassage("p5", "d1", "depots.pdf", 5, PAGE_5, 0.83, 0.79, 0.7, used=True),
        FoundPassage(
            "p8", "d1", "depots.pdf", 8, "The workshop repairs vans and cranes of the harbour line.", 0.31, 0.35, None
        ),
    )


def quoted(run: Run) -> Iterator[Event]:
    yield Progress("Looking in depots.pdf…")
    yield NodeOpened("n1", None, "divide", "two parts")
    yield from model_call(
        "n1", "split the question", run.question, "1. When does the blue depot open?\n2. When does the red depot open?"
    )
    run.pause(0.15)
    for node, title, place in (("n2", "blue depot", "3"), ("n3", "red depot", "5")):
        yield NodeOpened(node, "n1", "retrieve", title)
        yield PassagesFound(node, f"when does the {title} open", passages())
        yield Verified(node, f"quote found on p. {place}", True)
        run.pause(0.15)
        yield NodeClosed(node, "done", f"p. {place}", 0.11, 512, 22)
    yield NodeOpened("n4", "n1", "model", "first try: which opens earlier")
    yield Verified("n4", "the answer is in the passages", False)
    yield NodeClosed("n4", "failed", "not in the passages", 0.9, 402, 31)
    yield NodeOpened("n5", "n1", "function", "06:40 < 07:15")
    yield ToolCalled("n5", "compare", "06:40 < 07:15")
    yield ToolReturned("n5", "compare", "true", "", 0.001)
    yield NodeClosed("n5", "done", "06:40 is earlier", 0.001)
    yield NodeOpened("n6", "n1", "aggregate", "put together")
    yield Progress("Thinking, 12 tokens/s")
    text = "The blue depot, at 06:40; the red one opens at 07:15. [1] [2]"
    for delta in words(text):
        yield delta
        run.pause(0.02)
    yield from model_call("n6", "answer from the passages", run.question, text)
    yield NodeClosed("n6", "done", "one sentence", 2.1, 706, 58)
    yield NodeClosed("n1", "done", "blue depot", 2.6, 1218, 80)
    notice = "Pages 9 to 40 of depots.pdf are still being read and were not searched."
    yield Notice(notice)
    citations = (
        Citation("document", "depots.pdf", 3, "", "", "It opens at 06:40 on working days", "d1", "p3"),
        Citation("document", "depots.pdf", 5, "", "", "It opens at 07:15 on working days", "d1", "p5"),
        Citation(
            "web", "Harbour line, timetable", None, "https://harbour.example/times", "2026-03-02", "open from 06:40"
        ),
    )
    yield Answered(
        "answered",
        "the blue depot",
        text,
        "quoted",
        True,
        "both quotes stand in the document and contain the times",
        citations,
        notices=(notice,),
    )


LETTER = """Dear Ms Okafor,

thank you for letting us use the hall on Saturday. The children **loved** the stage, and everybody asked when we may come again.

- The keys are with the caretaker.
- Two chairs need a new screw; we will bring them on Monday.

| day | who | hours |
| --- | --- | ---: |
| Saturday | Ana, Jo | 6 |
| Monday | Jo | 1 |

```python
def thanks(name):
    return f"Thank you, {name}."
```

Kind regards
Ana"""


def writing(run: Run) -> Iterator[Event]:
    yield Progress("Thinking, 14 tokens/s")
    yield NodeOpened("n1", None, "model", "write")
    for delta in words(LETTER, 9):
        yield delta
        run.pause(0.012)
    yield from model_call("n1", "write", run.question, LETTER)
    yield NodeClosed("n1", "done", "written", 3.4, 88, 120)
    yield Answered("answered", None, LETTER, "model", False, "", free_writing=True)


def slow(run: Run) -> Iterator[Event]:
    yield NodeOpened("n1", None, "model", "think slowly")
    for number in range(1, 2000):
        yield Progress(f"Thinking, step {number}")
        yield TextDelta(f"word{number} ")
        run.pause(0.05)


def failing(run: Run) -> Iterator[Event]:
    yield NodeOpened("n1", None, "model", "ask the model")
    yield NodeClosed("n1", "failed", "the server died", 0.2)
    why = "The model's server at 'http://127.0.0.1:4011' does not answer. It is being restarted: ask again in a moment."
    yield Answered("failed", None, why, "none", False, "", reason=why)  # as the planner: the text is the reason


def partial(run: Run) -> Iterator[Event]:
    yield NodeOpened("n1", None, "divide", "three parts")
    text = "So far: the north hall has 40 seats. The south hall was not reached."
    yield from words(text)
    yield Verified("n1", "the model alone; not checked", True, False)
    yield NodeClosed("n1", "stopped", "90 s are over", 90.0)
    yield Answered(
        "partial",
        None,
        text,
        "model",
        False,
        "the model alone; not checked",
        reason="90 s are over",
        notices=("The south hall was not looked up.",),
        can_continue=True,
    )


def web(run: Run) -> Iterator[Event]:
    yield NodeOpened("n1", None, "function", "search the web")
    request = f"ask-{run.id}"
    yield PermissionAsked(request, "n1", "web search", "opening hours harbour museum 2026")
    query = run.permission(request)
    if query is None:
        yield NodeClosed("n1", "skipped", "not allowed", 0.0)
        yield Answered(
            "answered",
            None,
            "I do not know the hours, and nothing was searched.",
            "model",
            False,
            "the model alone; not checked",
            notices=("The web was not searched: you did not allow it.",),
        )
        return
    yield NodeClosed("n1", "done", query, 0.4)
    yield Answered(
        "answered",
        "10 to 18",
        f"From 10 to 18 (searched for: {query}). [1]",
        "quoted",
        True,
        "the quote stands on the page",
        (Citation("web", "Harbour museum", None, "https://museum.example/hours", "2026-02-11", "open 10–18"),),
    )


def echo(run: Run) -> Iterator[Event]:
    """Whatever follows "echo:" is the answer, the title of a node, a citation and a notice: for hostile text."""
    said = run.question.partition("echo:")[2]
    yield Progress(said[:200])
    yield NodeOpened("n1", None, "retrieve", said)
    yield PassagesFound("n1", said, (FoundPassage("p1", "d1", said, 1, said, 0.5, used=True, url=said),))
    yield ToolCalled("n1", said, said)
    yield ToolReturned("n1", said, said, said, 0.1)
    yield ModelCalled("n1", said, (PromptMessage(said, said),), (LedgerLine(said, 10, said),), 100, 10)
    yield ModelReturned("n1", said, said, 1, 1, 0.1, 0.1, said)
    yield Verified("n1", said, False)
    yield NodeClosed("n1", "failed", said, 0.1)
    size = 1 if len(said) < 120 else 7
    for delta in words(said, size):
        yield delta
        run.pause(0.002)
    yield Notice(said)
    cites = (Citation("document", said, 1, "", said, said, "d1", "p1"), Citation("web", said, None, said, said, said))
    yield Answered("answered", said, said, "quoted", True, said, cites, reason=said, notices=(said,))


SCRIPTS: tuple[tuple[str, Script], ...] = (
    ("echo:", echo),
    ("%", computed),
    ("knight", proved),
    ("depot", quoted),
    ("letter", writing),
    ("slow", slow),
    ("fail", failing),
    ("seats", partial),
    ("museum", web),
)


class FakeChat:
    """Chat with scripted answers."""

    def __init__(self, state: State, script: Script | None = None) -> None:
        self._state, self._script = state, script

    def ask(
        self,
        question: str,
        *,
        conversation: str | None = None,
        documents: Sequence[Path] = (),
        attachments: Sequence[str] = (),
        model: str | None = None,
        mode: str | None = None,
        retrieval: str | None = None,
        web_search: str | None = None,
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
        with self._state.lock:
            if conversation is not None and conversation not in self._state.conversations:
                raise NotFound(f"There is no conversation {conversation!r}.")
            number = next(self._state.numbers)
            chat = conversation or f"c{number}"
            before = self._state.conversations.get(chat)
            title = before.title if before and before.title else " ".join(question.split())[:60]
            self._state.conversations[chat] = ConversationInfo(chat, title, now(), (before.turns if before else 0) + 1)
            run = Run(f"r{number}", chat, question, tuple(attachments), model or "qwen2.5-coder:1.5b", mode or "auto")
            self._state.runs[run.id] = run
        script = self._script or next((one for word, one in SCRIPTS if word in question.lower()), writing)
        threading.Thread(target=self._perform, args=(run, script), daemon=True).start()
        return self.follow(run.id)

    def _perform(self, run: Run, script: Script) -> None:
        run.add(Started(run.id, run.conversation, run.question, run.model, run.mode))
        try:
            for event in script(run):
                run.add(self._finished(run, event) if isinstance(event, Answered) else event)
            if run.answered is None:
                run.add(self._finished(run, Answered("answered", None, run.text, "model", False, "")))
        except Stopped:
            run.add(
                self._finished(run, Answered("stopped", None, run.text, "model", False, "", reason="You stopped it."))
            )

    def _finished(self, run: Run, event: Answered) -> Answered:
        seconds = round(time.monotonic() - run.since, 1)
        return replace(
            event,
            run=run.id,
            conversation=run.conversation,
            model=run.model,
            seconds=seconds,
            calls=3,
            tokens_in=1412,
            tokens_out=58,
        )

    def follow(self, run: str) -> Iterator[Event]:
        one = self._state.runs.get(run)
        if one is None:
            raise NotFound(f"There is no run {run!r}.")
        return self._followed(one)

    def _followed(self, run: Run) -> Iterator[Event]:
        for number in itertools.count():
            with run.changed:
                run.changed.wait_for(lambda n=number: len(run.events) > n)
                event = run.events[number][1]
            yield event
            if isinstance(event, Answered):
                return

    def stop(self, run: str) -> bool:
        one = self._state.runs[run]
        one.stopping.set()
        return one.answered is None

    def permit(self, request: str, query: str | None) -> None:
        run = self._state.runs[request.removeprefix("ask-")]
        with run.changed:
            run.permits[request] = query
            run.changed.notify_all()


class FakeConversations:
    def __init__(self, state: State) -> None:
        self._state = state

    def list(self, search: str = "") -> tuple[ConversationInfo, ...]:
        asked = [one for one in self._state.conversations.values() if one.turns]
        found = [one for one in asked if search.lower() in one.title.lower()]
        return tuple(reversed(found))

    def turns(self, conversation: str) -> tuple[Turn, ...]:
        if conversation not in self._state.conversations:
            raise NotFound(f"There is no conversation {conversation!r}.")
        runs = [one for one in self._state.runs.values() if one.conversation == conversation]
        return tuple(
            Turn(one.id, one.question, one.asked_at, one.text, one.answered, one.answered is None, one.attachments)
            for one in runs
        )

    def create(self) -> str:
        chat = f"c{next(self._state.numbers)}"
        self._state.conversations[chat] = ConversationInfo(chat, "", now(), 0)
        return chat

    def rename(self, conversation: str, title: str) -> None:
        self._state.conversations[conversation] = replace(self._state.conversations[conversation], title=title)

    def delete(self, conversation: str) -> None:
        del self._state.conversations[conversation]


class FakeDocuments:
    """Documents that become ready half a second after they were added; kept under their content's name."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._added: dict[str, float] = {}

    def list(self) -> tuple[DocumentInfo, ...]:
        with self._state.lock:
            return tuple(self._grown(one) for one in self._state.documents.values())

    def _grown(self, info: DocumentInfo) -> DocumentInfo:
        inside = [one.id for one in self._state.collections.values() if info.id in one.documents]
        info = replace(info, collections=tuple(inside) or (() if info.conversations else ("default",)))
        age = time.monotonic() - self._added.get(info.id, -100.0)
        if info.state == "failed" or age > 0.6:
            return info if info.state == "failed" else replace(info, state="ready", progress=1.0)
        return replace(info, state="reading" if age < 0.3 else "embedding", progress=round(age / 0.6, 2))

    def add(self, path: Path, title: str | None = None, *, source: Path | None = None) -> DocumentInfo:
        if not path.read_bytes():
            raise LotteryChatError(f"{title!r} is empty: nothing was kept.")
        with self._state.lock:
            known = f"d{len(self._state.documents) + 1}"
            info = DocumentInfo(
                known,
                title or path.name,
                path.suffix.lstrip("."),
                path.stat().st_size,
                8,
                21,
                "waiting",
                0.0,
                "",
                now(),
            )
            self._state.documents[known] = info
            self._added[known] = time.monotonic()
        return self._grown(info)

    def reads(self, name: str) -> bool:
        return is_read(name)

    def unchanged(self, source: Path) -> DocumentInfo | None:
        return None

    def work(self) -> WorkInfo:
        waiting = sum(one.state not in ("ready", "failed") for one in self.list())
        text = "Taking in is paused; 0 documents wait." if self._state.paused else self._state.problem
        return WorkInfo(waiting, self._state.paused, None, text, self._state.problem)

    def check(self, *, deep: bool = True) -> tuple[str, ...]:
        return tuple(f"{one.title!r} could not be read." for one in self.list() if one.state == "failed")

    def export(self, path: Path) -> Iterator[DocumentInfo]:
        path.write_text("\n".join(one.title for one in self.list()))
        yield from self.list()

    def import_(self, path: Path) -> Iterator[TakenIn]:
        titles = path.read_text(errors="replace").splitlines()
        there = {one.title for one in self.list()}
        for number, title in enumerate(titles, 1):
            if title in there:
                yield TakenIn(title, "there already", number, len(titles))
            elif title.startswith("<"):
                yield TakenIn(title, "refused", number, len(titles), "its hash does not fit")
            else:
                (path.parent / "one").write_text(title)
                self.add(path.parent / "one", title)
                yield TakenIn(title, "new", number, len(titles))

    def pause(self) -> None:
        self._state.paused = True

    def go_on(self) -> None:
        self._state.paused = False

    def collections(self, conversation: str | None = None) -> tuple[CollectionInfo, ...]:
        inside = {document for one in self._state.collections.values() for document in one.documents}
        others = tuple(one.id for one in self.list() if one.id not in inside and not one.conversations)
        used = self._state.used.get(conversation or "")
        listed = (CollectionInfo("default", "Documents", others), *self._state.collections.values())
        return tuple(replace(one, used=used is None or one.id in used) for one in listed)

    def make_collection(self, name: str) -> CollectionInfo:
        if name in [one.name for one in self.collections()]:
            raise LotteryChatError(f"There is a collection {name!r} already. Choose another name.")
        made = CollectionInfo(f"g{next(self._state.numbers)}", name, ())
        self._state.collections[made.id] = made
        return made

    def rename_collection(self, collection: str, name: str) -> CollectionInfo:
        self._state.collections[collection] = replace(self._state.collections[collection], name=name)
        return self._state.collections[collection]

    def remove_collection(self, collection: str) -> None:
        del self._state.collections[collection]

    def put(self, collection: str, documents: Sequence[str]) -> None:
        for document in documents:
            self._state.documents[document] = replace(self._state.documents[document], conversations=())
            if collection == "default":
                for one in self._state.collections:
                    self.take(one, [document])
        if collection != "default":
            known = self._state.collections[collection]
            together = tuple(dict.fromkeys((*known.documents, *documents)))
            self._state.collections[collection] = replace(known, documents=together)

    def take(self, collection: str, documents: Sequence[str]) -> None:
        known = self._state.collections[collection]
        left = tuple(one for one in known.documents if one not in documents)
        self._state.collections[collection] = replace(known, documents=left)

    def use(self, conversation: str, collections: Sequence[str] | None) -> None:
        self._state.used[conversation] = None if collections is None else tuple(collections)

    def attach(self, conversation: str, path: Path, title: str | None = None) -> DocumentInfo:
        info = self.add(path, title)
        self._state.documents[info.id] = replace(self._state.documents[info.id], conversations=(conversation,))
        return self._state.documents[info.id]

    def attachments(self, conversation: str) -> tuple[DocumentInfo, ...]:
        return tuple(one for one in self.list() if conversation in one.conversations)

    def replace(self, document: str, path: Path) -> DocumentInfo:
        old = self._state.documents[document]
        self._state.documents[document] = replace(old, size=path.stat().st_size, added_at=now())
        self._added[document] = time.monotonic()
        return self._grown(self._state.documents[document])

    def supersede(self, document: str, by: str) -> DocumentInfo:
        del self._state.documents[document]
        return self._state.documents[by]

    def wait(self, document: str, seconds: float) -> DocumentInfo:
        time.sleep(min(seconds, 0.7))
        return self._grown(self._state.documents[document])

    def remove(self, document: str) -> None:
        del self._state.documents[document]

    def rebuild(self) -> Iterator[DocumentInfo]:
        yield from self.list()

    def search(
        self, query: str, limit: int = 8, by: str | None = None, collections: Sequence[str] | None = None
    ) -> tuple[FoundPassage, ...]:
        return passages()[:limit]

    def facts(self, about: str = "", relation: str = "", documents: Sequence[str] = ()) -> tuple[FactInfo, ...]:
        said = "The handbook's editor is Ada Penrose."
        known = FactInfo("The handbook", "editor", "Ada Penrose", "d1", "handbook.pdf", 3, said)
        fits = about.lower() in known.entity.lower() and relation in ("", known.relation)
        return (known,) if fits else ()

    def page(self, document: str, page: int | None, quote: str = "") -> PageText:
        text = {3: PAGE_3, 5: PAGE_5}.get(page or 1, f"Page {page} of the handbook.")
        start = text.find(quote) if quote else -1
        info = self._state.documents.get(document)
        return PageText(
            document,
            info.title if info else "depots.pdf",
            page,
            8,
            text,
            start,
            start + len(quote) if start >= 0 else -1,
        )


def grey_png(width: int = 420, height: int = 594) -> bytes:
    """A page without words on it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\xee" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class FakeViews:
    """DocumentViews over the fake documents: d1 is a PDF, its pages have pictures and two passages each."""

    def __init__(self, state: State, documents: FakeDocuments) -> None:
        self._state, self._documents = state, documents

    def look(self, document: str, page: int | None, quote: str = "") -> PageLook:
        shown = self._documents.page(document, page or 1, quote)
        info = self._state.documents.get(document)
        kind, cut = info.kind if info else "pdf", shown.text.find(" ", len(shown.text) // 2)
        spans = ((0, cut), (cut + 1, len(shown.text)))
        number = ((page or 1) - 1) * 2
        passages = tuple(
            PassageOnPage(f"p{number + at}", number + at, ("Depots", "Hours"), *span) for at, span in enumerate(spans)
        )
        return PageLook(shown, kind, kind == "pdf", passages)

    def picture(self, document: str, page: int, quote: str = "") -> PagePicture:
        return PagePicture(grey_png(), ((0.1, 0.2, 0.8, 0.23),) if quote else ())

    def would_find(self, query: str, collections: Sequence[str] | None = None, by: SearchBy | None = None) -> WouldFind:
        said = query.partition("echo:")[2] or (f"Searched by {by}." if by else "")
        if "nothing" in query or (collections is not None and "default" not in collections):
            return WouldFind(query, (), (), 0.0, "not", (0.4, 0.6))
        hits = tuple(
            Hit(
                replace(one, text=said or one.text, title=said or one.title),
                ("Depots", said),
                ((0, 6),) if one.used else (),
            )
            for one in passages()
        )
        sentence = said or "It opens at 06:40 on working days and closes at 21:15."
        return WouldFind(
            query, hits, (GivenSentence(sentence, "d1", "depots.pdf", 3, 0.9),), 0.81, "clearly", (0.4, 0.6)
        )

    def add_address(self, url: str, conversation: str | None = None) -> DocumentInfo:
        if "127.0.0.1" in url:
            raise LotteryChatError(f"{url!r} is not fetched: the address is private.")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "page.html"
            file.write_text("<p>fetched")
            title = url.partition("//")[2]
            return (
                self._documents.attach(conversation, file, title) if conversation else self._documents.add(file, title)
            )


class FakeModels:
    def __init__(self, state: State) -> None:
        self._state = state

    def list(self) -> tuple[ModelInfo, ...]:
        chosen = self._state.preferences.model
        return (
            ModelInfo(
                "qwen2.5-coder:1.5b",
                self._state.place,
                1_117_320_768,
                "Apache-2.0",
                4096,
                True,
                chosen in ("auto", "qwen2.5-coder:1.5b"),
                True,
            ),
            ModelInfo(
                "qwen2.5-coder:0.5b",
                "embedded",
                491_400_064,
                "Apache-2.0",
                4096,
                True,
                chosen == "qwen2.5-coder:0.5b",
                True,
                "quicker, weaker",
            ),
            ModelInfo(
                "qwen3:4b", "Ollama", 2_600_000_000, "Apache-2.0", 8192, False, False, False, "needs 5 GB of memory"
            ),
            ModelInfo("auto", "", 0, "", 0, True, False, True, "in force now: the best one that fits this computer"),
        )

    def choose(self, name: str) -> None:
        if name not in [one.name for one in self.list()]:
            raise NotFound(f"There is no model {name!r}. Choose one of the list.")
        self._state.preferences = replace(self._state.preferences, model=name)

    def pull(self, name: str) -> Iterator[Part]:
        yield Part("model", "ready", name)

    def remove(self, name: str) -> None:
        raise NotFound(f"{name!r} is not on this machine.")

    def before(self, conversation: str) -> int:
        return self._state.before


class FakeRuns:
    def __init__(self, state: State) -> None:
        self._state = state

    def list(self, limit: int = 50) -> tuple[RunInfo, ...]:
        return tuple(
            RunInfo(one.id, one.conversation, one.question, one.asked_at, "answered", "model", False, 1, 1.0, one.model)
            for one in self._state.runs.values()
        )[:limit]

    def events(self, run: str) -> tuple[tuple[float, Event], ...]:
        if run not in self._state.runs:
            raise NotFound(f"There is no run {run!r}.")
        return tuple(self._state.runs[run].events)

    def stats(self) -> dict[str, float]:
        return {"runs": float(len(self._state.runs))}


class FakeOptions:
    def __init__(self, state: State) -> None:
        self._state = state

    def read(self) -> Preferences:
        return self._state.preferences

    def change(self, **values: object) -> Preferences:
        known = {one.name for one in dataclasses.fields(Preferences)}
        for name in values:
            if name not in known:
                raise LotteryChatError(f"There is no setting {name!r}.")
        self._state.preferences = replace(self._state.preferences, **values)  # type: ignore[arg-type]
        return self._state.preferences


READY = (
    Part("model", "ready", "qwen2.5-coder:1.5b, on this computer"),
    Part("documents", "ready", ""),
    Part("solver", "ready", ""),
    Part("programs", "ready", ""),
    Part("web", "ready", "asks first"),
)


def fake_app(
    home: Path,
    *,
    state: State | None = None,
    parts: Callable[[], tuple[Part, ...]] | None = None,
    script: Script | None = None,
) -> App:
    """Return an App whose answers are scripted by words of the question; see SCRIPTS."""
    kept = state or State()
    documents = FakeDocuments(kept)
    return App(
        FakeChat(kept, script),
        FakeConversations(kept),
        documents,
        FakeModels(kept),
        FakeRuns(kept),
        FakeOptions(kept),
        home,
        "0.1.0",
        parts or (lambda: READY),
        tools=FakeTools(),
        memory=FakeMemory(),
        lab=FakeLab(),
        views=FakeViews(kept, documents),
    )


def downloading() -> Callable[[], tuple[Part, ...]]:
    """Parts in which the model is being downloaded, a little further at each look."""
    begun = time.monotonic()

    def parts() -> tuple[Part, ...]:
        done = min(int((time.monotonic() - begun) * 25_000_000) + 400_000_000, 1_117_320_768)
        left = (1_117_320_768 - done) / 25_000_000
        return (Part("model", "downloading", "qwen2.5-coder:1.5b", done, 1_117_320_768, left), *READY[1:])

    return parts


def main() -> None:
    from lottery_chat.ui.server import serve

    wanted = argparse.ArgumentParser()
    wanted.add_argument("--port", type=int, default=7861)
    wanted.add_argument("--downloading", action="store_true")
    given = wanted.parse_args()
    with tempfile.TemporaryDirectory() as home:
        app = fake_app(Path(home), parts=downloading() if given.downloading else None)
        serve(app, port=given.port, open_browser=False, on_ready=lambda url: print(url, flush=True))


if __name__ == "__main__":
    main()
