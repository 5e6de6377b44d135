"""The gates' thresholds come from the lab's own items, and a gate that tells nothing apart is seen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from lottery_chat.lab.gates import Gate, as_markdown, calls_gate, heart_gate, notes_gate, trusted
from lottery_chat.lab.loading import OWN, rows_of
from lottery_chat.messages import Message
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.gates import Gates, gates_of, keep_gates, read_gates


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


def test_what_is_trusted_by_heart_rests_on_enough_right_answers() -> None:
    assert trusted(Gate("g", "m", (-0.3, *[-0.1] * 12), (-0.5, -0.4, -0.4, -0.4, -0.2))) == -0.4
    assert trusted(Gate("g", "m", (-0.1,) * 9, ())) == float("inf")  # right, but too few
    assert trusted(Gate("g", "m", (-0.1,) * 9, (-0.1,) * 9)) == float("inf")


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

    gate = heart_gate(ScriptedModel(answer), tmp_path, 10)
    assert asked == ["Who rang?", "who sang"]
    assert (len(gate.passing), len(gate.failing)) == (1, 1)
