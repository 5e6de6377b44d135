"""The commands about documents: documents, search; each prints lists for people and for pipes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from lottery_chat.commands import Opener
from lottery_chat.commands_facts import facts
from lottery_chat.commands_ingest import rests
from lottery_chat.errors import NotFound, SettingsError
from lottery_chat.events import FoundPassage
from lottery_chat.interface.app import App
from lottery_chat.interface.documents import DocumentInfo
from lottery_chat.plain_text import plain
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, note, table


def documents(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """What is in the knowledge base: see `ACTIONS`."""
    with opener(settings, False) as app:
        return _ACTIONS[options.action](app, options)


def _table(shown: Iterable[DocumentInfo]) -> int:
    rows = [(one.id[:12], f"{one.size / 1e6:.1f} MB", f"{one.pages} pages", f"{one.chunks} passages", one.state, one.title + (f": {one.problem}" if one.problem else "")) for one in shown]  # fmt: skip
    table(rows, sys.stdout)
    if not rows:
        note("No documents yet. `lottery-chat ingest PATH` reads some.")
    return 0


def _list(app: App, options: argparse.Namespace) -> int:
    _table(app.documents.list())
    if text := app.documents.work().text:
        note(text)
    return 0


def _rebuild(app: App, options: argparse.Namespace) -> int:
    return _table(app.documents.rebuild())


def _remove(app: App, options: argparse.Namespace) -> int:
    if not options.names:
        raise SettingsError("`documents remove` needs an id or a title; `documents list` shows them.")
    chosen = [_document(app, name) for name in options.names]  # all must exist before one is removed
    for one in chosen:
        app.documents.remove(one.id)
        line(f"removed {plain(one.title)}")
    note("What conversations quoted of it stays in them until they are deleted.")
    return 0


def _replace(app: App, options: argparse.Namespace) -> int:
    name, path = _names(options, 2, "a document and the PATH of its new version")
    if not Path(path).is_file():
        raise NotFound(f"There is no file {path!r}. Check the path.")
    old = _document(app, name)
    info = app.documents.replace(old.id, Path(path))
    while info.state not in ("ready", "failed") and not rests(app):
        info = app.documents.wait(info.id, 0.5)
    if hindered := app.documents.work().problem:
        note(f"The new version is kept and waits. {hindered}")
        return 1
    line(f"{info.state}  {plain(info.title)}{f': {plain(info.problem)}' if info.problem else ''}")
    if info.state == "failed":
        note("The version before stays as it was.")
    return 1 if info.state == "failed" else 0


def _collections(app: App, options: argparse.Namespace) -> int:
    titles = {one.id: one.title for one in app.documents.list()}
    for group in app.documents.collections():
        line(f"{plain(group.name)}  ({len(group.documents)} documents, {group.id})")
        for one in group.documents:
            line(f"   {plain(titles.get(one, one))}")
    return 0


def _make(app: App, options: argparse.Namespace) -> int:
    (name,) = _names(options, 1, "a name for the collection")
    line(f"made {plain(app.documents.make_collection(name).name)}")
    return 0


def _rename(app: App, options: argparse.Namespace) -> int:
    old, new = _names(options, 2, "a collection and its new name")
    line(f"renamed {plain(app.documents.rename_collection(app.documents.collection(old).id, new).name)}")
    return 0


def _drop(app: App, options: argparse.Namespace) -> int:
    (name,) = _names(options, 1, "a collection")
    app.documents.remove_collection(app.documents.collection(name).id)
    line(f"dropped {plain(name)}; its documents stay")
    return 0


def _put(app: App, options: argparse.Namespace) -> int:
    return _move(app, options, app.documents.put)


def _take(app: App, options: argparse.Namespace) -> int:
    return _move(app, options, app.documents.take)


def _move(app: App, options: argparse.Namespace, move: Callable[[str, Sequence[str]], None]) -> int:
    if len(options.names) < 2:
        raise SettingsError(f"`documents {options.action}` needs a collection and at least one document.")
    into = app.documents.collection(options.names[0])
    chosen = [_document(app, name) for name in options.names[1:]]
    move(into.id, [one.id for one in chosen])
    line(f"{options.action} {', '.join(plain(one.title) for one in chosen)}: {plain(into.name)}")
    return 0


def _export(app: App, options: argparse.Namespace) -> int:
    (path,) = _names(options, 1, "the PATH of the file to write")
    if Path(path).exists():
        raise SettingsError(f"There is a file {path!r} already. Choose another name.")
    count = sum(1 for _ in app.documents.export(Path(path)))
    line(f"{path}: {count} documents, {Path(path).stat().st_size / 1e6:.1f} MB")
    return 0


def _import(app: App, options: argparse.Namespace) -> int:
    (path,) = _names(options, 1, "the PATH of an exported file")
    refused = 0
    for one in app.documents.import_(Path(path)):
        refused += one.state == "refused"
        line(f"[{one.done}/{one.total}] {one.state}  {plain(one.problem or one.title)}")
    note("They are read in the background; `lottery-chat documents list` shows how far.")
    return 1 if refused else 0


def _check(app: App, options: argparse.Namespace) -> int:
    found = app.documents.check()
    for sentence in found:
        line(plain(sentence))
    if not found:
        line("Everything is whole: originals, texts, index.")
    return 1 if found else 0


def _pause(app: App, options: argparse.Namespace) -> int:
    app.documents.pause()
    line(app.documents.work().text)
    return 0


def _go_on(app: App, options: argparse.Namespace) -> int:
    app.documents.go_on()
    line(app.documents.work().text or "Nothing waits.")
    return 0


def _facts(app: App, options: argparse.Namespace) -> int:
    return facts(app, options, [_document(app, name).id for name in options.names])


def _names(options: argparse.Namespace, count: int, what: str) -> Sequence[str]:
    if len(options.names) != count:
        raise SettingsError(f"`documents {options.action}` needs {what}; {len(options.names)} names were given.")
    return [str(one) for one in options.names]


_ACTIONS: dict[str, Callable[[App, argparse.Namespace], int]] = {
    "list": _list, "remove": _remove, "rebuild": _rebuild, "replace": _replace, "check": _check, "export": _export,
    "import": _import, "pause": _pause, "go-on": _go_on, "collections": _collections, "make": _make, "rename": _rename,
    "drop": _drop, "put": _put, "take": _take, "facts": _facts,
}  # fmt: skip

#: What `documents` can do; make, rename, drop, put and take are about collections.
ACTIONS = tuple(_ACTIONS)


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
        inside = [app.documents.collection(name).id for name in options.collection] or None
        found = app.documents.search(options.query, by=options.by, collections=inside)
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
