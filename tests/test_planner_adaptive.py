"""Adaptive retrieval: what documents, tables and the model's own knowledge are asked for, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench, answer
from test_tools_table_questions import PRODUCTS

from lottery_chat.events import ModelCalled, NodeOpened, Verified
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.calibration import Curve
from lottery_chat.planner.coverage import Coverage
from lottery_chat.planner.gates import Gates


@pytest.fixture
def bench(home: Path) -> Iterator[Bench]:
    made = Bench(home, ScriptedModel(["Ida Holm"]))
    yield made
    made.close()


def titles(events: list[object]) -> list[str]:
    return [one.title for one in events if isinstance(one, NodeOpened)]


DAM = "# Norby\n\nThe dam of Norby was built by the council in 1912 with stone from Lunga and painted red. It is open from May to June."
#: Near enough by its words to be looked at, and far from clearly covering the question.
QUESTION = "Which painter once made a large red picture of the dam near Norby?"


def test_what_the_model_surely_knows_is_not_looked_up(bench: Bench) -> None:
    bench.knowledge = bench.documents(report=DAM)
    bench.gates = Gates(support=-99.0, knows=-0.5)  # the scripted model's words have -0.1
    events = bench.ask(QUESTION)
    got = answer(events)
    assert (got.answer, got.known, got.checked) == ("Ida Holm", "model", False)
    assert "does the model know it by heart?" in titles(events)
    assert "nothing was looked up" in got.check


@pytest.mark.parametrize(
    ("gates", "settings"),
    [
        (Gates(support=-99.0), {}),  # a model that is never believed is not asked
        (Gates(support=-99.0, knows=-0.5), {"without": frozenset({"gate"})}),
        (Gates(support=-99.0, knows=-0.5), {"retrieval": "always"}),
    ],
)
def test_the_model_is_not_asked_by_heart_where_that_is_off(
    bench: Bench, gates: Gates, settings: dict[str, object]
) -> None:
    bench.knowledge = bench.documents(report=DAM)
    bench.gates = gates
    assert "does the model know it by heart?" not in titles(bench.ask(QUESTION, **settings))


def test_an_unsure_answer_by_heart_is_thrown_away(bench: Bench) -> None:
    bench.knowledge = bench.documents(report=DAM)
    bench.gates = Gates(support=-99.0, knows=-0.05)
    events = bench.ask(QUESTION)
    assert "does the model know it by heart?" in titles(events)
    assert "nothing was looked up" not in answer(events).check


def test_a_question_of_a_table_is_answered_without_the_model_and_quotes_its_rows(bench: Bench) -> None:
    events = bench.ask("Which product is the cheapest?", given=bench.documents(products=PRODUCTS))
    got = answer(events)
    assert (got.answer, got.known, got.checked) == ("Desk lamp", "computed", True)
    assert not any(isinstance(one, ModelCalled) for one in events)
    assert [one.quote[:18] for one in got.citations] == ["Product: Desk lamp"]


def test_several_tables_answer_only_where_they_agree(bench: Bench) -> None:
    same = bench.documents(first=PRODUCTS, second=PRODUCTS.replace("Kettle", "Pot"))
    assert answer(bench.ask("Which product is the cheapest?", given=same)).answer == "Desk lamp"
    other = bench.documents(first=PRODUCTS, second=PRODUCTS.replace("18.90", "99.90"))
    assert not answer(bench.ask("Which product is the cheapest?", given=other)).checked


def test_a_name_the_documents_never_mention_is_said_to_be_missing(bench: Bench) -> None:
    got = answer(bench.ask("When did Per Lund paint the dam?", given=bench.documents(report=DAM)))
    assert got.status == "not_in_documents" and "'Per Lund'" in got.reason


def test_the_opposite_of_what_is_asked_is_no_answer(home: Path) -> None:
    text = "# Gates\n\nThe highest gate of the dam is the Ida gate. The dam has seven gates in all."
    made = Bench(home, ScriptedModel(["the Ida gate"], labels={"yes": -0.1, "no": -3.0}))
    try:
        got = answer(made.ask("What is the lowest gate of the dam?", given=made.documents(gates=text)))
        assert got.status == "not_in_documents" and "'lowest'" in got.reason
        same = answer(made.ask("What is the highest gate of the dam?", given=made.documents(gates=text)))
        assert same.answer == "the Ida gate"  # negative control
    finally:
        made.close()


def test_documents_of_the_knowledge_base_can_be_attached_by_id(bench: Bench) -> None:
    bench.knowledge = bench.documents(dam=DAM, products=PRODUCTS)
    ids = {one.title: one.id for one in bench.knowledge.documents()}
    got = answer(bench.ask("Which product is the cheapest?", documents=(ids["products"],)))
    assert (got.answer, got.known) == ("Desk lamp", "computed")
    other = answer(bench.ask("Which product is the cheapest?", documents=(ids["dam"],)))
    assert other.answer != "Desk lamp"
    alone = answer(bench.ask("Which dam is red?", documents=(ids["dam"],), retrieval="closed-book"))
    assert alone.known == "model"


CLEAR = "When was the dam of Norby built?"


def searched(events: list[object]) -> bool:
    return any(isinstance(one, NodeOpened) and one.kind == "retrieve" for one in events)


@pytest.mark.parametrize(
    ("retrieval", "question", "looks", "known"),
    [
        ("closed-book", CLEAR, False, "model"),
        ("auto", CLEAR, True, "quoted"),
        ("auto", "Which animals purr loudly?", True, "model"),  # looked at, and not read: nothing is near
        ("always", CLEAR, True, "quoted"),
        ("always", "Which animals purr loudly?", True, "quoted"),  # read, though nothing is near
    ],
)
def test_each_setting_of_retrieval_does_what_it_says(
    home: Path, retrieval: str, question: str, looks: bool, known: str
) -> None:
    made = Bench(home, ScriptedModel(["1912"], labels={"yes": -0.1, "no": -3.0}))
    try:
        made.knowledge = made.documents(report=DAM)
        events = made.ask(question, retrieval=retrieval)
        assert (searched(events), answer(events).known) == (looks, known)
    finally:
        made.close()


def test_what_is_clearly_covered_is_not_asked_by_heart_and_what_the_curve_says_is_shown(bench: Bench) -> None:
    bench.knowledge = bench.documents(report=DAM)
    bench.gates = Gates(support=-99.0, knows=-0.5, heart=Curve(5.0, 1.5))
    verified = [one.check for one in bench.ask(QUESTION) if isinstance(one, Verified)]
    assert any("right with P 0.73" in one for one in verified)  # 1 / (1 + exp(-(5 * -0.1 + 1.5)))
    bench.coverage = Coverage(Curve(10.0, -5.0), looks=0.0, clear=0.1)
    assert "does the model know it by heart?" not in titles(bench.ask(QUESTION))
    bench.coverage = Coverage(Curve(10.0, -5.0), looks=0.0, clear=0.99)
    assert "does the model know it by heart?" in titles(bench.ask(QUESTION))


def test_the_curve_of_the_embedder_decides_whether_documents_are_read_at_all(bench: Bench) -> None:
    bench.knowledge = bench.documents(report=DAM)
    bench.coverage = Coverage(Curve(10.0, -5.0), looks=0.98, clear=0.99)
    assert answer(bench.ask("What is red and near the water?")).known == "model"
    bench.coverage = Coverage(Curve(10.0, -5.0), looks=0.0, clear=0.99)
    assert answer(bench.ask("What is red and near the water?")).known == "quoted"


def test_the_mode_of_the_gates_own_prompt_asks_once_in_at_most_twelve_tokens(bench: Bench) -> None:
    events = bench.ask("Who painted the dam?", mode="heart")
    (called,) = [one for one in events if isinstance(one, ModelCalled)]
    assert called.room == 12 and answer(events).text == "Ida Holm" and not searched(events)


def test_a_checked_quote_is_kept_and_given_again_without_search_or_model_until_the_documents_change(home: Path) -> None:
    made = Bench(home, ScriptedModel(["1912"], labels={"yes": -0.1, "no": -3.0}))
    try:
        made.knowledge = made.documents(report=DAM)
        first = answer(made.ask(CLEAR))
        assert (first.known, first.checked) == ("quoted", True)
        events = made.ask(CLEAR)
        again = answer(events)
        assert (again.known, again.answer, again.checked) == ("remembered", first.answer, True)
        assert again.calls == 0 and again.tokens_in == 0 and not searched(events)
        assert [one.quote for one in again.citations] == [one.quote for one in first.citations]
        # Controls: another question, an order to look, other documents.
        assert answer(made.ask("When was the gate of Norby built?")).known != "remembered"
        made.knowledge = made.documents(report=DAM.replace("1912", "1913"))
        assert answer(made.ask(CLEAR)).known != "remembered"
    finally:
        made.close()


DOUBTED = {"yes": -1.2, "no": -0.4}


@pytest.mark.parametrize(
    ("support", "question", "known"),
    [
        (-1.5, "Which stone is the wall of Norby made of?", "quoted"),
        (1.5, "Which stone is the wall of Norby made of?", "model"),  # its "no" is worth something
        (-1.5, "Which painter once made a large red picture of a dam?", "model"),  # the documents hardly cover it
    ],
)
def test_where_the_documents_clearly_cover_it_a_weak_model_quotes_them_rather_than_its_memory(
    bench: Bench, support: float, question: str, known: str
) -> None:
    bench.model = ScriptedModel(["granite from abroad"], labels=DOUBTED)
    bench.knowledge = bench.documents(report="# Norby\n\nThe wall of Norby is not painted. Nobody counted its stones.")
    bench.gates = Gates(support=support)
    bench.coverage = Coverage(Curve(13.0, -6.0), looks=0.1, clear=0.99)
    got = answer(bench.ask(question))
    assert (got.known, got.checked) == (known, False)


def test_of_a_reply_that_copies_several_sentences_the_first_is_the_answer(bench: Bench) -> None:
    said = "The gate of Norby opens at 06:40 and closes at 21:15. On Saturdays it opens at 08:00. On Sundays it stays shut."
    bench.model = ScriptedModel([said], labels={"yes": -0.9, "no": -0.5})
    given = bench.documents(gate="# The gate of Norby\n\nIt opens at 06:40 and closes at 21:15. On Saturdays it opens at 08:00. On Sundays it stays shut.")  # fmt: skip
    got = answer(bench.ask("When does the gate of Norby open?", given=given))
    assert got.known == "quoted"
    assert got.answer == "opens at 06:40 and closes at 21:15"
