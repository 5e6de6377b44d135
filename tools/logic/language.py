"""Our small formal language: formulas as frozen values, and the text form that is shown, sent and read back.

A line of a formalised text is `formula ::: source sentence`, so that every formula can be checked against its
sentence. Text form, loosest binding last::

    kind(tom)   ~kind(tom)   like(tom, ?x)   finish[ada] < finish[mya]   age[x] = 3   shelf[a] = shelf[b]+1
    (a & b)   (a | b)   (a ^ b)   (a -> b)   (a <-> b)   forall ?x (...)   exists ?x (...)

Variables begin with `?`. This module knows nothing of English and nothing of solvers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Variable:
    """Stands for anything; bound by ForAll or Exists."""

    name: str


@dataclass(frozen=True, slots=True)
class Name:
    """One individual: tom, bald_eagle."""

    name: str


Term = Variable | Name


@dataclass(frozen=True, slots=True)
class Atom:
    """A predicate about terms: kind(tom), like(tom, cat); `negated` is strong negation ("is not kind")."""

    predicate: str
    args: tuple[Term, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """Where `left` stands on an axis: before/at `right` + offset, or at the place `offset` where right is None.

    Places count from 1; the meaning of "small" belongs to the axis (leftmost, first, oldest …).
    """

    axis: str
    left: str
    op: Literal["<", "="]
    right: str | None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """The body does not hold."""

    body: Formula


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Xor:
    """Exactly one of the two holds ("either … or")."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Implies:
    """If the first holds, so does the second."""

    condition: Formula
    conclusion: Formula


@dataclass(frozen=True, slots=True)
class Iff:
    """Both hold or neither."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class ForAll:
    """The body holds for every choice of the variables."""

    variables: tuple[Variable, ...]
    body: Formula


@dataclass(frozen=True, slots=True)
class Exists:
    """The body holds for some choice of the variables."""

    variables: tuple[Variable, ...]
    body: Formula


Formula = Atom | Compare | Not | And | Or | Xor | Implies | Iff | ForAll | Exists


@dataclass(frozen=True, slots=True)
class Rule:
    """If all conditions hold then the conclusion holds; without conditions it is a fact. `source`: index of its premise."""

    conditions: tuple[Atom, ...]
    conclusion: Atom
    source: int = -1


@dataclass(frozen=True, slots=True)
class Premise:
    """A formula and the sentence it was read from."""

    formula: Formula
    sentence: str

    def line(self) -> str:
        """The premise as `formula ::: sentence`."""
        return f"{show(self.formula)} ::: {self.sentence}"


class FormulaError(ValueError):
    """The text is not a formula of our language."""


def negate(formula: Formula) -> Formula:
    """The opposite, kept in the simplest form."""
    if isinstance(formula, Atom):
        return Atom(formula.predicate, formula.args, not formula.negated)
    if isinstance(formula, Not):
        return formula.body
    return Not(formula)


def both(*parts: Formula) -> Formula:
    """A conjunction without needless nesting; one part is returned as it is."""
    flat: list[Formula] = []
    for part in parts:
        for piece in part.parts if isinstance(part, And) else (part,):
            if piece not in flat:
                flat.append(piece)
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def substitute(formula: Formula, of: Variable, by: Term) -> Formula:
    """The formula with every free occurrence of a variable replaced."""
    if isinstance(formula, Atom):
        return Atom(formula.predicate, tuple(by if arg == of else arg for arg in formula.args), formula.negated)
    if isinstance(formula, Compare):
        return formula
    if isinstance(formula, (ForAll, Exists)):
        if of in formula.variables:
            return formula
        return type(formula)(formula.variables, substitute(formula.body, of, by))
    return rebuild(formula, lambda part: substitute(part, of, by))


def rebuild(formula: Formula, change: Callable[[Formula], Formula]) -> Formula:
    """The same connective over changed parts; atoms and comparisons are returned as they are."""
    if isinstance(formula, Not):
        return negate(change(formula.body))
    if isinstance(formula, (And, Or)):
        return type(formula)(tuple(change(part) for part in formula.parts))
    if isinstance(formula, (Xor, Iff)):
        return type(formula)(change(formula.left), change(formula.right))
    if isinstance(formula, Implies):
        return Implies(change(formula.condition), change(formula.conclusion))
    if isinstance(formula, (ForAll, Exists)):
        return type(formula)(formula.variables, change(formula.body))
    return formula


def leaves(formula: Formula) -> Iterator[Atom | Compare]:
    """Every atom and comparison, in order."""
    if isinstance(formula, (Atom, Compare)):
        yield formula
    elif isinstance(formula, (And, Or)):
        for part in formula.parts:
            yield from leaves(part)
    elif isinstance(formula, (Xor, Iff)):
        yield from leaves(formula.left)
        yield from leaves(formula.right)
    elif isinstance(formula, Implies):
        yield from leaves(formula.condition)
        yield from leaves(formula.conclusion)
    else:
        yield from leaves(formula.body)


def show(formula: Formula) -> str:
    """The text form; `notation.read(show(f)) == f`."""
    if isinstance(formula, Atom):
        args = ", ".join(f"?{arg.name}" if isinstance(arg, Variable) else arg.name for arg in formula.args)
        return f"{'~' if formula.negated else ''}{formula.predicate}({args})"
    if isinstance(formula, Compare):
        left = f"{formula.axis}[{formula.left}] {formula.op} "
        if formula.right is None:
            return f"{left}{formula.offset}"
        return f"{left}{formula.axis}[{formula.right}]" + (f"+{formula.offset}" if formula.offset else "")
    if isinstance(formula, Not):
        return f"~{show(formula.body)}"
    if isinstance(formula, (ForAll, Exists)):
        word = "forall" if isinstance(formula, ForAll) else "exists"
        return f"{word} {' '.join(f'?{variable.name}' for variable in formula.variables)} {show(formula.body)}"
    if isinstance(formula, (And, Or)):
        return "(" + (" & " if isinstance(formula, And) else " | ").join(show(part) for part in formula.parts) + ")"
    if isinstance(formula, Implies):
        return f"({show(formula.condition)} -> {show(formula.conclusion)})"
    return f"({show(formula.left)} {'^' if isinstance(formula, Xor) else '<->'} {show(formula.right)})"
