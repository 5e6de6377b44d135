"""Questions are divided by rules: at most four parts, comparisons ask the same of both names."""

import pytest

from lottery_chat.planner.sortable import read_value
from lottery_chat.planner.splitting import schedule_for


def parts(question: str) -> list[str]:
    schedule = schedule_for(question)
    return [] if schedule is None else [part.question for part in schedule.parts]


def test_two_questions_in_one_are_two_parts() -> None:
    assert parts("What is 12*7 and what is the capital of France?") == [
        "What is 12*7?",
        "What is the capital of France?",
    ]
    assert parts("Where is Malta? How large is Gozo?") == ["Where is Malta?", "How large is Gozo?"]


def test_a_pronoun_in_a_later_part_stands_for_the_subject_of_the_first() -> None:
    assert (
        parts("When does the blue depot open and how many trucks does it have?")[1]
        == "How many trucks does the blue depot have?"
    )
    assert (
        parts("What is the population of Malta and when did it join the union?")[1] == "When did Malta join the union?"
    )


def test_a_person_asked_for_first_is_filled_in_from_the_first_answer() -> None:
    schedule = schedule_for("Who wrote Faust and when was he born?")
    assert (
        schedule is not None and schedule.parts[1].question == "When was #1 born?" and schedule.parts[1].needs == (0,)
    )


@pytest.mark.parametrize(
    ("question", "asked", "want"),
    [
        (
            "Which depot opens earlier, the blue or the red one?",
            ["When does the blue depot open?", "When does the red depot open?"],
            "smallest",
        ),
        (
            "Which of the two depots opens earlier, the blue one or the red one?",
            ["When does the blue depot open?", "When does the red depot open?"],
            "smallest",
        ),
        (
            "Who was born first, Ada Lovelace or Alan Turing?",
            ["When was Ada Lovelace born?", "When was Alan Turing born?"],
            "smallest",
        ),
        (
            "Which river is longer, the Danube or the Rhine?",
            ["How long is the Danube?", "How long is the Rhine?"],
            "largest",
        ),
        (
            "What is cheaper, plan A or plan B?",
            ["How much does plan A cost?", "How much does plan B cost?"],
            "smallest",
        ),
    ],
)
def test_a_comparison_asks_the_same_of_both(question: str, asked: list[str], want: str) -> None:
    schedule = schedule_for(question)
    assert schedule is not None and schedule.compare is not None
    assert [part.question for part in schedule.parts] == asked
    assert schedule.compare.want == want


@pytest.mark.parametrize(
    "question",
    [
        "How many apples and pears are there?",
        "Who are Romeo and Juliet?",
        "Tom has 3 hats and buys 2. How many has he?",
        "Write a poem and sign it",
    ],
)
def test_and_inside_one_question_does_not_divide_it(question: str) -> None:
    assert schedule_for(question) is None


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [("06:40", "7:15"), ("11:00 am", "1 pm"), ("10 December 1815", "June 23, 1912"), ("900 m", "1.2 km"), ("$3.50", "$12"), ("1,233 km", "2,850 km"), ("1815", "1912")],
)  # fmt: skip
def test_values_of_one_kind_are_put_in_order(smaller: str, larger: str) -> None:
    a, b = read_value(smaller), read_value(larger)
    assert a is not None and b is not None and a.kind == b.kind and a.number < b.number


def test_values_of_different_kinds_are_not_compared() -> None:
    a, b = read_value("3 km"), read_value("3 kg")
    assert a is not None and b is not None and a.kind != b.kind
    assert read_value("in the morning") is None
