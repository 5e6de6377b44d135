"""The second look at found passages: a reranker scores question and passage together and orders the best anew.

Off unless the person names a model (LOTTERY_CHAT_RERANKER): without one nothing is loaded and nothing is computed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Protocol

from knowledge.passage import SearchHit
from knowledge.ranking import words

#: Passages that are looked at again; a pair takes some 20 ms on two cores.
LOOKED_AT = 24


class Reranker(Protocol):
    """What orders passages anew. `name` changes with the weights."""

    name: str

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the query, 0 to 1."""
        ...


class WordReranker:
    """The share of the question's words that stand in the text: deterministic, no model. For tests and demos."""

    name = "words"

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return the share of the query's words (stop words aside) that each text has, 0 to 1."""
        asked = set(words(query))
        return [len(asked & set(words(text))) / max(1, len(asked)) for text in texts]


def reranked(query: str, hits: Sequence[SearchHit], reranker: Reranker | None) -> tuple[SearchHit, ...]:
    """Return the hits, the first `LOOKED_AT` in the order of the reranker, which sets their `score`.

    Those behind keep their order and stay behind. Equal scores keep the order they came in.
    """
    if reranker is None or len(hits) < 2:
        return tuple(hits)
    first, rest = hits[:LOOKED_AT], hits[LOOKED_AT:]
    scores = reranker.scores(query, [_read(hit) for hit in first])
    order = sorted(range(len(first)), key=lambda at: -scores[at])
    low = min(scores)
    behind = [dataclasses.replace(hit, score=min(hit.score, low)) for hit in rest]
    return (*(dataclasses.replace(first[at], score=scores[at]) for at in order), *behind)


def _read(hit: SearchHit) -> str:
    """The passage under its title and headings, as the person sees it."""
    return "\n".join(filter(None, (" > ".join((hit.passage.title, *hit.passage.heading)), hit.passage.text)))
