"""The values of the lab: an item, a task, an arm, what was replied, how it was judged, one line of a run's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["right", "wrong", "no_answer", "unjudged"]
Family = Literal[
    "arithmetic", "logic", "open-qa", "single-document", "multi-hop", "closed-book", "everyday", "tool-choice",
    "retrieval", "long-prompt", "memory", "algorithmic", "domain", "wordings",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a task, as a person would send it.

    `gold` is what the judge needs: a JSON value whose form belongs to the task's judge. `attached` are titles of
    documents of the task's corpus that the question is about (files a person dropped into the box); empty means the
    whole corpus. `tools` are functions offered to the model (JSON Schema, the form of function calling).
    `band` groups items in the report (popularity, category…). `rests_on` are words of the documents that all must be
    read for the answer to follow; empty: not listed, an accepted answer itself must stand there.
    """

    id: str
    question: str
    gold: Any
    attached: tuple[str, ...] = ()
    tools: tuple[Mapping[str, Any], ...] = ()
    band: str = ""
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a task's corpus before it is taken in: UTF-8 Markdown; `title` names it (Item.attached).

    `passages` are (id of the data set, exact text of the passage as it stands in `text`), for retrieval quality.
    `content`, when given, are the bytes of a file of the kind that the title's ending names; `text` is its source.
    """

    title: str
    text: str
    passages: tuple[tuple[str, str], ...] = ()
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A set of items with its judge.

    `file` is the JSON Lines file below the data folder (a name without a folder: the lab's own items; one that ends in
    .json: a set as it is published, loading.published_rows), `read` makes an Item of one of
    its lines (None: the line is not for this task) and raises KeyError or ValueError for a line that lacks something.
    `corpus` makes the documents that must be in the knowledge base from the data folder; `corpus_name` names them
    (tasks with one name share one). `judge` names a function of judging.py. `kind` "retrieval" asks R alone, no model.
    """

    name: str
    family: Family
    file: str
    read: Callable[[Mapping[str, Any]], Item | None]
    judge: str
    about: str
    corpus_name: str = ""
    corpus: Callable[[Any], tuple[Document, ...]] | None = None
    kind: Literal["ask", "retrieval"] = "ask"


@dataclass(frozen=True, slots=True)
class Replied:
    """What came back for an item: the whole text, the short answer if there is one, the status of Answered."""

    text: str
    answer: str | None
    status: str
    found: tuple[str, ...] = ()  #: ids of the data set's passages in the order found (retrieval tasks)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a reply was judged. `score` is 0 to 1; `measures` are named figures (em, f1, recall@5…), 0 to 1 each.

    `extracted` is what the extractor took as the answer; empty where it found none.
    """

    outcome: Outcome
    score: float
    extracted: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arm:
    """A setting of `ask`, under the name it has in reports: nothing here is forked code.

    `mode` is one of the modes of `ask` (auto is the planner), `without` the parts of A that are off, `retrieval`
    as in `ask` (None: auto).
    """

    name: str
    mode: str
    without: tuple[str, ...] = ()
    retrieval: str | None = None
    about: str = ""
    prove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a run's file: (task, item, arm, model, seed) is its key and stands in a file once.

    `reply` is the text that was judged, whole, so that a better extractor can judge it again; `seconds` is the wall
    time of the item, `logprob` the mean log-probability of a token where one call of the model was all (arms bare,
    by-heart…), `problem` a sentence when the item could not be asked (the item is then asked again next time).
    """

    task: str
    item: str
    arm: str
    model: str
    seed: int
    outcome: Outcome
    score: float
    extracted: str
    gold: Any
    reply: str
    answer: str | None
    status: str
    known: str
    checked: bool
    calls: int
    tokens_in: int
    tokens_out: int
    seconds: float
    run: str
    at: str
    band: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)
    problem: str = ""
    logprob: float | None = None

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What makes a record unique in a folder."""
        return (self.task, self.item, self.arm, self.model, self.seed)
