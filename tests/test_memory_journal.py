"""The journal: what was kept is kept, in order, through kill -9, a second process and a full disk."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from lottery_chat import events as happened
from lottery_chat.errors import MemoryFailed, NotFound
from lottery_chat.memory import journal as journal_module
from lottery_chat.memory.conversations import StoredConversations
from lottery_chat.memory.database import Database
from lottery_chat.memory.journal import CUT_OFF, Journal, title_of

WRITER = Path(__file__).with_name("memory_writer.py")


class Memory:
    """A home's memory, opened."""

    def __init__(self, home: Path) -> None:
        self.database = Database(home / "memory.sqlite")
        self.journal = Journal(self.database)
        self.chats = StoredConversations(self.database, self.journal)

    def begin(self, run: str = "r1", question: str = "What is 2+2?") -> str:
        conversation = self.chats.create()
        self.journal.begin(run, conversation, question, model="m", mode="auto", settings={"seed": 3})
        return conversation

    def close(self) -> None:
        self.journal.close()
        self.database.close()


@pytest.fixture
def memory(home: Path) -> Iterator[Memory]:
    opened = Memory(home)
    yield opened
    opened.close()


def answered(text: str = "4", **more: object) -> happened.Answered:
    values: dict[str, object] = {
        "status": "answered",
        "answer": "4",
        "text": text,
        "known": "computed",
        "checked": True,
    }
    return happened.Answered(**{**values, "check": "2+2 read by code", "calls": 2, "seconds": 1.5, **more})  # type: ignore[arg-type]


