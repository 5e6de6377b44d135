"""Which (entity, relation) a question asks for: "Who is the CEO of X?", "when was X founded", "all that is known of X".

Only the question's form is read here. Whether a document states such a triple decides whether it is answered, so a
reading that names no entity of the documents does no harm, and a question may have several readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.relations import MAKING, relation


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: all facts about an entity where `relation` is empty; of whatever entity where `entity` is.

    `now`: it is asked in the present, so that an office somebody once held does not answer.
    """

    entity: str
    relation: str
    now: bool = False


_BE = r"(?P<be>is|was|are|were|['’]s)"
_ABOUT = r"(?:about|on|of|concerning)"
_FILES = r"(?:my |the |these |those |our |your )?(?:documents?|files?|texts?|notes?|papers?|knowledge base|sources?)"
#: All that is known of somebody or something.
_ALL = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"what (?:do|does) {_FILES} (?:say|tell|state|know|contain)(?: us| me)? {_ABOUT} (?P<x>.+)",
        rf"what (?:is|['’]s) (?:known|written|said|stated)(?: in {_FILES})? {_ABOUT} (?P<x>.+)",
        rf"what (?:do|does) (?:we|you|i) know {_ABOUT} (?P<x>.+)",
        rf"(?:tell me |show me |list |give me )?(?:everything|all|what)(?: that)?(?: is| we| you| they)?(?: known?| say)? {_ABOUT} (?P<x>.+)",
        rf"(?:tell me |show me |list |give me )?(?:all )?(?:the )?(?:known )?facts {_ABOUT} (?P<x>.+)",
    )
)
_ROLE = re.compile(
    rf"(?:who|what|which|when|where|how (?:much|high|large|big|long)) {_BE} (?:the |an? )?(?:current |present )?(?P<role>.+?) (?:of|for|at|in) (?P<x>.+)",
    re.IGNORECASE,
)
_OWNED = re.compile(
    rf"(?:who|what|which|when|where) {_BE} (?P<x>.+?)(?:['’]s|(?<=s)['’]) (?:current |present )?(?P<role>[\w -]+)",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"(?:tell me|give me|name|state|find|show me) (?:the |an? )?(?P<role>.+?) (?:of|for) (?P<x>.+)", re.IGNORECASE
)
_DID = re.compile(rf"who (?:first |originally )?(?P<verb>{'|'.join(MAKING)}) (?P<x>.+)", re.IGNORECASE)
_BY_WHOM = re.compile(r"(?:by whom|who) (?P<be>was|is|were) (?P<x>.+?) (?P<verb>\w+(?: up)?)(?: by)?", re.IGNORECASE)
_WHEN = re.compile(
    r"(?:when|in (?:what|which) year|on (?:what|which) (?:day|date)) (?:was|were|is) (?P<x>.+?) (?P<verb>born|founded|established|set up|incorporated|formed|built|constructed|completed"
    r"|opened|inaugurated|released|published|launched|signed)(?: first)?",
    re.IGNORECASE,
)
_WHEN_DIE = re.compile(
    r"(?:when|in (?:what|which) year|on (?:what|which) (?:day|date)) did (?P<x>.+?) (?:die|pass away)", re.IGNORECASE
)
_WHERE = re.compile(
    r"(?:where|in (?:what|which) (?:city|town|place|village)) (?:was|is|are|were) (?P<x>.+?) (?P<verb>born|located|situated|headquartered|based)(?: in| at)?",
    re.IGNORECASE,
)
_WHERE_DIE = re.compile(r"(?:where|in (?:what|which) (?:city|town|place)) did (?P<x>.+?) die", re.IGNORECASE)
_MARRIED = re.compile(r"(?:who|to whom) (?:is|was|did) (?P<x>.+?) (?:married to|married|marry)", re.IGNORECASE)
_COSTS = re.compile(r"(?:how much|what) (?:does|do) (?P<x>.+?) (?P<verb>cost|weigh)", re.IGNORECASE)
_PEOPLE = re.compile(r"how many (?:people|inhabitants) (?:live in|does|has) (?P<x>.+?)(?: have)?", re.IGNORECASE)
_IS = re.compile(r"(?:who|what) (?P<be>is|was|are|were) (?P<x>[^,]+)", re.IGNORECASE)
_ALONE = re.compile(
    r"(?:who|what|when|which|how (?:much|high|large|big|long|old)) (?P<be>is|was|are) (?:the|our|my) (?P<role>[\w -]+)",
    re.IGNORECASE,
)

