"""Comparisons as people say them are read as the orders they are."""

from __future__ import annotations

import pytest

from lottery_chat.children import run_limited
from tools.logic.ordering_said import said_plainly
from tools.logic.recognising import looks_like_logic
from tools.logic.tool import solve


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Ida has more shells than Ole. Ole has more shells than Pia. Who has the fewest shells?", "Pia"),
        ("Ida has won more games than Ole. Pia has won fewer games than Ole. Who has won the most games?", "Ida"),
        ("Ida earns less than Ole. Pia earns more than Ole. Who earns the least?", "Ida"),
        ("Ole is taller than Ida, who is taller than Pia. Is Pia taller than Ole?", "False"),
        ("Ida arrived before Ole but after Pia. Who arrived first?", "Pia"),
        ("The mill is left of the inn. The barn is right of the inn. Is the barn to the right of the mill?", "True"),
    ],
)
def test_spoken_comparisons_are_decided(text: str, answer: str) -> None:
    assert looks_like_logic(text)
    assert solve(text, run_limited=run_limited).answer == answer


@pytest.mark.parametrize(
    "text",
    [
        "Ida has more shells than Ole. Ole has more stones than Pia. Who has the fewest shells?",
        "Ida has more shells than Ole. Ole sold more shells than Pia. Who has the most shells?",
        "Ida weighs more than Ole. Ole is taller than Pia. Who weighs the least?",
    ],
)
def test_two_kinds_of_amounts_are_never_one_order(text: str) -> None:
    assert solve(text, run_limited=run_limited).answer in ("", "Unknown")


def test_a_sentence_without_such_a_form_comes_back_as_it_is() -> None:
    for sentence in ("Ida is taller than Ole.", "Who is it?", "The man, who came late, is old.", ""):
        assert said_plainly(sentence) == sentence
