"""The command `memory`: what is remembered, notes and cells of conversations and checked answers, shown and forgotten."""

from __future__ import annotations

import argparse
import sys

from lottery_chat.commands import Opener
from lottery_chat.errors import NotFound, SettingsError
from lottery_chat.interface.app import App
from lottery_chat.plain_text import plain
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, note, table


def memory(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """List what is remembered, or forget by number or id, `notes` or `all`."""
    with opener(settings, False) as app:
        if options.action == "forget":
            return _forget(app, options.names)
        kept, answers = app.memory.kept(), app.memory.answers()
        rows = [
            (str(one.id), one.kept_at[:16].replace("T", " "), one.kind, one.title[:40], one.text[:200]) for one in kept
        ]
        rows += [
            (one.id[:12], one.kept_at[:16].replace("T", " "), one.kind, one.title[:60], one.text[:120])
            for one in answers
        ]
        table([tuple(plain(" ".join(cell.split())) for cell in row) for row in rows], sys.stdout)
        if not rows:
            note(
                "Nothing is remembered. Say “remember that …” in a conversation; checked answers are kept by themselves."
            )
        return 0


def _forget(app: App, names: list[str]) -> int:
    if not names:
        raise SettingsError("`memory forget` needs numbers or ids (`memory list` shows them), `notes`, or `all`.")
    kept, answers = app.memory.kept(), app.memory.answers()
    chosen: list[str] = []
    for name in names:
        if name in ("notes", "all"):
            chosen += [one.id for one in kept if name == "all" or one.kind == "notes"]
            chosen += [one.id for one in answers] if name == "all" else []
            continue
        found = [one.id for one in (*kept, *answers) if one.id == name or (len(name) >= 6 and one.id.startswith(name))]
        if len(found) != 1:
            raise NotFound(f"Nothing is remembered as {name!r}. `lottery-chat memory list` shows numbers and ids.")
        chosen += found
    for one in dict.fromkeys(chosen):
        app.memory.forget(one)
    line(f"forgot {len(dict.fromkeys(chosen))}")
    return 0
