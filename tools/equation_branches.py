"""The values that meet polynomial equations and conditions: elimination, then roots, then SymPy in a limited child.

Linear parts are solved here and always end; a quadratic with rational roots too. What is left goes to SymPy, which
may take long and is therefore only ever run in a child that can be killed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from threading import Event

from tools.equation_values import Comparison
from tools.errors import EquationError, ManySolutions, NotEquations
from tools.limited import RunLimited
from tools.polynomials import Monomial, degree, eliminate, names_in, substitute, value_of

TARGET = "tools.equation_sympy:solve_in_child"
MEMORY = 1_000 * 2**20  # bytes of address space for SymPy's child
MAX_BRANCHES = 64
MAX_TRIED = 200_000

Form = dict[Monomial, Fraction]


@dataclass(frozen=True, slots=True)
class Solver:
    """How to reach SymPy (None: not at all), and what it may cost."""

    run_limited: RunLimited | None = None
    seconds: float = 8.0
    cancel: Event | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """polynomial comparison 0; `nonzero` marks a divisor, which may be anything but 0."""

    polynomial: Form
    comparison: Comparison
    text: str
    nonzero: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """One way to meet the equations: unknowns as polynomials in the free ones; `exact` False once a root was rounded."""

    known: Mapping[str, Form] = field(default_factory=dict)
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Clash:
    """The equations cannot all hold; `index` is the first that contradicts those before it (-1: not known)."""

    index: int = -1


def branches(equations: Sequence[Form], solver: Solver) -> list[Branch] | Clash:
    """Return all ways to meet the equations (each polynomial = 0).

    Raises:
        EquationError: a nonlinear system that cannot be solved here or in time.
    """
    done: list[Branch] = []
    waiting: list[Branch] = [Branch()]
    clash = Clash()
    while waiting:
        if len(done) + len(waiting) > MAX_BRANCHES:
            raise ManySolutions(f"More than {MAX_BRANCHES} solutions; add relations that tell them apart.")
        branch = waiting.pop()
        rest = [_settled(substitute(one, branch.known), branch) for one in equations]
        linear = [one if degree(one) <= 1 else {} for one in rest]
        solved, wrong = eliminate(linear)
        if wrong is not None:
            clash = Clash(wrong) if clash.index < 0 else clash
            continue
        if solved:
            known = {name: substitute(one, solved) for name, one in branch.known.items()} | solved
            waiting.append(Branch(known, branch.exact))
            continue
        nonlinear = [one for one in rest if degree(one) > 1]
        if not nonlinear:
            done.append(branch)
            continue
        waiting.extend(_split(nonlinear, branch, solver))
    return done or clash


def _settled(rest: Form, branch: Branch) -> Form:
    """Where a root was rounded to 40 digits, what it solves leaves a speck instead of zero."""
    if branch.exact or any(abs(factor) > Fraction(1, 10**25) for factor in rest.values()):
        return rest
    return {}


def _split(equations: list[Form], branch: Branch, solver: Solver) -> list[Branch]:
    """Return a branch for each root of a quadratic in one unknown, or for each solution that SymPy finds."""
    for equation in equations:
        names = names_in(equation)
        roots = _rational_roots(equation, next(iter(names))) if len(names) == 1 else None
        if roots is not None:
            (name,) = names
            return [_with(branch, {name: root}, True) for root in roots]
    return [_with(branch, values, exact) for values, exact in _by_sympy(equations, solver)]


def _with(branch: Branch, values: Mapping[str, Fraction], exact: bool) -> Branch:
    fixed: dict[str, Form] = {name: ({(): value} if value else {}) for name, value in values.items()}
    known = {name: substitute(one, fixed) for name, one in branch.known.items()} | fixed
    return Branch(known, branch.exact and exact)


def _rational_roots(equation: Form, name: str) -> list[Fraction] | None:
    """The real roots of a quadratic where they are rational ([] where there are none), else None."""
    if degree(equation) != 2:
        return None
    a, b, c = (equation.get(((name, n),) if n else (), Fraction(0)) for n in (2, 1, 0))
    inside = b * b - 4 * a * c
    if inside < 0:
        return []
    top, bottom = math.isqrt(inside.numerator), math.isqrt(inside.denominator)
    if top * top != inside.numerator or bottom * bottom != inside.denominator:
        return None
    root = Fraction(top, bottom)
    return sorted({(-b - root) / (2 * a), (-b + root) / (2 * a)})


def _by_sympy(equations: list[Form], solver: Solver) -> list[tuple[dict[str, Fraction], bool]]:
    if solver.run_limited is None:
        raise NotEquations("The relations are not linear, and no solver for such is at hand; name the parts simply.")
    rows = [[[str(factor), {name: n for name, n in monomial}] for monomial, factor in one.items()] for one in equations]
    result = solver.run_limited(
        TARGET, {"equations": rows}, seconds=solver.seconds, memory=MEMORY, cancel=solver.cancel
    )
    if result.problem or result.value is None:
        why = {"time": f"SymPy found no solution within {solver.seconds:g} s", "cancelled": "it was stopped"}
        raise EquationError(f"Not solved: {why.get(result.problem, 'SymPy gave no result')}; relate less at once.")
    if result.value["free"]:
        raise ManySolutions(f"More than one solution: {result.value['free']!r} is not fixed by them; add a relation.")
    found = []
    for solution in result.value["solutions"]:
        values = {str(name): Fraction(str(text)) for name, (text, _) in solution.items()}
        found.append((values, all(exact for _, exact in solution.values())))
    return found


def broken(condition: Condition, branch: Branch) -> bool | None:
    """Say whether a branch breaks a condition; None where that depends on a free unknown."""
    value = value_of(substitute(condition.polynomial, branch.known))
    if value is None:
        return None
    if not branch.exact and abs(value) < Fraction(1, 10**25):
        value = Fraction(0)  # 40 digits are kept
    if condition.nonzero:
        return value == 0
    held = {"<": value < 0, "<=": value <= 0, ">": value > 0, ">=": value >= 0, "=": value == 0}
    return not held[condition.comparison]


def fractional(name: str, branch: Branch) -> bool:
    """Say whether a branch gives a fraction to an unknown that is declared whole."""
    value = value_of(branch.known.get(name, {((name, 1),): Fraction(1)}))
    return value is not None and (value.denominator != 1 or not branch.exact)


def whole_choices(branch: Branch, integers: frozenset[str], conditions: Sequence[Condition]) -> list[Branch]:
    """Fix the one free unknown of a branch by trying every whole number that the conditions leave.

    Returns the branch itself where that is not possible: several are free, one need not be whole, or no bounds.
    """
    free = sorted({name for one in branch.known.values() for name in names_in(one)})
    if len(free) != 1 or free[0] not in integers:
        return [branch]
    (name,) = free
    low: Fraction | None = None
    high: Fraction | None = None
    for condition in conditions:
        form = substitute(condition.polynomial, branch.known)
        slope = form.get(((name, 1),), Fraction(0))
        if degree(form) != 1 or not slope or condition.nonzero:
            continue
        bound = -form.get((), Fraction(0)) / slope
        if (condition.comparison in (">", ">=")) == (slope > 0):
            low = bound if low is None else max(low, bound)
        else:
            high = bound if high is None else min(high, bound)
    if low is None or high is None or high - low > MAX_TRIED:
        return [branch]
    tried = [_with(branch, {name: Fraction(n)}, True) for n in range(math.ceil(low), math.floor(high) + 1)]
    whole = [one for one in tried if not any(fractional(unknown, one) for unknown in integers)]
    return [one for one in whole if not any(broken(condition, one) for condition in conditions)]
