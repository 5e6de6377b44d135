"""Questions that compare two named things: the same is asked of each, and code compares the answers.

Five forms: which of two is first in some order; which of two has a maker who is; whether two are the same in
something; what two have in common; whether something holds for both (both_are.py). The schedule's last parts are the answers that are compared, in the order of the names.
"""

from __future__ import annotations

import re

from lottery_chat.planner.both_are import both_are
from lottery_chat.planner.nesting import ROLE, UPPER
from lottery_chat.planner.values import Comparison, Part, Schedule, Want

_MADE = (
    r"born|built|founded|established|published|released|made|written|opened|created|invented|formed|started|launched"
    r"|introduced|constructed|completed|produced|recorded|discovered|elected|settled|incorporated"
)
_FIRST, _LAST = (
    r"(?:the )?(?:first|earlier|earliest|before)",
    r"(?:the )?(?:last|later|latest|after|more recently|most recently)",
)
_THAN = r"(?: than the other(?: one)?| of the two)?"
_WORKS = r"films?|movies?|songs?|albums?|singles?|documentar(?:y|ies)|series|shows?|games?"
_BOOKS = r"books?|novels?|plays?|poems?|magazines?|newspapers?|journals?|comics?"
_PEOPLE = r"persons?|people|man|woman|men|women|boys?|girls?|actors?|actress(?:es)?|singers?|directors?|writers?|authors?|players?|poets?|musicians?|politicians?|scientists?|artists?"
_AGE = "age"

#: comparative or superlative -> (question asked of each name, which end wins). {x} is the name.
_COMPARATIVES: tuple[tuple[str, str, Want], ...] = (
    (rf"(?:(?:is|was)\s+)?(?:the )?(?:older|oldest|elder){_THAN}", _AGE, "smallest"),
    (rf"(?:(?:is|was)\s+)?(?:the )?(?:younger|youngest|newer|newest){_THAN}", _AGE, "largest"),
    (rf"(?:(?:was|were|is|has been) )?(?P<made1>{_MADE}) {_FIRST}{_THAN}", "When was {x} {made1}?", "smallest"),
    (rf"(?:(?:was|were|is|has been) )?(?P<made2>{_MADE}) {_LAST}{_THAN}", "When was {x} {made2}?", "largest"),
    (rf"(?:came|come|comes) out {_FIRST}", "When was {x} released?", "smallest"),
    (rf"(?:came|come|comes) out {_LAST}", "When was {x} released?", "largest"),
    (rf"(?:died|die|dies) {_FIRST}{_THAN}", "When did {x} die?", "smallest"),
    (rf"(?:died|die|dies) {_LAST}{_THAN}", "When did {x} die?", "largest"),
    (r"(?:is )?(?:the )?(?:taller|tallest|higher|highest)", "How tall is {x}?", "largest"),
    (r"(?:is )?(?:the )?(?:larger|largest|bigger|biggest)", "How large is {x}?", "largest"),
    (r"(?:is )?(?:the )?(?:smaller|smallest)", "How large is {x}?", "smallest"),
    (r"(?:is )?(?:the )?(?:longer|longest)|(?:takes|lasts|last|take) (?:longer|longest)", "How long is {x}?", "largest"),
    (r"(?:is )?(?:the )?(?:shorter|shortest)", "How long is {x}?", "smallest"),
    (r"(?:is )?(?:the )?(?:heavier|heaviest)", "How heavy is {x}?", "largest"),
    (r"(?:is )?(?:the )?(?:lighter|lightest)", "How heavy is {x}?", "smallest"),
    (r"(?:is )?(?:the )?(?:faster|fastest)", "How fast is {x}?", "largest"),
    (r"(?:is )?(?:the )?(?:slower|slowest)", "How fast is {x}?", "smallest"),
    (r"(?:is )?(?:more expensive|most expensive|dearer)|costs? (?:more|most)", "How much does {x} cost?", "largest"),
    (r"(?:is )?(?:cheaper|cheapest|less expensive)|costs? (?:less|least)", "How much does {x} cost?", "smallest"),
    (r"(?P<verb1>opens?|starts?|begins?|leaves?|arrives?|closes?|ends?) (?:earlier|earliest|first|sooner)", "When does {x} {verb1}?", "smallest"),
    (r"(?P<verb2>opens?|starts?|begins?|leaves?|arrives?|closes?|ends?) (?:later|latest|last)", "When does {x} {verb2}?", "largest"),
    (r"has (?:more|the most) (?P<noun1>(?:\w+ ){0,2}(?:\w+s|people|children|men|women))", "How many {noun1} does {x} have?", "largest"),
    (r"has (?:fewer|less|the fewest|the least) (?P<noun2>(?:\w+ ){0,2}(?:\w+s|people|children|men|women))", "How many {noun2} does {x} have?", "smallest"),
)  # fmt: skip
_LIVED = r"(?:lived|live) (?:the )?(?:longer|longest)|had (?:a|the) (?:longer|longest) life"

