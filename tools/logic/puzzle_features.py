"""What the first sentences of a puzzle say beside its lists: one each, each slot one, who may be left out."""

from __future__ import annotations

import re
from collections.abc import Callable

from tools.logic import puzzle_words as p
from tools.logic.puzzle_setting import NUMBERED, SPAN, TIMES, Setting

#: Binding words of a condition that bind nothing in a setting.
_HARMLESS = frozenset("with also".split())


def read_features(left: str, sentence: str, setting: Setting) -> bool:
    """Take what the rest of a sentence binds; whether no binding word is left over."""
    text = f" {TIMES.sub(' ', left).lower().replace('—', ' ')} "
    if re.search(r"[@#]\d", text):
        return False
    text = SPAN.sub(" ", NUMBERED.sub(" ", text))
    for pattern, take in _FEATURES:
        for _ in range(3):
            match = re.search(pattern, text)
            if match is None:
                break
            line = take(match, setting)
            if line is None:
                break
            if line:
                setting.lines.append((line, sentence))
            text = f"{text[: match.start()]} {text[match.end() :]}"
    slots = "|".join(re.escape(slot.lower()) for slot in setting.frame.slots if not slot.isdecimal())
    if slots and re.search(rf"\b(?:{slots})\b", text):
        return False
    return not any(word in p.RESERVED - _HARMLESS for word in re.findall(r"[a-z]+", text))


def _is_slot(word: str, setting: Setting) -> bool:
    return p.stem(word) in {p.stem(noun) for noun in (*setting.places, *p.SLOT_NOUNS)}


def _is_thing(word: str, setting: Setting) -> bool:
    return p.stem(word) in {p.stem(noun) for noun in setting.things}


def _one_each(match: re.Match[str], setting: Setting) -> str | None:
    setting.distinct = True
    return ""


def _each_slot(match: re.Match[str], setting: Setting) -> str | None:
    """ "at least two X … in each Y"."""
    kind, number, slot = match["kind"], match["number"], match["slot"]
    if not _is_slot(slot, setting):
        return None
    return f"every_slot {p.bound((kind or '').strip(), number)}"


def _except(match: re.Match[str], setting: Setting) -> str | None:
    """ "on each day except Saturday, exactly one …, with two … on Saturday"."""
    names = {name.lower(): name for name in setting.frame.slots}
    if match["one"] not in names:
        return None
    usual, other = p.bound((match["kind"] or "").strip(), match["number"]), p.bound("", match["other"])
    rest = [f"count({name}) {usual}" for low, name in names.items() if low != match["one"]]
    return " and ".join([*rest, f"count({names[match['one']]}) {other}"])


def _nothing(match: re.Match[str], setting: Setting) -> str | None:
    return ""


def _own_slot(match: re.Match[str], setting: Setting) -> str | None:
    """ "exactly one of the three Y", "one Y": said of each thing, which the frame holds anyway."""
    slot = match["slot"]
    number = match.groupdict().get("number")
    if not _is_thing(slot, setting) and number and p.number_of(number) == len(setting.frame.slots):
        setting.places.add(slot)
        return ""
    if _is_thing(slot, setting) or not _is_slot(slot, setting):
        return None
    return "" if not number or p.number_of(number) == len(setting.frame.slots) else None


_A = rf"(?P<kind>exactly |at least |at most |no more than |up to )?(?P<number>{p._NUMBER})"
_FEATURES: tuple[tuple[str, Callable[[re.Match[str], Setting], str | None]], ...] = (
    (rf"\b(?:on|in|at) each \w+ except (?P<one>\w+)[, ]+(?:there )?(?:\w+ ){{0,4}}?{_A}[^,]*, with (?P<other>{p._NUMBER}) [^,]*?(?:on|in|at) (?P=one)", _except),
    (r"\bno two (?:of (?:them|the \w+) )?[^,.;]*?\b(?:at|on|in|with|to|of) the same (?:\w+ )?(?:time|day|slot|position|place|age|seat|hour|spot|floor|lane|room|week|month|date)\b", _one_each),
    (r"\bonly (?:\w+ ){1,2}\w+ (?:on|in|to|for) (?:these|those) \w+", _nothing),
    (r"\bone at a time\b", _one_each),
    (r"\b(?:each|every|all)?\b[^,.;]{0,60}?\b(?:at|on|in|into|to|for|of|has|have|gets|occupies|lives) (?:a |an )?different (?:day|time|slot|position|place|seat|hour|spot|floor|lane|room|house|month|age|date|ages|times|days)s?\b", _one_each),
    (r"\b(?:exactly )?one \w+ (?:per|for each|in each|on each|at each|to each|to a|to each of the) (?:of the \w+ )?(?:position|day|slot|place|seat|hour|floor|lane|spot|room|month|time|house|date)s?\b", _one_each),
    (r"\bexactly one \w+ (?:\w+ ){0,4}?(?:on|in|at|to) each (?:of the (?:\w+ )?)?(?:position|day|slot|place|seat|hour|floor|lane|spot|room|month|time|house|date)s?\b", _one_each),
    (rf"\b{_A} (?:of (?:the |these |them )?)?(?:\w+ ){{0,6}}?(?:in|to|on|at|for) each (?:of (?:the |these )?(?:\w+ )?)?(?P<slot>\w+)\b", _each_slot),
    (rf"\b(?:with )?each (?:of the )?(?:\w+ )?(?P<slot>\w+) (?:must |will |can |to |should )?(?:be |is |are )?(?:have|has|having|contain|contains|containing|get|gets|getting|hold|holds|holding|receive|receives|receiving|include|includes|assigned|takes|take) {_A}\b", _each_slot),
    (r"\bnone of the \w+ (?:\w+ ){0,3}?(?:on |in |to |at )?more than (?:one|once)(?: \w+)?\b", _nothing),
    (r"\b(?:exactly )?once each\b|\beach (?:\w+ ){0,3}?exactly once\b|\bexactly (?:one|once)(?: \w+)? each\b", _nothing),
    (rf"\b(?:to |on |in |at |for |into )?(?:exactly )?one (?:of (?:the |these )?)?(?:following )?(?:(?P<number>{p._NUMBER}) )?(?:\w+ )?(?P<slot>\w+)\b", _own_slot),
    (rf"\b(?:exactly |in exactly )?(?P<number>{p._NUMBER}) (?:\w+ )??(?P<slot>\w+)\b", _own_slot),
    (r"\b(?:each|all) (?:of (?:the |these )?)?(?:\w+ )?", _nothing),
    (r"\bexactly (?=\w)|\bone (?:by|after) (?:one|another|the other)\b|\bin a certain order\b|\bfrom (?:left to right|first to last|front to back)\b|\bin a row\b", _nothing),
    (r"\b(?:all )?of the following\b|\bthe following\b|\bmust (?:apply|hold|be observed|be met|satisfy)\b|\bmust\b", _nothing),
)  # fmt: skip
