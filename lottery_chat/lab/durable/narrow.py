"""The process whose disk is full: its home lies in a small file system of its own, filled to a chosen number of bytes.

The disk is a tmpfs that only this process and its children see (a mount namespace, for which Linux needs no
privilege where user namespaces are allowed), so that every writer meets the real ENOSPC: Python, SQLite, Lance, the
reader's child, temporary files. `start` starts one; `can_mount` says whether this machine lets us.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from lottery_chat import posix
from lottery_chat.assembly import parts_of
from lottery_chat.errors import LotteryChatError
from lottery_chat.interface.app import App
from lottery_chat.lab.durable import faults
from lottery_chat.lab.durable.homes import of, opened
from lottery_chat.lab.durable.made import Made, made
from lottery_chat.lab.durable.oracle import Examination, Ledger
from lottery_chat.lab.durable.worker import say
from lottery_chat.settings import read_settings

_ROOT = Path(__file__).resolve().parents[3]
_SIZE = 96 * 2**20
#: How long an operation is watched until it said something or ended, and how long the app has to go on afterwards.
_WATCHED, _PATIENCE = 30.0, 60.0
#: A document of many passages, so that the index is what needs the room.
_NUMBERS = (1, 7, 3)
#: Documents that are there before; 7 is a long one.
_BEGIN = 8


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a process is to do: `activity` with room for each of `rooms` bytes (-1: all there is, to see the need)."""

    mount: str
    activity: str
    rooms: tuple[int, ...]
    embedder: str
    without: str = ""


def _command(order: Narrow) -> list[str]:
    module = [sys.executable, "-m", "lottery_chat.lab.durable.narrow", json.dumps(dataclasses.asdict(order))]
    inside = f'mount -t tmpfs -o size={_SIZE},mode=700 tmpfs "$0" && mkdir "$0/tmp" && TMPDIR="$0/tmp" exec "$@"'
    return ["unshare", "-rm", "sh", "-c", inside, order.mount, *module]


def can_mount(folder: Path) -> bool:
    """Whether a file system of our own can be made here."""
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", str(folder)], capture_output=True)
    return tried.returncode == 0


def start(order: Narrow) -> subprocess.Popen[str]:
    """Start a process on a small disk; its lines come through `stdout`."""
    return subprocess.Popen(
        _command(order), cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **posix.own_group()
    )


class Disk:
    """The small file system: `narrow` leaves so much room, `widen` gives it all back."""

    def __init__(self, mount: Path) -> None:
        self._mount, self._ballast = mount, mount / "ballast"

    def free(self) -> int:
        """Bytes that are free."""
        return shutil.disk_usage(self._mount).free

    def narrow(self, room: int) -> None:
        """Fill it until `room` bytes are left (whole pages)."""
        with self._ballast.open("wb") as file:
            for _ in range(100):
                # The app may be writing in this moment, and then so much is not free any more.
                with contextlib.suppress(OSError):
                    os.posix_fallocate(file.fileno(), 0, max(1, self.free() - room))
                    return
        raise OSError(f"The disk could not be filled to {room} bytes.")

    def widen(self) -> None:
        """Empty it."""
        self._ballast.unlink(missing_ok=True)


