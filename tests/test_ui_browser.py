"""The page in a real browser with a complete app in memory: ask, stop, upload, cite, trace, reload, hostile text."""

from __future__ import annotations

import re
import shutil
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_app import State, downloading, fake_app
from test_ui_markdown import PAYLOADS

from lottery_chat.ui.server import Server

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SAMPLE = Path(__file__).resolve().parent.parent / "lottery_chat" / "ui" / "static" / "harbour-depots.pdf"
pytestmark = pytest.mark.real
sync_api = pytest.importorskip("playwright.sync_api", reason="not run: playwright is not installed")
if not Path(CHROMIUM).exists():
    pytest.skip("not run: no chromium (apt-get install chromium)", allow_module_level=True)
expect = sync_api.expect

#: What hostile text would have left in the page: elements we never make, event attributes, addresses that run.
WALK = """() => {
  const bad = [];
  for (const one of document.querySelectorAll("body *")) {
    if (/^(script|iframe|object|embed|base|meta|link|style|img|video|source|svg:image|template|math)$/i.test(one.localName) && one.closest("#page") && !one.matches("math.tex")) bad.push(one.localName);
    for (const { name, value } of one.attributes) {
      if (/^on/i.test(name)) bad.push(name);
      if (/^(href|src|action|formaction|poster|srcset|ping|background)$/i.test(name) && /^\\s*(javascript|data|vbscript):/i.test(value)) bad.push(value);
    }
  }
  return bad;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def state() -> State:
    return State()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, state: State) -> Iterator[Server]:
    running = Server(fake_app(tmp_path_factory.mktemp("home"), state=state), port=0)
    running.start()
    urllib.request.urlopen(f"{running.url}config").close()  # Gradio is there: what follows is not its import
    yield running
    running.stop()


class Seen:
    """What a page did that it should not."""

    def __init__(self, page: Any, origin: str) -> None:
        self.problems: list[str] = []
        page.on(
            "request",
            lambda one: None if one.url.startswith((origin, "blob:", "data:")) else self.problems.append(one.url),
        )
        page.on("dialog", lambda one: (self.problems.append(f"dialog {one.message}"), one.dismiss()))
        page.on("pageerror", lambda one: self.problems.append(f"error {one}"))
        page.on(
            "console", lambda one: self.problems.append(one.text) if "Content Security Policy" in one.text else None
        )
        page.expose_function("pwned", lambda: self.problems.append("pwned"))


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    opened = context.new_page()
    opened.seen = Seen(opened, server.url)
    opened.goto(server.url)
    yield opened
    assert opened.seen.problems == []
    context.close()


def ask(page: Any, question: str, wait: bool = True) -> None:
    turns = page.locator(".turn").count()
    page.fill("#box", question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(turns + 1)
    if wait:
        expect(page.locator(".turn").last.locator(".actions")).to_be_visible(timeout=20_000)


def test_a_question_streams_and_ends_with_how_it_is_known(page: Any) -> None:
    ask(page, "Which of the two depots opens earlier?", wait=False)
    expect(page.locator(".progress-text")).to_contain_text("Looking in")
    expect(page.locator(".best blockquote")).to_contain_text("06:40")
    expect(page.locator(".badge.quoted.checked")).to_contain_text("checked: both quotes stand in the document")
    expect(page.locator(".answer-text")).to_contain_text("The blue depot, at 06:40")
    expect(page.locator(".progress")).to_be_hidden()


def test_free_writing_carries_no_badge_and_an_unchecked_answer_no_tick(page: Any) -> None:
    ask(page, "write a letter")
    expect(page.locator(".badge")).to_have_count(0)
    ask(page, "how many seats")
    expect(page.locator(".badge.model")).to_have_count(1)
    expect(page.locator(".badge.checked")).to_have_count(0)
    expect(page.get_by_role("button", name="Continue")).to_be_visible()


def test_stop_is_where_send_was_and_works_within_a_second(page: Any) -> None:
    send = page.locator(".send").bounding_box()
    ask(page, "be slow", wait=False)
    expect(page.locator(".answer-text")).to_contain_text("word5")
    stop = page.get_by_role("button", name="Stop", exact=True)
    assert stop.bounding_box() == send
    since = time.monotonic()
    stop.click()
    expect(page.locator(".note")).to_have_text("Stopped. What was written so far is kept.")
    assert time.monotonic() - since < 4.0
    expect(page.locator(".answer-text")).to_contain_text("word5")


def test_a_file_is_uploaded_into_the_box_and_asked_about(page: Any, state: State) -> None:
    page.set_input_files(".composer input[type=file]", str(SAMPLE))
    expect(page.locator(".file-chip.ready")).to_contain_text("harbour-depots.pdf")
    ask(page, "When does the depot open?")
    expect(page.locator(".question .file-chip")).to_contain_text("harbour-depots.pdf")
    assert list(state.runs.values())[-1].attachments


def test_a_file_can_be_dropped_anywhere(page: Any) -> None:
    page.evaluate("""() => { const data = new DataTransfer(); data.items.add(new File(["a,b"], "table.csv", {type: "text/csv"}));
        for (const kind of ["dragenter", "dragover", "drop"]) document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true})); }""")
    expect(page.locator(".file-chip.ready")).to_contain_text("table.csv")


def test_a_citation_opens_the_page_with_the_quote_marked(page: Any) -> None:
    ask(page, "Which depot opens earlier?")
    page.locator(".citation").first.click()
    expect(page.locator("dialog mark")).to_have_text("It opens at 06:40 on working days")
    page.get_by_role("button", name="Page after").click()
    expect(page.locator(".page-turn")).to_contain_text("page 4 of 8")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_opened_nodes_of_the_trace_stay_open_while_it_grows(page: Any) -> None:
    ask(page, "Which depot opens earlier?")
    page.click("[aria-label='How answers come about']")
    page.reload()
    expect(page.locator(".turn .actions")).to_be_visible()
    ask(page, "Which depot opens earlier?", wait=False)
    node = page.locator("[role=treeitem]").nth(1)
    node.locator(".node-head").click()
    expect(node).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".turn").last.locator(".actions")).to_be_visible(timeout=20_000)
    expect(node).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[role=treeitem]")).to_have_count(6)
    expect(page.locator(".node.failed .node-title")).to_have_css("text-decoration-line", "line-through")
    node.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=treeitem]:focus")).to_contain_text("red depot")


def test_a_reload_in_the_middle_loses_nothing(page: Any) -> None:
    ask(page, "write a letter", wait=False)
    expect(page).to_have_url(re.compile("#/c/"))
    page.reload()
    expect(page.locator(".actions")).to_be_visible(timeout=20_000)
    expect(page.locator(".answer-text")).to_contain_text("Kind regards")


def test_after_a_restart_the_conversation_and_its_trace_are_still_there(browser: Any, tmp_path: Path) -> None:
    state = State()
    first = Server(fake_app(tmp_path, state=state), port=0)
    first.start()
    page = browser.new_context().new_page()
    page.goto(first.url)
    ask(page, "What is 17 % of 2,340?")
    where = page.url.partition("#")[2]
    first.stop()
    second = Server(fake_app(tmp_path, state=state), port=0)
    second.start()
    page.goto(f"{second.url}#{where}")
    expect(page.locator(".badge.computed.checked")).to_be_visible()
    page.get_by_role("button", name="How?", exact=True).click()
    expect(page.locator("[role=treeitem]")).to_have_count(3)
    page.close()
    second.stop()


def test_a_page_whose_chat_is_started_again_in_the_middle_of_an_answer_shows_the_whole_answer(
    browser: Any, tmp_path: Path
) -> None:
    state = State()
    first = Server(fake_app(tmp_path, state=state), port=0)
    first.start()
    context = browser.new_context()
    page = context.new_page()
    page.goto(first.url)
    ask(page, "write a letter", wait=False)
    expect(page.locator(".answer-text")).to_contain_text("Dear")
    first.stop()
    second = Server(fake_app(tmp_path, state=state), port=first.port)
    second.start()
    expect(page.locator(".actions")).to_be_visible(timeout=20_000)
    expect(page.locator(".answer-text")).to_contain_text("Kind regards")
    expect(page.locator(".turn")).to_have_count(1)
    context.close()
    second.stop()


def test_what_would_leave_is_shown_can_be_edited_and_refused(page: Any, state: State) -> None:
    ask(page, "when does the museum open", wait=False)
    box = page.locator(".permission textarea")
    expect(box).to_have_value("opening hours harbour museum 2026")
    box.fill("museum hours")
    page.get_by_role("button", name="Allow").click()
    expect(page.locator(".answer-text")).to_contain_text("searched for: museum hours")
    ask(page, "when does the museum open", wait=False)
    page.get_by_role("button", name="Don't").click()
    expect(page.locator(".turn").last.locator(".answer-text")).to_contain_text("nothing was searched")


def hostile(number: int) -> str:
    return f"echo:{PAYLOADS[number]}\n\nSENTINEL{number}"


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 15))
def test_hostile_text_is_shown_and_never_run_in_answer_question_title_citation_and_trace(
    page: Any, state: State, start: int
) -> None:
    page.click("[aria-label='How answers come about']")
    for number in range(start, min(start + 15, len(PAYLOADS))):
        ask(page, hostile(number))
        turn = page.locator(".turn").last
        for sink in (".answer-text", ".question", ".citation-quote", ".badge-check"):
            expect(turn.locator(sink).first).to_contain_text(f"SENTINEL{number}")
        expect(page.locator(".tree")).to_contain_text(f"SENTINEL{number}")
    assert page.evaluate(WALK) == []
    for tab in ("Evidence", "Prompt"):
        page.click(f"#tab-{tab}")
        assert page.evaluate(WALK) == []
    page.reload()
    expect(page.locator(".turn").last.locator(".answer-text")).to_contain_text("SENTINEL")
    page.locator(".turn").last.locator(".citation").first.click()
    expect(page.locator("dialog")).to_be_visible()
    assert page.evaluate(WALK) == []


def test_the_walk_would_see_an_injected_element(page: Any) -> None:
    page.evaluate(
        "document.getElementById('page').insertAdjacentHTML('beforeend', '<a href=\"javascript:1\">x</a><img alt=x>')"
    )
    assert sorted(page.evaluate(WALK)) == ["img", "javascript:1"]


def test_a_hostile_file_name_is_only_text(page: Any, tmp_path: Path) -> None:
    evil = tmp_path / "<img src=x onerror=pwned()>.txt"
    evil.write_text("x")
    page.set_input_files(".composer input[type=file]", str(evil))
    expect(page.locator(".file-chip.ready")).to_contain_text("<img src=x onerror=pwned()>.txt")
    page.goto(page.url.partition("#")[0] + "#/documents")
    expect(page.locator(".document-title").last).to_contain_text("onerror")
    assert page.evaluate(WALK) == []


def test_seven_windows_load_in_three_seconds_and_all_can_ask_at_once(browser: Any, server: Server) -> None:
    context = browser.new_context()
    since = time.monotonic()
    pages = [context.new_page() for _ in range(7)]
    for page in pages:
        page.goto(server.url, wait_until="commit")
    for page in pages:
        expect(page.locator("#box")).to_be_editable()
    assert time.monotonic() - since < 3.0 * 2  # two cores, shared with other work
    for page in pages:
        page.fill("#box", "be slow")
        page.keyboard.press("Enter")
    for page in pages:
        expect(page.locator(".answer-text")).to_contain_text("word3", timeout=10_000)
    for page in pages:
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.locator(".note")).to_contain_text("Stopped")
    context.close()


def test_documents_show_their_state_and_can_be_searched_and_removed(page: Any, state: State) -> None:
    page.goto(page.url.partition("#")[0] + "#/documents")
    expect(page.locator(".document")).to_have_count(len(state.documents))
    before = len(state.documents)
    page.locator(".view input[type=file]").first.set_input_files(str(SAMPLE))
    expect(page.locator(".document")).to_have_count(before + 1)
    row = page.locator(".document").last
    expect(row.locator(".state")).to_have_text("ready", timeout=8000)
    page.fill("[aria-label='What would be found for']", "when")
    page.keyboard.press("Enter")
    expect(page.locator(".found .passage").first).to_contain_text("06:40")
    row.get_by_role("button", name=re.compile("^More about ")).click()
    page.get_by_role("menuitem", name="Remove").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(".document")).to_have_count(before)


def test_keys_focus_search_and_stop(page: Any) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    expect(page.locator("#box")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("[aria-label='Search chats (Ctrl+K)']")).to_be_focused()
    ask(page, "be slow", wait=False)
    expect(page.locator(".answer-text")).to_contain_text("word2")
    page.keyboard.press("Escape")
    expect(page.locator(".note")).to_contain_text("Stopped")


def test_chats_are_searched_renamed_and_deleted(page: Any) -> None:
    ask(page, "a letter about penguins")
    page.fill("[aria-label='Search chats (Ctrl+K)']", "penguins")
    expect(page.locator(".chat")).to_have_count(1)
    page.get_by_role("button", name="More about a letter about penguins").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.fill("dialog input", "<b>Ice</b> penguins")
    page.keyboard.press("Enter")
    expect(page.locator(".chat a")).to_have_text("<b>Ice</b> penguins")
    page.locator(".chat .icon-button").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".chat")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()


@pytest.mark.parametrize("width", [360, 900, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows_at_any_width(browser: Any, server: Server, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 760}, color_scheme=scheme)
    page = context.new_page()
    page.goto(server.url)
    ask(page, "Which depot opens earlier? " + "word" * 60)
    assert page.evaluate(
        "document.documentElement.scrollWidth <= innerWidth && document.querySelector('.scroll').scrollWidth <= document.querySelector('.scroll').clientWidth"
    )
    if width < 900:
        page.get_by_role("button", name="Chats").first.click()
        expect(page.locator(".rail.open")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".rail.open")).to_have_count(0)
    context.close()


def test_the_download_of_the_model_is_shown_as_a_bar_with_time_left(browser: Any, tmp_path: Path) -> None:
    server = Server(fake_app(tmp_path, parts=downloading()), port=0)
    server.start()
    page = browser.new_context().new_page()
    page.goto(server.url)
    expect(page.locator(".banner")).to_contain_text("of 1.1 GB")
    expect(page.locator(".banner [role=progressbar]")).to_be_visible()
    page.close()
    server.stop()


def test_the_plain_page_answers_too(browser: Any, server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    seen = Seen(page, server.url)
    page.goto(f"{server.url}plain")
    page.get_by_label("Question").fill("What is 17 % of 2,340?")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Answer")).to_have_value(re.compile("456.3"), timeout=15_000)
    assert seen.problems == []
    context.close()
