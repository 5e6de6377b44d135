"""The forms in which models write programs, brought to one: fences off, missing imports supplied, an answer asked for.

Works on text and on Python's own syntax tree; runs only inside the limited child, because a hostile program
can exhaust a parser. Never executes anything.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from tools.program_rewrites import FRACTION_HELPERS, rewrite

_FENCE = re.compile(r"```[ \t]*([\w+-]*)[^\n]*\n(.*?)(?:```|\Z)", re.DOTALL)
_FRACTIONS_FROM = re.compile(r"^(\s*)from\s+fractions\s+import\s+Fraction(?:\s+as\s+(\w+))?[ \t]*$", re.MULTILINE)
_FRACTIONS = re.compile(r"^(\s*)import\s+fractions(?:\s+as\s+(\w+))?[ \t]*$", re.MULTILINE)
_ENTRIES = ("solution", "solve", "main", "answer", "get_answer", "calculate", "compute", "result", "run")
_ANSWERS = ("answer", "ans", "result", "final_answer", "solution", "total", "res", "output")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A program ready to run: `code`, then `ask` (an expression for its answer, may be empty), and what was found."""

    code: str
    ask: str
    form: str
    uses_fractions: bool
    problem: str = ""


def prepare(text: str) -> Prepared:
    """Find the program in a model's reply and how its answer is asked for."""
    code = _code_of(text)
    code, uses_fractions = _with_fractions(code)
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        # The sandbox's own message with its caret is the better observation.
        return Prepared(code, "", "unparsed", uses_fractions)
    ask, form, problem = _answer_of(tree)
    try:
        tree, changed = rewrite(tree, fractions=uses_fractions)
        code = ast.unparse(tree) if changed else code
    except RecursionError:
        pass  # too deeply nested to be written another way; the sandbox says what it thinks of it
    return Prepared(code, ask, form, uses_fractions, problem)


def _code_of(text: str) -> str:
    """Take the code out of fences and prose; a reply without fences is code from its first to its last sound line."""
    text = text.replace("\r\n", "\n").replace("\u00a0", " ")
    blocks = [body for language, body in _FENCE.findall(text) if language.lower() in ("", "python", "py", "python3")]
    if blocks:
        with_entry = [body for body in blocks if re.search(r"^\s*def\s+solution\b", body, re.MULTILINE)]
        code = (with_entry or [max(blocks, key=len)])[-1]
    else:
        code = text
    lines = code.strip("\n").split("\n")
    if any(line.startswith(">>> ") for line in lines):
        lines = [line[4:] for line in lines if line.startswith((">>> ", "... "))]
    code = _dedent("\n".join(lines))
    return code if blocks or _parses(code) else _trimmed(code)


def _dedent(code: str) -> str:
    lines = [line for line in code.split("\n") if line.strip()]
    indent = min((len(line) - len(line.lstrip(" ")) for line in lines), default=0)
    return "\n".join(line[indent:] for line in code.split("\n")) if indent else code


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def _trimmed(code: str) -> str:
    """Drop prose lines before and after the program, at most 30 on each side."""
    lines = code.split("\n")
    starts = [
        at for at, line in enumerate(lines[:30]) if re.match(r"(?:def|import|from|class|for|while|if|#|\w+ *=)", line)
    ]
    for start in starts[:3]:
        for end in range(len(lines), max(start, len(lines) - 30), -1):
            part = "\n".join(lines[start:end])
            if part.strip() and _parses(part):
                return part
    return code


def _with_fractions(code: str) -> tuple[str, bool]:
    """The sandbox has no fractions module: its class is supplied, and the import names it."""
    changed, named = _FRACTIONS_FROM.subn(
        lambda found: f"{found.group(1)}{found.group(2) or 'Fraction'} = Fraction", code
    )
    changed, whole = _FRACTIONS.subn(
        lambda found: f"{found.group(1)}{found.group(2) or 'fractions'} = _fractions", changed
    )
    return changed, bool(named or whole)


