"""One run of the planner: its nodes, its calls of g_φ and of tools, as events; what every solving step uses."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from lottery_chat.calls.scratch import Scratch
from lottery_chat.calls.values import Call, Provenance
from lottery_chat.events import (
    Event,
    ModelCalled,
    ModelReturned,
    NodeClosed,
    NodeKind,
    NodeOpened,
    NodeState,
    Notice,
    PermissionAsked,
    Progress,
    PromptMessage,
    TextDelta,
    ToolCalled,
    ToolReturned,
    Verified,
)
from lottery_chat.messages import Message
from lottery_chat.models.protocol import ChatModel, Piece, Reply, Request
from lottery_chat.planner.budget import Budget, Stopped
from lottery_chat.planner.gates import Gates
from lottery_chat.planner.ledger import Block, Prompt, fit
from lottery_chat.planner.resources import Resources
from lottery_chat.planner.values import Ask, Solution
from tools.errors import ToolError

T = TypeVar("T")
WEB_SEARCH = "web search"
Steps = Generator[Event, None, T]


@dataclass(slots=True)
class Node:
    """A node of the tree while it is worked on."""

    id: str
    parent: str | None
    kind: NodeKind
    title: str
    depth: int
    question: str = ""
    started: float = field(default_factory=time.monotonic)
    tokens_in: int = 0
    tokens_out: int = 0

    def closed(self, state: NodeState, detail: str) -> NodeClosed:
        """The event that ends this node."""
        seconds = time.monotonic() - self.started
        return NodeClosed(self.id, state, detail[:200], round(seconds, 3), self.tokens_in, self.tokens_out)


class Run:
    """The state of one run. Its methods are generators of events that return a value."""

    def __init__(self, run: str, ask: Ask, resources: Resources, budget: Budget) -> None:
        self.id = run
        self.ask = ask
        self.resources = resources
        self.budget = budget
        self.notices: list[str] = []
        #: What this run keeps for its calls (AIOS's memory manager).
        self.scratch = Scratch()
        #: Where the last result of a tool came from.
        self.made: Provenance | None = None
        #: Set while parts are solved: their text is put together later, so it does not stream as the answer.
        self.quiet = False
        #: What of a long text is not in the prompt ("412 of 420 sentences"); it stands in the ledger of the passages.
        self.left_out = ""
        self._counter = 0
        self._model: ChatModel | None = None

    # -- nodes ---------------------------------------------------------------------------------------------

    def open(self, kind: NodeKind, title: str, parent: Node | None, question: str = "") -> Steps[Node]:
        """Open a node; the budget is checked first."""
        depth = 0 if parent is None else parent.depth + 1
        self.budget.before_node(depth)
        self._counter += 1
        node = Node(f"n{self._counter}", parent.id if parent else None, kind, title[:160], depth, question)
        yield NodeOpened(node.id, node.parent, node.kind, node.title)
        return node

    def verified(self, node: Node, check: str, passed: bool, checked: bool = True) -> Steps[None]:
        """Say which check was made at a node; not `checked`: nothing confirmed the result, it is only taken."""
        yield Verified(node.id, check, passed, checked)

    def notice(self, text: str) -> Steps[None]:
        """One sentence under the answer, once."""
        if text not in self.notices:
            self.notices.append(text)
            yield Notice(text)

    # -- g_φ -----------------------------------------------------------------------------------------------

    def model(self) -> ChatModel:
        """g_φ for this run, the same for all its calls. Raises ModelError while there is none."""
        if "model" in self.ask.without:
            raise ToolError("This takes the model, which is off here.")
        if self._model is None:
            self._model = self.resources.model()
        return self._model

    def gates(self) -> Gates:
        """The thresholds above which this run's model is believed."""
        return self.resources.gates(self.model().card.name)

    @property
    def model_used(self) -> str:
        """The name of the model that answered; empty while none was needed."""
        return self._model.card.name if self._model is not None else ""

    def generate(
        self,
        node: Node,
        purpose: str,
        blocks: Sequence[Block],
        *,
        room: int,
        shown: bool = False,
        temperature: float = 0.0,
        seed: int | None = None,
        stop: tuple[str, ...] = (),
        think: bool = False,
        watch: Callable[[str], bool] | None = None,
        complete: Callable[[str], str] | None = None,
    ) -> Steps[Reply]:
        """Call g_φ once: prompt under the ledger, streamed when `shown`, counted, kept as events.

        Args:
            room: tokens kept for the answer; also the most that is generated.
            watch: called with the text so far; True ends the generation early.
            complete: called where the generation ended; what it returns is added to the text by code, and the model
                goes on after it (its prompt is in the prefix cache). Empty: the text is whole.
        """
        if self._model is None and "model" not in self.ask.without and (text := self.resources.model_text()):
            yield Progress(text)
        model = self.model()
        prompt = fit(model, blocks, room)
        for name in prompt.left_out:
            yield from self.notice(f"Left out of the prompt, because the window is full: {name}.")
        self.budget.before_call()
        yield _called(node, purpose, prompt, model, room, self.left_out)
        request = Request(
            messages=prompt.messages,
            max_tokens=room,
            temperature=temperature,
            seed=self.ask.seed if seed is None else seed,
            stop=stop,
            think=think,
            timeout=max(5.0, self.budget.seconds_left + 30.0),
        )
        reply = yield from self._stream(model, request, prompt.tokens, shown and not self.quiet, watch)
        while complete is not None and reply.tokens_out < room and (added := complete(reply.text)):
            reply = yield from self._gone_on(model, request, reply, reply.text + added, watch)
        node.tokens_in += reply.tokens_in
        node.tokens_out += reply.tokens_out
        self.budget.spent.tokens_in += reply.tokens_in
        self.budget.spent.tokens_out += reply.tokens_out
        yield ModelReturned(
            node.id, reply.text, reply.thoughts, reply.tokens_in, reply.tokens_out,
            round(reply.seconds_to_first, 3), round(reply.seconds, 3), reply.finish, reply.logprob,
        )  # fmt: skip
        if reply.finish == "cancelled" and self.budget.cancel.is_set():
            raise Stopped
        return reply

    def _gone_on(
        self, model: ChatModel, request: Request, before: Reply, text: str, watch: Callable[[str], bool] | None
    ) -> Steps[Reply]:
        """The same reply, further on: the model continues a text to which code has added."""
        *earlier, last = request.messages
        said = last.text + text if last.role == "assistant" else text
        messages = (*(earlier if last.role == "assistant" else request.messages), Message("assistant", said))
        further = replace(request, messages=messages, max_tokens=request.max_tokens - before.tokens_out)
        reply = yield from self._stream(
            model, further, before.tokens_in, False, watch and (lambda more: watch(text + more))
        )
        return replace(
            reply, text=text + reply.text, tokens_in=before.tokens_in, tokens_out=before.tokens_out + reply.tokens_out,
            seconds_to_first=before.seconds_to_first, seconds=before.seconds + reply.seconds,
        )  # fmt: skip

    def _stream(
        self, model: ChatModel, request: Request, counted: int, shown: bool, watch: Callable[[str], bool] | None
    ) -> Steps[Reply]:
        started, first, tokens, said = time.monotonic(), 0.0, 0, 0.0
        text = ""
        stream = model.stream(request, self.budget.cancel)
        for item in stream:
            if isinstance(item, Reply):
                return item
            tokens += 1
            text += "" if item.thought else item.text
            if shown and not item.thought:
                yield TextDelta(item.text)
            now = time.monotonic()
            first = first or now
            if now - said > 1.0:
                said = now
                yield Progress(_speed(item, tokens - 1, now - first))
            over = self.budget.seconds_left <= 0 and shown
            if over or (watch is not None and watch(text)):
                stream.close()  # type: ignore[attr-defined]
                return Reply(text, "", counted, tokens, 0, 0.0, now - started, "length" if over else "stop")
        raise RuntimeError("the model's stream ended without a reply")  # a broken ChatModel, not a person's problem

    def labels(
        self, node: Node, purpose: str, blocks: Sequence[Block], labels: Sequence[str]
    ) -> Steps[dict[str, float]]:
        """Ask g_φ for one of several labels by log-probability: one short prefill, no text."""
        model = self.model()
        prompt = fit(model, blocks, room=8)
        self.budget.before_call()
        yield _called(node, purpose, prompt, model, 1, self.left_out)
        started = time.monotonic()
        scores = dict(model.labels(prompt.messages, labels, self.budget.cancel))
        seconds = round(time.monotonic() - started, 3)
        self.budget.check()
        node.tokens_in += prompt.tokens
        self.budget.spent.tokens_in += prompt.tokens
        shown = ", ".join(f"{label} {score:.2f}" for label, score in scores.items())
        yield ModelReturned(node.id, shown, "", prompt.tokens, 1, seconds, seconds, "stop", max(scores.values()))
        return scores

    # -- C -------------------------------------------------------------------------------------------------

    def call(
        self, node: Node, tool: str, shown: str, function: Callable[[], T], output: Callable[[T], str]
    ) -> Steps[T]:
        """Run a tool through the call layer, with events of its input and output.

        Raises:
            ToolError: the tool's own sentence, or the layer's: not permitted, out of time, failed too often.
        """
        self.budget.check()
        layer, said = self.resources.calls, self.ask.words
        layer.check(tool, shown, self.scratch, said)
        yield ToolCalled(node.id, tool, shown)
        started = time.monotonic()
        fresh = not self.ask.use_memory or "memory" in self.ask.without
        try:
            done = layer.call(
                Call(tool, shown, function, output), self.scratch,
                cancel=self.budget.cancel, run=self.id, said=said, fresh=fresh,
            )  # fmt: skip
        except ToolError as error:
            yield ToolReturned(node.id, tool, "", str(error), round(time.monotonic() - started, 3))
            self.budget.check()
            raise
        made = self.made = done.provenance
        yield ToolReturned(
            node.id, tool, done.text, "", done.seconds, made.version, made.at, made.cached, done.left
        )  # fmt: skip
        self.budget.check()
        return done.value

    def made_when(self) -> str:
        """When and by which version the last result was made, as a part of a sentence."""
        if self.made is None:
            return ""
        kept = ", kept from then" if self.made.cached else ""
        return f" (version {self.made.version}, {self.made.at[:16].replace('T', ' ')} UTC{kept})"

    def private(self, texts: Iterable[str]) -> None:
        """Texts of the person's documents that this run has seen: no tool may let them leave."""
        for text in texts:
            self.scratch.add_private(text)

    def permission(self, node: Node, tool: str, query: str) -> Steps[str | None]:
        """Ask whether exactly this query may leave the computer; the query that may, or None."""
        # The preference of the page decides about web search, what was set for the tool about every other.
        web = {"on": "allow", "off": "never"}.get(self.ask.web_search, "ask")
        rule = self.resources.calls.registry.rule(tool)
        permit = web if tool == WEB_SEARCH else self.resources.calls.access.permit(tool, rule)
        if permit != "ask":
            return query if permit == "allow" else None
        request = secrets.token_hex(8)
        what = "search the web" if tool == WEB_SEARCH else f"use {tool}"
        yield Progress(f"Waiting for your permission to {what}")
        yield PermissionAsked(request, node.id, tool, query)
        answer = self.resources.permit(request, self.budget.cancel)
        self.budget.check()
        return answer

    # -- M -------------------------------------------------------------------------------------------------

    def store(self, node: Node, solution: Solution) -> None:
        """Store(q, ans, ver, pass, M): the result of a node."""
        if "memory" in self.ask.without:
            return
        self.resources.notes.store_node(
            run=self.id, node=node.id, parent=node.parent or "", question=node.question or node.title,
            answer=solution.answer or solution.text, ver=solution.check, passed=solution.passed,
            known=solution.known, checked=solution.checked, method=solution.method,
        )  # fmt: skip

    def store_request(self, node: Node, kind: str, request: str, data: str) -> None:
        """Store(q, r, d, M): a request and what it gave."""
        if "memory" in self.ask.without:
            return
        self.resources.notes.store_request(run=self.id, node=node.id, kind=kind, request=request, data=data)


def _called(node: Node, purpose: str, prompt: Prompt, model: ChatModel, room: int, left_out: str) -> ModelCalled:
    messages = tuple(PromptMessage(message.role, message.text) for message in prompt.messages)
    ledger = tuple(
        replace(line, left_out=", ".join(part for part in (line.left_out, left_out) if part))
        if line.source == "passages"
        else line
        for line in prompt.ledger
    )
    return ModelCalled(node.id, purpose, messages, ledger, model.card.window, room)


def _speed(item: Piece, tokens: int, seconds: float) -> str:
    verb = "Thinking" if item.thought else "Writing"
    return f"{verb}, {tokens / seconds:.0f} tokens/s" if seconds > 0.3 else verb
