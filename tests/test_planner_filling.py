"""filling.py: which arguments code reads from a question, and which it leaves to the model because two readings are left."""

from __future__ import annotations

import time
from typing import Any

import pytest

from lottery_chat.planner.filling import fill
from tools.tool import Argument, Card


def card(**arguments: Any) -> Card:
    """A card; a name that ends with `_` may be left out. A value is (schema, description)."""
    made = []
    for name, (schema, about) in arguments.items():
        made.append(
            Argument(
                name.rstrip("_"),
                schema if isinstance(schema, dict) else {"type": schema},
                about,
                not name.endswith("_"),
            )
        )
    return Card("tool", "A tool.", "", "", tuple(made), ())


LOAN = card(
    principal=("number", "The amount of the loan"),
    rate=("number", "Interest rate in percent a year"),
    years=("integer", "How many years it runs"),
)
RATE = card(rate=("number", "Interest rate as a decimal, e.g. 0.05"))
TRIP = card(
    city=("string", "The city to go to"),
    start=("string", "First day, YYYY-MM-DD"),
    end=("string", "Last day, YYYY-MM-DD"),
)
FIND = card(text=("string", "What is searched"), word=("string", "What to look for"))
UNIT = card(
    amount=("number", "How much"),
    unit=({"type": "string", "enum": ["metre", "kilometre", "square kilometre"]}, "Unit of the amount"),
)
MEAN = card(numbers=({"type": "array", "items": {"type": "number"}}, "The numbers"))
ADD = card(a=("integer", "A number"), b=("integer", "A number"))
HOTEL = card(
    city=("string", "City"),
    guests=("integer", "Number of guests"),
    breakfast_=("boolean", "Whether breakfast is included"),
)


@pytest.mark.parametrize(
    ("tool", "question", "arguments"),
    [
        (LOAN, "What is the payment for a loan of $20,000 at 4.5% over 6 years?", {"principal": 20000, "rate": 4.5, "years": 6}),
        (LOAN, "Six years, a rate of 3 percent, and 1.5 million as the amount of the loan", {"principal": 1_500_000, "rate": 3, "years": 6}),
        (RATE, "Use an interest rate of 7%.", {"rate": 0.07}),
        (TRIP, "Plan a week in Lisbon from 3 May 2027 to May 10, 2027.", {"city": "Lisbon", "start": "2027-05-03", "end": "2027-05-10"}),
        (TRIP, "Plan a week in San Sebastián from 2027-05-03.", {"city": "San Sebastián"}),
        (FIND, 'How often does "ea" stand in "the sea is near"?', {"text": "ea", "word": "the sea is near"}),
        (UNIT, "How much is 12 square kilometres?", {"amount": 12, "unit": "square kilometre"}),
        (UNIT, "Is 12 a metre or a kilometre?", {"amount": 12}),
        (MEAN, "What is the mean of 3, 4.5 and -12?", {"numbers": [3, 4.5, -12]}),
        (ADD, "Add 17 and 25.", {"a": 17, "b": 25}),
        (ADD, "Add 17, 25 and 8.", {}),
        (ADD, "Add 1.5 and 2.", {}),
        (HOTEL, "Find a hotel in Turin for 4 guests without breakfast.", {"city": "Turin", "guests": 4, "breakfast": False}),
        (HOTEL, "Find a hotel in Turin for 4 guests, breakfast please.", {"city": "Turin", "guests": 4, "breakfast": True}),
        (HOTEL, "Find a hotel in Turin or Milan.", {}),
        (HOTEL, "Find me something nice.", {}),
    ],
)  # fmt: skip
def test_what_code_reads_and_what_it_leaves(tool: Card, question: str, arguments: dict[str, Any]) -> None:
    filled = fill(tool, question)
    if tool is FIND:
        assert set(filled.arguments.values()) == set(arguments.values())
    else:
        assert dict(filled.arguments) == arguments
    assert filled.missing == tuple(
        one.name for one in tool.arguments if one.required and one.name not in filled.arguments
    )


def test_two_readings_are_left_to_the_model() -> None:
    two = card(width=("number", "Width in metres"), height=("number", "Height in metres"))
    assert dict(fill(two, "How big is a wall of 3 by 4 metres?").arguments) == {}
    assert dict(fill(two, "A wall with a width of 3 and a height of 4").arguments) == {"width": 3, "height": 4}


@pytest.mark.parametrize(
    "question",
    [
        "",
        "9" * 5_000,
        "'" * 5_000,
        "A " * 5_000,
        "1,000,000," * 1_000,
        "\x00\ud800",
        '"' * 4_001,
        "3 May 0000",
        "31 February 2026",
    ],
)
def test_hostile_questions_end_in_a_moment(question: str) -> None:
    for tool in (LOAN, TRIP, FIND, UNIT, MEAN, HOTEL):
        started = time.thread_time()
        assert isinstance(fill(tool, question).missing, tuple)
        assert time.thread_time() - started < 1.0
