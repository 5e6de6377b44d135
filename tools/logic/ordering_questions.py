"""Questions about an ordering (who, what order, which place, how many, yes or no) as goals for the solver."""

from __future__ import annotations

import re
from typing import Literal

from tools.logic.language import Compare, Formula
from tools.logic.ordering_clauses import Clauses, Unclear
from tools.logic.ordering_words import comparative

Asking = Literal["statement", "who", "order", "place", "count"]
_MENTION = re.compile(r"@\d+")


def read_question(text: str, clauses: Clauses) -> tuple[Asking, list[tuple[str, Formula]]]:
    """A yes-no, who, order or place question over marked text. Raises Unclear."""
    text = re.sub(r"^(?:so|then|and|now),? ", "", text.strip())
    match = re.match(r"^(?:is|are|was|were|did|does|do|must|can) (@\d+) (.+)$", text)
    if match:
        return "statement", [("", clauses.clause(f"{match[1]} {re.sub(r'^(?:be|have) ', '', match[2])}"))]
    if re.match(r"^(?:what|which) (?:is|was) the (?:\w+ )?(?:order|ranking|sequence)\b", text) or re.match(
        r"^in (?:what|which) order\b", text
    ):
        return "order", []
    match = re.match(r"^(?:in )?(?:what|which) (?:place|position)(?: is| did| was| does)? @(\d+)(?: \w+){0,2}$", text)
    if match:
        key = clauses.keys[int(match[1])]
        clauses.note(clauses.default, True)
        return "place", [(str(k), Compare(clauses.default, key, "=", None, k)) for k in range(1, len(clauses.keys) + 1)]
    match = re.match(
        r"^how many (?:of (?:them|the \w+) |of the others |others |people |\w+ )?((?:are|is|were|stand|sit|finished|came|arrived)\b.+)$",
        text,
    )
    if match:
        others = [key for i, key in enumerate(clauses.keys) if f"@{i}" not in _MENTION.findall(match[1])]
        return "count", [(key, clauses.about(key, match[1])) for key in others]
    choice = re.match(r"^(?:who|which(?: one)?|what) (is|was) (?:the )?([a-z ]+), @(\d+) or @(\d+)$", text)
    if choice and comparative(f"{choice[2]} than"):
        one, two = int(choice[3]), int(choice[4])
        pairs = [(one, two), (two, one)]
        return "who", [(clauses.keys[a], clauses.about(clauses.keys[a], f"is {choice[2]} than @{b}")) for a, b in pairs]
    text = re.sub(r", (?:@\d+(?:, | or |, or )?)+$", "", text)
    text = re.sub(
        r",? (?:of|among|out of|between) (?:the |these |them )?(?:\w+|@\d+(?:(?:, | and |, and )@\d+)+)$", "", text
    )
    match = re.match(
        r"^(?:who|what|which(?: one)?(?: of (?:the \w+|them|these))?|which [a-z]+(?: [a-z]+)?|what [a-z]+)(?: person| one)? ((?:is|are|was|were|finished|came|arrived|stands|sits|ranked|placed|ran|comes|got|won|lives|stood|sat)\b.*)$",
        text,
    )
    if not match:
        raise Unclear
    rest = re.sub(r"^won(?: the race)?$", "finished first", match[1])
    return "who", [(key, clauses.about(key, rest)) for key in clauses.keys]
