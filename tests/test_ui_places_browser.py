"""Memory, tools, data, panel and sheets of the page in a real browser with a complete app in memory."""

from __future__ import annotations

import re
import shutil
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_app import State, fake_app

from lottery_chat.interface.part import Part
from lottery_chat.ui.server import Server

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
pytestmark = pytest.mark.real
sync_api = pytest.importorskip("playwright.sync_api", reason="not run: playwright is not installed")
if not Path(CHROMIUM).exists():
    pytest.skip("not run: no chromium (apt-get install chromium)", allow_module_level=True)
expect = sync_api.expect


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser, tmp_path_factory.mktemp("homes")
        browser.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Server, State]]:
    state = State()
    server = Server(fake_app(tmp_path, state=state), port=0)
    server.start(120)
    urllib.request.urlopen(f"{server.url}config").close()
    yield server, state
    server.stop()


@pytest.fixture
def page(opened: tuple[Any, Path], served: tuple[Server, State]) -> Iterator[Any]:
    yield from shown(opened[0], served[0], 1280, 860)


@pytest.fixture
def phone(opened: tuple[Any, Path], served: tuple[Server, State]) -> Iterator[Any]:
    yield from shown(opened[0], served[0], 390, 844)


def shown(browser: Any, server: Server, width: int, height: int) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.set_default_timeout(15_000)
    problems: list[str] = []
    page.on("pageerror", lambda one: problems.append(str(one)))
    page.on("console", lambda one: problems.append(one.text) if "Content Security Policy" in one.text else None)
    page.expose_function("pwned", lambda: problems.append("pwned"))
    page.goto(server.url)
    page.wait_for_selector("#box")
    yield page
    assert problems == []
    context.close()


def ask(page: Any, question: str) -> Any:
    turns = page.locator(".turn").count()
    page.fill("#box", question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(turns + 1)
    turn = page.locator(".turn").last
    expect(turn.locator(".actions")).to_be_visible(timeout=20_000)
    return turn


def new_chat(page: Any) -> None:
    """Begin a conversation, and wait until the one before is gone: `ask` counts the turns that stand there."""
    page.get_by_role("link", name="New chat").click()
    expect(page.locator(".turn")).to_have_count(0)


def go(page: Any, place: str) -> None:
    page.goto(page.url.partition("#")[0] + f"#/{place}")


def test_memory_shows_what_is_remembered_from_where_and_forgets_it(page: Any) -> None:
    page.get_by_role("link", name="Memory").click()
    expect(page.locator(".kept-row")).to_have_count(3)
    expect(page.locator(".kept-row").nth(1)).to_contain_text("the key is under the third pot")
    expect(page.locator(".kept-row").nth(1)).to_contain_text("from “Garden”")
    page.get_by_role("button", name="Forget: the key is under the third pot").click()
    expect(page.locator(".kept-row")).to_have_count(2)
    page.reload()
    expect(page.locator(".kept-row")).to_have_count(2)
    expect(page.locator(".view")).not_to_contain_text("third pot")


def test_tools_of_other_programs_are_added_permitted_and_removed_in_the_settings(page: Any) -> None:
    go(page, "settings")
    page.get_by_role("button", name="Add tools…").click()
    page.fill("dialog [aria-label=Name]", "shop")
    page.fill("dialog [aria-label='Command or address']", "python broken.py")
    page.keyboard.press("Enter")
    expect(page.locator("dialog [role=alert]")).to_have_text("The server 'shop' ended before it answered. It was not added.")  # fmt: skip
    page.fill("dialog [aria-label='Command or address']", "python 'my server.py'")
    page.keyboard.press("Enter")
    expect(page.locator(".server")).to_contain_text("2 tools")
    expect(page.locator(".server code")).to_have_text("python my server.py")
    expect(page.locator(".tool").nth(1)).to_contain_text("<img src=x onerror=pwned()>")
    page.get_by_label("May shop.add be called?").select_option("never")
    expect(page.locator(".toast").last).to_contain_text("never call")
    page.reload()
    expect(page.get_by_label("May shop.add be called?")).to_have_value("never")
    page.get_by_role("button", name="Remove shop").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(".servers")).to_have_text("None added yet.")


def test_each_choice_of_the_settings_names_its_default(page: Any) -> None:
    go(page, "settings")
    choices = page.locator(".setting:has(.choices), .setting:has(.field.short), .setting:has(.model-row)")
    expect(choices).to_have_count(6)
    for number in range(6):
        expect(choices.nth(number).locator("> .quiet")).to_contain_text("Default: ")


