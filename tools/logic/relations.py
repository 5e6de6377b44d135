"""Family ties: how two people are related, by composing steps.

A text is taken only if every sentence is a tie (or names nobody that is asked about). What words leave open stays
open: a parent's spouse need not be a parent.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from tools.logic.message import Message

MAX_FACTS = 300


@dataclass(frozen=True, slots=True)
class Told:
    """What was found: the answer ("Unknown" where the text leaves it open), sentences used, every sentence as read."""

    answer: str
    used: tuple[str, ...]
    sentences: tuple[tuple[str, str], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Edge:
    """From one to another by a step, and the sentence that says so."""

    to: str
    step: str
    sentence: str


_NAME = r"[A-Z][\w'’-]*?"
# Family -------------------------------------------------------------------------------------------------------------

#: word → (steps from the second person to the first: U parent, D child, S sibling, M spouse; sex of the first)
_KIN: dict[str, tuple[str, str]] = {
    "father": ("U", "m"), "mother": ("U", "f"), "parent": ("U", ""), "dad": ("U", "m"), "mom": ("U", "f"), "mum": ("U", "f"),
    "son": ("D", "m"), "daughter": ("D", "f"), "child": ("D", ""), "brother": ("S", "m"), "sister": ("S", "f"),
    "sibling": ("S", ""), "husband": ("M", "m"), "wife": ("M", "f"), "spouse": ("M", ""), "grandfather": ("UU", "m"),
    "grandmother": ("UU", "f"), "grandparent": ("UU", ""), "grandson": ("DD", "m"), "granddaughter": ("DD", "f"),
    "grandchild": ("DD", ""), "uncle": ("US", "m"), "aunt": ("US", "f"), "nephew": ("SD", "m"), "niece": ("SD", "f"),
    "cousin": ("USD", ""), "great-grandfather": ("UUU", "m"), "great-grandmother": ("UUU", "f"),
    "great-grandson": ("DDD", "m"), "great-granddaughter": ("DDD", "f"), "great-uncle": ("UUS", "m"),
    "great-aunt": ("UUS", "f"), "father-in-law": ("MU", "m"), "mother-in-law": ("MU", "f"), "son-in-law": ("DM", "m"),
    "daughter-in-law": ("DM", "f"),
}  # fmt: skip
_CALLED: dict[str, tuple[str, str, str]] = {
    "U": ("father", "mother", "parent"), "D": ("son", "daughter", "child"), "S": ("brother", "sister", "sibling"),
    "M": ("husband", "wife", "spouse"), "UU": ("grandfather", "grandmother", "grandparent"),
    "DD": ("grandson", "granddaughter", "grandchild"), "US": ("uncle", "aunt", "uncle or aunt"),
    "SD": ("nephew", "niece", "nephew or niece"), "USD": ("cousin", "cousin", "cousin"),
    "UUU": ("great-grandfather", "great-grandmother", "great-grandparent"),
    "DDD": ("great-grandson", "great-granddaughter", "great-grandchild"),
    "UUS": ("great-uncle", "great-aunt", "great-uncle or great-aunt"),
    "SDD": ("great-nephew", "great-niece", "great-nephew or great-niece"),
    "MU": ("father-in-law", "mother-in-law", "parent-in-law"), "DM": ("son-in-law", "daughter-in-law", "child-in-law"),
    "MS": ("brother-in-law", "sister-in-law", "sibling-in-law"), "SM": ("brother-in-law", "sister-in-law", "sibling-in-law"),
}  # fmt: skip
#: Two steps that are one: a sibling's parent is a parent (of full siblings), a child's sibling a child …
_SHORTER = {"SU": "U", "DS": "D", "UD": "S", "SS": "S"}
_BACK = {"U": "D", "D": "U", "S": "S", "M": "M"}
_WORDS = "|".join(sorted(_KIN, key=len, reverse=True))
_TIE = re.compile(
    rf"^({_NAME}) is (?:the |an? )?(?:only |younger |older |elder |eldest |youngest )?({_WORDS}) of ({_NAME})$"
)
_TIE_S = re.compile(rf"^({_NAME}) is ({_NAME})['’]s? (?:only |younger |older |elder )?({_WORDS})$")
_S_TIE = re.compile(rf"^({_NAME})['’]s? (?:only |younger |older |elder )?({_WORDS}) is (?:called |named )?({_NAME})$")
_MARRIED = re.compile(rf"^({_NAME}) is married to ({_NAME})$|^({_NAME}) and ({_NAME}) are married$")
_HAS = re.compile(rf"^({_NAME}) has an? ({_WORDS}),? (?:called|named) ({_NAME})$")
_SEX = re.compile(rf"^({_NAME}) is (?:an? )?(male|female|man|woman|boy|girl)$")
_HOW = re.compile(
    rf"^(?:so |then )?how (?:is|are) ({_NAME}) related to ({_NAME})$|^what (?:relation )?is ({_NAME}) (?:to|of) ({_NAME})$",
    re.I,
)
_WHO = re.compile(rf"^who is (?:({_NAME})['’]s? ({_WORDS})|the ({_WORDS}) of ({_NAME}))$", re.I)
_WHETHER = re.compile(
    rf"^(?:is|was) (?:({_NAME}) ({_NAME})['’]s? ({_WORDS})|({_NAME}) (?:the |an? )?({_WORDS}) of ({_NAME}))$", re.I
)


def answer_family(message: Message) -> Told | None:
    """How two people are related, or who is somebody's …; None where the text is none of ties."""
    asked = message.asked.strip(" ?.")
    how, who, whether = _HOW.match(asked), _WHO.match(asked), _WHETHER.match(asked)
    if message.kind != "question" or not (how or who or whether) or len(message.premises) > MAX_FACTS:
        return None
    edges: dict[str, list[_Edge]] = {}
    sexes: dict[str, str] = {}
    read = []
    for sentence in _parts(message.premises):
        formula = _tie(sentence, edges, sexes)
        if formula is None:
            return None
        read.append((sentence, formula))
    if how:
        first, second = (how[1], how[2]) if how[1] else (how[3], how[4])
        return _related(first, second, edges, sexes, tuple(read))
    if whether:
        groups = whether[1], whether[2], whether[3]
        first, second, word = groups if whether[1] else (whether[4], whether[6], whether[5])
        return _is_it(first, second, word.lower(), edges, sexes, tuple(read))
    assert who
    person, word = (who[1], who[2].lower()) if who[1] else (who[4], who[3].lower())
    return _named(person, word, edges, sexes, tuple(read))


