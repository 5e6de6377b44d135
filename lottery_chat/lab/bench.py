"""What our own code costs on top of model and embedder: every figure a ratio of two timings of one run.

`lottery-chat lab bench` (or `make bench`). The floor is the model's own prefill and decode speed and the
embedder's throughput; seconds are printed for orientation, ratios are what counts, because they hold on any machine.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lottery_chat.assembly import build, close, parts_of
from lottery_chat.events import Answered, ModelReturned, Started, TextDelta, ToolReturned
from lottery_chat.interface.app import App
from lottery_chat.messages import Message
from lottery_chat.models.protocol import ChatModel, Reply, Request
from lottery_chat.settings import Settings

#: Pairs of topics of about equal length: one goes through ask, the other to the bare server, so that neither
#: finds the other's prompt in the prefix cache. Which comes first changes from pair to pair.
TOPICS = (
    ("a walk in the rain", "a day in the snow"),
    ("an old red bicycle", "a new blue umbrella"),
    ("the smell of bread", "the sound of bells"),
    ("a train at midnight", "a boat in the morning"),
    ("my first garden", "my last summer"),
    ("a broken clock", "a wooden chair"),
)
QUESTIONS = (
    "What is 17% of 2,340?",
    "A baker packs 14 boxes with 12 rolls each and sells 90 rolls. How many rolls are left?",
    "All wugs are blue. Every blue thing is round. Dax is a wug. Is Dax round?",
    "Write two sentences about lighthouses.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `ratio` is value / floor where there is a floor."""

    name: str
    value: str
    floor: str
    ratio: float | None
    goal: str


def bench(settings: Settings, *, browser: bool = True, only: str = "all") -> Iterator[Row]:
    """Yield the rows one by one, each as soon as it is measured; `only` is all, answers or documents."""
    from lottery_chat.lab import bench_documents  # it takes Row from here

    if only == "all":
        yield _warm_start(settings, browser)
    with tempfile.TemporaryDirectory(prefix="lottery-chat-bench-") as folder:
        import dataclasses  # only here: a home of its own, so that a person's data is not touched

        app = build(dataclasses.replace(settings, home=Path(folder)))
        try:
            if only != "documents":
                yield from _answers(app)
            if only != "answers":
                yield from bench_documents.documents(app)
        finally:
            close(app)


# -- start -----------------------------------------------------------------------------------------------------


def _warm_start(settings: Settings, browser: bool) -> Row:
    """Seconds from the start of the process until the page's box takes text (second of two starts)."""
    times = [_start_once(settings, browser) for _ in range(2)]
    how = "box takes text" if browser and _chromium() else "page answers (no browser to look with)"
    return Row(f"warm start: {how}", f"{times[-1]:.1f} s", "", None, "<= 5 s idle")


def _start_once(settings: Settings, browser: bool) -> float:
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="lottery-chat-bench-") as folder:
        command = [sys.executable, "-m", "lottery_chat", "--home", folder, "serve", "--port", str(port), "--no-browser"]
        started = time.monotonic()
        child = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[2]
        )
        try:
            _until_answers(f"http://127.0.0.1:{port}/", 60.0)
            if browser and _chromium():
                _until_box(f"http://127.0.0.1:{port}/")
            return time.monotonic() - started
        finally:
            child.terminate()
            child.wait(20)


def _until_answers(url: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"{url} did not answer within {seconds:.0f} s")


def _until_box(url: str) -> None:
    from playwright.sync_api import sync_playwright  # of the tests' requirements; without it only HTTP is timed

    with sync_playwright() as play:
        page = play.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"]).new_page()
        page.goto(url)
        page.locator("textarea").first.fill("x", timeout=60_000)


def _chromium() -> str | None:
    import importlib.util  # asked only when a browser is wanted
    import shutil

    return (
        (shutil.which("chromium") or shutil.which("chromium-browser"))
        if importlib.util.find_spec("playwright")
        else None
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# -- answers ---------------------------------------------------------------------------------------------------


def _answers(app: App) -> Iterator[Row]:
    parts = parts_of(app)
    model = parts.models.started_hub().current("bench", threading.Event(), 1800.0)
    first_event: list[float] = []
    through_ask: list[float] = []
    bare: list[float] = []
    for number, (ours, theirs) in enumerate(TOPICS):
        steps: list[Callable[[], None]] = [
            lambda ours=ours: _timed_ask(app, f"Write one sentence about {ours}.", first_event, through_ask),  # type: ignore[misc]
            lambda theirs=theirs: bare.append(_bare(model, f"Write one sentence about {theirs}.")),  # type: ignore[misc]
        ]
        for step in steps if number % 2 else reversed(steps):
            step()
    mine, floor = statistics.median(through_ask), statistics.median(bare)
    yield Row("first event", f"{statistics.median(first_event) * 1000:.0f} ms", "", None, "<= 300 ms")
    yield Row("first token of free writing / bare server", f"{mine:.2f} s", f"{floor:.2f} s", mine / floor, "<= 1.3")
    wall, inside = _own_time(app)
    yield Row(
        "our own time outside model and tools",
        f"{wall - inside:.2f} s",
        f"{wall:.2f} s wall",
        (wall - inside) / wall,
        "<= 0.05",
    )


def _timed_ask(app: App, question: str, first_event: list[float], first_token: list[float]) -> None:
    started = time.monotonic()
    run = ""
    for event in app.chat.ask(question, web_search="off"):
        if isinstance(event, Started):
            run = event.run
            first_event.append(time.monotonic() - started)
        if isinstance(event, TextDelta) and event.text.strip():
            first_token.append(time.monotonic() - started)
            break
    app.chat.stop(run)


def _bare(model: ChatModel, question: str) -> float:
    from lottery_chat.planner.prompts import render  # the same system prompt, so that both prompts are alike

    request = Request((Message("system", render("chat_system")), Message("user", question)), max_tokens=8)
    started = time.monotonic()
    first = 0.0
    for item in model.stream(request, threading.Event()):
        if not isinstance(item, Reply) and not first:
            first = time.monotonic() - started
    return first


def _own_time(app: App) -> tuple[float, float]:
    """Wall seconds of whole answers, and the part of them spent in the model and in tools."""
    wall = inside = 0.0
    for question in QUESTIONS:
        for event in app.chat.ask(question, web_search="off"):
            if isinstance(event, ModelReturned | ToolReturned):
                inside += event.seconds
            elif isinstance(event, Answered):
                wall += event.seconds
    return wall, inside


def table(rows: list[Row]) -> str:
    """The rows as Markdown."""
    lines = ["| what | measured | floor | ratio | goal |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.name} | {row.value} | {row.floor} | {'' if row.ratio is None else f'{row.ratio:.2f}'} | {row.goal} |"
        for row in rows
    ]
    return "\n".join(lines)


def as_json(rows: list[Row]) -> str:
    """The rows as JSON."""
    return json.dumps(
        [
            {"name": row.name, "value": row.value, "floor": row.floor, "ratio": row.ratio, "goal": row.goal}
            for row in rows
        ],
        indent=1,
    )
