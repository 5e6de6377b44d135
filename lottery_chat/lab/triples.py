"""How often triples alone answer, and how often rightly: `lottery-chat lab triples`, no model is asked.

For questions with documents: read as (entity, relation) and looked up exactly as `ask` does (planner/stated.py,
by_triples.py); a question that the planner takes apart is answered part by part, each answer put into the next part.
What was read of the documents, and how long that takes a passage, stands beside it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.facts import read
from knowledge.library import Library
from lottery_chat.errors import LotteryChatError
from lottery_chat.lab.judging import judge
from lottery_chat.lab.statistics import wilson
from lottery_chat.lab.values import Item, Replied, Task
from lottery_chat.planner.aggregating import with_answers
from lottery_chat.planner.by_triples import finder
from lottery_chat.planner.splitting import schedule_for
from lottery_chat.planner.stated import Find, stated
from lottery_chat.planner.triple_questions import wanted
from lottery_chat.planner.values import Solution

#: Passages that the cost of reading is measured on.
_TIMED = 500
_MOST_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Looked:
    """One item: `answer` and the relations it rests on where triples answer; `against` where two objects stand."""

    item: str
    answer: str
    relations: tuple[str, ...]
    right: bool
    against: bool
    in_form: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read of the documents: passages, triples, milliseconds of one processor a passage."""

    passages: int
    triples: int
    milliseconds: float


def look(knowledge: Library, task: Task, item: Item, document_ids: Sequence[str]) -> Looked:
    """Answer one item from triples alone, and judge it."""
    find = finder(knowledge, document_ids)
    answer, relations, against, in_form = _whole(item.question, find)
    if not answer:
        answer, relations = _in_parts(item.question, find)
    verdict = judge(task, item, Replied(answer, answer, "answered")) if answer else None
    return Looked(item.id, answer, relations, verdict is not None and verdict.outcome == "right", against, in_form)


def _whole(question: str, find: Find) -> tuple[str, tuple[str, ...], bool, bool]:
    """(answer or "", its relation, whether two objects stand, whether the question has a form that is read)."""
    readings = wanted(question)
    found = stated(readings, find)
    if found is None or not found.wanted.relation:
        return "", (), False, bool(readings)
    if found.against:
        return "", (), True, True
    return found.answer, (found.wanted.relation,), False, True


def _in_parts(question: str, find: Find) -> tuple[str, tuple[str, ...]]:
    schedule = schedule_for(question)
    if schedule is None or schedule.together != "last":
        return "", ()
    solutions: list[Solution] = []
    relations: list[str] = []
    for part in schedule.parts:
        answer, relation, _, _ = _whole(with_answers(part, solutions), find)
        if not answer:
            return "", ()
        solutions.append(Solution(answer, answer))
        relations += relation
    return solutions[-1].text, tuple(relations)


def wait_until_read(knowledge: Library) -> None:
    """Wait until every document of a base was read. Raises LotteryChatError after ten minutes."""
    if left := knowledge.unread_facts(_MOST_SECONDS):
        raise LotteryChatError(
            f"{left} documents were not read after {_MOST_SECONDS / 60:.0f} minutes; run the lab again."
        )


def kept(knowledge: Library) -> Kept:
    """Count what is kept, and time reading some passages anew."""
    passages = [one for document in knowledge.ready_documents() for one in knowledge.chunks(document.id)]
    timed = passages[:_TIMED]
    started = time.process_time()
    read(timed)
    seconds = time.process_time() - started
    return Kept(len(passages), len(read(passages)), 1000 * seconds / max(1, len(timed)))


def as_markdown(looked: Mapping[str, Sequence[Looked]], of: Mapping[str, Kept]) -> str:
    """A row a task, then how often each relation answered rightly."""
    lines = [
        "| task | n | in a form | answered | right of these, 95 % | two objects | passages | triples | ms a passage |",
        "| --- | --: | --: | --: | --- | --: | --: | --: | --: |",
    ]
    for task, rows in looked.items():
        answered = [one for one in rows if one.answer]
        right = sum(one.right for one in answered)
        low, high = wilson(right, len(answered)) if answered else (0.0, 1.0)
        share = f"{right} of {len(answered)} ({100 * low:.0f} to {100 * high:.0f})" if answered else "-"
        there = of[task]
        lines.append(
            f"| {task} | {len(rows)} | {sum(one.in_form for one in rows)} | {len(answered)} | {share} "
            f"| {sum(one.against for one in rows)} | {there.passages} | {there.triples} | {there.milliseconds:.2f} |"
        )
    by_relation = Counter(name for rows in looked.values() for one in rows if one.answer for name in one.relations)
    right_by = Counter(name for rows in looked.values() for one in rows if one.right for name in one.relations)
    said = "; ".join(f"{name} {right_by[name]} of {count}" for name, count in by_relation.most_common())
    return "\n".join([*lines, "", f"By relation: {said}." if said else "No question was answered."])
