"""Descriptions by a clause ("the town where the firm was founded"): where they begin and end in a question.

The last one of a question is found, with a name in it that can be looked up. What this does not do: it knows no verbs
but a few base forms, so a clause in the middle of a question ends only where one of these, a participle or a comma does.
"""

from __future__ import annotations

import re

#: Letters of a question; what is longer tells a story.
_LONGEST = 300
PEOPLE = (
    r"(?:person|man|woman|boy|girl|actor|actress|author|writer|director|singer|player|president|king|queen|politician|scientist|artist"
    r"|composer|character|leader|founder|poet|musician|painter|footballer|guitarist|drummer|producer|coach|captain|doctor|teacher|neighbour"
    r"|neighbor|colleague|tenant|landlord|customer|patient|candidate|member|brother|sister|father|mother|son|daughter|husband|wife|fighter)"
)
_NOUN = r"(?P<noun>(?:[a-z][a-z-]* ){0,2}?[a-z][a-z-]*)"
_RELATIVE = r"(?P<relative>that|who|whom|whose|where|which|(?:in|from|at|on|for|to|by|with|after) (?:which|whom))"
_FULL = re.compile(rf"\bthe {_NOUN}(?P<comma>,)? {_RELATIVE} (?P<clause>.+)$")
#: "the doctor Ida was sent to": no relative word, so the clause must show its own verb.
_REDUCED = re.compile(
    rf"\bthe (?P<noun>{PEOPLE}|river|city|town|country|state|company|school|university|team|band|place|station|event|war|firm|bank|office)"
    r"(?P<comma>) (?P<relative>)(?P<clause>(?=[\"“A-ZÀ-Þ0-9#]).+)$"
)
_OWN_VERB = re.compile(r"\b(?:is|was|are|were|has|had|[a-z]{3,}ed)\b(?: [a-z]+){0,3}$")
_NAMED = re.compile(r"[\"“A-ZÀ-Þ]|#\d")
#: One question that asks for something; a text with several sentences is told, not asked.
_ASKED = re.compile(
    r"^(?:[A-Z][^,.]{2,40}, )?(?:who|what|where|when|why|which|how|(?:in|at|on|from|to|by|for|of|with|under) (?:which|what|whose))\b"
    r"(?!.*[.!?;:](?: [A-Z]|$))",
    re.IGNORECASE,
)
_AUX = r"(?:is|was|were|are|did|does|do|has|had|have|will|would|can|could)"
_BASE = re.compile(
    r"(?<!\bto) (?P<tail>(?:become|rank|end|begin|start|open|close|take place|occur|happen|win|leave|die|live|work|play|join|move|merge|have|hold"
    r"|come from|go to|study|marry|belong|sell|cost|weigh|need|want|publish|release|sign|reinstate|abolish|build|found|attend|graduate|retire"
    r"|arrive|depart|return|reach|finish|pay|owe|earn|receive|get|use|make|produce|contain|include|measure|stand|lie)\b.*)$"
)
_PARTICIPLE = re.compile(
    r" (?P<tail>(?:[a-z]{2,}ed|born|built|held|made|won|written|sung|spoken|drawn|sold|bought|paid|sent|found|shown|taken|given|kept|worn)"
    r"(?: (?:in|on|at|by|to|from|for|as))?)$"
)
_WAITS = re.compile(rf"\b{_AUX}$", re.IGNORECASE)
#: A question word and the verb "to be": what follows is asked for itself, and nothing is left to ask of it.
_ITSELF = re.compile(
    r"^(?:who|what|which)(?: [a-z]+){0,2} (?:is|was|were|are)$|\b(?:which|one|many|some|any|all|each|both|most|name|title|names) of$",
    re.IGNORECASE,
)
_WHERE = re.compile(r"^(?:where|(?:in|on|at|from|to) (?:which|what) [a-z ]*?) ?(?:is|was|were|are)$", re.IGNORECASE)
#: "When did the war with", "When was the sibling of": the question's own verb is still to come.
_SUBJECT_OPEN = re.compile(
    r"\b(?:did|does|do) (?:the|an?) [a-z ]+$|^(?:when|how|why|(?:in )?(?:what|which) years?)\b.* (?:is|was|were|are) (?:the|an?) [a-z ]+$",
    re.IGNORECASE,
)
#: A description around this one that waits for its verb: "the county where the largest city in".
_OPEN = re.compile(r"\b(?:where|that|which|who|whose) [^,]*\b(?:of|at|in|on|to|with|by|from|for)$", re.IGNORECASE)
_TWO_ENDS = re.compile(
    r"^(?P<clause>.+\b(?:[a-z]{2,}ed|found|born|held|built|made|won|of|to|by|in)) (?:is|was|are|were) (?:[a-z]{2,}ed|found|born|held|built|based)(?: [a-z]+)?$"
)
#: Before a description that runs to the end of the question: a preposition, or a verb that takes it as its object.
_TAKES = re.compile(
    r"\b(?:of|at|in|on|to|with|by|from|for|against|than|after|before|between|about|behind|near|under|into)$"
    r"|\b(?!(?:this|is|was|does|has|his|its)\b)[a-z]{3,}(?:s|ed|ing)$|\b(?:wrote|made|built|won|sang|held|led|ran|met|sold|bought|owns?|plays?)$",
    re.IGNORECASE,
)


