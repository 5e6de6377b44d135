"""Whether a program brings the units of a question together: hours given and minutes asked need a factor of 60.

Reads the question's numbers with their units and the unit that is asked for; a finding is a reason to look again.
"""

from __future__ import annotations

import re
from fractions import Fraction

from tools.errors import CalculationRefused
from tools.numerals import plain_text, read_numeral
from tools.program_checks import constants
from tools.units import UNITS, Unit, unit_named

MAX_TEXT = 20_000
_ASKED = re.compile(r"\bhow (?:many|much)(?: more| fewer| total)? ([a-z]+)\b|\bin (?:total )?([a-z]+)\?", re.IGNORECASE)
_GIVEN = re.compile(r"(\d[\d,]*(?:\.\d+)?)[ -]([a-zA-Z]{1,14})\b")
#: Kinds whose units people mix in one question; lengths of a stick in cm and of a fence in m are such.
_KINDS = ("time", "length", "mass", "volume", "calendar")


def missing_conversions(question: str, code: str) -> tuple[str, ...]:
    """Return sentences on units given and asked for between which the program does not convert; empty where none.

    Only where every quantity of that kind is given in another unit than the one asked for.
    """
    text = plain_text(question[:MAX_TEXT])
    asked = [unit for found in _ASKED.finditer(text) for unit in [_unit(found.group(1) or found.group(2))] if unit]
    if not asked:
        return ()
    wanted = asked[-1]
    given = [(amount, unit) for amount, unit in _given(text) if unit.dimension == wanted.dimension]
    others = {unit.symbol: unit for _, unit in given if unit.symbol != wanted.symbol}
    if not given or len({unit.symbol for _, unit in given}) != len(others) or not others:
        return ()
    used = constants(code)
    findings = []
    for symbol, unit in others.items():
        ratio = unit.factor / wanted.factor
        amounts = [amount for amount, one in given if one.symbol == symbol]
        if not _converted(ratio, amounts, used):
            findings.append(
                f"The question gives {symbol} and asks for {wanted.symbol}; the program has no factor {_text(ratio)}."
            )
    return tuple(findings)


def _given(text: str) -> list[tuple[Fraction, Unit]]:
    found: list[tuple[Fraction, Unit]] = []
    for match in _GIVEN.finditer(text):
        unit = _unit(match.group(2))
        try:
            numeral = read_numeral(match.group(1).rstrip(","), 0)
        except CalculationRefused:
            continue
        if unit and numeral:
            found.append((numeral.value, unit))
    return found


def _unit(word: str) -> Unit | None:
    """A unit written out (two letters and more); "5 in" and "3 a" are words."""
    if len(word) < 2 or word.lower() in ("in", "min", "second"):
        return None
    try:
        unit = unit_named(word)
    except CalculationRefused:
        return None
    return unit if unit is not None and unit.dimension in _KINDS and unit.symbol in UNITS else None


def _converted(ratio: Fraction, amounts: list[Fraction], used: frozenset[Fraction]) -> bool:
    """A factor may stand as itself, turned over, as a product of two, or already multiplied in."""
    wanted = {ratio, 1 / ratio, *(amount * ratio for amount in amounts)}
    products = {a * b for a in used for b in used}
    products |= {a * b for a in products for b in used if len(used) < 20}
    return bool(wanted & used) or bool({ratio, 1 / ratio} & products)


def _text(ratio: Fraction) -> str:
    return str(ratio.numerator) if ratio.denominator == 1 else f"{ratio.numerator}/{ratio.denominator}"
