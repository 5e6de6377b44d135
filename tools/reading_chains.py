"""Read a chain of spoken sums, one after the other: "add 349 and 276, then subtract 50", "take 12, double it, add 5".

Each step takes in the result of the steps before it, as a person at a counter means it: no order of operations.
"""

from __future__ import annotations

import re

from tools.reading_phrases import phrase

_START = (
    (re.compile(r"add (?P<a>.+?) (?:and|to|plus) (?P<b>.+)"), "{a} + {b}"),
    (re.compile(r"subtract (?P<b>.+?) from (?P<a>.+)"), "{a} - {b}"),
    (re.compile(r"multiply (?P<a>.+?) (?:by|and|with) (?P<b>.+)"), "{a} * {b}"),
    (re.compile(r"divide (?P<a>.+?) by (?P<b>.+)"), "{a} / {b}"),
    (re.compile(r"(?:start (?:with|from|at)|take|begin with) (?P<a>.+)"), "{a}"),
    (re.compile(r"(?P<a>double|halve|square) (?P<b>.+)"), ""),
)
_IT = r"(?: (?:it|that|this|the (?:result|sum|product|total|difference|answer)))?"
_NEXT = (
    (re.compile(r"(?:add|plus)(?: on)? (?P<b>.+?)(?: to" + _IT + r")?"), "{a} + {b}"),
    (re.compile(r"(?:subtract|minus|take away|take off|remove) (?P<b>.+?)(?: from" + _IT + r")?"), "{a} - {b}"),
    (re.compile(r"(?:multiply" + _IT + r" (?:by|with)|times) (?P<b>.+)"), "{a} * {b}"),
    (re.compile(r"divide" + _IT + r" by (?P<b>.+)"), "{a} / {b}"),
    (re.compile(r"double" + _IT), "{a} * 2"),
    (re.compile(r"(?:halve" + _IT + r"|take half(?: of)?" + _IT + r")"), "{a} / 2"),
    (re.compile(r"square" + _IT), "{a}^2"),
)
_ALONE = {"double": "{b} * 2", "halve": "{b} / 2", "square": "{b}^2"}
#: Between steps, where a word of doing follows.
_CUT = re.compile(
    r"(?:,|;|\.)?\s*(?:,|\b(?:and then|then|and after that|after that|and)\b)\s*"
    r"(?=(?:add|plus|subtract|minus|take away|take off|take half|remove|multiply|times|divide|double|halve|square)\b)"
)
_LEAD = re.compile(r"^(?:(?:(?:what do )?(?:i|you|we) (?:get|have)|the result|left) )?(?:if|when) (?:i|you|we) ")
MOST = 12


def chain(text: str, *, german: bool = False) -> str | None:
    """Return the expression of a chain of at least two steps, or None.

    Args:
        text: lower case, politeness and closing signs taken off.
        german: numbers are written in the German way.
    """
    steps = [one.strip(" ,") for one in _CUT.split(_LEAD.sub("", text))]
    if not 2 <= len(steps) <= MOST:
        return None
    made = _first(steps[0], german)
    for step in steps[1:]:
        made = made and _applied(_whole(made), step, german)
    return made


def _whole(expression: str) -> str:
    """In brackets, unless it is a lone number."""
    return expression if re.fullmatch(r"[\d.]+", expression) else f"({expression})"


def _first(step: str, german: bool) -> str | None:
    for pattern, form in _START:
        found = pattern.fullmatch(step)
        if found is None:
            continue
        if not form:
            number = phrase(found["b"], german=german, bare=True)
            return _ALONE[found["a"]].format(b=_whole(number)) if number else None
        parts = {name: phrase(value, german=german, bare=True) for name, value in found.groupdict().items()}
        if all(parts.values()):
            return form.format(**{name: _whole(value) for name, value in parts.items() if value})
    return phrase(step, german=german, bare=True)


def _applied(made: str, step: str, german: bool) -> str | None:
    for pattern, form in _NEXT:
        found = pattern.fullmatch(step)
        if found is None:
            continue
        if "b" not in found.groupdict():
            return form.format(a=made)
        number = phrase(found["b"], german=german, bare=True)
        if number:
            return form.format(a=made, b=_whole(number))
    return None
