"""The pieces that forms of statements are made of: names, dates, places, amounts, as regular expressions."""

from __future__ import annotations

import re
from typing import NamedTuple


class Said(NamedTuple):
    """entity, relation, and where the object stands in the sentence; `past`: the text says that it was so."""

    entity: str
    relation: str
    start: int
    end: int
    past: bool = False


UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĪİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽΑ-ΩА-Я"
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_JOIN = r"(?:of|the|de|del|della|des|di|da|du|von|van|der|den|bin|ibn|al|el|la|le|y|e|&|upon|for|and)"
_WORD = rf"(?:[{UPPER}][\w'’&/-]*\.?(?<!['’]s)|(?:St|Mt|Dr|Mr|Mrs|Ms|Jr|Sr|Prof|Inc|Ltd|Co)\.)"
#: A run of capitalised words with the small words inside it; "and" joins too, for pairs of makers.
NAME = rf"(?:{_WORD}(?: (?:{_JOIN} ){{0,2}}(?:{_WORD}|\d{{1,4}}\b))*)"
#: The same without "and": one person, one place.
ONE_NAME = NAME.replace("|for|and)", ")")
QUOTED = r"(?:[\"“][^\"“”]{2,80}[\"”])"
DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH},? \d{{3,4}}|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{3,4}}|\d{{4}}-\d\d-\d\d)"
DATE = rf"(?:{DAY}|{MONTH},? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH}(?! \d)|(?:c\. ?|circa |about |around )?\d{{3,4}}(?: BCE?)?(?![\d,%]|\w| [a-z]+s\b(?<!\bas)))"
_PLACE_WORD = rf"(?:(?:St|Mt|Ft)\. ?[{UPPER}][\w'’-]*|[A-Z]\.(?:[A-Z]\.)+|(?!{MONTH})[{UPPER}][\w'’-]*)"
PLACE = rf"(?:(?:the )?{_PLACE_WORD}(?:(?:, | (?:de |la |le |les |of |the |am |an der |upon |on |di |del |sur |del )?){_PLACE_WORD})*)"
#: An amount with its sign or unit: "1,350 euros a month", "$4.2 million", "7.5 %".
AMOUNT = (
    r"(?:(?:about|around|approximately|roughly|nearly|over|some|at least|at most|up to) )?[$€£]? ?\d[\d.,]*(?<![.,])"
    r"(?: ?(?:%|°C|°F|€|£|\$|EUR|USD|GBP|CHF|DKK))?(?: (?:thousand|million|billion))?"
    r"(?: (?!and\b|or\b|in\b|on\b|at\b|by\b|for\b|with\b|as\b|is\b|was\b|of\b|to\b|from\b|the\b|which\b|when\b|if\b)[a-z²³/]+){0,3}"
    r"(?: (?:per|a|an) (?:day|week|month|year|hour|person|night|unit|piece))?"
)
#: Words that begin a sentence without being part of a name.
NO_NAME = frozenset(
    "a an he she it they we i you his her its their our your my this that these those there here in on at by from to for of "
    "after before as when while where since during until if but and or so then thus however although though because with "
    "without under over both each every many most some several all other another such what who which whose why how not no "
    "yes one two three according despite upon among between like unlike later today also besides once only even first last "
    "january february march april june july august september october november december monday tuesday wednesday thursday "
    "friday saturday sunday let please note see step question answer user assistant q".split()
)
_STOP = re.compile(
    r"[;()\[\]]|[.!?](?=\s|$)|, (?!\d{3}\b)|: |[–—]"
    r"| (?:which|who|whom|whose|that|where|when|while|because|if|but|unless|although|since|until|after|before|best known|also known|and (?:is|was|has|had|it|he|she|they))\b"
)


def until_stop(text: str, start: int, most: int = 14) -> int:
    """Return where the phrase that begins at `start` ends: at a stop, a clause; `start` where it has too many words."""
    found = _STOP.search(text, start)
    end = found.start() if found else len(text)
    phrase = text[start:end]
    return start + len(phrase.rstrip()) if 0 < len(phrase.split()) <= most else start


def is_name(words: str) -> bool:
    """Whether a run of words can be a name: it does not begin with a word that only begins sentences."""
    first = re.match(r"[\w'’]+", words)
    return first is not None and first.group().lower() not in NO_NAME and words.lower() != "the"
