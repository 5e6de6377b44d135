"""Read a story of simple facts, sentence by sentence: who went where, took, put down, gave, is what, lies where.

A grammar of whole sentences: what has one word too many (wanted to, did not, almost) is not read, and is kept as unread
with the names in it, so that nothing is decided past a sentence that might change it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lottery_chat.planner.long_material import Spoken

Kind = Literal["move", "leave", "take", "drop", "put", "give", "at", "not at", "beside", "more", "is a", "kinds", "is"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing told. `who`, `what`, `other` depend on the kind; `when` orders the facts, `number` is the sentence.

    move: who to what · leave: who from what · take, drop: who, what · put: who, what, into other · give: who, what,
    to other · at: who in one of what ("a|b") · beside: who is other (a direction) of what · more: who is more than
    what in other · is a: who, kind what · kinds: every who does other to what · is: who, quality what
    """

    kind: Kind
    who: str
    what: str
    other: str
    number: int
    when: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Story:
    """The facts in the order in which they happened, and the sentences that were not read, with words they hold."""

    sentences: tuple[Spoken, ...]
    facts: tuple[Fact, ...]
    unread: tuple[tuple[int, str], ...]

    def sentence(self, number: int) -> Spoken:
        """The sentence of this number (from 1)."""
        return self.sentences[number - 1]


#: Begins the entry of an unread sentence that tells a deed of nobody knows whom.
SOMEBODY = "?"
_TIMES = (
    ("the day before yesterday", -1), ("yesterday", 0), ("last night", 0), ("this morning", 1), ("at noon", 2),
    ("this afternoon", 3), ("this evening", 4), ("tonight", 5),
)  # fmt: skip
_TIME = re.compile(rf"(?:^|\s|,\s*)(?P<time>{'|'.join(name for name, _ in _TIMES)})(?=$|[\s,])", re.IGNORECASE)
_NOON = dict(_TIMES)
_LINK = re.compile(
    r"^(?:(?:and |but )?(?:then|next|later|later on|afterwards?|after this|after that|following that|following this|finally|meanwhile|soon|soon after|"
    r"a moment later|suddenly|eventually|first|in the end|shortly after(?:wards)?)\b,?\s+)+",
    re.IGNORECASE,
)
_NAME = r"(?:[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,2}|(?i:the|a|an|my|his|her|their|our) [\w'’-]+(?: [\w'’-]+){0,3}?)"
_WHO = rf"(?P<who>(?:{_NAME})(?:(?:, | and |, and )(?:{_NAME})){{0,4}}|[Hh]e|[Ss]he|[Tt]hey|[Ii]t|[Bb]oth)"
_THING = r"(?:(?:the|a|an|his|her|their|my|its|some|that|this) )?{0}"
_NOUN = r"[\w'’-]+(?: (?!to\b|and\b|for\b|with\b|from\b|where\b|when\b|because\b|but\b|then\b|that\b|which\b|who\b|in\b|into\b|on\b|at\b|so\b|or\b|than\b)[\w'’-]+){0,3}"


def _thing(name: str) -> str:
    return rf"(?:(?i:the|a|an|his|her|their|my|its|some|that|this) )?(?P<{name}>{_NOUN})"


def _carried(name: str) -> str:
    """A thing with its article: "got tired" takes nothing."""
    return rf"(?i:the|a|an|his|her|their|my|its|some|that|this|both|two|three) (?P<{name}>{_NOUN})"


