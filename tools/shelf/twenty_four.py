"""The Game of 24 as a small environment: states, legal moves, a check of an expression, and a solver that proves.

A state is the sorted numbers left; a move joins two of them by + - * /; the goal is one number, the target.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tools.calculator import calculate
from tools.errors import CalculationError, ToolError
from tools.shelf.values import JSON, Answer, chosen, listed, number, shown, string, whole

_SIGNS = "0123456789+-*/() "


@dataclass(frozen=True, slots=True)
class Move:
    """Two numbers joined into one, and the numbers then left, sorted."""

    text: str
    left: tuple[Fraction, ...]


def moves(state: tuple[Fraction, ...]) -> Iterator[Move]:
    """Yield every different legal move of a state."""
    seen = set()
    for one, two in itertools.permutations(range(len(state)), 2):
        a, b = state[one], state[two]
        rest = [state[at] for at in range(len(state)) if at not in (one, two)]
        for sign in "+-*/":
            if (sign in "+*" and one > two) or (sign == "/" and b == 0):
                continue
            result = a + b if sign == "+" else a - b if sign == "-" else a * b if sign == "*" else a / b
            move = Move(f"{_name(a)} {sign} {_name(b)} = {_name(result)}", tuple(sorted([*rest, result])))
            if move.text not in seen:
                seen.add(move.text)
                yield move


def _name(value: Fraction) -> str:
    return str(value)


def solve(state: tuple[Fraction, ...], target: Fraction) -> str:
    """Return an expression of all numbers that gives the target, empty if none exists (all were tried)."""
    return _search(tuple((one, _name(one)) for one in state), target, set())


def _search(parts: tuple[tuple[Fraction, str], ...], target: Fraction, dead: set[tuple[Fraction, ...]]) -> str:
    if len(parts) == 1:
        return parts[0][1] if parts[0][0] == target else ""
    key = tuple(sorted(value for value, _ in parts))
    if key in dead:
        return ""
    for one, two in itertools.combinations(range(len(parts)), 2):
        rest = tuple(part for at, part in enumerate(parts) if at not in (one, two))
        for joined in _joined(parts[one], parts[two]):
            found = _search((*rest, joined), target, dead)
            if found:
                return found
    dead.add(key)
    return ""


def _joined(one: tuple[Fraction, str], two: tuple[Fraction, str]) -> Iterator[tuple[Fraction, str]]:
    (a, left), (b, right) = one, two
    yield a + b, f"({left} + {right})"
    yield a * b, f"({left} * {right})"
    yield a - b, f"({left} - {right})"
    yield b - a, f"({right} - {left})"
    if b:
        yield a / b, f"({left} / {right})"
    if a:
        yield b / a, f"({right} / {left})"


def play_24(
    numbers: list[int], action: Literal["solve", "moves", "check"] = "solve", expression: str = "", target: int = 24
) -> Answer:
    """Play the Game of 24: make 24 (or another target) from all given numbers with + - * / and brackets.

    Use when: numbers must be combined, each used once, to reach a target.
    Not for: computing an expression (calculator).

    Args:
        numbers: one to four whole numbers from 0 to 100.
        action: solve finds an expression or proves there is none; moves lists the legal moves; check judges an expression.
        expression: for check: the expression to judge.
        target: the number to reach.

    Examples:
        - Make 24 out of 4, 7, 8 and 8.
        - Can 3, 3, 8, 8 be combined to 24?
        - Does (10 - 4) * (9 - 5) solve the game for 4, 5, 9, 10?
        - can you make 24 from 2, 3, 4, 6
    """
    given = sorted(
        Fraction(whole(one, f"numbers[{at}]", 0, 100)) for at, one in enumerate(listed(numbers, "numbers", 1, 4))
    )
    goal = Fraction(whole(target, "target", -10_000, 10_000))
    state = tuple(given)
    names = ", ".join(map(number, state))
    what = chosen(action, ("solve", "moves", "check"), "action")
    if what == "moves":
        found: list[JSON] = [{"move": one.text, "left": [*map(number, one.left)]} for one in moves(state)]
        return Answer(found, f"{len(found)} moves from {names}", "every pair and sign was tried")
    if what == "check":
        verdict = judge(expression, state, goal)
        return Answer(not verdict, verdict or f"right: {expression.strip()} = {number(goal)}", "checked exactly")
    solution = solve(state, goal)
    text = f"{_outer(solution)} = {number(goal)}" if solution else f"{names} cannot make {number(goal)}"
    return Answer(_outer(solution) or None, text, "searched through every combination in exact fractions")


def _outer(text: str) -> str:
    return text[1:-1] if text.startswith("(") else text


def judge(expression: str, state: tuple[Fraction, ...], target: Fraction) -> str:
    """Return what is wrong with an expression, empty if it uses each number once and gives the target.

    Raises:
        ToolError: the text is not an expression of numbers, + - * / and brackets.
    """
    text = string(expression, "expression", 200, empty=False).replace("×", "*").replace("÷", "/").split("=")[0]
    if not set(text) <= set(_SIGNS) or "**" in text or "//" in text:
        raise ToolError(f"expression is {shown(expression)}; use the numbers, + - * / and brackets only.")
    used = sorted(Fraction(one) for one in "".join(sign if sign.isdigit() else " " for sign in text).split())
    if used != list(state):
        return (
            f"wrong: it uses {', '.join(map(number, used)) or 'no numbers'} instead of {', '.join(map(number, state))}"
        )
    try:
        value = calculate(text).value
    except CalculationError as error:
        return f"wrong: {error}"
    return "" if value == target else f"wrong: it gives {number(value) if isinstance(value, Fraction) else value}"
