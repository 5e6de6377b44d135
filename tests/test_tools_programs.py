from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.errors import ProgramsUnavailable
from tools.programs import Programs

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def programs() -> Iterator[Programs]:
    with Programs() as running:
        yield running


FORMS: list[tuple[str, object, str]] = [
    ("def solution():\n    return 3 * 4", 12, "function"),
    ("```python\ndef solution():\n    return 2 * 5\n```\nSo the answer is 10.", 10, "function"),
    ("```\nans = 5 * 6\n```", 30, "variable"),
    ("```python\nprint(1)\n", 1, "printed"),
    ("Here is the code:\n\ndef solution():\n    return 7\n\nThis gives 7.", 7, "function"),
    ("ans = 5 * 6", 30, "variable"),
    ("answer = 'blue'\nprint('The answer is', answer)", "blue", "variable"),
    ("total = 0\nfor i in range(4):\n    total += i", 6, "variable"),
    ("if True:\n    result = 9\nelse:\n    result = 8", 9, "variable"),
    ("3 + 4", 7, "expression"),
    ("def add(a, b):\n    return a + b\nadd(2, 3)", 5, "expression"),
    ("def solution(a, b):\n    return a + b\nprint(solution(1, 2))", 3, "printed"),
    ("def solution(a=1, b=2):\n    return a + b", 3, "function"),
    ("def price():\n    return 19.5", 19.5, "function"),
    ("def main():\n    print(5)\nif __name__ == '__main__':\n    main()", 5, "printed"),
    ("print('$1,200')", 1200, "printed"),
    ("print('cat')", "cat", "printed"),
    ("def solution():\n    return None\nprint(3)", 3, "printed"),
    (">>> x = 4\n>>> x * 2\n8", 8, "expression"),
    ("    def solution():\n        return 6", 6, "function"),
    ("def solution():\n    return {3, 1, 2}", [1, 2, 3], "function"),
    ("def solution():\n    return 3 > 2", True, "function"),
    ("{'a': 1, 'b': [1, 2]}", {"a": 1, "b": [1, 2]}, "expression"),
    ("from fractions import Fraction\nFraction(1, 3) + Fraction(1, 6)", 0.5, "expression"),
    ("import fractions\ndef solution():\n    return fractions.Fraction(1, 3) * 3", 1, "function"),
    ("from fractions import Fraction as F\nfloat(1 - F('3/4') / 2)", 0.625, "expression"),
    ("import statistics\nstatistics.mean([1, 2, 6])", 3, "expression"),
    ("from statistics import median as m\nm([3, 1, 2])", 2, "expression"),
    ("import calendar\ncalendar.monthrange(2024, 2)[1]", 29, "expression"),
    ("import math\nmath.comb(5, 2)", 10, "expression"),
    ("from decimal import Decimal\nDecimal('0.1') + Decimal('0.2')", 0.3, "expression"),
    ("from datetime import date\n(date(2024, 5, 1) - date(2024, 3, 3)).days", 59, "expression"),
    ("from datetime import date\ndate(2024, 5, 1) - date(2024, 3, 3)", 59, "expression"),
    ("from datetime import date\ndate(2024, 5, 1)", "2024-05-01", "expression"),
    ("from collections import Counter\nCounter('strawberry')['r']", 3, "expression"),
    ("import time\ntime.sleep(1000)\n5", 5, "expression"),
]


@pytest.mark.parametrize(("code", "value", "form"), FORMS)
def test_every_form_models_write_gives_its_answer(programs: Programs, code: str, value: object, form: str) -> None:
    result = programs.run(code)
    assert (result.error, result.value, result.form) == ("", value, form)


