"""AIOS's tool manager: which tools there are, how each is called, and what a written name means."""

from __future__ import annotations

import difflib
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lottery_chat.calls.values import Codec, Rule
from tools.errors import ToolError
from tools.tool import Card

#: How a tool is called that nobody registered.
PLAIN = Rule(kind="other", seconds=30.0)

#: The tools that the planner calls itself. Limits are hulls around the tools' own (a cold sandbox takes 30 s to start).
RULES: Mapping[str, Rule] = {
    "calculator": Rule(kind="calculator", seconds=5.0, repeats=True),
    "python": Rule(kind="python", seconds=40.0),
    "logic": Rule(kind="logic", seconds=20.0),
    "web search": Rule(kind="network", seconds=15.0, permit="ask", leaves=True, lasts=3600.0, repeats=True),
    "web page": Rule(kind="network", seconds=20.0, leaves=True, lasts=24 * 3600.0, repeats=True),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A tool that is called by name with JSON arguments: `call(arguments, seconds, cancel)` gives text, raises ToolError."""

    card: Card
    rule: Rule
    call: Callable[..., str]
    source: str


class Registry:
    """The tools by name; entries come and go with the servers that a person adds."""

    def __init__(self, rules: Mapping[str, Rule] = RULES, codecs: Mapping[str, Codec[Any]] | None = None) -> None:
        self._rules = dict(rules)
        self.codecs: dict[str, Codec[Any]] = dict(codecs or {})
        self._entries: dict[str, Entry] = {}
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> None:
        """Add a tool; one of the same name from the same source is replaced.

        Raises:
            ToolError: the name belongs to another source.
        """
        name = entry.card.name
        with self._lock:
            there = self._entries.get(name)
            if name in self._rules or (there is not None and there.source != entry.source):
                raise ToolError(f"There is already a tool {name!r}. Give the server another name.")
            self._entries[name] = entry

    def drop(self, source: str) -> None:
        """Take out all tools of a source."""
        with self._lock:
            self._entries = {name: one for name, one in self._entries.items() if one.source != source}

    def entries(self) -> tuple[Entry, ...]:
        """All tools that are called by name, sorted."""
        with self._lock:
            return tuple(self._entries[name] for name in sorted(self._entries))

    def rule(self, tool: str) -> Rule:
        """How a tool is called."""
        entry = self._entries.get(tool)
        return entry.rule if entry else self._rules.get(tool, PLAIN)

    def named(self, name: str) -> Entry:
        """The tool a written name means: exactly, else without separators and case, else by its unique last part.

        Raises:
            ToolError: there is none, or it is not clear which; the nearest names are told.
        """
        entries = self.entries()
        folded = _folded(name)
        for same in (
            lambda one: one.card.name == name,
            lambda one: _folded(one.card.name) == folded,
            lambda one: _folded(one.card.name.rpartition(".")[2]) == folded,
        ):
            found = [one for one in entries if same(one)]
            if len(found) == 1:
                return found[0]
            if found:
                raise ToolError(f"{name!r} may be {' or '.join(one.card.name for one in found[:4])}. Say which.")
        names = [one.card.name for one in entries]
        near = difflib.get_close_matches(name[:80], names, n=3, cutoff=0.5)
        hint = f"Did you mean {', '.join(near)}?" if near else "`lottery-chat tools list` shows all."
        raise ToolError(f"There is no tool {name[:80]!r}. {hint}")


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
