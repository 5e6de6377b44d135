"""Questions answered from the web, from words to answer: a real search client, fetcher and page reader, local servers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from planner_parts import Bench, answer
from web_servers import FaultySearch, HostileSite, SiteServer, open_web, running

from lottery_chat.adapters import WEB_PAGES, WEB_RESULTS, PlannerWeb
from lottery_chat.calls.layer import CallLayer
from lottery_chat.calls.registry import Registry
from lottery_chat.calls.storage import Storage
from lottery_chat.children import run_limited
from lottery_chat.events import Event, Notice, PassagesFound, PermissionAsked, ToolCalled
from lottery_chat.memory.tool_results import ToolResults
from lottery_chat.messages import Message
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.resources import Resources
from lottery_chat.planner.values import PastTurn
from tools.search_engines import wikipedia_engine
from tools.web_pages import WebPage
from tools.web_search import Engine, WebResult, WebSearch

ASKED = "What is the latest news on the tower?"
RESULTS = (
    WebResult("Old", "https://a.example/1", "The tower was 90 m high.", "2020-01-01", "2026-11-22T10:00:00+00:00"),
    WebResult("New", "https://a.example/2", "A page on the tower.", "2026-11-01", "2026-11-22T10:00:00+00:00"),
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.web.results = RESULTS
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[SiteServer]:
    with running(FaultySearch) as one:
        yield one


def real(bench: Bench, server: SiteServer, *faults: str) -> PlannerWeb:
    """Wikipedia's client on the local server once for each fault, pages from the same server, kept in the bench's M."""
    fetch = open_web(server.server_address[1], seconds=2.0).fetch
    engines: list[tuple[str, Engine]] = [
        (fault, wikipedia_engine("en", fetch, f"http://public.net/{fault}")) for fault in faults
    ]
    web = PlannerWeb(WebSearch(engines, pause=0, seconds=4.0), fetch, run_limited)
    bench.web = web  # type: ignore[assignment]
    return web


def notices(events: Sequence[Event]) -> str:
    return " ".join(event.text for event in events if isinstance(event, Notice))


def prompts(events: Sequence[Event]) -> str:
    return " ".join(message.text for event in events for message in getattr(event, "prompt", ()))


# -- what is read and said -------------------------------------------------------------------------------------


def test_the_best_pages_are_read_and_the_answer_says_of_which_day_it_is(bench: Bench) -> None:
    text = "The tower is 95 m high since its new mast. Ferries leave at noon."
    bench.web.pages = {RESULTS[1].url: WebPage("New", "2026-11-03", text, RESULTS[1].url, "2026-11-22T10:00:02+00:00")}
    bench.model = ScriptedModel(["The tower is 95 m high."])
    events = bench.ask("Search the web for the height of the tower", web_search="on")
    done = answer(events)
    assert done.text == (
        "The tower is 95 m high. "
        "(As of 22 November 2026; source of 3 November 2026, or of 1 November 2026 as the search says.)"
    )
    assert (done.known, done.checked, done.citations[0].url) == ("quoted", False, RESULTS[1].url)
    assert "pages looked up on 22 November 2026" in done.check
    assert prompts(events).index("90 m") < prompts(events).index("95 m"), "the newest comes last"
    found = next(event for event in events if isinstance(event, PassagesFound))
    assert found.passages[-1].url == RESULTS[1].url


def test_what_no_source_says_is_the_models_own(bench: Bench) -> None:
    bench.model = ScriptedModel(["The tower is 120 m high."])
    done = answer(bench.ask("Search the web for the height of the tower", web_search="on"))
    assert (done.known, done.citations) == ("model", ()) and "120" in done.check


def test_a_newer_source_that_is_silent_is_said(bench: Bench) -> None:
    bench.model = ScriptedModel(["The tower was 90 m high."])
    done = answer(bench.ask("Search the web for the height of the tower", web_search="on"))
    assert done.known == "quoted" and "a newer source, of 1 November 2026, does not say it" in done.check


def test_results_that_do_not_say_give_no_answer_from_the_web(bench: Bench) -> None:
    bench.model = ScriptedModel(["The results do not say.", "I do not know."])
    done = answer(bench.ask("Search the web for the age of the tower", web_search="on"))
    assert done.known == "model" and not done.citations


def test_why_an_engine_was_passed_over_is_said(bench: Bench, server: SiteServer) -> None:
    real(bench, server, "429", "good")
    bench.model = ScriptedModel(["The tower is 95 m high."])
    events = bench.ask(ASKED, web_search="on")
    assert "429 was passed over: Wikipedia asks to wait 120 s" in notices(events)
    assert answer(events).citations[0].date == "2026-11-01"
    assert "No page that was found could be read" in notices(events), "the page is of a kind nobody reads"


def test_a_page_from_a_real_server_is_read_in_a_child(bench: Bench, server: SiteServer) -> None:
    with running(HostileSite) as site:
        web = real(bench, server, "good")
        pages = open_web(site.server_address[1]).fetch
        bench.web = PlannerWeb(web._search, pages, run_limited)  # type: ignore[assignment]
        read = bench.web.read(["http://public.net/article", "http://public.net/bomb"])
        assert read[0].page is not None and "two metres" in read[0].page.text
        assert (read[0].page.title, read[0].page.date) == ("Rain", "2026-03-05")
        assert read[1].page is None and "larger than 5 MB" in read[1].problem


@pytest.mark.parametrize("fault", ["429", "500", "captcha", "empty", "none", "truncated", "silence", "drip", "odd"])
def test_no_result_is_made_up_when_the_search_fails(bench: Bench, server: SiteServer, fault: str) -> None:
    real(bench, server, fault)
    bench.model = ScriptedModel(["I do not know."])
    events = bench.ask(ASKED, web_search="on")
    done = answer(events)
    assert (done.known, done.citations) == ("model", ()) and "95" not in done.text
    assert "Nothing was looked up, so this may be out of date." in notices(events)
    assert "Wikipedia" in notices(events) or "web search" in notices(events), "the part is named"


# -- kept ------------------------------------------------------------------------------------------------------


class Keeping(Bench):
    """With results and pages kept in M, as the app keeps them."""

    def resources(self) -> Resources:
        registry = Registry(codecs={"web search": WEB_RESULTS, "web page": WEB_PAGES})
        return replace(super().resources(), calls=CallLayer(registry, storage=Storage(ToolResults(self.database))))


@pytest.mark.parametrize(("settings", "times"), [({}, 1), ({"without": frozenset({"memory"})}, 2)])
def test_search_and_pages_are_kept_with_their_date_where_memory_is_on(
    tmp_path: Path, server: SiteServer, settings: dict[str, Any], times: int
) -> None:
    made = Keeping(tmp_path, ScriptedModel(["The river rose by two metres."]))
    with running(HostileSite) as site:
        fetch = open_web(server.server_address[1]).fetch
        pages = open_web(site.server_address[1]).fetch
        engine = wikipedia_engine("en", fetch, "http://public.net/article")
        made.web = PlannerWeb(WebSearch([("it", engine)], pause=0), pages, run_limited)  # type: ignore[assignment]
        answers = [answer(made.ask(ASKED, web_search="on", **settings)) for _ in range(2)]
        read = [path for path in site.asked if path == "/article"]
    made.close()
    assert (len(server.asked), len(read)) == (times, times)
    assert [one.known for one in answers] == ["quoted", "quoted"] and answers[0].text == answers[1].text
    assert "source of 5 March 2026" in answers[0].text


# -- what leaves -----------------------------------------------------------------------------------------------

LETTER = "The merger with Kestrel Holdings closes on 14 March for 85 million and nobody outside the board may know."
SECRETS = ("kestrel", "merger", "85", "million", "march", "board", "holdings")


def evil(messages: Sequence[Message]) -> str:
    """A model that puts a document's text into everything it writes."""
    return "What is the latest news on it, Kestrel Holdings, merger closes on 14 March for 85 million?"


