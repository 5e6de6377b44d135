"""Whether something holds for both of two named things: the same is asked of each, and code puts yes and no together.

A small model says "yes" to "Are A and B both …?" because it is true of one of them. A nationality is asked for as such
and compared by code.
"""

from __future__ import annotations

import re

from lottery_chat.planner.countries import countries
from lottery_chat.planner.values import Comparison, Part, Schedule

#: How one is asked: "Are A and B both …" is "Is A …".
_OF_ONE = {"are": "Is", "were": "Was", "do": "Does", "have": "Has", "did": "Did", "can": "Can", "is": "Is", "was": "Was", "does": "Does", "has": "Has"}  # fmt: skip
_BE = rf"(?P<verb>{'|'.join(_OF_ONE)})"
_FORM = re.compile(rf"^{_BE} (?P<first>[^,]+?) and (?P<second>[^,]+?) both (?P<pred>[^,]+)$", re.IGNORECASE)
_PLURAL = re.compile(r"(?<=[a-z]{2})(?<![sui])s$")


def both_are(question: str) -> Schedule | None:
    """Return the schedule of a question whether something holds for two named things, None where it is not surely one.

    `question` has no question mark at its end.
    """
    match = _FORM.match(question)
    if match is None:
        return None
    names = tuple(_the_name(match[side].strip()) for side in ("first", "second"))
    if not all(_named(name) for name in names) or re.search(r"\b(?:and|or|who|which|that)\b", " ".join(names)):
        return None
    pred = match["pred"].strip()
    if countries(pred) and len(pred.split()) <= 2:
        parts = tuple(Part(f"What is the nationality of {name}?") for name in names)
        return Schedule(parts, "compare", Comparison(names, "both", pred))
    of_one = _singular(pred) if match["verb"].lower() in ("are", "were") else pred
    parts = tuple(Part(f"{_OF_ONE[match['verb'].lower()]} {name} {of_one}?") for name in names)
    return Schedule(parts, "compare", Comparison(names, "both", pred))


def _the_name(words: str) -> str:
    """Without what the two are called before the first one's name ("the depots Norby and Tarn")."""
    return re.sub(r"^(?:the )?(?:two )?[a-z]+s (?=[\"“A-ZÀ-Þ])", "", words)


def _named(name: str) -> bool:
    return bool(name) and len(name.split()) <= 8 and (not name[0].islower() or name.startswith("the "))


def _singular(pred: str) -> str:
    """ "American films" as said of one: "an American film"; what is no plural stays ("open on Sundays")."""
    words = pred.split()
    last = next((at for at, word in enumerate(words) if word in ("in", "of", "from", "at", "on", "by", "for", "with", "to", "that", "who")), len(words))  # fmt: skip
    if last == 0 or not _PLURAL.search(words[last - 1]):
        return pred
    noun = re.sub(r"(?<=[^aeiou])ies$", "y", words[last - 1])
    noun = noun if noun != words[last - 1] else _PLURAL.sub("", noun)
    one = [*words[: last - 1], noun]
    article = "an" if one[0][0].lower() in "aeiou" else "a"
    return " ".join([article, *one, *words[last:]])
