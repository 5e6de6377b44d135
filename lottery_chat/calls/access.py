"""AIOS's access manager: which tool may be called, who is asked first, and that private text never leaves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lottery_chat.calls.scratch import Scratch
from lottery_chat.calls.values import CallRefused, Permit, Rule

#: What a person set for single tools, or for a whole server as "name.*".
Settings = Mapping[str, Permit]


class Access:
    """Decides by what the person set, else by the tool's rule.

    Args:
        settings: read at every call, so that a change holds at once.
    """

    def __init__(self, settings: Callable[[], Settings] = dict) -> None:
        self._settings = settings

    def permit(self, tool: str, rule: Rule) -> Permit:
        """allow, ask or never."""
        chosen = self._settings()
        server = tool.partition(".")[0] + ".*"
        return chosen.get(tool) or chosen.get(server) or rule.permit

    def check(self, tool: str, rule: Rule, arguments: str, said: str, scratch: Scratch) -> None:
        """See that a call may be made at all; asking the person is the planner's part, before this.

        Raises:
            CallRefused: the tool is switched off, or words of a private document stand in what would leave.
        """
        if self.permit(tool, rule) == "never":
            raise CallRefused(f"{tool} is switched off in the settings.")
        if rule.leaves and any(scratch.private_in(one, said) for one in (arguments, _decoded(arguments))):
            raise CallRefused(
                f"{tool} was not called: words of your document stand in {arguments[:60]!r}…, and those never leave"
                " this computer. Ask in words of your own."
            )


def _decoded(arguments: str) -> str:
    """The texts inside JSON arguments, as the one who gets them reads them; empty where they are no JSON."""
    try:
        return " ".join(_texts(json.loads(arguments)))
    except (ValueError, RecursionError):
        return ""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
