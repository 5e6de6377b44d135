"""The door to an answer: runs go on by themselves, are kept as they happen, can be followed, stopped, permitted."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from planner_parts import Bench, answer

from lottery_chat.chat import Asking
from lottery_chat.errors import MemoryFailed, NotFound, SettingsError
from lottery_chat.events import Answered, PermissionAsked, Started, TextDelta
from lottery_chat.interface.options import Preferences
from lottery_chat.memory.database import Database
from lottery_chat.messages import Message
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.resources import Knowledge, Resources
from tools.web_search import WebResult


class Room(Bench):
    """A bench with the door to it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.preferences = Preferences()
        self.looked_into: list[object] = []
        self.door = Asking(
            resources=self.given, passing=self.files, journal=self.journal, talks=self.conversations,
            preferences=lambda: self.preferences, model_name=lambda asked: asked or "scripted",
        )  # fmt: skip

    def given(
        self, owner: str, model: str | None, permit: object, cancel: threading.Event, *looked_into: object
    ) -> Resources:
        import dataclasses

        self.looked_into.append(looked_into[-1])
        return dataclasses.replace(self.resources(), permit=permit)  # type: ignore[arg-type]

    def files(self, paths: Sequence[Path]) -> Knowledge:
        return self.documents(**{path.name: path.read_text() for path in paths})


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.door.stop_all()
    made.close()


