"""A calculated value as a person reads it: decimals where they end, else a fraction with its decimal, ≈ where rounded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from tools.arithmetic import CONTEXT, Clock, Value, half_away
from tools.units import Quantity, units_text

SHOWN_DIGITS = 1_000
_MONTHS = "January February March April May June July August September October November December".split()


def text_of(value: Value) -> str:
    """Return the value as text; a number of more than 1,000 digits is shown by its ends and its length."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    if isinstance(value, Clock):
        return _clock_text(value)
    if isinstance(value, tuple):
        return ", ".join(text_of(one) for one in value)
    return _quantity_text(value)


def _quantity_text(quantity: Quantity) -> str:
    if quantity.percent:
        return number_text(quantity.amount * 100, quantity.exact) + "%"
    units = quantity.units
    if not units:
        return number_text(quantity.amount, quantity.exact)
    body = _measure_text(quantity)
    if len(units) == 1 and units[0][0] in ("$", "€", "£", "¥") and units[0][1] == 1:
        if quantity.amount * 100 % 1 and quantity.exact:
            body = "≈ " + _fixed(Fraction(half_away(quantity.amount * 100), 100), 2)
        if body.startswith("≈ "):
            return f"≈ {units[0][0]}{body.removeprefix('≈ ')}".replace(f"{units[0][0]}-", f"-{units[0][0]}")
        sign = "-" if body.startswith("-") else ""
        return f"{sign}{units[0][0]}{_money(body.removeprefix('-'))}"
    if units == (("min", 1),) and quantity.amount.denominator == 1 and abs(quantity.amount) >= 60:
        hours, minutes = divmod(abs(quantity.amount.numerator), 60)
        parts = f"{hours} h {minutes} min" if minutes else f"{hours} h"
        return f"{body} min ({'-' if quantity.amount < 0 else ''}{parts})"
    if units == (("°", 1),):
        return body + "°"
    if (
        units == (("h", 1),)
        and quantity.exact
        and 1 < quantity.amount.denominator <= 60
        and not 60 % quantity.amount.denominator
    ):
        hours, minutes = divmod(int(abs(quantity.amount) * 60), 60)
        if body.startswith("≈") or "/" in body:
            return f"{'-' if quantity.amount < 0 else ''}{hours} h {minutes} min"
    name = units_text(units)
    if units == (("d", 1),):
        name = "day" if quantity.amount in (1, -1) else "days"
    elif units in ((("month", 1),), (("wk", 1),), (("yr", 1),)):
        name = {"month": "month", "wk": "week", "yr": "year"}[units[0][0]] + ("" if quantity.amount == 1 else "s")
    return f"{body} {name}"


def brief_text(value: Value) -> str:
    """Return a value as it stands inside a step: without the decimal beside a fraction."""
    text = text_of(value)
    return text.split(" ≈ ")[0] if isinstance(value, Quantity) and not value.units else text.removeprefix("≈ ")


def _measure_text(quantity: Quantity) -> str:
    """A measure is read as a decimal, never as a long fraction."""
    places = _decimal_places(quantity.amount.denominator)
    if quantity.exact and (quantity.amount.denominator < 8 or (places is not None and places <= 12)):
        return number_text(quantity.amount, True)
    return "≈ " + _significant(quantity.amount, 8)


def _money(body: str) -> str:
    whole, dot, cents = body.partition(".")
    return f"{whole}.{cents}0" if dot and len(cents) == 1 and cents.isdigit() else body


def number_text(amount: Fraction, exact: bool) -> str:
    """Return a number as text: 0.75, 11/12 ≈ 0.916667, ≈ 1.41421356237."""
    if not exact:
        return "≈ " + _significant(amount, 12)
    if amount.denominator == 1:
        return _whole_text(amount.numerator)
    places = _decimal_places(amount.denominator)
    if places is not None and places <= 20:
        text = _fixed(amount, places)
        if len(text) <= SHOWN_DIGITS:
            return text
    top, bottom = _whole_text(amount.numerator), _whole_text(amount.denominator)
    shown = f"{top}/{bottom}"
    return f"{shown} ≈ {_significant(amount, 6)}" if len(shown) <= 24 else "≈ " + _significant(amount, 12)


def _fixed(amount: Fraction, places: int) -> str:
    scaled = abs(amount) * 10**places
    digits = _digits(scaled.numerator).rjust(places + 1, "0")
    sign = "-" if amount < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def _decimal_places(denominator: int) -> int | None:
    """Return how many decimals a fraction with this denominator needs, None where it never ends."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 else None


def _digits(whole: int) -> str:
    # Decimal has no limit of 4,300 digits on conversion, unlike str(int).
    return format(Decimal(whole), "f")


def _whole_text(whole: int) -> str:
    text = _digits(whole)
    if len(text) <= SHOWN_DIGITS:
        return text
    return f"{text[:20]}…{text[-20:]} ({len(text.lstrip('-')):,} digits)"


def _significant(amount: Fraction, digits: int) -> str:
    value = CONTEXT.divide(Decimal(amount.numerator), Decimal(amount.denominator))
    rounded = Decimal(format(value, f".{digits - 1}e"))
    if rounded and not -7 <= rounded.adjusted() <= 20:
        mantissa, exponent = format(rounded, f".{digits - 1}e").split("e")
        return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    text = format(rounded, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _clock_text(clock: Clock) -> str:
    hours, rest = divmod(clock.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    text = f"{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")
    if clock.days:
        text += (
            " the next day"
            if clock.days == 1
            else " the day before"
            if clock.days == -1
            else f" ({clock.days:+d} days)"
        )
    return text
