"""The call layer: one door through which every call of a tool goes, put together from its six managers.

    scheduler   order, one at a time for each kind, time, cancel            scheduler.py
    context     how much of a result is shown and prompted, the rest said   context.py
    memory      what one run keeps: results, failures, private texts        scratch.py
    storage     results across runs in M, with their date                   storage.py
    tools       which tools there are and how each is called                registry.py
    access      permission for each tool; private text never leaves         access.py

Beside them the circuit breaker (breaker.py). The planner makes the events (planner/run.py); nothing here asks g_φ.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any, TypeVar

from lottery_chat.calls.access import Access
from lottery_chat.calls.breaker import Breaker
from lottery_chat.calls.context import within
from lottery_chat.calls.registry import Registry
from lottery_chat.calls.scheduler import Scheduler
from lottery_chat.calls.scratch import Scratch
from lottery_chat.calls.storage import Storage, key_of, now
from lottery_chat.calls.values import Call, CallRefused, CallStopped, Outcome, Provenance, Rule, ToolFault
from tools.errors import (
    FetchTimedOut,
    Offline,
    ProgramsUnavailable,
    RateLimited,
    SearchTimedOut,
    ToolBroke,
    ToolError,
)

T = TypeVar("T")

#: Errors that say the tool is not well. All others speak of the arguments, or of a result that is empty.
FAULTY = (ToolFault, FetchTimedOut, Offline, ProgramsUnavailable, RateLimited, SearchTimedOut, ToolBroke)
#: A tool that failed this often in one run, for whatever reason, is not called again in it.
FAILURES = 3


class CallLayer:
    """The six managers. One for the process; `Scratch` is one for each run."""

    def __init__(
        self,
        registry: Registry | None = None,
        *,
        scheduler: Scheduler | None = None,
        storage: Storage | None = None,
        access: Access | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.registry = registry or Registry()
        self.access = access or Access()
        self.storage = storage or Storage()
        self._scheduler = scheduler or Scheduler()
        self.breaker = breaker or Breaker()

    def check(self, tool: str, arguments: str, scratch: Scratch, said: str = "") -> None:
        """See that a call may be made; nothing has happened yet, so that no event is needed for one that may not.

        Raises:
            CallRefused: not permitted. ToolError: it failed too often in this run.
        """
        if scratch.failures.get(tool, 0) >= FAILURES:
            raise ToolError(f"{tool} failed {FAILURES} times in this answer and is not tried again.")
        self.access.check(tool, self.registry.rule(tool), arguments, said, scratch)

    def call(
        self,
        call: Call[T],
        scratch: Scratch,
        *,
        cancel: threading.Event | None = None,
        run: str = "",
        said: str = "",
        fresh: bool = False,
    ) -> Outcome[T]:
        """Make one call.

        Args:
            run: the run's id, to which a kept result belongs.
            said: the person's own words, which may leave even where a document repeats them.
            fresh: results of earlier runs are not used, nor is this one kept.

        Raises:
            ToolError: the tool's own sentence, or one of the layer's (ToolFault, CallRefused, CallStopped).
        """
        self.check(call.tool, call.input, scratch, said)
        rule = self.registry.rule(call.tool)
        key = key_of(call.tool, rule.version, call.input)
        started = time.monotonic()
        found = self._kept(call.tool, rule, key, scratch, fresh)
        if found is None:
            value, text = self._made(call, rule, scratch, cancel)
            made = Provenance(call.tool, rule.version, now())
            self._keep(call.tool, rule, key, scratch, value, made, run, fresh)
        else:
            value, made = found
            text = call.output(value)
        kept = within(text, rule.output)
        return Outcome(value, kept.text, kept.left, made, round(time.monotonic() - started, 3))

    def _kept(self, tool: str, rule: Rule, key: str, scratch: Scratch, fresh: bool) -> tuple[Any, Provenance] | None:
        if rule.repeats and (found := scratch.get(key)) is not None:
            return found
        codec = self.registry.codecs.get(tool)
        return None if codec is None or fresh else self.storage.get(tool, rule, key, codec)

    def _keep(
        self, tool: str, rule: Rule, key: str, scratch: Scratch, value: Any, made: Provenance, run: str, fresh: bool
    ) -> None:
        if rule.repeats:
            scratch.put(key, value, replace(made, cached=True))
        codec = self.registry.codecs.get(tool)
        if codec is not None and not fresh and run:
            self.storage.put(rule, key, codec, value, made, run)

    def _made(self, call: Call[T], rule: Rule, scratch: Scratch, cancel: threading.Event | None) -> tuple[T, str]:
        """The value and its text, both made inside the limits: a value of another form fails here, as the tool's fault."""

        def work() -> tuple[T, str]:
            value = call.function()
            return value, _as_text(call.tool, call.output(value))

        self.breaker.enter(call.tool)
        try:
            made = self._scheduler.run(call.tool, rule.kind, work, rule.seconds, cancel)
        except (CallStopped, CallRefused):
            self.breaker.given_up(call.tool)
            raise
        except FAULTY:
            scratch.failures[call.tool] = scratch.failures.get(call.tool, 0) + 1
            self.breaker.failed(call.tool)
            raise
        except ToolError:
            scratch.failures[call.tool] = scratch.failures.get(call.tool, 0) + 1
            self.breaker.passed(call.tool)
            raise
        except BaseException:
            # M is full, or a fault of ours: it says nothing about the tool, but the trial must not stay open.
            self.breaker.given_up(call.tool)
            raise
        self.breaker.passed(call.tool)
        return made


def _as_text(tool: str, text: object) -> str:
    """A result's text, if it is one that can be shown. Raises ToolFault."""
    if not isinstance(text, str):
        raise ToolFault(f"{tool} gave {type(text).__name__} where a text was due. It is not used for this; try again.")
    return text
