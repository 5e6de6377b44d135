"""The language of equations (SatLM form): lines of relations in any order, declarations, and what is asked.

    ann = 3 * ben          a relation; also < <= > >= and chains such as 0 < x < 10
    ann + ben = 24
    integer ann, ben       also: positive, nonnegative
    ? ann                  what is asked; `? d in km` names the unit; also `return ann`; `?? x` asks for every x

Numbers may carry a unit ("60 km/h", "$5") or a percent sign; "20% of x" and "x + 20%" mean what a person means.
What stands behind # or ::: is a remark. Only read here: nothing of the text is ever evaluated.
"""

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction

from tools.equation_values import Asked, Comparison, Expr, Num, Op, Relation, Sign, System, Var, names_of
from tools.errors import CalculationRefused, NotEquations
from tools.numerals import plain_text
from tools.units import unit_named

MAX_CHARACTERS = 6_000
MAX_LINES = 80
MAX_NAMES = 60
MAX_NESTING = 40
MAX_PARTS = 200  # of one line: a long sum is a deep tree
MAX_POWER = 8


_TOKEN = re.compile(
    r"(?P<space>[ \t]+)|(?P<number>\d+(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<name>[^\W\d]\w*|°[CF])|(?P<money>[$€£¥])|(?P<op>\*\*|<=|>=|==|!=|[-+*/^()%<>=?,])"
)
_DECLARATION = re.compile(r"(integer|whole|positive|nonnegative|variable)s?:? +([^\W\d]\w*(?:[ ,]+[^\W\d]\w*)*)", re.I)
_VARIABLE = re.compile(r"([^\W\d]\w*) *= *Variable\(\)")
#: 1e5 and 0x10 would otherwise be products of a number and an unknown.
_OTHER_NUMERAL = re.compile(r"(?<!\w)(?:0[xXbBoO]\w|\d[\d.]*[eE][-+]?\d)\w*")
_CENTS = re.compile(r"(?<![\d.])(\d{1,9}(?:\.\d{1,4})?) ?(?:cents?\b|¢)")
_COMPARISONS = ("=", "==", "<", "<=", ">", ">=")


