"""Whether a model's own "yes" finds the passage that is needed better than the search does: Self-RAG's relevance gate.

Source: Self-RAG's ISREL (paper.md 2.8). Each of the first passages of a search is judged by itself, by the label
log-probability of "yes". Asked are the lab's own questions over its own files, all files of all domains together.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lottery_chat.lab import own_domains
from lottery_chat.lab.gates import yes_over_no
from lottery_chat.lab.loading import OWN, rows_of
from lottery_chat.lab.logistic import auc, left_out
from lottery_chat.models.protocol import ChatModel
from lottery_chat.planner.copied import normalised
from lottery_chat.planner.gathering import nearest
from lottery_chat.planner.resources import Knowledge

#: Passages that are judged for a question: as many as are read.
PASSAGES = 5
_ASKED = """Passage:
{passage}

Question: {question}
Does the passage give information that is useful to answer this question? Answer yes or no."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A passage found for a question: its cosine, the model's log P(yes) - log P(no), whether the answer rests on it."""

    question: str
    cosine: float
    gate: float
    seconds: float
    relevant: bool


def judged(model: ChatModel, own: Knowledge) -> Iterator[Judged]:
    """Judge the passages of every question that the documents answer."""
    for domain in own_domains.DOMAINS:
        for _, row in rows_of(OWN / f"own_{domain}.jsonl"):
            question, rests_on = str(row["question"]), [normalised(str(one)) for one in row.get("rests_on", ())]
            if not rests_on:
                continue
            for hit in nearest(own, question)[0][:PASSAGES]:
                said = normalised(hit.passage.text)
                started = time.monotonic()
                gate = yes_over_no(model, "read_system", _ASKED.format(passage=hit.passage.text, question=question))
                relevant = any(words in said for words in rests_on)
                yield Judged(question, hit.vector or 0.0, gate, time.monotonic() - started, relevant)


def as_markdown(model: str, found: Sequence[Judged]) -> str:
    """A row a way to order: AUC over all passages, and the questions whose first passage is one the answer rests on.

    "both" is a logistic curve of cosine and gate, each fold judged by one that was not fitted on it.
    """
    labels = [one.relevant for one in found]
    both = left_out([[one.cosine, one.gate] for one in found], labels)
    ways = {"cosine": [one.cosine for one in found], "gate": [one.gate for one in found], "both": both}
    questions = {one.question for one in found if one.relevant}
    lines = [
        f"{model}: {len(found)} passages of {len(questions)} questions of which one is relevant, {sum(labels)} relevant, "
        f"{sum(one.seconds for one in found) / len(found):.2f} s a passage.",
        "",
        "| ordered by | AUC | relevant one first |",
        "| --- | --: | --: |",
    ]
    for name, scores in ways.items():
        first = 0
        for question in questions:
            places = [at for at, one in enumerate(found) if one.question == question]
            first += found[max(places, key=lambda at: scores[at])].relevant
        lines.append(f"| {name} | {auc(scores, labels):.2f} | {first} of {len(questions)} |")
    return "\n".join(lines)
