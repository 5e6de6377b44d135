"""Sums inside reasoning: what stands before an open "=" is read by code, so that the model need not calculate.

Toolformer's calculator without its markup (paper.md 2, features 51): small models reason in sentences and LaTeX, and
the value of "24 \\text{ days} \\times 50 =" is code's to say. Pure code, no model.
"""

from __future__ import annotations

import re

_TAIL = 240
_LATEX = re.compile(r"\\(?:text|mathrm|textbf)\s*\{[^{}]*\}|\\(?:quad|qquad|left|right|,|;|!)|\\[\[\]()]|[{}]")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]{1,40})\}\s*\{([^{}]{1,40})\}")
_SIGNS = (
    ("\\times", "*"), ("\\cdot", "*"), ("\\div", "/"), ("×", "*"), ("÷", "/"), ("−", "-"), ("–", "-"), ("\\$", " "),
    ("$", " "), ("€", " "), ("£", " "), ("\\%", "%"), ("\\approx", "="), ("≈", "="),
)  # fmt: skip
#: "24 days * 50", "12 per hour * 8": words that stand where a unit stands.
_UNIT = re.compile(r"(?<=[\d%)])\s*(?:/\s*|per\s+)?[A-Za-z]{3,}(?:[ /][A-Za-z]{1,12}){0,3}(?=\s*[*/+\-=)])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_OPEN = re.compile(r"((?:[(\-]\s*){0,4}\d[\d\s.()*/+\-%]*)=\s*$")
_OPERATOR = re.compile(r"[\d%)]\s*[*/+\-]\s*[(\-]?\s*\d")
_NUMBER = r"-?\d+(?:\.\d+)?(?:/\d+)?"


def plain(text: str) -> str:
    """Reasoning with its LaTeX and currency signs taken off, thousands without commas."""
    for sign, ours in _SIGNS:
        text = text.replace(sign, ours)
    text = _FRACTION.sub(r"((\1)/(\2))", text)
    return _THOUSANDS.sub("", _LATEX.sub(" ", text))


def open_sum(text: str) -> str | None:
    """The sum that the text's end asks the value of ("… 3 * 2 - 1 ="), ready for the calculator; None if there is none.

    A sum that is only the end of a longer one with letters in it is none.
    """
    if not text.rstrip().endswith("="):
        return None
    line = re.sub(r"^\s*(?:[-*]|\d{1,2}[.)])\s+", "", text[-_TAIL:].split("\n")[-1])
    tail = re.sub(r"(?<=\d)\s+x\s+(?=[\d(])", " * ", _UNIT.sub("", plain(line)))
    found = _OPEN.search(tail)
    if found is None or not _OPERATOR.search(found.group(1)):
        return None
    expression = found.group(1).strip()
    before = tail[: found.start()].rstrip()
    if before.endswith(("*", "/", "+", "-", "(", "^", "_", "\\")) or expression.count("(") != expression.count(")"):
        return None
    return expression


def stated_number(text: str) -> str | None:
    """The number that reasoning ends on: boxed, named as the answer, else the last of the last sentence with one."""
    text = plain(text)
    for pattern in (
        rf"\\boxed\s*[^\d\n-]{{0,12}}({_NUMBER})",
        rf"(?:final answer|answer)\s*(?:is|:|=)[^\d\n-]{{0,40}}({_NUMBER})",
    ):
        found = re.findall(pattern, text, re.I)
        if found:
            return str(found[-1])
    for sentence in reversed([one for one in re.split(r"(?<=[.!?])\s+|\n+", text) if one.strip()]):
        # After an equals sign stands what was calculated; else the last number said.
        equal = re.findall(rf"=\s*({_NUMBER})(?!\s*[*/+(])", sentence)
        numbers = equal or re.findall(rf"(?<![\w.])({_NUMBER})(?![\d\w])", re.sub(r"^\s*\d{1,2}[.)]\s", "", sentence))
        if numbers:
            return str(numbers[-1])
    return None