#: Questions with one reading, and the relation where the verb does not name it.
_TOLD = (
    (_WHEN_DIE, "died"), (_WHERE_DIE, "died in"), (_MARRIED, "spouse"), (_PEOPLE, "population"), (_COSTS, ""), (_WHEN, ""),
)  # fmt: skip
_PREFIX = re.compile(
    r"^(?:please|hi|hello|so|and|now)[, ]+|^(?:can|could) you (?:please )?tell me |^(?:do you know|i want to know|i would like to know) |^tell me (?=who|what|when|where)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(rf",? (?:according to|based on|in) {_FILES}$|,? please$", re.IGNORECASE)


def wanted(question: str) -> tuple[Wanted, ...]:
    """Return what a question may ask for, the likelier reading first; () where its form is none of these."""
    text = " ".join(question.split()).rstrip("?!. ")
    text = _SUFFIX.sub("", _PREFIX.sub("", _PREFIX.sub("", text)))
    found = dict.fromkeys(_readings(text))
    return tuple(one for one in found if one.entity or one.relation)


def _readings(text: str) -> Iterator[Wanted]:
    for pattern in _ALL:
        if match := pattern.fullmatch(text):
            yield Wanted(_name(match["x"]), "")
            return
    by_verb = tuple(_by_verb(text))
    yield from by_verb or _by_noun(text)


def _by_verb(text: str) -> Iterator[Wanted]:
    """When and where something happened, what it costs, who made it."""
    for pattern, name in _TOLD:
        if match := pattern.fullmatch(text):
            yield Wanted(_name(match["x"]), relation(name or _base(match["verb"])))
            return
    if match := _WHERE.fullmatch(text):
        verb = match["verb"].lower()
        yield Wanted(_name(match["x"]), relation("born in" if verb == "born" else verb))
        if verb == "based":
            yield Wanted(_name(match["x"]), "location")
    elif match := _DID.fullmatch(text):
        yield Wanted(_name(match["x"]), MAKING[match["verb"].lower()])
    elif match := _BY_WHOM.fullmatch(text):
        made = f"{match['verb']} by".lower()
        if relation(made) != made:
            yield Wanted(_name(match["x"]), relation(made))


def _by_noun(text: str) -> Iterator[Wanted]:
    """The R of X, X's R, what X is, the R alone."""
    for pattern in (_ROLE, _ASKED_FOR, _OWNED):
        if match := pattern.fullmatch(text):
            now = match.groupdict().get("be") in ("is", "are", "'s", "’s")
            yield from _split(match["role"], match["x"], now)
    if match := _IS.fullmatch(text):
        yield Wanted(_name(match["x"]), "is a")
    if match := _ALONE.fullmatch(text):
        yield Wanted("", relation(match["role"]), match["be"] in ("is", "are"))
        # "How much is the total due?": the closing line of an invoice, a row with its amount.
        yield from (Wanted(_name(match["role"]), column) for column in ("amount", "price", "total", "sum", "value"))


def _base(verb: str) -> str:
    verb = verb.lower()
    return {"cost": "cost", "weigh": "weighs"}.get(verb, verb)


def _split(role: str, name: str, now: bool) -> Iterator[Wanted]:
    """ "date of birth of X" is the birth of which "date", or the date of birth of X: every reading."""
    parts = re.split(r" (?=(?:of|for|at|in) )", name)
    for cut in range(len(parts)):
        more = " ".join((role, *parts[:cut])) if cut == 0 else " ".join((role, "of", *parts[:cut]))
        entity = re.sub(r"^(?:of|for|at|in) ", "", " ".join(parts[cut:]))
        if len(more.split()) <= 5:
            yield Wanted(_name(entity), relation(more), now)


_KINDS = re.compile(
    r"^(?:the )?(?:film|movie|song|single|album|book|novel|play|poem|series|show|game|opera|documentary|musical|painting|magazine|company|firm|city|town|village|country) (?=[\"“A-Z0-9])"
)


def _name(words: str) -> str:
    """An entity as a question writes it, without the kind of thing it is and its quotation marks."""
    return _KINDS.sub("", words.strip()).strip(" \"“”'’,")
