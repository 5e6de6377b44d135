"""`lottery-chat lab gates` and `entropy`: measured, shown, and kept for the answers of this home."""

from __future__ import annotations

import argparse
import dataclasses
import threading

from lottery_chat import assembly
from lottery_chat.commands import Opener
from lottery_chat.interface.app import App
from lottery_chat.lab import by_heart, covering, entropy, gates, relevance
from lottery_chat.lab.bases import Bases
from lottery_chat.lab.given import LOAD_SECONDS, data_folder, model_in_use, names_in, own_home
from lottery_chat.models.protocol import ChatModel
from lottery_chat.planner.coverage import Coverage
from lottery_chat.planner.gates import Gates, gates_of, keep_gates, read_gates
from lottery_chat.planner.resources import Knowledge
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, note

#: Questions of triviaqa that the embedder's scores are taken from: all.
MOST = 1000
#: Parts that ask a model.
_OF_MODELS = ("notes", "calls", "heart", "relevant")


def measure_gates(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Where the thresholds of the gates come from, and the curves from their scores to probabilities."""
    asked = (*_OF_MODELS, "covers") if options.part == "all" else (options.part,)
    believed: dict[str, Gates] = {}
    coverage: dict[str, Coverage] = {}
    with opener(own_home(settings, 1), False) as app:
        if "covers" in asked:
            calibrated = _covering(app, options, settings)
            coverage[calibrated.embedder] = calibrated.coverage
            line(covering.as_markdown(calibrated) + "\n")
        if set(asked) & set(_OF_MODELS):
            parts = assembly.parts_of(app)
            for name in names_in(options.model) if options.model else [model_in_use(app)]:
                model = parts.models.started_hub(name).named(name, "lab", threading.Event(), LOAD_SECONDS)
                believed[name] = _of_model(app, model, name, asked, options, settings)
                line(f"{name}: {believed[name]}")
    if options.keep:
        for home in (settings.home, settings.home / "lab"):  # the lab measures with what answers use
            line(f"Kept in {str(keep_gates(home, believed, coverage))!r}; new answers use it.")
    return 0


def measure_entropy(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Whether a model says the same thing each time, and what that tells."""
    questions = list(by_heart.fitting_questions(data_folder(options.data), options.limit))
    with opener(own_home(settings, 1), False) as app:
        for name in names_in(options.model) if options.model else [model_in_use(app)]:
            model = assembly.parts_of(app).models.started_hub(name).named(name, "lab", threading.Event(), LOAD_SECONDS)
            found = entropy.sampled(model, questions, samples=options.samples, seconds=options.seconds, say=note)
            line(entropy.as_markdown(name, options.samples, found))
    return 0


def _of_model(
    app: App, model: ChatModel, name: str, asked: tuple[str, ...], options: argparse.Namespace, settings: Settings
) -> Gates:
    """Measure these gates of one model; the others stay as they are."""
    found, of = [], gates_of(name, read_gates(settings.home))
    if "notes" in asked:
        found.append(gates.notes_gate(model))
        of = dataclasses.replace(of, support=found[-1].best()[0])
    if "calls" in asked:
        search = assembly.parts_of(app).search
        search.embedder()
        found.append(gates.calls_gate(model, search.similar))
        of = dataclasses.replace(of, fits=found[-1].best()[0])
    if found:
        line(gates.as_markdown(found) + "\n")
    if "relevant" in asked:
        line(relevance.as_markdown(name, list(relevance.judged(model, _own(app, settings)))) + "\n")
    if "heart" in asked:
        questions = list(by_heart.fitting_questions(data_folder(options.data), options.limit))
        file = by_heart.kept_file(settings.home / "lab", name)
        sure = gates.believing(name, by_heart.answered(model, questions, file, seconds=options.seconds, say=note))
        of = dataclasses.replace(of, knows=sure.knows, heart=sure.curve)
        line(gates.believing_as_markdown([sure]) + "\n")
    return of


def _covering(app: App, options: argparse.Namespace, settings: Settings) -> covering.Calibrated:
    """The embedder's scores over the lab's own files and over squad2's articles, which are taken in first."""
    data = data_folder(options.data)
    name = str(assembly.parts_of(app).search.embedder().name)
    bases = _bases(app, settings)
    other = bases.knowledge(bases.base("squad2", covering.others(data)))
    return covering.calibrated(name, list(covering.asked(_own(app, settings), other, data, MOST)))


def _own(app: App, settings: Settings) -> Knowledge:
    """The lab's own files, taken in."""
    bases = _bases(app, settings)
    return bases.knowledge(bases.base("own_all", covering.own_documents()))


def _bases(app: App, settings: Settings) -> Bases:
    documents = assembly.parts_of(app).documents
    return Bases(settings.home / "lab" / "bases", lambda folder: documents.library(folder), note)
