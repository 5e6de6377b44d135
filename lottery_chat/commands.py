"""The commands about what is kept: models, runs; each prints lists for people and for pipes."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import sys
from collections.abc import Callable

from lottery_chat.errors import NotFound, SettingsError
from lottery_chat.events import to_json
from lottery_chat.interface.app import App
from lottery_chat.interface.part import Part
from lottery_chat.plain_text import plain
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, note, part_line, table
from lottery_chat.terminal_lines import ProgressLine

#: Builds the app, and whether its parts are started in the background: assembly.build and assembly.start.
Opener = Callable[[Settings, bool], contextlib.AbstractContextManager[App]]


def one_name(options: argparse.Namespace, what: str) -> str:
    """The one name that an action needs."""
    if len(options.names) != 1:
        raise SettingsError(f"`{options.action}` needs exactly one {what}; {len(options.names)} were given.")
    return str(options.names[0])


# --- models -----------------------------------------------------------------------------------------------------


def models(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """List, pull or remove models."""
    with opener(settings, False) as app:
        if options.action == "remove":
            name = one_name(options, "name")
            app.models.remove(name)
            line(f"removed {name}")
            return 0
        if options.action == "pull":
            return _pull(app, one_name(options, "name"))
        rows = [("", "NAME", "WHERE", "SIZE", "WINDOW", "LICENCE", "STATE")]
        for one in app.models.list():
            state = "here" if one.installed else "can be pulled"
            state += "" if one.fits else ", too big for this machine's memory"
            size = f"{one.size / 1e9:.2f} GB" if one.size else "?"
            note = f" ({one.note})" if one.note else ""
            rows.append(
                ("*" if one.chosen else "", one.name, one.where, size, f"{one.window:,}", one.licence, state + note)
            )
        table(rows, sys.stdout)
        return 0


def _pull(app: App, name: str) -> int:
    progress = ProgressLine(sys.stderr)
    last: Part | None = None
    try:
        for last in app.models.pull(name):
            progress.show(part_line(last))
    finally:
        progress.end()
    if last is not None and last.state == "failed":
        note(f"lottery-chat: {plain(last.text)}")
        return 1
    line(f"{name} is here.")
    return 0


# --- runs -------------------------------------------------------------------------------------------------------


def runs(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """List, show or export runs, or their statistics; a run that is not here may be one of the lab's."""
    lab = settings.home / "lab"
    try:
        return _runs(options, settings, opener)
    except NotFound:
        if options.action not in ("show", "export") or not (lab / "memory.sqlite").is_file():
            raise
        return _runs(options, dataclasses.replace(settings, home=lab), opener)


def _runs(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    with opener(settings, False) as app:
        if options.action == "stats":
            table([(name, f"{value:g}") for name, value in app.runs.stats().items()], sys.stdout)
        elif options.action == "list":
            rows = [(one.run[:12], one.asked_at[:19], one.status, one.known + (" ✓" if one.checked else ""), f"{one.calls} calls", f"{one.seconds:.1f} s", one.question[:100]) for one in app.runs.list()]  # fmt: skip
            table(rows, sys.stdout)
            if not rows:
                note("No runs yet. `lottery-chat ask` makes one.")
        else:
            run = _run(app, one_name(options, "run id; `runs list` shows them"))
            for seconds, event in app.runs.events(run):
                values = to_json(event)
                if options.action == "export":
                    line(json.dumps({"seconds": round(seconds, 3), **values}, ensure_ascii=False))
                else:
                    kind = values.pop("type")
                    shown = ", ".join(
                        f"{name}={value!r}" for name, value in values.items() if value not in ("", None, (), [])
                    )
                    line(plain(f"{seconds:8.3f} s  {kind:16} {shown}")[:2000])
        return 0


def _run(app: App, name: str) -> str:
    found = [
        one.run for one in app.runs.list(10_000) if one.run == name or (len(name) >= 6 and one.run.startswith(name))
    ]
    if len(found) != 1:
        raise NotFound(f"There is no run {name!r}. `lottery-chat runs list` shows their ids.")
    return found[0]
