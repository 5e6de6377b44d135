"""Conversations: found by any word, deleted for good, whatever people type."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lottery_chat.errors import NotFound, SettingsError
from lottery_chat.events import Answered, Progress, TextDelta
from lottery_chat.memory.conversations import StoredConversations
from lottery_chat.memory.database import Database
from lottery_chat.memory.journal import Journal
from lottery_chat.memory.notes import Notes
from lottery_chat.memory.symbols import Fact, Name, Rule, Symbols


class Home:
    def __init__(self, home: Path) -> None:
        self.path = home / "memory.sqlite"
        self.database = Database(self.path)
        self.journal = Journal(self.database)
        self.chats = StoredConversations(self.database, self.journal)
        self.count = 0

    def ask(self, question: str, text: str = "An answer.", conversation: str | None = None) -> str:
        conversation = conversation or self.chats.create()
        self.count += 1
        run = f"r{self.count}"
        self.journal.begin(run, conversation, question, model="m", mode="auto", attachments=["d1"])
        self.journal.finish(run, Answered("answered", None, text, "model", False, "", run=run))
        return conversation


@pytest.fixture
def memory(home: Path) -> Iterator[Home]:
    opened = Home(home)
    yield opened
    opened.journal.close()
    opened.database.close()


def test_turns_come_back_in_order_with_their_answers(memory: Home) -> None:
    conversation = memory.ask("First?", "One.")
    memory.ask("Second?", "Two.", conversation)
    turns = memory.chats.turns(conversation)
    assert [(turn.question, turn.text, turn.running) for turn in turns] == [
        ("First?", "One.", False),
        ("Second?", "Two.", False),
    ]
    assert turns[0].attachments == ("d1",)
    assert turns[0].answered is not None and turns[0].answered.run == turns[0].run


def test_the_conversation_that_changed_last_stands_first(memory: Home) -> None:
    first, second = memory.ask("First?"), memory.ask("Second?")
    assert [one.id for one in memory.chats.list()] == [second, first]
    memory.ask("Again?", conversation=first)
    infos = memory.chats.list()
    assert [(one.id, one.title, one.turns) for one in infos] == [(first, "First?", 2), (second, "Second?", 1)]
    assert infos[0].changed_at.endswith("+00:00")


def test_the_first_question_names_it_until_a_person_does(memory: Home) -> None:
    conversation = memory.chats.create()
    assert memory.chats.list()[0].title == "New conversation"
    memory.ask("What is a vector?", conversation=conversation)
    memory.ask("And a matrix?", conversation=conversation)
    assert memory.chats.list()[0].title == "What is a vector?"
    memory.chats.rename(conversation, "  Linear\nalgebra ")
    memory.ask("Third?", conversation=conversation)
    assert memory.chats.list()[0].title == "Linear algebra"
    with pytest.raises(SettingsError, match="at least one"):
        memory.chats.rename(conversation, " \n")


FOUND = [
    ("Brien", "O'Brien's house"),
    ("O'Brien", "O'Brien's house"),
    ("o'br", "O'Brien's house"),
    ("cafe", "Where is the Café?"),
    ("CAFÉ where", "Where is the Café?"),
    ("hidden", "Something else"),
    ("東京", "東京はどこですか"),
    ("京", "東京はどこですか"),
    ("50%", "Take 50% of it_all"),
    ("it_all", "Take 50% of it_all"),
    ("C++", "Why C++ and not C?"),
    ("++", "Why C++ and not C?"),
]


@pytest.mark.parametrize(("words", "title"), FOUND)
def test_search_finds_beginnings_of_words_in_titles_and_texts(memory: Home, words: str, title: str) -> None:
    for question, text in (
        ("O'Brien's house", "It is red."),
        ("Where is the Café?", "In town."),
        ("Something else", "The word hidden stands here."),
        ("東京はどこですか", "日本"),
        ("Take 50% of it_all", "Done."),
        ("Why C++ and not C?", "Because."),
    ):
        memory.ask(question, text)
    titles = [one.title for one in memory.chats.list(words)]
    assert title in titles and len(titles) < 6


HOSTILE = [
    *(
        '"',
        "'",
        '"unclosed',
        "a AND",
        "NOT",
        "NEAR(",
        "*",
        "z*",
        "title:",
        "-z",
        "^z",
        "(",
        "a\x00b",
        "{",
        "%",
        "_",
        "\\",
    ),
    *("'; DROP TABLE runs; --", '" OR 1=1', "a" * 5000, "\U0001f600", "\ud800", " ", "OR OR OR", '""', "col : val"),
]


@pytest.mark.parametrize("words", HOSTILE)
def test_search_takes_whatever_is_typed(memory: Home, words: str) -> None:
    memory.ask("Plain question", "Plain answer")
    found = memory.chats.list(words)
    assert len(found) == (1 if not words.strip() else 0)
    assert len(memory.chats.list("plain")) == 1


def test_search_keeps_up_with_renaming_answers_and_deletion(memory: Home) -> None:
    conversation = memory.ask("Alpha?", "Beta.")
    memory.chats.rename(conversation, "Gamma")
    assert memory.chats.list("gamma") and memory.chats.list("beta") and memory.chats.list("alpha")
    memory.chats.delete(conversation)
    assert not memory.chats.list("gamma") and not memory.chats.list("beta")


def test_deleting_removes_everything_and_the_words_from_the_disk(memory: Home) -> None:
    conversation = memory.chats.create()
    secret = "xylophonesecret"
    memory.journal.begin("hidden-run", conversation, f"My {secret}?", model="m", mode="auto")
    memory.journal.record("hidden-run", 0.1, TextDelta(f"the {secret} "))
    memory.journal.record("hidden-run", 0.2, Progress(secret))
    notes = Notes(memory.database)
    notes.store_node(
        **{
            "run": "hidden-run",
            "node": "n",
            "parent": None,
            "question": secret,
            "answer": secret,
            "ver": "",
            "passed": True,
        },  # type: ignore[arg-type]
        **{"known": "computed", "checked": True, "method": "m"},  # type: ignore[arg-type]
    )
    notes.store_request(run="hidden-run", node="n", kind="knowledge", request=secret, data=secret)
    Symbols(memory.database).write_facts("hidden-run", [Fact(secret, secret)])
    Symbols(memory.database).write_rules("hidden-run", [Rule(secret, secret)])
    Symbols(memory.database).write_names("hidden-run", [Name(secret, "object")])
    kept = notes.remember(
        question="What is 2+2?",
        answer="4",
        text="4",
        known="computed",
        check=secret,
        citations=(),
        documents_version="",
        run="hidden-run",
    )
    assert kept is not None
    memory.journal.finish("hidden-run", Answered("answered", None, secret, "model", False, ""))
    other = memory.ask("Another?")
    memory.chats.delete(conversation)
    for table in ("runs", "events", "nodes", "requests", "results", "facts", "rules", "names"):
        left = memory.database.rows(f"SELECT * FROM {table}")
        assert secret not in repr(left) and len(left) == (1 if table in ("runs", "events") else 0)
    assert [one.id for one in memory.chats.list()] == [other]
    assert not any(secret.encode() in one.read_bytes() for one in memory.path.parent.glob("memory.sqlite*"))


@pytest.mark.parametrize("name", ["nothing", "", "' OR '1'='1"])
def test_a_conversation_that_is_not_there_is_named(memory: Home, name: str) -> None:
    memory.ask("Hello?")
    for call in (memory.chats.turns, memory.chats.delete, lambda one: memory.chats.rename(one, "x")):
        with pytest.raises(NotFound, match="There is no conversation"):
            call(name)
    assert len(memory.chats.list()) == 1


def test_a_conversation_is_found_by_id_or_title_for_the_command_line(memory: Home) -> None:
    conversation = memory.ask("Hello?")
    assert memory.chats.find(conversation) == memory.chats.find("Hello?") == conversation
    assert memory.chats.find("hello") is None


def test_another_owner_sees_and_deletes_nothing_of_mine(memory: Home) -> None:
    conversation = memory.ask("Mine?")
    theirs = StoredConversations(memory.database, memory.journal, owner="other")
    assert theirs.list() == () and theirs.find(conversation) is None
    for call in (theirs.turns, theirs.delete):
        with pytest.raises(NotFound):
            call(conversation)
    journal = Journal(memory.database, owner="other")
    assert journal.list() == ()
    journal.close()


def test_empty_conversations_go_after_a_day(memory: Home) -> None:
    old, young = memory.chats.create(), memory.chats.create()
    memory.database.write("UPDATE conversations SET changed_at = '2020-01-01T00:00:00.000+00:00' WHERE id = ?", (old,))
    new = memory.chats.create()
    assert {one.id for one in memory.chats.list()} == {young, new}
