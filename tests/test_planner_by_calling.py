"""Which functions to call: what is offered, what a reply holds, what fits, how many calls, and the whole way."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from planner_parts import Bench, answer

from lottery_chat.events import ModelCalled
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.budget import Budget
from lottery_chat.planner.by_calling import bare_calls, by_calling
from lottery_chat.planner.calls_cover import asked_for, mentions, siblings, spread, uncovered
from lottery_chat.planner.calls_fit import fit
from lottery_chat.planner.calls_form import Call, read_calls, read_functions, written
from lottery_chat.planner.calls_said import Said
from lottery_chat.planner.run import Run
from lottery_chat.planner.values import Ask, Limits, Solution

TIDE: dict[str, Any] = {
    "name": "harbour.tide_height",
    "description": "Height of the tide in a harbour.",
    "parameters": {
        "type": "dict",
        "properties": {
            "harbour": {"type": "string", "description": "Name of the harbour."},
            "hour": {"type": "integer", "description": "Hour of the day, 0 to 23."},
            "unit": {"type": "string", "enum": ["metres", "feet"], "default": "metres"},
            "with_wind": {"type": "boolean", "description": "Whether the wind counts.", "default": False},
        },
        "required": ["harbour", "hour"],
    },
}
FERRY: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "ferry_price",
        "description": "Price of a ferry ticket between two islands.",
        "parameters": {
            "type": "object",
            "properties": {
                "start": {"type": "string"},
                "target": {"type": "string"},
                "share": {"type": "float", "description": "Rebate as a decimal, 0.1 for 10%."},
                "bags": {"type": "array", "items": {"type": "integer"}},
            },
            "required": ["start", "target"],
        },
    },
}
ASKED = "How high is the tide in Oban at 7?"
FUNCTIONS = read_functions([TIDE, FERRY])
TIDES, FERRIES = FUNCTIONS


def call(name: str = "harbour.tide_height", **arguments: Any) -> Call:
    return Call(name, arguments)


def reply(*calls: Call) -> str:
    return "\n".join(f"<tool_call>\n{written([one])[1:-1]}\n</tool_call>" for one in calls)


# -- what is offered, what a reply holds --------------------------------------------------------------------------


def test_offered_functions_are_read_bare_or_wrapped_with_the_type_names_of_python() -> None:
    assert [one.name for one in FUNCTIONS] == ["harbour.tide_height", "ferry_price"]
    assert TIDES.schema["type"] == "object" and FERRIES.properties["share"]["type"] == "number"
    assert TIDES.required == ("harbour", "hour")


def test_what_has_no_name_or_a_name_twice_is_not_offered() -> None:
    assert len(read_functions([TIDE, TIDE, {}, {"name": ""}, {"function": "x"}])) == 1
    bare = read_functions([{"name": "now", "parameters": None}])[0]
    assert bare.required == () and dict(bare.properties) == {}


OBAN: dict[str, Any] = {"harbour": "Oban", "hour": 7}


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>\n{"name": "harbour.tide_height", "arguments": {"harbour": "Oban", "hour": 7}}\n</tool_call>',
        '```json\n{\n "name": "harbour.tide_height",\n "arguments": {"harbour": "Oban", "hour": 7}\n}\n```',
        'I call [{"name": "tide_height", "parameters": {"harbour": "Oban", "hour": 7}}] now.',
        '{"type": "function", "function": {"name": "harbour_tide_height", "arguments": "{\\"harbour\\": \\"Oban\\", \\"hour\\": 7}"}}',
        '{"tool_calls": [{"function": {"name": "harbour.tide_height", "arguments": {"harbour": "Oban", "hour": 7}}}]}',
        "{'name': 'harbour.tide_height', 'arguments': {'harbour': 'Oban', 'hour': 7}}",
        '<tool_call>\n{"name": "harbour.tide_height", "arguments": {"harbour": "Oban", "hour": 7}\n</tool_call>',
        '{"harbour.tide_height": {"harbour": "Oban", "hour": 7}}',
        "```python\nharbour.tide_height('Oban', hour=7)\n```",
        'harbour.tide_height(harbour="Oban", hour=7)',
    ],
)
def test_a_call_is_found_in_every_wrapping(text: str) -> None:
    assert read_calls(text, FUNCTIONS) == (Call("harbour.tide_height", OBAN),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The tide in Oban is 3 m (at 7).",
        '{"name": "moon_phase", "arguments": {}}',
        '{"harbour": "Oban"}',
        "harbour.tide_height(harbour=__import__('os').getcwd())",
        "harbour.tide_height(",
        '{"name": "harbour.tide_height", "arguments": "all of them"} ['[:20],
        "{" * 30_000,
        "[" * 30_000,
        '{"name": ' * 3_000,
    ],
)
def test_what_is_no_call_of_an_offered_function_is_none(text: str) -> None:
    assert read_calls(text, FUNCTIONS) == ()


def test_the_baseline_keeps_calls_of_functions_that_do_not_exist() -> None:
    text = '{"name": "moon_phase", "arguments": {"day": 3}}'
    assert read_calls(text, FUNCTIONS, any_name=True) == (Call("moon_phase", {"day": 3}),)


def test_several_calls_are_read_in_order_and_each_once() -> None:
    first, second = call(harbour="Oban", hour=7), call(harbour="Wick", hour=8)
    assert read_calls(reply(first, second, first), FUNCTIONS) == (first, second)


# -- what fits ---------------------------------------------------------------------------------------------------


def fitted(question: str, given: Call) -> dict[str, Any]:
    function = TIDES if given.name == TIDES.name else FERRIES
    return dict(fit(given, function, Said(question)).call.arguments)


def test_values_are_brought_to_the_type_the_schema_names() -> None:
    assert fitted(ASKED, call(harbour="Oban", hour="7", colour="red")) == OBAN
    ferry = call("ferry_price", start="Oban", target="Mull", share="10%", bags="[2, 3]")
    asked = "Ferry from Oban to Mull with 2 and 3 bags and a 10% rebate"
    assert fitted(asked, ferry) == {"start": "Oban", "target": "Mull", "share": 0.1, "bags": [2, 3]}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"harbour": "Oban"}, "hour is missing"),
        ({"harbour": "Oban", "hour": "noon"}, "hour: 'noon' is no number"),
        ({"harbour": "Oban", "hour": 7.5}, "hour: 7.5 is no whole number"),
        ({"harbour": "Oban", "hour": True}, "hour: True is no number"),
        ({"harbour": {"a": 1}, "hour": 7}, "harbour: {'a': 1} is no text"),
        ({"harbour": "", "hour": 7}, "harbour: '' is no text"),
        ({"harbour": "Oban", "hour": float("nan")}, "hour: nan is no number"),
    ],
)
def test_what_cannot_be_made_to_fit_is_named(given: dict[str, Any], problem: str) -> None:
    assert problem in fit(Call(TIDES.name, given), TIDES, Said(ASKED)).problems


def test_optional_arguments_that_nobody_mentioned_are_left_out() -> None:
    written_out = call(**OBAN, unit="feet", with_wind=True)
    assert fitted(ASKED, written_out) == OBAN
    assert fitted(ASKED + " In feet, with the wind.", written_out) == {**OBAN, "unit": "feet", "with_wind": True}


def test_an_enum_is_met_without_regard_to_case_and_nothing_else_passes() -> None:
    assert fitted(ASKED + " In feet.", call(**OBAN, unit="Feet"))["unit"] == "feet"
    assert "unit" not in fitted(ASKED + " In miles.", call(**OBAN, unit="miles"))


def test_required_values_that_do_not_stand_in_the_question_are_named() -> None:
    assert fit(call(harbour="Wick", hour=9), TIDES, Said(ASKED)).unfounded == ("harbour", "hour")
    assert fit(call(**OBAN), TIDES, Said(ASKED)).unfounded == ()


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("about 5% of it", 0.05),
        ("twelve boats", 12),
        ("2.5 million fish", 2_500_000),
        ("1,250 crates", 1250),
        ("on 3 May 2031", "2031-05-03"),
        ("the old lighthouses", "old lighthouse"),
        ("ask a cardiologist", "Cardiology"),
    ],
)
def test_a_value_stands_in_the_question_in_other_writing(question: str, value: Any) -> None:
    assert Said(question).has(value)
    assert not Said("something else").has(value)


@pytest.mark.parametrize(
    ("question", "value"),
    [("Which voyages did it make?", "Voyage 1"), ("carrying 20 crates", "car"), ("a ferry on 3 May", "Ferry 12")],
)
def test_a_value_with_a_number_that_nobody_said_or_the_beginning_of_another_word_does_not_stand_there(
    question: str, value: str
) -> None:
    assert not Said(question).has(value)


# -- how many calls ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "request_", "others"),
    [
        ("Oban", "tides in Oban, Wick and Mallaig?", ["Wick", "Mallaig"]),
        ("Wick", "tides in Oban, Wick and Mallaig?", ["Oban", "Mallaig"]),
        ("Oban, Scotland", "tides in Oban, Scotland and Bergen, Norway", ["Bergen, Norway"]),
        ("copper", "the price of copper, tin and lead.", ["tin", "lead"]),
        (5, "after 5, 10 and 20 days", [10, 20]),
        (5, "after 5 days and 20 days", [20]),
        ("Oban", "the way between Oban and Wick", []),
        ("Oban", "the tide in Oban and the price of bread", []),
        ("Oban", "the tide in Oban at 7", []),
        (5, "5 boats, 3 crates", []),
        ("Leith", "the tide in Oban and Wick", []),
    ],
)
def test_the_other_members_of_a_list_are_found(value: Any, request_: str, others: list[Any]) -> None:
    assert siblings(value, request_) == others


def test_a_list_makes_one_call_for_each_member_that_has_none() -> None:
    by_name = {one.name: one for one in FUNCTIONS}
    made = spread([call(**OBAN)], by_name, "How high is the tide in Oban, Wick and Leith at 7?")
    assert [one.arguments["harbour"] for one in made] == ["Oban", "Wick", "Leith"]
    ferry = Call("ferry_price", {"start": "Oban", "target": "Wick"})
    assert spread([ferry], by_name, "Ferry price for Oban and Wick") == [ferry]


def test_a_list_that_one_argument_takes_whole_is_not_spread() -> None:
    ferry = Call("ferry_price", {"start": "Oban", "target": "Mull", "bags": [2, 3]})
    assert spread([ferry], {one.name: one for one in FUNCTIONS}, "Oban to Mull with 2 and 3 bags") == [ferry]


def test_mentions_are_names_numbers_and_what_stands_in_quotes() -> None:
    assert mentions("What does Ada Berg pay for 'sea view' on 3,000 miles? Find Oban.") == (
        "Ada Berg", "sea view", "3,000", "Oban",
    )  # fmt: skip
    assert uncovered("Tide in Oban at 7 and in Wick at 9", [call(**OBAN)]) == ("Wick", "9")


def test_a_function_is_asked_for_by_the_words_that_tell_it_from_the_others() -> None:
    said = Said("What does the ferry cost?")
    assert asked_for(FERRIES, FUNCTIONS, said) and not asked_for(TIDES, FUNCTIONS, said)


# -- the whole way -----------------------------------------------------------------------------------------------


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def done(
    bench: Bench, words: str, *tools: dict[str, Any], near: float | None = 0.5, bare: bool = False, similar: Any = None
) -> tuple[Solution, list[ModelCalled]]:
    """Run the way with a fixed likeness of every function (None: no embedder); the solution and the model's calls."""
    bench._runs += 1
    name = f"{bench._runs:032x}"
    bench.journal.begin(name, bench.conversations.create(), words, model="scripted", mode="auto")
    if similar is None:
        similar = lambda left, right: None if near is None else [[near] * len(right) for _ in left]  # noqa: E731
    resources = dataclasses.replace(bench.resources(), similar=similar)
    run = Run(name, Ask(words=words, tools=tools), resources, Budget(Limits(seconds=60), threading.Event()))
    events: list[ModelCalled] = []

    def steps() -> Any:
        node = yield from run.open("function", words, None, words)
        return (yield from (bare_calls if bare else by_calling)(run, node, words, tools))

    going = steps()
    while True:
        try:
            event = next(going)
        except StopIteration as stop:
            return stop.value, events
        if isinstance(event, ModelCalled):
            events.append(event)


