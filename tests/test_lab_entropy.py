"""Semantic entropy by hand: samples that agree, that differ in wording only, that all differ."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from lottery_chat.lab.by_heart import Question
from lottery_chat.lab.entropy import HIGH, Sampled, as_markdown, entropy, sampled
from lottery_chat.messages import Message
from lottery_chat.models.scripted import ScriptedModel


def test_the_entropy_is_that_of_the_groups() -> None:
    assert entropy(["Norby.", " NORBY!", "norby"]) == (0.0, 1)
    assert entropy(["Norby", "Lunga"])[0] == pytest.approx(math.log(2))
    assert entropy(["a1", "b2", "c3", "d4"]) == (pytest.approx(math.log(4)), 4)
    assert entropy(["Norby", "Norby", "Norby", "Lunga"])[0] < HIGH  # three of four agree
    assert entropy([]) == (0.0, 0)


def test_a_model_that_wavers_where_it_is_wrong_is_seen_and_flagged() -> None:
    said = iter(str(number) for number in range(100))

    def answer(messages: Sequence[Message]) -> str:
        return "Ida Holm" if "bell" in messages[-1].text else f"Person {next(said)}"

    questions = [Question("t", "1", "Who rang the bell?", ("Ida Holm",)), Question("t", "2", "Who sank?", ("Per",))]
    found = sampled(ScriptedModel(answer), questions, samples=4, seconds=60, say=print)
    assert [(one.right, one.groups) for one in found] == [(True, 1), (False, 4)]
    assert "| m | 2 | 1 | 4 | 1.00 |" in as_markdown("m", 4, found) and "| 1, 0 | 1, 1 |" in as_markdown("m", 4, found)


def test_what_tells_nothing_apart_has_half_the_area_and_no_time_gives_no_row() -> None:
    same = [Sampled(right, -0.5, 0.0, 1) for right in (True, False, True, False)]
    assert "| 0.50 | 0.50 |" in as_markdown("m", 4, same)
    notes: list[str] = []
    questions = [Question("t", "1", "Who rang?", ("Ida",))]
    assert sampled(ScriptedModel(["Ida"]), questions, samples=2, seconds=-1, say=notes.append) == []
    assert notes and "nothing to show" in as_markdown("m", 2, [])
