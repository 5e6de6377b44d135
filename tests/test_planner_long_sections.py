"""Summaries and questions about a whole text say how much of it stood before the model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from lottery_chat.events import Event, ModelCalled
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.by_summing_up import SECTIONS, sections_of

LONG = "\n\n".join(
    " ".join(f"Chapter {n} tells how the ferry of bay {n} and its crew came through storm number {n}{m}." for m in range(8))
    for n in range(60)
)  # fmt: skip
SHORT = "The ferry of the bay sails at nine in the morning. Its crew has four members, who all live in Norvik."


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path, ScriptedModel(["It is about ferries and storms."]))
    yield made
    made.close()


def shown(events: Sequence[Event], text: str) -> int:
    """How many sentences of the text stood in some prompt."""
    prompts = "\n".join(event.prompt[-1].text for event in events if isinstance(event, ModelCalled))
    return sum(one in prompts for one in set(re.split(r"(?<=\.)\s+", text)))


def left_out(events: Sequence[Event]) -> list[str]:
    return [line.left_out for event in events if isinstance(event, ModelCalled) for line in event.ledger if line.source == "passages"]  # fmt: skip


def first_call(events: Sequence[Event]) -> int:
    return next(n for n, event in enumerate(events) if isinstance(event, ModelCalled))


@pytest.mark.parametrize("request_", ["Summarise it", "What is this file about?"])
def test_a_summary_says_how_many_sentences_it_was_made_from(bench: Bench, request_: str) -> None:
    events = bench.ask(request_, given=bench.documents(ferries=LONG))
    done = answer(events)
    said = re.search(r"(\d+) of (\d+) sentences were read", done.check)
    assert said is not None and said.group(0) in done.text
    assert (int(said[1]), int(said[2])) == (shown(events, LONG), 480)
    assert left_out(events)[0] == f"{480 - shown(events[: first_call(events) + 1], LONG)} of 480 sentences"


def test_a_text_without_pages_has_as_many_sections_as_may_be() -> None:
    cut = sections_of([(None, LONG)])
    assert len(cut) == SECTIONS and sum(len(one.sentences) for one in cut) == 480
    assert max(len(one.sentences) for one in cut) < 2 * min(len(one.sentences) for one in cut)


def test_of_a_short_text_nothing_is_left_out_and_nothing_said(bench: Bench) -> None:
    events = bench.ask("Summarise it", given=bench.documents(ferry=SHORT))
    assert "extracts:" not in answer(events).text and "sentences were read" not in answer(events).check
    assert not any(left_out(events))


def test_what_parts_say_is_told_with_the_sentences_that_were_before_the_model(bench: Bench) -> None:
    events = bench.ask("What is the moral of this story?", given=bench.documents(ferries=LONG))
    done = answer(events)
    said = re.search(r"([\d,]+) of ([\d,]+) sentences", done.check)
    assert said is not None and int(said[1]) == shown(events, LONG) and said[2] == "480"
    assert "not read:" in done.text
