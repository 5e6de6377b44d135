"""From a score to a probability: Platt's logistic of one number, as `lottery-chat lab gates` fits it.

Source: J. Platt, "Probabilistic Outputs for Support Vector Machines" (1999). A cosine or a log-probability orders
answers; only a curve that was fitted on answered questions says how often such a one is right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Curve:
    """P(score) = 1 / (1 + exp(-(slope * score + intercept))); `slope` is per unit of the score."""

    slope: float
    intercept: float

    def p(self, score: float) -> float:
        """The probability, 0 to 1; scores without bound give 0 and 1."""
        return sigmoid(self.slope * score + self.intercept)

    def score_at(self, p: float) -> float:
        """The score from which on the probability is at least `p` (0 < p < 1); infinite where it never rises to it."""
        if self.slope <= 0:
            return math.inf
        return (math.log(p / (1 - p)) - self.intercept) / self.slope


def sigmoid(z: float) -> float:
    """1 / (1 + exp(-z)) that neither overflows nor underflows to an error."""
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0
