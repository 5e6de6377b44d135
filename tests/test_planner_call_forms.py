"""call_forms.py, call_json.py: calls in every form a model writes them, repaired where they are broken, never a crash."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from lottery_chat.events import TextReplaced, ToolCalled, ToolReturned
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.call_forms import LONGEST, inline_calls, json_calls, read_forms
from lottery_chat.planner.call_json import read_lenient
from lottery_chat.planner.calls_form import read_calls, read_functions

WEATHER = '{"name": "weather", "arguments": {"city": "Graz", "days": 3}}'


@pytest.mark.parametrize(
    ("text", "name", "inner", "said"),
    [
        ("That is [Calculator(3*4)] lamps.", "Calculator", "3*4", ""),
        ("so [Calc(12 * (3 + 1)) → 48] in all", "Calc", "12 * (3 + 1)", "48"),
        ("so [Calc(12/5) -> 2.4].", "Calc", "12/5", "2.4"),
        ('[ Calculator ( "7 + 8" ) ]', "Calculator", "7 + 8", ""),
        ("[Search(opening hours of the museum)]", "Search", "opening hours of the museum", ""),
    ],
)
def test_inline_calls_are_read_with_their_place(text: str, name: str, inner: str, said: str) -> None:
    (call,) = inline_calls(text)
    assert (call.name, call.input, call.said) == (name, inner, said)
    assert text[call.start] == "[" and text[call.end - 1] == "]"


@pytest.mark.parametrize(
    "text",
    [
        "[a link](https://example.org)",
        "[1] and (2)",
        "x[i(3)",
        "[f(1)",
        "f(3)]",
        "[Calc(1\n+2)]",
        "[ ](3)",
        "a [1](2) b",
    ],
)
def test_what_only_looks_like_an_inline_call_is_none(text: str) -> None:
    assert inline_calls(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        f"<tool_call>\n{WEATHER}\n</tool_call>",
        f"```json\n{WEATHER}\n```",
        f"I call it now: {WEATHER} and wait.",
        '<tool_call>{"name": "weather", "arguments": {"city": "Graz", "days": 3,}}</tool_call>',
        "<tool_call>{'name': 'weather', 'arguments': {'city': 'Graz', 'days': 3}}</tool_call>",
        '<tool_call>{"name": "weather", "arguments": {"city": "Graz", "days": 3}</tool_call>',
        '<tool_call>{"name": "weather", "arguments": {"city": "Graz", "days": 3',
        '{name: "weather", arguments: {city: "Graz", days: 3}}',
        '{"name": "weather", "arguments": {"city": "Graz" "days": 3}}',
        '{"name": "weather", "arguments": "{\\"city\\": \\"Graz\\", \\"days\\": 3}"}',
        '{"function": {"name": "weather", "parameters": {"city": "Graz", "days": 3}}}',
        '{"tool_calls": [{"type": "function", "function": {"name": "weather", "arguments": {"city": "Graz", "days": 3}}}]}',
        "{“name”: “weather”, “arguments”: {“city”: “Graz”, “days”: 3}}",
        'It [really] is {so} that {"name": "weather", "arguments": {"city": "Graz", "days": 3}}',
    ],
)
def test_a_call_is_read_in_every_form_and_repaired(text: str) -> None:
    (call,) = json_calls(text)
    assert call.name == "weather" and dict(call.arguments) == {"city": "Graz", "days": 3}


def test_several_calls_of_both_forms_come_in_their_order() -> None:
    text = (
        f"First [Calc(1+1)], then <tool_call>{WEATHER}</tool_call>, <tool_call>{WEATHER}</tool_call> and [Calc(2+2)]."
    )
    assert [call.form for call in read_forms(text)] == ["inline", "tool_call", "tool_call", "inline"]


def test_constants_and_apostrophes_are_read_as_they_are_meant() -> None:
    value, end = read_lenient("{'a': True, 'b': None, 'c': 'it's', d: 1e3, e: -4, f: [1 2,], g: abc} tail")
    assert value == {"a": True, "b": None, "c": "it's", "d": 1000.0, "e": -4, "f": ["1 2"], "g": "abc"}
    assert end == len("{'a': True, 'b': None, 'c': 'it's', d: 1e3, e: -4, f: [1 2,], g: abc}")


def test_valid_json_is_read_as_json_reads_it() -> None:
    values = [{"a": [1, 2.5, -3e-4, {"b": 'ü"\\\n'}], "c": {}, "d": []}, [], [[[]]], [True, False, None, ""]]
    for value in values:
        for written in (json.dumps(value), json.dumps(value, indent=2), json.dumps(value, ensure_ascii=False)):
            assert read_lenient(written) == (value, len(written))


def test_broken_calls_of_the_offered_functions_are_mended_too() -> None:
    functions = read_functions(
        [{"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}]
    )
    (call,) = read_calls('<tool_call>{"name": "weather", "arguments": {"city": "Graz",},}</tool_call>', functions)
    assert call.arguments == {"city": "Graz"}


HOSTILE = [
    "", "{", "[", "[[[[" * 5_000, "{" * 20_000, '{"a":' * 10_000, "[Calc(" * 8_000, "[Calc(" + "(" * 30_000,
    "{" + "'" * 30_000, "<tool_call>" * 4_000, "[a(b) " + " " * 40_000 + "]", "\x00{\ud800}", '{"name": null, "arguments": 3}',
    '{"name": {"name": {}}, "arguments": []}', '{"name": "' + "x" * 30_000 + '", "arguments": {}}', "[" * 41 + "]" * 41,
    '{"a": 1' + "0" * 5_000 + "}", "{\\", '{"\\u12', "[Calc() →", "{:}", "{,}", "[,]", '{"name": "f", "arguments": "{"}',
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_ends_in_a_moment_with_a_list(text: str) -> None:
    started = time.process_time()
    assert isinstance(read_forms(text), tuple)
    assert time.process_time() - started < 2.0


def test_two_thousand_mutations_of_calls_never_raise_and_stay_quick() -> None:
    rng = random.Random(7)
    seeds = [
        WEATHER,
        f"<tool_call>{WEATHER}</tool_call>",
        "It is [Calculator(3*(4+5)) → 27] now",
        f"```json\n[{WEATHER}]\n```",
    ]
    letters = "{}[]()\"',:→\\ \n<>/au0-.→=\x00é“”"
    read = 0
    started = time.process_time()
    for _ in range(2_000):
        text = list(rng.choice(seeds))
        for _ in range(rng.randint(1, 6)):
            if not text:
                break
            at = rng.randrange(len(text))
            kind = min(rng.randrange(16) // 5, 3)
            if kind == 0:
                del text[at]
            elif kind == 1:
                text.insert(at, rng.choice(letters))
            elif kind == 2:
                text[at] = rng.choice(letters)
            else:
                text = text[: at + 1]
        for call in read_forms("".join(text)):
            read += 1
            assert 0 <= call.start < call.end <= LONGEST and call.name
            json.dumps(dict(call.arguments))
    assert read > 600, "most mutations leave something to read"
    assert time.process_time() - started < 20


# -- in the model's text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("You need [Calculator(12*7)] tiles.", "You need 84 tiles."),
        ("You need [Calc(12*7) → 85] tiles, and [Calc(84/2)] bags.", "You need 84 tiles, and 42 bags."),
        ("You need [Calc(12*7) → 84] 84 tiles.", "You need 84 tiles."),
        ("You need [Search(12*7)] tiles.", "You need [Search(12*7)] tiles."),
        ("You need [Calc(12/0)] tiles.", "You need [Calc(12/0)] tiles."),
    ],
)
def test_a_calculator_call_in_a_letter_is_replaced_by_its_value(tmp_path: Path, written: str, shown: str) -> None:
    bench = Bench(tmp_path, ScriptedModel([written]))
    events = bench.ask("Write a short note to my tiler.")
    ended = answer(events)
    assert ended.text == shown and ended.known == "model" and not ended.checked
    changed = shown != written
    assert any(isinstance(one, TextReplaced) and one.text == shown for one in events) == changed
    assert any("Calculated inside the model's text" in one for one in ended.notices) == changed
    if changed:
        assert {one.tool for one in events if isinstance(one, ToolCalled)} == {"calculator"}
        assert all(one.made_at and one.version for one in events if isinstance(one, ToolReturned))
    bench.close()
