"""Candidate answers by code: the spans of the evidence that may answer a question, the likeliest first.

For questions with a short answer. What reads them best is a model's log-probability of each; this only says which
spans are worth scoring. What this does not do: it joins no words that do not stand together in one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.asking import Kind, Span, asked_for, dates, names, numbers
from knowledge.passage import Sentence
from knowledge.ranking import words

#: Most candidates of one question.
MOST = 24
_BREAKS = re.compile(
    r"[^\w\s'’&%$€£.-]+|\b(?:is|are|was|were|be|been|being|has|have|had|do|does|did|will|would|can|could|may|might|must|should"
    r"|who|whom|whose|which|that|when|where|while|and|or|but|as|by|for|from|in|into|of|on|to|at|with|than|then|after|before|during"
    r"|he|she|it|they|his|her|its|their|this|these|those|not|also|such|since|until|through|between|about|over|under|if|because)\b",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^(?:the|a|an|some|any|each|every|very|most|more|\W)+\s|^\W+|[\s\W]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may be the answer, as the sentence writes it; `kind` is what it looks like."""

    text: str
    sentence: Sentence
    kind: Kind


def candidates(question: str, sentences: Sequence[Sentence]) -> tuple[Candidate, ...]:
    """Return at most MOST candidates, each text once, the likeliest first.

    What the question says itself is none. Ordered by whether the kind is the one asked for, by the sentence's score,
    by how near the span stands to what the question says of the thing (its words that are no names), and by the words
    before it ("in" before a place, "by" before a maker, "is a" before what somebody is).
    """
    wanted = asked_for(question)
    asked = set(words(question))
    named = {word for one in names(question) for word in words(question[one.start : one.end])}
    scored: dict[str, tuple[float, Candidate]] = {}
    for sentence in sentences:
        text = sentence.text
        there = [(one.start(), set(words(one.group()))) for one in re.finditer(r"\w+", text)]
        places = [at for at, own in there if own & (asked - named)] or [at for at, own in there if own & asked]
        for span in _spans(text, wanted):
            own = set(words(text[span.start : span.end]))
            if not own or own <= asked:
                continue
            score = sentence.score + _fits(span.kind, wanted) - 0.15 * len(own & asked) / len(own)
            score += 0.2 / (1 + min((abs(span.start - at) for at in places), default=200) / 20)
            score += _led_to(text[max(0, span.start - 24) : span.start], span.kind, wanted)
            one = Candidate(text[span.start : span.end], sentence, span.kind)
            key = " ".join(one.text.lower().split())
            if key not in scored or scored[key][0] < score:
                scored[key] = (score, one)
    ordered = sorted(scored.values(), key=lambda one: -one[0])
    return tuple(one for _, one in ordered[:MOST])


def fits(one: Candidate, question: str) -> bool:
    """Whether a candidate is of the kind that the question asks for; where it asks for no kind, none is."""
    wanted = asked_for(question)
    return wanted != "phrase" and (one.kind == wanted or (one.kind in _NAMED and wanted in _NAMED))


def _fits(kind: Kind, wanted: Kind) -> float:
    """How well a span's kind fits the one asked for."""
    if kind == wanted or (kind in _NAMED and wanted in _NAMED):
        return 0.6
    if wanted == "phrase":
        return {"phrase": 0.3, "name": 0.25}.get(kind, 0.05)
    return 0.1 if kind == "phrase" else 0.0


_NAMED = ("person", "place", "name")
_IS_A = re.compile(r"\b(?:is|was|are|were|as|became|be) (?:an?|the|one of the) $", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|with|is|was|named|called|actor|actress|singer|writer|author|director) $", re.IGNORECASE)
_IN = re.compile(r"\b(?:in|at|from|near|to|of|into|through|outside|around)(?: the)? $", re.IGNORECASE)


def _led_to(before: str, kind: Kind, wanted: Kind) -> float:
    """What the words before a span say for it."""
    leads = {"phrase": (("phrase",), _IS_A), "place": (_NAMED, _IN), "person": (_NAMED, _BY)}.get(wanted)
    return 0.15 if leads and kind in leads[0] and leads[1].search(before) else 0.0


def _spans(text: str, wanted: Kind) -> Iterator[Span]:
    """Every span worth a score; a number that is part of a date is none of its own."""
    whole = dates(text)
    yield from whole
    for one in (*numbers(text), *names(text)):
        if not any(date.start <= one.start and one.end <= date.end for date in whole):
            yield one
    if wanted in ("phrase", "name"):
        yield from _phrases(text)


def _phrases(text: str) -> Iterator[Span]:
    """Runs of words between small words, punctuation and verbs of saying that something is."""
    at = 0
    for cut in [*_BREAKS.finditer(text), None]:
        start, end = at, cut.start() if cut else len(text)
        at = cut.end() if cut else end
        piece = text[start:end]
        while (match := _EDGES.search(piece)) is not None:
            if match.start() == 0:
                start += match.end()
            else:
                end -= len(piece) - match.start()
            piece = text[start:end]
        if 1 < len(piece) and len(piece.split()) <= 7:
            yield Span("phrase", start, end)
