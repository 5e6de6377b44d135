"""M: what was solved comes back only when it is certainly the same question, checked, and still holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lottery_chat.errors import NotFound
from lottery_chat.events import Citation
from lottery_chat.memory.conversations import StoredConversations
from lottery_chat.memory.database import Database
from lottery_chat.memory.journal import Journal
from lottery_chat.memory.notes import Notes, StoredNode, StoredRequest

PAGE = Citation("document", "Report", 3, "", "", "It is 42 m high.", "d1", "p1")
WEB = Citation("web", "News", None, "https://example.org", "2026-01-01", "It is 42 m high.")


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


@pytest.fixture
def notes(database: Database) -> Notes:
    return Notes(database)


def keep(notes: Notes, question: str = "What is 17*3?", answer: str = "51", **more: Any) -> Any:
    values: dict[str, Any] = {
        "text": f"It is {answer}.",
        "known": "computed",
        "check": "read by code",
        "citations": (PAGE,),
    }
    return notes.remember(
        question=question, answer=answer, **{**values, "documents_version": "v1", "run": "r1", **more}
    )


def node(question: str = "What is 17*3?", **more: Any) -> dict[str, Any]:
    values = {"run": "r1", "node": "n1", "parent": None, "question": question, "answer": "51", "ver": "by code"}
    return {**values, "passed": True, "known": "computed", "checked": True, "method": "calculator", **more}


# --- across runs ------------------------------------------------------------------------------------------------


def test_a_checked_answer_comes_back_with_where_it_is_from(notes: Notes) -> None:
    assert keep(notes) is not None
    found = notes.recall("what is  17*3", "v1")
    assert found is not None
    assert (found.answer, found.text, found.known, found.check, found.run) == (
        "51",
        "It is 51.",
        "computed",
        "read by code",
        "r1",
    )
    assert found.citations == (PAGE,) and found.kept_at[:4] in found.when
    assert notes.results()[0].times == 1


REFUSED: list[dict[str, Any]] = [
    {"checked": False},
    {"known": "model"},
    {"known": "remembered"},
    {"known": "none"},
    {"citations": (PAGE, WEB)},
    {"answer": " ", "text": ""},
    {"self_contained": False},
    {"run": "unknown"},
    {"question": "What is the current price of 3 apples?"},
    {"question": "And 17*3?"},
    {"question": "How many words has this text: " + "Rome " * 2000},
]


@pytest.mark.parametrize("values", REFUSED)
def test_what_may_not_be_used_again_is_not_kept(notes: Notes, values: dict[str, Any]) -> None:
    assert keep(notes, **values) is None
    assert notes.results() == ()


@pytest.mark.parametrize(
    ("question", "version"),
    [
        ("What is 17*3?", "v2"),
        ("What is 17*4?", "v1"),
        ("What is 17+3?", "v1"),
        ("What is -17*3?", "v1"),
        ("What is not 17*3?", "v1"),
        ("What is 17*3 today?", "v1"),
    ],
)
def test_another_question_or_other_documents_bring_nothing_back(notes: Notes, question: str, version: str) -> None:
    keep(notes)
    assert notes.recall(question, version) is None
    assert notes.recall("What is 17*3?", "v1") is not None  # negative control


def test_two_checked_answers_that_differ_cancel_each_other_out(notes: Notes) -> None:
    keep(notes)
    again = keep(notes, answer="51", run="r2")
    assert again is not None and not again.disputed
    other = keep(notes, answer="52", run="r2")
    assert other is not None and other.disputed
    assert notes.recall("What is 17*3?", "v1") is None
    notes.forget(other.id)
    keep(notes)
    assert notes.recall("What is 17*3?", "v1") is not None


def test_a_forgotten_answer_is_gone_and_said_so(notes: Notes) -> None:
    kept = keep(notes)
    notes.forget(kept.id)
    assert notes.recall("What is 17*3?", "v1") is None and notes.results() == ()
    with pytest.raises(NotFound, match=kept.id):
        notes.forget(kept.id)


def test_another_owner_recalls_and_forgets_nothing_of_mine(notes: Notes, database: Database) -> None:
    kept = keep(notes)
    theirs = Notes(database, owner="other")
    assert theirs.recall("What is 17*3?", "v1") is None and theirs.results() == ()
    assert keep(theirs) is None  # the run is not theirs
    assert not theirs.store_node(**node())
    with pytest.raises(NotFound):
        theirs.forget(kept.id)


@pytest.mark.parametrize(
    "question", ["Is O'Brien's number 7?", 'Is "7" a number"?', "Robert'); DROP TABLE results; -- 7"]
)
def test_quotes_of_any_kind_are_just_text(notes: Notes, question: str) -> None:
    keep(notes, question, answer='it\'s "7"')
    found = notes.recall(question, "v1")
    assert found is not None and found.answer == 'it\'s "7"'


# --- within a run -----------------------------------------------------------------------------------------------


def test_every_try_at_a_node_is_kept_in_order(notes: Notes) -> None:
    notes.store_node(**node(answer="50", passed=False, ver="the second method gave 51", logprob=-0.25))
    notes.store_node(**node())
    notes.store_node(**node("Part one?", node="n2", parent="n1"))
    tries = notes.answers("r1", node="n1")
    assert [(one.answer, one.passed, one.logprob) for one in tries] == [("50", False, -0.25), ("51", True, None)]
    assert tries[0].ver == "the second method gave 51" and tries[0].checked is True
    assert [one.node for one in notes.answers("r1", parent="n1")] == ["n2"]
    assert len(notes.answers("r1")) == 3 and notes.answers("r2") == ()


def test_a_part_solved_in_this_run_is_found_only_when_it_passed(notes: Notes) -> None:
    notes.store_node(**node(answer="50", passed=False))
    assert notes.solved("r1", "What is 17*3?") is None
    notes.store_node(**node())
    found = notes.solved("r1", "what is 17*3")
    assert isinstance(found, StoredNode) and found.answer == "51"
    assert notes.solved("r1", "What is 17*4?") is None
    assert notes.solved("r2", "What is 17*3?") is None


def test_requests_are_kept_with_what_came_back(notes: Notes) -> None:
    assert notes.store_request(run="r1", node="n1", kind="calculator", request="17*3", data="51")
    assert notes.store_request(run="r1", node="n2", kind="knowledge", request="height", data="42 m")
    assert notes.requests("r1", "n1") == (StoredRequest("n1", "calculator", "17*3", "51"),)
    assert len(notes.requests("r1")) == 2


def test_a_run_that_is_gone_keeps_nothing_and_breaks_nothing(notes: Notes, database: Database) -> None:
    assert not notes.store_node(**node(run="gone"))
    assert not notes.store_request(run="gone", node="n", kind="web", request="x", data="y")
    assert database.rows("SELECT run FROM nodes UNION SELECT run FROM requests") == []
