"""Notes at the person's word: kept as they were said, quoted back, forgotten; what does not speak of memory is left alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from lottery_chat.events import ToolCalled, ToolReturned
from lottery_chat.planner.by_memory import read_memory

NOTED = [
    ("Remember that my bike lock is 4417.", "my bike lock is 4417"),
    ("Please note that the boiler man comes on Friday", "the boiler man comes on Friday"),
    ("Keep in mind that Ole is allergic to nuts!", "Ole is allergic to nuts"),
    ("Remember: blue paint for the door", "blue paint for the door"),
    ("note down: two bags of cement", "two bags of cement"),
    ("Remember my shoe size is 43", "my shoe size is 43"),
    ("Merk dir, dass der Zug um 7 fährt", "der Zug um 7 fährt"),
    ("Notiere: Milch kaufen", "Milch kaufen"),
    ("Don't forget that rent is due on the 3rd", "rent is due on the 3rd"),
]
RECALLED = [
    ("What did I note about the boiler?", "the boiler"),
    ("what did I note?", ""),
    ("What do you remember about Ole?", "Ole"),
    ("List my notes", ""),
    ("What have I noted on cement?", "cement"),
    ("What did I ask you to remember?", ""),
    ("Was habe ich über den Zug notiert?", "den Zug"),
    ("Zeige meine Notizen", ""),
    ("What did I tell you to remember about paint?", "paint"),
]
FORGOTTEN = [
    ("Forget what I noted about the boiler", "the boiler"),
    ("forget my notes", "my notes"),
    ("Delete the note about cement", "cement"),
    ("Vergiss alles", "alles"),
    ("Lösche die Notiz über den Zug", "den Zug"),
    ("forget that Ole is allergic to nuts", "Ole is allergic to nuts"),
]
CELLS = [
    ("push 5 onto the stack", "push", "", "5"),
    ("pop", "pop", "", ""),
    ("write 42 to cell total", "write", "total", "42"),
    ("read cell total", "read", "total", ""),
    ("What is in cell total?", "read", "total", ""),
    ("copy cell total to cell spare", "copy", "total", "spare"),
    ("list the cells", "list", "", ""),
]
#: What must not be taken for a wish of memory.
OTHERS = [
    "Do you remember the Alamo?",
    "Remember when we talked about cheese?",
    "What should I note in a lab report?",
    "How do I forget an ex?",
    "Note that in Python lists are mutable. Why?",
    "Who forgot the milk?",
    "Write a note to my teacher",
    "What is a stack?",
    "Push notifications do not work",
    "pop music of the eighties",
    "What is the capital of Peru?",
    "Forget it",
    "forget that",
    "Explain how cells divide",
    "What is in a red blood cell?",
    "Summarise my notes on the French Revolution",
]


@pytest.mark.parametrize(("message", "text"), NOTED)
def test_what_is_to_be_remembered_is_read_as_it_was_said(message: str, text: str) -> None:
    found = read_memory(message)
    assert found is not None and (found.wish, found.text) == ("note", text)


@pytest.mark.parametrize(("message", "text"), RECALLED)
def test_notes_are_asked_back_in_many_words(message: str, text: str) -> None:
    found = read_memory(message)
    assert found is not None and (found.wish, found.text) == ("recall", text)


@pytest.mark.parametrize(("message", "text"), FORGOTTEN)
def test_notes_are_forgotten_in_many_words(message: str, text: str) -> None:
    found = read_memory(message)
    assert found is not None and (found.wish, found.text) == ("forget", text)


@pytest.mark.parametrize(("message", "instruction", "name", "value"), CELLS)
def test_the_memory_tool_is_reached_by_its_instructions(message: str, instruction: str, name: str, value: str) -> None:
    found = read_memory(message)
    assert found is not None
    assert (found.wish, found.instruction, found.name, found.text) == ("cell", instruction, name, value)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("message", OTHERS)
def test_a_message_that_does_not_speak_of_memory_is_answered_otherwise(bench: Bench, message: str) -> None:
    assert not any(isinstance(one, ToolCalled) and one.tool == "memory" for one in bench.ask(message))


def test_a_note_is_kept_quoted_back_and_forgotten_without_the_model(bench: Bench) -> None:
    kept = answer(bench.ask("Remember that the spare key hangs behind the clock."))
    assert (kept.known, kept.calls) == ("remembered", 0) and "“the spare key hangs behind the clock”" in kept.text
    bench.ask("Remember that the boiler man comes on Friday")
    back = answer(bench.ask("What did I note about the spare key?"))
    assert back.answer == "the spare key hangs behind the clock" and back.known == "remembered" and back.checked
    assert "boiler" in answer(bench.ask("What did I note?")).text
    gone = answer(bench.ask("Forget what I noted about the key"))
    assert "spare key" in gone.text
    assert answer(bench.ask("What did I note about the key?")).answer == "none"
    assert answer(bench.ask("list my notes")).answer == "the boiler man comes on Friday"


def test_what_happens_to_memory_is_in_the_trace(bench: Bench) -> None:
    events = bench.ask("Remember that tea is in the tin")
    assert [(one.tool, one.input) for one in events if isinstance(one, ToolCalled)] == [
        ("memory", "push onto notes: tea is in the tin")
    ]
    assert any(isinstance(one, ToolReturned) and one.output == "kept" for one in events)


def test_a_note_of_another_conversation_is_found_and_a_question_about_ones_own_things_meets_it(bench: Bench) -> None:
    bench.ask("Remember that my shoe size is 43")
    bench.conversation = bench.conversations.create()
    found = answer(bench.ask("What is my shoe size?"))
    assert found.known == "remembered" and "“my shoe size is 43”" in found.text and found.calls == 0
    assert answer(bench.ask("What is my hat size?")).known != "remembered"


def test_cells_hold_values_between_messages(bench: Bench) -> None:
    for message in ("write 42 to cell total", "push a onto the stack", "push b onto the stack"):
        bench.ask(message)
    assert answer(bench.ask("read cell total")).answer == "42"
    assert [answer(bench.ask("pop")).answer, answer(bench.ask("pop")).answer] == ["b", "a"]
    assert answer(bench.ask("pop")).status == "failed"


def test_the_same_note_twice_is_one(bench: Bench) -> None:
    bench.ask("Remember that tea is in the tin")
    assert "already" in answer(bench.ask("Remember that tea is in the tin")).text
    assert answer(bench.ask("my notes")).answer == "tea is in the tin"


@pytest.mark.parametrize(
    "piece", ["please ", "remember that ", "forget about ", "push a on the ", "my my ", "what did i note about "]
)
def test_a_hostile_message_is_read_at_once(piece: str) -> None:
    began = time.process_time()
    read_memory((piece * 900)[:4_000])
    read_memory((piece * 60)[:255])
    assert time.process_time() - began < 0.5
