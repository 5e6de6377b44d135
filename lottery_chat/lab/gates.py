"""How well a model's gates tell apart what they should: where the thresholds of planner/gates.py come from.

`lottery-chat lab gates`: "do the notes state the answer" on own_notes.jsonl, "does the function fit" on
own_calls.jsonl, and "does the model know it by heart" on the closed-book answers of by_heart.py, with the curve from
their log-probability to "right". No benchmark item is touched that is not left for fitting.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lottery_chat.lab.by_heart import Heart
from lottery_chat.lab.loading import OWN, rows_of
from lottery_chat.lab.logistic import auc, brier, ece, left_out, platt
from lottery_chat.messages import Message
from lottery_chat.models.protocol import ChatModel
from lottery_chat.planner.by_calling import LIKENESS_WEIGHT
from lottery_chat.planner.calibration import Curve
from lottery_chat.planner.calls_form import read_functions
from lottery_chat.planner.prompts import render

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
            found.append(yes_over_no(model, "read_system", text))
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
        score = yes_over_no(model, "calls_fits_system", text) + LIKENESS_WEIGHT * near[place]
        scores[bool(row["expect_call"])].append(score)
    return Gate("does the function fit", model.card.name, _sorted(scores[True]), _sorted(scores[False]))


#: Share of believed answers that must be right, and the fewest on which that may rest.
TRUSTED, FEWEST = 0.8, 10


@dataclass(frozen=True, slots=True)
class Believing:
    """How sure a model is of what it knows by heart, calibrated. `before` takes exp(log-probability) for a probability.

    ECE and Brier score of `after` are of answers that the curve was not fitted on (five folds). `curve` is None where
    all answers were right or all wrong; `knows` is infinite where the model is never believed.
    """

    gate: Gate
    unended: int
    curve: Curve | None
    knows: float
    before: tuple[float, float]
    after: tuple[float, float]
    told_apart: float


def believing(model: str, answers: Sequence[Heart]) -> Believing:
    """The curve of a model's closed-book answers, and the log-probability from which on they are believed.

    That is where the curve says TRUSTED, if of at least FEWEST answers above it as many were right; else none is.
    """
    ended = [one for one in answers if one.logprob is not None]
    scores, labels = [one.logprob or 0.0 for one in ended], [one.right for one in ended]
    right = [score for score, label in zip(scores, labels) if label]
    gate = Gate(
        "does the model know it by heart",
        model,
        _sorted(right),
        _sorted([s for s, la in zip(scores, labels) if not la]),
    )
    raw = [math.exp(one) for one in scores]
    before = ece(raw, labels), brier(raw, labels)
    unended = len(answers) - len(ended)
    if not right or len(right) == len(labels):
        return Believing(gate, unended, None, math.inf, before, before, auc(scores, labels))
    curve = platt(scores, labels)
    apart = left_out([[one] for one in scores], labels)
    return Believing(
        gate,
        unended,
        curve,
        trusted(gate, curve),
        before,
        (ece(apart, labels), brier(apart, labels)),
        auc(scores, labels),
    )


def trusted(gate: Gate, curve: Curve) -> float:
    """The score at which the curve says TRUSTED, where at least FEWEST answers lie above and TRUSTED of them are right.

    Infinite where not: what no answer has shown is not believed, whatever the curve says beyond them.
    """
    at = curve.score_at(TRUSTED)
    good, bad = sum(one > at for one in gate.passing), sum(one > at for one in gate.failing)
    return at if good + bad >= FEWEST and good / (good + bad) >= TRUSTED else math.inf


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


def believing_as_markdown(found: Sequence[Believing]) -> str:
    """A row a model: how often it was right, calibration before and after, the curve, and when it is believed."""
    lines = [
        "| model | answers | right | without an end | AUC | ECE before → after | Brier before → after | P right at 0, -0.1, -0.3, -1 | believed above |",
        "| --- | --: | --: | --: | --: | --- | --- | --- | --- |",
    ]
    for one in found:
        n = len(one.gate.passing) + len(one.gate.failing)
        curve = ", ".join(f"{one.curve.p(at):.2f}" for at in (0, -0.1, -0.3, -1)) if one.curve else "–"
        knows = f"{one.knows:.2f}" if math.isfinite(one.knows) else "never"
        lines.append(
            f"| {one.gate.model} | {n} | {len(one.gate.passing)} | {one.unended} | {one.told_apart:.2f} "
            f"| {one.before[0]:.3f} → {one.after[0]:.3f} | {one.before[1]:.3f} → {one.after[1]:.3f} | {curve} | {knows} |"
        )
    return "\n".join(lines)


def yes_over_no(model: ChatModel, system: str, text: str) -> float:
    """log P(yes) - log P(no) as the reply to `text` under the system prompt of this name."""
    messages = [Message("system", render(system)), Message("user", text)]
    scores = model.labels(messages, ("yes", "no"), threading.Event())
    return scores["yes"] - scores["no"]


def _sorted(scores: Sequence[float]) -> tuple[float, ...]:
    return tuple(sorted(round(one, 3) for one in scores))


def _three(scores: Sequence[float]) -> str:
    return f"{scores[0]:.2f}, {scores[len(scores) // 2]:.2f}, {scores[-1]:.2f}" if scores else "–"
