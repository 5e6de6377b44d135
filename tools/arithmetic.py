"""Exact operations on the calculator's values, with their size checked before anything is computed.

Rational results are exact Fractions. Irrational ones are rounded to 40 significant digits and marked inexact.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from fractions import Fraction

from tools.errors import CalculationRefused
from tools.units import UNITS, Quantity, base_of, combine, convert, same_dimension, units_text

MAX_DIGITS = 10_000
MAX_FACTORIAL = 3_000
PRECISION = 40
_BITS_PER_DIGIT = math.log2(10)
CONTEXT = Context(prec=PRECISION + 10, Emax=999_999, Emin=-999_999)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in seconds after midnight; `days` counts midnights passed by adding to it."""

    seconds: int
    days: int = 0


Value = Quantity | bool | str | date | Clock | tuple["Value", ...]


def number(value: Fraction | int, exact: bool = True) -> Quantity:
    """Return a plain number, rounded to 40 digits where it is not exact."""
    amount = Fraction(value)
    return Quantity(checked(amount) if exact else settle(amount), (), exact)


def settle(amount: Fraction) -> Fraction:
    """Round to 40 significant digits, so that an inexact value does not drag long fractions along."""
    if not amount:
        return amount
    return Fraction(CONTEXT.divide(Decimal(amount.numerator), Decimal(amount.denominator)))


def checked(amount: Fraction) -> Fraction:
    """Return the amount.

    Raises:
        CalculationRefused: it has more than 10,000 digits.
    """
    bits = max(amount.numerator.bit_length(), amount.denominator.bit_length())
    if bits > MAX_DIGITS * _BITS_PER_DIGIT + 8:
        raise CalculationRefused(f"The result has more than {MAX_DIGITS:,} digits; it is not computed.")
    return amount


def check_time(deadline: float) -> None:
    """Stop a calculation that takes too long; `deadline` is on the monotonic clock."""
    if time.monotonic() > deadline:
        raise CalculationRefused("The calculation takes longer than 0.4 s; make it smaller.")


def to_decimal(amount: Fraction) -> Decimal:
    """Return the amount to 50 significant digits."""
    return CONTEXT.divide(Decimal(amount.numerator), Decimal(amount.denominator))


def plain(value: Value, what: str) -> Quantity:
    """Return the value as a number without units.

    Raises:
        CalculationRefused: it is a date, a text, or has a unit.
    """
    if not isinstance(value, Quantity):
        raise CalculationRefused(f"{what} needs a number.")
    if value.units:
        raise CalculationRefused(f"{what} needs a number without a unit, not one in {units_text(value.units)}.")
    return value


def whole(value: Value, what: str) -> int:
    """Return the value as an int.

    Raises:
        CalculationRefused: it is not a whole number.
    """
    quantity = plain(value, what)
    if quantity.amount.denominator != 1:
        raise CalculationRefused(f"{what} needs a whole number.")
    return quantity.amount.numerator


def quantities(values: Sequence[Value], what: str) -> list[Quantity]:
    """Return the values as quantities in the unit of the first one."""
    flat: list[Value] = []
    for value in values:
        flat.extend(value if isinstance(value, tuple) else (value,))
    rows = [value for value in flat if isinstance(value, Quantity)]
    if len(rows) != len(flat) or not rows:
        raise CalculationRefused(f"{what} needs numbers.")
    return [row if row.units == rows[0].units else convert(row, rows[0].units) for row in rows]


def half_away(amount: Fraction) -> int:
    """Round to the nearest whole number, halves away from zero, as taught at school."""
    return math.floor(abs(amount) + Fraction(1, 2)) * (1 if amount >= 0 else -1)


