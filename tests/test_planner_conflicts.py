"""Contradicting passages: different values for the same asked fact, and nothing else."""

from __future__ import annotations

import pytest

from knowledge.passage import Sentence
from lottery_chat.planner.conflicts import conflicts


def _sentences(*texts: str) -> list[Sentence]:
    return [
        Sentence(text, f"p{n}", f"d{n}", f"{n}.md", None, 0, len(text), 1.0 - n / 10) for n, text in enumerate(texts)
    ]


CONTRADICTING = [
    ("When does the ferry to Lunga leave?", "The ferry to Lunga leaves at 06:40.", "The ferry to Lunga leaves at 07:15."),
    ("How many beds does the Quellhof hut have?", "The Quellhof hut has 24 beds.", "The Quellhof hut has 32 beds in all."),
    ("Who runs the mill?", "The mill is run by Anna Berg.", "Today the mill is run by Peter Stahl."),
    ("When was the bridge opened?", "The bridge was opened on 3 May 1901.", "The bridge was opened in 1911."),
]  # fmt: skip
AGREEING = [
    ("When was the bridge opened?", "The bridge was opened on 3 May 1901.", "The bridge was opened in May 1901."),
    ("When was the bridge opened?", "The bridge was opened on May 3, 1901.", "The bridge was opened on 3 May 1901."),
    ("How many people live in Orvo?", "Orvo has 1,240 people.", "Orvo has 1240 people."),
    ("Who runs the mill?", "The mill is run by Anna Berg.", "The mill is run by Berg."),
    ("How many beds does the hut have?", "The Quellhof hut has 24 beds.", "The Steinalm hut has 32 beds."),
    ("When was the bridge opened?", "The bridge was opened in 1901.", "The station burnt down in 1911."),
    ("What does the mill make?", "The mill makes flour.", "The mill makes paper."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "one", "other"), CONTRADICTING)
def test_two_values_for_the_same_asked_fact_are_a_conflict(question: str, one: str, other: str) -> None:
    assert len(conflicts(question, _sentences(one, other))) == 1


@pytest.mark.parametrize(("question", "one", "other"), AGREEING)
def test_what_may_be_the_same_or_is_about_another_thing_is_no_conflict(question: str, one: str, other: str) -> None:
    assert conflicts(question, _sentences(one, other)) == ()


def test_the_newer_document_comes_second_with_its_date() -> None:
    question, newer, older = CONTRADICTING[0]
    (found,) = conflicts(question, _sentences(newer, older), {"d0": "2026-05-01", "d1": "2021-03-09"})
    assert found.values == ("07:15", "06:40")
    assert found.dates == ("2021-03-09", "2026-05-01")


def test_one_passage_does_not_contradict_itself() -> None:
    question, one, other = CONTRADICTING[0]
    first, second = _sentences(one, other)
    same = Sentence(other, first.passage_id, first.document_id, first.title, None, 50, 90, second.score)
    assert conflicts(question, [first, same]) == ()
