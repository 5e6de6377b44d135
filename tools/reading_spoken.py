"""Numbers as they are spoken or written in a kitchen, made plain: "1 1/2", "three point five", "two thirds", "a dozen".

Comes before the frames are tried; says None where what is written reads two ways.
"""

from __future__ import annotations

import re

_DIGITS = dict(zip("zero one two three four five six seven eight nine".split(), "0123456789")) | {"oh": "0"}
_SMALL = _DIGITS | {"ten": "10", "eleven": "11", "twelve": "12", "twenty": "20", "thirty": "30", "a": "1"}
_PARTS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
}
_PARTS |= {"ninth": 9, "tenth": 10, "hundredth": 100}
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_POINT = re.compile(rf"\b({'|'.join(_SMALL)}|\d+) point ((?:{'|'.join(_DIGITS)})(?: (?:{'|'.join(_DIGITS)}))*)\b")
_MIXED_WORDS = re.compile(rf"\b({'|'.join(_SMALL)}|\d{{1,4}}) and (a|one|two|three) ({_PART})s?\b")
_FRACTION_WORDS = re.compile(rf"\b(a|one|two|three|four|five|six|seven|eight|nine)[ -]({_PART})s?\b(?! of\b)")
_MIXED = re.compile(r"(?<![\d.,/] )(?<![\d.,/])(\d{1,4}) (\d{1,3})/(\d{1,3})(?![\d/.,])")
_FRACTION = re.compile(r"(?<![\w./,(+])(\d{1,5})/(\d{1,5})(?![\d/.,)!])")
#: Where a fraction binds closer than the sign or word beside it.
_RISKY = re.compile(
    r"divid|geteilt| durch | / |\^|power|squared|cubed|root|hoch|factorial|!|%"
    r"|\d/\d+ ?(?!of\b|as\b|in\b|to\b|and\b|or\b|plus\b|minus\b|times\b|mal\b|und\b|is\b|equal|than\b|x\b|rounded\b)[a-zµ°$€£]"
)
_DOZEN = re.compile(r"\b(?:(half a)|(a|one)|(\d{1,6}|two|three|four|five|six|ten)) dozen\b")
_HALVES = re.compile(r"\bhalf an? (?!dozen)")
_UNIT_AND_PART = re.compile(rf"\b(?:an?|one) (hour|minute|day|week|mile|kilo|pound|cup) and a ({_PART})\b")
_BARE_FRACTION = re.compile(r"\^ ?\d+/\d|(?<![\d(])\d+/\d+ ?\^| / \d+/\d|\d/\d+ / ")
_NEGATIVE_POWER = re.compile(r"(?:-|minus |negative )(?:\d[\d.]*|[a-z]+) (?:squared|cubed|to the|hoch)")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])\d+,\d{1,2}(?![\d,])|(?<![\d.,])\d{1,3}(?:\.\d{3})+,\d+")


def spoken(text: str) -> str | None:
    """Return the (lower case) text with such numbers made plain, or None where it reads two ways."""
    if _NEGATIVE_POWER.match(text) or _BARE_FRACTION.search(text):
        return None  # "minus 8 squared": 64 or -64; "2^1/2": 1 or 1.41
    text = _HALVES.sub("(1/2) ", text)
    text = _UNIT_AND_PART.sub(lambda found: f"(1+{_share('a', found[2])}) {found[1]}", text)
    text = _POINT.sub(_pointed, text)
    text = _DOZEN.sub(
        lambda found: "6" if found[1] else "12" if found[2] else f"({_SMALL.get(found[3], found[3])}*12)", text
    )
    text = _MIXED_WORDS.sub(lambda found: f"({_SMALL.get(found[1], found[1])}+{_share(found[2], found[3])})", text)
    text = _FRACTION_WORDS.sub(lambda found: f"({_share(found[1], found[2])})", text)
    text = _MIXED.sub(_mixed, text)
    if not re.match(r"(?:simplify|reduce|\d+/\d+$)", text) and _RISKY.search(text):
        text = _FRACTION.sub(r"(\1/\2)", text)
    return re.sub(r"(?<=\d) over (?=\d)", " / ", text)


def decimal_comma(text: str) -> bool | None:
    """Say whether an arithmetic without words is written with decimal commas; None where marks are mixed.

    "1,5 + 2,5" can hold no list; "1,250 + 2,5" and "1,5 + 2.5" read two ways.
    """
    if re.search(r"[a-z]", text) or not re.search(r"[-+*/^]", text) or not _DECIMAL_COMMA.search(text):
        return False
    doubtful = re.search(r"(?<![\d.])\d{1,3},\d{3}(?!\d)|\.\d{1,2}(?!\d)|, | ,", text)
    return None if doubtful else True


def _pointed(found: re.Match[str]) -> str:
    return f"{_SMALL.get(found[1], found[1])}." + "".join(_DIGITS[word] for word in found[2].split())


def _share(count: str, part: str) -> str:
    return f"{_SMALL[count]}/{_PARTS[part]}"


def _mixed(found: re.Match[str]) -> str:
    whole, top, bottom = found.groups()
    return f"({whole}+{top}/{bottom})" if 0 < int(top) < int(bottom) else found.group()
