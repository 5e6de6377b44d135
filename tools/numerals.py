"""Numbers as people write them: any script's digits, thousands separators, number words in English and German.

Whoever reads a separator two ways gets a `note` that says which way was taken, or a refusal. Knows no operators.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from tools.errors import CalculationRefused

MAX_LITERAL_DIGITS = 1_000
MAX_EXPONENT = 9_999

_SPACE = "[ \u00a0\u2009\u202f]"
_US = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_EU = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")
_EU_SINGLE = re.compile(r"\d{1,3}\.\d{3}(?!\d)")
_SPACED = re.compile(rf"\d{{1,3}}(?:{_SPACE}\d{{3}})+(?:[.,]\d+)?(?!\d)")
_MARKED = re.compile(r"\d{1,3}(?:['’_]\d{3})+(?:\.\d+)?")
_COMMA = re.compile(r"\d+,\d+")
_PLAIN = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+(?![A-Za-z]))?")
_OTHER_BASE = re.compile(r"0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+")

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_VULGAR = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5"}
_VULGAR |= {"⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8"}
_OPERATORS = str.maketrans({"×": "*", "·": "*", "∙": "*", "⋅": "*", "÷": "/", "∕": "/", "⁄": "/", "−": "-", "–": "-"})
_MORE_OPERATORS = str.maketrans({"≥": ">=", "≤": "<=", "≠": "!=", "√": " sqrt ", "π": " pi ", "٫": ".", "٬": ","})

UNITS_EN = dict(zip("zero one two three four five six seven eight nine ten".split(), range(11)))
UNITS_EN |= dict(
    zip("eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), range(11, 20))
)
TENS_EN = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10))) | {
    "fourty": 40
}
SCALES_EN = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
UNITS_DE = {
    "null": 0,
    "ein": 1,
    "eins": 1,
    "eine": 1,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
}
UNITS_DE |= {"acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15}
UNITS_DE |= {"sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19}
TENS_DE = {"zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70}
TENS_DE |= {"achtzig": 80, "neunzig": 90}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number found at the start of a text: its value, how many characters it took, how it was read."""

    value: Fraction
    length: int
    note: str = ""


def plain_text(text: str) -> str:
    """Bring other scripts' digits, full-width forms, superscripts, vulgar fractions and signs to ASCII."""
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda found: "^" + found.group().translate(_SUPERSCRIPTS), text)
    text = re.sub(rf"(?<![\d.,])(\d{{0,9}}){_SPACE}?([{''.join(_VULGAR)}])", _vulgar, text)
    text = text.translate(_OPERATORS).translate(_MORE_OPERATORS)
    # NFKC would turn the no-break space, which may group digits, into a plain one: both group here.
    return "".join(_ascii_digit(one) for one in unicodedata.normalize("NFKC", text))


def _vulgar(found: re.Match[str]) -> str:
    whole, form = found.group(1), _VULGAR[found.group(2)]
    return f"({whole}+{form})" if whole else f"({form})"  # "2½" is two and a half


def _ascii_digit(one: str) -> str:
    return str(unicodedata.decimal(one)) if one.isdecimal() else one


def read_numeral(text: str, start: int = 0, *, in_call: bool = False, german: bool = False) -> Numeral | None:
    """Read the number that begins at `start` of plain ASCII text, or None where none begins.

    Args:
        text: text from `plain_text`.
        start: where to look.
        in_call: between the parentheses of a function, where a comma separates arguments.
        german: one dot before three digits groups thousands, as in "2.340".

    Raises:
        CalculationRefused: it could be read two ways, or has too many digits.
    """
    other = _OTHER_BASE.match(text, start)
    if other:
        _check_length(other.group())
        return Numeral(Fraction(int(other.group(), 0)), other.end() - start)
    found, value_text, note = _match(text, start, in_call, german)
    if found is None:
        return None
    end = found.end()
    after = text[end : end + 2]
    if after[:1].isdigit() or (after[:1] == "." and after[1:2].isdigit()):
        raise CalculationRefused(f"{text[start : end + 8]!r} is not a number I can read for sure; write it as 1234.5.")
    if after[:1] == "," and after[1:2].isdigit() and not in_call:
        raise CalculationRefused(f"{text[start : end + 8]!r} can be read in two ways; write it as 1234.5.")
    _check_length(value_text)
    return Numeral(Fraction(value_text), end - start, note)


