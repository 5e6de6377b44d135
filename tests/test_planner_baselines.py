"""What A is measured against, and its parts switched off one by one: settings of ask, nothing forked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from lottery_chat.events import ModelCalled, NodeOpened, PassagesFound, ToolCalled
from lottery_chat.models.scripted import ScriptedModel

PROGRAM = "    trays = 4\n    return trays * 6\n```"
PROBLEM = "A tray holds 6 cups and there are 4 such trays on the long table. How many cups are there?"
LOGIC = "All wugs are blue. Dax is a wug. Is Dax blue?"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def calls(events: list) -> list[ModelCalled]:  # type: ignore[type-arg]
    return [event for event in events if isinstance(event, ModelCalled)]


@pytest.mark.parametrize(
    "question", ["What is 2+3?", LOGIC, PROBLEM, "Write a poem.", "Hello", "Which files are there?"]
)
def test_bare_is_one_call_with_the_question_as_it_is(bench: Bench, question: str) -> None:
    bench.model = model = ScriptedModel(["Seven, I think."])
    events = bench.ask(question, mode="bare")
    done = answer(events)
    assert [message.text for message in model.calls[0].messages] == [question] and len(model.calls) == 1
    assert (done.text, done.known, done.checked, done.calls) == ("Seven, I think.", "model", False, 1)
    assert not any(isinstance(event, ToolCalled | PassagesFound) for event in events)


def test_cot_adds_one_sentence_and_nothing_else(bench: Bench) -> None:
    bench.model = model = ScriptedModel(["First … so 24."])
    answer(bench.ask(PROBLEM, mode="cot"))
    assert [one.text for one in model.calls[0].messages] == [f"{PROBLEM}\n\nLet's think step by step."]


def test_pal_is_one_program_run_once(bench: Bench) -> None:
    bench.model = model = ScriptedModel([PROGRAM])
    done = answer(bench.ask(PROBLEM, mode="pal"))
    assert done.answer == "24" and done.known == "computed" and not done.checked and len(model.calls) == 1


def test_pal_does_not_repair_a_program_that_fails(bench: Bench) -> None:
    bench.model = model = ScriptedModel(["    return 1 / 0\n```"])
    done = answer(bench.ask(PROBLEM, mode="pal"))
    assert done.status == "failed" and "ZeroDivision" in done.reason and len(model.calls) == 1


def test_rag_puts_the_five_nearest_passages_before_the_question(bench: Bench) -> None:
    bench.knowledge = bench.documents(**{f"file{n}": f"Depot number {n} opens at 0{n}:40." for n in range(8)})
    bench.model = model = ScriptedModel(["06:40"])
    done = answer(bench.ask("When does depot number 6 open?", mode="rag"))
    prompt = model.calls[0].messages[0].text
    assert prompt.count("Depot number") == 5 and prompt.rstrip().endswith("Question: When does depot number 6 open?")
    assert done.known == "model" and len(model.calls) == 1


def test_a_baseline_without_documents_asks_all_the_same(bench: Bench) -> None:
    bench.model = ScriptedModel(["At noon."])
    assert answer(bench.ask("When does it open?", mode="rag")).text == "At noon."


def test_without_the_solver_logic_goes_to_the_model(bench: Bench) -> None:
    assert answer(bench.ask(LOGIC)).known == "proved"
    assert answer(bench.ask(LOGIC, without=frozenset({"solver"}), use_memory=False)).known == "model"


def test_without_python_no_program_is_written(bench: Bench) -> None:
    bench.model = ScriptedModel([PROGRAM, "ans = 24\n```"])
    assert answer(bench.ask(PROBLEM)).known == "computed"
    events = bench.ask(PROBLEM, without=frozenset({"python"}), use_memory=False)
    assert answer(events).known == "model" and not any(isinstance(event, ToolCalled) for event in events)


def test_without_verify_a_program_is_written_once(bench: Bench) -> None:
    bench.model = model = ScriptedModel([PROGRAM])
    done = answer(bench.ask(PROBLEM, without=frozenset({"verify"})))
    assert done.answer == "24" and not done.checked and len(model.calls) == 1


def test_without_verify_the_support_gate_is_not_asked(bench: Bench) -> None:
    bench.knowledge = bench.documents(depot="The red depot opens at 06:40.")
    bench.model = ScriptedModel(["06:40"])
    with_gate = calls(bench.ask("When does the red depot open, according to the file?"))
    without = calls(bench.ask("When does the red depot open, according to the file?", without=frozenset({"verify"})))
    assert any("state the answer" in one.purpose for one in with_gate)
    assert not any("state the answer" in one.purpose for one in without)


def test_without_divide_a_question_of_two_parts_is_one_node(bench: Bench) -> None:
    asked = "Who wrote Faust and when was Faust published?"
    divided = [event.kind for event in bench.ask(asked) if isinstance(event, NodeOpened)]
    whole = [event.kind for event in bench.ask(asked, without=frozenset({"divide"})) if isinstance(event, NodeOpened)]
    assert "divide" in divided and "divide" not in whole


def test_without_memory_nothing_is_stored(bench: Bench) -> None:
    def stored() -> int:
        return int(bench.database.row("SELECT count(*) AS n FROM nodes")["n"])

    answer(bench.ask("What is 2+3?", without=frozenset({"memory"})))
    before = stored()
    answer(bench.ask("What is 2+4?"))
    assert before == 0 < stored()


def test_without_preprocess_whole_passages_are_the_evidence(bench: Bench) -> None:
    text = "The red depot opens at 06:40. Its head is Tomas. " + "It has a long yard. " * 9
    bench.knowledge = bench.documents(depot=text)
    bench.model = model = ScriptedModel(["06:40"])
    answer(
        bench.ask(
            "When does the red depot open, according to the file?", without=frozenset({"preprocess"}), use_memory=False
        )
    )
    whole = model.calls[-1].messages[-1].text.count("long yard")
    bench.model = model = ScriptedModel(["06:40"])
    answer(bench.ask("When does the red depot open, according to the file?", use_memory=False))
    assert whole == 9 > model.calls[-1].messages[-1].text.count("long yard")
