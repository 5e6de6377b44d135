"""The process that is killed: it opens the app and does one job again and again, a line for each thing that is done.

A line is written in one call when what it says is true, so that the reader of a killed worker's output knows what
was promised. It loads what is heavy, then waits for its order: one can be started while another is examined.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lottery_chat import posix
from lottery_chat.interface.app import App
from lottery_chat.lab.durable import faults
from lottery_chat.lab.durable.homes import of, opened
from lottery_chat.lab.durable.made import Made, made
from lottery_chat.settings import read_settings

_ROOT = Path(__file__).resolve().parents[3]
#: Documents that are given in one after the other before one is waited for.
_TOGETHER = 5
_WAIT = 120.0


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is to do. `point` "" is none; `living` are (number, version) that are ready in the home."""

    home: str
    files: str
    job: str
    first: int
    living: tuple[tuple[int, int], ...] = ()
    archives: tuple[str, ...] = ()
    point: str = ""
    nth: int = 1
    without: str = ""
    embedder: str = ""
    times: int = 200


def start() -> subprocess.Popen[str]:
    """Start a worker, which waits for its order (`give`); its lines come through `stdout`."""
    command = [sys.executable, "-m", "lottery_chat.lab.durable.worker"]
    return subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        **posix.own_group(),
    )  # fmt: skip


def give(process: subprocess.Popen[str], order: Order) -> None:
    """Tell a worker what to do."""
    assert process.stdin is not None
    process.stdin.write(json.dumps(dataclasses.asdict(order)) + "\n")
    process.stdin.flush()


def say(*words: object) -> None:
    """Tell the parent, in one write."""
    os.write(1, (json.dumps(words) + "\n").encode())


def read(lines: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return what was told; the last line may be torn, and what is no line of ours is an error of the program's."""
    told: list[tuple[Any, ...]] = []
    for line in lines:
        try:
            words = json.loads(line)
            told.append(tuple(words) if isinstance(words, list) else ("said", line.rstrip()))
        except ValueError:
            if line.endswith("\n"):
                told.append(("said", line.rstrip()))
    return told


class Work:
    """The jobs, on an open app."""

    def __init__(self, app: App, order: Order) -> None:
        self._documents = app.documents
        self._order = order
        self._number = order.first

    def _new(self) -> Made:
        self._number += 1
        return made(self._number)

    def _add(self) -> Made:
        one = self._new()
        say("adding", one.number, one.version)
        self._documents.add(one.write(Path(self._order.files)))
        say("kept", one.number, one.version)
        return one

    def _ready(self, one: Made) -> None:
        found = self._documents.wait(one.id, _WAIT)
        say(found.state if found.state in ("ready", "failed") else "late", one.number, one.version, found.problem)

    def take_in(self) -> None:
        """Give in a few, wait until they are ready, and so on."""
        for one in [self._add() for _ in range(_TOGETHER)]:
            self._ready(one)

    def replace(self) -> None:
        """Give every document of the home a new version, a few at a time."""
        versions = dict(self._order.living)
        for _ in range(self._order.times):
            names = list(versions)
            for begin in range(0, len(names), 2):
                several = []
                for number in names[begin : begin + 2]:
                    new = made(number, versions[number] + 1)
                    say("replacing", number, new.version)
                    self._documents.replace(made(number, versions[number]).id, new.write(Path(self._order.files)))
                    say("kept", number, new.version)
                    versions[number] += 1
                    several.append(new)
                for new in several:
                    self._ready(new)

    def remove(self) -> None:
        """Remove what was there and what has just been given in, while others are taken in."""
        going = [made(number, version) for number, version in self._order.living]
        for _ in range(self._order.times):
            for one in going[:2]:
                say("removing", one.number, one.version)
                self._documents.remove(one.id)
                say("removed", one.number, one.version)
            going = [*going[2:], self._add(), self._add()]

    def rebuild(self) -> None:
        """Build the index anew."""
        say("rebuilding")
        for one in self._documents.rebuild():
            say("rebuilt", one.id)

    def take_archive(self) -> None:
        """Take in an exported knowledge base, export everything, wait until it is ready."""
        for at, archive in enumerate(self._order.archives):
            number = {made(n).name: n for n in range(int(Path(archive).stem), int(Path(archive).stem) + 20)}
            say("importing", archive)
            for coming in number.values():
                say("adding", coming, 0)
            for taken in self._documents.import_(Path(archive)):
                say("kept", number[taken.title], 0)
            out = Path(self._order.files) / f"export-{self._order.first}{at}.zip"
            for _ in self._documents.export(out):
                pass
            say("exported", str(out))
        for one in [made(number[title]) for title in number if title in {d.title for d in self._documents.list()}]:
            self._ready(one)
        self.take_in()

    def jobs(self) -> Mapping[str, Callable[[], None]]:
        """Every job by its name."""
        return {
            "take in": self.take_in, "replace": self.replace, "remove": self.remove, "rebuild": self.rebuild,
            "import": self.take_archive,
        }  # fmt: skip


def main() -> None:
    """Do what standard input says until it is done or this process is killed."""
    importlib.import_module("knowledge.store")
    importlib.import_module("knowledge.library")
    importlib.import_module("sqlite_utils")
    text = sys.stdin.readline()
    if not text:
        return
    values = json.loads(text)
    order = Order(**{**values, "living": tuple(tuple(one) for one in values["living"])})
    if order.without:
        faults.DEFENCES[order.without]()
    if order.point:
        faults.arm(next(one for one in faults.POINTS if one.name == order.point), order.nth)
    with opened(of(read_settings(), Path(order.home), order.embedder)) as app:
        say("begun")
        work = Work(app, order)
        for _ in range(order.times):
            work.jobs()[order.job]()
    say("ended")


if __name__ == "__main__":
    main()
