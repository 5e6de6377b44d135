"""Solve relations stated in any order (SatLM form): exactly, with units, and only where the answer is unique.

    solve_equations("ann = 3 * ben\\nann + ben = 24\\n? ann").text        18
    solve_equations("x * x = 4\\n?? x").text                            x = -2 or x = 2

Why declarative: where the unknown stands on both sides a small model can say the relations but not the steps.
The language is in equation_text.py. What this does not do: roots and other functions in relations, inequalities
as the only clue (a range has no single value), systems of differential or trigonometric equations.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tools.equation_branches import Branch, Clash, Condition, Form, Solver, branches, broken, fractional, whole_choices
from tools.equation_text import read_system
from tools.equation_units import Dimensions, answer_units, base_value, infer
from tools.equation_values import Asked, Expr, Num, System, Var, names_of
from tools.errors import ManySolutions, NoSolution, NotEquations
from tools.limited import RunLimited
from tools.polynomials import constant, plus, substitute, times, unknown, value_of
from tools.results import text_of
from tools.units import Quantity, units_text

#: So many solutions are written out where all are asked for.
MOST_SHOWN = 8

__all__ = ["RunLimited", "Solved", "Solver", "check_by_substitution", "solve_equations"]


@dataclass(frozen=True, slots=True)
class Solved:
    """The unique solution of a text of equations.

    `value` answers the first question, in `unit`; `values` all questions in their order; `text` is for a person;
    `known` each unknown that the relations fix, as text; `steps` the relations used; `exact` False where rounded.
    """

    value: Fraction
    unit: str
    text: str
    values: tuple[Fraction, ...]
    known: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _Problem:
    """A system as polynomials: equations = 0, conditions, the asked expressions as numerator and denominator."""

    system: System
    dimensions: Dimensions
    equations: tuple[Form, ...]
    lines: tuple[str, ...]
    conditions: tuple[Condition, ...]
    asked: tuple[tuple[Form, Form], ...]


def solve_equations(text: str, solver: Solver | None = None) -> Solved:
    """Solve a text of relations for what it asks.

    Use when: the unknown stands on both sides, or quantities are given only by how they relate.
    Not for: a plain calculation, a simulation, a puzzle about order.

    Args:
        text: lines such as "ann = 3 * ben", "ann + ben = 24", "? ann"; see equation_text.py.
        solver: how to reach SymPy for nonlinear systems; without it those are refused.

    Raises:
        NotEquations: the text cannot be read, or its units do not fit.
        NoSolution: no values meet all relations; says which relation clashes.
        ManySolutions: the relations leave more than one answer; says which.

    Examples:
        - Ann is three times as old as Ben, together they are 24. How old is Ann?
        - Three times a number plus 4 is 19. What is the number?
    """
    problem = _problem(read_system(text))
    ways = _ways(problem, solver or Solver())
    values = [_answers(problem, way) for way in ways]
    distinct = list(dict.fromkeys(one for one in values if one is not None))
    if None in values:
        raise ManySolutions(_loose(problem, ways[values.index(None)]))
    exact = all(way.exact for way in ways)
    every = all(one.every for one in problem.system.asked)
    if every and len(distinct) <= MOST_SHOWN:
        named = [_named(problem, one, exact) for one in sorted(distinct)]
        amounts, _, units = _said(problem, distinct[0], exact)
        return Solved(amounts[0], units, " or ".join(named), amounts, _known(problem, ways[0]), problem.lines, exact)
    if len(distinct) > 1:
        shown = " and ".join(_said(problem, one)[1] for one in distinct[:3])
        raise ManySolutions(f"More than one solution: {shown}. Add a relation that tells them apart, such as 'x > 0'.")
    amounts, shown, units = _said(problem, distinct[0], exact)
    return Solved(amounts[0], units, shown, amounts, _known(problem, ways[0]), problem.lines, exact)


def check_by_substitution(text: str, value: Fraction | int | float, solver: Solver | None = None) -> bool:
    """Say whether a value for the (first) asked quantity meets all relations, and another value would not.

    A float is taken as the nearest fraction with a denominator up to a million; the value is in the asked unit.

    Raises:
        EquationError: the relations themselves cannot be read or solved.
    """
    problem = _problem(read_system(text))
    exact = value if isinstance(value, Fraction) else Fraction(value).limit_denominator(10**6)
    tried = [_fits(problem, one, solver or Solver()) for one in (exact, exact + 1, exact * 2 + 3)]
    return tried == [True, False, False]


def _fits(problem: _Problem, value: Fraction, solver: Solver) -> bool:
    units = answer_units(problem.system.asked[0].expression, problem.dimensions, problem.system.asked[0].units)
    size = base_value(Num(Fraction(1), units))[0]
    top, bottom = problem.asked[0]
    fixed = plus(top, times(bottom, constant(value * size)), -1)
    extended = _Problem(
        problem.system, problem.dimensions, (*problem.equations, fixed), problem.lines, problem.conditions, ()
    )
    try:
        return bool(_ways(extended, solver))
    except NoSolution:
        return False


def _problem(system: System) -> _Problem:
    dimensions = infer(system)
    equations: list[Form] = []
    lines: list[str] = []
    conditions: list[Condition] = []
    for relation in system.relations:
        left, under_left = _rational(relation.left, conditions, relation.text)
        right, under_right = _rational(relation.right, conditions, relation.text)
        difference = plus(times(left, under_right), times(right, under_left), -1)
        if relation.comparison == "=":
            equations.append(difference)
            lines.append(relation.text)
        else:
            # Both sides times the square of the divisors, which is positive: the comparison keeps its direction.
            scaled = times(difference, times(under_left, under_right))
            conditions.append(Condition(scaled, relation.comparison, relation.text))
    asked = tuple(_rational(one.expression, conditions, one.text) for one in system.asked)
    return _Problem(system, dimensions, tuple(equations), tuple(lines), tuple(conditions), asked)


def _rational(expression: Expr, conditions: list[Condition], text: str) -> tuple[Form, Form]:
    """Return numerator and denominator of an expression in base units; divisors become conditions."""
    if isinstance(expression, Num):
        return constant(base_value(expression)[0]), constant(1)
    if isinstance(expression, Var):
        return unknown(expression.name), constant(1)
    top, under = _rational(expression.left, conditions, text)
    if expression.sign == "^":
        assert isinstance(expression.right, Num)
        raised, below = constant(1), constant(1)
        for _ in range(int(expression.right.value)):
            raised, below = times(raised, top), times(below, under)
        return raised, below
    other, other_under = _rational(expression.right, conditions, text)
    if expression.sign == "*":
        return times(top, other), times(under, other_under)
    if expression.sign == "/":
        if not other:
            raise NotEquations(f"{text[:60]!r} divides by zero.")
        number = value_of(other)
        if number is not None and value_of(other_under) is not None:
            return times(top, times(other_under, constant(1 / number))), under
        conditions.append(Condition(other, "=", text, nonzero=True))
        return times(top, other_under), times(under, other)
    sign = 1 if expression.sign == "+" else -1
    if under == other_under:
        return plus(top, other, sign), under
    return plus(times(top, other_under), times(other, under), sign), times(under, other_under)


def _ways(problem: _Problem, solver: Solver) -> list[Branch]:
    """All solutions that meet equations, conditions and declarations.

    Raises:
        NoSolution: there is none; says what clashes.
    """
    found = branches(problem.equations, solver)
    if isinstance(found, Clash):
        lines = problem.lines
        where = f" {lines[found.index]!r} clashes with the lines before it." if 0 <= found.index < len(lines) else ""
        raise NoSolution(f"No solution: the relations contradict each other.{where}")
    integers = problem.system.integers
    found = [one for way in found for one in whole_choices(way, integers, problem.conditions)]
    kept, reasons = [], []
    for way in found:
        wrong = next((one.text for one in problem.conditions if broken(one, way)), "")
        part = next((name for name in sorted(integers) if fractional(name, way)), "")
        if not wrong and not part:
            kept.append(way)
        elif wrong:
            reasons.append(f"it breaks {wrong!r}")
        else:
            reasons.append(f"{part!r} is not a whole number")
    if not kept:
        why = f" What the equations give is ruled out: {reasons[0]}." if reasons else ""
        raise NoSolution(f"No solution: no values meet all relations.{why}")
    return kept


def _answers(problem: _Problem, way: Branch) -> tuple[Fraction, ...] | None:
    """The asked values in base units, or None where one is not fixed."""
    values: list[Fraction] = []
    for top, bottom in problem.asked:
        over, under = value_of(substitute(top, way.known)), value_of(substitute(bottom, way.known))
        if over is None or not under:
            return None
        values.append(over / under)
    return tuple(values)


def _loose(problem: _Problem, way: Branch) -> str:
    for asked in problem.system.asked:
        free = [name for name in names_of(asked.expression) if value_of(way.known.get(name, unknown(name))) is None]
        if free:
            others = sorted({name for name in problem.system.names if name not in way.known} - {free[0]})
            on = f" it depends on {', '.join(repr(name) for name in others[:3])};" if others else ""
            return f"More than one solution: {free[0]!r} is not fixed by the relations;{on} add a relation."
    return "More than one solution: what is asked is not fixed by the relations; add a relation."


def _said(problem: _Problem, values: tuple[Fraction, ...], exact: bool = True) -> tuple[tuple[Fraction, ...], str, str]:
    """The asked values in their units, as text, and the first one's unit."""
    amounts: list[Fraction] = []
    texts: list[str] = []
    first = ""
    for asked, value in zip(problem.system.asked, values):
        units, amount = _in_units(problem, asked, value)
        first = first or units_text(units)
        amounts.append(amount)
        texts.append(text_of(Quantity(amount, units, exact)))
    return tuple(amounts), ", ".join(texts), first


def _named(problem: _Problem, values: tuple[Fraction, ...], exact: bool) -> str:
    """The asked values with their names: "x = 4, y = 2"."""
    texts = _said(problem, values, exact)[1].split(", ")
    signs = [text if text.startswith("≈") else f"= {text}" for text in texts]
    return ", ".join(f"{asked.text} {sign}" for asked, sign in zip(problem.system.asked, signs))


def _in_units(problem: _Problem, asked: Asked, value: Fraction) -> tuple[tuple[tuple[str, int], ...], Fraction]:
    units = answer_units(asked.expression, problem.dimensions, asked.units)
    return units, value / base_value(Num(Fraction(1), units))[0]


def _known(problem: _Problem, way: Branch) -> tuple[tuple[str, str], ...]:
    known: list[tuple[str, str]] = []
    for name in problem.system.names:
        value = value_of(way.known.get(name, unknown(name)))
        if value is not None:
            units, amount = _in_units(problem, Asked(Var(name), name), value)
            known.append((name, text_of(Quantity(amount, units, way.exact))))
    return tuple(known)
