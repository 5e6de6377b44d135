"""Tokens to a value by precedence, computed while read; every step and assumption is recorded, every nesting counted."""

from __future__ import annotations

from fractions import Fraction

from tools.arithmetic import (
    CONTEXT,
    Clock,
    Value,
    add,
    check_time,
    compare,
    divide,
    factorial,
    floor_divide,
    modulo,
    multiply,
    number,
    power,
)
from tools.errors import CalculationRefused, NotAnExpression
from tools.functions import FUNCTIONS, call
from tools.irrational import PI
from tools.results import brief_text, text_of
from tools.tokens import MAX_NESTING, Token
from tools.units import Quantity, convert, require_unit, same_dimension, unit_named, units_text

_ADDITIVE = {"+": 1, "-": -1}
_COMPARISONS = ("<", ">", "<=", ">=", "==", "=", "!=", "<>")
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
_CONSTANTS = {"pi": Fraction(PI), "e": Fraction(CONTEXT.exp(1))}
_BASES = {"binary": 2, "hexadecimal": 16, "hex": 16, "octal": 8}


class Evaluation:
    """Reads tokens by precedence and computes as it reads; every nesting is counted."""

    def __init__(self, tokens: list[Token], deadline: float) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._deadline = deadline
        self.steps: list[str] = []
        self.notes: list[str] = []

    # The grammar, loosest first.

    def statement(self) -> Value:
        """comparison [("to" | "in" | "as") units]"""
        self._enter()
        value = self._comparison()
        while self._next_name("to", "in", "as", "into"):
            self._at += 1
            value = self._converted(value)
        self._depth -= 1
        return value

    def expect_end(self) -> None:
        token = self._peek()
        if token.kind == "op" and token.text in ("=", "==") and self._tokens[self._at + 1].kind == "end":
            return  # "2+2="
        if token.kind != "end":
            raise NotAnExpression(f"I cannot read the calculation from {token.text!r} on.")

    def _comparison(self) -> Value:
        left = self._sum()
        token = self._peek()
        if token.kind == "op" and token.text in _COMPARISONS and self._tokens[self._at + 1].kind != "end":
            self._at += 1
            right = self._sum()
            if self._peek().kind == "op" and self._peek().text in _COMPARISONS:
                raise NotAnExpression("Only two values are compared at a time.")
            operator = {"<>": "!=", "=": "=="}.get(token.text, token.text)
            return self._step(left, token.text, right, compare(left, right, operator))
        return left

    def _sum(self) -> Value:
        left = self._product()
        while self._peek().kind == "op" and self._peek().text in _ADDITIVE:
            operator = self._take().text
            right = self._product()
            result = add(left, right, _ADDITIVE[operator])
            if isinstance(left, Quantity) and isinstance(right, Quantity) and right.percent and not left.percent:
                self.notes.append(f"{text_of(right)} is taken of {text_of(left)}")
            left = self._step(left, operator, right, result)
        return left

    def _product(self) -> Value:
        left = self._signed()
        while True:
            operator = self._product_operator()
            if not operator:
                return left
            right = self._signed()
            compute = {"*": multiply, "of": multiply, "/": divide, "//": floor_divide, "%": modulo}[operator]
            left = self._step(left, "mod" if operator == "%" else operator, right, compute(left, right))

    def _product_operator(self) -> str:
        token, after = self._peek(), self._tokens[min(self._at + 1, len(self._tokens) - 1)]
        if token.kind == "op" and token.text in ("*", "/", "//", "%"):
            self._at += 1
            return token.text
        if token.kind == "name" and token.text.lower() in ("of", "mod", "x", "per") and after.kind != "end":
            self._at += 1
            return {"of": "of", "mod": "%", "x": "*", "per": "/"}[token.text.lower()]
        if token.kind == "op" and token.text == "(" and self._at and self._tokens[self._at - 1].text not in ("(", ","):
            if any(one.text in ("/", "//") for one in self._tokens[: self._at]):
                raise CalculationRefused("A product without a sign after a division reads two ways; write the *.")
            return "*"
        return ""

    def _signed(self) -> Value:
        sign = 1
        while self._peek().kind == "op" and self._peek().text in _ADDITIVE:
            sign *= _ADDITIVE[self._take().text]
        value = self._powered()
        if sign == 1:
            return value
        if not isinstance(value, Quantity):
            raise CalculationRefused("Only numbers and quantities can be negative.")
        return Quantity(-value.amount, value.units, value.exact, value.percent)

    def _powered(self) -> Value:
        base = self._suffixed()
        if self._peek().kind == "op" and self._peek().text in ("^", "**"):
            self._at += 1
            self._enter()
            exponent = self._signed()
            self._depth -= 1
            return self._step(base, "^", exponent, power(base, exponent))
        return base

    def _suffixed(self) -> Value:
        value = self._primary()
        while self._peek().kind == "op":
            token, after = self._peek(), self._tokens[self._at + 1]
            if token.text == "!":
                self._at += 1
                if self._peek().text == "!" and not self._peek().spaced:
                    raise CalculationRefused("'!!' reads two ways (double factorial or twice); use parentheses.")
                result = factorial(value)
                self.steps.append(f"{brief_text(value)}! {_equals(result)}")
                value = result
            elif token.text == "%" and not (after.kind in ("number", "name") and not _is_word(after)):
                if after.kind == "op" and after.text == "(":
                    return value  # 10 % (3): the remainder
                if not isinstance(value, Quantity) or value.units:
                    raise CalculationRefused("A percentage needs a plain number.")
                self._at += 1
                value = Quantity(value.amount / 100, (), value.exact, True)
            else:
                return value
        return value

    def _primary(self) -> Value:
        check_time(self._deadline)
        token = self._take()
        if token.kind == "number":
            return self._with_unit(token)
        if token.kind == "date" and token.day is not None:
            return token.day
        if token.kind == "clock":
            return Clock(int(token.number))
        if token.kind == "string":
            return token.text
        if token.kind == "op" and token.text == "(":
            value = self.statement()
            self._expect(")")
            if self._unit_ahead() and isinstance(value, Quantity) and not value.units:
                return multiply(value, Quantity(Fraction(1), self._units()))
            return value
        if token.kind == "name":
            return self._named(token)
        raise NotAnExpression(f"A number is missing before {token.text!r}." if token.text else "A number is missing.")

    def _named(self, token: Token) -> Value:
        name = token.text.lower()
        if self._peek().kind == "op" and self._peek().text == "(" and (name in FUNCTIONS or not unit_named(token.text)):
            return self._call(name)
        if name in ("sqrt", "cbrt") and self._peek().kind == "number":
            return call(name, [self._with_unit(self._take())], self.notes)  # √16
        if name in _CONSTANTS:
            return number(_CONSTANTS[name], False)
        if name in _SCALES:
            return number(_SCALES[name])
        self._at -= 1
        if token.text in ("$", "€", "£", "¥") and self._tokens[self._at + 1].kind == "number":
            self._at += 2
            scaled = self._scaled(self._tokens[self._at - 1].number)
            return Quantity(scaled, ((token.text, 1),))
        if self._unit_ahead():
            return Quantity(Fraction(1), self._units())
        raise NotAnExpression(f"{token.text!r} is not a number, unit or function I know.")

    def _call(self, name: str) -> Value:
        self._expect("(")
        self._enter()
        arguments: list[Value] = []
        while not (self._peek().kind == "op" and self._peek().text == ")"):
            arguments.append(self.statement())
            if self._peek().kind == "op" and self._peek().text in (",", ";"):
                self._at += 1
            elif not (self._peek().kind == "op" and self._peek().text == ")"):
                raise NotAnExpression(f"A comma or ) is missing before {self._peek().text!r}.")
        self._expect(")")
        self._depth -= 1
        result = call(name, arguments, self.notes)
        if name != "date":
            self.steps.append(f"{name}({', '.join(brief_text(one) for one in arguments)}) {_equals(result)}")
        return result

    # Units.

    def _with_unit(self, token: Token) -> Value:
        amount = self._scaled(token.number)
        if not self._unit_ahead():
            return number(amount)
        value: Value = Quantity(amount, self._units())
        # "5 ft 3 in", "3 h 20 min": a smaller unit of the same kind follows directly.
        while self._peek().kind == "number" and isinstance(value, Quantity):
            start = self._at
            smaller_amount = self._scaled(self._take().number)
            smaller = Quantity(smaller_amount, self._units()) if self._unit_ahead() else None
            if smaller is None or not same_dimension(value, smaller):
                self._at = start
                break
            value = add(value, smaller, 1)
        return value

    def _scaled(self, amount: Fraction) -> Fraction:
        while self._next_name(*_SCALES):
            amount *= _SCALES[self._take().text.lower()]
        return amount

    def _unit_ahead(self) -> bool:
        token = self._peek()
        if token.kind != "name":
            return False
        word = token.text.lower()
        if word in ("square", "cubic", "sq"):
            return True
        if word == "in":
            # "12 in to cm" is inches; "5 km in m" converts.
            after = self._tokens[self._at + 1]
            return self._tokens[self._at - 1].kind == "number" and (
                after.kind == "end"
                or (after.kind == "op" and after.text != "%")
                or after.text.lower() in ("to", "in", "as", "into")
            )
        if word in FUNCTIONS and self._tokens[self._at + 1].text == "(":
            return False
        return unit_named(token.text) is not None and not (word == "x")

    def _units(self) -> tuple[tuple[str, int], ...]:
        """One unit with its own power: "m", "m^2", "square metres"; / and * join units as they join numbers."""
        word = self._take().text
        times = {"square": 2, "sq": 2, "cubic": 3}.get(word.lower(), 1)
        unit = require_unit(self._take().text if times > 1 else word)
        if self._peek().kind == "op" and self._peek().text in ("^", "**"):
            exponent = self._tokens[self._at + 1]
            if exponent.kind == "number" and exponent.number in (2, 3):
                self._at += 2
                times = int(exponent.number)
        if unit.note:
            self.notes.append(unit.note)
        return ((unit.symbol, times),)

    def _converted(self, value: Value) -> Value:
        token = self._peek()
        word = token.text.lower()
        if word in ("percent", "percentage") or (token.kind == "op" and token.text == "%"):
            self._at += 1
            if not isinstance(value, Quantity) or value.units:
                raise CalculationRefused("Only a plain number can be written as a percentage.")
            return Quantity(value.amount, (), value.exact, True)
        if word in _BASES or word == "fraction":
            self._at += 1
            return (
                call("fraction", [value], self.notes)
                if word == "fraction"
                else call("base", [value, number(_BASES[word])], self.notes)
            )
        if not isinstance(value, Quantity) or not self._unit_ahead():
            raise NotAnExpression(f"I do not know how to write the result as {token.text!r}.")
        units = self._units()
        while self._peek().text in ("/", "per", "*") and self._at + 1 < len(self._tokens):
            sign = 1 if self._take().text == "*" else -1
            units += tuple((symbol, power * sign) for symbol, power in self._units())
        if not value.units:
            raise CalculationRefused(f"The number has no unit to convert to {units_text(units)}.")
        result = convert(value, units)
        self.steps.append(f"{brief_text(value)} {_equals(result)}")
        return result

    # Tokens.

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def _next_name(self, *names: str) -> bool:
        return self._peek().kind == "name" and self._peek().text.lower() in names

    def _expect(self, text: str) -> None:
        token = self._take()
        if token.kind != "op" or token.text != text:
            raise NotAnExpression(
                f"{text!r} is missing" + (f" before {token.text!r}." if token.text else " at the end.")
            )

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise CalculationRefused(f"More than {MAX_NESTING} nested parts; split the expression.")

    def _step(self, left: Value, operator: str, right: Value, result: Value) -> Value:
        check_time(self._deadline)
        if len(self.steps) < 40:
            base = f"({brief_text(left)})" if operator == "^" and brief_text(left)[:1] == "-" else brief_text(left)
            self.steps.append(f"{base} {operator} {brief_text(right)} {_equals(result)}")
        return result


def _equals(result: Value) -> str:
    """The result behind its sign: "= 4" or "≈ 1.414"."""
    text = text_of(result)
    return text if text.startswith("≈ ") else f"= {text}"


def _is_word(token: Token) -> bool:
    """Whether a name after % continues a percentage ("of", "in", "off") and is not a constant or unit."""
    return token.kind == "name" and token.text.lower() in ("of", "in", "to", "as", "mod", "x", "per")
