"""Values of programs as people write them: which are the same number, how short, with which unit."""

from __future__ import annotations

import re
from typing import Any


def same(one: Any, other: Any) -> bool:
    """Whether two values of programs are the same: numbers within 1e-6 relative, texts without case."""
    a, b = number(one), number(other)
    if a is not None and b is not None:
        return abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b))
    return str(one).strip().lower() == str(other).strip().lower()


def number(value: Any) -> float | None:
    """The number a value is, also out of "$12.50" or "42 apples"; None when it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e300 else None
    fraction = re.fullmatch(r"\s*(-?\d{1,9})/(\d{1,9})\s*", str(value))
    if fraction and int(fraction.group(2)):
        return int(fraction.group(1)) / int(fraction.group(2))
    match = re.fullmatch(r"\s*[$€£]?\s*(-?\d[\d,]*(?:\.\d+)?)\s*[%\w$€£ ]{0,20}", str(value))
    return float(match.group(1).replace(",", "")) if match else None


def short_number(value: Any, text: str) -> str:
    """A value as a person writes it: 42 rather than 42.0, at most six decimals."""
    if isinstance(value, float) and not isinstance(value, bool):
        if abs(value) >= 1e15 or value != value:
            return text
        rounded = round(value, 6)
        return str(int(rounded)) if rounded == int(rounded) else f"{rounded:.6f}".rstrip("0")
    return text.strip()


#: What is counted: words up to the first plural one ("floral arrangements", "pairs of socks"); a word that is none has
#: no plural and would read "96 hash" for hash browns.
_PLURAL = r"(?:[a-z]{2,}(?<!s)s|people|children|men|women|feet|fish|sheep|mice|geese|money)"
_HOW_MANY = re.compile(
    r"\bhow (?:many|much)(?: more| fewer| less| total| extra| of (?:the|his|her|their))? "
    rf"((?:(?!{_PLURAL}\b)[a-z-]+ ){{0,2}}?{_PLURAL}\b(?: of [a-z]+\b)?)(?! (?:and|or)\b)",
    re.I,
)
_NOT_UNITS = frozenset(
    "is are was were does do did will would can could has have had in on more less money he she it they the a an to per if left total time "
    "should must altogether cost each longer older further and there his this its was does as us".split()
)


def with_unit(question: str, answer: str) -> str:
    """Add what was counted, or the currency, where the question's own words say it."""
    if not re.fullmatch(r"-?\d[\d,.]*", answer):
        return answer
    last = re.split(r"(?<=[.!])\s", question.strip())[-1]
    match = _HOW_MANY.search(last)
    if match and _NOT_UNITS.isdisjoint(match.group(1).lower().split()):
        return f"{answer} {match.group(1)}"
    currency = re.search(r"([$€£])\s?\d", question)
    if currency and re.search(
        r"\b(how much|cost|price|money|pay|paid|spend|spent|earn|profit|owe|worth|dollars?|euros?|pounds?)\b",
        last,
        re.I,
    ):
        return f"{currency.group(1)}{answer}"
    if re.search(r"\b(percent|percentage|%)\b", last, re.I):
        return f"{answer} %"
    return answer
