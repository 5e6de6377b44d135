"""Which names a question itself offers as its answers, and what is no such question."""

from __future__ import annotations

import pytest

from lottery_chat.planner.offered_names import offered_names


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which is the drier soil, the loam or the sand?", ("the loam", "the sand")),
        ("Who paid for the roof, the tenant, or the landlord?", ("the tenant", "the landlord")),
        ("Which of the two insurers pays for hail: Nordia or Velmar?", ("Nordia", "Velmar")),
        ("Does Anna Berg or Per Holm run the depot?", ("Anna Berg", "Per Holm")),
        ("Is Norby or Tarn, Ostland a market town?", ("Norby", "Tarn, Ostland")),
        ("Which colour has the new tram, red, blue or green?", ("red", "blue", "green")),
        ("Which firm, founded in 1911, owns more ships, Norby Lines or Tarn & Sons?", ("Norby Lines", "Tarn & Sons")),
    ],
)
def test_names_that_a_question_offers(question: str, names: tuple[str, ...]) -> None:
    assert offered_names(question) == names


@pytest.mark.parametrize(
    "question",
    [
        "Is it open or closed?",
        "Who wrote the report or paid for it?",
        "What is the fee, and who pays it or waives it?",
        "In what year, 1911 or 1912, was it closed?",
        "Are there one or two doors?",
        "When does the depot open, if it opens or closes on Sundays?",
        "Is Norby or Norby a town?",
        "Where is the blue depot?",
    ],
)
def test_what_offers_no_names(question: str) -> None:
    assert offered_names(question) == ()
