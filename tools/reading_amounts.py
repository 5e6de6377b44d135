"""Amounts in a school problem's words: numbers, multiples ("twice", "a third", "20% of"), as text for equations."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from tools.errors import CalculationRefused
from tools.numerals import read_numeral, words_to_number

_FIXED = {
    "twice": "2",
    "double": "2",
    "thrice": "3",
    "triple": "3",
    "half": "1/2",
    "one-half": "1/2",
    "one half": "1/2",
}
_FIXED |= {"a half": "1/2", "equally": "1", "just": "1", "exactly": "1"}
_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
_PARTS |= {"eighth": 8, "ninth": 9, "tenth": 10}
_WORD = r"[a-z]+(?:-[a-z]+)*"
#: A number in figures or up to four words; what it is, `number` decides.
NUMBER = rf"(?:[$€£]? ?\d[\d,]*(?:\.\d+)?|(?:a )?{_WORD}(?: {_WORD}){{0,3}}?)"
#: "twice", "three times", "half", "two thirds", "20%": what may stand before "as many".
MULTIPLE = (
    rf"(?:twice|thrice|double|triple|(?:exactly )?(?:one[- ])?half|(?:a|one|two|three|four|five|\d)[- ](?:{'|'.join(_PARTS)})s?"
    rf"|\d+(?:\.\d+)?(?:/\d+)? times|(?:{_WORD} ){{1,2}}times|\d+(?:\.\d+)? ?(?:%|percent)|\d+/\d+)"
)


def number(text: str) -> str | None:
    """Return a number in figures or words ("$1,200", "twenty-five", "a dozen", "2 1/2") as plain text, or None."""
    text = text.strip().lower().lstrip("$€£ ")
    if text in ("a dozen", "one dozen"):
        return "12"
    mixed = re.fullmatch(r"(\d{1,6}) (\d{1,3})/(\d{1,3})", text)
    if mixed:
        return f"({mixed.group(1)} + {mixed.group(2)}/{mixed.group(3)})"
    if text[:1].isdigit():
        try:
            found = read_numeral(text, 0)
        except CalculationRefused:
            return None
        if found is None or found.length != len(text) or (found.note and "," in text and not _us(text)):
            return None
        return written_number(found.value)
    value = words_to_number(text.split())
    return None if value is None else str(value)


def written_number(value: Fraction) -> str:
    """A value as a person would write it: 7.5, and a fraction in brackets only where no short decimal is it."""
    if value.denominator == 1:
        return str(value)
    short = 10**6 % value.denominator == 0
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}" if short else f"({value})"


def _us(text: str) -> bool:
    return bool(re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text))


def multiple(text: str) -> str | None:
    """Return the factor that "twice", "three times", "two thirds" or "20%" names, as plain text, or None."""
    text = text.strip().lower().removesuffix(" of").removeprefix("exactly ")
    if text in _FIXED:
        return _FIXED[text]
    if text.endswith(" times"):
        many = number(text.removesuffix(" times"))
        return many
    share = re.fullmatch(r"(\d+(?:\.\d+)?) ?(?:%|percent)", text)
    if share:
        return f"({share.group(1)}/100)"
    if re.fullmatch(r"\d{1,4}/\d{1,4}", text):
        return f"({text})"
    part = re.fullmatch(r"(a|one|two|three|four|five|\d)[- ]([a-z]+?)s?", text)
    if part and part.group(2) in _PARTS:
        over = {"a": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}.get(
            part.group(1), part.group(1)
        )
        return f"({over}/{_PARTS[part.group(2)]})"
    return None
