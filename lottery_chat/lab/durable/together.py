"""`lab durable together`: the app as the page holds it and the command line at work on one home at once, for a minute."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lottery_chat import posix
from lottery_chat.errors import LotteryChatError
from lottery_chat.interface.app import App
from lottery_chat.lab.durable import faults
from lottery_chat.lab.durable.homes import of, opened
from lottery_chat.lab.durable.made import Made, made
from lottery_chat.lab.durable.oracle import Examination, Ledger
from lottery_chat.lab.durable.worker import read, say
from lottery_chat.settings import Settings, read_settings

_ROOT = Path(__file__).resolve().parents[3]
#: Numbers of the documents: those that both give in at once, and then those of each program and thread.
_BOTH, _EACH = 10, 10_000
_WORDS = "the harbour lantern by noon"


@dataclass(frozen=True, slots=True)
class Together:
    """What came of it. `told` counts what was done by the word for it."""

    seconds: float
    told: dict[str, int]
    lost: tuple[str, ...]
    wrong: tuple[str, ...]


class Hand:
    """One thread that works on an open app: takes in, replaces, removes, and tells each."""

    def __init__(self, app: App, files: Path, first: int, until: float) -> None:
        self._documents, self._files, self._until = app.documents, files, until
        self._dice, self._numbers = random.Random(first), itertools.count(first)
        self._mine: list[Made] = []

    def work(self) -> None:
        """Until the time is over; what a person would be told instead of a result is told as `refused`."""
        while time.monotonic() < self._until:
            try:
                self._once()
            except LotteryChatError as error:
                say("refused", str(error))

    def _once(self) -> None:
        what = self._dice.random()
        if what < 0.5 or len(self._mine) < 3:
            self._add(made(next(self._numbers)))
        elif what < 0.75:
            old = self._mine[0]
            self._ready(old)
            new = made(old.number, old.version + 1)
            say("replacing", new.number, new.version)
            self._documents.replace(old.id, new.write(self._files))
            say("kept", new.number, new.version)
            self._mine[0] = new
            self._ready(new)
        else:
            one = self._mine.pop(self._dice.randrange(len(self._mine)))
            say("removing", one.number, one.version)
            self._documents.remove(one.id)
            say("removed", one.number, one.version)

    def _add(self, one: Made) -> None:
        say("adding", one.number, one.version)
        self._documents.add(one.write(self._files))
        say("kept", one.number, one.version)
        self._mine.append(one)

    def _ready(self, one: Made) -> None:
        found = self._documents.wait(one.id, 60)
        say(found.state if found.state in ("ready", "failed") else "late", one.number, one.version)

    def search(self) -> None:
        """Ask again and again, and give in what the other program gives in too."""
        for number in itertools.cycle(range(_BOTH)):
            if time.monotonic() > self._until:
                return
            try:
                self._documents.search(_WORDS)
                say("searched")
                one = made(number)
                self._documents.add(one.write(self._files))
                say("kept", one.number, one.version)
            except LotteryChatError as error:
                say("refused", str(error))


def page() -> None:
    """A process that works on the home as the page's does: two threads that change it and one that searches."""
    values = json.loads(sys.argv[1])
    if values["without"]:
        faults.DEFENCES[values["without"]]()
    files, until = Path(values["files"]), time.monotonic() + values["seconds"]
    with opened(of(read_settings(), Path(values["home"]), values["embedder"])) as app:
        hands = [Hand(app, files / str(at), values["first"] + at * _EACH, until) for at in range(3)]
        jobs = (hands[0].work, hands[1].work, hands[2].search)
        threads = [threading.Thread(target=job) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        say("ended")


def _started(
    folder: Path, home: Path, first: int, seconds: float, embedder: str, without: str
) -> subprocess.Popen[str]:
    order = {
        "home": str(home), "files": str(folder / f"files{first}"), "first": first, "seconds": seconds,
        "embedder": embedder, "without": without,
    }  # fmt: skip
    command = [sys.executable, "-m", "lottery_chat.lab.durable.together", json.dumps(order)]
    return subprocess.Popen(
        command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **posix.own_group()
    )


class _Lines:
    """Everything a process prints, taken as it comes, so that it never waits for us."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process, self._lines = process, list[str]()
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    def _take(self) -> None:
        assert self._process.stdout is not None
        self._lines.extend(self._process.stdout)

    def all(self) -> list[str]:
        """What was printed, once the process has ended."""
        self._process.wait()
        self._thread.join(30)
        return self._lines


def _commands(home: Path, folder: Path, until: float, embedder: str, ledger: Ledger) -> Counter[str]:
    """Real commands one after the other: take in, replace, search, remove; what each promised goes into the ledger."""
    told: Counter[str] = Counter()
    base = [sys.executable, "-m", "lottery_chat", "--home", str(home)]
    variables = ["env", f"LOTTERY_CHAT_EMBEDDER={embedder}"] if embedder and os.name != "nt" else []
    for number in itertools.count(900_000):
        one, new = made(number), made(number, 1)
        steps: Sequence[tuple[list[str], list[tuple[Any, ...]]]] = (
            (["ingest", str(one.write(folder / "typed"))], [("kept", number, 0), ("ready", number, 0)]),
            (["search", one.marker, "--by", "text"], []),
            (["documents", "replace", one.id[:12], str(new.write(folder / "typed"))], [("kept", number, 1)]),
            (["documents", "remove", new.id[:12]] if number % 2 else ["documents", "list"], [("removed", number, 1)] if number % 2 else []),
        )  # fmt: skip
        for words, promised in steps:
            if time.monotonic() > until:
                return told
            done = subprocess.run([*variables, *base, *words], cwd=_ROOT, capture_output=True, text=True, timeout=300)
            name = f"command {' '.join(words[: 2 if words[0] == 'documents' else 1])}"
            told[name] += 1
            if done.returncode != 0 or "Traceback" in done.stderr or (words[0] == "search" and one.id and one.marker not in done.stdout):  # fmt: skip
                ledger.said.append(f"{name} {words[-1][-40:]}: {done.stdout[-200:]} {done.stderr[-600:]}")
                break
            ledger.read(promised)
    return told


def together(settings: Settings, folder: Path, *, seconds: float, embedder: str, without: str = "") -> Together:
    """Work on one home from two processes like the page's and by commands, at once; then look at everything."""
    home, ledger, typed = folder / "home", Ledger(), Ledger()
    began = time.monotonic()
    with (
        _started(folder, home, 100_000, seconds, embedder, without) as first,
        _started(folder, home, 200_000, seconds, embedder, without) as second,
    ):
        lines = [_Lines(first), _Lines(second)]
        told = _commands(home, folder, began + seconds, embedder, typed) if not without else Counter[str]()
        spoken = [read(one.all()) for one in lines]
    wrong = []
    for at, words in enumerate(spoken):
        ledger.read(words)
        told.update(str(one[0]) for one in words)
        wrong += [] if words and words[-1][0] == "ended" else [f"process {at + 1} did not end in order"]
    refused = Counter(str(one[1])[:120] for words in spoken for one in words if one[0] == "refused")
    wrong += [f"refused {count} times: {what}" for what, count in refused.items()]
    ledger.allowed |= typed.allowed
    for kept, more in ((ledger.ready, typed.ready), (ledger.removed, typed.removed), (ledger.replaced, typed.replaced)):
        kept |= more
    ledger.touched |= typed.touched
    ledger.said += typed.said
    with opened(of(settings, home, embedder)) as app:
        found = Examination(app, home, ledger).run()
    damaged = [f"set aside: {path.name}" for path in (home / "documents").rglob("*.damaged-*")]
    return Together(time.monotonic() - began, dict(told), found.lost, (*wrong, *found.wrong, *damaged))


if __name__ == "__main__":
    page()
