"""Questions about a described thing ("the mother of the director of X"): which description is to be found first.

The innermost description becomes a part that is asked for as a name alone, and its answer is put in its place. A
question is taken apart only where it is surely of this form; titles are full of words that look like one.
"""

from __future__ import annotations

import re

from lottery_chat.planner.clauses import described_by_clause
from lottery_chat.planner.values import Part

#: Capital letters of the Latin, Greek and Cyrillic scripts, for a class of a regular expression.
UPPER = "A-Z" + "".join(letter for code in range(0xC0, 0x530) if (letter := chr(code)).isupper())

_KIN = r"father|mother|husband|wife|spouse|son|daughter|child|brother|sister|sibling|parent|partner"
_MAKER = (
    r"director|performer|composer|author|writer|producer|singer|founder|co-founder|creator|inventor|architect|painter|screenwriter"
    r"|publisher|developer|designer|manufacturer|discoverer|lyricist|songwriter|playwright|sculptor|illustrator|translator|presenter"
    r"|editor|owner|conductor|narrator|builder|artist"
)
_OFFICE = r"president|mayor|captain|coach|manager|chairman|chairwoman|chief executive|ceo|principal|head|leader|king|queen|governor|prime minister"
_THING = r"capital|birthplace|hometown|alma mater|parent company|record label|headquarters"
_RANKED = (
    r"executive|assistant|associate|deputy|vice|head|chief|lead|main|first|second|third|last|original|former|current"
)
ROLE = rf"(?:(?:(?:{_RANKED}) )?(?:{_KIN}|{_MAKER}|{_OFFICE}|{_THING}))"
#: Kinship by definition, two steps each. What has more than one reading (uncle, step-mother) is not here.
_KINSHIP = {
    "paternal grandfather": "father of the father", "paternal grandmother": "mother of the father",
    "maternal grandfather": "father of the mother", "maternal grandmother": "mother of the mother",
    "father-in-law": "father of the spouse", "mother-in-law": "mother of the spouse",
}  # fmt: skip
_LINKED = "|".join(_KINSHIP)

#: Where a name begins: a capital, a digit, a quotation mark, or a part's answer.
_BEGINS = rf"(?=[\"“‘'(¿¡]?[{UPPER}0-9]|\.{{3}}|#\d)"
_NOT_KIND = (
    r"(?!(?:of|and|or|who|whom|whose|which|that|where|when|in|on|at|with|from|by|to|for|is|was|are|were|has|had|did)\s)"
)
_DESCRIBED = re.compile(
    rf"(?:\b[Tt]he )?\b(?P<role>{ROLE}) of (?P<kind>(?:the )?(?:{_NOT_KIND}[a-z][\w-]* ){{0,3}}){_BEGINS}(?P<rest>.+)$"
)
_AUX = r"(?:is|was|were|are|did|does|do|has|had)"
_ASKS = (
    r"(?:who|what|where|when|why|which|how|in (?:which|what)|at (?:which|what)|on (?:which|what)|from (?:which|what))"
)
#: What may stand before a description: a question word and lower-case words that end in a verb, in "of", or a noun.
_BEFORE = re.compile(rf"^(?i:{_ASKS})\b(?P<words>(?:[ ][a-z'-]+)*?)(?:[ ](?P<aux>{_AUX})|[ ](?P<of>of)|[ ]that)?$")
_TAIL = re.compile(
    r"\s+(?P<tail>(?:(?:is|was|comes?|came|originates?) )?from|born(?: in)?|die[ds]?(?: of| from| in)?|(?:been )?buried(?: in| at)?|graduated?(?: from| at)?"
    r"|stud(?:y|ied)(?: at| in)?|work(?:s|ed)?(?: at| for| in| as)?|live[sd]?(?: in)?|educated(?: at| in)?|win|won|receive[sd]?|got|get|earn(?:ed|s)?"
    r"|gain(?:ed)?|marr(?:y|ied)(?: to)?|attend(?:ed)?|belongs?(?: to)|play(?:s|ed)? for|grow up(?: in)?|grew up in|raised(?: in)?|have|hold|held)$"
)
_OWNS = re.compile(r"\s?['’]s (?P<thing>[a-z][a-z -]*)$")
_OPEN_QUOTE = {'"': '"', "“": "”", "‘": "’"}
_JOINS = frozenset(
    "of the a an in on at and & de la le les du des di da del von van der den und y e et to for with".split()
)
_VACUOUS = re.compile(rf"^(?:who|what|which)(?: {_AUX})? (?:the name of )?#\d+(?: called)?$", re.IGNORECASE)


