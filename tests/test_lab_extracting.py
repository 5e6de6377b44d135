"""extracting_*.py: which number, letter, yes or no and which calls a reply gives, however it is written."""

from __future__ import annotations

import time
from typing import Any

import pytest

from lottery_chat.lab.extracting_calls import calls
from lottery_chat.lab.extracting_letters import letter
from lottery_chat.lab.extracting_numbers import last_number
from lottery_chat.lab.extracting_unsaid import not_said
from lottery_chat.lab.extracting_yes_no import yes_no

NUMBERS: list[tuple[str, float | None]] = [
    ("$1,234.50", 1234.5),
    ("**42**", 42),
    ("= 42.", 42),
    (r"\boxed{42}", 42),
    (r"The final answer is $\boxed{\$1,080}$, which took 3 steps.", 1080),
    (r"\[ \frac{3}{4} \]", 0.75),
    (r"It is \(\boxed{36 \text{ kg}}\).", 36),
    ("42%", 42),
    ("3/4", 0.75),
    ("2 1/2 cups", 2.5),
    ("about 1.5 million people", 1_500_000),
    ("1,000,000 people", 1_000_000),
    ("1, 2, 3", 3),
    ("1e-06", 1e-6),
    ("3 × 10^5", 300_000),
    ("The answer is 12 plums. There are 3 trees.", 12),
    ("the answer is 5 + 3 = 8", 8),
    ("Answer:\n\n12", 12),
    ("#### 7", 7),
    ("**Answer:** -5", -5),
    ("x is −3.5.", -3.5),
    ("-$12", -12),
    ("$-12", -12),
    ("10-3 = 7", 7),
    ("between 5-7", 7),
    ("So Ida has **42** plums after 7 days.", 42),
    ("It costs 5 * 3 = 15 euros over 2 days.", 15),
    ("**Step 1:** 3\n**Step 2:** 4 + 5 = 9", 9),
    ("She answered 5 questions.\nSo 12.", 12),
    ("5929597.583333333", 5929597.583333333),
    ("no number at all", None),
    ("", None),
    ("A4, B12 and model3x", None),
    ("135 min (2 h 15 min)", 135),
    ("It is 12 (3 × 4).", 12),
    ("(a) 3 (b) 4", 4),
    ("The trip (4 days) costs 90 euros", 90),
    ("1/0", None),
    ("1e999", None),
    ("9" * 400, None),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_the_number_of_a_reply(text: str, expected: float | None) -> None:
    assert last_number(text) == (pytest.approx(expected, rel=1e-12) if expected is not None else None)


TRUTH = ["A) True", "B) False"]
UNKNOWN = [*TRUTH, "C) Unknown"]
BIRDS = ["A) The wren is first.", "B) The rook is first.", "C) The kite is first."]
LETTERS: list[tuple[str, list[str], str | None]] = [
    ("B", TRUTH, "B"),
    ("(B)", TRUTH, "B"),
    ("c", BIRDS, "C"),
    ("B) False", TRUTH, "B"),
    ("**C**", BIRDS, "C"),
    (r"\boxed{B}", BIRDS, "B"),
    (r"\boxed{\text{C}}", BIRDS, "C"),
    ("The answer is (C) because it flies ahead of A.", BIRDS, "C"),
    ("The answer is A", BIRDS, "A"),
    ("The correct option is:\n\nB) The rook is first.", BIRDS, "B"),
    ("Option A is wrong. Option B is wrong. So the answer is C.", BIRDS, "C"),
    ("A is not possible. Therefore, (B).", BIRDS, "B"),
    ("Option A is correct because it says so; B) is false.", TRUTH, "A"),
    ("The kite is first.", BIRDS, "C"),
    ("The answer is The rook is first.", BIRDS, "B"),
    ("True", TRUTH, "A"),
    ("True. Let me explain: it is false that wrens swim.", TRUTH, "A"),
    ("The statement is false.", TRUTH, "B"),
    ("The statement is not true.", TRUTH, "B"),
    ("Is it true or false? It follows that the statement is **true**.", UNKNOWN, "A"),
    ("It is true that Ida is kind, so the statement is false.", UNKNOWN, "B"),
    ("It cannot be determined from the text.", UNKNOWN, "C"),
    ("There is not enough information.", ["A) True", "B) False", "C) Uncertain"], "C"),
    ("Yes, she is.", TRUTH, "A"),
    ("A wren is a bird.", BIRDS, None),
    ("The correct answer is A good one.", BIRDS, None),
    ("\n".join(BIRDS), BIRDS, None),
    ("True, false, or unknown?", UNKNOWN, None),
    ("I like birds.", BIRDS, None),
    ("", BIRDS, None),
    ("The kite is first.", ["The wren is first.", "The rook is first.", "The kite is first."], "C"),
]


@pytest.mark.parametrize(("text", "options", "expected"), LETTERS)
def test_the_letter_of_a_reply(text: str, options: list[str], expected: str | None) -> None:
    assert letter(text, options) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes.", "yes"),
        ("**No**", "no"),
        ("No, she is not.", "no"),
        ("No. Wait. The answer is yes.", "yes"),
        ("She rowed home. Therefore, no, she did not stay.", "no"),
        ("The answer: No", "no"),
        ("It is true.", "yes"),
        ("False", "no"),
        ("Nein.", "no"),
        ("No evidence was found", None),
        ("There is no such thing.", None),
        ("maybe", None),
        ("Yesterday", None),
        ("", None),
    ],
)
def test_the_yes_or_no_of_a_reply(text: str, expected: str | None) -> None:
    assert yes_no(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The documents do not say.",
        "The text does not mention her age.",
        "The passage doesn't provide any information about this.",
        "It is not stated.",
        "not stated",
        "Unanswerable",
        "I don't know.",
        "I'm sorry, but I can't find it.",
        "There is no information about boats in the article.",
        "It cannot be determined from the text.",
        "Ida is a miller. Her age is not mentioned in the text.",
        "Das steht nicht im Text.",
    ],
)
def test_that_it_is_not_said_is_heard(text: str) -> None:
    assert not_said(text)


