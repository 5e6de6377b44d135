"""Calculate exactly: numbers, percent, units, dates, times of day; own tokens and precedence, never eval.

    calculate("15% of 80").text        12
    calculate("5 mi in km").text       8.04672 km
    calculate("9.9 > 9.11").text       true

Refuses, with the reason, what is undefined, reads two ways, or has more than 10,000 digits.
What this does not do: algebra with unknowns, complex numbers, exchange rates, time zones.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tools.arithmetic import (
    Clock,
)
from tools.evaluation import Evaluation
from tools.results import text_of
from tools.tokens import tokenize
from tools.units import Quantity, units_text

SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class Calculation:
    """A calculated value.

    `value` is a Fraction (for percent the plain ratio, for quantities in `unit`), bool, date, text or tuple of texts;
    `text` what a person reads; `steps` each operation with its value, and what was assumed.
    """

    expression: str
    value: Fraction | bool | date | str | tuple[str, ...]
    text: str
    steps: tuple[str, ...]
    unit: str
    exact: bool


def calculate(expression: str) -> Calculation:
    """Calculate an expression exactly, within half a second.

    Use when: numbers, percentages, units, dates or times must be computed.
    Not for: word problems (write a program), exchange rates (search the web).

    Args:
        expression: arithmetic with + - * / // ^ ! % of, functions such as sqrt or median, units ("5 mi in km"),
            dates ("date(2024, 5, 1) - date(2024, 3, 3)"), times ("13:15 - 9:40").

    Raises:
        NotAnExpression: the text is not an expression.
        CalculationRefused: it is undefined, ambiguous or too large.

    Examples:
        - What is 17% of 2,340?
        - How many days are there between 3 March 2024 and 1 May 2024?
        - Convert 5 miles to kilometres.
    """
    tokens, notes = tokenize(expression)
    reader = Evaluation(tokens, time.monotonic() + SECONDS)
    value = reader.statement()
    reader.expect_end()
    unit = units_text(value.units) if isinstance(value, Quantity) else "date" if isinstance(value, date) else ""
    plain: Fraction | bool | date | str | tuple[str, ...]
    if isinstance(value, Quantity):
        plain = value.amount
    elif isinstance(value, tuple):
        plain = tuple(text_of(one) for one in value)
    elif isinstance(value, Clock):
        plain, unit = text_of(value), "time of day"
    else:
        plain = value
    exact = value.exact if isinstance(value, Quantity) else True
    steps = tuple(dict.fromkeys([*notes, *reader.steps, *reader.notes]))
    return Calculation(expression.strip(), plain, text_of(value), steps, unit, exact)