def test_asking_is_one_commit_and_a_question_that_is_not_kept_leaves_no_empty_conversation(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, here = Database._commit, threading.current_thread()
    count = 0

    def counted(at: Any) -> None:
        nonlocal count
        count += threading.current_thread() is here
        commit(at)

    monkeypatch.setattr(Database, "_commit", staticmethod(counted))
    before = room.conversations.list()
    started = next(room.door.ask("What is 2+3?"))
    assert count == 1 and isinstance(started, Started)
    assert isinstance(room.journal.events(started.run)[0][1], Started)

    def full(*_: object, **__: object) -> None:
        raise MemoryFailed("disk full")

    monkeypatch.setattr(room.journal, "begin", full)
    with pytest.raises(MemoryFailed):
        room.door.ask("What is 2+4?")
    assert len(room.conversations.list()) == len(before) + 1


def test_a_run_starts_with_its_ids_and_ends_with_its_answer(room: Room) -> None:
    events = list(room.door.ask("What is 2+3?"))
    first, done = events[0], answer(events)
    assert isinstance(first, Started) and done.answer == "5"
    assert (done.run, done.conversation) == (first.run, first.conversation)
    turn = room.conversations.turns(first.conversation)[0]
    assert turn.text == "5" and turn.answered == done and not turn.running


def test_the_answer_names_the_model_that_gave_it(room: Room) -> None:
    room.model = ScriptedModel(["Rain."], name="small:1b")
    assert answer(list(room.door.ask("Write a line about rain."))).model == "small:1b"
    assert answer(list(room.door.ask("What is 2+3?"))).model == "scripted", (
        "no model was needed: the one that would have"
    )


def test_the_question_is_on_disk_before_the_first_token(room: Room) -> None:
    room.model = ScriptedModel(["never"], fault="hang")
    stream = room.door.ask("Write a poem about rain.")
    first = next(stream)
    assert isinstance(first, Started)
    turn = room.conversations.turns(first.conversation)[0]
    assert turn.question == "Write a poem about rain." and turn.running
    assert room.door.stop(first.run)
    assert answer(list(stream)).status == "stopped"


def test_a_dropped_reader_does_not_end_the_run_and_another_may_follow_it(room: Room) -> None:
    room.model = ScriptedModel(["one two three"], delay=0.02)
    stream = room.door.ask("Write a poem about rain.")
    run = next(stream).run  # type: ignore[attr-defined]
    del stream
    assert answer(list(room.door.follow(run))).text == "one two three"
    assert answer(list(room.door.follow(run))).text == "one two three", "and again, from the journal"


def test_stop_keeps_the_text_so_far_and_says_that_it_was_stopped(room: Room) -> None:
    model = ScriptedModel(["word " * 500], delay=0.005)
    room.model = model
    stream = room.door.ask("Write a poem about rain.")
    run = ""
    events = []
    for event in stream:
        events.append(event)
        if isinstance(event, Started):
            run = event.run
        if isinstance(event, TextDelta) and len(events) == 12:
            assert room.door.stop(run)
    done = answer(events)
    assert done.status == "stopped" and done.text.startswith("word word") and model.pieces_sent < 100


def test_stopping_what_has_ended_is_false_and_following_nothing_is_an_error(room: Room) -> None:
    done = answer(list(room.door.ask("What is 2+3?")))
    assert room.door.stop(done.run) is False
    with pytest.raises(NotFound):
        room.door.follow("0" * 32)


def test_the_last_turns_are_in_the_prompt_of_the_next_question(room: Room) -> None:
    model = ScriptedModel(["Red it is.", "Because of the sunset."])
    room.model = model
    first = answer(list(room.door.ask("Write a line about a colour.")))
    list(room.door.ask("Why that one?", conversation=first.conversation))
    said = [message.text for message in model.calls[1].messages]
    assert said[1:] == ["Write a line about a colour.", "Red it is.", "Why that one?"]


def test_a_retry_looks_where_the_question_looked(room: Room) -> None:
    first, *_ = list(room.door.ask("What is 2+3?", collections=("leases",)))
    assert isinstance(first, Started)
    list(room.door.ask("What is 2+3?", conversation=first.conversation, retry_of=first.run))
    list(room.door.ask("What is 2+3?", conversation=first.conversation, retry_of=first.run, collections=("bills",)))
    list(room.door.ask("What is 2+3?", conversation=first.conversation))
    assert [one and list(one) for one in room.looked_into] == [["leases"], ["leases"], ["bills"], None]  # type: ignore[call-overload]


def test_a_retry_does_not_see_the_answer_it_repeats(room: Room) -> None:
    model = ScriptedModel(["Red.", "Blue."])
    room.model = model
    first = answer(list(room.door.ask("Write a line about a colour.")))
    list(room.door.ask("Write a line about a colour.", conversation=first.conversation, retry_of=first.run))
    assert [message.text for message in model.calls[1].messages][1:] == ["Write a line about a colour."]


def test_continue_goes_on_from_the_text_there_was(room: Room) -> None:
    def reply(messages: Sequence[Message]) -> str:
        return " and on" if messages[-1].role == "assistant" else " ".join(f"word{number}" for number in range(2000))

    room.model = ScriptedModel(reply, window=6000)
    first = answer(list(room.door.ask("Write a line about a colour.")))
    assert first.status == "partial" and first.can_continue
    second = answer(list(room.door.ask("", conversation=first.conversation, continue_of=first.run)))
    assert second.text.startswith("word0 word1") and second.text.endswith("and on")


def test_a_search_waits_for_the_permission_and_sends_the_edited_query(room: Room) -> None:
    room.web.results = (WebResult("T", "https://a.example", "It is 95 m high.", None, "2026-11-22"),)
    room.model = ScriptedModel(["It is 95 m high."])
    events = []
    for event in room.door.ask("Search the web for the height of the tower"):
        events.append(event)
        if isinstance(event, PermissionAsked):
            room.door.permit(event.request, "tower height")
    assert room.web.asked == ["tower height"] and answer(events).known == "quoted"
    with pytest.raises(NotFound):
        room.door.permit("none", None)


def test_files_for_one_question_are_searched_and_not_kept(room: Room, tmp_path: Path) -> None:
    room.model = ScriptedModel(["06:40"])
    path = tmp_path / "depots.txt"
    path.write_text("The blue depot opens at 06:40. The red depot opens at 07:15.")
    done = answer(list(room.door.ask("When does the blue depot open?", documents=[path])))
    assert (done.known, done.citations[0].title) == ("quoted", "depots.txt") and room.knowledge is None


@pytest.mark.parametrize(("settings", "word"), [({"mode": "clever"}, "clever"), ({"question": "   "}, "no question")])
def test_what_cannot_be_asked_is_one_sentence(room: Room, settings: dict[str, str], word: str) -> None:
    with pytest.raises(SettingsError, match=word):
        room.door.ask(settings.pop("question", "x"), **settings)  # type: ignore[arg-type]


def test_a_fault_of_ours_ends_the_run_with_a_sentence_and_is_seen(room: Room, recwarn: pytest.WarningsRecorder) -> None:
    def broken() -> ScriptedModel:
        raise ZeroDivisionError("a fault")

    room.model = broken
    seen: list[object] = []
    before, threading.excepthook = threading.excepthook, lambda args: seen.append(args.exc_value)
    try:
        done = answer(list(room.door.ask("Write a poem about rain.")))
    finally:
        threading.excepthook = before
    assert done.status == "failed" and "ZeroDivisionError" in done.reason
    assert isinstance(done, Answered)
