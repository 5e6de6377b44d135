"""Arguments of a call made to fit a tool's schema: repaired where that is safe, else refused naming what to give.

Every repair is noted, so that the trace shows what the model wrote and what was called. A value nobody wrote is never
invented: a missing argument is an error, and text that is not one number is refused.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.errors import ToolError
from tools.tool import Card

MOST_LETTERS, MOST_KEYS, MOST_ITEMS, MOST_DEPTH = 2_000_000, 100, 10_000, 4
_POINT = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3}){1,30}|\d{1,300})(?:\.\d{1,300})?(?:[eE][-+]?\d{1,3})?")
_COMMA = re.compile(
    r"[-+]?(?:\d{1,3}(?:\.\d{3}){2,30}|\d{1,3}(?:\.\d{3})+(?=,)|\d{1,300}),\d{1,300}|[-+]?\d{1,3}(?:\.\d{3}){2,30}"
)
_FRACTION = re.compile(r"([-+]?\d{1,15})\s?/\s?(\d{1,15})")
_SIGNS = " $€£¥%"
_BOOLEANS = {"true": True, "yes": True, "1": True, "on": True, "false": False, "no": False, "0": False, "off": False}


@dataclass(frozen=True, slots=True)
class Checked:
    """Arguments that fit the schema, and a note on each repair."""

    arguments: dict[str, Any]
    notes: tuple[str, ...] = ()


def check_arguments(card: Card, given: Mapping[str, Any] | str) -> Checked:
    """Return the arguments of a call made to fit a card's schema.

    Args:
        card: the tool's card.
        given: an object, its JSON, or (for a tool with one argument) just the value.

    Raises:
        ToolError: an argument is missing or cannot be read as its type; the message names it and an example of a call.
    """
    notes: list[str] = []
    arguments = _matched(card, _object(card, given, notes), notes)
    fitted: dict[str, Any] = {}
    for one in card.arguments:
        if one.name not in arguments or (arguments[one.name] is None and not one.required):
            if one.required:
                raise ToolError(f"{card.name} needs {one.name!r} ({one.description.rstrip('.')}); {_usage(card)}.")
            continue
        fitted[one.name] = _fitted(arguments[one.name], one.schema, one.name, card, notes, 0)
    return Checked(fitted, tuple(notes))


def _usage(card: Card) -> str:
    parts = [
        f"{one.name}: {one.schema.get('type', 'string')}{'' if one.required else ', optional'}"
        for one in card.arguments
    ]
    return f"give {{{'; '.join(parts)}}}"


def _object(card: Card, given: object, notes: list[str]) -> dict[str, Any]:
    if isinstance(given, str):
        if len(given) > MOST_LETTERS:
            raise ToolError(
                f"The arguments have {len(given):,} characters, at most {MOST_LETTERS:,} are read; shorten them."
            )
        parsed = _json(given)
        given = given if parsed is _NOTHING else parsed
    if isinstance(given, Mapping):
        if len(given) > MOST_KEYS:
            raise ToolError(f"{card.name} was given {len(given):,} arguments; {_usage(card)}.")
        found = {str(key): value for key, value in given.items()}
        # Models wrap arguments in what they remember of other formats.
        for wrapper in ("arguments", "parameters", "args", "kwargs"):
            inner = found.get(wrapper)
            if wrapper not in {one.name for one in card.arguments} and isinstance(inner, Mapping):
                notes.append(f"taken out of {wrapper!r}")
                return {str(key): value for key, value in inner.items()}
        return found
    needed = [one for one in card.arguments if one.required]
    alone = needed[0] if len(needed) == 1 else card.arguments[0] if len(card.arguments) == 1 else None
    if alone is None or given is None or given == "":
        raise ToolError(f"{_short(given)} is not an object of arguments; {_usage(card)}.")
    notes.append(f"taken as {alone.name!r}")
    return {alone.name: given}


_NOTHING = object()


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NOTHING


def _matched(card: Card, given: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """Bring keys to the card's names: without case and signs, then by the nearest name that is still free."""
    known = {_plain(one.name): one.name for one in card.arguments}
    found = {known[_plain(key)]: value for key, value in given.items() if _plain(key) in known}
    found |= {key: value for key, value in given.items() if key in known.values()}
    for key, value in given.items():
        if _plain(key) in known:
            continue
        free = [name for name in known if known[name] not in found]
        near = difflib.get_close_matches(_plain(key[:60]), free, n=1, cutoff=0.75)
        if near:
            notes.append(f"{key[:60]!r} taken as {known[near[0]]!r}")
            found[known[near[0]]] = value
        else:
            notes.append(f"{key[:60]!r} dropped: {card.name} has no such argument")
    return found


