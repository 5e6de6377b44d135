"""From the text of a reply to its last number, however it is written.

Tolerant of bold, boxes and sentences around the answer. Pure functions on text.
"""

from __future__ import annotations

import math
import re

from lottery_chat.lab.extracting_marks import BOXED, MARK, MOST_MARKS, NEAR

_BOX_CUT = re.compile(r"\\boxed\s*\{([^{}]*)$")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*|__([^_\n]+)__")
#: A reply of so many letters is long enough to have been cut off.
_LONG = 400


_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_PLAIN = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[-\u2212\u2013](?=[$€£¥]?\s?[\d.]))?\s?(?:[$€£¥]\s?|US\$\s?)?(?P<inner>[-\u2212])?"
    rf"(?:(?P<whole>\d+)\s+(?=\d+/\d))?(?P<number>{_PLAIN})(?:[eE](?P<power>[-+]?\d{{1,3}})|\s?[x×*]\s?10\^?\{{?(?P<ten>[-−]?\d{{1,3}})\}}?)?"
    rf"(?:\s?/\s?(?P<under>\d+(?:\.\d+)?)(?![\d/]))?(?!\d)(?:\s?(?P<scale>hundred|thousand|million|billion|trillion)s?\b)?",
    re.IGNORECASE,
)


def last_number(text: str) -> float | None:
    r"""Return the number a reply gives as its answer, or None where there is no number.

    The one in the last \boxed{}, else the one after the last "answer is", "Answer:" or "####" near the end, else that
    of the conclusion: what is bold there, what follows its last "=", or its last number.
    """
    boxed = BOXED.findall(text) + _BOX_CUT.findall(text)
    for inside in reversed(boxed):
        found = _numbers(_without_tex(inside))
        if found:
            return found[-1]
    cut = _broken_off(text)
    text = _without_tex(text)
    marked = _after_mark(text)
    if marked is not None:
        return marked
    lines = [line for line in text.splitlines() if _numbers(line)]
    return _concluded(lines[-1]) if lines and not cut else None


def _broken_off(text: str) -> bool:
    """Whether a long reply ends in the middle, before its conclusion: in a formula, a program or a line without a number."""
    if len(text) < _LONG:
        return False
    if any(text.count(opening) > text.count(closing) for opening, closing in ((r"\[", r"\]"), (r"\(", r"\)"))):
        return True
    last = text.rstrip().rsplit("\n", 1)[-1]
    return text.count("```") % 2 == 1 or (last[-1:].isalnum() and not _numbers(last))


def _after_mark(text: str) -> float | None:
    """The number after the last mark that has one near it, if the reply ends soon after."""
    for mark in reversed(list(MARK.finditer(text))[-MOST_MARKS:]):
        after = text[mark.end() :].lstrip(" \t*_:\n")
        line = after.split("\n", 1)[0]
        if len(after) > NEAR and len(after) > len(line) + NEAR:
            return None
        found = _numbers(line)
        if found:
            return _equated(line) if "=" in line else found[0]
    return None


#: "135 min (2 h 15 min)": what a bracket at the end says again of the number before it.
_REMARK = re.compile(r"(?<=\d)( ?[^\W\d_]{0,15})\s\([^()]{1,60}\)[.\s]*$")


def _concluded(line: str) -> float | None:
    line = _REMARK.sub(r"\1", line)
    for bold in reversed(_BOLD.findall(line)):
        words = (bold[0] or bold[1]).strip()
        found = _numbers(words)
        if found and not re.match(r"(?:step|part|case|day|note)\b|\d+[.)]", words, re.IGNORECASE):
            return found[-1]
    return _equated(line) if "=" in line else _numbers(line)[-1]


def _equated(line: str) -> float | None:
    """The first number after the last "=" that is followed by one, else the line's last number."""
    for part in reversed(line.split("=")[1:]):
        found = _numbers(part)
        if found:
            return found[0]
    found = _numbers(line)
    return found[-1] if found else None


def _numbers(text: str) -> list[float]:
    return [value for match in _NUMBER.finditer(text) if (value := _value(match)) is not None]


def _value(match: re.Match[str]) -> float | None:
    value = float(match["number"].replace(",", ""))
    power = match["power"] or match["ten"]
    if power:
        value = float(f"{match['number'].replace(',', '')}e{int(power.replace('−', '-'))}")
    if match["under"]:
        under = float(match["under"])
        if under == 0:
            return None
        value = float(match["whole"] or 0) + value / under
    if match["scale"]:
        value *= _SCALES[match["scale"].lower()]
    if not math.isfinite(value):
        return None
    return -value if match["sign"] or match["inner"] else value


def _without_tex(text: str) -> str:
    """LaTeX's ways of writing numbers as plain text: \\frac{3}{4}, \\$, {,} and words in \\text{}."""
    text = re.sub(r"\\d?frac\s*\{\s*(-?[\d.]+)\s*\}\s*\{\s*([\d.]+)\s*\}", r"\1/\2", text)
    text = re.sub(r"\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\times\b", "×", text).replace("{,}", ",").replace("\\,", "").replace("\\!", "")
    return re.sub(r"\\(?=[$%])", "", text)
