"""lottery_chat.lab.reporting: made-up records, every figure worked out by hand, names that try to break a table."""

from __future__ import annotations

import dataclasses
import json
import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from lottery_chat.lab.lookups import lookups
from lottery_chat.lab.popularity import thresholds
from lottery_chat.lab.published import PUBLISHED, published_for
from lottery_chat.lab.reporting import (
    Comparison,
    Report,
    as_json,
    as_markdown,
    compare,
    compared_as_json,
    compared_as_markdown,
    report,
)
from lottery_chat.lab.statistics import wilson
from lottery_chat.lab.tables import cell, table
from lottery_chat.lab.tallying import Tally, size_of
from lottery_chat.lab.values import Outcome, Record

FAMILIES = {"sums": "arithmetic", "gsm8k": "arithmetic", "popqa_rag": "single-document", "riddles": "logic"}
OUTCOMES: dict[str, Outcome] = {"r": "right", "w": "wrong", "n": "no_answer", "u": "unjudged"}


def family(task: str) -> str:
    return FAMILIES.get(task, "")


def record(item: str, outcome: Outcome = "right", **changes: object) -> Record:
    made = Record(
        task="sums", item=item, arm="bare", model="g:0.5b", seed=1, outcome=outcome, score=float(outcome == "right"), extracted="",
        gold=1, reply="", answer=None, status="answered", known="model", checked=False, calls=1, tokens_in=100, tokens_out=10,
        seconds=2.0, run=f"run-{item}", at="2026-01-01T00:00:00+00:00",
    )  # fmt: skip
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def side(outcomes: str, **changes: object) -> list[Record]:
    """One record a letter: r(ight), w(rong), n(o answer), u(njudged); items 0, 1, 2 …"""
    return [record(str(place), OUTCOMES[letter], **changes) for place, letter in enumerate(outcomes)]


def row(made: Report, of: str, arm: str, model: str = "g:0.5b") -> Tally:
    (found,) = [one for one in made.tallies if (one.scope.name, one.arm, one.model) == (of, arm, model)]
    return found


