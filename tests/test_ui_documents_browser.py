"""Documents in a real browser with a complete app in memory: adding, passages, what is found, collections, citations."""

from __future__ import annotations

import re
import shutil
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_app import State, fake_app
from test_ui_markdown import PAYLOADS

from lottery_chat.ui.server import Server

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SAMPLE = Path(__file__).resolve().parent.parent / "lottery_chat" / "ui" / "static" / "harbour-depots.pdf"
pytestmark = pytest.mark.real
sync_api = pytest.importorskip("playwright.sync_api", reason="not run: playwright is not installed")
if not Path(CHROMIUM).exists():
    pytest.skip("not run: no chromium (apt-get install chromium)", allow_module_level=True)
expect = sync_api.expect

#: Elements we never make of a document's text (the picture of a page is the only image), and attributes that run.
WALK = """() => [...document.querySelectorAll("#page *, dialog *")].flatMap((one) => [
  ...(/^(script|iframe|object|embed|base|meta|link|style|video|source|template|math)$/i.test(one.localName) ? [one.localName] : []),
  ...(one.localName === "img" && !one.closest(".paper") ? ["img"] : []),
  ...[...one.attributes].filter(({ name, value }) => /^on/i.test(name) || (/^(href|src|action)$/i.test(name) && /^\\s*(javascript|vbscript|data:text)/i.test(value))).map(({ name }) => name)])"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Server, State]]:
    state = State()
    server = Server(fake_app(tmp_path_factory.mktemp("home"), state=state), port=0)
    server.start(120)
    urllib.request.urlopen(f"{server.url}config").close()
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser, server, state
        browser.close()
    server.stop()


@pytest.fixture
def page(opened: tuple[Any, Server, State]) -> Iterator[Any]:
    browser, server, state = opened
    for kept in (state.documents, state.collections, state.used):
        kept.clear()
    app = fake_app(Path("unused"), state=state)
    app.documents.add(SAMPLE, "depots.pdf")
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    shown = context.new_page()
    shown.set_default_timeout(15_000)
    problems: list[str] = []
    shown.on("pageerror", lambda one: problems.append(str(one)))
    shown.on("console", lambda one: problems.append(one.text) if "Content Security Policy" in one.text else None)
    shown.goto(f"{server.url}#/documents")
    expect(shown.locator(".document")).to_have_count(1)
    yield shown
    assert problems == []
    context.close()


def test_a_document_is_shown_beside_its_passages_with_their_headings(page: Any) -> None:
    page.locator(".document-title").click()
    expect(page.locator(".chunk")).to_have_count(2)
    expect(page.locator(".chunk-head").first).to_have_text("Passage 1 · Depots › Hours")
    expect(page.locator(".paper img")).to_be_visible()
    page.get_by_role("button", name="Page after").click()
    expect(page.locator(".page-turn")).to_contain_text("page 2 of 8")
    expect(page.locator(".chunk-head").first).to_contain_text("Passage 3")
    page.get_by_role("link", name="Documents").first.click()
    expect(page.locator(".document")).to_have_count(1)


def test_what_would_be_found_shows_three_scores_and_what_the_model_would_read(page: Any) -> None:
    page.fill("[aria-label='What would be found for']", "when does it open")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict.clearly")).to_contain_text("0.81")
    expect(page.locator(".sentences")).to_contain_text("It opens at 06:40")
    first = page.locator(".find .passage").first
    expect(first.locator(".scores")).to_have_text(re.compile("both 0.86.*meaning 0.81.*words 0.74"))
    expect(first.locator("mark")).to_have_count(1)
    expect(page.locator(".find .passage").nth(2).locator(".scores")).to_contain_text("words –")
    page.fill("[aria-label='What would be found for']", "nothing")
    page.keyboard.press("Enter")
    expect(page.locator(".found")).to_have_text("Nothing would be found.")


def test_a_collection_is_made_filled_and_switched_off_for_one_chat(
    page: Any, opened: tuple[Any, Server, State]
) -> None:
    state = opened[2]
    page.get_by_role("button", name="More about depots.pdf").click()
    page.get_by_role("menuitem", name="Collections…").click()
    page.get_by_role("button", name="New collection with it").click()
    page.fill("dialog input", "<b>Con</b>tracts")
    page.keyboard.press("Enter")
    expect(page.locator(".tags .tag")).to_have_text("<b>Con</b>tracts")
    page.goto(page.url.partition("#")[0] + "#/new")
    page.locator(".scope").click()
    page.get_by_label("<b>Con</b>tracts").uncheck()
    expect(page.locator(".scope")).to_have_text("Searching in: other files")
    assert list(state.used.values()) == [("default",)]
    page.keyboard.press("Escape")
    page.fill("#box", "Which depot opens earlier?")
    page.keyboard.press("Enter")
    expect(page.locator(".actions")).to_be_visible()
    assert list(state.runs.values())[-1].conversation in state.used  # the choice belongs to the chat that was asked
    page.reload()
    expect(page.locator(".scope")).to_have_text("Searching in: other files")
    page.goto(page.url.partition("#")[0] + "#/new")
    expect(page.locator(".scope")).to_have_text("Searching in: all documents")


def test_a_file_put_into_the_box_belongs_to_that_chat_alone(page: Any, opened: tuple[Any, Server, State]) -> None:
    page.goto(page.url.partition("#")[0] + "#/new")
    page.set_input_files(".composer input[type=file]", str(SAMPLE))
    expect(page.locator(".file-chip.ready")).to_have_count(1)
    page.fill("#box", "When does the depot open?")
    page.keyboard.press("Enter")
    expect(page.locator(".actions")).to_be_visible()
    expect(page.locator(".chips.kept")).to_contain_text("Only in this chat:harbour-depots.pdf")
    page.goto(page.url.partition("#")[0] + "#/documents")
    expect(page.locator(".document", has_text="harbour-depots.pdf").locator(".tag")).to_have_text("only in its chat")
    page.goto(page.url.partition("#")[0] + "#/new")
    expect(page.locator(".chips.kept")).to_be_hidden()


def test_a_citation_opens_the_picture_with_its_lines_marked_and_the_text_by_keyboard(page: Any) -> None:
    page.goto(page.url.partition("#")[0] + "#/new")
    page.fill("#box", "Which depot opens earlier?")
    page.keyboard.press("Enter")
    expect(page.locator(".answer-text .cite")).to_have_count(2)
    page.locator(".answer-text .cite").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog .paper img")).to_be_visible()
    box, paper = page.locator("dialog .quote-box").bounding_box(), page.locator("dialog .paper").bounding_box()
    assert abs((box["x"] - paper["x"]) / paper["width"] - 0.1) < 0.01
    page.get_by_role("button", name="Text", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog mark")).to_be_visible()
    expect(page.locator("dialog mark")).to_have_text("It opens at 06:40 on working days")


def test_an_address_is_added_and_a_private_one_is_refused_in_the_sheet(page: Any) -> None:
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("menuitem", name="A web page or PDF").click()
    page.fill("dialog input", "http://127.0.0.1/")
    page.keyboard.press("Enter")
    expect(page.locator("dialog [role=alert]")).to_contain_text("private")
    page.fill("dialog input", "https://a.example/tides")
    page.keyboard.press("Enter")
    expect(page.locator(".document-title").last).to_have_text("a.example/tides")


def test_files_dropped_on_the_tab_are_kept_and_do_not_go_into_the_box(page: Any) -> None:
    page.evaluate("""() => { const data = new DataTransfer(); data.items.add(new File(["a,b"], "table.csv", {type: "text/csv"}));
        for (const kind of ["dragenter", "dragover", "drop"]) document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true})); }""")
    expect(page.locator(".document-title").last).to_have_text("table.csv")
    assert page.locator(".composer .file-chip").count() == 0


def test_taking_in_is_paused_and_goes_on(page: Any, opened: tuple[Any, Server, State]) -> None:
    page.get_by_role("button", name="More about all documents").click()
    page.get_by_role("menuitem", name="Pause taking in").click()
    page.locator(".work").get_by_role("button", name="Go on").click()
    expect(page.locator(".work")).to_be_hidden()
    assert opened[2].paused is False


def test_everything_is_exported_as_one_file_and_taken_in_again(page: Any, tmp_path: Path) -> None:
    page.get_by_role("button", name="More about all documents").click()
    with page.expect_download() as begun:
        page.get_by_role("menuitem", name="Export everything").click()
    path = tmp_path / begun.value.suggested_filename
    begun.value.save_as(path)
    assert re.fullmatch(r"lottery-chat-documents-\d{4}-\d\d-\d\d\.zip", path.name) and path.read_text() == "depots.pdf"
    path.write_text("depots.pdf\ntides.txt\n<img src=x onerror=alert(1)>")
    page.locator("input[type=file][accept*=zip]").set_input_files(path)
    expect(page.locator("dialog")).to_contain_text("1 new, 1 there already, 1 refused")
    expect(page.locator("dialog")).to_contain_text("its hash does not fit")
    assert page.evaluate(WALK) == []
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".document-title").last).to_have_text("tides.txt")


def test_a_check_says_that_all_is_well_or_what_was_found(page: Any, opened: tuple[Any, Server, State]) -> None:
    def check() -> None:
        page.get_by_role("button", name="More about all documents").click()
        page.get_by_role("menuitem", name="Check the documents").click()

    check()
    expect(page.locator(".toast").last).to_contain_text("as it should be")
    (known,) = opened[2].documents
    opened[2].documents[known] = replace(opened[2].documents[known], state="failed", title="<b>torn</b>.pdf")
    check()
    expect(page.locator("dialog")).to_contain_text("<b>torn</b>.pdf")
    assert page.evaluate(WALK) == []


@pytest.mark.parametrize("number", range(0, len(PAYLOADS), 9))
def test_hostile_passages_headings_and_sentences_are_only_text(page: Any, number: int) -> None:
    page.fill("[aria-label='What would be found for']", f"echo:{PAYLOADS[number]} SENTINEL".replace("\n", " ")[:900])
    page.keyboard.press("Enter")
    expect(page.locator(".found .passage").first).to_contain_text("SENTINEL")
    assert page.evaluate(WALK) == []


def test_the_walk_would_see_an_injected_element(page: Any) -> None:
    page.evaluate(
        "document.querySelector('.find').insertAdjacentHTML('beforeend', '<img alt=x><a href=\"javascript:1\">x</a>')"
    )
    assert sorted(page.evaluate(WALK)) == ["href", "img"]