#: what two things are "the same" in -> the question asked of each.
_ATTRIBUTES: tuple[tuple[str, str], ...] = (
    (r"(?:of|having|have|has|with|share|shares|had) (?:the same |a )?nationalit(?:y|ies)", "What is the nationality of {x}?"),
    (r"(?:come |comes |originate |originates |both )?from the same country(?: of origin)?", "Which country is {x} from?"),
    (r"(?:located|situated|based|set|found|filmed|made|produced) in the same country|in the same country", "In which country is {x} located?"),
    (r"(?:located|situated|based) in the same (?P<place>city|town|state|county|province|region|district)|in the same (?P<place2>city|town|state|county|province|region|district)", "In which {place} is {x} located?"),
    (r"born in the same (?P<where>city|town|state|country|place)", "Where was {x} born?"),
    (r"born in the same year", "When was {x} born?"),
    (r"(?:released|published) in the same year", "When was {x} released?"),
    (r"(?:have|share|had|having) (?:the same |a )(?:occupation|profession|job)s?", "What is the occupation of {x}?"),
)  # fmt: skip

_NOUNS = r"(?P<kind>[a-z][\w -]*?)"
_ROLES = rf"(?P<role>{ROLE})s?"


def comparison_schedule(question: str) -> Schedule | None:
    """Return the schedule of a question that compares two named things, or None when it is not surely one."""
    text = re.sub(r"\s+", " ", question).strip().rstrip("?").strip()
    return _of_makers(text) or _of_lives(text) or _of_two(text) or _sameness(text) or _shared(text) or both_are(text)


def _pair(text: str, words: tuple[str, ...] = ("or", "and")) -> tuple[str, str] | None:
    """The two names of "A or B"; None when it is not clear where one ends ("Levy and Son and Rain")."""
    text = re.sub(r"^(?:between|either|both|out of|:)\s+", "", text.strip(" ,:;"))
    for word in words:
        sides = re.split(rf",?\s+{word}\s+", text)
        if len(sides) == 2 and all(side.strip() for side in sides):
            return sides[0].strip(" ,"), sides[1].strip(" ,")
        if len(sides) > 2:
            return None
    return None


def _forms(predicate: str, subject: str) -> tuple[str, ...]:
    """The ways to ask which of two things a predicate is true of; group `pair` holds both names."""
    return (
        rf"^{subject}\s+(?P<pred>{predicate})\s*(?:[,:]|\b(?:between|out of|among)\b)\s*(?P<pair>.+)$",
        rf"^(?:(?:between|out of|of)\s+)?(?P<pair>.+?)\s*[,:]\s*{subject}\s+(?P<pred>{predicate})$",
    )


_WHICH = (
    r"(?P<which>which|who|what)(?: one)?(?P<of>\s+of the (?:two|following))?(?:\s+(?P<noun>[\w -]+?))??(?: that| who)?"
)


def _of_two(text: str) -> Schedule | None:
    for pattern, ask, want in _COMPARATIVES:
        for form in _forms(pattern, _WHICH):
            match = re.match(form, text, re.IGNORECASE)
            names = _pair(match["pair"]) if match else None
            if match and names:
                return _compare(match, names, ask, want)
        inverted = re.match(
            rf"^(?:did|was|is|were|does) (?P<pair>.+? or .+?) (?P<pred>{pattern})$", text, re.IGNORECASE
        )
        names = _pair(inverted["pair"], ("or",)) if inverted else None
        if inverted and names and names[0][0].isupper() and names[1][0].isupper():
            return _compare(inverted, names, ask, want)
    return None


