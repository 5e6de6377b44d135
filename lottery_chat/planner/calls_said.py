"""What stands in a question: whether a value was said, in whatever writing, and what a number there means.

Pure code. A number stands there as digits, as a word, as a percentage or with its scale ("2.5 million"); a text when
most of its words do.
"""

from __future__ import annotations

import os.path
import re
from typing import Any

COUNTS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
    "thousand": 1000, "dozen": 12, "half": 0.5, "quarter": 0.25, "once": 1, "twice": 2, "double": 2, "first": 1,
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
#: Numbers that other words stand for: how often in a year, how many days, a body that does not move.
_TIMES = {
    "daily": 365, "weekly": 52, "monthly": 12, "quarterly": 4, "annually": 1, "annual": 1, "yearly": 1, "week": 7,
    "month": 30, "year": 365, "fortnight": 14, "tomorrow": 1, "today": 0,
    "rest": 0, "stationary": 0,
}  # fmt: skip
SCALES = {"hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "trillion": 1e12}
_MONTHS = "january february march april may june july august september october november december".split()
_NUMBER = re.compile(
    r"(?<![\w.])-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e-?\d+)?(?=(?:\s?(%|percent\b|[A-Za-z]+))?)", re.I
)
#: A day, a month or a time: its parts are said in other ways ("next Friday", "8 pm").
_DATE = re.compile(r"\d+[-/:.]\d+|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|am|pm)", re.I)
_LITTLE = frozenset(
    "a an the of in on at to for from by with and or is are be do does i me my you your it its this that as per "
    "please can could would what which how much many get find show give tell want need".split()
)


class Said:
    """What stands in a question: its words, and its numbers with what they may mean."""

    def __init__(self, question: str) -> None:
        self.text = " ".join(question.split())
        self._folded = self.text.lower()
        self._squeezed = re.sub(r"[^a-z0-9]", "", self._folded)
        self._words = frozenset(_stem(word) for word in re.findall(r"[^\W\d_]+|\d+|[^\W_]+", self._folded))
        self.numbers: dict[float, float] = {}  # as written: as meant
        self.percents: set[float] = set()
        for match in _NUMBER.finditer(self.text):
            number, unit = float(match.group().replace(",", "")), match.group(1) or ""
            # A single letter is a scale only beside money: 298K and 5 m are measures.
            bare = len(unit) > 1 or self.text[: match.start()].rstrip()[-1:] in ("$", "€", "£")
            unit = unit.lower()
            self.numbers[number] = number * (SCALES.get(unit, 1.0) if bare else 1.0)
            if unit in ("%", "percent"):
                self.percents.add(number)
        words = re.findall(r"[a-z]+", self._folded)
        for word in words:
            if word in COUNTS:
                self.numbers.setdefault(float(COUNTS[word]), float(COUNTS[word]))
        self._times = {float(_TIMES[word]) for word in words if word in _TIMES}

    def has_number(self, value: float) -> bool:
        """Whether the number stands there, also as a percentage or with its scale in words."""
        known = {*self.numbers, *self.numbers.values(), *self._times, *(one / 100 for one in self.percents)}
        return any(abs(value - one) <= 1e-9 * max(1.0, abs(one)) or abs(value + one) <= 1e-9 for one in known)

    def meant(self, value: float, about: str) -> float:
        """The number that is meant by one as written: with its scale, as a fraction where that is asked for."""
        if value in self.percents and re.search(r"\bdecimal|\bfraction|\b0?\.\d", about, re.I):
            return round(value / 100, 12)
        if value in self.numbers and self.numbers[value] != value:
            return self.numbers[value]
        return value

    def has(self, value: Any) -> bool:
        """Whether a value stands in the question; a list or an object when something of it does."""
        if isinstance(value, bool) or value is None:
            return True
        if isinstance(value, int | float):
            return self.has_number(float(value))
        if isinstance(value, list):
            return not value or sum(self.has(one) for one in value) * 2 >= len(value)
        if isinstance(value, dict):
            return not value or any(self.has(one) for one in value.values())
        return self._has_text(str(value))

    def _has_text(self, text: str) -> bool:
        squeezed = re.sub(r"[^a-z0-9]", "", text.lower())
        if len(squeezed) > 5 and squeezed in self._squeezed:
            return True
        # A short one stands there whole, "USA" also as "U.S.A.", but "car" not in "carrying".
        spaced = "[^a-z0-9]{0,2}".join(squeezed)
        if 2 < len(squeezed) <= 5 and re.search(rf"(?<![a-z0-9]){spaced}(?![a-z0-9])", self._folded):
            return True
        words = [word for word in re.findall(r"[^\W_]+", text.lower()) if word not in _LITTLE]
        if not words:
            return text.strip().lower() in self._folded
        numbers = [word for word in words if word.isdigit() and not word.startswith("0")]
        if len(numbers) < len(words) and not all(map(self._has_word, numbers)) and not _DATE.search(text):
            return False  # "Mission 1" where only a mission was said
        return sum(self._has_word(word) for word in words) * 2 >= len(words)

    def _has_word(self, word: str) -> bool:
        if word.isdigit():
            month = _MONTHS[int(word) - 1] if len(word) == 2 and 0 < int(word) <= 12 else None
            return self.has_number(float(word)) or bool(month and month[:3] in self._folded)
        return _stem(word) in self._words or any(
            (len(word) >= 4 and one.startswith(word)) or (len(one) >= 4 and word.startswith(one)) or _akin(word, one)
            for one in self._words
        )

    def speaks_of(self, words: str) -> bool:
        """Whether a content word of a name or a description stands in the question."""
        return any(
            self._has_word(word) for word in re.findall(r"[a-z]+", words.lower().replace("_", " "))
            if len(word) > 2 and word not in _LITTLE
        )  # fmt: skip


def _akin(one: str, other: str) -> bool:
    """Whether two words begin alike: cardiology, cardiologist."""
    return len(os.path.commonprefix([one, other])) >= max(6, 0.7 * len(one))


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
