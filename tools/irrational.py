"""The calculator's irrational functions: logarithms, exp, sines, to 40 digits, exact where the value is rational."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from tools.arithmetic import CONTEXT, Value, divide, half_away, number, plain, quantities, to_decimal
from tools.errors import CalculationRefused
from tools.units import Quantity, convert

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494")
Notes = list[str]
Function = Callable[[Sequence[Value], Notes], Value]


def logarithm(base: Value | None) -> Callable[[Sequence[Value], Notes], Value]:
    """The logarithm to a base (None: the natural one); a second argument names the base."""

    def apply(values: Sequence[Value], notes: Notes) -> Value:
        argument = plain(values[0], "A logarithm")
        if argument.amount <= 0:
            raise CalculationRefused("The logarithm of zero or a negative number is not defined.")
        to_base = values[1] if len(values) > 1 else base
        if to_base is None:
            return number(Fraction(CONTEXT.ln(to_decimal(argument.amount))), argument.amount == 1)
        divisor = plain(to_base, "A logarithm's base")
        if divisor.amount <= 0 or divisor.amount == 1:
            raise CalculationRefused("The base of a logarithm is positive and not 1.")
        if len(values) == 1 and base is not None and divisor.amount == 10:
            notes.append("log is to base 10; ln is the natural logarithm")
        quotient = CONTEXT.divide(CONTEXT.ln(to_decimal(argument.amount)), CONTEXT.ln(to_decimal(divisor.amount)))
        nearest = Fraction(half_away(Fraction(quotient)))
        if abs(nearest) < 3000 and divisor.amount**nearest.numerator == argument.amount:
            return number(nearest)
        return number(Fraction(quotient), False)

    return apply


def exp(values: Sequence[Value], notes: Notes) -> Value:
    """e to the power of a number up to 20,000."""
    argument = plain(values[0], "exp")
    if abs(argument.amount) > 20_000:
        raise CalculationRefused("exp is computed for numbers up to 20,000.")
    return number(Fraction(CONTEXT.exp(to_decimal(argument.amount))), argument.amount == 0)


_SINES = {0: Fraction(0), 30: Fraction(1, 2), 90: Fraction(1), 150: Fraction(1, 2), 180: Fraction(0)}
_SINES |= {210: Fraction(-1, 2), 270: Fraction(-1), 330: Fraction(-1, 2)}


def sine(shift: int) -> Callable[[Sequence[Value], Notes], Quantity]:
    """sin (shift 0) and cos (shift 90) of an angle in degrees where it carries °, else in radians."""

    def apply(values: Sequence[Value], notes: Notes) -> Quantity:
        (angle,) = quantities(values, "An angle")
        if angle.units:
            degrees = convert(angle, (("°", 1),)).amount + shift
            known = _SINES.get(int(degrees % 360)) if degrees.denominator == 1 else None
            if known is not None:
                return number(known)
            radians = to_decimal(degrees % 360) * PI / 180
        else:
            if abs(angle.amount) > 10**12:
                raise CalculationRefused("Angles up to 10^12 are computed.")
            if not angle.amount:
                return number(1 if shift else 0)
            notes.append("the angle is in radians; write ° for degrees")
            radians = to_decimal(angle.amount) + PI * shift / 180
        return number(Fraction(_sine_series(radians)), False)

    return apply


def _sine_series(radians: Decimal) -> Decimal:
    turned = CONTEXT.remainder(radians, 2 * PI)
    term = total = turned
    for step in range(3, 200, 2):
        term = CONTEXT.divide(CONTEXT.multiply(CONTEXT.multiply(term, turned), -turned), Decimal(step * (step - 1)))
        total = CONTEXT.add(total, term)
        if abs(term) < Decimal("1e-50"):
            break
    return total


def tangent(values: Sequence[Value], notes: Notes) -> Value:
    """tan of an angle in degrees where it carries °, else in radians."""
    (angle,) = quantities(values, "An angle")
    if angle.units and convert(angle, (("°", 1),)).amount % 90 == 45:
        return number(1 if convert(angle, (("°", 1),)).amount % 180 == 45 else -1)
    top, bottom = sine(0)(values, notes), sine(90)(values, [])
    if abs(bottom.amount) < Fraction(1, 10**30):
        raise CalculationRefused("The tangent is not defined there.")
    return divide(top, bottom)


def inverse(function: Callable[[float], float], limit: float, name: str) -> Callable[[Sequence[Value], Notes], Value]:
    """asin, acos and atan in radians, to the 15 digits of a float."""

    def apply(values: Sequence[Value], notes: Notes) -> Value:
        amount = plain(values[0], name).amount
        if abs(amount) > limit:
            raise CalculationRefused(f"{name} is not defined there.")
        notes.append("the result is in radians")
        return number(Fraction(function(float(amount))), amount == 0 and name != "acos")

    return apply