@contextmanager
def writer(home: Path, run: str, *more: str) -> Iterator[subprocess.Popen[str]]:
    """The writer and whatever it forked are gone at the end, so that one failing test stays one."""
    with subprocess.Popen(
        [sys.executable, str(WRITER), str(home), run, *more],
        env={**os.environ, "PYTHONPATH": str(WRITER.parent.parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as started:
        try:
            yield started
        finally:
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL) if hasattr(os, "killpg") else started.kill()


def wait_for(condition: object, seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:  # type: ignore[operator]
        time.sleep(0.01)
    return bool(condition())  # type: ignore[operator]


EVERY_KIND: tuple[happened.Event, ...] = (
    happened.Started("r1", "c", "What is 2+2?", "m", "auto"),
    happened.Progress("Thinking"),
    happened.NodeOpened("n1", None, "divide", "What is 2+2?"),
    happened.ModelCalled(
        "n1",
        "write",
        (happened.PromptMessage("user", "O'Brien \x00 \ud800 ü"),),
        (happened.LedgerLine("system", 5),),
        4096,
        100,
    ),
    happened.ModelReturned("n1", "four", "", 5, 7, 0.1, 0.2, "stop", -0.5),
    happened.ToolCalled("n1", "calculator", "2+2"),
    happened.ToolReturned("n1", "calculator", "4", "", 0.1),
    happened.PassagesFound("n1", "q", (happened.FoundPassage("p", "d", "t", 3, "words", 0.5),)),
    happened.PermissionAsked("q1", "n1", "web", "words"),
    happened.Verified("n1", "by code", True),
    happened.TextReplaced("4"),
    happened.Notice("One thing was left out."),
    happened.NodeClosed("n1", "done", "4", 0.3),
)


def test_every_kind_of_event_comes_back_as_it_was(memory: Memory) -> None:
    memory.begin()
    for number, event in enumerate(EVERY_KIND):
        memory.journal.record("r1", number / 10, event)
    memory.journal.finish("r1", answered())
    assert memory.journal.events("r1") == (*((n / 10, e) for n, e in enumerate(EVERY_KIND)), (1.5, answered()))
    assert {type(event) for event in EVERY_KIND} | {happened.TextDelta, happened.Answered} == set(
        happened.KINDS.values()
    )


def test_the_question_is_on_disk_when_begin_returns(memory: Memory, home: Path) -> None:
    conversation = memory.begin(question="Is it kept?")
    other = Database(home / "memory.sqlite")
    rows = other.rows("SELECT question, conversation, status FROM runs")
    other.close()
    assert rows == [{"question": "Is it kept?", "conversation": conversation, "status": ""}]


def test_pieces_of_text_are_joined_and_keep_their_place_among_the_events(memory: Memory) -> None:
    memory.begin()
    verified = happened.Verified("n1", "check", False)
    for seconds, event in (
        (0.1, happened.TextDelta("Hel")),
        (0.2, happened.TextDelta("lo")),
        (0.3, verified),
        (0.4, happened.TextReplaced("Good")),
        (0.5, happened.TextDelta(" day")),
    ):
        memory.journal.record("r1", seconds, event)
    assert memory.journal.text("r1") == "Good day"
    assert memory.journal.events("r1") == (
        (0.1, happened.TextDelta("Hello")),
        (0.3, verified),
        (0.4, happened.TextReplaced("Good")),
        (0.5, happened.TextDelta(" day")),
    )


def test_text_reaches_the_disk_in_time_though_nothing_more_comes(
    memory: Memory, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "EVERY", 0.2)
    memory.begin()
    other = Database(home / "memory.sqlite")
    memory.journal.record("r1", 0.1, happened.TextDelta("alone"))
    assert other.rows("SELECT * FROM events") == []  # negative control: not committed piece by piece
    assert wait_for(lambda: other.rows("SELECT * FROM events"))
    assert json.loads(other.rows("SELECT body FROM events")[0]["body"]) == {"text": "alone"}
    other.close()


def test_the_last_event_ends_the_run_once(memory: Memory) -> None:
    conversation = memory.begin()
    memory.journal.record("r1", 1.5, answered())
    memory.journal.finish("r1", answered("something else", status="stopped"))
    memory.journal.record("r1", 2.0, happened.Notice("too late"))
    memory.journal.record("r1", 2.0, happened.TextDelta("too late"))
    assert memory.journal.events("r1") == ((1.5, answered()),)
    (turn,) = memory.chats.turns(conversation)
    assert (turn.text, turn.answered, turn.running) == ("4", answered(), False)


def test_a_turn_that_goes_on_shows_the_text_it_has(memory: Memory) -> None:
    conversation = memory.begin()
    memory.journal.record("r1", 0.1, happened.TextDelta("So far"))
    (turn,) = memory.chats.turns(conversation)
    assert (turn.text, turn.answered, turn.running) == ("So far", None, True)


def test_a_run_whose_conversation_was_deleted_is_not_kept_and_breaks_nothing(memory: Memory) -> None:
    conversation = memory.begin()
    memory.journal.record("r1", 0.1, happened.TextDelta("So far"))
    memory.chats.delete(conversation)
    memory.journal.record("r1", 0.2, happened.Progress("still here"))
    memory.journal.record("r1", 0.3, answered())
    assert memory.database.rows("SELECT * FROM events") == []
    with pytest.raises(NotFound, match="'r1'"):
        memory.journal.events("r1")


def test_a_question_in_a_conversation_that_is_gone_is_refused(memory: Memory) -> None:
    with pytest.raises(NotFound, match="'nowhere'"):
        memory.journal.begin("r1", "nowhere", "Hello?", model="m", mode="auto")
    assert memory.journal.list() == ()


def test_many_threads_may_record_at_once(memory: Memory) -> None:
    for number in range(6):
        memory.begin(f"r{number}")

    def answer(run: str) -> None:
        for step in range(15):
            memory.journal.record(run, step, happened.TextDelta(f"{run}.{step} "))
            memory.journal.record(run, step, happened.Progress(f"{run} {step}"))
        memory.journal.record(run, 99, answered(run))

    threads = [threading.Thread(target=answer, args=(f"r{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(6):
        kept = [event for _, event in memory.journal.events(f"r{number}")]
        assert [e.text for e in kept if isinstance(e, happened.Progress)] == [f"r{number} {step}" for step in range(15)]
        assert "".join(e.text for e in kept if isinstance(e, happened.TextDelta)).count(f"r{number}.") == 15


def test_lists_settings_sums_and_export_tell_what_was_kept(memory: Memory) -> None:
    conversation = memory.begin("r1")
    memory.journal.record("r1", 1.5, answered(model="coder"))
    memory.begin("r2", "Second?")
    memory.journal.record("r2", 0.5, answered(status="stopped", known="model", checked=False, seconds=0.5))
    memory.begin("r3", "Third?")
    infos = memory.journal.list()
    assert [(info.run, info.status, info.known, info.checked) for info in infos] == [
        ("r3", "running", "none", False),
        ("r2", "stopped", "model", False),
        ("r1", "answered", "computed", True),
    ]
    assert (infos[2].model, infos[2].calls, infos[2].seconds) == ("coder", 2, 1.5)
    assert memory.journal.list(1) == infos[:1]
    assert memory.journal.settings("r1")["seed"] == 3
    stats = memory.journal.stats()
    assert (stats["runs"], stats["checked"], stats["answered"], stats["known_model"], stats["calls"]) == (2, 1, 1, 1, 4)
    assert stats["seconds_median"] == 1.0
    exported = memory.journal.export("r1")
    assert json.loads(json.dumps(exported))["events"][-1]["type"] == "answered"
    assert (exported["conversation"], exported["question"]) == (conversation, "What is 2+2?")


def test_an_event_of_another_version_is_shown_as_a_notice(memory: Memory) -> None:
    memory.begin()
    memory.database.write("INSERT INTO events (run, seconds, kind, body) VALUES ('r1', 1, 'dreamt', '{}')")
    ((_, event),) = memory.journal.events("r1")
    assert isinstance(event, happened.Notice) and "'dreamt'" in event.text


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What is 2+2?", "What is 2+2?"),
        ("  two\n lines ", "two lines"),
        ("", "New conversation"),
        ("word " * 30, "word " * 10 + "word…"),
        ("x" * 100, "x" * 59 + "…"),
    ],
)
def test_the_first_question_names_the_conversation(question: str, title: str) -> None:
    assert title_of(question) == title


def kill_after(seconds: float, writers: subprocess.Popen[str], run: str) -> tuple[int, float]:
    """Have a new process answer, kill -9 it; the last piece it called confirmed (-1: none), and when it was killed."""
    assert writers.stdout is not None and writers.stdin is not None
    writers.stdin.write(f"{run}\n")
    writers.stdin.flush()
    lines = [writers.stdout.readline(), writers.stdout.readline()]
    pid = int(next(line for line in lines if line[0].isdigit()))
    assert any(line.startswith("begun") for line in lines)
    timer = threading.Timer(seconds, os.kill, (pid, signal.SIGKILL))
    timer.start()
    confirmed = -1
    while (line := writers.stdout.readline()) != "gone\n":
        confirmed = int(line.split()[1])
    return confirmed, time.time()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writers are forked")
def test_killed_ten_times_in_the_middle_nothing_confirmed_is_lost(home: Path) -> None:
    """kill -9: the question is there, all committed events, text at most 2 s old; the next start says it ended."""
    with writer(home, "--each") as writers:
        for number in range(10):
            run = f"run{number}"
            confirmed, killed = kill_after(3.0 if number == 0 else 0.02 + 0.06 * number, writers, run)
            memory = Memory(home)
            try:
                assert memory.database.notices == ()
                assert memory.journal.recover() == (run,)
                assert memory.journal.recover() == ()
                kept = [event for _, event in memory.journal.events(run)]
                last = kept[-1]
                assert isinstance(last, happened.Answered)
                assert (last.status, last.reason, last.can_continue, last.run) == ("stopped", CUT_OFF, True, run)
                assert memory.journal.info(run).question == f"Question of {run}"
                pieces = re.findall(r"<(\d+):([\d.]+)>", last.text)
                assert [int(piece) for piece, _ in pieces] == list(range(len(pieces)))  # none missing, none twice
                assert len(pieces) > confirmed
                assert sum(isinstance(event, happened.Verified) for event in kept) >= (confirmed + 1) // 40
                if number == 0:
                    assert killed - float(pieces[-1][1]) <= 2.2
                assert [path.name for path in (home / "answering").iterdir()] == [memory.journal._keeper.path.name]
            finally:
                memory.close()


def test_the_runs_of_another_living_process_are_left_alone(home: Path, memory: Memory) -> None:
    with writer(home, "elsewhere", "hold") as other:
        assert other.stdout is not None and other.stdout.readline().startswith("begun")
        memory.begin("here")
        assert memory.journal.recover() == ()
        assert memory.journal.info("elsewhere").status == "running"
    assert memory.journal.recover() == ("elsewhere",)  # negative control: dead, it is ended
    assert memory.journal.info("here").status == "running"


def test_two_processes_may_write_at_once(home: Path, memory: Memory) -> None:
    with writer(home, "w0") as first, writer(home, "w1") as second:
        for other in (first, second):
            assert other.stdout is not None and other.stdout.readline().startswith("begun")
        memory.begin("mine")
        for number in range(60):
            memory.journal.record("mine", number, happened.Progress(str(number)))
        for other in (first, second):
            assert other.stdout is not None and "verified" in other.stdout.readline()
    assert set(memory.journal.recover()) == {"w0", "w1"}
    assert len(memory.journal.events("mine")) == 60


def test_a_full_disk_is_said_and_what_was_kept_stays_readable(home: Path) -> None:
    with writer(home, "r1", "full", "3000000") as full:
        told, _ = full.communicate(timeout=60)
    assert "failed Cannot write the memory file" in told and "disk space" in told
    memory = Memory(home)
    try:
        assert memory.database.row("PRAGMA integrity_check") == {"integrity_check": "ok"}
        assert memory.journal.recover() == ("r1",)
        assert memory.journal.info("r1").question == "Question of r1"
        assert memory.journal.text("r1").startswith("<0:")
    finally:
        memory.close()


def test_text_that_could_not_be_written_is_kept_for_the_next_try(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure of the writer's own thread is told at the next event, and nothing of the text is lost."""
    monkeypatch.setattr(journal_module, "EVERY", 0.05)
    memory.begin()
    memory.database.write("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
    memory.journal.record("r1", 0.1, happened.TextDelta("kept"))
    assert wait_for(lambda: memory.journal._problem is not None)
    memory.database.write("DROP TRIGGER full")
    with pytest.raises(MemoryFailed, match="disk"):
        for _ in range(3):
            memory.journal.record("r1", 0.2, happened.TextDelta(" too"))
    memory.journal.flush()
    assert memory.journal.text("r1") == "kept"
