"""Solve by one of the person's own tools (MCP servers): chosen by R, arguments by code, else by g_φ; asked first.

What a server gives is untrusted: it is shown as the server's words and read by nobody, so that it chooses nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lottery_chat.calls.context import within
from lottery_chat.calls.registry import Entry
from lottery_chat.events import Progress
from lottery_chat.planner.by_calling import by_calling
from lottery_chat.planner.filling import fill
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution
from tools.errors import ToolError

#: Likeness of a question to a tool's card from which on the tool is tried.
NEAR = 0.5
#: So many tools at most are shown to the model.
MOST = 4


def near_tools(run: Run, question: str) -> tuple[Entry, ...]:
    """The person's tools that a question is about, nearest first: named in it, or near by their cards."""
    layer = run.resources.calls
    entries = [one for one in layer.registry.entries() if layer.access.permit(one.card.name, one.rule) != "never"]
    if not entries:
        return ()
    words = set(re.findall(r"[^\W_]+", question.lower()))
    named = [one for one in entries if _named(one, words)]
    rows = run.resources.similar([question[:600]], [one.card.text()[:600] for one in entries])
    scored = sorted(zip(rows[0], entries, strict=True), key=lambda pair: -pair[0]) if rows else []
    near = [one for score, one in scored if score >= NEAR and one not in named]
    if len(named) > 1 and scored:
        order = {one.card.name: place for place, (_, one) in enumerate(scored)}
        named.sort(key=lambda one: order[one.card.name])
    return tuple([*named, *near][:MOST])


def _named(entry: Entry, words: set[str]) -> bool:
    """Whether the question names the server, or every word of the tool's own name where that has two or more."""
    server, _, own = entry.card.name.partition(".")
    parts = set(re.findall(r"[^\W_]+", own.lower()))
    return server.lower() in words or (len(parts) > 1 and parts <= words)


def by_tools(run: Run, node: Node, question: str, entries: Sequence[Entry]) -> Steps[Solution]:
    """Answer with the result of one call.

    Raises:
        ToolError: no call fits, the person did not allow it, or the tool failed; the sentence says which.
    """
    entry, arguments = yield from _chosen(run, node, question, entries)
    name = entry.card.name
    child = yield from run.open("function", f"use {name}", node)
    shown = json.dumps(arguments, ensure_ascii=False, sort_keys=True)
    allowed = yield from run.permission(child, name, shown)
    if not allowed:
        yield child.closed("skipped", "not allowed")
        raise ToolError(f"{name} was not used, because you did not allow it.")
    given = _edited(name, allowed)
    yield Progress(f"Waiting for {name}")
    try:
        text = yield from run.call(
            child, name, allowed,
            lambda: entry.call(given, entry.rule.seconds - 0.5, run.budget.cancel), lambda result: result,
        )  # fmt: skip
    except ToolError as error:
        yield child.closed("failed", str(error))
        raise
    run.store_request(child, name, allowed, text[:20_000])
    kept = within(text.strip(), entry.rule.shown)
    if kept.left:
        yield from run.notice(f"Of what {name} gave, {kept.left:,} characters are not shown; the trace has more.")
    yield child.closed("done", kept.text[:80])
    quoted = "\n".join(f"> {line}" for line in kept.text.splitlines())
    short = kept.text if len(kept.text) <= 160 and "\n" not in kept.text else None
    return Solution(
        text=f"{name} says:\n\n{quoted}", answer=short, known="quoted", checked=False, method="tool",
        check=f"the words of {name}{run.made_when()}, called with {allowed[:200]}; not checked",
    )  # fmt: skip


def _chosen(run: Run, node: Node, question: str, entries: Sequence[Entry]) -> Steps[tuple[Entry, Mapping[str, Any]]]:
    """The tool and its arguments: by code where the nearest is the only one and nothing is missing, else by g_φ."""
    first = entries[0]
    filled = fill(first.card, question)
    if len(entries) == 1 and not filled.missing:
        yield from run.verified(node, "the arguments were read from the question by code", True)
        return first, filled.arguments
    offered = [
        {"name": one.card.name, "description": one.card.purpose, "parameters": one.card.json_schema()}
        for one in entries
    ]
    written = yield from by_calling(run, node, question, offered)
    calls = json.loads(written.answer or "[]")
    if not calls:
        raise ToolError(f"None of your tools was used: {written.reason}.")
    if len(calls) > 1:
        yield from run.notice(f"{len(calls)} calls would be needed; only the first was made.")
    entry = next(one for one in entries if one.card.name == calls[0]["name"])
    # What code read from the question itself stands before what the model wrote.
    sure = fill(entry.card, question).arguments
    return entry, {**calls[0]["arguments"], **sure}


def _edited(name: str, allowed: str) -> Mapping[str, Any]:
    """The arguments that the person allowed, perhaps edited."""
    try:
        value = json.loads(allowed)  # nothing is repaired here: what is called is what was allowed
    except (ValueError, RecursionError) as error:
        raise ToolError(f"{allowed[:80]!r} are no arguments for {name}: {error}. Write a JSON object.") from error
    if not isinstance(value, dict):
        raise ToolError(f"{allowed[:80]!r} are no arguments for {name}. Write a JSON object.")
    return value
