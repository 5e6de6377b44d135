"""What the sandbox's Python lacks, written another way: yield, del, next over a generator, methods passed as functions.

Works on Python's own syntax tree inside the limited child, never executes anything, and leaves alone what it cannot
say otherwise with the same meaning; the sandbox then names what is missing.
"""

from __future__ import annotations

import ast
import math

#: Methods that people pass as functions: map(str.strip, lines), max(d, key=d.get).
_METHODS = frozenset(
    "get index count upper lower strip lstrip rstrip title capitalize split isdigit isalpha append add pop keys values items find "
    "startswith endswith".split()
)
_TYPES = frozenset(("str", "list", "dict", "set", "tuple"))
_TAKES_FUNCTION = frozenset(("map", "filter", "reduce", "starmap"))
_COMPARED = {ast.Lt: "_less", ast.Gt: "_greater", ast.LtE: "_at_most", ast.GtE: "_at_least"}
_DIVIDED = {ast.FloorDiv: "_whole_part", ast.Mod: "_remainder"}
_FRACTION_BUILTINS = frozenset(("int", "abs", "round", "max", "min", "sorted"))


def rewrite(tree: ast.Module, *, fractions: bool) -> tuple[ast.Module, bool]:
    """Return the tree without what the sandbox lacks, and whether anything changed.

    Args:
        tree: the program; it is changed in place.
        fractions: the program uses Fraction, for which the sandbox calls no comparison methods.
    """
    rewriter = _Rewriter(fractions)
    changed: ast.Module = rewriter.visit(tree)
    return ast.fix_missing_locations(changed), rewriter.changed


class _Rewriter(ast.NodeTransformer):
    def __init__(self, fractions: bool) -> None:
        self.changed = False
        self._fractions = fractions

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        yields = _own_yields(node)
        self.generic_visit(node)
        if yields and _collectable(node, yields):
            self.changed = True
            node.returns = None
            node.body = [*_made("_items = []"), *_Collector().collected(node.body), *_made("return iter(_items)")]
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        statements: list[ast.stmt] = []
        for target in node.targets:
            if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Slice):
                target.ctx = ast.Store()
                statements.append(ast.Assign([target], ast.List([], ast.Load())))
            elif isinstance(target, ast.Subscript):
                popped = ast.Call(ast.Attribute(target.value, "pop", ast.Load()), [target.slice], [])
                statements.append(ast.Expr(popped))
            elif isinstance(target, ast.Name):
                statements.append(ast.Assign([ast.Name(target.id, ast.Store())], ast.Constant(None)))
            else:
                return node
        self.changed = True
        return statements

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        node.value = self._iterator(node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "next" and node.args:
            node.args[0] = self._iterator(node.args[0])
        if name in _TAKES_FUNCTION and node.args:
            node.args[0] = self._function(node.args[0])
        for keyword in node.keywords:
            if keyword.arg == "key":
                keyword.value = self._function(keyword.value)
        if (
            self._fractions
            and name in _FRACTION_BUILTINS
            and not any(isinstance(one, ast.Starred) for one in node.args)
        ):
            self.changed = True
            node.func = ast.Name(f"_{name}", ast.Load())
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        kind = _COMPARED.get(type(node.ops[0])) if len(node.ops) == 1 else None
        if not self._fractions or not kind:
            return node
        self.changed = True
        return ast.Call(ast.Name(kind, ast.Load()), [node.left, node.comparators[0]], [])

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        kind = _DIVIDED.get(type(node.op))
        # "%d apples" % 3 writes a text.
        if (
            not self._fractions
            or not kind
            or isinstance(node.left, (ast.Constant, ast.JoinedStr))
            and _is_text(node.left)
        ):
            return node
        self.changed = True
        return ast.Call(ast.Name(kind, ast.Load()), [node.left, node.right], [])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        if node.module == "math" and node.names[0].name == "*":
            self.changed = True
            public = [name for name in dir(math) if not name.startswith("_")]
            node.names = [ast.alias(name) for name in public if name in _IN_SANDBOX]
        if node.module == "collections" and any(one.name == "OrderedDict" for one in node.names):
            self.changed = True
            aliases = [one for one in node.names if one.name == "OrderedDict"]
            rest = [one for one in node.names if one.name != "OrderedDict"]
            made = _made("\n".join(f"{one.asname or one.name} = dict" for one in aliases))
            return [ast.ImportFrom("collections", rest, 0), *made] if rest else made  # type: ignore[return-value]
        return node

    def _iterator(self, node: ast.expr) -> ast.expr:
        """A generator expression is a list in the sandbox; next() wants an iterator."""
        if not isinstance(node, ast.GeneratorExp):
            return node
        self.changed = True
        return ast.Call(ast.Name("iter", ast.Load()), [node], [])

    def _function(self, node: ast.expr) -> ast.expr:
        """str.upper becomes a lambda on its argument, d.get one on d."""
        if not (isinstance(node, ast.Attribute) and node.attr in _METHODS and isinstance(node.value, ast.Name)):
            return node
        self.changed = True
        source = (
            f"lambda one: one.{node.attr}()"
            if node.value.id in _TYPES
            else f"lambda one: {node.value.id}.{node.attr}(one)"
        )
        return ast.parse(source, mode="eval").body


_IN_SANDBOX = frozenset(
    "acos asin atan atan2 ceil comb cos degrees dist e exp fabs factorial floor fmod fsum gcd hypot inf isclose isqrt lcm log log10 "
    "log2 perm pi pow prod radians sin sqrt tan tau trunc".split()
)


def _is_text(node: ast.Constant | ast.JoinedStr) -> bool:
    return isinstance(node, ast.JoinedStr) or isinstance(node.value, str)


def _made(source: str) -> list[ast.stmt]:
    return ast.parse(source).body


def _own_yields(function: ast.FunctionDef) -> list[ast.Yield | ast.YieldFrom]:
    """The yields of this function, not of functions inside it."""
    found: list[ast.Yield | ast.YieldFrom] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            found.append(node)
        if not isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def _collectable(function: ast.FunctionDef, yields: list[ast.Yield | ast.YieldFrom]) -> bool:
    """Whether collecting all items first means the same: each yield a statement, no item changed afterwards."""
    statements = {id(node.value) for node in ast.walk(function) if isinstance(node, ast.Expr)}
    if any(id(one) not in statements for one in yields):
        return False
    if any(isinstance(node, (ast.Global, ast.Nonlocal)) for node in ast.walk(function)):
        return False
    given = {one.value.id for one in yields if isinstance(one.value, ast.Name)}
    for node in ast.walk(function):
        touched = node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            touched = node.value
        if isinstance(touched, ast.Name) and touched.id in given:
            return False
    return True


class _Collector(ast.NodeTransformer):
    """yield x becomes _items.append(x), return becomes the end."""

    def collected(self, body: list[ast.stmt]) -> list[ast.stmt]:
        module = self.visit(ast.Module(body, []))
        assert isinstance(module, ast.Module)
        return module.body

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, (ast.Yield, ast.YieldFrom)):
            method = "append" if isinstance(node.value, ast.Yield) else "extend"
            item = node.value.value or ast.Constant(None)
            target = ast.Attribute(ast.Name("_items", ast.Load()), method, ast.Load())
            return ast.Expr(ast.Call(target, [item], []))
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        return _made_return()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node  # a function inside has its own


