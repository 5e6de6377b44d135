"""Runs jobs one after the other: arms side by side on each item, what is there already left out, faults contained."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from lottery_chat.errors import LotteryChatError
from lottery_chat.lab.records import RecordFile
from lottery_chat.lab.values import Arm, Item, Record, Task

#: So many items of a model in a row that could not be asked, and the model is given up.
FAILURES = 5

_STOPPED = "Stopped; the same command goes on from here."


@dataclass(frozen=True, slots=True)
class Job:
    """One item in one arm with one model."""

    task: Task
    item: Item
    arm: Arm
    model: str
    seed: int

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """The key of the record that this job makes."""
        return (self.task.name, self.item.id, self.arm.name, self.model, self.seed)


@dataclass(frozen=True, slots=True)
class State:
    """How far a run is: after each job, for the live table. `record` is None where the item could not be asked.

    `left` are the jobs that will still be asked: without those of a model that was given up.
    """

    job: Job
    record: Record | None
    done: int
    total: int
    left: tuple[Job, ...] = field(repr=False, default=())


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended: jobs asked now, there before, not to be asked; `problems` are sentences, each once."""

    asked: int
    skipped: int
    failed: int
    problems: tuple[str, ...]


def ordered(jobs: Iterable[Job]) -> list[Job]:
    """Models one after the other (loading one costs seconds); inside, item by item with the arms side by side.

    Which arm comes first changes from item to item, so that none always finds the machine warm. A job that comes
    twice is one.
    """
    models: dict[str, dict[tuple[str, str], list[Job]]] = {}
    for job in {job.key: job for job in jobs}.values():
        models.setdefault(job.model, {}).setdefault((job.task.name, job.item.id), []).append(job)
    result: list[Job] = []
    for items in models.values():
        for number, arms in enumerate(items.values()):
            first = number % len(arms)
            result += arms[first:] + arms[:first]
    return result


def run(
    jobs: Sequence[Job],
    *,
    ask: Callable[[Job], Record],
    file: RecordFile,
    tell: Callable[[State], None],
    stop: threading.Event,
    parallel: int = 1,
) -> Summary:
    """Ask every job whose record is not in the file yet, and keep each record before the next is asked.

    A job that cannot be asked (LotteryChatError, or a record with a problem) is told, counted and left for the next
    time; a model that fails FAILURES times in a row is given up. Ctrl-C ends the run with all records kept and sets
    `stop`, which `ask` looks at. With `parallel` jobs at a time, all of one model, their seconds are those of a
    machine that they share.

    Raises:
        LotteryChatError: a record could not be kept.
    """
    every = ordered(jobs)
    going = _Going([job for job in every if job.key not in file.records])
    skipped = len(every) - len(going.waiting)
    with going.stopped_by_hand(stop):
        for job, record, problem in _side_by_side(going, ask, stop, parallel):
            if record is None:
                going.failed_at(job, problem)
            else:
                file.append(record)
                going.asked_at(job)
            tell(State(job, record, going.done, going.total, tuple(going.waiting)))
    return Summary(going.asked, skipped, going.failed, going.sentences())


def _side_by_side(
    going: _Going, ask: Callable[[Job], Record], stop: threading.Event, parallel: int
) -> Iterator[tuple[Job, Record | None, str]]:
    """Ask the waiting jobs, `parallel` at a time, and yield each with its record or its problem as it ends."""
    if parallel <= 1:
        while going.waiting:
            if stop.is_set():
                raise KeyboardInterrupt
            job = going.waiting.pop(0)
            yield job, *_asked(job, ask)
        return
    with ThreadPoolExecutor(parallel, "lab") as pool:
        try:
            while going.waiting or going.flying:
                if stop.is_set():
                    raise KeyboardInterrupt
                # Two models at once would slow each other down several times.
                while going.waiting and len(going.flying) < parallel and going.same_model():
                    job = going.waiting.pop(0)
                    going.flying[pool.submit(_asked, job, ask)] = job
                ended, _ = wait(going.flying, timeout=0.5, return_when=FIRST_COMPLETED)
                for future in ended:
                    yield going.flying.pop(future), *future.result()
        finally:
            if going.flying:
                stop.set()  # those that still answer are stopped, and asked again the next time


def _asked(job: Job, ask: Callable[[Job], Record]) -> tuple[Record | None, str]:
    """The record, or None and why there is none."""
    try:
        record = ask(job)
    except LotteryChatError as error:
        return None, str(error)
    return (None, record.problem) if record.problem else (record, "")


class _Going:
    """What a run counts: jobs that wait, were asked, failed; the reasons, each with the jobs it stopped."""

    def __init__(self, waiting: list[Job]) -> None:
        self.waiting = waiting
        self.flying: dict[Future[tuple[Record | None, str]], Job] = {}
        self.total = len(waiting)
        self.asked = 0
        self.failed = 0
        self._in_a_row: dict[str, int] = {}
        self._reasons: dict[str, list[Job]] = {}
        self._endings: list[str] = []

    @property
    def done(self) -> int:
        return self.total - len(self.waiting) - len(self.flying)

    def same_model(self) -> bool:
        return all(job.model == self.waiting[0].model for job in self.flying.values())

    def asked_at(self, job: Job) -> None:
        self.asked += 1
        self._in_a_row[job.model] = 0

    def failed_at(self, job: Job, reason: str) -> None:
        self.failed += 1
        self._reasons.setdefault(reason, []).append(job)
        self._in_a_row[job.model] = self._in_a_row.get(job.model, 0) + 1
        if self._in_a_row[job.model] < FAILURES:
            return
        others = [one for one in self.waiting if one.model == job.model]
        self.waiting = [one for one in self.waiting if one.model != job.model]
        self.failed += len(others)
        self._endings.append(f"{job.model} failed {FAILURES} times in a row; its other items ({len(others)}) were left for another time.")  # fmt: skip

    @contextlib.contextmanager
    def stopped_by_hand(self, stop: threading.Event) -> Iterator[None]:
        """Ctrl-C, wherever it comes, ends the run; what was kept is kept."""
        try:
            yield
        except KeyboardInterrupt:
            stop.set()
            self._endings.append(_STOPPED)

    def sentences(self) -> tuple[str, ...]:
        """Each reason once, with the first of its jobs; then how the run ended."""
        told = []
        for reason, jobs in self._reasons.items():
            first = f"{jobs[0].task.name} {jobs[0].item.id} ({jobs[0].arm.name}, {jobs[0].model})"
            told.append(f"{first}{f' and {len(jobs) - 1} more' if jobs[1:] else ''}: {reason}")
        return (*told, *self._endings)