BROKEN: list[tuple[str, str]] = [
    ("def solution(a, b):\n    return a + b", "needs a value for a, b"),
    ("def solution()\n    return 1", "SyntaxError"),
    ("x = 1 / 0", "ZeroDivisionError"),
    ("import sympy", "ModuleNotFoundError"),
    ("input()", "NameError"),
    ("", "gave no answer"),
    ("def solution():\n    pass", "gave no answer"),
    ("class A:\n    pass\nA()", "object of class 'A'"),
    ("import math\nmath.sqrt", "function"),
    ("10 ** 5000", "4,200 digits"),
    ("'x' * 10 ** 6", "longer than"),
    ("[0] * 20000", "20,000 items"),
    ("x = []\nfor i in range(100):\n    x = [x]\nx", "nested too deeply"),
    ("def f(n):\n    return f(n + 1)\nf(0)", "RecursionError"),
]


@pytest.mark.parametrize(("code", "said"), BROKEN)
def test_a_broken_program_says_what_is_wrong(programs: Programs, code: str, said: str) -> None:
    result = programs.run(code)
    assert said in result.error and result.error_display
    assert result.value is None


def test_a_traceback_names_the_line_for_the_repair_prompt(programs: Programs) -> None:
    result = programs.run("def solution():\n    x = 0\n    return 5 / x")
    assert result.error == "ZeroDivisionError: division by zero"
    assert "line 3" in result.error_display and "return 5 / x" in result.error_display


def test_a_program_keeps_nothing_for_the_next_one(programs: Programs) -> None:
    programs.run("left_behind = 5")
    assert "NameError" in programs.run("print(left_behind)").error


def test_limits_stop_a_program_in_time_and_the_next_one_runs(programs: Programs) -> None:
    for code in ("while True: pass", "x = 'a'\nwhile True: x += x", "[0] * 10 ** 10", "9 ** 9 ** 9"):
        started = time.perf_counter()
        result = programs.run(code, seconds=0.3)
        assert result.error.startswith(("TimeoutError", "MemoryError")), result.error
        assert time.perf_counter() - started < 8
    assert programs.run("1 + 1").value == 2


def test_a_running_program_can_be_cancelled(programs: Programs) -> None:
    programs.run("1")
    cancel = threading.Event()
    timer = threading.Timer(0.1, cancel.set)
    timer.start()
    started = time.perf_counter()
    result = programs.run("while True: pass", seconds=20, cancel=cancel)
    timer.join()
    assert result.error == "The program was cancelled."
    assert time.perf_counter() - started < 5


def test_the_operating_system_limits_are_in_force(programs: Programs) -> None:
    there = programs.available()
    assert there.available and there.reason == ""
    if sys.platform.startswith("linux"):
        assert set(there.limits) == {"address space", "processor time", "file size", "core files", "open files"}


def test_a_sandbox_that_does_not_start_switches_code_off_and_says_so() -> None:
    broken = Programs(python="/no/such/python")
    assert broken.available().available is False
    assert "Running code is off" in broken.available().reason
    with pytest.raises(ProgramsUnavailable, match="Running code is off"):
        broken.run("1")


def test_a_child_that_died_is_replaced(programs: Programs) -> None:
    programs.run("1")
    child = programs._child
    assert child is not None
    child._process.kill()
    child._process.wait(timeout=5)
    assert programs.run("2 + 2").value == 4


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_after_kill_9_of_the_app_no_process_is_left_even_in_the_middle_of_a_program(tmp_path: Path) -> None:
    script = (
        "import threading, time\nfrom tools.programs import Programs\np = Programs()\np.run('1')\n"
        "print(p._child._process.pid, flush=True)\np.run('while True: pass', seconds=60)\n"
    )
    app = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert app.stdout is not None
    group = int(app.stdout.readline())
    assert _members(group)
    app.send_signal(signal.SIGKILL)
    app.wait(timeout=5)
    app.stdout.close()
    deadline = time.monotonic() + 5
    while _members(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _members(group)


def _members(group: int) -> list[int]:
    """Processes of a group that are not zombies."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group and fields[0] != "Z":
                found.append(int(entry.name))
    return found
