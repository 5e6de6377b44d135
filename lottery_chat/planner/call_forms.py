"""Calls of tools in the forms that models write them: Toolformer's [Calculator(3*4)] in text, tool_call tags, JSON in fences.

Pure code on untrusted text: whatever stands there gives a list of calls, perhaps empty, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lottery_chat.planner.call_json import read_lenient

Form = Literal["inline", "tool_call", "json"]

#: Text longer than this (characters) is not searched any further.
LONGEST = 50_000
#: So many calls of one text are read.
MOST = 50
_LONGEST_INPUT = 1_000
_INLINE = re.compile(r"\[\s{0,3}([A-Za-z][A-Za-z0-9_ ]{0,30}?)\s{0,3}\(")
_ARROW = re.compile(r"\s{0,3}(?:→|->|=>|=)\s{0,3}([^\[\]\n]{0,80}?)\s{0,3}\]")
_CLOSED = re.compile(r"\s{0,3}\]")
_NAMES = ("name", "function_name", "tool_name", "tool", "function", "action")
_ARGUMENTS = ("arguments", "parameters", "args", "input", "action_input", "tool_input")
_LISTS = ("tool_calls", "calls", "function_calls")


@dataclass(frozen=True, slots=True)
class WrittenCall:
    """A call as it stands in a text from `start` to `end`.

    `input` is the text between the parentheses of an inline call, `said` what the model wrote as its value;
    `arguments` those of a JSON call.
    """

    form: Form
    name: str
    start: int
    end: int
    input: str = ""
    said: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)


def inline_calls(text: str) -> tuple[WrittenCall, ...]:
    """Toolformer's calls: `[Calculator(3*4)]`, `[Calc(3*4) → 12]`; a Markdown link [word](address) is none."""
    found: list[WrittenCall] = []
    at = 0
    text = text[:LONGEST]
    for _ in range(10 * MOST):
        match = _INLINE.search(text, at)
        if match is None or len(found) >= MOST:
            break
        at = match.end()
        closed = _parenthesis(text, match.end())
        if not closed:
            continue
        ended = _CLOSED.match(text, closed) or _ARROW.match(text, closed)
        if ended is None:
            continue
        said = ended.group(1).strip() if ended.re is _ARROW else ""
        inner = text[match.end() : closed - 1].strip().strip("\"'")
        found.append(WrittenCall("inline", match.group(1).strip(), match.start(), ended.end(), inner, said))
        at = ended.end()
    return tuple(found)


def _parenthesis(text: str, at: int) -> int:
    """The place after the parenthesis that closes the one before `at`; 0 when none does on this line."""
    depth = 1
    for place in range(at, min(len(text), at + _LONGEST_INPUT)):
        letter = text[place]
        if letter == "\n":
            return 0
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place + 1
    return 0


def json_calls(text: str) -> tuple[WrittenCall, ...]:
    """Calls written as JSON, in <tool_call> tags, in fences or bare; broken JSON is repaired where it can be."""
    found: list[WrittenCall] = []
    text = text[:LONGEST]
    at = 0
    for _ in range(4 * MOST):
        places = [place for place in (text.find("{", at), text.find("[", at)) if place >= 0]
        if not places or len(found) >= MOST:
            break
        start = min(places)
        try:
            value, end = read_lenient(text, start)
        except ValueError:
            at = start + 1
            continue
        tagged = text[max(0, start - 40) : start].rstrip().endswith("<tool_call>")
        calls = list(_calls_in(value, "tool_call" if tagged else "json", start, end))
        found += calls
        at = max(end, start + 1) if calls else start + 1
    return tuple(found[:MOST])


def read_forms(text: str) -> tuple[WrittenCall, ...]:
    """All calls of a text in the order in which they stand there."""
    return tuple(sorted([*inline_calls(text), *json_calls(text)], key=lambda one: one.start))


def _calls_in(value: Any, form: Form, start: int, end: int, depth: int = 0) -> Iterator[WrittenCall]:
    if depth > 4:
        return
    if isinstance(value, list):
        for one in value[:MOST]:
            yield from _calls_in(one, form, start, end, depth + 1)
        return
    if not isinstance(value, dict):
        return
    for key in (*_LISTS, "function"):
        if isinstance(value.get(key), list | dict):
            yield from _calls_in(value[key], form, start, end, depth + 1)
            return
    call = _call_of(value, form, start, end)
    if call is not None:
        yield call


def _call_of(value: Mapping[str, Any], form: Form, start: int, end: int) -> WrittenCall | None:
    """The call that one object is, if it has a name and arguments."""
    name = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), "").strip()
    given = next((key for key in _ARGUMENTS if key in value), None)
    if not name or given is None or len(name) > 100:
        return None
    arguments = value[given]
    if isinstance(arguments, str) and arguments.lstrip()[:1] == "{":
        try:
            arguments = read_lenient(arguments.lstrip())[0]
        except ValueError:
            return None
    if isinstance(arguments, dict):
        return WrittenCall(form, name, start, end, arguments={str(key): one for key, one in arguments.items()})
    if isinstance(arguments, str):
        return WrittenCall(form, name, start, end, input=arguments.strip()[:_LONGEST_INPUT])
    return WrittenCall(form, name, start, end) if arguments is None else None