def test_everything_is_exported_as_one_file_and_deleted_only_when_it_is_written_out(
    page: Any, served: tuple[Server, State], tmp_path: Path
) -> None:
    ask(page, "a letter about penguins")
    go(page, "settings")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Export everything").click()
    coming.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as whole:
        assert "penguins" in whole.read("chats.json").decode()
        assert "third pot" in whole.read("memory.json").decode()
    page.get_by_role("button", name="Delete everything…").click()
    page.fill("dialog input", "delete")
    page.keyboard.press("Enter")
    expect(page.locator("dialog [role=alert]")).to_contain_text("Nothing was deleted")
    assert len(served[1].conversations) == 1
    page.fill("dialog input", "delete everything")
    page.keyboard.press("Enter")
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator(".chat")).to_have_count(0)
    assert served[1].conversations == {}
    go(page, "memory")
    expect(page.locator(".empty-list")).to_have_count(2)


def test_an_edited_question_is_asked_again_and_the_first_stays(page: Any) -> None:
    turn = ask(page, "Which depot opens earlier?")
    turn.locator(".question").hover()
    turn.get_by_role("button", name="Edit and ask again").click()
    page.keyboard.press("Escape")
    expect(turn.get_by_role("button", name="Edit and ask again")).to_be_focused()
    page.keyboard.press("Enter")
    expect(turn.locator(".question-edit")).to_have_value("Which depot opens earlier?")
    turn.locator(".question-edit").fill("Which depot opens later?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".question").first).to_contain_text("earlier")
    expect(page.locator(".question").last).to_contain_text("later")
    expect(page.locator(".turn").first.locator(".answer-text")).to_contain_text("The blue depot")


def test_a_trace_is_played_again_from_its_first_step(page: Any) -> None:
    turn = ask(page, "Which depot opens earlier?")
    turn.get_by_role("button", name="How?", exact=True).last.click()
    expect(page.locator("[role=treeitem]")).to_have_count(6)
    page.get_by_role("button", name="Replay").click()
    expect(page.locator("[role=treeitem]")).not_to_have_count(6)
    expect(page.locator("[role=treeitem]")).to_have_count(6, timeout=10_000)


def test_each_tab_of_the_panel_begins_at_its_top_and_keeps_its_place(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 420})
    turn = ask(page, "Which depot opens earlier?")
    turn.get_by_role("button", name="How?", exact=True).last.click()
    for number in range(3):
        page.locator(".node-head").nth(number).click()
    scrolled = "document.querySelector('.trace-body').scrollTop"
    page.evaluate(f"{scrolled} = 150")
    page.click("#tab-Evidence")
    assert page.evaluate(scrolled) == 0
    page.click("#tab-Plan")
    assert page.evaluate(scrolled) == 150


def test_the_plan_ticks_only_what_was_confirmed_and_gives_tokens_their_unit(page: Any) -> None:
    turn = ask(page, "how many seats")
    turn.get_by_role("button", name="How?", exact=True).last.click()
    expect(page.locator(".check.unconfirmed")).to_have_text("not confirmed: the model alone; not checked")
    expect(page.locator(".check.passed")).to_have_count(0)
    new_chat(page)
    turn = ask(page, "Which depot opens earlier?")
    turn.get_by_role("button", name="How?", exact=True).last.click()
    expect(page.locator(".check.passed").first).to_have_text("quote found on p. 3")
    expect(page.locator(".node-cost").first).to_contain_text("1,298 tok")


def test_what_lies_under_a_sheet_cannot_be_reached_and_gets_the_focus_back(phone: Any) -> None:
    turn = ask(phone, "Which depot opens earlier?")
    how = turn.get_by_role("button", name="How?", exact=True).last
    how.click()
    expect(phone.get_by_role("button", name="Close the panel")).to_be_focused()
    for _ in range(40):
        phone.keyboard.press("Tab")
        assert not phone.evaluate("document.querySelector('.main').contains(document.activeElement)")
    phone.get_by_role("button", name="Close the panel").focus()
    phone.keyboard.press("Escape")
    expect(how).to_be_focused()
    phone.get_by_role("button", name="Chats").first.click()
    expect(phone.locator(".rail .icon-button[aria-label=Close]")).to_be_focused()


def test_an_opened_chat_shows_its_end_also_when_the_box_grows_after(page: Any) -> None:
    page.set_viewport_size({"width": 720, "height": 450})
    page.set_input_files(".composer input[type=file]", str(Path(__file__)))
    expect(page.locator(".file-chip.ready")).to_be_visible()
    ask(page, "write a letter")
    page.reload()
    expect(page.locator(".chips.kept .file-chip")).to_be_visible()
    expect(page.locator(".turn").last.locator(".actions")).to_be_in_viewport()


