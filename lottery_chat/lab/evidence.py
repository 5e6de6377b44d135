"""Whether the answer stands in what the model would be given: `lottery-chat lab evidence`, no model is asked.

For questions with a corpus: the share of items whose accepted answer stands (as words, normalised as in answers.py) in
the five passages, in k sentences and in as many as `ask` takes (planner/gathering.py); where an item lists what its
answer rests on, all of that must stand there. For judged passages (cranfield,
cisi): recall@5 and nDCG@10 beside vector search alone. Items without an answer to find ("yes", "no", unanswerable) are
left out.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lottery_chat.errors import LotteryChatError
from lottery_chat.lab.answers import compared
from lottery_chat.lab.judging import judge
from lottery_chat.lab.values import Item, Replied, Task
from lottery_chat.planner.candidates import candidates
from lottery_chat.planner.gathering import Evidence, gather_each
from lottery_chat.planner.resources import Knowledge

#: How many sentences, passages and candidate answers are looked at.
SENTENCES = (1, 3, 5, 8)
PASSAGES = 5
CANDIDATES = (1, 4, 8)
#: Sentences that candidate answers are taken from.
READ = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """One item: what holds its answer. Keys of `held` and `words` are column names of the table."""

    item: str
    held: Mapping[str, bool]
    words: Mapping[str, int]
    seconds: float


def answerable(item: Item) -> bool:
    """Whether the item has an answer whose words, or the words it follows from, can stand in a text."""
    return bool(item.rests_on) or bool(item.gold) and not {"yes", "no"} & {str(one).lower() for one in item.gold}


def measure(knowledge: Knowledge, item: Item, document_ids: Sequence[str]) -> Measured:
    """Gather the evidence of one item and look for its accepted answers in it."""
    started = time.monotonic()
    each = gather_each(knowledge, item.question, document_ids, (*SENTENCES, None))
    seconds = time.monotonic() - started
    texts = {f"{PASSAGES} passages": _passages(each[READ])}
    texts |= {f"{k} sentences": " \n ".join(one.text for one in each[k].sentences) for k in SENTENCES}
    texts["as asked"] = " \n ".join(one.text for one in each[None].sentences)
    held = {name: _sufficient(text, item) for name, text in texts.items()}
    found = candidates(item.question, each[READ].sentences)
    for first in CANDIDATES:
        held[f"{first} candidates"] = any(_holds(one.text, item.gold) for one in found[:first])
    return Measured(item.id, held, {name: len(text.split()) for name, text in texts.items()}, seconds)


def _passages(evidence: Evidence) -> str:
    return " \n ".join(hit.passage.text for hit in evidence.hits[:PASSAGES])


def _sufficient(text: str, item: Item) -> bool:
    """Whether everything that the answer rests on stands in the text, or else an accepted answer."""
    return all(_holds(text, [words]) for words in item.rests_on) if item.rests_on else _holds(text, item.gold)


def _holds(text: str, accepted: Sequence[str]) -> bool:
    return compared(text, [str(one) for one in accepted]).contains > 0


def as_markdown(measured: Mapping[str, Sequence[Measured]]) -> str:
    """A row a task: shares in per cent, the mean number of words in brackets."""
    if not any(measured.values()):
        return ""
    first = next(rows for rows in measured.values() if rows)[0]
    columns = list(first.held)
    lines = [
        "| task | n | " + " | ".join(columns) + " | s, median |",
        "| --- | --: | " + " | ".join("--:" for _ in columns) + " | --: |",
    ]
    for task, rows in measured.items():
        cells = [_cell(rows, name) for name in columns]
        middle = sorted(one.seconds for one in rows)[len(rows) // 2] if rows else 0.0
        lines.append(f"| {task} | {len(rows)} | " + " | ".join(cells) + f" | {middle:.2f} |")
    return "\n".join(lines)


def _cell(rows: Sequence[Measured], name: str) -> str:
    share = 100 * sum(one.held[name] for one in rows) / max(1, len(rows))
    words = sum(one.words.get(name, 0) for one in rows) / max(1, len(rows))
    return f"{share:.0f} ({words:.0f})" if words else f"{share:.0f}"


def taken(items: Sequence[Item], skip: int, limit: int | None) -> Sequence[Item]:
    """The items that are measured. Raises LotteryChatError where none is left."""
    if skip < 0 or (limit is not None and limit < 1):
        raise LotteryChatError(f"--skip {skip} and --limit {limit} must be at least 0 and 1.")
    found = items[skip:] if limit is None else items[skip : skip + limit]
    if not found:
        raise LotteryChatError(f"--skip {skip} leaves none of {len(items)} items; skip fewer.")
    return found


class Finds(Protocol):
    """Passages of the data set for a query, best first; `weight` is the share of full text (Library.search)."""

    def __call__(self, query: str, limit: int, *, weight: float | None) -> Sequence[str]: ...


#: Ways of ranking that are set side by side: vectors alone, words alone, as `ask` searches.
WAYS: Mapping[str, float | None] = {"vectors alone": 0.0, "full text alone": 1.0, "ours": None}


def ranked(task: Task, items: Sequence[Item], find: Finds) -> Mapping[str, Mapping[str, float]]:
    """recall@5 and nDCG@10 (means over the queries, 0 to 1) of each way of ranking."""
    made: dict[str, dict[str, float]] = {}
    for name, weight in WAYS.items():
        made[name] = {"recall@5": 0.0, "ndcg@10": 0.0}
        for item in items:
            found = tuple(find(item.question, 10, weight=weight))
            measures = judge(task, item, Replied("", None, "answered", found)).measures
            for measure in made[name]:
                made[name][measure] += measures[measure] / len(items)
    return made


def ranks_as_markdown(tables: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """A row a task and way of ranking."""
    if not tables:
        return ""
    rows = [
        f"| {task} | {way} | {found['recall@5']:.3f} | {found['ndcg@10']:.3f} |"
        for task, ways in tables.items()
        for way, found in ways.items()
    ]
    return "\n".join(["| task | ranked by | recall@5 | nDCG@10 |", "| --- | --- | --: | --: |", *rows])