class _Told:
    """What an operation ends with: a sentence of ours is what a person sees, anything else would be a traceback."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, LotteryChatError):
            self._trial.said.append(str(error))
        elif isinstance(error, Exception):
            self._trial.faults.append(f"{type(error).__name__}: {error}"[:300])
        return isinstance(error, Exception)


class Trial:
    """One operation on a full disk, and what comes after it, in one app that is not started again."""

    def __init__(self, app: App, mount: Path, ledger: Ledger) -> None:
        self._app, self._mount, self._ledger = app, mount, ledger
        self._files = mount.parent / "given"  # where documents come from is not full
        self.said: list[str] = []
        self.faults: list[str] = []
        self.kept_runs: list[str] = []

    def do(self, activity: str) -> None:
        """Try it, and keep the sentence a person would see; anything but a sentence of ours is a fault."""
        with _Told(self):
            {
                "take in": self._take_in, "replace": self._replace, "remove": self._remove, "rebuild": self._rebuild,
                "import": self._import, "export": self._export, "remember": self._remember,
            }[activity]()  # fmt: skip

    def _watch(self) -> None:
        """Until all is done, or the app says what hinders it."""
        until = time.monotonic() + _WATCHED
        while time.monotonic() < until:
            if all(one.state in ("ready", "failed") and not one.replaces for one in self._app.documents.list()):
                return
            problem = self._app.documents.work().problem
            if problem:
                self.said.append(problem)
                return
            time.sleep(0.05)
        self.faults.append(f"it is not done after {_WATCHED:.0f} s, and nobody was told why")

    def _add(self, one: Made) -> None:
        self._ledger.read([("adding", one.number, one.version)])
        self._app.documents.add(one.write(self._files))
        self._ledger.read([("kept", one.number, one.version)])

    def _take_in(self) -> None:
        for number in _NUMBERS:
            self._add(made(2000 + number))
        self._watch()

    def _replace(self) -> None:
        for number in (0, 7):
            self._ledger.read([("replacing", number, 1)])
            self._app.documents.replace(made(number).id, made(number, 1).write(self._files))
            self._ledger.read([("kept", number, 1)])
        self._watch()

    def _remove(self) -> None:
        for number in (0, 7):
            self._ledger.read([("removing", number, 0)])
            self._app.documents.remove(made(number).id)
            self._ledger.read([("removed", number, 0)])

    def _rebuild(self) -> None:
        self._ledger.read([("rebuilding",)])
        for _ in self._app.documents.rebuild():
            pass

    def _import(self) -> None:
        numbers = {made(n).name: n for n in range(100_000, 100_000 + _BEGIN)}
        for number in numbers.values():
            self._ledger.read([("adding", number, 0)])
        for one in self._app.documents.import_(self._mount / "100000.zip"):
            if one.state != "refused":
                self._ledger.read([("kept", numbers[one.title], 0)])
            else:
                self.said.append(one.problem)
        self._watch()

    def _export(self) -> None:
        out = self._mount / "out" / "export-0.zip"
        out.parent.mkdir(exist_ok=True)
        for _ in self._app.documents.export(out):
            pass

    def _remember(self) -> None:
        """Conversations with long questions, as the app keeps them before it answers."""
        journal = parts_of(self._app).memory.journal()
        for number in range(12):
            conversation = self._app.conversations.create()
            run = f"{number:032x}"
            journal.begin(run, conversation, made(3000 + number, 0, 60).data.decode(), model="none", mode="auto")
            self.kept_runs.append(run)

    def lost_runs(self, app: App) -> list[str]:
        """Questions that were kept before the disk was full and are not there any more."""
        there = {one.run for one in app.runs.list(1000)}
        return [f"the question {run[-3:]} is not there" for run in self.kept_runs if run not in there]

    def goes_on(self) -> list[str]:
        """After there is room again: another document is taken in by the same app, and all that waited is ready."""
        try:
            self._add(made(2900))
            until = time.monotonic() + _PATIENCE
            while time.monotonic() < until:
                listed = self._app.documents.list()
                if all(one.state in ("ready", "failed") and not one.replaces for one in listed):
                    return []
                time.sleep(0.05)
            return [f"does not go on: {self._app.documents.work()}"]
        except LotteryChatError as error:
            return [f"does not go on: {error}"]


def _trial(order: Narrow, room: int, ready: Path) -> None:
    mount = Path(order.mount)
    home = mount / "home"
    disk = Disk(mount)
    shutil.copytree(ready, home)
    ledger = Ledger()
    ledger.settled(made(n) for n in range(_BEGIN))
    settings = of(read_settings(), home, order.embedder)
    with opened(settings) as app:
        for one in app.documents.list():
            app.documents.wait(one.id, 5.0)
        app.conversations.list()
        trial = Trial(app, mount, ledger)
        before = disk.free()
        if room >= 0:
            disk.narrow(room)
        began = time.monotonic()
        trial.do(order.activity)
        seconds, used = time.monotonic() - began, before - disk.free()
        disk.widen()
        wrong = [*trial.faults, *trial.goes_on()]
        lost = trial.lost_runs(app)
    with opened(settings) as app:
        found = Examination(app, home, ledger).run()
        lost += [*found.lost, *trial.lost_runs(app)]
    say("tried", room, list(dict.fromkeys(trial.said)), lost, [*wrong, *found.wrong], round(seconds, 2), used)
    shutil.rmtree(home)
    shutil.rmtree(mount / "out", ignore_errors=True)


def main() -> None:
    """Try the activity with each of the rooms, and say what came of it, a line a trial."""
    values = json.loads(sys.argv[1])
    order = Narrow(**{**values, "rooms": tuple(values["rooms"])})
    importlib.import_module("knowledge.store")
    if order.without:
        faults.DEFENCES[order.without]()
    mount = Path(order.mount)
    _prepare(mount, order.embedder)
    for room in order.rooms:
        _trial(order, room, mount / "ready")
    say("ended")


def _prepare(mount: Path, embedder: str) -> None:
    """A home with a few documents, and an archive with others."""
    for home, begin, archive in ((mount / "archived", 100_000, mount / "100000.zip"), (mount / "ready", 0, None)):
        with opened(of(read_settings(), home, embedder)) as app:
            for one in [app.documents.add(made(begin + n).write(home / "files")) for n in range(_BEGIN)]:
                app.documents.wait(one.id, 300)
            for _ in app.documents.export(archive) if archive else ():
                pass
    shutil.rmtree(mount / "archived")


if __name__ == "__main__":
    main()