def cells(markdown: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, as a Markdown reader splits them."""
    lines = markdown.split(f"## {heading}\n", 1)[1].split("\n## ")[0].splitlines()
    rows = [line for line in lines if line.startswith("|")]
    return [[one.strip() for one in re.split(r"(?<!\\)\|", line)[1:-1]] for line in rows]


# -- results -----------------------------------------------------------------------------------------------------


def test_what_was_not_judged_counts_as_not_right_and_is_shown_apart() -> None:
    counts = row(report(side("rrrwwnu")), "sums", "bare").counts
    assert (counts.n, counts.right, counts.wrong, counts.no_answer, counts.unjudged) == (7, 3, 2, 1, 1)
    assert counts.accuracy == pytest.approx(3 / 7)
    assert (counts.low, counts.high) == wilson(3, 7)


def test_the_markdown_row_says_all_of_it() -> None:
    rows = cells(as_markdown(report(side("rrrwwnu"))), "Results")
    assert rows[2] == ["sums", "bare", "g:0.5b", "7", "3", "2", "1", "1", "42.9 (15.8 to 75.0)", "–"]


def test_cost_per_right_answer_is_the_cost_of_all_items() -> None:
    records = [
        record("1", "right", calls=1, tokens_in=100, tokens_out=10, seconds=1.0),
        record("2", "wrong", calls=3, tokens_in=300, tokens_out=50, seconds=2.0),
        record("3", "right", calls=2, tokens_in=200, tokens_out=30, seconds=9.0),
    ]
    found = row(report(records), "sums", "bare")
    assert (found.calls, found.tokens_in, found.tokens_out) == (2.0, 200.0, 30.0)
    assert (found.seconds, found.seconds_median) == (4.0, 2.0)
    assert (found.tokens_out_per_right, found.seconds_per_right) == (45.0, 6.0)


def test_where_nothing_is_right_there_is_no_cost_per_right_answer() -> None:
    made = report(side("wwn"))
    assert row(made, "sums", "bare").seconds_per_right is None
    assert cells(as_markdown(made), "Cost of an item")[2][-2:] == ["–", "–"]
    assert json.loads(as_json(made))["tallies"][0]["tokens_out_per_right"] is None


def test_measures_are_means_over_the_items_that_have_them() -> None:
    records = [
        record("1", measures={"f1": 1.0, "recall@10": 0.5, "recall@5": 0.25}),
        record("2", "wrong", measures={"f1": 0.5, "recall@10": 0.5, "recall@5": 0.25}),
        record("3", "no_answer", measures={"f1": 0.0}),
    ]
    found = row(report(records), "sums", "bare").measures
    assert [(one.name, one.mean, one.n) for one in found] == [
        ("f1", 0.5, 3),
        ("recall@5", 0.25, 2),
        ("recall@10", 0.5, 2),
    ]
    assert "f1 0.500, recall@5 0.250 (of 2), recall@10 0.500 (of 2)" in as_markdown(report(records))


def test_a_score_between_right_and_wrong_is_shown_as_a_measure() -> None:
    assert row(report(side("rw")), "sums", "bare").measures == ()
    partly = [record("1", "right", score=0.8), record("2", "wrong", score=0.4)]
    (measure,) = row(report(partly), "sums", "bare").measures
    assert (measure.name, measure.mean) == ("score", pytest.approx(0.6))


def test_families_and_the_whole_hold_their_tasks() -> None:
    records = side("rrw") + side("rw", task="gsm8k") + side("n", task="riddles") + side("r", task="unheard of")
    made = report(records, family=family)
    assert [one.scope.name for one in made.tallies] == [
        "all",
        "arithmetic",
        "logic",
        "gsm8k",
        "sums",
        "riddles",
        "unheard of",
    ]
    assert row(made, "all", "bare").counts.n == 7
    assert (row(made, "arithmetic", "bare").counts.n, row(made, "arithmetic", "bare").counts.right) == (5, 3)


def test_a_task_alone_in_its_family_has_one_row_in_markdown_and_both_in_json() -> None:
    made = report(side("rrw") + side("rw", task="gsm8k") + side("n", task="riddles"), family=family)
    assert [one[0] for one in cells(as_markdown(made), "Results")[2:]] == [
        "all",
        "arithmetic",
        "logic = riddles",
        "gsm8k",
        "sums",
    ]
    assert [one["scope"]["level"] for one in json.loads(as_json(made))["tallies"]].count("task") == 3


def test_bands_are_counted_within_their_task_in_natural_order() -> None:
    records = [
        record("1", band="10", task="popqa_rag"),
        record("2", "wrong", band="2", task="popqa_rag"),
        record("3", band="10", task="popqa_rag"),
        record("4"),
    ]
    made = report(records)
    assert [(one.scope.name, one.counts.n, one.counts.right) for one in made.bands] == [
        ("popqa_rag: 2", 1, 0),
        ("popqa_rag: 10", 2, 2),
    ]
    assert "## By band" not in as_markdown(report(side("rw")))


# -- differences -------------------------------------------------------------------------------------------------


def test_an_arm_that_is_better_than_bare_has_plus_points() -> None:
    made = report(side("w" * 10 + "r" * 2) + side("r" * 10 + "rw", arm="planner"))
    (found,) = made.differences
    assert (found.arm, found.against, found.model) == ("planner", "bare", "g:0.5b")
    assert (found.paired.n, found.paired.only_a, found.paired.only_b) == (12, 10, 1)
    assert found.paired.points == pytest.approx(75.0)
    assert cells(as_markdown(made), "Differences on the same items")[2][4] == "better"


def test_a_swapped_sign_would_be_seen() -> None:
    made = report(side("r" * 12) + side("w" * 12, arm="planner"))
    assert made.differences[0].paired.points == -100.0
    assert made.differences[0].paired.high < 0
    assert cells(as_markdown(made), "Differences on the same items")[2][4] == "worse"


def test_interval_and_test_must_both_say_so_before_better_is_said() -> None:
    # 6 won, 0 lost: p 0.031; 5 won, 0 lost: p 0.0625 although the interval lies above 0
    for won, said in ((6, "better"), (5, "not shown")):
        made = report(side("w" * 30) + side("r" * won + "w" * (30 - won), arm="planner"))
        assert made.differences[0].paired.low > 0
        assert cells(as_markdown(made), "Differences on the same items")[2][4] == said


def test_a_variant_of_the_planner_is_compared_with_bare_and_with_the_planner() -> None:
    records = side("rw") + side("rr", arm="planner") + side("ww", arm="planner:no-python") + side("rw", arm="cot")
    found = [(one.arm, one.against) for one in report(records).differences]
    assert found == [
        ("cot", "bare"),
        ("planner", "bare"),
        ("planner:no-python", "bare"),
        ("planner:no-python", "planner"),
    ]


def test_models_are_never_mixed_in_a_difference() -> None:
    made = report(side("rrr") + side("www", arm="planner", model="other:3b"))
    assert made.differences == ()
    assert "Nothing is compared" in as_markdown(made)


def test_arms_with_other_items_are_compared_on_the_common_ones_and_it_is_said() -> None:
    made = report(side("rrrr") + side("rw", arm="planner"))
    assert made.differences[0].paired.n == 2
    assert any("g:0.5b were not asked the same items" in note for note in made.notes)
    assert not any("same items (" in note for note in report(side("rr") + side("rw", arm="planner")).notes)


# -- P(f) ≤ P(A(g)) ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bigger", "planner", "verdict"),
    [
        ("w" * 30, "r" * 20 + "w" * 10, "holds"),
        ("r" * 30, "r" * 10 + "w" * 20, "does not hold"),
        ("rw" * 15, "wr" * 15, "undecided"),
        ("r" * 30, "r" * 30, "undecided"),
    ],
)
def test_the_inequality_is_decided_by_the_interval(bigger: str, planner: str, verdict: str) -> None:
    made = report(side(bigger, model="f:7b") + side("w" * 30) + side(planner, arm="planner"))
    (found,) = made.inequalities
    assert (found.f, found.g, found.arm, found.verdict) == ("f:7b", "g:0.5b", "planner", verdict)
    assert cells(as_markdown(made), "P(f, μ) ≤ P(A(g), μ)?")[2][4] == verdict


def test_only_a_bigger_model_alone_is_f() -> None:
    records = [
        *side("rw", model="g:0.5b", arm="planner"),
        *side("rw", model="f:7b", arm="planner"),
        *side("rw", model="g:0.5b"),
        *side("rw", model="f:7b"),
        *side("rw", model="unknown"),
    ]
    assert [(one.f, one.g) for one in report(records).inequalities] == [("f:7b", "g:0.5b")]


def test_a_model_of_the_same_size_is_no_f() -> None:
    assert report(side("rw", arm="planner") + side("rw", model="other:0.5b")).inequalities == ()
    assert report(side("rw", arm="planner") + side("rw")).inequalities == ()


def test_a_model_whose_name_says_no_size_can_be_named_as_reference() -> None:
    records = side("rw", arm="planner") + side("rr", model="some-server") + side("ww", model="f:7b")
    assert [(one.f, one.g) for one in report(records, reference=["some-server"]).inequalities] == [
        ("some-server", "g:0.5b")
    ]
    made = report(records, reference=["never run"])
    assert made.inequalities == ()
    assert any("never run has no record in arm bare" in note for note in made.notes)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("qwen2.5-coder:1.5b", 1.5),
        ("Qwen2.5-Coder-0.5B-Instruct-Q4_K_M", 0.5),
        ("smollm2:135m", 0.135),
        ("llama3.2:3b", 3.0),
        ("gpt-4o-mini", None),
        ("mixtral-8x7b", None),
        ("q4_k_m", None),
        ("-", None),
    ],
)
def test_sizes_are_read_from_names_only_where_they_say_one(name: str, size: float | None) -> None:
    assert size_of(name) == size


# -- how answers are known -----------------------------------------------------------------------------------------


def marked(right: int, wrong: int, **changes: object) -> list[Record]:
    return side("r" * right + "w" * wrong, arm="planner", **changes)


@pytest.mark.parametrize(
    ("right", "wrong", "verdict"),
    [
        (18, 2, "keeps its green"),
        (17, 3, "below 90 %: loses its green"),
        (899, 101, "below 90 %: loses its green"),
        (19, 0, "too few"),
        (0, 19, "too few"),
        (20, 0, "keeps its green"),
    ],
)
def test_a_checked_mark_below_ninety_percent_loses_its_green(right: int, wrong: int, verdict: str) -> None:
    made = report(marked(right, wrong, known="computed", checked=True))
    (found,) = made.marks
    assert found.verdict == verdict
    assert found.counts.low == wilson(right, right + wrong)[0]
    assert cells(as_markdown(made), "Are the marks right?")[2][2:5] == ["computed", "checked", verdict]


def test_marks_that_are_not_checked_have_no_green_to_lose() -> None:
    (found,) = report(marked(1, 29, known="computed", checked=False)).marks
    assert found.verdict == ""


def test_marks_are_counted_by_known_and_checked_and_shares_by_known() -> None:
    records = [
        record("1", known="model"),
        record("2", known="proved", checked=True),
        record("3", "wrong", known="computed", checked=False),
        record("4", known="computed", checked=True),
        record("5", "no_answer", known="none"),
    ]
    made = report(records)
    assert [(one.known, one.checked, one.counts.n, one.counts.right) for one in made.marks] == [
        ("proved", True, 1, 1),
        ("computed", True, 1, 1),
        ("computed", False, 1, 0),
        ("model", False, 1, 1),
        ("none", False, 1, 0),
    ]
    assert [(one.known, one.count, one.n) for one in made.shares] == [
        ("proved", 1, 5),
        ("computed", 2, 5),
        ("model", 1, 5),
        ("none", 1, 5),
    ]


def test_retrieval_without_a_model_claims_nothing_and_is_still_counted() -> None:
    made = report(side("rrw", model="-", arm="search", known="quoted", measures={"recall@5": 0.5}))
    assert row(made, "sums", "search", "-").counts.n == 3
    assert (made.marks, made.shares, made.overheads) == ((), (), ())
    assert not any("Nothing is compared" in note for note in made.notes)
    assert "## Overhead" not in as_markdown(made)


# -- overhead ------------------------------------------------------------------------------------------------------


def test_overhead_is_a_multiple_of_bare_on_the_common_items() -> None:
    bare = side("rwww", seconds=1.0, tokens_in=90, tokens_out=10)
    planner = side("rrw", arm="planner", seconds=3.0, tokens_in=150, tokens_out=50, calls=2)
    found = {one.arm: one for one in report(bare + planner).overheads}
    assert (found["bare"].n, found["bare"].seconds, found["bare"].times_seconds) == (4, 4.0, 1.0)
    assert (found["planner"].n, found["planner"].calls, found["planner"].tokens_in, found["planner"].tokens_out) == (
        3,
        6,
        450,
        150,
    )
    assert (found["planner"].seconds, found["planner"].times_seconds, found["planner"].times_tokens) == (9.0, 3.0, 2.0)
    # 4.5 s a right answer against bare's 3 s on the same three items
    assert (found["planner"].seconds_per_right, found["planner"].times_seconds_per_right) == (4.5, 1.5)


def test_items_that_bare_was_not_asked_are_no_overhead() -> None:
    found = {one.arm: one for one in report(side("r", seconds=1.0) + side("rrr", arm="planner", seconds=2.0)).overheads}
    assert (found["planner"].n, found["planner"].seconds, found["planner"].times_seconds) == (1, 2.0, 2.0)


def test_overhead_without_bare_is_its_own_sum_and_no_multiple() -> None:
    (found,) = report(side("rw", arm="planner")).overheads
    assert (found.n, found.seconds, found.times_seconds, found.times_tokens) == (2, 4.0, None, None)


def test_a_bare_arm_that_is_never_right_gives_no_multiple_per_right_answer() -> None:
    found = {one.arm: one for one in report(side("ww") + side("rr", arm="planner")).overheads}
    assert (found["planner"].times_seconds, found["planner"].times_seconds_per_right) == (1.0, None)


# -- little or nothing -----------------------------------------------------------------------------------------------


def test_a_report_over_nothing_is_a_sentence() -> None:
    made = report([])
    assert "There is no record to report on" in as_markdown(made)
    assert "|" not in as_markdown(made)
    assert json.loads(as_json(made))["records"] == 0


def test_items_that_could_not_be_asked_are_left_out_and_told() -> None:
    made = report([record("1"), record("2", "no_answer", problem="The model 'g' does not answer.")])
    assert row(made, "sums", "bare").counts.n == 1
    assert made.notes[0] == "Could not be asked and is left out: 1 record."
    alone = report([record("1", problem="gone")])
    assert (alone.records, len(alone.notes)) == (0, 2)


def test_a_key_that_comes_twice_is_counted_once() -> None:
    made = report([record("1", "right"), record("1", "wrong"), record("1", "right", seed=2)])
    assert (made.records, row(made, "sums", "bare").counts.right) == (2, 2)
    assert "counted once" in made.notes[0]


def test_a_single_item_and_a_single_arm_say_how_little_they_say() -> None:
    text = as_markdown(report([record("1")]))
    assert "Only 1 item" in text
    assert "100.0 (20.7 to 100.0)" in text
    assert "Nothing is compared" in text
    assert "P(f, μ) ≤ P(A(g), μ) is not tested here" in text
    assert "Only" not in as_markdown(report(side("r" * 20)))


def test_the_order_of_the_lines_in_the_file_changes_nothing() -> None:
    records = [
        *side("rwnu" * 3, band="b"),
        *side("rrrw" * 3, arm="planner", known="computed", checked=True, seconds=0.1, measures={"f1": 0.1}),
        *side("wrwr" * 3, arm="cot", model="f:7b"),
        *side("wrwr" * 3, task="gsm8k"),
    ]
    shuffled = list(records)
    random.Random(7).shuffle(shuffled)
    assert as_json(report(records, family=family)) == as_json(report(shuffled, family=family))
    assert as_markdown(report(records, family=family)) == as_markdown(report(shuffled, family=family))


def test_json_has_no_values_that_json_does_not_know() -> None:
    text = as_json(report(side("rw", seconds=float("nan")) + side("rw", arm="planner", seconds=float("inf"))))
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


# -- names that try to break a table ---------------------------------------------------------------------------------

NASTY = [
    "a|b",
    "a\nb",
    "a\\",
    "a\\|b",
    "| --- |",
    "<script>alert(1)</script>",
    "`x`",
    "*x*",
    "_x_",
    "\x1b[31mred",
    "a\u202eb",
    "\ud800",
]


@pytest.mark.parametrize("name", NASTY)
def test_no_name_breaks_a_table(name: str) -> None:
    records = side("rw", model=name, band=name, task=name) + side(
        "rr", model=name, band=name, task=name, arm=f"planner:{name}"
    )
    made = report(records, family=lambda task: task)
    for text in (as_markdown(made), compared_as_markdown(compare(records, records, names=(name, name)))):
        _assert_whole(text)
        text.encode("utf-8")
        assert "\x1b" not in text and "\u202e" not in text and "<script" not in text.replace("\\<", "")
    json.loads(as_json(made)) and as_json(made).encode("utf-8")


def _assert_whole(text: str) -> None:
    """Every table has as many cells in each row as in its head, read as GitHub reads it."""
    width = 0
    for line in text.splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        count = len(re.findall(r"(?:\\.|[^|\\])*\|", line)) - 1
        assert count == (width or count), line
        width = count


def test_a_name_that_is_not_escaped_would_be_seen() -> None:
    whole = table(("name", "n"), [("a|b", "1")], 1)
    _assert_whole(whole)
    with pytest.raises(AssertionError):
        _assert_whole(whole.replace("\\|", "|"))


def test_ordinary_names_stay_as_they_are() -> None:
    for name in (
        "gsm_hard",
        "qwen2.5-coder:1.5b",
        "planner:no-python",
        "10^2",
        "< 0.001",
        "+8.0 (-23.0 to +37.3)",
        "R & D",
    ):
        assert cell(name) == name
    assert cell(" ") == "–"


# -- published -------------------------------------------------------------------------------------------------------


def test_published_rows_stand_below_their_tasks_only_and_with_their_source() -> None:
    text = as_markdown(report(side("rw", task="gsm8k")))
    rows = cells(text, "Published, and measured elsewhere")
    assert ["gsm8k", "PaLM 540B", "CoT", "published", "accuracy", "–", "56.9", "1"] in rows
    assert "1. published: Tang et al. 2025, arXiv 2502.17535" in text
    assert {one[0] for one in rows[2:]} == {"gsm8k"}
    assert "Published" not in as_markdown(report(side("rw")))


def test_published_scores_are_in_no_comparison() -> None:
    made = report(side("rw", task="gsm8k") + side("rr", task="gsm8k", arm="planner"))
    models = (
        {one.model for one in made.tallies}
        | {one.model for one in made.differences}
        | {one.f for one in made.inequalities}
    )
    assert models == {"g:0.5b"}
    assert made.published


def test_a_set_with_a_corpus_shows_the_scores_of_its_questions() -> None:
    assert {one.task for one in published_for("popqa_rag")} == {"popqa", "popqa_rag"}
    assert {one.task for one in published_for("popqa")} == {"popqa"}
    assert published_for("popqa_rag:search") == ()


def test_the_models_of_the_pal_table_are_there() -> None:
    sizes = {(one.model, one.size) for one in PUBLISHED}
    assert sizes >= {("Codex", ""), ("UL2", "20B"), ("LaMDA", "137B"), ("PaLM", "540B"), ("Minerva", "540B")}
    assert all(one.source and one.noted and 0 < one.score <= 100 for one in PUBLISHED)
    assert len(set(PUBLISHED)) == len(PUBLISHED)


def passage(docs: Path, noted: str) -> str:
    """The row of features.md, the section of paper.md or the whole document that a figure was taken from."""
    name, _, place = noted.partition(" ")
    text = (docs / name).read_text(encoding="utf-8")
    if name == "features.md":
        (line,) = [line for line in text.splitlines() if line.startswith(f"| {place} |")]
        return line
    if place:
        return re.split(r"\n#{1,2} |\n## ", text.split(f"\n## {place} ", 1)[1])[0]
    return text


def stands_in(score: float, text: str) -> bool:
    """Whether the figure is there as a number of its own; 77 may stand as 0.77."""
    forms = {f"{score:.2f}", f"{score:.1f}", f"{score:g}", f"{score / 100:.2f}", f"{score / 100:.1f}"}
    return any(re.search(rf"(?<![\d.]){re.escape(form)}(?![\d]|\.\d)", text) for form in forms)


def test_every_published_figure_stands_where_it_is_said_to_stand(shared: Path) -> None:
    docs = shared / "docs"
    if not docs.is_dir():
        pytest.skip("no documents of the workshop in the shared folder")
    missing = [one for one in PUBLISHED if not stands_in(one.score, passage(docs, one.noted))]
    assert missing == []
    assert not stands_in(72.1, passage(docs, "features.md 21")), "the search would find anything"
    assert not stands_in(5.9, passage(docs, "features.md 82"))


# -- two folders -----------------------------------------------------------------------------------------------------


def moved(outcomes: str, **changes: object) -> list[Record]:
    """The second folder's records: run ids of their own."""
    return [dataclasses.replace(one, run=f"second-{one.item}") for one in side(outcomes, **changes)]


def test_won_and_lost_items_are_named_with_their_two_runs() -> None:
    made = compare(side("rrwwn"), moved("rwrwr"), names=("before", "after"))
    assert [(one.item, one.run_first, one.run_second) for one in made.lost] == [("1", "run-1", "second-1")]
    assert [(one.item, one.run_first, one.run_second) for one in made.won] == [
        ("2", "run-2", "second-2"),
        ("4", "run-4", "second-4"),
    ]
    (found,) = made.rows
    assert (found.paired.n, found.paired.right_b, found.paired.right_a) == (5, 2, 3)
    assert (found.paired.only_a, found.paired.only_b) == (2, 1)
    assert found.paired.points == pytest.approx(20.0)


def test_plus_is_better_in_the_second_folder() -> None:
    better = compared_as_markdown(compare(side("w" * 10), moved("r" * 10)))
    assert cells(better, "Right in both, lost, won")[2][3:9] == ["better", "10", "0", "10", "0", "10"]
    worse = compared_as_markdown(compare(side("r" * 10), moved("w" * 10)))
    assert cells(worse, "Right in both, lost, won")[2][3:9] == ["worse", "10", "10", "0", "10", "0"]
    assert "-100.0" in worse and "-100.0" not in better


def test_seconds_of_two_runs_are_not_compared_and_it_is_said() -> None:
    made = compare(side("rw", seconds=1.0), moved("rw", seconds=99.0))
    assert "Seconds are not compared" in compared_as_markdown(made)
    assert "99" not in compared_as_json(made)


def test_only_the_same_task_arm_model_and_item_are_compared() -> None:
    first = side("r") + side("r", arm="cot") + side("r", task="gsm8k")
    second = moved("w") + moved("w", model="other:1b") + moved("w", task="riddles")
    made = compare(first, second, names=("old", "new"))
    assert (made.items, made.only_first, made.only_second) == (1, 2, 2)
    assert any(note.startswith("Only in old") and "2 of its records" in note for note in made.notes)


def test_each_task_and_family_and_the_whole_have_a_row() -> None:
    tasks = ("sums", "gsm8k", "riddles")
    first = [one for task in tasks for one in side("rw", task=task)]
    made = compare(first, first, family=family)
    assert [one.scope.name for one in made.rows] == ["all", "arithmetic", "logic", "gsm8k", "sums", "riddles"]
    assert made.rows[0].paired.n == 6
    shown = [one[0] for one in cells(compared_as_markdown(made), "Right in both, lost, won")[2:]]
    assert shown == ["all", "arithmetic", "logic = riddles", "gsm8k", "sums"]


def test_the_same_folder_twice_has_changed_nothing() -> None:
    made = compare(side("rwn"), side("rwn"))
    assert (made.lost, made.won, made.rows[0].paired.points, made.rows[0].paired.p) == ((), (), 0.0, 1.0)
    assert compared_as_markdown(made).count("None.") == 2


def test_another_seed_is_paired_and_told() -> None:
    made = compare(side("rw", seed=1), moved("rr", seed=2))
    assert made.items == 2
    assert any("another seed in the second folder: 2 of 2" in note for note in made.notes)


def test_where_a_folder_has_several_seeds_only_the_same_seed_is_paired() -> None:
    first = side("r", seed=1) + side("w", seed=2)
    assert compare(first, moved("w", seed=2)).lost == ()
    assert compare(first, moved("w", seed=3)).items == 0


def test_changed_gold_answers_are_told() -> None:
    made = compare(side("rw", gold=1), moved("rw", gold=2))
    assert any("another one in the second folder for 2 of 2" in note for note in made.notes)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ([], [], "There is no record in old and none in new"),
        (side("r"), [], "There is no record in new"),
        (side("r"), moved("r", arm="cot"), "Nothing can be compared"),
        ([record("1", problem="gone")], side("r"), "There is no record in old"),
    ],
)
def test_nothing_to_compare_is_a_sentence(first: Sequence[Record], second: Sequence[Record], sentence: str) -> None:
    made: Comparison = compare(first, second, names=("old", "new"))
    text = compared_as_markdown(made)
    assert sentence in text
    assert "|" not in text
    assert json.loads(compared_as_json(made))["rows"] == []


