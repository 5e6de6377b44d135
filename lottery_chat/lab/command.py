"""`lottery-chat lab …`: list, run, report, compare, panel, documents and hostile, wired to the assembled app.

The lab has a home of its own below the app's (`lab/`): its journal keeps every item's trace, its bases keep the
corpora, and a person's conversations and documents are neither read nor touched.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import itertools
import math
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path

from lottery_chat import assembly
from lottery_chat.commands import Opener
from lottery_chat.errors import NotFound, SettingsError
from lottery_chat.interface import App
from lottery_chat.lab import panel
from lottery_chat.lab.arms import ARMS, arm
from lottery_chat.lab.asking import Asker
from lottery_chat.lab.bases import Bases
from lottery_chat.lab.heat_maps import place_of
from lottery_chat.lab.judging import judge
from lottery_chat.lab.loading import chosen, read_items
from lottery_chat.lab.progress import Table
from lottery_chat.lab.records import RecordFile, load, rewrite
from lottery_chat.lab.reporting import as_json, as_markdown, compare, compared_as_json, compared_as_markdown, report
from lottery_chat.lab.running import Job, Summary, judged_again, run
from lottery_chat.lab.tasks import MAPS, NAMES, tasks
from lottery_chat.lab.values import Arm, Replied, Task
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, note, table

#: Arms a retrieval task has: R alone, no model.
SEARCH = Arm("search", "search", about="R alone: which passages it finds; no model is asked")


def lab(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Run one action and return its exit code; `opener` builds the app (cli.open_app, or a test's)."""
    actions = {
        "list": _list,
        "run": _run,
        "panel": _panel,
        "niah": _niah,
        "report": _report,
        "compare": _compare,
        "judge": _judge,
        "gates": _gates,
        "evidence": _evidence,
        "bench": _bench,
        "documents": _documents,
        "hostile": _hostile,
        "programs": _programs,
        "tools": _tools,
        "faults": _faults,
    }
    return actions[options.action](options, settings, opener)


# -- list --------------------------------------------------------------------------------------------------------


