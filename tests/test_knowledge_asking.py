"""What kind of answer is asked for, and where a text has it."""

from __future__ import annotations

import time

import pytest

from knowledge.asking import Kind, asked_for, dates, names, numbers


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did the ferry sink?", "date"),
        ("In which year was the mill built?", "date"),
        ("What is the date of the fair?", "date"),
        ("How many beds are there?", "number"),
        ("How long is the tunnel?", "number"),
        ("What is the price of a ticket?", "number"),
        ("Who built the mill?", "person"),
        ("The mill was built by whom?", "person"),
        ("Where does the river rise?", "place"),
        ("In what city is the fair held?", "place"),
        ("The ferry goes to which island?", "place"),
        ("What is the name of the ferry?", "name"),
        ("Why was the mill closed?", "phrase"),
        ("How does the dryer work?", "phrase"),
        ("What does the mill make?", "phrase"),
        ("the ferry that sank", "phrase"),
        ("", "phrase"),
    ],
)
def test_the_question_word_and_its_noun_say_the_kind(question: str, kind: Kind) -> None:
    assert asked_for(question) == kind


def test_a_relative_pronoun_is_no_question_word_where_another_asks() -> None:
    assert asked_for("What is the height of the man who built the mill?") == "number"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It opened on 4 June 1987.", ["4 June 1987"]),
        ("It opened on June 4, 1987, at 06:40.", ["June 4, 1987", "06:40"]),
        ("Built between 1881 and 1885.", ["between 1881 and 1885"]),
        ("It has 24 beds.", []),
        ("It may rain.", []),
    ],
)
def test_dates_are_found_whole(text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in dates(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It cost $1,200.50 and has twenty-four beds.", ["$1,200.50", "twenty-four"]),
        ("Nearly 3.5 million people.", ["3.5 million"]),
        ("No number here.", []),
    ],
)
def test_numbers_are_found_in_digits_and_words(text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in numbers(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The mill was built by Anna Berg in Lunga.", ["Anna Berg", "Lunga"]),
        ("He studied at the University of Lunga.", ["University of Lunga"]),
        ("They read “the old mill” in Orvo.", ["the old mill", "Orvo"]),
        ("Anna Berg's mill.", ["Anna Berg"]),
        ("Today the rain stops.", []),
    ],
)
def test_names_are_runs_of_capitals_without_the_word_that_begins_a_sentence(text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in names(text)] == found


@pytest.mark.parametrize("text", ["A" * 50_000, "A a " * 20_000, "1," * 30_000, "“" * 30_000, "of the " * 15_000])
def test_a_hostile_text_gives_spans_within_it_in_no_long_time(text: str) -> None:
    began = time.process_time()
    for find in (dates, numbers, names):
        assert all(0 <= one.start < one.end <= len(text) for one in find(text))
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is returned no later than six months after the flat is handed back.", ["no later than six months after the flat is handed back"]),
        ("You may return 24 hours after the first dose, if you are well.", ["24 hours after the first dose"]),
        ("Within 14 working days of delivery it can be sent back by 3 May.", ["Within 14 working days of delivery it can be sent back by 3 May"]),
        ("It lasted six months.", []),
    ],
)  # fmt: skip
def test_a_time_told_from_another_is_one_to_the_end_of_its_clause(text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in dates(text)] == found
