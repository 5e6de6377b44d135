"""The person's tool servers as the page and the command line see them: an implementation of interface.Tools."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence

from lottery_chat.calls.layer import CallLayer
from lottery_chat.calls.mcp_servers import server
from lottery_chat.calls.mcp_tools import McpTools, ServerState
from lottery_chat.calls.scratch import Scratch
from lottery_chat.calls.values import Call, Permit
from lottery_chat.errors import LotteryChatError, SettingsError
from lottery_chat.interface.tools import ToolInfo
from tools.errors import ToolError


class OfferedTools:
    """interface.Tools over the servers' file, their connections and the call layer."""

    def __init__(self, servers: McpTools, layer: CallLayer) -> None:
        self._servers = servers
        self._layer = layer

    def list(self) -> tuple[ToolInfo, ...]:
        """Every server with its tools; connects those that are not yet, and waits until each is ready or failed."""
        self._servers.connect()
        return tuple(info for state in self._servers.states() for info in self._infos(state))

    def add(
        self, name: str, *, command: Sequence[str] = (), url: str = "", env: Mapping[str, str] | None = None,
        permit: Permit = "ask",
    ) -> tuple[ToolInfo, ...]:  # fmt: skip
        """Try a server and keep it; its tools. Raises SettingsError; LotteryChatError when it cannot be used."""
        entry: dict[str, object] = {"url": url} if url else {}
        if command:
            entry |= {"command": command[0], "args": [*command[1:]], "env": dict(env or {})}
        state = self._servers.add(server(name, entry), permit)
        if state.state != "ready":
            raise LotteryChatError(f"{state.problem} It was not added.")
        return self._infos(state)

    def remove(self, name: str) -> None:
        """Take out a server. Raises NotFound."""
        self._servers.remove(name)

    def permit(self, tool: str, permit: Permit) -> None:
        """Set for "server.tool" or "server.*" whether it may be called. Raises SettingsError."""
        self._servers.file.permit(tool, permit)

    def call(self, tool: str, arguments: str) -> str:
        """Call a tool with a JSON object; the person asks for it themselves, so only "never" stands in the way.

        Raises:
            SettingsError: the arguments are no JSON object. LotteryChatError: the tool's or the layer's sentence.
        """
        try:
            given = json.loads(arguments)
        except (ValueError, RecursionError) as error:
            raise SettingsError(f"The arguments {arguments[:80]!r} are no JSON: {error}.") from error
        if not isinstance(given, dict):
            raise SettingsError(f"The arguments {arguments[:80]!r} are no JSON object, such as '{{\"a\": 1}}'.")
        try:
            entry = self._servers.entry(tool)
            stop = threading.Event()
            seconds = entry.rule.seconds - 0.5
            call = Call(entry.card.name, arguments, lambda: entry.call(given, seconds, stop), lambda text: text)
            return self._layer.call(call, Scratch(), cancel=stop).text
        except ToolError as error:
            raise LotteryChatError(str(error)) from error

    def _infos(self, state: ServerState) -> tuple[ToolInfo, ...]:
        one = state.server
        if not state.cards:
            problem = state.problem or ("It offers no tool that can be used." if state.state == "ready" else "")
            return (ToolInfo(one.name, one.name, one.where, state.state, problem, "", ""),)
        return tuple(
            ToolInfo(
                card.name, one.name, one.where, state.state, card.purpose,
                self._layer.access.permit(card.name, self._layer.registry.rule(card.name)),
                ", ".join(arg.name + ("" if arg.required else "?") for arg in card.arguments),
            )
            for card in state.cards
        )  # fmt: skip