def _list(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    line("Tasks:")
    table([(name, family, about) for name, family, about in NAMES], sys.stdout)
    line("\nArms:")
    table([(one.name, one.about) for one in (*ARMS.values(), SEARCH)], sys.stdout)
    line("\nThe panel:")
    table([(family, ", ".join(f"{task} {count[0]} ({count[1]})" for task, count in parts.items())) for family, parts in panel.COUNTS.items()], sys.stdout)  # fmt: skip
    return 0


# -- run and panel -----------------------------------------------------------------------------------------------


def _run(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    if options.limit is not None and options.limit < 1:
        raise SettingsError(f"--limit is {options.limit}; it must be at least 1.")
    wanted = dict.fromkeys(_split(options.tasks))
    stamp = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    out = options.out or settings.home / "lab" / "runs" / stamp
    return _measure(options, settings, opener, {name: options.limit for name in wanted}, options.seed, out, {})


def _panel(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    counts = panel.counts(quick=options.quick)
    if options.family:
        families = _split(options.family)
        unknown = [name for name in families if name not in panel.COUNTS]
        if unknown:
            raise SettingsError(f"Unknown family {unknown[0]!r}; one of {', '.join(panel.COUNTS)}.")
        counts = {task: counts[task] for name in families for task in panel.COUNTS[name]}
    stamp = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    out = options.out or settings.home / "lab" / "runs" / f"panel-{stamp}"
    return _measure(options, settings, opener, dict(counts), panel.SEED, out, {"panel": panel.VERSION})


def _niah(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """The heat maps: the needles in texts up to so many tokens, with and without the reduction."""
    options.arm = {"both": "planner,planner:no-preprocess", "on": "planner", "off": "planner:no-preprocess"}[
        options.preprocess
    ]
    names = [name for name, kind in MAPS.items() if options.kind in ("all", kind)]
    stamp = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    out = options.out or settings.home / "lab" / "runs" / f"niah-{stamp}"
    return _measure(options, settings, opener, dict.fromkeys(names), panel.SEED, out, {})


def _measure(
    options: argparse.Namespace,
    settings: Settings,
    opener: Opener,
    limits: Mapping[str, int | None],
    seed: int,
    out: Path,
    extra: Mapping[str, object],
) -> int:
    if options.parallel < 1 or options.seconds <= 0:
        raise SettingsError("--parallel and --seconds must be greater than zero.")
    data = _data(options.data)
    everything = tasks(data)
    arms = [arm(name) for name in _split(options.arm)]
    chosen_tasks = {name: _known(everything, name) for name in limits}
    with opener(_own(settings, options.parallel), False) as app:
        asks = any(task.kind == "ask" for task in chosen_tasks.values())
        models = (_split(options.model) if options.model else [_current(app)]) if asks else []
        jobs = _jobs(chosen_tasks, limits, seed, data, arms, models, getattr(options, "longest", None) or math.inf)
        stop = threading.Event()
        manifest = {
            "seed": seed, "data": str(data.resolve()), "version": app.version, "models": models, "seconds": options.seconds, "parallel": options.parallel, **extra,
        }  # fmt: skip
        with RecordFile(out, manifest) as file:
            note(f"{len(jobs)} items × arms × models; lines are kept in {out}")
            for notice in file.notices:
                note(notice)
            shown = Table(sys.stderr)
            bases = Bases(
                settings.home / "lab" / "bases", lambda folder: assembly.parts_of(app).library(folder), shown.note
            )
            asker = Asker(app.chat, bases, data, seed=seed, seconds=options.seconds, stop=stop)
            try:
                summary = run(jobs, ask=asker.ask, file=file, tell=shown.show, stop=stop, parallel=options.parallel)
            finally:
                shown.end()
        _say_summary(summary, out)
    records = load(out)
    line(as_markdown(report(records, family=_family(everything))))
    note(f"`lottery-chat lab report {out}` shows this again; `lottery-chat runs show ID` shows an item's trace.")
    return 0 if not summary.problems else 1


def _say_summary(summary: Summary, out: Path) -> None:
    if summary.skipped:
        note(f"{summary.skipped} were there already and were not asked again.")
    for sentence in summary.problems:
        note(sentence)
    if summary.failed:
        note(f"{summary.failed} could not be asked; the same command asks them again (--out {out}).")


def _jobs(
    chosen_tasks: Mapping[str, Task],
    limits: Mapping[str, int | None],
    seed: int,
    data: Path,
    arms: Sequence[Arm],
    models: Sequence[str],
    longest: float = math.inf,
) -> list[Job]:
    jobs = []
    for name, task in chosen_tasks.items():
        items = chosen(read_items(task, data), seed=seed, limit=limits[name])
        if name in MAPS:  # short texts first, so that what is broken off is a map of the shorter lengths
            items = tuple(sorted(items, key=lambda item: place_of(item.band) or (0, 0)))
            items = tuple(item for item in items if (place_of(item.band) or (0, 0))[0] <= longest)
        for item in items:
            if task.kind == "retrieval":
                jobs.append(Job(task, item, SEARCH, "-", seed))
            else:
                jobs += [Job(task, item, one, model, seed) for model in models for one in arms]
    return jobs


def _own(settings: Settings, parallel: int) -> Settings:
    """The same app with the lab's own home: a person's conversations and documents are not touched."""
    return dataclasses.replace(settings, home=settings.home / "lab", slots=max(settings.slots, parallel))


def _current(app: App) -> str:
    """The model that answers when none is named."""
    for one in app.models.list():
        if one.chosen:
            return one.name
    raise NotFound("No model is chosen. Name one with --model; `lottery-chat models list` shows them.")


def _data(given: Path | None) -> Path:
    """The folder of the items: as given, else beside the checkout."""
    folder = given or Path(__file__).resolve().parents[2].parent / "shared" / "data"
    if not folder.is_dir():
        raise NotFound(f"There is no folder {str(folder)!r} with benchmark items. Name one with --data; docs/lab_data.md says what is in it.")  # fmt: skip
    return folder


def _split(text: str) -> list[str]:
    names = [part.strip() for part in text.split(",") if part.strip()]
    if not names:
        raise SettingsError(f"{text!r} names nothing.")
    return list(dict.fromkeys(names))


def _family(everything: Mapping[str, Task]) -> Callable[[str], str]:
    """The family a task is reported under: the panel's where it has one."""

    def family(task: str) -> str:
        own = everything[task].family if task in everything else task
        return panel.family_of(task) or own

    return family


# -- report and compare ------------------------------------------------------------------------------------------


def _families() -> Callable[[str], str]:
    listed = {name: str(family) for name, family, _ in NAMES}

    def family(task: str) -> str:
        return panel.family_of(task) or listed.get(task, task)

    return family


def _report(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    records = [record for folder in options.folders for record in load(folder)]
    made = report(records, family=_families())
    line(as_json(made) if options.json else as_markdown(made))
    return 0


def _compare(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    made = compare(
        load(options.before), load(options.after), names=(str(options.before), str(options.after)), family=_families()
    )
    line(compared_as_json(made) if options.json else compared_as_markdown(made))
    return 0


def _judge(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Judge the kept replies again with the extractors of today; the old lines stay beside as records.before."""
    data = _data(options.data)
    everything = tasks(data)
    records = load(options.folder)
    items = {
        (name, item.id): item
        for name in {record.task for record in records}
        for item in read_items(_known(everything, name), data)
    }
    judged, changed = {}, 0
    for record in records:
        item = items.get((record.task, record.item))
        if item is None:
            raise NotFound(
                f"{record.task} has no item {record.item!r} in {str(data)!r}; was it measured on other data?"
            )
        found = tuple(record.reply.split()) if everything[record.task].kind == "retrieval" else ()
        verdict = judge(everything[record.task], item, Replied(record.reply, record.answer, record.status, found))
        judged[record.key] = judged_again(record, verdict)
        changed += verdict.outcome != record.outcome
    rewrite(options.folder, judged)
    line(f"{len(judged)} replies judged again; {changed} verdicts changed.")
    return 0


def _known(everything: Mapping[str, Task], name: str) -> Task:
    if name not in everything:
        raise SettingsError(f"Unknown task {name!r}. `lottery-chat lab list` shows the tasks.")
    return everything[name]


def _gates(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Where the thresholds of the gates come from."""
    # Inside, because only this action looks into the planner.
    from lottery_chat.lab.gates import Gate, Gates, keep_gates, measured
    from lottery_chat.lab.gates import as_markdown as gates_table

    found: list[Gate] = []
    believed: dict[str, Gates] = {}
    with opener(_own(settings, 1), False) as app:
        parts = assembly.parts_of(app)
        parts.embedder()
        for name in _split(options.model) if options.model else [_current(app)]:
            model = parts.started_hub(name).named(name, "lab", threading.Event(), 600.0)
            believed[name], three = measured(model, parts.similar, _data(options.data), options.limit)
            found += three
    line(gates_table(found))
    for name, gates in believed.items():
        line(f"{name}: {gates}")
    if options.keep:
        line(f"Kept in {str(keep_gates(settings.home, believed))!r}; new answers use it.")
    return 0


def _evidence(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """What the model would be given to read, and how passages are ranked; no model is asked."""
    # Inside, because only this action looks into the planner.
    from lottery_chat.lab import evidence

    data = _data(options.data)
    everything = tasks(data)
    measured, ranked = {}, {}
    with opener(_own(settings, 1), False) as app:
        bases = Bases(settings.home / "lab" / "bases", lambda folder: assembly.parts_of(app).library(folder), note)
        for name in dict.fromkeys(_split(options.tasks)):
            task = _known(everything, name)
            if task.corpus is None:
                raise SettingsError(f"{name!r} has no documents to look in; name a task with a corpus.")
            base = bases.base(task.corpus_name, task.corpus(data))
            items = chosen(read_items(task, data), seed=options.seed, limit=None)
            if task.kind == "retrieval":
                taken = evidence.taken(items, options.skip, options.limit)
                ranked[name] = evidence.ranked(task, taken, functools.partial(bases.found, base))
                continue
            taken = evidence.taken([one for one in items if evidence.answerable(one)], options.skip, options.limit)
            knowledge = bases.knowledge(base)
            measured[name] = [evidence.measure(knowledge, one, base.attachments(one.attached)) for one in taken]
            note(f"measured: {name}")
    line("\n\n".join(filter(None, (evidence.as_markdown(measured), evidence.ranks_as_markdown(ranked)))))
    return 0


def _bench(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    # Inside, because only this action times the page.
    from lottery_chat.lab import bench

    rows = []
    for row in bench.bench(settings, browser=not options.no_browser, only=options.only):
        note(f"measured: {row.name}")
        rows.append(row)
    line(bench.as_json(rows) if options.json else bench.table(rows))
    return 0


def _documents(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    # Inside, because only these two actions read files.
    from lottery_chat.lab import documents

    found = []
    for one in documents.read_set(_data(options.data) / "documents"):
        note(f"{one.file}: {'right' if one.right else 'WRONG'}")
        found.append(one)
    table(documents.rows(found), sys.stdout)
    right = sum(one.right for one in found)
    line(f"\n{right} of {len(found)} files are as they should be.")
    return 0 if right == len(found) else 1


def _hostile(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    from lottery_chat.lab import hostile, hostile_files, office_files

    good = office_files.good_files()
    folder = _data(options.data) / "documents"
    good.update((path.name, path.read_bytes()) for path in sorted(folder.glob("*.*")) if path.suffix != ".jsonl")
    bad = []
    for name, files in (
        ("Fixed files", hostile_files.hostile_files(size=max(1, options.size))),
        (f"Mutations of {len(good)} files", hostile.mutations(good, options.mutations, options.seed)),
    ):
        started = hostile.clock()
        found = list(hostile.try_files(files, refused=hostile_files.REFUSED))
        line(f"{name}: {len(found)}")
        table(hostile.summary(found, hostile.clock() - started), sys.stdout)
        bad += [one for one in found if one.outcome in hostile.BAD]
        for one in found:
            if one.outcome in (*hostile.BAD, "died", "limit"):
                note(f"{one.outcome}: {one.name[:80]}: {one.said[:300]}")
    return 1 if bad else 0


def _programs(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Honest programs: collected where models are named, then run in the sandbox and compared with plain Python."""
    # Inside, because only this action writes and runs programs.
    from lottery_chat.lab import honest_programs as honest

    folder = honest.outside(options.folder)
    with opener(_own(settings, 1), False) as app:
        parts = assembly.parts_of(app)
        for name in _split(options.model) if options.model else []:
            model = parts.started_hub(name).named(name, "lab", threading.Event(), 600.0)
            problems = _data(options.data) / "gsm8k" / "fewshot_train.jsonl"
            until = time.monotonic() + options.seconds
            for one in honest.collect(model, problems, folder, count=options.count, until=until):
                note(f"{one.model}: {one.item} gives {one.value!r}")
        found = honest.in_sandbox(honest.kept(folder), lambda code: parts.compute().run(code, threading.Event()))
    line(honest.as_markdown(found))
    return 0 if all(one.right for one in found) else 1


def _tools(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """How long each tool takes."""
    # Inside, because only this action calls every tool.
    from lottery_chat.lab.tool_times import as_markdown as times_table
    from lottery_chat.lab.tool_times import times

    rows = []
    for row in times(options.times):
        note(f"measured: {row.name}")
        rows.append(row)
    line(times_table(rows))
    return 0


def _faults(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """What breaks, part by part, and whether it ends honestly."""
    # Inside, because only this action breaks things.
    from lottery_chat.lab import fault_plans, faults

    parts, names = (_split(one) if one else [] for one in (options.part, options.fault))
    wanted = faults.chosen(parts, names)
    out = options.out or settings.home / "lab" / "faults.jsonl"
    out.parent.mkdir(parents=True, exist_ok=True)
    done = {(one.part, one.fault): one for one in faults.kept(out)} if not options.no_defence else {}
    plans = [] if (parts and faults.PLANNER not in parts) or names else fault_plans.names()
    only_plans = parts == [faults.PLANNER]
    made = faults.run_cells(
        [] if only_plans else [one for one in wanted if one not in done], guarded=not options.no_defence
    )
    planned = fault_plans.run_plans([one for one in plans if (faults.PLANNER, one) not in done], guarded=not options.no_defence)  # fmt: skip
    for cell in itertools.chain(made, planned):
        note(
            f"{cell.part}, {cell.fault}: {'MISSED: ' + '; '.join(cell.missed)[:300] if cell.missed else cell.how} ({cell.seconds:g} s)"
        )
        done[cell.part, cell.fault] = cell
        if not options.no_defence:
            faults.keep(out, cell)
    order = [*([] if only_plans else wanted), *((faults.PLANNER, one) for one in plans)]
    found = [done[one] for one in order if one in done]
    line(faults.as_markdown(found))
    return 1 if any(one.missed for one in found) else 0
