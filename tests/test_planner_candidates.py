"""Candidate answers: spans of the evidence of the asked kind come first."""

from __future__ import annotations

import pytest

from knowledge.passage import Sentence
from lottery_chat.planner.candidates import MOST, candidates


def _sentence(text: str, score: float = 0.8) -> Sentence:
    return Sentence(text, "p", "d", "notes.md", None, 0, len(text), score)


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("When did the Quellhof open?", "The Quellhof in Lunga opened on 4 June 1987 with 24 beds.", "4 June 1987"),
        ("How many beds does the Quellhof have?", "The Quellhof opened on 4 June 1987 with 24 beds.", "24"),
        ("Who built the Quellhof?", "The Quellhof in Lunga was built by Anna Berg in 1987.", "Anna Berg"),
        ("Where was Anna Berg born?", "Anna Berg, a Swiss architect, was born in Lunga in 1951.", "Lunga"),
        ("What is Anna Berg's profession?", "Anna Berg (4 June 1951 – 2 May 2010) was a Swiss architect.", "Swiss architect"),
        ("What does the dryer run on?", "In Lunga the dryer of 1987 runs on wood chips.", "wood chips"),
        ("When was the mill at work?", "The mill of Lunga worked between 1881 and 1885.", "between 1881 and 1885"),
    ],
)  # fmt: skip
def test_the_span_of_the_asked_kind_comes_first(question: str, text: str, answer: str) -> None:
    assert candidates(question, [_sentence(text)])[0].text == answer


def test_what_the_question_says_itself_is_no_candidate() -> None:
    texts = [one.text for one in candidates("Who built the Quellhof?", [_sentence("Anna Berg built the Quellhof.")])]
    assert "Anna Berg" in texts
    assert "Quellhof" not in texts


def test_each_text_is_one_candidate_from_its_best_sentence() -> None:
    near, far = _sentence("The Quellhof was built by Anna Berg.", 0.9), _sentence("Anna Berg lived in Lunga.", 0.2)
    found = [one for one in candidates("Who built the Quellhof?", [far, near]) if one.text == "Anna Berg"]
    assert [one.sentence for one in found] == [near]


def test_a_long_text_gives_no_more_than_the_most() -> None:
    text = " ".join(f"Name{chr(65 + n % 26)}{n} met," for n in range(200))
    assert len(candidates("Who was there?", [_sentence(text)])) == MOST


def test_no_sentence_gives_no_candidate() -> None:
    assert candidates("Who was there?", []) == ()
