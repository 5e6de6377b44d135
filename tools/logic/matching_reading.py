"""Matching puzzles in English to values and clues; a sentence that is not wholly understood leaves all unread.

Categories of equal size (people, pets, drinks …), clues that say which values go together and which do not, and a
question about a pair. A word that is neither a value, nor a word of the setting, nor a small word of grammar leaves
the whole text unread. What this does not do: neighbours and orders, amounts, conditions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import factorial
from typing import Literal

from tools.logic.matching import MOST_CATEGORIES, MOST_MATCHINGS, MOST_VALUES, Clue, Matching, Pair
from tools.logic.message import Message
from tools.logic.puzzle_setup import items_of
from tools.logic.puzzle_words import stem

_NAME = r"[A-Z][\w'’]*(?: [A-Z][\w'’]*)?"
_VALUE = r"(?:the |an? )?[A-Za-z][\w'’-]*(?: [a-z]+)?"
_NAMES = re.compile(rf"(?<![\w'’])({_NAME}(?:, {_NAME})*,? and {_NAME})(?![\w])")
_LISTED = re.compile(rf"[:(—–]\s*({_VALUE}(?:, {_VALUE})*,? (?:and|or) {_VALUE}|{_VALUE}(?:, {_VALUE})+)\s*(?:[)—–]|$)")
_INLINE = re.compile(rf"\b({_VALUE}(?:, {_VALUE})+,? (?:and|or) {_VALUE})$")
#: That nobody shares a value must be said, or be plain from "each" with a list as long as that of the names.
_EACH = re.compile(r"\b(?:each|every|different|no two|exactly one|one of)\b", re.I)
_SMALL = frozenset(
    """a an the is are was were be being of to in on at for by with as from that which who whom whose what this it its
    his her their he she they it them him person people one man woman owner has have had having does do did and but s
    also own owns owned belong belongs""".split()
)
#: What a word of the setting lets a clue say besides: a favourite is liked, a house is lived in.
_LETS_SAY = {
    "favourite like likes preferred": "like likes prefer prefers favourite favorite",
    "favorite": "like likes prefer prefers favourite favorite",
    "pet": "keep keeps", "car": "drive drives", "bike": "ride rides", "bicycle": "ride rides", "house": "live lives",
    "city": "live lives", "town": "live lives", "job": "work works", "profession": "work works",
    "instrument": "play plays", "sport": "play plays", "drink": "drinks", "dish": "eat eats order orders ordered ate",
    "hat": "wear wears", "shirt": "wear wears", "colour": "color", "color": "colour",
}  # fmt: skip
_NOT = frozenset("not never neither nor".split())
_BINDS = frozenset("or either".split())


def read_matching(message: Message) -> Matching | None:
    """The puzzle of a message; None where a part of it is not understood."""
    if message.kind != "question" or not 2 <= len(message.premises) <= 30 or len(message.asked) > 200:
        return None
    found = _setting(message.premises)
    if found is None:
        return None
    categories, nouns, setting, rest = found
    reader = _Reader(categories, nouns, setting)
    clues = []
    for sentence in rest:
        clue = reader.clue(sentence)
        if clue is None:
            return None
        clues.append(clue)
    asked = reader.asked(message.asked)
    if asked is False or not clues:
        return None
    return Matching(categories, tuple(clues), tuple(setting), asked)


def _setting(
    sentences: Sequence[str],
) -> tuple[tuple[tuple[str, ...], ...], list[set[str]], list[str], list[str]] | None:
    """(categories, people first; the nouns that name each; the sentences of the setting; the clues)."""
    categories: list[tuple[str, ...]] = []
    nouns: list[set[str]] = []
    setting: list[str] = []
    said = False
    for at, sentence in enumerate(sentences):
        lists = _lists_of(sentence)
        if lists is None:
            return None
        if not lists and not (_EACH.search(sentence) and at < 4 and not _mentions(sentence, categories)):
            rest = list(sentences[at:])
            break
        said = said or bool(_EACH.search(sentence))
        setting.append(sentence)
        for items, head in lists:
            categories.append(items)
            nouns.append(head)
    else:
        return None
    sizes = {len(one) for one in categories}
    values = [value.lower() for one in categories for value in one]
    if not said or len(sizes) != 1 or not 2 <= len(categories) <= MOST_CATEGORIES or len(set(values)) != len(values):
        return None
    size = sizes.pop()
    if not 2 <= size <= MOST_VALUES or factorial(size) ** (len(categories) - 1) > MOST_MATCHINGS:
        return None
    people = [i for i, one in enumerate(categories) if all(value[:1].isupper() for value in one)]
    if not people:
        return None
    order = [people[0], *(i for i in range(len(categories)) if i != people[0])]
    return tuple(categories[i] for i in order), [nouns[i] for i in order], setting, rest


def _mentions(sentence: str, categories: Sequence[Sequence[str]]) -> bool:
    return any(re.search(rf"\b{re.escape(value)}\b", sentence) for one in categories for value in one)


def _lists_of(sentence: str) -> list[tuple[tuple[str, ...], set[str]]] | None:
    """The lists of a sentence of the setting, each with the nouns before it; None where one is no list of values."""
    if not _EACH.search(sentence) and not re.search(
        r"\b(?:friends?|people|persons|children|students|neighbours|neighbors|colleagues|sisters|brothers|men|women|girls|boys)\b",
        sentence,
    ):
        return []
    text = sentence.rstrip(". ")
    found: list[tuple[tuple[str, ...], set[str]]] = []
    names = _NAMES.search(text)
    if names:
        found.append((items_of(names[1]), {"who"}))
        text = f"{text[: names.start()]} {text[names.end() :]}"
    for _ in range(MOST_CATEGORIES):
        match = _LISTED.search(text) or _INLINE.search(text)
        if match is None:
            break
        head = re.findall(r"[a-z]+", text[: match.start()].lower())[-3:]
        found.append((items_of(match[1]), {stem(word) for word in head if word not in _SMALL} - {"different", "each"}))
        text = f"{text[: match.start()]} {text[match.end() :]}"
    if any(len(value.split()) > 3 for items, _ in found for value in items):
        return None
    return found


class _Reader:
    """Reads clues and the question against the categories."""

    def __init__(self, categories: Sequence[Sequence[str]], nouns: Sequence[set[str]], setting: Sequence[str]) -> None:
        self.categories, self.nouns = categories, nouns
        marks = {value.lower(): (c, i) for c, one in enumerate(categories) for i, value in enumerate(one)}
        longest = sorted(marks, key=len, reverse=True)
        self._marks = marks
        self._value = re.compile(rf"\b({'|'.join(map(re.escape, longest))})(?:['’]s)?\b", re.I)
        spoken = {word for text in setting for word in re.findall(r"[a-z]+", text.lower())}
        spoken |= {word for keys, lets in _LETS_SAY.items() if spoken & set(keys.split()) for word in lets.split()}
        known = {_form(word) for word in spoken}
        counting = {"two", "three", "four", "five", "six", "exactly", "each", "every", "different", "no", "one"}
        self._known = (known - counting - _NOT - _BINDS) | {_form(word) for word in _SMALL}

    def clue(self, sentence: str) -> Clue | None:
        """What a sentence says of pairs of values; None where it is not wholly understood."""
        read = self._read(sentence)
        if read is None:
            return None
        words, values = read
        subjects, objects = _sides(words)
        if len(values) < 2 or not subjects or not objects:
            return None
        pairs = [(a, b) for a in subjects for b in objects]
        if any(a[0] == b[0] for a, b in pairs) or len({one[0] for one in subjects}) > 1:
            return None
        if _NOT & set(words):
            return Clue(sentence, (tuple((a, b, False) for a, b in pairs),)) if _denies_all(words) else None
        if _BINDS & set(words):
            one_side = 1 in (len(subjects), len(objects))
            plain = len(pairs) == 2 and one_side and "and" not in words
            return Clue(sentence, tuple(((a, b, True),) for a, b in pairs)) if plain else None
        several = len(subjects) > 1 or len({one[0] for one in objects}) != len(objects)
        if several or len(objects) != 1 + words.count("and") or "but" in words:
            return None
        return Clue(sentence, (tuple((a, b, True) for a, b in pairs),))

    def asked(self, question: str) -> tuple[Pair, int] | tuple[Pair, Pair] | None | Literal[False]:
        """What a question asks; False where it is none of these."""
        low = question.lower().rstrip("? ")
        if re.fullmatch(r"(?:so )?who (?:\w+ ){1,2}(?:what|which(?: \w+)?)|(?:find|give|what is) .{0,30}\b(?:matching|solution|assignment)", low):  # fmt: skip
            return None
        read = self._read(question, asks=True)
        if read is None:
            return False
        words, values = read
        if _NOT & set(words) or _BINDS & set(words):
            return False
        if len(values) == 2 and values[0][0] != values[1][0]:
            return (values[0], values[1]) if re.match(r"(?:is|are|does|do|did|has|was)\b", low) else False
        if len(values) != 1:
            return False
        value = values[0]
        wanted = self._wanted(words, value)
        return False if wanted is None else (value, wanted)

    def _wanted(self, words: Sequence[object], value: Pair) -> int | None:
        plain = [word for word in words if isinstance(word, str)]
        if plain[:1] in (["who"], ["whose"]) or plain[:2] in (["which", "person"], ["which", "friend"]):
            return 0 if value[0] != 0 else None
        if not {"what", "which"} & set(plain):
            return None
        asked = {stem(word) for word in plain}
        fits = [c for c, nouns in enumerate(self.nouns) if c != value[0] and nouns & asked]
        others = [c for c in range(len(self.categories)) if c != value[0]]
        return fits[0] if len(fits) == 1 else others[0] if len(others) == 1 else None

    def _read(self, sentence: str, asks: bool = False) -> tuple[list[object], list[Pair]] | None:
        """The words with values as pairs; None where a word is neither known nor small."""
        text = re.sub(r"n['’]t\b", " not", re.sub(r"\bcannot\b", "can not", sentence))
        if re.search(r"\d", self._value.sub(" ", text)):
            return None
        words: list[object] = []
        values: list[Pair] = []
        for part, value in _parts(self._value, text):
            if value:
                mark = self._marks[value.lower()]
                words.append(mark)
                values.append(mark)
                continue
            for word in re.findall(r"[^\W\d_]+", part.lower()):
                if word not in _NOT | _BINDS and _form(word) not in self._known and not (asks and word == "which"):
                    return None
                words.append(word)
        return words, values


def _form(word: str) -> str:
    """The plain form of a noun or a regular verb, enough to compare words of one text."""
    return stem(word[:-2] if word.endswith("ed") and len(word) > 4 else word)


def _parts(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    """(text between, "") and ("", value), in order."""
    end = 0
    for match in pattern.finditer(text):
        yield text[end : match.start()], ""
        yield "", match[1]
        end = match.end()
    yield text[end:], ""


def _denies_all(words: Sequence[object]) -> bool:
    """Whether the "not" of a clue is said of all its pairs: it stands between the sides, or is a "neither … nor"."""
    at = [i for i, word in enumerate(words) if word in _NOT]
    if "but" in words or "either" in words:
        return False
    if {words[i] for i in at} == {"neither", "nor"}:
        return len(at) == 2 and "and" not in words and "or" not in words
    subjects, objects = _sides(words)
    last, first = words.index(subjects[-1]), words.index(objects[0])
    return len(at) == 1 and words[at[0]] != "nor" and last < at[0] < first and "and" not in words[at[0] :]


def _sides(words: Sequence[object]) -> tuple[list[Pair], list[Pair]]:
    """The values before the first verb after a value, and those after it ("Eva and Max | do not own | the cat")."""
    values = [i for i, word in enumerate(words) if isinstance(word, tuple)]
    if not values:
        return [], []
    first = values[0]
    category = words[first][0]  # type: ignore[index]
    cut = next((i for i in values if words[i][0] != category), None)  # type: ignore[index]
    if cut is None:
        return [], []
    before = [words[i] for i in values if i < cut]
    after = [words[i] for i in values if i >= cut]
    return before, after  # type: ignore[return-value]
