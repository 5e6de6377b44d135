"""Solve by searching the web: the exact query is asked for first, results are dated and newest come last.

Sources: ReAct's search, FreshPrompt's order (paper.md 2.8). Page text is untrusted: it is shown to g_φ as notes
and never chooses a tool or an address.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any

from lottery_chat.events import Citation, FoundPassage, PassagesFound, Progress
from lottery_chat.messages import Message
from lottery_chat.planner.by_documents import normalised
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.prompts import render
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution
from tools.errors import ToolError

RESULTS = 5


class NotAllowed(ToolError):
    """The person did not let the query leave, or web search is off."""


def by_web(run: Run, node: Node, question: str) -> Steps[Solution]:
    """Answer from the web.

    Raises:
        ToolError: not allowed, offline, no results, time-out; the sentence says which.
    """
    query = web_query(question)
    allowed = yield from run.permission(node, "web search", query)
    if not allowed:
        raise NotAllowed(
            "Web search is off." if run.ask.web_search == "off" else "You did not let the search leave this computer."
        )
    child = yield from run.open("function", f"search the web: {allowed}", node)
    yield Progress("Searching the web")
    try:
        results = yield from run.call(
            child,
            "web search",
            allowed,
            lambda: run.resources.web.search(allowed, RESULTS),
            lambda found: "\n".join(_line(one) for one in found),
        )
    except ToolError as error:
        yield child.closed("failed", str(error))
        raise
    results = sorted(results, key=lambda one: str(one.date or ""))
    yield PassagesFound(child.id, allowed, tuple(_found(one) for one in results))
    yield child.closed("done", f"{len(results)} results")
    run.store_request(child, "web", allowed, "\n".join(_line(one) for one in results))
    return (yield from _read(run, node, question, results))


def web_query(question: str) -> str:
    """The query that would leave: the person's own words without the request to search."""
    query = re.sub(
        r"^\s*(please |can you |could you )*(search (the )?(web|internet|online)( for| about)?|google( for)?|look up( online| on the web)?( for)?|find online)\s*:?",
        "", question, flags=re.IGNORECASE,
    )  # fmt: skip
    query = re.sub(r"\b(on the (web|internet)|online)\b", "", query, flags=re.IGNORECASE)
    return " ".join(query.split()).strip(" ?.:,")[:200] or question.strip()[:200]


def _read(run: Run, node: Node, question: str, results: Sequence[Any]) -> Steps[Solution]:
    child = yield from run.open("model", "read the results", node)
    notes = "\n".join(_line(one) for one in results)
    prompt = render("web", notes=notes, today=datetime.date.today().isoformat(), question=question)
    blocks = [Block("system", Message("system", render("chat_system"))), Block("passages", Message("user", prompt))]
    reply = yield from run.generate(child, "answer from the results", blocks, room=160, shown=True)
    text = reply.text.strip()
    yield child.closed("done", text)
    if normalised(text).startswith("the results do not say"):
        return Solution(
            text=text,
            known="none",
            status="not_in_documents",
            passed=False,
            reason="the search results do not say",
            method="web",
            streamed=True,
        )
    cited = tuple(
        Citation("web", one.title, None, one.url, str(one.date or one.fetched_at), one.snippet)
        for one in _resting_on(text, results)
    )
    return Solution(
        text=text, known="quoted", checked=False, citations=cited, method="web", streamed=True,
        check="in the model's words from search results of today; not checked against a second source",
    )  # fmt: skip


def _resting_on(text: str, results: Sequence[Any]) -> list[Any]:
    """The results that share names or numbers with the answer; all of them when none does."""
    words = {word for word in normalised(text).split() if len(word) > 3 or word.isdigit()}
    scored = [(len(words & set(normalised(one.snippet + " " + one.title).split())), one) for one in results]
    best = max((score for score, _ in scored), default=0)
    return [one for score, one in scored if score and score >= best / 2] or list(results)


def _line(one: Any) -> str:
    return f"- {one.date or 'no date'}, {one.title}: {' '.join(str(one.snippet).split())}"


def _found(one: Any) -> FoundPassage:
    return FoundPassage("", "", one.title, None, one.snippet, 1.0, url=one.url, date=str(one.date or ""), used=True)
