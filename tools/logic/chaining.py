"""Forward chaining over rules and facts, with the proof of what was asked.

Open world: a negated condition must itself be proved, and what cannot be proved is unknown. Closed world: what cannot
be proved is false (negation as failure, in strata). Every derived fact remembers its rule and the facts it came from.
Bounded in facts, steps and seconds; a bound that is hit makes the answer "undecided", never "unknown".
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Literal

from tools.logic.language import Atom, Name, Rule, Term, Variable

MAX_FACTS = 5_000
MAX_STEPS = 1_000_000
World = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class Derivation:
    """One fact, the rule it comes from and the facts that met the rule's conditions (`absent`: by failure)."""

    fact: Atom
    rule: Rule
    used: tuple[Atom, ...]
    absent: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True)
class Closure:
    """Everything that follows. `complete` is False where a bound was hit, `clash` a fact derived both ways."""

    derivations: dict[Atom, Derivation]
    complete: bool
    clash: Atom | None
    world: World
    stratified: bool = True

    def holds(self, goal: Atom) -> bool:
        """Whether a ground literal follows, in this world."""
        if goal in self.derivations:
            return True
        return self.world == "closed" and goal.negated and opposite(goal) not in self.derivations and self.complete

    def proof(self, goals: Sequence[Atom]) -> tuple[Derivation, ...]:
        """The derivations the goals rest on, each after what it uses."""
        ordered: dict[Atom, Derivation] = {}
        stack = [(goal, False) for goal in reversed(goals)]
        while stack:
            fact, ready = stack.pop()
            derivation = self.derivations.get(fact)
            if derivation is None or fact in ordered:
                continue
            if ready:
                ordered[fact] = derivation
            else:
                stack.append((fact, True))
                stack.extend((used, False) for used in reversed(derivation.used))
        return tuple(ordered.values())


def opposite(atom: Atom) -> Atom:
    """The same literal with the other sign."""
    return Atom(atom.predicate, atom.args, not atom.negated)


def close(
    rules: Sequence[Rule],
    *,
    world: World = "open",
    names: Sequence[str] = (),
    seconds: float = 5.0,
    cancel: Event | None = None,
) -> Closure:
    """Everything that follows from the rules within the bounds. `names`: individuals the text speaks of."""
    layers = _strata(rules) if world == "closed" else [list(rules)]
    engine = _Engine(time.monotonic() + seconds, cancel, frozenset(names) | _names(rules))
    for layer in layers or [list(rules)]:
        engine.run(layer, by_failure=world == "closed" and layers is not None)
    clash = next((fact for fact in engine.derivations if opposite(fact) in engine.derivations), None)
    return Closure(engine.derivations, engine.complete, clash, world, layers is not None)


def _names(rules: Sequence[Rule]) -> frozenset[str]:
    atoms = [atom for rule in rules for atom in (*rule.conditions, rule.conclusion)]
    return frozenset(arg.name for atom in atoms for arg in atom.args if isinstance(arg, Name))


def _strata(rules: Sequence[Rule]) -> list[list[Rule]] | None:
    """Rules in layers so that what a negated condition speaks of is complete before; None where there is a cycle."""
    level: dict[str, int] = defaultdict(int)
    predicates = {atom.predicate for rule in rules for atom in (*rule.conditions, rule.conclusion)}
    for _ in range(len(predicates) + 1):
        changed = False
        for rule in rules:
            below = [level[atom.predicate] + (1 if atom.negated else 0) for atom in rule.conditions]
            wanted = max(below, default=0)
            if wanted > level[rule.conclusion.predicate]:
                level[rule.conclusion.predicate] = wanted
                changed = True
        if not changed:
            layers: dict[int, list[Rule]] = defaultdict(list)
            for rule in rules:
                layers[level[rule.conclusion.predicate]].append(rule)
            return [layers[key] for key in sorted(layers)]
    return None


