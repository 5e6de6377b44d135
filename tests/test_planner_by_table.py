"""Tables through the whole planner: found among documents, rows cited, doubts not green, asked back where two differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench, answer
from table_cases import TABLES
from table_parts import page_text

from knowledge.passing import PassingLibrary
from lottery_chat.children import run_limited
from lottery_chat.models.scripted import ScriptedModel


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def texts(*titles: str) -> dict[str, str]:
    return {title: page_text(title, TABLES[title]) for title in titles}


def test_a_table_answers_with_its_rows_cited(bench: Bench) -> None:
    base = bench.documents(**texts("orders.csv"))
    found = answer(bench.ask("What was the total amount in March?", given=base))
    assert (found.answer, found.known, found.checked, found.calls) == ("3463.00", "computed", True, 0)
    assert len(found.citations) == 3
    assert all(base.contains(one.document, one.page, one.quote) for one in found.citations)
    assert "totals left out" in found.text


def test_a_doubt_is_said_and_is_not_green(bench: Bench) -> None:
    found = answer(bench.ask("What is the total mass?", given=bench.documents(**texts("parts.csv"))))
    assert (found.answer, found.checked) == ("7.484", False) and "thousands" in found.text


def test_of_several_tables_the_one_that_is_named_exactly_answers(bench: Bench) -> None:
    bench.knowledge = bench.documents(**texts("orders.csv", "rechnungen.csv", "books.csv"))
    assert answer(bench.ask("Wie hoch ist die Summe der Beträge im März?")).answer == "1330.50 €"
    assert answer(bench.ask("How many orders are from Spain?")).answer == "3"


def test_tables_that_differ_are_asked_back(bench: Bench) -> None:
    orders = page_text("orders.csv", TABLES["orders.csv"])
    base = bench.documents(first=orders, second=orders.replace("3,297.00", "9,297.00"))
    found = answer(bench.ask("What is the highest amount?", given=base))
    assert found.status == "asked_back" and "first" in found.text and "second" in found.text


def test_a_question_that_only_brushes_a_table_nobody_named_is_not_answered_by_it(bench: Bench) -> None:
    bench.knowledge = bench.documents(**texts("orders.csv"))
    found = answer(bench.ask("How many countries are there?"))
    assert not (found.known == "computed" and found.checked)


def test_an_open_role_is_chosen_by_the_model_and_is_not_green(tmp_path: Path) -> None:
    made = Bench(tmp_path, ScriptedModel(["B"], labels={"A": -3.0, "B": -0.1}))
    found = answer(made.ask("What is the total for tents?", given=made.documents(**texts("orders.csv"))))
    assert found.known == "computed" and not found.checked and "the model chose the column" in found.check
    made.close()


PASTED = (
    "Which is the cheapest?\n\n| drink | price |\n|---|---|\n| tea | 3,50 € |\n| mocha | 4,10 € |\n| water | 2,00 € |"
)


def test_a_table_in_the_message_itself_is_asked(bench: Bench) -> None:
    found = answer(bench.ask(PASTED))
    assert (found.answer, found.known, found.checked, found.calls) == ("water", "computed", True, 0)
    csv = "name,points\nIda,31\nPer,27\nKari,40\n\nWhat is the average of points?"
    assert answer(bench.ask(csv)).answer == "32.666667"


def test_a_path_in_an_attached_json_file_is_followed(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text('{"servers": [{"name": "web-1", "port": 8080}, {"name": "web-2", "port": 8081}]}', encoding="utf-8")
    base = PassingLibrary(lambda: bench.embedder, run_limited)
    base.add_file(file)
    found = answer(bench.ask("What is the port of the second server in config.json?", given=base))
    assert (found.answer, found.known, found.checked, found.calls) == ("8081", "computed", True, 0)
    assert [one.quote for one in found.citations] == ["servers[1]: name: web-2; port: 8081"]
