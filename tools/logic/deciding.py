"""Decide a goal from premises: by chained proof where rules suffice, else by refutation in a limited child.

Proved or disproved means that it follows from the premises given; in the open world this stays right whatever else
is true, so premises that could not be read do not matter for it. Unknown is claimed only when a solver found both
possible.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import Any, Literal

from tools.limited import RunLimited, refuse_broken
from tools.logic.chaining import Closure, Derivation, World, close, opposite
from tools.logic.language import Atom, Formula, Premise, Rule, show
from tools.logic.premises import ranked
from tools.logic.rules import NotRules, literals_of, rules_of
from tools.logic.scope import Lexicon
from tools.logic.subgoals import Walk
from tools.logic.wording import say

MEMORY = 1_500 * 2**20  # bytes of address space a solver's child may use
TARGET = "tools.logic.solver:solve_in_child"
Verdict = Literal["proved", "disproved", "unknown", "undecided-in-time", "contradiction", "unread"]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a proof: what holds, the sentences it comes from, and how ("given", "rule", "refutation" …).

    formula, uses: of a chained step, its symbols and those of the facts it was derived from.
    """

    text: str
    from_sentences: tuple[str, ...]
    rule: str
    formula: str = ""
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What was found about one goal; `visited`: its sub-goals as they were walked, where that was the way."""

    verdict: Verdict
    method: Literal["chaining", "first-order", "ordering"]
    steps: tuple[Step, ...] = ()
    used: tuple[str, ...] = ()
    note: str = ""
    visited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """Settings of the prover. `ordered`: premises by relevance and determinacy, what is not connected left out
    (DetermLR); `goals`: first from the goal backwards over the tree of its sub-goals (recursion)."""

    ordered: bool = False
    goals: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What a decision may cost: until when (time.monotonic), and a signal to stop."""

    deadline: float
    cancel: Event | None

    def left(self) -> float:
        """Seconds left, at least a tenth."""
        return max(0.1, self.deadline - time.monotonic())


def decide(
    premises: Sequence[Premise],
    goals: Sequence[Formula],
    lexicon: Lexicon,
    *,
    run_limited: RunLimited,
    limits: Limits,
    world: World = "open",
    names: Sequence[str] = (),
    method: Method = Method(),
) -> list[Decision]:
    """One decision for each goal. All premises are read ones."""
    if method.ordered and world == "open":
        premises = [one.premise for one in ranked(premises, goals)]
    rules, others = rules_of([premise.formula for premise in premises])
    if method.goals and world == "open":
        walked = [_walked(rules, goal, premises, lexicon, limits) for goal in goals]
        if all(walked):
            return [decision for decision in walked if decision is not None]
    closure = close(rules, world=world, names=names, seconds=limits.left() / 2, cancel=limits.cancel)
    if closure.clash is not None:
        return [_clash(closure, premises, lexicon)] * len(goals)
    chained = [_chained(closure, goal, premises, lexicon, bool(others)) for goal in goals]
    if world == "closed":
        return [
            decision or Decision("undecided-in-time", "chaining", note=_outside_closed(closure)) for decision in chained
        ]
    open_goals = [i for i, decision in enumerate(chained) if decision is None]
    refuted: Mapping[int, Decision] = {}
    if open_goals:
        found = refute(premises, [goals[i] for i in open_goals], run_limited=run_limited, limits=limits)
        refuted = dict(zip(open_goals, found))
    return [decision or refuted[i] for i, decision in enumerate(chained)]


def _walked(
    rules: Sequence[Rule], goal: Formula, premises: Sequence[Premise], lexicon: Lexicon, limits: Limits
) -> Decision | None:
    """A decision from the goal backwards; None where neither it nor its opposite is proved, or both are."""
    try:
        wanted = literals_of(goal)
    except NotRules:
        return None
    walk = Walk(rules, time.monotonic() + limits.left() / 4, limits.cancel)
    holds = all(walk.proves(atom) for atom in wanted)
    against = next((opposite(atom) for atom in wanted if walk.proves(opposite(atom))), None)
    if holds == (against is not None):
        return None
    closure = Closure(walk.derivations, True, None, "open")
    found = (
        _proof(closure, wanted, premises, lexicon, "proved")
        if against is None
        else _proof(closure, [against], premises, lexicon, "disproved")
    )
    return replace(found, visited=tuple(walk.visited))


def _outside_closed(closure: Closure) -> str:
    if not closure.stratified:
        return "A rule depends on the absence of what it leads to; negation as failure has no single meaning here."
    return "Not decided by chaining in the closed world."


