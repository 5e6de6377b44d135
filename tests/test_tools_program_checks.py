from __future__ import annotations

from fractions import Fraction

import pytest

from tools.program_checks import constants, implausible, invented_numbers, question_numbers, unused_numbers

QUESTION = (
    "A shop sells 24 boxes of twelve pens at $3.50 each and gives 20% off. It keeps half. How many boxes are left?"
)


def test_numbers_of_a_question_are_read_in_figures_and_words() -> None:
    assert question_numbers(QUESTION) == {Fraction(one) for one in ("24", "12", "3.5", "20", "1/2")}
    assert Fraction(1250000) in question_numbers("It cost 1,250,000 euros.")


def test_the_pronoun_one_is_not_a_number() -> None:
    assert question_numbers("Each one of them has three") == {Fraction(3)}


def test_a_number_left_unused_is_named() -> None:
    code = "def solution():\n    boxes = 24\n    return boxes * 12 * 0.8 / 2  # not 3.5"
    assert unused_numbers(QUESTION, code) == {Fraction(7, 2)}
    assert unused_numbers(QUESTION, code + "\nprice = 3.50") == frozenset()


def test_percentages_count_in_every_form() -> None:
    for form in ("0.2", "20 / 100", "0.8", "1.2", "20"):
        assert Fraction(20) not in unused_numbers("20% off", f"x = {form}")


def test_an_invented_number_is_named_and_units_are_not() -> None:
    assert invented_numbers("A train goes 5 hours at 80 km/h.", "x = 5 * 80 + 17 * 60") == {Fraction(17)}


def test_constants_of_broken_code_are_read_as_far_as_it_goes() -> None:
    assert Fraction(5) in constants("x = 5\ny = (")
    assert constants("x = '7'  # 9") == frozenset()
    assert constants("(" * 50_000) == frozenset()


@pytest.mark.parametrize(
    ("question", "value", "said"),
    [
        ("How many apples are left?", -3, "negative"),
        ("How many people came?", 2.5, "not a whole number, and the question counts people"),
        ("How many more red marbles does she have?", 1.25, "not a whole number"),
        ("How much money is left?", -1.0, "negative"),
        ("What is the probability of rain?", 1.4, "not between 0 and 1"),
        ("How many cars are there?", "red", "gave none"),
    ],
)
def test_an_implausible_answer_is_said(question: str, value: object, said: str) -> None:
    assert said in " ".join(implausible(question, value))


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("How many apples are left?", 3),
        ("How many hours does it take?", 2.5),
        ("How many apples does each child get on average?", 2.5),
        ("How many dollars does she have?", 1.25),
        ("By how many degrees did the temperature change?", -4),
        ("What colour is it?", "red"),
        ("Is it true?", True),
    ],
)
def test_a_plausible_answer_is_left_alone(question: str, value: object) -> None:
    assert implausible(question, value) == ()