def test_the_order_of_records_changes_no_comparison() -> None:
    first = side("rwrw" * 4) + side("rrww" * 4, task="gsm8k")
    second = moved("wrrw" * 4) + moved("rwrw" * 4, task="gsm8k")
    made = compared_as_json(compare(first, second, family=family))
    assert made == compared_as_json(compare(first[::-1], second[::-1], family=family))


def test_what_looking_up_lost_and_what_was_denied_is_counted() -> None:
    bare = [record(str(n), "right" if n < 3 else "wrong", arm="bare", task="squad2", gold=["x"]) for n in range(4)]
    arm = [
        record("0", "right", arm="planner", task="squad2", gold=["x"]),
        record("1", "wrong", arm="planner", task="squad2", gold=["x"], status="not_in_documents"),
        record("3", "right", arm="planner", task="squad2", gold=["x"]),
        record("4", "right", arm="planner", task="squad2", gold=[], status="not_in_documents"),
        record("5", "wrong", arm="planner", task="squad2", gold=[]),
    ]
    (row,) = lookups("squad2", [*bare, *arm])
    assert (row.known, row.lost, row.answerable, row.denied, row.unanswerable, row.made_up) == (2, 1, 3, 1, 2, 1)
    whole = as_markdown(report([*bare, *arm], family=lambda task: "single-document"))
    assert "1 of 2" in whole and "What looking up lost" in whole
    assert "What looking up lost" not in as_markdown(report([*bare, *arm], family=lambda task: "arithmetic"))


def test_what_looking_up_only_little_known_things_would_give() -> None:
    bands = {"0": 1, "1": 1, "2": 3, "3": 3}

    def asked(arm: str, right: str, tokens: int) -> list[Record]:
        return [
            record(item, "right" if item in right else "wrong", arm=arm, task="popqa_rag", tokens_in=tokens,
                   band=f"s_pop 10^{power} to 10^{power + 1}")
            for item, power in bands.items()
        ]  # fmt: skip

    rows = thresholds("popqa_rag", [*asked("bare", "23", 40), *asked("planner", "012", 140)])
    assert [(one.below, one.looked_up, one.accuracy, one.tokens_in) for one in rows] == [
        (1, 0.0, 0.5, 40.0), (3, 0.5, 1.0, 90.0), (None, 1.0, 0.75, 140.0),
    ]  # fmt: skip
    assert thresholds("nq_rag", [record("0", "right", arm="bare"), record("0", "right", arm="planner")]) == ()
    shown = as_markdown(report([*asked("bare", "23", 40), *asked("planner", "012", 140)]))
    assert "below 10^3 views" in shown and "everything" in shown