def _parts(sentences: Sequence[str]) -> list[str]:
    """Sentences, and the clauses of those joined by "and" or "; "."""
    return [
        part for sentence in sentences
        for part in re.split(rf"(?:,|;)? and (?={_NAME}(?:['’]s \w| is\b| has\b))|; ", sentence.strip(" ."))
        if part
    ]  # fmt: skip


def _tie(sentence: str, edges: dict[str, list[_Edge]], sexes: dict[str, str]) -> str | None:
    """Add the tie a sentence states; its formula, None where it is none. A sex that is said twice must agree."""
    sex = _SEX.match(sentence)
    if sex:
        return _is(sex[1], "m" if sex[2] in ("male", "man", "boy") else "f", sexes)
    married = _MARRIED.match(sentence)
    if married:
        one, two = (married[1], married[2]) if married[1] else (married[3], married[4])
        return _add(one, "spouse", two, sentence, edges, sexes)
    match = _TIE.match(sentence)
    if match:
        return _add(match[1], match[2], match[3], sentence, edges, sexes)
    match = _TIE_S.match(sentence)
    if match:
        return _add(match[1], match[3], match[2], sentence, edges, sexes)
    match = _S_TIE.match(sentence) or _HAS.match(sentence)
    return _add(match[3], match[2], match[1], sentence, edges, sexes) if match else None


