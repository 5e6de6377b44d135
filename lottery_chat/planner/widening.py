"""The whole of what a model copied in part: the full date, the full name, the name behind an abbreviation.

A small model copies "1985" of "8 December 1985" and "Quinto" of "Zachary Quinto"; both are right and less than the
sentence gives. What this does not do: it never adds words that are not one date or one name with what was copied, all as the sentence
writes them.
"""

from __future__ import annotations

import re

from lottery_chat.planner.nesting import UPPER
from lottery_chat.planner.sortable import MONTH

_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?(?i:{MONTH})[a-z]*\.?,? \d{{3,4}}|(?i:{MONTH})[a-z]*\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{3,4}}"
    rf"|(?i:{MONTH})[a-z]*\.? \d{{3,4}})\b"
)
_PARTICLE = r"(?:de|del|della|di|da|du|des|von|van|der|den|bin|ibn|al|el|la|le|y|e)"
_NAME = re.compile(rf"[{UPPER}][\w'’.-]*(?: (?:{_PARTICLE} )*[{UPPER}][\w'’.-]*)+")
_YEAR_ASKED = re.compile(r"\b(?:(?:what|which) year|year)\b", re.IGNORECASE)
_SHORT_ASKED = re.compile(r"\b(?:abbreviat\w+|acronyms?|initials|short for|stands? for|symbol|code)\b", re.IGNORECASE)
_WHO = re.compile(r"\s*(?:who|whom|whose)\b", re.IGNORECASE)


def widened(answer: str, sentence: str, question: str) -> str:
    """Return the date or name in the sentence that the answer is a part of, or short for; the answer itself where it is none.

    Args:
        answer: a run of words of the sentence.
        question: a year is left a year where a year is asked for; names grow only where a person is asked for.
    """
    if re.fullmatch(r"[A-Z]{2,8}", answer) and not _SHORT_ASKED.search(question):
        return _spelled_out(answer, sentence)
    if re.fullmatch(r"\d{3,4}|[A-Za-z]+\.? \d{3,4}", answer) and not _YEAR_ASKED.search(question):
        return _around(answer, sentence, _DATE)
    if _WHO.match(question) and re.fullmatch(rf"[{UPPER}][\w'’.-]*", answer):
        return _around(answer, sentence, _NAME)
    return answer


def _spelled_out(short: str, sentence: str) -> str:
    """An abbreviation with the name before its brackets: "National Hockey League (NHL)" for "NHL"."""
    before, bracket, _ = sentence.partition(f"({short})")
    words = before.split() if bracket else []
    for count in range(len(short), min(len(words), len(short) + 3) + 1):
        name = words[-count:]
        initials = "".join(word[0] for word in name if word[0].isupper())
        if initials == short and name[0][0].isupper():
            return f"{' '.join(name)} ({short})"
    return short


def _around(answer: str, sentence: str, pattern: re.Pattern[str]) -> str:
    """The one match that holds the answer as whole words, when all matches that do are the same."""
    inside = re.compile(rf"(?<!\w){re.escape(answer)}(?!\w)")
    found = {one.group().strip() for one in pattern.finditer(sentence) if inside.search(one.group())}
    spoken = len(inside.findall(sentence))
    return found.pop().rstrip(".") if len(found) == 1 and spoken == 1 else answer
