"""tools.reading_written: written equations are solved for whatever is asked, and other texts with "=" are left alone."""

from __future__ import annotations

import pytest

from lottery_chat.children import run_limited
from tools.equations import Solver, solve_equations
from tools.errors import NoSolution
from tools.reading_equations import read_equations

SOLVED = [
    ("solve x for 4x - 7 = 21", "x = 7"),
    ("x^2 - 5x + 6 = 0", "x = 2 or x = 3"),
    ("solve x² = 49", "x = -7 or x = 7"),
    ("solve 3x + 2y = 16 and x - y = 2", "x = 4, y = 2"),
    ("What is x if 3x + 5 = 20?", "x = 5"),
    ("2(x+3) = 5x", "x = 2"),
    ("y = 2x + 1, x = 3, what is y", "y = 7"),
    ("Solve the equation 7y + 2 = 3y + 18.", "y = 4"),
    ("a + b = 10 and a - b = 2. Find a.", "a = 6"),
    ("solve for t: 12 − 3t = 0", "t = 4"),
    ("find the roots of x^2 - 4 = 0", "x = -2 or x = 2"),
    ("löse 3x + 4 = 19", "x = 5"),
    ("what's the value of k in 2k - 9 = 1", "k = 5"),
    ("can you solve 6(w - 2) = 4w for w?", "w = 6"),
    ("x+y=10, x*y=21", "x = 3, y = 7 or x = 7, y = 3"),
    ("x^3 - 6x^2 + 11x - 6 = 0", "x = 1 or x = 2 or x = 3"),
    ("solve x^2 = 2", "x ≈ -1.41421356237 or x ≈ 1.41421356237"),
]
LEFT = [
    "E = mc^2",
    "2x + 3y = 12",
    "I have 3 = 4 apples",
    "if x = 4 and y = 3, what is x*y",
    "3 = 3",
    "f(x) = 3x + 2",
    "what is x^2 if x = 4?",
    "In the code a = b I get an error",
    "x = the number of apples",
]


@pytest.mark.parametrize(("question", "answer"), SOLVED)
def test_written_equations_are_solved(question: str, answer: str) -> None:
    equations = read_equations(question)
    assert equations is not None
    assert solve_equations(equations, Solver(run_limited)).text == answer


@pytest.mark.parametrize("question", LEFT)
def test_what_is_not_wholly_equations_is_left_alone(question: str) -> None:
    assert read_equations(question) is None


@pytest.mark.parametrize("question", ["x = x + 1", "solve x^2 + 1 = 0"])
def test_that_nothing_solves_them_is_said(question: str) -> None:
    equations = read_equations(question)
    assert equations is not None
    with pytest.raises(NoSolution):
        solve_equations(equations, Solver(run_limited))
