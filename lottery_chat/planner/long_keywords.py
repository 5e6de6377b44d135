"""Sweep a whole text by the words of a question: names, numbers, quoted and rare words, by code and without an embedder.

Retrieval by meaning can lose the one sentence that matters; whether a name of the question stands anywhere in a text
is a thing that code knows for certain.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.passage import Sentence

_QUOTED = re.compile(r"[\"“„«]([^\"”“»\n]{2,80})[\"”“»]|(?<!\w)'([^'\n]{2,60})'(?!\w)")
_TOKEN = re.compile(r"[^\W_]+(?:[-_./:’'@][^\W_]+)*")
_STOP = frozenset(
    "the and for are was were has have had did does what when where which who whom whose why how many much that this "
    "these those there their them they with from into your you can could would should will shall may might must text "
    "document file page about according tell give list find name named called say says said state stated states not "
    "does its his her our out all any each every some than then also only other more most one two three been being is "
    "in of on at to by an as it or if be do so me my we us he she passage above below following mentioned please "
    "answer question value year month day date kind sort type".split()
)
#: "15-year-old", "10mg", "1990s": an amount with a word, which a text may put in other words; no code.
_AMOUNT = re.compile(r"\d{1,4}(?:[.,]\d+)?-?(?:[a-z]{1,2}|[a-z]{3,}(?:-[a-z]+)*)")
_QUOTE_WEIGHT, _CODE_WEIGHT, _NAME_WEIGHT, _WORD_WEIGHT = 3.0, 3.0, 2.0, 1.0


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase to look for. A `sure` one is a code or a quotation: the text has it or it does not."""

    words: tuple[str, ...]
    shown: str
    weight: float
    sure: bool = False


def folded(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: lower case, no accents, codes whole, plurals without their s."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(_stem(token) for token in _TOKEN.findall(plain.replace("’", "'")))


def _stem(word: str) -> str:
    word = re.sub(r"'s$", "", word)
    if word.isalpha() and len(word) > 4:
        for end in ("ing", "ies", "ed", "es", "s", "e"):
            if word.endswith(end) and len(word) - len(end) >= 3:
                return word[: -len(end)]
    return word


def terms_of(question: str) -> tuple[Term, ...]:
    """What a question names: quotations, codes and numbers, names, words of substance; each once."""
    found: dict[tuple[str, ...], Term] = {}

    def add(shown: str, weight: float, sure: bool = False) -> None:
        words = folded(shown)
        if words and words not in found:
            found[words] = Term(words, shown, weight, sure)

    for match in _QUOTED.finditer(question):
        add(match.group(1) or match.group(2), _QUOTE_WEIGHT, True)
    # A quotation that says how to answer («not stated») is no name; it is dropped where it is a phrase of an order.
    told = re.search(r"(?i)\b(?:say|answer|reply|write)\b[^.?!]*$", question)
    body = question[: told.start()] if told and told.start() > 10 else question
    if body is not question:
        found = {words: term for words, term in found.items() if f"{term.shown}" in body}
    for match in _TOKEN.finditer(body):
        token = match.group(0)
        low = token.lower()
        mixed = any(letter.isalpha() for letter in token) and any(
            letter.isdigit() or letter in "_@" for letter in token
        )
        if mixed or token[0].isdigit():
            add(token, _CODE_WEIGHT, mixed and len(token) >= 5 and not _AMOUNT.fullmatch(low))
        elif token[:1].isupper() and match.start() > 0 and low not in _STOP:
            add(token, _NAME_WEIGHT)
        elif len(low) > 2 and low not in _STOP:
            add(token, _WORD_WEIGHT)
    return tuple(found.values())


class SentenceIndex:
    """The sentences of a text with their words; every question about it is answered by code."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.sentences = sentences
        self._words = [folded(one.text) for one in sentences]
        self._sets = [frozenset(words) for words in self._words]
        self._counts = Counter(word for words in self._sets for word in words)

    def holds(self, at: int, term: Term) -> bool:
        """Whether the term stands in that sentence, its words in a row."""
        if not self._sets[at].issuperset(term.words):
            return False
        words, size = self._words[at], len(term.words)
        return size == 1 or any(words[n : n + size] == term.words for n in range(len(words) - size + 1))

    def where(self, term: Term) -> list[int]:
        """The numbers of the sentences in which the term stands."""
        return [at for at in range(len(self.sentences)) if self.holds(at, term)]

    def missing(self, terms: Iterable[Term]) -> list[Term]:
        """Codes and quotations that stand nowhere in the text, however they are spaced or hyphenated."""
        return [term for term in terms if term.sure and not self.where(term) and not self._somehow(term)]

    def _somehow(self, term: Term) -> bool:
        if all(word in self._counts for word in term.words) and len(term.words) > 1:
            return True  # all the words of a quotation are there, if not in a row
        pressed = re.sub(r"[\W_]", "", term.shown.lower())
        return any(pressed in re.sub(r"[\W_]", "", one.text.lower()) for one in self.sentences)

    def weight(self, term: Term) -> float:
        """How much a term tells: rare ones more; 0 for one that stands nowhere."""
        seen = min((self._counts[word] for word in term.words), default=0)
        return term.weight * math.log(1 + len(self.sentences) / seen) if seen else 0.0

    def sweep(self, terms: Sequence[Term], count: int) -> list[tuple[int, float]]:
        """The sentences that hold most of what the question names: (number, share of the weight), best first."""
        weights = [self.weight(term) for term in terms]
        total = sum(weights)
        if not total:
            return []
        scores: dict[int, float] = {}
        for term, weight in zip(terms, weights):
            if weight:
                for at in self.where(term):
                    scores[at] = scores.get(at, 0.0) + weight / total
        return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:count]

    def coverage(self, terms: Sequence[Term]) -> float:
        """The best share of what the question names that one sentence holds; a word that stands nowhere counts too."""
        rarest = math.log(1 + len(self.sentences))
        weights = [self.weight(term) or term.weight * rarest for term in terms]
        total = sum(weights)
        held = max(
            (sum(weight for term, weight in zip(terms, weights) if self.holds(at, term)) for at, _ in self.sweep(terms, 6)),
            default=0.0,
        )  # fmt: skip
        return held / total if total else 0.0

    def share(self, terms: Sequence[Term], sentences: Iterable[Sentence]) -> float:
        """The best share of the question's weight that one of these sentences holds."""
        total = sum(self.weight(term) for term in terms)
        best = 0.0
        for one in sentences:
            words = folded(one.text)
            held = sum(self.weight(term) for term in terms if _in_row(term.words, words))
            best = max(best, held / total if total else 0.0)
        return best

    def around(self, at: int, before: int = 1, after: int = 1) -> list[int]:
        """A sentence with its neighbours in the same document and page."""
        own = self.sentences[at]
        near = range(max(0, at - before), min(len(self.sentences), at + after + 1))
        return [
            n for n in near if (self.sentences[n].document_id, self.sentences[n].page) == (own.document_id, own.page)
        ]


def _in_row(wanted: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[n : n + len(wanted)] == wanted for n in range(len(words) - len(wanted) + 1))
