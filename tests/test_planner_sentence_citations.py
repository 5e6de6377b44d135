"""Each sentence of an explanation gets the number of the quoted sentence it stands on, or is said to stand on none."""

from __future__ import annotations

import pytest

from knowledge.passage import Sentence
from lottery_chat.planner.sentence_citations import cite_each

TEXTS = (
    "The blue depot opens at 06:40 and closes at 19:00.",
    "Deliveries before the opening hour are left with the night guard.",
    "It costs 12 euros a pallet.",
)
EVIDENCE = tuple(
    Sentence(text, f"p{at}", "d", "depots.md", None, at, at + 1, 0.9 - at / 10) for at, text in enumerate(TEXTS)
)


def _heading(sentence: Sentence) -> str:
    return "Storage fees" if sentence.passage_id == "p2" else ""


def test_each_sentence_is_numbered_by_what_it_stands_on() -> None:
    found = cite_each("Deliveries before opening are left with the guard at night. The blue depot opens at 06:40.", EVIDENCE, _heading)  # fmt: skip
    assert (
        found.text
        == "Deliveries before opening are left with the guard at night. [1] The blue depot opens at 06:40. [2]"
    )
    assert [one.text for one in found.quotes] == [TEXTS[1], TEXTS[0]]
    assert (found.unsupported, found.count) == ((), 2)


@pytest.mark.parametrize(
    "said",
    [
        "The blue depot opens at 07:15.",
        "The depot was founded by two brothers from Tarn.",
        "The blue depot opens at 06:40 and has 30 gates.",
    ],
)
def test_a_number_or_words_that_stand_nowhere_are_said(said: str) -> None:
    found = cite_each(f"{said} Storage costs 12 euros a pallet.", EVIDENCE, _heading)
    assert found.unsupported == (said,)
    assert found.text == f"{said} Storage costs 12 euros a pallet. [1]"


def test_the_heading_of_a_passage_counts_as_the_words_of_its_sentences() -> None:
    assert cite_each("The storage fees are 12 euros a month.", EVIDENCE, _heading).quotes == (EVIDENCE[2],)
    assert cite_each("The storage fees are 12 euros a month.", EVIDENCE, lambda sentence: "").quotes == ()


def test_lists_keep_their_lines_and_short_words_are_not_counted() -> None:
    found = cite_each("Yes.\n- It opens at 06:40, the blue depot.\n- It costs 12 euros a pallet.", EVIDENCE, _heading)
    assert found.text == "Yes.\n- It opens at 06:40, the blue depot. [1]\n- It costs 12 euros a pallet. [2]"
    assert found.count == 2


def test_nothing_said_and_nothing_found() -> None:
    assert cite_each("", EVIDENCE, _heading).text == ""
    assert cite_each("The blue depot opens at 06:40.", (), _heading).unsupported == ("The blue depot opens at 06:40.",)
