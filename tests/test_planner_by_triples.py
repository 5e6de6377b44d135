"""Questions answered from (entity, relation, object): read by code, cited, never where two objects stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from knowledge.passing import PassingLibrary
from lottery_chat.events import Event, ModelCalled
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.stated import agree
from lottery_chat.planner.triple_questions import Wanted, wanted

FERRIES = (
    "Notes of a visit.\n\nThe harbour was quiet. Sund Ferries was founded in 1911 by Ole Voss, and the CEO of the firm spoke. "
    "Sund Ferries' owner is Karen Holm.\n\nKaren Holm is a Danish engineer. Norby Yard was bought in May."
)
LEASE = "Landlord: Ida Berg\nDeposit: 1,350 euros\n\nThe tenant waters the plants."


@pytest.fixture
def bench(home: Path) -> Iterator[Bench]:
    made = Bench(home, ScriptedModel(["no idea"]))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is the CEO of Sund Ferries?", Wanted("Sund Ferries", "chief executive", True)),
        ("What is Sund Ferries' head office?", Wanted("Sund Ferries", "headquarters", True)),
        ("Who founded Sund Ferries?", Wanted("Sund Ferries", "founder")),
        ("By whom was Salt written?", Wanted("Salt", "author")),
        ("In what year was Sund Ferries established?", Wanted("Sund Ferries", "founded")),
        ("Where was Ida Holm born?", Wanted("Ida Holm", "place of birth")),
        ("What is the date of birth of Ida Holm?", Wanted("Ida Holm", "date of birth", True)),
        ("Who is the director of film Salt?", Wanted("Salt", "director", True)),
        ("How much does the oak table cost?", Wanted("the oak table", "price")),
        ("What is the deposit?", Wanted("", "deposit", True)),
        ("How high is the deposit?", Wanted("", "deposit", True)),
        ("Please tell me who founded Sund Ferries", Wanted("Sund Ferries", "founder")),
        ("Who founded Sund Ferries, according to the documents?", Wanted("Sund Ferries", "founder")),
        ("What do the documents say about Sund Ferries?", Wanted("Sund Ferries", "")),
        ("Tell me everything known about Sund Ferries.", Wanted("Sund Ferries", "")),
        ("What is known about Sund Ferries?", Wanted("Sund Ferries", "")),
        ("List all facts about Sund Ferries", Wanted("Sund Ferries", "")),
    ],
)  # fmt: skip
def test_a_question_is_read_as_entity_and_relation(question: str, expected: Wanted) -> None:
    assert expected in wanted(question)


@pytest.mark.parametrize(
    "question", ["Why did it sink?", "Write a poem about ferries.", "Is Norby a town?", "", "What?"]
)
def test_other_questions_are_not(question: str) -> None:
    assert wanted(question) == ()


def events_of(bench: Bench, base: PassingLibrary, question: str, **settings: object) -> list[Event]:
    bench.knowledge = base
    return bench.ask(question, retrieval="always", **settings)


def asked(bench: Bench, base: PassingLibrary, question: str) -> tuple[str | None, bool, list[str], int]:
    """(answer, green mark, quotes, calls of the model)."""
    events = events_of(bench, base, question)
    last = answer(events)
    calls = sum(isinstance(one, ModelCalled) for one in events)
    return last.answer, last.checked, [one.quote for one in last.citations], calls


def test_one_object_answers_with_its_sentence_and_no_model(bench: Bench) -> None:
    base = bench.documents(visit=FERRIES)
    found, checked, quotes, calls = asked(bench, base, "Who is the owner of Sund Ferries?")
    assert (found, checked, quotes, calls) == ("Karen Holm", True, ["Sund Ferries' owner is Karen Holm."], 0)


def test_a_document_is_meant_by_its_title_or_by_being_the_only_one(bench: Bench) -> None:
    both = bench.documents(**{"office lease": LEASE, "visit": FERRIES})
    assert asked(bench, both, "What is the deposit of the office lease?")[0] == "1,350 euros"
    alone = bench.documents(**{"office lease": LEASE})
    found, checked, _, calls = asked(bench, alone, "What is the deposit?")
    assert (found, checked, calls) == ("1,350 euros", False, 0), "no entity was named: no green mark"


def test_the_closing_line_of_an_invoice_is_a_row_with_its_amount(bench: Bench) -> None:
    rows = "Item: Lamp; Quantity: 2; Amount: 80.00\nItem: Chair; Quantity: 1; Amount: 60.00\nItem: Total due; Amount: 140.00\n"
    bill = bench.documents(**{"invoice.md": rows})
    assert asked(bench, bill, "How much is the total due?")[0] == "140.00"
    two = bench.documents(**{"invoice.md": rows, "second.md": rows.replace("140", "150")})
    assert asked(bench, two, "How much is the total due?")[3] > 0, "which of the two is meant is not known"


def test_two_objects_are_both_given_and_none_is_called_right(bench: Bench) -> None:
    later = "Report of 3 May 2024.\n\nSund Ferries was founded in 1912 by Ole Voss."
    base = bench.documents(**{"report 2024-05-03": later, "visit": "Date: 1 March 2020\n\n" + FERRIES})
    last = answer(events_of(bench, base, "When was Sund Ferries founded?"))
    assert last.answer == "1911 (visit), or 1912 (report 2024-05-03)" and not last.checked
    assert "report 2024-05-03 is the later one" in last.text and len(last.citations) == 2
    undated = bench.documents(one=FERRIES, two="Sund Ferries was founded in 1912 by Ole Voss.")
    assert "later" not in answer(events_of(bench, undated, "When was Sund Ferries founded?")).text


def test_agreeing_objects_answer_with_both_citations(bench: Bench) -> None:
    base = bench.documents(one=FERRIES, two="Sund Ferries was founded on 3 May 1911 by Ole Voss.")
    found, checked, quotes, calls = asked(bench, base, "When was Sund Ferries founded?")
    assert (found, checked, len(quotes), calls) == ("3 May 1911", True, 2, 0)


def test_who_was_something_does_not_answer_who_is(bench: Bench) -> None:
    base = bench.documents(visit="Ida Holm was the mayor of Norby Sound. Nobody else spoke.")
    assert asked(bench, base, "Who is the mayor of Norby Sound?")[3] > 0
    assert asked(bench, base, "Who was the mayor of Norby Sound?")[:2] == ("Ida Holm", True)


def test_a_document_that_changes_its_own_sections_is_left_to_a_reader(bench: Bench) -> None:
    changed = LEASE + "\n\nIn section 4, the deposit is replaced by two monthly rents."
    assert asked(bench, bench.documents(lease=changed), "What is the deposit?")[3] > 0
    assert asked(bench, bench.documents(lease=LEASE), "What is the deposit?")[3] == 0


def test_everything_known_is_listed_with_sources_and_without_a_green_mark(bench: Bench) -> None:
    base = bench.documents(visit=FERRIES, lease=LEASE)
    events = events_of(bench, base, "What do the documents say about Sund Ferries?")
    last = answer(events)
    assert "- founder: Ole Voss (visit)" in last.text and "- owner: Karen Holm (visit)" in last.text
    assert not last.checked and len(last.citations) == 2
    assert not any(isinstance(one, ModelCalled) for one in events)


def test_it_can_be_switched_off(bench: Bench) -> None:
    base = bench.documents(visit=FERRIES)
    off = events_of(bench, base, "Who is the owner of Sund Ferries?", without=frozenset({"triples"}))
    assert any(isinstance(one, ModelCalled) for one in off)


def test_objects_agree_where_one_says_less() -> None:
    assert agree("1911", "3 May 1911") and agree("Bern", "Bern, Switzerland") and agree("May 1911", "3 May 1911")
    assert not agree("1911", "1912") and not agree("3 May 1911", "4 May 1911") and not agree("", "Bern")
