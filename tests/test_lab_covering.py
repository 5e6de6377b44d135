"""The curve from cosine to "covered": own questions over own files, foreign ones over both, thresholds off the curve."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from knowledge.embedding import HashingEmbedder
from knowledge.passing import PassingLibrary
from lottery_chat.lab.covering import CLEAR, LOOKS, Found, as_markdown, asked, calibrated, own_documents


def some(low: float, high: float, covered: bool, count: int = 60) -> list[Found]:
    dice = random.Random(f"{low}{high}")
    kind = "own, said" if covered else "own, unsaid"
    return [Found(kind, dice.uniform(low, high), False, covered) for _ in range(count)]


def test_the_thresholds_are_the_curves_and_calibration_gets_better() -> None:
    one = calibrated("e5@1", [*some(0.1, 0.5, False), *some(0.4, 0.8, True)])
    coverage = one.coverage
    assert coverage.p(coverage.looks) == pytest.approx(LOOKS, abs=0.01)
    assert coverage.p(coverage.clear) == pytest.approx(CLEAR, abs=0.01)
    assert 0.3 < coverage.looks < coverage.clear < 0.7 and one.after[0] < one.before[0] and one.told_apart > 0.95
    shown = as_markdown(one)
    assert "e5@1" in shown and "| own, said | 60 |" in shown and "| own, unsaid | 60 |" in shown


def test_where_the_cosine_says_nothing_that_is_seen() -> None:
    one = calibrated("e5@1", [*some(0.2, 0.6, False), *some(0.2, 0.6, True)])
    assert 0.3 < one.told_apart < 0.7
    with pytest.raises(ValueError, match="both kinds"):
        calibrated("e5@1", some(0.2, 0.6, True))


def test_own_questions_and_foreign_ones_are_asked_and_an_answer_that_stands_there_by_chance_is_left_out(
    tmp_path: Path,
) -> None:
    rows = {
        "triviaqa": [
            {"id": "1", "question": "Who rang the bell of Norby?", "answers": ["Ida Holm"]},
            {"id": "2", "question": "Who sank in the lake of Norby?", "answers": ["Per Lund"]},
        ],
        "popqa": [], "nq_open": [], "popqa_rag": [], "nq_rag": [],
    }  # fmt: skip
    for name, lines in rows.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "public.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    own, other = PassingLibrary(HashingEmbedder), PassingLibrary(HashingEmbedder)
    own.add_text("a", "The bell of Norby was cast in 1912.")
    other.add_text("b", "Ida Holm rang the bell of Norby and sang.")
    found = list(asked(own, other, tmp_path, 10))
    kinds = [one.kind for one in found]
    assert kinds.count("triviaqa over own files") == 2 and kinds.count("triviaqa over articles") == 1
    assert kinds.count("own, said") == 51 + 20 and kinds.count("own, unsaid") == 9 + 20
    assert all(one.covered == (one.kind == "own, said") for one in found)


def test_every_own_file_and_note_is_a_document_of_its_own() -> None:
    titles = [one.title for one in own_documents()]
    assert len(titles) == len(set(titles)) == 15 + 20
