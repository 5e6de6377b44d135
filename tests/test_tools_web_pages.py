from __future__ import annotations

import pytest

from tools.errors import FetchError, FetchRefused
from tools.fetching import Page
from tools.web_pages import read_page

ARTICLE = (
    "<html><head><title>Rain</title><meta property='article:published_time' content='2026-03-05'></head><body><article>"
    + "<h1>Rain</h1>" + "<p>It rained in the valley for three days and the river rose by two metres.</p>" * 4
    + "<script>alert(1)</script></article></body></html>"
)  # fmt: skip


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
