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
    by how near the span stands to words of the question.
    """
    wanted = asked_for(question)
    asked = set(words(question))
    scored: dict[str, tuple[float, Candidate]] = {}
    for sentence in sentences:
        places = [one.start() for one in re.finditer(r"\w+", sentence.text) if set(words(one.group())) & asked]
        for span in _spans(sentence.text, wanted):
            text = sentence.text[span.start : span.end]
            own = set(words(text))
            if not own or own <= asked:
                continue
            score = sentence.score + _fits(span.kind, wanted) - 0.15 * len(own & asked) / len(own)
            score += 0.2 / (1 + min((abs(span.start - at) for at in places), default=200) / 20)
            key = " ".join(text.lower().split())
            if key not in scored or scored[key][0] < score:
                scored[key] = (score, Candidate(text, sentence, span.kind))
    ordered = sorted(scored.values(), key=lambda one: -one[0])
    return tuple(one for _, one in ordered[:MOST])


def _fits(kind: Kind, wanted: Kind) -> float:
    """How well a span's kind fits the one asked for."""
    named = ("person", "place", "name")
    if kind == wanted or (kind in named and wanted in named):
        return 0.6
    if wanted == "phrase":
        return 0.3 if kind == "name" else 0.25
    return 0.1 if kind == "phrase" else 0.0


def _spans(text: str, wanted: Kind) -> Iterator[Span]:
    yield from dates(text)
    yield from numbers(text)
    yield from names(text)
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
