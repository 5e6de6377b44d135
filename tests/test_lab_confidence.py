"""Looking up only what the model is not sure of: every figure worked out by hand."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import pytest
from lab_parts import jobs
from lab_parts import record as made
from test_lab_command import Typed

from lottery_chat.errors import NotFound
from lottery_chat.events import Event, ModelReturned, Progress
from lottery_chat.lab.confidence import believed, of_home
from lottery_chat.lab.one_item import Sureness
from lottery_chat.lab.reporting import as_json, as_markdown, report
from lottery_chat.lab.values import Outcome, Record
from lottery_chat.planner.calibration import Curve
from lottery_chat.planner.gates import Gates, keep_gates

JOB = jobs(1)[0]


def asked(
    arm: str, right: str, tokens: int, seconds: float, logprobs: dict[str, float | None] | None = None
) -> list[Record]:
    rows = []
    for item in "0123":
        outcome: Outcome = "right" if item in right else "wrong"
        rows.append(
            made(JOB, task="popqa_rag", item=item, arm=arm, outcome=outcome, tokens_in=tokens, seconds=seconds,
                 logprob=(logprobs or {}).get(item))
        )  # fmt: skip
    return rows


#: With this curve P is 0.88 at 0, 0.5 at -0.2, 0.02 at -0.6.
CURVE = Curve(10.0, 2.0)
OWN = asked("by-heart", "0", 30, 0.5, {"0": 0.0, "1": -0.2, "2": -0.6, "3": None})
LOOKED = asked("planner", "012", 200, 2.0)


def test_each_threshold_takes_the_own_answers_above_it_and_pays_for_all() -> None:
    rows = believed("popqa_rag", [*OWN, *LOOKED], lambda model: CURVE)
    assert [(one.level, one.looked_up, one.accuracy, one.own, one.tokens_in, one.seconds) for one in rows] == [
        (None, 1.0, 0.75, None, 200.0, 2.0),
        (0.9, 1.0, 0.75, None, 230.0, 2.5),
        (0.8, 0.75, 0.75, 1.0, 180.0, 2.0),
        (0.5, 0.5, 0.5, 0.5, 130.0, 1.5),
        (0.0, 0.0, 0.25, 0.25, 30.0, 0.5),
    ]
    assert all(one.calibrated and one.alone == "by-heart" for one in rows)


def test_without_a_curve_or_by_bare_the_raw_probability_is_taken_and_said() -> None:
    bare = [dataclasses.replace(one, arm="bare") for one in OWN]
    rows = believed("popqa_rag", [*bare, *LOOKED], lambda model: CURVE)
    assert not any(one.calibrated for one in rows)
    assert [one.level for one in rows] == [None, 0.9, 0.8, 0.5, 0.0]
    assert rows[2].looked_up == 0.5 and math.exp(-0.2) > 0.8  # two of four lie above
    shown = as_markdown(report([*bare, *LOOKED]))
    assert "exp(logprob) ≥ 0.8" in shown and "never (gate off)" in shown and "always (bare)" in shown


def test_there_is_no_table_where_no_log_probability_was_kept() -> None:
    blank = [dataclasses.replace(one, logprob=None) for one in OWN]
    assert believed("popqa_rag", [*blank, *LOOKED]) == ()
    assert "not sure of" not in as_markdown(report([*blank, *LOOKED]))
    assert believed("popqa_rag", OWN) == ()  # nothing to look up with


def test_the_report_takes_the_curve_of_the_home(tmp_path: Path) -> None:
    keep_gates(tmp_path, {JOB.model: Gates(heart=CURVE)})
    made = report([*OWN, *LOOKED], curve_of=of_home(tmp_path))
    assert "P ≥ 0.5" in as_markdown(made)
    assert json.loads(as_json(made))["believed"][1]["tokens_in"] == 230.0


def returned(logprob: float | None) -> ModelReturned:
    return ModelReturned("n1", "x", "", 1, 1, 0.1, 0.1, "stop", logprob)


def test_only_the_one_reply_of_a_run_says_how_sure_it_was() -> None:
    sure = Sureness()
    sure(Progress("…"))
    assert sure.logprob is None
    sure(returned(-0.25))
    assert sure.logprob == -0.25
    sure(returned(-0.5))
    assert sure.logprob is None


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    return Typed(tmp_path)


def test_a_line_of_a_run_keeps_the_log_probability(typed: Typed) -> None:
    assert typed.run("gsm8k", "--arm", "by-heart", "--limit", "2") == 0
    assert all("logprob" in line for line in typed.lines())


class Journal:
    """The runs of a home: each has these replies."""

    def __init__(self, replies: dict[str, list[float]]) -> None:
        self._replies = replies

    def events(self, run: str) -> tuple[tuple[float, Event], ...]:
        if run not in self._replies:
            raise NotFound(f"no run {run!r}")
        return tuple((0.1, returned(one)) for one in self._replies[run])


def test_lines_kept_without_it_get_it_from_the_journal_where_their_run_is_there(
    typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    typed.run("gsm8k", "--arm", "bare", "--limit", "3")
    lines = [{**line, "run": str(number), "logprob": None, "calls": 1} for number, line in enumerate(typed.lines())]
    (typed.out / "records.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines))
    (typed.app.home / "lab").mkdir(parents=True, exist_ok=True)
    (typed.app.home / "lab" / "memory.sqlite").touch()
    typed.app = dataclasses.replace(typed.app, runs=Journal({"0": [-0.5], "1": [-0.5, -0.6]}))  # type: ignore[arg-type]
    assert typed("judge", typed.out, "--data", typed.data) == 0
    assert [line["logprob"] for line in typed.lines()] == [-0.5, None, None]
    assert "1 got the log-probability" in capsys.readouterr().out
