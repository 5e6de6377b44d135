"""AIOS's storage manager: results of earlier calls by tool, version and arguments, each with its date.

The keeper is M (memory/tool_results.py) behind a Protocol; keys are made here. Only results with a codec and a rule
that says how long they last are kept; what cannot be read back is no result.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
import unicodedata
from datetime import datetime, timezone
from typing import Any, Protocol

from lottery_chat.calls.values import Codec, Provenance, Rule
from lottery_chat.errors import MemoryFailed

#: A result whose JSON is longer than this (characters) is not kept.
LONGEST = 200_000


class Keeper(Protocol):
    """Where results stay; both raise MemoryFailed, which costs the cache and nothing else."""

    def get(self, key: str) -> tuple[str, str] | None:
        """(JSON, when it was made in ISO 8601) of a key."""
        ...

    def put(self, key: str, tool: str, version: str, result: str, at: str, run: str) -> None: ...


def normalised(arguments: str) -> str:
    """Arguments as they count for a key: JSON without its spacing and order, other text with single spaces."""
    try:
        return json.dumps(json.loads(arguments), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return " ".join(unicodedata.normalize("NFC", arguments).split())


def key_of(tool: str, version: str, arguments: str) -> str:
    """The key of a call: 64 hex digits. Program text keeps its line breaks: they mean something there."""
    inner = arguments.strip() if "\n" in arguments else normalised(arguments)
    return hashlib.sha256("\x1f".join((tool, version, inner)).encode("utf-8", "surrogatepass")).hexdigest()


def now() -> str:
    """The time of a result: ISO 8601 in UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


class Storage:
    """The cache over a keeper; without one nothing is kept."""

    def __init__(self, keeper: Keeper | None = None) -> None:
        self._keeper = keeper

    def get(self, tool: str, rule: Rule, key: str, codec: Codec[Any]) -> tuple[Any, Provenance] | None:
        """A kept result that still lasts."""
        if self._keeper is None or rule.lasts <= 0:
            return None
        try:
            found = self._keeper.get(key)
        except MemoryFailed:
            found = None  # without its cache a tool is slower, not wrong
        if found is None:
            return None
        written, at = found
        try:
            made = datetime.fromisoformat(at).timestamp()
            value = codec.read(json.loads(written))
        except (ValueError, TypeError, KeyError, RecursionError):
            return None  # of another version's form
        if not 0 <= time.time() - made <= rule.lasts:
            return None
        return value, Provenance(tool, rule.version, at, cached=True)

    def put(self, rule: Rule, key: str, codec: Codec[Any], value: Any, made: Provenance, run: str) -> None:
        """Keep a result."""
        if self._keeper is None or rule.lasts <= 0:
            return
        written = json.dumps(codec.write(value), ensure_ascii=False)
        if len(written) > LONGEST:
            return
        with contextlib.suppress(MemoryFailed):
            self._keeper.put(key, made.tool, made.version, written, made.at, run)
