"""The extractors on real replies of the small models: what they take as the answer is what a careful person reads.

recordings/replies.jsonl holds own questions in the forms of the lab's tasks, what the model wrote (greedy, no system
prompt, at most 300 tokens, so that some break off) and the answer that a person read in it, right or not; null where
there is none.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from lottery_chat.lab.extracting_calls import calls
from lottery_chat.lab.extracting_letters import letter
from lottery_chat.lab.extracting_numbers import last_number
from lottery_chat.lab.extracting_unsaid import not_said
from lottery_chat.lab.extracting_yes_no import yes_no
from lottery_chat.lab.judging import judge_open
from lottery_chat.lab.values import Item, Replied

FILE = Path(__file__).parent / "recordings" / "replies.jsonl"
#: Share of the replies that must be read as a person reads them.
AGREED = 0.98

Recorded = Mapping[str, Any]
ROWS: list[Recorded] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def opened(row: Recorded) -> str | None:
    """The person's answer if the judge of open questions finds it in the reply."""
    item = Item(row["id"], row["question"], [row["expected"] or "nothing of the kind"])
    right = judge_open(item, Replied(row["reply"], None, "answered")).outcome == "right"
    return str(item.gold[0]) if right else None


READ: Mapping[str, Callable[[Recorded], Any]] = {
    "number": lambda row: last_number(row["reply"]),
    "letter": lambda row: letter(row["reply"], row["options"]),
    "yes_no": lambda row: yes_no(row["reply"], row["question"]),
    "calls": lambda row: [list(one) for one in found] if (found := calls(row["reply"])) is not None else None,
    "not_said": lambda row: not_said(row["reply"]),
    "open": opened,
}


def disagreements(rows: Sequence[Recorded]) -> list[str]:
    """A line for each reply that is read otherwise than by the person."""
    return [
        f"{row['id']} {row['kind']}: read as {read!r}, not {row['expected']!r}: …{row['reply'][-80:]!r}"
        for row in rows
        if (read := READ[row["kind"]](row)) != row["expected"]
    ]


def test_real_replies_are_read_as_a_person_reads_them() -> None:
    found = disagreements(ROWS)
    assert len(found) <= (1 - AGREED) * len(ROWS), "\n".join(found)


def test_there_are_a_hundred_replies_of_every_kind_and_of_each_way_to_end() -> None:
    kinds = Counter(row["kind"] for row in ROWS)
    assert len(ROWS) >= 100 and set(kinds) == set(READ) and min(kinds.values()) >= 10
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert sum(row["expected"] is None for row in ROWS) >= 5
    stepwise = [row for row in ROWS if row["question"].endswith("Let's think step by step.")]
    assert len(stepwise) >= 0.3 * len(ROWS)


def test_a_reading_that_is_wrong_is_listed() -> None:
    wrong = [{**row, "expected": "Z"} for row in ROWS if row["kind"] == "letter"]
    assert len(disagreements(wrong)) == len(wrong) > 0


# -- what the recordings taught, in short words of our own ---------------------------------------------------------

WORK = (
    "We go through it one by one, slowly, so that nothing is left out, and write every line down as we go along. " * 4
)
UNKNOWN = ["A) True", "B) False", "C) Unknown"]
BOATS = ["A) The ferry is last.", "B) The tug is last.", "C) The canoe is last."]
STEPS = "".join(f"{n}. Every boat {n} floats.\n   - This statement is true.\n\n" for n in range(1, 5))
ONE_BY_ONE = "A) The ferry is last.\n- This statement is not certain, for it may be first.\n\nB) The tug is last.\n- This statement"
CUT = [
    (last_number, WORK + "The sum is:\n\\[ 12 + 30 = \\frac", None),
    (last_number, WORK + "The sum is:\n\\[ 12 + 30 = 42 \\]", 42),
    (last_number, WORK + "\n```python\nboats = 12\nprint(boats + ", None),
    (last_number, WORK + "\n```python\nprint(42)\n```\n```output\n42\n```", 42),
    (last_number, WORK + "12 + 30 = 42.\n\nTherefore, the number of boats", None),
    (last_number, WORK + "12 + 30 = 42.\n\nTherefore, there are 42 boats", 42),
    (last_number, WORK + "So it is \\(\\boxed{42", 42),
    (lambda text: letter(text, UNKNOWN), STEPS + "Since all of them float, we can", None),
    (lambda text: letter(text, UNKNOWN), STEPS + "Therefore, the statement is false.", "B"),
    (lambda text: letter(text, UNKNOWN), "It floats. This statement is true.", "A"),
    (lambda text: letter(text, BOATS), ONE_BY_ONE, None),
    (lambda text: letter(text, BOATS), ONE_BY_ONE + " is false.\n\nThe canoe is last.", "C"),
]


@pytest.mark.parametrize(("read", "text", "expected"), CUT)
def test_a_reply_that_breaks_off_before_its_conclusion_has_none(
    read: Callable[[str], Any], text: str, expected: Any
) -> None:
    assert read(text) == expected


ASKED = "Would a canoe sink in the harbour?"


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("The final answer is:\n\\[\n\\boxed{\\text{Yes}}\n\\]", "", "yes"),
        ("A canoe would sink in the harbour.", ASKED, "yes"),
        ("A canoe would not sink in the harbour. It floats.", ASKED, "no"),
        ("Boats are light. Therefore, a canoe wouldn't sink in the harbour.", ASKED, "no"),
        ("A canoe would not sink in the harbour.", "Would a canoe not sink in the harbour?", "yes"),
        ("To see whether a canoe would sink in the harbour, we look at its weight.", ASKED, None),
        ("Would a canoe sink in the harbour?", ASKED, None),
        ("A ferry would sink.", ASKED, None),
        ("A canoe would sink in the harbour.", "", None),
    ],
)
def test_a_question_said_again_as_a_statement_is_yes_or_no(text: str, question: str, expected: str | None) -> None:
    assert yes_no(text, question) == expected


@pytest.mark.parametrize("after", ["", "\n</tool_call>", "\n```\nDone."])
def test_a_call_that_lacks_nothing_but_its_last_brace_is_read(after: str) -> None:
    assert calls('{"name": "row", "arguments": {"to": "Odd"}' + after) == [("row", {"to": "Odd"})]
    assert calls('{"name": "row", "arguments": {"to": "Odd"' + after) is None


def test_a_refusal_does_not_say_that_the_text_does_not_say() -> None:
    assert not not_said("I'm sorry, but I can't help you with this request.")
    assert not_said("I'm sorry, but the text does not mention it.")