_WAYS = (
    "went|goes|moved|moves|travelled|traveled|travels|journeyed|walked|walks|ran|runs|drove|drives|flew|flies|cycled|rode|sailed|headed|returned|returns|hurried|"
    "strolled|climbed|came|comes|rushed|wandered|marched|jogged|proceeded|swam|crawled|stepped|sneaked|hiked|raced|dashed|limped|skipped|trotted|migrated|relocated"
)
_ON_THE_WAY = r"(?: (?:back|over|up|down|out|on|along|straight|directly|quickly|slowly|home again|together|again))*"
_TAKE = "took|takes|got|gets|grabbed|grabs|picked up|picks up|collected|collects|fetched|fetches|lifted|seized|snatched|retrieved|acquired|pocketed"
_DROP = (
    "dropped|drops|put down|puts down|discarded|set down|laid down|abandoned|released|let go of|threw away|got rid of"
)
_GIVE = "gave|gives|handed|hands|passed|passes|lent|sold|threw|tossed|offered|delivered|returned"
_SIDES = (
    r"(?:to the )?(?P<side>north|south|east|west|northeast|northwest|southeast|southwest|left|right)(?: side)? of"
    r"|(?:directly )?(?P<level>above|below|under|underneath|beneath|over|on top of)"
)
#: adjective -> (scale, whether the first is more)
_SCALES: dict[str, tuple[str, bool]] = {
    **dict.fromkeys(("bigger", "larger", "greater"), ("size", True)), "smaller": ("size", False),
    "taller": ("height", True), "higher": ("height", True), "lower": ("height", False), "longer": ("length", True), "heavier": ("weight", True),
    "lighter": ("weight", False), "older": ("age", True), "younger": ("age", False), "faster": ("speed", True), "quicker": ("speed", True),
    "slower": ("speed", False), "richer": ("money", True), "poorer": ("money", False), "stronger": ("strength", True), "weaker": ("strength", False),
    "wider": ("width", True), "narrower": ("width", False), "deeper": ("depth", True), "hotter": ("heat", True), "colder": ("heat", False),
    "warmer": ("heat", True), "louder": ("noise", True), "quieter": ("noise", False),
}  # fmt: skip
COMPARATIVES = "|".join(_SCALES)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"^{pattern}$"))
    for name, pattern in (
        ("give", rf"{_WHO} (?:{_GIVE}) {_carried('what')}(?: (?:back|over))? to {_thing('other')}"),
        ("give", rf"{_WHO} (?:{_GIVE}) (?P<other>[A-Z][\w'’-]*) (?i:the|a|an|his|her|some) (?P<what>{_NOUN})"),
        ("put", rf"{_WHO} (?:put|puts|placed|left|laid|dropped|hid|stored|set) {_carried('what')} (?:in|into|inside|on|onto|at) {_thing('other')}"),
        ("move", rf"{_WHO} (?:{_WAYS}){_ON_THE_WAY}(?: from {_THING.format(_NOUN)})? (?:to|into|onto|inside) {_thing('what')}"),
        ("move", rf"{_WHO} (?:entered|enters|reached|reaches|visited|visits|arrived (?:at|in)|arrives (?:at|in)) {_thing('what')}"),
        ("move", rf"{_WHO} (?:went|came|walked|ran|drove|returned|hurried)(?: back)? (?P<what>home)"),
        ("take", rf"{_WHO} (?:{_TAKE}) {_carried('what')}(?: up)?"),
        ("take", rf"{_WHO} (?:picked|picks) {_carried('what')} up"),
        ("drop", rf"{_WHO} (?:{_DROP}) {_carried('what')}"),
        ("drop", rf"{_WHO} (?:put|puts|set|laid) {_carried('what')} down"),
        ("left", rf"{_WHO} (?:left|leaves) {_thing('what')}(?: behind)?"),
        ("not at", rf"{_WHO} (?:is|was|are|were) (?:not|no longer|not any ?more) (?:in|at|inside|on) {_thing('what')}"),
        ("either", rf"{_WHO} (?:is|was|are|were) either (?:in|at|inside|on) {_thing('what')} or (?:(?:in|at|inside|on) )?{_thing('other')}"),
        ("beside", rf"{_WHO} (?:is|was|lies|stands|sits) (?:{_SIDES}) {_thing('what')}"),
        ("at", rf"{_WHO} (?:is|was|are|were|stays|stayed|waits|waited|sits|sat|lies|lay) (?:now |still |currently |back )?(?:in|at|inside|on) {_thing('what')}"),
        ("more", rf"{_WHO} (?:is|was|are|were) (?:much |a bit |a little )?(?P<than>{COMPARATIVES}) than {_thing('what')}"),
        ("fits", rf"{_WHO} (?:fits|fit) (?:in|into|inside|within) {_thing('what')}"),
        ("kinds", r"(?P<who>[A-Z]?[a-z]+) are (?P<other>[a-z]+ (?:of|by|to|with)) (?P<what>[a-z]+)"),
        ("kinds", r"(?P<who>[A-Z]?[a-z]+s|[Mm]ice|[Ss]heep|[Gg]eese) (?P<other>fear|eat|chase|hunt|like|love|hate|avoid|follow) (?P<what>[a-z]+)"),
        ("is a", r"(?P<who>[A-Z][\w'’-]*) (?:is|was) (?:a|an) (?P<what>[a-z-]+)"),
        ("is", rf"{_WHO} (?:is|was|feels|felt|became|got) (?:very |so |quite )?(?P<what>[a-z]+)"),
    )
)  # fmt: skip


#: "took the bus" takes nothing along, "in a hurry" and "on Monday" are no places.
_NOT_TAKEN = frozenset(
    "bus train tram taxi cab ferry plane subway metro nap picture photo photograph seat break look shower bath walk turn time rest "
    "chance risk exam test lead advice offer hint joke decision lift blame day week while hold idea impression feeling".split()
)
_NO_PLACE = re.compile(
    r"\b(?:love|trouble|hurry|danger|debt|charge|tears|shock|pain|time|duty|holiday|vacation|fire|sale|sleep|war|mood|way|list|phone|diet|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|april|june|july|august|september|october|november|december|spring|"
    r"summer|autumn|winter|morning|evening|afternoon|end|beginning)\b|\d|\w (?:\w+ )*\w+(?:ing|ed|ly)$"
)


