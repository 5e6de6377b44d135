"""Everyday requests in the forms in which people say them: read whole, or not at all."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tools.calculator import calculate
from tools.everyday_forms import FORMS
from tools.reading import read_calculation
from tools.shelf.catalogue import shelf
from tools.spoken_forms import Spoken, spoken
from tools.spoken_slots import _PART, KINDS, compiled

TODAY = date(2026, 11, 23)
TOOLS = {one.card.name: one for one in shelf()}
#: A value of each kind of slot.
SAMPLES = {
    "number": "250", "count": "3", "percent": "20%", "length": "12 km", "duration": "2 hours", "speed": "60 km/h",
    "date": "3 May 2027", "clock": "10:15", "place": "London", "words": "the lesson", "unit": "g of rice",
    "list": "4, 7, 8, 8",
}  # fmt: skip


def answer(said: Spoken) -> str:
    if said.calculation:
        return calculate(said.calculation).text
    got = TOOLS[said.tool].call(dict(said.arguments))
    return said.asked(got.value) or got.text


READ = [
    ("how many working days are there between 1 March 2027 and 31 March 2027", "22 working days"),
    ("How many business days until 1 December?", "6 working days"),
    ("how many days until christmas 2027", "397 days"),
    ("What's the difference between 2024-02-28 and 2024-03-01 in days?", "2 days"),
    ("A train leaves at 14:35 and arrives at 17:10. How long is the trip?", "2 h 35 min"),
    ("I started work at 8:15 am and finished at 4:45 pm, how long did I work?", "8 h 30 min"),
    ("If it's 9am in New York, what time is it in Tokyo?", "23:00 in Tokyo"),
    ("The price went from 80 to 100, what is the increase in percent?", "25%"),
    ("my rent rose from 800 to 920, how much percent is that", "15%"),
    ("My rent is 850 and I earn 2400. What share of my income is that?", "35.4167%"),
    ("How much is a 20% tip on 64.50, split between three people?", "25.80 each"),
    ("what's the net price of 119 with 19% VAT included", "100"),
    ("A jacket costs 89 euros and is 25% off, what do I pay?", "66.75"),
    ("How much interest do I pay on a loan of 12000 at 4% over 5 years?", "1,259.90 interest"),
    ("what is the monthly payment on a mortgage of 200,000 at 3.5% over 25 years", "1,001.25 a month"),
    ("If I put 5000 in the bank at 3% for 10 years, how much will I have?", "6,719.58"),
    ("I drive 180 km in 2.5 hours. What's my average speed?", "72 km/h"),
    ("I ran 10 km in 50 minutes, what was my average speed", "0.2 km/min"),
    ("how long does it take to drive 420 km at 80 km/h", "5.25 h"),
    ("A recipe for 4 people needs 300 g of flour. How much do I need for 7 people?", "525 g of flour"),
    ("a circle has a radius of 5 cm. What is its area?", "78.539816 cm^2"),
    ("how many combinations of 3 out of 10 are there", "120"),
    ("what is the probability of rolling a six twice in a row", "1/36"),
    ("sort these: pear, Apple, banana, cherry", "Apple, banana, cherry, pear"),
    ("Order the numbers 4, 2, 8 from high to low", "8, 4, 2"),
    ("write 1999 in roman numerals", "MCMXCIX"),
    ("can you make 24 from 4, 7, 8, 8?", "= 24"),
]


@pytest.mark.parametrize(("request_", "wanted"), READ)
def test_an_everyday_request_is_read_whole_and_answered_by_code(request_: str, wanted: str) -> None:
    said = spoken(request_, TODAY)
    assert said is not None, request_
    assert wanted in answer(said).replace("-05", ""), answer(said)


@pytest.mark.parametrize(
    "request_",
    [
        "how many days until my birthday",
        "how many days are there between 1 March and 3",
        "The shop opens at 9:00 and closes at 5:00. How long is it open?",  # a twelve-hour clock?
        "The shop opens at 9 am and closes at 5:00. How long is it open?",
        "A train leaves at 14:35, stops for 20 minutes and arrives at 17:10. How long is the trip?",
        "I drive 180 km in 2.5 hours with a 30 minute break. What's my average speed?",
        "The price went from 80 to 100 and then to 90, what is the increase in percent?",
        "The price went from 1.200 to 1.500, what is the increase in percent?",  # a German thousand?
        "split 86.40 between 4 people, but Anna pays double",
        "roll two dice and add them",
        "flip a coin ten times",
        "sort these by colour: apple, lime, plum",
        "sort these: pear; fig",
        "A recipe for 4 people needs 300 g of flour and 2 eggs. How much do I need for 7 people?",
        "If I put 5000 in the bank at 3% for 10 years and take out 100 each year, how much will I have?",
        "a circle has a radius of 5 cm. What is its colour?",
        "I drive 180 km in 2.5 hours. Who is my average driver?",
        "write 1999 in roman numerals and explain it",
        "What do 5000 grow to?",
        "how many combinations of 3 out of ten thousand grains are there in the world",
    ],
)
def test_a_request_with_a_word_more_or_a_value_that_reads_two_ways_is_left(request_: str) -> None:
    assert spoken(request_, TODAY) is None


@pytest.mark.parametrize("wording", [one for form in FORMS for one in form.wordings])
def test_every_wording_is_read_and_its_form_answers(wording: str) -> None:
    def said(part: re.Match[str]) -> str:
        name, kind, bracket, choices, word = part.groups()
        if kind == "count":
            return "9" if name in ("b", "n") else "3"
        return SAMPLES[kind] if name else (choices.partition("|")[0] if bracket == "(" else "" if bracket else word)

    request = " ".join(filter(None, map(said, _PART.finditer(wording))))
    if "duration" not in wording:
        request = request.replace("12 km", "3 cm")  # a circle of 12 km has areas of many digits
    request = request.replace("at 10:15 and", "at 9:15 and").replace("at 10:15 ends", "at 9:15 ends")
    read = spoken(request, TODAY)
    assert read is not None, request
    assert answer(read)


def test_every_kind_of_slot_is_used_or_goes() -> None:
    used = {part.group(2) for form in FORMS for one in form.wordings for part in _PART.finditer(one) if part.group(2)}
    assert used == set(KINDS)


def test_a_calculation_in_a_form_is_read_like_any_other_and_says_when_it_holds_only_today() -> None:
    fixed = read_calculation("I drive 180 km in 2.5 hours. What's my average speed?", today=TODAY)
    assert fixed is not None and fixed.text == "180 km / 2.5 h" and not fixed.depends_on_today
    passing = read_calculation("how long until christmas", today=TODAY)
    assert passing is not None and passing.depends_on_today


def test_a_long_request_of_repeated_words_is_refused_quickly() -> None:
    for text in ("the " * 60, "a " * 140 + "has a radius", "1, " * 90, "roll " + "two " * 60 + "dice"):
        assert spoken(text, TODAY) is None


def test_patterns_are_made_once() -> None:
    assert compiled(FORMS[0].wordings[0]) is compiled(FORMS[0].wordings[0])
