"""What code can say about a program's answer without running it: numbers left unused or invented, implausible values.

Reads the program's tokens only (no syntax tree: a hostile program can exhaust a parser). Each check returns findings;
none of them proves an answer right, and a finding is a reason to look again, not a proof of error.
"""

from __future__ import annotations

import io
import math
import re
import tokenize
from fractions import Fraction

from tools.errors import CalculationRefused
from tools.numerals import SCALES_EN, TENS_EN, UNITS_EN, plain_text, read_numeral, words_to_number

MAX_TEXT = 20_000
#: Constants of units and of counting that a program may bring along: minutes, days, dozens, percent, halves.
COMMON = frozenset(
    Fraction(one)
    for one in "0 1 2 3 4 7 10 12 16 24 28 30 31 36 52 60 90 100 180 360 365 366 1000 3600 1440 1760 5280 0.5 0.25 0.01".split()
)
_WORD_NUMBERS = {
    "half": Fraction(1, 2),
    "twice": Fraction(2),
    "double": Fraction(2),
    "triple": Fraction(3),
    "dozen": Fraction(12),
}
_WORD_NUMBERS |= {"third": Fraction(1, 3), "quarter": Fraction(1, 4), "pair": Fraction(2), "couple": Fraction(2)}
_LABEL = re.compile(r"(?:^|\s)(?:\(?[a-hA-H0-9]\)|step \d+|question \d+)", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_COUNTED = re.compile(r"\bhow many (?:more |fewer |other |different |total |of )*([a-z]+(?: [a-z]+)?)", re.IGNORECASE)
_OLD_THINGS = (
    r"tree|house|building|city|town|castle|bridge|church|company|country|planet|rock|wine|painting|book|universe"
)
_DIVISIBLE = frozenset(
    "hours hour minutes seconds days weeks months years miles kilometers kilometres meters metres feet inches pounds "
    "kilograms grams ounces liters litres gallons cups dollars cents euros percent degrees tons units acres".split()
)


def question_numbers(question: str) -> frozenset[Fraction]:
    """Return the numbers of a question, in figures, in words, and as halves or dozens."""
    text = plain_text(question[:MAX_TEXT])
    found: set[Fraction] = set()
    for match in _NUMBER.finditer(_LABEL.sub(" ", text)):
        try:
            numeral = read_numeral(match.group().rstrip(","), 0)
        except CalculationRefused:
            continue  # a number that reads two ways is nobody's evidence
        if numeral:
            found.add(numeral.value)
    found.update(_spelled(text.lower()))
    return frozenset(found)


def _spelled(text: str) -> set[Fraction]:
    words = re.findall(r"[a-z]+(?:-[a-z]+)*", text)
    found = {_WORD_NUMBERS[word.rstrip("s")] for word in words if word.rstrip("s") in _WORD_NUMBERS}
    run: list[str] = []
    for word in [*words, ""]:
        parts = word.split("-")
        if word and all(part in UNITS_EN or part in TENS_EN or part in SCALES_EN for part in parts):
            run.append(word)
            continue
        value = words_to_number(run) if run else None
        # "one" is mostly a pronoun ("one of them", "each one").
        if value is not None and value != 1:
            found.add(Fraction(value))
        run = []
    return found


def constants(code: str) -> frozenset[Fraction]:
    """Return the numbers written in a program, comments and texts left out."""
    found: set[Fraction] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(code[:MAX_TEXT]).readline):
            if token.type == tokenize.NUMBER:
                plain = token.string.replace("_", "").lower()
                if re.fullmatch(r"(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?", plain) and len(plain) < 40:
                    found.add(Fraction(plain))
    except (tokenize.TokenError, SyntaxError):
        return frozenset(found)  # what came before the broken line still counts
    return frozenset(found)


def _matches(number: Fraction, others: frozenset[Fraction]) -> bool:
    """Whether a number stands among others, as itself, as a percentage of it, or as one more or less by percent."""
    forms = {number, number / 100, number * 100, 1 + number / 100, 1 - number / 100, 1 - number, 1 + number}
    if number:
        forms |= {1 / number}
    return bool(forms & others)


def unused_numbers(question: str, code: str) -> frozenset[Fraction]:
    """Return the numbers of the question that the program never uses."""
    used = constants(code)
    return frozenset(one for one in question_numbers(question) if not _matches(one, used))


def invented_numbers(question: str, code: str) -> frozenset[Fraction]:
    """Return the program's numbers that neither the question nor common units explain."""
    given = question_numbers(question)
    known = given | COMMON
    sums = {a - b for a in given for b in (Fraction(1),)} | {a + 1 for a in given}
    return frozenset(one for one in constants(code) if one not in sums and not _matches(one, known))


def implausible(question: str, value: object) -> tuple[str, ...]:
    """Return sentences on what makes the answer to this question implausible; empty where nothing does.

    Args:
        question: the person's question.
        value: the program's value, as `ProgramResult.value`.
    """
    low = question.lower()
    findings: list[str] = []
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        if re.search(r"\bhow (?:many|much)\b", low) and not isinstance(value, (int, float)):
            findings.append("The question asks for a number and the program gave none.")
        return tuple(findings)
    counted = _COUNTED.search(low)
    words = counted.group(1).split() if counted else []
    if (counted or re.search(r"\bhow (?:much|old|long|far|tall|heavy|fast)\b", low)) and value < 0:
        if not re.search(r"temperature|degrees|balance|profit|loss|change|difference|debt", low):
            findings.append(f"The answer {value:g} is negative, and the question asks for an amount.")
    # A count of things is whole; hours or dollars need not be, nor an average.
    if (
        counted
        and words
        and not (set(words) & _DIVISIBLE)
        and not re.search(r"average|mean|per |each .* on average|times as", low)
    ):
        if abs(value - round(value)) > 1e-9:
            findings.append(f"The answer {value:g} is not a whole number, and the question counts {words[0]}.")
    if re.search(r"\bprobability\b|\bchance\b", low) and not re.search(r"percent|%", low) and not 0 <= value <= 1:
        findings.append(f"The answer {value:g} is not between 0 and 1, and the question asks for a probability.")
    return (*findings, *_out_of_range(low, value))


def _out_of_range(low: str, value: int | float) -> list[str]:
    """Sentences on an answer that lies outside what its question allows."""
    findings: list[str] = []
    share = re.search(r"what (percent|percentage|fraction|proportion) of (?:the |his |her |their |all )", low)
    if share and value < 0:
        findings.append(f"A share of {value:g} is negative.")
    elif share and value > (100 if share.group(1).startswith("percent") else 1):
        findings.append(f"A share of {value:g} is more than the whole.")
    if re.search(r"\bhow old (?:is|was|are|will)\b", low) and value > 150 and not re.search(_OLD_THINGS, low):
        findings.append(f"Nobody is {value:g} years old.")
    left = re.search(r"\bhow (?:many|much)\b[^?]*\b(?:left|remain|remaining|still)\b", low)
    given = question_numbers(low)
    # Three boxes of 24 pencils can leave 70; more than the product of all that is told cannot be left.
    if left and given and value > math.prod(max(one, Fraction(1)) for one in given) + sum(given):
        findings.append(f"The answer {value:g} is more than all that the question tells of.")
    return findings
