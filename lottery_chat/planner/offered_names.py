"""The answers that a question itself offers: "Which is the drier soil, A or B?", "Is A or B a town?".

The model then chooses between them by log-probability instead of copying a phrase: whatever it copies that is neither
cannot be right. Lists with letters are read elsewhere (by_choosing.py), comparisons that code can make in comparing.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

#: Words of one offered name at most; what is longer is a clause.
_LONGEST = 9
_ASKS = re.compile(r"(?:who|whom|which|what|where|when|whose|in which|at which|to which|of which)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"(?:and|but|if|when|who|whose|which|that|what|where|why|how|is|are|was|were|do|does|did|can|has|have|not|more|less|in|on|at|by)\b",
    re.IGNORECASE,
)
_TURNED = re.compile(
    r"^(?:is|are|was|were|does|do|did|has|have|can|could|will|would)\s+(?P<first>[^,;:?]+?) or (?P<second>[^;:?]+)$",
    re.IGNORECASE,
)
#: After the second name of "Is A or B a town": where a name in capitals ends.
_NAME = re.compile(
    r"^(?:the )?[\"“]?(?:[A-ZÀ-Þ0-9][\w'’.&-]*[\"”]?(?:,? (?:of|the|and|de|von|van|&)(?= [A-ZÀ-Þ0-9]))?(?:,? |$))+"
)


def offered_names(question: str) -> tuple[str, ...]:
    """Return the names among which a question lets one choose; empty where it is not surely of this form."""
    text = " ".join(question.split()).rstrip("?").strip()
    if _ASKS.match(text):
        return _listed(text)
    match = _TURNED.match(text)
    if match is None:
        return ()
    first, second = match["first"].strip(), _NAME.match(match["second"])
    if not first[0].isupper() or second is None or second.group(0).strip() == match["second"].strip():
        return ()
    return _apart((first, second.group(0)))


def _listed(text: str) -> tuple[str, ...]:
    """The names after the question itself, which ends with a comma, a colon or a dash: "…, A or B", "…: A, B or C"."""
    before, _, last = text.rpartition(" or ")
    pieces = [one.strip() for one in re.split(r",\s+|:\s+|\s+[-–]\s+", before.rstrip(", "))]
    if len(pieces) < 2:
        return ()
    names = [re.sub(r"^(?:either|between|the two:)\s+", "", pieces.pop()), last]
    # More than two: short ones, written like the others ("red, blue or green").
    while len(pieces) > 1 and len(pieces[-1].split()) <= 3 and pieces[-1][:1].isupper() == names[0][:1].isupper():
        names.insert(0, pieces.pop())
    return _apart(names)


def _apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names without marks; none where one of them is a clause, or two are the same."""
    plain = tuple(name.strip(" ,.\"“”'") for name in names)
    fit = all(name and len(name.split()) <= _LONGEST and not _CLAUSE.match(name) for name in plain)
    return plain if fit and len({name.lower() for name in plain}) == len(plain) else ()
