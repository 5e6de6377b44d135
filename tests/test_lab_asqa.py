"""ASQA in the form it is published in: read, scored by str-em and hit, reported beside the published rows. Own items."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lab_oracle import oracle
from lab_parts import jobs, record

from lottery_chat.errors import LotteryChatError, NotFound
from lottery_chat.lab.judging import judge
from lottery_chat.lab.loading import read_items
from lottery_chat.lab.reporting import as_markdown, report
from lottery_chat.lab.tasks import tasks
from lottery_chat.lab.values import Item, Replied, Verdict

ONE = {
    "ambiguous_question": "When did the mill of Odd open?",
    "qa_pairs": [
        {"context": "No context provided", "question": "When did the old mill open?", "short_answers": ["1911", "in 1911"], "wikipage": None},
        {"context": "No context provided", "question": "When did the new mill open?", "short_answers": ["3 May 1980"], "wikipage": "Mill"},
    ],
    "wikipages": [{"title": "Mill", "url": "https://example.org"}],
    "annotations": [{"knowledge": [], "long_answer": "The old mill opened in 1911 and the new one on 3 May 1980."}],
}  # fmt: skip
PUBLISHED = {"train": {"-1": ONE | {"ambiguous_question": "Not to be asked?"}}, "dev": {"77": ONE, "-12": ONE}}


def written(data: Path, whole: Any) -> Path:
    place = data / "asqa" / "ASQA.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    return data


def items(data: Path) -> tuple[Item, ...]:
    return read_items(tasks(data)["asqa"], data)


def test_the_published_file_is_read_as_it_is_and_only_its_dev_split(tmp_path: Path) -> None:
    found = items(written(tmp_path, PUBLISHED))
    assert [one.id for one in found] == ["77", "-12"]
    assert found[0].question == "When did the mill of Odd open?" and found[0].band == "2 readings"
    assert found[0].gold == [["1911", "in 1911"], ["3 May 1980"]]


def test_a_list_of_items_is_read_too(tmp_path: Path) -> None:
    listed = [{"sample_id": "5", "question": "When?", "qa_pairs": ONE["qa_pairs"]}]
    assert [(one.id, one.question) for one in items(written(tmp_path, listed))] == [("5", "When?")]


@pytest.mark.parametrize(
    ("whole", "named"),
    [
        ("{", "is not JSON"),
        ({"train": {"1": ONE}}, "no split"),
        ({"dev": {"1": "text"}}, "not an object"),
        ({"dev": {"1": {"ambiguous_question": "When?"}}}, "'qa_pairs' is missing"),
        ({"dev": {"1": ONE | {"qa_pairs": []}}}, "'qa_pairs'"),
        ({"dev": {"1": ONE | {"qa_pairs": [{"short_answers": []}]}}}, "'short_answers'"),
        ({"dev": {}}, "no item"),
    ],
)
def test_another_form_is_refused_and_said(tmp_path: Path, whole: Any, named: str) -> None:
    with pytest.raises(LotteryChatError, match=named):
        items(written(tmp_path, whole))


def test_without_the_file_it_says_where_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="asqa"):
        items(tmp_path)


def judged(text: str, status: str = "answered", answer: str | None = None) -> Verdict:
    return judge(
        tasks(Path("nowhere"))["asqa"],
        Item("1", "When?", [["1911", "in 1911"], ["3 May 1980"]]),
        Replied(text, answer, status),
    )


@pytest.mark.parametrize(
    ("text", "str_em", "hit", "outcome"),
    [
        ("The old mill opened in 1911, the new one on 3 May, 1980.", 1.0, 1.0, "right"),
        ("It opened in 1911.", 0.5, 0.0, "wrong"),
        ("It opened in 1912.", 0.0, 0.0, "wrong"),
        ("", 0.0, 0.0, "no_answer"),
        ("I do not know.", 0.0, 0.0, "no_answer"),
    ],
)
def test_str_em_is_the_share_of_readings_and_hit_all_of_them(
    text: str, str_em: float, hit: float, outcome: str
) -> None:
    verdict = judged(text)
    assert (verdict.measures, verdict.outcome) == ({"str-em": str_em, "hit": hit}, outcome)


def test_the_whole_text_is_judged_and_a_failure_is_none() -> None:
    assert judged("1911, and 3 May 1980.", answer="1911").outcome == "right"
    assert judged("1911, and 3 May 1980.", status="failed").outcome == "no_answer"


def test_a_report_shows_both_measures_above_the_published_rows() -> None:
    verdict = judged("It opened in 1911.")
    made = record(jobs(1)[0], task="asqa", outcome=verdict.outcome, score=verdict.score, measures=verdict.measures)
    text = as_markdown(report([made]))
    assert "hit 0.000" in text and "str-em 0.500" in text
    assert "38.8" in text and "14.0" in text, "Llama-3 8B with RAG: str-em and hit of the paper's table"


@pytest.mark.parametrize("task", ["popqa", "nq_open", "popqa_rag", "nq_rag"])
def test_open_questions_report_exact_match_f1_and_containment(task: str) -> None:
    verdict = judge(
        tasks(Path("nowhere"))[task], Item("1", "Where?", ["the village of Odd"]), Replied("Odd", "Odd", "answered")
    )
    assert verdict.measures == {"em": 0.0, "f1": pytest.approx(0.5), "contains": 0.0}
    made = record(jobs(1)[0], task=task, outcome=verdict.outcome, score=0.0, measures=verdict.measures)
    assert "contains 0.000, em 0.000, f1 0.500" in as_markdown(report([made]))


def test_the_gold_itself_is_a_hit(tmp_path: Path) -> None:
    task = tasks(tmp_path)["asqa"]
    for one in items(written(tmp_path, PUBLISHED)):
        assert judge(task, one, oracle(task.judge, one)).outcome == "right"