def _chained(
    closure: Closure, goal: Formula, premises: Sequence[Premise], lexicon: Lexicon, others: bool
) -> Decision | None:
    """A decision where chaining alone gives one, else None."""
    try:
        wanted = literals_of(goal)
    except NotRules:
        return None
    if not closure.stratified or closure.world == "closed" and (others or not closure.complete):
        return None
    opposites = [opposite(atom) for atom in wanted]
    if all(closure.holds(atom) for atom in wanted):
        return _proof(closure, wanted, premises, lexicon, "proved")
    against = [atom for atom in opposites if closure.holds(atom)]
    if against:
        return _proof(closure, against[:1], premises, lexicon, "disproved")
    return None


def _proof(
    closure: Closure, goals: Sequence[Atom], premises: Sequence[Premise], lexicon: Lexicon, verdict: Verdict
) -> Decision:
    derivations = closure.proof(goals)
    steps = [_step(derivation, premises, lexicon) for derivation in derivations]
    for goal in goals:
        if goal not in closure.derivations:
            steps.append(Step(say(goal, lexicon) + ".", (), "not provable, so false in the closed world"))
    used = _sentences(premises, [derivation.rule.source for derivation in derivations])
    return Decision(verdict, "chaining", tuple(steps), used)


def _step(derivation: Derivation, premises: Sequence[Premise], lexicon: Lexicon) -> Step:
    rule = derivation.rule
    sentence = premises[rule.source].sentence
    text = say(derivation.fact, lexicon) + "."
    if not rule.conditions:
        return Step(text, (sentence,), "given", show(derivation.fact))
    because = [say(atom, lexicon) for atom in derivation.used]
    because += [f"{say(atom, lexicon)} (nothing says otherwise)" for atom in derivation.absent]
    uses = tuple(show(atom) for atom in derivation.used)
    return Step(text, (sentence,), "because " + " and ".join(because), show(derivation.fact), uses)


def _sentences(premises: Sequence[Premise], indices: Sequence[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(premises[i].sentence for i in sorted(set(indices)) if i >= 0))


def _clash(closure: Closure, premises: Sequence[Premise], lexicon: Lexicon) -> Decision:
    clash = closure.clash
    assert clash is not None
    both = closure.proof([clash, opposite(clash)])
    steps = tuple(_step(derivation, premises, lexicon) for derivation in both)
    note = f"The premises contradict each other about: {say(clash, lexicon)}."
    return Decision("contradiction", "chaining", steps, _sentences(premises, [d.rule.source for d in both]), note)


def refute(
    premises: Sequence[Premise],
    goals: Sequence[Formula],
    *,
    run_limited: RunLimited,
    limits: Limits,
    axes: Mapping[str, Any] | None = None,
) -> list[Decision]:
    """Decide goals by refutation both ways in a child; time-out means undecided, never unknown."""
    method: Literal["ordering", "first-order"] = "ordering" if axes else "first-order"
    seconds = limits.left()
    request = {
        "premises": [show(premise.formula) for premise in premises],
        "goals": [show(goal) for goal in goals],
        "seconds": max(0.5, seconds - 1.0),
        "axes": dict(axes or {}),
    }
    result = run_limited(TARGET, request, seconds=seconds, memory=MEMORY, cancel=limits.cancel)
    refuse_broken("The logic solver", result, "consistent", "goals")
    if result.problem or result.value is None:
        note = {"time": "The solver ran out of time.", "memory": "The solver ran out of memory.",
                "cancelled": "Stopped."}.get(result.problem, f"The solver gave no result ({result.text}).")  # fmt: skip
        return [Decision("undecided-in-time", method, note=note)] * len(goals)
    value = result.value
    if value["consistent"] is False:
        used = _sentences(premises, [int(i) for i in value["clash"]])
        steps = (Step("These sentences cannot all be true together.", used, "refutation"),)
        return [Decision("contradiction", method, steps, used, "The premises contradict each other.")] * len(goals)
    return [_refuted(goal, premises, method) for goal in value["goals"]]


def _refuted(
    found: Mapping[str, Any], premises: Sequence[Premise], method: Literal["ordering", "first-order"]
) -> Decision:
    verdict = found["verdict"]
    used = _sentences(premises, [int(i) for i in found["used"]])
    given = tuple(Step(sentence, (sentence,), "given") for sentence in used)
    if verdict == "must":
        return Decision(
            "proved", method, (*given, Step("Assuming the opposite contradicts these.", used, "refutation")), used
        )
    if verdict == "cannot":
        return Decision("disproved", method, (*given, Step("Assuming it contradicts these.", used, "refutation")), used)
    if verdict == "can":
        return Decision("unknown", method, note="The statement and its opposite are both possible.")
    return Decision("undecided-in-time", method, note="The solver did not decide it in time.")
