"""Look a key up in a list of facts (a JSON object, "key: value" lines) by code, with the place where it stands.

A small model copies the wrong one of a hundred look-alike keys; code does not. Only questions that are a look-up and
nothing else are read: whatever word of the question is neither the key nor a word of looking up leaves it to others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

#: Fewer lines than this are no list.
LEAST = 3
_LINE = re.compile(
    r"^[ \t]*(?:[-*•]\s+)?[\"']?([^\s:=|\"'][^:=|\t\"']{0,79}?)[\"']?[ \t]*(?::|=|\t|→|->)[ \t]*(\S.*?)[ \t]*,?$"
)
_LOOKING_UP = frozenset(
    "what which is are was the a an value values of for key keys in this that json object dictionary list table record "
    "records entry entries field fields please give me tell look up find belongs belong to has have does stored under with "
    "whose map mapped maps corresponds correspond text above below data file from show return get its it s and there "
    "listed lists list's pair pairs number word string saved stand stands given lines line".split()
)
_COUNTS = re.compile(r"\bhow many (?:different )?(?:keys|entries|records|pairs|fields|key-value pairs)\b", re.I)
_REVERSE = re.compile(r"\b(?:which|what) (?:key|entry|record|field)s?\b", re.I)
_NAMED = re.compile(r"[\"“„']([^\"”“']{1,80})[\"”“']|(?<![\w-])([\w-]*\d[\w-]*)(?![\w-])")


@dataclass(frozen=True, slots=True)
class Record:
    """A key with its value, both as text; `line` counts from 1 in the text, `quote` is how it stands there."""

    key: str
    value: str
    line: int
    quote: str


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What was found: `records` are the places, `total` how many were read; none means that there is no such key."""

    answer: str
    records: tuple[Record, ...]
    total: int
    asked: str

    @property
    def check(self) -> str:
        """How it is known, as a sentence."""
        if not self.records:
            return f"looked up by code: {self.asked!r} is none of the {self.total} keys"
        lines = ", ".join(str(one.line) for one in self.records[:6])
        return f"looked up by code among {self.total} records; line {lines} of the text"


def read_records(text: str) -> tuple[Record, ...]:
    """The records of a text that is a list of facts; empty for any other text."""
    return _from_json(text) or _from_lines(text)


def look_up(asked: str, text: str) -> LookedUp | None:
    """Answer a question that asks for the value of a key (or the key of a value, or how many there are)."""
    if len(asked) > 400 or not (records := read_records(text)):
        return None
    if _COUNTS.search(asked) and not _left_over(_COUNTS.sub(" ", asked)):
        return LookedUp(str(len(records)), (), len(records), "") if len(records) else None
    reverse = _REVERSE.search(asked) is not None
    found = _named(asked, records, reverse)
    if len({one.key.lower() for one in found}) > 1 and not reverse:
        said = "; ".join(f"{one.key}: {one.value}" for one in found)
        return LookedUp(said, tuple(found), len(records), ", ".join(one.key for one in found))
    if found:
        values = list(dict.fromkeys(one.key if reverse else one.value for one in found))
        return LookedUp("; ".join(values), tuple(found), len(records), found[0].key)
    return _not_there(asked, records, reverse)


def _named(asked: str, records: Sequence[Record], reverse: bool) -> list[Record]:
    """The records whose keys (or values) the question names, if it asks for nothing else."""
    low = asked.lower()
    names = {(one.value if reverse else one.key).lower() for one in records}
    there = [name for name in names if name and name in low and _stands(name, low)]
    longest = {name for name in there if not any(name != other and name in other for other in there)}
    if not longest or (reverse and len(longest) > 1) or _left_over(low, *longest):
        return []
    return [one for one in records if (one.value if reverse else one.key).lower() in longest]


def _stands(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def _left_over(text: str, *names: str) -> bool:
    """Whether the question says more than a look-up of these names."""
    rest = text
    for name in sorted(names, key=len, reverse=True):
        rest = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", " ", rest)
    return bool(set(re.findall(r"[^\W_]+", rest.lower())) - _LOOKING_UP)


def _not_there(asked: str, records: Sequence[Record], reverse: bool) -> LookedUp | None:
    """A look-up of a key that no record has: code has seen them all."""
    named = [match.group(1) or match.group(2) for match in _NAMED.finditer(asked)]
    if len(named) != 1 or reverse or _left_over(asked.lower(), named[0].lower()) or "value" not in asked.lower():
        return None
    return LookedUp("", (), len(records), named[0])


# -- JSON --------------------------------------------------------------------------------------------------------


class _Pairs(list[tuple[str, Any]]):
    """An object's pairs as written: a key that comes twice is kept twice."""


def _from_json(text: str) -> tuple[Record, ...]:
    at = text.find("{")
    # A text around the object is allowed only as a heading: the object must be what was pasted.
    if at < 0 or at > 400:
        return ()
    try:
        value, end = json.JSONDecoder(object_pairs_hook=_Pairs).raw_decode(text, at)
        if not isinstance(value, _Pairs) or len(text[end:].strip()) > 400:
            return ()
        leaves = list(_leaves(value, ""))
    except (ValueError, RecursionError):
        return ()
    records, position = [], at
    for path, key, said in leaves:
        written = json.dumps(key, ensure_ascii=False)
        here = text.find(written, position)
        here = here if here >= 0 else text.find(json.dumps(key), position)
        position = here + len(written) if here >= 0 else position
        start, stop = text.rfind("\n", 0, max(here, 0)) + 1, text.find("\n", max(here, 0))
        line = text[start : stop if stop >= 0 else len(text)].strip()
        quote = line.rstrip(",") if len(line) <= 300 else f"{written}: {said}"
        records.append(Record(path, said, text.count("\n", 0, max(here, 0)) + 1, quote))
    return tuple(records) if len(records) >= LEAST else ()


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str, str]]:
    pairs = value if isinstance(value, _Pairs) else list(enumerate(value))
    for key, inner in pairs:
        name = f"{path}.{key}" if path else str(key)
        if isinstance(inner, (_Pairs, list)):
            yield from _leaves(inner, name)
        else:
            yield name, str(key), inner if isinstance(inner, str) else json.dumps(inner, ensure_ascii=False)


# -- lines -------------------------------------------------------------------------------------------------------


def _from_lines(text: str) -> tuple[Record, ...]:
    records, filled = [], 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        filled += 1
        match = _LINE.match(line[:1_000])
        # "He said: …" is a sentence, and so is an address with its "https:".
        if match and len(match.group(1).split()) <= 6 and not match.group(2).startswith("//"):
            records.append(Record(match.group(1), match.group(2).strip("\"'"), number, line.strip()))
    return tuple(records) if len(records) >= LEAST and len(records) >= 0.6 * filled else ()
