from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from ddgs.exceptions import DDGSException, RatelimitException, TimeoutException

from tools.errors import (
    NoResults,
    Offline,
    RateLimited,
    SearchError,
    SearchTimedOut,
    ToolError,
)
from tools.fetching import Page
from tools.web_search import WebSearch, date_in, newest_last, searxng_engine

ROWS = [
    {"title": "Old  news", "href": "https://a.net/1", "body": "Written on 5 March 2021, it says little."},
    {"title": "No date", "href": "https://b.net/2", "body": "Nothing dated."},
    {"title": "Newest", "href": "https://c.net/3", "body": "Nov 3, 2026 - the latest."},
    {"title": "Again", "href": "https://a.net/1", "body": "twice"},
    {"title": "Script", "href": "javascript:alert(1)", "body": "x"},
    {"title": "", "href": "https://d.net/4", "body": "untitled"},
]


def answering(rows: Sequence[dict[str, Any]]) -> WebSearch:
    return WebSearch(lambda query, count: rows, pause=0)


def failing(error: Exception) -> WebSearch:
    def engine(query: str, count: int) -> Sequence[dict[str, Any]]:
        raise error

    return WebSearch(engine, pause=0)


def test_results_are_dated_each_address_once_and_only_web_addresses() -> None:
    results = answering(ROWS).search("  some   words ")
    assert [(one.title, one.date) for one in results] == [
        ("Old news", "2021-03-05"),
        ("No date", None),
        ("Newest", "2026-11-03"),
    ]
    assert all(one.fetched_at.endswith("+00:00") for one in results)


def test_the_newest_result_stands_last() -> None:
    assert [one.title for one in newest_last(answering(ROWS).search("x"))] == ["No date", "Old news", "Newest"]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (DDGSException("RuntimeError: error sending request: DNSError: no record found"), Offline),
        (DDGSException("ConnectError: Network is unreachable"), Offline),
        (RatelimitException("https://x 202 Ratelimit"), RateLimited),
        (DDGSException("HTTP 429"), RateLimited),
        (TimeoutException("timed out"), SearchTimedOut),
        (DDGSException("No results found."), NoResults),
        (DDGSException("something else"), SearchError),
        (KeyError("results"), SearchError),
        (Offline("There is no network."), Offline),
    ],
)
def test_each_failure_of_the_engines_has_its_own_name(error: Exception, kind: type[ToolError]) -> None:
    with pytest.raises(kind) as caught:
        failing(error).search("x")
    assert type(caught.value) is kind and str(caught.value).endswith(".")


def test_nothing_usable_is_no_results_and_not_an_empty_list() -> None:
    with pytest.raises(NoResults, match="'x'"):
        answering([]).search("x")


def test_an_engine_that_hangs_is_left_after_the_limit_on_the_whole() -> None:
    release = threading.Event()

    def engine(query: str, count: int) -> Sequence[dict[str, Any]]:
        release.wait(10)
        return ROWS

    try:
        with pytest.raises(SearchTimedOut, match="within 0.1 s"):
            WebSearch(engine, seconds=0.1).search("x")
    finally:
        release.set()


def test_queries_leave_at_most_once_a_second() -> None:
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        now[0] += seconds

    search = WebSearch(lambda query, count: ROWS, clock=lambda: now[0], sleep=sleep)
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
            WebSearch(engine).search(query)
    assert asked == []


def test_a_searxng_server_is_asked_through_the_fetcher() -> None:
    asked: list[str] = []

    def fetch(url: str, *, types: Sequence[str]) -> Page:
        asked.append(url)
        body = b'{"results": [{"title": "T", "url": "https://a.net/", "content": "c", "publishedDate": "2026-01-02T00:00:00"}]}'
        return Page(url, "application/json", "utf-8", body, "now")

    results = WebSearch(searxng_engine("http://searx.lan:8888/", fetch), pause=0).search("two words")
    assert asked == ["http://searx.lan:8888/search?q=two+words&format=json"]
    assert (results[0].title, results[0].date) == ("T", "2026-01-02")

    def html(url: str, *, types: Sequence[str]) -> Page:
        return Page(url, "application/json", "", b"<html>", "now")

    with pytest.raises(SearchError, match="JSON switched on"):
        WebSearch(searxng_engine("http://searx.lan", html), pause=0).search("x")


def test_dates_in_text_are_read_and_nonsense_is_not() -> None:
    assert date_in("Updated 2026-02-29, or rather 1 May 2025") is None
    assert date_in("in March 2024 it") == "2024-03"
    assert date_in("Sept 5, 2023 · by") == "2023-09-05"
    assert date_in("May be 2024") is None
