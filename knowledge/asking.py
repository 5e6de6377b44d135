"""What kind of answer a question asks for, and where a text has something of that kind: dates, numbers, names.

By rules of English, loosely: a kind raises a sentence's score or orders candidate answers, it refuses nothing. What
this does not do: it knows no list of names; "Amazon" is a name, whether a place or a firm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

Kind = Literal["date", "number", "person", "place", "name", "phrase"]


class Span(NamedTuple):
    """Something of a kind at text[start:end]."""

    kind: Kind
    start: int
    end: int


_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĪİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽΑ-ΩА-Я"
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DATE = re.compile(
    rf"\b(?:between|from) \d{{4}} (?:and|to|until) \d{{4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?{_MONTH}(?:,? \d{{3,4}}\b)?|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{3,4}}\b)?"
    rf"|\b{_MONTH},? \d{{4}}\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}:\d{{2}}(?: ?[ap]\.?m\b\.?)?|\b\d{{1,2}} ?[ap]\.?m\b\.?"
    r"|\b(?:1[0-9]|20)\d\d(?:s|[–-]\d{2,4})?\b(?![,.]\d)|\b\d{1,4} (?:BCE?|AD|CE)\b"
    r"|\b(?:\d{1,2}(?:st|nd|rd|th)|nineteenth|twentieth|eighteenth|seventeenth|sixteenth)[ -]century\b"
    rf"|\b(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)s?\b|\b(?:January|February|March|April|June|July|August|September|October|November|December)\b"
)
_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen|half)"
)
_NUMBER = re.compile(
    rf"(?:[$€£]\s?)?(?<![\w.,])\d[\d,]*(?:\.\d+)?(?: ?(?:%|percent|per cent|thousand|million|billion|trillion))?(?!\w)|\b{_NUMBER_WORD}(?:[ -]{_NUMBER_WORD})*\b",
    re.IGNORECASE,
)
_JOIN = r"(?:of|the|de|del|della|des|di|da|du|von|van|der|den|bin|ibn|al|la|le|el|y|e|&|upon)"
_WORD = rf"(?:[{_UPPER}][\w'’.&-]*|[{_UPPER}]\.)"
_NAME = re.compile(rf"{_WORD}(?: (?:{_JOIN} ){{0,2}}{_WORD}| \d{{1,4}}\b){{0,8}}")
_QUOTED = re.compile(r"[\"“]([^\"“”]{2,80})[\"”]")
_NO_NAME = frozenset(
    "the a an he she it they we i you his her its their this that these those in on at by from for after before as when while "
    "and but also although however during since there here today now currently later then meanwhile according because so first finally both many most some all if with of to one two three its' "
    "what who whom whose where which how why is are was were do does did can could will would has have had not no yes "
    "january february march april may june july august september october november december".split()
)

#: A time told from another: "no later than six months after the flat is handed back", to the end of its clause.
_SPAN_OF_TIME = re.compile(
    rf"\b(?:(?:no|not) later than |within |at least |at most |up to |about |some )?(?:\d+|{_NUMBER_WORD}) (?:working |business |calendar )?"
    r"(?:minutes?|hours?|days?|weeks?|months?|years?) (?:after|before|from|of|following|prior to) [^.,;:()\n]{3,70}",
    re.IGNORECASE,
)

_WH = r"(?:what|which|who|whom|whose|when|where|how|why)"
#: A question word that asks: at the beginning, after a preposition, or one that is never a relative pronoun.
_ASKS = re.compile(
    rf"^\W*(?:(?:and|so|but|in|on|at|by|to|from|for|of|with|under|during|until|since)\s+)*(?P<first>{_WH})\b"
    rf"|\b(?:in|on|at|by|to|from|for|of|with|under|during)\s+(?P<after>what|which|whom|whose)\b|\b(?P<any>what|how|when|who|where|which)\b",
    re.IGNORECASE,
)
_TIMES = r"(?:year|years|date|day|month|century|decade|time|season|era|period|birthday)"
_COUNTS = (
    r"(?:number|percentage|percent|proportion|share|population|amount|price|cost|age|size|length|height|width|depth|weight|mass"
    r"|distance|temperature|rate|score|total|value|speed|area|capacity|salary|budget|fee|rank)"
)
_PLACES = (
    r"(?:city|country|town|state|place|village|county|province|region|continent|island|river|mountain|location|district|capital"
    r"|street|address|nation|territory|municipality|borough|building|room|airport|station|area)"
)
_PEOPLE = (
    r"(?:person|man|woman|actor|actress|author|writer|director|singer|player|president|king|queen|politician|scientist|artist"
    r"|composer|character|leader|founder|poet|musician|painter|footballer|mathematician|philosopher|general|architect)"
)
_MEASURED = r"(?:many|much|long|far|old|tall|big|large|high|deep|wide|heavy|fast|often|hot|cold|close|near|expensive)"


def asked_for(question: str) -> Kind:
    """Return the kind of answer a question asks for; "phrase" where it does not say."""
    text = " ".join(question.split())
    asking = sorted(_ASKS.finditer(text), key=lambda one: (not one["first"], not one["after"], one.start()))
    if not asking:
        return "phrase"
    match = asking[0]
    word = (match["first"] or match["after"] or match["any"]).lower()
    after = text[match.end() : match.end() + 60].lower()
    if word == "when":
        return "date"
    if word == "where":
        return "place"
    if word in ("who", "whom", "whose"):
        return "person"
    if word == "how":
        return "number" if re.match(rf"\s+{_MEASURED}\b", after) else "phrase"
    if word == "why":
        return "phrase"
    return _kind_of_thing(after)


def _kind_of_thing(after: str) -> Kind:
    """What "what …" or "which …" asks for, by the noun that follows before or after the verb."""
    head = re.match(r"(?:\s+(?:is|was|are|were)(?:\s+the)?)?((?:\s+[\w'’-]+){1,4})", after)
    nouns = head.group(1).split() if head else []
    for noun in nouns:
        if noun in ("is", "was", "are", "were", "did", "does", "do", "of", "in", "that", "which", "for", "to", "with"):
            break
        for kind, listed in _NOUNS:
            if re.fullmatch(rf"{listed}s?", noun):
                return kind
    return "phrase"


_NOUNS: Sequence[tuple[Kind, str]] = (
    ("date", _TIMES), ("number", _COUNTS), ("place", _PLACES), ("person", _PEOPLE), ("name", r"(?:name|title)"),
)  # fmt: skip


def dates(text: str) -> list[Span]:
    """Dates, years, times of the day, centuries, days of the week, times told from another ("two days after …")."""
    told = [Span("date", one.start(), one.start() + len(one.group().rstrip())) for one in _SPAN_OF_TIME.finditer(text)]
    alone = (Span("date", *one.span()) for one in _DATE.finditer(text))
    return sorted(
        [*told, *(one for one in alone if not any(two.start <= one.start < two.end for two in told))],
        key=lambda one: one.start,
    )


def numbers(text: str) -> list[Span]:
    """Numbers in digits or words, with a sign of money or a scale; years among them."""
    return [Span("number", *one.span()) for one in _NUMBER.finditer(text)]


def names(text: str) -> list[Span]:
    """Runs of capitalised words, joined by small words inside, and what stands in quotation marks."""
    found = [Span("name", *one.span(1)) for one in _QUOTED.finditer(text)]
    for match in _NAME.finditer(text):
        start, end = match.span()
        while start < end and (word := re.match(r"[\w'’.&-]+", text[start:end])) and _is_no_name(word.group()):
            start += word.end()
            while start < end and (joining := re.match(rf"\s+(?:{_JOIN}(?= ))?", text[start:end])):
                start += joining.end()
        stripped = text[start:end].rstrip(" .,'’&-")
        stripped = re.sub(r"['’]s$", "", stripped)
        if len(stripped) > 1:
            found.append(Span("name", start, start + len(stripped)))
    return sorted(set(found), key=lambda one: (one.start, -one.end))


def _is_no_name(word: str) -> bool:
    return word.lower().rstrip(".'’") in _NO_NAME


def of_kind(text: str, kind: Kind) -> list[Span]:
    """The spans of a text that may be such an answer; none for "phrase"."""
    if kind == "date":
        return dates(text)
    if kind == "number":
        return numbers(text)
    return names(text) if kind in ("person", "place", "name") else []
