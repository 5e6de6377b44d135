"""Where a reply says that its answer comes now: after a mark, after a conclusion's word, in a box."""

from __future__ import annotations

import re

#: What comes right before an answer.
MARK = re.compile(
    r"####|\b(?:final\s+answer|(?:correct\s+|right\s+|best\s+)?(?:answer|option|choice|result|solution)|antwort|ergebnis)\b"
    r"(?:[^.:\n=]{0,60}?(?:\bis\b|\bare\b|\bwould\s+be\b|\bmust\s+be\b|\bshould\s+be\b|\bist\b|\blautet\b)\s*:?|\s*[:=])",
    re.IGNORECASE,
)
#: What opens a conclusion.
THEREFORE = re.compile(
    r"\b(?:therefore|thus|hence|so|in\s+conclusion|to\s+conclude|consequently|also|daher|folglich)\b,?", re.IGNORECASE
)
BOXED = re.compile(r"\\boxed\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
#: Letters after a mark in which its answer stands; what is further on is explanation.
NEAR = 200
#: Earlier marks than these last ones are not looked at; a reply has a handful.
MOST_MARKS = 50


def opened_by(text: str, mark: re.Pattern[str]) -> list[tuple[int, str]]:
    """Where the last marks stand, and what follows each."""
    found = list(mark.finditer(text))[-MOST_MARKS:]
    return [(one.start(), text[one.end() : one.end() + NEAR]) for one in found]