def calls_of(solution: Solution) -> list[Any]:
    read = json.loads(solution.answer or "")
    assert isinstance(read, list)
    return read


REST = '"harbour": "Oban", "hour": 7}}\n</tool_call>'


def test_a_request_that_fits_gives_a_call_whose_values_were_checked(bench: Bench) -> None:
    bench.model = ScriptedModel([REST])
    solution, asked = done(bench, ASKED, TIDE)
    assert calls_of(solution) == [{"name": "harbour.tide_height", "arguments": OBAN}]
    assert solution.check == "every argument fits the schema, the values stand in the question"
    assert solution.known == "model" and not solution.checked and len(asked) == 2


def test_the_form_is_begun_by_code_and_finished_by_the_model(bench: Bench) -> None:
    bench.model = model = ScriptedModel([REST])
    done(bench, ASKED, TIDE)
    assert model.calls[0].messages[-1].text == '<tool_call>\n{"name": "harbour.tide_height", "arguments": {'


def test_no_call_is_written_when_no_function_fits(bench: Bench) -> None:
    bench.model = model = ScriptedModel([REST], labels={"yes": -4.0, "no": -0.02})
    solution, _ = done(bench, "Who painted the Night Watch?", TIDE, near=0.05)
    assert calls_of(solution) == [] and "no offered function fits" in solution.text and model.calls == []


