"""Matching puzzles in words of our own: read whole and solved exactly, or left to others."""

from __future__ import annotations

import pytest

from lottery_chat.children import run_limited
from tools.logic.matching_reading import read_matching
from tools.logic.message import split
from tools.logic.recognising import looks_like_logic
from tools.logic.tool import solve

PETS = "Ida, Ole and Pia each own one pet: a newt, a mule and a crow. "
THREE = (
    "Three friends, Ida, Ole and Pia, each have a different pet (newt, mule, crow) and a different favourite colour "
    "(red, green, blue). "
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (PETS + "Ida does not own the newt. Ole owns the mule. Who owns the crow?", "Ida"),
        (PETS + "Neither Ida nor Ole owns the newt. Ole doesn't own the crow. What does Ole own?", "mule"),
        (PETS + "Either Ida or Ole owns the crow. Pia does not own the mule. Does Pia own the newt?", "True"),
        (PETS + "The crow belongs to Pia. Ida does not own the mule. Does Ole own the newt?", "False"),
        (PETS + "Ida and Pia do not own the mule. The crow is not owned by Pia. Which pet does Ida have?", "crow"),
        (PETS + "Ole owns neither the newt nor the crow. Ida owns the crow. Who owns what?", "Ida, crow; Ole, mule; Pia, newt"),
        (THREE + "Ida has the mule. The owner of the newt likes red. Pia does not like red. Ida does not like blue. What colour does Pia like?", "blue"),
        (THREE + "Ida has the mule and likes green. Ole does not have the newt. Pia likes red. Who has the crow?", "Ole"),
    ],
)  # fmt: skip
def test_a_puzzle_that_was_read_whole_is_solved(text: str, answer: str) -> None:
    assert looks_like_logic(text)
    result = solve(text, run_limited=run_limited)
    assert (result.kind, result.answer, result.all_read) == ("arrangement", answer, True)


def test_the_proof_names_only_the_sentences_it_needs() -> None:
    result = solve(PETS + "Ole owns the mule. Ida does not own the newt. Who owns the mule?", run_limited=run_limited)
    assert result.premises_used == (PETS.strip(), "Ole owns the mule.")


def test_several_matchings_are_unknown_and_none_is_a_contradiction() -> None:
    several = solve(PETS + "Ole owns the mule. Who owns the crow?", run_limited=run_limited)
    assert (several.verdict, several.answer) == ("unknown", "Unknown")
    none = solve(PETS + "Ole owns the mule. Ole owns the crow. Who owns the newt?", run_limited=run_limited)
    assert (none.verdict, none.answer) == ("contradiction", "")


@pytest.mark.parametrize(
    "clue",
    [
        "Ida is allergic to the newt.",
        "Ida lives next to the owner of the mule.",
        "If Ole owns the mule, Ida owns the newt.",
        "Ole, not Ida, owns the mule.",
        "Not Ida but Ole owns the mule.",
        "Ida does not own the newt and owns the mule.",
        "Only Ida can own the newt.",
        "Ida owns the newt and Ole the mule.",
        "Ida owns 2 newts.",
        "Ida likes the newt.",
    ],
)
def test_a_clue_with_a_word_that_may_mean_more_leaves_the_puzzle_unread(clue: str) -> None:
    assert read_matching(split(f"{PETS}{clue} Ole owns the mule. Who owns the crow?")) is None


@pytest.mark.parametrize(
    "text",
    [
        "There are three boxes: red, green and blue. Tom likes the red box. Ann and Bea like the blue one. Who likes green?",
        "Ida, Ole and Pia own pets: a newt, a mule and a crow. Ole has the mule. Who owns the crow?",
        "Ida, Ole and Pia each own one pet: a newt or a mule. Ole owns the mule. Who owns the newt?",
    ],
)
def test_without_one_for_each_there_is_no_matching(text: str) -> None:
    assert read_matching(split(text)) is None
