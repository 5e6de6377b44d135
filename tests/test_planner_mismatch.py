"""A sentence that says the opposite of what is asked answers nothing, and neither does one for a question with "not"."""

from __future__ import annotations

import pytest

from lottery_chat.planner.mismatch import mismatch
from lottery_chat.planner.on_subject import unmentioned


@pytest.mark.parametrize(
    ("question", "sentence", "why"),
    [
        ("What is the lowest gate of the dam?", "The highest gate of the dam is the Ida gate.", "'lowest'"),
        ("Which lake lies in the south?", "Lake Holm lies in the north of the valley.", "'south'"),
        ("Which boats didn't the club sell?", "The club sold three boats to Per Lund.", "denies nothing"),
        ("Who was never chairman?", "Ida Holm was chairman from 1950 to 1960.", "denies nothing"),
    ],
)
def test_what_says_the_opposite_is_said_to(question: str, sentence: str, why: str) -> None:
    assert why in mismatch(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What is the highest gate of the dam?", "The highest gate of the dam is the Ida gate."),
        ("What is the highest gate?", "The highest gate is Ida, the lowest one is Per."),
        ("Is the first or the last boat red?", "The first boat is red."),
        ("Which boats didn't the club sell?", "The club refused to sell Anna and Berta."),
        ("Why don't the boats leave?", "The boats stay because of the ice."),
        ("Isn't the dam in Norby?", "The dam is in Norby."),
    ],
)
def test_what_may_answer_passes(question: str, sentence: str) -> None:
    assert mismatch(question, sentence) == ""


def texts(_: str) -> list[str]:
    return ["Norby Dam", "The council of Norby built the dam in 1912."]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("When was the dam of Norby built?", ""),
        ("When was the dam of Nordby built?", ""),  # a typing error
        ("Warehouses stand where?", ""),  # only written large because it begins the question
        ("When did Ida Holm see the dam?", "Ida Holm"),
        ("when was the dam built?", ""),
    ],
)
def test_a_name_that_is_nowhere_is_found_out(question: str, name: str) -> None:
    assert unmentioned(question, texts) == name
