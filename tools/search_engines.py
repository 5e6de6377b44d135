"""Ask one search engine, each in its own way: ddgs (DuckDuckGo and others), Wikipedia's API, a SearXNG server.

The only importer of ddgs. An engine returns rows of title, href, body and perhaps date, all untrusted text, or raises
a ToolError whose class says what happened. What this does not do: wait, try again, or ask another engine
(web_search.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Protocol
from urllib.parse import urlencode

from ddgs import DDGS
from ddgs.exceptions import DDGSException, RatelimitException, TimeoutException

from tools.errors import (
    FetchBusy,
    FetchError,
    FetchRefused,
    FetchTimedOut,
    NoResults,
    Offline,
    RateLimited,
    SearchError,
    SearchTimedOut,
    ToolError,
)
from tools.fetching import Page
from tools.web_search import Engine

ENGINES = "duckduckgo,wikipedia,brave"
JSON = ("application/json",)
_OFFLINE = re.compile(
    r"\bdns\b|dnserror|resolv|network is unreachable|no route|connection refused|connecterror|name or service", re.I
)
#: ddgs puts the whole address into its error, and with it the query: "what is DNS" is no failure of the network.
_ADDRESS = re.compile(r"\(?https?://[^\s)]*\)?")
_EXTRACT = 600


class Fetch(Protocol):
    """The guarded fetcher's `fetch`, with the types it may return."""

    def __call__(self, url: str, *, types: Sequence[str]) -> Page: ...


class TextSearch(Protocol):
    """What is used of ddgs: a query to rows."""

    def __call__(self, query: str, *, max_results: int, backend: str) -> Sequence[dict[str, Any]]: ...


def ddgs_engine(proxy: str | None = None, engines: str = ENGINES, text: TextSearch | None = None) -> Engine:
    """Return an engine that asks the given ddgs engines (names with commas between).

    Args:
        text: stands in for ddgs's own search (tests).
    """

    def ask(query: str, count: int) -> Sequence[dict[str, Any]]:
        search = text or DDGS(proxy=proxy, timeout=4).text
        try:
            return list(search(query, max_results=count, backend=engines))
        except DDGSException as error:
            raise _translated(error, query) from error

    return ask


def wikipedia_engine(language: str, fetch: Fetch, base: str | None = None) -> Engine:
    """Return an engine that asks Wikipedia's search; a row's date is the day the article was last changed.

    Args:
        language: the edition ("en", "de").
        base: another address of the same API ("http://127.0.0.1:8000").
    """
    root = (base or f"https://{language}.wikipedia.org").rstrip("/")

    def ask(query: str, count: int) -> Sequence[dict[str, Any]]:
        asked = {
            "action": "query", "format": "json", "formatversion": "2", "generator": "search", "gsrsearch": query,
            "gsrlimit": count, "prop": "extracts|info|revisions", "inprop": "url", "rvprop": "timestamp",
            "exintro": 1, "explaintext": 1, "exchars": _EXTRACT, "exlimit": "max",
        }  # fmt: skip
        reply = _json("Wikipedia", f"{root}/w/api.php?{urlencode(asked)}", fetch)
        error = reply.get("error")
        if isinstance(error, dict):
            if error.get("code") in ("ratelimited", "maxlag"):
                raise RateLimited("Wikipedia asks to wait; try again in a minute.")
            raise SearchError(f"Wikipedia refused the search: {str(error.get('info'))[:200]}.")
        try:
            pages = sorted(reply.get("query", {}).get("pages", ()), key=lambda page: int(page.get("index", 99)))
            return [_article(page) for page in pages if "fullurl" in page]
        except (TypeError, AttributeError, ValueError, KeyError, IndexError) as error:
            raise SearchError("Wikipedia answered in a form that is not known; use another engine.") from error

    return ask


def searxng_engine(base: str, fetch: Fetch) -> Engine:
    """Return an engine that asks a SearXNG server of the person's own, through the guarded fetcher."""

    def ask(query: str, count: int) -> Sequence[dict[str, Any]]:
        url = f"{base.rstrip('/')}/search?{urlencode({'q': query, 'format': 'json'})}"
        try:
            rows = _json(f"The SearXNG server {base!r}", url, fetch)["results"]
            return [
                {
                    "title": row["title"],
                    "href": row["url"],
                    "body": row.get("content", ""),
                    "date": row.get("publishedDate"),
                }
                for row in rows[:count]
            ]
        except (KeyError, TypeError, AttributeError) as error:
            raise SearchError(
                f"{base!r} did not answer as a SearXNG server; switch on JSON in its settings."
            ) from error

    return ask


def _article(page: dict[str, Any]) -> dict[str, Any]:
    changed = str((page.get("revisions") or [{}])[0].get("timestamp") or "")
    return {"title": page["title"], "href": page["fullurl"], "body": page.get("extract") or "", "date": changed}


def _json(name: str, url: str, fetch: Fetch) -> dict[str, Any]:
    """Fetch a JSON object; a fetcher's failure becomes the search's, which names the engine and what to do."""
    try:
        page = fetch(url, types=JSON)
        value = json.loads(page.body)
    except FetchBusy as error:
        raise RateLimited(f"{name} asks to wait {error.seconds:.0f} s; try again then.", error.seconds) from error
    except FetchTimedOut as error:
        raise SearchTimedOut(f"{name} gave no answer in time; try again, or use another engine.") from error
    except FetchRefused as error:
        captcha = "a web page came instead of results, perhaps a captcha"
        said = captcha if "of type" in str(error) else str(error).replace(repr(url), "it").rstrip(".")
        raise SearchError(f"{name} cannot be used: {said}; use another engine.") from error
    except FetchError as error:
        raise SearchError(f"{name} failed: {str(error).replace(repr(url), 'it')}") from error
    except (ValueError, RecursionError) as error:
        raise SearchError(f"{name} did not answer with JSON that can be read; use another engine.") from error
    if not isinstance(value, dict):
        raise SearchError(f"{name} did not answer with results; use another engine.")
    return value


def _translated(error: DDGSException, query: str) -> ToolError:
    """ddgs has no class of its own for "offline" and "nothing found"; its text tells them apart."""
    text = _ADDRESS.sub("", str(error))
    if isinstance(error, TimeoutException) or "timed out" in text.lower():
        return SearchTimedOut(f"The web search for {query!r} gave no answer in time; try again.")
    if "proxy" in text.lower() and not _OFFLINE.search(text):
        return SearchError("The proxy does not let the search through; check LOTTERY_CHAT_PROXY.")
    if isinstance(error, RatelimitException) or "429" in text or "ratelimit" in text.lower():
        return RateLimited("The search engines ask to wait; try again in a minute.")
    if _OFFLINE.search(text):
        return Offline("There is no network: the search engines cannot be reached.")
    if "no results" in text.lower():
        return NoResults(f"The web search found nothing for {query!r}; use other words.")
    said = " ".join(text.split())[:200] or type(error).__name__
    return SearchError(f"The web search failed: {said}; try again later or set another engine.")
