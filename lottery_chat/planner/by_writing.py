"""Solve_with_LLM for people: g_φ alone with the last turns in its prompt; free writing and plain questions."""

from __future__ import annotations

import functools
import re

from lottery_chat.events import Progress, TextReplaced
from lottery_chat.messages import Message
from lottery_chat.planner.call_forms import WrittenCall, inline_calls
from lottery_chat.planner.form_asked import Form, form_asked, repeats, watcher
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.long_pasted import asked_before
from lottery_chat.planner.prompts import render
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import PastTurn, Solution
from tools.errors import ToolError

#: Tokens kept for an answer; the rest of the window is for the conversation.
ROOM_TEXT, ROOM_FACT = 900, 400
#: Names under which models write the calculator.
CALCULATORS = frozenset({"calculator", "calc", "calculate"})
#: Turns of the conversation that may stand in a prompt; the window decides how many do.
TURNS = 8


def history_blocks(history: tuple[PastTurn, ...], *, last_stays: bool = False) -> list[Block]:
    """The last turns as messages, oldest first; the oldest gives way first when the window is full."""
    blocks: list[Block] = []
    recent = history[-TURNS:]
    for number, turn in enumerate(recent):
        stays = last_stays and number == len(recent) - 1
        name = f"the turn “{_short(turn.question)}”"
        blocks.append(Block("conversation", Message("user", turn.question), not stays, name))
        blocks.append(Block("conversation", Message("assistant", _plain(turn.text)), not stays, ""))
    return blocks


def by_model(
    run: Run, node: Node, question: str, *, purpose: str, free: bool, long: bool, reason: str = ""
) -> Steps[Solution]:
    """Answer by g_φ alone, streamed; the conversation is in the prompt."""
    yield Progress("Thinking")
    blocks = [Block("system", Message("system", render("chat_system"))), *history_blocks(run.ask.history)]
    blocks.append(Block("question", Message("user", question)))
    if run.ask.so_far:
        # Continue: what was already said stands as the beginning of the reply.
        blocks.append(Block("conversation", Message("assistant", run.ask.so_far)))
    room = ROOM_TEXT if long else ROOM_FACT
    form = None if run.ask.so_far or "```" in question else form_asked(question)
    reply = yield from run.generate(
        node, purpose, blocks, room=room, shown=True, think=run.ask.mode == "deliberate", watch=watcher(form)
    )
    text = (run.ask.so_far + reply.text).strip()
    cut = reply.finish == "length"
    if (again := repeats(reply.text + "\n")) is not None:
        text = (run.ask.so_far + reply.text[:again]).strip()
        yield from run.notice("The model began to repeat itself, so it was stopped there.")
    text = yield from calculated(run, node, text)
    if form is not None:
        text, cut = yield from _in_form(run, node, blocks, form, text, cut)
    return Solution(
        text=text, answer=None if free else _short_answer(text), known="model", checked=False,
        check="" if free else "the model alone; nothing was looked up or computed", status="partial" if cut else "answered",
        reason="the answer was longer than the room kept for it" if cut else reason, free_writing=free, streamed=True,
        can_continue=cut, method="model", passed=bool(text),
    )  # fmt: skip


def _in_form(run: Run, node: Node, blocks: list[Block], form: Form, text: str, cut: bool) -> Steps[tuple[str, bool]]:
    """Bring a text into the form asked for: trimmed by code, else written once more; what is still missed is said."""
    trimmed = form.trimmed(text)
    missed = form.missed(trimmed)
    if missed and form.short_of_sentences(trimmed):
        # Small models go on more surely than they begin again.
        more = [*blocks, Block("tools", Message("assistant", trimmed.rstrip() + " "))]
        reply = yield from run.generate(
            node, "one more sentence", more, room=80, watch=lambda text: form.over(f"{trimmed} {text}")
        )
        longer = form.trimmed(f"{trimmed.rstrip()} {reply.text.strip()}".strip())
        if not form.missed(longer):
            trimmed, missed = longer, ""
    if missed:
        again = [*blocks[:-1], Block("question", Message("user", f"{blocks[-1].message.text}\n{form.asked}"))]
        reply = yield from run.generate(
            node, "once more, in the form asked for", again, room=ROOM_FACT, watch=watcher(form), temperature=0.7,
        )  # fmt: skip
        seconds = (form.trimmed(reply.text.strip()), form.merged(trimmed, reply.text))
        better = next((one for one in seconds if one and not form.missed(one)), None)
        if better is not None:
            trimmed, missed = better, ""
    if missed:
        yield from run.notice(f"Not quite the form you asked for: {missed}.")
    else:
        cut = False
    yield from run.verified(node, missed or "the form asked for is kept", not missed)
    return trimmed, cut