def test_a_function_that_nearly_fits_is_called_when_the_persons_words_give_all_it_needs(bench: Bench) -> None:
    nearly = {"yes": -0.5, "no": -0.93}  # with likeness 0.25: 1.18, a little below the threshold
    bench.model = ScriptedModel([REST], labels=nearly)
    solution, _ = done(bench, ASKED, TIDE, near=0.25)
    assert calls_of(solution) == [{"name": "harbour.tide_height", "arguments": OBAN}]
    bench.model = ScriptedModel([REST], labels=nearly)
    solution, _ = done(bench, "Is there a tide in Oban?", TIDE, near=0.25)
    assert calls_of(solution) == [] and "no offered function fits" in solution.text


def test_no_function_offered_is_no_call_and_no_model(bench: Bench) -> None:
    solution, asked = done(bench, ASKED, {"description": "nameless"})
    assert calls_of(solution) == [] and asked == [] and "no function is offered" in solution.reason


def test_a_call_that_does_not_fit_is_written_again_once(bench: Bench) -> None:
    bench.model = model = ScriptedModel(['"harbour": "Oban", "hour": "noon"}}', REST])
    solution, _ = done(bench, ASKED, TIDE)
    assert calls_of(solution)[0]["arguments"] == OBAN and len(model.calls) == 2
    assert "'noon' is no number" in model.calls[1].messages[-2].text