def _match(text: str, start: int, in_call: bool, german: bool) -> tuple[re.Match[str] | None, str, str]:
    """Return the match, the number in plain form, and a note where a separator was interpreted."""
    for shape, group, decimal in ((_EU, ".", ","), (_MARKED, "'’_", "."), (_SPACED, " \u00a0\u2009\u202f", ",")):
        found = shape.match(text, start)
        if found and not (in_call and decimal == "," and "," in found.group()):
            return _grouped(found, group, decimal)
    found = _EU_SINGLE.match(text, start) if german else None
    if found and not found.group().startswith("0"):
        return _grouped(found, ".", ",")
    found = _US.match(text, start)
    if found and not found.group().startswith("0,"):
        if in_call:
            raise CalculationRefused(
                f"{found.group()!r} can be one number or several arguments; write a space after a separating comma."
            )
        return _grouped(found, ",", ".")
    found = None if in_call else _COMMA.match(text, start)
    if found:
        return _grouped(found, "", ",")
    found = _PLAIN.match(text, start)
    return found, found.group() if found else "", ""


def _grouped(found: re.Match[str], group: str, decimal: str) -> tuple[re.Match[str], str, str]:
    plain = found.group()
    for mark in group:
        plain = plain.replace(mark, "")
    plain = plain.replace(decimal, ".")
    return found, plain, f"{found.group()} read as {plain}"


def _check_length(literal: str) -> None:
    mantissa, _, exponent = (
        literal.lower().partition("e") if not literal.lower().startswith("0x") else (literal, "", "")
    )
    if len(mantissa) > MAX_LITERAL_DIGITS:
        raise CalculationRefused(
            f"A number of {len(mantissa)} digits is too long; at most {MAX_LITERAL_DIGITS} are read."
        )
    if exponent and (len(exponent) > 6 or abs(int(exponent)) > MAX_EXPONENT):
        raise CalculationRefused(f"The exponent of {literal!r} is too large; at most {MAX_EXPONENT} is computed.")


def words_to_number(words: list[str]) -> int | None:
    """Return the whole number that all `words` (lower case) spell in English, or None.

    "twenty-three" may come as one word; "and" is allowed after hundred and thousand only; "a hundred" is 100.
    """
    parts = [part for word in words for part in word.split("-")]
    if len(parts) > 1 and parts[0] in ("a", "an") and parts[1] in SCALES_EN:
        parts[0] = "one"
    total, current, last = 0, -1, ""
    for index, word in enumerate(parts):
        fresh = last in ("", "and") or last in SCALES_EN
        if word == "and":
            if last not in SCALES_EN or index == len(parts) - 1:
                return None
        elif word in SCALES_EN:
            if not _scale_fits(word, current, total, last):
                return None
            total, current = (total, current * 100) if word == "hundred" else (total + current * SCALES_EN[word], 0)
        else:
            value = UNITS_EN.get(word, TENS_EN.get(word))
            if value is None or not (fresh or (last in TENS_EN and 0 < value < 10)):
                return None
            current = max(current, 0) + value
        last = word
    return None if current < 0 and total == 0 else total + max(current, 0)


def _scale_fits(word: str, current: int, total: int, last: str) -> bool:
    """A scale multiplies what stands directly before it, and scales fall: a million, then thousands."""
    if word == "hundred":
        return 0 < current < 100 and last not in SCALES_EN
    return current > 0 and (total == 0 or total >= SCALES_EN[word])


def german_word_to_number(word: str) -> int | None:
    """Return the whole number below a million that one German word (lower case) spells, or None."""
    if word in UNITS_DE or word in TENS_DE:
        return UNITS_DE.get(word, TENS_DE.get(word))
    for mark, size in (("tausend", 1000), ("hundert", 100)):
        if mark in word:
            before, after = word.split(mark, 1)
            left = german_word_to_number(before) if before else 1
            right = german_word_to_number(after.removeprefix("und")) if after else 0
            return None if left is None or right is None or right >= size else left * size + right
    for tens, value in TENS_DE.items():
        if word.endswith("und" + tens):
            unit = UNITS_DE.get(word.removesuffix("und" + tens))
            return None if unit is None or not 0 < unit < 10 else value + unit
    return None
