"""Prove a literal from the goal backwards: a depth-first walk over the tree of its sub-goals (recursion, Zhang 2023).

Each rule whose conclusion fits the goal is tried in the order of the premises; its conditions are the sub-goals. A
goal that is its own ancestor is not tried again. What this does not do: say that nothing follows (whoever asks falls
back on chaining everything), negation as failure, see a contradiction that the goal does not touch.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event

from tools.logic.chaining import Derivation
from tools.logic.language import Atom, Name, Rule, Term, Variable, show

MAX_STEPS = 20_000
MAX_DEPTH = 40
SHOWN = 200


@dataclass(slots=True)
class Walk:
    """One walk: what was derived on the way, and the goals as they were visited, indented by depth."""

    rules: Sequence[Rule]
    deadline: float
    cancel: Event | None = None
    derivations: dict[Atom, Derivation] = field(default_factory=dict)
    visited: list[str] = field(default_factory=list)
    steps: int = 0
    _by_head: dict[tuple[str, bool, int], list[Rule]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for rule in self.rules:
            head = rule.conclusion
            self._by_head[(head.predicate, head.negated, len(head.args))].append(rule)

    def proves(self, goal: Atom) -> bool:
        """Whether this ground literal was proved within the bounds; its derivation is then in `derivations`."""
        return any(True for _ in self._prove(goal, 0, frozenset()))

    def _spent(self) -> bool:
        self.steps += 1
        late = self.steps % 256 == 0 and time.monotonic() > self.deadline
        return self.steps > MAX_STEPS or late or (self.cancel is not None and self.cancel.is_set())

    def _prove(self, goal: Atom, depth: int, above: frozenset[str]) -> Iterator[Atom]:
        """Ground instances of the goal that hold."""
        if goal in self.derivations:
            yield goal
            return
        key = _shape(goal)
        if self._spent() or depth > MAX_DEPTH or key in above:
            return
        if len(self.visited) < SHOWN:
            self.visited.append("  " * depth + show(goal))
        for rule in self._by_head.get((goal.predicate, goal.negated, len(goal.args)), ()):
            binding = _fits(rule.conclusion, goal)
            if binding is None:
                continue
            for full, used in self._conditions(rule.conditions, binding, (), depth + 1, above | {key}):
                fact = _filled(rule.conclusion, full)
                if any(isinstance(arg, Variable) for arg in fact.args):
                    fact = _filled(fact, {a.name: b for a, b in zip(fact.args, goal.args) if isinstance(a, Variable)})
                if any(isinstance(arg, Variable) for arg in fact.args) or _fits(goal, fact) is None:
                    continue
                self.derivations.setdefault(fact, Derivation(fact, rule, used))
                yield fact

    def _conditions(
        self, conditions: Sequence[Atom], binding: dict[str, Term], used: tuple[Atom, ...], depth: int, above: frozenset[str]
    ) -> Iterator[tuple[dict[str, Term], tuple[Atom, ...]]]:  # fmt: skip
        if not conditions:
            yield binding, used
            return
        wanted = _filled(conditions[0], binding)
        for fact in list(self._prove(wanted, depth, above)):
            more = {a.name: b for a, b in zip(wanted.args, fact.args) if isinstance(a, Variable)}
            yield from self._conditions(conditions[1:], binding | more, (*used, fact), depth, above)


def _fits(pattern: Atom, goal: Atom) -> dict[str, Term] | None:
    """What the pattern's variables are for this goal; a variable of the goal leaves them open."""
    if (pattern.predicate, pattern.negated, len(pattern.args)) != (goal.predicate, goal.negated, len(goal.args)):
        return None
    binding: dict[str, Term] = {}
    for mine, wanted in zip(pattern.args, goal.args):
        if isinstance(mine, Variable):
            if isinstance(wanted, Name) and binding.setdefault(mine.name, wanted) != wanted:
                return None
        elif isinstance(wanted, Name) and mine != wanted:
            return None
    return binding


def _filled(atom: Atom, binding: dict[str, Term]) -> Atom:
    args = tuple(binding.get(arg.name, arg) if isinstance(arg, Variable) else arg for arg in atom.args)
    return Atom(atom.predicate, args, atom.negated)


def _shape(goal: Atom) -> str:
    """The goal with its variables by place: two goals that differ in names of variables are one."""
    args = ",".join(arg.name if isinstance(arg, Name) else "?" for arg in goal.args)
    return f"{'-' if goal.negated else ''}{goal.predicate}({args})"
