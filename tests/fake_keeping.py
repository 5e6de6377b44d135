"""What is kept beyond a run, for the page's tests: memories and tool servers in dictionaries behind the real interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from lottery_chat.errors import LotteryChatError, NotFound
from lottery_chat.interface.lab import LabRun
from lottery_chat.interface.memory import RememberedInfo
from lottery_chat.interface.tools import ToolInfo


class FakeMemory:
    """interface.Memory over two lists."""

    def __init__(self) -> None:
        self._kept = [
            RememberedInfo("1", "notes", "Garden", "the key is under the third pot", "2026-11-20T08:15:00+00:00"),
            RememberedInfo("2", "total", "Bills", "456.3", "2026-11-21T09:00:00+00:00"),
        ]
        self._answers = [
            RememberedInfo("a1b2c3", "answer", "What is 17 % of 2,340?", "397.8", "2026-11-22T10:00:00+00:00")
        ]

    def kept(self) -> tuple[RememberedInfo, ...]:
        return tuple(self._kept)

    def answers(self) -> tuple[RememberedInfo, ...]:
        return tuple(self._answers)

    def forget(self, id: str) -> None:
        if id not in [one.id for one in (*self._kept, *self._answers)]:
            raise NotFound(f"Nothing is remembered as {id!r}.")
        self._kept = [one for one in self._kept if one.id != id]
        self._answers = [one for one in self._answers if one.id != id]


class FakeTools:
    """interface.Tools: a server answers unless its command or address has "broken" in it."""

    def __init__(self) -> None:
        self._servers: dict[str, tuple[ToolInfo, ...]] = {}

    def list(self) -> tuple[ToolInfo, ...]:
        return tuple(one for tools in self._servers.values() for one in tools)

    def add(
        self,
        name: str,
        *,
        command: Sequence[str] = (),
        url: str = "",
        env: Mapping[str, str] | None = None,
        permit: Literal["allow", "ask", "never"] = "ask",
    ) -> tuple[ToolInfo, ...]:
        where = url or " ".join(command)
        if "broken" in where:
            raise LotteryChatError(f"The server {name!r} ended before it answered. It was not added.")
        made = tuple(
            ToolInfo(f"{name}.{tool}", name, where, "ready", purpose, permit, "a, b?")
            for tool, purpose in (("add", "Adds two numbers."), ("<b>list</b>", "<img src=x onerror=pwned()>"))
        )
        self._servers[name] = made
        return made

    def remove(self, name: str) -> None:
        if self._servers.pop(name, None) is None:
            raise NotFound(f"There is no server {name!r}.")

    def permit(self, tool: str, permit: Literal["allow", "ask", "never"]) -> None:
        if permit not in ("allow", "ask", "never"):
            raise LotteryChatError(f"A permission cannot be {permit!r}. Allowed: allow, ask, never.")
        for name, tools in self._servers.items():
            self._servers[name] = tuple(replace(one, permit=permit) if one.name == tool else one for one in tools)

    def call(self, tool: str, arguments: str) -> str:
        return f"{tool}({arguments})"


REPORT = """# Lab report

2 records.

## Results

| task | arm | model | n | accuracy |
| --- | --- | --- | ---: | ---: |
| <img src=x onerror=pwned()> | planner | small | 2 | 50.0 (9.5 – 90.5) |
"""


class FakeLab:
    """interface.Lab with one run."""

    def runs(self) -> tuple[LabRun, ...]:
        return (LabRun("panel-20261123-001122", "2026-11-23T00:11:22+00:00", ("qwen2.5-coder:0.5b",), 2),)

    def report(self, run: str) -> str:
        if run != "panel-20261123-001122":
            raise NotFound(f"There is no run {run!r}. Reload the page.")
        return REPORT
