"""What a small model wraps around the phrase it was to copy is taken off by code; what stands nowhere is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.passage import Sentence
from lottery_chat.planner.copied import said_in

TEXTS = (
    "Ida Holm (born 3 May 1901) was a Danish glassblower and teacher.",
    "The workshop in Nyborg made lamps, bowls and green bottles until 1952.",
)
SENTENCES = [Sentence(text, f"p{n}", "d", "notes.md", None, 0, len(text), 1.0 - n / 10) for n, text in enumerate(TEXTS)]


@pytest.mark.parametrize(
    ("question", "reply", "answer"),
    [
        ("What is Ida Holm's occupation?", "As a glassblower.", "glassblower"),
        (
            "What is Ida Holm's occupation?",
            "Ida Holm's occupation is a glassblower and teacher",
            "glassblower and teacher",
        ),
        (
            "What was made in the workshop?",
            "The workshop made lamps, bowls and green bottles",
            "lamps, bowls and green bottles",
        ),
        ("When was Ida Holm born?", "Born 3 May 1901", "3 May 1901"),
        ("Where was the workshop?", "It was in Nyborg", "Nyborg"),
        ("When did it end?", "in the year 1952", ""),  # half of it ("year") is nowhere: the retry decides
        ("What is Ida Holm's occupation?", "Swedish politician", ""),
        ("What is Ida Holm's occupation?", "Ida Holm", ""),
        ("What is Ida Holm's occupation?", "", ""),
    ],
)
def test_the_run_that_carries_what_is_new(question: str, reply: str, answer: str) -> None:
    found, sentence = said_in(reply, question, SENTENCES)
    assert found == answer and (sentence is None) == (not answer)


def test_with_no_least_share_any_new_word_is_enough() -> None:
    assert said_in("in the year 1952", "When did it end?", SENTENCES, least=0.0)[0] == "1952"


@pytest.mark.parametrize(
    ("reply", "answer"),
    [("6 weeks", "six weeks"), ("3 months to the end of a month.", "three months to the end of a month")],
)
def test_a_number_in_digits_is_found_where_the_text_writes_a_word(reply: str, answer: str) -> None:
    said = [
        replace(SENTENCES[0], text="Visitors may stay for six weeks. Notice is three months to the end of a month.")
    ]
    assert said_in(reply, "How long may a visitor stay?", said)[0] == answer
