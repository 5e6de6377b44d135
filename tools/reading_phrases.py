"""Spoken arithmetic to the calculator's language: "twelve times 7.5" becomes "12 * 7.5", or None.

Every word must be accounted for: one word outside the vocabulary and nothing is read. Never computes.
"""

from __future__ import annotations

import re

from tools.errors import CalculationRefused
from tools.numerals import SCALES_EN, german_word_to_number, read_numeral, words_to_number
from tools.units import unit_named

_REWRITES = tuple(
    (re.compile(rf"(?<![^\s(]){shape}(?![^\s).,?!])"), text)
    for shape, text in (
        (r"(?:raised )?to the (\d{1,3})(?:st|nd|rd|th)(?: power)?", r"^ \1"),
        (r"(?:raised )?to the power(?: of)?|hoch", "^"),
        (r"to the (?:second|2nd) power|squared|zum quadrat", "^ 2"),
        (r"to the (?:third|3rd) power|cubed", "^ 3"),
        (r"multiplied by|multiplied with|times|mal", "*"),
        (r"divided by|geteilt durch|durch", "/"),
        (r"plus|added to|und(?= \d)", "+"),
        (r"minus|take away", "-"),
        (r"modulo|mod", "mod"),
        (r"percent|per cent|prozent|pct", "%"),
        (r"von", "of"),
        (r"(?:a |one |1 )?half of|(?:die )?hälfte of", "(1/2) of"),
        (r"(?:a |one )?third of|(?:ein )?drittel of", "(1/3) of"),
        (r"two thirds of|two-thirds of", "(2/3) of"),
        (r"(?:a |one )?(?:quarter|fourth) of|(?:ein )?viertel of", "(1/4) of"),
        (r"three (?:quarters|fourths) of|three-(?:quarters|fourths) of", "(3/4) of"),
        (r"(?:a |one )?fifth of", "(1/5) of"),
        (r"(?:a |one )?tenth of", "(1/10) of"),
        (r"twice|double|two times", "2 *"),
        (r"triple|thrice", "3 *"),
        (r"(?:the )?(?:square root|quadratwurzel|wurzel) (?:of|aus)", "@sqrt"),
        (r"(?:the )?(?:cube root|cubic root) of", "@cbrt"),
        (r"(?:the )?factorial of", "@factorial"),
        (r"(?:the )?absolute value of", "@abs"),
        (r"(?:the )?square of", "@square"),
        (r"(?:the )?cube of", "@cube"),
        (r"(?:the )?natural log(?:arithm)? of|ln of", "@ln"),
        (r"(?:the )?log(?:arithm)? base 2 of|log2 of", "@log2"),
        (r"(?:the )?log(?:arithm)? base 10 of|log10 of", "@log10"),
        (r"(?:the )?sine? of", "@sin"),
        (r"(?:the )?cos(?:ine)? of", "@cos"),
        (r"(?:the )?tan(?:gent)? of", "@tan"),
        (r"factorial", "!"),
        (r"negative(?= \d)", "-"),
        (r"(\d+) and a half", r"(\1+1/2)"),
        (r"(\d+) and a quarter", r"(\1+1/4)"),
        (r"(?:degrees? |° ?)(?:celsius|c)|celsius", "°C"),
        (r"(?:degrees? |° ?)(?:fahrenheit|f)|fahrenheit", "°F"),
        (r"fluid ounces?|fl\.? oz\.?", "floz"),
        (r"nautical miles?", "nmi"),
        (r"light[ -]years?", "ly"),
        (r"metric tons?|tonnes?|metric tonnes?", "tonne"),
        (r"(?:an?|one) (?=[a-zµ]+$)", "1 "),
    )
)
_GLUED_TEMPERATURE = re.compile(r"(?<=\d) ?°?([cf])(?![a-z])")
_PERCENT_SIGN = re.compile(r"(?<=\d) ?%")
_TOKEN = re.compile(r"@[a-z0-9]+|°[CF]?|[a-zà-ÿµ]+(?:-[a-zà-ÿ]+)*|\*\*|//|<=|>=|[-+*/^%!()$€£¥]")
_NUMBER_WORD = re.compile(r"(?:[a-zà-ÿ]+)(?:-[a-zà-ÿ]+)*")
_FUNCTIONS = {
    "sqrt",
    "cbrt",
    "abs",
    "round",
    "floor",
    "ceil",
    "ln",
    "log2",
    "log10",
    "exp",
    "sin",
    "cos",
    "tan",
    "gcd",
    "lcm",
}
_FUNCTIONS |= {"max", "min", "factorial"}
_BINARY = {"+", "-", "*", "/", "//", "^", "**", "mod", "of"}


