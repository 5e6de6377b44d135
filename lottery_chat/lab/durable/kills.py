"""`lab durable kills`: `kill -9` of a process at work, at random and at named points, and what is there afterwards."""

from __future__ import annotations

import dataclasses
import itertools
import random
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lottery_chat.errors import LotteryChatError
from lottery_chat.lab.durable import worker
from lottery_chat.lab.durable.faults import POINTS, Point
from lottery_chat.lab.durable.homes import of, opened
from lottery_chat.lab.durable.made import Made, made
from lottery_chat.lab.durable.oracle import Examination, Found, Ledger
from lottery_chat.settings import Settings

JOBS = ("take in", "replace", "remove", "rebuild", "import")
#: Rounds on one home before a new one is begun; documents it begins with; documents of an archive.
_ROUNDS, _BEGIN, _ARCHIVED = 5, 8, 8
#: The name of a moment that is no named point.
RANDOM = "at random"
_COLLECTION = "Kept together"
_LONGEST = 60.0
_LATE = 0.4


@dataclass(frozen=True, slots=True)
class Kill:
    """One round: which work was killed where, and what was found."""

    number: int
    job: str
    point: str
    killed: bool
    told: int
    lost: tuple[str, ...]
    wrong: tuple[str, ...]
    mended: tuple[str, ...]
    unfinished: int
    seconds: float