def _answer_of(tree: ast.Module) -> tuple[str, str, str]:
    """Return the expression that gives the answer, the form found, and a sentence where none can be asked."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    last = tree.body[-1] if tree.body else None
    assigned = [name for node in tree.body for name in _names(node)]
    entry = next((name for name in _ENTRIES if name in functions), "")
    if not entry and len(functions) == 1 and not (called & set(functions)) and not assigned:
        entry = next(iter(functions))
    if entry and entry not in called:
        needed = _needed(functions[entry])
        if needed:
            names = ", ".join(needed)
            return (
                "",
                "function",
                (
                    f"{entry}() needs a value for {names} that nobody passes. Put the numbers of the question inside "
                    f"{entry}() and give it no arguments."
                ),
            )
        return f"{entry}()", "function", ""
    if isinstance(last, ast.Expr) and not _is_print(last.value):
        return "", "expression", ""
    named = next((name for name in _ANSWERS if name in assigned and name not in functions), "")
    if not named and _prints(tree):
        return "", "printed", ""
    if named or assigned:
        return named or assigned[-1], "variable", ""
    return "", "printed" if _prints(tree) else "statements", ""


def _needed(function: ast.FunctionDef) -> list[str]:
    positional = [*function.args.posonlyargs, *function.args.args]
    required = positional[: len(positional) - len(function.args.defaults)]
    keyword = [one for one, default in zip(function.args.kwonlyargs, function.args.kw_defaults) if default is None]
    return [one.arg for one in (*required, *keyword)]


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, (ast.AnnAssign, ast.AugAssign)) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, (ast.If, ast.For, ast.While, ast.With)):
        inner = [*node.body, *getattr(node, "orelse", [])]
        return [name for one in inner for name in _names(one)]
    if isinstance(node, ast.Try):
        inner = [*node.body, *(one for handler in node.handlers for one in handler.body), *node.orelse, *node.finalbody]
        return [name for one in inner for name in _names(one)]
    return []


def _is_print(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def _prints(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.expr) and _is_print(node) for node in ast.walk(tree))


#: Rational numbers for the sandbox, which has no fractions module and no comparison methods on classes.
FRACTION_SOURCE = """
class Fraction:
    def __init__(self, numerator=0, denominator=None):
        from math import gcd
        if isinstance(numerator, str):
            parts = numerator.strip().split("/")
            numerator = Fraction(parts[0]) / Fraction(parts[1]) if len(parts) == 2 else _decimal_parts(parts[0])
        top, bottom = _parts(numerator)
        if denominator is not None:
            over, under = _parts(denominator)
            top, bottom = top * under, bottom * over
        if bottom == 0:
            raise ZeroDivisionError("Fraction(%s, 0)" % top)
        if bottom < 0:
            top, bottom = -top, -bottom
        common = gcd(top, bottom) or 1
        self.numerator = top // common
        self.denominator = bottom // common
    def __add__(self, other):
        a, b = _parts(other)
        return Fraction(self.numerator * b + a * self.denominator, self.denominator * b)
    def __radd__(self, other):
        return self + other
    def __sub__(self, other):
        a, b = _parts(other)
        return Fraction(self.numerator * b - a * self.denominator, self.denominator * b)
    def __rsub__(self, other):
        return Fraction(other) - self
    def __mul__(self, other):
        a, b = _parts(other)
        return Fraction(self.numerator * a, self.denominator * b)
    def __rmul__(self, other):
        return self * other
    def __truediv__(self, other):
        a, b = _parts(other)
        return Fraction(self.numerator * b, self.denominator * a)
    def __rtruediv__(self, other):
        return Fraction(other) / self
    def __pow__(self, times):
        if times < 0:
            return Fraction(self.denominator ** -times, self.numerator ** -times)
        return Fraction(self.numerator ** times, self.denominator ** times)
    def __neg__(self):
        return Fraction(-self.numerator, self.denominator)
    def __eq__(self, other):
        a, b = _parts(other)
        return self.numerator * b == a * self.denominator
    def __hash__(self):
        return hash(self.numerator) if self.denominator == 1 else hash((self.numerator, self.denominator))
    def __float__(self):
        return self.numerator / self.denominator
    def __bool__(self):
        return self.numerator != 0
    def __str__(self):
        return str(self.numerator) if self.denominator == 1 else "%d/%d" % (self.numerator, self.denominator)
    def __repr__(self):
        return "Fraction(%d, %d)" % (self.numerator, self.denominator)
    def limit_denominator(self, limit=1000000):
        if self.denominator <= limit:
            return self
        p0, q0, p1, q1 = 0, 1, 1, 0
        n, d = self.numerator, self.denominator
        while True:
            a = n // d
            q2 = q0 + a * q1
            if q2 > limit:
                break
            p0, q0, p1, q1 = p1, q1, p0 + a * p1, q2
            n, d = d, n - a * d
        k = (limit - q0) // q1
        low, high = Fraction(p0 + k * p1, q0 + k * q1), Fraction(p1, q1)
        first, second = high - self, low - self
        nearer = abs(first.numerator) * second.denominator <= abs(second.numerator) * first.denominator
        return high if nearer else low

def _decimal_parts(text):
    if "." in text:
        whole, rest = text.split(".")
        return Fraction(int(whole + rest), 10 ** len(rest))
    return int(text)

def _parts(value):
    if isinstance(value, Fraction):
        return value.numerator, value.denominator
    if isinstance(value, int):
        return int(value), 1
    if isinstance(value, float):
        bottom = 1
        while value != int(value):
            value, bottom = value * 2, bottom * 2
        return int(value), bottom
    return value.as_integer_ratio()

class _Fractions:
    pass

_fractions = _Fractions()
_fractions.Fraction = Fraction
"""
FRACTION_SOURCE += FRACTION_HELPERS