def described_by_clause(question: str) -> tuple[str, str] | None:
    """Return (the question for the description, the description as it stands), or None when its end is not sure.

    `question` has no question mark at its end.
    """
    match = _last(question) if len(question) <= _LONGEST and _ASKED.match(question) else None
    if match is None:
        return None
    before = question[: match.start()].strip()
    clause = _clause(before, match)
    if clause is None or not _looks_up(match["noun"], clause):
        return None
    described = question[match.start() : match.start("clause") + len(clause)]
    asks = "Who" if match["relative"] in ("who", "whom") or re.search(rf"\b{PEOPLE}$", match["noun"]) else "What"
    return f"{asks} is {described.rstrip(', ')}?", described


def _last(question: str) -> re.Match[str] | None:
    """The description that begins last: others may lie around it."""
    starts = [one.start() for one in re.finditer(r"\bthe (?=[a-z])", question)]
    for at in reversed(starts):
        for form in (_FULL, _REDUCED):
            if (match := form.match(question, at)) and (match["relative"] or _OWN_VERB.search(match["clause"])):
                return match
    return None


def _clause(before: str, match: re.Match[str]) -> str | None:
    """The words of the clause, without what the question goes on with; None where it cannot be told."""
    clause = match["clause"]
    if match["comma"]:
        inside, comma, rest = clause.partition(",")
        return inside + "," if comma and rest.strip() and _WAITS.search(before) else None
    if _ITSELF.search(before):
        return None
    if _WHERE.match(before) and _PARTICIPLE.search(clause) is None:
        return clause
    inner = _TWO_ENDS.match(clause)
    if inner and _OPEN.search(before):
        return inner["clause"]  # the second verb ends the description around this one
    if _WAITS.search(before) or _SUBJECT_OPEN.search(before):
        base = re.search(r"\b(?:did|does|do|will|would|can|could)(?: (?:the|an?) [a-z ]+)?$", before, re.IGNORECASE)
        tail = (_BASE if base else _PARTICIPLE).search(clause)
        kept = clause[: tail.start()] if tail else ""
        return kept if kept and not _WAITS.search(kept) else None
    return clause if _TAKES.search(before) else None


def _looks_up(noun: str, clause: str) -> bool:
    """Whether one thing is described, by something with a name, without a further description inside."""
    several = re.search(r"(?<![su])s$", noun) and not noun.endswith(("series", "species"))
    further = re.search(r"\bthe [a-z-]+(?: [a-z-]+)? (?:that|who|whom|whose|where|which)\b|\b(?:which|what)\b", clause)
    return bool(_NAMED.search(clause)) and not several and not further and len(clause.split()) <= 20
