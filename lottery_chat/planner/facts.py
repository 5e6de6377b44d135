"""Facts that code reads from how a text introduces its subject: dates of a life, a country, who made a work.

A passage about Anna Berg says "Anna Berg (3 May 1901 – 7 June 1980) was a Swiss painter" or "Rain is a 1950 film
directed by Anna Berg". What is asked of exactly the subject and stands there in such a form needs no model. What
this does not do: it reads nothing whose form is not plain, and a passage about something else is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from knowledge.passage import Passage
from lottery_chat.planner.countries import country_words
from lottery_chat.planner.nesting import UPPER
from lottery_chat.planner.occupations import occupation
from lottery_chat.planner.sortable import MONTH


class Fact(NamedTuple):
    """What was read: the words of the answer as they stand, and where they stand in the passage's text."""

    answer: str
    passage: Passage
    start: int
    end: int


#: A date or year as running text has it.
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?(?i:{MONTH})[a-z]*\.?,? \d{{3,4}}|(?i:{MONTH})[a-z]*\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{3,4}}"
    rf"|(?i:{MONTH})[a-z]*\.? \d{{4}}|(?:c\. ?|circa |about |around )?\d{{3,4}}(?: BCE?)?(?![\d,]|\w))"
)
#: A date with its day.
_WHOLE_DATE = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?(?i:{MONTH})[a-z]*\.?,? \d{{3,4}}|(?i:{MONTH})[a-z]*\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{3,4}})"
_NAME = (
    rf"(?:[{UPPER}][\w.'’-]*|[A-Z]\.)(?: (?:(?:de|del|della|di|da|du|des|von|van|der|den|bin|ibn|al|el|la|le|of|the|y|e)(?= ) ?)*"
    rf"(?:[{UPPER}][\w.'’-]*|[A-Z]\.))*"
)
_PLACE_WORD = (
    rf"(?:(?:St|Mt|Ft|Sta)\. ?[{UPPER}][\w'’-]*|[A-Z]\.(?:[A-Z]\.)+|(?!(?i:{MONTH})[a-z]*\b)[{UPPER}][\w'’-]*)"
)
_PLACE = rf"{_PLACE_WORD}(?:(?:,? | (?:de|la|le|les|of|the|am|an der|upon|on|di|del|sur) ){_PLACE_WORD})*"
_STOPS = re.compile(
    r"[,;.()\[\]\"“”]| (?:and|or|for|from|with|who|which|that|as|at|based|starring|released|featuring|after|before|until|under|about|when|while"
    r"|on|in|to|is|was|were|has|had|during|through|using|since|between|whose|where|by)\b|$"
)

_CUES = {
    "director": r"directed(?:,? (?:and )?(?:co-)?(?!by\b)[a-z]+){0,4},? by|(?:film|movie|documentary)(?: made)? by",
    "producer": r"produced(?: and \w+)? by",
    "author": r"(?:co-)?(?:written|authored)(?: and \w+)? by", "writer": r"(?:written|authored|directed and written|written and \w+) by",
    "screenwriter": r"(?:screenplay|script)(?: \w+)? by|written(?: and \w+)? by", "playwright": r"written by",
    "composer": r"(?:composed|scored)(?: and \w+)? by|music (?:was |is )?(?:composed |scored )?by|score (?:is |was )?by", "songwriter": r"written(?: and \w+)? by",
    "performer": r"(?:performed|sung|recorded|released)(?: and (?!written)\w+)? by|(?:song|single|album|track|EP|record|ballad|hit) by",
    "singer": r"(?:performed|sung|recorded)(?: and (?!written)\w+)? by|(?:song|single) by",
    "founder": r"(?:founded|established|co-founded|set up)(?: in \d{4})? by", "creator": r"created(?: and \w+)? by",
    "inventor": r"invented by", "architect": r"designed(?: and \w+)? by", "designer": r"designed(?: and \w+)? by", "developer": r"developed by",
    "father": r"(?:son|daughter|child) of|father (?:was|is|of \w+ was),?(?: the)?|father,", "mother": r"mother (?:was|is),?(?: the)?|mother,|(?:son|daughter|child) of [^.;]{3,90}? (?:and|by) (?:his (?:\w+ )?wife,? )?",
    "husband": r"(?:wife of|(?<!un)married to|husband was|widow of)", "wife": r"(?:husband of|(?<!un)married to|wife was)",
    "spouse": r"(?:husband of|wife of|(?<!un)married to|wife was|husband was|widow of)", "publisher": r"published by", "painter": r"painted by", "sculptor": r"(?:sculpted|made) by", "discoverer": r"discovered by",
}  # fmt: skip

