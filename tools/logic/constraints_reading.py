"""Read the language of arrangements, strictly; every error names what was found and what fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations

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
        elif word in ("circle", "optional"):
            frame = replace(frame, **{word: True})
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
            return _every_slot(self.frame, 0, 1)
        if word == "every_slot":
            return _every_slot(self.frame, *self.bounds())
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
        build = _ATOMS.get(word)
        if build is None:
            raise self.error(f"{word!r} is no relation; there are {', '.join(sorted(_ATOMS))}")
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
        offsets = _offsets(frame, -1 if word == "before_count" else 1)
        others = [entity for entity in range(len(frame.entities)) if entity != one]
        return Every((_inside(frame, one), Count(low, high, tuple(Apart(other, one, offsets) for other in others))))


# What the atoms say --------------------------------------------------------------------------------------------------


def _offsets(frame: Frame, sign: int) -> tuple[int, ...]:
    if not frame.ordered:
        raise ToolError("These are groups without an order; “before” and “after” mean nothing here. Use slots:.")
    if frame.circle:
        raise ToolError("In a circle nothing is before or after; use adjacent, immediately_before or opposite.")
    return tuple(sign * step for step in range(1, len(frame.slots)))


def _round(frame: Frame, steps: tuple[int, ...]) -> tuple[int, ...]:
    """Offsets for steps; in a circle the same steps the other way round too."""
    if not frame.ordered:
        raise ToolError("These are groups without an order; nothing is next to anything here. Use slots:.")
    n = len(frame.slots)
    if not frame.circle:
        return steps
    return tuple(sorted({step % n for step in steps} | {step % n - n for step in steps}))


def _two(names: list[str]) -> tuple[str, str]:
    if len(names) != 2:
        raise ValueError(f"two names are needed, {len(names)} stand there")
    return names[0], names[1]


def _pair(frame: Frame, names: list[str], offsets: tuple[int, ...]) -> Clause:
    left, right = (frame.entity(name) for name in _two(names))
    if left == right:
        raise ValueError(f"{names[0]!r} is related to itself")
    return Apart(left, right, offsets)


def _before(frame: Frame, names: list[str], sign: int) -> Clause:
    if len(names) == 3 and names[2].isdecimal() and 0 < int(names[2]) <= 40:
        return _pair(frame, names[:2], _round(frame, (sign * int(names[2]),)))
    return _pair(frame, names, _offsets(frame, sign))


def _at(frame: Frame, names: list[str]) -> Clause:
    if len(names) < 2:
        raise ValueError("at needs a name and at least one slot")
    return Placed(frame.entity(names[0]), tuple(sorted({frame.slot(name) for name in names[1:]})))


def _inside(frame: Frame, entity: int) -> Clause:
    return Placed(entity, tuple(range(len(frame.slots))))


def _between(frame: Frame, names: list[str]) -> Clause:
    if len(names) != 3:
        raise ValueError("between needs three names")
    one, left, right = (frame.entity(name) for name in names)
    before = _offsets(frame, -1)
    return Some(
        (Every((Apart(left, one, before), Apart(one, right, before))),
         Every((Apart(right, one, before), Apart(one, left, before))))
    )  # fmt: skip


def _together(frame: Frame, names: list[str], same: bool) -> Clause:
    entities = [frame.entity(name) for name in names]
    if len(set(entities)) < 2 or len(set(entities)) != len(entities):
        raise ValueError("two or more different names are needed")
    n = len(frame.slots)
    offsets = (0,) if same else tuple(step for step in range(1 - n, n) if step)
    return Every(tuple(Apart(one, other, offsets) for one, other in combinations(entities, 2)))


def _alone(frame: Frame, names: list[str]) -> Clause:
    if len(names) != 1:
        raise ValueError("alone takes one name")
    one = frame.entity(names[0])
    others = [other for other in range(len(frame.entities)) if other != one]
    return Every((_inside(frame, one), *(Opposite(Apart(one, other, (0,))) for other in others)))


def _inside_all(frame: Frame, names: list[str], inside: bool) -> Clause:
    if not names:
        raise ValueError("a name is missing")
    parts = [_inside(frame, frame.entity(name)) for name in names]
    return Every(tuple(part if inside else Opposite(part) for part in parts))


def _list(frame: Frame, names: list[str]) -> Clause:
    if not names:
        raise ValueError("a slot is missing")
    slot, wanted = frame.slot(names[0]), {frame.entity(name) for name in names[1:]}
    parts = [(entity, Placed(entity, (slot,))) for entity in range(len(frame.entities))]
    return Every(tuple(part if entity in wanted else Opposite(part) for entity, part in parts))


def _order(frame: Frame, names: list[str]) -> Clause:
    if len(names) > len(frame.slots):
        raise ValueError(f"{len(names)} names are more than the {len(frame.slots)} slots")
    return Every(tuple(_list(frame, [slot, name]) for slot, name in zip(frame.slots, names)))


def _more(frame: Frame, names: list[str]) -> Clause:
    first, second = (frame.slot(name) for name in _two(names))
    n = len(frame.entities)
    there, here = (tuple(Placed(entity, (slot,)) for entity in range(n)) for slot in (first, second))
    return Some(tuple(Every((Count(k + 1, n, there), Count(0, k, here))) for k in range(n)))


def _opposite(frame: Frame, names: list[str]) -> Clause:
    n = len(frame.slots)
    if not frame.circle or n % 2:
        raise ValueError("opposite needs a circle with an even number of slots")
    return _pair(frame, names, (n // 2, -n // 2))


def _every_slot(frame: Frame, low: int, high: int) -> Clause:
    entities = range(len(frame.entities))
    return Every(
        tuple(Count(low, high, tuple(Placed(e, (slot,)) for e in entities)) for slot in range(len(frame.slots)))
    )


_ATOMS: dict[str, Callable[[Frame, list[str]], Clause]] = {
    "at": _at,
    "before": lambda frame, names: _before(frame, names, -1),
    "after": lambda frame, names: _before(frame, names, 1),
    "immediately_before": lambda frame, names: _pair(frame, names, _round(frame, (-1,))),
    "immediately_after": lambda frame, names: _pair(frame, names, _round(frame, (1,))),
    "adjacent": lambda frame, names: _pair(frame, names, _round(frame, (-1, 1))),
    "opposite": _opposite,
    "between": _between,
    "same": lambda frame, names: _together(frame, names, True),
    "different": lambda frame, names: _together(frame, names, False),
    "alone": _alone,
    "in": lambda frame, names: _inside_all(frame, names, True),
    "out": lambda frame, names: _inside_all(frame, names, False),
    "list": _list,
    "order": _order,
    "more": _more,
}
