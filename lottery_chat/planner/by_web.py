"""Solve by searching the web: the exact query is asked for first, the best pages are read, the newest comes last.

Sources: ReAct's search, FreshPrompt's order (paper.md 2.8). Page text is untrusted: it is shown to g_φ as notes
and never chooses a tool or an address. The answer says of which day it is.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from lottery_chat.events import Citation, FoundPassage, PassagesFound, Progress, TextDelta
from lottery_chat.messages import Message
from lottery_chat.planner.copied import normalised
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.prompts import render
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution
from lottery_chat.planner.web_evidence import Source, newer_silent, resting_on, sources, unsupported
from lottery_chat.planner.web_query import NotAllowed, web_query
from tools.errors import ToolError

RESULTS = 5
#: Pages that are read, best results first.
PAGES = 3
#: Pages are not read when less time (seconds) than this is left: the answer needs it.
TIME_TO_READ = 20.0
_MONTHS = "January February March April May June July August September October November December".split()


def by_web(run: Run, node: Node, question: str, knowledge: Knowledge | None = None) -> Steps[Solution]:
    """Answer from the web.

    Args:
        knowledge: the documents there are, whose text must not leave in the query.

    Raises:
        ToolError: not allowed, offline, no results, time-out; the sentence says which.
    """
    query = web_query(run.ask, question, knowledge)
    allowed = yield from run.permission(node, "web search", query)
    if not allowed:
        raise NotAllowed(
            "Web search is off." if run.ask.web_search == "off" else "You did not let the search leave this computer."
        )
    results = yield from _search(run, node, allowed)
    pages = yield from _pages(run, node, results)
    evidence = sources(question, results, pages, run.resources.similar)
    yield PassagesFound(node.id, allowed, tuple(_found(one) for one in evidence))
    return (yield from _read(run, node, question, evidence))


def _search(run: Run, node: Node, query: str) -> Steps[Sequence[Any]]:
    child = yield from run.open("function", f"search the web: {query}", node)
    yield Progress("Searching the web")
    try:
        found = yield from run.call(
            child,
            "web search",
            query,
            lambda: run.resources.web.search(query, RESULTS, run.budget.cancel),
            lambda found: "\n".join([f"From {found.engine}:", *(_line(one) for one in found.results)]),
        )
    except ToolError as error:
        yield child.closed("failed", str(error))
        raise
    for sentence in found.said:
        yield from run.notice(sentence)
    yield child.closed("done", f"{len(found.results)} results from {found.engine}")
    run.store_request(child, "web", query, "\n".join(_line(one) for one in found.results))
    return found.results  # type: ignore[no-any-return]


def _pages(run: Run, node: Node, results: Sequence[Any]) -> Steps[dict[str, Any]]:
    """Read the best pages side by side; a page that cannot be read leaves its result's own summary."""
    if run.ask.mode == "fast" or run.budget.seconds_left < TIME_TO_READ:
        return {}
    addresses = tuple(one.url for one in results[:PAGES])
    child = yield from run.open("function", f"read {len(addresses)} pages", node)
    yield Progress("Reading the pages found")
    try:
        read = yield from run.call(
            child,
            "web page",
            "\n".join(addresses),
            lambda: run.resources.web.read(addresses, run.budget.cancel),
            lambda read: "\n".join(_outcome(one) for one in read),
        )
    except ToolError as error:
        yield child.closed("failed", str(error))
        return {}
    pages = {one.url: one.page for one in read if one.page is not None}
    if not pages and read:
        yield from run.notice("No page that was found could be read, so the answer rests on the search's summaries.")
    yield child.closed("done" if pages else "failed", f"{len(pages)} of {len(read)} read")
    run.store_request(child, "web page", "\n".join(addresses), "\n".join(_outcome(one) for one in read))
    return pages


def _read(run: Run, node: Node, question: str, evidence: Sequence[Source]) -> Steps[Solution]:
    child = yield from run.open("model", "read the results", node)
    notes = "\n".join(one.line for one in evidence)
    prompt = render("web", notes=notes, today=datetime.date.today().isoformat(), question=question)
    blocks = [Block("system", Message("system", render("chat_system"))), Block("passages", Message("user", prompt))]
    reply = yield from run.generate(child, "answer from the results", blocks, room=160, shown=True)
    text = reply.text.strip()
    yield child.closed("done", text)
    if not text or normalised(text).startswith("the results do not say"):
        return Solution(
            text=text or "The results do not say.",
            known="none",
            status="not_in_documents",
            passed=False,
            reason="the search results do not say",
            method="web",
            streamed=bool(text),
        )
    missing = unsupported(text, question, evidence)
    cited = resting_on(text, question, evidence)
    yield from run.verified(child, "names and numbers of the answer stand in the sources", not missing and bool(cited))
    said = _as_of(cited or evidence, evidence)
    if not run.quiet:
        yield TextDelta(f" {said}")
    if missing or not cited:
        lacking = f" ({', '.join(missing[:3])})" if missing else ""
        return Solution(
            text=f"{text} {said}", known="model", method="web", streamed=True,
            check=f"the sources that were found do not hold what this says{lacking}; it is the model's own",
        )  # fmt: skip
    newer = newer_silent(cited, evidence)
    silent = f"; a newer source, of {_day(newer)}, does not say it" if newer else ""
    return Solution(
        text=f"{text} {said}", known="quoted", checked=False, citations=tuple(_citation(one) for one in cited),
        method="web", streamed=True,
        check=f"in the model's words from {'pages' if any(one.read for one in cited) else 'search results'} looked up "
        f"on {_day(cited[0].fetched_at)}; not checked against a second source{silent}",
    )  # fmt: skip


def _as_of(cited: Sequence[Source], evidence: Sequence[Source]) -> str:
    """Of which day the answer is: when it was looked up, and how old what it rests on is."""
    looked_up = max((one.fetched_at for one in evidence), default="")
    newest = max((one.date for one in cited), default="")
    source = f"source of {_day(newest)}" if newest else "the source gives no date"
    other = next((one.other_date for one in cited if one.date == newest and one.other_date), "")
    contradicted = f", or of {_day(other)} as the search says" if other else ""
    return f"(As of {_day(looked_up)}; {source}{contradicted}.)"


def _day(date: str) -> str:
    """2026-03-05 as 5 March 2026; a month alone and what is no date as they can be said."""
    parts = date[:10].split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3 or not 1 <= int((parts + ["1"])[1]) <= 12:
        return date[:10] or "an unknown day"
    words = [str(int(parts[2]))] if len(parts) == 3 else []
    return " ".join([*words, *([_MONTHS[int(parts[1]) - 1]] if len(parts) > 1 else []), parts[0]])


def _outcome(read: Any) -> str:
    if read.page is None:
        return f"- {read.url}: {read.problem}"
    return f"- {read.page.date or 'no date'}, {read.url}: {len(read.page.text):,} characters"


def _line(one: Any) -> str:
    return f"- {one.date or 'no date'}, {one.title}: {' '.join(str(one.snippet).split())}"


def _citation(one: Source) -> Citation:
    return Citation("web", one.title, None, one.url, one.date or one.fetched_at, one.text)


def _found(one: Source) -> FoundPassage:
    return FoundPassage("", "", one.title, None, one.text, 1.0, url=one.url, date=one.date, used=True)