@pytest.mark.parametrize("text", ["I cannot do that.", '"harbour": "Oban"}}', "{{{{", ""])
def test_what_never_fits_is_an_honest_empty_list_with_the_reason(bench: Bench, text: str) -> None:
    bench.model = model = ScriptedModel([text])
    solution, _ = done(bench, ASKED, TIDE)
    assert calls_of(solution) == [] and solution.reason and len(model.calls) == 2


def test_a_list_in_the_request_gives_a_call_for_each_member(bench: Bench) -> None:
    bench.model = model = ScriptedModel([REST])
    solution, _ = done(bench, "How high is the tide in Oban, Wick and Leith at 7?", TIDE)
    assert [one["arguments"]["harbour"] for one in calls_of(solution)] == ["Oban", "Wick", "Leith"]
    assert len(model.calls) == 1


def test_values_that_no_call_has_make_the_model_write_another(bench: Bench) -> None:
    bench.model = ScriptedModel([REST, '"harbour": "Wick", "hour": 9}}'])
    solution, _ = done(bench, "Tell me the tide in Oban at 7. Then tell me the tide in Wick at 9.", TIDE)
    assert [one["arguments"] for one in calls_of(solution)] == [OBAN, {"harbour": "Wick", "hour": 9}]


def test_a_further_call_with_nothing_new_or_something_invented_does_not_count(bench: Bench) -> None:
    for more in (REST, '"harbour": "Leith", "hour": 9}}', '"harbour": "Oban", "hour": 3}}'):
        bench.model = ScriptedModel([REST, more])
        solution, _ = done(bench, "Tell me the tide in Oban at 7. My sister lives in Wick since 1999.", TIDE)
        assert [one["arguments"] for one in calls_of(solution)] == [OBAN], more


def test_a_second_function_that_is_asked_for_gets_its_call(bench: Bench) -> None:
    bench.model = ScriptedModel(['harbour.tide_height", "arguments": {' + REST, '"start": "Oban", "target": "Mull"}}'])
    solution, _ = done(
        bench, "How high is the tide in Oban at 7 and what is the ferry price from Oban to Mull?", TIDE, FERRY
    )
    assert [one["name"] for one in calls_of(solution)] == ["harbour.tide_height", "ferry_price"]


def test_a_further_function_half_of_whose_values_nobody_said_gets_no_call(bench: Bench) -> None:
    bench.model = ScriptedModel(['harbour.tide_height", "arguments": {' + REST, '"start": "Oban", "target": "Skye"}}'])
    solution, _ = done(
        bench, "How high is the tide in Oban at 7, and what does the ferry's price depend on?", TIDE, FERRY
    )
    assert [one["name"] for one in calls_of(solution)] == ["harbour.tide_height"]


