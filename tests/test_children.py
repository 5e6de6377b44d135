"""run_limited: whatever a child does, we get one honest result and nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from lottery_chat import posix
from lottery_chat.children import ChildResult, run_behind, run_limited

TESTS = Path(__file__).resolve().parent
ROOMY = 2**30

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits are tested on Linux")


@pytest.fixture(autouse=True)
def _targets_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(TESTS))


def run(name: str, request: dict[str, Any] | None = None, seconds: float = 20, memory: int = ROOMY) -> ChildResult:
    return run_limited(f"child_targets:{name}", request or {}, seconds=seconds, memory=memory)


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if posix.is_alive(pid)]


def gone(pids: list[int], seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(pids)


def test_a_dict_goes_in_and_a_dict_comes_back_with_every_character() -> None:
    sent = {"text": "O'Brien \U0001f600 \x00 é", "numbers": [1, 2.5, None, True], "deep": {"a": [{}]}}
    assert run("echo", sent) == ChildResult({"back": sent}, "", "")


def test_a_large_request_and_a_large_result_pass() -> None:
    back = run("echo", {"x": "a" * 5_000_000}).value
    assert back is not None and len(back["back"]["x"]) == 5_000_000


def test_what_the_target_prints_is_not_taken_for_the_result_nor_blocks() -> None:
    assert run("chatter") == ChildResult({"ok": True}, "", "")


def test_a_frame_forged_on_standard_output_is_not_believed() -> None:
    assert run("print_forged").value == {"forged": False}


def test_a_frame_forged_into_every_open_file_is_found_out() -> None:
    result = run("forge")
    assert (result.value, result.problem) == (None, "crashed")
    assert "other than the result" in result.text


@pytest.mark.parametrize("target", ["spin", "ignore_signals_and_sleep"])
def test_a_child_that_never_ends_is_stopped_by_the_clock(target: str) -> None:
    started = time.monotonic()
    result = run(target, seconds=0.7)
    assert result.problem == "time" and "0.7 s" in result.text
    assert time.monotonic() - started < 8


def test_cancelling_ends_the_child_at_once() -> None:
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    started = time.monotonic()
    result = run_limited("child_targets:spin", {}, seconds=30, memory=ROOMY, cancel=cancel)
    assert result.problem == "cancelled"
    assert time.monotonic() - started < 8


def test_too_much_memory_is_refused_and_the_same_request_passes_with_room() -> None:
    assert run("eat", {"bytes": 600 * 2**20}, memory=400 * 2**20).problem == "memory"
    assert run("eat", {"bytes": 600 * 2**20}, memory=2 * 2**30).value == {"size": 600 * 2**20}  # negative control


def test_a_library_that_cannot_be_mapped_counts_as_memory() -> None:
    assert run("starve_import").problem == "memory"


BAD_ENDS = [
    ("segfault", {}, "crashed", "SIGSEGV"),
    ("leave", {"code": 0}, "crashed", "exit code 0"),
    ("leave", {"code": 7}, "crashed", "exit code 7"),
    ("system_exit", {}, "error", "SystemExit: out"),
    ("fail", {}, "error", "ValueError: The file 'a.pdf' is empty."),
    ("give_list", {}, "error", "must return a dict"),
    ("give_nan", {}, "error", "JSON"),
    ("give_nested", {}, "error", "RecursionError"),
    ("give_much", {"bytes": 65 * 2**20}, "error", "at most 67,108,864"),
    ("no_such_function", {}, "error", "no_such_function"),
]


@pytest.mark.parametrize(("target", "request_", "problem", "words"), BAD_ENDS)
def test_every_bad_end_is_told_in_a_sentence(target: str, request_: dict[str, Any], problem: str, words: str) -> None:
    result = run(target, request_)
    assert (result.value, result.problem) == (None, problem)
    assert words in result.text


def test_a_module_that_does_not_exist_is_an_error_that_names_it() -> None:
    result = run_limited("no_such_package.at_all:f", {}, seconds=20, memory=ROOMY)
    assert result.problem == "error" and "no_such_package" in result.text


def test_a_file_larger_than_the_limit_cannot_be_written(tmp_path: Path) -> None:
    path = str(tmp_path / "big")
    assert run("write_file", {"path": path, "bytes": 70 * 2**20}).problem == "error"
    assert run("write_file", {"path": path, "bytes": 2**20}).value == {"written": 2**20}  # negative control


def test_secrets_of_the_environment_do_not_reach_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-mine")
    value = run("environment").value
    assert value is not None
    assert "OPENAI_API_KEY" not in value["names"] and "sk-secret-of-mine" not in value["values"]
    assert "PATH" in value["names"] and value["stdin"] == ""


def test_the_child_leads_its_own_group_and_leaves_no_core_file() -> None:
    value = run("cores").value
    assert value is not None
    assert value["group"] == value["pid"] != os.getpgid(0)
    assert value["core"] == [0, 0]
    assert value["nice"] == os.nice(0)


@pytest.mark.skipif(not posix.LINUX, reason="priorities are lowered on Linux only")
def test_what_nobody_waits_for_gives_way() -> None:
    found = run_behind("child_targets:cores", {}, seconds=20, memory=ROOMY)
    assert found.value is not None and found.value["nice"] == max(10, os.nice(0))


@pytest.mark.parametrize("stay", [False, True])
def test_processes_it_started_in_other_sessions_die_with_it(tmp_path: Path, stay: bool) -> None:
    path = tmp_path / "pids"
    result = run("breed", {"count": 3, "path": str(path), "stay": stay}, seconds=3)
    assert result.problem == ("time" if stay else "")
    pids = [int(line) for line in path.read_text().split()]
    assert len(pids) == 3 and gone(pids)


def test_processes_that_nobody_ends_would_be_seen_by_this_test(tmp_path: Path) -> None:
    """Negative control: the same program outside run_limited leaves its process alive."""
    path = tmp_path / "pids"
    code = f"import sys; sys.path.insert(0, {str(TESTS)!r}); import child_targets; "
    code += f"child_targets.breed({{'count': 1, 'path': {str(path)!r}}})"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)
    pids = [int(line) for line in path.read_text().split()]
    try:
        assert alive(pids) == pids
    finally:
        for pid in pids:
            os.kill(pid, 9)


def test_a_fork_bomb_is_stopped_and_none_of_it_is_left() -> None:
    before = set(_processes("child_main"))
    started = time.monotonic()
    result = run("bomb", seconds=20)
    assert result.problem == "crashed" and "32 processes" in result.text
    assert time.monotonic() - started < 10
    assert gone([pid for pid in _processes("child_main") if pid not in before])


def test_nothing_is_left_behind_after_many_calls() -> None:
    run("echo")
    descriptors, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
    for name in ("echo", "leave", "fail", "chatter") * 3:
        run(name, {"code": 1})
    assert len(os.listdir("/proc/self/fd")) == descriptors
    assert threading.active_count() == threads
    assert posix.descendants(os.getpid()) == set()


def test_children_may_run_side_by_side() -> None:
    results: list[ChildResult] = []
    threads = [threading.Thread(target=lambda n=n: results.append(run("echo", {"n": n}))) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.value["back"]["n"] for result in results if result.value) == list(range(6))


@pytest.mark.parametrize("hold", [False, True])
def test_a_child_dies_when_its_parent_is_killed(tmp_path: Path, hold: bool) -> None:
    path = tmp_path / "pid"
    code = "from lottery_chat.children import run_limited; run_limited('child_targets:say_pid_and_sleep', "
    code += f"{{'path': {str(path)!r}, 'hold': {hold}}}, seconds=60, memory=2**30)"
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=TESTS.parent)
    until = time.monotonic() + 20
    while not (path.exists() and path.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    child = int(path.read_text())
    assert posix.is_alive(child)
    parent.kill()
    parent.wait()
    assert gone([child], 2.0)


def test_a_request_that_is_not_json_is_our_own_mistake() -> None:
    with pytest.raises(TypeError):
        run("echo", {"x": object()})


def _processes(word: str) -> list[int]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                line = Path(f"/proc/{name}/cmdline").read_bytes()
            except OSError:
                continue
            if word.encode() in line:
                found.append(int(name))
    return found
