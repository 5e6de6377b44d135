"""Questions with a fixed form about shapes, speeds, prices, ratios, mixed units and what is missing in a sum.

Each frame must match the whole question; its parts are read by reading_phrases, or nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from tools.calculator import calculate
from tools.errors import CalculationError
from tools.reading_phrases import phrase

Match = re.Match[str]

_LENGTHS = ("m", "km", "dm", "cm", "mm", "in", "ft", "yd", "mi", "nmi")
_SHAPE = (
    r"(?:room|rectangle|rectangular \w+|floor|field|garden|wall|carpet|plot|lawn|sheet of paper|table|yard|pool|screen)"
)
_NOUN = r"[a-z]+(?: [a-z]+)?"
_MONEY = r"(?:[$€£]\d[\d.,]*|\d[\d.,]*(?: ?[€£$]| dollars?| euros?| pounds?| cents?))"
_COUNT = r"(\d{1,6})"
#: An operator inside the last part: "the product of 2 and 3 plus 4" reads two ways.
LOOSE = re.compile(r" (?:plus|minus|times|multiplied|divided|mal|geteilt|\+|-|\*|/|x) ")


def measure_question(text: str, german: bool) -> str | None:
    """Return the expression of a question (lower case, wrapper removed), or None."""
    for shape, build in _FRAMES:
        found = shape.fullmatch(text)
        expression = build(found, german) if found else None
        if expression:
            return expression
    return None


def _parts(found: Match, german: bool) -> list[str] | None:
    texts = [group for group in found.groups() if group is not None]
    read = [phrase(one.strip(), german=german, bare=True) for one in texts]
    good = [f"({one})" for one in read if one]
    return good if len(good) == len(texts) and not LOOSE.search(texts[-1]) else None


def _plain(pattern: str, *, lengths: bool = False) -> Callable[[Match, bool], str | None]:
    def build(found: Match, german: bool) -> str | None:
        parts = _parts(found, german)
        expression = pattern.format(*parts) if parts else None
        return expression if expression and (not lengths or _all_lengths(parts or [])) else None

    return build


def _all_lengths(parts: list[str]) -> bool:
    """Sides are plain numbers or lengths, all of one kind."""
    try:
        units = [calculate(part).unit for part in parts]
    except CalculationError:
        return False
    return not any(units) or all(unit in _LENGTHS for unit in units)


def _measured(pattern: str, allowed: tuple[str, ...]) -> Callable[[Match, bool], str | None]:
    """The result must be measured as the question expects."""

    def build(found: Match, german: bool) -> str | None:
        parts = _parts(found, german)
        if not parts:
            return None
        expression = pattern.format(*parts)
        try:
            return expression if calculate(expression).unit in allowed else None
        except CalculationError:
            return None

    return build


def _priced(found: Match, german: bool) -> str | None:
    """ "3 kg at $4 per kg": the units must be the same word or convertible."""
    amount, price, unit = found.groups()
    read = phrase(amount, german=german, bare=True), phrase(price, german=german, bare=True)
    if not read[0] or not read[1]:
        return None
    expression = f"({read[0]}) * ({read[1]}) / (1 {unit})"
    try:
        return expression if calculate(expression).unit in ("$", "€", "£", "¥") else None
    except CalculationError:
        return None


def _each(found: Match, german: bool) -> str | None:
    count, price = found.groups()
    read = phrase(price, german=german, bare=True)
    return f"{count} * {read}" if read else None


def _ratio(found: Match, german: bool) -> str | None:
    parts = re.findall(r"\d+(?:\.\d+)?", found.group(1))
    return f"ratio({', '.join(parts)})" if 2 <= len(parts) <= 4 else None


def _shared(found: Match, german: bool) -> str | None:
    amount = phrase(found.group(1).strip(), german=german, bare=True)
    parts = re.findall(r"\d+(?:\.\d+)?", found.group(2))
    return f"share({amount}, {', '.join(parts)})" if amount and 2 <= len(parts) <= 4 else None


def _mixed(found: Match, german: bool) -> str | None:
    amount = phrase(found.group(1).strip(), german=german, bare=True)
    units = re.findall(r"[a-z]+", found.group(2))
    expression = f"mixed({amount}, {', '.join(f'{chr(34)}{one}{chr(34)}' for one in units if one != 'and')})"
    try:
        calculate(expression)
    except CalculationError:
        return None
    return expression if amount else None


def _scaled(found: Match, german: bool) -> str | None:
    """ "twice the sum of 3 and 4" """
    factor = {"twice": "2", "double": "2", "half": "(1/2)", "half of": "(1/2)", "triple": "3"}.get(found.group(1))
    factor = factor or phrase(found.group(1).removesuffix(" times"), german=german, bare=True)
    left, right = (phrase(found.group(n), german=german, bare=True) for n in (3, 4))
    if not factor or not left or not right or LOOSE.search(found.group(4)):
        return None
    sign = {"sum": "+", "difference": "-", "product": "*"}[found.group(2)]
    inner = f"{left} {sign} {right}"
    return f"{factor} * abs({inner})" if sign == "-" else f"{factor} * ({inner})"


def _every_second(found: Match, german: bool) -> str | None:
    """ "the sum of the even numbers from 1 to 100" """
    kind, first, last = found.group(1), int(found.group(2)), int(found.group(3))
    odd = kind == "odd"
    first += (first % 2 == 0) == odd
    last -= (last % 2 == 0) == odd
    count = (last - first) // 2 + 1
    return f"({first} + {last}) * {count} / 2" if first <= last else None


def _goes(found: Match, german: bool) -> str | None:
    """ "how many times does 7 go into 63": where a rest is left, a person may want it or not."""
    parts = _parts(found, german)
    try:
        value = calculate(f"{parts[1]} / {parts[0]}").value if parts else None
    except CalculationError:
        return None
    return f"{parts[1]} / {parts[0]}" if parts and isinstance(value, Fraction) and value.denominator == 1 else None


def _compared_sum(found: Match, german: bool, sign: str) -> str | None:
    """ "5 less than 12"; a share of the other: "20% more than 50"."""
    parts = _parts(found, german)
    if not parts:
        return None
    first = parts[0] if "%" not in parts[0] else parts[0].strip("()")
    return f"{parts[1]} {sign} {first}"


_A = r"(?:an? )?"
_V = r"((?:[$€£]?\d|\().*?)"
_WITH = r"(?: (?:with|of|having|whose))?(?: an?| the| its)?"
_IS = r"(?: is| equals| makes| gives)"
_ROWS: tuple[tuple[str, Callable[[Match, bool], str | None]], ...] = (
    (rf"(?:the )?circumference of {_A}circle{_WITH} radius(?: of| is)? {_V}", _plain("2 * pi * {0}", lengths=True)),
    (rf"(?:the )?circumference of {_A}circle{_WITH} diameter(?: of| is)? {_V}", _plain("pi * {0}", lengths=True)),
    (rf"(?:the )?area of {_A}circle{_WITH} radius(?: of| is)? {_V}", _plain("pi * {0}^2", lengths=True)),
    (rf"(?:the )?area of {_A}circle{_WITH} diameter(?: of| is)? {_V}", _plain("pi * ({0} / 2)^2", lengths=True)),
    (rf"(?:the )?area of {_A}{_V} (?:by|x) {_V} {_SHAPE}", _plain("{0} * {1}", lengths=True)),
    (rf"(?:the )?area of {_A}{_SHAPE}(?: that is| measuring| of)? {_V} (?:by|x) {_V}", _plain("{0} * {1}", lengths=True)),
    (rf"(?:the )?area of {_A}{_SHAPE}{_WITH} sides(?: of)? {_V} and {_V}", _plain("{0} * {1}", lengths=True)),
    (rf"(?:the )?area of {_A}{_SHAPE}{_WITH} length(?: of)? {_V} and (?:a )?width(?: of)? {_V}", _plain("{0} * {1}", lengths=True)),
    (rf"(?:the )?perimeter of {_A}{_SHAPE}(?: that is| measuring| of)? {_V} (?:by|x) {_V}", _plain("2 * ({0} + {1})", lengths=True)),
    (rf"(?:the )?perimeter of {_A}{_V} (?:by|x) {_V} {_SHAPE}", _plain("2 * ({0} + {1})", lengths=True)),
    (rf"(?:the )?perimeter of {_A}{_SHAPE}{_WITH} sides(?: of)? {_V} and {_V}", _plain("2 * ({0} + {1})", lengths=True)),
    (rf"(?:the )?perimeter of {_A}{_SHAPE}{_WITH} length(?: of)? {_V} and (?:a )?width(?: of)? {_V}", _plain("2 * ({0} + {1})", lengths=True)),
    (rf"(?:the )?area of {_A}square{_WITH} sides?(?: length)?(?: of)? {_V}", _plain("{0}^2", lengths=True)),
    (rf"(?:the )?perimeter of {_A}square{_WITH} sides?(?: length)?(?: of)? {_V}", _plain("4 * {0}", lengths=True)),
    (rf"(?:the )?area of {_A}triangle{_WITH} base(?: of)? {_V} and (?:an? )?height(?: of)? {_V}", _plain("{0} * {1} / 2", lengths=True)),
    (rf"(?:the )?volume of {_A}cube{_WITH} (?:sides?|edges?)(?: length)?(?: of)? {_V}", _plain("{0}^3", lengths=True)),
    (rf"(?:the )?volume of {_A}(?:box|cuboid)(?: of| measuring)? {_V} (?:by|x) {_V} (?:by|x) {_V}", _plain("{0} * {1} * {2}", lengths=True)),
    (rf"(?:the )?volume of {_A}sphere{_WITH} radius(?: of)? {_V}", _plain("4 / 3 * pi * {0}^3", lengths=True)),
    (rf"(?:the )?volume of {_A}cylinder{_WITH} radius(?: of)? {_V} and (?:an? )?height(?: of)? {_V}", _plain("pi * {0}^2 * {1}", lengths=True)),
    (rf"(?:the )?hypotenuse of {_A}(?:right triangle with (?:legs|sides)(?: of)? )?{_V} and {_V}", _measured("sqrt({0}^2 + {1}^2)", ("",))),
    (rf"how long (?:does|will|would) it take to (?:travel|drive|go|cover|walk|run|cycle|ride|fly) {_V} at {_V}", _measured("{0} / {1} in h", ("h",))),
    (rf"how long (?:does|will|would|do) {_V} take at {_V}", _measured("{0} / {1} in h", ("h",))),
    (rf"how far (?:can|do|does|will|would) (?:you|i|we|it|a car|a train|he|she|they) (?:go|travel|drive|get|ride|run|walk|fly) in {_V} at {_V}",
     _measured("{1} * {0}", _LENGTHS)),
    (rf"(?:the )?(?:average )?speed (?:for|of|of going|of driving) {_V} in {_V}", _measured("{0} / {1}", ("km/h", "mi/h", "m/s", "km/min", "m/min", "km/s", "ft/s"))),
    (rf"(?:the (?:cost|price) of |cost )?(\d[\d.,]* ?[a-z]+) (?:at|for) ({_MONEY}) (?:per|a|an) ([a-z]+)", _priced),
    (rf"(?:do |the (?:cost|price) of |cost )?{_COUNT} {_NOUN} (?:at|for) ({_MONEY}) (?:each|apiece|a piece)(?: cost)?", _each),
    (r"(?:simplify|reduce)(?: the ratio)?(?: of)? (\d[\d.]*(?: ?: ?\d[\d.]*){1,3})", _ratio),
    (r"(?:the ratio )?(\d[\d.]*(?: ?: ?\d[\d.]*){1,3}) (?:simplified|in (?:its )?(?:simplest form|lowest terms))", _ratio),
    (r"(?:simplify )?(?:the )?ratio (?:of )?(\d[\d.]* (?:to|and) \d[\d.]*)(?: (?:simplified|in (?:its )?(?:simplest form|lowest terms)))?", _ratio),
    (rf"(?:split|divide|share) {_V} (?:in|into|by)(?: the| a)? ratio(?: of)? (\d[\d.]*(?: ?(?::|to) ?\d[\d.]*){{1,3}})", _shared),
    (rf"(?:convert )?{_V} (?:in|to|into|as) ([a-z]+(?:,? [a-z]+)? and [a-z]+)", _mixed),
    (rf"how many times does {_V} go into {_V}", _goes),
    (rf"{_V} (?:times|multiplied by) what(?: number)?{_IS} {_V}", _plain("{1} / {0}")),
    (rf"what(?: number)? (?:times|multiplied by) {_V}{_IS} {_V}", _plain("{1} / {0}")),
    (rf"{_V} (?:plus|added to) what(?: number)?{_IS} {_V}", _plain("{1} - {0}")),
    (rf"what(?: number)? (?:plus|added to) {_V}{_IS} {_V}", _plain("{1} - {0}")),
    (rf"{_V} minus what(?: number)?{_IS} {_V}", _plain("{0} - {1}")),
    (rf"what(?: number)? minus {_V}{_IS} {_V}", _plain("{1} + {0}")),
    (rf"what(?: number)? divided by {_V}{_IS} {_V}", _plain("{1} * {0}")),
    (rf"{_V} divided by what(?: number)?{_IS} {_V}", _plain("{0} / {1}")),
    (rf"(?:what number is )?{_V} less than {_V}", lambda found, german: _compared_sum(found, german, "-")),
    (rf"(?:what number is )?{_V} more than ((?:[$€£]?\d|\(|twice |double |half ).*?)", lambda found, german: _compared_sum(found, german, "+")),
    (r"(twice|double|triple|half(?: of)?|[a-z]+ times|\d+ times) the (sum|difference|product) (?:of|between) (.+?) and (.+)", _scaled),
    (rf"square {_V}", _plain("{0}^2")),
    (rf"(?:the )?price after (?:an? )?(\d[\d.]* ?%) discount on {_V}", _plain("{1} - {0}")),
    (rf"{_V} (?:after|with) (?:an? )?(\d[\d.]* ?%) (?:discount|off)", _plain("{0} - {1}")),
    (rf"(?:an? )?(\d[\d.]* ?%) (?:vat|sales tax|tax) on {_V}", _plain("{0} of {1}")),
    (r"(?:the )?(?:all )?(?:factors|divisors) of (\d{1,13})", lambda found, german: f"divisors({found.group(1)})"),
    (r"how many days (?:are |are there )?(?:in|does) (?:a|one) leap year(?: have)?", lambda found, german: "date(2025, 1, 1) - date(2024, 1, 1)"),
    (r"(?:the )?sum of (?:all )?(?:the )?(even|odd) (?:numbers|integers) from (\d{1,9}) to (\d{1,9})", _every_second),
)  # fmt: skip


_FRAMES = tuple((re.compile(shape), build) for shape, build in _ROWS)
