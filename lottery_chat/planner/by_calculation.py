"""Solve by calculation: an expression, or relations, that code read from the question and works out exactly."""

from __future__ import annotations

import re
from typing import Any

from lottery_chat.events import Progress
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution
from tools.errors import NoSolution, ToolBroke, ToolError

#: Characters of a calculated value.
MOST_VALUE = 20_000


def by_calculation(run: Run, node: Node, question: str, reading: Any) -> Steps[Solution]:
    """Answer a question that is wholly a calculation. Raises ToolError (division by zero, too large…)."""
    function = yield from run.open("function", "calculate", node)
    yield Progress("Calculating")
    try:
        result = yield from run.call(
            function,
            "calculator",
            reading.text,
            lambda: _short_enough(run.resources.compute.calculate(reading)),
            lambda done: done.text,
        )
    except ToolError as error:
        yield function.closed("failed", str(error))
        raise
    yield from run.verified(function, "the expression was read from the question by code", True)
    yield function.closed("done", f"{result.expression} = {result.text}")
    run.store_request(function, "calculator", result.expression, result.text)
    text = _in_words(question, result.text)
    return Solution(
        text=text,
        answer=text.rstrip("."),
        known="computed",
        checked=True,
        check=f"Read from the question by code and calculated exactly: {result.expression} = {result.text}",
        method="calculation",
    )


_YES_OR_NO = re.compile(r"^\W*(?:is|are|was|were|does|do|did|can|could|has|have|will|would|ist|sind)\b", re.I)


def _in_words(question: str, text: str) -> str:
    """What the calculator gives for a yes-or-no question is said as one; everything else stays as it is."""
    said = {"true": "Yes.", "false": "No."}.get(text)
    return said if said and _YES_OR_NO.match(question) else text


def _short_enough(result: Any) -> Any:
    """The calculator's own caps keep a value below this; it would be written whole into answer and memory."""
    if len(result.text) > MOST_VALUE:
        raise ToolBroke(
            f"The calculator gave {len(result.text):,} characters, which is no value. Ask for something smaller."
        )
    return result


def by_equations(run: Run, node: Node, relations: str) -> Steps[Solution]:
    """Answer a problem that code read as relations in any order (SatLM form). Raises ToolError (none, several)."""
    function = yield from run.open("function", "solve the equations", node)
    yield Progress("Solving the equations")
    try:
        result = yield from run.call(
            function, "equations", relations,
            lambda: run.resources.compute.solve(relations, run.budget.cancel), lambda done: done.text,
        )  # fmt: skip
    except NoSolution as error:
        if "??" not in relations:
            raise
        yield function.closed("done", str(error))
        return Solution(
            text=f"There is no solution among the real numbers. {error}", answer="no solution", known="computed",
            checked=True, method="equations", check=f"read by code: {'; '.join(relations.strip().splitlines())}",
        )  # fmt: skip
    except ToolError as error:
        yield function.closed("failed", str(error))
        raise
    yield from run.verified(function, "the relations were read from the question by code", True)
    yield function.closed("done", result.text)
    run.store_request(function, "equations", relations, result.text)
    shown = "; ".join(relations.strip().splitlines())
    return Solution(
        text=result.text, answer=result.text, known="computed", checked=True, method="equations",
        check=f"Read from the question by code; these relations have exactly one solution: {shown}",
    )  # fmt: skip
