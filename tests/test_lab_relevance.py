"""The relevance gate is measured against the search's own order, and one that tells nothing is seen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from knowledge.embedding import HashingEmbedder
from knowledge.passing import PassingLibrary
from lottery_chat.lab import own_domains
from lottery_chat.lab.loading import OWN, rows_of
from lottery_chat.lab.relevance import Judged, as_markdown, judged
from lottery_chat.messages import Message
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.copied import normalised


@pytest.fixture(scope="module")
def own() -> PassingLibrary:
    library = PassingLibrary(HashingEmbedder)
    for one in own_domains.documents("own_words"):
        library.add_text(one.title, one.text)
    return library


def knows(messages: Sequence[Message], labels: Sequence[str]) -> dict[str, float]:
    """Says yes to a passage that holds what the question's answer rests on."""
    passage = normalised(messages[-1].text.rpartition("\n\nQuestion:")[0])
    rows = [row for name in own_domains.DOMAINS for _, row in rows_of(OWN / f"own_{name}.jsonl")]
    asked = next(row for row in rows if f"Question: {row['question']}\n" in messages[-1].text)
    yes = any(normalised(str(one)) in passage for one in asked["rests_on"])
    return {"yes": -0.1 if yes else -4.0, "no": -4.0 if yes else -0.1}


def test_a_model_that_knows_puts_the_relevant_passage_first(own: PassingLibrary) -> None:
    found = list(judged(ScriptedModel(labels=knows), own))
    assert len({one.question for one in found}) == 51 and 20 < sum(one.relevant for one in found) < len(found)
    assert all((one.gate > 0) == one.relevant for one in found)
    asked = len({one.question for one in found if one.relevant})
    assert f"| gate | 1.00 | {asked} of {asked} |" in as_markdown("m", found)


def test_a_gate_that_always_says_the_same_tells_nothing() -> None:
    found = [Judged(f"q{at // 2}", 0.7 - at % 2 / 10, 1.0, 0.1, at % 2 == 0) for at in range(20)]
    shown = as_markdown("m", found)
    assert "| cosine | 1.00 | 10 of 10 |" in shown and "| gate | 0.50 |" in shown
