"""Reduce a long text by comparing every sentence of it with the question by meaning.

A passage of the index hides one sentence among its neighbours: of a question in other words than the text the passages
bring the sentence in 26 of 40 texts, comparing the sentences themselves in 39 (lab/LOG.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from knowledge.choosing import begins_with_pronoun
from knowledge.passage import SearchHit, Sentence
from lottery_chat.events import Progress
from lottery_chat.planner.gathering import Evidence
from lottery_chat.planner.long_keywords import SentenceIndex
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.run import Node, Run, Steps

#: Most sentences that are compared (about 5 s on two cores, once a text); of a longer text those of its nearest passages.
COMPARED, PASSAGES = 1_500, 80
#: Sentences that are put before the model, and how many of those that passages brought stay beside them.
NEAREST, BESIDE = 4, 3
#: How far before a sentence the head of its entry is looked for, and heads that are shown.
_BACK, _HEADS = 40, 4
_FROM = re.compile(r"(?:from|von|de|da|sender|absender)\s?:\s", re.IGNORECASE)
_SENT = re.compile(r"(?:date|sent|datum|gesendet|fecha|data)\s?:\s", re.IGNORECASE)


def by_meaning(
    run: Run,
    node: Node,
    knowledge: Knowledge,
    question: str,
    evidence: Evidence,
    index: SentenceIndex,
    *,
    seen: Set[str] = frozenset(),
) -> Steps[Evidence]:
    """The sentences nearest in meaning among all of the text, before those that passages brought.

    Sentences in `seen` were read and hold no answer: only others are brought, and more of them. The same Evidence where
    the embedder is not there.
    """
    child = yield from run.open("retrieve", "compare the sentences one by one by meaning", node)
    hits = knowledge.search(question, document_ids=evidence.documents or None, limit=PASSAGES)
    numbers = _first_of_each(index, range(len(index.sentences)))
    if len(numbers) > COMPARED:
        numbers = [at for at in numbers if _passage(index.sentences[at], hits) is not None][:COMPARED]
    yield Progress(f"Comparing {len(numbers):,} sentences")
    headings = _headings(index)
    scores = run.resources.similar([question], [headings[at] + index.sentences[at].text for at in numbers])
    if not scores:
        yield child.closed("skipped", "the embedder is not there yet")
        return evidence
    unread = [(at, score) for at, score in zip(numbers, scores[0]) if index.sentences[at].text not in seen]
    ranked = sorted(unread, key=lambda pair: -pair[1])[: NEAREST + BESIDE if seen else NEAREST]
    if not ranked:
        yield child.closed("skipped", "every sentence was read")
        return evidence
    added: list[Sentence] = []
    found: list[SearchHit] = []
    for at, score in sorted(ranked):
        hit = _passage(index.sentences[at], hits)
        found += [hit] if hit is not None else []
        passage = hit.passage.id if hit is not None else ""
        one = replace(index.sentences[at], score=score + 1.0, passage_id=passage)
        if begins_with_pronoun(one.text) and at:
            # "It weighed four tons" says nothing without the sentence before it.
            added.append(replace(index.sentences[at - 1], score=score, passage_id=passage))
        added.append(one)
    texts = {one.text for one in added}
    kept = [one for one in evidence.sentences if one.text not in texts and one.text not in seen]
    unique = {hit.passage.id: hit for hit in (*evidence.hits, *found)}
    run.private(one.text for one in added)
    yield child.closed("done", f"{len(ranked)} nearest of {len(numbers):,} sentences")
    return replace(evidence, sentences=(*added, *kept[:BESIDE]), hits=tuple(unique.values()))


def _first_of_each(index: SentenceIndex, numbers: Sequence[int]) -> list[int]:
    """Each sentence once, however often it stands in the text; headings answer nothing."""
    first: dict[str, int] = {}
    for at in numbers:
        text = index.sentences[at].text
        if not text.startswith("#") and len(text.split()) > 2:
            first.setdefault(text, at)
    return list(first.values())


def _headings(index: SentenceIndex) -> list[str]:
    """For each sentence the marked heading above it, as evidence.py puts it before a sentence: "Leave: days lapse …"."""
    found: list[str] = []
    document, heading = "", ""
    for one in index.sentences:
        if one.document_id != document:
            document, heading = one.document_id, ""
        if one.text.startswith("#"):
            heading = f"{one.text.lstrip('# ')[:80]}: "
        found.append(heading)
    return found


def _passage(sentence: Sentence, hits: Sequence[SearchHit]) -> SearchHit | None:
    """The passage found that a sentence stands in."""
    for hit in hits:
        one = hit.passage
        same = (one.document_id, one.page) == (sentence.document_id, sentence.page)
        if same and one.start <= sentence.start < one.end:
            return hit
    return None


def with_heads(evidence: Evidence, index: SentenceIndex) -> Evidence:
    """The evidence with the head of the mail each sentence stands in: "I" and "you" are nobody without it."""
    begins = [at for at, one in enumerate(index.sentences) if _FROM.match(one.text)]
    if len(begins) < 2:
        return evidence
    at = {(one.document_id, one.page, one.start): number for number, one in enumerate(index.sentences)}
    shown: list[Sentence] = []
    seen = {one.text for one in evidence.sentences}
    for one in evidence.sentences:
        number = at.get((one.document_id, one.page, one.start), -1)
        own = max((begin for begin in begins if begin <= number and number - begin <= _BACK), default=None)
        if own is not None and own != number:
            near = [begin for begin in (own, own + 1, own - 1) if 0 <= begin < number]
            heads = [index.sentences[n] for n in sorted(near) if n == own or _SENT.match(index.sentences[n].text)]
            new = [replace(head, passage_id=one.passage_id, score=0.0) for head in heads if head.text not in seen]
            if len(seen) - len(evidence.sentences) < 2 * _HEADS:
                shown += new
                seen |= {head.text for head in new}
        shown.append(one)
    return replace(evidence, sentences=tuple(shown))
