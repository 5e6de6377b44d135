"""The real app in a real browser: ask, stream, stop, upload, cite, open the trace, restart, still there."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_real_ask import SAMPLE, model_file

from lottery_chat.settings import read_settings

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ROOT = Path(__file__).resolve().parent.parent
sync_api = pytest.importorskip("playwright.sync_api", reason="not run: playwright is not installed")
if not Path(CHROMIUM).exists():
    pytest.skip("not run: no chromium (apt-get install chromium)", allow_module_level=True)
expect = sync_api.expect


class Running:
    """The app as a person starts it, on a home and a port of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        env = {**os.environ, "LOTTERY_CHAT_HOME": str(self.home), "OLLAMA_HOST": "127.0.0.1:9"}
        env.pop("PYTHONPATH", None)
        command = [sys.executable, "app.py", "--no-browser", "--port", str(self.port)]
        self.child = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(self.url, timeout=2).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the page did not answer within 60 s")

    def end(self, how: int = signal.SIGINT) -> None:
        assert self.child is not None
        self.child.send_signal(how)
        self.child.wait(30)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from lottery_chat.memory.database import Database
    from lottery_chat.memory.options import StoredOptions

    model_file(read_settings().models)
    folder = tmp_path_factory.mktemp("home")
    database = Database(folder / "memory.sqlite")
    StoredOptions(database).change(model="qwen2.5-coder:0.5b", seconds=300)
    database.close()
    return folder


@pytest.fixture(scope="module")
def app(home: Path) -> Iterator[Running]:
    running = Running(home)
    running.start()
    yield running
    if running.child is not None and running.child.poll() is None:
        running.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, app: Running) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    gone: list[str] = []
    opened.on(
        "request",
        lambda request: gone.append(request.url) if not request.url.startswith((app.url, "data:", "blob:")) else None,
    )
    opened.goto(app.url)
    yield opened
    assert gone == [], "no request leaves the machine"
    context.close()


def send(page: Any, text: str) -> None:
    box = page.get_by_label("Your question")
    box.fill(text)
    box.press("Enter")


def test_a_calculation_answers_at_once_with_its_green_badge_and_its_trace(page: Any) -> None:
    send(page, "What is 17% of 2,340?")
    expect(page.locator(".answer-text")).to_contain_text("397.8", timeout=30_000)
    expect(page.locator(".badge.computed.checked")).to_be_visible()
    page.get_by_role("button", name="How?", exact=True).click()
    expect(page.locator("[role=treeitem]").first).to_be_visible()


def test_an_uploaded_file_is_read_quoted_and_opens_with_the_quote_marked(page: Any) -> None:
    page.set_input_files(".composer input[type=file]", str(SAMPLE))
    expect(page.locator(".file-chip").first).to_contain_text(SAMPLE.name, timeout=30_000)
    send(page, "When does the blue depot open?")
    expect(page.locator(".badge.quoted")).to_be_visible(timeout=240_000)
    page.locator(".citation").first.click()
    expect(page.locator("dialog mark")).to_contain_text("06:40", timeout=10_000)


def test_stop_ends_a_long_answer_and_its_text_stays(page: Any) -> None:
    send(page, "Write the names of 80 animals, one on each line.")
    expect(page.locator(".answer-text")).to_contain_text(re.compile(r"\w{3,}"), timeout=120_000)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator(".note").first).to_contain_text("Stopped", timeout=5_000)
    expect(page.locator(".answer-text")).to_contain_text(re.compile(r"\w{3,}"))


def test_after_kill_9_in_the_middle_of_an_answer_everything_confirmed_is_there(page: Any, app: Running) -> None:
    send(page, "Write the names of 90 plants, one on each line.")
    expect(page.locator(".answer-text")).to_contain_text(re.compile(r"\w{3,}"), timeout=120_000)
    app.end(signal.SIGKILL)
    app.start()
    page.goto(app.url)
    chats = page.get_by_role("navigation", name="Chats")
    chats.get_by_text("Write the names of 90 plants").first.click()
    expect(page.locator(".turn")).to_contain_text("The app ended while answering", timeout=30_000)
    chats.get_by_text("What is 17% of 2,340?").first.click()
    expect(page.locator(".answer-text")).to_contain_text("397.8", timeout=30_000)
    page.get_by_role("button", name="How?", exact=True).click()
    expect(page.locator("[role=treeitem]").first).to_be_visible()


def test_the_model_is_gone_with_the_app(app: Running) -> None:
    def children() -> list[str]:
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        return [line for line in listed.splitlines() if "embedded_child" in line and str(sys.executable) in line]

    before = len(children())
    app.end(signal.SIGKILL)
    until = time.monotonic() + 15
    while len(children()) >= max(before, 1) and time.monotonic() < until:
        time.sleep(0.2)
    assert len(children()) < max(before, 1)
