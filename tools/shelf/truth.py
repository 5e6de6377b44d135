"""Truth tables of propositional formulas in a small own language: not, and, or, xor, implies, iff, brackets."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import TypeAlias

from tools.errors import ToolError
from tools.shelf.values import Answer, shown, string

Formula: TypeAlias = "str | tuple[str, Formula] | tuple[str, Formula, Formula]"
_TOKEN = re.compile(r"\s*(<->|<=>|->|=>|&&?|\|\|?|[()!~¬∧∨→↔⊕^]|[A-Za-z_]\w{0,30})")
_WORDS = {
    "not": "not", "!": "not", "~": "not", "¬": "not", "and": "and", "&": "and", "&&": "and", "∧": "and", "or": "or",
    "|": "or", "||": "or", "∨": "or", "xor": "xor", "^": "xor", "⊕": "xor", "implies": "implies", "->": "implies",
    "=>": "implies", "→": "implies", "iff": "iff", "<->": "iff", "<=>": "iff", "↔": "iff", "(": "(", ")": ")",
}  # fmt: skip
_LOOSEST_FIRST = ("iff", "implies", "xor", "or", "and")
_MOST_NAMES = 10
_MOST_TOKENS = 400


def truth_table(formula: str) -> Answer:
    """Compute the truth table of a Boolean formula; say if it is always true, never true or satisfiable.

    Use when: a propositional formula with and, or, not, implies is given; tautology, contradiction, equivalence (iff).
    Not for: sentences in English, numbers.

    Args:
        formula: such as (p and q) -> r; operators not, and, or, xor, implies, iff or their signs.

    Examples:
        - Is (p -> q) or (q -> p) a tautology?
        - Show the truth table of A xor B.
        - Are not (p and q) and not p or not q equivalent?
        - truth table for P and not Q
    """
    tokens = _tokens(string(formula, "formula", 2_000, empty=False))
    names = sorted({one for one in tokens if one not in _WORDS.values()})
    if len(names) > _MOST_NAMES:
        raise ToolError(f"The formula has {len(names)} names, at most {_MOST_NAMES} are tabled; split it.")
    tree, rest = _parsed(tokens, 0, 0)
    if rest != len(tokens):
        raise ToolError(
            f"The formula cannot be read from {shown(tokens[rest])} on ({shown(formula)}); check the brackets."
        )
    rows = []
    for values in itertools.product((True, False), repeat=len(names)):
        rows.append([*values, _holds(tree, dict(zip(names, values)))])
    true = sum(bool(row[-1]) for row in rows)
    verdict = (
        "always true (a tautology)"
        if true == len(rows)
        else "never true (a contradiction)"
        if not true
        else f"true in {true} of {len(rows)} cases"
    )
    table = [
        " | ".join(f"{cell:>5}" if isinstance(cell, str) else " T" if cell else " F" for cell in row)
        for row in rows[:32]
    ]
    return Answer({"names": [*names], "rows": [[*row] for row in rows], "true_in": true}, f"{shown(formula)} is {verdict}",
                  "computed over every case", (" | ".join([*names, "formula"]), *table))  # fmt: skip


def _tokens(formula: str) -> list[str]:
    found, at = [], 0
    text = formula.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ToolError(
                f"{text[at:].lstrip()[:20]!r} is no part of a formula; use names, not, and, or, ->, brackets."
            )
        word = match[1]
        found.append(_WORDS.get(word.lower() if word.isalpha() and len(word) > 1 else word, word))
        at = match.end()
    if len(found) > _MOST_TOKENS:
        raise ToolError(f"The formula has {len(found)} parts, at most {_MOST_TOKENS} are read; split it.")
    return found


def _parsed(tokens: list[str], at: int, level: int) -> tuple[Formula, int]:
    """Read one level of precedence; implies binds to the right. Depth is bounded by the number of tokens."""
    if level == len(_LOOSEST_FIRST):
        return _atom(tokens, at)
    left, at = _parsed(tokens, at, level + 1)
    word = _LOOSEST_FIRST[level]
    while at < len(tokens) and tokens[at] == word:
        right, at = _parsed(tokens, at + 1, level if word == "implies" else level + 1)
        left = (word, left, right)
    return left, at


def _atom(tokens: list[str], at: int) -> tuple[Formula, int]:
    negations = 0
    while at < len(tokens) and tokens[at] == "not":
        negations, at = negations + 1, at + 1
    if at >= len(tokens):
        raise ToolError("The formula ends where a name is expected; complete it.")
    if tokens[at] == "(":
        if tokens[: at + 1].count("(") - tokens[: at + 1].count(")") > 60:
            raise ToolError("The formula nests more than 60 brackets; split it.")
        found, at = _parsed(tokens, at + 1, 0)
        if at >= len(tokens) or tokens[at] != ")":
            raise ToolError("A bracket is not closed; add ')'.")
    elif tokens[at] in _WORDS.values():
        raise ToolError(f"{shown(tokens[at])} stands where a name is expected; complete the formula.")
    else:
        found = tokens[at]
    return (("not", found) if negations % 2 else found), at + 1


def _holds(tree: Formula, values: Mapping[str, bool]) -> bool:
    if isinstance(tree, str):
        return values[tree]
    if len(tree) == 2:
        return not _holds(tree[1], values)
    word, left, right = tree[0], _holds(tree[1], values), _holds(tree[2], values)
    if word == "and":
        return left and right
    if word == "or":
        return left or right
    if word == "implies":
        return not left or right
    return (left == right) if word == "iff" else (left != right)
