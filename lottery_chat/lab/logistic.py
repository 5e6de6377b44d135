"""Logistic regression by Newton's steps, and how well probabilities are calibrated: ECE, Brier score, AUC.

Small on purpose: a handful of weights over a few hundred questions. With one feature it is Platt's scaling.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lottery_chat.planner.calibration import Curve, sigmoid

#: Newton's steps; a problem of this size settles in fewer than ten.
_STEPS = 50
#: Equal bins of the probability, for the ECE.
BINS = 10
#: Parts that are left out in turn.
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of the features in their order, and the intercept."""

    weights: tuple[float, ...]
    intercept: float

    def p(self, features: Sequence[float]) -> float:
        """The probability of features, 0 to 1."""
        return sigmoid(sum(w * x for w, x in zip(self.weights, features)) + self.intercept)


def fit(
    rows: Sequence[Sequence[float]], labels: Sequence[bool], *, ridge: float = 1e-6, balanced: bool = False
) -> Fitted:
    """Fit by Newton's steps to Platt's targets, (n+ + 1) / (n+ + 2) and 1 / (n- + 2), which keep few rows from certainty.

    Args:
        rows: features, shape (n, k), n > 0.
        ridge: weight of the squared weights (not of the intercept).
        balanced: both labels weigh the same in all, where their shares in the rows say nothing about those in use.

    Raises:
        ValueError: there are no rows, or all have one label.
    """
    yes, no = sum(labels), len(labels) - sum(labels)
    if not yes or not no:
        raise ValueError(f"{len(labels)} rows of which {yes} are right: a curve needs both kinds")
    x = np.column_stack([np.asarray(rows, dtype=float), np.ones(len(labels))])
    target = np.where(labels, (yes + 1) / (yes + 2), 1 / (no + 2))
    weight = np.asarray(_weights(labels, balanced))
    penalty = np.diag([ridge] * (x.shape[1] - 1) + [1e-9])
    w = np.zeros(x.shape[1])
    loss = _loss(x, target, weight, penalty, w)
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -35, 35)))
        gradient = x.T @ (weight * (p - target)) + penalty @ w
        hessian = (x * (weight * np.maximum(p * (1 - p), 1e-9))[:, None]).T @ x + penalty
        step = np.linalg.solve(hessian, gradient)
        # A whole step may overshoot where the classes lie apart: it is halved until the loss falls.
        size = 1.0
        while (new := _loss(x, target, weight, penalty, w - size * step)) > loss and size > 1e-6:
            size /= 2
        w, before, loss = w - size * step, loss, min(new, loss)
        if before - loss < 1e-10:
            break
    return Fitted(tuple(float(one) for one in w[:-1]), float(w[-1]))


def _loss(x: np.ndarray, target: np.ndarray, weight: np.ndarray, penalty: np.ndarray, w: np.ndarray) -> float:
    z = np.clip(x @ w, -35, 35)
    return float(np.sum(weight * (np.logaddexp(0, z) - target * z)) + 0.5 * w @ penalty @ w)


def platt(scores: Sequence[float], labels: Sequence[bool], *, balanced: bool = False) -> Curve:
    """The curve of one score. Raises ValueError where all labels are the same."""
    found = fit([[one] for one in scores], labels, balanced=balanced)
    return Curve(found.weights[0], found.intercept)


def left_out(
    rows: Sequence[Sequence[float]], labels: Sequence[bool], *, ridge: float = 1e-6, balanced: bool = False
) -> tuple[float, ...]:
    """The probability of each row by a curve fitted on the other four fifths: every FOLDS-th row is left out together.

    Where four fifths have one label only, the probability is that label's share.
    """
    made = [0.0] * len(rows)
    for fold in range(FOLDS):
        kept = [at for at in range(len(rows)) if at % FOLDS != fold]
        some = [labels[at] for at in kept]
        asked: Callable[[Sequence[float]], float]
        if any(some) and not all(some):
            asked = fit([rows[at] for at in kept], some, ridge=ridge, balanced=balanced).p
        else:
            asked = _constant(sum(some) / len(some) if some else 0.5)
        for at in range(fold, len(rows), FOLDS):
            made[at] = asked(rows[at])
    return tuple(made)


def _constant(p: float) -> Callable[[Sequence[float]], float]:
    return lambda features: p


def ece(probabilities: Sequence[float], labels: Sequence[bool], *, balanced: bool = False) -> float:
    """Expected calibration error: mean over BINS equal bins of |share right - mean probability|, weighted by the bin.

    `balanced` as in `fit`: a curve that was fitted so is measured so.
    """
    weights = _weights(labels, balanced)
    bins: dict[int, float] = {}
    for p, label, weight in zip(probabilities, labels, weights):
        at = min(BINS - 1, max(0, int(p * BINS)))
        bins[at] = bins.get(at, 0.0) + weight * (p - label)
    return sum(abs(one) for one in bins.values()) / sum(weights) if weights else math.nan


def brier(probabilities: Sequence[float], labels: Sequence[bool], *, balanced: bool = False) -> float:
    """Mean squared distance of probability and outcome, 0 to 1; `balanced` as in `fit`."""
    weights = _weights(labels, balanced)
    far = sum(weight * (p - label) ** 2 for p, label, weight in zip(probabilities, labels, weights))
    return far / sum(weights) if weights else math.nan


def _weights(labels: Sequence[bool], balanced: bool) -> list[float]:
    """One a row; `balanced`: both labels weigh the same in all."""
    yes, no = sum(labels), len(labels) - sum(labels)
    if not balanced or not yes or not no:
        return [1.0] * len(labels)
    return [len(labels) / (2 * yes) if one else len(labels) / (2 * no) for one in labels]


def auc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """How often a right one has the higher score than a wrong one (ties half); 0.5 tells nothing apart."""
    right = [score for score, label in zip(scores, labels) if label]
    wrong = [score for score, label in zip(scores, labels) if not label]
    if not right or not wrong:
        return math.nan
    won = sum((one > two) + 0.5 * (one == two) for one in right for two in wrong)
    return won / (len(right) * len(wrong))