def test_a_formula_of_an_answer_is_drawn_and_one_that_is_not_known_stays_as_written(page: Any) -> None:
    turn = ask(page, r"echo:So \[ x = \frac{-b}{2a} \sqrt{9} \] and \( \unknown{x} \) for $5 and $6.")
    expect(turn.locator(".answer-text math.tex")).to_have_count(1)
    expect(turn.locator(".answer-text math mfrac")).to_have_count(1)
    expect(turn.locator(".answer-text math")).to_contain_text("√")
    expect(turn.locator(".answer-text")).to_contain_text("\\unknown{x}")
    expect(turn.locator(".answer-text")).to_contain_text("for $5 and $6.")


def test_the_lab_lists_what_was_measured_and_shows_its_tables(page: Any) -> None:
    page.get_by_role("link", name="Lab", exact=True).click()
    row = page.locator("a.document-title")
    expect(row).to_have_text("panel-20261123-001122")
    row.click()
    expect(page.locator(".report td").first).to_have_text("<img src=x onerror=pwned()>")
    expect(page.locator(".report td").nth(4)).to_have_text("50.0 (9.5 – 90.5)")
    page.get_by_role("link", name="Lab").first.click()
    expect(row).to_be_visible()
    go(page, "lab/nothing")
    expect(page.locator(".note.bad")).to_contain_text("There is no run 'nothing'")


def test_why_there_is_no_answer_is_said_once(page: Any) -> None:
    turn = ask(page, "please fail")
    expect(turn.locator("[role=alert]")).to_have_count(1)
    sentence = turn.locator("[role=alert]").inner_text()
    assert turn.inner_text().count(sentence) == 1
    expect(turn.get_by_role("button", name="Copy")).to_have_count(0)


def test_a_chip_without_a_model_stays_short_and_the_banner_says_why(opened: tuple[Any, Path], tmp_path: Path) -> None:
    why = "'small' needs 1.3 GB more, but only 10 MB are free. Free some space."
    app = fake_app(tmp_path, parts=lambda: (Part("model", "failed", why),))
    server = Server(replace(app, models=NoModels()), port=0)
    server.start(120)
    page = opened[0].new_page()
    page.goto(server.url)
    expect(page.locator(".model-name")).to_have_text("No model", timeout=15_000)
    expect(page.locator(".banner-line.bad")).to_have_text(why)
    page.close()
    server.stop()


class NoModels:
    """interface.Models of a machine without any."""

    def list(self) -> tuple[()]:
        return ()


def test_a_list_that_is_written_from_right_to_left_keeps_its_marks_inside(phone: Any) -> None:
    turn = ask(phone, "echo:- أول شيء\n- شيء ثان")
    assert turn.locator(".answer-text ul").evaluate("one => getComputedStyle(one).direction") == "rtl"
    item = turn.locator(".answer-text li").first.bounding_box()
    column = turn.locator(".answer-text").bounding_box()
    assert column["x"] + column["width"] - item["x"] - item["width"] > 20


def test_words_of_a_table_are_not_broken_the_table_scrolls(phone: Any) -> None:
    go(phone, "lab/panel-20261123-001122")
    cell = phone.locator(".report td").nth(1)
    expect(cell).to_have_text("planner")
    assert cell.evaluate("one => { const words = document.createRange(); words.selectNodeContents(one); return words.getClientRects().length }") == 1  # fmt: skip


