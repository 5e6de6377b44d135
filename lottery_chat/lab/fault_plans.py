"""The 20 planner faults: a model, or a message, that drives the planner astray must leave it within its caps.

Caps are those of every run (planner/values.py Limits): seconds, model calls, nodes, depth, tokens. A cell asks, counts
what the events say was spent, and asks the next question.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lottery_chat.events import ModelCalled, NodeOpened
from lottery_chat.lab.fault_judging import SLACK, Cell, Uncaught, shows_inner
from lottery_chat.lab.fault_rooms import Ended, Room, RoomParts, room_settings
from lottery_chat.messages import Message
from lottery_chat.models.scripted import Fault, ScriptedModel
from lottery_chat.planner.budget import Budget
from lottery_chat.planner.values import Limits

#: The run's time; a single reply that began in time may go on for a moment.
SECONDS = 20.0
_LONGEST_ANSWER = 20_000
_TALL = "Ann has 3 boxes with 14 rolls each and gives 5 rolls away. How many rolls does Ann have now?"
_WHO = "Who was the first keeper of the Farrow tower?"
_TOWNS = "Where is Alba and where is Bern and where is Cork?"
_TOOLS = (
    {"name": "weather", "description": "Weather of a town.", "parameters": {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]}},
)  # fmt: skip

Replies = Sequence[str] | Callable[[Sequence[Message]], str]


@dataclass(frozen=True, slots=True)
class Plan:
    """One planner fault: the message, what the model says, how it is asked, how the model misbehaves."""

    name: str
    about: str
    question: str
    replies: Replies
    options: dict[str, Any] = field(default_factory=dict)
    fault: Fault = ""


def _nested(depth: int) -> str:
    return "Who is the mother of " * depth + "Farrow?"


_PARTS = " ".join(
    " and ".join(f"how old is {town}{n}" for n in range(4)).replace("how", "How", 1) + "?"
    for town in ("Al", "Be", "Co", "Du")
)


def _nothing(messages: Sequence[Message]) -> str:
    return "I do not know."


def _echo(messages: Sequence[Message]) -> str:
    return messages[-1].text


PLANS: tuple[Plan, ...] = (
    Plan("malformed plan", "a schedule that is no schedule", _TOWNS, ['{"parts": [{"question": "Where is Alba?", "needs": [7]}, {"quest']),
    Plan("1,000 sub-questions", "a message that asks a thousand things", " and ".join(f"where is Town{n}" for n in range(1000)).capitalize() + "?", ["In the north."]),
    Plan("parts within parts", "four questions of four parts each, which all fail and are tried again", _PARTS, _nothing),
    Plan("a plan that calls itself", "the model answers a part with the whole question", _TOWNS, _echo, {"mode": "deliberate"}),
    Plan("a plan that calls itself, to the letter", "the same where line 14 is read to the letter", _TOWNS, _echo, {"mode": "strict"}),
    Plan("depth 50", "fifty questions inside each other", _nested(50), ["Anna."], {"mode": "deliberate"}),
    Plan("the same call again and again", "the same program, which fails, each time", _TALL, ["    return 1 / 0"], {"mode": "deliberate"}),
    Plan("the same tool call a thousand times", "one reply with a thousand calls", "What is the weather in Bern?", ['<tool_call>{"name": "weather", "arguments": {"town": "Bern"}}</tool_call>\n' * 1000], {"tools": _TOOLS}),
    Plan("empty answer", "the model says nothing", _WHO, [""]),
    Plan("white space", "the model says a thousand blank lines", _WHO, ["\n" * 1000]),
    Plan("a ramble of 1e5 tokens", "the model does not stop", _WHO, ["and then " * 50_000]),
    Plan("a program of 1e5 tokens", "the program does not stop", _TALL, ["    x = 1\n" * 25_000]),
    Plan("the same token for ever", "one letter again and again", "Write a short poem.", ["a" * 10 + " a" * 100_000]),
    Plan("another language", "Chinese where English was asked for", _WHO, ["这座塔的第一位看守人是李明。" * 50]),
    Plan("a tool that does not exist", "a call by a name nobody has", "What is the weather in Bern?", ['<tool_call>{"name": "launch_rocket", "arguments": {"town": "Bern"}}</tool_call>'], {"tools": _TOOLS}),
    Plan("arguments of another form", "numbers where texts are due, a thousand deep", "What is the weather in Bern?", ['<tool_call>{"name": "weather", "arguments": ' + '{"town":' * 1000 + "1" + "}" * 1000 + "}</tool_call>"], {"tools": _TOOLS}),
    Plan("a call that is cut", "half a tool call", "What is the weather in Bern?", ['<tool_call>{"name": "weather", "argum'], {"tools": _TOOLS}),
    Plan("noise", "bytes that are no text", _WHO, ["x y z"], {}, "garble"),
    Plan("a model that hangs", "no token ever", _WHO, ["never"], {}, "hang"),
    Plan("a model that dies", "gone after two tokens, each time", _TOWNS, ["one two three four"], {"mode": "deliberate"}, "die"),
)  # fmt: skip


class Uncapped(Budget):
    """A budget that never says no, for the negative control."""

    @property
    def seconds_left(self) -> float:
        """For ever."""
        return 1e6

    def check(self) -> None:
        """Nothing."""

    def before_call(self) -> None:
        """Count only."""
        self.spent.calls += 1

    def before_node(self, depth: int) -> None:
        """Count only."""
        self.spent.nodes += 1


def names() -> list[str]:
    """The planner faults."""
    return [one.name for one in PLANS]


def run_plans(wanted: Sequence[str], *, guarded: bool = True) -> Iterator[Cell]:
    """Yield a cell for each planner fault."""
    for plan in PLANS:
        if plan.name in wanted:
            yield run_plan(plan, guarded=guarded)


def run_plan(plan: Plan, *, guarded: bool = True) -> Cell:
    """Ask in a fresh home, see that the caps hold, and that the next question is answered."""
    with tempfile.TemporaryDirectory(prefix="lottery-chat-fault-", ignore_cleanup_errors=True) as folder:
        model = ScriptedModel(plan.replies, fault=plan.fault, window=8192)
        settings = room_settings(Path(folder))
        limit = SECONDS * (3 if plan.options.get("mode") == "deliberate" else 1) + (
            30.0 if plan.fault == "hang" else 5.0
        )
        with Room(lambda: RoomParts(settings, model=model)) as room, Uncaught() as uncaught:
            if not guarded:
                room.parts.asking().budget = Uncapped
            ended = room.ask(plan.question, most=limit, seconds=SECONDS, web_search="off", **plan.options)
            missed = caps_missed(ended, plan.options.get("mode", "auto"), limit)
            after = room.ask("What is 17% of 2,340?", most=20.0, seconds=20.0, web_search="off")
            if "397.8" not in after.text:
                missed.append(f"the next question was not answered: {after.text[:200]!r}")
        missed += [f"a traceback: {one}" for one in uncaught.found]
    status = ended.answered.status if ended.answered is not None else "missed"
    how = "missed" if missed else "error" if status == "failed" else "without"
    return Cell("planner", plan.name, how, round(ended.seconds, 2), limit, model_calls(ended), tuple(missed), " ".join(ended.text.split())[:400])  # type: ignore[arg-type]  # fmt: skip


def caps_missed(ended: Ended, mode: str, limit: float) -> list[str]:
    """The caps that a run broke, each in a sentence."""
    if ended.answered is None:
        return [ended.error and f"it raised: {ended.error[:200]}" or f"it did not end within {limit:g} s"]
    caps = limits_of(mode)
    one, missed = ended.answered, []
    nodes = sum(isinstance(event, NodeOpened) for event in ended.events)
    spent = one.tokens_in + one.tokens_out
    # The last call is allowed when it begins within the cap; it can add a window at most.
    for what, used, most in (
        ("model calls", model_calls(ended), caps.calls), ("nodes", nodes, caps.nodes), ("depth", depth_of(ended), caps.depth + 4),
        ("tokens", spent, caps.tokens + 8192), ("characters of the answer", len(one.text), _LONGEST_ANSWER),
    ):  # fmt: skip
        if used > most:
            missed.append(f"{used:,} {what}; the cap is {most:,}")
    if ended.seconds > limit + SLACK:
        missed.append(f"it took {ended.seconds:.1f} s; the limit is {limit:g} s")
    if shows_inner(ended.text):
        missed.append(f"inner workings are shown: {ended.text[:200]!r}")
    return missed


def model_calls(ended: Ended) -> int:
    """Calls of g_φ, as the events say."""
    return sum(isinstance(event, ModelCalled) for event in ended.events)


def depth_of(ended: Ended) -> int:
    """How deep the tree became; the root has 0."""
    depths: dict[str | None, int] = {None: -1}
    for event in ended.events:
        if isinstance(event, NodeOpened):
            depths[event.node] = depths.get(event.parent, -1) + 1
    return max(depths.values())


def limits_of(mode: str) -> Limits:
    """The caps of a mode (chat.py)."""
    if mode == "deliberate":
        return dataclasses.replace(Limits(), calls=24, nodes=48, tokens=40_000)
    return Limits()
