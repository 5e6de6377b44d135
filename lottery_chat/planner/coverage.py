"""Do the documents cover a question at all: the best passage's cosine as a probability, by the embedder's own curve.

Adaptive retrieval (issue 6, paper.md 3.2). The curves are fitted by `lottery-chat lab gates` on the lab's own
documents and on triviaqa against documents that do not answer it; docs/measurements.md has the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lottery_chat.planner.calibration import Curve

Covers = Literal["not", "perhaps", "clearly"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a cosine of question and best passage says.

    Args:
        curve: cosine to the probability that the documents say it.
        looks: cosine below which they are not read where nobody asked for documents.
        clear: cosine from which on the model is not asked what it knows by heart.
    """

    curve: Curve
    looks: float
    clear: float

    def of(self, best: float, named: bool) -> Covers:
        """How far documents with this best cosine cover a question.

        Args:
            named: a passage is headed by a name of the question: how near the wording is then says little.
        """
        if best >= self.clear:
            return "clearly"
        return "perhaps" if named or best >= self.looks else "not"

    def p(self, best: float) -> float:
        """The probability that the documents say it, 0 to 1."""
        return self.curve.p(best)


#: By the beginning of the embedder's name (its folder). Of another embedder nothing is known: the first one's is taken.
MEASURED: Mapping[str, Coverage] = {
    "all-MiniLM-L6-v2": Coverage(Curve(13.185, -5.919), looks=0.344, clear=0.616),
}


def coverage_of(embedder: str, kept: Mapping[str, Coverage]) -> Coverage:
    """The coverage of an embedder by its name ("folder@mark of its weights"): what this home's lab kept, else ours."""
    folder = embedder.partition("@")[0]
    default = next(iter(MEASURED.values()))
    return kept.get(embedder) or MEASURED.get(folder) or default


def coverage_from(row: Mapping[str, Any]) -> Coverage:
    """A row of gates.json. Raises KeyError, TypeError or ValueError where it is none."""
    curve = Curve(float(row["slope"]), float(row["intercept"]))
    return Coverage(curve, float(row["looks"]), float(row["clear"]))


def as_row(one: Coverage) -> dict[str, float]:
    """A row of gates.json."""
    return {"slope": one.curve.slope, "intercept": one.curve.intercept, "looks": one.looks, "clear": one.clear}
