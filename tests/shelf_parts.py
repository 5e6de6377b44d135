"""What the tests of the shelf share: a valid call of each tool, hostile values, and the judge of a call."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.errors import ToolError
from tools.memory_cells import InMemory
from tools.shelf.catalogue import Tool, memory_tool, shelf
from tools.shelf.values import Answer
from tools.tool import Argument, Card

SECONDS = 2.0  # what is bounded takes milliseconds; processor time of a slow, shared machine
CSV = "product,price,city\nlamp,12.10,Oslo\npen,0.20,Rome\ncup,0.10,Oslo\n"

#: A call of each tool that works; hostile values are put into it one at a time.
CALLS: dict[str, dict[str, Any]] = {
    "convert_units": {"amount": 2, "source": "mi", "target": "km"},
    "measure_shape": {"shape": "circle", "sizes": [3]},
    "find_distance": {"first": [1, 2], "second": [4, 6], "surface": "flat"},
    "split_bill": {"total": 86.4, "people": 4, "tip_percent": 10},
    "plan_fuel": {"distance_km": 420, "litres_per_100_km": 6.5, "price_per_litre": 1.8},
    "scale_recipe": {"ingredients": ["eggs"], "amounts": [3], "from_servings": 4, "to_servings": 6},
    "count_days": {"first": "2024-03-03", "second": "2024-05-01"},
    "shift_date": {"start": "2024-01-15", "amount": 90, "unit": "days"},
    "describe_date": {"day": "2024-02-29"},
    "convert_time_zone": {"moment": "2024-07-01 14:30", "source": "Europe/Berlin", "target": "Asia/Tokyo"},
    "compute_percentage": {"kind": "part", "amount": 15, "other": 80},
    "grow_savings": {"principal": 100, "annual_percent": 4, "years": 10, "compounds_per_year": 12, "added_per_period": 5},
    "repay_loan": {"principal": 1000, "annual_percent": 4, "months": 12},
    "value_cash_flows": {"flows": [-100, 60, 60], "annual_percent": 5},
    "summarize_numbers": {"values": [4, 8, 15]},
    "fit_line": {"x": [1, 2, 3], "y": [2, 4, 7]},
    "draw_random": {"choices": ["a", "b"], "count": 1, "low": 1, "high": 6, "seed": 7},
    "count_text": {"text": "The cat", "find": "t", "ignore_case": True},
    "change_text": {"text": "abc", "change": "replace", "find": "b", "replacement": "x"},
    "compare_texts": {"first": "listen", "second": "silent"},
    "encode_text": {"text": "hello", "code": "base64", "direction": "encode"},
    "describe_characters": {"text": "ß"},
    "arrange_list": {"items": ["b", "a"], "way": "sort"},
    "combine_sets": {"first": ["a"], "second": ["a", "b"], "operation": "union"},
    "factor_number": {"value": 360},
    "find_common": {"values": [84, 126]},
    "compute_modular": {"base": 7, "exponent": 2024, "modulus": 10},
    "write_number": {"value": "255", "from_base": "10", "to_base": "16"},
    "count_arrangements": {"kind": "combinations", "n": 10, "k": 3, "word": ""},
    "solve_linear": {"coefficients": [[2, 1], [1, -1]], "right": [7, 2]},
    "compute_matrix": {"operation": "product", "first": [[1, 2]], "second": [[3], [4]]},
    "check_digits": {"kind": "luhn", "code": "4539 1488 0343 6467"},
    "convert_colour": {"colour": "#ff8800"},
    "truth_table": {"formula": "p -> q"},
    "play_24": {"numbers": [4, 7, 8, 8], "action": "solve", "expression": "8*3", "target": 24},
    "query_table": {"table": CSV, "select": ["product"], "where": ["price > 0.1"], "group_by": [], "measures": [],
                    "order_by": "price", "descending": True, "limit": 10},
    "query_json": {"document": '{"a": [1, 2]}', "path": "$.a[0]"},
    "use_memory": {"instruction": "write", "name": "total", "value": "42"},
}  # fmt: skip

HOSTILE: list[Any] = [
    None, True, "", " ", "x" * 10**6, "\x00\ud800\u202e", "١٢", "' OR 1=1 --", "9" * 5000, "(" * 5000, "[" * 100_000,
    "a|" * 50_000, "-" * 100_000, "$" + "..a" * 150, "$" + "[*]" * 150, "p->" * 600 + "p", "not " * 390 + "p",
    0, -1, 1, 10**6, 10**18, -(10**18), 10**24 - 1, 10**400, 10**100_000, 1e308, -1e308, 5e-324, float("nan"), float("inf"), float("-inf"),
    [], [None], ["x"], [0], [1, 1], [1e308, -1e308], [float("nan")], [10**400] * 3, [1] * 10**6, ["a"] * 10**6, ["é" * 10_000] * 200,
    list(range(10_000)), [0.1 + one / 7 for one in range(10_000)], [[1]], [[1, 2], [3]], [[0.1] * 12] * 12, [[1e-300] * 12] * 12,
    [[[[1]]]], {}, {"a": 1}, object(), b"bytes",
]  # fmt: skip


def every_tool() -> list[Tool]:
    """The whole shelf and the memory tool over cells of its own."""
    return [*shelf(), memory_tool(InMemory())]


def judged(call: Callable[[], Answer]) -> str:
    """'answered', 'refused', or what went wrong: another error, an answer that is no JSON, or too much time."""
    began = time.process_time()
    try:
        answer = call()
        outcome = "answered"
        json.dumps([answer.value, answer.text, answer.source, answer.steps], allow_nan=False)
    except ToolError as error:
        outcome = "refused" if len(str(error)) > 20 else f"said too little: {error}"
        if len(str(error)) > 2_000:
            outcome = "said too much"
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError, RuntimeError) as error:
        outcome = f"{type(error).__name__}: {str(error)[:80]}"
    took = time.process_time() - began
    return outcome if took <= SECONDS else f"took {took:.2f} s"


def synthetic_cards() -> list[Card]:
    """The hundred cards of tools.jsonl that stand for what else an app may offer."""
    lines = (Path(__file__).parent / "tool_cards.jsonl").read_text(encoding="utf-8").splitlines()
    return [_card(json.loads(line)) for line in lines]


def _card(row: dict[str, Any]) -> Card:
    arguments = tuple(Argument(name, {"type": "string"}, said, True) for name, said in row["arguments"].items())
    return Card(row["name"], row["purpose"], row["use_when"], "", arguments, tuple(row["examples"]))


def questions() -> list[tuple[str, str]]:
    """(name of the right tool, question) pairs."""
    lines = (Path(__file__).parent / "tool_questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [(row["name"], one) for row in map(json.loads, lines) for one in row["questions"]]
