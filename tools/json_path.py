"""Paths into JSON in a small own language: $.shop.items[0].price, [*], ..name, [1:3], [?price < 10].

No expression is evaluated beyond one comparison of a key with a number, a text in quotes, true, false or null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.errors import ToolError
from tools.shelf.values import JSON

MOST_LETTERS, MOST_FOUND, MOST_DEPTH = 2_000_000, 1_000, 200
_STEP = re.compile(
    r"(?P<deep>\.\.)?(?:\.?(?P<key>[^\W\d][\w-]{0,99})|\.(?P<star>\*)|\[(?P<all>\*)\]|\[(?P<index>-?\d{1,9})\]"
    r"|\[(?P<low>-?\d{0,9}):(?P<high>-?\d{0,9})\]|\[(?:'(?P<single>[^']{0,200})'|\"(?P<double>[^\"]{0,200})\")\]"
    r"|\[\?\s{0,9}@?\.?(?P<field>[^\W\d][\w-]{0,99})\s{0,9}(?P<compare>==?|!=|<=?|>=?)\s{0,9}(?P<value>[^\]]{1,200})\])"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A value found, and the plain path that leads to it."""

    path: str
    value: JSON


def read_json(text: str) -> JSON:
    """Parse JSON.

    Raises:
        ToolError: no JSON (the place is named), NaN or Infinity in it, or too long or deep.
    """
    if len(text) > MOST_LETTERS:
        raise ToolError(f"The document has {len(text):,} characters, at most {MOST_LETTERS:,} are read; give a part.")
    try:
        found: JSON = json.loads(text, parse_constant=_refused)
    except json.JSONDecodeError as error:
        raise ToolError(
            f"This is no JSON: {error.msg} in line {error.lineno}, column {error.colno}; correct it."
        ) from None
    except ValueError as error:
        raise ToolError(f"The JSON holds a number that cannot be read ({str(error)[:80]}); correct it.") from None
    except RecursionError:
        raise ToolError(f"The JSON nests too deeply; at most {MOST_DEPTH} levels are read.") from None
    return found


def _refused(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def find_places(document: JSON, path: str) -> list[Place]:
    """Return the values a path leads to, at most 1,000.

    Raises:
        ToolError: the path cannot be read, or leads nowhere (the keys that are there are named).
    """
    places = [Place("$", document)]
    text = path.strip().removeprefix("$")
    at = 0
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None:
            raise ToolError(f"The path cannot be read at {text[at:][:40]!r}; write it as $.items[0].name or $..name.")
        sources = [below for one in places for below in _below(one)] if step["deep"] else places
        following = []
        for one in sources:
            following += _taken(one, step)
            if len(following) > MOST_FOUND:
                raise ToolError(f"{path[:60]!r} leads to more than {MOST_FOUND:,} values; choose a narrower path.")
        if not following:
            raise ToolError(f"{step[0]!r} leads nowhere; {_described(places)}.")
        places, at = following, step.end()
    return places


def _described(places: list[Place]) -> str:
    value = places[0].value
    if isinstance(value, dict):
        return f"at {places[0].path} there is an object with the keys {', '.join(list(value)[:20]) or '(none)'}"
    if isinstance(value, list):
        return f"at {places[0].path} there is a list of {len(value):,}"
    return f"at {places[0].path} there is the value {json.dumps(value)[:60]}"


def _below(start: Place) -> Iterator[Place]:
    """A place and all places below it, without recursion; bounded."""
    waiting, count = [(start, 0)], 0
    while waiting:
        one, depth = waiting.pop()
        yield one
        count += 1
        if count > 200_000 or depth > MOST_DEPTH:
            raise ToolError("The document is too large or deep for '..'; name the keys that lead there.")
        waiting += [(below, depth + 1) for below in reversed(_children(one))]


def _children(one: Place) -> list[Place]:
    if isinstance(one.value, dict):
        return [Place(f"{one.path}.{key}", value) for key, value in one.value.items()]
    if isinstance(one.value, list):
        return [Place(f"{one.path}[{at}]", value) for at, value in enumerate(one.value)]
    return []


def _taken(one: Place, step: re.Match[str]) -> list[Place]:
    value = one.value
    key = next((step[name] for name in ("key", "single", "double") if step[name] is not None), None)
    if key is not None:
        return [Place(f"{one.path}.{key}", value[key])] if isinstance(value, dict) and key in value else []
    if step["star"] or step["all"]:
        return _children(one)
    if step["field"]:
        return [below for below in _children(one) if _meets(below.value, step)]
    if not isinstance(value, list):
        return []
    if step["index"] is not None:
        at = int(step["index"])
        return [Place(f"{one.path}[{at % len(value)}]", value[at])] if -len(value) <= at < len(value) else []
    low, high = (int(step[name]) if step[name] not in ("", "-") else None for name in ("low", "high"))
    return _children(one)[low:high]


def _meets(value: JSON, step: re.Match[str]) -> bool:
    if not isinstance(value, dict) or step["field"] not in value:
        return False
    have, wanted = value[step["field"]], _wanted(step["value"].strip())
    sign = step["compare"]
    if sign in ("=", "=="):
        return have == wanted
    if sign == "!=":
        return have != wanted
    if isinstance(have, bool) or isinstance(wanted, bool):
        return False
    if isinstance(have, int | float) and isinstance(wanted, int | float):
        return _ordered((have > wanted) - (have < wanted), sign)
    return isinstance(have, str) and isinstance(wanted, str) and _ordered((have > wanted) - (have < wanted), sign)


def _ordered(difference: int, sign: str) -> bool:
    return {"<": difference < 0, "<=": difference <= 0, ">": difference > 0, ">=": difference >= 0}[sign]


def _wanted(text: str) -> JSON:
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1]
    try:
        found: JSON = json.loads(text, parse_constant=_refused)
    except ValueError:
        return text
    return found
