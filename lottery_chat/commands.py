"""The commands about what is kept: documents, models, runs; each prints lists for people and for pipes."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from lottery_chat.errors import LotteryChatError, NotFound, SettingsError
from lottery_chat.events import FoundPassage, to_json
from lottery_chat.interface import App, DocumentInfo, Part
from lottery_chat.settings import Settings
from lottery_chat.terminal import ProgressLine, line, note, part_line, plain, table

#: Builds the app, and whether its parts are started in the background: assembly.build and assembly.start.
Opener = Callable[[Settings, bool], contextlib.AbstractContextManager[App]]

#: Files taken out of a folder; a file that is named itself is always tried.
READABLE = frozenset(".pdf .docx .txt .md .markdown .rst .html .htm .csv .tsv .json .jsonl .log .tex .py".split())


def one_name(options: argparse.Namespace, what: str) -> str:
    """The one name that an action needs."""
    if len(options.names) != 1:
        raise SettingsError(f"`{options.action}` needs exactly one {what}; {len(options.names)} were given.")
    return str(options.names[0])


# --- documents --------------------------------------------------------------------------------------------------


def files_in(paths: Sequence[Path]) -> tuple[list[Path], int]:
    """The files to read: named ones as they are, of folders those that can be read. Also how many were passed over.

    Raises:
        NotFound: a path that does not exist.
    """
    found: list[Path] = []
    passed_over = 0
    for path in paths:
        if path.is_file():
            found.append(path)
        elif path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                inside = [Path(folder, name) for name in sorted(names) if not name.startswith(".")]
                readable = [file for file in inside if file.suffix.lower() in READABLE and file.is_file()]
                passed_over += len(inside) - len(readable)
                found += readable
        else:
            raise NotFound(f"There is no file or folder {str(path)!r}. Check the path.")
    return list(dict.fromkeys(found)), passed_over


def ingest(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Read files and folders into the knowledge base, a line a file; 1 when one failed."""
    files, passed_over = files_in(options.paths)
    failed = 0
    with opener(settings, False) as app:
        progress = ProgressLine(sys.stderr)
        for number, file in enumerate(files, 1):
            try:
                ended = _read_one(app, file, f"{number}/{len(files)}", progress)
                problem = ended.problem if ended.state == "failed" else ""
                kept = f"{ended.pages} pages, {ended.chunks} passages"
            except LotteryChatError as error:
                problem, kept = str(error), ""
            progress.clear()
            failed += bool(problem)
            line(f"failed  {plain(str(file))}: {plain(problem)}" if problem else f"ready   {plain(str(file))}: {kept}")
        progress.end()
    if passed_over:
        note(f"Passed over {passed_over} files of kinds that are not read.")
    note(f"{len(files) - failed} of {len(files)} files are ready.")
    return 1 if failed or not files else 0


def _read_one(app: App, file: Path, place: str, progress: ProgressLine) -> DocumentInfo:
    info = app.documents.add(file)
    while info.state not in ("ready", "failed"):
        progress.show(f"[{place}] {file.name}: {info.state}, {info.progress:.0%}")
        info = app.documents.wait(info.id, 0.5)
    return info


def documents(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """List, remove or rebuild what is in the knowledge base."""
    with opener(settings, False) as app:
        if options.action == "remove":
            if not options.names:
                raise SettingsError("`documents remove` needs an id or a title; `documents list` shows them.")
            chosen = [_document(app, name) for name in options.names]  # all must exist before one is removed
            for one in chosen:
                app.documents.remove(one.id)
                line(f"removed {plain(one.title)}")
            return 0
        shown = app.documents.rebuild() if options.action == "rebuild" else iter(app.documents.list())
        rows = [(one.id[:12], f"{one.size / 1e6:.1f} MB", f"{one.pages} pages", f"{one.chunks} passages", one.state, one.title + (f": {one.problem}" if one.problem else "")) for one in shown]  # fmt: skip
        table(rows, sys.stdout)
        if not rows:
            note("No documents yet. `lottery-chat ingest PATH` reads some.")
        return 0


def _document(app: App, name: str) -> DocumentInfo:
    everything = app.documents.list()
    found = [one for one in everything if name in (one.id, one.title)]
    found = found or [one for one in everything if len(name) >= 6 and one.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(
            f"{len(found)} documents are called {name!r}. Use the id: {', '.join(one.id[:12] for one in found)}."
        )
    raise NotFound(f"There is no document {name!r}. `lottery-chat documents list` shows their ids and titles.")


def search(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Show which passages would be found; 1 when none."""
    with opener(settings, False) as app:
        found = app.documents.search(options.query, by=options.by)
    for number, one in enumerate(found, 1):
        page = f", p. {one.page}" if one.page is not None else ""
        text = " ".join(plain(one.text).split())
        line(
            f"{number}. {one.score:.2f}{_scores(one)}  {plain(one.title)}{page}\n   {text[:300]}{'…' if len(text) > 300 else ''}"
        )
    if not found:
        note("Nothing was found. `lottery-chat documents list` shows what can be searched.")
    return 0 if found else 1


def _scores(one: FoundPassage) -> str:
    """By vector and by text, where the passage was found by it."""
    named = (("vector", one.score_vector), ("text", one.score_text))
    told = ", ".join(f"{name} {score:.2f}" for name, score in named if score is not None)
    return f" ({told})" if told else ""


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
