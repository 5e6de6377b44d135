"""The only door to an answer: ask, follow, stop, permit. Runs go on in their own thread and are kept as they happen.

A reader that goes away (a closed tab) does not end a run; `stop` does. Implements interface.Chat.
"""

from __future__ import annotations

import dataclasses
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from lottery_chat.errors import LotteryChatError, NotFound, SettingsError
from lottery_chat.events import Answered, Event, PermissionAsked, Started
from lottery_chat.interface.chat import Retrieval, WebSearch
from lottery_chat.interface.conversations import Turn
from lottery_chat.interface.options import Preferences
from lottery_chat.live_run import LiveRun
from lottery_chat.planner.budget import Budget
from lottery_chat.planner.engine import Engine
from lottery_chat.planner.resources import Knowledge, Resources
from lottery_chat.planner.run import Run
from lottery_chat.planner.values import BASELINES, PARTS, PROOFS, Ask, Limits, PastTurn

MODES = ("auto", "fast", "deliberate", "strict", *BASELINES)
#: How long a question about leaving the computer waits for its answer.
PERMISSION_SECONDS = 120.0


class Journal(Protocol):
    """Where a run is kept as it happens (memory/journal.py)."""

    def begin(
        self,
        run: str,
        conversation: str,
        question: str,
        *,
        model: str,
        mode: str,
        attachments: Sequence[str],
        settings: dict[str, object],
        first: Event,
    ) -> None: ...
    def together(self) -> AbstractContextManager[None]: ...
    def settings(self, run: str) -> dict[str, Any]: ...
    def record(self, run: str, seconds: float, event: Event) -> None: ...
    def finish(self, run: str, answered: Answered) -> None: ...
    def events(self, run: str) -> tuple[tuple[float, Event], ...]: ...


class Talks(Protocol):
    """The conversations, as far as asking needs them."""

    def turns(self, conversation: str) -> tuple[Turn, ...]: ...
    def create(self) -> str: ...