@pytest.mark.parametrize("attached", [True, False])
@pytest.mark.parametrize("asked", [ASKED, "And what is its latest price, when was it built and who owns it right now?", "What is the latest with it?", "Is it open?"])  # fmt: skip
def test_no_word_of_a_document_leaves_whatever_the_model_writes(
    bench: Bench, server: SiteServer, attached: bool, asked: str
) -> None:
    real(bench, server, "good")
    bench.model = ScriptedModel(evil)
    letter = bench.documents(letter=LETTER)
    bench.knowledge = None if attached else letter
    past = PastTurn("What is in the letter about the tower?", LETTER, LETTER, "quoted")
    bench.ask(asked, web_search="on", given=letter if attached else None, history=(past,))
    sent = unquote_plus(" ".join(server.asked)).casefold()
    assert not [secret for secret in SECRETS if secret in sent]


def test_with_the_lock_off_the_evil_model_is_seen(
    bench: Bench, server: SiteServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lottery_chat.planner.by_web.web_query", lambda ask, question, knowledge: question)
    real(bench, server, "good")
    bench.model = ScriptedModel(evil)
    past = PastTurn("What is in the letter about the tower?", LETTER, LETTER, "quoted")
    bench.knowledge = bench.documents(letter=LETTER)
    bench.ask("What is the latest with it?", web_search="on", history=(past,))
    assert "kestrel" in unquote_plus(" ".join(server.asked)).casefold()


def test_the_query_that_is_shown_for_permission_holds_no_documents_words_either(bench: Bench) -> None:
    bench.model = ScriptedModel(evil)
    bench.knowledge = bench.documents(letter=LETTER)
    events = bench.ask(ASKED, web_search="ask")
    assert [event.query for event in events if isinstance(event, PermissionAsked)] == [ASKED.rstrip("?")]
    assert not [event for event in events if isinstance(event, ToolCalled) and event.tool.startswith("web")]


# -- offline ---------------------------------------------------------------------------------------------------


class Once(Bench):
    """The app's way: that there is no network is said once for a whole process."""

    said = False

    def resources(self) -> Resources:
        return replace(super().resources(), offline=self.first)

    def first(self) -> bool:
        before, self.said = self.said, True
        return not before


def test_that_there_is_no_network_is_said_once_and_the_answer_goes_on(tmp_path: Path) -> None:
    made: Any = Once(tmp_path)
    try:
        made.web.offline = True
        heard = [notices(made.ask(question, web_search="on")) for question in (ASKED, "What is the latest news?")]
    finally:
        made.close()
    assert "There is no network." in heard[0] and "There is no network." not in heard[1]
    assert all("may be out of date" in one for one in heard)


# -- the web asked for by name, with a document attached ---------------------------------------------------------


@pytest.mark.parametrize("asked", ["Search the web for the height of the tower", "How high is the tower? Please look it up online.", "Please find out on the web how high the tower is."])  # fmt: skip
def test_a_search_asked_for_by_name_goes_to_the_web_although_a_document_is_attached(
    bench: Bench, server: SiteServer, asked: str
) -> None:
    real(bench, server, "good")
    bench.model = ScriptedModel(["The tower is 95 m high."])
    done = answer(bench.ask(asked, web_search="on", given=bench.documents(letter=LETTER)))
    assert [one.kind for one in done.citations] == ["web"]
    sent = unquote_plus(" ".join(server.asked)).casefold()
    assert "tower" in sent and not [secret for secret in SECRETS if secret in sent]


@pytest.mark.parametrize("asked", ["What does the letter say about the search on the web?", "Does this file say that Google was founded in 1998?", "What is the latest price in this document?"])  # fmt: skip
def test_a_question_about_the_web_stays_with_the_attached_document(bench: Bench, asked: str) -> None:
    bench.ask(asked, web_search="on", given=bench.documents(letter=LETTER))
    assert bench.web.asked == []


@pytest.mark.parametrize("asked", ["Search the web for it", "Search the web for what the letter says", "Look up online who buys them, please"])  # fmt: skip
def test_an_explicit_search_carries_no_word_of_the_attached_document(
    bench: Bench, server: SiteServer, asked: str
) -> None:
    real(bench, server, "good")
    bench.model = ScriptedModel(evil)
    past = PastTurn("What is in the letter about the tower?", LETTER, LETTER, "quoted")
    bench.ask(asked, web_search="on", given=bench.documents(letter=LETTER), history=(past,))
    sent = unquote_plus(" ".join(server.asked)).casefold()
    assert sent and not [secret for secret in SECRETS if secret in sent]


def test_a_search_that_is_off_is_said_and_the_document_answers(bench: Bench) -> None:
    bench.model = ScriptedModel(["14 March"])
    events = bench.ask(
        "Search the web for when the merger closes", web_search="off", given=bench.documents(letter=LETTER)
    )
    assert "Web search is off." in notices(events) and bench.web.asked == []
    assert [one.kind for one in answer(events).citations] == ["document"]
