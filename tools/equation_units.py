"""The dimensions of unknowns, inferred from the numbers that carry units, and each answer's unit.

What is added or compared must measure the same thing: that gives linear equations for the exponents of the base units
(metre, second, kilogram, currency…) of each unknown, solved as exactly as the relations themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tools.equation_values import Expr, Num, System, Var
from tools.errors import CalculationRefused, NotEquations
from tools.polynomials import Monomial, constant, eliminate, plus, times, unknown, value_of
from tools.units import UNITS, Quantity, base_of

Form = dict[Monomial, Fraction]
Units = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Exponents of base units for each unknown ({} = a plain number), and the units the text prefers for each base."""

    of: Mapping[str, Mapping[str, Fraction]]
    preferred: Mapping[str, str]
    written: tuple[Units, ...]


def base_value(number: Num) -> tuple[Fraction, Units]:
    """Return the number in base units and its dimension.

    Raises:
        NotEquations: its unit cannot stand in an equation (°C, °F).
    """
    if any(UNITS[symbol].offset for symbol, _ in number.units):
        raise NotEquations("Degrees Celsius and Fahrenheit do not start at zero; write temperatures as plain numbers.")
    try:
        return base_of(Quantity(number.value, number.units))
    except CalculationRefused as error:
        raise NotEquations(str(error)) from error


def infer(system: System) -> Dimensions:
    """Find what each unknown measures.

    Raises:
        NotEquations: two things are added or compared that measure different things.
    """
    written: list[Units] = []
    sides = [side for one in system.relations for side in (one.left, one.right)]
    for side in [*sides, *(one.expression for one in system.asked)]:
        _collect(side, written)
    if not written:
        return Dimensions({}, {}, ())
    bases = sorted({base for units in written for base, _ in base_value(Num(Fraction(1), units))[1]})
    found: dict[str, dict[str, Fraction]] = {name: {} for name in system.names}
    for base in bases:
        rows: list[tuple[Form, str]] = []
        for relation in system.relations:
            left, right = (_form(side, base, rows, relation.text) for side in (relation.left, relation.right))
            if left is not None and right is not None:
                rows.append((plus(left, right, -1), relation.text))
        for asked in system.asked:
            _form(asked.expression, base, rows, asked.text)
        solved, clash = eliminate([row for row, _ in rows])
        if clash is not None:
            raise NotEquations(
                f"The units do not fit in {rows[clash][1][:80]!r}; give every number of one kind the same kind of unit, "
                "or leave all units out."
            )
        for name, exponent in solved.items():
            amount = value_of({monomial: one for monomial, one in exponent.items() if not monomial}) or Fraction(0)
            if amount:
                found[name][base] = amount
    return Dimensions(found, _preferred(written), tuple(written))


def _collect(expression: Expr, written: list[Units]) -> None:
    if isinstance(expression, Num):
        if expression.units:
            written.append(expression.units)
    elif not isinstance(expression, Var):
        _collect(expression.left, written)
        _collect(expression.right, written)


def _form(expression: Expr, base: str, rows: list[tuple[Form, str]], text: str) -> Form | None:
    """Return the exponent of `base` as a linear form of the unknowns' exponents; None for zero, which fits all."""
    if isinstance(expression, Num):
        if not expression.value:
            return None
        return constant(dict(base_value(expression)[1]).get(base, 0))
    if isinstance(expression, Var):
        return unknown(expression.name)
    left, right = (_form(side, base, rows, text) for side in (expression.left, expression.right))
    if expression.sign in ("+", "-"):
        if left is not None and right is not None:
            rows.append((plus(left, right, -1), text))
        return left if left is not None else right
    if left is None or (right is None and expression.sign != "^"):
        return None
    if expression.sign == "^":
        assert isinstance(expression.right, Num)
        return times(left, constant(expression.right.value))
    return plus(left, right or {}, 1 if expression.sign == "*" else -1)


def _preferred(written: list[Units]) -> dict[str, str]:
    """The first unit of each base that the text uses: km rather than m where the text speaks of km."""
    preferred: dict[str, str] = {}
    for units in written:
        for symbol, _ in units:
            dimension = base_value(Num(Fraction(1), ((symbol, 1),)))[1]
            if len(dimension) == 1 and dimension[0][1] == 1:
                preferred.setdefault(dimension[0][0], symbol)
    return preferred


def answer_units(expression: Expr, dimensions: Dimensions, wanted: Units) -> Units:
    """Return the units in which to give an expression: those wanted, else written, else joined from written ones.

    Raises:
        NotEquations: the wanted unit measures something else.
    """
    exponents = _exponents(expression, dimensions)
    target = tuple(sorted((base, int(power)) for base, power in exponents.items() if power))
    for units in (wanted,) if wanted else dimensions.written:
        if base_value(Num(Fraction(1), units))[1] == target:
            return units
    if wanted:
        raise NotEquations("What is asked is not measured in the unit wanted; ask for it in another unit.")
    return tuple((dimensions.preferred.get(base, base), power) for base, power in target)


def _exponents(expression: Expr, dimensions: Dimensions) -> dict[str, Fraction]:
    if isinstance(expression, Num):
        return {base: Fraction(power) for base, power in base_value(expression)[1]}
    if isinstance(expression, Var):
        return dict(dimensions.of.get(expression.name, {}))
    left, right = _exponents(expression.left, dimensions), _exponents(expression.right, dimensions)
    if expression.sign in ("+", "-"):
        return left or right
    if expression.sign == "^":
        assert isinstance(expression.right, Num)
        return {base: power * expression.right.value for base, power in left.items()}
    sign = 1 if expression.sign == "*" else -1
    return {base: left.get(base, Fraction(0)) + sign * right.get(base, Fraction(0)) for base in {*left, *right}}
