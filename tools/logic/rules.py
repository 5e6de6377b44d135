"""Turn formulas into rules and facts where they have that form; say which do not.

A formula becomes rules when it is a (universally quantified) literal, conjunction of literals, or an implication from
literals to literals. What is left (disjunctive conclusions, existential conclusions of rules, exclusive or) needs the
first-order solver. Dropping such a formula keeps every chained proof right, because open-world logic is monotone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, product

from tools.logic.language import (
    And,
    Atom,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Name,
    Not,
    Or,
    Rule,
    Variable,
    Xor,
    negate,
    substitute,
)

MAX_BRANCHES = 64  # rules one formula may turn into


class NotRules(Exception):
    """The formula says more than rules and facts can."""


def rules_of(formulas: Sequence[Formula]) -> tuple[tuple[Rule, ...], tuple[int, ...]]:
    """(rules with the index of their formula as source, indices of the formulas that are not only rules)."""
    rules: list[Rule] = []
    others: list[int] = []
    fresh = count(1)
    for index, formula in enumerate(formulas):
        try:
            rules += [Rule(rule.conditions, rule.conclusion, index) for rule in _rules(formula, fresh)]
        except NotRules:
            others.append(index)
    return tuple(rules), tuple(others)


def literals_of(formula: Formula) -> tuple[Atom, ...]:
    """The literals of a literal or conjunction of ground literals. Raises NotRules."""
    if isinstance(formula, Atom) and not any(isinstance(arg, Variable) for arg in formula.args):
        return (formula,)
    if isinstance(formula, And):
        return tuple(atom for part in formula.parts for atom in literals_of(part))
    raise NotRules


def _rules(formula: Formula, fresh: Iterator[int], bound: bool = False) -> list[Rule]:
    """`bound`: under a universal quantifier, where what exists may differ from case to case and has no one name."""
    if isinstance(formula, ForAll):
        return _rules(formula.body, fresh, True)
    if isinstance(formula, Atom):
        return [Rule((), formula)]
    if isinstance(formula, And):
        return [rule for part in formula.parts for rule in _rules(part, fresh, bound)]
    if isinstance(formula, Exists) and not bound:
        return _rules(_witness(formula, fresh), fresh)
    if isinstance(formula, Iff):
        return _implication(Implies(formula.left, formula.right)) + _implication(Implies(formula.right, formula.left))
    if isinstance(formula, Not):
        return _denial(formula.body, fresh, bound)
    if isinstance(formula, Implies):
        return _implication(formula)
    raise NotRules


def _implication(formula: Implies) -> list[Rule]:
    """A nested implication in the conclusion adds its condition: a → (b → c) is (a ∧ b) → c."""
    condition, conclusion = formula.condition, formula.conclusion
    while isinstance(conclusion, Implies):
        condition, conclusion = And((condition, conclusion.condition)), conclusion.conclusion
    if isinstance(conclusion, Iff):
        left, right = conclusion.left, conclusion.right
        return [
            rule for a, b in ((left, right), (right, left)) for rule in _implication(Implies(And((condition, a)), b))
        ]
    heads = _literals(conclusion)
    return [Rule(conditions, head) for conditions in _branches(condition) for head in heads]


def _witness(formula: Exists, fresh: Iterator[int]) -> Formula:
    """Give what exists a name of its own."""
    body = formula.body
    for variable in formula.variables:
        body = substitute(body, variable, Name(f"some_{next(fresh)}"))
    return body


def _denial(body: Formula, fresh: Iterator[int], bound: bool) -> list[Rule]:
    """Rules of "not body"."""
    if isinstance(body, Atom):
        return [Rule((), _opposite(body))]
    if isinstance(body, ForAll) and not bound:  # not all: something is otherwise
        return _rules(Exists(body.variables, negate(body.body)), fresh)
    if isinstance(body, Exists):  # none: each conjunct is denied where the others hold
        return _denial(body.body, fresh, True)
    if isinstance(body, Implies):
        return _rules(body.condition, fresh, bound) + _rules(negate(body.conclusion), fresh, bound)
    if isinstance(body, Or):
        return [rule for part in body.parts for rule in _rules(negate(part), fresh, bound)]
    if isinstance(body, And):
        atoms = _denied(body)
        return [Rule(tuple(atom for atom in atoms if atom is not last), _opposite(last)) for last in atoms]
    raise NotRules


def _denied(formula: Formula) -> tuple[Atom, ...]:
    """The literals of what cannot hold together; what exists may be anything there."""
    if isinstance(formula, Atom):
        return (formula,)
    if isinstance(formula, And):
        return tuple(atom for part in formula.parts for atom in _denied(part))
    if isinstance(formula, Exists):
        return _denied(formula.body)
    raise NotRules


def _literals(formula: Formula) -> tuple[Atom, ...]:
    if isinstance(formula, Atom):
        return (formula,)
    if isinstance(formula, And):
        return tuple(atom for part in formula.parts for atom in _literals(part))
    if isinstance(formula, ForAll):
        return _literals(formula.body)
    if isinstance(formula, Not) and isinstance(formula.body, Or):
        return tuple(atom for part in formula.body.parts for atom in _literals(negate(part)))
    raise NotRules


def _branches(formula: Formula) -> list[tuple[Atom, ...]]:
    """The condition as alternatives of conjunctions; existentials need no quantifier in a condition."""
    if isinstance(formula, Atom):
        return [(formula,)]
    if isinstance(formula, Exists):
        return _branches(formula.body)
    if isinstance(formula, Not) and isinstance(formula.body, Or):
        return _branches(And(tuple(negate(part) for part in formula.body.parts)))
    if isinstance(formula, Or):
        found = [branch for part in formula.parts for branch in _branches(part)]
    elif isinstance(formula, And):
        found = [tuple(atom for branch in choice for atom in branch) for choice in _choices(formula)]
    elif isinstance(formula, Xor):
        left, right = formula.left, formula.right
        found = _branches(And((left, negate(right)))) + _branches(And((negate(left), right)))
    else:
        raise NotRules
    if len(found) > MAX_BRANCHES:
        raise NotRules
    return found


def _choices(formula: And) -> list[tuple[tuple[Atom, ...], ...]]:
    parts = [_branches(part) for part in formula.parts]
    total = 1
    for part in parts:
        total *= len(part)
        if total > MAX_BRANCHES:
            raise NotRules
    return list(product(*parts))


def _opposite(atom: Atom) -> Atom:
    return Atom(atom.predicate, atom.args, not atom.negated)
