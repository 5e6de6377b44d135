"""The thresholds above which a model's own numbers are believed, for each model: measured by `lottery-chat lab gates`.

A small model's "yes" is worth what it was worth on questions whose answer was known. What stands here was measured
for the models of the catalogue; `lab gates --keep` writes what it measures for any other into the home (gates.json).
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "gates.json"


@dataclass(frozen=True, slots=True)
class Gates:
    """Three thresholds, each on a score that must be above it.

    Args:
        support: log P(yes) - log P(no) of "do the notes state the answer" (Self-RAG, paper.md 2.8).
        fits: the same of "does the function fit", plus its likeness times by_calling.LIKENESS_WEIGHT.
        knows: mean log-probability of the tokens of a short closed-book answer; infinite: never believed.
    """

    support: float = -1.5
    fits: float = 1.6
    knows: float = math.inf


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
        rows: Any = json.loads((home / FILE).read_text(encoding="utf-8"))
        return {str(name): _gates(row) for name, row in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}


def keep_gates(home: Path, found: Mapping[str, Gates]) -> Path:
    """Write gates beside those of other models; return the file. Raises OSError."""
    kept = {**read_gates(home), **found}
    rows = {
        name: {key: value for key, value in dataclasses.asdict(one).items() if math.isfinite(value)}
        for name, one in kept.items()
    }
    coming = home / f"{FILE}.coming"
    coming.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    coming.replace(home / FILE)
    return home / FILE


def _gates(row: Mapping[str, Any]) -> Gates:
    return Gates(**{key: float(value) for key, value in row.items() if key in Gates.__dataclass_fields__})