class Asking:
    """Implements interface.Chat over the planner.

    `resources(owner, model, permit, cancel, base, attached, collections)` gives the planner's parts for one run; `passing(paths)` a knowledge base of
    files that are not kept; `model_name()` says which model would answer, without waiting for it.
    """

    def __init__(
        self,
        *,
        resources: Callable[..., Resources],
        passing: Callable[[Sequence[Path]], Knowledge],
        journal: Journal,
        talks: Talks,
        preferences: Callable[[], Preferences],
        model_name: Callable[[str | None], str],
    ) -> None:
        self._resources = resources
        self._passing = passing
        self._journal = journal
        self._talks = talks
        self._preferences = preferences
        self._model_name = model_name
        #: What one run may spend, made of its limits and its cancel; the lab's negative control takes another.
        self.budget: Callable[[Limits, threading.Event], Budget] = Budget
        self._live: dict[str, LiveRun] = {}
        self._permits: dict[str, tuple[threading.Event, list[str | None]]] = {}
        self._lock = threading.Lock()

    def ask(
        self,
        question: str,
        *,
        conversation: str | None = None,
        documents: Sequence[Path] = (),
        attachments: Sequence[str] = (),
        model: str | None = None,
        mode: str | None = None,
        retrieval: Retrieval | None = None,
        web_search: WebSearch | None = None,
        seed: int = 0,
        retry_of: str | None = None,
        continue_of: str | None = None,
        without: Sequence[str] = (),
        prove: Sequence[str] = (),
        seconds: float | None = None,
        base: Path | None = None,
        tools: Sequence[Mapping[str, Any]] = (),
        recall: bool = True,
        collections: Sequence[str] | None = None,
    ) -> Iterator[Event]:
        """Answer a question; the message is saved before anything else happens (interface.Chat.ask)."""
        question = question.strip()
        if not question and not continue_of:
            raise SettingsError("There is no question. Write one first.")
        chosen = self._preferences()
        mode = mode or chosen.mode
        if mode not in MODES:
            raise SettingsError(f"Unknown mode {mode!r}; one of {', '.join(MODES)}.")
        if unknown := [part for part in without if part not in PARTS]:
            raise SettingsError(f"Unknown part {unknown[0]!r}; one of {', '.join(PARTS)}.")
        if unknown := [one for one in prove if one not in PROOFS]:
            raise SettingsError(f"Unknown setting of the prover {unknown[0]!r}; one of {', '.join(PROOFS)}.")
        name = self._model_name(model)
        turns = self._talks.turns(conversation) if conversation else ()
        earlier = next((turn for turn in turns if turn.run == (continue_of or retry_of)), None)
        if continue_of and earlier is not None:
            question = earlier.question
        if collections is None and earlier is not None:  # asked again: where it looked then
            collections = self._journal.settings(earlier.run).get("collections")
        attached = tuple(dict.fromkeys([*(one for turn in turns for one in turn.attachments), *attachments]))
        asked = Ask(
            words=question,
            history=() if "memory" in without else _history(turns, continue_of or retry_of),
            documents=attached,
            must_use_documents=bool(attached) or bool(documents) or bool(collections),
            mode=mode,
            retrieval="closed-book" if "retrieval" in without else retrieval or chosen.retrieval,
            web_search=web_search or chosen.web_search,
            seed=seed,
            # With a part switched off an answer of the whole would spoil the comparison.
            use_memory=recall and not retry_of and not continue_of and not without,
            so_far=earlier.text if continue_of and earlier is not None else "",
            without=frozenset(without),
            prove=frozenset(prove),
            tools=tuple(tools),
        )
        # One commit: each waits for the disk, for which a document that is taken in contends.
        with self._journal.together():
            conversation = conversation or self._talks.create()
            live = LiveRun(secrets.token_hex(16), conversation)
            started = Started(live.run, conversation, question, name, mode)
            self._journal.begin(
                live.run, conversation, question, model=name, mode=mode, attachments=tuple(attachments), first=started,
                settings={"retrieval": asked.retrieval, "web_search": asked.web_search, "seed": seed, "retry_of": retry_of or "", "continue_of": continue_of or "", "without": sorted(without), "prove": sorted(prove), "collections": None if collections is None else list(collections)},
            )  # fmt: skip
        with self._lock:
            self._live[live.run] = live
        live.add(started)
        limits = _limits(mode, seconds or chosen.seconds)
        threading.Thread(
            target=self._work,
            args=(live, asked, limits, tuple(documents), model, name, base, collections),
            name=f"run-{live.run[:6]}",
            daemon=True,
        ).start()
        return live.read()

    def follow(self, run: str) -> Iterator[Event]:
        """All events of a run, live or from the journal."""
        with self._lock:
            live = self._live.get(run)
        if live is not None:
            return live.read()
        events = self._journal.events(run)
        if not events:
            raise NotFound(f"There is no run {run!r}.")
        return iter([event for _, event in events])

    def stop(self, run: str) -> bool:
        """Set the run's cancel; the model's stream and the tools look at it."""
        with self._lock:
            live = self._live.get(run)
        if live is None:
            return False
        live.cancel.set()
        return True

    def stop_all(self) -> None:
        """Stop every run, for the end of the app."""
        with self._lock:
            runs = list(self._live.values())
        for live in runs:
            live.cancel.set()

    def permit(self, request: str, query: str | None) -> None:
        """Answer PermissionAsked."""
        with self._lock:
            waiting = self._permits.get(request)
        if waiting is None:
            raise NotFound(f"Nothing waits for the permission {request!r} any more.")
        waiting[1].append(query)
        waiting[0].set()

    # -- the run's thread ----------------------------------------------------------------------------------

    def _work(
        self,
        live: LiveRun,
        asked: Ask,
        limits: Limits,
        documents: tuple[Path, ...],
        model: str | None,
        name: str,
        base: Path | None,
        collections: Sequence[str] | None,
    ) -> None:
        answered: Answered | None = None
        run: Run | None = None
        try:
            knowledge = self._passing(documents) if documents else None
            budget = self.budget(limits, live.cancel)
            parts = self._resources(
                live.conversation, model, self._wait_permit, live.cancel, base, asked.documents, collections
            )
            run = Run(live.run, asked, parts, budget)
            for event in Engine(run, knowledge).answer():
                if isinstance(event, Answered):
                    answered = event
                else:
                    self._happened(live, event)
        except LotteryChatError as error:
            answered = _failed(str(error), time.monotonic() - live.started)
        except BaseException as error:  # a fault of ours: the run must end with a sentence, and the fault be seen
            answered = _failed(
                f"Something went wrong inside Lottery Chat ({type(error).__name__}: {error}). Try again.",
                time.monotonic() - live.started,
            )
            raise
        finally:
            # "auto" becomes the model that really answered.
            used = run.model_used if run is not None else ""
            final = _complete(answered or _failed("The run ended without an answer.", 0.0), live, used or name)
            try:
                self._journal.finish(live.run, final)
            except LotteryChatError as error:
                final = dataclasses.replace(
                    final, reason=f"{final.reason} The answer could not be saved: {error}".strip()
                )
            with self._lock:
                self._live.pop(live.run, None)
            live.add(final)

    def _happened(self, live: LiveRun, event: Event) -> None:
        if isinstance(event, PermissionAsked):
            with self._lock:
                self._permits[event.request] = (threading.Event(), [])
        self._journal.record(live.run, time.monotonic() - live.started, event)
        live.add(event)

    def _wait_permit(self, request: str, cancel: threading.Event) -> str | None:
        with self._lock:
            waiting = self._permits.get(request)
        if waiting is None:
            return None
        until = time.monotonic() + PERMISSION_SECONDS
        while not waiting[0].wait(0.2) and not cancel.is_set() and time.monotonic() < until:
            pass
        with self._lock:
            self._permits.pop(request, None)
        return waiting[1][0] if waiting[1] else None


def _history(turns: Sequence[Turn], without: str | None) -> tuple[PastTurn, ...]:
    """The turns before this question; a repeated or continued one is not its own past."""
    past = []
    for turn in turns:
        if turn.run == without:
            break
        if turn.answered is None or not turn.text or turn.answered.status == "failed":
            continue
        past.append(PastTurn(turn.question, turn.text, turn.answered.answer, turn.answered.known, turn.attachments))
    return tuple(past)


def _limits(mode: str, seconds: float) -> Limits:
    if mode == "fast":
        return Limits(seconds=min(seconds, 30), calls=4)
    if mode == "deliberate":
        return Limits(seconds=seconds * 3, calls=24, nodes=48, tokens=40_000, trials=2)
    return Limits(seconds=seconds)


def _failed(reason: str, seconds: float) -> Answered:
    return Answered("failed", None, reason, "none", False, "", reason=reason, seconds=round(seconds, 3))


def _complete(answered: Answered, live: LiveRun, name: str) -> Answered:
    return dataclasses.replace(answered, run=live.run, conversation=live.conversation, model=name)
