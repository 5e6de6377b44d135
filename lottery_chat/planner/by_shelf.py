"""Solve by a tool of the shelf: R finds a few, code and g_φ choose and fill it (by_calling), and it is run.

Source: Retrieve_External_Function_Call and Execute (paper.md 1.1, lines 29 and 30). A tool is run only with values
that stand in the question; else the question goes on to what answers it otherwise.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from lottery_chat.events import Progress
from lottery_chat.planner.by_calling import calls_for
from lottery_chat.planner.calls_fit import Fitted
from lottery_chat.planner.calls_said import Said
from lottery_chat.planner.filling import QUOTED, fill
from lottery_chat.planner.resources import ShelfTool, SpokenCall
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution
from tools.errors import ToolError


def by_shelf(
    run: Run, node: Node, question: str, found: list[ShelfTool] | tuple[ShelfTool, SpokenCall]
) -> Steps[Solution]:
    """Answer by one call of one of the tools that R found, or of the one whose form the whole question has.

    Raises:
        ToolError: none fits, a value it needs was not said, or the tool refused.
    """
    yield Progress("Looking for a tool")
    if isinstance(found, tuple):
        return (yield from _as_said(run, node, *found))
    sure = [(one, one_way) for one in found if (one_way := _wholly_said(one, question)) is not None]
    if len(sure) == 1 and sure[0][0] is found[0]:
        yield from run.verified(node, "the tool's own words and all its values stand in the question", True)
        return (
            yield from _used(run, node, *sure[0], "the values stand in the question, code chose the tool by its words")
        )
    offered = [{"name": one.card.name, "description": _about(one), "parameters": one.schema} for one in found]
    fitted, solution = yield from calls_for(run, node, question, offered)
    if len(fitted) != 1:
        raise ToolError(solution.reason or "No tool answers this with one call.")
    call = fitted[0]
    tool = next(one for one in found if one.card.name == call.call.name)
    if unsaid := _unsaid(call, tool.schema, question):
        raise ToolError(f"The tool {tool.card.name} needs {', '.join(unsaid)}, which the question does not say.")
    given = {name: _in_its_unit(name, value, question) for name, value in call.call.arguments.items()}
    return (yield from _used(run, node, tool, given, "the values stand in the question, the model chose the tool"))


def _as_said(run: Run, node: Node, tool: ShelfTool, said: SpokenCall) -> Steps[Solution]:
    """Every word of the question is accounted for by a form of the tool, so its answer is checked as a calculation is."""
    yield from run.verified(node, "the question was read whole by code", True)
    solution = yield from _used(
        run, node, tool, dict(said.arguments), "every word of the question was read by code", said.asked
    )
    # What is drawn or depends on the day is right once: it is not kept as a checked answer for another time.
    return dataclasses.replace(solution, checked=said.lasting)


def _wholly_said(tool: ShelfTool, question: str) -> dict[str, Any] | None:
    """All arguments of a tool that works on a quoted text, where its choice is said too ("SOS" in Morse code), else None.

    Numbers are not enough: "45 days before" and "square metres" say one thing to a list of choices and mean another.
    """
    filled = fill(tool.card, question)
    choices = [one for one in tool.card.arguments if one.schema.get("enum")]
    chosen = [one for one in choices if one.required]
    if _TURNED_ROUND.search(question) and any(one.name not in filled.arguments for one in choices):
        return None  # "what does … mean in Morse code": the other direction than the usual one
    quoted = QUOTED.search(question) is not None and all(isinstance(one, str) for one in filled.arguments.values())
    return dict(filled.arguments) if chosen and quoted and not filled.missing else None


def _used(
    run: Run,
    node: Node,
    tool: ShelfTool,
    given: dict[str, Any],
    how: str,
    asked: Callable[[Any], str] = lambda value: "",
) -> Steps[Solution]:
    """Run the tool with these arguments; `asked` says the part of its value that was asked for. Raises ToolError."""
    shown = f"{tool.card.name}({', '.join(f'{name}={json.dumps(value, ensure_ascii=False)}' for name, value in given.items())})"
    child = yield from run.open("function", tool.card.name.replace("_", " "), node)
    try:
        answer = yield from run.call(
            child, tool.card.name, shown, lambda: tool.call(given), lambda done: str(done.text)
        )
    except ToolError as error:
        yield child.closed("failed", str(error))
        raise
    yield child.closed("done", answer.text)
    run.store_request(child, "shelf", shown, answer.text)
    first = asked(answer.value)
    steps = "\n".join(f"- {one}" for one in ((answer.text,) if first else ()) + tuple(answer.steps[:12]))
    return Solution(
        text=f"{first or answer.text}\n\n{steps}".strip(), answer=first or answer.text, known="computed", checked=False, method="shelf",
        check=f"{answer.source} by {shown}; {how}",
    )  # fmt: skip


_TURNED_ROUND = re.compile(
    r"\b(?:mean|means|say|says|stands? for|back|reverse|original|plain|decipher|decrypt|translate)\b", re.I
)


def _about(tool: ShelfTool) -> str:
    """What the model is told of a tool: its purpose and when to use it."""
    return f"{tool.card.purpose} {tool.card.use_when}".strip()


def _unsaid(call: Fitted, schema: Mapping[str, Any], question: str) -> list[str]:
    """Required values that do not stand in the question; a choice among given words need not."""
    return [
        name
        for name in call.unfounded
        if "enum" not in schema["properties"].get(name, {})
        and not _converted(name, call.call.arguments.get(name), question)
    ]


#: Arguments that a person gives in the larger unit: "4 years" are 48 months.
_LARGER = {"months": ("year", 12), "days": ("week", 7), "hours": ("day", 24), "minutes": ("hour", 60)}


def _in_its_unit(name: str, value: Any, question: str) -> Any:
    """A number that the question gives in the larger unit, in the argument's: small models copy the 4 of "4 years"."""
    unit, times = _LARGER.get(name, ("", 0))
    if not unit or isinstance(value, bool) or not isinstance(value, int | float):
        return value
    said = rf"(?<![\d.,]){re.escape(f'{value:g}')}[- ]?"
    own = re.search(rf"{said}{name[:-1]}", question, re.I)
    return value * times if re.search(rf"{said}{unit}", question, re.I) and not own else value


def _converted(name: str, value: Any, question: str) -> bool:
    """Whether a value is one of the question in a smaller unit."""
    unit, times = _LARGER.get(name, ("", 0))
    if not unit or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    said = Said(question)
    return said.speaks_of(unit) and said.has_number(value / times)
