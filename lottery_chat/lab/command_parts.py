"""`lottery-chat lab complexity`, `evidence`, `triples`, `programs` and `routes`: single parts of the assembled app, measured on their own.

Each action imports what it measures with inside it, because no other action looks into the planner.
"""

from __future__ import annotations

import argparse
import functools
import threading
import time

from lottery_chat import assembly
from lottery_chat.commands import Opener
from lottery_chat.errors import SettingsError
from lottery_chat.lab.bases import Bases
from lottery_chat.lab.given import LOAD_SECONDS, data_folder, known_task, names_in, own_home
from lottery_chat.lab.loading import chosen, read_items, rows_of
from lottery_chat.lab.tasks import tasks
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, note


def measure_complexity(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Whether a question's complexity is told rightly; neither app nor model is needed."""
    from lottery_chat.lab import complexities

    data = data_folder(options.data)
    everything = tasks(data)
    found = [one for part in complexities.PARTS for one in complexities.confusions(f"own, {part}", complexities.own(part))]  # fmt: skip
    for name in complexities.REPORTED:
        found += complexities.confusions(name, complexities.of_set(everything[name], data, options.limit))
    line(complexities.weights_as_markdown(complexities.fitted_anew()) + "\n\n" + complexities.as_markdown(found))
    return 0


def measure_evidence(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """What the model would be given to read, and how passages are ranked; no model is asked."""
    from lottery_chat.lab import evidence

    data = data_folder(options.data, names_in(options.tasks))
    everything = tasks(data)
    measured, ranked = {}, {}
    with opener(own_home(settings, 1), False) as app:
        bases = Bases(
            settings.home / "lab" / "bases", lambda folder: assembly.parts_of(app).documents.library(folder), note
        )
        for name in dict.fromkeys(names_in(options.tasks)):
            task = known_task(everything, name)
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


def measure_triples(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """What the documents' triples answer alone; no model is asked."""
    from lottery_chat.lab import triples
    from lottery_chat.lab.evidence import taken

    data = data_folder(options.data, names_in(options.tasks))
    everything = tasks(data)
    looked, kept = {}, {}
    gold: dict[str, tuple[int, int, int]] = {}
    for name in dict.fromkeys(names_in(options.tasks)):
        task = known_task(everything, name)
        if task.corpus is None or task.kind == "retrieval":
            raise SettingsError(f"{name!r} asks nothing of documents; name a task with documents and questions.")
        knowledge, ids = triples.taken_in(task.corpus(data))
        items = taken(chosen(read_items(task, data), seed=options.seed, limit=None), options.skip, options.limit)
        looked[name] = [triples.look(knowledge, task, one, [ids[title] for title in one.attached]) for one in items]
        kept[name] = triples.kept(knowledge)
        gold |= triples.against_gold(
            knowledge, (row for _, row in rows_of(data / task.file)) if "/" in task.file else ()
        )
        note(f"measured: {name}")
    line("\n\n".join(filter(None, (triples.as_markdown(looked, kept), triples.gold_as_markdown(gold)))))
    return 0


def measure_programs(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Honest programs: collected where models are named, then run in the sandbox and compared with plain Python."""
    from lottery_chat.lab import honest_programs as honest

    folder = honest.outside(options.folder)
    with opener(own_home(settings, 1), False) as app:
        parts = assembly.parts_of(app)
        for name in names_in(options.model) if options.model else []:
            model = parts.models.started_hub(name).named(name, "lab", threading.Event(), LOAD_SECONDS)
            problems = data_folder(options.data) / "gsm8k" / "fewshot_train.jsonl"
            until = time.monotonic() + options.seconds
            for one in honest.collect(model, problems, folder, count=options.count, until=until):
                note(f"{one.model}: {one.item} gives {one.value!r}")
        found = honest.in_sandbox(honest.kept(folder), lambda code: parts.tools.compute().run(code, threading.Event()))
    line(honest.as_markdown(found))
    return 0 if all(one.right for one in found) else 1


def measure_routes(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Where own requests go before any model is asked."""
    from lottery_chat.lab import routes

    asked = [one for one in routes.requests() if options.part in ("all", one.part)]
    found = []
    with opener(own_home(settings, 1), False) as app:
        parts = assembly.parts_of(app)
        parts.search.embedder()
        resources = parts.resources("lab", None, lambda query, cancel: None, threading.Event())
        for one in routes.routed(app, resources, asked, options.model or ""):
            note(f"{one.request.text!r}: {one.route}")
            found.append(one)
    line(routes.as_markdown(found))
    return 0