@pytest.mark.parametrize("text", ["Odd", "1971", "She did not go to Odd.", "The king said no.", "", "Not far away."])
def test_an_answer_is_not_heard_as_not_said(text: str) -> None:
    assert not not_said(text)


def test_what_stands_below_the_line_of_a_belief_is_not_heard() -> None:
    assert not not_said("In Odd.\n---\nThe text does not say.")


ONE: list[tuple[str, dict[str, Any]]] = [("row", {"to": "Odd", "hours": 2})]
CALLS: list[tuple[str, list[tuple[str, dict[str, Any]]] | None]] = [
    ('[{"name": "row", "arguments": {"to": "Odd", "hours": 2}}]', ONE),
    ('{"name": "row", "parameters": {"to": "Odd", "hours": 2}}', ONE),
    ('Sure!\n```json\n{"name": "row", "arguments": {"to": "Odd", "hours": 2}}\n```\nDone.', ONE),
    ('<tool_call>\n{"name": "row", "arguments": {"to": "Odd", "hours": 2}}\n</tool_call>', ONE),
    ('{"type": "function", "function": {"name": "row", "arguments": "{\\"to\\": \\"Odd\\", \\"hours\\": 2}"}}', ONE),
    ('{"tool_calls": [{"name": "row", "arguments": {"to": "Odd", "hours": 2}}]}', ONE),
    ('[{"row": {"to": "Odd", "hours": 2}}]', ONE),
    ("{'name': 'row', 'arguments': {'to': 'Odd', 'hours': 2}}", ONE),
    ('row(to="Odd", hours=2)', ONE),
    ('```python\nboat = row(to="Odd", hours=2)\n```', ONE),
    ('I would call `row(to="Odd", hours=2)` now.', ONE),
    ('row("Odd", 2)', [("row", {"0": "Odd", "1": 2})]),
    ("[row(fast=true), a.b(list=[1, -2])]", [("row", {"fast": True}), ("a.b", {"list": [1, -2]})]),
    (
        '<tool_call>{"name": "row", "arguments": {}}</tool_call><tool_call>{"name": "row"}</tool_call>',
        [("row", {}), ("row", {})],
    ),
    ("[]", []),
    ("```json\n[]\n```", []),
]


@pytest.mark.parametrize(("text", "expected"), CALLS)
def test_the_calls_of_a_reply(text: str, expected: list[tuple[str, dict[str, Any]]]) -> None:
    assert calls(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "None of these fits.",
        '{"name": "Ida", "age": 3}',
        '{"name": "row", "description": "Rows.", "parameters": {"type": "object", "properties": {"to": {}}}}',
        "import math\nprint(math.sqrt(4))",
        '```python\nimport os\nrow(to="Odd")\n```',
        '{"name": "row", "arguments": {"to": "Od',
        "[1, 2, 3]",
        "I rowed (to=Odd).",
    ],
)
def test_what_is_no_call_is_none(text: str) -> None:
    assert calls(text) is None


@pytest.mark.parametrize(
    "argument", ['__import__("os").getcwd()', "open('x')", "[n for n in (1,)]", "1 if x else 2", "x"]
)
def test_an_argument_that_would_have_to_be_run_makes_it_no_call(argument: str) -> None:
    assert calls(f"row(to={argument})") is None


@pytest.mark.parametrize("noise", ["{" * 30_000, "[(" * 20_000, "a(" * 20_000, "f(a=" * 10_000, "1/" * 30_000, "1," * 30_000,
                                   "(A) so the answer is " * 3_000, "not " * 20_000, "the text " * 10_000])  # fmt: skip
def test_noise_costs_no_seconds_and_raises_nothing(noise: str) -> None:
    started = time.thread_time()
    calls(noise), last_number(noise), letter(noise, BIRDS), letter(noise, UNKNOWN), yes_no(noise), not_said(noise)
    assert time.thread_time() - started < 8
