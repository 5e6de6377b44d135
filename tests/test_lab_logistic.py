"""Logistic regression and calibration measures against what is worked out by hand, with controls that must fail."""

from __future__ import annotations

import math
import random

import pytest

from lottery_chat.lab.logistic import auc, brier, ece, fit, left_out, platt
from lottery_chat.planner.calibration import Curve, sigmoid


def drawn(curve: Curve, count: int, seed: int = 1) -> tuple[list[float], list[bool]]:
    """Scores between -3 and 3 with outcomes drawn from a curve."""
    dice = random.Random(seed)
    scores = [dice.uniform(-3, 3) for _ in range(count)]
    return scores, [dice.random() < curve.p(one) for one in scores]


def test_the_curve_that_made_the_outcomes_is_found_again() -> None:
    found = platt(*drawn(Curve(2.0, -1.0), 4000))
    assert found.slope == pytest.approx(2.0, abs=0.2) and found.intercept == pytest.approx(-1.0, abs=0.2)


def test_two_classes_that_lie_apart_give_finite_weights_and_a_threshold_between_them() -> None:
    curve = platt([0.1, 0.2, 0.3, 0.7, 0.8, 0.9], [False, False, False, True, True, True])
    assert math.isfinite(curve.slope) and 0.3 < curve.score_at(0.5) < 0.7


def test_balanced_labels_weigh_the_same_in_all() -> None:
    scores, labels = [0.0] * 90 + [1.0] * 10, [False] * 90 + [True] * 10
    scores[0], labels[90] = 1.0, False
    at = platt(scores, labels, balanced=True).score_at(0.5), platt(scores, labels).score_at(0.5)
    assert at[0] < at[1]  # nine times as many wrong ones pull the plain curve towards "wrong"


def test_one_label_alone_gives_no_curve() -> None:
    with pytest.raises(ValueError, match="needs both kinds"):
        fit([[1.0], [2.0]], [True, True])


def test_several_features_each_get_their_weight() -> None:
    dice = random.Random(3)
    rows = [[dice.uniform(-2, 2), dice.uniform(-2, 2)] for _ in range(4000)]
    labels = [dice.random() < sigmoid(3 * one[0] - 1) for one in rows]
    found = fit(rows, labels)
    assert found.weights[0] == pytest.approx(3, abs=0.4) and abs(found.weights[1]) < 0.15


def test_a_row_does_not_vote_on_its_own_probability() -> None:
    dice = random.Random(5)
    labels = [dice.random() < 0.5 for _ in range(200)]
    noise = [[dice.random()] for _ in labels]
    apart = left_out(noise, labels)
    assert abs(auc(apart, labels) - 0.5) < 0.15
    told = left_out([[float(one)] for one in labels], labels)  # control: a feature that is the answer
    assert auc(told, labels) == 1.0


def test_measures_are_as_worked_out_by_hand() -> None:
    p, labels = [0.95, 0.85, 0.15, 0.05], [True, False, False, False]
    # bins: .95 right (gap .05), .85 wrong (.85), .15 wrong (.15), .05 wrong (.05)
    assert ece(p, labels) == pytest.approx((0.05 + 0.85 + 0.15 + 0.05) / 4)
    assert brier(p, labels) == pytest.approx((0.05**2 + 0.85**2 + 0.15**2 + 0.05**2) / 4)
    assert auc([3, 2, 2, 1], [True, True, False, False]) == pytest.approx(3.5 / 4)
    assert math.isnan(auc([1.0], [True]))


def test_a_curve_made_calibrated_has_a_small_ece_and_an_overconfident_one_a_large() -> None:
    scores, labels = drawn(Curve(1.0, 0.0), 3000)
    assert ece([Curve(1.0, 0.0).p(one) for one in scores], labels) < 0.03
    assert ece([Curve(9.0, 0.0).p(one) for one in scores], labels) > 0.1


def test_the_score_at_a_probability_is_the_curves_inverse() -> None:
    curve = Curve(8.0, -4.0)
    assert curve.p(curve.score_at(0.9)) == pytest.approx(0.9)
    assert math.isinf(Curve(-1.0, 0.0).score_at(0.9)) and math.isinf(Curve(0.0, 5.0).score_at(0.9))
    assert sigmoid(1e6) == 1.0 and sigmoid(-1e6) == 0.0
