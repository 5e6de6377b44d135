"""long_counts.py: messages and mentions are counted by code, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.long_counts import counted, read_messages

CHAT = "\n".join(
    f"[{'12.03.26, ' if n % 2 else ''}09:{n:02}] {who}: message {n} about the boat"
    for n, who in enumerate(["Ada", "Bo", "Ada", "Cleo", "Ada", "Bo"] * 5)
)
THREAD = "\n\n".join(
    f"From: {who} <x@example.org>\nDate: Mon, {n} Jun 2026\n\nThe boat is late. From: here to there is far."
    for n, who in enumerate(["Ada Lund", "Bo Marsh", "Ada Lund", "Bo Lund", "Ada Lund", "Bo Marsh"], 1)
)
WHATSAPP = "\n".join(f"12/03/26, 09:{n:02} - {who}: hello {n}" for n, who in enumerate(["Ada", "Bo"] * 4))
PROSE = "\n".join(f"The boat left at 09:{n:02} and the log says: nothing new." for n in range(20))


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("How many messages did Ada write?", CHAT, "15"),
        ("How many messages are from Bo?", CHAT, "10"),
        ("How many messages are there in this chat?", CHAT, "30"),
        ("Who wrote the most messages?", CHAT, "Ada (15)"),
        ("Who sent the last message?", CHAT, "Bo"),
        ("Who took part in this chat?", CHAT, "Ada, Bo, Cleo"),
        ("How many people took part in this chat?", CHAT, "3"),
        ("How many messages did Bo send?", WHATSAPP, "4"),
        ("How many mails did Ada Lund write?", THREAD, "3"),
        ("How many e-mails were sent by Marsh?", THREAD, "2"),
        ("Who wrote the first mail?", THREAD, "Ada Lund"),
        ("How often is the boat mentioned?", "The boat. A boathouse. THE BOAT!", "2"),
        ('How many times does the word "boat" appear in the text?', "Boat and boats, boat.", "2"),
        ("How often is Ada Lund mentioned in the text?", "Ada\nLund met Ada.", "1"),
    ],
)
def test_what_is_asked_for_is_counted(question: str, text: str, answer: str) -> None:
    found = counted(question, text)
    assert found is not None and found.answer == answer and "counted by code" in found.check


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many messages did Dora write?", CHAT),
        ("How many mails did Lund write?", THREAD),  # two of that name
        ("How many messages about the boat did Ada write?", CHAT),
        ("How many messages did Ada write before noon?", CHAT),
        ("How many messages did Ada write?", PROSE),
        ("Who wrote the last message?", PROSE),
        ("How often is it mentioned?", CHAT),
        ("How often is the boat used?", "The boat is used twice a week."),
        ("How often does the alarm occur?", "The alarm occurs daily."),
        ("How many boats did Ada write about?", CHAT),
    ],
)
def test_nothing_else_is_counted(question: str, text: str) -> None:
    assert counted(question, text) is None


def test_prose_with_times_is_no_chat() -> None:
    assert read_messages(PROSE) == () and len(read_messages(CHAT)) == 30


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, ScriptedModel(["7"]))
    yield made
    made.close()


def test_a_pasted_chat_is_counted_without_a_model(bench: Bench) -> None:
    done = answer(bench.ask(f"{CHAT}\n\nHow many messages did Ada write?"))
    assert (done.answer, done.known, done.checked, done.calls) == ("15", "computed", True, 0)
    assert "all 30 messages" in done.check and len(done.citations) == 3


def test_an_attached_chat_too(bench: Bench) -> None:
    done = answer(bench.ask("How many messages did Ada write?", given=bench.documents(chat=CHAT)))
    assert (done.answer, done.checked) == ("15", True)
