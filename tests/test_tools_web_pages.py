from __future__ import annotations

import base64
import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest
from web_servers import ARTICLE

from lottery_chat.children import run_limited
from tools.errors import FetchError, FetchRefused, FetchTimedOut
from tools.fetching import Page
from tools.limited import RunLimited
from tools.web_pages import extract, read_page


def page(body: bytes, kind: str = "text/html", charset: str = "utf-8") -> Page:
    return Page("https://a.net/rain", kind, charset, body, "2026-11-22T10:00:00+00:00")


def test_a_page_is_read_with_title_and_date_and_without_its_scripts() -> None:
    read = read_page("https://a.net/rain", lambda url: page(ARTICLE.encode()))
    assert (read.title, read.date, read.url) == ("Rain", "2026-03-05", "https://a.net/rain")
    assert "the river rose" in read.text and "alert" not in read.text


def test_a_page_in_another_charset_is_decoded_and_an_unknown_one_does_no_harm() -> None:
    body = ARTICLE.replace("valley", "Täler").encode("latin-1")
    assert "Täler" in read_page("u", lambda url: page(body, charset="iso-8859-1")).text
    assert "river" in read_page("u", lambda url: page(ARTICLE.encode(), charset="klingon")).text
    assert read_page("u", lambda url: page(b"plain", "text/plain")).text == "plain"


def test_a_page_without_text_and_a_pdf_are_said() -> None:
    with pytest.raises(FetchError, match="without running its scripts"):
        read_page("u", lambda url: page(b"<html><body><div id=app></div></body></html>"))
    with pytest.raises(FetchRefused, match="is a PDF"):
        read_page("u", lambda url: page(b"%PDF-", "application/pdf"))


def test_a_pdf_is_read_by_who_can() -> None:
    read = read_page(
        "u", lambda url: page(b"%PDF-", "application/pdf"), pdf_text=lambda body, name: f"{name}: {body!r}"
    )
    assert read.text == "rain: b'%PDF-'"
    with pytest.raises(FetchError, match="no text"):
        read_page("u", lambda url: page(b"%PDF-", "application/pdf"), pdf_text=lambda body, name: " ")


def test_pictures_and_links_of_a_page_are_left_out_and_tables_stay() -> None:
    body = ARTICLE.replace("<script>", "<img src='http://127.0.0.1/p.png' alt='p'><a href='http://127.0.0.1/'>more</a><table><tr><td>A</td><td>3</td></tr></table><script>")  # fmt: skip
    text = read_page("u", lambda url: page(body.encode())).text
    assert "127.0.0.1" not in text and "| A | 3 |" in text


ROWS = b"<html><body><table>" + b"<tr><td>a b c</td></tr>" * 200_000


def test_a_page_on_which_extraction_hangs_ends_at_the_limit() -> None:
    started = time.perf_counter()
    with pytest.raises(FetchTimedOut, match="longer than 1.5 s"):
        read_page("u", lambda url: page(ROWS), run_limited=run_limited, seconds=1.5)
    assert time.perf_counter() - started < 9


def test_a_child_reads_what_this_process_reads() -> None:
    here = read_page("u", lambda url: page(ARTICLE.encode()))
    assert read_page("u", lambda url: page(ARTICLE.encode()), run_limited=run_limited) == here


class Ended:
    """A child that ended in this way."""

    def __init__(self, problem: str, value: dict[str, Any] | None = None) -> None:
        self.problem, self.value = problem, value

    def run(
        self,
        target: str,
        request: Mapping[str, Any],
        *,
        seconds: float,
        memory: int,
        cancel: threading.Event | None = None,
    ) -> Ended:
        assert target == "tools.web_pages:extract" and base64.b64decode(request["body"])
        return self


@pytest.mark.parametrize(
    ("problem", "error"),
    [("time", FetchTimedOut), ("cancelled", FetchTimedOut), ("memory", FetchError), ("crashed", FetchError), ("error", FetchError)],
)  # fmt: skip
def test_however_the_child_ends_it_is_a_sentence(problem: str, error: type[FetchError]) -> None:
    child: RunLimited = Ended(problem).run
    with pytest.raises(error, match="use another source"):
        read_page("u", lambda url: page(ARTICLE.encode()), run_limited=child)


@pytest.mark.parametrize("body", [b"", b"<", b"\x00" * 2_000, b"<div>" * 50_000, b"\xff\xfe<p>x", b"<" * 20_000, b"{}"])
def test_broken_html_gives_text_or_nothing(body: bytes) -> None:
    values = extract({"body": base64.b64encode(body).decode(), "charset": "utf-8", "url": "https://a.net/"})
    assert set(values) == {"title", "date", "text"} and all(isinstance(value, str) for value in values.values())
