"""The runner: arms side by side, what is there left out, one fault costs one item, a lost model only its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_app import fake_app
from lab_parts import TASK, jobs, record

from lottery_chat.errors import LotteryChatError, ModelError, ModelUnreachable, NotFound
from lottery_chat.events import Answered, Event, PermissionAsked, Progress, Started
from lottery_chat.lab.arms import arm
from lottery_chat.lab.one_item import ask_item
from lottery_chat.lab.records import RecordFile, load
from lottery_chat.lab.running import FAILURES, Job, State, Summary, ordered, run
from lottery_chat.lab.values import Item, Record

MANIFEST = {"seed": 7, "data": "/data"}


@pytest.fixture
def file(tmp_path: Path) -> Iterator[RecordFile]:
    with RecordFile(tmp_path / "out", MANIFEST) as made:
        yield made


def go(
    work: list[Job], file: RecordFile, ask: object = record, stop: threading.Event | None = None
) -> tuple[Summary, list[State]]:
    told: list[State] = []
    done = run(work, ask=ask, file=file, tell=told.append, stop=stop or threading.Event())  # type: ignore[arg-type]
    return done, told


def test_arms_stand_side_by_side_on_each_item_and_take_turns_in_coming_first() -> None:
    order = ordered(jobs(3, ("bare", "planner"), ("a", "b")))
    assert [(job.model, job.item.id, job.arm.name) for job in order[:6]] == [
        ("a", "sum-0", "bare"), ("a", "sum-0", "planner"), ("a", "sum-1", "planner"), ("a", "sum-1", "bare"),
        ("a", "sum-2", "bare"), ("a", "sum-2", "planner"),
    ]  # fmt: skip
    assert {job.model for job in order[6:]} == {"b"}


def test_a_second_run_adds_nothing(file: RecordFile) -> None:
    first, _ = go(jobs(4), file)
    again, told = go(jobs(4), file, ask=lambda job: pytest.fail("asked again"))
    assert (first.asked, again.asked, again.skipped, told) == (4, 0, 4, [])


def test_a_longer_run_asks_only_what_is_new(file: RecordFile) -> None:
    go(jobs(2), file)
    done, _ = go(jobs(5), file)
    assert (done.asked, done.skipped) == (3, 2) and len(load(file.folder)) == 5


def test_an_item_that_fails_costs_itself_only_and_is_asked_the_next_time(file: RecordFile) -> None:
    def ask(job: Job) -> Record:
        if job.item.id == "sum-1":
            raise LotteryChatError("The worker was killed.")
        return record(job)

    done, told = go(jobs(4), file, ask)
    assert (done.asked, done.failed) == (3, 1) and done.problems == (
        "sums sum-1 (planner, tiny:0.5b): The worker was killed.",
    )
    assert [state.record is None for state in told] == [False, True, False, False]
    assert go(jobs(4), file)[0].asked == 1


def test_a_model_that_cannot_be_reached_is_given_up_and_the_other_goes_on(file: RecordFile) -> None:
    asked: list[str] = []

    def ask(job: Job) -> Record:
        asked.append(job.model)
        if job.model == "gone":
            raise ModelUnreachable("Nothing answers at 127.0.0.1:9.")
        return record(job)

    done, _ = go(jobs(9, models=("gone", "here")), file, ask)
    assert asked.count("gone") == FAILURES and asked.count("here") == 9
    assert (done.asked, done.failed) == (9, 9) and "gone failed" in done.problems[1]


def test_ctrl_c_keeps_what_was_done(file: RecordFile) -> None:
    def ask(job: Job) -> Record:
        if job.item.id == "sum-2":
            raise KeyboardInterrupt
        return record(job)

    done, _ = go(jobs(5), file, ask)
    assert done.asked == 2 and "goes on from here" in done.problems[0] and len(load(file.folder)) == 2


def test_an_item_is_asked_through_the_one_door(tmp_path: Path) -> None:
    answered, seconds = ask_item(
        fake_app(tmp_path).chat, TASK, Item("x", "Which depot opens first?", 1), arm("planner"), "qwen2.5-coder:1.5b",
        seed=1, seconds=20.0, base=None, attachments=(),
    )  # fmt: skip
    assert answered.known == "quoted" and 0 <= seconds < 20


def test_a_model_that_is_not_there_is_not_a_wrong_answer(tmp_path: Path) -> None:
    from planner_parts import Bench, answer

    def gone() -> object:
        raise ModelUnreachable("Nothing answers.")

    bench = Bench(tmp_path, gone)  # type: ignore[arg-type]
    try:
        assert answer(bench.ask("Write a poem about rain.", mode="bare")).fault == "model"
        assert answer(bench.ask("What is 2+3?")).fault == ""
    finally:
        bench.close()
    assert issubclass(ModelUnreachable, ModelError)


def test_the_reason_is_said_once_with_the_jobs_it_stopped(file: RecordFile) -> None:
    def ask(job: Job) -> Record:
        if job.item.id in ("sum-1", "sum-2", "sum-4"):
            return record(job, problem="The base is gone.")
        return record(job)

    done, _ = go(jobs(6), file, ask)
    assert done.problems == ("sums sum-1 (planner, tiny:0.5b) and 2 more: The base is gone.",)
    assert (done.asked, done.failed, len(load(file.folder))) == (3, 3, 3)


def test_a_job_that_comes_twice_is_asked_once(file: RecordFile) -> None:
    done, _ = go([*jobs(2), *jobs(2)], file)
    assert (done.asked, done.skipped) == (2, 0)


def test_a_model_that_was_given_up_is_not_counted_as_left(file: RecordFile) -> None:
    def ask(job: Job) -> Record:
        if job.model == "gone":
            raise ModelUnreachable("Nothing answers.")
        return record(job)

    _, told = go(jobs(9, models=("gone", "here")), file, ask)
    assert {job.model for job in told[FAILURES - 1].left} == {"here"}
    assert [state.done for state in told] == [1, 2, 3, 4, 9, *range(10, 19)] and told[-1].left == ()


def test_one_failure_now_and_then_does_not_cost_the_model(file: RecordFile) -> None:
    def ask(job: Job) -> Record:
        if int(job.item.id.split("-")[1]) % 2:
            raise ModelError("The server broke off.")
        return record(job)

    done, _ = go(jobs(20), file, ask)
    assert (done.asked, done.failed, len(done.problems)) == (10, 10, 1)


def test_ctrl_c_while_a_record_is_shown_or_a_stop_before_the_first_ends_cleanly_too(file: RecordFile) -> None:
    def interrupted(state: State) -> None:
        raise KeyboardInterrupt

    done = run(jobs(3), ask=record, file=file, tell=interrupted, stop=threading.Event())
    assert done.asked == 1 == len(load(file.folder))
    stop = threading.Event()
    stop.set()
    assert go(jobs(3), file, stop=stop)[0].asked == 0


def test_a_record_that_cannot_be_kept_ends_the_run(file: RecordFile) -> None:
    file._file.close()
    file._file = open("/dev/full", "ab", buffering=0)
    with pytest.raises(LotteryChatError, match="No space left"):
        go(jobs(3), file)
    assert load(file.folder) == ()


class OneRun:
    """A Chat with one run, made of a function of its stop; everything it was asked is kept."""

    def __init__(self, events: Callable[[threading.Event], Iterator[Event]]) -> None:
        self._events = events
        self.stopped = threading.Event()
        self.permitted: list[tuple[str, str | None]] = []
        self.asked: dict[str, object] = {}

    def ask(self, question: str, **settings: object) -> Iterator[Event]:
        self.asked = {"question": question, **settings}
        return self._events(self.stopped)

    def stop(self, run: str) -> bool:
        assert run == "r1"
        self.stopped.set()
        return True

    def permit(self, request: str, query: str | None) -> None:
        self.permitted.append((request, query))
        raise NotFound("Nothing waits for it any more.")

    def follow(self, run: str) -> Iterator[Event]:
        raise NotFound(run)


STARTED = Started("r1", "c1", "q", "m", "auto")


def ended(status: str = "answered", **changes: object) -> Answered:
    return Answered(status, None, "text", "model", False, "", run="r1", **changes)  # type: ignore[arg-type]


def item_of(chat: OneRun, name: str = "planner", seconds: float = 5.0, grace: float = 5.0) -> Answered:
    made = ask_item(
        chat, TASK, Item("x", "q", 1, tools=({"name": "f"},)), arm(name), "m", seed=3, seconds=seconds, base=Path("b"),
        attachments=("d1",), grace=grace,
    )  # fmt: skip
    return made[0]


def test_an_arm_is_asked_as_settings_of_ask_and_nothing_else() -> None:
    chat = OneRun(lambda stop: iter([STARTED, ended()]))
    item_of(chat, "planner:no-solver+no-python", seconds=9.0)
    assert chat.asked == {
        "question": "q", "mode": "auto", "without": ("python", "solver"), "retrieval": None, "model": "m", "seed": 3,
        "web_search": "off", "seconds": 9.0, "base": Path("b"), "attachments": ("d1",), "tools": ({"name": "f"},), "recall": False, "prove": (),
    }  # fmt: skip
    assert not chat.stopped.is_set()


def test_nothing_may_leave_the_computer_and_a_permission_that_expired_does_not_matter() -> None:
    chat = OneRun(lambda stop: iter([STARTED, PermissionAsked("p1", "n1", "web", "q"), ended()]))
    assert item_of(chat).status == "answered"
    assert chat.permitted == [("p1", None)]


def test_an_item_over_its_time_is_stopped_from_outside() -> None:
    def slow(stop: threading.Event) -> Iterator[Event]:
        yield STARTED
        assert stop.wait(20)
        yield ended("stopped")

    began = time.monotonic()
    assert item_of(OneRun(slow), seconds=0.1, grace=0.1).status == "stopped"
    assert time.monotonic() - began < 10


def test_a_mode_that_takes_longer_by_itself_is_not_stopped_for_it() -> None:
    def slow(stop: threading.Event) -> Iterator[Event]:
        yield STARTED
        yield ended("stopped" if stop.wait(0.6) else "answered")

    assert item_of(OneRun(slow), "planner", 0.4, 0.05).status == "stopped"
    assert item_of(OneRun(slow), "planner:deliberate", 0.4, 0.05).status == "answered"


def test_a_run_that_does_not_even_stop_is_left_alone_and_the_lab_goes_on() -> None:
    over = threading.Event()

    def stuck(stop: threading.Event) -> Iterator[Event]:
        yield STARTED
        over.wait(30)

    with pytest.raises(LotteryChatError, match="did not end within"):
        item_of(OneRun(stuck), seconds=0.05, grace=0.05)
    over.set()


def test_ctrl_c_stops_the_run_that_is_under_way() -> None:
    chat = OneRun(lambda stop: iter([STARTED, PermissionAsked("p1", "n1", "web", "q"), Progress("more")]))

    def interrupted(request: str, query: str | None) -> None:
        raise KeyboardInterrupt

    chat.permit = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        item_of(chat)
    assert chat.stopped.is_set()


@pytest.mark.parametrize(
    ("events", "error", "said"),
    [
        ([STARTED], LotteryChatError, "sums x ended without an answer"),
        ([STARTED, ended("failed", fault="model", reason="Ollama is gone.")], ModelError, "Ollama is gone"),
    ],
)
def test_a_run_without_an_answer_of_its_own_is_no_result(
    events: list[Event], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        item_of(OneRun(lambda stop: iter(events)))


def test_what_a_run_raises_reaches_the_one_who_asked() -> None:
    def broken(stop: threading.Event) -> Iterator[Event]:
        yield STARTED
        raise NotFound("There is no conversation 'c1'.")

    with pytest.raises(NotFound, match="c1"):
        item_of(OneRun(broken))


def test_a_failed_program_is_an_answer_that_failed_and_is_kept() -> None:
    assert item_of(OneRun(lambda stop: iter([STARTED, ended("failed", reason="no program")])), "pal").status == "failed"


def test_several_items_at_a_time_are_all_kept_once_and_of_one_model_at_a_time(file: RecordFile) -> None:
    together: list[set[str]] = []
    now: list[str] = []
    lock = threading.Lock()

    def ask(job: Job) -> Record:
        with lock:
            now.append(job.model)
            together.append(set(now))
        threading.Event().wait(0.01)
        with lock:
            now.remove(job.model)
        return record(job)

    done = run(
        jobs(9, models=("a", "b")), ask=ask, file=file, tell=lambda state: None, stop=threading.Event(), parallel=3
    )
    assert done.asked == 18 and len({one.key for one in load(file.folder)}) == 18
    assert all(len(models) == 1 for models in together)


def test_stopping_several_at_a_time_tells_them_to_stop_and_keeps_what_ended(file: RecordFile) -> None:
    stop = threading.Event()

    def ask(job: Job) -> Record:
        if job.item.id == "sum-0":
            return record(job)
        assert stop.wait(20)
        raise LotteryChatError("Stopped before it was answered.")

    def tell(state: State) -> None:
        stop.set()

    done = run(jobs(6), ask=ask, file=file, tell=tell, stop=stop, parallel=3)
    assert done.asked == 1 and len(load(file.folder)) == 1 and "goes on from here" in done.problems[-1]
