"""What somebody does, read by code from how a text introduces them.

"Anna Berg (…) was a Swiss painter and teacher who …": the list of trades, without the country in front and what
comes after. What this does not do: it knows no trades, so "is a former champion" is taken for one.
"""

from __future__ import annotations

import re

#: Words with which the list of what somebody is has ended.
_END = r"(?:who|whose|which|that|from|for|in|at|with|as|best|known|born|and|or|during|until|by|to|on|is|was|has|had|he|she|where|when|\w+(?:ing|ained|ated|ased) (?!artist|director|engineer)|active|late|early|currently|now)"
_PART = rf"(?:(?!{_END}\b)(?!of\b)[\w'’-]+)(?: (?!{_END}\b)[\w'’-]+){{0,4}}"
#: What somebody is, as an introduction lists it: "a Swiss painter", "an actress, singer and teacher".
_TRADES = re.compile(rf"(?P<v>{_PART}(?:(?:, (?:and )?(?!an? )| and (?!an? )|/){_PART})*)")
_NOT_TRADES = re.compile(
    r"\b(?:former|retired|senior|leading|famous|well-known|prominent|noted|professional|prolific|celebrated)\b ?"
)


def occupation(head: str) -> tuple[int, int] | None:
    """Return where an introduction says what somebody does: "painter and teacher" of "A. B. was a Swiss painter and teacher".

    Args:
        head: the first sentences of a passage about a person, brackets blanked out.
    """
    if re.match(r"\s*an?\s", head, re.IGNORECASE):
        return None  # "A justice of the peace is a judicial officer": a calling that is explained, nobody who has it
    verb = re.search(r"^[^.!?\n]{2,160}?\b(?:is|was|are|were)\b(?: (?!one)\w+)?? (?:an?|the)\b ", head)
    found = _TRADES.match(head, verb.end()) if verb else None
    if found is None:
        return None
    start, end = found.span("v")
    # "Swiss-born American painter": the words of countries in front are not what somebody does.
    while (first := re.match(r"[\w'’-]+(?: and [\w'’-]+(?= [a-z]))? ", head[start:end])) and (
        first[0][0].isupper() or _NOT_TRADES.match(first[0])
    ):
        start += first.end()
    end = start + len(re.sub(r" of(?: the)?$", "", head[start:end]))
    said = head[start:end].split()
    fits = said and len(said) <= 14 and said[-1][0].islower() and not re.search(r"[-](?:\w+ing|born)$", said[-1])
    return (start, end) if fits else None
