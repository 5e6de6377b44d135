"""From a question to its evidence, by code alone: passages, then the sentences nearest to the question.

What is named is looked up by its name, each of several names on its own (a comparison needs both sides); where a
question points on to something it does not name, the names in the nearest sentences are followed (linking.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.evidence import choose
from knowledge.passage import SearchHit, Sentence
from lottery_chat.planner.linking import follow, named, points_on, unseen
from lottery_chat.planner.resources import Knowledge

#: Cosine of question and best passage (all-MiniLM-L6-v2) above which the documents may cover it:
#: of 40 triviaqa questions against a corpus that does not answer them 36 lie below, median 0.26.
COVERS = 0.40
#: Sentences for a question about one thing, and more of them for one that points on to another.
SENTENCES, MORE_SENTENCES = 5, 3
#: Passages that sentences are taken from.
PASSAGES = 5
_ALL = 10_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What R found in D for a question: passages with scores, the nearest sentences, the best cosine."""

    query: str
    hits: Sequence[SearchHit]
    sentences: Sequence[Sentence]
    best: float


@dataclass(frozen=True, slots=True)
class _Found:
    """All sentences with their scores, before some are chosen: of what was found first, of what that led to."""

    hits: Sequence[SearchHit]
    near: Sequence[Sentence]
    further: Sequence[Sentence]
    best: float


def gather(
    knowledge: Knowledge,
    question: str,
    document_ids: Sequence[str] = (),
    *,
    count: int | None = None,
    whole: bool = False,
) -> Evidence:
    """Return the evidence for a question from these documents (all that are ready where none is named).

    Args:
        count: most sentences; None takes SENTENCES, and MORE_SENTENCES where one passage led to others.
        whole: five passages as they are instead of sentences, for measuring what cutting gains.
    """
    found = _find(knowledge, question, document_ids, follows=not whole)
    if whole:
        pieces: Sequence[Sentence] = tuple(as_sentence(hit) for hit in found.hits[:PASSAGES])
        return Evidence(question, found.hits, pieces, found.best)
    return _cut(knowledge, question, found, count)


def gather_each(
    knowledge: Knowledge, question: str, document_ids: Sequence[str], counts: Sequence[int]
) -> dict[int, Evidence]:
    """The evidence of a question for several numbers of sentences, for measuring."""
    found = _find(knowledge, question, document_ids, follows=True)
    return {count: _cut(knowledge, question, found, count) for count in counts}


def _find(knowledge: Knowledge, question: str, document_ids: Sequence[str], *, follows: bool) -> _Found:
    hits: Sequence[SearchHit] = knowledge.search(question, document_ids=document_ids or None, limit=6)
    first = named(knowledge, question, hits, document_ids)
    hits = _once([*first, *hits])
    hits = _once([*first, *hits[: PASSAGES - 1], *unseen(knowledge, question, hits[:PASSAGES], document_ids), *hits])
    near = knowledge.sentences(question, hits, _ALL) if hits else ()
    further: Sequence[Sentence] = ()
    if follows and not document_ids and near and points_on(question):
        # A file that the question is about is searched as it is; only in a collection does one passage lead to another.
        led = follow(knowledge, question, hits[:PASSAGES], near, document_ids)
        known = {one.text for one in near}
        more = knowledge.sentences(question, led, _ALL) if led else ()
        further = tuple(one for one in more if one.text not in known)
        hits = [*hits, *led]
    best = max((hit.vector for hit in hits if hit.vector is not None), default=0.0)
    # A passage about exactly what the question names: how near the wording is says little.
    return _Found(hits, near, further, max(best, COVERS) if first else best)


def _cut(knowledge: Knowledge, question: str, found: _Found, count: int | None) -> Evidence:
    """The sentences to be read: about three eighths of them from what the first passages led to."""
    wanted = count if count is not None else SENTENCES + (MORE_SENTENCES if found.further else 0)
    kept = min(len(found.further), wanted * MORE_SENTENCES // (SENTENCES + MORE_SENTENCES) if wanted > 2 else 0)
    sentences = (*choose(found.near, wanted - kept), *choose(found.further, kept))
    return Evidence(question, found.hits, sentences, found.best)


def _once(hits: Sequence[SearchHit]) -> list[SearchHit]:
    found: dict[str, SearchHit] = {}
    for hit in hits:
        found.setdefault(hit.passage.id, hit)
    return list(found.values())


def as_sentence(hit: SearchHit) -> Sentence:
    """A passage as one piece of evidence."""
    one = hit.passage
    text = " ".join(one.text.split())
    return Sentence(text, one.id, one.document_id, one.title, one.page, one.start, one.end, hit.score)
