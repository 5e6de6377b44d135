"""Where requests go before any model is asked: `lottery-chat lab routes`, on own requests in people's words.

Each line of own_routes.jsonl has a request, the routes a person would accept (a resource of planner/routing.py, a tool
of the shelf as "shelf:name", a kind of planner/understanding.py, or "model"), what stands around it ("d" documents are
there, "a" one is attached, "h" an answer came before) and, where code alone can answer, words the answer must hold.
The part "held" was written after the rules had been changed with "fitted" in view; LOG.md has its first figure, and
what was mended with it in view afterwards; "everyday" are lists asked before and after the everyday forms were written.
"""

from __future__ import annotations

import collections
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lottery_chat.events import Answered
from lottery_chat.interface.app import App
from lottery_chat.lab.loading import OWN, rows_of
from lottery_chat.lab.statistics import wilson
from lottery_chat.planner.budget import Budget
from lottery_chat.planner.resources import Resources
from lottery_chat.planner.routing import candidates
from lottery_chat.planner.run import Run
from lottery_chat.planner.understanding import understand
from lottery_chat.planner.values import Ask, Limits, PastTurn

_BEFORE = (PastTurn("Why do leaves fall in autumn?", "Trees let them go to save water in winter.", None, "model"),)


@dataclass(frozen=True, slots=True)
class Request:
    """One labelled request; `routes` are accepted, `answer` are words of which the answer must hold one ("" any)."""

    text: str
    routes: tuple[str, ...]
    around: str
    answer: tuple[str, ...]
    part: str


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a request went first, which tools of the shelf the model may then confirm, what code answered ("" nothing)."""

    request: Request
    route: str
    offered: tuple[str, ...]
    said: str

    @property
    def right(self) -> bool:
        """On an accepted way, or with a right answer on another one."""
        accepted = set(self.request.routes)
        return bool(accepted & {self.route, *self.offered}) or self.answered is True

    @property
    def answered(self) -> bool | None:
        """Whether code's answer is right; None where none is wanted."""
        if not self.request.answer:
            return None
        plain = self.said.replace(",", "").lower()
        return any(one.replace(",", "").lower() in plain for one in self.request.answer)


def requests(folder: Path = OWN) -> tuple[Request, ...]:
    """The labelled requests."""
    return tuple(
        Request(str(row["text"]), tuple(row["routes"]), str(row["around"]), tuple(row["answer"]), str(row["part"]))
        for _, row in rows_of(folder / "own_routes.jsonl")
    )


def route(resources: Resources, request: Request) -> tuple[str, tuple[str, ...]]:
    """The first resource that would be tried (its kind, or "model", without one), and the tools of the shelf then offered."""
    history = _BEFORE if "h" in request.around else ()
    attached, documents = "a" in request.around, request.around in ("d", "a")
    ask = Ask(request.text, history=history, must_use_documents=attached)
    run = Run("lab", ask, resources, Budget(Limits(), threading.Event()))
    understood = understand(request.text, history=history, documents=documents, attached=attached)
    found = candidates(run, request.text, understood, has_documents=documents)
    if not found:
        return (understood.kind if understood.kind in ("writing", "talk", "transform", "lacks") else "model"), ()
    first = found[0]
    if first.resource != "shelf":
        return first.resource, ()
    tools = first.data[:1] if isinstance(first.data, tuple) else first.data  # (tool, what was said) or those R found
    offered = tuple(f"shelf:{one.card.name}" for one in tools)
    return offered[0], offered


def routed(app: App, resources: Resources, asked: Sequence[Request], model: str = "") -> Iterator[Routed]:
    """Route each request; where an answer is wanted it is asked for good, with this model or ("") with none."""
    off = () if model else ("model",)
    for request in asked:
        said = ""
        if request.answer:
            asking = app.chat.ask(request.text, model=model or None, without=off, web_search="off", recall=False)
            for event in asking:
                if isinstance(event, Answered):
                    said = event.text if event.status == "answered" else ""
        yield Routed(request, *route(resources, request), said)


def as_markdown(found: Sequence[Routed]) -> str:
    """By part and by the first accepted route: how many went right, and below each that did not."""
    lines = ["| part | wanted | requests | routed right | answered right |", "| --- | --- | --: | --: | --: |"]
    for part in dict.fromkeys(one.request.part for one in found):
        groups: dict[str, list[Routed]] = collections.defaultdict(list)
        for one in found:
            if one.request.part == part:
                groups["all"].append(one)
                groups[one.request.routes[0].partition(":")[0]].append(one)
        for name, group in groups.items():
            wanted = [one.answered for one in group if one.answered is not None]
            right = sum(one.right for one in group)
            low, high = wilson(right, len(group))
            span = f" ({100 * low:.0f} to {100 * high:.0f} %)" if name == "all" else ""
            answers = f"{sum(wanted)} of {len(wanted)}" if wanted else "–"
            lines.append(f"| {part} | {name} | {len(group)} | {right}{span} | {answers} |")
    for one in found:
        if not one.right or (one.said and one.answered is False):
            why = f"went to {one.route}" + (f" and said {one.said[:60]!r}" if one.said else "")
            lines.append(f"\n- {one.request.text!r}, wanted {' or '.join(one.request.routes)}: {why}")
    return "\n".join(lines)