def add(left: Value, right: Value, sign: int) -> Value:
    """Return left + right (`sign` 1) or left - right (-1), for numbers, quantities, dates and times of day."""
    if isinstance(left, Clock) or isinstance(right, Clock):
        return _add_clock(left, right, sign)
    if isinstance(left, date) or isinstance(right, date):
        return _add_date(left, right, sign)
    if not isinstance(left, Quantity) or not isinstance(right, Quantity):
        raise CalculationRefused("Only numbers, quantities, dates and times can be added or subtracted.")
    exact = left.exact and right.exact
    if right.percent and not left.percent:
        return Quantity(checked(left.amount * (1 + sign * right.amount)), left.units, exact)
    if left.units != right.units:
        if not left.units or not right.units:
            have = units_text(left.units or right.units)
            raise CalculationRefused(f"A number without a unit cannot be added to one in {have}.")
        right = convert(right, left.units)
    if left.units and UNITS[left.units[0][0]].offset and sign == 1:
        raise CalculationRefused("Two temperatures cannot be added.")
    return Quantity(checked(left.amount + sign * right.amount), left.units, exact, left.percent and right.percent)


def multiply(left: Value, right: Value) -> Quantity:
    """Return left * right."""
    if not isinstance(left, Quantity) or not isinstance(right, Quantity):
        raise CalculationRefused("Only numbers and quantities can be multiplied.")
    product = combine(left, right, 1)
    return Quantity(checked(product.amount), product.units, product.exact)


def divide(left: Value, right: Value) -> Quantity:
    """Return left / right, exactly."""
    if not isinstance(left, Quantity) or not isinstance(right, Quantity):
        raise CalculationRefused("Only numbers and quantities can be divided.")
    if right.amount == 0:
        raise CalculationRefused("Division by zero is not defined.")
    quotient = combine(left, right, -1)
    return Quantity(checked(quotient.amount), quotient.units, quotient.exact)


def floor_divide(left: Value, right: Value) -> Quantity:
    """Return the whole part of left / right, rounded down."""
    quotient = divide(left, right)
    return Quantity(Fraction(math.floor(quotient.amount)), quotient.units, quotient.exact)


def modulo(left: Value, right: Value) -> Quantity:
    """Return the remainder of left / right with the sign of right."""
    dividend, divisor = plain(left, "The remainder"), plain(right, "The remainder")
    if divisor.amount == 0:
        raise CalculationRefused("The remainder of a division by zero is not defined.")
    return number(dividend.amount % divisor.amount, dividend.exact and divisor.exact)


def power(left: Value, right: Value) -> Quantity:
    """Return left ** right; exact where the result is rational, else to 40 digits."""
    exponent = plain(right, "An exponent")
    if not isinstance(left, Quantity):
        raise CalculationRefused("Only numbers and quantities have powers.")
    if left.units:
        times = whole(exponent, "The exponent of a quantity")
        if abs(times) > 6 or any(UNITS[symbol].offset for symbol, _ in left.units):
            raise CalculationRefused(f"{units_text(left.units)} cannot be raised to the power {times}.")
        amount = power(number(left.amount), exponent).amount
        return Quantity(amount, tuple((symbol, e * times) for symbol, e in left.units if times), left.exact)
    base, exact = left.amount, left.exact and exponent.exact
    if base == 0 and exponent.amount < 0:
        raise CalculationRefused("Zero to a negative power is a division by zero.")
    if exponent.amount.denominator == 1:
        times = exponent.amount.numerator
        _check_power(base, times)
        return number(Fraction(1) if times == 0 else base**times, exact)
    return _root_power(base, exponent.amount, exact)


def _check_power(base: Fraction, times: int) -> None:
    bits = max(abs(base.numerator).bit_length(), base.denominator.bit_length())
    if bits > 1 and (abs(times) > MAX_DIGITS * 4 or (bits - 1) * abs(times) > MAX_DIGITS * _BITS_PER_DIGIT):
        digits = "" if abs(times) > 10**9 else f" (about {int((bits - 0.5) * abs(times) / _BITS_PER_DIGIT):,})"
        raise CalculationRefused(f"The result has more than {MAX_DIGITS:,} digits{digits}; it is not computed.")