def _compare(match: re.Match[str], names: tuple[str, str], ask: str, want: Want) -> Schedule:
    groups = {name: value for name, value in match.groupdict().items() if value}
    head = groups.get("noun", "").strip()
    if groups.get("of"):
        # "Which of the two depots": each of them is one depot.
        head = re.sub(r"(?<=[a-z])s$", "", re.sub(r"ies$", "y", head))
    whole = tuple(_whole_name(name, head, names[1]) for name in names)
    asked = _age(groups.get("which", "who"), head) if ask is _AGE else ask
    parts = tuple(Part(asked.format(x=name, **_fills(groups))) for name in whole)
    return Schedule(parts, "compare", Comparison(whole, want, groups["pred"].strip()))


def _fills(groups: dict[str, str]) -> dict[str, str]:
    fills = {key: groups.get(key, "") for key in ("made1", "made2", "noun1", "noun2")}
    fills |= {key: groups.get(key, "").rstrip("s") for key in ("verb1", "verb2")}
    return {key: value.lower() for key, value in fills.items()}


def _age(which: str, noun: str) -> str:
    """ "older" of people is about birth, of things about when they were made; a name alone cannot tell."""
    if which.lower() == "who" or re.search(rf"\b(?:{_PEOPLE})$", noun, re.IGNORECASE):
        return "When was {x} born?"
    if re.search(rf"\b(?:{_WORKS})$", noun, re.IGNORECASE):
        return "When was {x} released?"
    if re.search(rf"\b(?:{_BOOKS})$", noun, re.IGNORECASE):
        return "When was {x} published?"
    return "How old is {x}, or when was {x} born or made?"


def _whole_name(name: str, head: str, last: str) -> str:
    """ "the blue or the red one" after "which depot": the blue depot, the red depot."""
    if re.search(r"\bone$", name, re.I) and head:
        return re.sub(r"\bone$", head, name, flags=re.I)
    bare = re.match(r"^the\s+[a-z]+$", name)
    if bare and head:
        return f"{name} {head}"
    tail = re.match(r"^the\s+[a-z]+\s+([a-z]+)$", last)
    if bare and tail and name != last:
        return f"{name} {tail.group(1)}"
    return name


def _of_makers(text: str) -> Schedule | None:
    """ "Which film has the older director, A or B": who made each, then the same asked of both."""
    subject = rf"(?:which|what) {_NOUNS}(?:,? (?:whose|has a|has the|had the|with the|has)| with) {_ROLES}(?: (?:who|that|which))?"
    for pattern, ask, want in _COMPARATIVES:
        for form in _forms(pattern, subject):
            match = re.match(form, text, re.IGNORECASE)
            names = _pair(match["pair"]) if match else None
            if match is None or names is None:
                continue
            groups = {name: value for name, value in match.groupdict().items() if value}
            asked = "When was {x} born?" if ask is _AGE else ask
            makers = tuple(_maker(match["role"], match["kind"], name) for name in names)
            parts = tuple(Part(asked.format(x=f"#{n}", **_fills(groups)), (n - 1,)) for n in (1, 2))
            return Schedule((*makers, *parts), "compare", Comparison(names, want, match["pred"].strip()))
    return None


def _maker(role: str, kind: str, name: str) -> Part:
    noun = re.sub(r"^(?:the|both|two) ", "", kind.strip().lower())
    known = re.search(rf"\b({_WORKS}|{_BOOKS})$", noun)
    head = re.sub(r"(?<=[a-z])s$", "", known.group(1)) + " " if known and known.group(1) != "series" else ""
    return Part(f"Who is the {role.lower()} of {head}{name.rstrip('?')}?", brief=True)


def _of_lives(text: str) -> Schedule | None:
    """ "Who lived longer, A or B": birth and death of each; the longer span wins."""
    for form in _forms(_LIVED, _WHICH):
        match = re.match(form, text, re.IGNORECASE)
        names = _pair(match["pair"]) if match else None
        if match and names:
            parts = tuple(
                Part(ask.format(x=name)) for name in names for ask in ("When was {x} born?", "When did {x} die?")
            )
            return Schedule(parts, "compare", Comparison(names, "largest", match["pred"].strip(), each=2))
    return None


_ARE = r"(?:are|were|is|was|do|did|does|have|had)"


