"""Things and slots of a puzzle written as @0, #1 … in its sentences, and put back into what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable

from tools.logic.constraints import Frame
from tools.logic.puzzle_setting import Setting
from tools.logic.puzzle_setup import dashes
from tools.logic.puzzle_words import stem


def marker(setting: Setting) -> Callable[[str], str]:
    """A function that writes things as @0 … and slots as #0 … (lower case, full stop dropped)."""
    forms: list[tuple[str, str]] = []
    for sign, names in (("@", setting.frame.entities), ("#", setting.frame.slots)):
        forms += [(name, f"{sign}{index}") for index, name in enumerate(names)]
    plain = {
        name if name[:1].isupper() or name[:1].isdecimal() else name.lower(): mark
        for name, mark in forms
        if not name.isdecimal()
    }
    bare = [name for name, _ in forms if name.isdecimal()]
    longest = sorted(plain, key=len, reverse=True)
    pattern = (
        re.compile(r"(?<![\w@#-])(" + "|".join(map(re.escape, longest)) + r")('s\b|'(?= ))?(?![\w-])")
        if longest
        else None
    )
    nouns = (
        "|".join(sorted({re.escape(stem(noun)) for noun in setting.places if noun}, key=len, reverse=True)) or "slot"
    )
    numbered = re.compile(
        rf"\b({nouns}|slot|position|number|floor|seat|lane)(?:e?s)? (\d{{1,2}})((?:,? (?:and|or) \d{{1,2}})*)\b"
    )
    words = setting.words

    def replaced(match: re.Match[str]) -> str:
        return plain[match[1]] + ("'s" if match[2] else "")

    def slot(match: re.Match[str]) -> str:
        numbers = re.findall(r"\d+", f"{match[2]}{match[3]}")
        if any(number not in bare for number in numbers):
            return match[0]
        return re.sub(r"\d+", lambda one: f"#{setting.frame.slots.index(one[0])}", match[0])

    def mark(sentence: str) -> str:
        text = re.sub(r"\b(\w+)n't\b", r"\1 not", dashes(sentence.strip().rstrip(".?! ")))
        text = re.sub(r"\bca not\b|\bcan not\b", "cannot", text)
        text = text[:1].lower() + text[1:] if pattern is None or not pattern.match(text) else text
        if pattern is not None:
            text = pattern.sub(replaced, text)
        text = _part_of_day(text.lower(), setting.frame)
        if bare:
            text = numbered.sub(slot, text)
        text = re.sub(
            r"(@\d+)'s (\w+)",
            lambda m: m[1] if m[2] in words else m[0] if m[2] not in _AFTER_NAME else f"{m[1]} {m[2]}",
            text,
        )
        return re.sub(
            r"\s+", " ", re.sub(r"(@\d+)'s\b(?! \w*(?:brother|sister|friend|wife|husband))", r"\1", text)
        ).replace("—", ", ")

    return mark


_AFTER_NAME = frozenset("must is cannot can could and or but in on at will was".split())


def _part_of_day(text: str, frame: Frame) -> str:
    """ "in the morning" as "at #0 or #1 …", where the slots are times of day."""
    if not all(re.search(r"[ap]m$", slot, re.I) for slot in frame.slots):
        return text
    for word, ending in (("morning", "am"), ("afternoon", "pm")):
        marks = [f"#{k}" for k, slot in enumerate(frame.slots) if slot.lower().endswith(ending)]
        if marks:
            text = re.sub(rf"\bin the {word}\b", f"at {' or '.join(marks)}", text)
    return text


def named(formula: str, frame: Frame) -> str:
    """The formula with names in place of marks."""
    text = re.sub(r"@(\d+)", lambda m: frame.entities[int(m[1])], formula)
    return re.sub(r"#(\d+)", lambda m: frame.slots[int(m[1])], text)
