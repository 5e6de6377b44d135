"""A tool of the shelf is found by R, filled with what the question says, run, and said; what does not fit is no answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from lottery_chat.adapters import scheduling_tool
from lottery_chat.children import run_limited
from lottery_chat.events import ToolCalled, ToolReturned
from lottery_chat.models.scripted import ScriptedModel
from tools.shelf.catalogue import Tool, shelf


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def tool(name: str) -> Tool:
    return next(one for one in shelf() if one.card.name == name)


def test_a_tool_that_r_found_is_run_with_the_questions_values(bench: Bench) -> None:
    bench.shelf = [(tool("factor_number"), 0.8)]
    bench.model = ScriptedModel(['"value": 1001}}\n</tool_call>'])
    events = bench.ask("Which primes make 1001?")
    done = answer(events)
    assert (done.known, done.checked, done.status) == ("computed", False, "answered")
    assert done.answer is not None and "7" in done.answer and "11" in done.answer and "13" in done.answer
    assert "factor_number(value=1001)" in done.check
    assert [one.tool for one in events if isinstance(one, ToolCalled)] == ["factor_number"]


def test_a_value_the_question_does_not_say_is_not_run(bench: Bench) -> None:
    bench.shelf = [(tool("factor_number"), 0.8)]
    bench.model = ScriptedModel(['"value": 77}}\n</tool_call>', "I do not know."])
    events = bench.ask("Which primes make 1001?")
    assert not [one for one in events if isinstance(one, ToolCalled)]
    assert answer(events).known == "model"


def test_a_tool_that_refuses_is_contained_and_the_model_answers(bench: Bench) -> None:
    bench.shelf = [(tool("factor_number"), 0.8)]
    bench.model = ScriptedModel(['"value": -4}}\n</tool_call>', "It has none."])
    events = bench.ask("Which primes make -4?")
    errors = [one.error for one in events if isinstance(one, ToolReturned)]
    assert errors and errors[0] and answer(events).known == "model"


def test_a_schedule_is_found_by_the_solver_and_its_conditions_are_shown(bench: Bench) -> None:
    bench.shelf = [(scheduling_tool(run_limited), 0.8)]
    lines = '["Ann sits next to Ben.", "Cleo sits first."]'
    bench.model = ScriptedModel(
        [f'"items": ["Ann", "Ben", "Cleo"], "slots": [], "constraints": {lines}}}}}\n</tool_call>']
    )
    done = answer(bench.ask("Seat Ann, Ben and Cleo: Ann sits next to Ben. Cleo sits first."))
    assert done.answer is not None and "1: Cleo" in done.answer and done.known == "computed"


def test_a_short_problem_goes_to_a_tool_that_is_near_before_a_program_is_written(bench: Bench) -> None:
    question = "How much does a loan of 12000 at 5% over 4 years cost a month?"
    bench.shelf = [(tool("repay_loan"), 0.77)]
    bench.model = ScriptedModel(['"principal": 12000, "annual_percent": 5, "months": 48}}\n</tool_call>'])
    done = answer(bench.ask(question))
    assert done.known == "computed" and "276.35" in done.text and "repay_loan" in done.check
    bench.model = ScriptedModel(['"principal": 12000, "annual_percent": 5, "months": 4}}\n</tool_call>'])
    assert "months=48" in answer(bench.ask(question + " Please.")).check
    bench.shelf = [(tool("repay_loan"), 0.55)]
    bench.model = ScriptedModel(["    return 7\n", "ans = 7\n"])
    assert answer(bench.ask(question + " Say it.")).answer == "7"


def test_a_tool_far_from_the_question_is_not_offered(bench: Bench) -> None:
    bench.shelf = [(tool("factor_number"), 0.3)]
    bench.model = model = ScriptedModel(["Paris."])
    assert answer(bench.ask("What is the capital of France?")).known == "model" and len(model.calls) == 1


def test_a_tool_whose_choice_and_values_the_question_says_is_run_without_the_model(bench: Bench) -> None:
    bench.shelf = [(tool("encode_text"), 0.6), (tool("factor_number"), 0.5)]
    bench.model = ScriptedModel([])
    done = answer(bench.ask('write "no" in Morse code'))
    assert (done.known, done.answer, done.calls) == ("computed", "-. ---", 0)
    assert "code chose the tool by its words" in done.check


def test_where_the_choice_is_not_said_the_model_is_asked(bench: Bench) -> None:
    bench.shelf = [(tool("encode_text"), 0.6)]
    bench.model = ScriptedModel(['"text": "no", "code": "hex"}}\n</tool_call>'])
    done = answer(bench.ask('What is the secret code of "no"?'))
    assert done.calls >= 1


def test_what_a_code_means_is_not_encoded_once_more(bench: Bench) -> None:
    bench.shelf = [(tool("encode_text"), 0.6)]
    bench.model = ScriptedModel(['"text": "bm8=", "code": "base64", "direction": "decode"}}\n</tool_call>'])
    assert answer(bench.ask('What does "bm8=" mean in base64?')).calls >= 1
    bench.model = ScriptedModel([])
    assert answer(bench.ask('decode "bm8=" from base64')).answer == "no"


def test_a_request_in_a_form_of_a_tool_needs_neither_model_nor_search_for_tools(bench: Bench) -> None:
    bench.model = model = ScriptedModel(["no"])
    done = answer(bench.ask("How many working days are there between 1 March 2027 and 31 March 2027?"))
    assert done.text.startswith("22 working days") and done.answer == "22 working days"
    assert (done.known, done.checked) == ("computed", True) and not model.calls
    assert "read by code" in done.check and "count_days" in done.check


def test_what_was_drawn_is_not_kept_as_a_checked_answer(bench: Bench) -> None:
    done = answer(bench.ask("roll two dice"))
    assert (done.known, done.checked, done.status) == ("computed", False, "answered")


def test_a_form_whose_tool_refuses_is_left_to_the_model_with_the_reason_in_the_trace(bench: Bench) -> None:
    bench.model = ScriptedModel(["I do not know that place."])
    events = bench.ask("If it's 9am in Atlantis, what time is it in Tokyo?")
    errors = [one.error for one in events if isinstance(one, ToolReturned)]
    assert errors and errors[0] and "Atlantis" in errors[0] and answer(events).known == "model"


def test_without_tools_no_form_is_read(bench: Bench) -> None:
    bench.model = model = ScriptedModel(["I would say 4 and 2."] * 3)
    assert answer(bench.ask("roll two dice", without=("python",))).known == "model" and model.calls
