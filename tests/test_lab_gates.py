"""The gates' thresholds come from the lab's own items, and a gate that tells nothing apart is seen."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from pathlib import Path

from lottery_chat.lab.by_heart import Heart, Question, answered, fitting_questions
from lottery_chat.lab.gates import Gate, as_markdown, believing, believing_as_markdown, calls_gate, notes_gate, trusted
from lottery_chat.lab.loading import OWN, rows_of
from lottery_chat.messages import Message
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.calibration import Curve
from lottery_chat.planner.coverage import MEASURED, Coverage, coverage_of
from lottery_chat.planner.gates import Gates, gates_of, keep_gates, read_coverage, read_gates


def knows(messages: Sequence[Message], labels: Sequence[str]) -> dict[str, float]:
    """Says yes to the questions that the notes answer, as somebody who has the list beside him."""
    said = {str(row["said"]) for _, row in rows_of(OWN / "own_notes.jsonl")}
    yes = any(f"Question: {one}\n" in messages[-1].text for one in said)
    return {"yes": -0.1 if yes else -4.0, "no": -4.0 if yes else -0.1}


def test_a_model_that_knows_passes_all_and_stops_all() -> None:
    gate = notes_gate(ScriptedModel(labels=knows))
    assert len(gate.passing) == len(gate.failing) == 20
    assert gate.best()[1:] == (20, 20)


def test_a_model_that_always_says_yes_tells_nothing_apart() -> None:
    gate = notes_gate(ScriptedModel(labels={"yes": -0.1, "no": -3.0}))
    assert sum(gate.best()[1:]) == 20


def test_likeness_counts_beside_the_models_word() -> None:
    model = ScriptedModel(labels={"yes": -0.5, "no": -0.5})
    gate = calls_gate(model, lambda left, right: [[0.9 if "tide" in card else 0.1 for card in right] for _ in left])
    assert len(gate.passing) == len(gate.failing) == 20
    assert max(gate.passing) > 2.0 > min(gate.passing)


def test_the_table_names_the_threshold() -> None:
    shown = as_markdown([Gate("g", "m", (1.0, 2.0, 3.0), (-1.0, 0.0, 1.5))])
    assert "| 0.00 | 3 of 3 | 2 of 3 |" in shown


STEEP = Curve(20.0, 6.0)  # 0.8 at -0.23


def test_what_is_trusted_by_heart_rests_on_the_curve_and_on_enough_right_answers() -> None:
    at = STEEP.score_at(0.8)
    assert trusted(Gate("g", "m", (-0.3, *[-0.1] * 12), (-0.5, -0.4, -0.2)), STEEP) == at
    assert trusted(Gate("g", "m", (-0.1,) * 9, ()), STEEP) == math.inf  # right, but too few
    assert trusted(Gate("g", "m", (-0.1,) * 9, (-0.1,) * 9), STEEP) == math.inf  # the curve says more than they show
    assert trusted(Gate("g", "m", (-0.1,) * 20, (-2.0,)), Curve(0.0, 0.0)) == math.inf  # a curve that says nothing


def hearts(right: int, wrong: int, sure: float = -0.1, unsure: float = -1.5) -> list[Heart]:
    good = [Heart("t", f"r{n}", "x", sure - n / 1000, True) for n in range(right)]
    return [*good, *(Heart("t", f"w{n}", "y", unsure - n / 1000, False) for n in range(wrong))]


def test_a_model_that_is_right_where_it_is_sure_is_believed_there_and_its_calibration_is_better() -> None:
    found = believing("m", [*hearts(30, 60), Heart("t", "e", "no end", None, False)])
    assert -1.5 < found.knows < -0.13 and found.unended == 1 and found.curve is not None
    assert found.after[0] < found.before[0] and found.told_apart == 1.0
    assert "| m | 90 | 30 | 1 | 1.00 |" in believing_as_markdown([found])


def test_a_model_that_is_sure_and_wrong_is_never_believed() -> None:
    dice = random.Random(2)
    answers = [Heart("t", str(n), "x", -dice.random(), n % 10 == 0) for n in range(100)]
    found = believing("m", answers)
    assert found.knows == math.inf and "never" in believing_as_markdown([found])
    assert believing("m", hearts(0, 5)).curve is None


def test_kept_gates_are_the_models_and_a_broken_file_is_nothing_kept(tmp_path: Path) -> None:
    keep_gates(tmp_path, {"mine": Gates(0.5, 1.0)})
    keep_gates(tmp_path, {"other": Gates(0.1, 0.2, -0.3)})
    kept = read_gates(tmp_path)
    assert kept == {"mine": Gates(0.5, 1.0), "other": Gates(0.1, 0.2, -0.3)}
    assert gates_of("mine", kept).support == 0.5 and gates_of("unknown", kept) == Gates()
    (tmp_path / "gates.json").write_text('{"mine": [1]}', encoding="utf-8")
    assert read_gates(tmp_path) == {}


def test_only_questions_left_for_fitting_are_asked_by_heart(tmp_path: Path) -> None:
    rows = {
        "triviaqa": [{"id": "1", "question": "Who rang?", "answers": ["Ida"]}],
        "popqa": [{"id": "1", "question": "Who reported?", "possible_answers": ["Per"]}],
        "nq_open": [{"id": "1", "question": "who sang", "answers": ["Kari"]}],
        "popqa_rag": [{"id": "1", "question": "Who  reported", "possible_answers": ["Per"]}],
        "nq_rag": [{"id": "1", "question": "another", "answers": ["x"]}],
    }
    for name, some in rows.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "public.jsonl").write_text("\n".join(map(json.dumps, some)), encoding="utf-8")
    asked: list[str] = []

    def answer(messages: Sequence[Message]) -> str:
        asked.append(messages[-1].text)
        return "Ida."

    questions = list(fitting_questions(tmp_path, 10))
    said = answered(ScriptedModel(answer), questions, tmp_path / "kept.jsonl", seconds=60, say=print)
    assert asked == ["Who rang?", "who sang"]
    assert [one.right for one in said] == [True, False]


def test_what_was_answered_by_heart_is_kept_and_not_asked_again(tmp_path: Path) -> None:
    questions = [Question("t", str(n), f"Question {n}?", ("Ida",)) for n in range(3)]
    file, said = tmp_path / "kept" / "m.jsonl", []
    assert answered(ScriptedModel(["Ida"]), questions, file, seconds=-1, say=said.append) == []
    assert "0 of 3" in said[0]
    assert len(answered(ScriptedModel(["Ida"]), questions[:2], file, seconds=60, say=said.append)) == 2
    with file.open("a", encoding="utf-8") as torn:
        torn.write('{"task": "t", "item": "2", "sa')

    def last(messages: Sequence[Message]) -> str:
        assert "Question 2" in messages[-1].text
        return "Per"

    all_three = answered(ScriptedModel(last), questions, file, seconds=60, say=said.append)
    assert [one.right for one in all_three] == [True, True, False] and len(said) == 1


def test_an_embedders_curve_is_kept_beside_the_models_gates(tmp_path: Path) -> None:
    mine = Coverage(Curve(9.0, -4.0), 0.3, 0.7)
    keep_gates(tmp_path, {"m": Gates(0.5, 1.0, -0.2, Curve(3.0, 1.0))}, {"e5@12": mine})
    keep_gates(tmp_path, {"n": Gates()})
    assert read_coverage(tmp_path) == {"e5@12": mine}
    assert read_gates(tmp_path) == {"m": Gates(0.5, 1.0, -0.2, Curve(3.0, 1.0)), "n": Gates()}
    assert coverage_of("e5@12", read_coverage(tmp_path)) == mine
    builtin = MEASURED["all-MiniLM-L6-v2"]
    assert coverage_of("e5@13", read_coverage(tmp_path)) == coverage_of("all-MiniLM-L6-v2@1", {}) == builtin


def test_how_far_documents_cover_a_question() -> None:
    one = Coverage(Curve(10.0, -5.0), 0.4, 0.6)
    assert [one.of(best, False) for best in (0.1, 0.4, 0.6)] == ["not", "perhaps", "clearly"]
    assert one.of(0.1, named=True) == "perhaps"  # a passage about exactly what is named
    assert one.p(0.5) == 0.5