#: Subjects that are no one in particular.
_NOBODY = frozenset(
    "nobody everyone everybody someone somebody anyone no-one none one all this that there these those what who both each some many "
    "few most others other people i you we if when while after before because".split()
)


def plain(phrase: str) -> str:
    """A phrase as it is compared: lower case, no article."""
    return re.sub(r"^(?:the|a|an|his|her|their|my|its|some|that|this|our) ", "", " ".join(phrase.lower().split()))


def _split_names(phrase: str) -> list[str]:
    return [plain(one) for one in re.split(r", and |, | and ", phrase) if one.strip()]


def read_story(sentences: Sequence[Spoken]) -> Story:
    """Read what can be read; the rest is kept as unread."""
    facts: list[Fact] = []
    unread: list[tuple[int, str]] = []
    last: tuple[int, tuple[str, ...]] = (-1, ())
    for one in sentences:
        if one.text.endswith("?"):
            continue
        body, when = _timed(one)
        found = list(_facts(body, one.number, when, last[1] if last[0] == one.number - 1 else ()))
        if not found:
            # A pronoun speaks of whom the sentence before spoke of.
            somebody = SOMEBODY if last[0] != one.number - 1 and _deed_of_pronoun(body) else ""
            about = " ".join(last[1]) if re.match(r"(?:he|she|they|it|his|her|their)\b", body, re.I) else ""
            unread.append((one.number, f"{somebody} {_words(one.text)} {about} "))
            if about:
                last = (one.number, last[1])
            continue
        facts += found
        last = (one.number, tuple(dict.fromkeys(fact.who for fact in found)))
    return Story(tuple(sentences), tuple(sorted(facts, key=lambda fact: fact.when)), tuple(unread))


def _deed_of_pronoun(body: str) -> bool:
    """Whether a sentence tells a deed of somebody ("she went to the pier") whom no sentence before it names."""
    return any(fact.kind not in ("is", "is a") for fact in _facts(body, 0, (0, 0), ("somebody",)))


def _words(text: str) -> str:
    return " ".join(re.findall(r"[\w'’-]+", text.lower()))


def _timed(one: Spoken) -> tuple[str, tuple[int, int]]:
    """The sentence without words of time and order, and when it happened; 99 where no time is named."""
    body = one.text.strip().rstrip(".!; ")
    day = 99
    if len(body) <= 200 and (match := _TIME.search(body)):
        day = _NOON[match["time"].lower()]
        body = (body[: match.start()] + body[match.end() :]).strip(" ,")
    body = _LINK.sub("", body).strip(" ,")
    return re.sub(r" (?:there|here)$", "", body), (day, one.number)


def _facts(body: str, number: int, when: tuple[int, int], before: tuple[str, ...]) -> Iterator[Fact]:
    if not body or len(body) > 200:
        return
    for name, pattern in _PATTERNS:
        match = pattern.match(body)
        if match is None:
            continue
        group = match.groupdict()
        named = _split_names(group["who"])
        if _NOBODY & set(named):
            return
        who = list(before) if group["who"].lower() in ("he", "she", "they", "it", "both") else named
        if group["who"].lower() in ("he", "she", "it") and len(who) != 1:
            return
        for subject in who:
            if (fact := _fact(name, subject, group, number, when)) is not None:
                yield fact
        return


def _fact(name: str, who: str, group: dict[str, str | None], number: int, when: tuple[int, int]) -> Fact | None:
    what, other = plain(group.get("what") or ""), plain(group.get("other") or "")
    if name in ("move", "at", "not at", "either") and (_NO_PLACE.search(what) or _NO_PLACE.search(other)):
        return None
    if name in ("take", "drop", "give") and _NOT_TAKEN & set(what.split()):
        return None
    if name == "either":
        return Fact("at", who, f"{what}|{other}", "", number, when)
    if name == "beside":
        side = group.get("side") or {"under": "below", "underneath": "below", "beneath": "below", "over": "above", "on top of": "above"}.get(
            group["level"] or "", group["level"] or ""
        )  # fmt: skip
        return Fact("beside", who, what, side, number, when)
    if name == "more":
        scale, first = _SCALES[group["than"] or ""]
        return Fact("more", who if first else what, what if first else who, scale, number, when)
    if name == "fits":
        return Fact("more", what, who, "size", number, when)
    if name == "is a" and what in ("bit", "lot", "little"):
        return None
    if name == "left":
        return Fact("leave", who, what, "", number, when)  # a thing or a place: known when the story is followed
    return Fact(name, who, what, other, number, when)  # type: ignore[arg-type]


def scale_of(comparative: str) -> tuple[str, bool]:
    """The scale of a comparative, and whether "A is … than B" says that A has more of it."""
    return _SCALES[comparative.lower()]
