"""Polynomials in several unknowns with exact coefficients: add, multiply, substitute, evaluate; their size is limited.

A polynomial is a mapping from a monomial, sorted (name, exponent) pairs, to a Fraction that is not zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tools.errors import NotEquations

Monomial = tuple[tuple[str, int], ...]
Polynomial = Mapping[Monomial, Fraction]

MAX_TERMS = 400
MAX_DEGREE = 12
MAX_BITS = 4_000
ONE: Monomial = ()


def constant(value: Fraction | int) -> dict[Monomial, Fraction]:
    """Return the polynomial that is this number."""
    return {ONE: Fraction(value)} if value else {}


def unknown(name: str) -> dict[Monomial, Fraction]:
    """Return the polynomial that is this unknown."""
    return {((name, 1),): Fraction(1)}


def plus(left: Polynomial, right: Polynomial, sign: int = 1) -> dict[Monomial, Fraction]:
    """Return left + sign * right."""
    total = dict(left)
    for monomial, factor in right.items():
        total[monomial] = total.get(monomial, Fraction(0)) + sign * factor
    return _checked({monomial: factor for monomial, factor in total.items() if factor})


def times(left: Polynomial, right: Polynomial) -> dict[Monomial, Fraction]:
    """Return left * right.

    Raises:
        NotEquations: the product has more than 400 terms or a degree above 12.
    """
    product: dict[Monomial, Fraction] = {}
    if len(left) * len(right) > 40 * MAX_TERMS:
        raise NotEquations("The relations multiply out to too many terms; name the parts and relate them one by one.")
    for first, a in left.items():
        for second, b in right.items():
            powers = dict(first)
            for name, exponent in second:
                powers[name] = powers.get(name, 0) + exponent
            monomial = tuple(sorted(powers.items()))
            product[monomial] = product.get(monomial, Fraction(0)) + a * b
    return _checked({monomial: factor for monomial, factor in product.items() if factor})


def _checked(result: dict[Monomial, Fraction]) -> dict[Monomial, Fraction]:
    if len(result) > MAX_TERMS or degree(result) > MAX_DEGREE:
        raise NotEquations("The relations multiply out to too many terms; name the parts and relate them one by one.")
    if any(one.numerator.bit_length() + one.denominator.bit_length() > MAX_BITS for one in result.values()):
        raise NotEquations("The numbers of the relations grow beyond 1,000 digits; use smaller ones.")
    return result


def degree(polynomial: Polynomial) -> int:
    """Return the highest total degree, 0 for a number."""
    return max((sum(exponent for _, exponent in monomial) for monomial in polynomial), default=0)


def names_in(polynomial: Polynomial) -> set[str]:
    """Return the unknowns that occur."""
    return {name for monomial in polynomial for name, _ in monomial}


def value_of(polynomial: Polynomial) -> Fraction | None:
    """Return the number that the polynomial is, or None where an unknown occurs."""
    return polynomial.get(ONE, Fraction(0)) if not names_in(polynomial) else None


def substitute(polynomial: Polynomial, known: Mapping[str, Polynomial]) -> dict[Monomial, Fraction]:
    """Return the polynomial with each known name replaced."""
    if not names_in(polynomial) & set(known):
        return dict(polynomial)
    total: dict[Monomial, Fraction] = {}
    for monomial, factor in polynomial.items():
        product = constant(factor)
        for name, exponent in monomial:
            part = known.get(name) or ({} if name in known else unknown(name))
            for _ in range(exponent):
                product = times(product, part)
        total = plus(total, product)
    return total


def eliminate(polynomials: list[dict[Monomial, Fraction]]) -> tuple[dict[str, dict[Monomial, Fraction]], int | None]:
    """Solve linear equations (each polynomial = 0) exactly by elimination.

    Returns:
        Each determined unknown as a linear polynomial in the free ones, and the index of the first equation that
        contradicts those before it (None where there is none).
    """
    solved: dict[str, dict[Monomial, Fraction]] = {}
    for index, polynomial in enumerate(polynomials):
        rest = substitute(polynomial, solved)
        names = sorted(names_in(rest))
        if not names:
            if rest:
                return solved, index
            continue
        pivot = names[0]
        factor = rest.pop(((pivot, 1),))
        expression = {monomial: -one / factor for monomial, one in rest.items()}
        solved = {name: substitute(one, {pivot: expression}) for name, one in solved.items()}
        solved[pivot] = expression
    return solved, None
