"""The lab's runs as the page lists them: newest first, read while they are written, never a path of the request."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab_parts import jobs, record

from lottery_chat.errors import NotFound
from lottery_chat.lab.kept_runs import KeptRuns
from lottery_chat.lab.records import RecordFile


def kept(folder: Path, name: str, started: str, lines: int) -> None:
    with RecordFile(folder / name, {"seed": 7, "data": "/data", "version": "0", "models": ["small"]}) as file:
        for job in jobs(lines):
            file.append(record(job))
    manifest = folder / name / "manifest.json"
    text = manifest.read_text()
    at = text.index('"started": "') + len('"started": "')
    manifest.write_text(text[:at] + started + text[text.index('"', at) :])


def test_runs_are_listed_newest_first_and_what_is_none_is_passed_over(tmp_path: Path) -> None:
    assert KeptRuns(tmp_path / "not yet").runs() == ()
    kept(tmp_path, "a", "2026-01-02T00:00:00+00:00", 2)
    kept(tmp_path, "b", "2026-01-03T00:00:00+00:00", 1)
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.txt").write_text("x")
    found = KeptRuns(tmp_path).runs()
    assert [(one.name, one.items, one.models) for one in found] == [("b", 1, ("small",)), ("a", 2, ("small",))]


def test_a_manifest_that_is_torn_costs_its_facts_and_not_the_list(tmp_path: Path) -> None:
    kept(tmp_path, "a", "2026-01-02T00:00:00+00:00", 1)
    (tmp_path / "a" / "manifest.json").write_text('{"models": [')
    (only,) = KeptRuns(tmp_path).runs()
    assert (only.name, only.started, only.models, only.items) == ("a", "", (), 1)


def test_the_report_is_that_of_the_command_line(tmp_path: Path) -> None:
    kept(tmp_path, "a", "2026-01-02T00:00:00+00:00", 2)
    shown = KeptRuns(tmp_path).report("a")
    assert shown.startswith("# Lab report") and "2 records." in shown and "## Results" in shown


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/", "/etc", "a/../a", "b", "a\0"])
def test_a_run_is_only_found_by_a_name_of_the_list(tmp_path: Path, name: str) -> None:
    runs = tmp_path / "runs"
    kept(runs, "a", "2026-01-02T00:00:00+00:00", 1)
    kept(tmp_path, "a", "2026-01-02T00:00:00+00:00", 1)
    with pytest.raises(NotFound, match="There is no run"):
        KeptRuns(runs).report(name)
    assert KeptRuns(runs).report("a")  # the control
