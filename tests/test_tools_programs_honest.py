"""Programs as small models write them for school problems: every one runs in the sandbox and gives CPython's value."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tools.programs import ProgramResult, Programs

#: Own problems, in the forms of `solution()`, `ans = …`, a last expression, and print.
HONEST = [
    # solution()
    "def solution():\n    trays = 4\n    eggs = trays * 12\n    broken = 5\n    return eggs - broken",
    "def solution():\n    '''A shelf holds 9 jars.'''\n    jars = 9\n    shelves = 7\n    result = jars * shelves\n    return result",
    "def solution():\n    price = 12.5\n    discount = price * 0.2\n    return price - discount",
    "def solution() -> float:\n    total: float = sum([1.5, 2.25, 3.75])\n    return round(total / 3, 2)",
    "import math\ndef solution():\n    boxes = math.ceil(47 / 6)\n    return boxes",
    "def solution():\n    from math import sqrt\n    return sqrt(13 ** 2 - 5 ** 2)",
    "def solution():\n    ages = {'Ida': 12, 'Bo': 9, 'Kai': 15}\n    return max(ages, key=ages.get)",
    "def solution():\n    def area(w, h):\n        return w * h\n    return area(4, 6) + area(3, 2)",
    "def solution():\n    if 17 % 2 == 0:\n        kind = 'even'\n    else:\n        kind = 'odd'\n    return kind",
    "def solution():\n    n = 0\n    saved = 0\n    while saved < 100:\n        saved += 15\n        n += 1\n    return n",
    "def solution():\n    total = 0\n    for day in range(1, 8):\n        if day % 2:\n            continue\n        total += day\n    return total",
    "def solution():\n    return len([n for n in range(1, 50) if n % 3 == 0 and n % 5 != 0])",
    "def solution():\n    return sum(n * n for n in range(1, 11))",
    "def solution():\n    squares = {n: n ** 2 for n in range(4)}\n    return squares",
    "def solution():\n    return sorted({7, 3, 9, 3})",
    "def solution():\n    a, b = 0, 1\n    for _ in range(10):\n        a, b = b, a + b\n    return a",
    "def solution():\n    hours, minutes = divmod(135, 60)\n    return f'{hours}:{minutes:02d}'",
    "def solution():\n    words = 'the quick brown fox'.split()\n    return max(words, key=len)",
    "def solution():\n    return 'level' == 'level'[::-1]",
    "def solution():\n    speeds = [40, 60, 55]\n    fastest, *rest = sorted(speeds, reverse=True)\n    return fastest - rest[-1]",
    "from datetime import datetime, timedelta\ndef solution():\n    start = datetime(2024, 2, 27, 9, 30)\n    return (start + timedelta(days=3)).strftime('%d %B %Y')",
    "from datetime import date\ndef solution():\n    return (date(2025, 3, 1) - date(2024, 12, 25)).days",
    "from datetime import date\ndef solution():\n    return date(2026, 7, 4).weekday()",
    "from collections import Counter\ndef solution():\n    return Counter('mississippi').most_common(1)[0][0]",
    "from collections import defaultdict\ndef solution():\n    groups = defaultdict(list)\n    for n in range(6):\n        groups[n % 2].append(n)\n    return len(groups[1])",
    "from collections import deque\ndef solution():\n    line = deque([1, 2, 3, 4])\n    line.rotate(1)\n    return line[0]",
    "from itertools import combinations\ndef solution():\n    return len(list(combinations(range(6), 2)))",
    "from itertools import permutations\ndef solution():\n    return sum(1 for p in permutations('abcd') if p[0] != 'a')",
    "import itertools\ndef solution():\n    return list(itertools.accumulate([1, 2, 3, 4]))[-1]",
    "from itertools import product\ndef solution():\n    return sum(1 for a, b in product(range(1, 7), repeat=2) if a + b == 7)",
    "from functools import reduce\ndef solution():\n    return reduce(lambda a, b: a * b, [2, 3, 5])",
    "from fractions import Fraction\ndef solution():\n    return float(Fraction(3, 4) + Fraction(1, 8))",
    "from fractions import Fraction\ndef solution():\n    left = 1 - Fraction(1, 3) - Fraction(1, 4)\n    return left.numerator",
    "import statistics\ndef solution():\n    return statistics.mean([70, 80, 93])",
    "from statistics import median\ndef solution():\n    return median([5, 1, 9, 4])",
    "import calendar\ndef solution():\n    return calendar.monthrange(2023, 2)[1]",
    "from decimal import Decimal\ndef solution():\n    return float(Decimal('19.99') * 3)",
    "import math\ndef solution():\n    return math.gcd(84, 126) + math.lcm(4, 6)",
    "import math\ndef solution():\n    return math.comb(8, 3) * math.factorial(3)",
    "class Tank:\n    def __init__(self, litres):\n        self.litres = litres\n    def drain(self, amount):\n        self.litres -= amount\n        return self\ndef solution():\n    return Tank(50).drain(12).drain(8).litres",
    "from dataclasses import dataclass\n@dataclass\nclass Item:\n    price: float\n    count: int = 1\ndef solution():\n    return sum(i.price * i.count for i in [Item(2.5, 4), Item(3.0)])",
    # what the sandbox's Python lacks, written another way
    "from fractions import Fraction\ndef solution():\n    shares = [Fraction(1, 3), Fraction(2, 5), Fraction(1, 4)]\n    return float(max(shares))",
    "from fractions import Fraction\ndef solution():\n    x = Fraction(1, 2)\n    x += Fraction(3, 4)\n    return x > 1 and x <= Fraction(5, 4)",
    "from fractions import Fraction\ndef solution():\n    return [int(Fraction(7, 2)), Fraction(7, 2) // 1, round(Fraction(5, 2)), int(Fraction(-7, 2))]",
    "from fractions import Fraction\ndef solution():\n    return float(Fraction(0.1).limit_denominator(100)) + float(abs(Fraction(-1, 8)))",
    "from fractions import Fraction\ndef solution():\n    return [float(f) for f in sorted([Fraction(3, 4), Fraction(1, 8), Fraction(1, 2)], reverse=True)]",
    "from fractions import Fraction\ndef solution():\n    n = 17\n    return '%d of %d' % (n % 5, 3) + str(float(Fraction(17, 2) % 2))",
    "def solution():\n    return next((n for n in range(2, 50) if n * n > 200), None)",
    "def solution():\n    evens = (n for n in range(0, 20, 2))\n    next(evens)\n    return next(evens)",
    "def solution():\n    names = ['Mo', 'al', 'Bo']\n    return sorted(names, key=str.lower)",
    "def solution():\n    return ''.join(map(str.upper, 'abc'))",
    "def solution():\n    stock = {'a': 3, 'b': 5}\n    del stock['a']\n    left = [1, 2, 3, 4]\n    del left[0]\n    del left[1:]\n    return len(stock) + sum(left)",
    "from math import *\ndef solution():\n    return floor(sqrt(50)) + ceil(pi)",
    "from collections import OrderedDict\ndef solution():\n    d = OrderedDict()\n    d['x'] = 1\n    d['y'] = 2\n    return list(d)[0]",
    "try:\n    ans = int('12')\nexcept ValueError:\n    ans = 0",
    "import string\ndef solution():\n    return string.ascii_lowercase.index('e')",
    "def halves(n):\n    while n > 1:\n        yield n\n        n //= 2\n    return\ndef solution():\n    return list(halves(40))",
    "def pairs():\n    yield from [(1, 2)]\n    yield (3, 4)\ndef solution():\n    return sum(a * b for a, b in pairs())",
    # generators, recursion, matching, errors
    "def evens(limit):\n    n = 0\n    while n < limit:\n        yield n\n        n += 2\ndef solution():\n    return sum(evens(10))",
    "def solution():\n    def fact(n):\n        return 1 if n < 2 else n * fact(n - 1)\n    return fact(6)",
    "def solution():\n    try:\n        return 10 / 0\n    except ZeroDivisionError:\n        return -1",
    "def solution():\n    match 3:\n        case 1 | 2:\n            return 'low'\n        case _:\n            return 'high'",
    # ans = …
    "pens = 14\npencils = pens * 2\nans = pens + pencils",
    "rate = 0.05\nans = round(1000 * (1 + rate) ** 3, 2)",
    "items = [('tea', 3), ('jam', 4)]\nans = sum(price for _, price in items)",
    "answer = 100\nanswer -= 100 * 30 / 100\nanswer //= 1",
    "total = 0\nfor a in range(1, 4):\n    for b in range(a, 4):\n        total += a * b\nresult = total",
    "text = 'A2B4'\nans = sum(int(c) for c in text if c.isdigit())",
    "n = 97\nans = all(n % d for d in range(2, int(n ** 0.5) + 1))",
    # a last expression
    "legs = 4 * 7 + 2 * 5\nlegs",
    "(365 - 120) // 7",
    "[x for x in (4, 8, 15) if x > 5]",
    "'-'.join(str(n) for n in range(3))",
    "any(x > 3 for x in [1, 2, 5])",
    # print
    "cost = 3 * 2.5\nprint(f'{cost:.2f}')",
    "km = 42.195\nprint(round(km / 1.609344, 1))",
    "a = 7\nb = 5\nprint('The difference is', a - b)\nprint(a - b)",
    "print('%.1f' % (17 / 4))",
    "for i in range(3):\n    last = i * i\nprint(last)",
    "print(sum(map(int, '12 30 8'.split())))",
    "names = ['Mo', 'Al']\nfor i, name in enumerate(names, start=1):\n    pass\nprint(f'{i} {name.upper()}')",
    "print('{:,}'.format(1234567))",
    "numbers = [3, 1, 2]\nnumbers.sort(key=lambda n: -n)\nprint(numbers)",
    "x = 5\nx = x if x > 3 else 0\nprint(x, end='')",
    "print(dict(zip('ab', [1, 2])))",
]  # fmt: skip

#: What CPython runs and the sandbox does not: each ends with a sentence that names what is missing.
MISSING = {
    "import sympy\nprint(sympy.Symbol('x'))": "sympy",
    "import numpy as np\nprint(np.mean([1, 2]))": "numpy",
    "import heapq\nprint(heapq.nsmallest(1, [3, 1]))": "heapq",
    "import operator\nprint(operator.add(1, 2))": "operator",
    "class A:\n    pass\nclass B(A):\n    pass\nprint(1)": "inheritance",
    "class A:\n    @staticmethod\n    def f():\n        return 1\nprint(A.f())": "decorators",
    # Collecting its items first would give the last list three times over.
    "def grow():\n    row = []\n    for n in range(3):\n        row.append(n)\n        yield row\nprint([len(r) for r in grow()])": "yield",
    "def echo():\n    x = yield 1\n    yield x\nprint(list(echo()))": "yield",
}

#: How CPython's answer is found, independent of the sandbox: the last value, else `ans`…, else the last printed line.
REFERENCE = """
import ast, contextlib, io, json, sys
code = sys.stdin.read()
tree = ast.parse(code)
names, out = {"__name__": "honest"}, io.StringIO()
last = tree.body[-1]
value = None
with contextlib.redirect_stdout(out):
    if isinstance(last, ast.Expr):
        exec(compile(ast.Module(tree.body[:-1], []), "p", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "p", "eval"), names)
    else:
        exec(code, names)
