"""How often triples alone answer, and how often rightly: `lottery-chat lab triples`, no model is asked.

For questions with documents: read as (entity, relation) and looked up exactly as `ask` does (planner/stated.py,
by_triples.py); a question that the planner takes apart is answered part by part, each answer put into the next part.
What was read of the documents, and how long that takes a passage, stands beside it.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.embedding import HashingEmbedder
from knowledge.facts import read
from knowledge.passing import PassingLibrary
from knowledge.relations import relation
from lottery_chat.children import run_limited
from lottery_chat.lab.fields import Row
from lottery_chat.lab.judging import judge
from lottery_chat.lab.statistics import wilson
from lottery_chat.lab.values import Document, Item, Replied, Task
from lottery_chat.planner.aggregating import with_answers
from lottery_chat.planner.by_triples import finder
from lottery_chat.planner.splitting import schedule_for
from lottery_chat.planner.stated import Find, agree, stated
from lottery_chat.planner.triple_questions import Wanted, wanted
from lottery_chat.planner.values import Solution

#: Passages that the cost of reading is measured on.
_TIMED = 500
#: Relations of Wikidata, as sets name them, in words of ours; and those that are looked up.
_AS_OURS = {"publication date": "released", "inception": "founded", "founded by": "founder"}
_LOOKED_UP = frozenset(
    "director performer composer producer author publisher founder founded released spouse mother father".split()
) | {"date of birth", "date of death", "place of birth", "place of death"}


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


def look(knowledge: PassingLibrary, task: Task, item: Item, document_ids: Sequence[str]) -> Looked:
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


def taken_in(documents: Sequence[Document]) -> tuple[PassingLibrary, Mapping[str, str]]:
    """A task's documents in memory, cut as ever, and their ids by title. No embedder is needed: its place is held."""
    base, ids = PassingLibrary(HashingEmbedder, run_limited), {}
    with tempfile.TemporaryDirectory(prefix="lottery-chat-lab-") as scratch:
        for number, one in enumerate(documents):
            if one.content is None:
                ids[one.title] = base.add_text(one.title, one.text).id
                continue
            path = Path(scratch) / f"{number}{Path(one.title).suffix}"
            path.write_bytes(one.content)
            ids[one.title] = base.add_file(path, one.title).id
    return base, ids


def kept(knowledge: PassingLibrary) -> Kept:
    """Count what is kept, and time reading some passages anew."""
    passages = [one for document in knowledge.ready_documents() for one in knowledge.chunks(document.id)]
    timed = passages[:_TIMED]
    started = time.process_time()
    read(timed)
    seconds = time.process_time() - started
    return Kept(len(passages), len(read(passages)), 1000 * seconds / max(1, len(timed)))


def against_gold(knowledge: PassingLibrary, rows: Iterable[Row]) -> Mapping[str, tuple[int, int, int]]:
    """For sets whose items carry the triples they rest on (`evidences`: entity, relation, object), what is looked up.

    Returns:
        by relation, of those that relations.py knows: triples of the set, found, found and agreeing with it.
    """
    asked = dict.fromkeys(tuple(one) for row in rows for one in row.get("evidences", ()) if len(one) == 3)
    find = finder(knowledge, ())
    counted: dict[str, tuple[int, int, int]] = {}
    for entity, named, obj in asked:
        name = relation(_AS_OURS.get(named, named))
        if name not in _LOOKED_UP:
            continue
        found = stated((Wanted(entity, name),), find)
        answered = found is not None and not found.against
        right = answered and found is not None and agree(found.answer, obj)
        n, there, agreeing = counted.get(name, (0, 0, 0))
        counted[name] = (n + 1, there + answered, agreeing + right)
    return counted


def gold_as_markdown(counted: Mapping[str, tuple[int, int, int]]) -> str:
    """A row a relation and one for all; "" where a set carries no triples."""
    if not counted:
        return ""
    whole = tuple(map(sum, zip(*counted.values())))
    rows = [*sorted(counted.items(), key=lambda one: -one[1][0]), ("all", (whole[0], whole[1], whole[2]))]
    head = ["| relation | triples of the set | found | agreeing |", "| --- | --: | --: | --: |"]
    return "\n".join([*head, *(f"| {name} | {n} | {found} | {right} |" for name, (n, found, right) in rows)])


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
