"""Proving with the model's part: what it may write, what is said about it, and that it can be off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from lottery_chat.events import NodeOpened, ToolReturned
from lottery_chat.models.scripted import ScriptedModel

UNREAD = "What is blue, that hums."
TEXT = f"All glims are blue. {UNREAD} Dax is a glim. True, false or unknown: Dax hums."
RIGHT = "all x (blue(x) -> hum(x))"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    yield one
    one.close()


def test_a_sentence_the_model_read_decides_but_is_never_checked(bench: Bench) -> None:
    bench.model = ScriptedModel([RIGHT])
    events = bench.ask(TEXT, mode="deliberate")
    done = answer(events)
    assert (done.answer, done.known, done.checked, done.calls) == ("True", "proved", False, 1)
    assert UNREAD in done.check and "the model read" in done.check
    shown = [event.output for event in events if isinstance(event, ToolReturned) and event.tool == "logic"]
    assert "NOT READ" in shown[0] and "(read by the model)" in shown[1]


def test_the_message_goes_back_and_the_formula_is_repaired(bench: Bench) -> None:
    model = bench.model = ScriptedModel(["all x (blue(x) -> sing(x))", "all x (blue(x) -> hum(x, x))", RIGHT])
    assert answer(bench.ask(TEXT, mode="deliberate")).answer == "True"
    sent = [request.messages[-1].text for request in model.calls]
    assert "no predicate 'sing'" in sent[1] and "takes 1 argument" in sent[2]


def test_after_three_repairs_the_sentence_stays_unread_and_the_answer_is_the_models_own(bench: Bench) -> None:
    model = bench.model = ScriptedModel(
        [f"all x (blue(x) -> wrong{i}(x))" for i in range(4)] + ["I believe it is true."]
    )
    done = answer(bench.ask(TEXT, mode="deliberate"))
    assert (done.known, done.checked) == ("model", False)
    assert sum(UNREAD in request.messages[-1].text or len(request.messages) > 2 for request in model.calls[:4]) == 4


def test_the_same_wrong_formula_twice_ends_the_repair(bench: Bench) -> None:
    model = bench.model = ScriptedModel(["sing(dax)"])
    answer(bench.ask(TEXT, mode="deliberate"))
    assert sum(request.max_tokens == 60 for request in model.calls) == 2


def test_the_models_part_is_off_unless_one_asks_to_deliberate(bench: Bench) -> None:
    bench.model = model = ScriptedModel([RIGHT])
    assert answer(bench.ask(TEXT)).known == "model" and all(request.max_tokens != 60 for request in model.calls)


def test_the_models_part_can_be_off(bench: Bench) -> None:
    model = bench.model = ScriptedModel([RIGHT])
    done = answer(bench.ask(TEXT, mode="deliberate", without=frozenset({"formalise"})))
    assert done.known == "model" and all(request.max_tokens != 60 for request in model.calls)


def test_what_needs_a_presumption_is_no_checked_proof(bench: Bench) -> None:
    done = answer(
        bench.ask(
            "An animal is either a newt or a toad. Zik is not a newt. Toads are green. True, false or unknown: Zik is green."
        )
    )
    assert (done.answer, done.known, done.checked) == ("True", "proved", False)
    assert "presumed" in done.check and "animal" in done.check


def test_the_run_keeps_facts_rules_and_names(bench: Bench) -> None:
    bench.ask("All glims are blue. Dax is a glim. Is Dax blue?")
    run = f"{1:032x}"
    assert [fact.symbols for fact in bench.symbols.facts(run)] == ["glim(dax)", "blue(dax)"]
    assert [rule.sentence for rule in bench.symbols.rules(run)] == ["All glims are blue."]
    assert {(name.name, name.kind) for name in bench.symbols.names(run)} >= {("glim", "predicate"), ("dax", "object")}


def test_nothing_is_kept_where_memory_is_off(bench: Bench) -> None:
    bench.ask("All glims are blue. Dax is a glim. Is Dax blue?", without=frozenset({"memory"}))
    assert bench.symbols.facts(f"{1:032x}") == ()


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (
            "Nils, Olga, Piet, Rosa and Sven sit in a row of five seats numbered 1 to 5. Nils sits next to Olga. "
            "Piet sits in seat 3. Rosa sits to the left of Sven. Olga sits in seat 5. Who sits in seat 1?",
            "Rosa",
        ),
        ("Mara is the mother of Nils. Nils is the father of Olga. How is Mara related to Olga?", "grandmother"),
        ("Anna is taller than Ben. Ben is taller than Cem. Who is the tallest?", "Anna"),
    ],
)  # fmt: skip
def test_puzzles_relations_and_orders_are_answered_from_end_to_end(bench: Bench, text: str, start: str) -> None:
    done = answer(bench.ask(text))
    assert done.known == "proved" and start in (done.answer or ""), done


def test_the_four_roles_stand_in_the_trace_where_they_are_asked_for(bench: Bench) -> None:
    text = "Every gardener is patient. Every patient person is calm. Nora is a gardener. Is Nora calm?"
    plain, events = bench.ask(text), bench.ask(text, prove=frozenset({"roles", "ordered", "goals"}), use_memory=False)
    titles = [event.title for event in events if isinstance(event, NodeOpened)]
    assert [one for one in titles if one in ("Translator", "Planner", "Solver", "Verifier")] == [
        "Translator", "Planner", "Solver", "Verifier",
    ]  # fmt: skip
    assert "Verifier" not in [event.title for event in plain if isinstance(event, NodeOpened)]
    done = answer(events)
    assert done.answer == answer(plain).answer == "Yes" and done.checked
    assert "a second method confirms it" in done.check and "a second method" not in answer(plain).check


def test_a_proof_that_the_verifier_does_not_confirm_is_not_used(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lottery_chat.adapters.recheck", lambda *given, **options: False)
    text = "Every gardener is patient. Nora is a gardener. Is Nora patient?"
    done = answer(bench.ask(text, prove=frozenset({"roles"})))
    assert done.known == "model" and not done.checked
