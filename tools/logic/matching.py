"""Matching puzzles ("each owns a different pet"), solved exactly by trying every matching that no clue forbids."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product

MOST_VALUES, MOST_CATEGORIES, MOST_MATCHINGS = 6, 4, 20_000
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Clue:
    """Alternatives, one of which holds: each a tuple of (value, value, whether they go together), all of which hold."""

    sentence: str
    any_of: tuple[tuple[tuple[Pair, Pair, bool], ...], ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """A puzzle that was read whole. asked: (the value, the category wanted), a pair, or None for all of it."""

    categories: tuple[tuple[str, ...], ...]
    clues: tuple[Clue, ...]
    setting: tuple[str, ...]
    asked: tuple[Pair, int] | tuple[Pair, Pair] | None

    def named(self, value: Pair) -> str:
        """The value as it is written."""
        return self.categories[value[0]][value[1]]

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Each sentence with what it was read as."""
        heads = "; ".join(", ".join(category) for category in self.categories)
        return (
            *((sentence, f"one to one: {heads}") for sentence in self.setting),
            *((clue.sentence, " or ".join(" and ".join(self._shown(*one) for one in all_of) for all_of in clue.any_of)) for clue in self.clues),
        )  # fmt: skip

    def _shown(self, one: Pair, other: Pair, same: bool) -> str:
        return f"{self.named(one)} {'=' if same else '≠'} {self.named(other)}"


@dataclass(frozen=True, slots=True)
class Matched:
    """answer: the value, "True", "False", every pair, or "" where several fit or none does; used: what it rests on."""

    answer: str
    used: tuple[str, ...] = ()
    possible: int = 0


def solve_matching(puzzle: Matching, until: float) -> Matched:
    """Decide what is asked. `possible` counts the matchings that fit (2: two or more).

    until: time.monotonic() from which on the sentences that the answer does not need are no longer looked for.
    """
    answers = _answers(puzzle, puzzle.clues)
    if len(answers) != 1:
        return Matched("", possible=min(len(answers), 2))
    used = list(puzzle.clues)
    for clue in puzzle.clues:  # what the answer does not need is left out, one sentence at a time
        if time.monotonic() > until:
            break
        fewer = [one for one in used if one is not clue]
        if _answers(puzzle, fewer) == answers:
            used = fewer
    return Matched(next(iter(answers)), (*puzzle.setting, *(clue.sentence for clue in used)), 1)


def _answers(puzzle: Matching, clues: Sequence[Clue]) -> set[str]:
    """What the matchings that fit say; no more than two different answers are looked for."""
    said: set[str] = set()
    for places in _matchings(puzzle.categories, clues):
        said.add(_said(puzzle, places))
        if len(said) > 1:
            break
    return said


def _matchings(categories: Sequence[Sequence[str]], clues: Sequence[Clue]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every way to match that no clue forbids: for each category the row (first category's value) of its values."""
    size = len(categories[0])
    first = (tuple(range(size)),)
    rows: list[list[tuple[int, ...]]] = []
    for index in range(1, len(categories)):
        near = [
            clue for clue in clues if {v[0] for one in clue.any_of for a, b, _ in one for v in (a, b)} <= {0, index}
        ]
        fits = [
            one for one in permutations(range(size))
            if all(_holds(clue, (*first, *((one,) * index))) for clue in near)
        ]  # fmt: skip
        rows.append(fits)
    for rest in product(*rows):
        places = (*first, *rest)
        if all(_holds(clue, places) for clue in clues):
            yield places


def _holds(clue: Clue, places: Sequence[tuple[int, ...]]) -> bool:
    return any(
        all((places[a[0]][a[1]] == places[b[0]][b[1]]) == same for a, b, same in all_of) for all_of in clue.any_of
    )


def _said(puzzle: Matching, places: Sequence[tuple[int, ...]]) -> str:
    if puzzle.asked is None:
        rows = range(len(puzzle.categories[0]))
        return "; ".join(
            ", ".join(names[places[c].index(row)] for c, names in enumerate(puzzle.categories)) for row in rows
        )
    value, wanted = puzzle.asked
    row = places[value[0]][value[1]]
    if isinstance(wanted, tuple):
        return "True" if places[wanted[0]][wanted[1]] == row else "False"
    return puzzle.categories[wanted][places[wanted].index(row)]
