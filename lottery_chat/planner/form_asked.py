"""The form a person asked an answer to have (eight things, two sentences, at most 40 words): read, watched, checked by code.

Small models count badly and repeat themselves (paper.md 3.2); code counts for them. What is not clearly asked for is
not enforced.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("one a an ein eine einem einen single", "two zwei", "three drei", "four vier", "five fünf", "six sechs",
         "seven sieben", "eight acht", "nine neun", "ten zehn", "eleven elf", "twelve zwölf"), 1
    )
    for word in words.split()
}  # fmt: skip
_ARTICLES = frozenset("one a an ein eine einem einen single".split())
_N = r"(\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_MOST = r"(?:at most|no more than|up to|maximum of|höchstens|maximal)"
_SENTENCES = re.compile(
    rf"\b(?:(?P<most>{_MOST})|in|of|with|exactly|write|aus)\s+(?:exactly\s+|genau\s+)?{_N}(?:\s*(?:to|or|-|–|bis|oder)\s*{_N})?"
    r"\s+(?:short\s+|kurzen?\s+)?(?:sentences?|sätzen?|satz)\b",
    re.I,
)
_WORDS = re.compile(rf"\b(?:{_MOST}|under|less than|fewer than|in)\s+{_N}\s+(?:words|wörtern?|worten?)\b", re.I)
_ITEMS = re.compile(
    rf"(?:\b(?:list|name|suggest|recommend|nenne|give me|tell me|gib mir|show me|find|write|i need)\b"
    rf"(?:\s+(?:me|mir|a|an|list of|with|some|the|short|packing|shopping|numbered|bullet|to-do|eine|liste|mit)\b|\s+\w+ list\b)*"
    rf"\s+{_N}\s+(?P<thing>[^\W\d]+(?:\s+[^\W\d]+)?)|\b{_N}\s+(?:numbered|bullet|nummerierte)\s+(?:steps|points|items|schritte|punkte))",
    re.I,
)
#: Nouns after a number that are no things of a list.
_NOT_THINGS = re.compile(
    r"^(?:\w+\s+)?(?:sentences?|words?|lines?|paragraphs?|pages?|minutes?|hours?|days?|weeks?|months?|years?|percent|"
    r"letters?|characters?|stanzas?|verses?|sätze|wörter|zeilen|minuten|stunden|tage|times?|people|persons?|guests?)\b|^of\b|^and\b",
    re.I,
)
_COMMAS = re.compile(
    r"\b(?:separated by (?:a )?commas?|comma[- ]separated|durch kommas? getrennt|mit kommas? getrennt)\b", re.I
)
_ITEM = re.compile(r"^(?:\d{1,3}[.)]|[-*•–])\s+")
_STOP = re.compile(r"(?<=[.!?…])[\"'”’)*]*\s+(?=[\"'“„(*]*[A-ZÄÖÜÀ-Þ0-9])")
_INITIAL = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|etc|approx|e\.g|i\.e|z\.\s?b|bzw|ca|no|nr)\.|\b[A-Z]\.|(?:^|\n)\s*\d{1,3}\.)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Form:
    """What was asked for: number of items, sentences (fewest, most), most words, items joined by commas."""

    items: int | None = None
    sentences: tuple[int, int] | None = None
    words: int | None = None
    commas: bool = False

    @property
    def asked(self) -> str:
        """The form as a request to the model, for one more try."""
        if self.items and self.commas:
            return (
                f"Answer with exactly {self.items} different items in one line, separated by commas, and nothing else."
            )
        if self.items:
            return f"Write exactly {self.items} lines, numbered 1. to {self.items}., a different one in each, a few words a line."
        if self.commas:
            return "Answer in one line, separated by commas, and nothing else."
        if self.sentences:
            low, high = self.sentences
            return f"Answer in {f'exactly {high}' if low == high else f'{low} to {high}'} short sentence{'s' * (high > 1)}."
        return f"Use at most {self.words} words."

    def missed(self, text: str) -> str:
        """What is not met, as a phrase for people; empty when all is."""
        if self.commas and (len(text.strip().splitlines()) > 1 or "," not in text):
            return "not in one line with commas"
        prose = not self.commas and len(text.strip().splitlines()) == 1 and not _ITEM.match(text.strip())
        if self.items and not prose and (found := len(self._found(text))) != self.items:
            return f"{_count(found, 'item')} instead of {self.items}"
        if self.sentences and not self.sentences[0] <= (found := len(_sentences(text))) <= self.sentences[1]:
            return f"{_count(found, 'sentence')} instead of {self.sentences[1]}"
        if self.words and (found := len(text.split())) > self.words:
            return f"{found} words instead of at most {self.words}"
        return ""

    def _found(self, text: str) -> list[str]:
        if self.commas:
            return [one for one in re.split(r"[,\n]", text) if one.strip()]
        return list(dict.fromkeys(_head(one) for one in items_in(text)))

    def short_of_sentences(self, text: str) -> bool:
        """Whether all that is missing is sentences."""
        return self.sentences is not None and len(_sentences(text)) < self.sentences[0]

    def merged(self, first: str, second: str) -> str:
        """One answer from two tries that are each too short: their different items or sentences; else the first."""
        if self.short_of_sentences(first):
            said = [one for text in (first, second) for one in _said(text)]
            return self.trimmed(" ".join(dict.fromkeys(said)))
        if not self.items or self.commas:
            return first
        kept: dict[str, str] = {}
        for line in [one for text in (first, second) for one in text.splitlines() if _ITEM.match(one)]:
            item = _ITEM.sub("", line).strip()
            kept.setdefault(_head(item), item)
        if len(kept) < self.items:
            return first
        return "\n".join(f"{number}. {item}" for number, item in enumerate(list(kept.values())[: self.items], 1))

    def over(self, text: str) -> bool:
        """Whether the text has already gone past what was asked for, so that writing may stop."""
        if self.items and not self.commas:
            return len(_tops(text)) > self.items
        if self.sentences:
            return len(_sentences(text)) > self.sentences[1]
        return False

    def trimmed(self, text: str) -> str:
        """The text without what goes past the form, and a list in lines put into one where commas were asked for."""
        if self.commas:
            listed = items_in(text)
            return ", ".join(one.rstrip(" .,;") for one in listed[: self.items]) if len(listed) > 1 else text
        if self.items and len(tops := _tops(text)) > self.items:
            return text[: tops[self.items]].rstrip()
        if self.sentences and len(ends := _sentences(text)) > self.sentences[1]:
            return text[: ends[self.sentences[1] - 1]].rstrip()
        return text


def form_asked(question: str) -> Form | None:
    """The form that a request names; None when it names none (or asks for code, whose form is its own)."""
    # What stands after a colon or in quotes is material, not the request.
    words = re.sub(r"[\"“„][^\"”“]{0,400}[\"”“]", " ", question.split("\n")[0])
    words = re.split(r":\s", words, maxsplit=1)[0] if re.search(r":\s+\S+\s+\S+\s+\S+", words) else words
    sentences = _SENTENCES.search(words)
    limit = _WORDS.search(words)
    commas = bool(_COMMAS.search(question))
    listed = _ITEMS.search(words)
    number = _number(listed.group(1) or listed.group(3)) if listed else None
    if listed and listed.group("thing") and _NOT_THINGS.match(listed.group("thing")):
        number = None
    if listed and number is not None:
        others = re.search(rf"\b{_N}\b", words[listed.end() :], re.I)
        # "two in France and two in Spain": how many that is together is not for code to guess.
        number = None if others and others.group(1).lower() not in _ARTICLES or sentences else number
    if number is not None and not 2 <= number <= 30:
        number = None
    form = Form(
        items=number,
        sentences=_range(sentences) if sentences else None,
        words=_number(limit.group(1)) if limit else None,
        commas=commas,
    )
    return form if form != Form() else None


def _range(found: re.Match[str]) -> tuple[int, int]:
    first, second = _number(found.group(2)), _number(found.group(3)) if found.group(3) else None
    return (1 if found.group("most") else first, second or first)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word.lower()]


def items_in(text: str) -> list[str]:
    """The items of a list at its top level, without bullets and numbers; without such lines, the lines."""
    lines = [line for line in text.splitlines() if line.strip()]
    tops = [_ITEM.sub("", line).strip() for line in lines if _ITEM.match(line)]
    return [one.lower() for one in tops] if len(tops) > 1 else [line.strip() for line in lines]


def _head(item: str) -> str:
    """What an item is about: "**Gloves**: warm ones" is about gloves."""
    head = re.split(r":|\s[–—-]\s", item.replace("*", ""), maxsplit=1)[0]
    return re.sub(r"[^\w ]", "", head).strip().lower() or item.lower()


def _tops(text: str) -> list[int]:
    """Where the items at the top level begin."""
    return [found.start() for found in re.finditer(r"(?m)^(?:\d{1,3}[.)]|[-*•–])\s+\S", text)]


def _sentences(text: str) -> list[int]:
    """Where the sentences end."""
    ends = [found.start() for found in _STOP.finditer(text) if not _INITIAL.search(text[: found.start()])]
    return [*ends, len(text)] if text.strip() else []


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"


def _said(text: str) -> list[str]:
    """The sentences themselves."""
    ends = [0, *_sentences(text)]
    return [text[start:end].strip() for start, end in zip(ends, ends[1:])]


def repeats(text: str) -> int | None:
    """Where a text begins to say the same line over and over (four times); None while it does not."""
    if not text.endswith("\n") and len(text) % 64:
        return None
    seen: dict[str, list[int]] = {}
    at = 0
    for line in text.splitlines(keepends=True):
        key = _ITEM.sub("", line.strip()).strip().lower()
        if len(key) > 3:
            seen.setdefault(key, []).append(at)
        at += len(line)
    again = [places[1] for places in seen.values() if len(places) >= 4]
    tail = text[-30:]
    if len(text) > 400 and text.count(tail, len(text) - 400) >= 4:
        again.append(text.find(tail, len(text) - 400) + len(tail))
    return min(again, default=None)


def watcher(form: Form | None) -> Callable[[str], bool]:
    """What ends a generation early: the form is full, or the model repeats itself."""
    return lambda text: repeats(text) is not None or form is not None and form.over(text)
