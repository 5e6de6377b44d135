"""Search the web: dated results from the first engine that answers, one query a second, an overall time limit.

Engines are asked in the order given; one that fails is passed over with the reason said, and one that keeps failing or
asks to wait is left alone for a while. The query leaves this computer as it stands; asking for permission is the
caller's part. Results are untrusted text. What this does not do: read the pages (web_pages.py), know how an engine is
asked (search_engines.py), or choose what to search for.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from tools.errors import NoResults, Offline, RateLimited, SearchError, SearchTimedOut, ToolError

MAX_QUERY = 300
#: An engine that failed this often in a row is left alone for REST seconds.
FAILURES = 3
REST = 60.0
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


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave: results best first, which engine they are from, and why others were passed over."""

    results: tuple[WebResult, ...]
    engine: str
    said: tuple[str, ...] = ()


#: A search engine: query and number of results to rows with title, href, body, perhaps date. Raises ToolError.
Engine = Callable[[str, int], Sequence[dict[str, Any]]]


class WebSearch:
    """Searches with engines in order of preference; safe to call from any thread."""

    def __init__(
        self,
        engines: Sequence[tuple[str, Engine]],
        *,
        seconds: float = 8.0,
        pause: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Args: engines: (name for a sentence, engine), the first one first; seconds: the limit on a whole search."""
        self._engines = tuple(engines)
        self._seconds = seconds
        self._pause = pause
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._last = -1e9
        self._failures: dict[str, int] = {}
        self._resting: dict[str, float] = {}

    def search(self, query: str, *, count: int = 8, cancel: threading.Event | None = None) -> Found:
        """Return results for the query, each address once.

        Raises:
            Offline: there is no network.
            RateLimited: the engines ask us to wait.
            SearchTimedOut: no answer within the limit, or cancelled.
            NoResults: the engines found nothing.
            SearchError: anything else they said.
        """
        query = " ".join(query.split())
        if not query or len(query) > MAX_QUERY:
            raise SearchError(f"A query has 1 to {MAX_QUERY} characters, this one {len(query)}; shorten it.")
        self._wait_for_turn()
        deadline = time.monotonic() + self._seconds
        failures: list[tuple[str, ToolError]] = []
        for at, (name, engine) in enumerate(self._engines):
            try:
                self._awake(name)
                # Half of what is left, so that an engine that hangs leaves time for the next; the last has it all.
                left = deadline - time.monotonic()
                share = left if at == len(self._engines) - 1 else left / 2
                results = self._results(self._ask(engine, query, count, share, cancel), query, count)
            except ToolError as error:
                self._failed(name, error)
                failures.append((name, error))
                if cancel is not None and cancel.is_set():
                    break
                continue
            self._failures[name] = 0
            return Found(results, name, tuple(f"{one} was passed over: {error}" for one, error in failures))
        raise _worst(failures)

    def _wait_for_turn(self) -> None:
        with self._lock:
            wait = self._last + self._pause - self._clock()
            if wait > 0:
                self._sleep(wait)
            self._last = self._clock()

    def _awake(self, name: str) -> None:
        rest = self._resting.get(name, 0.0) - self._clock()
        if rest > 0:
            raise RateLimited(f"{name} is left alone for {rest:.0f} s more, after it failed; try again then.", rest)

    def _failed(self, name: str, error: ToolError) -> None:
        if isinstance(error, NoResults):
            self._failures[name] = 0
            return
        if self._resting.get(name, 0.0) > self._clock():
            return
        self._failures[name] = self._failures.get(name, 0) + 1
        if isinstance(error, RateLimited):
            self._resting[name] = self._clock() + error.seconds
        elif self._failures[name] >= FAILURES and not isinstance(error, Offline):
            # Without a network nobody is at fault: it may be back at any moment, and asking costs nothing.
            self._resting[name], self._failures[name] = self._clock() + REST, 0

    @staticmethod
    def _results(rows: Sequence[dict[str, Any]], query: str, count: int) -> tuple[WebResult, ...]:
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        results: dict[str, WebResult] = {}
        for row in rows:
            found = _result(row, now)
            if found and found.url not in results:
                results[found.url] = found
        if not results:
            raise NoResults(f"The web search found nothing for {query!r}; use other words.")
        return tuple(results.values())[:count]

    def _ask(
        self, engine: Engine, query: str, count: int, seconds: float, cancel: threading.Event | None
    ) -> Sequence[dict[str, Any]]:
        """Ask in a thread of its own: an engine's own time limit is not always one on the whole."""
        outcome: list[Sequence[dict[str, Any]] | ToolError] = []
        done = threading.Event()

        def work() -> None:
            try:
                outcome.append([row for row in engine(query, count) if isinstance(row, dict)])
            except ToolError as error:
                outcome.append(error)
            except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, IndexError) as error:
                # An engine changed its page: its parser fails in its own way.
                said = str(error) or type(error).__name__
                outcome.append(SearchError(f"The web search failed: {said[:200]}; use other words or another engine."))
            finally:
                done.set()

        threading.Thread(target=work, daemon=True).start()
        deadline = time.monotonic() + seconds
        while not done.is_set() and time.monotonic() < deadline and not (cancel and cancel.is_set()):
            done.wait(min(0.05 if cancel else seconds, max(deadline - time.monotonic(), 0)))
        if not outcome:
            stopped = "was cancelled" if cancel and cancel.is_set() else f"gave no answer within {seconds:.2g} s"
            raise SearchTimedOut(f"The web search for {query!r} {stopped}; try again.")
        if isinstance(outcome[0], ToolError):
            raise outcome[0]
        return outcome[0]


def _worst(failures: Sequence[tuple[str, ToolError]]) -> ToolError:
    """One error for all engines: of the kind that says most about what to do next, with each reason once."""
    if not failures:
        return SearchError("No search engine is set; name one in LOTTERY_CHAT_SEARCH.")
    if len(failures) == 1 or all(isinstance(error, Offline) for _, error in failures):
        return failures[0][1]
    said = " ".join(dict.fromkeys(f"{name}: {error}" for name, error in failures))
    for kind in (NoResults, SearchTimedOut):
        if any(isinstance(error, kind) for _, error in failures):
            return kind(said)
    waits = [error.seconds for _, error in failures if isinstance(error, RateLimited)]
    return RateLimited(said, min(waits)) if waits else SearchError(said)


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
