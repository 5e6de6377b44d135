from __future__ import annotations

import time

import pytest

from tools.equations import check_by_substitution, solve_equations
from tools.straight_line import equations_of_program

READ: list[tuple[str, str]] = [
    ("x = 5\ny = x * 3\nans = y - 1", "14"),
    ('def solution():\n    """a story, told"""\n    a = 5\n    a += 3  # three more\n    result = a ** 2 / 4\n    return result', "16"),
    ("```python\nprice: float = 2.5\ntotal = price * (3 + 1)\nprint(total)\n```", "10"),
    ("a = 2\nb = a\na = b * 10\nb -= 1\nanswer = a + b", "21"),
    ("rate = 60\nper = 2\ndone = rate * per", "120"),
]  # fmt: skip

#: Anything but assignments of plain arithmetic.
NOT_READ = [
    "", "x", "x = int(5.5)", "x = 7 // 2", "x = 7 % 2", "x = 1e5", "x = 0x1F", "x = 1_000", "x = y + 1", "x = 'a'", "x = [1]", "x += 1",
    "if x: y = 3", "x = 5\nfor i in x: pass", "x = 3 if 1 else 4", "import os", "x = 5; y = 6", "def f(a):\n    return a", "x = 5\nreturn f(x)",
    "x = round(2.5)", "x, y = 1, 2", "x = y = 3", "x = not 1", "x = 3 < 4", "x = ().__class__", "x = 2 ** 99\nans = x", "while True: pass",
]  # fmt: skip


@pytest.mark.parametrize(("code", "expected"), READ)
def test_a_straight_line_program_states_equations_with_its_own_value(code: str, expected: str) -> None:
    text = equations_of_program(code)
    assert text is not None and solve_equations(text).text == expected


@pytest.mark.parametrize("code", NOT_READ)
def test_any_other_program_is_not_read(code: str) -> None:
    assert equations_of_program(code) is None


def test_a_hostile_program_is_turned_away_quickly() -> None:
    for code in (
        "x = " + "(" * 5_000,
        "x = " + "-" * 5_900,
        "x = 1\n" * 1_400,
        "a" * 50_000,
        "x = 1 " + "+ 1 " * 1_400,
    ):
        started = time.thread_time()
        equations_of_program(code)
        assert time.thread_time() - started < 0.5


def test_a_programs_value_is_confirmed_by_its_own_relations_only() -> None:
    text = equations_of_program("pens = 12\ncost = pens * 3\nans = cost + 4")
    assert text is not None
    assert check_by_substitution(text, 40) and not check_by_substitution(text, 36)
