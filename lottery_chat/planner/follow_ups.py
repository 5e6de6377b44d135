"""Follow-ups by code: which message needs the turn before, and what it says when it is filled in."""

from __future__ import annotations

import re

from lottery_chat.planner.values import PastTurn

_POINTS_BACK = re.compile(
    r"\b(it|its|they|their|them|he|his|him|she|her|this|that|these|those|there|then|the (same|latter|former|other) (one)?)\b",
    re.I,
)
_ELLIPSIS = re.compile(
    r"^\s*(and|but|or|what about|how about|und|and what about|and for|and in|und was ist mit)\b\s*(?P<rest>.{1,80}?)\s*\?*\s*$",
    re.I,
)


def fill_in(text: str, history: tuple[PastTurn, ...]) -> str | None:
    """Resolve a short follow-up by code: "and the red one?" after "When does the blue depot open?".

    Returns the whole question, or None when the message stands alone or code cannot fill it in.
    """
    if not history:
        return None
    match = _ELLIPSIS.match(text)
    if match is None or re.search(
        r"\b(what|when|where|who|which|how|why|is|are|does|do|did|was|were)\b", match["rest"], re.I
    ):
        return None
    before, rest = history[-1].question.strip(), match["rest"].strip()
    one = re.match(r"^(?:the|a|an)\s+([\w'-]+)\s+one$", rest, re.IGNORECASE)
    if one:
        phrase = _DESCRIBED.search(before)
        return before[: phrase.start(1)] + one.group(1) + before[phrase.end(1) :] if phrase else None
    return _swap(before, rest)


#: "the blue depot": an article, a describing word, a noun.
_DESCRIBED = re.compile(
    r"\b(?:the|a|an|this|that|my|our)\s+([\w'-]+)\s+(?!of\b|in\b|on\b|at\b|is\b|was\b|open|close)[\w'-]+\b", re.I
)
_NAME = re.compile(r"\b(?:[A-ZÄÖÜ][\w'-]+(?:\s+(?:of|the|de|von|van)\s+(?=[A-ZÄÖÜ])|\s+(?=[A-ZÄÖÜ]))?)+")


def _swap(before: str, rest: str) -> str | None:
    """Put `rest` where the question before names a thing of the same kind (name for name, noun for noun)."""
    bare = re.sub(r"^(for|in|of|with|at|on|from|to|by)\s+", "", rest, flags=re.IGNORECASE)
    preposition = rest[: len(rest) - len(bare)].strip()
    if preposition:
        place = re.search(rf"\b{preposition}\s+((?:the\s+)?[\w' -]+?)(?=[?.!,]|$)", before, re.IGNORECASE)
        if place:
            return before[: place.start(1)] + bare + before[place.end(1) :]
        return before.rstrip(" ?") + " " + rest + "?"
    first_word = re.match(r"\s*\w+", before)
    offset = first_word.end() if first_word else 0
    if bare[:1].isupper():
        names = list(_NAME.finditer(before, offset))
        if names:
            return before[: names[-1].start()] + bare + before[names[-1].end() :]
    tail = re.match(r"^(?:the|a|an|my|our|this|that)\s+(?:.*\s)?([\w'-]+)$", bare, re.IGNORECASE)
    if tail:
        noun = re.escape(tail.group(1))
        same = re.search(rf"\b(?:the|a|an|my|our|this|that)\s+(?:[\w'-]+\s+){{0,2}}?{noun}\b", before, re.IGNORECASE)
        if same:
            return before[: same.start()] + bare + before[same.end() :]
    return None


def points_back(text: str) -> bool:
    """Whether a message cannot be understood without the turn before (a pronoun, an ellipsis)."""
    return len(text.split()) <= 16 and bool(_POINTS_BACK.search(text) or _ELLIPSIS.match(text))
