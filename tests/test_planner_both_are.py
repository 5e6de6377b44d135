"""“Are A and B both …?” is asked of each; one no decides, a nationality is compared by code."""

from __future__ import annotations

import pytest

from lottery_chat.planner.sortable import compare
from lottery_chat.planner.splitting import schedule_for
from lottery_chat.planner.values import Comparison


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Are the blue depot and the red depot both open on Sundays?", ["Is the blue depot open on Sundays?", "Is the red depot open on Sundays?"]),
        ("Were Norby Lines and Tarn & Sons both shipping companies from Velm?", ["Was Norby Lines a shipping company from Velm?", "Was Tarn & Sons a shipping company from Velm?"]),
        ("Did Ida Holm and Per Lund both write more than ten books?", ["Did Ida Holm write more than ten books?", "Did Per Lund write more than ten books?"]),
        ("Did Ida Holm and Per Berg both study law?", ["Did Ida Holm study law?", "Did Per Berg study law?"]),
        ("Are Ida Holm and Per Berg both Danish?", ["What is the nationality of Ida Holm?", "What is the nationality of Per Berg?"]),
    ],
)  # fmt: skip
def test_the_same_is_asked_of_each(question: str, parts: list[str]) -> None:
    schedule = schedule_for(question)
    assert schedule is not None
    assert [one.question for one in schedule.parts] == parts
    assert schedule.compare is not None
    assert schedule.compare.want == "both"


@pytest.mark.parametrize(
    "question",
    [
        "Are both of them red?",
        "Are Ida Holm and Per Berg, both from Tarn, painters?",
        "Are red and blue both colours?",
        "Is Ida Holm who runs Norby and Tarn both tired?",
        "Are Ida Holm and Per Berg from the same town?",
    ],
)
def test_what_is_no_such_question(question: str) -> None:
    schedule = schedule_for(question)
    assert schedule is None or schedule.compare is None or schedule.compare.want != "both"


@pytest.mark.parametrize(
    ("answers", "word", "answer"),
    [
        (["Yes", "Yes."], "open on Sundays", "Yes"),
        (["Yes", "No"], "open on Sundays", "No"),
        (["", "No"], "open on Sundays", "No"),
        (["Danish", "a Danish painter"], "Danish", "Yes"),
        (["Danish", "Swedish"], "Danish", "No"),
        (["Yes", ""], "open on Sundays", None),
        (["Danish", "a painter"], "Danish", None),
    ],
)
def test_one_no_decides_and_silence_decides_nothing(answers: list[str], word: str, answer: str | None) -> None:
    outcome = compare(answers, Comparison(("A", "B"), "both", word))
    assert (outcome.answer if outcome else None) == answer
