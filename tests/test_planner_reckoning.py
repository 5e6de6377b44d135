"""What stands before an open "=" in reasoning is a sum that code can say the value of; the last number is found."""

from __future__ import annotations

import pytest

from lottery_chat.adapters import PlannerCompute
from lottery_chat.planner.reckoning import open_sum, stated_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("So he has 12 + 30 =", "42"),
        ("\\[ 4 \\text{ weeks} \\times 6 \\text{ days/week} =", "24"),
        ("That is 24 days * 50 dollars per day =", "1200"),
        ("Cost = 3 \\times 2 - 1 = 6 - 1 =", "5"),
        ("She pays 20% × 50 =", "10"),
        ("The total is $1,250 + $2,750 =", "4000"),
        ("\\frac{2}{3} \\times 24 =", "16"),
        ("(3 + 4) * 2 =", "14"),
        ("one share is 10 / 4 =", "2.5"),
        ("1. 5 hamburgers × $4 per hamburger =", "20"),
        ("\\text{Rest} = 100 - 37.5 =", "62.5"),
    ],
)
def test_an_open_sum_is_read_and_calculated(text: str, value: str) -> None:
    expression = open_sum(text)
    assert expression is not None and PlannerCompute().value_of(expression) == value


@pytest.mark.parametrize(
    "text",
    ["x =", "The price =", "x * 2 + 5 =", "V_{box} \\times 3 + 1 =", "2 + 3 = 5", "a = 5", "3 \\times V =", "n = 7 =",
     "(2 + 3 =", "", "=", "5 apples ="],
)  # fmt: skip
def test_what_is_no_whole_sum_is_left_to_the_model(text: str) -> None:
    assert open_sum(text) is None


def test_a_division_by_zero_has_no_value() -> None:
    assert PlannerCompute().value_of("5 / 0") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("So she has \\(\\boxed{38}\\) left.", "38"),
        ("First 3 + 4 = 7.\nThe answer is 14 apples.", "14"),
        ("Answer: $1,250", "1250"),
        ("2 + 2 = 4. Then 4 * 3 = 12.", "12"),
        ("There are 12 eggs.\n\nSo they fill 2 boxes of 6 with 0 left over", "0"),
        ("The total is 36 = 3 dozen eggs", "3"),
        ("1. We count 9 birds.", "9"),
        ("Nothing to say.", None),
        ("", None),
    ],
)
def test_the_number_reasoning_ends_on_is_found(text: str, number: str | None) -> None:
    assert stated_number(text) == number
