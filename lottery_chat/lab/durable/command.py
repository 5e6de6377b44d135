"""`lottery-chat lab durable …`: runs an experiment, keeps a JSON line for each trial, prints the table; 1 when it shows a loss."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TextIO

from lottery_chat.errors import SettingsError
from lottery_chat.lab.durable import faults, full_disks, growth, kills, together
from lottery_chat.lab.durable.homes import QUICK
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, note, table

#: Which defence can be switched off in which experiment.
CONTROLS = {
    "kills": ("rename", "intent", "keeping"),
    "full-disks": ("sorting",),
    "together": ("locks",),
    "memory": ("release",),
}
_SHOWN = 3


def durable(options: argparse.Namespace, settings: Settings) -> int:
    """Run one experiment.

    Raises:
        SettingsError: an option that does not belong to it.
    """
    experiment, without = str(options.experiment), str(options.without)
    if without and without not in CONTROLS[experiment]:
        raise SettingsError(
            f"--without is {without!r}; `durable {experiment}` knows: {', '.join(CONTROLS[experiment])}."
        )
    works = {"kills": kills.JOBS, "full-disks": tuple(full_disks.SHARES), "memory": ("pictures",)}.get(experiment, ())
    if options.only and options.only not in works:
        raise SettingsError(f"--only is {options.only!r}; `durable {experiment}` knows: {', '.join(works) or 'none'}.")
    if min(1 if options.count is None else options.count, options.megabytes) < 1 or options.seconds <= 0:
        raise SettingsError("--count, --megabytes and --seconds must be greater than zero.")
    stamp = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    out = options.out or settings.home / "lab" / "durable" / f"{experiment}{'-without-' + without if without else ''}-{stamp}.jsonl"  # fmt: skip
    out.parent.mkdir(parents=True, exist_ok=True)
    run = {"kills": _kills, "full-disks": _full_disks, "together": _together, "memory": _memory}[experiment]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lottery-chat-durable-") as folder, out.open("a", encoding="utf-8") as file:
        bad = run(options, settings, Path(folder), file)
    note(f"{time.monotonic() - began:.0f} s; a line for each is in {out}")
    return 1 if bad else 0


def _embedder(options: argparse.Namespace) -> str:
    return QUICK if options.embedder == "hashing" else ""


def _keep(file: TextIO, one: Any) -> None:
    file.write(json.dumps(dataclasses.asdict(one), ensure_ascii=False) + "\n")
    file.flush()


def _tell(name: str, lost: Sequence[str], wrong: Sequence[str]) -> None:
    for kind, sentences in (("LOST", lost), ("WRONG", wrong)):
        for sentence in sentences[:_SHOWN]:
            note(f"{kind}: {name}: {sentence[:400]}")
        if len(sentences) > _SHOWN:
            note(f"{kind}: {name}: and {len(sentences) - _SHOWN} more")


def _kills(options: argparse.Namespace, settings: Settings, folder: Path, file: TextIO) -> bool:
    found = []
    for one in kills.kills(
        settings, folder, count=options.count or 100, seed=options.seed, embedder=_embedder(options),
        without=options.without, job=options.only,
    ):  # fmt: skip
        found.append(one)
        _keep(file, one)
        _tell(f"{one.job}, {one.point}", one.lost, one.wrong)
        if not one.killed:
            note(f"not counted: {one.job} did not come to the point {one.point!r}")
        elif len(found) % 10 == 0:
            note(f"{sum(kill.killed for kill in found)} kills")
    table(kills.as_rows(found), sys.stdout)
    killed = sum(one.killed for one in found)
    points = len({one.point for one in found if one.killed and one.point != kills.RANDOM})
    line(f"\n{killed} kills, at {points} of {len(faults.POINTS)} named points / {sum(len(one.lost) for one in found)} documents lost")  # fmt: skip
    return any(one.lost or one.wrong for one in found)


def _full_disks(options: argparse.Namespace, settings: Settings, folder: Path, file: TextIO) -> bool:
    found = []
    for one in full_disks.full_disks(
        count=options.count or 50, embedder=_embedder(options), activity=options.only, without=options.without
    ):
        found.append(one)
        _keep(file, one)
        unclear = () if one.clear else [f"said only {' '.join(one.said)!r}"]
        _tell(f"{one.activity} with {one.room} bytes", one.lost, [*one.wrong, *unclear])
    table(full_disks.as_rows(found), sys.stdout)
    line(f"\n{len(found)} disk-full points / {sum(len(one.lost) for one in found)} lost")
    return any(one.lost or one.wrong or not one.clear for one in found)


def _together(options: argparse.Namespace, settings: Settings, folder: Path, file: TextIO) -> bool:
    found = together.together(
        settings, folder, seconds=options.seconds, embedder=_embedder(options), without=options.without
    )
    _keep(file, found)
    _tell("together", found.lost, found.wrong)
    rows = [("done at once", "times"), *((word, str(count)) for word, count in sorted(found.told.items()))]
    table([*rows, ("lost", str(len(found.lost))), ("else wrong", str(len(found.wrong)))], sys.stdout)
    return bool(found.lost or found.wrong)


def _memory(options: argparse.Namespace, settings: Settings, folder: Path, file: TextIO) -> bool:
    samples = list(_sampled(options, folder, file))
    shown = samples[:: max(1, len(samples) // 20)]
    rows = [(f"{one.taken_in:.0f}", f"{one.held:.0f}", f"{one.reader:.0f}", f"{one.embedder:.0f}", f"{one.seconds:.0f}") for one in shown]  # fmt: skip
    table([("MB taken in", "the app holds", "largest reader", "embedder", "seconds"), *rows], sys.stdout)
    slope = growth.slope(samples)
    line(f"\n{slope:.1f} MB more for 100 MB of documents after the warm-up (goal: at most {growth.MOST:.0f})")
    return not slope <= growth.MOST


def _sampled(options: argparse.Namespace, folder: Path, file: TextIO) -> Iterator[growth.Sample]:
    for one in growth.growth(
        folder, megabytes=options.megabytes, embedder=_embedder(options), leak=options.without == "release",
        pictures=options.only == "pictures", file_size=5000 if options.only == "pictures" else 1000,
    ):  # fmt: skip
        _keep(file, one)
        yield one