_SUBJECT = r"(?P<x>.+?)"
_KIND = r"(?:the )?(?:(?:film|movie|song|single|album|book|novel|play|poem|series|show|game|opera|documentary|musical|painting|magazine|company) )?"


def read_fact(question: str, passages: Sequence[Passage]) -> Fact | None:
    """Return the fact a question asks of the subject of one of these passages, or None when code cannot read it."""
    text = re.sub(r"\s+", " ", question).strip().rstrip("?").strip()
    for pattern, read in _FORMS:
        match = re.fullmatch(pattern, text, re.IGNORECASE)
        if match is None:
            continue
        groups = {key: value for key, value in match.groupdict().items() if value}
        for passage in about(groups.pop("x2", "") or groups["x"], passages):
            words, offset = body(passage)
            found = read(words, groups)
            if found:
                return Fact(words[found[0] : found[1]], passage, offset + found[0], offset + found[1])
    return None


def about(name: str, passages: Sequence[Passage]) -> list[Passage]:
    """The passages that are about exactly this name: by their heading, else by how they begin; the best first.

    A heading may say more in brackets than the name does ("Rain (film)").
    """
    wanted, bare = _key(name), _key(_without_brackets(name))
    exact, near = [], []
    for passage in passages:
        heading = passage.heading[-1] if passage.heading else ""
        begins = body(passage)[0][: len(name) + 2]
        if wanted == _key(heading) or (not heading and _key(begins) == wanted):
            exact.append(passage)
        elif (
            heading
            and bare == _key(_without_brackets(heading))
            and (wanted == bare or heading == _without_brackets(heading))
        ):
            near.append(passage)
    # A passage that goes on about the same heading comes after the one that introduces it.
    return sorted(exact, key=lambda one: one.ordinal) or sorted(near, key=lambda one: one.ordinal)


def _key(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text.lower()).split())


def _without_brackets(text: str) -> str:
    return re.sub(r"\s*\([^)]*\)", "", text).strip()


def body(passage: Passage) -> tuple[str, int]:
    """The text below the passage's own heading lines, and where it begins."""
    match = re.match(r"(?:\s*#{1,6}[ \t][^\n]*\n+)*\s*", passage.text)
    start = match.end() if match else 0
    return passage.text[start:], start


Span = tuple[int, int]
Read = Callable[[str, dict[str, str]], Span | None]


def _introduced(text: str) -> tuple[str, str, int, int] | None:
    """The dates in a bracket of an introduction: (birth, death, where the first, where the second begins)."""
    for bracket in re.finditer(r"\((?P<inside>(?:[^()]|\([^()]*\)){3,220})\)", text[:420]):
        inside, at = bracket["inside"], bracket.start("inside")
        dates = list(re.finditer(rf"\b{_DATE}", inside))
        if not dates:
            continue
        if re.match(r"\s*(?:died|d\.)\s", inside):
            return "", inside, at, at
        dash = re.search(r"\s[–—-]\s?|[–—]|(?<=\d)-(?=\d)|(?<=\d) ?to (?=\d)|;\s*(?=died)", inside)
        if dash is not None:
            return inside[: dash.start()], inside[dash.end() :], at, at + dash.end()
        if len(dates) == 2 and "until" not in inside:
            return inside[: dates[1].start()], inside[dates[1].start() :], at, at + dates[1].start()
        return (inside, "", at, at) if re.search(r"\b(?:born|b\.)", inside) else None
    return None


def _birth(text: str, _: dict[str, str]) -> Span | None:
    introduced = _introduced(text)
    if introduced and (date := _first_date(introduced[0], introduced[2])):
        return date
    return _group(rf"\b(?:was |is )?born(?: [\w' ]{{0,30}}?)?(?: on| in|,| around| about)? (?P<v>{_DATE})", text)


def _death(text: str, _: dict[str, str]) -> Span | None:
    introduced = _introduced(text)
    if introduced and (date := _first_date(introduced[1], introduced[3])):
        return date
    return _group(
        rf"\b(?:He|She|{_NAME})?\s?(?:died|was killed|was assassinated|was executed)\b[^.;]{{0,60}}?(?P<v>{_DATE})",
        text,
    )


def _first_date(text: str, offset: int) -> Span | None:
    match = re.search(rf"\b{_WHOLE_DATE}", text) or re.search(rf"\b{_DATE}", text)
    return (offset + match.start(), offset + match.end()) if match else None


def _group(pattern: str, text: str, flags: int = 0) -> Span | None:
    match = re.search(pattern, text, flags)
    return match.span("v") if match else None