def read_system(text: str) -> System:
    """Read a text in the language of equations.

    Raises:
        NotEquations: a line cannot be read, nothing is asked, or the text is too large.
    """
    if len(text) > MAX_CHARACTERS:
        raise NotEquations(f"The equations have {len(text):,} characters; at most {MAX_CHARACTERS:,} are read.")
    text = plain_text(text)
    currency = next((sign for sign in "$€" if sign in text), "")
    if currency:  # a cent is a hundredth of the one currency that is spoken of
        text = _CENTS.sub(lambda found: f"({currency}{found.group(1)} / 100)", text)
    lines = [re.split(r"#|:::", line)[0].strip().rstrip(";") for line in text.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > MAX_LINES:
        raise NotEquations(f"There are {len(lines)} lines of equations; at most {MAX_LINES} are read.")
    alone = _names_alone(lines)
    relations: list[Relation] = []
    integers: set[str] = set()
    asked: list[Asked] = []
    for line in lines:
        declared = _DECLARATION.fullmatch(line)
        if declared:
            _declare(declared, relations, integers)
        elif line.startswith("?") or re.match(r"return\b", line):
            one = _asked(re.sub(r"^(?:\?\??|return\b)\s*", "", line), alone)
            asked.append(dataclasses.replace(one, every=line.startswith("??")))
        elif not _VARIABLE.fullmatch(line):
            relations.extend(_Reader(line, alone).relations())
    if not asked:
        raise NotEquations("Nothing is asked: add a line such as '? total'.")
    used = [name for one in relations for side in (one.left, one.right) for name in names_of(side)]
    used += [name for one in asked for name in names_of(one.expression)]
    names = tuple(dict.fromkeys(used))
    if len(names) > MAX_NAMES:
        raise NotEquations(f"There are {len(names)} unknowns; at most {MAX_NAMES} are solved for.")
    unrelated = [name for one in asked for name in names_of(one.expression) if used.count(name) < 2]
    if unrelated:
        raise NotEquations(f"No relation speaks of {unrelated[0]!r}; add one, or ask for another name.")
    return System(tuple(relations), frozenset(integers), tuple(asked), names)


def _names_alone(lines: list[str]) -> frozenset[str]:
    """Names that stand somewhere not directly behind a number: those are unknowns even if a unit is called so."""
    found: set[str] = set()
    for line in lines:
        body = re.sub(r"^(\?.*?|return .*?) (?:in|as) \S+$", r"\1", line)
        found.update(match.group() for match in re.finditer(r"(?<![\w.])(?<!\d )(?<!/)(?<!/ )[^\W\d]\w*", body))
    return frozenset(found) - {"of", "in", "per"}


def _declare(found: re.Match[str], relations: list[Relation], integers: set[str]) -> None:
    kind, names = found.group(1).lower(), re.findall(r"\w+", found.group(2))
    if kind in ("integer", "whole"):
        integers.update(names)
    comparison: Comparison | None = ">" if kind == "positive" else ">=" if kind in ("nonnegative", "whole") else None
    if comparison:
        relations.extend(Relation(Var(name), comparison, Num(Fraction(0)), f"{name} {comparison} 0") for name in names)


def _asked(text: str, alone: frozenset[str]) -> Asked:
    found = re.fullmatch(r"(.+?) (?:in|as) (\S+)", text)
    if not found:
        return Asked(_Reader(text, alone).whole(), text)
    unit = _Reader(f"1 {found.group(2)}", frozenset()).whole()
    if not isinstance(unit, Num) or not unit.units:
        raise NotEquations(f"{found.group(2)!r} is not a unit I know.")
    return Asked(_Reader(found.group(1), alone).whole(), found.group(1), unit.units)


class _Reader:
    """Reads one line by precedence."""

    def __init__(self, line: str, alone: frozenset[str]) -> None:
        self._line, self._alone, self._at, self._depth = line, alone, 0, 0
        self._tokens: list[tuple[str, str]] = []
        place = 0
        strange = _OTHER_NUMERAL.search(line)
        if strange:
            raise NotEquations(f"{strange.group()!r} is not a number I read here; write it out, such as 1000.")
        while place < len(line):
            found = _TOKEN.match(line, place)
            if not found:
                raise NotEquations(f"{line[place : place + 12]!r} cannot be read in the line {line[:60]!r}.")
            if found.lastgroup != "space":
                self._tokens.append((str(found.lastgroup), found.group()))
            place = found.end()
        if len(self._tokens) > MAX_PARTS:
            raise NotEquations(f"The line {line[:40]!r}… has more than {MAX_PARTS} parts; name some of them.")

    def whole(self) -> Expr:
        expression = self._sum()
        if self._peek()[1]:
            raise NotEquations(f"{self._line[:60]!r} cannot be read from {self._peek()[1]!r} on.")
        return expression

    def relations(self) -> list[Relation]:
        found: list[Relation] = []
        left = self._sum()
        while self._peek()[1] in _COMPARISONS:
            sign = self._take()[1]
            right = self._sum()
            comparison: Comparison = "=" if sign == "==" else sign  # type: ignore[assignment]
            found.append(Relation(left, comparison, right, self._line))
            left = right
        if self._peek()[1] or not found:
            what = repr(self._peek()[1]) if self._peek()[1] else "its end"
            raise NotEquations(f"The line {self._line[:60]!r} is no relation: I stop at {what}. Write 'name = …'.")
        return found

    def _sum(self) -> Expr:
        left = self._product()
        while self._peek()[1] in ("+", "-"):
            sign: Sign = "+" if self._take()[1] == "+" else "-"
            right = self._product()
            if isinstance(right, Num) and right.percent and not (isinstance(left, Num) and left.percent):
                right = Op("*", left, right)  # x + 20%: the share is taken of x
            left = Op(sign, left, right)
        return left

    def _product(self) -> Expr:
        left = self._signed()
        while True:
            kind, text = self._peek()
            if text in ("*", "/", "of"):
                self._take()
                right = self._signed()
                left = Op("/" if text == "/" else "*", left, right)
            elif text == "(" or (kind == "name" and isinstance(left, Num) and not left.units and not left.percent):
                left = Op("*", left, self._powered())  # 3x, 2(a + b)
            else:
                return left

    def _signed(self) -> Expr:
        if self._peek()[1] in ("-", "+"):
            minus = self._take()[1] == "-"
            self._enter()
            inner = self._signed()
            self._depth -= 1
            return Op("*", Num(Fraction(-1)), inner) if minus else inner
        return self._powered()

    def _powered(self) -> Expr:
        base = self._primary()
        if self._peek()[1] in ("^", "**"):
            self._take()
            exponent = self._signed()
            if not isinstance(exponent, Num) or exponent.units or exponent.value.denominator != 1:
                raise NotEquations(f"In {self._line[:60]!r} an exponent is not a whole number; write it as 2 or 3.")
            if not 0 <= exponent.value <= MAX_POWER:
                raise NotEquations(f"The exponent {exponent.value} is not between 0 and {MAX_POWER}.")
            return Op("^", base, exponent)
        return base

    def _primary(self) -> Expr:
        kind, text = self._take()
        if kind == "money":
            kind, number = self._take()
            if kind != "number":
                raise NotEquations(f"A number is missing behind {text!r} in {self._line[:60]!r}.")
            return Num(Fraction(number.replace(",", "")), ((text, 1),))
        if kind == "number":
            return self._measured(Fraction(text.replace(",", "")))
        if kind == "name" and text not in ("of", "in"):
            if len(text) > 60:
                raise NotEquations(f"The name {text[:20]!r}… is longer than 60 characters.")
            if self._peek()[1] == "(" and self._tokens[self._at - 1 : self._at] and len(text) > 1:
                raise NotEquations(f"There are no functions here, such as {text!r}(…); write relations with + - * / ^.")
            return Var(text)
        if text == "(":
            self._enter()
            inner = self._sum()
            self._depth -= 1
            if self._take()[1] != ")":
                raise NotEquations(f"A closing parenthesis is missing in {self._line[:60]!r}.")
            return inner
        raise NotEquations(f"A number or a name is missing in {self._line[:60]!r}.")

    def _measured(self, value: Fraction) -> Num:
        """A number with what follows directly: a percent sign, or units such as km, m^2, km/h."""
        if self._peek()[1] == "%":
            self._take()
            return Num(value / 100, (), True)
        units: list[tuple[str, int]] = []
        symbol = self._unit()
        while symbol:
            self._take()
            power = -1 if units else 1
            if self._peek()[1] in ("^", "**") and self._peek(1)[1] in ("2", "3"):
                self._at += 1
                power *= int(self._take()[1])
            units.append((symbol, power))
            symbol = self._unit(1) if self._peek()[1] in ("/", "per") else ""
            if symbol:
                self._take()
        return Num(value, tuple(units))

    def _unit(self, ahead: int = 0) -> str:
        kind, text = self._peek(ahead)
        if kind == "money":
            return text
        if kind != "name" or text in self._alone or text in ("of", "in", "per"):
            return ""
        try:
            unit = unit_named(text)
        except CalculationRefused as error:
            raise NotEquations(str(error)) from error
        return unit.symbol if unit else ""

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ("end", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise NotEquations(f"More than {MAX_NESTING} nested parentheses; name the parts.")
