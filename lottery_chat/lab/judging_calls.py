"""Whether the calls in a reply are the ones that were wanted, as the Berkeley function-calling leaderboard compares.

One accepted value for each argument ("" among them: it may be left out), no further argument, no further call, calls
in any order. Strings are compared without case, spaces and the signs , . / - _ * ^; 5 and 5.0 are the same number; a
number is not its string.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lottery_chat.lab.extracting_calls import calls
from lottery_chat.lab.extracting_unsaid import not_said
from lottery_chat.lab.values import Item, Replied, Verdict

Call = tuple[str, dict[str, Any]]

#: Signs that a reply tried to call and was cut off or badly formed.
_TRIED = re.compile(r"<tool_call>|\"name\"\s*:|'name'\s*:|\"arguments\"")


def judge_calls(item: Item, reply: Replied) -> Verdict:
    """Gold: {"expect": whether a call is right at all, "calls": [{function: {argument: [accepted values]}}]}.

    Where none is expected, asking back or declining is right. Where one is expected, words without a call are wrong.
    """
    empty = not (reply.text.strip() or (reply.answer or "").strip())
    if empty or reply.status in ("failed", "stopped") or (reply.status == "asked_back" and item.gold["expect"]):
        return Verdict("no_answer", 0.0)
    said = _calls(reply)
    tried = said is None and _tried(reply, item)
    if not item.gold["expect"]:
        if tried:
            return Verdict("unjudged", 0.0)
        return _verdict(not said, said or [], {"no_call": float(not said)})
    wanted = [next(iter(call.items())) for call in item.gold["calls"]]
    if not said:
        nothing = {"name": 0.0, "arguments": 0.0, "count": 0.0}
        if len({_name(name) for name, _ in wanted}) > 1:
            nothing["order"] = 0.0
        if tried:
            return Verdict("unjudged", 0.0, measures=nothing)
        declined = said == [] or reply.status == "not_in_documents" or not_said(reply.text)
        return Verdict("no_answer" if declined else "wrong", 0.0, "" if declined else reply.text[:200], nothing)
    said = [_by_name(call, item) for call in said]
    matched = _most_matched(wanted, said)
    names = Counter(_name(name) for name, _ in said) == Counter(_name(name) for name, _ in wanted)
    count = len(said) == len(wanted)
    measures = {"name": float(names), "arguments": matched / len(wanted), "count": float(count)}
    if len({_name(name) for name, _ in wanted}) > 1:  # the order shows only where the names differ
        measures["order"] = float([_name(name) for name, _ in said] == [_name(name) for name, _ in wanted])
    return _verdict(count and matched == len(wanted), said, measures)


def _calls(reply: Replied) -> list[Call] | None:
    """The calls of the short answer, else of the whole reply."""
    for text in (reply.answer, reply.text):
        if text is not None and text.strip():
            found = calls(text)
            if found is not None:
                return found
    return None


def _tried(reply: Replied, item: Item) -> bool:
    text = f"{reply.answer or ''}\n{reply.text}"
    return bool(_TRIED.search(text)) or any(f"{tool['name']}(" in text for tool in item.tools)


def _verdict(right: bool, said: Sequence[Call], measures: Mapping[str, float]) -> Verdict:
    shown = "; ".join(
        f"{name}({', '.join(f'{key}={value!r}' for key, value in given.items())})" for name, given in said
    )
    return Verdict("right" if right else "wrong", float(right), shown[:400] or "no call", measures)


def _by_name(call: Call, item: Item) -> Call:
    """Arguments given by place get the names that the offered function has at these places."""
    name, given = call
    if not any(key.isdigit() for key in given):
        return call
    tool = next((one for one in item.tools if _name(one["name"]) == _name(name)), None)
    names = list(tool["parameters"].get("properties", {})) if tool else []
    return name, {
        names[int(key)] if key.isdigit() and int(key) < len(names) else key: one for key, one in given.items()
    }


def _name(name: str) -> str:
    """Some servers allow no full stop in a name."""
    return name.replace(".", "_")


def _most_matched(wanted: Sequence[tuple[str, Mapping[str, Any]]], said: Sequence[Call]) -> int:
    """How many wanted calls can be met by different calls of the reply: augmenting paths, as for any matching."""
    fits = [[place for place, call in enumerate(said) if _same_call(one, call)] for one in wanted]
    taken: dict[int, int] = {}

    def place_for(index: int, seen: set[int]) -> bool:
        for place in fits[index]:
            if place not in seen:
                seen.add(place)
                if place not in taken or place_for(taken[place], seen):
                    taken[place] = index
                    return True
        return False

    return sum(place_for(index, set()) for index in range(len(wanted)))


def _same_call(wanted: tuple[str, Mapping[str, Any]], call: Call) -> bool:
    return _name(wanted[0]) == _name(call[0]) and _same_arguments(wanted[1], call[1])


def _same_arguments(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    if not set(given) <= set(wanted):
        return False
    return all(_accepted(given[key], values) if key in given else "" in values for key, values in wanted.items())


def _accepted(value: Any, values: Sequence[Any]) -> bool:
    return any(_same(value, one) for one in values)


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(value, dict) and _same_arguments(wanted, value)
    if isinstance(wanted, list):
        return isinstance(value, list) and len(value) == len(wanted) and all(map(_same, value, wanted))
    if isinstance(wanted, str):
        return isinstance(value, str) and _squeezed(value) == _squeezed(wanted)
    if isinstance(wanted, bool) or isinstance(value, bool):
        return value is wanted
    if isinstance(wanted, int | float):
        return isinstance(value, int | float) and abs(value - wanted) <= 1e-9 * max(1.0, abs(wanted))
    return bool(value == wanted)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s,./\-_*^]", "", text).casefold().replace("'", '"')
