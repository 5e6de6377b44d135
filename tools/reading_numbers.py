"""Questions about numbers with a fixed form: convert, compare, sort, averages, percentages, rounding, primes.

Each frame must match the whole question; its parts are read by reading_phrases, or nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tools.calculator import calculate
from tools.errors import CalculationError
from tools.reading_measures import LOOSE
from tools.reading_phrases import items, phrase

Match = re.Match[str]

_MORE = r"bigger|larger|greater|higher|more|biggest|largest|greatest|highest|größer|groesser|mehr"
_LESS = r"smaller|less|lower|fewer|smallest|lowest|least|kleiner|weniger"
_LONGER = (
    "longer",
    "heavier",
    "taller",
    "faster",
    "warmer",
    "hotter",
    "dearer",
    "more expensive",
    "longest",
    "heaviest",
)
_SHORTER = (
    "shorter",
    "lighter",
    "slower",
    "colder",
    "cooler",
    "cheaper",
    "less expensive",
    "shortest",
    "lightest",
    "cheapest",
)
_AGGREGATES = {
    "average": "average", "mean": "average", "arithmetic mean": "average", "durchschnitt": "average",
    "median": "median", "mode": "mode", "sum": "sum", "total": "sum", "summe": "sum", "product": "product",
    "produkt": "product", "maximum": "max", "max": "max", "largest": "max", "biggest": "max", "greatest": "max",
    "minimum": "min", "min": "min", "smallest": "min", "lowest": "min", "gcd": "gcd", "greatest common divisor": "gcd",
    "greatest common factor": "gcd", "highest common factor": "gcd", "gcf": "gcd", "hcf": "gcd", "ggt": "gcd",
    "lcm": "lcm", "least common multiple": "lcm", "lowest common multiple": "lcm", "kgv": "lcm",
    "population standard deviation": "pstdev", "sample standard deviation": "stdev", "range": "range",
}  # fmt: skip
_PLACES = {"whole number": 0, "integer": 0, "ten": -1, "hundred": -2, "thousand": -3, "million": -6, "tenth": 1}
_PLACES |= {"hundredth": 2, "thousandth": 3}
_ORDER = r"(?:in )?(?:an? )?(ascending|descending|increasing|decreasing)(?: order)?"
_FROM_TO = r"from (?:the )?(smallest|lowest|least|largest|biggest|highest|greatest) to (?:the )?\w+"
_DOWN = ("descending", "decreasing", "largest", "biggest", "highest", "greatest")


def number_question(text: str, german: bool) -> str | None:
    """Return the expression of a question (lower case, wrapper removed), or None."""
    for shape, build in _FRAMES:
        found = shape.fullmatch(text)
        if found:
            expression = build(found, german)
            if expression:
                return expression
    return None


def _one(text: str, german: bool) -> str | None:
    return phrase(text, german=german, bare=True)


def _wrapped(text: str) -> str:
    return text if re.fullmatch(r"[$€£¥]?[\d.]+%?", text) else f"({text})"


def _two(pattern: str, swap: bool = False, loose: bool = False) -> Callable[[Match, bool], str | None]:
    def build(found: Match, german: bool) -> str | None:
        if not loose and LOOSE.search(found.group(2)):
            return None  # "multiply 6 by 7 plus 2"
        left, right = _one(found.group(1), german), _one(found.group(2), german)
        if not left or not right:
            return None
        left, right = (right, left) if swap else (left, right)
        return pattern.format(_wrapped(left), _wrapped(right))

    return build


def _single(pattern: str) -> Callable[[Match, bool], str | None]:
    def build(found: Match, german: bool) -> str | None:
        only = _one(found.group(1), german)
        return pattern.format(_wrapped(only), only) if only else None

    return build


def _which(found: Match, german: bool) -> str | None:
    many = items(found.group(2), german=german)
    if not many:
        return None
    if found.group(1) in (*_LONGER, *_SHORTER) and not all(re.search(r"[a-z$€£°]", one) for one in many):
        return None  # "which is longer, 3 or 4": of what?
    pick = "max" if re.fullmatch(_MORE, found.group(1)) or found.group(1) in _LONGER else "min"
    expression = f"{pick}({', '.join(many)})"
    try:
        at_the_top = [calculate(f"{expression} = {one}").value for one in many]
    except CalculationError:
        return None
    return expression if at_the_top.count(True) == 1 else None  # equal ones: neither is bigger


def _than(found: Match, german: bool) -> str | None:
    left, right = _one(found.group(1), german), _one(found.group(3), german)
    sign = ">" if re.fullmatch(_MORE, found.group(2)) else "<"
    return f"{left} {sign} {right}" if left and right else None


def _aggregate(found: Match, german: bool) -> str | None:
    many = items(found.group(2), german=german)
    name = _AGGREGATES[found.group(1)]
    if not many or LOOSE.search(found.group(2)):
        return None
    joined = ", ".join(many)
    return f"max({joined}) - min({joined})" if name == "range" else f"{name}({joined})"


def _sorted(found: Match, german: bool) -> str | None:
    groups = found.groupdict()
    many = items(groups["list"], german=german)
    direction = next((groups[key] for key in ("order", "span") if groups.get(key)), "")
    return f"{'sort_down' if direction in _DOWN else 'sort'}({', '.join(many)})" if many else None


def _alphabetical(found: Match, german: bool) -> str | None:
    words = re.split(r",?\s+and\s+|,\s*", found.group(1).strip(" :\"'"))
    words = [word.strip(" \"'") for word in words]
    if len(words) < 2 or not all(re.fullmatch(r"[a-zà-ÿ]+(?:[-'][a-zà-ÿ]+)*", word) for word in words):
        return None
    return "sort(" + ", ".join(f'"{word}"' for word in words) + ")"


def _round(found: Match, german: bool) -> str | None:
    value = _one(found.group(1), german)
    place = found.group(2)
    counted = re.fullmatch(r"(\d{1,2}|one|two|three|four|five|six) decimal(?: place| point)?s?", place)
    if counted:
        words = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}
        return f"round({value}, {words.get(counted.group(1), counted.group(1))})" if value else None
    nearest = _PLACES.get(place.removeprefix("the ").removeprefix("nearest "))
    return f"round({value}, {nearest})" if value and nearest is not None else None


def _convert(found: Match, german: bool) -> str | None:
    return _checked(_one(f"{found.group(1)} in {found.group(2)}", german))


def _how_many(found: Match, german: bool) -> str | None:
    unit, amount = found.group(1), re.sub(r"^(?:an?|one) ", "1 ", found.group(2))
    if unit in ("times", "ways", "and"):
        return None
    return _checked(_one(f"{amount} in {unit}", german))


def _checked(expression: str | None) -> str | None:
    """A conversion is read only where it has a value: pounds to dollars is another question."""
    if not expression:
        return None
    try:
        calculate(expression)
    except CalculationError:
        return None
    return expression


def _in_base(found: Match, german: bool) -> str | None:
    number, base = found.group(1), {"hex": "hexadecimal"}.get(found.group(2), found.group(2))
    return f"{number} in {base}"


def _change(found: Match, german: bool) -> str | None:
    kind, first, last = found.group(1), _one(found.group(2), german), _one(found.group(3), german)
    if not first or not last:
        return None
    first, last = _wrapped(first), _wrapped(last)
    top = f"({first} - {last})" if kind.startswith("decrease") else f"({last} - {first})"
    return f"{top} / {first} in %"


def _first_numbers(found: Match, german: bool) -> str | None:
    return f"sum_range(1, {found.group(1)})"


def _range(found: Match, german: bool) -> str | None:
    return f"sum_range({found.group(1)}, {found.group(2)})" if int(found.group(1)) <= int(found.group(2)) else None


def _added(found: Match, german: bool) -> str | None:
    many = items(found.group(1), german=german)
    return " + ".join(many) if many and not LOOSE.search(found.group(1)) else None


_SHARE = r"(?:percent|per cent|percentage|%)"
_DECIMAL = r"[\d.,]+"
_LIST_INTRO = r"(?:the )?(?:following )?(?:numbers?|values?|integers?)?:? ?"
_FRAME_ROWS: tuple[tuple[str, Callable[[Match, bool], str | None]], ...] = (
    (rf"(?:which|what)(?: one)? is(?: the)? ({'|'.join((*_LONGER, *_SHORTER))})(?:,|:| of)? (.+)", _which),
    (rf"(?:which|what|was|welche zahl)(?: one| number)? (?:is|ist)(?: the)? ({_MORE}|{_LESS})(?: number| one)?"
     rf"(?:,|:| of| between| among)? (.+)", _which),
    (rf"(?:which|what) is ({_MORE}|{_LESS})(?:,|:)? (.+)", _which),
    (rf"({_MORE}|{_LESS})(?:,|:) (.+)", _which),
    (rf"(?:is|ist) (.+) ({_MORE}|{_LESS}) (?:than|als) (.+)", _than),
    (r"is (.+?) (?:equal to|the same as|equals) (.+)", _two("equal({0}, {1})", loose=True)),
    (r"is (.+?) (?:>|<|>=|<=) .+", lambda found, german: _compared(found.group(), german)),
    (r"(?:is|ist) (-?\d+) (?:a prime(?: number)?|prime|eine primzahl)", _single("is_prime({1})")),
    (r"(?:is|ist) (-?\d+) (?:an )?(?:even(?: number)?|gerade)", _single("is_even({1})")),
    (r"(?:is|ist) (-?\d+) (?:an )?(?:odd(?: number)?|ungerade)", _single("is_odd({1})")),
    (r"is ([\d,]+) (?:evenly )?divisible by ([\d,]+)", _two("divisible({0}, {1})")),
    (r"(?:is|ist|was|will) (\d{3,4}) (?:be )?(?:a leap year|ein schaltjahr)", _single("is_leap_year({1})")),
    (rf"(?:the |der |die |das )?({'|'.join(sorted(_AGGREGATES, key=len, reverse=True))})(?: value| number)?"
     rf" (?:of|among|between|for|von|aus) {_LIST_INTRO}(.+)", _aggregate),
    (r"(?:the )?difference between (.+?) and (.+)", _two("abs({0} - {1})")),
    (r"(?:the )?quotient of (.+?) and (.+)", _two("{0} / {1}")),
    (r"(?:the )?sum of (?:all )?(?:the )?(?:whole |natural |positive )?(?:numbers|integers) (?:from|between) (\d{1,9}) (?:to|and)"
     r" (\d{1,9})", _range),
    (r"(?:the )?sum of the first (\d{1,9}) (?:natural numbers|positive integers|positive whole numbers)", _first_numbers),
    (rf"(?:sort|order|arrange|put)(?: the| these| this)?(?: following)?(?: list of)?(?: numbers?)?(?: {_ORDER.replace('(asc', '(?P<order>asc')}|"
     rf" {_FROM_TO.replace('(small', '(?P<span>small')})?:? ?(?P<list>[-\d][^a-z]*(?: and [^a-z]+)?)", _sorted),
    (rf"(?:sort|order|arrange|put)(?: the| these)?(?: following)?(?: numbers?)?:? ?(?P<list>[-\d].*?)"
     rf"(?: in order)?,? (?:{_ORDER.replace('(asc', '(?P<order>asc')}|{_FROM_TO.replace('(small', '(?P<span>small')})",
     _sorted),
    (r"(?:sort|order|arrange)(?: the| these)?(?: following)?(?: words)? alphabetically:? (.+)", _alphabetical),
    (r"(?:sort|order|arrange|put)(?: the| these)?(?: following)?(?: words)?:? (.+?)"
     r" (?:alphabetically|in(?:to)? alphabetical order)", _alphabetical),
    (rf"(.+?) is what {_SHARE} of (.+)", _two("{0} / {1} in %")),
    (rf"what {_SHARE} of (.+?) is (.+)", _two("{0} / {1} in %", swap=True)),
    (rf"what {_SHARE} is (.+?) (?:out )?of (.+)", _two("{0} / {1} in %")),
    (rf"(.+?) as a {_SHARE} of (.+)", _two("{0} / {1} in %")),
    (r"(?:the )?percent(?:age)? (increase|decrease|change) (?:from|between) (.+?) (?:to|and) (.+)", _change),
    (r"increase (.+?) by ([\d.,]+ ?(?:%|percent))", _two("{0} + {1}")),
    (r"(?:decrease|reduce) (.+?) by ([\d.,]+ ?(?:%|percent))", _two("{0} - {1}")),
    (r"(.+?) increased by ([\d.,]+ ?(?:%|percent))", _two("{0} + {1}")),
    (r"(.+?) (?:decreased|reduced) by ([\d.,]+ ?(?:%|percent))", _two("{0} - {1}")),
    (r"(?:an? )?([\d.,]+ ?(?:%|percent)) increase (?:on|of|over|in) (.+)", _two("{0} + {1}", swap=True)),
    (r"(?:an? )?([\d.,]+ ?(?:%|percent)) (?:decrease|reduction) (?:on|of|in) (.+)", _two("{0} - {1}", swap=True)),
    (r"([\d.,]+ ?(?:%|percent)) off(?: of)? (.+)", _two("{0} - {1}", swap=True)),
    (r"(?:an? )?([\d.,]+ ?(?:%|percent)) (?:tip|sales tax|tax|vat) (?:on|of|for) (?:an? )?([$€£]?[\d.,]+)(?: bill| meal)?",
     _two("{0} of {1}")),
    (r"(.+?) is ([\d.,]+ ?(?:%|percent)) of what(?: number)?", _two("{0} / {1}")),
    (r"([\d.,]+ ?(?:%|percent)) of what(?: number)? is (.+)", _two("{0} / {1}", swap=True)),
    (rf"(.+?) as an? {_SHARE}", _single("{0} in %")),
    (r"(?:convert |express |write )?(.+?) (?:as|to|into|in) an? (?:percent|percentage)", _single("{0} in %")),
    (r"(?:convert |express |write )?(.+?) (?:as|to|into|in)(?: an?)? decimal(?: number)?", _single("{0} * 1")),
    (r"(?:convert |express |write )?(.+?) (?:as|to|into|in) an? (?:simplified )?fraction", _single("{0} in fraction")),
    (r"(?:simplify|reduce)(?: the fraction)? (\d+ ?/ ?\d+)(?: (?:to|in)(?: its)? (?:lowest|simplest) (?:terms|form))?",
     _single("{0} in fraction")),
    (r"round (.+?) to (.+)", _round),
    (r"(.+?) rounded to (.+)", _round),
    (r"(?:the )?remainder (?:when|if|of)(?: dividing)? (.+?)(?: is)? (?:divided )?by (.+)", _two("{0} mod {1}")),
    (r"(?:the )?(?:prime factors|prime factori[sz]ation) of (\d+)", _single("factors({1})")),
    (r"(?:factori[sz]e|prime factori[sz]e) (\d+)", _single("factors({1})")),
    (r"(?:convert )?(\d+) (?:in|to|into) (binary|hex|hexadecimal|octal)", _in_base),
    (r"subtract (.+?) from (.+)", _two("{0} - {1}", swap=True)),
    (r"(.+?) subtracted from (.+)", _two("{0} - {1}", swap=True)),
    (r"(?:add|addiere)(?: up)?(?: together)? (.+?)(?: together)?", _added),
    (r"multiply (.+?) (?:by|and|with) (.+)", _two("{0} * {1}")),
    (r"divide (.+?) by (.+)", _two("{0} / {1}")),
    (r"(\d{1,5}) choose (\d{1,5})", _two("comb({0}, {1})")),
    (r"(?:the )?(\d{1,2})(?:th|rd) root of (.+)", _two("root({0}, {1})", swap=True)),
    (r"(?:the )?log(?:arithm)? base (\d+) of (.+)", _two("log({0}, {1})", swap=True)),
    (r"convert (.+?) (?:to|into|in) (.+)", _convert),
    (r"how (?:many|much) ((?:square |cubic )?[a-zµ]+(?: per [a-z]+)?) (?:are |is |will |do )?(?:there )?(?:in|make up|make|is|are)"
     r" (.+)", _how_many),
    (r"wie viele? ([a-zµ]+) (?:sind|hat|haben|ergeben) (.+)", _how_many),
    (r"(.+?) (?:in|to|into) ((?:degrees )?(?:square |cubic )?[a-zµ°]+(?: ?(?:/|per) ?[a-z]+)?)", _convert),
)  # fmt: skip


def _compared(text: str, german: bool) -> str | None:
    found = re.fullmatch(r"is (.+?) ?(>=|<=|>|<) ?(.+)", text)
    if not found:
        return None
    left, right = _one(found.group(1), german), _one(found.group(3), german)
    return f"{left} {found.group(2)} {right}" if left and right else None


_FRAMES = tuple((re.compile(shape), build) for shape, build in _FRAME_ROWS)
