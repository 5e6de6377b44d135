"""The values Algorithm 1 passes around: the question, a node, a solution, what one run may spend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from lottery_chat.events import Citation, Known, Status

Mode = Literal["auto", "fast", "deliberate", "strict", "bare", "cot", "pal", "rag", "heart"]
#: What the lab compares with: one call of g_φ, nothing of A (planner/baselines.py).
BASELINES: tuple[Mode, ...] = ("bare", "cot", "pal", "rag", "heart")
#: Parts of A that a setting switches off, so that each is measured on and off.
PARTS: tuple[str, ...] = (
    "python",
    "retrieval",
    "solver",
    "formalise",
    "verify",
    "divide",
    "memory",
    "preprocess",
    "gate",
    "shortlist",
    "model",
    "triples",
)
#: Settings of the prover, all off by default (docs/measurements.md): premises ordered by relevance and determinacy
#: (DetermLR), from the goal backwards over sub-goals (recursion), the four roles of SymbCoT in the trace with a second
#: method as verifier.
PROOFS: tuple[str, ...] = ("ordered", "goals", "roles")
Retrieval = Literal["closed-book", "auto", "always"]
Want = Literal["largest", "smallest", "same", "common", "both"]


@dataclass(frozen=True, slots=True)
class PastTurn:
    """An earlier turn of the conversation, oldest first in a history."""

    question: str
    text: str
    answer: str | None
    known: Known
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """What a person asked, with all that decides how it is answered.

    `documents` are the ids the question is about (attached or named); an empty tuple means the whole
    knowledge base. `words` is the message as written. `without` names the PARTS of A that are off, `prove` the PROOFS that are on; `tools` are
    functions the caller offers (JSON Schema): the answer is then which of them to call, and nothing is run.
    """

    words: str
    history: tuple[PastTurn, ...] = ()
    documents: tuple[str, ...] = ()
    must_use_documents: bool = False
    mode: Mode = "auto"
    retrieval: Retrieval = "auto"
    web_search: Literal["off", "ask", "on"] = "ask"
    seed: int = 0
    use_memory: bool = True
    so_far: str = ""
    without: frozenset[str] = frozenset()
    prove: frozenset[str] = frozenset()
    tools: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may spend; checked before spending (house style 15)."""

    seconds: float = 90.0
    calls: int = 12
    nodes: int = 24
    depth: int = 3
    tokens: int = 12_000
    trials: int = 1


@dataclass(frozen=True, slots=True)
class Solution:
    """The paper's (ans, ver, pass) with how it is known. `ver` names the check that was made."""

    text: str
    answer: str | None = None
    known: Known = "none"
    checked: bool = False
    check: str = ""
    passed: bool = True
    status: Status = "answered"
    citations: tuple[Citation, ...] = ()
    reason: str = ""
    method: str = ""
    free_writing: bool = False
    streamed: bool = False
    can_continue: bool = False
    fault: str = ""

    def but(self, **changes: object) -> Solution:
        """Return a copy with these fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-problem q_s of a schedule S; `needs` are indices of parts whose answers it takes in.

    A `brief` part is one whose answer another part takes in, so it is asked for as a name alone.
    """

    question: str
    needs: tuple[int, ...] = ()
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """S of Algorithm 1: parts to put together, as a list, a comparison, or the last part's answer alone.

    With "last" the others only lead to it. Alternatives are no schedule: they are the resources of one question.
    """

    parts: tuple[Part, ...]
    together: Literal["list", "compare", "last"] = "list"
    compare: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the answers of a schedule's last parts are compared by code: which end of the order is asked for.

    Each name has `each` parts, in the order of the names; with two, their difference is compared (a life's length).
    "same" asks whether the answers name the same thing, "both" whether each says yes (or, where `word` is a nationality,
    names that country): the answer is yes or no.
    """

    names: tuple[str, ...]
    want: Want
    word: str
    each: int = 1


#: From strongest to weakest; a mixed answer carries the weakest (page.md).
STRENGTH: tuple[Known, ...] = ("proved", "computed", "quoted", "remembered", "model", "none")


def weakest(known: Sequence[Known]) -> Known:
    """Return the weakest of several ways of knowing."""
    return max(known, key=STRENGTH.index, default="none")


@dataclass(slots=True)
class Spent:
    """What a run has spent so far."""

    calls: int = 0
    nodes: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    notices: list[str] = field(default_factory=list)