def plan(count: int, seed: int, job: str = "", without: str = "") -> Iterator[tuple[str, Point | None, int]]:
    """Yield (job, point or None for a random moment, how often it is come to) for `count` kills and more.

    Two of five are at random moments; the points of a job come in turn.
    """
    dice = random.Random(seed)
    jobs = [job] if job else list(JOBS)
    turns = {one: itertools.cycle(_in_turn(one, dice, without)) for one in jobs}
    for number in range(count):
        doing = jobs[number % len(jobs)]
        point = None if (number // len(jobs)) % 5 in (0, 3) else next(turns[doing])
        yield doing, point, dice.choice((1, 1, 2, 3))


def _in_turn(job: str, dice: random.Random, without: str) -> list[Point]:
    """The points of a work, those of no other first; without write-then-rename there are none at renames."""
    its = [one for one in POINTS if job in one.jobs and (without != "rename" or one.when != "rename")]
    return sorted(dice.sample(its, len(its)), key=lambda one: len(one.jobs))


class Homes:
    """Homes of the experiment, each used for a few rounds; the archives that are taken in are made once."""

    def __init__(self, settings: Settings, folder: Path, embedder: str) -> None:
        self._settings, self._folder, self._embedder = settings, folder, embedder
        self._count = self._used = 0
        self.ledger = Ledger()
        self.archives: tuple[str, ...] = ()

    def settings(self) -> Settings:
        """The settings of the home in use."""
        return of(self._settings, self.home, self._embedder)

    @property
    def home(self) -> Path:
        """The home in use."""
        return self._folder / f"home{self._count}"

    def next(self) -> None:
        """Be ready for a round: every few, in a new home with a few documents in it."""
        if not self.archives:
            self.archives = tuple(str(self._archive(begin)) for begin in (100_000, 100_100, 100_200))
        self._used += 1
        if self._count and self._used <= _ROUNDS:
            return
        if self._count:
            shutil.rmtree(self.home)
        self._count, self._used, self.ledger = self._count + 1, 1, Ledger()
        self._filled(self.home, [made(n) for n in range(_BEGIN)], "")
        self.ledger.settled(made(n) for n in range(_BEGIN))

    def _archive(self, begin: int) -> Path:
        path = self._folder / f"{begin}.zip"
        self._filled(self._folder / "archived", [made(n) for n in range(begin, begin + _ARCHIVED)], str(path))
        shutil.rmtree(self._folder / "archived")
        return path

    def _filled(self, home: Path, documents: list[Made], export: str) -> None:
        with opened(of(self._settings, home, self._embedder)) as app:
            ids = [app.documents.add(one.write(home / "files")).id for one in documents]
            for one in ids:
                app.documents.wait(one, 300)
            app.documents.put(app.documents.make_collection(_COLLECTION).id, ids)
            if export:
                for _ in app.documents.export(Path(export)):
                    pass

    def examined(self) -> Found:
        """Start again on the home in use and look at everything."""
        try:
            with opened(self.settings()) as app:
                return Examination(app, self.home, self.ledger, _COLLECTION).run()
        except LotteryChatError as error:
            self._used = _ROUNDS  # what is in this home is not known any more
            return Found((), (f"after the start: {error}",), (), 0, 0.0)


def kills(
    settings: Settings, folder: Path, *, count: int, seed: int, embedder: str, without: str = "", job: str = ""
) -> Iterator[Kill]:
    """Yield `count` kills; rounds in which the work was not killed (it did not come to its point) are not counted.

    Args:
        folder: where homes are made, one after the other.
        without: a defence that is switched off in the worker (faults.DEFENCES): the negative control.
        job: only this work.
    """
    dice, homes, workers, done = random.Random(seed + 1), Homes(settings, folder, embedder), Workers(), 0
    with workers:
        for number, (doing, point, nth) in enumerate(plan(10 * count, seed, job, without)):
            if done == count:
                return
            homes.next()
            order = worker.Order(
                str(homes.home), str(homes.home / "files"), doing, 1000 * (number + 1),
                living=tuple((one.number, one.version) for one in homes.ledger.living()), archives=homes.archives,
                point=point.name if point else "", nth=nth, without=without, embedder=embedder,
            )  # fmt: skip
            killed, told = _killed(workers.next(), order, dice)
            homes.ledger.read(told)
            found = homes.examined()
            done += killed
            yield Kill(
                number, doing, order.point or RANDOM, killed, len(told), found.lost, found.wrong, found.mended,
                found.unfinished, found.seconds,
            )  # fmt: skip


class Workers:
    """Workers one after the other, the next one always loading already."""

    def __init__(self) -> None:
        self._waiting: subprocess.Popen[str] | None = None

    def __enter__(self) -> Workers:
        return self

    def next(self) -> subprocess.Popen[str]:
        """Return one that can be given its order."""
        ready = self._waiting or worker.start()
        self._waiting = worker.start()
        return ready

    def __exit__(self, *_: object) -> None:
        if self._waiting is not None:
            with self._waiting as process:
                process.kill()


def _killed(
    process: subprocess.Popen[str], order: worker.Order, dice: random.Random
) -> tuple[bool, list[tuple[Any, ...]]]:
    """Have a worker begin and kill it, if it does not do so itself; whether it was killed, and what it told."""
    with process:
        assert process.stdout is not None
        worker.give(process, order)
        watch = threading.Timer(_LONGEST, process.kill)
        watch.start()
        if order.point:
            lines = process.stdout.readlines()
        else:
            lines = [process.stdout.readline() for _ in range(dice.randint(2, 14))]
            time.sleep(dice.random() * _LATE)
            process.kill()
            lines += process.stdout.readlines()
        process.wait()
        by_watch = not watch.is_alive()
        watch.cancel()
    told = worker.read(lines)
    ended = any(one[0] == "ended" for one in told)
    return not ended and not (by_watch and order.point != "") and process.returncode != 0, told


def as_rows(found: list[Kill]) -> list[tuple[str, ...]]:
    """Return a row a job and a row for all."""
    head = (
        "killed while",
        "kills",
        "at named points",
        "documents lost",
        "else wrong",
        "unfinished, ended by themselves",
    )
    rows: list[tuple[str, ...]] = [head]
    for job in (*JOBS, ""):
        of_job = [one for one in found if one.killed and one.job in (job or one.job)]
        if of_job:
            rows.append(
                (
                    job or "all", str(len(of_job)), str(sum(one.point != RANDOM for one in of_job)),
                    str(sum(len(one.lost) for one in of_job)), str(sum(len(one.wrong) for one in of_job)),
                    str(sum(one.unfinished for one in of_job)),
                )
            )  # fmt: skip
    return rows


def as_json(one: Kill) -> dict[str, object]:
    """Return a kill as JSON-ready values."""
    return dataclasses.asdict(one)
