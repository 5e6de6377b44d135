"""When two questions are the same: a false repetition is a wrong answer, so every doubt means different."""

from __future__ import annotations

import time

import pytest

from lottery_chat.memory.questions import key, marks, needs_a_conversation, needs_a_date


def same(first: str, second: str) -> bool:
    return key(first) == key(second) and marks(first) == marks(second)


SAME = [
    ("What is 2+2?", "what is 2+2"),
    ("  What\n is  2+2 ? ", "What is 2+2?"),
    ("Who is Anna's mother?", "who is Anna\u2019s mother"),
    ("Is Tom taller than Bob?", "is Tom taller than Bob."),
    ("What is 5 \u2212 3?", "What is 5 - 3?"),
    ("Wie groß ist die Zugspitze?", "wie groß ist die Zugspitze"),
    ("Cafe\u0301 opening hours in Rome", "Caf\u00e9 opening hours in Rome"),
]
DIFFERENT = [
    # numbers and their units
    ("What is 2+2?", "What is 2+3?"),
    ("What is 1.5 + 1?", "What is 15 + 1?"),
    ("What is 1,5 + 1?", "What is 15 + 1?"),
    ("What is 5\u00b2?", "What is 52?"),
    ("What is -5 + 3?", "What is 5 + 3?"),
    ("What is .5 * 2?", "What is 5 * 2?"),
    ("Convert 10 mW to W", "Convert 10 MW to W"),
    ("Convert 10 Mb to kB", "Convert 10 MB to kB"),
    ("Sort 1, 2, 3, ...", "Sort 1, 2, 3"),
    ("Add 3 to 4", "Add 4 to 3"),
    ("\u0663 + 4", "3 + 4"),
    # signs
    ("What is 5!", "What is 5?"),
    ("Is 3 < 5?", "Is 3 > 5?"),
    ("What is 6/2?", "What is 6*2?"),
    ("What is (1+2)*3?", "What is 1+2*3?"),
    ("100 % of 5", "100 of 5"),
    ("5 \u20ac in words", "5 $ in words"),
    # dates
    ("Days from 2024-03-01 to 2024-03-05?", "Days from 2024-01-03 to 2024-03-05?"),
    ("What day of the week was 1.2.2020?", "What day of the week was 2.1.2020?"),
    # names and case
    ("who is bill", "who is Bill"),
    ("US exports in 2020", "us exports in 2020"),
    ("Solve for x", "Solve for X"),
    ("Where is Springfield, IL?", "Where is Springfield, MA?"),
    ("How many R in 'strawbeRRy'?", "How many R in 'strawberry'?"),
    # negation and direction
    ("Can Sam swim?", "Can't Sam swim?"),
    ("Is Sam not happy?", "Is Sam happy?"),
    ("Is Tom taller than Bob?", "Is Bob taller than Tom?"),
    ("Which is more, A or B?", "Which is less, A or B?"),
    ("Which came first?", "Which came last?"),
    ("Is it at most 5?", "Is it at least 5?"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_spacing_case_of_the_first_word_and_the_last_mark_do_not_count(first: str, second: str) -> None:
    assert same(first, second)


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_whatever_may_change_the_answer_counts(first: str, second: str) -> None:
    assert not same(first, second)


def test_the_marks_see_what_the_key_alone_would_miss() -> None:
    """Negative control: without the second safeguard these would be taken for the same."""
    caught = [pair for pair in DIFFERENT if key(pair[0]) == key(pair[1])]
    assert len(caught) >= 6


DATED = [
    *("What is the weather in Rome?", "Who is the current president of France?", "What happened last week?"),
    *("What is the latest version of Python?", "How old is Angela Merkel?", "What time is it?", "What's today's date?"),
    *(
        "How many days until Christmas?",
        "Wer ist derzeit Kanzler?",
        "Wie ist das Wetter heute?",
        "Pick a random number.",
    ),
    *("Qui est le président actuel ?", "¿Quién es el presidente ahora?", "News about Rome", "Prices as of now"),
    *("Which films come out next month?", "What did she say ten minutes ago?", "Is the shop still open?"),
]
TIMELESS = [
    *("What is 2+2?", "When was the Eiffel Tower built?", "How many days from 2024-01-01 to 2024-03-01?"),
    *("What is the capital of France?", "What is 15 % of 80?", "Wie hoch ist die Zugspitze?"),
    "All cats are animals. Tom is a cat. Is Tom an animal?",
]
POINTING = [
    *("And the red one?", "What is its population?", "shorter", "Shorter, please", "in German", "Translate that"),
    *("What about 5 kg?", "Who wrote this?", "What does he do?", "the same for 7", "Why?", "Do it again", "And 7?"),
    *("Und die rote?", "Was ist das?", "So how many?", "What did you say first?"),
]
STANDING_ALONE = [
    *("What is the capital of France?", "Can you compute 2+2?", "How many r are there in strawberry?"),
    *("John has 3 apples and he eats 2. How many are left?", "Is it true that 7 is prime?"),
    *(
        "All cats are animals. Tom is a cat. Is he an animal?",
        "How much is 15 % of 80?",
        "2+2",
        "Tell me the square of 12",
    ),
]


@pytest.mark.parametrize("question", DATED)
def test_a_question_whose_answer_changes_with_time_is_seen(question: str) -> None:
    assert needs_a_date(question)


@pytest.mark.parametrize("question", TIMELESS)
def test_a_timeless_question_is_not_taken_for_a_dated_one(question: str) -> None:
    assert not needs_a_date(question)


@pytest.mark.parametrize("question", POINTING)
def test_a_question_that_points_at_the_conversation_is_seen(question: str) -> None:
    assert needs_a_conversation(question)


@pytest.mark.parametrize("question", STANDING_ALONE)
def test_a_question_that_stands_alone_is_not_taken_for_a_pointing_one(question: str) -> None:
    assert not needs_a_conversation(question)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\ud800", "?" * 10_000, "a " * 50_000, "(" * 5000, "1" * 50_000, "A'" * 20_000]
)
def test_any_text_is_compared_quickly(text: str) -> None:
    started = time.thread_time()
    assert isinstance(key(text) + marks(text), str)
    assert isinstance(needs_a_date(text) or needs_a_conversation(text), bool)
    assert time.thread_time() - started < 5.0
