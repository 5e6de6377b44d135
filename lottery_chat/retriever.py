"""R over C: finds the tools whose cards are nearest to a question, so that the model never chooses among many.

The retriever of the paper fetches documents from D and tools from C (paper.md 1.1, line 29). Similarity is the
best cosine of the question with a card's example questions; the vectors of the examples are computed once.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tools.finding import CardIndex
from tools.shelf.catalogue import Tool

#: Of a longer question the beginning is compared: the embedder reads about 200 words.
MOST_LETTERS = 600
Similar = Callable[[Sequence[str], Sequence[str]], list[list[float]] | None]


@dataclass(frozen=True, slots=True)
class ToolCard:
    """What a tool is for, in words that questions for it use."""

    name: str
    purpose: str
    examples: tuple[str, ...]


#: The tools of this app as R sees them. Examples are our own wording.
CARDS: tuple[ToolCard, ...] = (
    ToolCard("calculator", "exact arithmetic, units, dates, comparison", (
        "What is 18 percent of 250?", "How many days are between two dates?", "Convert 12 miles to kilometres.", "Which number is larger?",
    )),
    ToolCard("program", "word problems with several quantities", (
        "A shop sells 12 lamps a day for 30 days; how many lamps are sold?",
        "If I drive 240 km in 3 hours and then 100 km in 2 hours, what is my average speed?",
        "She has 50 coins, gives away a fifth and finds 7 more. How many has she got?",
        "A loan of 2000 at 4 percent a year: how much is owed after 3 years?",
    )),
    ToolCard("logic", "facts and rules, or an order, and a statement to decide", (
        "All birds can fly. Tweety is a bird. Can Tweety fly?", "Anna is taller than Ben and Ben is taller than Cem. Who is the tallest?",
    )),
    ToolCard("web search", "current facts", ("What is the weather today?", "Who won the match last night?", "What is the current price of gold?")),
    ToolCard("model", "writing, explaining, general knowledge", (
        "Write a short letter.", "Explain how rain forms.", "What is the capital of a country?", "Give me ideas for a birthday party in 2 hours.",
        "Who was the first person on the Moon in 1969?", "Name 3 famous painters.", "What happened in 1989?",
    )),
)  # fmt: skip


class ToolRetriever:
    """Ranks tool cards for a question."""

    def __init__(self, similar: Similar, cards: tuple[ToolCard, ...] = CARDS) -> None:
        self._similar = similar
        self._cards = cards
        self._lock = threading.Lock()

    def find(self, question: str) -> list[tuple[str, float]]:
        """Return (tool, score 0 to 1), best first; empty while there is no embedder."""
        examples = [example for card in self._cards for example in card.examples]
        with self._lock:
            scores = self._similar([question], examples)
        if scores is None:
            return []
        ranked, at = [], 0
        for card in self._cards:
            ranked.append((card.name, max(scores[0][at : at + len(card.examples)])))
            at += len(card.examples)
        return sorted(ranked, key=lambda pair: -pair[1])


class ShelfRetriever:
    """R over the shelf: the tools nearest to a question, by words and meaning (tools/finding.py), with their cosine."""

    def __init__(self, tools: Sequence[Tool], embed: Callable[[Sequence[str]], list[list[float]]]) -> None:
        self._tools = tuple(tools)
        self._index = CardIndex([one.card for one in tools], embed)

    def find(self, question: str, limit: int = 4) -> list[tuple[Tool, float]]:
        """Return (tool, cosine -1 to 1) of the nearest tools, best first.

        The question is looked for as it is and with what it works on left out, whichever comes nearer to a card.
        """
        by_name = {one.card.name: place for place, one in enumerate(self._tools)}
        best: list[tuple[Tool, float]] = []
        for text in dict.fromkeys((question[:MOST_LETTERS], without_material(question)[:MOST_LETTERS])):
            cosine = dict(self._index.by_meaning(text))
            found = [(self._tools[by_name[name]], cosine[by_name[name]]) for name, _ in self._index.find(text, limit)]
            if max((score for _, score in found), default=0.0) > max((score for _, score in best), default=0.0):
                best = found
        return best


_QUOTED = re.compile(r"\"[^\"\n]+\"|“[^”\n]+”|„[^“”\n]+[“”]|(?<!\w)'[^'\n]+'(?!\w)")
_ROMAN = re.compile(r"\b(?=[MDCLXVI]{3,}\b)M{0,3}(?:C[MD]|D?C{0,3})(?:X[CL]|L?X{0,3})(?:I[XV]|V?I{0,3})\b")
_ITEM = r"-?\$?\w[\w.%-]*"
_LIST = re.compile(rf"{_ITEM}(?:, {_ITEM}){{2,}}(?:,? (?:and|or) {_ITEM})?")


def without_material(question: str) -> str:
    """A question with quoted words and lists named instead of given: an odd word would decide what it is near to."""
    question = _ROMAN.sub("a Roman numeral", question)
    text = _QUOTED.sub(lambda found: '"some text"' if " " in found.group() else '"a word"', question)

    def named(found: re.Match[str]) -> str:
        return (
            "a list of numbers"
            if re.fullmatch(r"[\d.,%$\s-]+", found.group().replace("and", ""))
            else "a list of words"
        )

    return _LIST.sub(named, text)
