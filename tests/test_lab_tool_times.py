"""Tool times: every tool of the shelf has a call that works, and percentiles are what they say."""

from __future__ import annotations

import pytest

from lottery_chat.lab.loading import OWN, rows_of
from lottery_chat.lab.tool_times import Times, as_markdown, measured, percentile
from tools.memory_cells import InMemory
from tools.shelf.catalogue import memory_tool, shelf


@pytest.mark.parametrize(("share", "expected"), [(50, 50), (95, 95), (100, 100), (1, 1)])
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(share: float, expected: float) -> None:
    assert percentile([float(one) for one in range(100, 0, -1)], share) == expected


def test_every_tool_of_the_shelf_has_a_call_that_works() -> None:
    calls = {str(row["tool"]): dict(row["arguments"]) for _, row in rows_of(OWN / "own_tool_calls.jsonl")}
    tools = {tool.card.name: tool for tool in (*shelf(), memory_tool(InMemory()))}
    assert calls.keys() == tools.keys()
    assert all(tools[name].call(arguments).text for name, arguments in calls.items())


def test_a_tool_is_called_once_before_it_is_measured_and_as_often_as_asked() -> None:
    called: list[int] = []
    row = measured("it", lambda: called.append(1), 8)
    assert (len(called), row.calls) == (9, 8) and 0 <= row.p50 <= row.p95


def test_the_table_has_a_row_a_tool() -> None:
    assert as_markdown([Times("it", 8, 0.5, 1234.0)]).splitlines()[-1] == "| it | 8 | 0.50 | 1,234 |"
