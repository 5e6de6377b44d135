"""Searching with several engines: order, time, waiting, and what is said when one or all of them fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from tools.errors import FetchError, NoResults, Offline, RateLimited, SearchError, SearchTimedOut, ToolError
from tools.web_search import Engine, WebSearch, date_in

ROWS = [
    {"title": "Old  news", "href": "https://a.net/1", "body": "Written on 5 March 2021, it says little."},
    {"title": "No date", "href": "https://b.net/2", "body": "Nothing dated."},
    {"title": "Newest", "href": "https://c.net/3", "body": "Nov 3, 2026 - the latest."},
    {"title": "Again", "href": "https://a.net/1", "body": "twice"},
    {"title": "Script", "href": "javascript:alert(1)", "body": "x"},
    {"title": "", "href": "https://d.net/4", "body": "untitled"},
]


def giving(rows: Sequence[dict[str, Any]]) -> Engine:
    return lambda query, count: rows


def failing(error: Exception, asked: list[str] | None = None) -> Engine:
    def engine(query: str, count: int) -> Sequence[dict[str, Any]]:
        if asked is not None:
            asked.append(query)
        raise error

    return engine


def answering(rows: Sequence[dict[str, Any]]) -> WebSearch:
    return WebSearch([("one", giving(rows))], pause=0)


def test_results_are_dated_each_address_once_and_only_web_addresses() -> None:
    found = answering(ROWS).search("  some   words ")
    assert [(one.title, one.date) for one in found.results] == [
        ("Old news", "2021-03-05"),
        ("No date", None),
        ("Newest", "2026-11-03"),
    ]
    assert all(one.fetched_at.endswith("+00:00") for one in found.results)
    assert (found.engine, found.said) == ("one", ())


@pytest.mark.parametrize(
    "error",
    [RateLimited("Wait."), SearchTimedOut("Late."), NoResults("None."), SearchError("Broken."), Offline("No network."), FetchError("Gone."), KeyError("results")],
)  # fmt: skip
def test_the_next_engine_is_asked_and_the_reason_said(error: Exception) -> None:
    found = WebSearch([("one", failing(error)), ("two", giving(ROWS))], pause=0).search("x")
    assert found.engine == "two" and found.results
    assert len(found.said) == 1 and found.said[0].startswith("one was passed over: ")


def test_an_engine_that_hangs_leaves_time_for_the_next() -> None:
    release = threading.Event()
    search = WebSearch([("one", hanging(release)), ("two", giving(ROWS))], pause=0, seconds=0.4)
    started = time.perf_counter()
    try:
        assert search.search("x").engine == "two"
    finally:
        release.set()
    assert time.perf_counter() - started < 4.0


@pytest.mark.parametrize(
    ("errors", "kind"),
    [
        ([Offline("No network."), Offline("No network.")], Offline),
        ([RateLimited("Wait.", 30), RateLimited("Wait.", 20)], RateLimited),
        ([SearchError("Broken."), NoResults("None.")], NoResults),
        ([RateLimited("Wait."), SearchTimedOut("Late.")], SearchTimedOut),
        ([Offline("No network."), SearchError("Broken.")], SearchError),
    ],
)
def test_when_all_fail_one_error_says_each_reason(errors: list[ToolError], kind: type[ToolError]) -> None:
    search = WebSearch([(f"engine {at}", failing(error)) for at, error in enumerate(errors)], pause=0)
    with pytest.raises(ToolError) as caught:
        search.search("x")
    assert type(caught.value) is kind
    assert all(str(error) in str(caught.value) for error in errors)


def test_an_engine_that_asks_to_wait_is_left_alone_until_then() -> None:
    now, asked = [0.0], list[str]()
    engines = [("one", failing(RateLimited("Wait.", 120), asked)), ("two", giving(ROWS))]
    search = WebSearch(engines, pause=0, clock=lambda: now[0])
    for _ in range(3):
        assert search.search("x").engine == "two"
    assert len(asked) == 1
    now[0] = 121.0
    search.search("x")
    assert len(asked) == 2


def test_after_three_failures_an_engine_rests_for_a_minute_but_not_without_a_network() -> None:
    now, broken, offline = [0.0], list[str](), list[str]()
    search = WebSearch([("one", failing(SearchError("Broken."), broken))], pause=0, clock=lambda: now[0])
    away = WebSearch([("one", failing(Offline("No network."), offline))], pause=0, clock=lambda: now[0])
    for _ in range(5):
        with pytest.raises(ToolError):
            search.search("x")
        with pytest.raises(Offline):
            away.search("x")
    assert (len(broken), len(offline)) == (3, 5)
    now[0] = 61.0
    with pytest.raises(SearchError):
        search.search("x")
    assert len(broken) == 4


def hanging(release: threading.Event) -> Engine:
    def engine(query: str, count: int) -> Sequence[dict[str, Any]]:
        release.wait(10)
        return ROWS

    return engine


def test_a_search_can_be_cancelled_and_then_no_other_engine_is_asked() -> None:
    release, cancel, asked = threading.Event(), threading.Event(), list[str]()
    cancel.set()
    search = WebSearch([("one", hanging(release)), ("two", failing(NoResults("None."), asked))], pause=0)
    try:
        with pytest.raises(SearchTimedOut, match="cancelled"):
            search.search("x", cancel=cancel)
    finally:
        release.set()
    assert asked == []


def test_nothing_usable_is_no_results_and_not_an_empty_list() -> None:
    with pytest.raises(NoResults, match="'x'"):
        answering([]).search("x")


def test_an_engine_that_hangs_is_left_after_the_limit_on_the_whole() -> None:
    release = threading.Event()
    try:
        with pytest.raises(SearchTimedOut, match="within 0.1 s"):
            WebSearch([("one", hanging(release))], seconds=0.1).search("x")
    finally:
        release.set()


def test_queries_leave_at_most_once_a_second() -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        now[0] += seconds

    search = WebSearch([("one", giving(ROWS))], clock=lambda: now[0], sleep=sleep)
    search.search("a")
    now[0] += 0.25
    search.search("b")
    assert slept == [0.75]


def test_an_empty_or_overlong_query_never_leaves() -> None:
    asked: list[str] = []

    def engine(query: str, count: int) -> Sequence[dict[str, Any]]:
        asked.append(query)
        return ROWS

    for query in ("", "  ", "x" * 301):
        with pytest.raises(SearchError, match="1 to 300"):
            WebSearch([("one", engine)]).search(query)
    assert asked == []


def test_dates_in_text_are_read_and_nonsense_is_not() -> None:
    assert date_in("Updated 2026-02-29, or rather 1 May 2025") is None
    assert date_in("in March 2024 it") == "2024-03"
    assert date_in("Sept 5, 2023 · by") == "2023-09-05"
    assert date_in("May be 2024") is None
