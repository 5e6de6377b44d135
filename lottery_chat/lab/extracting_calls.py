"""From the text of a reply to the calls in it: JSON in any wrapping, or Python's form; nothing is ever run.

Stricter than the planner's own reader on purpose: what a model only talks about, the echo of an offered function and
a program around it are not calls.
"""

from __future__ import annotations

import ast
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

#: Longer replies are not searched any further.
_LONGEST = 20_000
#: A value has at most so many letters, unless the JSON reader finds its end.
_LONGEST_CALL = 4_000
#: Brackets at which a value is looked for; noise must not cost seconds.
_MOST_TRIED = 200
_ARGUMENTS = ("arguments", "parameters", "args", "input", "kwargs")
_LISTS = ("tool_calls", "calls", "function_calls", "tools")
_NAME = re.compile(r"[A-Za-z_][\w.\-]*")
_ENDS = ("</tool_call>", "```", "\n\n")
_CONSTANTS = {"true": True, "false": False, "null": None}

Call = tuple[str, dict[str, Any]]


def calls(text: str) -> list[Call] | None:
    """Return the calls of functions that stand in a reply, in order; None where there is nothing like a call.

    An empty list in the reply is an empty list here: no call, said outright. Arguments that Python's form gives by
    place have the names "0", "1", ….
    """
    text = text[:_LONGEST].strip()
    found: list[Call] = []
    for value in _values(text):
        found += _as_calls(value)
    if found:
        return found
    written = _python_calls(text)
    if written:
        return written
    return (
        [] if re.fullmatch(r"(?:```\w*\s*)?(?:<tool_call>\s*)?\[\s*\](?:\s*</tool_call>)?(?:\s*```)?", text) else None
    )


def _values(text: str) -> Iterator[Any]:
    """The JSON (or Python) objects and lists that stand in a text, outermost first."""
    decoder = json.JSONDecoder()
    at = 0
    for _ in range(_MOST_TRIED):
        places = [place for place in (text.find("{", at), text.find("[", at)) if place >= 0]
        if not places:
            return
        start = min(places)
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            value, end = _literal(text, start)
        if end == start:
            value, end = _unclosed(text, start)
        if end > start:
            yield value
        at = max(end, start + 1)


def _literal(text: str, start: int) -> tuple[Any, int]:
    """An object in Python's quotes."""
    end = _closing(text, start)
    if end:
        try:
            return _constant(ast.parse(text[start:end].strip(), mode="eval").body), end
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            pass
    return None, start


def _unclosed(text: str, start: int) -> tuple[Any, int]:
    """An object that lacks nothing but its last brace, as small models leave it before a tag, a fence or the end."""
    end = next((place for mark in _ENDS if (place := text.find(mark, start)) >= 0), len(text))
    if text[start] != "{" or end - start > _LONGEST_CALL or text[start:end].rstrip()[-1:] != "}":
        return None, start
    try:
        return json.loads(text[start:end] + "}"), end
    except (ValueError, RecursionError):
        return None, start


def _closing(text: str, start: int) -> int:
    """The place after the bracket that closes the one at `start`; 0 when none does."""
    depth, quote, skip = 0, "", False
    for place in range(start, min(len(text), start + _LONGEST_CALL)):
        sign = text[place]
        if skip:
            skip = False
        elif sign == "\\":
            skip = True
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "{[(":
            depth += 1
        elif sign in "}])":
            depth -= 1
            if depth == 0:
                return place + 1
    return 0


def _as_calls(value: Any) -> Iterator[Call]:
    if isinstance(value, list):
        for one in value:
            yield from _as_calls(one)
        return
    if not isinstance(value, dict):
        return
    for key in _LISTS:
        if isinstance(value.get(key), list):
            yield from _as_calls(value[key])
            return
    inner = value.get("function")
    if isinstance(inner, dict):
        yield from _as_calls(inner)
        return
    name = next(
        (value[key] for key in ("name", "function_name", "tool", "function") if isinstance(value.get(key), str)), None
    )
    if name is not None:
        arguments = _arguments(value)
        if arguments is not None and _NAME.fullmatch(name):
            yield name, arguments
        return
    if len(value) == 1:  # {"name_of_function": {…}}
        name, only = next(iter(value.items()))
        if isinstance(only, dict) and _NAME.fullmatch(name) and not _is_schema(only):
            yield name, only