def _plain(name: str) -> str:
    return "".join(one for one in name.lower() if one.isalnum())


def _short(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 200:
        return "a giant number"
    if isinstance(value, Sequence | Mapping) and not isinstance(value, str) and len(value) > 8:
        return f"a {type(value).__name__} of {len(value):,}"
    try:
        text = repr(value[:60] if isinstance(value, str) else value)
    except ValueError:  # a giant number inside: its conversion to text is refused by Python
        text = f"a {type(value).__name__} with a giant number"
    return text[:70] + ("…" if len(text) > 70 else "")


def _fitted(value: Any, schema: Mapping[str, Any], name: str, card: Card, notes: list[str], depth: int) -> Any:
    if "enum" in schema:
        return _option(value, schema["enum"], name, notes)
    kind = schema["type"]
    if kind == "array":
        return _list(value, schema, name, card, notes, depth)
    if isinstance(value, list | tuple) and len(value) == 1:
        notes.append(f"{name}: the one item of the list was taken")
        value = value[0]
    if kind == "string":
        return _text(value, name, notes)
    if kind == "boolean":
        return _boolean(value, name, notes)
    number = _number(value, name, notes)
    if kind == "integer" and isinstance(number, float):
        if not number.is_integer():
            raise ToolError(f"{name} is {_short(value)}; {card.name} needs a whole number there.")
        notes.append(f"{name}: {number!r} read as {int(number)}")
        return int(number)
    return number


def _text(value: Any, name: str, notes: list[str]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        notes.append(f"{name}: {_short(value)} was written as text")
        # A giant int would raise on conversion (4,300 digits).
        if isinstance(value, int) and value.bit_length() > 3_300:
            raise ToolError(f"{name} is a giant number; give at most 1,000 digits.")
        return json.dumps(value)
    if isinstance(value, Mapping | list):
        notes.append(f"{name}: the structure was written as JSON")
        try:
            return json.dumps(value, ensure_ascii=False, default=str)
        except (ValueError, RecursionError):
            raise ToolError(f"{name} is {_short(value)}, which cannot be written as text; give a text.") from None
    raise ToolError(f"{name} is {_short(value)}; give a text in quotes.")


def _boolean(value: Any, name: str, notes: list[str]) -> bool:
    if isinstance(value, bool):
        return value
    found: bool | None = None
    if isinstance(value, str):
        found = _BOOLEANS.get(value[:20].strip().lower())
    elif isinstance(value, int) and value in (0, 1):
        found = value == 1
    if found is None:
        raise ToolError(f"{name} is {_short(value)}; give true or false.")
    notes.append(f"{name}: {value!r} read as {str(found).lower()}")
    return found


def _number(value: Any, name: str, notes: list[str]) -> int | float:
    """Read a number: "1,234" as thousands (three digits follow), "3,5" as a decimal comma; either is noted."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ToolError(f"{name} is {_short(value)}; give a number such as 12.5.")
    if isinstance(value, str):
        found = _written(value, name)
        notes.append(f"{name}: {value.strip()[:40]!r} read as {found}")
        return found
    if isinstance(value, float) and not math.isfinite(value):
        raise ToolError(f"{name} is {value!r}, which is not a finite number; give a number such as 12.5.")
    if isinstance(value, int) and value.bit_length() > 3_400:
        raise ToolError(f"{name} is a giant number; give at most 1,000 digits.")
    return value


def _written(text: str, name: str) -> int | float:
    if len(text) > 700:
        raise ToolError(f"{name} is a text of {len(text):,} characters; give a number such as 12.5.")
    bare = text.strip().strip(_SIGNS).replace("−", "-").replace("\u00a0", "").replace("\u202f", "").replace("_", "")
    fraction = _FRACTION.fullmatch(bare)
    if not bare.isascii() or not any(one.isdigit() for one in bare):
        raise ToolError(f"{name} is {_short(text)}; give a number such as 12.5, in digits.")
    if fraction and int(fraction[2]):
        return _finite(int(fraction[1]) / int(fraction[2]), text, name)
    # 1,234 is thousands; 0,123 can only be a decimal.
    if _POINT.fullmatch(bare) and not bare.lstrip("+-").startswith("0,"):
        plain = bare.replace(",", "")
        return _finite(float(plain), text, name) if set(plain) & set(".eE") else int(plain)
    if _COMMA.fullmatch(bare):
        plain = bare.replace(".", "").replace(",", ".")
        return float(plain) if "." in plain else int(plain)
    raise ToolError(
        f"{name} is {_short(text)}, which is not one number; give digits with a decimal point, such as 12.5."
    )


def _finite(value: float, text: str, name: str) -> float:
    if not math.isfinite(value):
        raise ToolError(f"{name} is {_short(text)}, beyond what is computed; give a smaller number.")
    return value


def _option(value: Any, options: Sequence[str], name: str, notes: list[str]) -> str:
    if isinstance(value, str) and value in options:
        return value
    if not isinstance(value, str):
        raise ToolError(f"{name} is {_short(value)}; choose one of {', '.join(options)}.")
    text = " ".join(value[:80].lower().replace("_", " ").replace("-", " ").split())
    plain = {" ".join(one.lower().replace("_", " ").split()): one for one in options}
    near = [text] if text in plain else [one for one in plain if text and one.startswith(text)]
    if len(near) != 1:
        near = difflib.get_close_matches(text, list(plain), n=2, cutoff=0.7)
    if len(near) == 2 and _likeness(text, near[0]) > _likeness(text, near[1]):
        near = near[:1]
    if len(near) != 1:
        raise ToolError(f"{name} is {_short(value)}; choose one of {', '.join(options)}.")
    notes.append(f"{name}: {_short(value)} read as {plain[near[0]]!r}")
    return plain[near[0]]


def _likeness(one: str, two: str) -> float:
    return difflib.SequenceMatcher(None, one, two).ratio()


def _list(value: Any, schema: Mapping[str, Any], name: str, card: Card, notes: list[str], depth: int) -> list[Any]:
    items = schema["items"]
    if isinstance(value, str):
        value = _split(value, items, name, notes)
    elif isinstance(value, bool | int | float):
        notes.append(f"{name}: {_short(value)} was put in a list")
        value = [value]
    elif isinstance(value, set | tuple):
        value = list(value)
    if not isinstance(value, list):
        raise ToolError(f"{name} is {_short(value)}; give a list such as [1, 2, 3].")
    if len(value) > MOST_ITEMS:
        raise ToolError(f"{name} has {len(value):,} items, at most {MOST_ITEMS:,} are taken; give a part of them.")
    if depth > MOST_DEPTH:
        raise ToolError(f"{name} nests too deeply; give a plain list.")
    before = len(notes)
    found = [_fitted(one, items, f"{name}[{at}]", card, notes, depth + 1) for at, one in enumerate(value)]
    if len(notes) - before > 3:
        notes[before:] = [
            *notes[before : before + 2],
            f"{name}: {len(notes) - before - 2} more items were read likewise",
        ]
    return found


def _split(text: str, items: Mapping[str, Any], name: str, notes: list[str]) -> list[Any]:
    """Read a list out of text: JSON, else parts between semicolons, lines or commas; "and" before the last one."""
    parsed = _json(text) if text.lstrip().startswith(("[", "{")) else _NOTHING
    notes.append(f"{name}: a list was read out of the text")
    if isinstance(parsed, list):
        return parsed
    if items["type"] == "array":
        raise ToolError(f"{name} is {_short(text)}; give rows of numbers such as [[1, 2], [3, 4]].")
    bare = text.strip().strip("[](){}")
    mark = next((one for one in (";", "\n", ", ", ",") if one in bare), None)
    if items["type"] != "string":
        mark = mark or " "
        bare = bare.replace(" and ", mark)
    elif " and " in bare:
        head, _, last = bare.rpartition(" and ")
        mark = mark or ", "
        bare = f"{head.rstrip(', ')}{mark}{last}" if mark.strip() != "," or "," in head or " and " not in head else bare
    parts = [one.strip().strip("\"'") for one in bare.split(mark)] if mark else [bare]
    return [one for one in parts if one]