def nested_parts(question: str) -> tuple[Part, ...]:
    """Return the parts of a question about a described thing, each needing the one before; empty if it is not one."""
    left = _without_possessive(question.strip().rstrip("?").strip())
    left = re.sub(rf"\b({_LINKED}) of\b", lambda match: _KINSHIP[match.group(1)] + " of", left)
    left = re.sub(r"\b([Ww]hat|[Ww]ho) (is|was) the name of the ", r"Who \2 the ", left)
    parts: list[Part] = []
    while len(parts) < 4:
        found = _innermost(left) or described_by_clause(left)
        if found is None:
            break
        description, described = found
        following = f"#{len(parts) + 1}"
        after = _tidied(left.replace(described, following, 1))
        if _VACUOUS.match(after):
            break
        parts.append(Part(description, _needs(description), brief=True))
        left = after
    if not parts:
        return ()
    return (*parts, Part(left + "?", _needs(left)))


def _needs(text: str) -> tuple[int, ...]:
    return tuple(int(number) - 1 for number in re.findall(r"#(\d)", text))


def _innermost(question: str) -> tuple[str, str] | None:
    """(the question for the description, the description as it stands), or None when the form is not sure."""
    match = _DESCRIBED.search(question)
    if match is None:
        return None
    before = question[: match.start()].strip()
    form = _BEFORE.match(_outer_removed(before))
    name = _name(match["rest"], bool(match["kind"].replace("the ", "")), form) if form else None
    if name is None:
        return None
    described = question[match.start() : match.start("rest") + len(name)]
    asks = "What" if re.fullmatch(_THING, match["role"]) else "Who"
    return f"{asks} is the {match['role']} of {match['kind']}{name}?", described


def _outer_removed(before: str) -> str:
    """What stands before all descriptions: "When did the mother of" before "the director of X" is "When did"."""
    return re.sub(rf"(?: the)? {ROLE} of$", "", re.sub(rf"(?:(?: the)? {ROLE} of)+$", "", before))


def _name(rest: str, titled: bool, form: re.Match[str]) -> str | None:
    """The name at the beginning of `rest`, when it is sure where it ends.

    A title after "film" or "song" runs to the end, or to the verb that the question's own verb needs.
    """
    closing = _OPEN_QUOTE.get(rest[0])
    if closing and closing in rest[1:]:
        return rest[: rest.index(closing, 1) + 1]
    if part := re.match(r"#\d", rest):
        return part.group(0)
    if owned := _OWNS.search(rest):
        return rest[: owned.start()]
    # "married to the creator of …": the description is the object, nothing of the question comes after it.
    takes = form["of"] or re.search(r"\b(?:to|with|by|for|at|against|than)$", form["words"])
    noun_last = form["aux"] is None and not takes
    needs_tail = noun_last or form["aux"] in ("did", "does", "do", "has", "had")
    tail = _TAIL.search(rest)
    if tail and not takes:
        name = rest[: tail.start()]
    elif needs_tail:
        name = _capitals(rest)
        if noun_last or len(name) == len(rest) or re.match(r"\s*(?:[,.]|(?:in|on|of|at|by|to)\b)", rest[len(name) :]):
            return None
    else:
        name = rest
    return name if _is_name(name, titled) else None


def _is_name(name: str, titled: bool) -> bool:
    if len(name.split()) > 14 or re.search(r"[,;]\s*(?:who|which|that|when|where|and|but|in)\b", name):
        return False
    if re.search(rf"\b(?:who|whose|whom|which)\b|\band (?:the )?{ROLE}\b|\bor\b", name):
        return False
    return titled or all(word in _JOINS or not word[0].islower() for word in name.split())


def _capitals(text: str) -> str:
    """The run of capitalised words at the beginning of a text, with the small words between them."""
    end = 0
    for word in re.finditer(r"\S+", text):
        if word.group(0)[0].islower() and word.group(0) not in _JOINS:
            break
        if not word.group(0)[0].islower():
            end = word.end()
    return text[:end].rstrip(",")


def _without_possessive(question: str) -> str:
    """ "When did Anna Berg's father die" as "When did the father of Anna Berg die"."""
    pattern = (
        rf"^(?P<before>(?i:{_ASKS})\b(?: [a-z'-]+)*?) (?P<name>[\"“]?[{UPPER}0-9][^?]*?)(?:['’]s|(?<=s)['’]) "
        rf"(?P<role>{ROLE}|{_LINKED})(?P<owns>['’]s)?(?P<rest>\b.*)$"
    )
    match = re.match(pattern, question)
    if match is None or re.search(r"['’]s |\b(?:who|whom|whose|that|where|which)\b", match["name"]):
        return question
    return f"{match['before']} the {match['role']} of {match['name']}{match['owns'] or ''}{match['rest']}"


def _tidied(question: str) -> str:
    """A question with #1 in it as one would ask it: "Which country #1 is from" is "Which country is #1 from"."""
    text = re.sub(r"(#\d) (['’]s)", r"\1\2", question)
    text = re.sub(r"^(\w+ \w+) (?:that )?(#\d) (is|was) (\w+)$", r"\1 \3 \2 \4", text)
    return re.sub(r"(?:\bthe )?(?=#\d)", "", text)
