"""Questions about the collection: read by rules, answered by the store; ordinary questions are left alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from collection_cases import ASKED, ORDINARY, TITLES
from planner_parts import Bench, answer

from lottery_chat.planner.collection_questions import read_collection
from lottery_chat.planner.files_meant import files_meant


@pytest.mark.parametrize(("message", "wish", "term", "page"), ASKED, ids=[one[0] for one in ASKED])
def test_a_question_about_the_collection_is_read(message: str, wish: str, term: str, page: int) -> None:
    found = read_collection(message, TITLES)
    assert found is not None and (found.wish, found.term, found.page) == (wish, term, page)


@pytest.mark.parametrize("message", ORDINARY)
def test_an_ordinary_question_is_none_about_the_collection(message: str) -> None:
    assert read_collection(message, TITLES) is None


def test_without_documents_there_is_no_collection_to_ask_about() -> None:
    assert read_collection("Which files do I have?", ()) is None


@pytest.mark.parametrize(
    "piece", ["my all the ", "in which files is ", "how many pages of ", "page 1 of ", "a", "which of my "]
)
def test_a_hostile_message_is_read_at_once(piece: str) -> None:
    began = time.process_time()
    read_collection(("which " + piece * 60)[:199], TITLES)
    assert time.process_time() - began < 0.5


LEASE = "# Deposit\n\nThe deposit is 900 euros. The deposit is paid back.\n\n# Pets\n\nNo dogs are allowed."
DIARY = (
    "# May\n\nPlanted tomatoes and beans.\n\n# June\n\nSlugs ate the tomatoes. The deposit for the shed was returned."
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.knowledge = made.documents(**{"lease.pdf": LEASE, "Garden diary.docx": DIARY})
    yield made
    made.close()


@pytest.mark.parametrize(
    ("message", "short"),
    [
        ("Which files do I have?", "2"),
        ("How many words are in the garden diary?", "17"),
        ("Which files mention the deposit?", "lease.pdf, Garden diary.docx"),
        ("Which files mention tomatoes?", "Garden diary.docx"),
        ("How often is the deposit mentioned?", "3"),
        ("How many times does deposit occur in lease.pdf?", "3"),
        ("Is there a file about slugs?", "Garden diary.docx"),
        ("Is there a file about gardens?", "Garden diary.docx"),
        ("Show the table of contents of the lease", "Deposit; Pets"),
        ("What is the longest document?", "Garden diary.docx"),
        ("What kinds of files are there?", "TEXT: 2"),
    ],
)
def test_the_store_answers_without_the_model(bench: Bench, message: str, short: str) -> None:
    found = answer(bench.ask(message))
    assert (found.answer, found.known, found.checked, found.calls) == (short, found.known, True, 0)


def test_files_are_counted_by_their_kind(tmp_path: Path) -> None:
    made = Bench(tmp_path)
    made.knowledge = made.documents(**{"lease.pdf": LEASE, "Garden diary.docx": DIARY, "costs.csv": f"{DIARY} Beans."})
    assert answer(made.ask("How many PDFs do I have?")).answer == "1"
    found = answer(made.ask("List my spreadsheets"))
    assert found.answer == "1" and "costs.csv" in found.text and "lease" not in found.text
    made.close()


def test_the_newest_of_several_is_told_by_the_date_in_its_name(tmp_path: Path) -> None:
    made = Bench(tmp_path)
    made.knowledge = made.documents(
        **{"price list 2025.txt": f"{LEASE} Yes.", "price_list_2024.txt": DIARY, "lease.pdf": LEASE}
    )
    for message in ("Which price list is the newest?", "What is the latest version of the price list?"):
        found = answer(made.ask(message))
        assert found.answer == "price list 2025.txt" and "by the date in its name" in found.text
        assert "lease" not in found.text and found.calls == 0
    made.close()


def test_every_file_that_could_be_read_is_said_to_be(bench: Bench) -> None:
    assert answer(bench.ask("Which files could not be read?")).text == "Every file could be read."


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("the council minutes scan", (0,)),
        ("inspection register", (1,)),
        ("the minutes", ()),  # one word may mean anything
        ("minutes of the garden", ()),
        ("the price lists", (2, 3)),
    ],
)
def test_files_are_named_as_people_name_them(words: str, places: tuple[int, ...]) -> None:
    titles = (
        "council_minutes_1987_scan.pdf",
        "inspection_register_300p.pdf",
        "price_list_2024.txt",
        "price list 2025.md",
    )
    assert files_meant(words, titles) == places


def test_a_file_named_in_full_names_no_other_whose_name_it_begins_with() -> None:
    titles = ("bakery.ods", "bakery_sales.xlsx", "lease.pdf")
    assert files_meant("bakery_sales.xlsx", titles) == (1,)
    assert files_meant("bakery.ods and the lease", titles) == (0, 2)


def test_a_mention_is_quoted_from_each_file(bench: Bench) -> None:
    found = answer(bench.ask("Which files mention the deposit?"))
    assert bench.knowledge is not None
    assert len(found.citations) == 2
    assert all(bench.knowledge.contains(one.document, one.page, one.quote) for one in found.citations)


def test_what_stands_nowhere_is_said_to_stand_nowhere(bench: Bench) -> None:
    found = answer(bench.ask("Which files mention the moon?"))
    assert found.status == "not_in_documents" and found.calls == 0


def test_a_page_of_one_of_several_files_is_asked_back(bench: Bench) -> None:
    found = answer(bench.ask("What is on page 2?"))
    assert found.status == "asked_back" and "Page 2 of which file" in found.text