def phrase(text: str, *, german: bool = False, bare: bool = False) -> str | None:
    """Return the expression that the whole (lower case) text says, or None.

    Args:
        text: words, numbers and signs, such as "17% of 2,340".
        german: decimal comma, dots group thousands, German number words.
        bare: also accept a lone number or quantity, for the parts of a larger frame.
    """
    text = _rewritten(text)
    try:
        parts = _parts(text, german)
    except CalculationRefused:
        return None
    if parts is None or not parts or not _well_formed(parts):
        return None
    joined = _functions_applied(parts)
    if joined is None or not any(part[:1].isdigit() or part[:1] == "." for part in parts):
        return None
    operates = any(part in _BINARY or part == "!" or part.startswith("@") or part in ("to", "in") for part in parts[1:])
    operates = operates or parts[0].startswith("@") or parts[0] in _FUNCTIONS
    return joined if operates or bare else None


def items(text: str, *, german: bool = False) -> list[str] | None:
    """Return the expressions of a list ("3, 1 and 2", "9.9 or 9.11"), or None.

    "3,1,2" is a list; "1,234" alone may be one number, so it is not read as one.
    """
    text = re.sub(r"\s+(?:and|or|und|oder|&)\s+", " ; ", text.strip(" :"))
    text = re.sub(r"[,;]\s*;\s*|[,;]\s+|\s;\s?", ";", text)
    parts = text.split(";")
    if len(parts) == 1 and "," in text and not german:
        parts = text.split(",")
        if all(len(part.strip()) == 3 for part in parts[1:]) and len(parts[0]) <= 3:
            return None
    if len(parts) == 1 and re.fullmatch(r"-?\d+(?:\.\d+)?(?: -?\d+(?:\.\d+)?)+", text):
        parts = text.split()
        if all(re.fullmatch(r"\d{3}", part) for part in parts[1:]):
            return None
    read = [phrase(part.strip(), german=german, bare=True) for part in parts]
    found = [one for one in read if one]
    return found if len(found) == len(parts) >= 2 else None


def _rewritten(text: str) -> str:
    text = _GLUED_TEMPERATURE.sub(lambda found: " °" + found.group(1).upper(), text)
    text = re.sub(r"(?<=°[CF] )(in|to|into) ([cf])$", lambda found: f"in °{found.group(2).upper()}", text)
    text = _PERCENT_SIGN.sub(" %", text)
    text = re.sub(r"\s+", " ", text).strip()
    # "the difference", "the number 12": an article before a number word of the vocabulary carries nothing.
    text = re.sub(r"\bthe number (?=\d)", "", text)
    for shape, replacement in _REWRITES:
        text = shape.sub(replacement, text)
    return re.sub(r"\s+", " ", text).strip()


