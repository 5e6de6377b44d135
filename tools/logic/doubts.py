"""Why "unknown" may be wrong although nothing follows: signs that a reader sees a link the formulas do not have."""

from __future__ import annotations

import re
from difflib import get_close_matches

from tools.logic.language import And, Atom, Exists, ForAll, Formula, Iff, Implies, Name, Not, Or, Xor, leaves
from tools.logic.reading import ReadPremises


def names_in(formula: Formula) -> set[str]:
    """The individuals a formula speaks of."""
    return {
        arg.name for leaf in leaves(formula) if isinstance(leaf, Atom) for arg in leaf.args if isinstance(arg, Name)
    }


def doubt_about(goal: Formula, reading: ReadPremises) -> str:
    """Why a reader might see a link that the formulas do not have; "" where there is no sign of one."""
    wanted = {leaf.predicate for leaf in leaves(goal) if isinstance(leaf, Atom)}
    predicates = reading.predicates | wanted
    compared = next((predicate for predicate in sorted(predicates) if predicate.endswith("_than")), None)
    if compared:
        return f"What follows from comparisons such as {compared!r} is not known here."
    stems: dict[str, set[str]] = {}
    for predicate in predicates:
        for word in re.split(r"[_-]", predicate):
            if len(word) >= 3 and word not in (
                "past",
                "with",
                "from",
                "have",
                "than",
                "into",
                "the",
                "for",
                "can",
                "own",
            ):
                stems.setdefault(word[: min(6, max(4, len(word) - 3))], set()).add(predicate)
    for shared in stems.values():
        if len(shared) > 1 and any(not predicate.isalpha() for predicate in shared):
            first, second = sorted(shared)[:2]
            return f"It may hang on whether {first!r} and {second!r} mean the same."
    for found, known in (
        (wanted - reading.predicates, reading.predicates),
        (names_in(goal) - reading.names, reading.names),
    ):
        for word in sorted(found):
            near = get_close_matches(word, sorted(known), 1, 0.8)
            if near:
                return f"It may hang on whether {word!r} and {near[0]!r} mean the same."
    inert = _inert(reading) - wanted
    if inert:
        return f"No sentence says who is a {min(inert)}, so a rule about them could not be used."
    return ""


def _inert(reading: ReadPremises) -> set[str]:
    """Classes that rules ask for and nothing asserts: probably everything spoken of is meant to be one."""
    asserted: set[str] = set()
    asked: set[str] = set()
    for formula in reading.formulas:
        if formula is not None:
            _polarity(formula, True, asserted, asked)
    return {predicate for predicate in asked - asserted if predicate in reading.lexicon.nouns}


def _polarity(formula: Formula, positive: bool, asserted: set[str], asked: set[str]) -> None:
    """Collect predicates where they are claimed and where they are required."""
    if isinstance(formula, Atom):
        (asserted if positive != formula.negated else asked).add(formula.predicate)
    elif isinstance(formula, Not):
        _polarity(formula.body, not positive, asserted, asked)
    elif isinstance(formula, Implies):
        _polarity(formula.condition, not positive, asserted, asked)
        _polarity(formula.conclusion, positive, asserted, asked)
    elif isinstance(formula, (Xor, Iff)):
        for part in (formula.left, formula.right):
            _polarity(part, True, asserted, asked)
            _polarity(part, False, asserted, asked)
    elif isinstance(formula, (And, Or)):
        for part in formula.parts:
            _polarity(part, positive, asserted, asked)
    elif isinstance(formula, (ForAll, Exists)):
        _polarity(formula.body, positive, asserted, asked)