def _arguments(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """The arguments of {"name", "arguments"}; None where this is no call but, say, a person or a declaration."""
    key = next((one for one in _ARGUMENTS if one in value), None)
    if key is None:
        return {} if set(value) <= {"name", "type", "id"} and value.get("type", "function") == "function" else None
    given = value[key]
    if isinstance(given, str):
        try:
            given = json.loads(given or "{}")
        except (ValueError, RecursionError):
            return None
    if given is None:
        return {}
    if not isinstance(given, dict) or _is_schema(given):
        return None
    return {str(name): one for name, one in given.items()}


def _is_schema(value: Mapping[str, Any]) -> bool:
    """Whether this declares parameters: the echo of an offered function."""
    return isinstance(value.get("properties"), dict) and "type" in value


def _python_calls(text: str) -> list[Call]:
    """Calls as Python writes them: a reply (or fence, or line of code) of nothing but calls, else calls with named
    arguments inside a sentence."""
    fenced = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    tagged = re.findall(r"<tool_call>(.*?)</tool_call>", text, re.DOTALL)
    for block in [*tagged, *fenced, text]:
        found = _only_calls(block.strip())
        if found:
            return found
    if fenced:
        return []  # a program that does more than call
    made = []
    for match in itertools.islice(re.finditer(r"(?<![\w.])[A-Za-z_][\w.]*\(", text), _MOST_TRIED):
        end = _closing(text, match.end() - 1)
        one = _expression(text[match.start() : end]) if end else None
        if one and one[0][1] and "0" not in one[0][1]:
            made += one
    return made


def _only_calls(block: str) -> list[Call]:
    """The calls of a block that holds nothing else; none if it holds anything else."""
    whole = _expression(block)
    if whole is not None:
        return whole
    made = []
    for line in block.splitlines():
        if line.strip():
            found = _expression(re.sub(r"^(?:\w+\s*=\s*(?=\w)|[-*\d.)]+\s+)", "", line.strip()).strip("`; "))
            if found is None:
                return []
            made += found
    return made


def _expression(text: str) -> list[Call] | None:
    """A call, a list of calls or calls with commas between; None for anything else."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    nodes = tree.elts if isinstance(tree, ast.List | ast.Tuple) else [tree]
    made = []
    for node in nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "print"
            and len(node.args) == 1
        ):
            node = node.args[0]
        if not isinstance(node, ast.Call):
            return None
        try:
            made.append(_call(node))
        except ValueError:
            return None
    return made or None


def _call(node: ast.Call) -> Call:
    name, at = [], node.func
    while isinstance(at, ast.Attribute):
        name.append(at.attr)
        at = at.value
    if not isinstance(at, ast.Name):
        raise ValueError("not a name")
    arguments = {str(place): _constant(one) for place, one in enumerate(node.args)}
    for keyword in node.keywords:
        if keyword.arg is None:
            raise ValueError("** has no names")
        arguments[keyword.arg] = _constant(keyword.value)
    return ".".join([at.id, *reversed(name)]), arguments


def _constant(node: ast.expr) -> Any:
    """The value of a literal; JSON's true, false and null count. Raises ValueError for anything that would run."""
    if isinstance(node, ast.Name) and node.id in _CONSTANTS:
        return _CONSTANTS[node.id]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [_constant(one) for one in node.elts]
    if isinstance(node, ast.Dict):
        return {str(_constant(key)): _constant(one) for key, one in zip(node.keys, node.values) if key is not None}
    try:
        return ast.literal_eval(node)
    except (TypeError, SyntaxError, RecursionError) as error:
        raise ValueError("not a literal") from error
