"""Read a fetched page's main text with its title and date. The only importer of trafilatura.

Extraction may take minutes on hostile HTML (measured: 5 MB of table rows, of attributes or of line breaks take over 20 s),
so it runs in a limited child where one is given. The text is untrusted: it is data to be quoted, never instructions.
Images and links are left out, nothing in a page is followed (no frames, no refresh), no script runs.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tools.errors import FetchError, FetchRefused, FetchTimedOut
from tools.fetching import Page
from tools.limited import RunLimited

MAX_TEXT = 200_000
SECONDS = 8.0
MEMORY = 1_500_000_000


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page as text: `date` is ISO 8601 as the page states it, or None; `fetched_at` is UTC."""

    title: str
    date: str | None
    text: str
    url: str
    fetched_at: str


def read_page(
    url: str,
    fetch: Callable[[str], Page],
    *,
    run_limited: RunLimited | None = None,
    pdf_text: Callable[[bytes, str], str] | None = None,
    seconds: float = SECONDS,
    cancel: threading.Event | None = None,
) -> WebPage:
    """Fetch a page and return its main text.

    Args:
        url: an address from search results or typed by the person, never from a page's text.
        fetch: the guarded fetcher's `fetch`.
        run_limited: runs the extraction in a child with `seconds`; without it, here.
        pdf_text: reads a PDF: (bytes, title) to text; without it PDFs are refused.

    Raises:
        FetchError: it could not be fetched, or holds no text.
        FetchRefused: its address or type is not allowed.
        FetchTimedOut: fetching or reading it took too long.
        Offline: there is no network.
    """
    page = fetch(url)
    name = page.url.partition("?")[0].rstrip("/").rsplit("/", 1)[-1] or page.url
    if page.type == "application/pdf":
        if pdf_text is None:
            raise FetchRefused(f"{page.url!r} is a PDF; download it and add it as a document.")
        return _checked(WebPage(name, None, pdf_text(page.body, name)[:MAX_TEXT], page.url, page.fetched_at))
    if page.type == "text/plain":
        text = page.body.decode(_known_charset(page.charset), errors="replace")
        return _checked(WebPage(name, None, text[:MAX_TEXT], page.url, page.fetched_at))
    values = _extracted(page, run_limited, seconds, cancel)
    title, date = str(values["title"] or page.url), values["date"]
    return _checked(WebPage(title, str(date) if date else None, str(values["text"]), page.url, page.fetched_at))


def _extracted(
    page: Page, run_limited: RunLimited | None, seconds: float, cancel: threading.Event | None
) -> Mapping[str, Any]:
    job = {"body": base64.b64encode(page.body).decode("ascii"), "charset": page.charset, "url": page.url}
    if run_limited is None:
        return extract(job)
    done = run_limited("tools.web_pages:extract", job, seconds=seconds, memory=MEMORY, cancel=cancel)
    if done.problem in ("time", "cancelled"):
        raise FetchTimedOut(f"Reading {page.url!r} took longer than {seconds:g} s; use another source.")
    if done.problem or done.value is None:
        raise FetchError(f"{page.url!r} is built so that it cannot be read; use another source.")
    return done.value


def extract(job: Mapping[str, Any]) -> dict[str, Any]:
    """Take the main text out of HTML; the part that may hang, JSON in and out: body (base64), charset, url."""
    import trafilatura  # 0.4 s: only where a page is read

    body: bytes | str = base64.b64decode(job["body"])
    charset = _known_charset(str(job["charset"]))
    if job["charset"] and charset != "utf-8" and isinstance(body, bytes):
        body = body.decode(charset, errors="replace")
    found = trafilatura.bare_extraction(
        body, url=str(job["url"]), with_metadata=True, include_links=False,
        include_images=False, include_comments=False,
    )  # fmt: skip
    values = found if isinstance(found, dict) else found.as_dict() if found is not None else {}
    return {
        "title": " ".join(str(values.get("title") or "").split())[:300],
        "date": str(values.get("date") or "")[:10],
        "text": str(values.get("text") or "")[:MAX_TEXT],
    }


def _checked(page: WebPage) -> WebPage:
    if not page.text.strip():
        raise FetchError(
            f"{page.url!r} holds no text that can be read without running its scripts; use another source."
        )
    return page


def _known_charset(charset: str) -> str:
    try:
        "".encode(charset or "utf-8")
    except LookupError:
        return "utf-8"
    return charset or "utf-8"
