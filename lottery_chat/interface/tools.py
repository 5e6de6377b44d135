"""The tool servers (MCP) that the person added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class ToolInfo:
    """A tool of a server that the person added, or a server without any (then `name` is the server's).

    `state` is connecting, ready or failed; `purpose` is the server's own, untrusted description, or why it failed.
    """

    name: str
    server: str
    where: str
    state: str
    purpose: str
    permit: str
    arguments: str


class Tools(Protocol):
    """The tool servers (MCP) that the person added."""

    def list(self) -> tuple[ToolInfo, ...]: ...
    def add(
        self, name: str, *, command: Sequence[str] = (), url: str = "", env: Mapping[str, str] | None = None,
        permit: Literal["allow", "ask", "never"] = "ask",
    ) -> tuple[ToolInfo, ...]:  # fmt: skip
        """Try a server (a command that is started, or a URL) and keep it when it answers."""
        ...

    def remove(self, name: str) -> None: ...
    def permit(self, tool: str, permit: Literal["allow", "ask", "never"]) -> None: ...
    def call(self, tool: str, arguments: str) -> str:
        """Call one tool with a JSON object, at the person's own request."""
        ...
