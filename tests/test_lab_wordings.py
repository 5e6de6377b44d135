"""wordings.py: a question counts once; agreeing is one answer to every wording, right or not, and silence is none."""

from __future__ import annotations

import pytest

from lottery_chat.lab.reporting import as_markdown, report
from lottery_chat.lab.values import Outcome, Record
from lottery_chat.lab.wordings import shown, wordings


def record(item: str, outcome: Outcome, extracted: str = "", arm: str = "planner") -> Record:
    return Record(
        task="own_words", item=item, arm=arm, model="m", seed=1, outcome=outcome, score=0.0, extracted=extracted, gold=4, reply="", answer=None,
        status="answered", known="computed", checked=False, calls=0, tokens_in=0, tokens_out=0, seconds=0.0, run="", at="", band="sums",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "agree", "right"),
    [
        ([("right", "4.0"), ("right", "4.0"), ("right", "4.0")], True, True),
        ([("right", "Petrie"), ("right", "Yolanda Petrie"), ("right", "Petrie")], True, True),  # two accepted forms
        ([("wrong", "5"), ("wrong", "5"), ("wrong", "5")], True, False),
        ([("wrong", "5"), ("wrong", "6"), ("wrong", "5")], False, False),
        ([("right", "4"), ("wrong", "5"), ("right", "4")], False, False),
        ([("right", "4"), ("no_answer", ""), ("right", "4")], False, False),
        ([("no_answer", ""), ("no_answer", ""), ("no_answer", "")], False, False),
        ([("unjudged", ""), ("wrong", "5"), ("wrong", "5")], False, False),
    ],
)
def test_wordings_agree_when_each_got_the_same_answer(said: list[tuple[Outcome, str]], agree: bool, right: bool) -> None:  # fmt: skip
    (one,) = wordings(record(f"s-1/{letter}", *words) for letter, words in zip("abc", said))
    assert (one.agree, one.right) == (agree, right)
    assert one.outcomes == tuple(outcome for outcome, _ in said)


def test_arms_are_told_apart_and_items_without_wordings_left_out() -> None:
    found = wordings([record("s-1/b", "wrong", "5"), record("s-1/a", "right"), record("s-1/a", "right", arm="bare"), record("s-2", "right")])  # fmt: skip
    assert [(one.question, one.arm, one.outcomes) for one in found] == [
        ("s-1", "planner", ("right", "wrong")),
        ("s-1", "bare", ("right",)),
    ]


def test_the_report_counts_questions_and_shows_each() -> None:
    records = [record(f"s-{n}/{letter}", "right" if n == 1 or letter == "a" else "wrong", "5") for n in (1, 2) for letter in "abc"]  # fmt: skip
    text = as_markdown(report(records, family=lambda task: "wordings"))
    assert "## One question in several wordings" in text
    assert "| s-2      | right, wrong, wrong | no    | no    |" in text
    counted = next(line for line in text.splitlines() if "| all  " in line and "questions" not in line)
    assert [cell.strip() for cell in counted.split("|")[4:8]] == ["2", "1", "1", "2"]
    assert "several wordings" not in as_markdown(report(records, family=lambda task: "arithmetic"))
    assert shown(wordings(records)) in text
