"""Function calls as text and back: read offered functions, find the calls in a reply, fit arguments to their schema.

Pure code, no model. A schema is JSON Schema as function calling uses it; the type names of Python ("dict", "float",
"tuple", "any"), which many lists of functions carry, are read as well.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lottery_chat.planner.call_json import read_lenient

_TYPES = {
    "dict": "object", "hashmap": "object", "float": "number", "double": "number", "tuple": "array", "list": "array",
    "int": "integer", "long": "integer", "bool": "boolean", "str": "string", "char": "string",
}  # fmt: skip
_KNOWN_TYPES = frozenset({"object", "array", "string", "integer", "number", "boolean", "null"})
#: Replies longer than this are not searched for calls any further; a call has a few hundred characters.
_LONGEST = 20_000
#: Brackets at which an object is looked for; noise must not cost seconds.
_MOST_TRIED = 200


@dataclass(frozen=True, slots=True)
class Function:
    """An offered function: `schema` is that of its arguments, an object with the type names of JSON Schema."""

    name: str
    about: str
    schema: Mapping[str, Any]

    @property
    def properties(self) -> Mapping[str, Any]:
        """The arguments it takes, by name."""
        return self.schema["properties"]  # type: ignore[no-any-return]

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the arguments it cannot do without."""
        return tuple(self.schema["required"])

    def declared(self) -> str:
        """The one line of JSON with which a function is declared to the model."""
        function = {"name": self.name, "description": self.about, "parameters": self.schema}
        return json.dumps({"type": "function", "function": function}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A call that stands in a reply, arguments as they were written."""

    name: str
    arguments: Mapping[str, Any]


# -- offered functions -------------------------------------------------------------------------------------------


def read_functions(tools: Sequence[Mapping[str, Any]]) -> tuple[Function, ...]:
    """The functions that are offered, as they are or wrapped as {"type": "function", "function": …}.

    What has no name, or a name that came before, is left out.
    """
    found: dict[str, Function] = {}
    for tool in tools:
        inner = tool.get("function")
        one = inner if isinstance(inner, Mapping) else tool
        name = str(one.get("name") or "").strip()
        if name and name not in found:
            found[name] = Function(name, str(one.get("description") or "").strip(), _object(one.get("parameters")))
    return tuple(found.values())


def _object(schema: Any) -> dict[str, Any]:
    read = _schema(schema) if isinstance(schema, Mapping) else {}
    properties: Any = read.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    listed = read.get("required")
    required = [name for name in listed if name in properties] if isinstance(listed, list | tuple) else []
    return {"type": "object", "properties": properties, "required": required}


def _schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema with the type names of JSON Schema, at every depth."""
    read: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "type" and isinstance(value, str):
            named = _TYPES.get(value.lower(), value.lower())
            if named in _KNOWN_TYPES:  # "any" is no type: then nothing is said
                read[key] = named
        elif key == "properties" and isinstance(value, Mapping):
            read[key] = {str(name): _schema(one) for name, one in value.items() if isinstance(one, Mapping)}
        elif isinstance(value, Mapping) and key in ("items", "additionalProperties"):
            read[key] = _schema(value)
        else:
            read[key] = value
    return read


# -- calls in a reply --------------------------------------------------------------------------------------------


def read_calls(text: str, functions: Sequence[Function], *, any_name: bool = False) -> tuple[Call, ...]:
    """The calls that stand in a reply, in order, each once: JSON in any wrapping, else Python's form.

    Only calls of the given functions count (with `any_name` also of functions that do not exist); a name is also
    known without its prefix, or with other separators.
    """
    text = text[:_LONGEST]
    found = [call for value in _values(text) for call in _as_calls(value, functions, any_name)]
    if not found:
        found = list(_python_calls(text, functions))
    unique: dict[str, Call] = {}
    for call in found:
        unique.setdefault(json.dumps([call.name, call.arguments], sort_keys=True, default=str), call)
    return tuple(unique.values())


def function_named(name: str, functions: Sequence[Function]) -> Function | None:
    """The function a written name means: exactly, else without regard to separators, else by its last part."""
    folded = _folded(name)
    for same in (
        lambda one: one.name == name,
        lambda one: _folded(one.name) == folded,
        lambda one: _folded(one.name.split(".")[-1]) == _folded(name.split(".")[-1]),
    ):
        fits = [one for one in functions if same(one)]
        if len(fits) == 1:
            return fits[0]
    return None


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _values(text: str) -> Iterator[Any]:
    """The JSON (or Python) objects and lists that stand in a text, outermost first."""
    decoder = json.JSONDecoder()
    at = 0
    for _ in range(_MOST_TRIED):
        start = _next_bracket(text, at)
        if start < 0:
            return
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            value, end = _mended(text, start)
        if end > start:
            yield value
            at = end
        else:
            at = start + 1


def _next_bracket(text: str, at: int) -> int:
    places = [place for place in (text.find("{", at), text.find("[", at)) if place >= 0]
    return min(places, default=-1)


def _mended(text: str, start: int) -> tuple[Any, int]:
    """An object that is nearly JSON: Python's quotes and constants, a comma too many, a brace too few at the end."""
    end = _closing(text, start)
    written = text[start:end] if end else ""
    if not written:
        line = text[start:].split("</tool_call>")[0].strip()
        depth = line.count("{") - line.count("}")
        if text[start] != "{" or not 0 < depth <= 3 or '"name"' not in line:
            return None, start
        written, end = line + "}" * depth, start + len(line)
    for read in (json.loads, ast.literal_eval):
        try:
            return read(written), end
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
    if '"name"' not in written and "'name'" not in written:
        return None, start
    try:
        return read_lenient(written)[0], end
    except ValueError:
        return None, start


def _closing(text: str, start: int) -> int:
    """The place after the bracket that closes the one at `start`; 0 when none does."""
    depth, quote = 0, ""
    skip = False
    for place in range(start, len(text)):
        letter = text[place]
        if skip:
            skip = False
        elif letter == "\\":
            skip = True
        elif quote:
            quote = "" if letter == quote else quote
        elif letter == '"':
            quote = letter
        elif letter in "{[":
            depth += 1
        elif letter in "}]":
            depth -= 1
            if depth == 0:
                return place + 1
    return 0


def _as_calls(value: Any, functions: Sequence[Function], any_name: bool) -> Iterator[Call]:
    if isinstance(value, list):
        for one in value:
            yield from _as_calls(one, functions, any_name)
        return
    if not isinstance(value, dict):
        return
    for key in ("tool_calls", "calls", "function_calls"):
        if isinstance(value.get(key), list):
            yield from _as_calls(value[key], functions, any_name)
            return
    inner = value.get("function")
    if isinstance(inner, dict):
        yield from _as_calls(inner, functions, any_name)
        return
    name = value.get("name") or value.get("function_name") or inner
    arguments = next((value[key] for key in ("arguments", "parameters", "args") if key in value), None)
    if isinstance(arguments, str):
        arguments = next(iter(_values(arguments)), None)
    function = function_named(name, functions) if isinstance(name, str) else None
    if function is not None and (isinstance(arguments, dict) or arguments is None):
        yield Call(function.name, {str(key): one for key, one in (arguments or {}).items()})
    elif any_name and isinstance(name, str) and isinstance(arguments, dict):
        yield Call(name, {str(key): one for key, one in arguments.items()})
    elif name is None and len(value) == 1:
        # {"name_of_function": {…}}
        key, only = next(iter(value.items()))
        function = function_named(str(key), functions)
        if function is not None and isinstance(only, dict):
            yield Call(function.name, {str(key): one for key, one in only.items()})


def _python_calls(text: str, functions: Sequence[Function]) -> Iterator[Call]:
    """Calls written as Python does, name(argument=value); nothing is run, only constants are read."""
    for match in re.finditer(r"([A-Za-z_][\w.]*)\(", text):
        function = function_named(match.group(1), functions)
        end = _parenthesis(text, match.end() - 1)
        if function is None or not end:
            continue
        try:
            tree = ast.parse("f" + text[match.end() - 1 : end], mode="eval").body
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(tree, ast.Call):
            arguments = dict(_constants(tree, tuple(function.properties)))
            if arguments or not function.required:
                yield Call(function.name, arguments)


def _constants(tree: ast.Call, names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    pairs = list(zip(names, tree.args, strict=False)) + [(one.arg, one.value) for one in tree.keywords]
    for name, value in pairs:
        try:
            if name:
                yield name, ast.literal_eval(value)
        except (ValueError, TypeError, RecursionError):
            continue


def _parenthesis(text: str, start: int) -> int:
    depth, quote = 0, ""
    for place in range(start, min(len(text), start + 2_000)):
        letter = text[place]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return place + 1
    return 0


def written(calls: Sequence[Call]) -> str:
    """The calls as compact JSON: [{"name": …, "arguments": {…}}, …]."""
    listed = [{"name": call.name, "arguments": dict(call.arguments)} for call in calls]
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":"))


def shown(call: Call) -> str:
    """A call as a person reads it: name(argument=value, …)."""
    inner = ", ".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in call.arguments.items())
    return f"{call.name}({inner})"