if "solution" in names:
    value = names["solution"]()
elif value is None:
    value = next((names[n] for n in ("answer", "ans", "result") if n in names), None)
print(json.dumps([value, out.getvalue()]))
"""


def by_cpython(code: str) -> tuple[object, str]:
    command = [sys.executable, "-I", "-c", REFERENCE]
    done = subprocess.run(command, input=code, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, (code, done.stderr[-400:])
    value, printed = json.loads(done.stdout.splitlines()[-1])
    return value, printed


def agrees(result: ProgramResult, value: object, printed: str) -> bool:
    if value is None:  # printed: the sandbox makes a number of a line that is one
        line = printed.strip().splitlines()[-1]
        return result.text == line or str(result.value) == line
    return result.value == value or (isinstance(value, float) and result.value == pytest.approx(value, rel=1e-12))


@pytest.fixture(scope="module")
def programs() -> Iterator[Programs]:
    with Programs() as running:
        yield running


@pytest.mark.parametrize("code", HONEST)
def test_an_honest_program_gives_what_cpython_gives(programs: Programs, code: str) -> None:
    result = programs.run(code)
    assert result.error == ""
    value, printed = by_cpython(code)
    assert agrees(result, value, printed), (result.value, value, printed)


def test_the_comparison_sees_a_wrong_value(programs: Programs) -> None:
    result = programs.run("def solution():\n    return 41")
    assert not agrees(result, 42, "")
    assert not agrees(result, None, "42\n")


@pytest.mark.parametrize(("code", "name"), MISSING.items())
def test_a_missing_module_is_named(programs: Programs, code: str, name: str) -> None:
    assert name in programs.run(code).error


def test_there_are_sixty_distinct_ones() -> None:
    assert len(set(HONEST)) == len(HONEST) >= 60