#: Texts whose colour is too near to what is behind them (WCAG AA, 4.5 to 1; 3 to 1 where large).
PALE = r"""() => {
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); const d = pen.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255]; };
  const over = (a, b) => [...[0, 1, 2].map((i) => a[i] * a[3] + b[i] * (1 - a[3])), 1];
  const light = (c) => c.slice(0, 3).map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const up = (one) => { const all = []; for (let at = one; at; at = at.parentElement) all.unshift(getComputedStyle(at)); return all; };
  const out = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || one.closest(":disabled, .unseen") || one.getBoundingClientRect().width < 3) continue;
    const styles = up(one), behind = styles.reduce((under, style) => over(rgba(style.backgroundColor), under), [255, 255, 255, 1]);
    const ink = rgba(styles.at(-1).color);
    ink[3] *= styles.reduce((all, style) => all * parseFloat(style.opacity), 1);
    const [high, low] = [light(over(ink, behind)), light(behind)].sort((a, b) => b - a);
    if ((high + 0.05) / (low + 0.05) < (parseFloat(styles.at(-1).fontSize) >= 24 ? 3 : 4.5)) out.add(`${one.localName}.${one.className}: ${walk.currentNode.data.trim().slice(0, 40)}`);
  }
  return [...out];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(page: Any, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert page.evaluate(PALE) == []
    for question in ("Which depot opens earlier?", "What is 17 % of 2,340?", "how many seats", "fail"):
        turn = ask(page, question)
    page.locator(".turn").first.get_by_role("button", name="How?", exact=True).last.click()
    for number in range(4):
        page.locator(".node-head").nth(number).click()
    assert page.evaluate(PALE) == []
    for tab in ("Evidence", "Prompt"):
        page.click(f"#tab-{tab}")
        assert page.evaluate(PALE) == []
    turn.get_by_role("button", name="Retry").click()
    assert page.evaluate(PALE) == []
    for place in ("memory", "lab", "documents", "settings"):
        go(page, place)
        expect(page.locator(".view h1")).to_be_visible()
        assert page.evaluate(PALE) == []
    page.evaluate("document.querySelector('.view h1').style.cssText = 'color: #888; background: #777'")  # the control
    assert page.evaluate(PALE) == ["h1.: Settings"]


def test_an_export_without_room_is_told_as_a_sentence_and_work_that_cannot_go_on_says_why(
    page: Any, served: tuple[Server, State], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    go(page, "settings")
    page.get_by_role("button", name="Export everything").click()
    expect(page.locator(".toast.bad")).to_contain_text("only 1 MB are free")
    expect(page.locator(".banner-line.bad")).to_contain_text("Free some space", timeout=15_000)
    served[1].problem = "Nothing can be taken in: the disk is full. It goes on by itself when there is room."
    go(page, "documents")
    expect(page.locator(".work.bad")).to_contain_text("the disk is full")


def test_a_model_on_another_server_is_told_where_it_was_said_that_nothing_leaves(page: Any, served: tuple[Server, State]) -> None:  # fmt: skip
    expect(page.locator(".promise")).to_have_text("Runs on this computer; nothing leaves it, unless you allow a web search.")  # fmt: skip
    served[1].place = "openai"
    page.reload()
    expect(page.locator(".promise")).to_contain_text("go to the model's server", timeout=15_000)
    expect(page.locator(".model-where")).to_contain_text("another server")


def test_automatic_stands_first_without_made_up_facts_and_is_no_model_to_retry_with(page: Any) -> None:
    go(page, "settings")
    first = page.locator(".model-row").first
    expect(first).to_have_text(re.compile("^Automaticin force now: the best one that fits this computer$"))
    page.locator(".model-chip").click()
    expect(page.locator(".menu [role=menuitemradio]")).to_have_count(4)
    expect(page.locator(".menu [role=menuitemradio][aria-checked=true]")).to_contain_text("qwen2.5-coder:1.5b")
    page.keyboard.press("Tab")
    expect(page.locator(".menu")).to_have_count(0)
    new_chat(page)
    ask(page, "Which depot opens earlier?").get_by_role("button", name="Retry").click()
    expect(page.get_by_role("menuitem", name=re.compile("^With "))).to_have_text(["With qwen2.5-coder:0.5b491 MB"])


def test_a_trace_kept_before_checks_said_what_they_confirm_has_no_tick_for_an_unchecked_answer(page: Any) -> None:
    ticks = page.evaluate("""async () => {
      const { Trace } = await import("/page/static/trace.js");
      return [true, false].map((checked) => {
        const trace = new Trace(() => {});
        trace.take({ type: "node_opened", node: "n1", parent: null, kind: "model", title: "answer", at: 0 });
        trace.take({ type: "verified", node: "n1", check: "the nearest sentence", passed: true });
        trace.take({ type: "answered", check: "the nearest sentence", checked, tokens_in: 0, tokens_out: 0 });
        return trace.tree.querySelectorAll(".check.passed").length;
      });
    }""")
    assert ticks == [1, 0]


def test_who_waits_for_the_model_is_told_how_many_come_first(page: Any, served: tuple[Server, State]) -> None:
    served[1].before = 2
    page.fill("#box", "when does the museum open")
    page.keyboard.press("Enter")
    expect(page.locator(".progress-text")).to_have_text("In line: 2 answers before yours.", timeout=15_000)
    served[1].before = 0
    expect(page.locator(".progress-text")).to_have_text("Thinking…", timeout=15_000)
    page.get_by_role("button", name="Don't").click()
    expect(page.locator(".actions")).to_be_visible()
