"""long_records.py, long_by_code.py: keys are looked up by code, with the line; what is no plain look-up is left alone."""

from __future__ import annotations

import json
import secrets
import time

import pytest

from knowledge.embedding import HashingEmbedder
from knowledge.passing import PassingLibrary
from lottery_chat.planner.long_by_code import decided_by_code, decided_in_document
from lottery_chat.planner.long_records import LookedUp, look_up, read_records

DESKS = "Registry: 08:15\nCashier: 09:00\nArchive: 10:30\nPost room: 07:45"


def test_every_key_of_a_long_object_is_found() -> None:
    pairs = {secrets.token_hex(8): secrets.token_hex(8) for _ in range(300)}
    text = json.dumps(pairs, indent=1)
    for number, (key, value) in enumerate(pairs.items()):
        found = look_up(f'What is the value of "{key}" in this JSON object?', text)
        assert found is not None and found.answer == value and found.records[0].line == number + 2


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("What is the value for Archive?", "10:30"),
        ("Look up the Post room.", "07:45"),
        ("What are the values of Cashier and Archive?", "Cashier: 09:00; Archive: 10:30"),
        ("Which key has the value 09:00?", "Cashier"),
        ("How many entries are there?", "4"),
    ],
)
def test_a_look_up_in_lines_is_answered(asked: str, answer: str) -> None:
    found = look_up(asked, DESKS)
    assert found is not None and found.answer == answer


@pytest.mark.parametrize(
    "asked",
    [
        "When does the Archive close?",
        "Does the Cashier open before the Archive?",
        "Is the Archive open at 11:00?",
        "How long after the Registry does the Cashier open?",
        "What is the capital of Norway?",
    ],
)
def test_a_question_that_asks_more_is_left_to_others(asked: str) -> None:
    assert look_up(asked, DESKS) is None


def test_a_key_that_is_not_there_is_said_not_to_be_there() -> None:
    found = look_up('What is the value of "b9"?', '{"a1": 1, "a2": 2, "a3": {"x": true}}')
    assert found == LookedUp("", (), 3, "b9") and "none of the 3 keys" in found.check


def test_a_key_that_comes_twice_is_shown_twice() -> None:
    found = look_up('What is the value of "k"?', '{"k": 1, "m": 3, "k": 2}')
    assert found is not None and [one.value for one in found.records] == ["1", "2"]


def test_nested_keys_have_their_path() -> None:
    assert [one.key for one in read_records('{"desk": {"floor": 2, "open": ["mon", "tue"]}}')] == ["desk.floor", "desk.open.0", "desk.open.1"]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["{" * 100_000, '{"a":' * 50_000, "a: " * 50_000, ": : :\n" * 20_000, "x" * 200_000 + ": 1", "He said: go.\nThen he left.\nAnd so on."],
)  # fmt: skip
def test_hostile_or_other_texts_are_no_records_and_cost_little(text: str) -> None:
    started = time.thread_time()
    assert look_up('What is the value of "k1"?', text) is None
    assert time.thread_time() - started < 3


def test_a_message_with_its_list_is_decided_with_a_quote() -> None:
    decided = decided_by_code(f"{DESKS}\n\nWhat is the entry for the Archive?")
    assert decided is not None and isinstance(decided.found, LookedUp)
    assert decided.found.records[0].quote == "Archive: 10:30"


def test_an_attached_file_is_read_in_the_same_way() -> None:
    base = PassingLibrary(HashingEmbedder)
    one = base.add_text("desks.txt", DESKS)
    decided = decided_in_document("What is the value of Cashier?", base, ())
    assert decided is not None and (decided.title, decided.document) == ("desks.txt", one.id)
    base.add_text("other.txt", "Nothing is here.")
    assert decided_in_document("What is the value of Cashier?", base, ()) is None
