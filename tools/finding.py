"""R over C: the cards nearest to a question, by words (BM25) and by meaning (embeddings), joined by their ranks.

Works without an embedder, by words alone. Vectors of the cards are computed at the first question that has an
embedder, once. What this does not do: decide whether any tool is needed at all.
"""

from __future__ import annotations

import math
import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence

from tools.tool import Card

Embed = Callable[[Sequence[str]], list[list[float]]]
#: Reciprocal rank fusion: score = Σ weight / (RRF + rank).
RRF = 10
#: Meaning counts more than words: chosen on one half of tests/tool_questions.jsonl, reported on the other.
MEANING = 3.0
_K1, _B = 1.2, 0.5
_MOST_LETTERS = 4_000
_WORD = re.compile(r"[^\W_]+")
_COMMON = frozenset(
    "a an the of to in on at is are was were be do does did i we you me my us our it its this that these those for from with by and or"
    " as if how what which who when where why much many can could would will should have has had not no than then there here so am use when".split()
)


class CardIndex:
    """Cards that can be asked for by a question.

    Args:
        cards: the cards; their names must differ.
        embed: texts to unit vectors, or None. It must read texts of about 200 words.
    """

    def __init__(self, cards: Sequence[Card], embed: Embed | None = None) -> None:
        self._cards = tuple(cards)
        self._embed = embed
        self._vectors: list[list[list[float]]] = []
        self._lock = threading.Lock()
        bags = [Counter(_terms(card)) for card in self._cards]
        sizes = [sum(bag.values()) for bag in bags]
        mean = sum(sizes) / len(sizes) if sizes else 1.0
        spread = Counter(term for bag in bags for term in bag)
        self._weights: list[dict[str, float]] = []
        for bag, size in zip(bags, sizes):
            damp = _K1 * (1 - _B + _B * size / mean)
            self._weights.append({
                term: math.log(1 + (len(bags) - spread[term] + 0.5) / (spread[term] + 0.5)) * count * (_K1 + 1) / (count + damp)
                for term, count in bag.items()
            })  # fmt: skip

    def find(self, question: str, limit: int = 4) -> list[tuple[str, float]]:
        """Return (name, score) of the nearest cards, best first; fewer where no word and no meaning is shared.

        Scores rank one question's cards and mean nothing across questions.
        """
        text = question[:_MOST_LETTERS]
        rankings = [(1.0, self.by_words(text))]
        if self._embed is not None:
            rankings.append((MEANING, self.by_meaning(text)))
        scores: Counter[int] = Counter()
        for weight, ranking in rankings:
            for rank, (place, score) in enumerate(ranking):
                if score > 0:
                    scores[place] += weight / (RRF + rank)  # type: ignore[assignment]
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(self._cards[place].name, float(score)) for place, score in ranked[:limit]]

    def by_words(self, question: str) -> list[tuple[int, float]]:
        """Return (place of the card, BM25 score) of all cards, best first."""
        terms = Counter(_stems(question))
        scores = [sum(weights.get(term, 0.0) for term in terms) for weights in self._weights]
        return sorted(enumerate(scores), key=lambda pair: (-pair[1], pair[0]))

    def by_meaning(self, question: str) -> list[tuple[int, float]]:
        """Return (place of the card, cosine with its nearest text) of all cards, best first; empty without embedder."""
        if self._embed is None:
            return []
        with self._lock:
            if not self._vectors:
                self._vectors = self._embedded(self._embed)
            asked = self._embed([question])[0]
        scores = [max(sum(a * b for a, b in zip(asked, vector)) for vector in vectors) for vectors in self._vectors]
        return sorted(enumerate(scores), key=lambda pair: (-pair[1], pair[0]))

    def _embedded(self, embed: Embed) -> list[list[list[float]]]:
        groups = [_passages(card) for card in self._cards]
        vectors = iter(embed([text for group in groups for text in group]))
        return [[next(vectors) for _ in group] for group in groups]


def _passages(card: Card) -> list[str]:
    """What a question may be near to: the purpose, when to use it, each example."""
    name = card.name.replace("_", " ")
    return [f"{name}: {card.purpose}", *([card.use_when] if card.use_when else []), *card.examples]


def _terms(card: Card) -> list[str]:
    """The words a card is found by; what it is not for would mislead, arguments count once, names and purpose twice."""
    strong = f"{card.name.replace('_', ' ')} {card.purpose}"
    weak = " ".join([card.use_when, *card.examples, *(f"{one.name} {one.description}" for one in card.arguments)])
    return [*_stems(strong), *_stems(strong), *_stems(weak)]


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text.casefold()) if word not in _COMMON]


def _stem(word: str) -> str:
    """Cut the commonest English endings; both sides are cut alike, so that it need not be right."""
    for ending, least in (
        ("ations", 5),
        ("ation", 5),
        ("ings", 4),
        ("ing", 4),
        ("ies", 3),
        ("ed", 4),
        ("es", 4),
        ("s", 3),
        ("ly", 4),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: -len(ending)]
            break
    return word.rstrip("e") if len(word) > 4 else word
