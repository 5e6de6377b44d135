"""What travels between the six managers of the call layer: a call, its rule, and its outcome with where it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from tools.errors import ToolError

T = TypeVar("T")
Permit = Literal["allow", "ask", "never"]


class CallStopped(ToolError):
    """The person stopped the run while the tool worked."""


class ToolFault(ToolError):
    """The tool itself failed (hung, crashed, gave garbage, is resting); the arguments were not the reason."""


class CallRefused(ToolError):
    """The call was not made: not permitted, or private text would have left this computer."""


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    """How a result is kept in M: to a JSON value and back. `read` raises ValueError, TypeError or KeyError on another form."""

    write: Callable[[T], Any]
    read: Callable[[Any], T]


@dataclass(frozen=True, slots=True)
class Rule:
    """How one tool is called.

    `kind` names the slot that its calls take (one at a time each); `seconds` is the wall clock of one call, a hull
    around the tool's own limits; `output` and `shown` are characters of the result kept in the trace and given to
    g_φ; `permit` is the permission unless the person set another; with `leaves` the arguments leave this computer;
    `lasts` is how many seconds a kept result may be served (0: never), `version` that of the tool, part of the key;
    `repeats` says that the same call in one run gives the same result.
    """

    kind: str
    seconds: float
    version: str = "1"
    output: int = 20_000
    shown: int = 2_000
    permit: Permit = "allow"
    leaves: bool = False
    lasts: float = 0.0
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One call: the tool's name, its input as text (event, key), how it is made, and its result as text."""

    tool: str
    input: str
    function: Callable[[], T]
    output: Callable[[T], str]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a result came from: tool, its version, when it was made (ISO 8601, UTC), and whether it was kept from then."""

    tool: str
    version: str
    at: str
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """A result with its text within the limit, how many characters were left out, its provenance and seconds."""

    value: T
    text: str
    left: int
    provenance: Provenance
    seconds: float
