"""Honest programs: what is collected once, what is never run in plain Python, and what the sandbox lacks is listed."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from lottery_chat.errors import LotteryChatError, SettingsError
from lottery_chat.lab import honest_programs as honest
from lottery_chat.models.scripted import ScriptedModel
from tools.programs import Programs

GOOD = "    jars = 9\n    return jars * 7\n```"


def problems(folder: Path, count: int = 3) -> Path:
    path = folder / "problems.jsonl"
    path.write_text("".join(json.dumps({"id": f"p{n}", "question": f"How many are {n}?"}) + "\n" for n in range(count)))
    return path


def test_programs_are_collected_once_and_those_that_are_the_same_are_one(tmp_path: Path) -> None:
    model = ScriptedModel([GOOD, GOOD, "    return 1 / 0\n```", "ans = 5 * 5", "ans = nine", "ans = 2"])
    found = list(honest.collect(model, problems(tmp_path), tmp_path / "kept", count=2, until=time.monotonic() + 60))
    assert [(one.item, one.value) for one in found] == [("p0", 63), ("p0", 25)]
    before = len(model.calls)
    assert (
        list(honest.collect(model, problems(tmp_path), tmp_path / "kept", count=2, until=time.monotonic() + 60)) == []
    )
    assert len(model.calls) == before and honest.kept(tmp_path / "kept") == found


def test_nothing_is_written_after_the_time_is_over(tmp_path: Path) -> None:
    model = ScriptedModel([GOOD])
    assert list(honest.collect(model, problems(tmp_path), tmp_path, count=2, until=time.monotonic() - 1)) == []
    assert model.calls == []


@pytest.mark.parametrize("code", ["import os\nans = os.getpid()", "ans = open('x').read()", "ans = ().__class__", "from pathlib import Path\nans = 1", "ans = getattr(1, 'real')", "def solution(:", "import math, socket\nans = 1"])  # fmt: skip
def test_what_could_reach_files_or_pythons_inside_is_not_run_in_plain_python(code: str) -> None:
    value, problem = honest.in_python(code)
    assert value is None and problem.startswith("it ")


def test_what_the_sandbox_lacks_is_listed(tmp_path: Path) -> None:
    programs = [honest.Written("m", "p1", "ans = 6 * 7", 42), honest.Written("m", "p2", "ans = 6 * 7", 41), honest.Written("m", "p3", "ans = missing()", 1)]  # fmt: skip
    with Programs() as sandbox:
        table = honest.as_markdown(honest.in_sandbox(programs, sandbox.run))
    assert "| m | 3 | 1 |" in table and "plain Python: 41" in table and "missing" in table


def test_the_folder_lies_outside_the_repository(tmp_path: Path) -> None:
    assert honest.outside(tmp_path) == tmp_path.resolve()
    with pytest.raises(SettingsError, match="lies in the repository"):
        honest.outside(Path(honest.__file__).parent / "programs")
    with pytest.raises(LotteryChatError, match="no programs yet"):
        honest.as_markdown([])
