"""Does it say the same thing each time: semantic entropy of a model's short answers, and whether that tells wrong ones.

Source: Kuhn et al., "Semantic Uncertainty" (2023), features.md row 32. `lottery-chat lab entropy` asks each question that
may be used for fitting once at temperature 0 and `samples` times at a temperature, groups the samples by normalised
equality and takes the entropy of the groups. An answer is flagged where the entropy is high.

What this does not do: two wordings of one answer ("Paris", "the city of Paris") are two groups, so the entropy is an
upper bound. It is a measurement: no answer of the app is sampled for it, because k samples cost k answers.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lottery_chat.lab.by_heart import Question, ask_by_heart, is_right
from lottery_chat.lab.logistic import auc
from lottery_chat.models.protocol import ChatModel
from lottery_chat.planner.copied import normalised

#: Samples agree where at least so large a share says the same; the entropy of two equal groups is 0.69 nats.
HIGH = math.log(2)
TEMPERATURE = 0.7


@dataclass(frozen=True, slots=True)
class Sampled:
    """One question: whether its answer at temperature 0 was right, how sure it was, the samples' entropy in nats."""

    right: bool
    logprob: float
    entropy: float
    groups: int


def entropy(texts: Sequence[str]) -> tuple[float, int]:
    """The entropy (nats) of texts grouped by normalised equality, and the number of groups; (0, 0) for none."""
    counts = Counter(normalised(one) for one in texts)
    total = sum(counts.values())
    return sum(-n / total * math.log(n / total) for n in counts.values()) if total else 0.0, len(counts)


def sampled(
    model: ChatModel, questions: Sequence[Question], *, samples: int, seconds: float, say: Callable[[str], None]
) -> list[Sampled]:
    """Ask the questions until the seconds are over; one whose answer has no end within the room is left out."""
    until = time.monotonic() + seconds
    found: list[Sampled] = []
    for question in questions:
        if time.monotonic() >= until:
            say(f"{len(found)} questions were sampled; --seconds allows more.")
            break
        reply = ask_by_heart(model, question.text)
        if reply.logprob is None or reply.finish == "length":
            continue
        texts = [
            ask_by_heart(model, question.text, temperature=TEMPERATURE, seed=seed + 1).text for seed in range(samples)
        ]
        found.append(Sampled(is_right(reply.text, question.accepted), reply.logprob, *entropy(texts)))
    return found


def as_markdown(model: str, samples: int, found: Sequence[Sampled]) -> str:
    """How well entropy and log-probability tell right answers from wrong ones, and what a flag at HIGH would say."""
    if not found:
        return "No answer had an end within the room, so there is nothing to show."
    labels = [one.right for one in found]
    flagged = [one for one in found if one.entropy >= HIGH]
    kept = [one for one in found if one.entropy < HIGH]
    return "\n".join(
        (
            "| model | answers | right | samples each | AUC of low entropy | AUC of log-probability | flagged, of these right | not flagged, of these right |",
            "| --- | --: | --: | --: | --: | --: | --- | --- |",
            f"| {model} | {len(found)} | {sum(labels)} | {samples} | {auc([-one.entropy for one in found], labels):.2f} "
            f"| {auc([one.logprob for one in found], labels):.2f} | {len(flagged)}, {sum(one.right for one in flagged)} "
            f"| {len(kept)}, {sum(one.right for one in kept)} |",
        )
    )
