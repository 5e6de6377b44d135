"""Read a question that is wholly a calculation (English, simple German) as an expression of the calculator.

    read_calculation("What is 17% of 2,340?").text          17% of 2340
    read_calculation("Ann had 3 apples and ate 1. How many are left?")     None

Precision comes first: a question is read only if every content word is accounted for. A story is only where it
has one of the everyday forms (spoken_forms.py).
What this does not do: word problems, unknowns, anything that needs knowledge beyond units and the calendar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from tools.calculator import calculate
from tools.errors import CalculationRefused, NotAnExpression
from tools.numerals import plain_text
from tools.reading_chains import chain
from tools.reading_dates import date_question
from tools.reading_measures import measure_question
from tools.reading_numbers import number_question
from tools.reading_phrases import phrase
from tools.reading_spoken import decimal_comma, spoken
from tools.reading_texts import text_question
from tools.spoken_forms import spoken as spoken_request

MAX_QUESTION = 400

_POLITE = re.compile(
    r"(?:hi|hello|hey|hallo|ok|okay|so|and|now|please|bitte|quick question|thanks)[,!:.]? +"
    r"|(?:can|could|would|will) you (?:please )?(?:tell me|calculate|compute|work out|find|give me|figure out|help me)? *"
    r"|(?:please )?(?:tell me|do you know|i want to know|i need to know|i'd like to know|kannst du mir sagen),? +"
    r"|(?:was|wie) (?=was|wie)",
    re.IGNORECASE,
)
_ASK = re.compile(
    r"(?:what(?:'s| is| are| does| do| would)|whats|how much(?:'s| is| are| does| would)|what do you get (?:if you|when you|for)"
    r"|calculate|compute|evaluate|work out|find|solve|figure out|the (?:result|value|answer) (?:of|to)|give me)"
    r"(?: the (?:result|value|answer) (?:of|to))?:? +",
    re.IGNORECASE,
)
_ASK_GERMAN = re.compile(
    r"(?:was (?:ist|sind|ergibt|gibt|macht)|wie ?viel (?:ist|sind|ergibt|macht|gibt)|berechne|rechne(?: aus)?|wie groß ist)"
    r"(?: der| die| das)?:? +",
    re.IGNORECASE,
)
_GERMAN_HINT = re.compile(
    r"\b(?:was ist|wie ?viele?|berechne|ist \d+ eine|welcher|wurzel|zwischen|geteilt|größer)\b", re.IGNORECASE
)
_TAIL = re.compile(
    r"(?:,? ?(?:please|bitte|thanks|thank you|exactly|equal to(?: what)?|equals(?: what)?|is what|equal))+$",
    re.IGNORECASE,
)
#: Written like arithmetic, meant as something else.
_IDIOMS = re.compile(
    r"9/11|24/7|7-11|10-4|50[-/]50|20/20|4/20|7/7|4 ?x ?4|2 ?x ?4|4 ?x ?2|1-1|0-0|360|3-d|5/5|9-1-1", re.IGNORECASE
)
#: 4G, 5K, 3D are names; of glued capitals only temperatures and litres are units here.
_GLUED_CAPITAL = re.compile(r"\d[ABDEGHIJKM-Z]\b")
#: Mb are bits and MB bytes; small letters say neither when the question is brought to them.
_BITS = re.compile(r"\b[kKMGT]b\b|\b[KMGTkmgt]?bps\b")
_LOOKS_OTHER = re.compile(r"\d+(?:/\d+){1,2}|\d+(?:-\d+)+")


@dataclass(frozen=True, slots=True)
class Expression:
    """What code read: `text` in the calculator's language, and what was assumed while reading.

    `depends_on_today` marks a value that must not be reused another day.
    """

    text: str
    notes: tuple[str, ...] = field(default=())
    depends_on_today: bool = False


def read_calculation(question: str, *, today: date | None = None) -> Expression | None:
    """Return the expression that the whole question asks for, or None where code cannot be sure.

    Args:
        question: one question as a person typed it.
        today: the day that "today" means; the computer's calendar where None.
    """
    return _read(question, today or date.today()) or _in_a_form(question, today or date.today())


def _in_a_form(question: str, today: date) -> Expression | None:
    """A calculation said in one of the everyday forms ("I drive 180 km in 2.5 hours. What is my average speed?")."""
    said = spoken_request(question, today)
    if said is None or not said.calculation:
        return None
    return _confirmed(Expression(said.calculation, (), not said.lasting))


def _read(question: str, today: date) -> Expression | None:
    text = " ".join(question.split())
    if not text or len(text) > MAX_QUESTION or "\n" in question.strip():
        return None
    text = text.replace("’", "'").replace("‘", "'")
    german = bool(_GERMAN_HINT.search(text))
    text, asked = _unwrapped(text)
    if not text or (question.rstrip().endswith("!") and re.search(r"\d *[-+*/^x].*!$", text)):
        return None  # "5 + 3!": a factorial or an exclamation
    quoted = text_question(text)
    if quoted:
        return _confirmed(Expression(quoted))
    low = plain_text(text).lower()
    if _GLUED_CAPITAL.search(text):
        return None
    day = date_question(low, today)
    if day:
        return _confirmed(Expression(day.text, (day.note,) if day.note else (), day.today))
    if not _plainly_arithmetic(low, asked):
        return None
    # An English sentence around it makes a comma doubtful; bare arithmetic is read by its own marks.
    comma = decimal_comma(low) if not asked else False
    plain = spoken(low)
    if plain is None or comma is None or _BITS.search(text):
        return None
    german = german or comma
    expression = _comparison(plain, german) or phrase(plain, german=german) or chain(plain, german=german)
    expression = expression or measure_question(plain, german) or number_question(plain, german)
    if expression is None:
        return None
    return _confirmed(Expression(expression, _separator_notes(low, expression, german)))


_COMPARES = re.compile(r"\s*(<=|>=|!=|==|≤|≥|≠|<|>|=)\s*")


def _comparison(text: str, german: bool) -> str | None:
    """Two quantities with one sign between them ("9.9 < 9.11", "2 + 2 = 4"), or None."""
    sides = _COMPARES.split(text)
    if len(sides) != 3:
        return None
    left, right = (phrase(side, german=german, bare=True) for side in (sides[0], sides[2]))
    sign = {"≤": "<=", "≥": ">=", "≠": "!=", "==": "="}.get(sides[1], sides[1])
    return f"{left} {sign} {right}" if left and right else None


def _unwrapped(text: str) -> tuple[str, str]:
    """Take off politeness, the question words and the closing signs; say which question words were there."""
    for _ in range(4):
        found = _POLITE.match(text)
        if not found or not found.group():
            break
        text = text[found.end() :]
    text = re.sub(r"[\s?.]+$|(?<!\d)!+$|(?<=[?.]) *!+$", "", text)
    turned = re.fullmatch(r"what (?!is\b)(.*\d.*) (?:is|are|equals|makes?)", text, re.IGNORECASE)
    text = f"what is {turned.group(1)}" if turned else text
    text = re.sub(r" *= *(?:\?|_+|x)?$", "", text)
    text = re.sub(r"[\s?.]+$", "", text)
    text = _TAIL.sub("", text).rstrip(" ,?")
    asked = ""
    for _ in range(2):
        found = _ASK.match(text) or _ASK_GERMAN.match(text)
        if not found or _needs_question_word(text):
            break
        asked = found.group().strip().lower()
        text = text[found.end() :]
    return text.strip(), asked


def _needs_question_word(text: str) -> bool:
    """The frames "what is bigger", "what day is", "what percent of" keep their question word."""
    return bool(
        re.match(
            r"(?:what|which|was)(?:'s| is| ist)? (?:the )?(?:bigger|larger|greater|higher|more|smaller|less|lower|größer|kleiner"
            r"|biggest|largest|greatest|highest|smallest|lowest)\b(?! of| value| number| common| among)",
            text,
            re.IGNORECASE,
        )
    )


def _plainly_arithmetic(low: str, asked: str) -> bool:
    """Dates, scores, phone numbers and idioms look like arithmetic: 9/11, 7-11, 555-1234."""
    body = low.strip("() ")
    if _IDIOMS.fullmatch(body):
        return asked.startswith(("calculate", "compute", "evaluate", "how much", "berechne", "wie"))
    if not _LOOKS_OTHER.fullmatch(body):
        return True
    if asked.startswith(("calculate", "compute", "evaluate", "work out", "how much", "berechne", "rechne", "wie")):
        return True
    parts = [int(part) for part in re.split(r"[-/]", body) if len(part) < 20]
    if len(parts) != 2 or not asked:
        return False
    first, second = parts
    if "/" in body:
        return second == 0 or first != second and (first % second == 0 or first > 31 or second > 31)
    return first > second and first < 500


def _separator_notes(low: str, expression: str, german: bool) -> tuple[str, ...]:
    written = re.findall(r"\d+(?:[.,]\d+)+", low)
    changed = [one for one in written if one not in expression]
    return tuple(f"{one} is read in the German way" for one in changed) if german else ()


def _confirmed(expression: Expression) -> Expression | None:
    """The calculator must be able to read it; that it then refuses (1/0, too large) is an answer too."""
    try:
        calculate(expression.text)
    except NotAnExpression:
        return None
    except CalculationRefused:
        # An exchange rate or a year in days is for somebody else to answer; 1/0 is answered by the refusal.
        return None if re.search(r" (?:in|to) |[$€£¥]", expression.text) else expression
    return expression
