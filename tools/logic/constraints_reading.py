"""Read the language of arrangements, strictly; every error names what was found and what fits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from tools.errors import ToolError
from tools.logic.constraints import (
    MAX_LINE,
    MAX_LINES,
    SEPARATOR,
    Apart,
    Clause,
    Constraint,
    Count,
    Every,
    Frame,
    Opposite,
    Placed,
    Problem,
    Some,
    checked_frame,
)
from tools.logic.constraints_atoms import RELATIONS, anywhere, in_every_slot, offsets_towards

MAX_DEPTH = 40
MAX_ATOMS = 400
_TOKEN = re.compile(r"[(),]|<=|>=|[<>=]|[^\s(),<>=]+")
_CONNECTIVES = frozenset("if then iff or xor and not only unless".split())


def read_problem(lines: Iterable[str]) -> Problem:
    """Read a whole problem. Raises ToolError that names the line.

    Args:
        lines: headers (`entities:`, `slots:` or `groups:`, `circle`, `optional`, `distinct`) and formulas.
    """
    entities: tuple[str, ...] = ()
    frame = Frame((), ())
    formulas: list[tuple[str, str]] = []
    for number, line in enumerate(lines):
        if number >= MAX_LINES:
            raise ToolError(f"There are more than {MAX_LINES} lines; leave some out.")
        text, sentence = cut(line)
        head, colon, rest = text.partition(":")
        word = head.strip().lower()
        if not text or text.startswith("#"):
            continue
        if colon and word in ("entities", "items"):
            entities = _names(rest)
        elif colon and word in ("slots", "groups"):
            frame = replace(frame, slots=_names(rest), ordered=word == "slots")
        elif word == "circle":
            frame = replace(frame, circle=True)
        elif word == "optional":
            frame = replace(frame, optional=True)
        else:
            formulas.append((text, sentence))
    frame = checked_frame(replace(frame, entities=entities))
    return Problem(frame, tuple(Constraint(read_clause(text, frame), text, said) for text, said in formulas))


def cut(line: str) -> tuple[str, str]:
    """(formula, sentence) of a line. Raises ToolError for one that is too long."""
    if len(line) > MAX_LINE:
        raise ToolError(f"A line has {len(line)} characters, at most {MAX_LINE} are read: {line[:40]!r}….")
    formula, _, sentence = line.partition(SEPARATOR)
    return formula.strip(), sentence.strip()


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def read_clause(text: str, frame: Frame) -> Clause:
    """What a formula says about a frame. Raises ToolError."""
    return _Parser(text, frame).whole()


class _Parser:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, text: str, frame: Frame) -> None:
        self.text = text
        self.frame = frame
        self.tokens = _TOKEN.findall(text)
        self.at = 0
        self.atoms = 0

    def whole(self) -> Clause:
        found = self.formula(0)
        if self.at < len(self.tokens):
            raise self.error(f"{self.tokens[self.at]!r} was not expected")
        return found

    def error(self, what: str) -> ToolError:
        return ToolError(f"The constraint {self.text[:120]!r} cannot be read: {what}.")

    @property
    def token(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str) -> bool:
        if self.token.lower() != wanted:
            return False
        self.at += 1
        return True

    def expect(self, wanted: str) -> None:
        if not self.take(wanted):
            raise self.error(f"{wanted!r} is missing before {self.token or 'the end'!r}")

    def formula(self, depth: int) -> Clause:
        if depth > MAX_DEPTH:
            raise self.error(f"it is nested deeper than {MAX_DEPTH}")
        left = self.conditional(depth + 1)
        while self.take("iff"):
            right = self.conditional(depth + 1)
            left = Some((Every((left, right)), Every((Opposite(left), Opposite(right)))))
        return left

    def conditional(self, depth: int) -> Clause:
        if self.take("if"):
            condition = self.formula(depth + 1)
            self.expect("then")
            return Some((Opposite(condition), self.conditional(depth + 1)))
        left = self.disjunction(depth)
        if self.take("unless"):
            return Some((left, self.disjunction(depth)))
        if self.token.lower() == "only":
            self.at += 1
            self.expect("if")
            return Some((Opposite(left), self.disjunction(depth)))
        return left

    def disjunction(self, depth: int) -> Clause:
        parts = [self.conjunction(depth)]
        signs = set()
        while self.token.lower() in ("or", "xor"):
            signs.add(self.token.lower())
            self.at += 1
            parts.append(self.conjunction(depth))
        if len(signs) > 1:
            raise self.error("'or' and 'xor' stand side by side; add parentheses")
        if signs == {"xor"}:
            return Count(1, 1, tuple(parts))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def conjunction(self, depth: int) -> Clause:
        parts = [self.unary(depth)]
        while self.take("and"):
            parts.append(self.unary(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def unary(self, depth: int) -> Clause:
        turns = 0
        while self.take("not"):
            turns += 1
        if self.take("("):
            found = self.formula(depth + 1)
            self.expect(")")
        else:
            found = self.atom(depth)
        return Opposite(found) if turns % 2 else found

    def atom(self, depth: int) -> Clause:
        self.atoms += 1
        if self.atoms > MAX_ATOMS:
            raise self.error(f"it has more than {MAX_ATOMS} parts; write several lines")
        word = self.token.lower()
        if not word or word in _CONNECTIVES or not word.replace("_", "").isalpha():
            raise self.error(f"a relation such as before(a, b) was expected before {self.token or 'the end'!r}")
        self.at += 1
        if word == "distinct":
            return in_every_slot(self.frame, 0, 1)
        if word == "every_slot":
            return in_every_slot(self.frame, *self.bounds())
        self.expect("(")
        if word == "number":
            formulas = [self.formula(depth + 1)]
            while self.take(","):
                formulas.append(self.formula(depth + 1))
            self.expect(")")
            return Count(*self.bounds(), tuple(formulas))
        names = self.names()
        if word in ("count", "before_count", "after_count"):
            return self.counted(word, names)
        build = RELATIONS.get(word)
        if build is None:
            raise self.error(f"{word!r} is no relation; there are {', '.join(sorted(RELATIONS))}")
        try:
            return build(self.frame, names)
        except ValueError as error:
            raise self.error(str(error)) from error

    def names(self) -> list[str]:
        found: list[str] = []
        while True:
            words = []
            while self.token and self.token not in ("(", ")", ",", "<", ">", "=", "<=", ">="):
                words.append(self.token)
                self.at += 1
            if words:
                found.append(" ".join(words))
            if not self.take(","):
                break
        self.expect(")")
        return found

    def bounds(self) -> tuple[int, int]:
        sign, number = self.token, self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else ""
        if sign not in ("=", "<", ">", "<=", ">=") or not number.isdecimal() or len(number) > 4:
            raise self.error("a comparison such as '>= 2' was expected")
        self.at += 2
        n, most = int(number), 10_000
        return {"=": (n, n), "<=": (0, n), ">=": (n, most), "<": (0, n - 1), ">": (n + 1, most)}[sign]

    def counted(self, word: str, names: list[str]) -> Clause:
        frame = self.frame
        low, high = self.bounds()
        if word == "count":
            slots = tuple(frame.slot(name) for name in names)
            return Count(low, high, tuple(Placed(entity, slots) for entity in range(len(frame.entities))))
        if len(names) != 1:
            raise self.error(f"{word} takes one name")
        one = frame.entity(names[0])
        offsets = offsets_towards(frame, -1 if word == "before_count" else 1)
        others = [entity for entity in range(len(frame.entities)) if entity != one]
        return Every((anywhere(frame, one), Count(low, high, tuple(Apart(other, one, offsets) for other in others))))
