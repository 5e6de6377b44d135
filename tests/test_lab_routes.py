"""lab.routes: requests in people's words go where a person would send them, and what goes wrong is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench

from lottery_chat.lab.routes import Request, Routed, as_markdown, requests, route
from lottery_chat.planner.understanding import understand
from lottery_chat.retriever import without_material


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def test_the_set_is_big_enough_and_names_only_what_exists() -> None:
    found = requests()
    known = {"calculator", "equations", "logic", "documents", "program", "web", "model", "writing", "talk", "lacks"}
    known |= {"transform", "summary", "collection", "stated", "tools", "table", "json"}
    assert len(found) >= 230 and len({one.text for one in found}) == len(found)
    assert {one.part for one in found} == {"fitted", "held", "everyday"}
    assert {name for one in found for name in one.routes if not name.startswith("shelf:")} <= known


def test_what_needs_no_embedder_goes_right(bench: Bench) -> None:
    without = [one for one in requests() if not any(name.startswith("shelf:") for name in one.routes)]
    found = [Routed(one, *route(bench.resources(), one), "") for one in without]
    wrong = [(one.request.text, one.route) for one in found if not one.right]
    assert len(wrong) <= 0.05 * len(found), wrong


def test_a_wrong_way_is_shown_with_what_was_wanted() -> None:
    asked = Request("Roll a die.", ("shelf:draw_random",), "", ("4",), "held")
    right = Routed(asked, "shelf:write_number", ("shelf:write_number", "shelf:draw_random"), "")
    wrong = Routed(asked, "model", (), "")
    assert right.right and not wrong.right and Routed(asked, "model", (), "It shows 4.").right
    shown = as_markdown([right, wrong])
    assert "| held | all | 2 | 1 (" in shown and "'Roll a die.', wanted shelf:draw_random: went to model" in shown


NO_WRITING = [
    "Which message did the captain send to the crew?",
    "Is the letter to the tenant signed?",
    "What is the poem about the mill called?",
    "According to the note for the cook, when is dinner?",
    "write 13 in binary",
    "hi, what is 17% of 2,340?",
    "ok and how many pages has it?",
]


@pytest.mark.parametrize("text", NO_WRITING)
def test_a_question_about_a_text_or_after_a_greeting_is_no_writing_and_no_small_talk(text: str) -> None:
    assert understand(text, history=(), documents=True, attached=False).kind not in ("writing", "talk")


def test_what_a_request_works_on_is_named_instead_of_given() -> None:
    assert without_material('reverse the word "planet"') == 'reverse the word "a word"'
    assert without_material("the mean of 3, 4, 8 and 9") == "the mean of a list of numbers"
    assert without_material("shuffle these: red, green, blue, tan") == "shuffle these: a list of words"
    assert without_material("How far is it to Ghent, then?") == "How far is it to Ghent, then?"
