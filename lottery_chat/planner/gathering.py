"""From a question to its evidence, by code alone: passages, then the sentences nearest to the question.

What is named is looked up by its name, each of several names on its own (a comparison needs both sides); where a
question needs several places (complexity.py), the names in the nearest sentences are followed (linking.py).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from knowledge.choosing import begins_with_pronoun, choose, last_sentence
from knowledge.covering import choose_covering
from knowledge.dating import own_date
from knowledge.passage import Document, SearchHit, Sentence
from lottery_chat.planner.amendments import MOST_PASSAGES, with_amendments
from lottery_chat.planner.complexity import Complexity, complexity
from lottery_chat.planner.conflicts import conflicts
from lottery_chat.planner.linking import follow, named, unseen
from lottery_chat.planner.on_subject import led_to, on_subject, throughout
from lottery_chat.planner.resources import Knowledge

#: Sentences for a question about one thing, and more of them for one that points on to another.
SENTENCES, MORE_SENTENCES = 5, 3
#: Passages that sentences are taken from.
PASSAGES = 5
_ALL = 10_000
#: Letters of a document in which it names whom or what it is about: a letter's head, a contract's parties.
_OPENING = 1_500


@dataclass(frozen=True, slots=True)
class Evidence:
    """What R found in D for a question: passages with scores, the nearest sentences, the best cosine.

    `named`: a passage is headed by a name of the question (coverage.py). `complexity`: how many places it needs.
    """

    query: str
    hits: Sequence[SearchHit]
    sentences: Sequence[Sentence]
    best: float
    documents: Sequence[str] = ()
    named: bool = False
    complexity: Complexity | None = None
    #: Whether the answer may lie in more than one passage.
    several: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """All sentences with their scores, before some are chosen: of what was found first, of what that led to."""

    hits: Sequence[SearchHit]
    near: Sequence[Sentence]
    further: Sequence[Sentence]
    best: float
    named: bool
    complexity: Complexity
    #: Whether more than one passage may be needed: the question needs them, or its subject's passages lead to another.
    several: bool = False


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
        return Evidence(question, found.hits, pieces, found.best, tuple(document_ids), found.named, found.complexity)
    return replace(_cut(question, found, count), documents=tuple(document_ids))


def gather_each(
    knowledge: Knowledge, question: str, document_ids: Sequence[str], counts: Sequence[int | None]
) -> dict[int | None, Evidence]:
    """The evidence of a question for several numbers of sentences (None: as many as `gather` takes), for measuring."""
    found = _find(knowledge, question, document_ids, follows=True)
    return {count: _cut(question, found, count) for count in counts}


def disagreements(knowledge: Knowledge, question: str, evidence: Evidence) -> tuple[str, ...]:
    """A sentence for each contradiction in the evidence on what is asked, at most two.

    Both values with their documents, and of when these are: what they say of themselves, else the day they were fetched
    or added, which is said as such and does not make one of them the later.
    """
    against = conflicts(question, evidence.sentences)
    if not against:
        return ()
    of = {sentence.document_id for one in against for sentence in one.sentences}
    known = {one.id: one for one in knowledge.documents() if one.id in of}
    own = {one.id: own_date(one.title, _first_page(knowledge, one.id)) for one in known.values()}
    said = []
    for one in conflicts(question, evidence.sentences, own)[:2]:
        sides = [
            f"{sentence.title}{f', p. {sentence.page}' if sentence.page else ''}"
            f"{_when(known.get(sentence.document_id), own.get(sentence.document_id, ''))} says “{value}”"
            for value, sentence in zip(one.values, one.sentences)
        ]
        early, late = one.dates
        both = min(len(early), len(late))  # "2024-05" and "2024-05-03" say nothing about which is later
        newer = f" {one.sentences[1].title} is the later one." if early[:both] < late[:both] else ""
        said.append(f"The documents do not agree: {sides[0]}, {sides[1]}.{newer}")
    return tuple(said)


def _first_page(knowledge: Knowledge, document_id: str) -> str:
    pages = knowledge.page_texts(document_id)
    return pages[0][1] if pages else ""


def _when(document: Document | None, own: str) -> str:
    """Of when a document is, in brackets."""
    if own:
        return f" (dated {own})"
    if document is None:
        return ""
    if document.address:
        return f" (undated, fetched {document.fetched_at[:10]})"
    return f" (undated, added {document.added[:10]})" if document.added else " (undated)"


def _find(knowledge: Knowledge, question: str, document_ids: Sequence[str], *, follows: bool) -> _Found:
    hits, is_named = nearest(knowledge, question, document_ids)
    opening = _openings(knowledge)
    within = throughout(question, hits[:PASSAGES], opening)
    near: Sequence[Sentence] = knowledge.sentences(question, hits, _ALL, within) if hits else ()
    near = _with_openings(knowledge, hits[:PASSAGES], near)
    further: Sequence[Sentence] = ()
    needs = complexity(question)
    if follows and not document_ids and near and needs.steps == "multi":
        # A file that the question is about is searched as it is; only in a collection does one passage lead to another.
        led = follow(knowledge, question, hits[:PASSAGES], near, document_ids)
        known = {one.text for one in near}
        more = knowledge.sentences(question, led, _ALL) if led else ()
        further = tuple(one for one in more if one.text not in known)
        hits = [*hits, *led]
    # Where one subject is named, what stands in passages that never speak of it is left out before some are chosen.
    subject = {one.passage_id for one in on_subject(question, hits, near, opening)}
    linked = led_to(question, [hit.passage for hit in hits], subject) if follows else set()
    near = [one for one in near if one.passage_id in subject | linked]
    near = with_amendments(knowledge, question, hits, near)
    several = follows and (bool(linked) or needs.steps == "multi")
    return _Found(hits, near, further, best_cosine(hits), is_named, needs, several)


def nearest(knowledge: Knowledge, question: str, document_ids: Sequence[str] = ()) -> tuple[Sequence[SearchHit], bool]:
    """The passages that are found first, before any sentence is chosen, and whether one is headed by a name asked for."""
    hits: Sequence[SearchHit] = knowledge.search(question, document_ids=document_ids or None, limit=6)
    first = named(knowledge, question, hits, document_ids)
    hits = _once([*first, *hits])
    others = unseen(knowledge, question, hits[:PASSAGES], document_ids)
    return _once([*first, *hits[: PASSAGES - 1], *others, *hits]), bool(first)


def best_cosine(hits: Sequence[SearchHit]) -> float:
    """The greatest cosine of the hits, 0 for none."""
    return max((hit.vector for hit in hits if hit.vector is not None), default=0.0)


def _cut(question: str, found: _Found, count: int | None) -> Evidence:
    """The sentences to be read: about three eighths of them from what the first passages led to.

    Where several passages may be needed, those are read that together hold what the question speaks of.
    """
    wanted = count if count is not None else SENTENCES + (MORE_SENTENCES if found.several else 0)
    kept = min(len(found.further), wanted * MORE_SENTENCES // (SENTENCES + MORE_SENTENCES) if wanted > 2 else 0)
    if found.several:
        first = choose_covering(found.near, wanted - kept, question)
        sentences = (*first, *choose_covering(found.further, kept, question, beside=first, nearest=0))
    else:
        sentences = choose(found.near, wanted)
    return Evidence(
        question, found.hits, sentences, found.best, named=found.named, complexity=found.complexity, several=found.several
    )  # fmt: skip


def _with_openings(knowledge: Knowledge, hits: Sequence[SearchHit], near: Sequence[Sentence]) -> Sequence[Sentence]:
    """The sentences, with the one before where a passage begins in the middle ("It was closed in 1911.").

    Only what the best sentences need is fetched: a passage whose first sentence begins with a pronoun.
    """
    best = {id(one) for one in sorted(near, key=lambda one: -one.score)[:SENTENCES]}
    by_id = {hit.passage.id: hit.passage for hit in hits}
    made: list[Sentence] = []
    for one in near:
        passage = by_id.get(one.passage_id)
        opens = passage is not None and (not made or made[-1].passage_id != one.passage_id)
        if passage is not None and opens and id(one) in best and passage.ordinal and begins_with_pronoun(one.text):
            near_by = knowledge.neighbours(passage)
            before = [two for two in near_by if two.ordinal < passage.ordinal and two.heading == passage.heading]
            made += [replace(last, score=one.score - 1e-6) for last in last_sentence(before, one.text)]
        made.append(one)
    return made


def _openings(knowledge: Knowledge) -> Callable[[str], str]:
    """The first letters of a document's text, by its id; "" for a collection, whose beginning says nothing about the rest.

    What is stored is listed once, when the first document is asked for, and each text is read once.
    """
    sizes = functools.cache(lambda: {one.id: one.chunk_count for one in knowledge.documents()})

    @functools.cache
    def opening(document_id: str) -> str:
        if sizes().get(document_id, 0) > MOST_PASSAGES:
            return ""
        return next((text[:_OPENING] for _, text in knowledge.page_texts(document_id)), "")

    return opening


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
