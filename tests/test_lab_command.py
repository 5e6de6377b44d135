"""`lottery-chat lab …` as it is typed: list, run, report, compare, judge; what is wrong is said in a sentence."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_app import fake_app

from lottery_chat import cli
from lottery_chat.interface.app import App
from lottery_chat.lab import panel
from lottery_chat.lab.tasks import NAMES
from lottery_chat.settings import Settings


class Typed:
    """What is typed into a terminal, with a made-up data folder."""

    def __init__(self, folder: Path) -> None:
        self.app = fake_app(folder / "home")
        self.data, self.out = folder / "data", folder / "out"
        (self.data / "gsm8k").mkdir(parents=True)
        self.items(
            "gsm8k", [{"id": f"g{n}", "question": f"How many seats are {n} and 1?", "answer": n + 1} for n in range(6)]
        )

    def items(self, name: str, rows: list[dict[str, object]]) -> None:
        (self.data / name).mkdir(exist_ok=True)
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (self.data / name / "public.jsonl").write_text(text, encoding="utf-8")

    def __call__(self, *arguments: object) -> int:
        @contextlib.contextmanager
        def opener(settings: Settings, started: bool) -> Iterator[App]:
            yield self.app

        return cli.main(["--home", str(self.app.home), "lab", *map(str, arguments)], opener=opener)

    def run(self, *arguments: object) -> int:
        return self("run", *arguments, "--data", self.data, "--out", self.out)

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.out / "records.jsonl").read_text().splitlines()]


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    return Typed(tmp_path)


def test_list_names_every_task_arm_and_the_panel(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("list") == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name, _, _ in NAMES)
    assert "planner:no-solver" in shown and "rag-always" in shown and "gsm8k 7 (2)" in shown


def test_a_run_keeps_a_line_for_each_item_arm_and_model_and_reports(
    typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed.run("gsm8k", "--arm", "bare,planner", "--limit", "3") == 0
    lines = typed.lines()
    assert len(lines) == 6 and {line["arm"] for line in lines} == {"bare", "planner"}
    assert all(line["model"] == "qwen2.5-coder:1.5b" and line["run"] and "question" not in line for line in lines)
    assert "gsm8k" in capsys.readouterr().out


def test_the_same_command_again_adds_nothing_and_a_longer_one_only_the_rest(typed: Typed) -> None:
    typed.run("gsm8k", "--limit", "2")
    first = typed.lines()
    typed.run("gsm8k", "--limit", "2")
    assert typed.lines() == first
    typed.run("gsm8k", "--limit", "5")
    assert len(typed.lines()) == 5 and typed.lines()[:2] == first


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gsm9k"], "Unknown task 'gsm9k'"),
        (["gsm8k", "--arm", "oracle"], "Unknown arm 'oracle'"),
        (["gsm8k", "--limit", "0"], "--limit is 0"),
        ([",", "--limit", "1"], "names nothing"),
        (["svamp"], "cannot be read|There is no"),
    ],
)
def test_what_cannot_be_run_is_said_and_nothing_is_written(
    typed: Typed, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import re

    assert typed.run(*arguments) in (1, 2)
    assert re.search(said, capsys.readouterr().err) and not (typed.out / "records.jsonl").exists()


def test_a_data_folder_that_is_not_there_is_named(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("run", "gsm8k", "--data", typed.data / "nowhere", "--out", typed.out) == 1
    assert "nowhere" in capsys.readouterr().err


def test_a_broken_line_of_the_data_is_named_before_anything_is_asked(
    typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    typed.items(
        "gsm8k", [{"id": "a", "question": "How many seats?", "answer": 1}, {"id": "b", "question": "How many?"}]
    )
    assert typed.run("gsm8k") == 1
    error = capsys.readouterr().err
    assert "public.jsonl" in error and "2" in error and "answer" in error and not (typed.out / "records.jsonl").exists()


def test_report_and_compare_read_folders_that_are_there(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    typed.run("gsm8k", "--limit", "4")
    capsys.readouterr()
    assert typed("report", typed.out, "--json") == 0
    json.loads(capsys.readouterr().out)
    assert typed("compare", typed.out, typed.out) == 0
    assert "gsm8k" in capsys.readouterr().out
    assert typed("report", typed.out.parent) == 1
    assert "no records" in capsys.readouterr().err.lower()


def test_kept_replies_can_be_judged_again(typed: Typed, capsys: pytest.CaptureFixture[str]) -> None:
    typed.run("gsm8k", "--limit", "4")
    before = typed.lines()
    spoilt = [{**line, "outcome": "unjudged", "score": 0.0} for line in before]
    (typed.out / "records.jsonl").write_text("".join(json.dumps(line) + "\n" for line in spoilt))
    capsys.readouterr()
    assert typed("judge", typed.out, "--data", typed.data) == 0
    assert "4 replies judged again; 4 verdicts changed" in capsys.readouterr().out
    assert [line["outcome"] for line in typed.lines()] == [line["outcome"] for line in before]


def test_the_panel_has_120_items_twenty_a_family_and_the_quick_one_lies_inside() -> None:
    whole, quick = panel.counts(quick=False), panel.counts(quick=True)
    assert sum(whole.values()) == 120 and sum(quick.values()) == 30
    assert all(sum(pair[0] for pair in tasks.values()) == 20 for tasks in panel.COUNTS.values())
    assert all(quick[task] <= whole[task] for task in whole)
    assert {task for task in whole} <= {name for name, _, _ in NAMES}
