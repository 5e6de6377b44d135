"""`lottery-chat lab run`, `panel` and `niah`: items asked arm by arm, each a line that is kept, and a report at the end."""

from __future__ import annotations

import argparse
import math
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lottery_chat import assembly
from lottery_chat.commands import Opener
from lottery_chat.errors import SettingsError
from lottery_chat.interface.app import App
from lottery_chat.lab import panel
from lottery_chat.lab.arms import SEARCH, arm
from lottery_chat.lab.asking import Asker
from lottery_chat.lab.bases import Bases
from lottery_chat.lab.command_records import draw_maps
from lottery_chat.lab.given import data_folder, known_task, model_in_use, names_in, own_home, run_folder
from lottery_chat.lab.heat_maps import place_of
from lottery_chat.lab.loading import chosen, read_items
from lottery_chat.lab.progress import Table
from lottery_chat.lab.records import RecordFile, load
from lottery_chat.lab.reporting import as_markdown, report
from lottery_chat.lab.running import Job, Summary, run
from lottery_chat.lab.tasks import MAPS, reported_family, tasks
from lottery_chat.lab.values import Arm, Task
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, note


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be measured: items of each task (None: all), their seed, where the lines are kept and with what."""

    limits: Mapping[str, int | None]
    seed: int
    out: Path
    kept_with: Mapping[str, object]


def run_tasks(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """So many items of the tasks that are named."""
    if options.limit is not None and options.limit < 1:
        raise SettingsError(f"--limit is {options.limit}; it must be at least 1.")
    limits = dict.fromkeys(names_in(options.tasks), options.limit)
    out = run_folder(options.out, settings)
    return _measure(options, settings, opener, _Wanted(limits, options.seed, out, {}))


def run_panel(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """The panel, or some families of it."""
    counts = panel.counts(quick=options.quick)
    if options.family:
        families = names_in(options.family)
        unknown = [name for name in families if name not in panel.COUNTS]
        if unknown:
            raise SettingsError(f"Unknown family {unknown[0]!r}; one of {', '.join(panel.COUNTS)}.")
        counts = {task: counts[task] for name in families for task in panel.COUNTS[name]}
    out = run_folder(options.out, settings, "panel-")
    wanted = _Wanted(dict(counts), panel.SEED, out, {"panel": panel.VERSION})
    return _measure(options, settings, opener, wanted)


def run_niah(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """The heat maps: the needles in texts up to so many tokens, with and without the reduction."""
    options.arm = {"both": "planner,planner:no-preprocess", "on": "planner", "off": "planner:no-preprocess"}[
        options.preprocess
    ]
    names = [name for name, kind in MAPS.items() if options.kind in ("all", kind)]
    out = run_folder(options.out, settings, "niah-")
    return _measure(options, settings, opener, _Wanted(dict.fromkeys(names), panel.SEED, out, {}))


def _measure(options: argparse.Namespace, settings: Settings, opener: Opener, wanted: _Wanted) -> int:
    """Ask, keep, report. The exit code is 1 where something could not be asked."""
    if options.parallel < 1 or options.seconds <= 0:
        raise SettingsError("--parallel and --seconds must be greater than zero.")
    data = data_folder(options.data, wanted.limits)
    everything = tasks(data)
    arms = [arm(name) for name in names_in(options.arm)]
    chosen_tasks = {name: known_task(everything, name) for name in wanted.limits}
    with opener(own_home(settings, options.parallel), False) as app:
        asks = any(task.kind == "ask" for task in chosen_tasks.values())
        models = (names_in(options.model) if options.model else [model_in_use(app)]) if asks else []
        lengths = (getattr(options, "shortest", None) or 0, getattr(options, "longest", None) or math.inf)
        jobs = _jobs(chosen_tasks, wanted, data, arms, models, lengths)
        manifest = {
            "seed": wanted.seed, "data": str(data.resolve()), "version": app.version, "models": models,
            "seconds": options.seconds, "parallel": options.parallel, **wanted.kept_with,
        }  # fmt: skip
        with RecordFile(wanted.out, manifest) as file:
            summary = _ask(app, options, settings, jobs, file, data, wanted)
        _say_summary(summary, wanted.out)
    made = report(load(wanted.out), family=reported_family)
    line(as_markdown(made))
    draw_maps(made, wanted.out)
    note(f"`lottery-chat lab report {wanted.out}` shows this again; `lottery-chat runs show ID` shows an item's trace.")
    return 0 if not summary.problems else 1


def _ask(
    app: App, options: argparse.Namespace, settings: Settings, jobs: Sequence[Job], file: RecordFile, data: Path,
    wanted: _Wanted,
) -> Summary:  # fmt: skip
    """Ask what is not kept yet, with a table of what was asked so far."""
    note(f"{len(jobs)} items × arms × models; lines are kept in {wanted.out}")
    for notice in file.notices:
        note(notice)
    stop = threading.Event()
    shown = Table(sys.stderr)
    bases = Bases(
        settings.home / "lab" / "bases", lambda folder: assembly.parts_of(app).documents.library(folder), shown.note
    )
    asker = Asker(app.chat, bases, data, seed=wanted.seed, seconds=options.seconds, stop=stop)
    try:
        return run(jobs, ask=asker.ask, file=file, tell=shown.show, stop=stop, parallel=options.parallel)
    finally:
        shown.end()


def _say_summary(summary: Summary, out: Path) -> None:
    if summary.skipped:
        note(f"{summary.skipped} were there already and were not asked again.")
    for sentence in summary.problems:
        note(sentence)
    if summary.failed:
        note(f"{summary.failed} could not be asked; the same command asks them again (--out {out}).")


def _jobs(
    chosen_tasks: Mapping[str, Task], wanted: _Wanted, data: Path, arms: Sequence[Arm], models: Sequence[str],
    lengths: tuple[float, float],
) -> list[Job]:  # fmt: skip
    """Every item with every arm and model; of the heat maps' texts only those of so many tokens."""
    shortest, longest = lengths
    jobs = []
    for name, task in chosen_tasks.items():
        items = chosen(read_items(task, data), seed=wanted.seed, limit=wanted.limits[name])
        if name in MAPS:  # short texts first, so that what is broken off is a map of the shorter lengths
            items = tuple(sorted(items, key=lambda item: place_of(item.band) or (0, 0)))
            items = tuple(item for item in items if shortest <= (place_of(item.band) or (0, 0))[0] <= longest)
        for item in items:
            if task.kind == "retrieval":
                jobs.append(Job(task, item, SEARCH, "-", wanted.seed))
            else:
                jobs += [Job(task, item, one, model, wanted.seed) for model in models for one in arms]
    return jobs
