"""A part of the app as the page shows it: the model, the documents, the solver, the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

PartState = Literal["waiting", "loading", "downloading", "ready", "failed", "off"]


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


class PartsReader(Protocol):
    """How far each part of the app is; cheap enough to be asked four times a second."""

    def __call__(self) -> tuple[Part, ...]: ...
