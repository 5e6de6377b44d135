"""A report, and a comparison of two folders, as Markdown for people and as JSON for machines.

The door to what the lab says: `report` and `compare` are counted next door (gathering.py, comparing.py). Every
accuracy stands with its n and interval, every difference with its p. Names come from files and are escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lottery_chat.lab import heat_maps, wordings
from lottery_chat.lab.comparing import Changed, Comparison, compare
from lottery_chat.lab.confidence import as_table as believed_table
from lottery_chat.lab.gathering import Report, report
from lottery_chat.lab.lookups import as_table as lookups_table
from lottery_chat.lab.popularity import as_table as thresholds_table
from lottery_chat.lab.tables import (
    NOTHING,
    accuracy,
    as_json_text,
    bullets,
    cell,
    chance,
    figure,
    percent,
    points,
    section,
    shown,
    table,
    times,
)
from lottery_chat.lab.tallying import Measure, Scope, Tally

__all__ = [
    "Comparison", "Report", "as_json", "as_markdown", "compare", "compared_as_json", "compared_as_markdown", "report",
]  # fmt: skip

_READ = (
    "Accuracy is right of all n, in percent, with Wilson's 95 % interval; what got no answer or could not be judged "
    "counts as not right and is shown apart."
)
_READ_PAIRS = (
    "The same items, the same model: points = first minus second, with Tango's 95 % interval; p of the exact McNemar "
    "test. “Better” and “worse” stand only where both say so; “not shown” is not “equal”. Of "
    "twenty rows without any effect one shows one."
)
_READ_HYPOTHESIS = (
    "f is the bigger model alone (bare), g the smaller one in its arm, on the same items; points = g minus f. "
    "Decided only where the whole interval lies on one side."
)
_READ_COST = (
    "Means of an item. Per right answer: the cost of all items, the wrong ones too, over the right ones. Seconds are "
    "comparable inside one run with interleaved arms, and with no other run's."
)
_READ_OVERHEAD = (
    "Sums over the items an arm has in common with bare (its own where there is no bare); × is a multiple of bare."
)
_READ_MARKS = (
    "Accuracy of the answers that carry a mark. A checked mark that is right in fewer than 90 % loses its green for "
    "that model; under 20 items nothing is decided."
)
_READ_THRESHOLDS = (
    "The arm's answers for the items below a popularity, the model alone for the others: what a gate by popularity "
    "would give, and the prompt tokens it would expect (the Huffman view). Popularity is the set's; no gate knows it."
)
_READ_BELIEVED = (
    "The model's own short answer where its probability of being right is at least so high, the arm's answer for the "
    "others: what the gate by log-probability gives. P is the model's curve (`lab gates`), else exp of the mean "
    "log-probability; prompt tokens and seconds of the own answer count for every item while the gate is on."
)
_READ_MAPS = (
    "Share right, tokens across and depth down (the axes of the paper's figures 4 and 5); grey was not measured."
)
_READ_WORDINGS = (
    "All agree: each wording got an answer, and the same one. All right: each was answered rightly. A question counts "
    "once, however many wordings it has."
)
_READ_PUBLISHED = (
    "Not measured here: other prompts, other scorers, often other items. They are in no comparison of this report."
)


def as_json(report: Report) -> str:
    """The report as JSON text; the fields are those of Report, numbers without a value are null."""
    return as_json_text(report)


def compared_as_json(comparison: Comparison) -> str:
    """The comparison as JSON text; the fields are those of Comparison."""
    return as_json_text(comparison)


def as_markdown(report: Report) -> str:
    """The report as Markdown; without records only the sentences that say so."""
    records = "1 record" if report.records == 1 else f"{report.records} records"
    parts = ["# Lab report", f"{records}." if report.records else "", bullets(report.notes)]
    if report.tallies:
        parts.append(section("Results", _READ, _results(report.tallies)))
    if report.differences:
        parts.append(section("Differences on the same items", _READ_PAIRS, _differences(report)))
    if report.inequalities:
        parts.append(section("P(f, μ) ≤ P(A(g), μ)?", _READ_HYPOTHESIS, _inequalities(report)))
    if report.tallies:
        parts.append(section("Cost of an item", _READ_COST, _costs(report.tallies)))
    if report.overheads:
        parts.append(section("Overhead", _READ_OVERHEAD, _overheads(report)))
    if report.marks:
        parts.append(section("How answers are known", "", _shares(report)))
        parts.append(section("Are the marks right?", _READ_MARKS, _marks(report)))
    parts += _looked_at(report)
    return "\n\n".join(part for part in parts if part)


def _looked_at(report: Report) -> list[str]:
    """What only some tasks have: documents, bands, maps, wordings, published scores."""
    parts: list[str] = []
    if report.lookups:
        parts.append(
            section("What looking up lost, and whether “does not say” was true", "", lookups_table(report.lookups))
        )
    if report.thresholds:
        parts.append(
            section("Looking up only what is little known", _READ_THRESHOLDS, thresholds_table(report.thresholds))
        )
    if report.believed:
        parts.append(
            section("Looking up only what the model is not sure of", _READ_BELIEVED, believed_table(report.believed))
        )
    if report.bands:
        parts.append(section("By band", "", _results(report.bands)))
    if report.maps:
        parts.append(section("Heat maps", _READ_MAPS, "\n\n".join(heat_maps.shown(one) for one in report.maps)))
    if report.wordings:
        parts.append(section("One question in several wordings", _READ_WORDINGS, wordings.shown(report.wordings)))
    if report.published:
        parts.append(section("Published, and measured elsewhere", _READ_PUBLISHED, _published(report)))
    return parts


def compared_as_markdown(comparison: Comparison) -> str:
    """The comparison as Markdown: the table, then every item lost and won with the ids of its two traces."""
    first, second = comparison.names
    parts = [
        "# Two folders compared",
        bullets([f"first: {first}", f"second: {second}", *comparison.notes]),
    ]
    if comparison.rows:
        said = (
            f"{comparison.items} items × arms × models are in both. Points = second minus first, with Tango's 95 % "
            "interval; p of the exact McNemar test. “Not shown” is not “equal”."
        )
        head = ("of", "arm", "model", "shows", "n", "right in first", "right in second", "lost", "won", "points (95 %)", "p")  # fmt: skip
        of = _headings(row.scope for row in comparison.rows)
        rows = [
            (
                of[row.scope], row.arm, row.model, shown(row.paired), str(row.paired.n), str(row.paired.right_b),
                str(row.paired.right_a), str(row.paired.only_b), str(row.paired.only_a), points(row.paired), chance(row.paired.p),
            )
            for row in comparison.rows
            if row.scope in of
        ]  # fmt: skip
        parts.append(section("Right in both, lost, won", said, table(head, rows, 4)))
        parts.append(section("Lost: right in the first only", "", _changed(comparison.lost)))
        parts.append(section("Won: right in the second only", "", _changed(comparison.won)))
    return "\n\n".join(parts)


def _headings(scopes: Iterable[Scope]) -> dict[Scope, str]:
    """What each row is headed; without the rows of a task that is alone in its family: the family's row is the same."""
    scopes = dict.fromkeys(scopes)
    tasks: dict[str, set[str]] = {}
    for scope in scopes:
        if scope.level == "task" and scope.family:
            tasks.setdefault(scope.family, set()).add(scope.task)
    alone = {family: next(iter(names)) for family, names in tasks.items() if len(names) == 1}
    found = {}
    for scope in scopes:
        if scope.level == "family" and alone.get(scope.family, scope.family) != scope.family:
            found[scope] = f"{scope.family} = {alone[scope.family]}"
        elif scope.level != "task" or scope.family not in alone:
            found[scope] = scope.name
    return found