def _parts(text: str, german: bool) -> list[str] | None:
    """Split into canonical parts; None where a word is unknown."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        numeral = read_numeral(text, at, german=german)
        if numeral and not (parts and parts[-1][:1].isdigit()):
            if numeral.note and not german and "." not in numeral.note.split(" read")[0] and _doubtful(numeral.note):
                return None
            parts.append(_canonical(text[at : at + numeral.length], numeral.note))
            at += numeral.length
            continue
        found = _TOKEN.match(text, at)
        if not found:
            return None
        length, part = _word(text, at, found.group(), parts, german)
        if not part:
            return None
        parts.append(part)
        at += length
    return parts


def _doubtful(note: str) -> bool:
    """An English sentence with a decimal comma ("12,5") may as well hold a list: not read."""
    written = note.split(" read as ")[0]
    return re.fullmatch(r"\d{1,3}(,\d{3})+", written) is None and "," in written


def _canonical(written: str, note: str) -> str:
    return note.split(" read as ")[1] if " read as " in note else written


def _word(text: str, at: int, token: str, parts: list[str], german: bool) -> tuple[int, str]:
    """Return the length taken and the canonical part; the part is empty where the word is unknown."""
    before = parts[-1] if parts else ""
    if token.startswith("@") or not token[0].isalpha() and token[0] not in "°µ":
        return len(token), token
    if token == "x" and before[:1].isdigit():
        return 1, "*"
    if token in ("of", "mod"):
        return len(token), token
    after_amount = before[:1].isdigit() or before == ")"
    unit = _unit(token) if after_amount or before in ("to", "in", "per", "/", "square", "cubic") else None
    if token in ("to", "in", "into") and (_is_unit_part(before) or (token == "in" and before[:1].isdigit())):
        return len(token), "to" if token == "into" else token
    if token in ("square", "cubic", "per") and (after_amount or before in ("to", "in") or _is_unit_part(before)):
        return len(token), token
    if unit:
        return len(token), unit
    if _is_unit_part(before) and before not in ("to", "in") and before not in _BINARY and _unit(token):
        return 0, ""
    length, value = _number_words(text, at, german)
    if length and not before[:1].isdigit():
        return length, str(value)
    if token in SCALES_EN and before[:1].isdigit() and token != "hundred":
        return len(token), token
    if token in _FUNCTIONS and text[at + len(token) : at + len(token) + 1] == "(":
        return len(token), token
    if token in ("pi",):
        return len(token), token
    return 0, ""


def _unit(token: str) -> str | None:
    try:
        unit = unit_named(token)
    except CalculationRefused:
        return None
    # The inch's symbol is also the word that asks for a conversion.
    return None if unit is None else "inches" if unit.symbol == "in" else unit.symbol


def _is_unit_part(part: str) -> bool:
    return part in ("square", "cubic", "per", "to", "in") or bool(part) and _unit(part) is not None


def _number_words(text: str, at: int, german: bool) -> tuple[int, int]:
    """Return how many characters from `at` spell a number, the longest run, and the number."""
    words: list[tuple[int, str]] = []
    place = at
    while place < len(text) and len(words) < 14:
        found = _NUMBER_WORD.match(text, place)
        if not found:
            break
        words.append((found.end(), found.group()))
        place = found.end() + 1 if text[found.end() : found.end() + 1] == " " else len(text)
    if german and words:
        value = german_word_to_number(words[0][1])
        return (words[0][0] - at, value) if value is not None else (0, 0)
    for count in range(len(words), 0, -1):
        spelled = words_to_number([word for _, word in words[:count]])
        if spelled is not None:
            return words[count - 1][0] - at, spelled
    return 0, 0


def _well_formed(parts: list[str]) -> bool:
    """Refuse what reads two ways: "of" without a share before it, adjacent numbers."""
    for index, part in enumerate(parts):
        before = parts[index - 1] if index else ""
        if part == "of" and not (before == "%" or before == ")" or (index >= 2 and parts[index - 2] == "/")):
            return False
        if part[:1].isdigit() and (before[:1].isdigit() or before in (")", "%", "!")):
            if not (index >= 2 and _unit(before)):
                return False
    return True


def _functions_applied(parts: list[str]) -> str | None:
    """Write "@sqrt 16" as sqrt(16). The operand must end the phrase: "the root of 16 plus 9" reads two ways."""
    for index, part in enumerate(parts):
        if part.startswith("@"):
            operand = parts[index + 1 :]
            signed = operand[1:] if operand[:1] == ["-"] else operand
            simple = len(signed) == 1 or (len(signed) == 2 and bool(_unit(signed[1]) or signed[1] == "%"))
            enclosed = signed[:1] == ["("] and signed.count("(") == 1 and signed[-1] == ")"
            if not (simple or enclosed):
                return None
            body, name = _joined(operand), part[1:]
            if name in ("square", "cube"):
                call = f"({body})^{2 if name == 'square' else 3}"
            else:
                call = f"{name}({body})"
            return (_joined(parts[:index]) + " " + call).strip()
    return _joined(parts)


def _joined(parts: list[str]) -> str:
    text = " ".join("/" if part == "per" else part for part in parts)
    text = re.sub(r"\( ", "(", re.sub(r" \)", ")", text))
    text = re.sub(r"(?<=[\w).]) (?=[%!])", "", text)
    text = re.sub(r"(?<=[a-zL]) / (?=[a-z])", "/", text)
    text = re.sub(r"([$€£¥]) (?=\d)", r"\1", text)
    text = re.sub(r"(^|[-+*/^(] |\()- (?=\d)", r"\1-", text)
    return re.sub(r"\b(" + "|".join(sorted(_FUNCTIONS)) + r") \(", r"\1(", text)