def _root_power(base: Fraction, exponent: Fraction, exact: bool) -> Quantity:
    degree = exponent.denominator
    if base < 0:
        if degree % 2 and degree < 1000:
            root = power(number(-base, exact), number(exponent))
            return Quantity(root.amount * (-1 if exponent.numerator % 2 else 1), (), root.exact)
        raise CalculationRefused("An even root of a negative number is not real.")
    if degree <= 64:
        top, bottom = exact_root(base.numerator, degree), exact_root(base.denominator, degree)
        if top is not None and bottom is not None:
            return power(number(Fraction(top, bottom), exact), number(exponent.numerator))
    if base == 0:
        return number(0, exact)
    logarithm = CONTEXT.multiply(CONTEXT.ln(to_decimal(base)), to_decimal(exponent))
    if abs(logarithm) > 23_000:
        raise CalculationRefused(f"The result has more than {MAX_DIGITS:,} digits; it is not computed.")
    return number(Fraction(CONTEXT.exp(logarithm)), False)


def exact_root(value: int, degree: int) -> int | None:
    """Return the whole root of a whole number that is not negative, or None where it is not whole."""
    if degree == 2:
        root = math.isqrt(value)
        return root if root * root == value else None
    low, high = 0, 1 << (value.bit_length() // degree + 1)
    while low < high:
        middle = (low + high) // 2
        if middle**degree < value:
            low = middle + 1
        else:
            high = middle
    return low if low**degree == value else None


def factorial(value: Value) -> Quantity:
    """Return n! for whole n from 0 to 3,000."""
    n = whole(value, "A factorial")
    if n < 0:
        raise CalculationRefused("The factorial of a negative number is not defined.")
    if n > MAX_FACTORIAL:
        raise CalculationRefused(f"{n}! has too many digits; factorials up to {MAX_FACTORIAL}! are computed.")
    return number(math.factorial(n))


def compare(left: Value, right: Value, operator: str) -> bool:
    """Return whether the comparison holds; quantities are brought to the same unit first."""
    if isinstance(left, Quantity) and isinstance(right, Quantity):
        if not same_dimension(left, right):
            convert(right, left.units)  # says why they cannot be compared
        first, second = base_of(left)[0], base_of(right)[0]
        if first != second and not (left.exact and right.exact) and settle(first) == settle(second):
            raise CalculationRefused("The two differ by less than the precision kept.")
        order = (first > second) - (first < second)
    elif isinstance(left, date) and isinstance(right, date):
        order = (left > right) - (left < right)
    elif isinstance(left, Clock) and isinstance(right, Clock):
        order = (left.seconds > right.seconds) - (left.seconds < right.seconds)
    else:
        raise CalculationRefused("Only values of the same kind can be compared.")
    return {"<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0, "!=": order != 0}.get(
        operator, order == 0
    )


def _add_date(left: Value, right: Value, sign: int) -> Value:
    if isinstance(left, date) and isinstance(right, date) and sign == -1:
        return Quantity(Fraction((left - right).days), (("d", 1),))
    if isinstance(right, date) and sign == 1:
        left, right = right, left
    if not isinstance(left, date) or not isinstance(right, Quantity):
        raise CalculationRefused("To a date, days, weeks, months or years can be added.")
    try:
        if right.units == (("month", 1),) or (right.units and UNITS[right.units[0][0]].dimension == "calendar"):
            months = number(convert(right, (("month", 1),)).amount)
            return _add_months(left, sign * whole(months, "Months added to a date"))
        days = convert(right, (("d", 1),)).amount
        return left + timedelta(days=sign * whole(number(days), "Days added to a date"))
    except (OverflowError, ValueError) as error:
        raise CalculationRefused("The date lies outside the years 1 to 9999.") from error


def _add_months(day: date, months: int) -> date:
    """Add months; the 31st becomes the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _add_clock(left: Value, right: Value, sign: int) -> Value:
    if isinstance(left, Clock) and isinstance(right, Clock) and sign == -1:
        # From 22:00 to 6:00 passes midnight: a difference between times of day is never negative.
        seconds = (left.seconds - right.seconds) % 86_400
        return Quantity(Fraction(seconds, 60), (("min", 1),))
    if isinstance(left, Clock) and isinstance(right, Quantity):
        seconds = left.seconds + sign * whole(number(convert(right, (("s", 1),)).amount), "Time added to a time of day")
        return Clock(seconds % 86_400, left.days + seconds // 86_400)
    raise CalculationRefused("To a time of day, hours, minutes or seconds can be added.")
