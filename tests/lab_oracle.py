"""The reply of somebody who knows the gold, in the form of each judge: what must be judged right."""

from __future__ import annotations

import json
from typing import Any

from lottery_chat.lab.values import Item, Replied


def oracle(judge: str, item: Item) -> Replied:
    """A right reply to an item of this judge."""
    return _reply(judge, item.gold)


def _reply(judge: str, gold: Any) -> Replied:
    if judge == "each":
        return _reply(gold["judge"], gold["gold"])
    if judge == "retrieval":
        best = sorted(gold["relevant"], key=lambda key: -gold["relevant"][key])
        return Replied(" ".join(best), None, "answered", tuple(best))
    return Replied(_text(judge, gold), None, "answered")


def _text(judge: str, gold: Any) -> str:
    if judge == "numeric":
        return f"The answer is {gold!r}."
    if judge == "letter":
        return f"The correct answer is ({gold['letter']})."
    if judge == "sequence":
        return (", " if gold["kind"] != "brackets" else " ").join(gold["tokens"])
    if judge == "calls":
        return json.dumps([_call(one) for one in gold["calls"]]) if gold["expect"] else "None of these functions fits."
    if judge == "short_answers":
        return " and ".join(accepted[0] for accepted in gold)
    if judge == "everyday":
        return "\n".join(group[0] for group in gold["must"])
    if not gold:
        return "The text does not say."
    return " and ".join(gold) if judge == "all_contained" else str(gold[0])


def _call(wanted: dict[str, Any]) -> dict[str, Any]:
    ((name, arguments),) = wanted.items()
    return {"name": name, "arguments": _filled(arguments)}


def _filled(arguments: dict[str, Any]) -> dict[str, Any]:
    return {key: _plain(values[0]) for key, values in arguments.items() if values and values[0] != ""}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return _filled(value)
    return [_plain(one) for one in value] if isinstance(value, list) else value