def calculated(run: Run, node: Node, text: str) -> Steps[str]:
    """Replace the calculator calls that stand in a text, [Calculator(3*4)], by their values (Toolformer, row 51).

    The text stays the model's: only the values are calculated, and a notice says which.
    """
    done: list[tuple[WrittenCall, str]] = []
    for call in inline_calls(text):
        known = call.name.lower() in CALCULATORS and bool(call.input)
        reading = run.resources.compute.read(f"Calculate {call.input}") if known else None
        if reading is None:
            continue
        try:
            value = yield from run.call(
                node, "calculator", call.input,
                functools.partial(run.resources.compute.calculate, reading), lambda result: str(result.text),
            )  # fmt: skip
        except ToolError as error:
            yield from run.notice(f"{call.input} could not be calculated: {error}")
            continue
        done.append((call, value.text))
    if not done:
        return text
    for call, value in reversed(done):
        text = text[: call.start] + _beside(value, call, text[call.end :])
    if not run.quiet:
        yield TextReplaced(text)
    made = ", ".join(f"{call.input} = {value}" for call, value in done[:6])
    yield from run.notice(f"Calculated inside the model's text: {made}. The rest is the model's own.")
    return text


def _beside(value: str, call: WrittenCall, after: str) -> str:
    """A value with the text after its call, in which the model may have written the value already."""
    number = re.match(r"\s*([\d,.]*\d)(%?)", after) if call.said else None
    if number and number.group(1) in (value, call.said):
        return value + after[number.end(1) :]
    return value + after


def by_naming(run: Run, node: Node, question: str) -> Steps[Solution]:
    """The answer as a name alone, for another part to take in; one short call."""
    blocks = [
        Block("system", Message("system", render("chat_system"))),
        Block("question", Message("user", f"{question} Answer with the name only, no sentence.")),
    ]
    reply = yield from run.generate(node, "answer with a name", blocks, room=24, stop=("\n",))
    name = reply.text.strip().rstrip(".")
    return Solution(
        text=name,
        answer=name,
        known="model",
        check="the model alone; nothing was looked up or computed",
        method="model",
        passed=bool(name),
    )


def by_transforming(run: Run, node: Node, request: str) -> Steps[Solution]:
    """Put the last answer into another form ("shorter", "in German"); its citations stay with it."""
    yield Progress("Rewriting")
    last = run.ask.history[-1]
    source = _plain(last.text)
    ask = f"{request.strip().rstrip('.!?')}. Rewrite this text accordingly and give only the new text:\n\n{source}"
    blocks = [Block("system", Message("system", render("chat_system"))), Block("conversation", Message("user", ask))]
    reply = yield from run.generate(node, "rewrite the last answer", blocks, room=ROOM_TEXT, shown=True)
    if last.known in ("quoted", "computed", "proved"):
        yield from run.notice(
            f"Rewritten by the model from the answer above, which was {last.known}; the new wording was not checked."
        )
    return Solution(
        text=reply.text.strip(), answer=None, known="model", checked=False, check="rewritten by the model from the answer above",
        free_writing=last.known in ("model", "none"), streamed=True, method="transform",
        status="partial" if reply.finish == "length" else "answered", can_continue=False,
    )  # fmt: skip


def resolve(run: Run, node: Node, question: str) -> Steps[str]:
    """Rewrite a follow-up so that it stands alone: one small step of g_φ, used only where code could not."""
    last = asked_before(run.ask.history[-1:])[0]
    prompt = render(
        "resolve", before=last.question[:400], answer=_plain(last.answer or last.text)[:300], question=question
    )
    blocks = [Block("system", Message("system", render("chat_system"))), Block("question", Message("user", prompt))]
    reply = yield from run.generate(node, "make the question stand alone", blocks, room=60, stop=("\n",))
    text = reply.text.strip().strip('"')
    # A rewrite that lost the new words or became a speech is not used.
    new_words = {word for word in re.findall(r"[a-zäöü]{4,}", question.lower())} - _FILLERS
    kept = sum(word in text.lower() for word in new_words)
    return text if text.endswith("?") and kept >= len(new_words) / 2 and len(text) < 300 else question


_FILLERS = frozenset("what when where which about does this that there then them they their with from have".split())


def _plain(text: str) -> str:
    """An answer as it stood for the person, without quote marks of Markdown."""
    return re.sub(r"^> ?", "", re.sub(r"\*\*", "", text), flags=re.MULTILINE).strip()


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _short_answer(text: str) -> str | None:
    """The answer itself when the reply is one short sentence; else there is no short form."""
    one = text.strip().split("\n")[0].strip()
    return one if 0 < len(one) <= 160 and text.count("\n") <= 1 else None
