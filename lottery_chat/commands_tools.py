"""The command `tools`: the MCP servers a person added, what they offer, what may be called, and a call by hand."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence

from lottery_chat.commands import Opener, one_name
from lottery_chat.errors import SettingsError
from lottery_chat.interface.tools import ToolInfo
from lottery_chat.plain_text import plain
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, note, table


def tools(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """List, add, remove, permit or call; 1 when a server that is listed cannot be used."""
    with opener(settings, False) as app:
        if options.action == "add":
            name = one_name(options, "name for the server")
            command, env = _command(options.program), _variables(options.env)
            if bool(command) == bool(options.url):
                raise SettingsError("`tools add` needs either --command or --url.")
            _show(app.tools.add(name, command=command, url=options.url or "", env=env, permit=options.permit))
            note(f"Added. Before each call you are asked; `tools permit {name}.* --permit allow` changes that.")
        elif options.action == "remove":
            name = one_name(options, "server")
            app.tools.remove(name)
            line(f"removed {plain(name)}")
        elif options.action == "permit":
            name = one_name(options, "tool (server.tool, or server.*)")
            app.tools.permit(name, options.permit)
            line(f"{plain(name)}: {options.permit}")
        elif options.action == "call":
            if len(options.names) != 2:
                raise SettingsError(
                    "`tools call` needs a tool and its arguments as JSON: tools call shop.add '{\"a\": 1}'."
                )
            line(plain(app.tools.call(*options.names)))
        else:
            listed = app.tools.list()
            _show(listed)
            if not listed:
                note('No servers yet. `lottery-chat tools add NAME --command "…"` or `--url …` adds one.')
            return 1 if any(one.state == "failed" for one in listed) else 0
        return 0


def _show(listed: Sequence[ToolInfo]) -> None:
    rows = [
        (plain(one.name), one.permit or one.state, f"({plain(one.arguments)})" if one.permit else "", plain(one.purpose)[:160])
        for one in listed
    ]  # fmt: skip
    table(rows, sys.stdout)


def _command(text: str | None) -> list[str]:
    try:
        return shlex.split(text or "")
    except ValueError as error:
        raise SettingsError(f"The command {text!r} cannot be read: {error}.") from error


def _variables(pairs: Sequence[str]) -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair or pair.startswith("="):
            raise SettingsError(f"--env is {pair!r}. Use NAME=VALUE.")
    return {pair.partition("=")[0]: pair.partition("=")[2] for pair in pairs}
