"""A tool is a documented function: its card (for choosing) and JSON schema (for calling) are derived from it.

The docstring is Google style. Besides the summary and `Args:` it may hold the sections `Use when:`,
`Not for:` and `Examples:` (one question a line, with a dash); R embeds `Card.text()` to find the tool.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_SECTION = re.compile(r"^(Args|Arguments|Returns|Raises|Use when|Not for|Examples):\s*(.*)$")
_ARGUMENT = re.compile(r"^(\w+)(?: \([^)]*\))?: (.*)$")
_SCALARS: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: its JSON schema, what it means, and whether it may be left out."""

    name: str
    schema: dict[str, Any]
    description: str
    required: bool


@dataclass(frozen=True, slots=True)
class Card:
    """What a planner needs to choose a tool: purpose, when to use it and when not, arguments, example questions."""

    name: str
    purpose: str
    use_when: str
    not_for: str
    arguments: tuple[Argument, ...]
    examples: tuple[str, ...]

    def text(self) -> str:
        """Return the card as text, the form that is embedded and shown to g_φ."""
        lines = [f"{self.name}: {self.purpose}"]
        if self.use_when:
            lines.append(f"Use when: {self.use_when}")
        if self.not_for:
            lines.append(f"Not for: {self.not_for}")
        lines += [f"- {one.name}: {one.description}" for one in self.arguments]
        lines += [f"Example: {one}" for one in self.examples]
        return "\n".join(lines)

    def json_schema(self) -> dict[str, Any]:
        """Return the arguments as a JSON schema of type object, closed to other keys."""
        return {
            "type": "object",
            "properties": {one.name: {**one.schema, "description": one.description} for one in self.arguments},
            "required": [one.name for one in self.arguments if one.required],
            "additionalProperties": False,
        }


def card_of(function: Callable[..., object], name: str = "") -> Card:
    """Derive the card of a typed function with a Google-style docstring.

    Keyword-only parameters belong to the program that wires the tool (limits, cancel) and are not shown.

    Raises:
        TypeError: an argument has no type, no description, or a type JSON cannot express.
    """
    sections = _sections(inspect.getdoc(function) or "")
    described = _described(sections.get("Args") or sections.get("Arguments") or [])
    hints = get_type_hints(function)
    arguments = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            continue
        if parameter.name not in hints or parameter.name not in described:
            raise TypeError(f"Argument {parameter.name!r} of {function.__name__!r} needs a type and a line in Args.")
        schema = _schema(hints[parameter.name], parameter.name)
        required = parameter.default is inspect.Parameter.empty
        arguments.append(Argument(parameter.name, schema, described[parameter.name], required))
    summary = " ".join(sections.get("", []))
    if not summary:
        raise TypeError(f"{function.__name__!r} needs a docstring that says what it is for.")
    return Card(
        name=name or function.__name__,
        purpose=summary,
        use_when=" ".join(sections.get("Use when", [])),
        not_for=" ".join(sections.get("Not for", [])),
        arguments=tuple(arguments),
        examples=tuple(line.removeprefix("- ") for line in sections.get("Examples", [])),
    )


def _sections(doc: str) -> dict[str, list[str]]:
    """Split a docstring; the summary is the first paragraph, under the empty name."""
    found: dict[str, list[str]] = {"": []}
    current: str | None = ""
    for raw in doc.splitlines():
        line = raw.strip()
        header = _SECTION.match(line)
        if header:
            current = header.group(1)
            found[current] = [header.group(2)] if header.group(2) else []
        elif not line:
            # Only the first paragraph is the summary; a blank line inside a section is harmless.
            current = None if current == "" else current
        elif current is not None:
            found[current].append(line)
    return found


def _described(lines: Sequence[str]) -> dict[str, str]:
    described: dict[str, str] = {}
    last = ""
    for line in lines:
        start = _ARGUMENT.match(line)
        if start:
            last = start.group(1)
            described[last] = start.group(2)
        elif last:
            described[last] += " " + line
    return described


def _schema(hint: Any, name: str) -> dict[str, Any]:
    if hint in _SCALARS:
        return {"type": _SCALARS[hint]}
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"type": "string", "enum": list(inner)}
    if origin in (Union, types.UnionType):
        rest = [one for one in inner if one is not type(None)]
        if len(rest) == 1:
            return _schema(rest[0], name)
    if origin in (list, tuple, Sequence) and inner:
        return {"type": "array", "items": _schema(inner[0], name)}
    raise TypeError(
        f"The type {hint!r} of argument {name!r} cannot be written as JSON; use str, int, float, bool, list."
    )
