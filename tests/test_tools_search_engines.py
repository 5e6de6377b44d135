"""Search engines against servers that behave like the real ones on a bad day: each ends in time with a sentence."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from ddgs.exceptions import DDGSException, RatelimitException, TimeoutException
from web_servers import FaultySearch, SiteServer, open_web, queries, running

from tools.errors import NoResults, Offline, RateLimited, SearchError, SearchTimedOut, ToolError
from tools.fetching import Fetcher
from tools.search_engines import ddgs_engine, searxng_engine, wikipedia_engine
from tools.web_search import Engine, WebSearch

LIMIT = 1.0
FAULTS: dict[str, type[ToolError]] = {
    "429": RateLimited,
    "500": SearchError,
    "captcha": SearchError,
    "empty": SearchError,
    "none": NoResults,
    "truncated": SearchError,
    "length": SearchError,
    "gzip-cut": SearchError,
    "bomb": SearchError,
    "big": SearchError,
    "lies": SearchError,
    "deep": SearchError,
    "odd": SearchError,
    "private": SearchError,
    "loop": SearchError,
    "drip": SearchTimedOut,
    "headers": SearchError,
    "silence": SearchTimedOut,
    "unknown": SearchError,  # hangs up without a word
}


@pytest.fixture(scope="module")
def server() -> Iterator[SiteServer]:
    with running(FaultySearch) as one:
        yield one


def wikipedia(server: SiteServer, fault: str) -> Engine:
    fetcher = open_web(server.server_address[1], seconds=LIMIT)
    return wikipedia_engine("en", fetcher.fetch, f"http://public.net/{fault}")


def searxng(server: SiteServer, fault: str) -> Engine:
    own = f"127.0.0.1:{server.server_address[1]}"
    return searxng_engine(f"http://{own}/{fault}", Fetcher(allow_hosts=frozenset({own}), seconds=LIMIT).fetch)


@pytest.mark.parametrize("engine", [wikipedia, searxng])
def test_an_engine_gives_title_address_text_and_date(server: SiteServer, engine: Any) -> None:
    found = WebSearch([("it", engine(server, "good"))], pause=0).search("two words & more")
    one = found.results[0]
    assert (one.title, one.url, one.snippet, one.date) == (
        "Tower", "https://public.net/page", "The tower is 95 m high.", "2026-11-01",
    )  # fmt: skip
    assert queries(server)[-1] == "two words & more"


@pytest.mark.parametrize("engine", [wikipedia, searxng])
@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_ends_in_time_with_its_class_and_no_result(server: SiteServer, engine: Any, fault: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ToolError) as caught:
        WebSearch([("it", engine(server, fault))], pause=0, seconds=LIMIT + 0.5).search("tower")
    assert time.perf_counter() - started < LIMIT + 1.5
    said = str(caught.value)
    assert isinstance(caught.value, FAULTS[fault]), said
    assert said.endswith(".") and ";" in said, "what happened; what to do"
    assert "95 m" not in said  # its port may hold the digits alone


def test_how_long_an_engine_asks_to_wait_is_taken_from_its_answer(server: SiteServer) -> None:
    with pytest.raises(RateLimited) as caught:
        wikipedia(server, "429")("x", 3)
    assert caught.value.seconds == 120.0


def test_a_server_of_ones_own_is_let_through_and_no_other_port_of_it(server: SiteServer) -> None:
    before = len(server.asked)
    with pytest.raises(SearchError):
        searxng(server, "private")("tower", 3)
    assert [path.split("/")[1] for path in server.asked[before:]] == ["private"], "the redirect was not followed"


REAL_MESSAGES: list[tuple[Exception, type[ToolError]]] = [
    # As ddgs 9.16 says it (recorded without a network and behind proxies that refuse).
    (DDGSException("DNSError: DNSError('error sending request for url (https://search.brave.com/search?q=tower) > error resolving DNS > DNS error: no records found')"), Offline),
    (DDGSException("ConnectError: ConnectError('error sending request for url (https://html.duckduckgo.com/html/) > Connection refused (os error 111)')"), Offline),
    (DDGSException("ConnectError: Network is unreachable"), Offline),
    (DDGSException("RequestError('error sending request for url (https://x.net/?q=a) > proxy CONNECT failed: HTTP/1.1 407 x')"), SearchError),
    (TimeoutException("error sending request for url (https://html.duckduckgo.com/html/) > operation timed out"), SearchTimedOut),
    (RatelimitException("https://x 202 Ratelimit"), RateLimited),
    (DDGSException("HTTP 429"), RateLimited),
    (DDGSException("No results found."), NoResults),
    (DDGSException("something else"), SearchError),
]  # fmt: skip


@pytest.mark.parametrize(("error", "kind"), REAL_MESSAGES)
def test_each_failure_of_ddgs_has_its_own_name(error: Exception, kind: type[ToolError]) -> None:
    with pytest.raises(kind) as caught:
        ddgs_engine(text=failing(error))("x", 3)
    assert type(caught.value) is kind and str(caught.value).endswith(".")


@pytest.mark.parametrize("query", ["what+is+dns", "http+429+ratelimit", "no+results", "connection+refused", "proxy"])
def test_the_words_of_a_query_do_not_decide_what_went_wrong(query: str) -> None:
    error = DDGSException(f"RequestError('error sending request for url (https://x.net/?q={query}) > broken')")
    with pytest.raises(SearchError) as caught:
        ddgs_engine(text=failing(error))("x", 3)
    assert type(caught.value) is SearchError and query not in str(caught.value)


def test_the_real_ddgs_without_a_way_out_is_offline() -> None:
    with pytest.raises(Offline, match="no network"):
        ddgs_engine(proxy="http://127.0.0.1:1")("tower", 3)


def test_ddgs_is_told_which_engines_to_ask() -> None:
    seen: list[tuple[str, int, str]] = []

    def text(query: str, *, max_results: int, backend: str) -> Sequence[dict[str, Any]]:
        seen.append((query, max_results, backend))
        return [{"title": "T", "href": "https://a.net/", "body": "b"}]

    assert ddgs_engine(engines="brave", text=text)("q", 4)[0]["title"] == "T"
    assert seen == [("q", 4, "brave")]


def failing(error: Exception) -> Any:
    def text(query: str, *, max_results: int, backend: str) -> Sequence[dict[str, Any]]:
        raise error

    return text
