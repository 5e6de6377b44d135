"""Read the text form of a formula back (language.py writes it): a small recursive-descent parser, never eval."""

from __future__ import annotations

import re

from tools.logic.language import (
    And,
    Atom,
    Compare,
    Exists,
    ForAll,
    Formula,
    FormulaError,
    Iff,
    Implies,
    Name,
    Or,
    Term,
    Variable,
    Xor,
    negate,
)

MAX_DEPTH = 60  # nesting; deeper text is refused before Python's own stack is in danger
MAX_LENGTH = 20_000  # characters of one formula
_TOKEN = re.compile(r"<->|->|\?\w+|\w[\w.'’-]*|[()&|^~,\[\]<=+]")


def read(text: str) -> Formula:
    """The formula of a text form; a trailing `::: sentence` is left aside. Raises FormulaError, saying where."""
    text = text.split(":::", 1)[0].strip()
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"A formula of {len(text)} characters is longer than {MAX_LENGTH}: split it.")
    parser = _Parser(_tokens(text))
    formula = parser.formula(0)
    if parser.peek():
        raise FormulaError(f"Unexpected {parser.peek()!r} after the formula in {text[:80]!r}.")
    return formula


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(f"Unexpected character {text[at]!r} in the formula {text[:80]!r}.")
        tokens.append(match.group())
        at = match.end()
    return tokens


class _Parser:
    """One pass over the tokens; `at` is the next one."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or (wanted and token != wanted):
            raise FormulaError(f"Expected {wanted or 'more'!r} but found {token or 'the end'!r}.")
        self.at += 1
        return token

    def formula(self, depth: int) -> Formula:
        if depth > MAX_DEPTH:
            raise FormulaError(f"The formula is nested deeper than {MAX_DEPTH}: simplify it.")
        token = self.peek()
        if token == "~":
            self.take()
            return negate(self.formula(depth + 1))
        if token in ("forall", "exists") and self.at + 1 < len(self.tokens) and self.tokens[self.at + 1][0] == "?":
            return self.quantified(depth)
        if token == "(":
            return self.group(depth)
        return self.leaf()

    def quantified(self, depth: int) -> Formula:
        kind = ForAll if self.take() == "forall" else Exists
        variables = []
        while self.peek().startswith("?"):
            variables.append(Variable(self.take()[1:]))
        return kind(tuple(variables), self.formula(depth + 1))

    def group(self, depth: int) -> Formula:
        self.take("(")
        parts = [self.formula(depth + 1)]
        sign = self.peek()
        while self.peek() != ")":
            if self.take() != sign or sign not in ("&", "|", "^", "->", "<->"):
                raise FormulaError(f"Expected one kind of connective or ')' near {sign!r}.")
            parts.append(self.formula(depth + 1))
        self.take(")")
        return _joined(sign, parts)

    def leaf(self) -> Formula:
        name = self.take()
        if not name[0].isalnum():
            raise FormulaError(f"Expected a predicate but found {name!r}.")
        if self.peek() == "[":
            return self.comparison(name)
        self.take("(")
        args: list[Term] = []
        while self.peek() != ")":
            if args:
                self.take(",")
            token = self.take()
            args.append(Variable(token[1:]) if token.startswith("?") else Name(token))
        self.take(")")
        return Atom(name, tuple(args))

    def comparison(self, axis: str) -> Compare:
        left = self.entity()
        op = self.take()
        if op not in ("<", "="):
            raise FormulaError(f"Expected '<' or '=' but found {op!r}.")
        first = self.take()
        if self.peek() != "[":
            return Compare(axis, left, "<" if op == "<" else "=", None, self.number(first))
        if first != axis:
            raise FormulaError(f"Places on {axis!r} and {first!r} cannot be compared.")
        right = self.entity()
        offset = 0
        if self.peek() == "+":
            self.take()
            offset = self.number(self.take())
        return Compare(axis, left, "<" if op == "<" else "=", right, offset)

    def entity(self) -> str:
        self.take("[")
        name = self.take()
        self.take("]")
        return name

    @staticmethod
    def number(token: str) -> int:
        if not token.isascii() or not token.isdigit() or len(token) > 6:
            raise FormulaError(f"Expected a whole number but found {token!r}.")
        return int(token)


def _joined(sign: str, parts: list[Formula]) -> Formula:
    if len(parts) == 1:
        return parts[0]
    if sign == "&":
        return And(tuple(parts))
    if sign == "|":
        return Or(tuple(parts))
    if len(parts) != 2:
        raise FormulaError(f"{sign!r} joins exactly two formulas, not {len(parts)}.")
    if sign == "^":
        return Xor(parts[0], parts[1])
    return Implies(parts[0], parts[1]) if sign == "->" else Iff(parts[0], parts[1])
