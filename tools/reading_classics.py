"""Three classic puzzles as equations: heads and legs, two baskets with their prices, a rectangle's sides; else None.

classic_puzzle("a farmer has chickens and rabbits. there are 35 heads and 94 legs. how many rabbits are there")
    chickens + rabbits = 35
    2 * chickens + 4 * rabbits = 94
    whole chickens, rabbits
    ? rabbits
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tools.reading_amounts import MULTIPLE, NUMBER, multiple, number

_TWO_LEGS = "chicken hen duck goose turkey bird rooster ostrich person people human flamingo parrot".split()
_FOUR_LEGS = "cow pig horse sheep goat rabbit dog cat donkey lamb deer lion elephant table chair turtle frog".split()
_LEGS = {**dict.fromkeys(_TWO_LEGS, 2), **dict.fromkeys(_FOUR_LEGS, 4), "spider": 8, "ant": 6, "beetle": 6, "stool": 3}
_WHEELS = {
    **dict.fromkeys("bicycle bike motorcycle motorbike scooter".split(), 2),
    "tricycle": 3,
    "car": 4,
    "unicycle": 1,
}
_ODD_PLURALS = {"geese": "goose", "people": "people", "sheep": "sheep", "deer": "deer", "men": "person"}
_N = rf"(?:{NUMBER})"
_KINDS = r"(?P<a>[a-z]+) and (?P<b>[a-z]+)"
_PARTS = rf"(?P<all>{_N}) (?P<part>legs|feet|wheels)"
_MONEY = r"(?: ?(?:euros?|dollars?|pounds|€|\$|£))?"
_BASKET = r"(?P<n{0}>{1}) (?P<x{0}>[a-z]+) and (?P<m{0}>{1}) (?P<y{0}>[a-z]+) (?:together )?cost (?P<c{0}>{1}){2}(?: together| in total)?"


def classic_puzzle(text: str) -> str | None:
    """Return the equations of such a puzzle (lower case, one line), or None where a word is left over."""
    plain = re.sub(r"[.?!,;]+(?=\s|$)", "", text).strip()
    for read in _READERS:
        lines = read(plain)
        if lines:
            return lines
    return None


def _one(noun: str) -> str:
    """The singular of a noun that such puzzles count."""
    if noun in _ODD_PLURALS:
        return _ODD_PLURALS[noun]
    return noun[:-2] if noun.endswith(("xes", "ches", "shes")) else noun.removesuffix("s")


_WHERE = r"(?:(?:on|in|at) (?:a|the|his|her|my) [a-z]+(?: [a-z]+)? )?"
_HEADS = tuple(
    re.compile(shape)
    for shape in (
        rf"(?:a|the) [a-z]+ (?:has|keeps|owns) {_KINDS} (?:there are|together they have|they have|in total there are) (?P<n>{_N}) (?:heads|animals) and {_PARTS}(?: in total| altogether)? (?P<ask>.+)",
        rf"(?:a|the) [a-z]+ (?:has|keeps|owns) (?P<n>{_N}) {_KINDS}(?: which have| with| together they have| they have| that have| having)(?: a total of| together)? {_PARTS}(?: in total| altogether)? (?P<ask>.+)",
        rf"{_WHERE}there are (?P<n>{_N}) (?:animals |vehicles )?{_KINDS}(?: in total)?(?: and| which have| with| together they have| they have| that have| having)(?: a total of| together)? {_PARTS}(?: in total| altogether)? (?P<ask>.+)",
    )
)  # fmt: skip
_ASK_KIND = re.compile(r"how many (?P<q>[a-z]+) (?:are there|does (?:he|she|the [a-z]+) have|are they|has (?:he|she))")


def _heads_and_legs(text: str) -> str | None:
    found = next((match for shape in _HEADS if (match := shape.fullmatch(text))), None)
    asked = _ASK_KIND.fullmatch(found["ask"]) if found else None
    if not found or not asked or asked["q"] not in (found["a"], found["b"]):
        return None
    each = _WHEELS if found["part"] == "wheels" else _LEGS
    first, second = each.get(_one(found["a"])), each.get(_one(found["b"]))
    count, parts = number(found["n"]), number(found["all"])
    if not (first and second and count and parts) or found["a"] == found["b"]:
        return None
    a, b = found["a"], found["b"]
    return f"{a} + {b} = {count}\n{first} * {a} + {second} * {b} = {parts}\nwhole {a}, {b}\n? {asked['q']}"


_BASKETS = re.compile(
    rf"{_BASKET.format(1, NUMBER, _MONEY)} (?:and )?{_BASKET.format(2, NUMBER, _MONEY)}"
    r" (?:how much (?:is|does|costs?) |what (?:does|is the price of) )(?:a|an|one|each|1)(?: single)? (?P<q>[a-z]+)(?: cost)?"
)


def _two_baskets(text: str) -> str | None:
    found = _BASKETS.fullmatch(re.sub(r"\ban?(?= [a-z]+ (?:and|cost))", "1", text))
    if not found:
        return None
    amounts = {key: number(found[key]) for key in ("n1", "m1", "c1", "n2", "m2", "c2")}
    nouns = [_one(found[key]) for key in ("x1", "y1", "x2", "y2")]
    asked = _one(found["q"])
    if (
        None in amounts.values()
        or len({*nouns}) != 2
        or nouns[0] == nouns[1]
        or nouns[2] == nouns[3]
        or asked not in nouns
    ):
        return None
    lines = [
        f"{amounts[f'n{at}']} * {nouns[2 * at - 2]} + {amounts[f'm{at}']} * {nouns[2 * at - 1]} = {amounts[f'c{at}']}"
        for at in (1, 2)
    ]
    return "\n".join([*lines, f"nonnegative {nouns[0]}, {nouns[1]}", f"? {asked}"])


_RECTANGLE = re.compile(
    r"(?:a|the|my) (?:rectangle|garden|field|room|plot|rectangular (?:garden|field|room|plot|yard)) is (?P<m>.+?) as (?P<how>long|wide) as"
    rf"(?: it is)? (?:long|wide) (?:and (?:has|it has)|it has|and|the|its)(?: a| its)? (?P<what>perimeter|area)(?: is| of)? (?P<n>{_N})"
    r"(?: ?(?P<unit>cm|m|meters?|metres?|centimeters?|centimetres?))?"
    r" (?:how (?P<side>long|wide) is it|what is (?:its|the) (?P<asked>length|width|area|perimeter)(?: of the [a-z]+)?)"
)


def _rectangle(text: str) -> str | None:
    found = _RECTANGLE.fullmatch(text)
    if not found or not re.fullmatch(MULTIPLE, found["m"]) or (found["unit"] and found["what"] == "area"):
        return None
    factor, amount = multiple(found["m"]), number(found["n"])
    if not factor or not amount:
        return None
    longer, other = ("length", "width") if found["how"] == "long" else ("width", "length")
    known = {"perimeter": "2 * (length + width)", "area": "length * width"}
    wanted = {"long": "length", "wide": "width", None: ""}[found["side"]] or known.get(found["asked"]) or found["asked"]
    lines = [f"{longer} = {factor} * {other}", f"{known[found['what']]} = {amount}"]
    return "\n".join([*lines, "nonnegative length, width", f"? {wanted}"])


_READERS: tuple[Callable[[str], str | None], ...] = (_heads_and_legs, _two_baskets, _rectangle)
