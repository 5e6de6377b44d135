"""From a question to its evidence, by code alone: passages, then the sentences nearest to the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.passage import SearchHit, Sentence
from lottery_chat.planner.linking import named, points_on, second_hop
from lottery_chat.planner.resources import Knowledge

#: Cosine of question and best passage (all-MiniLM-L6-v2) above which the documents may cover it:
#: of 40 triviaqa questions against a corpus that does not answer them 36 lie below, median 0.26.
COVERS = 0.40
SENTENCES = 5
#: Sentences that a second hop may add to them.
MORE_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What R found in D for a question: passages with scores, the nearest sentences, the best cosine."""

    query: str
    hits: Sequence[SearchHit]
    sentences: Sequence[Sentence]
    best: float


def gather(
    knowledge: Knowledge,
    question: str,
    document_ids: Sequence[str] = (),
    *,
    count: int = SENTENCES,
    whole: bool = False,
) -> Evidence:
    """Return the evidence for a question from these documents (all that are ready where none is named).

    Args:
        count: most sentences; a second hop may add MORE_SENTENCES.
        whole: five passages as they are instead of sentences, for measuring what cutting gains.
    """
    hits: Sequence[SearchHit] = knowledge.search(question, document_ids=document_ids or None, limit=6)
    first = named(knowledge, question, hits, document_ids)
    named_ids = {hit.passage.id for hit in first}
    hits = [*first, *(hit for hit in hits if hit.passage.id not in named_ids)]
    if whole:
        found: Sequence[Sentence] = tuple(as_sentence(hit) for hit in hits[:5])
    else:
        found = knowledge.sentences(question, hits, count + 2) if hits else ()
    # A heading is near to every question about its section and answers none.
    sentences = ([one for one in found if not _is_heading(one.text)] or list(found))[:count]
    if not document_ids and points_on(question) and sentences and not whole:
        # A file that the question is about is searched as it is; only in a collection does one passage lead to another.
        further = second_hop(knowledge, question, hits[:5], sentences, document_ids)
        more = knowledge.sentences(question, further, 2 * MORE_SENTENCES) if further else ()
        texts = {one.text for one in sentences}
        sentences += [one for one in more if one.text not in texts and not _is_heading(one.text)][:MORE_SENTENCES]
        hits = [*hits, *further]
    best = max((hit.vector for hit in hits if hit.vector is not None), default=0.0)
    if first:
        # A passage about exactly what the question names: how near the wording is says little.
        best = max(best, COVERS)
    return Evidence(question, hits, sentences, best)


def as_sentence(hit: SearchHit) -> Sentence:
    """A passage as one piece of evidence."""
    one = hit.passage
    text = " ".join(one.text.split())
    return Sentence(text, one.id, one.document_id, one.title, one.page, one.start, one.end, hit.score)


def _is_heading(text: str) -> bool:
    words = text.split()
    return len(words) <= 7 and not re.search(r"[.!?:;…。]\s*$|[\d:;=|]", text)


def gather_each(
    knowledge: Knowledge, question: str, document_ids: Sequence[str], counts: Sequence[int]
) -> dict[int, Evidence]:
    """The evidence of a question for several numbers of sentences, for measuring."""
    return {count: gather(knowledge, question, document_ids, count=count) for count in counts}