def _results(tallies: Sequence[Tally]) -> str:
    head = ("of", "arm", "model", "n", "right", "wrong", "no answer", "not judged", "accuracy % (95 %)", "measures")
    of = _headings(row.scope for row in tallies)
    rows = [
        (
            of[row.scope], row.arm, row.model, str(row.counts.n), str(row.counts.right), str(row.counts.wrong),
            str(row.counts.no_answer), str(row.counts.unjudged), accuracy(row.counts), _measures(row.measures, row.counts.n),
        )
        for row in tallies
        if row.scope in of
    ]  # fmt: skip
    return table(head, rows, 3)


def _measures(measures: Sequence[Measure], n: int) -> str:
    """`f1 0.62, recall@5 0.91 (of 40)`: how many have it is said where not all have."""
    return ", ".join(f"{one.name} {one.mean:.3f}" + (f" (of {one.n})" if one.n != n else "") for one in measures)


def _costs(tallies: Sequence[Tally]) -> str:
    head = ("of", "arm", "model", "n", "calls", "tokens in", "tokens out", "seconds", "median", "tokens out per right", "seconds per right")  # fmt: skip
    of = _headings(row.scope for row in tallies)
    rows = [
        (
            of[row.scope], row.arm, row.model, str(row.counts.n), figure(row.calls), figure(row.tokens_in), figure(row.tokens_out),
            figure(row.seconds), figure(row.seconds_median), figure(row.tokens_out_per_right), figure(row.seconds_per_right),
        )
        for row in tallies
        if row.scope in of
    ]  # fmt: skip
    return table(head, rows, 3)


