"""Order premises before they are used (DetermLR): by relevance to the goal, and determinate ones first.

Determinate are literals about individuals, indeterminate all others. Relevance is the number of premises between a
premise and the goal, where two are neighbours that share a predicate. What is not connected to the goal at all is
left out: in first-order logic without equality it cannot decide it, unless it contradicts itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.logic.language import And, Atom, Formula, Name, Premise, leaves


@dataclass(frozen=True, slots=True)
class Ranked:
    """A premise with its distance from the goal (1: shares a predicate with it) and whether it is determinate."""

    premise: Premise
    distance: int
    determinate: bool

    def line(self) -> str:
        """The premise as the trace shows it."""
        return f"{self.distance}, {'determinate' if self.determinate else 'indeterminate'}: {self.premise.sentence}"


def ranked(premises: Sequence[Premise], goals: Sequence[Formula]) -> tuple[Ranked, ...]:
    """The premises that are connected with the goals, nearest first, among equals the determinate ones first."""
    known = {predicate for goal in goals for predicate in _predicates(goal)}
    left = list(enumerate(premises))
    found: list[tuple[int, bool, int, Premise]] = []
    distance = 0
    while left and known:
        distance += 1
        near = [(at, one) for at, one in left if _predicates(one.formula) & known or not _predicates(one.formula)]
        if not near:
            break
        taken = {at for at, _ in near}
        left = [(at, one) for at, one in left if at not in taken]
        found += [(distance, not determinate(one.formula), at, one) for at, one in near]
        known |= {predicate for _, one in near for predicate in _predicates(one.formula)}
    ordered = sorted(found, key=lambda row: row[:3])
    return tuple(Ranked(premise, far, not vague) for far, vague, _, premise in ordered)


def determinate(formula: Formula) -> bool:
    """Whether it says something of individuals, without a condition or a choice."""
    if isinstance(formula, And):
        return all(determinate(part) for part in formula.parts)
    return isinstance(formula, Atom) and all(isinstance(arg, Name) for arg in formula.args)


def _predicates(formula: Formula) -> set[tuple[str, int]]:
    return {(leaf.predicate, len(leaf.args)) for leaf in leaves(formula) if isinstance(leaf, Atom)}
