"""The views of documents over a real library with a hashing embedder: pages, passages, pictures, what is found."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.catalogue import clean_origin
from knowledge.embedding import HashingEmbedder
from knowledge.library import Library
from lottery_chat.children import run_limited
from lottery_chat.document_views import LibraryViews, _body, _title
from lottery_chat.errors import LotteryChatError
from lottery_chat.kept_documents import KeptDocuments
from lottery_chat.memory.database import Database
from lottery_chat.memory.notes import Notes
from lottery_chat.memory.uses import Uses
from tools.fetching import Fetcher, Page

SAMPLE = Path(__file__).resolve().parent.parent / "lottery_chat" / "ui" / "static" / "harbour-depots.pdf"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LibraryViews, KeptDocuments, str]]:
    folder = tmp_path_factory.mktemp("views")
    library = Library(folder, HashingEmbedder, run_limited)
    database = Database(folder / "m.sqlite")
    documents = KeptDocuments(lambda: library, lambda: Uses(database), lambda: Notes(database))
    pages = {"https://a.example/tides": Page("https://a.example/tides", "text/html", "iso-8859-1", "<p>Flut um fünf, sehr früh am Morgen.".encode("latin-1"), "2026-01-01")}  # fmt: skip
    views = LibraryViews(lambda: library, documents, None, pages.__getitem__)
    info = documents.add(SAMPLE, "depots.pdf")
    assert documents.wait(info.id, 90).state == "ready"
    yield views, documents, info.id
    library.close()
    database.close()


def test_passages_are_spans_of_the_pages_text_and_the_quote_is_found(
    opened: tuple[LibraryViews, KeptDocuments, str],
) -> None:
    views, documents, pdf = opened
    look = views.look(pdf, None)
    assert look.page.page == 1 and look.drawn and look.kind == "pdf" and look.passages
    for one in look.passages:
        assert 0 <= one.start < one.end <= len(look.page.text)
    words = " ".join(look.page.text.split()[3:9])
    assert views.look(pdf, 1, words).page.start >= 0
    assert views.look(pdf, 1, "these words stand nowhere in it").page.start == -1


def test_a_quote_has_boxes_on_the_picture_of_its_page(opened: tuple[LibraryViews, KeptDocuments, str]) -> None:
    views, _, pdf = opened
    quote = " ".join(views.look(pdf, 1).page.text.split()[3:9])
    drawn = views.picture(pdf, 1, quote)
    assert drawn.png.startswith(b"\x89PNG") and drawn.boxes
    assert all(0 <= left < right <= 1 and 0 <= top < bottom <= 1 for left, top, right, bottom in drawn.boxes)
    with pytest.raises(LotteryChatError, match="no page"):
        views.look(pdf, 4_000)


def test_what_would_be_found_marks_the_sentences_that_are_read(
    opened: tuple[LibraryViews, KeptDocuments, str],
) -> None:
    views, documents, pdf = opened
    found = views.would_find("When does the red depot open on working days?")
    assert found.hits and found.sentences and found.hits[0].passage.document == pdf
    for hit in found.hits:
        assert hit.passage.used == bool(hit.marks)
    marked = {" ".join(h.passage.text[a:b].split()) for h in found.hits for a, b in h.marks}
    assert all(any(one.text in m or m in one.text for m in marked) for one in found.sentences)
    for by, has_vector in (("vector", True), ("text", False)):
        alone = views.would_find("When does the red depot open on working days?", by=by)
        assert alone.hits and all((hit.passage.score_vector is not None) is has_vector for hit in alone.hits)
        assert has_vector is (alone.hits[0].passage.score_text is None)
    empty = documents.make_collection("empty")
    assert views.would_find("When does the red depot open?", [empty.id]).hits == ()
    documents.remove_collection(empty.id)


def test_a_web_page_is_kept_in_its_own_encoding_and_has_no_pages(
    opened: tuple[LibraryViews, KeptDocuments, str],
) -> None:
    views, documents, _ = opened
    info = documents.wait(views.add_address(" https://a.example/tides ").id, 90)
    assert (info.title, info.state) == ("a.example/tides", "ready")
    assert info.address == "https://a.example/tides" and info.fetched_at[:10] == info.added_at[:10]
    look = views.look(info.id, 1)  # "page 1" of a document without pages is the whole of it
    assert "fünf" in look.page.text and look.page.page is None and not look.drawn


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost:7860/", "http://[::1]/", "http://169.254.169.254/latest", "file:///etc/passwd", "http://10.0.0.1/"])  # fmt: skip
def test_private_addresses_are_refused_with_a_sentence(
    opened: tuple[LibraryViews, KeptDocuments, str], url: str
) -> None:
    _, documents, _ = opened
    guarded = LibraryViews(lambda: pytest.fail("nothing is kept"), documents, None)
    with pytest.raises(LotteryChatError) as told:
        guarded.add_address(url)
    assert "not fetched" in str(told.value)


def test_the_guard_is_what_refuses_them() -> None:
    with pytest.raises(LotteryChatError):
        LibraryViews(lambda: pytest.fail("x"), None, None).add_address("http://127.0.0.1/")  # type: ignore[arg-type]
    assert Fetcher(allow_hosts=frozenset({"127.0.0.1:80"})).check("http://127.0.0.1/").address == "127.0.0.1"


@pytest.mark.parametrize("charset", ["", "zip", "undefined", "no-such", "utf-8"])
def test_an_encoding_that_is_none_leaves_the_bytes_as_they_are(charset: str) -> None:
    body = _body(Page("https://a.example/", "text/plain", charset, "ü".encode(), ""))
    assert body.decode("utf-8-sig") == "ü"


def test_the_title_of_a_web_page_is_its_address_without_what_follows_it() -> None:
    assert _title("https://a.example/b/c/?x=1#y") == "a.example/b/c"


def test_a_page_fetched_again_replaces_what_was_fetched_from_there_and_a_file_has_no_address(tmp_path: Path) -> None:
    library = Library(tmp_path, HashingEmbedder, run_limited)
    database = Database(tmp_path / "m.sqlite")
    documents = KeptDocuments(lambda: library, lambda: Uses(database), lambda: Notes(database))
    texts = iter(["<p>The ferry leaves at eight.", "<p>The ferry leaves at nine.", "<p>The ferry leaves at ten."])
    address = "https://a.example/ferry"
    views = LibraryViews(
        lambda: library, documents, None, lambda url: Page(url, "text/html", "utf-8", next(texts).encode(), "")
    )
    try:
        first = documents.wait(views.add_address(address).id, 90)
        second = documents.wait(views.add_address(address).id, 90)
        until = time.monotonic() + 30
        while first.id in {one.id for one in documents.list()} and time.monotonic() < until:
            time.sleep(0.05)  # it goes just after the new one is ready
        assert [one.id for one in documents.list() if one.address] == [second.id] and first.id != second.id
        own = documents.wait(views.add_address(address, "c" * 32).id, 90)  # of one conversation: replaces nothing
        assert {one.id for one in documents.list() if one.address} == {second.id, own.id}
        assert documents.wait(documents.add(SAMPLE, "depots.pdf").id, 90).address == ""
    finally:
        library.close()
        database.close()


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://a.example/ b", 'https://a/"onclick=x',
     "https://a.example/\n", "https://a.example/<b>", "ftp://a.example/", "//a.example/", "https://" + "a" * 3000, ""],
)  # fmt: skip
def test_only_an_address_that_may_be_a_link_is_kept(address: str) -> None:
    assert clean_origin(address, "2026-11-23") == ("", "")
    assert clean_origin("https://a.example/b?c=d#e", "yesterday <b>") == ("https://a.example/b?c=d#e", "")
    assert clean_origin("http://a.example/", "2026-11-23T10:11:12.131+00:00")[1].startswith("2026-11-23")
