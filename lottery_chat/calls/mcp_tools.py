"""The tools of the person's MCP servers as tools of ours: cards, limits, a permission question, one source a server."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lottery_chat.calls.context import untrusted
from lottery_chat.calls.mcp_client import CONNECT_SECONDS, Connection, Offered
from lottery_chat.calls.mcp_servers import Server, ServerFile
from lottery_chat.calls.registry import Entry, Registry
from lottery_chat.calls.values import Permit, Rule
from lottery_chat.errors import NotFound
from tools.errors import ToolError
from tools.tool import Argument, Card

#: One call of a server's tool (seconds); the hull of the call layer is a little wider, so that its own sentence is said.
SECONDS, HULL = 30.0, 30.5
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MOST_ARGUMENTS = 30
_KEPT = ("type", "enum", "items", "format", "minimum", "maximum", "default")


@dataclass(frozen=True, slots=True)
class ServerState:
    """A server with what it offers: `state` is "connecting", "ready" or "failed" (then `problem` says why)."""

    server: Server
    state: str
    problem: str
    cards: tuple[Card, ...]
    version: str


class McpTools:
    """Connects the servers of a file and keeps the registry in step with them."""

    def __init__(self, file: ServerFile, registry: Registry) -> None:
        self.file = file
        self._registry = registry
        self._connections: dict[str, Connection] = {}
        self._states: dict[str, ServerState] = {}
        self._lock = threading.Lock()
        self._settled = threading.Event()

    def connect(self) -> None:
        """Connect all servers side by side and register their tools; returns when each is ready or failed."""
        servers = self.file.servers()
        threads = [threading.Thread(target=self.state_of, args=(one,), daemon=True) for one in servers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(CONNECT_SECONDS + 5.0)
        self._settled.set()

    def wait(self, seconds: float) -> None:
        """Wait until `connect` has ended; at once where there are no servers."""
        if self.file.servers():
            self._settled.wait(seconds)

    def states(self) -> tuple[ServerState, ...]:
        """Every server as far as it is, without waiting."""
        with self._lock:
            known = dict(self._states)
        return tuple(known.get(one.name, ServerState(one, "connecting", "", (), "")) for one in self.file.servers())

    def state_of(self, server: Server) -> ServerState:
        """Connect one server and register its tools."""
        connection = self._connection(server)
        source = f"mcp:{server.name}"
        try:
            offers = connection.tools()
            cards = tuple(card for one in offers if (card := card_of(server.name, one)) is not None)
            self._registry.drop(source)
            rule = Rule(kind=source, seconds=HULL, version=connection.version or "unknown", permit="ask", leaves=True)
            for card in cards:
                self._registry.add(Entry(card, rule, self._caller(connection, card.name), source))
            state = ServerState(server, "ready", "", cards, connection.version)
        except ToolError as error:
            state = ServerState(server, "failed", str(error), (), "")
        with self._lock:
            self._states[server.name] = state
        return state

    def add(self, server: Server, permit: Permit = "ask") -> ServerState:
        """Try a server and keep it when its tools can be listed; a new one of the same name takes its place.

        Raises:
            SettingsError: the file cannot be written.
        """
        self._let_go(server.name)
        state = self.state_of(server)
        if state.state == "ready":
            self.file.add(server)
            self.file.permit(f"{server.name}.*", permit)
        else:
            self._let_go(server.name)
        return state

    def remove(self, name: str) -> None:
        """Take out a server and end it. Raises NotFound, SettingsError."""
        self.file.remove(name)
        self._let_go(name)

    def entry(self, tool: str) -> Entry:
        """A tool by its name; only the server that it names is connected.

        Raises:
            NotFound: no server of this name. ToolError: the server cannot be used, or has no such tool.
        """
        name = tool.partition(".")[0]
        known = {one.name: one for one in self.file.servers()}
        if name not in known:
            raise NotFound(f"There is no server {name[:40]!r} for {tool[:80]!r}. `lottery-chat tools list` shows all.")
        state = self.state_of(known[name])
        if state.state == "failed":
            raise ToolError(state.problem)
        return self._registry.named(tool)

    def close(self) -> None:
        """End all servers, side by side."""
        with self._lock:
            ending = [threading.Thread(target=one.close, daemon=True) for one in self._connections.values()]
            self._connections.clear()
        for thread in ending:
            thread.start()
        for thread in ending:
            thread.join(12.0)

    def _connection(self, server: Server) -> Connection:
        with self._lock:
            there = self._connections.get(server.name)
            if there is not None and there.server == server:
                return there
            made = self._connections[server.name] = Connection(server)
        if there is not None:
            there.close()
        return made

    def _let_go(self, name: str) -> None:
        self._registry.drop(f"mcp:{name}")
        with self._lock:
            self._states.pop(name, None)
            gone = self._connections.pop(name, None)
        if gone is not None:
            gone.close()

    def _caller(self, connection: Connection, full: str) -> Any:
        own = full.partition(".")[2]

        def call(arguments: Mapping[str, Any], seconds: float, cancel: threading.Event | None = None) -> str:
            return connection.call(own, arguments, seconds, cancel)

        return call


def card_of(server: str, offered: Offered) -> Card | None:
    """The card of a server's tool, named `server.tool`; None where its name or a needed argument cannot be used.

    Description and schema are the server's words: cut, cleaned, and shown as such.
    """
    if not _NAME.fullmatch(offered.name):
        return None
    properties = offered.schema.get("properties")
    required = offered.schema.get("required")
    required = required if isinstance(required, list) else []
    arguments: list[Argument] = []
    for name, schema in list(properties.items())[:_MOST_ARGUMENTS] if isinstance(properties, dict) else ():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            if name in required:
                return None
            continue
        schema = schema if isinstance(schema, dict) else {}
        about = untrusted(str(schema.get("description") or schema.get("title") or name), 200)
        arguments.append(Argument(name, _plain_schema(schema), " ".join(about.split()), name in required))
    if len([one for one in arguments if one.required]) < len(set(map(str, required))):
        return None
    purpose = " ".join(untrusted(offered.about, 400).split()) or offered.name.replace("_", " ")
    return Card(f"{server}.{offered.name}", purpose, "", "", tuple(arguments), ())


def _plain_schema(schema: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """What of a schema is used: types, choices and bounds; of a union the first type that is not null."""
    if "type" not in schema and isinstance(schema.get("anyOf"), list):
        inner = [one for one in schema["anyOf"] if isinstance(one, dict) and one.get("type") != "null"]
        schema = inner[0] if inner else {}
    kept: dict[str, Any] = {}
    for key in _KEPT:
        value = schema.get(key)
        if key == "items" and isinstance(value, dict) and depth < 3:
            kept[key] = _plain_schema(value, depth + 1)
        elif key == "enum" and isinstance(value, Sequence) and not isinstance(value, str):
            kept[key] = [untrusted(one, 80) if isinstance(one, str) else one for one in value[:50] if _scalar(one)]
        elif key == "type" and isinstance(value, list):
            kept[key] = next((one for one in value if isinstance(one, str) and one != "null"), "string")
        elif key not in ("items", "enum") and _scalar(value) and value is not None:
            kept[key] = untrusted(value, 80) if isinstance(value, str) else value
    return kept


def _scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
