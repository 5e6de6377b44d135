"""Functions of everyday sums: ratios, sharing in a ratio, mixed units (5 ft 11 in), whole years between dates, divisors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from tools.arithmetic import Value, half_away, number, plain, quantities, whole
from tools.errors import CalculationRefused
from tools.irrational import Notes
from tools.results import number_text
from tools.units import UNITS, Quantity, convert, require_unit

MAX_PARTS = 6
MAX_DIVIDED = 10**12


def ratio(values: Sequence[Value], notes: Notes) -> Value:
    """Return a ratio in lowest whole terms as text: ratio(12, 18) is "2:3"."""
    amounts = [row.amount for row in quantities(values, "A ratio")]
    if any(amount <= 0 for amount in amounts):
        raise CalculationRefused("A ratio needs numbers greater than 0.")
    scale = math.lcm(*(amount.denominator for amount in amounts))
    parts = [int(amount * scale) for amount in amounts]
    common = math.gcd(*parts)
    return ":".join(number_text(Fraction(part // common), True) for part in parts)


def share(values: Sequence[Value], notes: Notes) -> Value:
    """Return an amount split in a ratio: share(120, 2, 3) is 48, 72."""
    (amount,) = quantities(values[:1], "Sharing")
    parts = [plain(value, "A part of a ratio").amount for value in values[1:]]
    if any(part <= 0 for part in parts):
        raise CalculationRefused("The parts of a ratio must be greater than 0.")
    total = sum(parts, Fraction(0))
    return tuple(Quantity(amount.amount * part / total, amount.units, amount.exact) for part in parts)


def mixed(values: Sequence[Value], notes: Notes) -> Value:
    """Return a quantity in two or three units as text: mixed(180 cm, "ft", "in") is "≈ 5 ft 10.87 in"."""
    (quantity,) = quantities(values[:1], "Units")
    units = [require_unit(str(name)) for name in values[1:]]
    if quantity.amount < 0 or any(UNITS[symbol].offset for symbol, _ in quantity.units):
        raise CalculationRefused("Only lengths, weights, times and the like can be written in several units.")
    if any(large.factor <= small.factor for large, small in zip(units, units[1:])):
        raise CalculationRefused("Name the larger unit first, such as feet and inches.")
    exact = convert(quantity, ((units[-1].symbol, 1),)).amount
    rest = Fraction(half_away(exact * 100), 100)
    texts: list[str] = []
    for unit in units[:-1]:
        size = unit.factor / units[-1].factor
        texts.append(f"{number_text(Fraction(rest // size), True)} {unit.symbol}")
        rest %= size
    texts.append(f"{number_text(rest, True)} {units[-1].symbol}")
    rounded = "" if quantity.exact and (exact * 100).denominator == 1 else "≈ "
    return rounded + " ".join(texts)


def years(values: Sequence[Value], notes: Notes) -> Value:
    """Return the whole years from one date to a later one, as an age is counted."""
    first, last = values
    if not isinstance(first, date) or not isinstance(last, date):
        raise CalculationRefused("years needs two dates, such as years(date(2000, 5, 1), date(2024, 3, 3)).")
    if last < first:
        raise CalculationRefused("The second date lies before the first.")
    return number(last.year - first.year - ((last.month, last.day) < (first.month, first.day)))


def divisors(values: Sequence[Value], notes: Notes) -> Value:
    """Return all divisors of a whole number up to 10^12, smallest first."""
    n = whole(values[0], "Divisors")
    if not 1 <= n <= MAX_DIVIDED:
        raise CalculationRefused("Divisors are listed for whole numbers from 1 to 10^12.")
    found: list[int] = [1]
    rest, p = n, 2
    while p * p <= rest:
        powers = [1]
        while rest % p == 0:
            rest //= p
            powers.append(powers[-1] * p)
        found = [one * power for one in found for power in powers]
        p += 1 if p == 2 else 2
    if rest > 1:
        found += [one * rest for one in found]
    return tuple(number(one) for one in sorted(found))
