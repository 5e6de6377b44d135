"""One item through the app: asked, waited for, judged, and the record of it."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from lottery_chat.errors import LotteryChatError, ModelError, NotFound
from lottery_chat.events import Answered, Event, ModelReturned, PermissionAsked, Started
from lottery_chat.interface.chat import Chat
from lottery_chat.lab.citing import citation_measures, kept_measures
from lottery_chat.lab.running import Job
from lottery_chat.lab.values import Arm, Item, Record, Task, Verdict

#: Seconds beyond an item's limit after which its run is stopped from outside; as long again, and it is left alone.
GRACE = 15.0
#: Modes of `ask` that take this many times the seconds they are given (chat.py).
LONGER: Mapping[str, float] = {"deliberate": 3.0}


def ask_item(
    chat: Chat,
    task: Task,
    item: Item,
    arm: Arm,
    model: str,
    *,
    seed: int,
    seconds: float,
    base: Path | None,
    attachments: tuple[str, ...],
    grace: float = GRACE,
    stop: threading.Event | None = None,
    heard: Callable[[Event], None] = lambda event: None,
) -> tuple[Answered, float]:
    """Ask one item; returns the answer and the wall seconds. What leaves the computer is never permitted.

    The run ends itself after `seconds`; `grace` seconds later it is stopped from outside, and one that does not even
    end then is left behind. Ctrl-C stops it too. `heard` gets every event, in a thread of its own.

    Raises:
        ModelError: the model could not be reached. LotteryChatError: the run ended without an answer of its own.
    """
    started = time.monotonic()
    events = chat.ask(
        item.question, mode=arm.mode, without=arm.without, retrieval=arm.retrieval, model=model, seed=seed,  # type: ignore[arg-type]
        web_search="off", seconds=seconds, base=base, attachments=attachments, tools=item.tools, recall=False,
        prove=arm.prove,
    )  # fmt: skip
    until = started + seconds * LONGER.get(arm.mode, 1.0) + grace
    answered = _answer(chat, _told(events, heard), until, grace, stop or threading.Event())
    if answered is None:
        raise LotteryChatError(f"The run of {task.name} {item.id} ended without an answer.")
    if answered.fault == "model":
        raise ModelError(answered.reason)
    return answered, time.monotonic() - started


def _told(events: Iterator[Event], heard: Callable[[Event], None]) -> Iterator[Event]:
    for event in events:
        heard(event)
        yield event


class Sureness:
    """Listens to a run: how sure the model was where one call of it was all."""

    def __init__(self) -> None:
        self._replies: list[float | None] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, ModelReturned):
            self._replies.append(event.logprob)

    @property
    def logprob(self) -> float | None:
        """The mean log-probability of a token of the only reply; None where there were none or several."""
        return self._replies[0] if len(self._replies) == 1 else None


def _answer(chat: Chat, events: Iterator[Event], until: float, grace: float, stop: threading.Event) -> Answered | None:
    """Read a run to its end; None when it had no last event. Stops it at `until` (monotonic), by `stop` or Ctrl-C."""
    # A thread reads, because a reader of its own cannot be woken while the run says nothing.
    heard: queue.SimpleQueue[Event | LotteryChatError | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(events, heard), name="lab item", daemon=True).start()
    run, stopped, ended = "", False, False
    try:
        while True:
            try:
                event = heard.get(timeout=max(0.0, min(0.5, until - time.monotonic())))
            except queue.Empty:
                if stop.is_set():
                    raise LotteryChatError("Stopped before it was answered.") from None
                if time.monotonic() < until:
                    continue
                if stopped:
                    raise LotteryChatError(f"The run {run} did not end within {grace:.0f} s of being stopped; it is left alone.") from None  # fmt: skip
                until, stopped = time.monotonic() + grace, True
                chat.stop(run)
                continue
            ended = event is None or isinstance(event, Answered | LotteryChatError)
            if isinstance(event, Started):
                run = event.run
            elif isinstance(event, PermissionAsked):
                with contextlib.suppress(NotFound):  # it does not wait any more
                    chat.permit(event.request, None)
            elif isinstance(event, LotteryChatError):
                raise event
            elif event is None or isinstance(event, Answered):
                return event
    finally:
        if run and not ended:
            chat.stop(run)


def _read(events: Iterator[Event], heard: queue.SimpleQueue[Event | LotteryChatError | None]) -> None:
    """Pass events on, then None: whoever waits is told also when reading fails."""
    try:
        for event in events:
            heard.put(event)
    except LotteryChatError as error:
        heard.put(error)
    finally:
        heard.put(None)


def record_of(job: Job, answered: Answered, verdict: Verdict, seconds: float, logprob: float | None = None) -> Record:
    """The line that is kept of an answered job."""
    return Record(
        task=job.task.name, item=job.item.id, arm=job.arm.name, model=job.model, seed=job.seed, outcome=verdict.outcome,
        score=verdict.score, extracted=verdict.extracted, gold=job.item.gold, reply=answered.text, answer=answered.answer,
        status=answered.status, known=answered.known, checked=answered.checked, calls=answered.calls, tokens_in=answered.tokens_in,
        tokens_out=answered.tokens_out, seconds=round(seconds, 3), run=answered.run,
        at=datetime.now(timezone.utc).isoformat(timespec="seconds"), band=job.item.band,
        measures=dict(verdict.measures) | citation_measures(answered, job.item.gold), logprob=logprob,
    )  # fmt: skip


def judged_again(record: Record, verdict: Verdict, logprob: float | None = None) -> Record:
    """The record with a new verdict on its kept reply, and how sure it was where that was not kept."""
    return replace(
        record,
        outcome=verdict.outcome,
        score=verdict.score,
        extracted=verdict.extracted,
        measures=dict(verdict.measures) | kept_measures(record.measures),
        logprob=record.logprob if logprob is None else logprob,
    )
