"""How far the model is: being looked for, fetched, loaded, ready or failed, with the sentence that says so."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

from lottery_chat.models.offers import Place
from lottery_chat.models.protocol import Where
from lottery_chat.models.sources import Progress

HubStateName = Literal["waiting", "loading", "downloading", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class HubState:
    """How far the model is. `done`/`total` in bytes while downloading, `memory` in bytes, speed over recent replies."""

    state: HubStateName
    text: str
    name: str = ""
    where: Where = "embedded"
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    tokens_per_second: float = 0.0
    memory: int = 0


def downloading(place: Place, one: Progress) -> HubState:
    """While it is fetched."""
    return HubState("downloading", one.text, place.name, place.where, one.done, one.total, one.seconds_left)


def ready(place: Place) -> HubState:
    """When it answers."""
    return HubState("ready", f"{place.name} is ready", place.name, place.where)


def died(state: HubState, process: Literal["loading", "failed"]) -> HubState:
    """When the process of a model that was ready ended by itself; `process` is how far its restart is."""
    text = f"{state.name} died and is being started again" if process == "loading" else f"{state.name} failed"
    return dataclasses.replace(state, state=process, text=text)


def not_yet(state: HubState) -> str:
    """The sentence for somebody who asks before it is ready."""
    if state.state == "downloading" and state.total:
        left = f", about {max(1, round(state.seconds_left / 60))} min left" if state.seconds_left else ""
        done, total = state.done / 1e6, state.total / 1e6
        return (
            f"The model {state.name!r} is still being downloaded: {done:.0f} of {total:.0f} MB{left}. Ask again then."
        )
    if state.state == "loading":
        return f"The model {state.name!r} is being loaded. Ask again in a moment."
    return f"There is no model yet ({state.text}). Ask again in a moment."
