"""Things described by a clause: where the description ends, and what is left whole because no one knows where."""

import re

import pytest

from lottery_chat.planner import clauses
from lottery_chat.planner.splitting import schedule_for


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How many rooms are there in the school that owns the Norby Echo?", ["What is the school that owns the Norby Echo?", "How many rooms are there in #1?"]),
        ("Who is the sister of the painter that Holm Street is named after?", ["Who is the painter that Holm Street is named after?", "Who is the sister of #1?"]),
        ("Who is the employer of the person Lund's rule was written by?", ["Who is the person Lund's rule was written by?", "Who is the employer of #1?"]),
        ("When was the firm that built the Kestrel 40 founded?", ["What is the firm that built the Kestrel 40?", "When was #1 founded?"]),
        ("When did the town where Ida Holm died become a city?", ["What is the town where Ida Holm died?", "When did #1 become a city?"]),
        ("When did the strike at the yard where Per Lund worked begin?", ["What is the yard where Per Lund worked?", "When did the strike at #1 begin?"]),
        ("In which county is the town that borders Sund?", ["What is the town that borders Sund?", "In which county is #1?"]),
        ("How many rooms does the hotel, in which Ida Holm works, have?", ["What is the hotel, in which Ida Holm works?", "How many rooms does #1 have?"]),
        ("Who was married to the painter of Grey Harbour at Dawn?", ["Who is the painter of Grey Harbour at Dawn?", "Who was married to #1?"]),
        (
            "Which county borders the county where the largest town in the state where Ida Holm was born is located?",
            ["What is the state where Ida Holm was born?", "What is the county where the largest town in #1 is located?", "Which county borders #2?"],
        ),
        (
            "In what county is the town that borders the capital of the state where Per Lund was born?",
            ["What is the state where Per Lund was born?", "What is the capital of #1?", "What is the town that borders #2?", "In what county is #3?"],
        ),
    ],
)  # fmt: skip
def test_the_clause_that_begins_last_is_asked_first(question: str, asked: list[str]) -> None:
    schedule = schedule_for(question)
    assert schedule is not None and schedule.together == "last"
    assert [part.question for part in schedule.parts] == asked
    assert [part.needs for part in schedule.parts] == [(), *((number,) for number in range(len(asked) - 1))]
    assert [part.brief for part in schedule.parts] == [True] * (len(asked) - 1) + [False]


#: Asks for the described thing itself, describes nothing with a name, describes several, or ends no one knows where.
WHOLE = [
    "What is the school that owns the Norby Echo?",
    "Which is the town where Ida Holm was born?",
    "What is the name of the firm that built the Kestrel 40?",
    "Which of the towns that border Sund is the largest?",
    "When does the shop that sells bread open?",
    "Who wrote the letters that Ida Holm received?",
    "What does the policy that Kestrel sold us cover?",
    "When did the man who met Ida Holm in the town where Per lives?",
    "What should I do with the file that came first?",
    "Write about the school that owns the Norby Echo.",
    "Is the town that borders Sund large?",
]


@pytest.mark.parametrize("question", WHOLE)
def test_what_is_not_surely_described_stays_whole(question: str) -> None:
    assert schedule_for(question) is None


def test_the_list_of_whole_questions_would_see_a_rule_that_splits_every_clause() -> None:
    loose = re.compile(r"\bthe [a-z ]*? ?(?:that|who|which|where)\b")
    assert sum(bool(loose.search(question)) for question in WHOLE) == len(WHOLE)


def test_a_description_ends_before_the_verb_of_the_question() -> None:
    found = clauses.described_by_clause("When did the town where Ida Holm died become a city")
    assert found == ("What is the town where Ida Holm died?", "the town where Ida Holm died")
