"""The setting of an arrangement puzzle: who or what is arranged, the slots, and how many go to each.

A setting is taken only if every binding word of its sentences (each, exactly, no two …) was used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.errors import ToolError
from tools.logic import puzzle_words as p
from tools.logic.constraints import Frame, checked_frame
from tools.logic.puzzle_features import read_features
from tools.logic.puzzle_setting import NUMBERED, SPAN, TIME, TIMES, Setting

_ITEM = r"(?:the |an? )?[A-Z0-9][\w'’.]*(?:[ -][A-Z][\w'’]*){0,2}"
_LOW = r"(?:the |an? )?[a-z]+(?: [a-z]+)?"
_CAPITAL_LIST = rf"{_ITEM}(?:, {_ITEM})*,? (?:and|or) {_ITEM}"
_LOW_LIST = rf"{_LOW}(?:, {_LOW})+,? (?:and|or) {_LOW}"
_TWO = r"(?:either )?the [a-z]+(?: [a-z]+)? (?:or|and) the [a-z]+(?: [a-z]+)?"
_LISTS = re.compile(
    rf"—\s*({_CAPITAL_LIST}|{_LOW_LIST}|{_TWO})(?: ([a-z]+))?\s*(?:—|$|[.,;:])|:\s*({_CAPITAL_LIST}|{_LOW_LIST})\s*(?=$|[.;—])|\(({_CAPITAL_LIST})\)"
)
_SUBJECTS = re.compile(rf"^({_CAPITAL_LIST}) (?=(?:each |all )?[a-z])")
_COUNTED = re.compile(
    rf"(?:\b(?:exactly )?({p._NUMBER}) of (?:the |these )?(?:following )?)?\b({p._NUMBER}) (?:\w+ ){{0,2}}?([a-z]+)(?: of (?:an? |the )?\w+(?: of \w+| \w+)?)?$",
    re.I,
)
_MADE_BY = re.compile(
    rf"\b(?:exactly )?({p._NUMBER}) of ({p._NUMBER}) (?:\w+ ){{0,4}}?(\w+), each \w+ by (?:exactly )?one of \2 (\w+)$",
    re.I,
)

_INTO = re.compile(
    r"\b(?:to|on|in|at|into|among|for|between|of) (?:exactly |only |either |one of |any of |the |these |following |different )*(?:\w+ ){0,2}?[a-z]+$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Listed:
    items: tuple[str, ...]
    noun: str
    total: int
    chosen: int
    into: bool


def dashes(text: str) -> str:
    """One form of dash, apostrophe and time of day."""
    text = re.sub(r"\s*(?:—|--|–)\s*", "—", text.replace("’", "'"))
    return re.sub(r"(\d) ?([AaPp])\.?[Mm]\b\.?", lambda match: f"{match[1]} {match[2].upper()}M", text)


def read_setting(sentences: Sequence[str]) -> tuple[Setting, list[str]] | None:
    """The setting and the sentences that state conditions; None where there is none that is wholly understood."""
    opening, rest = _opening(sentences)
    lists: list[_Listed] = []
    bare: list[str] = []
    for sentence in opening:
        found, left = _lists(sentence)
        lists += found
        bare.append(left)
    frame_text = " ".join(bare)
    try:
        setting = _framed(lists, frame_text)
    except (ToolError, ValueError, KeyError):
        return None
    if setting is None:
        return None
    for sentence, left in zip(opening, bare):
        if not read_features(left, sentence, setting):
            return None
    if setting.distinct:
        setting.lines.append(("distinct", opening[0]))
    return setting, rest


def _opening(sentences: Sequence[str]) -> tuple[list[str], list[str]]:
    """The sentences of the setting (up to the colon that opens the conditions), and the conditions."""
    for i, sentence in enumerate(sentences):
        for match in re.finditer(r":\s+|:$", sentence):
            head, tail = sentence[: match.start()], sentence[match.end() :]
            if p.OPENING.search(head) and not re.fullmatch(rf"(?:{_CAPITAL_LIST}|{_LOW_LIST})[.]?", tail):
                return [*sentences[:i], head], [part for part in (tail, *sentences[i + 1 :]) if part]
    for i, sentence in enumerate(sentences):
        if _LISTS.search(sentence) or _SUBJECTS.match(sentence):
            last = max(j for j, one in enumerate(sentences) if j == i or _LISTS.search(one) and j <= i + 2)
            return list(sentences[: last + 1]), list(sentences[last + 1 :])
    return list(sentences), []


def items_of(text: str) -> tuple[str, ...]:
    """The items of "an owl, a crow, and a wren"."""
    parts = re.split(r",\s*(?:and |or )?|\s+(?:and|or) ", text.strip(" ."))
    return tuple(re.sub(r"^(?:the|an?) ", "", part.strip()) for part in parts if part.strip())


def _lists(sentence: str) -> tuple[list[_Listed], str]:
    """The lists of a sentence, and the sentence without them."""
    found: list[_Listed] = []
    left = sentence.rstrip(". ")
    for _ in range(4):
        match = _LISTS.search(left)
        if match is None:
            break
        head = left[: match.start()].rstrip(" ,")
        counted = _COUNTED.search(head)
        noun = match[2] or (counted[3] if counted else (re.findall(r"[a-z]+$", head) or [""])[0])
        total = p.number_of(counted[2]) if counted else 0
        chosen = p.number_of(counted[1]) if counted and counted[1] else 0
        if chosen == 1:
            chosen = 0  # "one of three": the slot of each
        start = counted.start() if counted else len(head)
        made = _MADE_BY.search(head)
        if made:
            noun, total, chosen, start = (
                f"{made[4]} {made[3]}",
                p.number_of(made[2]),
                p.number_of(made[1]),
                made.start(),
            )
        into = bool(_INTO.search(head)) and not (
            chosen or found == [] and re.match(r"^(?:each |exactly )?of\b", head, re.I)
        )
        found.append(_Listed(items_of(match[1] or match[3] or match[4]), noun.lower(), total, chosen, into))
        left = f"{left[:start].rstrip()} {'' if not noun else noun} {left[match.end() :].lstrip()}".strip()
    match = _SUBJECTS.match(left)
    if match and not found:
        found.append(_Listed(items_of(match[1]), "", 0, 0, False))
        left = "they " + left[match.end() :]
    return found, left


def _framed(lists: list[_Listed], text: str) -> Setting | None:
    """The frame of the lists and of what the text says about places."""
    if any(one.total and one.total != len(one.items) for one in lists) or not 1 <= len(lists) <= 2:
        return None
    slots, ordered, places = _spans(text)
    things = lists[0]
    if len(lists) == 2:
        if slots:
            return None  # two kinds of places
        there = [one for one in lists if p.stem(one.noun) in {p.stem(n) for n in p.SLOT_NOUNS}]
        there = there if len(there) == 1 else [one for one in lists if one.into]
        if len(there) != 1:
            return None
        things = next(one for one in lists if one is not there[0])
        slots, places = there[0].items, {there[0].noun}
        ordered = there[0].noun in p.ORDERED_NOUNS or all(item.lower() in p.WEEKDAYS for item in slots)
    count = things.chosen or len(things.items)
    row = re.search(
        r"\b(?:row|line|queue|sequence|order|race|ranking|one at a time|no two|circle|circular|round table|age)\b|\bages\b",
        text,
    )
    setting = Setting(
        Frame(things.items, slots, ordered, False, bool(things.chosen)), places=places | {"position", "place"}
    )
    if not slots:
        if not row:
            return None
        circle = row.group() in ("circle", "circular", "round table") or bool(
            re.search(r"\b(?:circular|round) table\b|\bin a circle\b", text)
        )
        setting.frame = Frame(things.items, tuple(str(k + 1) for k in range(count)), True, circle, bool(things.chosen))
        setting.distinct = True
    elif row and places & {"seat", "seats", "chair", "chairs", "lanes", "positions"}:
        setting.distinct = True  # in a row of seats nobody sits on another's knees
    setting.things = set(things.noun.split())
    if things.chosen:
        setting.lines.append((f"number({', '.join(f'in({name})' for name in things.items)}) = {count}", text))
    setting.frame = checked_frame(setting.frame)
    setting.words = {w for w in re.findall(r"[a-z]+", text.lower()) if w not in p.RESERVED}
    return setting


def _spans(text: str) -> tuple[tuple[str, ...], bool, set[str]]:
    """Slots that a span names: Monday through Friday, numbered 1 to 6."""
    match = TIMES.search(text)
    if match:
        return tuple(re.findall(TIME, match[1])), True, {"time", "times", "hour"}
    match = SPAN.search(text)
    if match:
        names = p.WEEKDAYS if match[1].lower() in p.WEEKDAYS else p.MONTHS
        first, last = names.index(match[1].lower()), names.index(match[2].lower())
        return tuple(name.capitalize() for name in names[first : last + 1]), True, {"day", "days", "weekday", "month"}
    match = NUMBERED.search(text)
    if match and int(match[1]) < int(match[2]) <= 40:
        noun = re.findall(r"([a-z]+),? (?:that are |which are |stacked [a-z ]+)?(?:numbered|$)", text)
        plain = re.findall(r"\b(positions|slots|floors|seats|places|lanes|rooms|shelves|boxes|houses|aisles)\b", text)
        return tuple(str(k) for k in range(int(match[1]), int(match[2]) + 1)), True, set(noun) | set(plain)
    return (), True, set()


def with_options(setting: Setting) -> Setting:
    """The same setting in which things may be left out."""
    return replace(setting, frame=replace(setting.frame, optional=True))