def _differences(report: Report) -> str:
    head = (
        "of",
        "arm",
        "against",
        "model",
        "shows",
        "n",
        "only first right",
        "only second right",
        "points (95 %)",
        "p",
    )
    of = _headings(row.scope for row in report.differences)
    rows = [
        (
            of[row.scope], row.arm, row.against, row.model, shown(row.paired), str(row.paired.n), str(row.paired.only_a),
            str(row.paired.only_b), points(row.paired), chance(row.paired.p),
        )
        for row in report.differences
        if row.scope in of
    ]  # fmt: skip
    return table(head, rows, 5)


def _inequalities(report: Report) -> str:
    head = ("of", "f (bare)", "g", "arm of g", "P(f) ≤ P(A(g))", "n", "P(f) %", "P(A(g)) %", "points (95 %)", "p")
    of = _headings(row.scope for row in report.inequalities)
    rows = [
        (
            of[row.scope], row.f, row.g, row.arm, row.verdict, str(row.paired.n), percent(row.paired.right_b / row.paired.n),
            percent(row.paired.right_a / row.paired.n), points(row.paired), chance(row.paired.p),
        )
        for row in report.inequalities
        if row.scope in of
    ]  # fmt: skip
    return table(head, rows, 5)


def _overheads(report: Report) -> str:
    head = (
        "arm", "model", "n", "calls", "tokens in", "tokens out", "seconds", "seconds per right", "× tokens", "× seconds",
        "× seconds per right",
    )  # fmt: skip
    rows = [
        (
            row.arm, row.model, str(row.n), str(row.calls), str(row.tokens_in), str(row.tokens_out), figure(row.seconds),
            figure(row.seconds_per_right), times(row.times_tokens), times(row.times_seconds), times(row.times_seconds_per_right),
        )
        for row in report.overheads
    ]  # fmt: skip
    return table(head, rows, 2)


def _shares(report: Report) -> str:
    rows = [(row.arm, row.model, row.known, str(row.count), str(row.n), percent(row.count / row.n)) for row in report.shares]  # fmt: skip
    return table(("arm", "model", "known", "answers", "of", "share %"), rows, 3)


def _marks(report: Report) -> str:
    head = ("arm", "model", "known", "checked", "mark", "n", "right", "wrong", "no answer", "not judged", "accuracy % (95 %)")  # fmt: skip
    rows = [
        (
            row.arm, row.model, row.known, "checked" if row.checked else "not checked", row.verdict, str(row.counts.n),
            str(row.counts.right), str(row.counts.wrong), str(row.counts.no_answer), str(row.counts.unjudged), accuracy(row.counts),
        )
        for row in report.marks
    ]  # fmt: skip
    return table(head, rows, 5)


def _published(report: Report) -> str:
    """The scores, then their sources: long sentences that would widen every row."""
    sources: dict[str, int] = {}
    rows = []
    for beside in report.published:
        for row in beside.rows:
            number = sources.setdefault(f"{row.kind}: {row.source}", len(sources) + 1)
            task = row.task if row.task == beside.task else f"{beside.task} ({row.task})"
            model = f"{row.model} {row.size}".rstrip()
            n = NOTHING if row.n is None else str(row.n)
            rows.append((task, model, row.way, row.kind, row.measure, n, f"{row.score:.1f}", str(number)))
    shown_rows = table(("task", "model", "way", "what", "measure", "n", "score %", "source"), rows, 5)
    return "\n\n".join((shown_rows, "\n".join(f"{number}. {cell(source)}" for source, number in sources.items())))


def _changed(changed: Sequence[Changed]) -> str:
    if not changed:
        return "None."
    head = ("task", "item", "arm", "model", "run in first", "run in second")
    rows = [(row.task, row.item, row.arm, row.model, row.run_first, row.run_second) for row in changed]
    return table(head, rows, 6)
