"""Formulas as a model writes them, to our language: a strict parser whose messages say what to write instead.

    all x (dog(x) -> bark(x)) ::: Every dog barks.
    exists x (dog(x) and not bark(x))      kind(tom) or tall(tom)      like(tom, ann) xor like(ann, tom)

Words or signs (and & ∧, or | ∨, not ~ ¬, xor ^ ⊕, -> →, <-> ↔, all forall ∀, exists ∃). "and" and "or" side by side
need brackets. A quantifier reaches over the brackets behind it, or to the end where the variable occurs later.
"""

from __future__ import annotations

import re

from tools.logic.language import (
    And,
    Atom,
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

MAX_LENGTH = 600  # characters of one formula of a model
MAX_DEPTH = 30
_TOKEN = re.compile(r"<->|<=>|->|=>|[()&|^~,:.∧∨¬⊕→↔∀∃]|[^\W\d_][\w'-]*|\d[\w'-]*")
_SIGNS = {
    "&": "and", "∧": "and", "|": "or", "∨": "or", "^": "xor", "⊕": "xor", "~": "not", "¬": "not", "∀": "all",
    "forall": "all", "∃": "exists", "=>": "->", "→": "->", "<=>": "<->", "↔": "<->",
}  # fmt: skip
_WORDS = frozenset(["and", "or", "xor", "not", "all", "exists", "->", "<->"])
_VARIABLE = re.compile(r"[u-z]\d?")


def read_plain(text: str) -> Formula:
    """The formula of one line; `::: sentence` behind it is left aside. Raises FormulaError, saying what to change."""
    text = text.split(":::", 1)[0].strip(" \t\r\n`.")
    if not text:
        raise FormulaError("There is no formula: write one line of logic.")
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"A formula of {len(text)} characters is longer than {MAX_LENGTH}: write a shorter one.")
    tokens = _tokens(text)
    try:
        return _Reader(tokens, wide=False).whole()
    except _Unbound:
        return _Reader(tokens, wide=True).whole()


class _Unbound(FormulaError):
    """A variable stands outside the reach of its quantifier."""


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(f"Unexpected {text[at]!r}: use only predicates, names, brackets, and, or, not, ->.")
        token = match.group()
        lowered = token.lower()
        tokens.append(_SIGNS.get(lowered, lowered if lowered in _WORDS else token))
        at = match.end()
    return tokens


def symbol(token: str) -> str:
    """ "TallPerson", "Tall-person" and "tall_person" are one symbol."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", token)
    return apart.lower().strip("_'-")


class _Reader:
    """One pass over the tokens. wide: a quantifier reaches to the end of the formula."""

    def __init__(self, tokens: list[str], *, wide: bool) -> None:
        self.tokens, self.wide = tokens, wide
        self.at = 0
        self.bound: list[str] = []

    def whole(self) -> Formula:
        formula = self.formula(0)
        if self.at < len(self.tokens):
            raise FormulaError(f"Unexpected {self.peek()!r} after a whole formula: join parts with and, or, ->.")
        return formula

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or wanted and token != wanted:
            raise FormulaError(f"Expected {wanted or 'more'!r} but found {token or 'the end'!r}.")
        self.at += 1
        return token

    def formula(self, depth: int) -> Formula:
        """Loosest first: <->, ->, then and / or / xor."""
        if depth > MAX_DEPTH:
            raise FormulaError(f"The formula is nested deeper than {MAX_DEPTH}: write a simpler one.")
        left = self.joined(depth)
        if self.peek() == "->":
            self.take()
            return Implies(left, self.formula(depth + 1))
        if self.peek() == "<->":
            self.take()
            return Iff(left, self.joined(depth + 1))
        return left

    def joined(self, depth: int) -> Formula:
        parts = [self.single(depth)]
        sign = self.peek()
        while self.peek() in ("and", "or", "xor"):
            if self.peek() != sign:
                raise FormulaError(f"{sign!r} and {self.peek()!r} side by side: put brackets around one of them.")
            self.take()
            parts.append(self.single(depth))
        if len(parts) == 1:
            return parts[0]
        if sign == "xor":
            if len(parts) > 2:
                raise FormulaError("'xor' joins exactly two parts.")
            return Xor(parts[0], parts[1])
        return And(tuple(parts)) if sign == "and" else Or(tuple(parts))

    def single(self, depth: int) -> Formula:
        token = self.peek()
        if depth > MAX_DEPTH:
            raise FormulaError(f"The formula is nested deeper than {MAX_DEPTH}: write a simpler one.")
        if token == "not":
            self.take()
            return negate(self.single(depth + 1))
        if token in ("all", "exists"):
            return self.quantified(depth)
        if token == "(":
            self.take()
            formula = self.formula(depth + 1)
            self.take(")")
            return formula
        return self.atom()

    def quantified(self, depth: int) -> Formula:
        kind = ForAll if self.take() == "all" else Exists
        names: list[str] = []
        while _VARIABLE.fullmatch(self.peek()):
            names.append(self.take())
            if self.peek() == ",":
                self.take()
        if not names:
            raise FormulaError(f"A variable such as x has to follow {'all' if kind is ForAll else 'exists'!r}.")
        while self.peek() in (":", "."):
            self.take()
        self.bound += names
        body = self.formula(depth + 1) if self.wide or self.peek() != "(" else self.single(depth + 1)
        del self.bound[-len(names) :]
        return kind(tuple(Variable(name) for name in names), body)

    def atom(self) -> Formula:
        name = self.take()
        if not name[0].isalnum() or name in _WORDS:
            raise FormulaError(f"Expected a predicate but found {name!r}.")
        if self.peek() != "(":
            raise FormulaError(f"{name!r} has no arguments: a predicate takes a variable or a name in brackets.")
        self.take("(")
        args: list[Term] = []
        while self.peek() != ")":
            if args:
                self.take(",")
            args.append(self.term())
        self.take(")")
        if not args:
            raise FormulaError(f"{name!r} has no arguments: a predicate takes a variable or a name in brackets.")
        return Atom(symbol(name), tuple(args))

    def term(self) -> Term:
        token = self.take()
        if token in self.bound:
            return Variable(token)
        if not token[0].isalnum() or token in _WORDS:
            raise FormulaError(f"Expected a variable or a name but found {token!r}.")
        if _VARIABLE.fullmatch(token):
            raise _Unbound(f"The variable {token!r} is not bound: all or exists with it has to stand in front.")
        return Name(symbol(token))
