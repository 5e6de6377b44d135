"""What a shelf tool returns, and the checks of its input: types, ranges and sizes, each refused with the next step.

Numbers are read exactly: 0.1 is one tenth, not the nearest binary fraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import TypeAlias

from tools.errors import ToolError
from tools.results import number_text

JSON: TypeAlias = "None | bool | int | float | str | list[JSON] | dict[str, JSON]"

MOST_ITEMS = 10_000
MOST_LETTERS = 100_000
#: Digits of a number that comes in, and of one that goes out.
MOST_DIGITS = 1_000
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool found: `value` for programs, `text` for people, `source` says where it came from, `steps` how."""

    value: JSON
    text: str
    source: str
    steps: tuple[str, ...] = ()


def shown(value: object) -> str:
    """Return a value as an error names it, shortened; never costs time on a giant."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 200:
        return f"a number of about {value.bit_length() * 30103 // 100000:,} digits"
    if isinstance(value, str):
        return repr(value[:_SHOWN]) + ("…" if len(value) > _SHOWN else "")
    if isinstance(value, Sequence | dict) and len(value) > 8:
        return f"a {type(value).__name__} of {len(value):,}"
    try:
        text = repr(value)
    except ValueError:  # a giant number inside: its conversion to text is refused by Python
        return f"a {type(value).__name__} with a giant number"
    return text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")


def exact(value: object, name: str, least: float | None = None, most: float | None = None) -> Fraction:
    """Return a number as the fraction its decimals say.

    Raises:
        ToolError: not a finite number, outside least..most, or more than 1,000 digits.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction | Decimal):
        raise ToolError(f"{name} is {shown(value)}, which is not a number; give a number such as 12.5.")
    if isinstance(value, int):
        if value.bit_length() > MOST_DIGITS * 10 // 3:
            raise ToolError(f"{name} is {shown(value)}, at most {MOST_DIGITS:,} are taken; give a smaller number.")
        number = Fraction(value)
    else:
        try:
            number = value if isinstance(value, Fraction) else Fraction(str(value))
        except ValueError:
            raise ToolError(f"{name} is {value!r}, which is not a finite number; give a number such as 12.5.") from None
    if (least is not None and number < Fraction(str(least))) or (most is not None and number > Fraction(str(most))):
        raise ToolError(f"{name} is {shown(value)}; give a number {_range(least, most)}.")
    return number


def whole(value: object, name: str, least: int | None = None, most: int | None = None) -> int:
    """Return a whole number; 3.0 is one.

    Raises:
        ToolError: not whole, or outside least..most.
    """
    number = exact(value, name)
    if number.denominator != 1:
        raise ToolError(f"{name} is {shown(value)}, which is not a whole number; round it first.")
    if (least is not None and number < least) or (most is not None and number > most):
        raise ToolError(f"{name} is {shown(value)}; give a whole number {_range(least, most)}.")
    return number.numerator


def _range(least: float | None, most: float | None) -> str:
    if most is None:
        return f"of at least {least:,}"
    return f"of at most {most:,}" if least is None else f"from {least:,} to {most:,}"


def string(value: object, name: str, most: int = MOST_LETTERS, *, empty: bool = True) -> str:
    """Return a text of at most so many characters.

    Raises:
        ToolError: not a text, too long, or empty where it may not be.
    """
    if not isinstance(value, str):
        raise ToolError(f"{name} is {shown(value)}, which is not a text; put it in quotes.")
    if len(value) > most:
        raise ToolError(f"{name} has {len(value):,} characters, at most {most:,} are taken; give a part of it.")
    if not empty and not value.strip():
        raise ToolError(f"{name} is empty ({value[:9]!r}); say what is meant.")
    return value


def listed(values: object, name: str, least: int = 0, most: int = MOST_ITEMS) -> list[object]:
    """Return a list of so many items.

    Raises:
        ToolError: not a list, too short or too long.
    """
    if isinstance(values, str | bytes) or not isinstance(values, Sequence):
        raise ToolError(f"{name} is {shown(values)}, which is not a list; give a list such as [1, 2, 3].")
    if len(values) < least:
        raise ToolError(f"{name} has {len(values)} items ({shown(values)}); at least {least} are needed.")
    if len(values) > most:
        raise ToolError(f"{name} has {len(values):,} items, at most {most:,} are taken; give a part of them.")
    return list(values)


def numbers(values: object, name: str, least: int = 1, most: int = MOST_ITEMS) -> list[Fraction]:
    """Return a list of numbers, exactly. Raises ToolError like `exact` and `listed`."""
    return [exact(one, f"{name}[{at}]") for at, one in enumerate(listed(values, name, least, most))]


def strings(values: object, name: str, least: int = 0, most: int = MOST_ITEMS) -> list[str]:
    """Return a list of texts of at most 10,000 characters; numbers in it are taken as written. Raises ToolError."""
    found = []
    for at, one in enumerate(listed(values, name, least, most)):
        plain_number = isinstance(one, int | float) and not isinstance(one, bool)
        found.append(number(exact(one, f"{name}[{at}]")) if plain_number else string(one, f"{name}[{at}]", 10_000))
    return found


def chosen(value: object, options: Sequence[str], name: str) -> str:
    """Return one of the options, whatever its case.

    Raises:
        ToolError: it is none of them; all are named.
    """
    plain_value = value.strip().lower() if isinstance(value, str) else value
    if not isinstance(plain_value, str) or plain_value not in options:
        raise ToolError(f"{name} is {shown(value)}; choose one of {', '.join(options)}.")
    return plain_value


def plain(value: Fraction) -> JSON:
    """Return a fraction as JSON: int, else the nearest float, else (beyond floats) its text."""
    if value.denominator == 1:
        return value.numerator
    try:
        return float(value)
    except OverflowError:
        return number(value)


def number(value: Fraction) -> str:
    """Return a number as a person reads it."""
    return number_text(value, True)


def decimals(value: Fraction, places: int = 2) -> str:
    """Return a number rounded half up to so many places, with thousands separators: 1,234.50."""
    scaled = rounded(value, places)
    return f"{scaled:,.{places}f}"


def rounded(value: Fraction, places: int = 2) -> Decimal:
    """Return a number rounded half up (as money is) to so many places, |value| below 10^1000.

    Raises:
        ToolError: it has more digits than that.
    """
    if abs(value) >= 10**MOST_DIGITS:
        raise ToolError(f"The result has more than {MOST_DIGITS:,} digits; give smaller numbers.")
    top = value.numerator * 10**places
    half_up = (abs(top) * 2 + value.denominator) // (2 * value.denominator)
    return Context(prec=MOST_DIGITS + places + 5).scaleb(Decimal(half_up if top >= 0 else -half_up), -places)


def several(count: int, word: str) -> str:
    """Return a count with its noun: 1 day, 2 days."""
    return f"{count:,} {word}" if abs(count) == 1 else f"{count:,} {word}s"
