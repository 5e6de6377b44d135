"""`lottery-chat lab bench`, `tools`, `documents`, `hostile`, `durable` and `faults`: how fast it is and what breaks it.

Each action imports what it measures with inside it, because no other action reads files, kills processes or breaks parts.
"""

from __future__ import annotations

import argparse
import itertools
import sys

from lottery_chat.commands import Opener
from lottery_chat.lab.given import data_folder, names_in
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, note, table


def time_bench(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """How long the page, the tools and the models take."""
    from lottery_chat.lab import bench

    rows = []
    for row in bench.bench(settings, browser=not options.no_browser, only=options.only):
        note(f"measured: {row.name}")
        rows.append(row)
    line(bench.as_json(rows) if options.json else bench.table(rows))
    return 0


def time_tools(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """How long each tool takes."""
    from lottery_chat.lab.tool_times import as_markdown as times_table
    from lottery_chat.lab.tool_times import times

    rows = []
    for row in times(options.times):
        note(f"measured: {row.name}")
        rows.append(row)
    line(times_table(rows))
    return 0


def try_documents(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Whether files of each kind are read as they should be."""
    from lottery_chat.lab import documents

    found = []
    for one in documents.read_set(data_folder(options.data) / "documents"):
        note(f"{one.file}: {'right' if one.right else 'WRONG'}")
        found.append(one)
    table(documents.rows(found), sys.stdout)
    right = sum(one.right for one in found)
    line(f"\n{right} of {len(found)} files are as they should be.")
    return 0 if right == len(found) else 1


def try_hostile(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Whether broken and hostile files end in time, within their limits and with a sentence."""
    from lottery_chat.lab import hostile, hostile_files, office_files

    good = office_files.good_files()
    folder = data_folder(options.data) / "documents"
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


def try_durability(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Kills, full disks, two programs at once, memory."""
    from lottery_chat.lab.durable.command import durable

    return durable(options, settings)


def try_faults(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """What breaks, part by part, and whether it ends honestly."""
    from lottery_chat.lab import fault_plans, faults

    parts, names = (names_in(one) if one else [] for one in (options.part, options.fault))
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
