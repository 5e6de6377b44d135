"""The MCP servers a person added, and what may be called, in one file: mcp.json in the form that other programs use.

{"mcpServers": {"files": {"command": "npx", "args": ["…"], "env": {}}, "shop": {"url": "http://…/mcp"}},
 "permissions": {"files.*": "ask", "shop.price": "allow"}}
"""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

from lottery_chat.calls.values import Permit
from lottery_chat.errors import NotFound, SettingsError

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}")
_LARGEST = 200_000
_MOST = 30


@dataclass(frozen=True, slots=True)
class Server:
    """A server: a command that is started, or a URL that is called. Secrets in `env` are left out of repr()."""

    name: str
    command: tuple[str, ...] = ()
    url: str = ""
    env: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def where(self) -> str:
        """The command or the URL, as it is shown."""
        return self.url or " ".join(self.command)


def server(name: str, entry: Mapping[str, Any]) -> Server:
    """Read one entry of `mcpServers`.

    Raises:
        SettingsError: a name or an entry that cannot be used; it says what would do.
    """
    if not _NAME.fullmatch(name):
        raise SettingsError(f"A server cannot be called {name[:40]!r}. Use a letter, then letters, digits, - and _.")
    url, command, arguments = entry.get("url"), entry.get("command"), entry.get("args", [])
    env = entry.get("env", {})
    if isinstance(url, str) and url and not command:
        return Server(name, url=_checked(url))
    good = isinstance(command, str) and command.strip() and isinstance(arguments, list) and isinstance(env, dict)
    if not good or url or not all(isinstance(one, str) and "\0" not in one for one in (command, *arguments)):
        raise SettingsError(f"The server {name!r} needs either a command (with args, a list of texts) or a url.")
    return Server(name, (str(command), *arguments), env={str(key): str(value) for key, value in env.items()})


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or not url.isprintable() or " " in url:
        raise SettingsError(f"{url[:80]!r} is no URL of a server. Use for example 'http://127.0.0.1:8000/mcp'.")
    return url


class ServerFile:
    """The servers and permissions of a home, and those of a further file that is only read.

    A file that cannot be read counts as empty, with the reason in `problems`; it is never written over then.
    """

    def __init__(self, path: Path, further: Path | None = None) -> None:
        self._path = path
        self._further = further
        self._lock = threading.Lock()
        self._seen: tuple[object, dict[str, Permit]] | None = None
        self.problems: tuple[str, ...] = ()

    def servers(self) -> tuple[Server, ...]:
        """All servers, sorted by name; one of the home's own file comes before one of the further file."""
        found: dict[str, Server] = {}
        problems: list[str] = []
        for path in (self._path, self._further):
            entries, problem = _read(path)
            problems += [problem] if problem else []
            listed = entries.get("mcpServers")
            for name, entry in list(listed.items())[:_MOST] if isinstance(listed, dict) else ():
                try:
                    if name not in found and isinstance(entry, dict):
                        found[name] = server(name, entry)
                except SettingsError as error:
                    problems.append(str(error))
        self.problems = tuple(problems)
        return tuple(found[name] for name in sorted(found))

    def permissions(self) -> Mapping[str, Permit]:
        """What was set for tools ("server.tool") and whole servers ("server.*"); read again when the file changed."""
        try:
            stamp: object = (self._path.stat().st_mtime_ns, self._path.stat().st_size)
        except OSError:
            stamp = None
        if self._seen is None or self._seen[0] != stamp:
            listed = _read(self._path)[0].get("permissions")
            given = listed.items() if isinstance(listed, dict) else ()
            self._seen = (stamp, {str(name): value for name, value in given if value in get_args(Permit)})
        return self._seen[1]

    def add(self, new: Server) -> None:
        """Add a server, or put it in place of the one with its name. Raises SettingsError."""
        entry: dict[str, Any] = {"url": new.url} if new.url else {"command": new.command[0], "args": [*new.command[1:]]}
        if new.env:
            entry["env"] = dict(new.env)
        self._change(lambda kept: kept.setdefault("mcpServers", {}).__setitem__(new.name, entry))

    def remove(self, name: str) -> None:
        """Take out a server and what was permitted for it. Raises NotFound, SettingsError."""
        if name not in (_read(self._path)[0].get("mcpServers") or {}):
            raise NotFound(f"There is no server {name!r}. `lottery-chat tools list` shows all.")

        def take(kept: dict[str, Any]) -> None:
            del kept["mcpServers"][name]
            for one in [one for one in kept.get("permissions", {}) if one.startswith(f"{name}.")]:
                del kept["permissions"][one]

        self._change(take)

    def permit(self, tool: str, permit: Permit) -> None:
        """Set what may be called: allow, ask or never. Raises SettingsError."""
        if permit not in get_args(Permit):
            raise SettingsError(f"A permission cannot be {permit!r}. Allowed: allow, ask, never.")
        self._change(lambda kept: kept.setdefault("permissions", {}).__setitem__(tool, permit))

    def _change(self, change: Any) -> None:
        with self._lock:
            kept, problem = _read(self._path)
            if problem:
                raise SettingsError(f"{problem} Mend or remove the file first.")
            change(kept)
            new = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
            try:
                descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # env may hold secrets
                with open(descriptor, "w", encoding="utf-8") as file:
                    json.dump(kept, file, indent=2, ensure_ascii=False)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(new, self._path)
            except OSError as error:
                raise SettingsError(f"{str(self._path)!r} cannot be written: {error.strerror or error}.") from error


def _read(path: Path | None) -> tuple[dict[str, Any], str]:
    """What a file holds, and why it cannot be used; one that does not exist is empty."""
    if path is None or not path.exists():
        return {}, ""
    try:
        if path.stat().st_size > _LARGEST:
            return {}, f"{str(path)!r} is too large for a list of servers."
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        return {}, f"{str(path)!r} cannot be read: {error}."
    usable = isinstance(read, dict) and all(
        isinstance(read.get(key, {}), dict) for key in ("mcpServers", "permissions")
    )
    return (read, "") if usable else ({}, f"{str(path)!r} holds no list of servers.")
