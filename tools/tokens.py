"""Text to the calculator's tokens: numbers, names, strings, dates, clock times, operators. Never evaluates.

Limits on length, tokens and nesting stand here, before anything is computed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from tools.errors import CalculationRefused, NotAnExpression
from tools.numerals import plain_text, read_numeral

MAX_CHARACTERS = 2_000
MAX_TOKENS = 600
MAX_NESTING = 50

MONTHS = {}
for _number, _names in enumerate(
    "january jan januar|february feb februar|march mar märz|april apr|may mai|june jun juni|july jul juli|august aug|"
    "september sep sept|october oct oktober|november nov|december dec dezember".split("|"),
    start=1,
):
    MONTHS.update(dict.fromkeys(_names.split(), _number))

_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")(?![^\W\d_])\.?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)?[ -]({_MONTH}),?[ -](\d{{4}})(?!\d)", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})(?!\d)", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?![\d:])(?: ?([ap])\.?m\b\.?)?", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2}) ?([ap])\.?m\b\.?", re.IGNORECASE)
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAME = re.compile(r"°[CF]?|[$€£¥]|[^\W\d_](?:[^\W_]|_(?=[^\W_]))*")
_OPERATOR = re.compile(r"\*\*|//|<=|>=|==|!=|<>|[-+*/^%!()<>=,;]")
_SPACE = re.compile(r"\s+")

Kind = Literal["number", "name", "string", "date", "clock", "op", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `number` is set for numbers, `day` for dates; a clock's `number` is seconds after midnight."""

    kind: Kind
    text: str
    number: Fraction = Fraction(0)
    day: date | None = None
    spaced: bool = False


def read_date(found: re.Match[str], order: str) -> date:
    """Return the date of a match whose groups stand in `order` (letters y, m, d).

    Raises:
        CalculationRefused: there is no such day.
    """
    parts = dict(zip(order, found.groups()))
    month_text = parts["m"].lower().rstrip(".")
    month = MONTHS[month_text] if month_text in MONTHS else int(month_text)
    try:
        return date(int(parts["y"]), month, int(parts["d"]))
    except ValueError as error:
        raise CalculationRefused(f"There is no day {found.group()!r} in the calendar.") from error


def date_at(text: str, start: int = 0) -> tuple[date, int] | None:
    """Read a date written with the month's name, or as YYYY-MM-DD, and how many characters it took."""
    for shape, order in ((_DAY_FIRST, "dmy"), (_MONTH_FIRST, "mdy"), (_ISO, "ymd")):
        found = shape.match(text, start)
        if found:
            return read_date(found, order), found.end() - start
    return None


def clock_at(text: str, start: int = 0) -> tuple[int, int] | None:
    """Read a time of day ("9:40", "1:15 pm", "9 am"): seconds after midnight, and the characters it took."""
    found = _CLOCK.match(text, start)
    if found:
        hour, minute, second = (int(part or 0) for part in found.groups()[:3])
        half = found.group(4)
    else:
        found = _HOUR.match(text, start)
        if not found:
            return None
        hour, minute, second, half = int(found.group(1)), 0, 0, found.group(2)
    if half and not 1 <= hour <= 12:
        raise CalculationRefused(f"{found.group()!r} is not a time of day.")
    if half:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        raise CalculationRefused(f"{found.group()!r} is not a time of day.")
    return hour * 3600 + minute * 60 + second, found.end() - start


def tokenize(text: str) -> tuple[list[Token], list[str]]:
    """Return the tokens, ended by one of kind "end", and notes on how separators were read.

    Raises:
        NotAnExpression: a character or number does not belong to the language.
        CalculationRefused: too long, too deeply nested, or a number that reads two ways.
    """
    if len(text) > MAX_CHARACTERS:
        raise CalculationRefused(f"The expression has {len(text)} characters; at most {MAX_CHARACTERS} are read.")
    text = plain_text(text).strip()
    tokens: list[Token] = []
    notes: list[str] = []
    calls: list[bool] = []
    at, spaced = 0, False
    while at < len(text):
        space = _SPACE.match(text, at)
        if space:
            at, spaced = space.end(), True
            continue
        token, length, note = _token(text, at, spaced, any(calls))
        if note:
            notes.append(note)
        _track_calls(token, tokens, calls)
        tokens.append(token)
        if len(tokens) > MAX_TOKENS:
            raise CalculationRefused(f"The expression has more than {MAX_TOKENS} parts; split it.")
        at, spaced = at + length, False
    tokens.append(Token("end", ""))
    return tokens, notes


def _track_calls(token: Token, before: list[Token], calls: list[bool]) -> None:
    """Remember for each open parenthesis whether it belongs to a function, where commas separate arguments."""
    if token.kind == "op" and token.text == "(":
        calls.append(bool(before) and before[-1].kind == "name")
        if len(calls) > MAX_NESTING:
            raise CalculationRefused(f"More than {MAX_NESTING} nested parentheses; split the expression.")
    elif token.kind == "op" and token.text == ")" and calls:
        calls.pop()


def _token(text: str, at: int, spaced: bool, in_call: bool) -> tuple[Token, int, str]:
    day = date_at(text, at)
    if day:
        _refuse_subtraction(text[at : at + day[1]])
        return Token("date", text[at : at + day[1]], day=day[0], spaced=spaced), day[1], ""
    clock = clock_at(text, at)
    if clock:
        return Token("clock", text[at : at + clock[1]], Fraction(clock[0]), spaced=spaced), clock[1], ""
    numeral = read_numeral(text, at, in_call=in_call)
    if numeral:
        token = Token("number", text[at : at + numeral.length], numeral.value, spaced=spaced)
        return token, numeral.length, numeral.note
    for kind, shape in (("string", _STRING), ("name", _NAME), ("op", _OPERATOR)):
        found = shape.match(text, at)
        if found:
            body = found.group()[1:-1] if kind == "string" else found.group()
            return Token(kind, body, spaced=spaced), found.end() - at, ""  # type: ignore[arg-type]
    raise NotAnExpression(f"{text[at : at + 12]!r} cannot be read as part of a calculation.")


def _refuse_subtraction(literal: str) -> None:
    """2024-03-05 has leading zeros and is a date; 2000-10-12 may as well be a subtraction."""
    if _ISO.fullmatch(literal) and "-0" not in literal:
        raise CalculationRefused(
            f"{literal!r} can be a date or a subtraction; write date(2000, 10, 12), or spaces around the minus signs."
        )
