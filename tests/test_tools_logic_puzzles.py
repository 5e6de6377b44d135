"""Arrangement puzzles in words of our own: read whole and solved exactly, or not answered at all."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest

from lottery_chat.children import run_limited
from tools.errors import ToolError
from tools.logic.message import split
from tools.logic.puzzles import read_puzzle
from tools.logic.recognising import looks_like_logic
from tools.logic.solver import arrange_in_child, solve_in_child
from tools.logic.tool import solve

T, F, U = "True", "False", "Unknown"
NOTHING = ""


@dataclass(frozen=True)
class Value:
    """A result as from a child that came to its end."""

    value: dict[str, Any] | None
    problem: str = ""
    text: str = ""


def run_here(
    target: str, request: dict[str, Any], *, seconds: float, memory: int, cancel: Event | None = None
) -> Value:
    """The solver in this process: quick, for texts of our own."""
    return Value((arrange_in_child if target.endswith("arrange_in_child") else solve_in_child)(request))


TALKS = (
    "Five speakers—Ada, Bo, Cy, Dot, and Eli—are scheduled for Monday through Friday, with exactly one speaker on each "
    "day, under these conditions: Ada speaks earlier than Bo. Cy speaks on the day immediately after Dot. Eli does not "
    "speak on Monday or Friday. If Bo speaks on Friday, then Dot speaks on Monday. "
)
TEAMS = (
    "Six hikers—Finn, Gala, Hugo, Ines, Jon, and Kira—are divided among two huts—Eagle and Raven. Each hut takes at least "
    "two hikers. The following rules apply: Finn and Gala are in different huts. Hugo is in the same hut as Ines. "
    "If Jon is in Eagle, then Kira is in Raven. "
)
ROW = "Nils, Olga, Piet, Rosa and Sven sit in a row of five seats numbered 1 to 5. "
CIRCLE = "Uma, Vito, Wes, Xena, Yan and Zoe sit around a round table. "
PICK = (
    "A cook will prepare three of the following five soups—Borscht, Chowder, Gazpacho, Laksa, and Ramen—one at a time, "
    "subject to these conditions: Borscht is selected. If Laksa is selected, then Ramen is not selected. Gazpacho is not "
    "selected unless Chowder is selected. "
)
BUSES = (
    "Five pupils—Lara, Mo, Nia, Otis, and Pau—are assigned to three buses—the Red, Blue, or Green bus. At least one pupil "
    "is assigned to each bus. These conditions apply: Lara and Nia are on the same bus. Mo is assigned to Green or Red. "
    "Otis is not on the same bus as Pau. Lara is not on the Red bus. "
)
SHELF = (
    "Four objects—a clock, a globe, a jar, and a lamp—stand in a row. These rules apply: The jar stands to the right of "
    "the clock. The globe stands immediately to the right of the lamp. The clock is not second. The lamp is second. "
)
#: (text with question, answer)
OPEN = [
    (TALKS + "Who speaks on Friday?", U),
    (TALKS + "Can Eli speak on Friday?", F),
    (TALKS + "Can Cy speak on Monday?", F),
    (TALKS + "Can Bo speak on Friday?", T),
    (TALKS + "If Dot speaks on Thursday, on which day does Cy speak?", "Friday"),
    (TALKS + "If Cy speaks on Friday, on which day does Dot speak?", "Thursday"),
    (TALKS + "If Cy speaks on Friday, is Ada before Bo?", T),
    (TALKS + "If Cy speaks on Friday, who speaks on Monday?", "Ada"),
    (TALKS + "Who could speak on Monday?", "Ada, Dot"),
    (TALKS + "How many schedules are possible?", "4"),
    (TEAMS + "Is Finn in Raven?", U),
    (TEAMS + "If Jon is in Eagle, where is Kira?", "Raven"),
    (TEAMS + "If Hugo is in Raven and Jon is in Raven, where is Kira?", "Eagle"),
    (TEAMS + "If Hugo is in Raven, is Ines in Raven?", T),
    (TEAMS + "Can Finn and Gala be in the same hut?", F),
    (TEAMS + "How many assignments are possible?", "10"),
    (TEAMS + "How many of the hikers could be in Eagle?", "6"),
    (ROW + "Nils sits next to Olga. Piet sits in seat 3. Rosa sits to the left of Sven. Olga sits in seat 5. Where does Nils sit?", "4"),
    (ROW + "Nils sits next to Olga. Piet sits in seat 3. Rosa sits to the left of Sven. Olga sits in seat 5. Who sits in seat 1?", "Rosa"),
    (ROW + "Either Nils sits in seat 1 or Olga sits in seat 2. Can Nils be in seat 1 and Olga in seat 2?", T),
    (ROW + "Either Nils sits in seat 1 or Olga sits in seat 2, but not both. If Nils sits in seat 1, can Olga sit in seat 2?", F),
    (ROW + "Nils sits at one end. Olga does not sit next to Nils. Can Olga sit in seat 2?", T),
    (CIRCLE + "Uma sits opposite Vito. Wes sits next to Uma. Can Wes sit next to Vito?", F),
    (CIRCLE + "Uma sits opposite Vito. Wes sits opposite Xena. Does Yan sit opposite Zoe?", T),
]  # fmt: skip
#: (text, question, options, letter)
CHOICE = [
    (TALKS, "Which of these could be the order of the speakers, from Monday to Friday?",
     ["Ada, Eli, Bo, Dot, Cy", "Bo, Ada, Eli, Dot, Cy", "Ada, Bo, Dot, Eli, Cy", "Ada, Cy, Dot, Eli, Bo", "Ada, Bo, Dot, Cy, Eli"], "A"),
    (TALKS, "Which one of the following CANNOT speak on Tuesday?", ["Ada", "Bo", "Cy", "Dot", "Eli"], NOTHING),
    (TALKS, "If Bo speaks on Tuesday, which of these must be true?",
     ["Ada speaks on Monday.", "Dot speaks on Friday.", "Eli speaks on Tuesday.", "Cy speaks on Monday."], "A"),
    (TALKS, "If Eli speaks on Tuesday, then each of these could be true EXCEPT:",
     ["Ada speaks on Monday.", "Dot speaks on Monday.", "Bo speaks on Wednesday.", "Cy speaks on Friday."], "B"),
    (TEAMS, "Which of these could be the complete list of hikers in Eagle?",
     ["Gala, Hugo, Ines", "Finn, Gala, Kira", "Gala, Hugo, Jon", "Gala, Jon, Kira"], "A"),
    (TEAMS, "Each of these must be false EXCEPT:",
     ["Finn and Gala are in the same hut.", "Hugo is in a different hut from Ines.", "Jon is in Raven.",
      "Jon and Kira are both in Eagle."], "C"),
    (TEAMS, "If Finn is in Raven and Ines is in Raven, then Hugo must be in the same hut as",
     ["Finn", "Gala", "Jon", "Kira"], "A"),
    (TEAMS, "Which one of the following pairs of hikers CANNOT both be in Eagle?",
     ["Jon and Kira", "Finn and Jon", "Gala and Kira", "Hugo and Ines"], "A"),
    (TALKS, "The schedule is completely determined if which of these is true?",
     ["Bo speaks on Tuesday.", "Ada speaks on Monday.", "Eli speaks on Wednesday.", "Dot speaks on Monday."], "A"),
    (PICK, "Which of these must be true?",
     ["Borscht is chosen.", "Laksa is chosen.", "Ramen is chosen.", "Gazpacho is chosen."], "A"),
    (PICK, "If Gazpacho is chosen, which of these CANNOT be true?",
     ["Laksa is chosen.", "Chowder is chosen.", "Borscht is chosen."], "A"),
    (PICK, "If Laksa and Gazpacho are not chosen, what must be true?", ["Ramen is chosen.", "Ramen is second."], NOTHING),
    (BUSES, "Which of these could be the assignment of pupils to buses?",
     ["Red: Lara, Mo Blue: Nia Green: Otis, Pau", "Red: Lara, Nia Blue: Mo Green: Otis, Pau",
      "Red: Otis Blue: Lara, Nia Green: Mo, Pau", "Red: Pau Blue: Lara, Mo Green: Nia, Otis"], "C"),
    (BUSES, "If Pau is the only pupil assigned to the Green bus, which of these could be true?",
     ["Mo is assigned to the Blue bus.", "Nia is assigned to the Red bus.", "Otis is assigned to the Blue bus.",
      "Lara is assigned to the Green bus."], "C"),
    (SHELF, "Which of these must be true?",
     ["The jar is first.", "The lamp is first.", "The globe is third.", "The clock is second."], "C"),
]  # fmt: skip

#: Texts a careless reader would get wrong: part of them is not understood, so nothing may be decided as an arrangement.
NOT_WHOLE = [
    TALKS + "Bo's dog barks louder before Cy. Who speaks on Monday?",
    TALKS + "Ada is almost always earlier than Eli. Can Eli speak on Tuesday?",
    TEAMS + "Two of the hikers who are tall are in Eagle. Is Jon in Eagle?",
    TEAMS + "Each hiker has one of two hats—red and green. Is Jon in Eagle?",
    "Four boxes—A, B, C, and D—hold one of three toys each. A is left of B. Which box is first?",
    "Three of them—Ann, Ben, Cleo, and Dan—are scheduled for Monday through Friday. Can Ann be on Monday?",
    "Six actors—Ann, Ben, Cleo, and Dan—stand in a row. Ann is first. Who is first?",
    CIRCLE + "Uma sits to the left of Vito. Is Vito next to Uma?",
]


@pytest.mark.parametrize(("text", "answer"), OPEN)
def test_an_open_question_gets_the_answer_of_an_exact_solver(text: str, answer: str) -> None:
    found = solve(text, run_limited=run_here)
    assert (found.kind, found.answer) == ("arrangement", answer)
    assert found.all_read


@pytest.mark.parametrize(("text", "question", "options", "letter"), CHOICE)
def test_an_option_is_chosen_only_where_exactly_one_fits(
    text: str, question: str, options: list[str], letter: str
) -> None:
    found = solve(text, question, options, run_limited=run_here)
    assert found.answer == letter
    assert (found.kind == "arrangement") == bool(letter) or found.verdict in (
        "unread",
        "contradiction",
        "undecided-in-time",
    )


@pytest.mark.parametrize("text", NOT_WHOLE)
def test_a_text_of_which_a_part_is_not_understood_is_no_puzzle(text: str) -> None:
    assert read_puzzle(split(text)) is None


def test_the_same_text_without_the_part_is_a_puzzle() -> None:
    assert read_puzzle(split(TALKS + "Can Eli speak on Tuesday?")) is not None


@pytest.mark.parametrize(("number", "read"), [("five", True), ("four", False)])
def test_a_stated_number_must_be_the_number_of_those_listed(number: str, read: bool) -> None:
    text = TALKS.replace("Five speakers", f"{number.capitalize()} speakers") + "Can Eli speak on Tuesday?"
    assert (read_puzzle(split(text)) is not None) == read


@pytest.mark.parametrize(("amount", "answer"), [("two", "10"), ("three", "2")])
def test_a_stated_amount_decides_the_answer(amount: str, answer: str) -> None:
    text = TEAMS.replace("two hikers", f"{amount} hikers") + "How many assignments are possible?"
    assert solve(text, run_limited=run_here).answer == answer


def test_every_sentence_stands_beside_its_formula() -> None:
    found = solve(TALKS + "Can Cy speak on Monday?", run_limited=run_here)
    shown = {one.text.rstrip("."): one.formula for one in found.sentences}
    assert shown["Cy speaks on the day immediately after Dot"] == "immediately_after(Cy, Dot)"
    assert found.premises_used == ("Cy speaks on the day immediately after Dot.",)


def test_a_puzzle_that_contradicts_itself_is_told_and_not_answered() -> None:
    found = solve(TALKS + "Dot speaks on Friday. Who speaks on Monday?", run_limited=run_here)
    assert (found.verdict, found.answer) == ("contradiction", "")
    assert "Dot speaks on Friday." in found.premises_used


def test_a_puzzle_is_recognised_and_solved_in_a_child() -> None:
    text = TALKS + "Can Bo speak on Friday?"
    assert looks_like_logic(text)
    assert looks_like_logic(TALKS + "How many schedules are possible?")
    assert not looks_like_logic("Five speakers talk on Monday. Each talks for 10 minutes. How many minutes is that?")
    assert solve(text, run_limited=run_limited).answer == T


def test_a_question_without_time_is_not_answered() -> None:
    late = lambda *args, **kwargs: Value(None, "time", "late")  # noqa: E731
    found = solve(TALKS + "Can Bo speak on Friday?", run_limited=late)
    assert (found.verdict, found.answer) == ("undecided-in-time", "")


HOSTILE = [
    "Ten things—" + ", ".join(f"T{k}" for k in range(5_00)) + ", and Z—stand in a row. T1 is first. Who is first?",
    TALKS + "Ada speaks before Bo. " * 400 + "Who speaks on Monday?",
    TALKS + "If " * 900 + "Ada speaks on Monday. Who speaks on Monday?",
    TALKS + "either Ada speaks on Monday or " * 300 + "Bo speaks on Monday. Who speaks on Monday?",
    TALKS + "Ada and " * 900 + "Bo speak on Monday. Who speaks on Monday?",
    TALKS + "no two " * 1_000 + ". Who speaks on Monday?",
    "—" * 5_000 + "?",
    "A, " * 3_000 + "and B stand in a row. Who is first?",
    "a b, " * 3_000 + "—c d, " * 900 + "?",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_read_or_refused_in_a_second(text: str) -> None:
    started = time.monotonic()
    try:
        looks_like_logic(text[:12_000])
        read_puzzle(split(text))
    except (ValueError, ToolError):
        pass
    assert time.monotonic() - started < 8
