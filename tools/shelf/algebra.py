"""Linear algebra in exact fractions: systems of equations, determinant, inverse, product of matrices."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, TypeAlias

from tools.errors import ToolError
from tools.shelf.values import JSON, Answer, chosen, exact, listed, number, numbers, plain, shown

Matrix: TypeAlias = list[list[Fraction]]
_MOST_ROWS = 12
_EXACT = "computed exactly in fractions"


def solve_linear(coefficients: list[list[float]], right: list[float]) -> Answer:
    """Solve a system of linear equations exactly.

    Use when: several unknowns in several linear equations, with numbers as coefficients.
    Not for: equations with squares or words (write them as numbers first).

    Args:
        coefficients: one row for each equation, one number for each unknown.
        right: the right-hand side of each equation.

    Examples:
        - Solve 2x + y = 7 and x - y = 2.
        - Three pens and two pads cost 12, one pen and four pads cost 14; solve for both prices.
        - solve 5x + y = 11 and x + y = 3
    """
    rows, goal = _matrix(coefficients, "coefficients"), numbers(right, "right", 1, _MOST_ROWS)
    _sized(goal, "right")
    if len(rows) != len(goal):
        raise ToolError(f"There are {len(rows)} equations and {len(goal)} right-hand sides; give one for each.")
    width = len(rows[0])
    whole = [[*row, end] for row, end in zip(rows, goal)]
    pivots = _reduce(whole, width)
    if any(row[width] and not any(row[:width]) for row in whole):
        return Answer(None, "no solution: the equations contradict each other", _EXACT)
    if len(pivots) < width:
        free = [f"x{one + 1}" for one in range(width) if one not in pivots]
        return Answer(None, f"infinitely many solutions: {', '.join(free)} can be chosen freely", _EXACT)
    found = [whole[at][width] for at in range(width)]
    text = ", ".join(f"x{at} = {number(one)}" for at, one in enumerate(found, start=1))
    return Answer([plain(one) for one in found], text, _EXACT + "; the unknowns in the order of the columns")


def compute_matrix(
    operation: Literal["determinant", "inverse", "transpose", "product", "rank"],
    first: list[list[float]],
    second: list[list[float]] | None = None,
) -> Answer:
    """Compute the determinant, inverse, transpose or rank of a matrix, or the product of two, exactly.

    Use when: a matrix is given as rows of numbers.
    Not for: systems of equations (solve_linear).

    Args:
        operation: what is computed.
        first: the matrix, row by row.
        second: for product: the second matrix.

    Examples:
        - What is the determinant of [[1, 2], [3, 4]]?
        - Multiply [[1, 2], [0, 1]] by [[3], [5]].
        - Invert the matrix [[2, 1], [1, 1]].
        - determinant of [[3, 1], [2, 2]]
    """
    kind = chosen(operation, ("determinant", "inverse", "transpose", "product", "rank"), "operation")
    one = _matrix(first, "first")
    height, width = len(one), len(one[0])
    if kind == "transpose":
        return _shown([list(column) for column in zip(*one)])
    if kind == "rank":
        rank = len(_reduce([row[:] for row in one], width))
        return Answer(rank, f"rank {rank}", _EXACT)
    if kind == "product":
        two = _matrix(second if second is not None else [], "second")
        if width != len(two):
            raise ToolError(f"first has {width} columns and second {len(two)} rows; they must be as many.")
        return _shown([[sum((a * b for a, b in zip(row, column)), Fraction(0)) for column in zip(*two)] for row in one])
    if height != width:
        raise ToolError(f"first is {height} by {width}; a {kind} needs as many rows as columns.")
    if kind == "determinant":
        value = _determinant(one)
        return Answer(plain(value), f"determinant {number(value)}", _EXACT)
    both = [[*row, *(Fraction(at == place) for place in range(height))] for at, row in enumerate(one)]
    if len(_reduce(both, width)) < width:
        raise ToolError(f"The matrix {shown(first)} has no inverse: its determinant is 0.")
    return _shown([row[width:] for row in both])


def _matrix(rows: list[list[float]], name: str) -> Matrix:
    given = listed(rows, name, 1, _MOST_ROWS)
    found = [
        [exact(one, f"{name}[{at}]") for one in listed(row, f"{name}[{at}]", 1, _MOST_ROWS)]
        for at, row in enumerate(given)
    ]
    if len({len(row) for row in found}) > 1:
        raise ToolError(
            f"The rows of {name} have {', '.join(str(len(row)) for row in found)} numbers; make them equal."
        )
    _sized([one for row in found for one in row], name)
    return found


def _sized(values: list[Fraction], name: str) -> None:
    if any(max(abs(one.numerator), one.denominator) > 10**40 for one in values):
        raise ToolError(f"A number in {name} has more than 40 digits; scale it.")


def _reduce(rows: Matrix, width: int) -> list[int]:
    """Bring the first `width` columns to reduced echelon form in place; return the columns with a pivot."""
    pivots: list[int] = []
    for column in range(width):
        top = len(pivots)
        at = next((row for row in range(top, len(rows)) if rows[row][column]), None)
        if at is None:
            continue
        rows[top], rows[at] = rows[at], rows[top]
        scale = rows[top][column]
        rows[top] = [one / scale for one in rows[top]]
        for row in range(len(rows)):
            if row != top and rows[row][column]:
                times = rows[row][column]
                rows[row] = [a - times * b for a, b in zip(rows[row], rows[top])]
        pivots.append(column)
    return pivots


def _determinant(matrix: Matrix) -> Fraction:
    rows, value = [row[:] for row in matrix], Fraction(1)
    for column in range(len(rows)):
        at = next((row for row in range(column, len(rows)) if rows[row][column]), None)
        if at is None:
            return Fraction(0)
        if at != column:
            rows[column], rows[at], value = rows[at], rows[column], -value
        value *= rows[column][column]
        for row in range(column + 1, len(rows)):
            times = rows[row][column] / rows[column][column]
            rows[row] = [a - times * b for a, b in zip(rows[row], rows[column])]
    return value


def _shown(matrix: Matrix) -> Answer:
    value: list[JSON] = [[plain(one) for one in row] for row in matrix]
    return Answer(
        value,
        "[" + ", ".join("[" + ", ".join(number(one).split(" ≈ ")[0] for one in row) + "]" for row in matrix) + "]",
        _EXACT,
    )
