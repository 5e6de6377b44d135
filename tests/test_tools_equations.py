from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from fractions import Fraction
from threading import Event
from typing import Any

import pytest

from lottery_chat.children import run_limited
from tools.equation_text import read_system
from tools.equations import Solver, check_by_substitution, solve_equations
from tools.errors import EquationError, ManySolutions, NoSolution, NotEquations

WITH_SYMPY = Solver(run_limited, seconds=20)

#: Text, then the answer as a person reads it.
SOLVED: list[tuple[str, str]] = [
    ("ann = 3 * ben\nann + ben = 24\n? ann", "18"),
    ("ann + ben = 24\n? ann\nann = 3 * ben", "18"),
    ("3x + 4 = 19\n? x", "5"),
    ("2(x + 3) = x + 10\n? x", "4"),
    ("a + b = 20\na - b = 4\n? a\n? b", "12, 8"),
    ("a + b + c = 6\na - b = 0\nc = 2a\n? c", "3"),
    ("x / 3 + x / 6 = 5\n? x", "10"),
    ("1/x + 1/3 = 1/2\n? x", "6"),
    ("a + b = 5\n? a + b", "5"),
    ("x^2 = 9\nx > 0\n? x", "3"),
    ("x^2 = 9\n? x * x", "9"),
    ("w * l = 56\nl = w + 1\npositive w\n? w", "7"),
    ("x * y = 12\nx + y = 7\nx < y\n? x", "3"),
    ("3x + 5y = 31\ninteger x, y\npositive x, y\nx > y\n? x", "7"),
    ("0.1 x = 0.3\n? x", "3"),
    ("x = 1/3\n? x", "1/3 ≈ 0.333333"),
    ("20% of x = 15\n? x", "75"),
    ("price + 20% = $60\n? price", "$50"),
    ("sale = price - 25%\nprice = $80\n? sale", "$60"),
    ("c = $5 * 3 + 50 cents\n? c", "$15.50"),
    ("d = 60 km/h * 90 min\n? d", "90 km"),
    ("d = 60 km/h * 90 min\n? d in m", "90000 m"),
    ("v = 100 km / 2 h\n? v", "50 km/h"),
    ("t = 100 km / (50 km/h)\n? t", "2 h"),
    ("5 m = x + 20 cm\n? x", "4.8 m"),
    ("a = 3 m * 4 m\n? a", "12 m^2"),
    ("x = Variable()\nx + 2 = 7 # two more\nreturn x", "5"),
    ("a == b ::: they are equal\nb = a\na = 3\n? b", "3"),
    ("0 < x < 10\nx^2 = 4\n? x", "2"),
    ("m = 3\nk = 4 m\n? k", "12"),
]


@pytest.mark.parametrize(("text", "expected"), SOLVED)
def test_relations_in_any_order_are_solved_exactly(text: str, expected: str) -> None:
    assert solve_equations(text).text == expected


REFUSED: list[tuple[str, type[EquationError], str]] = [
    ("x = x + 1\n? x", NoSolution, "'x = x + 1' clashes"),
    ("a = 1\nb = 2\na = b\n? a", NoSolution, "'a = b' clashes"),
    ("x^2 = -4\n? x", NoSolution, "No solution"),
    ("integer n\n2n = 7\n? n", NoSolution, "'n' is not a whole number"),
    ("x + 5 = 3\nx > 0\n? x", NoSolution, "it breaks 'x > 0'"),
    ("x / y = 2\nx = 0\ny = 0\n? x", NoSolution, "it breaks 'x / y = 2'"),
    ("a + b = 5\n? a", ManySolutions, "it depends on 'b'"),
    ("x^2 = 9\n? x", ManySolutions, "3 and -3"),
    ("3x + 5y = 31\ninteger x, y\npositive x, y\n? x", ManySolutions, "More than one solution"),
    ("x = 5 kg + 3\n? x", NotEquations, "units do not fit"),
    ("x = 5 kg\nx = 3 m\n? x", NotEquations, "units do not fit"),
    ("x = 5 km\n? x in kg", NotEquations, "another unit"),
    ("x = 20 °C\n? x", NotEquations, "Celsius"),
    ("x = 3 tons\n? x", NotEquations, "ton"),
    ("x = 5", NotEquations, "Nothing is asked"),
    ("? x", NotEquations, "No relation speaks of 'x'"),
    ("x\n? x", NotEquations, "no relation"),
    ("x = = 3\n? x", NotEquations, "missing"),
    ("x = (3\n? x", NotEquations, "parenthesis"),
    ("x = sqrt(4)\n? x", NotEquations, "no functions"),
    ("x = 3 / 0\n? x", NotEquations, "divides by zero"),
]


@pytest.mark.parametrize(("text", "kind", "said"), REFUSED)
def test_no_or_several_solutions_and_unread_text_are_said(text: str, kind: type[EquationError], said: str) -> None:
    with pytest.raises(kind) as caught:
        solve_equations(text)
    assert said in str(caught.value)