def _sameness(text: str) -> Schedule | None:
    for pattern, ask in _ATTRIBUTES:
        found = re.match(
            rf"^{_ARE}\s+(?P<subjects>.+?)(?:\s*,)?(?:\s+(?:both|all|each))?(?:\s+(?:being|that are|who are))?\s+(?P<pred>{pattern})$",
            text,
            re.IGNORECASE,
        )
        if found is None or (
            re.search(r"nationalit|occupation|profession|job", pattern) and "same" not in found["pred"]
        ):
            continue
        place = next((found[key] for key in ("place", "place2") if key in found.groupdict() and found[key]), "")
        asked = ask.replace("{place}", place)
        subjects = re.sub(r"^both\s+", "", found["subjects"].strip())
        schedule = _same_makers(subjects, asked, found["pred"]) or _same_two(subjects, asked, found["pred"])
        if schedule is not None:
            return schedule
    return None


_TRADE = r"(?P<what>occupation|profession|job|nationality)(?:s|ies)?"
_SHARED = (
    rf"(?:what|which) {_TRADE} (?:do|did|does) (?P<pair>.+?) (?:both )?(?:have|share|hold|had|shared|held)(?: in common)?",
    rf"(?:what|which) (?:common |shared )?{_TRADE} (?:is|was|are|were) (?:shared by|common to) (?P<pair>.+)",
    rf"(?:what|which) (?:is|are|was|were) the (?:common|shared) {_TRADE} of (?P<pair>.+)",
    rf"(?P<pair>.+?) (?:both )?(?:share|shared|have in common|had in common) (?:what|which) {_TRADE}",
)


def _shared(text: str) -> Schedule | None:
    """ "What occupation do A and B share": what each has is asked, and code takes what stands in both answers."""
    for form in _SHARED:
        match = re.fullmatch(form, text, re.IGNORECASE)
        names = _pair(match["pair"], ("and",)) if match else None
        if match and names and all(re.match(rf"[{UPPER}\"“]", name) for name in names):
            what = match["what"].lower()
            parts = tuple(Part(f"What is the {what} of {name}?") for name in names)
            return Schedule(parts, "compare", Comparison(names, "common", what))
    return None


def _same_two(subjects: str, ask: str, pred: str) -> Schedule | None:
    # "both villages, A and B," and "both films A and B": a noun before the names says only what they are.
    subjects = re.sub(rf"^(?:the )?(?:two )?[a-z][a-z -]*?s(?:,| :|:| )\s*(?=[{UPPER}0-9.\"“¿¡])", "", subjects)
    names = _pair(subjects, ("and",))
    if names is None or not all(re.match(rf"(?:the )?[{UPPER}0-9.\"“'‘(¿¡]", name) for name in names):
        return None
    parts = tuple(Part(ask.format(x=name)) for name in names)
    return Schedule(parts, "compare", Comparison(names, "same", pred))


def _same_makers(subjects: str, ask: str, pred: str) -> Schedule | None:
    """ "the directors of both films A and B", "director of film A and director of film B", "films A and B have the directors that"."""
    noun = rf"(?P<kind>(?:{_WORKS}|{_BOOKS}))"
    for form in (
        rf"^(?:the )?(?:both )?{_ROLES} of (?:the )?(?:both )?(?:the )?(?:{noun}[:,]? )?(?P<pair>.+)$",
        rf"^(?:the )?(?:both )?{noun}[:,]? (?P<pair>.+?),? (?:have|has|had|with) (?:the )?{_ROLES}(?: (?:that|who|which)(?: (?:are|is|were|was|have|has|come))?)?$",
    ):
        match = re.match(form, subjects, re.IGNORECASE)
        if match is None:
            continue
        second = rf"^(?:the )?{ROLE} of (?:the )?(?:(?:{_WORKS}|{_BOOKS}) )?"
        names = _pair(match["pair"], ("and",))
        if names is None:
            sides = re.split(rf" and (?=(?:the )?{ROLE} of )", match["pair"])
            names = (sides[0], sides[1]) if len(sides) == 2 else None
        if names is None:
            return None
        names = (names[0], re.sub(second, "", names[1]))
        makers = tuple(_maker(match["role"], match["kind"] or "", name) for name in names)
        parts = tuple(Part(ask.format(x=f"#{n}"), (n - 1,)) for n in (1, 2))
        return Schedule((*makers, *parts), "compare", Comparison(names, "same", pred))
    return None
