"""Which sentence of an explanation stands on which sentence of the documents: a number after each that does.

A model that explains in its own words mixes what it read with what it believes. Code compares each of its sentences
with the evidence: most words of substance, and every number, must stand in one quoted sentence (or in the heading of
its passage). What has no such sentence is said (ALCE's citation recall by words; attribution after writing, RARR).
What this does not do: a sentence that says the opposite in the same words is cited all the same, so no explanation
carries a green mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.covering import stems
from knowledge.passage import Sentence
from knowledge.sentences import split_sentences

#: Share of the words of substance of a sentence that the quoted one must hold.
HELD = 0.5
#: Fewer words of substance say nothing that could be looked up ("Yes.", "In short:").
_LEAST = 2
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Cited:
    """An explanation with "[1]" after each sentence that stands on a quoted one.

    Args:
        text: the explanation with the numbers.
        quotes: the quoted sentences, the first is number 1.
        unsupported: its sentences that stand on none, as written.
        count: how many sentences say something that could stand there.
    """

    text: str
    quotes: tuple[Sentence, ...]
    unsupported: tuple[str, ...]
    count: int


def cite_each(text: str, evidence: Sequence[Sentence], heading: Callable[[Sentence], str]) -> Cited:
    """Number the sentences of an explanation by the evidence they stand on.

    Args:
        heading: what the passage of a sentence is headed with, "" for nothing: its words count as the sentence's.
    """
    held = [(one, stems(f"{heading(one)} {one.text}"), set(_NUMBER.findall(one.text))) for one in evidence]
    numbers: dict[int, int] = {}
    unsupported: list[str] = []
    pieces: list[str] = []
    count, at = 0, 0
    for start, end in split_sentences(text):
        said = text[start:end].rstrip()
        pieces.append(text[at:start])
        at = start + len(said)
        words = stems(said)
        if len(words) < _LEAST:
            pieces.append(said)
            continue
        count += 1
        best = _best(words, set(_NUMBER.findall(said)), held)
        if best is None:
            unsupported.append(" ".join(said.split()))
            pieces.append(said)
            continue
        number = numbers.setdefault(best, len(numbers) + 1)
        pieces.append(f"{said} [{number}]")
    pieces.append(text[at:])
    quotes = tuple(evidence[one] for one in numbers)
    return Cited("".join(pieces), quotes, tuple(unsupported), count)


def _best(
    words: frozenset[str], numbers: set[str], held: Sequence[tuple[Sentence, frozenset[str], set[str]]]
) -> int | None:
    """The place of the evidence that holds most of a sentence's words and all its numbers; None where none holds enough."""
    shares = [
        (len(words & theirs) / len(words), one.score, at)
        for at, (one, theirs, figures) in enumerate(held)
        if numbers <= figures
    ]
    share, _, at = max(shares, default=(0.0, 0.0, 0))
    return at if share >= HELD else None
