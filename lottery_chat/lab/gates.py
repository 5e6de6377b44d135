"""How well a model's gates tell apart what they should: where the thresholds of planner/gates.py come from.

`lottery-chat lab gates`: "do the notes state the answer" on own_notes.jsonl, "does the function fit" on
own_calls.jsonl, and "does the model know it by heart" on those questions of ../shared/data that its README leaves
for fitting: triviaqa, and what popqa and nq_open have beyond popqa_rag and nq_rag. No other benchmark item is touched.
"""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lottery_chat.lab.loading import OWN, rows_of
from lottery_chat.messages import Message
from lottery_chat.models.protocol import ChatModel, Reply, Request
from lottery_chat.planner.by_calling import LIKENESS_WEIGHT
from lottery_chat.planner.calls_form import read_functions
from lottery_chat.planner.closed_book import ROOM
from lottery_chat.planner.copied import normalised
from lottery_chat.planner.gates import Gates, keep_gates
from lottery_chat.planner.prompts import render

__all__ = ["Gate", "Gates", "as_markdown", "keep_gates", "measured", "trusted"]
Similar = Callable[[Sequence[str], Sequence[str]], "list[list[float]] | None"]


@dataclass(frozen=True, slots=True)
class Gate:
    """Scores of what should pass and of what should not, each from low to high."""

    name: str
    model: str
    passing: tuple[float, ...]
    failing: tuple[float, ...]

    def best(self) -> tuple[float, int, int]:
        """The threshold that tells most apart (the lowest such), with how many it passes rightly and stops rightly."""
        between = sorted({*self.passing, *self.failing})
        told = [(sum(one > at for one in self.passing), sum(one <= at for one in self.failing), at) for at in between]
        kept, stopped, at = max(told, key=lambda one: (one[0] + one[1], -one[2]), default=(0, 0, 0.0))
        return at, kept, stopped


def notes_gate(model: ChatModel, folder: Path = OWN) -> Gate:
    """log P(yes) - log P(no) of "do the notes state the answer"."""
    scores: dict[str, list[float]] = {"said": [], "unsaid": []}
    for _, row in rows_of(folder / "own_notes.jsonl"):
        for kind, found in scores.items():
            text = render("support", notes=f"- Notes: {row['notes']}", question=str(row[kind]))
            found.append(_yes(model, "read_system", text))
    return Gate("do the notes state the answer", model.card.name, _sorted(scores["said"]), _sorted(scores["unsaid"]))


def calls_gate(model: ChatModel, similar: Similar, folder: Path = OWN) -> Gate:
    """Likeness times its weight and the log-odds of "does the function fit", for the nearest function offered."""
    scores: dict[bool, list[float]] = {True: [], False: []}
    for _, row in rows_of(folder / "own_calls.jsonl"):
        words = str(row["messages"][-1]["content"])
        functions = read_functions(row["functions"])
        cards = [f"{one.name.replace('_', ' ')}: {one.about}" for one in functions]
        near = (similar([words], cards) or [[0.0] * len(cards)])[0]
        place = max(range(len(cards)), key=lambda at: near[at])
        best: Any = functions[place]
        function = f"{best.name}({', '.join(best.properties)}): {best.about}"
        text = render("calls_fits", function=function, request=words)
        score = _yes(model, "calls_fits_system", text) + LIKENESS_WEIGHT * near[place]
        scores[bool(row["expect_call"])].append(score)
    return Gate("does the function fit", model.card.name, _sorted(scores[True]), _sorted(scores[False]))


def measured(model: ChatModel, similar: Similar, data: Path, limit: int) -> tuple[Gates, list[Gate]]:
    """The thresholds of a model and what they rest on."""
    notes, calls, heart = notes_gate(model), calls_gate(model, similar), heart_gate(model, data, limit)
    return Gates(notes.best()[0], calls.best()[0], trusted(heart)), [notes, calls, heart]


#: Share of believed answers that must be right, and the fewest on which that may rest.
TRUSTED, FEWEST = 0.8, 10
_FITTING = ("triviaqa", "popqa", "nq_open")
_REPORTED = ("popqa_rag", "nq_rag")


def heart_gate(model: ChatModel, data: Path, limit: int) -> Gate:
    """Mean log-probability of a closed-book answer of at most twelve tokens: of right answers and of wrong ones.

    Args:
        data: the folder with the sets that may be used for fitting.
        limit: so many questions of each set, the first of the seeded shuffle.
    """
    right: list[float] = []
    wrong: list[float] = []
    for question, accepted in _fitting_questions(data, limit):
        messages = (Message("system", render("closed_book_system")), Message("user", question))
        request = Request(messages, max_tokens=ROOM, stop=("\n",))
        replies = [item for item in model.stream(request, threading.Event()) if isinstance(item, Reply)]
        if not replies or replies[-1].logprob is None or replies[-1].finish == "length":
            continue
        told = f" {normalised(replies[-1].text)} "
        good = any(f" {normalised(one)} " in told for one in accepted)
        (right if good else wrong).append(replies[-1].logprob)
    return Gate("does the model know it by heart", model.card.name, _sorted(right), _sorted(wrong))


def trusted(gate: Gate) -> float:
    """The lowest score above which at least TRUSTED of at least FEWEST answers are right; infinite when there is none."""
    for at in sorted({*gate.passing, *gate.failing}):
        good, bad = sum(one > at for one in gate.passing), sum(one > at for one in gate.failing)
        if good + bad >= FEWEST and good / (good + bad) >= TRUSTED:
            return at
    return math.inf


def _fitting_questions(data: Path, limit: int) -> Iterator[tuple[str, Sequence[str]]]:
    reported = {
        normalised(str(row["question"])) for name in _REPORTED for _, row in rows_of(data / name / "public.jsonl")
    }
    for name in _FITTING:
        rows = sorted((row for _, row in rows_of(data / name / "public.jsonl")), key=lambda row: str(row["id"]))
        random.Random("2502").shuffle(rows)
        free = [row for row in rows if normalised(str(row["question"])) not in reported]
        for row in free[:limit]:
            yield str(row["question"]), [str(one) for one in row.get("answers") or row["possible_answers"]]


def as_markdown(gates: Sequence[Gate]) -> str:
    """A row a gate: lowest, median and highest of both sides, and the threshold that tells most apart."""
    lines = [
        "| gate | model | should pass: lowest, median, highest | should not | best threshold | passed | stopped |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in gates:
        at, kept, stopped = one.best()
        lines.append(
            f"| {one.name} | {one.model} | {_three(one.passing)} | {_three(one.failing)} | {at:.2f} "
            f"| {kept} of {len(one.passing)} | {stopped} of {len(one.failing)} |"
        )
    return "\n".join(lines)


def _yes(model: ChatModel, system: str, text: str) -> float:
    messages = [Message("system", render(system)), Message("user", text)]
    scores = model.labels(messages, ("yes", "no"), threading.Event())
    return scores["yes"] - scores["no"]


def _sorted(scores: Sequence[float]) -> tuple[float, ...]:
    return tuple(sorted(round(one, 3) for one in scores))


def _three(scores: Sequence[float]) -> str:
    return f"{scores[0]:.2f}, {scores[len(scores) // 2]:.2f}, {scores[-1]:.2f}" if scores else "–"
