"""Scheduling: one arrangement that fulfils every line, whether it is the only one, or which lines exclude each other."""

from __future__ import annotations

import time

import pytest
from test_tools_logic_puzzles import Value, run_here

from lottery_chat.children import run_limited
from tools.errors import ToolError
from tools.scheduling import schedule
from tools.tool import card_of


def test_sentences_and_formulas_may_be_mixed() -> None:
    found = schedule(
        ["Kim", "Lee", "Max"], ["Monday", "Tuesday", "Wednesday"],
        ["Kim speaks before Lee.", "not at(Max, Wednesday)", "Max is not on Tuesday"], run_limited=run_here,
    )  # fmt: skip
    assert found.arrangement == (("Monday", ("Max",)), ("Tuesday", ("Kim",)), ("Wednesday", ("Lee",)))
    assert found.unique
    assert ("Kim speaks before Lee.", "before(Kim, Lee)") in found.read_as
    assert found.text.startswith("Monday: Max; Tuesday: Kim; Wednesday: Lee (the only")


def test_several_arrangements_are_told() -> None:
    found = schedule(["Ann", "Ben", "Cleo"], [], ["Ann sits next to Ben."], run_limited=run_here)
    assert not found.unique
    assert "one of several" in found.text


def test_groups_hold_several_and_a_round_table_closes() -> None:
    groups = schedule(
        ["Ida", "Jon", "Kai", "Liv"], ["Red", "Blue"],
        ["Ida and Jon are in different groups.", "every_slot = 2", "Kai is in Red.", "Liv is in the same group as Ida."],
        False, run_limited=run_here,
    )  # fmt: skip
    assert groups.arrangement == (("Red", ("Jon", "Kai")), ("Blue", ("Ida", "Liv")))
    at_table = schedule(["A1", "B1", "C1"], [], ["before(A1, B1)"], False, run_limited=run_here)
    assert at_table.arrangement
    with pytest.raises(ToolError, match="circle"):
        schedule(["A1", "B1", "C1"], [], ["before(A1, B1)"], True, True, run_limited=run_here)


def test_what_cannot_be_is_told_by_the_lines_that_exclude_each_other() -> None:
    lines = ["Max is on Friday.", "Kim is before Lee.", "Lee is on Monday."]
    found = schedule(["Kim", "Lee", "Max"], ["Monday", "Tuesday", "Friday"], lines, run_limited=run_here)
    assert (found.arrangement, found.unique) == ((), False)
    assert set(found.conflict) == {"Kim is before Lee.", "Lee is on Monday."}
    assert schedule(["A1", "B1"], ["1"], [], run_limited=run_here).conflict == ("at most one in each slot",)


@pytest.mark.parametrize(
    ("items", "slots", "lines", "says"),
    [
        ([], [], [], "no things"),
        (["Ann"] * 2, [], [], "twice"),
        ([f"e{k}" for k in range(10_000)], [], [], "10000 things"),
        (["Ann", "Ben"], [], ["Ann likes Ben."], "not understood"),
        (["Ann", "Ben"], [], ["Ann sits near Zoe."], "not understood"),
        (["Ann", "Ben"], [], ["Ann is usually before Ben."], "not understood"),
        (["Ann", "Ben"], [], ["before(Ann, Zoe)"], "no thing 'Zoe'"),
        (["Ann", "Ben"], [], ["Ann is before Ben."] * 100_000, "at most 500"),
        (["Ann", "Ben"], [], ["x" * 5_000], "characters"),
        (["Ann", "x" * 80], [], [], "is no name"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_and_never_skipped(
    items: list[str], slots: list[str], lines: list[str], says: str
) -> None:
    started = time.monotonic()
    with pytest.raises(ToolError, match=says):
        schedule(items, slots, lines, run_limited=run_here)
    assert time.monotonic() - started < 6


def test_the_tool_has_a_card_and_runs_in_a_child() -> None:
    card = card_of(schedule)
    assert [one.name for one in card.arguments] == ["items", "slots", "constraints", "one_each", "circle"]
    assert card.use_when and card.not_for and len(card.examples) == 3
    assert schedule(["Ann", "Ben"], [], ["Ben is before Ann."], run_limited=run_limited).unique


def test_no_time_is_an_error_that_says_so() -> None:
    late = lambda *args, **kwargs: Value(None, "time", "late")  # noqa: E731
    with pytest.raises(ToolError, match="ran out of time"):
        schedule(["Ann", "Ben"], [], [], run_limited=late)