def _birthplace(text: str, _: dict[str, str]) -> Span | None:
    introduced = _introduced(text)
    if introduced and (place := _place_in(introduced[0], introduced[2], r"(?:in|at) ")):
        return place
    born = rf"\b[Bb]orn(?: on)?(?: {_DATE},?)?(?: [a-z]+){{0,3}}? (?:in|at) (?:the )?(?P<v>{_PLACE})"
    return _without_next_clause(text, _group(born, text))


def _without_next_clause(text: str, span: Span | None) -> Span | None:
    """ "Born in Bern, Berg painted …": what a verb follows after the last comma is no part of the place."""
    if span is None:
        return None
    start, end = span
    comma = text.rfind(", ", start, end)
    goes_on = re.match(
        r" (?!and\b|on\b|in\b|to\b|but\b|where\b|at\b|as\b|the\b|into\b|during\b|near\b|while\b)[a-z]", text[end:]
    )
    return (start, comma) if comma > 0 and goes_on else span


def _deathplace(text: str, _: dict[str, str]) -> Span | None:
    introduced = _introduced(text)
    if introduced and (place := _place_in(introduced[1], introduced[3], r"(?:in|at) ")):
        return place
    return _group(
        rf"\b(?:[Dd]ied|[Dd]eath|was killed|was assassinated)(?: on)?(?: {_DATE},?)?(?: (?!in\b)[a-z]+){{0,5}}? (?:in|at) (?:the |his home in |her home in )?(?P<v>{_PLACE})",
        text,
    )


_NO_PLACE = re.compile(rf"(?i:{MONTH})$|[A-Z]\.?[A-Z]\.?(?:E\.?)?$")
_COMPANY = re.compile(
    r"\b(?:Records|Pictures|Studios?|Entertainment|Company|Inc|Corporation|Films|Productions|Press|Books|Music)\.?$"
)
#: Works that companies make or publish.
_BY_COMPANIES = ("producer", "publisher", "developer", "founder", "creator", "designer")


def _place_in(text: str, offset: int, before: str) -> Span | None:
    """A place inside the bracket of an introduction: "3 May 1901 in Bern", "Bern, 3 May 1901", "3 May 1901, Bern"."""
    match = re.search(rf"{_WHOLE_DATE},? (?:{before})?(?P<v>{_PLACE})", text) or re.search(
        rf"^\s*(?:born in |in )?(?P<v>{_PLACE}),? (?:on )?{_WHOLE_DATE}", text
    )
    if match is None or _NO_PLACE.match(match["v"]):
        return None
    return offset + match.start("v"), offset + match.end("v")


def _opening(text: str, room: int = 420) -> str:
    """The introduction with its first bracket blanked out, so that a place of birth is not taken for a nationality."""
    head = text[:room]
    bracket = re.match(r"[^(\n]{0,160}(\((?:[^()]|\([^()]*\))*\))", head)
    return head[: bracket.start(1)] + " " * len(bracket.group(1)) + head[bracket.end(1) :] if bracket else head


def _nationality(text: str, _: dict[str, str]) -> Span | None:
    head = _opening(text)
    verb = re.search(r"\b(?:is|was|are|were)\b(?: \w+)?? (?:an?|the|one of)\b", head)
    sentence = re.search(rf"[.!?](?:\s|$)(?=\s*[{UPPER}])", head[verb.end() :]) if verb else None
    if verb is None:
        return None
    said = head[verb.end() : verb.end() + sentence.start() + 1] if sentence else head[verb.end() :]
    words = country_words(said)
    if not words:
        return None
    start = verb.end() + said.index(words[0][0])
    return start, start + len(words[0][0])


def _occupation(text: str, _: dict[str, str]) -> Span | None:
    return occupation(_opening(text))


def _located(text: str, _: dict[str, str]) -> Span | None:
    head = _opening(text, 600)
    verb = re.search(r"\b(?:is|was|are|were)\b", head)
    if verb is None:
        return None
    said = head[verb.end() :]
    sentence = re.search(rf"[.!?]\s+(?=[{UPPER}])", said)
    said = said[: sentence.start() + 1] if sentence else said
    named = [word for word, country in country_words(said)]
    places = [
        word
        for word in named
        if re.search(rf"(?:\bin |\bof |, |\bthe |\(){re.escape(word)}(?!\w)", said)
        and not word.endswith(("ese", "ish"))
    ]
    word = (places or named or [""])[0]
    if not word:
        return None
    start = verb.end() + said.index(word)
    return start, start + len(word)


