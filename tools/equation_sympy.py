"""Nonlinear polynomial equations solved by SymPy; the only importer of it, run only in a child that can be killed.

Takes coefficients and exponents, never text: SymPy's own readers evaluate what they are given.
"""

from __future__ import annotations

from typing import Any

import sympy

DIGITS = 45


def solve_in_child(request: dict[str, Any]) -> dict[str, Any]:
    """Find the real solutions; JSON both ways.

    request: {"equations": [[[coefficient as "p/q", {name: exponent}], …], …]}, each sum = 0
    result: {"solutions": [{name: [value, exact]}], "free": name of an unknown that can be anything, or ""}
        where value is "p/q" or, for an irrational one, a decimal to 45 digits.
    """
    names = sorted({str(name) for row in request["equations"] for _, powers in row for name in powers})
    symbols = {name: sympy.Symbol(f"u{at}", real=True) for at, name in enumerate(names)}
    equations = [sympy.Add(*(_term(term, symbols) for term in row)) for row in request["equations"]]
    if len(symbols) == 1:
        # solve() may leave out roots that have no formula; real_roots() gives all of them.
        (symbol,) = symbols.values()
        common = sympy.Poly(equations[0], symbol)
        for one in equations[1:]:
            common = sympy.gcd(common, sympy.Poly(one, symbol))
        roots = sympy.real_roots(common, multiple=False) if common.degree() > 0 else []
        found = [{symbol: root} for root, _ in roots]
    else:
        found = sympy.solve(equations, list(symbols.values()), dict=True)
    solutions: list[dict[str, Any]] = []
    for one in found:
        solution: dict[str, Any] = {}
        for name, symbol in symbols.items():
            value = one.get(symbol, symbol)
            if value.free_symbols:
                return {"solutions": [], "free": name}
            solution[name] = _number(value)
        if all(solution.values()):
            solutions.append(solution)
    return {"solutions": solutions, "free": ""}


def _term(term: Any, symbols: dict[str, Any]) -> Any:
    factor, powers = term
    top, _, bottom = str(factor).partition("/")
    product = sympy.Rational(int(top), int(bottom or 1))
    return sympy.Mul(product, *(symbols[name] ** int(exponent) for name, exponent in powers.items()))


def _number(value: Any) -> list[Any] | None:
    """A rational exactly, an irrational to 45 digits, None for what is not real."""
    if value.is_Rational:
        return [f"{value.p}/{value.q}", True]
    shown = sympy.N(value, DIGITS)
    if not shown.is_real:
        return None
    return [str(shown), False]
