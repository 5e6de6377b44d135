"""Family ties, directions, swaps and sayings: composed step by step; what the words leave open stays open."""

from __future__ import annotations

import time

import pytest
from test_tools_logic_puzzles import run_here

from tools.logic.directions import answer_direction
from tools.logic.exchanges import answer_exchanges, answer_liars
from tools.logic.message import split
from tools.logic.recognising import looks_like_logic
from tools.logic.relations import answer_family
from tools.logic.tool import solve

U = "Unknown"
CASES = [
    ("Rita is the mother of Sam. Sam is the father of Tess. How is Rita related to Tess?", "Rita is Tess’s grandmother"),
    ("Rita is the mother of Sam. Sam is the father of Tess. How is Tess related to Rita?", "Tess is Rita’s grandchild"),
    ("Rita is Sam's mother. Olaf is Rita's brother. Who is Sam's uncle?", "Olaf"),
    ("Rita is Sam's mother. Olaf is Rita's brother. Tom is Olaf's son. How is Sam related to Tom?", "Sam is Tom’s cousin"),
    ("Ben is the husband of Rita. Ute is the mother of Ben. How is Ute related to Rita?", "Ute is Rita’s mother-in-law"),
    ("Ben is married to Rita. Rita is the mother of Sam. How is Ben related to Sam?", U),
    ("Rita is the mother of Sam. Kim is the daughter of Rita. How is Kim related to Sam?", "Kim is Sam’s sister"),
    ("Rita is the mother of Sam. Vic is the father of Ned. How is Rita related to Ned?", U),
    ("Sam's sister is Kim. Kim's father is Jan. Who is the father of Sam?", "Jan"),
    ("The mill is north of the lake. The inn is east of the mill. In which direction is the inn from the lake?", "north-east"),
    ("The mill is north of the lake. The inn is south of the mill. In which direction is the inn from the lake?", U),
    ("The mill is 3 miles north of the lake. The inn is 5 miles south of the mill. Where is the inn from the lake?", "south"),
    ("The mill is 3 miles north of the lake. The inn is 3 miles south of the mill. Where is the inn from the lake?", "at the same place"),
    ("The cup is left of the jug. The pan is above the cup. Where is the pan relative to the jug?", "above and left"),
    ("Ada has a kite, Bo has a drum, and Cy has a flute. Ada and Bo swap toys. Then Bo and Cy swap toys. What does Cy have now?", "kite"),
    ("Ada has a kite, Bo has a drum, and Cy has a flute. Ada and Bo swap toys. Then Bo and Cy swap toys. Who has the drum?", "Ada"),
    ("Ivo lies. Jo says Ivo tells the truth. Ken says Jo lies. Does Ken tell the truth?", "True"),
    ("Ivo tells the truth. Jo says Ivo lies. Ken says Jo tells the truth. Is Ken lying?", "True"),
    ("Ivo says Jo lies. Jo says Ivo lies. Does Jo tell the truth?", U),
    ("Max is taller than Ute. Ute is taller than Lea. Kai is as tall as Ute. How many people are taller than Lea?", "3"),
    ("Max is taller than Ute. Ute is taller than Lea. Kai is taller than Lea. How many people are taller than Ute?", U),
    ("Max is taller than Ute. Ute is taller than Lea. Kai is as tall as Ute. Is Kai taller than Lea?", "True"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answer"), CASES)
def test_steps_are_composed(text: str, answer: str) -> None:
    found = solve(text, run_limited=run_here)
    assert found.answer == answer
    assert found.all_read


NOT_READ = [
    "Rita is the mother of Sam. Sam adores the father of Tess. How is Rita related to Tess?",
    "Rita is the step-mother of Sam. Sam is the father of Tess. How is Rita related to Tess?",
    "Rita is the mother of Sam. Rita is the brother of Tess. How is Sam related to Tess?",
    "The mill is north of the lake. The inn is near the mill. In which direction is the inn from the lake?",
    "Ada has a kite, Bo has a drum. Ada and Bo swap toys. Then Bo gives Ada his toy. What does Ada have now?",
    "Ada has a kite, Bo has a drum. Ada and Bo swap toys. Everyone passes the toy on. What does Ada have now?",
    "Ada has a kite, Bo has a drum. Ada and Zed swap toys. What does Ada have now?",
    "Ivo lies. Jo says Ivo and Ken tell the truth. Does Jo tell the truth?",
    "Ivo lies. Ivo tells the truth. Jo says Ivo lies. Does Jo tell the truth?",
    "Ivo sometimes lies. Jo says Ivo lies. Does Jo tell the truth?",
]


@pytest.mark.parametrize("text", NOT_READ)
def test_a_sentence_that_is_not_understood_or_contradicts_gives_no_answer(text: str) -> None:
    message = split(text)
    assert [answer(message) for answer in (answer_family, answer_direction, answer_exchanges, answer_liars)] == [
        None
    ] * 4


def test_the_answer_names_the_sentences_it_rests_on() -> None:
    found = solve(CASES[0][0].replace("How", "Olaf is the son of Tess. How", 1), run_limited=run_here)
    assert found.premises_used == ("Sam is the father of Tess", "Rita is the mother of Sam")
    assert found.kind == "relations"


def test_the_options_may_end_the_last_sentence() -> None:
    text = (
        "Ada has a kite and Bo has a drum. Ada and Bo swap toys. In the end, Ada has the\nOptions:\n(A) kite\n(B) drum"
    )
    assert looks_like_logic(text)
    assert solve(text, run_limited=run_here).option == "B"


HOSTILE = [
    " ".join(f"P{k} is the mother of P{k + 1}." for k in range(299)) + " How is P0 related to P299?",
    " ".join("Ann and Ben swap hats." for _ in range(390)) + " Who has the hat?",
    "Ann is the mother of Ben. Ben is the mother of Ann. How is Ann related to Ben?",
    " ".join(f"P{k} says P{k + 1} lies." for k in range(390)) + " Does P1 lie?",
    "Who is " + "A" * 5_000 + "'s mother?",
    "Ann has " + "a b " * 2_000 + ". Ann and Ben swap. Who has it?",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_long_and_circular_chains_end_in_a_second(text: str) -> None:
    started = time.thread_time()
    message = split(text)
    for answer in (answer_family, answer_direction, answer_exchanges, answer_liars):
        answer(message)
    assert time.thread_time() - started < 1


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Ole is Ida's father. Ida is Pia's sister. Is Ole Pia's father?", "True"),
        ("Ole is Ida's father. Ida is Pia's mother. Is Ole Pia's father?", "False"),
        ("Ole is Ida's father. Ida is Pia's mother. Is Ole the grandfather of Pia?", "True"),
        ("Kit is Ida's parent. Ida is Pia's sister. Is Kit Pia's mother?", "Unknown"),
    ],
)
def test_whether_somebody_is_somebodys_is_told_from_the_ties(text: str, answer: str) -> None:
    assert looks_like_logic(text)
    assert solve(text, run_limited=run_here).answer == answer
