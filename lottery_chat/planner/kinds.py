"""Whether an answer can be of the kind that a question asks for: a time, a number, a town. Doubt by code, no model.

Source: the type check of extractive readers (paper.md 3.3: code decides what it can). It refuses only what cannot be:
"when" answered without any word of time, "how many" without any amount, a town by the name of a people or a date.
"""

from __future__ import annotations

import re

from knowledge.asking import asked_for, dates, of_kind
from lottery_chat.planner.countries import country_words

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
    if (_TOWN.search(question) or _BORN_WHERE.search(question)) and _is_no_place(question, answer):
        return "a place is asked for, and the words found name none"
    return ""


def beside_origin(question: str, answer: str, sentence: str) -> bool:
    """Whether a birthplace is asked for and the sentence of the answer tells of no birth or origin: a doubt, no more.

    Of 15 such quotes of popqa_rag 2 were right, of the beliefs that refusing them led to none: the quote is kept, and
    says of itself that it is doubtful (lab/LOG.md).
    """
    return bool(_BORN_WHERE.search(question)) and not _tells_origin(sentence, answer)


#: A question for a birthplace, in its usual forms.
_BORN_WHERE = re.compile(
    r"\b(?:where|(?:what|which) (?:city|town|village|place|country|state|county|province)) (?:was|were|is|are) (?P<who>.+) born\b"
    r"|\b(?:birth ?place|place of birth|native (?:city|town|village)) of (?P<whose>.+)",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:University|Universities|Institute|Government|Party|Company|Orchestra|Association|Records|Museum|Senate|Parliament|Ministry"
    r"|Committee|Council|Club|F\.?C\.?|League|Band|School|government)$"
)
_ADJECTIVE = re.compile(r"(?:an|ian|ish|ese|ch|ss|ic|i|er|ot|ek|eli|qi)$")


def _is_no_place(question: str, answer: str) -> bool:
    """Whether the words cannot name a place: a people, a date, an organisation, or whom the question is about."""
    if _PEOPLE.fullmatch(answer) or ":" in answer or not re.search(r"[^\W\d_]", answer):
        return True
    if _ORGANISATION.search(answer) or any(one.start == 0 and one.end >= len(answer) for one in dates(answer)):
        return True
    peoples = [word for word, country in country_words(answer) if word != country and _ADJECTIVE.search(word)]
    rest = answer
    for word in peoples:
        rest = rest.replace(word, " ", 1)
    if peoples and not re.sub(r"\b(?:born|and|of|descent|the)\b|\W", "", rest):
        return True
    asked = _BORN_WHERE.search(question)
    who = (
        {word for word in re.findall(r"\w+", (asked["who"] or asked["whose"]).lower()) if len(word) > 1}
        if asked
        else set()
    )
    return len(who) > 1 and who <= set(re.findall(r"\w+", answer.lower()))


_BORN = re.compile(
    r"\b(?:born|birth|birthplace|native|natal|hail(?:s|ed|ing)?|raised|grew up|brought up|home ?town|childhood|originally|originates?"
    r"|(?:comes?|came) from)\b|\bb\.|\bnée?\b",
    re.IGNORECASE,
)
#: "is an American rapper and producer from San Francisco"; "played from 1976" and "transferred from Wigan" tell none.
_COMES_FROM = re.compile(
    r"\b(?:is|was|are|were) (?:an? |the |one of )[^.;()]{0,120}?\bfrom (?P<place>[^\W\d_][^,.;()]{1,40})"
)


_PLACE = re.compile(r"[A-ZÀ-ÞŁŚŻČŠŽĐİ][\w'’-]*(?: (?:of |de |la |le |el |upon |am |the )?[A-ZÀ-ÞŁŚŻČŠŽĐİ][\w'’-]*)*")


def _tells_origin(sentence: str, answer: str) -> bool:
    """Whether a sentence speaks of a birth or an origin, or has the answer in the brackets with somebody's dates."""
    if _BORN.search(sentence) or ((found := _COMES_FROM.search(sentence)) and found["place"][0].isupper()):
        return True
    return any(answer in one and re.search(r"\d{3,4}", one) for one in re.findall(r"\([^()]*\)", sentence))


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
    if (
        _BORN_WHERE.search(question)
        and (origin := _COMES_FROM.search(text))
        and (place := _PLACE.match(origin["place"]))
    ):
        return place.group()
    found = {text[one.start : one.end] for one in of_kind(text, asked_for(question))}
    low = question.lower()
    left = [one for one in found if one.lower() not in low]
    return left[0] if len(left) == 1 and not unfit(question, left[0], text) else ""