def _released(text: str, groups: dict[str, str]) -> Span | None:
    verb = {"released": r"(?:released|premiered|opened|came out)", "published": r"(?:published|released)"}.get(
        groups["made"].lower(), re.escape(groups["made"].lower())
    )
    found = _group(rf"\b{verb}\b[^.;]{{0,60}}?(?P<v>{_DATE})", text)
    year = _group(r"\b(?:is|was)\b an? (?:\w+[ -]){0,2}?(?P<v>1[89]\d\d|20\d\d)\b", _opening(text))
    work = groups["made"].lower() in ("released", "published", "made", "written", "recorded", "produced")
    return (year or found) if work else found


def _maker(text: str, groups: dict[str, str]) -> Span | None:
    cue = _CUES.get(groups["role"].lower())
    if cue is None:
        return None
    for match in re.finditer(
        rf"\b(?:{cue}) ?(?<=\s)",
        text[0].lower() + re.sub(r"(?<=[.!?] )[A-Z](?=[a-z]+ by\b)", lambda m: m.group(0).lower(), text[1:]),
    ):
        stop = _STOPS.search(
            re.sub(r"(?<=\b[A-Z])\.|(?<=\bJr)\.|(?<=\bSr)\.|(?<=\bSt)\.|(?<=\bDr)\.", "·", text[match.end() :])
        )
        segment = text[match.end() : match.end() + (stop.start() if stop else 0)]
        names = list(re.finditer(_NAME, segment))
        if not names:
            continue
        name = names[-1]
        start, end = match.end() + name.start(), match.end() + name.end()
        # "American singer Anna Berg": the name is what stands last; "Swiss Anna Berg": the adjective is none of it.
        while (
            (words := country_words(text[start:end]))
            and text[start:end].startswith(words[0][0] + " ")
            and " " in text[start + len(words[0][0]) + 1 : end]
        ):
            start += len(words[0][0]) + 1
        name_alone = text[start:end]
        if (
            end - start > 2
            and not country_words(name_alone)[:1] == [(name_alone, name_alone)]
            and (groups["role"].lower() in _BY_COMPANIES or not _COMPANY.search(name_alone))
        ):
            return start, end
    return None


_FORMS: tuple[tuple[str, Read], ...] = (
    (rf"when (?:was|were|is) {_SUBJECT} born|(?:what|when) (?:is|was) (?:the )?(?:date of birth|birth ?date|birthday) of (?P<x2>.+)", _birth),
    (rf"(?:when|what) (?:is|was) {_SUBJECT}['’]s? (?:birthday|date of birth|birth ?date)", _birth),
    (rf"when did {_SUBJECT} die|(?:what|when) (?:is|was) (?:the )?date of death of (?P<x2>.+)", _death),
    (rf"(?:when|what) (?:is|was) {_SUBJECT}['’]s? (?:date of death|death)", _death),
    (rf"where (?:was|is|were) {_SUBJECT} born|(?:what|where) (?:is|was) the (?:place of birth|birthplace) of (?P<x2>.+)", _birthplace),
    (rf"in (?:which|what) (?:city|town|place|village) was {_SUBJECT} born", _birthplace),
    (rf"where did {_SUBJECT} die|(?:what|where) (?:is|was) the place of death of (?P<x2>.+)", _deathplace),
    (rf"(?:what|which) (?:is|was) the nationality of {_SUBJECT}|(?:what|which) nationality (?:is|was) (?P<x2>.+)", _nationality),
    (rf"(?:what|which) (?:is|was) (?:the )?{_SUBJECT}['’]s? (?:occupation|profession|job|trade|line of work)", _occupation),
    (rf"(?:what|which) (?:is|was) the (?:occupation|profession|job|trade|line of work) of {_SUBJECT}", _occupation),
    (rf"what (?:does|did) {_SUBJECT} do for a living|what (?:is|was) (?P<x2>.+) by (?:profession|trade)", _occupation),
    (rf"(?:what|which) country (?:is|was|does) {_SUBJECT} (?:come )?from|(?:what|which) is the country of citizenship of (?P<x2>.+)", _nationality),
    (rf"in (?:which|what) country (?:is|was) {_SUBJECT}(?: located| situated)?|(?:which|what) country is (?P<x2>.+) (?:located )?in", _located),
    (rf"when (?:was|were) {_KIND}{_SUBJECT} (?P<made>released|published|founded|established|formed|built|opened|made|written|recorded|produced|launched|created|started)", _released),
    (rf"who (?:is|was|were|are) the (?P<role>[\w-]+?)s? of {_KIND}{_SUBJECT}", _maker),
)  # fmt: skip
