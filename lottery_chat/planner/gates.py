"""The thresholds above which a model's own numbers are believed, for each model: measured by `lottery-chat lab gates`.

A small model's "yes" is worth what it was worth on questions whose answer was known. What stands here was measured
for the models of the catalogue; `lab gates --keep` writes what it measures for any other into the home (gates.json).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lottery_chat.planner.calibration import Curve
from lottery_chat.planner.coverage import Coverage, as_row, coverage_from

FILE = "gates.json"


@dataclass(frozen=True, slots=True)
class Gates:
    """Three thresholds, each on a score that must be above it.

    Args:
        support: log P(yes) - log P(no) of "do the notes state the answer" (Self-RAG, paper.md 2.8).
        fits: the same of "does the function fit", plus its likeness times by_calling.LIKENESS_WEIGHT.
        knows: mean log-probability of the tokens of a short closed-book answer; infinite: never believed.
        heart: from that log-probability to the probability that the answer is right; None: not fitted.
    """

    support: float = -1.5
    fits: float = 1.6
    knows: float = math.inf
    heart: Curve | None = None


#: By the model's name; figures in docs/measurements.md. The 0.5B's "yes" hardly depends on the notes (31 of 40 own ones
#: told apart at best, and it cost the panel an answer), so it refuses only what the careful default refuses.
MEASURED: Mapping[str, Gates] = {
    "qwen2.5-coder:0.5b": Gates(support=-1.5, fits=1.2),
    "qwen2.5-coder:1.5b": Gates(support=1.5, fits=2.1),
}


def gates_of(model: str, kept: Mapping[str, Gates]) -> Gates:
    """The gates of a model: what this computer's lab kept, else what we measured, else careful ones."""
    return kept.get(model) or MEASURED.get(model) or Gates()


def read_gates(home: Path) -> dict[str, Gates]:
    """Return what the lab kept, by model; empty where nothing was kept or the file is not as `keep_gates` writes it."""
    try:
        return {name: _gates(row) for name, row in _rows(home).items() if not _is_coverage(row)}
    except (ValueError, TypeError, AttributeError, KeyError):
        return {}


def read_coverage(home: Path) -> dict[str, Coverage]:
    """Return the curves of embedders that the lab kept, by the embedder's name; empty like `read_gates`."""
    try:
        return {name: coverage_from(row) for name, row in _rows(home).items() if _is_coverage(row)}
    except (ValueError, TypeError, AttributeError, KeyError):
        return {}


def keep_gates(home: Path, found: Mapping[str, Gates], coverage: Mapping[str, Coverage] | None = None) -> Path:
    """Write gates, by model, and coverage, by embedder, beside those of others; return the file. Raises OSError."""
    rows: dict[str, Any] = {name: _row(one) for name, one in {**read_gates(home), **found}.items()}
    rows |= {name: as_row(one) for name, one in {**read_coverage(home), **(coverage or {})}.items()}
    coming = home / f"{FILE}.coming"
    coming.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    coming.replace(home / FILE)
    return home / FILE


def _rows(home: Path) -> dict[str, Any]:
    try:
        rows: Any = json.loads((home / FILE).read_text(encoding="utf-8"))
    except OSError:
        return {}
    return {str(name): row for name, row in rows.items()}


def _is_coverage(row: Mapping[str, Any]) -> bool:
    return "clear" in row


def _row(one: Gates) -> dict[str, Any]:
    numbers = {"support": one.support, "fits": one.fits, "knows": one.knows}
    row: dict[str, Any] = {key: value for key, value in numbers.items() if math.isfinite(value)}
    return row | ({"heart": [one.heart.slope, one.heart.intercept]} if one.heart else {})


def _gates(row: Mapping[str, Any]) -> Gates:
    numbers = {key: float(row[key]) for key in ("support", "fits", "knows") if key in row}
    heart = row.get("heart")
    return Gates(**numbers, heart=Curve(float(heart[0]), float(heart[1])) if heart else None)
