from __future__ import annotations

from collections.abc import Sequence

import pytest

from lottery_chat.planner.web_evidence import Source, newer_silent, resting_on, sources, unsupported
from tools.web_pages import WebPage
from tools.web_search import WebResult

QUESTION = "How high is the harbour tower?"


def result(name: str, snippet: str, date: str | None = None) -> WebResult:
    return WebResult(name, f"https://{name}.example/", snippet, date, "2026-11-22T10:00:00+00:00")


def page(name: str, text: str, date: str | None = None) -> WebPage:
    return WebPage(name, date, text, f"https://{name}.example/", "2026-11-22T10:00:05+00:00")


def no_embedder(left: Sequence[str], right: Sequence[str]) -> None:
    return None


LONG = (
    "Ferries leave at noon. " * 30
    + "The harbour tower is 95 m high since its new mast. "
    + "Bring a coat, it is cold. " * 30
)


def test_of_a_page_the_sentences_nearest_to_the_question_are_kept() -> None:
    found = sources(QUESTION, [result("a", "Visit the harbour.")], {"https://a.example/": page("a", LONG)}, no_embedder)
    assert "95 m" in found[0].text and len(found[0].sentences) <= 3 and found[0].read


def test_meaning_counts_beside_shared_words() -> None:
    def similar(left: Sequence[str], right: Sequence[str]) -> list[list[float]]:
        return [[1.0 if "rises" in one else 0.0 for one in right]]

    text = (
        "The harbour is open on Monday. It is in the harbour town. We like the tower harbour. It rises to 95 metres. "
        * 2
    )
    found = sources(QUESTION, [result("a", "")], {"https://a.example/": page("a", text)}, similar)
    assert "rises to 95" in found[0].text


def test_the_newest_stands_last_and_undated_ones_first() -> None:
    results = [result("new", "It is 95 m high.", "2026-11-01"), result("none", "It is high, they say."), result("old", "It was 90 m high.", "2020-01-01")]  # fmt: skip
    assert [one.title for one in sources(QUESTION, results, {}, no_embedder)] == ["none", "old", "new"]


@pytest.mark.parametrize(
    ("by_search", "by_page", "date", "other"),
    [
        ("2020-01-01", "2026-11-01", "2026-11-01", "2020-01-01"),
        ("2026-11-01", "2026-11-01", "2026-11-01", ""),
        ("2026-11", "2026-11-01", "2026-11-01", ""),
        (None, "2026-11-01", "2026-11-01", ""),
        ("2026-11-01", None, "2026-11-01", ""),
        (None, None, "", ""),
    ],
)
def test_where_search_and_page_disagree_on_the_date_both_are_shown(
    by_search: str | None, by_page: str | None, date: str, other: str
) -> None:
    pages = {"https://a.example/": page("a", "The tower is 95 m high.", by_page)}
    one = sources(QUESTION, [result("a", "", by_search)], pages, no_embedder)[0]
    assert (one.date, one.other_date) == (date, other)
    assert ("the search says 2020-01-01" in one.line) == bool(other)


def source(text: str, date: str = "") -> Source:
    return Source("Harbour", "https://a.example/", date, "", "2026-11-22", (text,), True)


@pytest.mark.parametrize(
    ("reply", "missing"),
    [
        ("It is 95 m high.", ()),
        ("The tower is 1,250 cm and 95 m high.", ()),
        ("It is 97 m high.", ("97",)),
        ("The tower of Kestrel is 95 m high.", ("Kestrel",)),
        ("In Harbour it is high.", ()),
    ],
)
def test_names_and_numbers_that_no_source_holds_are_found(reply: str, missing: tuple[str, ...]) -> None:
    assert unsupported(reply, QUESTION, [source("The tower is 95 m high, or 1250 cm wide.")]) == missing


def test_an_answer_rests_on_the_source_that_says_most_of_it_or_on_none() -> None:
    old, new = source("It was ninety metres then.", "2020-01-01"), source("Nobody knows the weather.", "2026-11-01")
    assert resting_on("It was ninety metres.", QUESTION, [old, new]) == (old,)
    assert resting_on("Bananas are yellow.", QUESTION, [old, new]) == ()
    assert newer_silent([old], [old, new]) == "2026-11-01"
    assert newer_silent([new], [old, new]) == "" and newer_silent([], [old]) == ""
