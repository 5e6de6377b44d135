"""One question in several wordings: whether all of them got the same answer, and the right one.

A model that reasons gives one answer to one question, however it is put (GSM-Symbolic changes wording and order and
watches accuracy fall). Items whose ids are `<question>/<letter>` in a task of the family "wordings" belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lottery_chat.lab.answers import normalised
from lottery_chat.lab.tables import table
from lottery_chat.lab.values import Record

FAMILY = "wordings"


@dataclass(frozen=True, slots=True)
class Worded:
    """A question in one arm with one model: the outcomes of its wordings, in the order of their letters.

    `agree`: every wording got an answer, and the same one (two accepted forms of the right answer are the same).
    """

    question: str
    kind: str
    arm: str
    model: str
    outcomes: tuple[str, ...]
    agree: bool

    @property
    def right(self) -> bool:
        """Whether all wordings were answered rightly."""
        return set(self.outcomes) == {"right"}


def wordings(records: Iterable[Record]) -> tuple[Worded, ...]:
    """The questions of records whose ids tell wordings apart, in the order in which they come; others are left out."""
    groups: dict[tuple[str, str, str], list[Record]] = {}
    for record in records:
        question, slash, _ = record.item.rpartition("/")
        if slash:
            groups.setdefault((record.arm, record.model, question), []).append(record)
    return tuple(_worded(*key, sorted(group, key=lambda one: one.item)) for key, group in groups.items())


def _worded(arm: str, model: str, question: str, group: Sequence[Record]) -> Worded:
    outcomes = tuple(one.outcome for one in group)
    said = {"right" if one.outcome == "right" else normalised(one.extracted) for one in group}
    agree = len(said) == 1 and "" not in said and not {"no_answer", "unjudged"} & set(outcomes)
    return Worded(question, group[0].band, arm, model, outcomes, agree)


def shown(found: Sequence[Worded]) -> str:
    """Two tables: counts by kind, arm and model; each question with the outcome of every wording."""
    kinds: dict[tuple[str, str, str], list[Worded]] = {}
    for one in found:
        for kind in ("all", one.kind):
            kinds.setdefault((one.arm, one.model, kind), []).append(one)
    head = ("arm", "model", "kind", "questions", "all agree", "all right", "some right")
    counts = [
        (*key, str(len(group)), str(sum(one.agree for one in group)), str(sum(one.right for one in group)),
         str(sum("right" in one.outcomes for one in group)))
        for key, group in kinds.items()
    ]  # fmt: skip
    each = [
        (one.arm, one.model, one.question, ", ".join(one.outcomes).replace("_", " "), _yes(one.agree), _yes(one.right))
        for one in sorted(found, key=lambda one: (one.arm, one.model, one.question))
    ]
    by_question = table(("arm", "model", "question", "wordings", "agree", "right"), each, 6)
    return f"{table(head, counts, 3)}\n\n{by_question}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
