"""The forms of statements: what one sentence says of whom.

Each form is anchored at the sentence's subject, so that nothing is read of a clause inside another. A subject is a
name, the passage's heading as it stands, or a pronoun or "the film" right after the heading's own introduction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.relations import HELD, MAKING, key
from knowledge.triple_words import (
    AMOUNT,
    DATE,
    DAY,
    MONTH,
    NAME,
    ONE_NAME,
    PLACE,
    QUOTED,
    UPPER,
    Said,
    is_name,
    until_stop,
)


@dataclass(frozen=True, slots=True)
class Read:
    """What a sentence says, and whether its subject was the subject of the passage's heading."""

    said: tuple[Said, ...]
    about_heading: bool


_BRACKET = r"(?: ?\((?P<bracket>(?:[^()]|\([^()]*\)){2,240})\))?"
_APPOSITION = r"(?:, (?P<beside>[^,;]{3,90}),)?"
_SUBJECT = re.compile(
    rf"(?:(?P<the>[Tt]he |An? )?(?P<name>{QUOTED}|{NAME})){_BRACKET}{_APPOSITION} ?(?={{rest}})".replace(
        "{rest}", r"[a-z(,'’]"
    )
)
_AFTER = re.compile(rf"{_BRACKET}{_APPOSITION} ?")
_PRONOUN = re.compile(r"(?:He|She|It|They) ")
_KIND = re.compile(
    r"The (?:film|movie|documentary|novel|book|play|poem|opera|song|single|album|track|series|show|game|magazine|newspaper"
    r"|company|firm|band|group|organi[sz]ation|club|team|school|university|museum|village|town|city|river|building|bridge"
    r"|church|station|airport|ship|castle|park|island|lake|mountain|species|album) "
)
_BE = r"(?P<be>is|was|are|were)(?: (?:also|now|currently|originally|still|then))? "
_A = re.compile(rf"{_BE}(?:an?|one of the) (?=[\w\"“])")
_ROLE_WORDS = r"(?P<role>(?:(?!of\b|and\b|or\b|who\b|which\b|that\b|to\b|in\b|only\b|same\b|result\b|use\b|name\b|part\b|number\b|kind\b|type\b|one\b|fact\b|case\b|most\b)[A-Za-z][\w-]* ){1,4})"
_IS_ROLE = re.compile(
    rf"{_BE}the (?:current |present )?{_ROLE_WORDS}of (?:the )?(?P<of>{QUOTED}|{ONE_NAME})(?=[.;,)]|$| (?:from|since|until|and|in|who|which|between)\b)"
)
#: Who or what has a role, up to where the clause ends.
_HOLDER = (
    rf"(?P<v>(?:the )?(?:{QUOTED}|{NAME})|{DATE}|{AMOUNT})"
    r"(?=[.;,(]|$| (?:and|who|which|from|since|for|until|in|at|as)\b)"
)
_THE_ROLE = re.compile(
    rf"[Tt]he (?:current |present )?{_ROLE_WORDS}of (?:the )?(?P<of>{QUOTED}|{ONE_NAME}|(?:[a-z][\w-]* ){{0,2}}[a-z][\w-]*)(?: \([^()]*\))? "
    rf"(?P<be>is|was|are|were) {_HOLDER}"
)
_OWNED = re.compile(
    rf"(?P<of>{QUOTED}|(?:the )?{ONE_NAME})(?:['’]s|(?<=s['’])) (?:current |present )?(?P<role>(?!(?:first|next|last|own|most)\b)(?:[A-Za-z][\w-]* ){{1,3}})(?P<be>is|was|are|were) "
    rf"{_HOLDER}"
)
_HELD = re.compile(
    rf"(?P<of>{ONE_NAME})(?:['’]s|(?<=s['’])) (?:late |elder |older |younger |second |first )?(?P<role>{HELD}),? (?P<v>{ONE_NAME})(?!\w|['’]s| [A-Z])"
)
_BESIDE = re.compile(rf"(?:the |an? )?(?:current |present )?(?P<role>{HELD}) of (?:the )?(?P<of>{QUOTED}|{ONE_NAME})$")
_HAS = re.compile(
    rf"(?:has|have|had|with) (?:an? |a total )(?P<role>(?:[a-z]+ ){{1,2}})of (?P<v>{AMOUNT})(?=[.;,(]|$| (?:and|as|in|at|per)\b)"
)
_WORK_OF = re.compile(
    r"(?:[A-Z][\w-]+ ){0,2}(?P<v>1[5-9]\d\d|20\d\d) (?:[\w'’-]+ ){0,6}?(?:film|movie|documentary|novel|book|song|single|album|EP|opera|musical|series|game|play)\b"
)
_PASSIVE = re.compile(
    r"(?P<be>is|was|were|are|has been|have been) (?:\w+ly |first |co-)?(?P<verb>written|authored|penned|directed|produced|composed|performed|sung"
    r"|recorded|founded|established|co-founded|created|invented|discovered|designed|developed|manufactured|built|constructed|published|painted"
    r"|sculpted|translated|edited|owned|operated)\b"
)
_MADE_BY = re.compile(
    r"\b(?P<verb>written|authored|penned|directed|produced|composed|performed|sung|recorded|founded|established|created|invented|discovered"
    r"|designed|developed|manufactured|built|published|painted|sculpted|owned|operated)(?: and (?:\w+ed|written|sung))?(?: (?:in|on) [\w ,]{3,18})? by "
)
_DATED = re.compile(
    rf"(?P<be>was|were|is) (?:\w+ly |first )?(?P<verb>founded|established|set up|incorporated|formed|built|constructed|completed|opened|inaugurated|released|published|launched|signed)\b"
    rf"(?: [a-z]+){{0,3}}? (?:in|on|around) (?P<v>{DATE})(?! (?:to|until|and) \d)"
)
_BORN_IN = re.compile(rf"was born (?:in|at) (?P<place>{PLACE}),? (?:on|in) (?P<v>{DATE})")
_BORN_AT = re.compile(rf"was born (?:in|at) (?P<place>{PLACE})")
_BORN = re.compile(
    rf"was born(?: [a-z]+ [{UPPER}][\w .'’-]{{2,40}}?)??(?: on| in|,)? ?(?P<v>{DATE})?(?:,? (?:in|at) (?P<place>{PLACE}))?"
)
_DIED = re.compile(
    rf"(?:he |she )?(?:died|passed away)(?: [a-z]+){{0,4}}? (?:on|in) (?P<v>{DATE})(?:,? (?:in|at) (?P<place>{PLACE}))?"
)
_DIED_IN = re.compile(
    rf"(?:died|passed away)(?: (?:peacefully|suddenly|unexpectedly))? (?:in|at) (?P<place>{PLACE})(?: (?:on|in) (?P<v>{DATE}))?"
)
_LIES = re.compile(
    rf"(?:is|are) (?P<verb>located|situated|headquartered|based) (?:in|at|on) (?P<v>{PLACE}|(?:the )?[^.;,()]{{3,60}}?{PLACE})(?=[.;,(]|$| (?:and|with|where|which|near|about)\b)"
)
_MARRIED = re.compile(
    rf"(?:(?:is|was) (?:\w+ )?married to|married) (?:the )?(?:[A-Za-z-]+ ){{0,5}}?(?P<v>{ONE_NAME})(?=[.;,(]|$| (?:in|on|and|until|from|for|at|with|who|since|during|by|before|after|when)\b)"
)
_COSTS = re.compile(rf"(?P<verb>costs?|weighs?) (?P<v>{AMOUNT})(?=[.;,(]|$| )")
_MAKES = re.compile(
    rf"(?P<verb>{'|'.join(MAKING)}) (?:the (?:\w+ ){{0,3}}?)?(?P<of>{QUOTED}|{ONE_NAME})(?=[.;,(]|$| (?:in|on|with|from|when|while|as|at|after|together) )(?: (?:in|on) (?P<v>{DATE}))?"
)
_VALUE_OF = re.compile(
    rf"(?:The|Our|Your) (?P<role>(?!(?:same|only|following|first|second|other)\b)(?:[a-z][\w-]* ){{1,4}})(?:is|are|amounts to|was|were) (?P<v>(?:{AMOUNT}|{DATE}))(?=[.;,(]|$)"
)
_BRACKET_BORN = re.compile(
    rf"(?:née? [\w .'’-]+[,;] )?(?:born|b\.)(?: (?!{MONTH})[{UPPER}][\w .'’-]{{3,60}}?[,;]?)?(?: on| in|:)? ?(?P<v>{DATE})(?:,? (?:in|at) (?P<place>{PLACE})|, (?P<place2>{PLACE}))?"
)
_LIFE = re.compile(
    rf"(?:[^\d–—]{{0,80}}?[,;:] ?)?(?:born )?(?P<v>{DATE})(?:,? (?:in )?(?P<place>{PLACE}))? ?[–—-] ?(?:died )?(?P<d>{DATE})(?:,? (?:in )?(?P<dplace>{PLACE}))?"
)


