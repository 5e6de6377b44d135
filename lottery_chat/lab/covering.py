"""From the best passage's cosine to "the documents cover it": questions whose answer is there, and others.

Covered: the lab's own questions (own_law, own_medicine, own_finance, own_notes) over all own documents. Not covered:
those that no own document answers, and triviaqa (which the data's README leaves for fitting) over the own documents
and over squad2's articles, where an accepted answer does not stand in what was found. No question of a set that is
reported is asked; no model is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lottery_chat.lab import corpora, own_domains
from lottery_chat.lab.by_heart import fitting_questions, is_right
from lottery_chat.lab.loading import OWN, rows_of
from lottery_chat.lab.logistic import auc, brier, ece, left_out, platt
from lottery_chat.lab.values import Document
from lottery_chat.planner.coverage import Coverage
from lottery_chat.planner.gathering import best_cosine, nearest
from lottery_chat.planner.resources import Knowledge

#: Probabilities at which the two thresholds lie. Below the first nothing is read unless somebody asked for documents:
#: reading is right about six times in ten where documents say it, these models alone about once in ten, so a fifth is
#: about where reading begins to pay. From the second on the model is not asked what it knows.
LOOKS, CLEAR = 0.2, 0.9


@dataclass(frozen=True, slots=True)
class Found:
    """One question: where it was asked, the best cosine, whether a passage is headed by a name of it."""

    kind: str
    best: float
    named: bool
    covered: bool


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The curve of an embedder with what it rests on. `before` takes the cosine itself for a probability.

    ECE and Brier score of `after` are of questions that the curve was not fitted on (five folds).
    """

    embedder: str
    found: tuple[Found, ...]
    coverage: Coverage
    before: tuple[float, float]
    after: tuple[float, float]
    told_apart: float


def own_documents() -> tuple[Document, ...]:
    """The lab's own files of all domains, and each of its own notes as a file."""
    notes = (
        Document(f"note {number}.md", str(row["notes"]) + "\n") for number, row in rows_of(OWN / "own_notes.jsonl")
    )
    return (*own_domains.documents("own_words"), *notes)


def others(data: Path) -> tuple[Document, ...]:
    """Articles that answer none of the questions, but by chance."""
    return corpora.articles("squad2", data)


def asked(own: Knowledge, other: Knowledge, data: Path, limit: int) -> Iterator[Found]:
    """Ask everything; `limit` questions of triviaqa."""
    for domain in own_domains.DOMAINS:
        for _, row in rows_of(OWN / f"own_{domain}.jsonl"):
            yield _found(own, str(row["question"]), "own", covered=bool(row["answers"]))
    for _, row in rows_of(OWN / "own_notes.jsonl"):
        yield _found(own, str(row["said"]), "own", covered=True)
        yield _found(own, str(row["unsaid"]), "own", covered=False)
    for question in fitting_questions(data, limit):
        if question.task != "triviaqa":
            continue
        for name, base in (("own files", own), ("articles", other)):
            hits, named = nearest(base, question.text)
            if not any(is_right(hit.passage.text, question.accepted) for hit in hits):
                yield Found(f"triviaqa over {name}", best_cosine(hits), named, covered=False)


def _found(base: Knowledge, question: str, kind: str, *, covered: bool) -> Found:
    hits, named = nearest(base, question)
    return Found(f"{kind}, {'said' if covered else 'unsaid'}", best_cosine(hits), named, covered)


def calibrated(embedder: str, found: Sequence[Found]) -> Calibrated:
    """Fit the curve, both labels weighing the same: how often documents cover what a person asks is not known.

    Raises:
        ValueError: all are covered, or none.
    """
    scores, labels = [one.best for one in found], [one.covered for one in found]
    curve = platt(scores, labels, balanced=True)
    apart = left_out([[one] for one in scores], labels, balanced=True)
    coverage = Coverage(curve, round(curve.score_at(LOOKS), 3), round(curve.score_at(CLEAR), 3))
    return Calibrated(
        embedder, tuple(found), coverage,
        _both(scores, labels), _both(apart, labels), auc(scores, labels),
    )  # fmt: skip


def _both(probabilities: Sequence[float], labels: Sequence[bool]) -> tuple[float, float]:
    return ece(probabilities, labels, balanced=True), brier(probabilities, labels, balanced=True)


def as_markdown(one: Calibrated) -> str:
    """The curve as points, and for each kind of question where it lies by the two thresholds."""
    curve, coverage = one.coverage.curve, one.coverage
    points = ", ".join(f"{at:.1f} → {curve.p(at):.2f}" for at in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8))
    lines = [
        f"Cosine to “covered”, {one.embedder}: {points}. P = 1 / (1 + exp(-({curve.slope:.2f} x {curve.intercept:+.2f}))).",
        f"ECE {one.before[0]:.3f} → {one.after[0]:.3f}, Brier {one.before[1]:.3f} → {one.after[1]:.3f}, "
        f"AUC {one.told_apart:.2f}. Looked at from {coverage.looks:.2f} (P {LOOKS}), clear from {coverage.clear:.2f} (P {CLEAR}).",
        "",
        "| questions | n | not looked at | perhaps | clearly | named |",
        "| --- | --: | --: | --: | --: | --: |",
    ]
    for kind in dict.fromkeys(row.kind for row in one.found):
        rows = [row for row in one.found if row.kind == kind]
        each = [
            sum(coverage.of(row.best, row.named) == level for row in rows) for level in ("not", "perhaps", "clearly")
        ]
        cells = " | ".join(map(str, each))
        lines.append(f"| {kind} | {len(rows)} | {cells} | {sum(row.named for row in rows)} |")
    lines += ["", "| looked at from | covered and not looked at | not covered and looked at |", "| --: | --: | --: |"]
    covered, other = [row for row in one.found if row.covered], [row for row in one.found if not row.covered]
    for at in sorted({0.25, 0.3, 0.35, 0.4, 0.45, 0.5, coverage.looks}):
        missed, read = sum(row.best < at for row in covered), sum(row.best >= at for row in other)
        lines.append(f"| {at:g} (P {curve.p(at):.2f}) | {missed} of {len(covered)} | {read} of {len(other)} |")
    return "\n".join(lines)
