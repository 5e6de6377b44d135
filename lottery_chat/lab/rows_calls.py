"""Rows of the data sets of function calls: the functions as JSON Schema, alone or among many."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from lottery_chat.lab.fields import Row, objects, text, truth
from lottery_chat.lab.rows import Read
from lottery_chat.lab.values import Item

#: Names of types as lists of functions carry them, and as JSON Schema calls them; "any" is no type.
_TYPES = {"dict": "object", "float": "number", "tuple": "array", "list": "array", "int": "integer", "str": "string"}


def functions(row: Row) -> Item:
    """A request with offered functions; gold: {"expect", "calls"}, each call {name: {argument: accepted values}}."""
    said = [text(message, "content").strip() for message in objects(row, "messages")]
    expect = truth(row, "expect_call")
    calls = objects(row, "answer", empty=not expect)
    for call in calls:
        if len(call) != 1 or not all(isinstance(one, dict) for one in call.values()):
            raise ValueError("the field 'answer' is not a list of {function: {argument: [accepted values]}}")
    tools = tuple(_declared(one) for one in objects(row, "functions"))
    return Item(text(row, "id"), "\n\n".join(said), {"expect": expect, "calls": calls}, tools=tools, band=text(row, "category"))  # fmt: skip


#: So many functions an item of `among_many` is offered.
MANY = 12


def among_many(pool: Callable[[], Sequence[Row]]) -> Read:
    """Like `functions`, with functions of other items put beside the offered ones, in an order by hash.

    Left out are those that share a word of their name with an offered function or with the request: they might fit.
    """

    def read(row: Row) -> Item:
        item = functions(row)
        own = {str(one["name"]) for one in item.tools}
        taken = _name_words(" ".join([*own, item.question]))
        others = [one for one in pool() if one["name"] not in own and not _name_words(str(one["name"])) & taken]
        others.sort(key=lambda one: _place(item.id, str(one["name"])))
        offered = [*item.tools, *map(_declared, others[: MANY - len(item.tools)])]
        offered.sort(key=lambda one: _place(f"{item.id} order", str(one["name"])))
        return replace(item, tools=tuple(offered))

    return read


def _name_words(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[a-z]{3,}", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower())}


def _place(seed: str, name: str) -> str:
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()


def _declared(function: Row) -> dict[str, Any]:
    parameters = function.get("parameters")
    return {
        "name": text(function, "name"), "description": str(function.get("description") or ""),
        "parameters": _schema(parameters) if isinstance(parameters, dict) else {"type": "object", "properties": {}},
    }  # fmt: skip


def _schema(schema: Row) -> dict[str, Any]:
    """A schema with the type names of JSON Schema, at every depth; an argument may itself be called "type"."""
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "type" and isinstance(value, str):
            if value != "any":
                made[key] = _TYPES.get(value, value)
        elif key == "properties" and isinstance(value, dict):
            made[key] = {name: _schema(one) if isinstance(one, dict) else one for name, one in value.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            made[key] = _schema(value)
        else:
            made[key] = value
    return made
