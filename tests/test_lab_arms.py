"""The arms: names for settings of `ask` that the app really has, one name for one setting."""

from __future__ import annotations

import pytest

from lottery_chat.chat import MODES
from lottery_chat.errors import SettingsError
from lottery_chat.lab.arms import ARMS, SEARCH, arm
from lottery_chat.planner.values import BASELINES, PARTS, PROOFS


def test_every_part_of_a_has_an_arm_that_switches_it_off() -> None:
    assert {ARMS[f"planner:no-{part}"].without for part in PARTS} == {(part,) for part in PARTS}
    assert arm("planner:no-solver+no-python").without == ("python", "solver")


@pytest.mark.parametrize("name", ["plan", "planner:no-brain", "bare:no-python", "planner:no-python+brain", ""])
def test_an_unknown_arm_is_named_with_those_there_are(name: str) -> None:
    with pytest.raises(SettingsError, match="Unknown arm .*bare, cot, pal"):
        arm(name)


def test_the_arm_that_the_list_shows_for_search_says_where_it_belongs() -> None:
    with pytest.raises(SettingsError, match="tasks that end in ':search'"):
        arm(SEARCH.name)


def test_every_arm_is_a_setting_that_ask_knows_and_every_baseline_has_one() -> None:
    assert {one.mode for one in ARMS.values()} == set(MODES)
    assert {one.mode for one in ARMS.values()} >= set(BASELINES)
    assert all(
        name == one.name and one.about and set(one.without) <= set(PARTS) and set(one.prove) <= set(PROOFS)
        for name, one in ARMS.items()
    )
    settings = [(one.mode, one.without, one.retrieval, one.prove) for one in ARMS.values()]
    assert len(settings) == len(set(settings))


def test_one_setting_has_one_name_whatever_the_order_it_was_typed_in() -> None:
    assert arm("planner:no-solver+no-python") == arm("planner:no-python+no-solver+no-python")
    assert arm("planner:no-solver+no-python").name == "planner:no-python+no-solver"
    assert arm("planner:no-memory+no-memory") is ARMS["planner:no-memory"]