#: After a subject: the first form of each group that fits, and the relation where the form itself does not name it.
_VERBS = (
    ((_DATED,), ""), ((_LIES,), ""), ((_MARRIED,), "spouse"), ((_COSTS,), ""), ((_HAS,), ""), ((_BORN_IN, _BORN_AT, _BORN), "born"),
    ((_DIED_IN, _DIED), "died"),
)  # fmt: skip


def of_sentence(text: str, headed: str, *, first: bool, follows: bool, about: str) -> Read:
    """What a sentence says.

    Args:
        text: the sentence, every white space a blank.
        headed: the passage's own heading, "" where it has none.
        first: it is the first below its heading.
        follows: the sentence before spoke of the heading's subject, so that a pronoun means it.
        about: what "the deposit is 1,350 euros" belongs to: the heading, or the document.
    """
    found = _subject(text, headed, first=first, follows=follows)
    said = list(_relations(text))
    ours = False
    if found is not None:
        entity, begin, bracket, beside = found
        ours = bool(headed) and key(entity) == key(headed)
        said += _of_subject(text, entity, begin)
        if bracket is not None:
            said += _in_bracket(text, entity, *bracket)
        if beside is not None and (held := _BESIDE.match(text[beside[0] : beside[1]])):
            said.append(_about(held["of"], held["role"], text, entity))
    elif value := _VALUE_OF.match(text):
        said.append(Said(about, value["role"], *value.span("v")))
    return Read(tuple(one for one in said if one.end > one.start), ours)


