"""The setting of a puzzle: its things, its slots, how they go together, and how numbers and times of slots are written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tools.logic import puzzle_words as p
from tools.logic.constraints import Frame

SPAN = re.compile(
    rf"\b({'|'.join(p.WEEKDAYS + p.MONTHS)}) (?:through|to|until) ({'|'.join(p.WEEKDAYS + p.MONTHS)})\b", re.I
)
NUMBERED = re.compile(
    r"(?:\bnumbered (?:consecutively )?(?:from )?|\b(?:positions|slots|floors|seats|places|lanes|rooms|shelves|boxes|houses) )(\d{1,2})(?: \(\w+\))? (?:through|to) (\d{1,2})\b(?: \(\w+\))?(?:,? (?:in order )?from (?:the )?(?:left|bottom|lowest|front|top)(?: \w+)? to (?:the )?(?:right|top|highest|back|bottom)(?: \w+)?)?"
)
TIME = r"\d{1,2}(?::\d\d)? ?[AaPp]M"
TIMES = re.compile(
    rf"—(?:in the morning )?(?:at )?({TIME}(?:(?:, or |, | or | and )(?:in the (?:morning|afternoon) )?(?:at )?{TIME})+)(?:—|$)"
)


@dataclass(slots=True)
class Setting:
    """The frame; what the sentences of the setting say, as (formula, sentence); their nouns; whether places rise."""

    frame: Frame
    lines: list[tuple[str, str]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    things: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    distinct: bool = False
