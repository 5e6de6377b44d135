"""How the tools reach a limited child: a callable that is handed in, because tools/ knows no processes of its own."""

from __future__ import annotations

from threading import Event
from typing import Any, Protocol

from tools.errors import ToolBroke


class ChildResult(Protocol):
    """What came back from a child: `value` where `problem` is empty, else a sentence in `text`."""

    @property
    def value(self) -> dict[str, Any] | None: ...
    @property
    def problem(self) -> str: ...
    @property
    def text(self) -> str: ...


class RunLimited(Protocol):
    """Runs "package.module:function" in a child with hard limits (seconds, bytes)."""

    def __call__(
        self, target: str, request: dict[str, Any], *, seconds: float, memory: int, cancel: Event | None = None
    ) -> ChildResult: ...


def refuse_broken(name: str, result: ChildResult, *keys: str) -> None:
    """See that a child came back, or ended for a reason that lies in what it was given (time, memory, a stop).

    Args:
        name: of the tool, for the sentence. keys: that its value must have.

    Raises:
        ToolBroke: it died, or raised, or gave something else.
    """
    if result.value is not None and not result.value.keys() >= set(keys):
        raise ToolBroke(f"{name} gave something that is no result. It is not used for this; try again.")
    if result.problem in ("crashed", "error"):
        raise ToolBroke(f"{name} broke ({result.text[:200].rstrip('.')}). It is not used for this; try again.")
