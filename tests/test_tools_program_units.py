from __future__ import annotations

import pytest

from tools.program_units import missing_conversions


@pytest.mark.parametrize(
    ("question", "code", "factor"),
    [
        ("A film lasts 2 hours and a break 3 hours. How many minutes is that?", "ans = 2 + 3", "60"),
        ("A snail moves 4 meters a day. How many centimeters does it move?", "ans = 4", "100"),
        ("He works 3 days. How many hours is that?", "ans = 3 * 60", "24"),
        ("A bag holds 500 grams. How many kilograms are 8 bags?", "ans = 500 * 8", "1/1000"),
    ],
)
def test_a_missing_conversion_is_said(question: str, code: str, factor: str) -> None:
    (finding,) = missing_conversions(question, code)
    assert finding.endswith(f"no factor {factor}.")


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("A film lasts 2 hours. How many minutes is that?", "ans = 2 * 60"),
        ("A film lasts 2 hours. How many minutes is that?", "ans = 120"),
        ("He works 3 days. How many seconds is it?", "ans = 3 * 24 * 60 * 60"),
        ("A bag holds 500 grams. How many kilograms are 8 bags?", "ans = 500 * 8 / 1000"),
        ("A run takes 30 minutes and a walk 2 hours. How many minutes is that?", "ans = 30 + 2 * 60"),
        ("It lasts 2 hours. How many minutes and how many miles is it at 3 miles?", "ans = 3"),
        ("How many pens are left of 5?", "ans = 5"),
        ("", ""),
    ],
)
def test_a_program_that_converts_or_need_not_is_left_alone(question: str, code: str) -> None:
    assert missing_conversions(question, code) == ()
