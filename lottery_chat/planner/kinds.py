"""Whether an answer can be of the kind that a question asks for: a time, a number, a town. Doubt by code, no model.

Source: the type check of extractive readers (paper.md 3.3: code decides what it can). It refuses only what cannot be:
"when" answered without any word of time, "how many" without any amount, a town by the name of a people.
"""

from __future__ import annotations

import re

from knowledge.asking import asked_for, of_kind

_TIME = re.compile(
    r"\d|\b(?:day|days|night|morning|noon|midnight|evening|dawn|dusk|week|month|year|century|decade|age|ages|era|season|spring|summer"
    r"|autumn|fall|winter|war|reign|before|after|during|until|till|since|early|late|later|today|tomorrow|yesterday|now|always|never"
    r"|daily|weekly|monthly|yearly|annual|annually|once|then|christmas|easter|holidays?|period|childhood|youth|birth|death|end|beginning"
    r"|start|while|as soon as|immediately|at once|when|hour|minute|second|quarter|antiquity|upon|on|by|following|every)s?\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\d|\b(?:none|no|zero|several|many|few|fewer|some|all|both|each|every|half|couple|pair|single|dozens?|hundreds?|thousands?|millions?"
    r"|billions?|majority|most|a|an|once|twice|forever|indefinite|indefinitely|permanent|permanently|until|life|lifetime|unlimited|free)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"^\W*(?:and |so )?when\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b", re.IGNORECASE)
#: "When the war ended, what …?" asks for something else.
_OTHER = re.compile(r",\s*(?:in |at |of |to )?(?:what|who|whom|whose|which|how|where|why)\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\bhow (?:many|much|old|tall|far|high|deep|heavy)\b", re.IGNORECASE)
_TOWN = re.compile(r"\b(?:what|which) (?:city|town|country|village|capital|state|county|province)\b", re.IGNORECASE)
_PEOPLE = re.compile(r"[A-Z]\w+(?:ians?|eans?|ese|ish)")


def unfit(question: str, answer: str, sentence: str = "") -> str:
    """Why the answer cannot be what is asked for, in words; empty where it may be. `sentence` is where it stands."""
    if _label(answer, sentence):
        return "the words found only number their sentence"
    if unit := _other_unit(question, sentence):
        return f"{unit} are asked for, and the sentence speaks of none"
    if answer.count('"') % 2 or "\n" in answer:
        return "the answer is cut out of a quotation"
    if _WHEN.search(question) and not _OTHER.search(question) and not (_TIME.search(answer) or of_kind(answer, "date")):
        return "a time is asked for, and the words found say none"
    if _HOW_MANY.search(question) and not (_AMOUNT.search(answer) or of_kind(answer, "number")):
        return "an amount is asked for, and the words found say none"
    if _TOWN.search(question) and (_PEOPLE.fullmatch(answer) or ":" in answer or not re.search(r"[^\W\d_]", answer)):
        return "a place is asked for, and the words found name none"
    return ""


def _label(answer: str, sentence: str) -> bool:
    """Whether the answer is the number under which its sentence stands ("4.1 In each calendar year …")."""
    own = re.match(r"\W*((?:\d{1,2}\.)+\d{1,2}(?=\s)|\d{1,2}(?=[.)]\s))", sentence)
    return own is not None and answer.strip(" .()") == own.group(1)


#: Units that one question may ask for and another may answer in, each family by the beginnings of its words.
_UNITS = (
    r"square (?:metres?|meters?|feet|kilomet(?:er|re)s?|miles?)|acres?|hectares?|m²|sqm|sq\.? ?(?:m|ft)|km²|ft²",
    r"(?:kilo|centi|milli)?(?:metres?|meters?)|miles?|feet|foot|inch(?:es)?|yards?|km|cm|mm|m|ft",
    r"(?:kilo|milli)?grams?|kg|mg|g|tons?|tonnes?|pounds?|lbs?|ounces?|oz|grammes?|stone",
    r"seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|centur(?:y|ies)|h|min|s|quarters?|weekdays?",
    r"degrees?|°[CF]?|celsius|fahrenheit|kelvin",
    r"(?:milli|kilo)?(?:litres?|liters?)|ml|l|gallons?|pints?|cubic \w+|m³",
)
_UNIT_ASKED = re.compile(rf"\bhow many ({'|'.join(_UNITS)})\b", re.IGNORECASE)


def _other_unit(question: str, sentence: str) -> str:
    """The unit that is asked for where the sentence has no word of its family; "" otherwise."""
    asked = _UNIT_ASKED.search(question)
    if asked is None or not sentence:
        return ""
    family = next(one for one in _UNITS if re.fullmatch(one, asked.group(1), re.IGNORECASE))
    return "" if re.search(rf"(?<![^\W\d_])(?:{family})(?!\w)", sentence, re.IGNORECASE) else asked.group(1)


def fitting(question: str, text: str) -> str:
    """The only thing in a text that is of the kind asked for and not in the question; empty with none or several."""
    found = {text[one.start : one.end] for one in of_kind(text, asked_for(question))}
    low = question.lower()
    left = [one for one in found if one.lower() not in low]
    return left[0] if len(left) == 1 else ""
