"""What looking things up cost and gave: what was known before and lost, and whether "does not say" was true.

Retrieval that helps on the whole may still spoil what the model knew (paper.md 3.2), and an app that says "the
documents do not say" is only honest when they do not. Both are counted per task and arm on the same items.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lottery_chat.lab.tables import percent, table
from lottery_chat.lab.tallying import by_arm
from lottery_chat.lab.values import Record

#: The arm of the model alone.
BARE = "bare"
#: The families whose items come with documents.
WITH_DOCUMENTS = frozenset({"single-document", "multi-hop", "domain"})


@dataclass(frozen=True, slots=True)
class Lookup:
    """Counts of one task, arm and model.

    `known` items bare had right, of which `lost` are wrong in this arm; of `answerable` items `denied` were said not to
    be in the documents; of `unanswerable` ones `made_up` got an answer.
    """

    task: str
    arm: str
    model: str
    known: int
    lost: int
    answerable: int
    denied: int
    unanswerable: int
    made_up: int


def lookups(task: str, records: Iterable[Record]) -> tuple[Lookup, ...]:
    """Count the records of one task, for every arm but bare."""
    arms = by_arm(records)
    found = []
    for (model, arm), group in arms.items():
        if arm == BARE:
            continue
        alone = {one.item for one in arms.get((model, BARE), ()) if one.outcome == "right"}
        known = [one for one in group if one.item in alone]
        said = [one for one in group if one.gold not in ([], None)]
        unsaid = [one for one in group if one.gold in ([], None)]
        found.append(
            Lookup(
                task, arm, model, len(known), sum(one.outcome != "right" for one in known),
                len(said), sum(one.status == "not_in_documents" for one in said),
                len(unsaid), sum(one.outcome != "right" for one in unsaid),
            )
        )  # fmt: skip
    return tuple(found)


def as_table(rows: Sequence[Lookup]) -> str:
    """The counts as a Markdown table."""
    head = ("task", "arm", "model", "lost of what bare had right", "%", "said “does not say” though it does", "%", "answered though it does not say", "%")  # fmt: skip
    cells = [
        (
            one.task, one.arm, one.model, f"{one.lost} of {one.known}", _share(one.lost, one.known),
            f"{one.denied} of {one.answerable}", _share(one.denied, one.answerable),
            f"{one.made_up} of {one.unanswerable}", _share(one.made_up, one.unanswerable),
        )
        for one in rows
    ]  # fmt: skip
    return table(head, cells, 3)


def _share(part: int, whole: int) -> str:
    return percent(part / whole if whole else None)
