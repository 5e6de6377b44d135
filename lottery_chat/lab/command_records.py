"""`lottery-chat lab report`, `compare` and `judge`: what kept lines say, and their verdicts made again."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Sequence
from pathlib import Path

from lottery_chat.commands import Opener
from lottery_chat.errors import NotFound
from lottery_chat.lab.confidence import of_home
from lottery_chat.lab.given import data_folder, known_task, own_home
from lottery_chat.lab.heat_pictures import pictures
from lottery_chat.lab.judging import judge
from lottery_chat.lab.loading import read_items
from lottery_chat.lab.one_item import Sureness, judged_again
from lottery_chat.lab.records import load, rewrite
from lottery_chat.lab.reporting import (
    Report,
    as_json,
    as_markdown,
    compare,
    compared_as_json,
    compared_as_markdown,
    report,
)
from lottery_chat.lab.tasks import reported_family, tasks
from lottery_chat.lab.values import Record, Replied
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, note


def show_report(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """What the lines of these folders say together."""
    records = [record for folder in options.folders for record in load(folder)]
    made = report(records, family=reported_family, curve_of=of_home(settings.home))
    line(as_json(made) if options.json else as_markdown(made))
    draw_maps(made, options.folders[0])
    return 0


def draw_maps(made: Report, folder: Path) -> None:
    """The heat maps of a report as pictures in the folder; where they cannot be written, that is said."""
    try:
        for path in pictures(made.maps, folder):
            note(f"The heat map as a picture: {path}")
    except OSError as error:
        note(
            f"The heat maps could not be drawn into {str(folder)!r}: {error.strerror}. The tables above hold the same."
        )


def show_comparison(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """What differs between two folders, item by item."""
    made = compare(
        load(options.before),
        load(options.after),
        names=(str(options.before), str(options.after)),
        family=reported_family,
    )
    line(compared_as_json(made) if options.json else compared_as_markdown(made))
    return 0


def judge_again(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Judge the kept replies again with the extractors of today; the old lines stay beside as records.before."""
    data = data_folder(options.data)
    everything = tasks(data)
    records = load(options.folder)
    items = {
        (name, item.id): item
        for name in {record.task for record in records}
        for item in read_items(known_task(everything, name), data)
    }
    judged, changed = {}, 0
    sure = _kept_sureness(records, settings, opener)
    for record in records:
        item = items.get((record.task, record.item))
        if item is None:
            raise NotFound(
                f"{record.task} has no item {record.item!r} in {str(data)!r}; was it measured on other data?"
            )
        found = tuple(record.reply.split()) if everything[record.task].kind == "retrieval" else ()
        verdict = judge(everything[record.task], item, Replied(record.reply, record.answer, record.status, found))
        judged[record.key] = judged_again(record, verdict, sure.get(record.run))
        changed += verdict.outcome != record.outcome
    rewrite(options.folder, judged)
    line(f"{len(judged)} replies judged again; {changed} verdicts changed.")
    if sure:
        line(f"{len(sure)} got the log-probability of their reply from the journal of this home.")
    return 0


def _kept_sureness(records: Sequence[Record], settings: Settings, opener: Opener) -> dict[str, float]:
    """How sure the model was, by run, for lines that were kept without it: read from the lab's journal where it is there."""
    wanted = [one for one in records if one.logprob is None and one.run and one.calls == 1]
    home = own_home(settings, 1)
    if not wanted or not (home.home / "memory.sqlite").is_file():
        return {}
    found: dict[str, float] = {}
    with opener(home, False) as app:
        for record in wanted:
            sure = Sureness()
            with contextlib.suppress(NotFound):  # measured in another home
                for _, event in app.runs.events(record.run):
                    sure(event)
            if sure.logprob is not None:
                found[record.run] = sure.logprob
    return found