def _is(name: str, sex: str, sexes: dict[str, str]) -> str | None:
    return f"{'male' if sex == 'm' else 'female'}({name})" if sexes.setdefault(name, sex) == sex else None


def _add(
    first: str, word: str, second: str, sentence: str, edges: dict[str, list[_Edge]], sexes: dict[str, str]
) -> str | None:
    steps, sex = _KIN[word]
    if first == second or sex and _is(first, sex, sexes) is None:
        return None
    if steps == "M" and sex:
        sexes.setdefault(second, "f" if sex == "m" else "m")
    edges.setdefault(second, []).append(_Edge(first, steps, sentence))
    back = "".join(_BACK[step] for step in reversed(steps))
    edges.setdefault(first, []).append(_Edge(second, back, sentence))
    return f"{word.replace('-', '_')}({first}, {second})"


def _paths(start: str, edges: dict[str, list[_Edge]]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """For everybody: the shortened steps from `start` and the sentences on the way, shortest first."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {start: ("", ())}
    queue = deque([start])
    while queue:
        person = queue.popleft()
        steps, sentences = found[person]
        for edge in edges.get(person, ()):
            if edge.to not in found:
                found[edge.to] = (_shortened(steps + edge.step), (*sentences, edge.sentence))
                queue.append(edge.to)
    return found


def _shortened(steps: str) -> str:
    while True:
        shorter = steps
        for pair, one in _SHORTER.items():
            shorter = shorter.replace(pair, one, 1)
        if shorter == steps:
            return steps
        steps = shorter


def _related(
    first: str, second: str, edges: dict[str, list[_Edge]], sexes: dict[str, str], read: tuple[tuple[str, str], ...]
) -> Told | None:
    if first not in edges or second not in edges:
        return None
    path = _paths(second, edges).get(first)
    called = _CALLED.get(path[0]) if path else None
    if path is None or called is None:
        return Told("Unknown", (), read, f"No sentence ties {first} to {second} in a way that has a name.")
    word = called[{"m": 0, "f": 1}.get(sexes.get(first, ""), 2)]
    note = "Brothers and sisters are taken to share both parents." if "S" in path[0] or len(path[1]) > 1 else ""
    return Told(f"{first} is {second}’s {word}", path[1], read, note)


def _is_it(
    first: str,
    second: str,
    word: str,
    edges: dict[str, list[_Edge]],
    sexes: dict[str, str],
    read: tuple[tuple[str, str], ...],
) -> Told | None:
    """Whether the first is the second's father …; a tie of another generation says no, one of the same leaves it open."""
    if first not in edges or second not in edges:
        return None
    steps, sex = _KIN[word]
    path = _paths(second, edges).get(first)
    if path is None:
        return Told("Unknown", (), read, f"No sentence ties {first} to {second}.")
    note = "Brothers and sisters are taken to share both parents." if len(path[1]) > 1 else ""
    if path[0] == steps:
        known = sexes.get(first, "") if sex else sex
        return Told("True" if known == sex else "False" if known else "Unknown", path[1], read, note)
    apart = path[0].count("U") - path[0].count("D") != steps.count("U") - steps.count("D")
    note = "Nobody is taken to be related in two generations." if apart else ""
    return Told("False" if apart else "Unknown", path[1], read, note)


def _named(
    person: str, word: str, edges: dict[str, list[_Edge]], sexes: dict[str, str], read: tuple[tuple[str, str], ...]
) -> Told | None:
    if person not in edges:
        return None
    steps, sex = _KIN[word]
    paths = _paths(person, edges)
    fitting = [one for one, (way, _) in paths.items() if way == steps and (not sex or sexes.get(one) == sex)]
    open_ones = [one for one, (way, _) in paths.items() if way == steps and sex and one not in sexes]
    if not fitting or open_ones:
        return Told("Unknown", (), read, "The sentences do not say it.")
    used = tuple(dict.fromkeys(sentence for one in fitting for sentence in paths[one][1]))
    return Told(", ".join(fitting), used, read, "")