def _made_return() -> ast.stmt:
    return ast.Return(ast.Call(ast.Name("iter", ast.Load()), [ast.Name("_items", ast.Load())], []))


#: For programs with fractions: what the sandbox does not look up on a class.
FRACTION_HELPERS = """
def _order(a, b):
    if isinstance(a, Fraction) or isinstance(b, Fraction):
        if isinstance(a, float) and a in (float("inf"), float("-inf")):
            return 1 if a > 0 else -1
        if isinstance(b, float) and b in (float("inf"), float("-inf")):
            return -1 if b > 0 else 1
        p, q = _parts(a)
        r, s = _parts(b)
        return (p * s > r * q) - (p * s < r * q)
    return (a > b) - (a < b)
def _less(a, b):
    return _order(a, b) < 0
def _greater(a, b):
    return _order(a, b) > 0
def _at_most(a, b):
    return _order(a, b) <= 0
def _at_least(a, b):
    return _order(a, b) >= 0
def _whole_part(a, b):
    if isinstance(a, Fraction) or isinstance(b, Fraction):
        p, q = _parts(a)
        r, s = _parts(b)
        return (p * s) // (q * r)
    return a // b
def _remainder(a, b):
    if isinstance(a, Fraction) or isinstance(b, Fraction):
        return a - b * _whole_part(a, b)
    return a % b
def _int(a=0, *base):
    if isinstance(a, Fraction):
        return a.numerator // a.denominator if a.numerator >= 0 else -(-a.numerator // a.denominator)
    return int(a, *base)
def _abs(a):
    return Fraction(abs(a.numerator), a.denominator) if isinstance(a, Fraction) else abs(a)
def _round(a, digits=None):
    if not isinstance(a, Fraction):
        return round(a, digits) if digits is not None else round(a)
    scale = 10 ** (digits or 0)
    twice = 2 * a.numerator * scale
    low = twice // (2 * a.denominator)
    rest = twice - low * 2 * a.denominator
    if rest > a.denominator or (rest == a.denominator and low % 2 == 1):
        low = low + 1
    return Fraction(low, scale) if digits is not None else low
def _sorted(items, key=None, reverse=False):
    pairs = [(key(one) if key else one, one) for one in items]
    if not any(isinstance(one[0], Fraction) for one in pairs):
        return sorted(items, key=key, reverse=reverse)
    done = []
    for pair in pairs:
        at = len(done)
        while at > 0 and (_order(done[at - 1][0], pair[0]) < 0 if reverse else _order(done[at - 1][0], pair[0]) > 0):
            at = at - 1
        done.insert(at, pair)
    return [one[1] for one in done]
def _extreme(sign, items, key, default):
    items = list(items[0]) if len(items) == 1 else list(items)
    if not items:
        return default[0] if default else max([])
    best = items[0]
    for one in items[1:]:
        if sign * _order(key(one) if key else one, key(best) if key else best) > 0:
            best = one
    return best
def _max(*items, key=None, **rest):
    return _extreme(1, items, key, [rest["default"]] if "default" in rest else [])
def _min(*items, key=None, **rest):
    return _extreme(-1, items, key, [rest["default"]] if "default" in rest else [])
"""
