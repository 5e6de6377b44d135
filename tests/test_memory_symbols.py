"""The logic solver's working memory: each run has its own, and nothing counts twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lottery_chat.memory.conversations import StoredConversations
from lottery_chat.memory.database import Database
from lottery_chat.memory.journal import Journal
from lottery_chat.memory.symbols import Fact, Name, Rule, Symbols


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    opened = Database(home / "memory.sqlite")
    journal = Journal(opened)
    chats = StoredConversations(opened, journal)
    for run in ("r1", "r2"):
        journal.begin(run, chats.create(), "Question?", model="m", mode="auto")
    yield opened
    journal.close()
    opened.close()


def test_facts_rules_and_names_of_a_run_are_its_own(database: Database) -> None:
    symbols = Symbols(database)
    facts = (Fact("Tom is a cat.", "cat(tom)"), Fact("", "animal(tom)", "cat(x) -> animal(x)", ("cat(tom)",)))
    symbols.write_facts("r1", facts)
    symbols.write_facts("r1", [Fact("Tom is a cat again.", "cat(tom)")])
    symbols.write_rules("r1", [Rule("All cats are animals.", "cat(x) -> animal(x)")] * 2)
    symbols.write_names("r1", [Name("cat", "predicate", 1, ("cat",)), Name("tom", "object")])
    symbols.write_names("r1", [Name("cat", "predicate", 1, ("cat", "cats"))])
    assert symbols.facts("r1") == facts
    assert symbols.rules("r1") == (Rule("All cats are animals.", "cat(x) -> animal(x)"),)
    assert set(symbols.names("r1")) == {Name("cat", "predicate", 1, ("cat", "cats")), Name("tom", "object")}
    assert symbols.facts("r2") == symbols.rules("r2") == symbols.names("r2") == ()


def test_a_run_that_is_gone_or_another_persons_keeps_nothing(database: Database) -> None:
    assert not Symbols(database).write_facts("gone", [Fact("a", "a")])
    assert not Symbols(database, owner="other").write_facts("r1", [Fact("a", "a")])
    assert Symbols(database).write_facts("r1", [Fact("a", "a")])  # negative control
    assert Symbols(database, owner="other").facts("r1") == ()
