"""From records to a report: who is in which row, who is compared with whom, what has to be said beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from lottery_chat.lab.confidence import Believed, CurveOf, believed, measured
from lottery_chat.lab.heat_maps import HeatMap, heat_maps, place_of
from lottery_chat.lab.lookups import WITH_DOCUMENTS, Lookup, lookups
from lottery_chat.lab.popularity import Threshold, thresholds
from lottery_chat.lab.published import Published, published_for
from lottery_chat.lab.statistics import paired
from lottery_chat.lab.tallying import (
    FEW,
    Difference,
    Inequality,
    Mark,
    Overhead,
    Scope,
    Share,
    Tally,
    by_arm,
    inequality,
    marks,
    model_order,
    natural,
    overhead,
    shares,
    size_of,
    tally,
)
from lottery_chat.lab.values import Family, Record
from lottery_chat.lab.wordings import FAMILY, Worded, wordings

BARE = "bare"
PLANNER = "planner"
#: The model of items that ask no model (retrieval quality): nothing is claimed to be known there.
NO_MODEL = "-"
_FAMILIES: tuple[str, ...] = get_args(Family)

Scoped = tuple[Scope, list[Record]]


@dataclass(frozen=True, slots=True)
class Beside:
    """Published scores that may stand below a task of the report."""

    task: str
    rows: tuple[Published, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report shows, in the order it is shown; `records` is how many were counted."""

    records: int
    notes: tuple[str, ...]
    tallies: tuple[Tally, ...] = ()
    bands: tuple[Tally, ...] = ()
    maps: tuple[HeatMap, ...] = ()
    differences: tuple[Difference, ...] = ()
    inequalities: tuple[Inequality, ...] = ()
    shares: tuple[Share, ...] = ()
    marks: tuple[Mark, ...] = ()
    overheads: tuple[Overhead, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    believed: tuple[Believed, ...] = ()
    published: tuple[Beside, ...] = ()
    wordings: tuple[Worded, ...] = ()


def no_family(task: str) -> str:
    """No task has a family."""
    return ""


def report(
    records: Iterable[Record],
    *,
    family: Callable[[str], str] = no_family,
    reference: Sequence[str] | None = None,
    curve_of: CurveOf = measured,
) -> Report:
    """Count records.

    Args:
        records: of one folder, or of several that were run alike. A key that comes twice is counted once, the first
            time; records with a `problem` are left out. Both are said in the notes.
        family: the family of a task; empty: it is in none.
        reference: models that stand for f (only their bare arm counts). None: every model whose name says that it is
            bigger than another one's is f for that one.
        curve_of: a model's curve from the log-probability of what it says by heart to "right" (lab gates).
    """
    counted, notes = _counted(records)
    if not counted:
        return Report(0, (*notes, "There is no record to report on: nothing was asked here yet, or nothing could be."))
    scopes = _scopes(counted, family)
    differences = tuple(_differences(scopes))
    inequalities = tuple(_inequalities(scopes, reference))
    asked = by_arm(record for record in counted if record.model != NO_MODEL)
    notes += _said(counted, differences, inequalities, reference)
    return Report(
        records=len(counted),
        notes=tuple(notes),
        tallies=tuple(_tallies(scopes)),
        bands=tuple(_tallies(_bands(scopes))),
        maps=heat_maps(counted),
        differences=differences,
        inequalities=inequalities,
        shares=tuple(row for (model, arm), group in asked.items() for row in shares(arm, model, group)),
        marks=tuple(row for (model, arm), group in asked.items() for row in marks(arm, model, group)),
        overheads=tuple(
            overhead(arm, model, group, asked.get((model, BARE), ())) for (model, arm), group in asked.items()
        ),
        lookups=tuple(
            row
            for scope, group in scopes
            if scope.level == "task" and scope.family in WITH_DOCUMENTS
            for row in lookups(scope.task, group)
        ),
        thresholds=tuple(
            row for scope, group in scopes if scope.level == "task" for row in thresholds(scope.task, group)
        ),
        believed=tuple(
            row for scope, group in scopes if scope.level == "task" for row in believed(scope.task, group, curve_of)
        ),
        published=tuple(
            Beside(scope.task, published_for(scope.task))
            for scope, _ in scopes
            if scope.level == "task" and published_for(scope.task)
        ),
        wordings=wordings(
            one for scope, group in scopes if scope.level == "task" and scope.family == FAMILY for one in group
        ),
    )


def family_order(family: str) -> tuple[int, str]:
    """The order of values.Family; a family of another name stands where the one it begins with stands."""
    found = (place for place, name in enumerate(_FAMILIES) if family.startswith(name))
    return (next(found, len(_FAMILIES)), family)


def _counted(records: Iterable[Record]) -> tuple[list[Record], list[str]]:
    kept: dict[tuple[str, str, str, str, int], Record] = {}
    twice = failed = 0
    for record in records:
        if record.problem:
            failed += 1
        elif record.key in kept:
            twice += 1
        else:
            kept[record.key] = record
    notes = []
    if failed:
        notes.append(f"Could not be asked and is left out: {_some(failed, 'record')}.")
    if twice:
        notes.append(
            f"Came twice (same task, item, arm, model and seed) and is counted once, the first time: "
            f"{_some(twice, 'record')}."
        )
    return list(kept.values()), notes


def _scopes(records: Sequence[Record], family: Callable[[str], str]) -> list[Scoped]:
    """All, families, tasks; "all" only where there is more than one task."""
    tasks: dict[str, list[Record]] = {}
    for record in records:
        tasks.setdefault(record.task, []).append(record)
    families: dict[str, list[str]] = {}
    for task in sorted(tasks, key=natural):
        families.setdefault(family(task), []).append(task)
    ordered = sorted(families, key=family_order)
    scopes: list[Scoped] = [(Scope("all"), list(records))] if len(tasks) > 1 else []
    for name in ordered:
        if name:
            scopes.append((Scope("family", name), [record for task in families[name] for record in tasks[task]]))
    scopes += [(Scope("task", name, task), tasks[task]) for name in ordered for task in families[name]]
    return scopes


def _bands(scopes: Sequence[Scoped]) -> Iterator[Scoped]:
    for scope, records in scopes:
        bands = {record.band for record in records} - {""} if scope.level == "task" else set()
        bands = {band for band in bands if place_of(band) is None}  # a place on a heat map is shown there
        for band in sorted(bands, key=natural):
            inside = [record for record in records if record.band == band]
            yield Scope("band", scope.family, scope.task, band), inside


def _tallies(scopes: Iterable[Scoped]) -> Iterator[Tally]:
    for scope, records in scopes:
        for (model, arm), group in by_arm(records).items():
            yield tally(scope, arm, model, group)


def _differences(scopes: Sequence[Scoped]) -> Iterator[Difference]:
    """Each arm against bare, and each variant of the planner against the planner, of the same model."""
    for scope, records in scopes:
        arms = by_arm(records)
        for (model, arm), group in arms.items():
            for against in (BARE, PLANNER):
                other = arms.get((model, against))
                if other is None or arm == against or (against == PLANNER and not arm.startswith(f"{PLANNER}:")):
                    continue
                result = paired(group, other)
                if result.n:
                    yield Difference(scope, arm, against, model, result)


def _inequalities(scopes: Sequence[Scoped], reference: Sequence[str] | None) -> Iterator[Inequality]:
    for scope, records in scopes:
        arms = by_arm(records)
        models = sorted({model for model, _ in arms}, key=model_order)
        for f in models:
            alone = arms.get((f, BARE))
            if alone is None or (reference is not None and f not in reference):
                continue
            for (g, arm), group in arms.items():
                if arm == BARE or not _smaller(g, f, reference):
                    continue
                result = paired(group, alone)
                if result.n:
                    yield inequality(scope, f, g, arm, result)


def _smaller(g: str, f: str, reference: Sequence[str] | None) -> bool:
    """Whether g may be compared with f: smaller by name, or f is named as reference and g's size is not known."""
    small, big = size_of(g), size_of(f)
    if g == f or NO_MODEL in (g, f):
        return False
    if small is not None and big is not None:
        return small < big
    return reference is not None and g not in reference


def _said(
    records: Sequence[Record],
    differences: Sequence[Difference],
    inequalities: Sequence[Inequality],
    reference: Sequence[str] | None,
) -> list[str]:
    """What a reader would otherwise take for granted."""
    notes = list(_unlike(records))
    models = {record.model for record in records} - {NO_MODEL}
    if models and not differences:
        notes.append("Nothing is compared: no model has an arm beside bare on the same items as bare.")
    for name in reference or ():
        if not any(record.model == name and record.arm == BARE for record in records):
            notes.append(f"The reference model {name} has no record in arm bare; it is compared with nothing.")
    if models and not inequalities:
        notes.append(
            "P(f, μ) ≤ P(A(g), μ) is not tested here: that takes a bigger model in arm bare on the same items."
        )
    items = {(record.task, record.item) for record in records}
    if len(items) < FEW:
        notes.append(f"Only {_some(len(items), 'item')}: such a row says little, its interval says how little.")
    return notes


def _unlike(records: Sequence[Record]) -> Iterator[str]:
    """Models whose arms were not asked the same items: their rows must not be read against each other."""
    asked: dict[str, dict[str, set[tuple[str, str, int]]]] = {}
    for record in records:
        items = asked.setdefault(record.model, {}).setdefault(record.arm, set())
        items.add((record.task, record.item, record.seed))
    for model in sorted(asked.keys() - {NO_MODEL}, key=model_order):
        if len({frozenset(items) for items in asked[model].values()}) > 1:
            yield (
                f"The arms of {model} were not asked the same items (a run that is not finished?): do not read their "
                "rows against each other, only the paired differences, which take the common items."
            )


def _some(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
