"""Passages that contradict each other: for the same asked fact two dates, numbers or names, with their documents.

By code, carefully: two sentences of different passages must be about the same (a name of the question in each, or in
its heading), say nearly the same in other words than the values, and each hold exactly one value of the asked kind.
What this does not do: it sees no contradiction in words ("open" against "closed") and decides nothing; which
document is newer is told by its date, not which is right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.asking import Kind, asked_for, names, of_kind
from knowledge.passage import Sentence
from knowledge.ranking import words

#: Share of the words (without the values) that two sentences must have in common, of the smaller one's.
ALIKE = 0.6
#: And least words they share: "It is 4." and "It is 5." are about anything.
SHARED = 2
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sentences that give different values; `dates` are when their documents are from, "" where unknown.

    The one from the newer document comes second.
    """

    kind: Kind
    values: tuple[str, str]
    sentences: tuple[Sentence, Sentence]
    dates: tuple[str, str]


def conflicts(
    question: str, sentences: Sequence[Sentence], dates: Mapping[str, str] | None = None
) -> tuple[Conflict, ...]:
    """Return the pairs of sentences that contradict each other on what is asked, nearest to the question first.

    Args:
        dates: ISO date of each document by its id, as far as it says one of itself (dating.py).
    """
    kind = asked_for(question)
    asked = set(words(question))
    stated = [one for one in (_stated(sentence, kind, asked) for sentence in sentences) if one is not None]
    found = []
    for at, one in enumerate(stated):
        for other in stated[at + 1 :]:
            if one.sentence.passage_id != other.sentence.passage_id and _contradict(one, other, asked):
                found.append(_conflict(kind, one, other, dates or {}))
    return tuple(sorted(found, key=lambda two: -min(one.score for one in two.sentences)))


@dataclass(frozen=True, slots=True)
class _Stated:
    sentence: Sentence
    value: str
    rest: frozenset[str]
    named: frozenset[str]


def _stated(sentence: Sentence, kind: Kind, asked: set[str]) -> _Stated | None:
    """The only value of the kind that a sentence holds, with its other words; None where there is none or several."""
    text = sentence.text
    spans = [one for one in of_kind(text, kind) if not set(words(text[one.start : one.end])) <= asked]
    if kind in ("person", "place", "name"):
        spans = [one for one in spans if not set(words(text[one.start : one.end])) & asked]
    if len(spans) != 1:
        return None
    (span,) = spans
    rest = words(f"{text[: span.start]} {text[span.end :]}")
    named = {
        word
        for one in names(text)
        if not span.start <= one.start < span.end
        for word in words(text[one.start : one.end])
    }
    return _Stated(sentence, text[span.start : span.end], frozenset(rest), frozenset(named))


def _contradict(one: _Stated, other: _Stated, asked: set[str]) -> bool:
    """Whether two sentences say nearly the same, of the same, with values that cannot both be meant."""
    shared = one.rest & other.rest
    alike = len(shared) >= max(SHARED, ALIKE * min(len(one.rest), len(other.rest)))
    # Names that only one has, and that the question does not: it is about another thing, place or year.
    same = not ((one.named ^ other.named) - asked) and bool(shared & asked)
    return alike and same and not _agree(one.value, other.value)


def _agree(one: str, other: str) -> bool:
    """Whether one value may be the other said less exactly: "1901" and "3 May 1901", "Berg" and "Anna Berg"."""
    left, right = _parts(one), _parts(other)
    return bool(left) and bool(right) and (left <= right or right <= left)


def _parts(value: str) -> set[str]:
    """The parts of a value, months and numbers in one form: "3 May 1901" is {"3", "may", "1901"}."""
    found = set()
    for part in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?|[^\W\d_]+", value.lower()):
        digits = part.replace(",", "")
        if re.fullmatch(r"\d+(?:\.\d+)?", digits):
            found.add(digits.lstrip("0") or "0")
        elif part not in ("st", "nd", "rd", "th", "of", "the"):
            found.add(part[:3] if part[:3] in _MONTHS else part)
    return found


def _conflict(kind: Kind, one: _Stated, other: _Stated, dates: Mapping[str, str]) -> Conflict:
    pair = sorted((one, other), key=lambda stated: dates.get(stated.sentence.document_id, ""))
    first, second = pair
    when = (dates.get(first.sentence.document_id, ""), dates.get(second.sentence.document_id, ""))
    return Conflict(kind, (first.value, second.value), (first.sentence, second.sentence), when)