def test_what_a_later_part_leaves_unsaid_is_as_in_the_call_before(bench: Bench) -> None:
    bench.model = ScriptedModel([REST, '"harbour": "Wick", "hour": 12}}', '"harbour": "Leith", "hour": 0}}'])
    solution, _ = done(
        bench, "I sail at 7. How high is the tide in Oban? Then how high is it in Wick? Also in Leith then?", TIDE
    )
    assert [one["arguments"] for one in calls_of(solution)] == [
        OBAN,
        {**OBAN, "harbour": "Wick"},
        {**OBAN, "harbour": "Leith"},
    ]


def test_a_request_of_which_nothing_stands_in_the_call_gets_none(bench: Bench) -> None:
    bench.model = ScriptedModel(['"harbour": "Leith", "hour": 12}}'])
    solution, _ = done(bench, "How do tides come about?", TIDE)
    assert calls_of(solution) == [] and "does not say harbour, hour" in solution.reason


def test_the_model_is_not_asked_about_a_function_that_is_very_like_the_request(bench: Bench) -> None:
    bench.model = ScriptedModel([REST], labels={"yes": -4.0, "no": -0.02})
    made = {near: calls_of(done(bench, ASKED, TIDE, near=near)[0]) for near in (0.9, 0.55)}
    assert made[0.9] and not made[0.55]


def test_several_functions_for_several_parts_are_written_part_by_part(bench: Bench) -> None:
    words = "I want the tide height in Oban at 7. What is the ferry price from Mull to Iona?"

    def near(left: Any, right: Any) -> list[list[float]]:
        return [[0.7 if word in part.lower() else 0.3 for word in ("tide", "ferry")] for part in left]

    bench.model = model = ScriptedModel([REST, '"start": "Mull", "target": "Iona"}}'])
    solution, _ = done(bench, words, TIDE, FERRY, similar=near)
    assert [one["name"] for one in calls_of(solution)] == ["harbour.tide_height", "ferry_price"]
    assert [call.messages[1].text for call in model.calls] == [words[:36], words[37:]]


def test_what_was_added_to_a_list_is_taken_out_again() -> None:
    crates = read_functions(
        [
            {
                "name": "load",
                "parameters": {
                    "properties": {"goods": {"type": "array", "items": {"type": "string"}}},
                    "required": ["goods"],
                },
            }
        ]
    )
    one = fit(Call("load", {"goods": ["Salt", "Rope", "Tea"]}), crates[0], Said("Load salt and rope."))
    assert one.call.arguments == {"goods": ["Salt", "Rope"]}


def test_a_guessed_value_is_said(bench: Bench) -> None:
    bench.model = ScriptedModel(['"harbour": "Oban", "hour": 12}}'])
    solution, _ = done(bench, "How high is the tide in Oban?", TIDE)
    assert "not in the question, so guessed: hour" in solution.check


def test_without_an_embedder_words_in_common_count(bench: Bench) -> None:
    bench.model = ScriptedModel([REST])
    assert calls_of(done(bench, ASKED, TIDE, near=None)[0])
    bench.model = ScriptedModel([REST], labels={"yes": -4.0, "no": -0.02})
    assert not calls_of(done(bench, "Who painted the Night Watch?", TIDE, near=None)[0])


def test_the_baseline_is_one_call_and_takes_what_comes(bench: Bench) -> None:
    bench.model = model = ScriptedModel([reply(call(harbour="Leith", hour="noon"))])
    solution, asked = done(bench, ASKED, TIDE, bare=True)
    assert calls_of(solution)[0]["arguments"] == {"harbour": "Leith", "hour": "noon"} and len(asked) == 1
    assert "<tools>" in model.calls[0].messages[0].text and model.calls[0].messages[-1].text == ASKED
    bench.model = ScriptedModel(["It is about three metres."])
    assert calls_of(done(bench, ASKED, TIDE, bare=True)[0]) == []


def test_functions_that_are_offered_go_before_everything_else(bench: Bench) -> None:
    bench.model = ScriptedModel([REST])
    told = answer(bench.ask(ASKED, tools=(TIDE,)))
    assert json.loads(told.answer or "") == [{"name": "harbour.tide_height", "arguments": OBAN}]
    assert told.known == "model" and not told.checked and "fits the schema" in told.check
    told = answer(bench.ask("What is 2+3?", tools=(TIDE,), mode="bare"))
    assert told.answer is not None and json.loads(told.answer) == []


def test_a_reply_that_goes_on_after_its_call_is_ended(bench: Bench) -> None:
    bench.model = model = ScriptedModel([REST + "\nThis call finds the tide. " + "It is high. " * 60])
    assert calls_of(done(bench, ASKED, TIDE)[0]) and model.pieces_sent < 20