def _about(of: str, role: str, text: str, holder: str, past: bool = False) -> Said:
    """The holder as the object: its words where they stand in the sentence, which is where the subject is named."""
    at = text.find(holder)
    return Said(of, role, at, at + len(holder), past) if at >= 0 else Said(of, role, 0, 0)


Subject = tuple[str, int, tuple[int, int] | None, tuple[int, int] | None]


def _subject(text: str, headed: str, *, first: bool, follows: bool) -> Subject | None:
    """(entity, where the verb begins, the bracket, the apposition), or None where the subject is not plain."""
    bare = re.sub(r"\s*\([^()]*\)$", "", headed).strip()
    if (
        bare
        and text.startswith(bare)
        and (after := _AFTER.match(text, len(bare)))
        and text[len(bare) : len(bare) + 1] in " (,"
    ):
        return bare, after.end(), _span(after, "bracket"), _span(after, "beside")
    if bare and follows and (opening := _PRONOUN.match(text) or _KIND.match(text)):
        return bare, opening.end(), None, None
    match = _SUBJECT.match(text)
    if match is None or not is_name(match["name"].lstrip('"“')):
        return None
    entity = (match["the"] or "") + match["name"].strip('"“”')
    # An introduction under its heading: "Anna Maria Berg (born …) was a painter" below "Anna Berg".
    shared = set(key(bare).split()) & set(key(entity).split())
    if bare and (first and len(shared) >= min(2, len(key(bare).split())) or _is_last_name(entity, bare)):
        entity = bare
    return entity, match.end(), _span(match, "bracket"), _span(match, "beside")


def _is_last_name(entity: str, heading: str) -> bool:
    words = key(heading).split()
    return 1 < len(words) <= 4 and key(entity) == words[-1]


def _span(match: re.Match[str], group: str) -> tuple[int, int] | None:
    return match.span(group) if match[group] else None


def _relations(text: str) -> Iterator[Said]:
    """Forms that name both sides themselves: "the R of E is V", "E's R is V", "E's mother V"."""
    if " of " in text and (match := _THE_ROLE.match(text)):
        yield Said(match["of"], match["role"], *match.span("v"), match["be"] in ("was", "were"))
    if "'s " in text or "’s " in text or "s' " in text or "s’ " in text:
        if match := _OWNED.match(text):
            yield Said(match["of"], match["role"], *match.span("v"), match["be"] in ("was", "were"))
        for held in _HELD.finditer(text):
            if is_name(held["of"]):
                yield Said(held["of"], held["role"], *held.span("v"))