#: The boundary: nothing of these may be evaluated, and each must end at once.
HOSTILE = [
    "x = __import__('os').system('id')\n? x", "x = ().__class__\n? x", "x = eval('1')\n? x", "x = [1, 2]\n? x",
    "x = lambda: 1\n? x", "x = \"1\"\n? x", "x; import os\n? x", "x = y.real\ny = 1\n? x", "x = 9**9**9\n? x",
    "x = 2**100000\n? x", "x = 2^-3\n? x", "x = 10^y\ny = 2\n? x", "x = " + "(" * 5_000 + "1" + ")" * 5_000 + "\n? x",
    "x = " + "-" * 5_000 + "1\n? x", "x = " + "1+" * 4_000 + "1\n? x", "\n".join(f"x{i} = 1" for i in range(200)) + "\n? x1",
    "y = " + " * ".join(f"(x{i} + 1)" for i in range(30)) + "\n? y", "x = " + "9" * 3_000 + "\n? x", "\x00 = 1\n? x", "? ",
    "y = (a+b+c+d+e+f)^8 * (g+h+i+j)^8\n? y", "x = 1 if 1 else 2\n? x", "x := 1\n? x", "x = 0x10\n? x", "x != 3\n? x",
    "\n".join(f"x{i + 1} = x{i}^8" for i in range(12)) + "\nx0 = 9999\n? x12", "? x in y", "integer\n? x", "=", "",
]  # fmt: skip


def test_hostile_text_is_refused_at_once_and_never_evaluated() -> None:
    for text in HOSTILE:
        started = time.thread_time()
        with pytest.raises(EquationError) as caught:
            solve_equations(text)
        assert time.thread_time() - started < 0.5, text[:60]
        assert str(caught.value).endswith((".", "'.")), str(caught.value)


def test_the_reader_of_sympy_would_evaluate_such_text_so_the_boundary_matters() -> None:
    code = "import sympy; print(sympy.sympify('().__class__.__name__ and (6).__mul__(7)'))"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "42"
    with pytest.raises(NotEquations):
        solve_equations("x = ().__class__.__name__ and (6).__mul__(7)\n? x")


@dataclass
class Recorded:
    """A child runner that answers what it was told to; `requests` is what it was asked."""

    value: dict[str, Any] | None
    problem: str = ""
    text: str = ""

    def __call__(
        self, target: str, request: dict[str, Any], *, seconds: float, memory: int, cancel: Event | None = None
    ) -> Recorded:
        assert target == "tools.equation_sympy:solve_in_child" and memory > 0
        return self


def test_without_a_solver_nonlinear_relations_are_refused() -> None:
    with pytest.raises(NotEquations, match="not linear"):
        solve_equations("x^3 + x = 10\n? x")


def test_a_solver_that_runs_out_of_time_is_said_and_gives_no_value() -> None:
    with pytest.raises(EquationError, match="within 8 s"):
        solve_equations("x^3 + x = 10\n? x", Solver(Recorded(None, "time")))


def test_what_sympy_leaves_free_is_more_than_one_solution() -> None:
    with pytest.raises(ManySolutions, match="'x' is not fixed"):
        solve_equations("x^3 + y^3 = 9\n? x", Solver(Recorded({"solutions": [], "free": "x"})))


def test_sympy_solves_the_rest_in_a_real_child() -> None:
    assert solve_equations("x^3 = 27\n? x", WITH_SYMPY).text == "3"
    rounded = solve_equations("x^2 = 2\nx > 0\n? x", WITH_SYMPY)
    assert (rounded.text, rounded.exact) == ("≈ 1.41421356237", False)
    assert solve_equations("x^2 + y^2 = 25\nx * y = 12\n0 < x < y\n? y", WITH_SYMPY).text == "4"


def test_the_solution_carries_values_units_and_what_else_is_known() -> None:
    solved = solve_equations("price = $4\ncount = 3\ntotal = price * count\n? total\n? count")
    assert (solved.value, solved.unit, solved.values) == (Fraction(12), "$", (Fraction(12), Fraction(3)))
    assert dict(solved.known) == {"price": "$4", "count": "3", "total": "$12"}
    assert solved.steps == ("price = $4", "count = 3", "total = price * count") and solved.exact


def test_a_value_is_checked_by_putting_it_in() -> None:
    text = "ann = 3 * ben\nann + ben = 24\n? ann"
    assert check_by_substitution(text, 18)
    assert check_by_substitution(text, 18.0) and check_by_substitution(text, Fraction(18))
    assert not check_by_substitution(text, 17)
    assert not check_by_substitution(text, 6)
    assert check_by_substitution("d = 60 km/h * 90 min\n? d in m", 90_000)
    assert not check_by_substitution("d = 60 km/h * 90 min\n? d in m", 90)
    assert check_by_substitution("3 x = 1\n? x", 0.3333333333333333)


def test_relations_that_any_value_meets_confirm_none() -> None:
    assert not check_by_substitution("a + b = 5\n? a", 3)


def test_a_condition_also_rules_a_value_out() -> None:
    assert check_by_substitution("x^2 = 9\nx > 0\n? x", 3)
    assert not check_by_substitution("x^2 = 9\nx > 0\n? x", -3)


def test_a_name_that_is_also_a_unit_is_a_name_where_it_stands_alone() -> None:
    assert read_system("m = 3\nk = 4 m\n? k").names == ("m", "k")
    assert solve_equations("k = 4 m\n? k").unit == "m"
