"""The calculator's named functions: what each accepts, exactly computed, with what was assumed said in a note."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from tools.arithmetic import (
    MAX_DIGITS,
    Value,
    add,
    compare,
    divide,
    factorial,
    half_away,
    number,
    plain,
    power,
    quantities,
    whole,
)
from tools.errors import CalculationRefused, NotAnExpression
from tools.functions_everyday import divisors, mixed, ratio, share, years
from tools.irrational import Notes, exp, inverse, logarithm, sine, tangent
from tools.units import Quantity


def call(name: str, arguments: Sequence[Value], notes: Notes) -> Value:
    """Apply the function; what had to be assumed is appended to `notes`.

    Raises:
        NotAnExpression: there is no such function, or it does not take so many arguments.
        CalculationRefused: it has no value there.
    """
    found = FUNCTIONS.get(name)
    if found is None:
        raise NotAnExpression(f"There is no function {name!r}; there are {', '.join(sorted(FUNCTIONS))}.")
    least, most, function = found
    if not least <= len(arguments) <= most:
        raise NotAnExpression(f"{name}() takes {least} to {most} arguments, not {len(arguments)}.")
    return function(list(arguments), notes)


def _total(values: Sequence[Value], notes: Notes) -> Quantity:
    rows = quantities(values, "A sum")
    total: Value = rows[0]
    for row in rows[1:]:
        total = add(total, Quantity(row.amount, row.units, row.exact, rows[0].percent), 1)
    assert isinstance(total, Quantity)
    return total


def _mean(values: Sequence[Value], notes: Notes) -> Quantity:
    rows = quantities(values, "An average")
    mean = divide(_total(values, notes), number(len(rows)))
    return Quantity(mean.amount, mean.units, mean.exact, all(row.percent for row in rows))


def _median(values: Sequence[Value], notes: Notes) -> Quantity:
    rows = sorted(quantities(values, "A median"), key=lambda row: row.amount)
    middle = len(rows) // 2
    return rows[middle] if len(rows) % 2 else divide(_total(rows[middle - 1 : middle + 1], notes), number(2))


def _mode(values: Sequence[Value], notes: Notes) -> Value:
    amounts = [row.amount for row in quantities(values, "A mode")]
    most = max(amounts.count(amount) for amount in amounts)
    modes = sorted({amount for amount in amounts if amounts.count(amount) == most})
    if most == 1 and len(modes) > 1:
        raise CalculationRefused("No value occurs more than once, so there is no mode.")
    return number(modes[0]) if len(modes) == 1 else tuple(number(mode) for mode in modes)


def _product(values: Sequence[Value], notes: Notes) -> Value:
    result = number(1)
    for row in quantities(values, "A product"):
        result = Quantity(result.amount * plain(row, "A product").amount, (), result.exact and row.exact)
    return number(result.amount, result.exact)


def _spread(sample: int) -> Callable[[Sequence[Value], Notes], Value]:
    def spread(values: Sequence[Value], notes: Notes) -> Value:
        rows = [plain(row, "A standard deviation") for row in quantities(values, "A standard deviation")]
        if len(rows) <= sample:
            raise CalculationRefused("A sample's standard deviation needs at least two values.")
        mean = sum((row.amount for row in rows), Fraction(0)) / len(rows)
        variance = sum(((row.amount - mean) ** 2 for row in rows), Fraction(0)) / (len(rows) - sample)
        return power(number(variance), number(Fraction(1, 2)))

    return spread


def _extreme(pick: Callable[..., Quantity], what: str) -> Callable[[Sequence[Value], Notes], Value]:
    return lambda values, notes: pick(quantities(values, what), key=lambda row: row.amount)


def _sort(direction: int) -> Callable[[Sequence[Value], Notes], Value]:
    def sort(values: Sequence[Value], notes: Notes) -> Value:
        if all(isinstance(value, str) for value in values):
            notes.append("sorted by letters, ignoring capitals")
            return tuple(sorted(values, key=lambda value: str(value).casefold(), reverse=direction < 0))
        return tuple(sorted(quantities(values, "Sorting"), key=lambda row: row.amount * direction))

    return sort


def _rounded(rounding: Callable[[Fraction], int]) -> Callable[[Sequence[Value], Notes], Value]:
    def apply(values: Sequence[Value], notes: Notes) -> Value:
        (quantity,) = quantities(values[:1], "Rounding")
        digits = whole(values[1], "The number of places") if len(values) > 1 else 0
        if abs(digits) > 1000:
            raise CalculationRefused("Rounding is done to at most 1,000 places.")
        scale = Fraction(10) ** digits
        return Quantity(rounding(quantity.amount * scale) / scale, quantity.units, True)

    return apply


def _round(values: Sequence[Value], notes: Notes) -> Value:
    result = _rounded(half_away)(values, notes)
    digits = whole(values[1], "The number of places") if len(values) > 1 else 0
    (quantity,) = quantities(values[:1], "Rounding")
    if (quantity.amount * Fraction(10) ** digits).denominator == 2:
        notes.append("a half is rounded away from zero")
    return result


def _wholes(function: Callable[..., int], what: str) -> Callable[[Sequence[Value], Notes], Value]:
    def apply(values: Sequence[Value], notes: Notes) -> Value:
        numbers = [whole(row, what) for row in quantities(values, what)]
        if sum(max(one.bit_length(), 1) for one in numbers) > MAX_DIGITS * 3.3:
            raise CalculationRefused(f"The numbers have more than {MAX_DIGITS:,} digits together.")
        return number(function(*numbers))

    return apply


def _choose(function: Callable[[int, int], int], what: str) -> Callable[[Sequence[Value], Notes], Value]:
    def apply(values: Sequence[Value], notes: Notes) -> Value:
        n, k = whole(values[0], what), whole(values[1], what)
        if n < 0 or k < 0 or n > 10_000:
            raise CalculationRefused(f"{what} is computed for whole numbers from 0 to 10,000.")
        return number(function(n, k))

    return apply


def is_prime(n: int) -> bool:
    """Say whether n is prime; certain up to 3.3e24 (deterministic Miller-Rabin).

    Raises:
        CalculationRefused: n is larger than that.
    """
    small = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
    if n < 2:
        return False
    if any(n % p == 0 for p in small):
        return n in small
    if n >= 3317044064679887385961981:
        raise CalculationRefused("Whether a number is prime is decided up to 3.3e24.")
    shift = ((n - 1) & -(n - 1)).bit_length() - 1
    odd = (n - 1) >> shift
    for p in small:
        x = pow(p, odd, n)
        if x in (1, n - 1):
            continue
        if not any((x := x * x % n) == n - 1 for _ in range(shift - 1)):
            return False
    return True


def _factors(values: Sequence[Value], notes: Notes) -> Value:
    n = whole(values[0], "Factoring")
    if not 2 <= n <= 10**18:
        raise CalculationRefused("Whole numbers from 2 to 10^18 are factored.")
    found: list[Value] = []
    p = 2
    while p * p <= n and p < 200_000:
        while n % p == 0:
            found.append(number(p))
            n //= p
        p += 1 if p == 2 else 2
    if n > 1:
        if p < 200_000 or is_prime(n):
            found.append(number(n))
        else:
            raise CalculationRefused("Its prime factors are too large to find quickly.")
    return tuple(found)


def _text(value: Value, what: str) -> str:
    if not isinstance(value, str):
        raise CalculationRefused(f"{what} needs a text in quotation marks.")
    return value


def _count(values: Sequence[Value], notes: Notes) -> Value:
    part, text = _text(values[0], "count"), _text(values[1], "count")
    if not part:
        raise CalculationRefused("Nothing was named to count.")
    notes.append("capitals and small letters count alike")
    return number(text.casefold().count(part.casefold()))


def _vowels(values: Sequence[Value], notes: Notes) -> Value:
    notes.append("vowels are a, e, i, o, u")
    return number(sum(one in "aeiou" for one in _text(values[0], "vowels").casefold()))


def _date(values: Sequence[Value], notes: Notes) -> Value:
    year, month, day = (whole(value, "A date") for value in values)
    try:
        return date(year, month, day)
    except (ValueError, OverflowError) as error:
        raise CalculationRefused(f"There is no day {year}-{month:02d}-{day:02d} in the calendar.") from error


def _weekday(values: Sequence[Value], notes: Notes) -> Value:
    if not isinstance(values[0], date):
        raise CalculationRefused("weekday needs a date, such as date(2024, 5, 1).")
    return "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()[values[0].weekday()]


def _leap(values: Sequence[Value], notes: Notes) -> Value:
    year = whole(values[0], "A year")
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _divisible(values: Sequence[Value], notes: Notes) -> Value:
    n, divisor = whole(values[0], "divisible"), whole(values[1], "divisible")
    if divisor == 0:
        raise CalculationRefused("Nothing is divisible by zero.")
    return n % divisor == 0


def _in_base(values: Sequence[Value], notes: Notes) -> Value:
    n, base = whole(values[0], "A number in another base"), whole(values[1], "A base")
    if not 2 <= base <= 36 or abs(n) >= 1 << 1000:
        raise CalculationRefused("Bases from 2 to 36 are written, for numbers below 2^1000.")
    digits = ""
    left = abs(n)
    while left:
        left, digit = divmod(left, base)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + digits
    return ("-" if n < 0 else "") + (digits or "0")


def _range_sum(values: Sequence[Value], notes: Notes) -> Value:
    first, last = whole(values[0], "sum_range"), whole(values[1], "sum_range")
    if last < first:
        raise CalculationRefused("sum_range(first, last) needs first ≤ last.")
    return number((first + last) * (last - first + 1) // 2)


def _fraction(values: Sequence[Value], notes: Notes) -> Value:
    amount = plain(values[0], "A fraction").amount
    return f"{amount.numerator}/{amount.denominator}" if amount.denominator != 1 else f"{amount.numerator}"


def _absolute(values: Sequence[Value], notes: Notes) -> Value:
    (quantity,) = quantities(values, "abs")
    return Quantity(abs(quantity.amount), quantity.units, quantity.exact)


MANY = 500
_HALF, _THIRD = number(Fraction(1, 2)), number(Fraction(1, 3))
FUNCTIONS: dict[str, tuple[int, int, Callable[[Sequence[Value], Notes], Value]]] = {
    "sqrt": (1, 1, lambda values, notes: power(values[0], _HALF)),
    "cbrt": (1, 1, lambda values, notes: power(values[0], _THIRD)),
    "root": (2, 2, lambda values, notes: power(values[0], divide(number(1), values[1]))),
    "abs": (1, 1, _absolute),
    "round": (1, 2, _round),
    "floor": (1, 2, _rounded(math.floor)),
    "ceil": (1, 2, _rounded(math.ceil)),
    "trunc": (1, 2, _rounded(math.trunc)),
    "min": (1, MANY, _extreme(min, "A minimum")),
    "max": (1, MANY, _extreme(max, "A maximum")),
    "sum": (1, MANY, _total),
    "average": (1, MANY, _mean),
    "mean": (1, MANY, _mean),
    "median": (1, MANY, _median),
    "mode": (1, MANY, _mode),
    "product": (1, MANY, _product),
    "pstdev": (1, MANY, _spread(0)),
    "stdev": (2, MANY, _spread(1)),
    "sort": (1, MANY, _sort(1)),
    "sort_down": (1, MANY, _sort(-1)),
    "gcd": (2, MANY, _wholes(math.gcd, "gcd")),
    "lcm": (2, MANY, _wholes(math.lcm, "lcm")),
    "log": (1, 2, logarithm(number(10))),
    "log10": (1, 1, logarithm(number(10))),
    "log2": (1, 1, logarithm(number(2))),
    "ln": (1, 1, logarithm(None)),
    "exp": (1, 1, exp),
    "sin": (1, 1, sine(0)),
    "cos": (1, 1, sine(90)),
    "tan": (1, 1, tangent),
    "asin": (1, 1, inverse(math.asin, 1, "asin")),
    "acos": (1, 1, inverse(math.acos, 1, "acos")),
    "atan": (1, 1, inverse(math.atan, 1e300, "atan")),
    "factorial": (1, 1, lambda values, notes: factorial(values[0])),
    "comb": (2, 2, _choose(math.comb, "comb")),
    "perm": (2, 2, _choose(math.perm, "perm")),
    "mod": (2, 2, lambda values, notes: number(whole(values[0], "mod") % _not_zero(whole(values[1], "mod")))),
    "is_prime": (1, 1, lambda values, notes: is_prime(whole(values[0], "is_prime"))),
    "is_even": (1, 1, lambda values, notes: whole(values[0], "is_even") % 2 == 0),
    "is_odd": (1, 1, lambda values, notes: whole(values[0], "is_odd") % 2 == 1),
    "divisible": (2, 2, _divisible),
    "equal": (2, 2, lambda values, notes: compare(values[0], values[1], "==")),
    "factors": (1, 1, _factors),
    "ratio": (2, 6, ratio),
    "share": (3, 7, share),
    "mixed": (3, 4, mixed),
    "years": (2, 2, years),
    "divisors": (1, 1, divisors),
    "fraction": (1, 1, _fraction),
    "sum_range": (2, 2, _range_sum),
    "base": (2, 2, _in_base),
    "count": (2, 2, _count),
    "vowels": (1, 1, _vowels),
    "letters": (1, 1, lambda values, notes: number(sum(one.isalpha() for one in _text(values[0], "letters")))),
    "characters": (1, 1, lambda values, notes: number(len(_text(values[0], "characters")))),
    "words": (1, 1, lambda values, notes: number(len(_text(values[0], "words").split()))),
    "reverse": (1, 1, lambda values, notes: _text(values[0], "reverse")[::-1]),
    "upper": (1, 1, lambda values, notes: _text(values[0], "upper").upper()),
    "lower": (1, 1, lambda values, notes: _text(values[0], "lower").lower()),
    "date": (3, 3, _date),
    "weekday": (1, 1, _weekday),
    "is_leap_year": (1, 1, _leap),
}


def _not_zero(divisor: int) -> int:
    if divisor == 0:
        raise CalculationRefused("The remainder of a division by zero is not defined.")
    return divisor
