"""What the tests of the shelf share: a valid call of each tool, hostile values, and the judge of a call."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lottery_chat.lab.loading import OWN, rows_of
from tools.errors import ToolError
from tools.memory_cells import InMemory
from tools.shelf.catalogue import Tool, memory_tool, shelf
from tools.shelf.values import Answer
from tools.tool import Argument, Card

SECONDS = 2.0  # what is bounded takes milliseconds; processor time of a slow, shared machine
CSV = "product,price,city\nlamp,12.10,Oslo\npen,0.20,Rome\ncup,0.10,Oslo\n"

#: A call of each tool that works; hostile values are put into it one at a time.
CALLS: dict[str, dict[str, Any]] = {
    str(row["tool"]): dict(row["arguments"]) for _, row in rows_of(OWN / "own_tool_calls.jsonl")
}

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
