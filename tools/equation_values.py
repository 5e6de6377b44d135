"""A system of equations as values: numbers, names, operations, relations, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Sign = Literal["+", "-", "*", "/", "^"]
Comparison = Literal["=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Num:
    """A number with its units as (symbol, exponent) pairs; `percent` marks a share."""

    value: Fraction
    units: tuple[tuple[str, int], ...] = ()
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Var:
    """An unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Op:
    """Two expressions joined by a sign."""

    sign: Sign
    left: Expr
    right: Expr


Expr = Num | Var | Op


@dataclass(frozen=True, slots=True)
class Relation:
    """left comparison right, and the line it was read from."""

    left: Expr
    comparison: Comparison
    right: Expr
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: an expression, and the units wanted (empty: those of the text); `every` value it may have."""

    expression: Expr
    text: str
    units: tuple[tuple[str, int], ...] = ()
    every: bool = False


@dataclass(frozen=True, slots=True)
class System:
    """A whole text: relations, names declared whole, and what is asked (at least one)."""

    relations: tuple[Relation, ...]
    integers: frozenset[str]
    asked: tuple[Asked, ...]
    names: tuple[str, ...] = field(default=())


def names_of(expression: Expr) -> list[str]:
    """Return the unknowns of an expression, in order, with repetitions."""
    if isinstance(expression, Var):
        return [expression.name]
    if isinstance(expression, Op):
        return [*names_of(expression.left), *names_of(expression.right)]
    return []
