"""Search the web through ddgs (or a SearXNG server): dated results, one query a second, an overall time limit.

The only importer of ddgs. The query leaves this computer as it stands; asking for permission is the caller's part.
Results are untrusted text. What this does not do: read the pages (web_pages.py), or choose what to search for.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Protocol
from urllib.parse import urlencode

from ddgs import DDGS
from ddgs.exceptions import DDGSException, RatelimitException, TimeoutException

from tools.errors import NoResults, Offline, RateLimited, SearchError, SearchTimedOut, ToolError
from tools.fetching import Page

ENGINES = "duckduckgo,wikipedia,brave"
MAX_QUERY = 300
_OFFLINE = re.compile(
    r"dns|resolve|network is unreachable|no route|connection refused|connecterror|name or service", re.I
)
_MONTHS = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_ISO_DATE = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_WRITTEN_DATE = re.compile(r"\b(?:(\d{1,2}) )?([A-Z][a-z]{2})[a-z]*\.? (?:(\d{1,2}), )?((?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True)
class WebResult:
    """One result: `date` is ISO 8601 where the result states one, else None; `fetched_at` is UTC."""

    title: str
    url: str
    snippet: str
    date: str | None
    fetched_at: str


class Fetch(Protocol):
    """The guarded fetcher's `fetch`, with the types it may return."""

    def __call__(self, url: str, *, types: Sequence[str]) -> Page: ...


#: A search engine: query and number of results to rows with title, href, body. May raise what ddgs raises.
Engine = Callable[[str, int], Sequence[dict[str, Any]]]


def ddgs_engine(proxy: str | None = None, engines: str = ENGINES) -> Engine:
    """Return an engine that asks the given ddgs engines."""

    def ask(query: str, count: int) -> Sequence[dict[str, Any]]:
        rows: Sequence[dict[str, Any]] = DDGS(proxy=proxy, timeout=5).text(query, max_results=count, backend=engines)
        return rows

    return ask


def searxng_engine(base: str, fetch: Fetch) -> Engine:
    """Return an engine that asks a SearXNG server of the person's own, through the guarded fetcher."""

    def ask(query: str, count: int) -> Sequence[dict[str, Any]]:
        url = f"{base.rstrip('/')}/search?{urlencode({'q': query, 'format': 'json'})}"
        page = fetch(url, types=("application/json",))
        try:
            rows = json.loads(page.body)["results"]
            return [
                {
                    "title": row["title"],
                    "href": row["url"],
                    "body": row.get("content", ""),
                    "date": row.get("publishedDate"),
                }
                for row in rows[:count]
            ]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise SearchError(f"{base!r} did not answer as a SearXNG server with JSON switched on.") from error

    return ask


class WebSearch:
    """Searches with one engine; safe to call from any thread."""

    def __init__(
        self,
        engine: Engine | None = None,
        *,
        seconds: float = 8.0,
        pause: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._engine = engine or ddgs_engine()
        self._seconds = seconds
        self._pause = pause
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._last = -1e9

    def search(self, query: str, *, count: int = 8, cancel: threading.Event | None = None) -> tuple[WebResult, ...]:
        """Return results for the query, best first, each address once.

        Raises:
            Offline: there is no network.
            RateLimited: the engines ask us to wait.
            SearchTimedOut: no answer within the limit.
            NoResults: the engines found nothing.
            SearchError: anything else they said.
        """
        query = " ".join(query.split())
        if not query or len(query) > MAX_QUERY:
            raise SearchError(f"A query has 1 to {MAX_QUERY} characters, this one {len(query)}; shorten it.")
        with self._lock:
            wait = self._last + self._pause - self._clock()
            if wait > 0:
                self._sleep(wait)
            self._last = self._clock()
        rows = self._ask(query, count, cancel)
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        results: dict[str, WebResult] = {}
        for row in rows:
            found = _result(row, now)
            if found and found.url not in results:
                results[found.url] = found
        if not results:
            raise NoResults(f"The web search found nothing for {query!r}; use other words.")
        return tuple(results.values())[:count]

    def _ask(self, query: str, count: int, cancel: threading.Event | None) -> Sequence[dict[str, Any]]:
        """Ask in a thread of its own: ddgs's own time limit is for each wave of engines, not for the whole."""
        outcome: list[Sequence[dict[str, Any]] | ToolError] = []
        done = threading.Event()

        def work() -> None:
            try:
                outcome.append(list(self._engine(query, count)))
            except DDGSException as error:
                outcome.append(_translated(error, query))
            except ToolError as error:
                outcome.append(error)
            except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
                # An engine changed its page: its parser fails in its own way.
                outcome.append(SearchError(f"The web search failed: {str(error) or type(error).__name__}."))
            finally:
                done.set()

        threading.Thread(target=work, daemon=True).start()
        deadline = time.monotonic() + self._seconds
        while not done.is_set() and time.monotonic() < deadline and not (cancel and cancel.is_set()):
            done.wait(min(0.05 if cancel else self._seconds, max(deadline - time.monotonic(), 0)))
        if not outcome:
            stopped = "was cancelled" if cancel and cancel.is_set() else f"gave no answer within {self._seconds:g} s"
            raise SearchTimedOut(f"The web search for {query!r} {stopped}.")
        if isinstance(outcome[0], ToolError):
            raise outcome[0]
        return outcome[0]


def _translated(error: DDGSException, query: str) -> ToolError:
    """ddgs has no class of its own for "offline" and "nothing found"; its text tells them apart."""
    text = str(error)
    if isinstance(error, RatelimitException) or "429" in text or "ratelimit" in text.lower():
        return RateLimited("The search engines ask to wait; try again in a minute.")
    if isinstance(error, TimeoutException):
        return SearchTimedOut(f"The web search for {query!r} gave no answer in time.")
    if _OFFLINE.search(text):
        return Offline("There is no network: the search engines cannot be reached.")
    if "no results" in text.lower():
        return NoResults(f"The web search found nothing for {query!r}; use other words.")
    return SearchError(f"The web search failed: {text[:200] or type(error).__name__}.")


def _result(row: dict[str, Any], now: str) -> WebResult | None:
    url, title = str(row.get("href") or ""), " ".join(str(row.get("title") or "").split())
    if not url.lower().startswith(("http://", "https://")) or not title:
        return None
    snippet = " ".join(str(row.get("body") or "").split())[:1_000]
    return WebResult(title[:300], url, snippet, date_in(str(row.get("date") or "") or snippet), now)


def date_in(text: str) -> str | None:
    """Return the first date a text states (2026-03-05, 5 March 2026, Mar 5, 2026, March 2026) as ISO 8601, or None."""
    iso = _ISO_DATE.search(text)
    if iso:
        return _iso(int(iso.group(1)), int(iso.group(2)), int(iso.group(3)))
    for found in _WRITTEN_DATE.finditer(text):
        month = _MONTHS.get(found.group(2).lower())
        if month:
            day = found.group(1) or found.group(3)
            if day is None:
                return f"{found.group(4)}-{month:02d}"
            return _iso(int(found.group(4)), month, int(day))
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return datetime(year, month, day).date().isoformat()
    except ValueError:
        return None


def newest_last(results: Sequence[WebResult]) -> tuple[WebResult, ...]:
    """Order results for a prompt: undated first, then by date; the newest stands nearest to the question."""
    return tuple(sorted(results, key=lambda result: result.date or ""))