def _of_subject(text: str, entity: str, begin: int) -> Iterator[Said]:
    """What follows a subject: its verb begins at text[begin]."""
    if match := _A.match(text, begin):
        end = until_stop(text, match.end())
        yield Said(entity, "is a", match.end(), end, match["be"] in ("was", "were"))
        if dated := _WORK_OF.match(text, match.end()):
            yield Said(entity, "released", *dated.span("v"))
        for made in _MADE_BY.finditer(text, match.end()):
            yield from _maker(text, entity, made["verb"], made.end())
    if match := _IS_ROLE.match(text, begin):
        yield _about(match["of"], match["role"], text, entity, match["be"] in ("was", "were"))
    if match := _PASSIVE.match(text, begin):
        if by := re.compile(r"(?: (?!by\b)[\w,]+){0,5}? by ").match(text, match.end()):
            yield from _maker(text, entity, match["verb"], by.end())
    yield from _told(text, entity, begin)
    if (match := _MAKES.match(text, begin)) and is_name(match["of"].lstrip('"“')):
        yield _about(match["of"], MAKING[match["verb"]], text, entity)
        if match["v"] and match["verb"] in ("founded", "established", "built", "published"):
            yield Said(match["of"], match["verb"], *match.span("v"))


def _told(text: str, entity: str, begin: int) -> Iterator[Said]:
    """Dates, places, amounts and ties that the verb after a subject tells."""
    for forms, name in _VERBS:
        match = next((found for form in forms if (found := form.match(text, begin))), None)
        if match is None:
            continue
        groups = match.groupdict()
        if groups.get("v"):
            yield Said(entity, name or groups.get("verb") or groups["role"], *match.span("v"))
        if groups.get("place"):
            yield Said(entity, f"{name} in", *_place(text, *match.span("place")))


_OF_A_PEOPLE = r"\w+(?:ish|ese|ian|ican|ench|utch|eek|iss)"
_AGENT = re.compile(
    rf"(?:the )?(?:[A-Za-z-]+ ){{0,5}}?(?P<v>{QUOTED}|{NAME}(?:, {NAME}){{0,4}}(?:,? and {NAME})?)(?=[.;,()]|$| (?:and|in|on|for|from|with|as|who|which|that|at|based|starring|released|after|to|between|under|about|during|when|featuring|is|was|of|through)\b)"
)


def _maker(text: str, entity: str, verb: str, start: int) -> Iterator[Said]:
    agent = _AGENT.match(text, start)
    if agent is None or not is_name(agent["v"].lstrip('"“')) or re.match(MONTH, agent["v"]):
        return
    if re.fullmatch(_OF_A_PEOPLE, agent["v"]) and text.startswith(" and ", agent.end("v")):
        return  # "by British and French firms"
    yield Said(entity, f"{verb} by", *agent.span("v"))


def _place(text: str, start: int, end: int) -> tuple[int, int]:
    """ "Born in Bern, Berg painted …": what a verb follows after the last comma is no part of the place."""
    comma = text.rfind(", ", start, end)
    goes_on = re.match(
        r" (?!and\b|on\b|in\b|to\b|but\b|where\b|at\b|as\b|the\b|into\b|during\b|near\b|while\b)[a-z]", text[end:]
    )
    return (start, comma) if comma > 0 and goes_on else (start, end)


def _in_bracket(text: str, entity: str, start: int, end: int) -> Iterator[Said]:
    """The dates of a life in the bracket after a name: "(born 3 May 1950 in Bern)", "(3 May 1901 – 7 June 1980)"."""
    inside = text[start:end]
    if not re.search(r"\d{3,4}", inside):
        return
    if (life := _LIFE.search(inside)) and (re.search(DAY, inside) or re.fullmatch(r"[\d c.–—-]+", inside)):
        yield Said(entity, "born", start + life.start("v"), start + life.end("v"))
        yield Said(entity, "died", start + life.start("d"), start + life.end("d"))
        for group, name in (("place", "born in"), ("dplace", "died in")):
            if life[group] and not re.match(MONTH, life[group]):
                yield Said(entity, name, start + life.start(group), start + life.end(group))
    elif born := _BRACKET_BORN.search(inside):
        yield Said(entity, "born", start + born.start("v"), start + born.end("v"))
        for group in ("place", "place2"):
            if born[group] and not re.match(MONTH, born[group]):
                yield Said(entity, "born in", start + born.start(group), start + born.end(group))
