"""Who or what takes part in an ordering: listed in a sentence, or named by the comparisons themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.logic import words as w
from tools.logic.ordering_said import said_plainly
from tools.logic.ordering_words import NUMBERS

_LISTED = re.compile(r":\s*([^:]+)$")
_COUNT = re.compile(r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\b", re.I)
_NAMES_FIRST = re.compile(
    r"^((?:[A-Z]\w+, )*[A-Z]\w+,? and [A-Z]\w+) (?!(?:is|are|was|were) (?:not )?(?:\w+er|more|less)\b)(.+)$"
)
_NP = r"(?:the |my |our |his |her )?[\w'’]+(?:[ -][\w'’]+){0,2}"
_FREE = re.compile(
    rf"^({_NP}) (?:is|are|was|were|finished|came|arrived|ran|stands|sits|ranked|placed|lives|stood|sat) (?:not )?(?:in )?(?:immediately |directly |just |right |much |slightly |a bit )?"
    rf"(?:\w+er than|(?:more|less) \w+ than|as \w+ as|above|below|before|after|ahead of|behind|in front of|to the (?:left|right) of|next to)"
    rf" ({_NP})$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Entities:
    """Shown names by key, the index of the first sentence that counts, whether that sentence lists them."""

    names: dict[str, str]
    start: int
    listed: bool


def entities_of(sentences: Sequence[str]) -> Entities | None:
    """The entities of a text; None where there are none, or not as many as it says."""
    for i, sentence in enumerate(sentences):
        match = _LISTED.search(sentence.rstrip(". "))
        listed = match[1] if match else None
        if listed is None:
            first = _NAMES_FIRST.match(sentence)
            listed = first[1] if first else None
        if listed is None:
            continue
        items = [re.sub(r"^(?:and |a |an |the )+", "", part.strip()) for part in re.split(r",|\band\b", listed)]
        items = [item for item in items if item]
        if len(items) < 2 or any(len(item.split()) > 4 for item in items):
            continue
        count = _COUNT.search(sentence[: sentence.find(listed)]) if match else None
        if count and (int(count[1]) if count[1].isdigit() else NUMBERS[count[1].lower()]) != len(items):
            return None
        return Entities({w.key_of(item.split()): item for item in items}, i, listed=True)
    return _named(sentences)


def _named(sentences: Sequence[str]) -> Entities | None:
    """The entities that plain comparisons name."""
    names: dict[str, str] = {}
    parts = [part for sentence in sentences for part in re.split(r",? (?:and|but) ", said_plainly(sentence))]
    for sentence in parts:
        match = _FREE.match(sentence.strip(" ."))
        if match is None:
            continue
        for phrase in (match[1], match[2]):
            plain = re.sub(r"^(?:the|my|our|his|her) ", "", phrase, flags=re.I)
            words = plain.lower().split()
            if any(word in w.LOGICAL or word in w.PRONOUN or word in w.SOME_WHOLE for word in words):
                return None
            if phrase == plain and not plain[:1].isupper():
                return None  # "dogs are bigger than cats" speaks of classes
            if len(words) == 1 and phrase == plain and w.singular(words[0], ()) != words[0] and " are " in sentence:
                return None
            names.setdefault(w.key_of(words), plain)
    return Entities(names, 0, listed=False) if len(names) >= 2 else None


def marker(names: dict[str, str]) -> Callable[[str], str]:
    """A function that writes entities as @0, @1 … in a sentence (lower case, stop dropped)."""
    order = {w.key_of(name.split()): i for i, name in enumerate(names.values())}
    forms = sorted(((name.lower(), order[key]) for key, name in names.items()), key=lambda pair: -len(pair[0]))
    index = dict(forms)
    pattern = re.compile(
        r"(?:\b(?:the|my|our|his|her) )?(?<![\w@-])(" + "|".join(re.escape(form) for form, _ in forms) + r")(?![\w-])"
    )

    def mark(sentence: str) -> str:
        text = said_plainly(sentence).rstrip(".?! ").replace("’", "'").lower()
        text = re.sub(r"\b(\w+)n't\b", r"\1 not", text)
        text = pattern.sub(lambda match: f"@{index[match[1]]}", text)
        return re.sub(r"\s+", " ", text)

    return mark
