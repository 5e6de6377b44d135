"""Questions about a described thing and comparisons of two: what is split, and what only looks like it."""

import re

import pytest

from lottery_chat.planner import nesting
from lottery_chat.planner.splitting import schedule_for


def parts(question: str) -> list[str]:
    schedule = schedule_for(question)
    return [] if schedule is None else [part.question for part in schedule.parts]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Where was the singer of the song Grey Harbour born?", ["Who is the singer of the song Grey Harbour?", "Where was #1 born?"]),
        ("What is the birthplace of the director of film Nine Lanterns?", ["Who is the director of film Nine Lanterns?", "What is the birthplace of #1?"]),
        ("Which country the composer of film Salt (Film) is from?", ["Who is the composer of film Salt (Film)?", "Which country is #1 from?"]),
        ("When is the author of The Long Tide 's birthday?", ["Who is the author of The Long Tide?", "When is #1's birthday?"]),
        ("When did Ida Holm's father die?", ["Who is the father of Ida Holm?", "When did #1 die?"]),
        ("What is the height of the capital of Norland?", ["What is the capital of Norland?", "What is the height of #1?"]),
        ("In which year did the founder of Kestrel publish his first book?", ["Who is the founder of Kestrel?", "In which year did #1 publish his first book?"]),
        ("Who is the mother of the director of Nine Lanterns?", ["Who is the director of Nine Lanterns?", "Who is the mother of #1?"]),
        ("Who is Ida Holm's maternal grandfather?", ["Who is the mother of Ida Holm?", "Who is the father of #1?"]),
        ("Where did the father-in-law of Ida Holm die?", ["Who is the spouse of Ida Holm?", "Who is the father of #1?", "Where did #2 die?"]),
    ],
)  # fmt: skip
def test_the_innermost_description_is_found_first_and_stands_for_itself_in_the_next_part(
    question: str, asked: list[str]
) -> None:
    schedule = schedule_for(question)
    assert schedule is not None and schedule.together == "last"
    assert [part.question for part in schedule.parts] == asked
    assert [part.brief for part in schedule.parts] == [True] * (len(asked) - 1) + [False]
    assert [part.needs for part in schedule.parts[1:]] == [(number,) for number in range(len(asked) - 1)]


#: Questions that hold a description but are one question, or whose name ends no one knows where.
WHOLE = [
    "Who is the director of the film Nine Lanterns?",
    "What is the name of the author of The Long Tide?",
    "Who is Ida Holm's father?",
    "Where is the Mother of Rivers?",
    "What is the mother of all battles?",
    "When does the manager of the depot start?",
    "Who played the mother of Ida in Grey Harbour?",
    "What did the author of Wings of desire say?",
    "What is the opinion of the author of Tides on love?",
    "What is the birthday of the founder of Kestrel, who moved to Norland?",
    "What is the age of the director of Salt and the author of Tides?",
    "Write a letter to the director of Kestrel.",
    "The director of Kestrel was born in 1950. When did he retire?",
]


@pytest.mark.parametrize("question", WHOLE)
def test_what_is_not_surely_described_stays_whole(question: str) -> None:
    assert schedule_for(question) is None


def test_the_list_of_whole_questions_would_see_a_rule_that_splits_every_description() -> None:
    loose = re.compile(rf"\b{nesting.ROLE}s? of |['’]s {nesting.ROLE}\b", re.IGNORECASE)
    assert sum(bool(loose.search(question)) for question in WHOLE) >= len(WHOLE) - 2


@pytest.mark.parametrize(
    ("question", "asked", "names", "want"),
    [
        ("Which film came out first, Salt or Nine Lanterns?", ["When was Salt released?", "When was Nine Lanterns released?"], ("Salt", "Nine Lanterns"), "smallest"),
        ("Who was born later out of Ida Holm and Per Lund?", ["When was Ida Holm born?", "When was Per Lund born?"], ("Ida Holm", "Per Lund"), "largest"),
        ("Between Ida Holm and Per Lund, who is older?", ["When was Ida Holm born?", "When was Per Lund born?"], ("Ida Holm", "Per Lund"), "smallest"),
        ("Did Ida Holm or Per Lund die first?", ["When did Ida Holm die?", "When did Per Lund die?"], ("Ida Holm", "Per Lund"), "smallest"),
        ("Which museum was founded first, Sea Museum, Norby or Hill and Co?", ["When was Sea Museum, Norby founded?", "When was Hill and Co founded?"], ("Sea Museum, Norby", "Hill and Co"), "smallest"),
        (
            "Which film has the director who is older, Salt or Nine Lanterns?",
            ["Who is the director of film Salt?", "Who is the director of film Nine Lanterns?", "When was #1 born?", "When was #2 born?"],
            ("Salt", "Nine Lanterns"), "smallest",
        ),
        (
            "Which book whose author died later, Tides or The Long Way?",
            ["Who is the author of book Tides?", "Who is the author of book The Long Way?", "When did #1 die?", "When did #2 die?"],
            ("Tides", "The Long Way"), "largest",
        ),
        (
            "Who lived longer, Ida Holm or Per Lund?",
            ["When was Ida Holm born?", "When did Ida Holm die?", "When was Per Lund born?", "When did Per Lund die?"],
            ("Ida Holm", "Per Lund"), "largest",
        ),
        ("Are both villages, Norby and Sund, located in the same country?", ["In which country is Norby located?", "In which country is Sund located?"], ("Norby", "Sund"), "same"),
        ("Do Ida Holm and Per Lund have the same occupation?", ["What is the occupation of Ida Holm?", "What is the occupation of Per Lund?"], ("Ida Holm", "Per Lund"), "same"),
        (
            "Are the directors of both films Salt and Nine Lanterns from the same country?",
            ["Who is the director of film Salt?", "Who is the director of film Nine Lanterns?", "Which country is #1 from?", "Which country is #2 from?"],
            ("Salt", "Nine Lanterns"), "same",
        ),
        (
            "Do films Salt and Nine Lanterns have the directors that share the same nationality?",
            ["Who is the director of film Salt?", "Who is the director of film Nine Lanterns?", "What is the nationality of #1?", "What is the nationality of #2?"],
            ("Salt", "Nine Lanterns"), "same",
        ),
    ],
)  # fmt: skip
def test_a_comparison_ends_with_the_answers_that_code_compares(
    question: str, asked: list[str], names: tuple[str, ...], want: str
) -> None:
    schedule = schedule_for(question)
    assert schedule is not None and schedule.compare is not None
    assert ([part.question for part in schedule.parts], schedule.compare.names, schedule.compare.want) == (
        asked,
        names,
        want,
    )
    assert len(schedule.parts) >= len(names) * schedule.compare.each


@pytest.mark.parametrize(
    "question",
    [
        "Are cats and dogs kept in the same country?",
        "Is Norby in the same country?",
        "Which is older, Salt and Pepper and Rain or Tides and Sand or Sund?",
        "Who has more scope of work, Ida Holm or Per Lund?",
        "Is it better to leave first or last?",
        "What company was started as a club and was for years run by Ida Holm?",
        "Who is the baker who moved to Norby, and who is said to sing?",
    ],
)
def test_what_is_not_surely_a_comparison_or_two_questions_stays_whole(question: str) -> None:
    assert schedule_for(question) is None
