"""Runs as pages follow them, and answers as plain text."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fake_app import State, fake_app

from lottery_chat.errors import LotteryChatError, NotFound
from lottery_chat.events import Answered, Citation, TextDelta, TextReplaced
from lottery_chat.ui.live import KEPT, LiveRuns
from lottery_chat.ui.plain import as_text, badge


def read(live: LiveRuns, run: str) -> list[str]:
    got: list[str] = []
    while True:
        page = live.after(run, len(got), 1.0)
        if page["done"] and not page["events"]:
            return got
        got += [one["type"] for one in page["events"]]


def test_seven_pages_that_follow_one_run_read_the_same_events(home: Path) -> None:
    live = LiveRuns(fake_app(home))
    run = live.begin(question="Which depot opens earlier?").run
    seen: list[list[str]] = []
    pages = [threading.Thread(target=lambda: seen.append(read(live, run))) for _ in range(7)]
    for page in pages:
        page.start()
    for page in pages:
        page.join(20)
    assert len(seen) == 7 and all(one == seen[0] for one in seen) and seen[0][-1] == "answered"


def test_a_page_that_comes_back_goes_on_where_it_was(home: Path) -> None:
    live = LiveRuns(fake_app(home))
    run = live.begin(question="write a letter").run
    first = live.after(run, 0, 1.0)
    rest = read(live, run)
    again = live.after(run, first["next"], 0)
    assert [one["type"] for one in first["events"]] + [one["type"] for one in again["events"]] == rest


def test_a_running_run_is_followed_again_by_a_server_that_did_not_begin_it(home: Path) -> None:
    state = State()
    run = LiveRuns(fake_app(home, state=state)).begin(question="write a letter").run
    assert read(LiveRuns(fake_app(home, state=state)), run)[-1] == "answered"


def test_a_run_that_does_not_exist_is_said(home: Path) -> None:
    with pytest.raises(NotFound, match="'none'"):
        LiveRuns(fake_app(home)).after("none", 0, 0)


def test_a_question_that_is_refused_says_why(home: Path) -> None:
    with pytest.raises(LotteryChatError, match="'gone'"):
        LiveRuns(fake_app(home)).begin(question="hi", conversation="gone")


def test_finished_runs_do_not_pile_up(home: Path) -> None:
    live = LiveRuns(fake_app(home))
    runs = [live.begin(question="17 % of 3").run for _ in range(KEPT + 5)]
    for run in runs:
        read(live, run)
    live.begin(question="17 % of 3")
    assert len(live._runs) <= KEPT + 1
    assert read(live, runs[0])[-1] == "answered"  # from the journal


def test_an_answer_in_plain_text_carries_its_badge_sources_and_notices() -> None:
    cited = Citation("document", "a.pdf", 3, "", "", "opens  at\n7")
    answered = Answered(
        "answered", "7", "At 7.", "quoted", True, "the quote has it", (cited,), notices=("p. 9 was left out",)
    )
    assert (
        as_text(answered, "")
        == "At 7.\n[Quoted, checked: the quote has it]\n1. a.pdf, p. 3: “opens at 7”\np. 9 was left out"
    )


def test_text_grows_and_is_replaced() -> None:
    assert as_text(TextReplaced("new"), as_text(TextDelta("b"), "a")) == "new"
    assert as_text(TextDelta("b"), "a") == "ab"


def test_free_writing_carries_no_badge_and_an_unchecked_answer_no_tick() -> None:
    assert badge(Answered("answered", None, "x", "model", False, "", free_writing=True)) == ""
    assert (
        badge(Answered("answered", "3", "3", "computed", False, "not cross-checked")) == "[Computed] not cross-checked"
    )
