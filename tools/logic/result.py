"""What the logic tool gives back: every sentence as it was read, and a verdict with its proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tools.logic.deciding import Step, Verdict
from tools.logic.message import Option


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A premise, its formula in text form, and who read it; None where nobody could."""

    text: str
    formula: str | None
    reader: Literal["grammar", "model"] | None


@dataclass(frozen=True, slots=True)
class LogicResult:
    """What was asked, what came out and why.

    verdict: about `statement` (the queried sentence, or the answer found). answer: "True", "False", "Unknown", an
    option's letter or a name; "" where there is none. premises_used: the sentences the proof rests on. presumed: what
    the text does not say and the answer needs ("everything spoken of is an animal"). goal: the formula that was decided,
    of a text of predicates. ranking, visited: premises and sub-goals in their order, where Method asks for them.
    """

    kind: Literal["chaining", "first-order", "ordering", "arrangement", "relations"]
    verdict: Verdict
    answer: str
    option: str | None
    statement: str
    steps: tuple[Step, ...]
    sentences: tuple[ReadSentence, ...]
    all_read: bool
    premises_used: tuple[str, ...]
    note: str
    presumed: tuple[str, ...] = ()
    goal: str = ""
    ranking: tuple[str, ...] = ()
    visited: tuple[str, ...] = ()


def truth_option(options: Sequence[Option], answer: str) -> str:
    """The letter of the option that says True, False or Unknown."""
    meanings = {
        "True": ("true", "yes", "correct", "it is true"),
        "False": ("false", "no", "incorrect", "it is false"),
        "Unknown": (
            "unknown",
            "uncertain",
            "undetermined",
            "cannot be determined",
            "cannot say",
            "not known",
            "neither",
        ),
    }.get(answer, (answer.lower(),))
    for option in options:
        if answer and option.text.lower().strip(" .") in meanings:
            return option.letter
    return ""
