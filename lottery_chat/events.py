"""Everything that can happen while a question is answered, as frozen values with a JSON form.

The planner yields these; the journal keeps them, the page, the command line and the lab read them.
Nothing here knows who reads. Text in events is untrusted (model, documents, web): readers escape it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin, get_type_hints

#: Node kinds of the paper's Figure 2, and the two that the figure leaves out (verify, memory).
NodeKind = Literal["divide", "model", "externals", "retrieve", "function", "verify", "memory", "aggregate"]
NodeState = Literal["running", "done", "failed", "skipped", "stopped"]
Known = Literal["computed", "proved", "quoted", "remembered", "model", "none"]
Status = Literal["answered", "not_in_documents", "asked_back", "partial", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened. `seconds` since the question is set by whoever runs the planner."""


@dataclass(frozen=True, slots=True)
class Started(Event):
    """A run began; the user's message is already saved."""

    run: str
    conversation: str
    question: str
    model: str
    mode: str


@dataclass(frozen=True, slots=True)
class Progress(Event):
    """One line in plain words about what is going on now; it replaces the line before."""

    text: str


@dataclass(frozen=True, slots=True)
class NodeOpened(Event):
    """A node of the tree began. `parent` is None for the root."""

    node: str
    parent: str | None
    kind: NodeKind
    title: str


@dataclass(frozen=True, slots=True)
class NodeClosed(Event):
    """A node ended. `detail` says in a few words with what."""

    node: str
    state: NodeState
    detail: str
    seconds: float
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Tokens of one source in a prompt (system, tools, passages, memory, conversation, question)."""

    source: str
    tokens: int
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message of a prompt as it was sent."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class ModelCalled(Event):
    """g_φ was asked: exactly this prompt, with its ledger against the window (tokens)."""

    node: str
    purpose: str
    prompt: tuple[PromptMessage, ...]
    ledger: tuple[LedgerLine, ...]
    window: int
    room: int


@dataclass(frozen=True, slots=True)
class ModelReturned(Event):
    """g_φ replied. `logprob` is the mean log-probability a token, None where the server gives none."""

    node: str
    text: str
    thoughts: str
    tokens_in: int
    tokens_out: int
    seconds_to_first: float
    seconds: float
    finish: str
    logprob: float | None = None


@dataclass(frozen=True, slots=True)
class ToolCalled(Event):
    """A tool of C is run with this input (code, expression, query…) as text."""

    node: str
    tool: str
    input: str


@dataclass(frozen=True, slots=True)
class ToolReturned(Event):
    """What the tool gave, or the sentence it failed with (`error`).

    `made_at` is when the result was made (ISO 8601, UTC) by which `version` of the tool; with `cached` it was made
    earlier and kept. `left` characters of the output are not shown.
    """

    node: str
    tool: str
    output: str
    error: str
    seconds: float
    version: str = ""
    made_at: str = ""
    cached: bool = False
    left: int = 0


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage of D or of the web with its scores (0 to 1; None where that search did not find it)."""

    passage: str
    document: str
    title: str
    page: int | None
    text: str
    score: float
    score_vector: float | None = None
    score_text: float | None = None
    url: str = ""
    date: str = ""
    used: bool = False


@dataclass(frozen=True, slots=True)
class PassagesFound(Event):
    """What retrieval found, best first, used or not."""

    node: str
    query: str
    passages: tuple[FoundPassage, ...]


@dataclass(frozen=True, slots=True)
class PermissionAsked(Event):
    """Something would leave this computer: exactly `query`, by `tool`. The run waits for permit()."""

    request: str
    node: str
    tool: str
    query: str


@dataclass(frozen=True, slots=True)
class Verified(Event):
    """Verify_Solution: which check was made, and whether it passed.

    `checked` is False where nothing confirmed the result and nothing spoke against it: it is taken, without a tick.
    """

    node: str
    check: str
    passed: bool
    checked: bool = True


@dataclass(frozen=True, slots=True)
class TextDelta(Event):
    """A piece of the answer's text as it streams."""

    text: str


@dataclass(frozen=True, slots=True)
class TextReplaced(Event):
    """The answer's text so far is replaced by this one (a try was given up, or the short form is known)."""

    text: str


@dataclass(frozen=True, slots=True)
class Notice(Event):
    """One sentence under the answer: what was left out, not reached, not found."""

    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement stands: `url` and `fetched` (ISO 8601) of what came from an address, `date` is its own."""

    kind: Literal["document", "web"]
    title: str
    page: int | None
    url: str
    date: str
    quote: str
    document: str = ""
    passage: str = ""
    fetched: str = ""


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """The last event of every run (design.md, the command line)."""

    status: Status
    answer: str | None
    text: str
    known: Known
    checked: bool
    check: str
    citations: tuple[Citation, ...] = ()
    reason: str = ""
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    run: str = ""
    conversation: str = ""
    model: str = ""
    free_writing: bool = False
    notices: tuple[str, ...] = field(default=())
    can_continue: bool = False
    #: "model" when it failed because g_φ could not be reached: the question itself was not tried.
    fault: str = ""


KINDS: dict[str, type[Event]] = {
    "started": Started,
    "progress": Progress,
    "node_opened": NodeOpened,
    "node_closed": NodeClosed,
    "model_called": ModelCalled,
    "model_returned": ModelReturned,
    "tool_called": ToolCalled,
    "tool_returned": ToolReturned,
    "passages_found": PassagesFound,
    "permission_asked": PermissionAsked,
    "verified": Verified,
    "text_delta": TextDelta,
    "text_replaced": TextReplaced,
    "notice": Notice,
    "answered": Answered,
}
_NAMES = {kind: name for name, kind in KINDS.items()}


def to_json(event: Event) -> dict[str, Any]:
    """Return the event as JSON-ready values; `type` first."""
    return {"type": _NAMES[type(event)], **dataclasses.asdict(event)}


def from_json(values: dict[str, Any]) -> Event:
    """Rebuild an event that `to_json` wrote. Unknown fields of a newer version are dropped.

    Raises:
        ValueError: the type of event is not known.
    """
    kind = KINDS.get(values.get("type", ""))
    if kind is None:
        raise ValueError(f"Unknown kind of event {values.get('type')!r}.")
    event: Event = _build(kind, values)
    return event


def _build(kind: type[Any], values: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    known = {}
    for one in dataclasses.fields(kind):
        if one.name not in values:
            continue
        value, hint = values[one.name], hints[one.name]
        if get_origin(hint) is tuple:
            inner = get_args(hint)[0]
            nested = isinstance(inner, type) and dataclasses.is_dataclass(inner)
            value = tuple(_build(inner, item) if nested else item for item in value)
        known[one.name] = value
    return kind(**known)
