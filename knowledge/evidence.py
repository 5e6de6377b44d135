"""The few sentences of the found passages that are nearest to the question (Ability 1: shorter evidence).

A sentence's score is a sum of few terms, weighed by hand (no data set was used to fit them): its cosine with the
question, its passage's rank, rare words and names it shares with the question, whether it holds something of the kind
that is asked for (asking.py), whether its passage is headed by what the question names, whether it introduces its
passage.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.asking import Kind, asked_for, of_kind
from knowledge.choosing import choose
from knowledge.embedding import Embedder, beginning, reads_badly
from knowledge.ocr import MARK
from knowledge.passage import Passage, SearchHit, Sentence, Throughout
from knowledge.ranking import words
from knowledge.sentences import split_sentences

#: What each term adds at most to a sentence's cosine.
_RANK, _WORDS, _NAMES, _HEADED, _FIRST = 0.25, 0.15, 0.1, 0.1, 0.03
#: The cosine and the words of a question in a language that the embedder does not know.
_COSINE_BLIND, _WORDS_BLIND = 0.3, 0.8
#: What holding something of the asked kind adds: a date or number says more than one more name.
_KINDS: dict[Kind, float] = {"date": 0.1, "number": 0.08, "person": 0.04, "place": 0.04, "name": 0.03}
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’-]+|\b\d[\d.,]*\b")
_ASKING = re.compile(r"(?:what|who|whom|whose|when|where|which|how|why|is|are|was|were|do|does|did|in|the|a)$", re.I)
_SPACE = re.compile(r"\s+")
#: Of the score in a document about the subject throughout: the question without the name. Of 51 own questions five
#: sentences hold what the answer rests on in 38 (0, 0.3) and 40 (0.5, 0.7, 1).
_WITHOUT_NAME = 0.7


@dataclass(slots=True)
class _Candidate:
    hit: int
    order: int
    start: int
    end: int
    text: str
    score: float = 0.0


def nearest_sentences(
    question: str,
    hits: Sequence[SearchHit],
    embedder: Embedder,
    k: int,
    *,
    passages: int = 5,
    throughout: Throughout | None = None,
) -> tuple[Sentence, ...]:
    """Return about `k` sentences as evidence, in reading order, passages by rank; see `choose`.

    Args:
        question: as it is solved, follow-ups filled in.
        hits: best first; the first `passages` of them are looked at.
        k: most sentences; more than there are gives all of them, with their scores.
        throughout: in these documents the subject's name says nothing about a sentence.
    """
    return choose(scored_sentences(question, hits[:passages], embedder, throughout), k)


def scored_sentences(
    question: str, hits: Sequence[SearchHit], embedder: Embedder, throughout: Throughout | None = None
) -> tuple[Sentence, ...]:
    """Return every sentence of the hits once, in reading order, passages by rank, with its score."""
    candidates = _candidates(hits)
    if not candidates:
        return ()
    _score(question, hits, candidates, embedder, throughout)
    return tuple(_as_sentence(one, hits[one.hit]) for one in candidates)


def _candidates(hits: Sequence[SearchHit]) -> list[_Candidate]:
    found: list[_Candidate] = []
    seen: set[str] = set()
    for number, hit in enumerate(hits):
        for order, (start, end) in enumerate(split_sentences(hit.passage.text)):
            text = _SPACE.sub(" ", hit.passage.text[start:end])
            if text not in seen and not text.startswith("#") and text != MARK:
                seen.add(text)
                found.append(_Candidate(number, order, start, end, text))
    return found


def _score(
    question: str,
    hits: Sequence[SearchHit],
    candidates: Sequence[_Candidate],
    embedder: Embedder,
    throughout: Throughout | None,
) -> None:
    one_document = len({hits[one.hit].passage.document_id for one in candidates}) == 1
    texts = [beginning(f"{_about(hits[one.hit].passage, one_document)}: {one.text}", embedder) for one in candidates]
    asked = [question, *([throughout.question] if throughout else [])]
    vectors = embedder.encode([*(beginning(one, embedder) for one in asked), *texts])
    blind = reads_badly(question, embedder)
    cosines = [np.asarray(vectors[len(asked) :] @ vectors[at]).tolist() for at in range(len(asked))]
    scores = _scores(question, hits, candidates, cosines[0], blind)
    if throughout:
        inside = [at for at, one in enumerate(candidates) if hits[one.hit].passage.document_id in throughout.documents]
        _mix(scores, _scores(throughout.question, hits, candidates, cosines[1], blind), inside)
    for one, score in zip(candidates, scores):
        one.score = score


def _mix(scores: list[float], unnamed: Sequence[float], inside: Sequence[int]) -> None:
    """Order those inside by what the question without the name finds; the best of them stays as good as the best was."""
    if not inside:
        return
    best = max(scores[at] for at in inside)
    mixed = {at: (1 - _WITHOUT_NAME) * scores[at] + _WITHOUT_NAME * unnamed[at] for at in inside}
    lost = best - max(mixed.values())
    for at, score in mixed.items():
        scores[at] = score + lost


def _scores(
    question: str,
    hits: Sequence[SearchHit],
    candidates: Sequence[_Candidate],
    cosines: Sequence[float],
    blind: bool,
) -> list[float]:
    shared = _shared_words(question, [one.text for one in candidates])
    names = {name.lower() for name in _NAME.findall(question) if not _ASKING.match(name)}
    headed = [len(names & _lower(" ".join(hit.passage.heading))) / max(1, len(names)) for hit in hits]
    kind, asked = asked_for(question), question.lower()
    firsts = {one.hit: one.order for one in reversed(candidates)}
    meant, said = (_COSINE_BLIND, _WORDS_BLIND) if blind else (1.0, _WORDS)
    found = []
    for one, cosine, share in zip(candidates, cosines, shared):
        named = len(names & _lower(one.text)) / max(1, len(names))
        score = meant * cosine + _RANK * hits[one.hit].score + said * share + _NAMES * named + _HEADED * headed[one.hit]
        score += _FIRST * (firsts[one.hit] == one.order) + _KINDS.get(kind, 0.0) * _holds(one.text, kind, asked)
        found.append(score)
    return found


def _lower(text: str) -> set[str]:
    return {name.lower() for name in _NAME.findall(text)}


def _holds(text: str, kind: Kind, asked: str) -> bool:
    """Whether the sentence holds something of the kind that the question does not say itself."""
    return any(text[one.start : one.end].lower() not in asked for one in of_kind(text, kind))


def _shared_words(question: str, texts: Sequence[str]) -> list[float]:
    """For each text the share of the question's words in it, 0 to 1, rare words (among the texts) weighing more."""
    own = [set(words(text)) for text in texts]
    often = Counter(word for one in own for word in one)
    weights = {word: math.log(1 + len(texts) / (1 + often[word])) for word in set(words(question))}
    total = sum(weights.values())
    return [sum(weights[word] for word in one if word in weights) / (total or 1.0) for one in own]


def _about(passage: Passage, one_document: bool) -> str:
    """What a passage is about: the nearest heading says more than the name of the file, if there is only one file."""
    if not passage.heading:
        return passage.title
    return passage.heading[-1] if one_document else f"{passage.title}, {passage.heading[-1]}"


def _as_sentence(one: _Candidate, hit: SearchHit) -> Sentence:
    passage = hit.passage
    start, end = passage.start + one.start, passage.start + one.end
    score = float(one.score)
    return Sentence(one.text, passage.id, passage.document_id, passage.title, passage.page, start, end, score)
