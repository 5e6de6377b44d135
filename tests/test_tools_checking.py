"""Arguments: repaired where that is safe, else refused by name; every call ends well-formed or with a clear message."""

from __future__ import annotations

import json
import random
from typing import Any, Literal

import pytest

from tests.shelf_parts import CALLS, HOSTILE, every_tool
from tools.checking import check_arguments
from tools.errors import ToolError
from tools.shelf.catalogue import Tool
from tools.tool import Card, card_of


def order(
    dish: str,
    count: int,
    price: float = 1.5,
    size: Literal["small", "very large"] = "small",
    rush: bool = False,
    extras: list[str] | None = None,
    tips: list[float] | None = None,
) -> None:
    """Order a dish.

    Args:
        dish: what is ordered.
        count: how many.
        price: of one.
        size: how large.
        rush: whether at once.
        extras: what comes with it.
        tips: amounts.
    """


CARD: Card = card_of(order)
LEAST = {"dish": "soup", "count": 2}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"count": "12"}, 12), ({"count": 12.0}, 12), ({"count": " 1,234 "}, 1234), ({"count": "12.0"}, 12),
        ({"count": [3]}, 3), ({"count": "1.234.567"}, 1234567), ({"count": "−4"}, -4),
        ({"price": "3,5"}, 3.5), ({"price": "$1,200.50"}, 1200.5), ({"price": "1.234,56"}, 1234.56), ({"price": "7%"}, 7),
        ({"price": "1/2"}, 0.5), ({"price": "0,125"}, 0.125), ({"price": "3,500"}, 3500), ({"price": "1e3"}, 1000.0), ({"price": "1 234".replace(" ", "\u00a0")}, 1234), ({"price": 2}, 2),
        ({"size": "Very_Large"}, "very large"), ({"size": "very"}, "very large"), ({"size": "smal"}, "small"), ({"size": "SMALL"}, "small"),
        ({"rush": "Yes"}, True), ({"rush": 0}, False), ({"rush": "false"}, False),
        ({"dish": 12}, "12"), ({"dish": True}, "true"), ({"dish": ["soup"]}, "soup"), ({"dish": {"a": 1}}, '{"a": 1}'),
        ({"extras": "salt, pepper and oil"}, ["salt", "pepper", "oil"]), ({"extras": "fish and chips"}, ["fish", "chips"]),
        ({"extras": '["a, b", "c"]'}, ["a, b", "c"]), ({"extras": "salt"}, ["salt"]), ({"extras": "a\nb"}, ["a", "b"]),
        ({"tips": "1, 2 and 3"}, [1, 2, 3]), ({"tips": "[1, 2.5]"}, [1, 2.5]), ({"tips": 4}, [4]), ({"tips": "1 2 3"}, [1, 2, 3]),
        ({"tips": "1,5; 2,5"}, [1.5, 2.5]), ({"tips": ["1", 2]}, [1, 2]),
    ],
)  # fmt: skip
def test_a_value_is_read_as_its_type_and_the_repair_is_noted(given: dict[str, Any], expected: object) -> None:
    checked = check_arguments(CARD, {**LEAST, **given})
    name = next(iter(given))
    assert checked.arguments[name] == expected
    assert type(checked.arguments[name]) is type(expected) or isinstance(expected, int | float)
    assert bool(checked.notes) == (type(given[name]) is not type(expected) or given[name] != expected)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"dish": "soup"}, "needs 'count' (how many); give {dish: string; count: integer; price: number, optional"),
        ({"dish": "soup", "count": None}, "count"),
        ({**LEAST, "count": 2.5}, "whole number"),
        ({**LEAST, "count": "two"}, "in digits"),
        ({**LEAST, "count": "3 or 4"}, "not one number"),
        ({**LEAST, "count": "12 km"}, "not one number"),
        ({**LEAST, "price": float("nan")}, "finite"),
        ({**LEAST, "price": "1e999"}, "beyond"),
        ({**LEAST, "price": "1/0"}, "not one number"),
        ({**LEAST, "size": "blue"}, "choose one of small, very large"),
        ({**LEAST, "rush": "perhaps"}, "true or false"),
        ({**LEAST, "tips": [1, "x"]}, "tips[1]"),
        ({**LEAST, "extras": 10**6 * ["a"]}, "at most 10,000"),
        ("not json", "is not an object"),
        ("[1, 2]", "is not an object"),
        ("", "is not an object"),
        ({str(one): one for one in range(200)}, "200 arguments"),
    ],
)  # fmt: skip
def test_what_cannot_be_repaired_is_refused_and_says_what_to_give(given: Any, said: str) -> None:
    with pytest.raises(ToolError) as caught:
        check_arguments(CARD, given)
    assert said in str(caught.value)


def test_names_are_matched_and_unknown_ones_dropped_with_a_note() -> None:
    checked = check_arguments(CARD, {"Dish": "soup", "counts": 2, "weather": "fine"})
    assert checked.arguments == {"dish": "soup", "count": 2}
    assert any("'counts' taken as 'count'" in one for one in checked.notes)
    assert any("'weather' dropped" in one for one in checked.notes)


def test_a_right_name_is_never_overwritten_by_a_similar_one() -> None:
    assert check_arguments(CARD, {**LEAST, "counts": 9}).arguments["count"] == 2


def test_the_forms_models_write_are_read() -> None:
    whole = '{"name": "order", "arguments": {"dish": "soup", "count": 2}}'
    assert check_arguments(CARD, whole).arguments == LEAST
    alone = next(tool.card for tool in every_tool() if tool.card.name == "factor_number")
    assert check_arguments(alone, "360").arguments == {"value": 360}
    assert check_arguments(alone, {"number": 360, "value": 12}).arguments == {"value": 12}


def test_a_left_out_option_stays_left_out_and_null_means_left_out() -> None:
    assert check_arguments(CARD, {**LEAST, "price": None}).arguments == LEAST


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    if "enum" in schema:
        return value in schema["enum"]
    if schema["type"] == "array":
        return isinstance(value, list) and all(_fits(one, schema["items"]) for one in value)
    kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool}[schema["type"]]
    return isinstance(value, kinds) and (schema["type"] == "boolean" or not isinstance(value, bool))


def _follows(arguments: dict[str, Any], schema: dict[str, Any]) -> bool:
    known = schema["properties"]
    return set(schema["required"]) <= set(arguments) and all(
        key in known and _fits(one, known[key]) for key, one in arguments.items()
    )


@pytest.mark.parametrize("tool", every_tool(), ids=lambda tool: tool.card.name)
def test_every_call_of_every_tool_ends_well_formed_or_with_a_message(tool: Tool) -> None:
    dice, fitted, refused = random.Random(tool.card.name), 0, 0
    good = CALLS[tool.card.name]
    written = [*good.values(), *map(str, good.values()), *HOSTILE]
    for _ in range(150):
        given = {**good, dice.choice([*good, "extra", ""]): dice.choice(written)}
        if dice.random() < 0.2:
            given.pop(dice.choice(list(given)))
        try:
            checked = tool.check(given)
        except ToolError as error:
            refused += 1
            assert 10 < len(str(error)) < 2_000
            continue
        fitted += 1
        assert _follows(checked.arguments, tool.schema)
    assert fitted and refused


def test_unrepaired_calls_do_not_all_fit() -> None:
    raw = [
        {"dish": "soup", "count": "12"},
        {"dish": 1, "count": 1},
        {"count": 1},
        {**LEAST, "x": 1},
        {**LEAST, "rush": "yes"},
    ]
    assert not any(_follows(one, CARD.json_schema()) for one in raw)
    assert json.dumps(CARD.json_schema())