@dataclass(slots=True)
class _Engine:
    """Applies rules to facts in rounds until nothing new follows."""

    deadline: float
    cancel: Event | None
    names: frozenset[str]
    derivations: dict[Atom, Derivation] = field(default_factory=dict)
    index: dict[tuple[str, bool, int], list[Atom]] = field(default_factory=lambda: defaultdict(list))
    by_argument: dict[tuple[str, bool, int, int, Term], list[Atom]] = field(default_factory=lambda: defaultdict(list))
    complete: bool = True
    steps: int = 0

    def run(self, rules: Sequence[Rule], by_failure: bool) -> None:
        fresh: set[tuple[str, bool]] | None = None
        while self.complete and (fresh is None or fresh):
            added: set[tuple[str, bool]] = set()
            for rule in rules:
                touched = {(atom.predicate, atom.negated) for atom in rule.conditions}
                if fresh is not None and not touched & fresh:
                    continue
                for derivation in list(self.fire(rule, by_failure)):
                    if self.add(derivation):
                        added.add((derivation.fact.predicate, derivation.fact.negated))
            fresh = added

    def add(self, derivation: Derivation) -> bool:
        fact = derivation.fact
        if fact in self.derivations or not self.complete:
            return False
        self.derivations[fact] = derivation
        self.index[(fact.predicate, fact.negated, len(fact.args))].append(fact)
        for place, arg in enumerate(fact.args):
            self.by_argument[(fact.predicate, fact.negated, len(fact.args), place, arg)].append(fact)
        if len(self.derivations) >= MAX_FACTS:
            self.complete = False
        return True

    def fire(self, rule: Rule, by_failure: bool) -> Iterator[Derivation]:
        """Every instance of the rule whose conditions hold now."""
        ordered = sorted(rule.conditions, key=lambda atom: atom.negated and by_failure)
        for binding, used, absent in self.matches(ordered, {}, (), (), by_failure):
            for full in self.complete_bindings(rule.conclusion, binding):
                fact = _ground(rule.conclusion, full)
                if fact not in self.derivations:
                    yield Derivation(fact, rule, used, absent)

    def complete_bindings(self, head: Atom, binding: dict[str, Term]) -> Iterator[dict[str, Term]]:
        """A variable only in the conclusion ("everything is kind") goes through all individuals."""
        free = [arg for arg in head.args if isinstance(arg, Variable) and arg.name not in binding]
        if not free:
            yield binding
            return
        for name in sorted(self.names):
            if self.spent():
                return
            yield from self.complete_bindings(head, binding | {free[0].name: Name(name)})

    def matches(
        self,
        conditions: Sequence[Atom],
        binding: dict[str, Term],
        used: tuple[Atom, ...],
        absent: tuple[Atom, ...],
        by_failure: bool,
    ) -> Iterator[tuple[dict[str, Term], tuple[Atom, ...], tuple[Atom, ...]]]:
        if self.spent():
            return
        if not conditions:
            yield binding, used, absent
            return
        first, rest = conditions[0], conditions[1:]
        for fact in self.candidates(first, binding):
            if self.spent():
                return
            extended = _unify(first, fact, binding)
            if extended is not None:
                yield from self.matches(rest, extended, (*used, fact), absent, by_failure)
        if by_failure and first.negated:
            for full in self.complete_bindings(first, binding):
                goal = _ground(first, full)
                if goal not in self.derivations and opposite(goal) not in self.derivations:
                    yield from self.matches(rest, full, used, (*absent, goal), by_failure)

    def candidates(self, pattern: Atom, binding: dict[str, Term]) -> tuple[Atom, ...]:
        """Facts that may match: the fewest that an argument already known leaves."""
        key = (pattern.predicate, pattern.negated, len(pattern.args))
        found = self.index.get(key, [])
        for place, arg in enumerate(pattern.args):
            known = binding.get(arg.name) if isinstance(arg, Variable) else arg
            if known is not None:
                narrower = self.by_argument.get((*key, place, known), [])
                found = narrower if len(narrower) < len(found) else found
        return tuple(found)

    def spent(self) -> bool:
        self.steps += 1
        if self.steps > MAX_STEPS:
            self.complete = False
        elif self.steps % 512 == 0:
            late = time.monotonic() > self.deadline
            self.complete = self.complete and not late and not (self.cancel is not None and self.cancel.is_set())
        return not self.complete


def _unify(pattern: Atom, fact: Atom, binding: dict[str, Term]) -> dict[str, Term] | None:
    extended = dict(binding)
    for wanted, given in zip(pattern.args, fact.args):
        if isinstance(wanted, Variable):
            if extended.setdefault(wanted.name, given) != given:
                return None
        elif wanted != given:
            return None
    return extended


def _ground(atom: Atom, binding: dict[str, Term]) -> Atom:
    args = tuple(binding.get(arg.name, arg) if isinstance(arg, Variable) else arg for arg in atom.args)
    return Atom(atom.predicate, args, atom.negated)
