"""Resources that a question calls for by its words (rules) or its nearness to their examples (R), in the order they are tried."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from lottery_chat.planner.by_tools import near_tools
from lottery_chat.planner.run import Run
from lottery_chat.planner.splitting import schedule_for
from lottery_chat.planner.understanding import Understood, is_problem, numbers_in

Resource = Literal[
    "functions",
    "stated",
    "tools",
    "calculator",
    "equations",
    "logic",
    "documents",
    "summary",
    "collection",
    "table",
    "json",
    "program",
    "shelf",
    "web",
]

#: Similarity of a question to a tool's example questions above which R proposes the tool on its own.
PROPOSES = 0.55
#: The same for a tool of the shelf, when the question gives it something to work on (a number, a quotation, a list)
#: and when it does not.
SHELF, SHELF_BARE = 0.5, 0.65
#: A short question so near to a tool goes to it before a program is written. Of 240 items of gsm8k, svamp and asdiv one
#: is both; "How much does a loan of … cost a month?" is 0.77.
SHELF_SURE, SHORT = 0.6, 25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource that may answer, and why it was chosen; `data` is what the rule already read."""

    resource: Resource
    why: str
    data: Any = None
    must: bool = False


def candidates(run: Run, question: str, understood: Understood, *, has_documents: bool) -> tuple[Candidate, ...]:
    """Return the resources to try, first one first; empty when none covers the question as a whole."""
    ask, prove = run.ask, run.resources.prove
    kind = understood.kind
    if ask.tools:
        return (Candidate("functions", "functions are offered", must=True),)
    if kind in ("writing", "talk", "transform", "lacks"):
        return ()
    if certain := _certain(run, question):
        return certain
    if kind in ("summary", "collection"):
        return (Candidate(kind, understood.why, understood.page, must=True),)
    if "solver" not in ask.without and prove.looks_like_logic(question):
        return (Candidate("logic", "facts, rules or an order, and a statement to decide"),)
    if "divide" not in ask.without and schedule_for(question) is not None:
        return ()
    must = ask.must_use_documents and ask.retrieval != "closed-book"
    found: list[Candidate] = []
    if kind == "web":
        found.append(Candidate("web", understood.why))
    if must:
        found.append(Candidate("documents", "the question is about a document", must=True))
    elif is_problem(question) and "python" not in ask.without:
        found += _sure_tool(run, question)
        found.append(Candidate("program", "a word problem: quantities are given and one is asked for"))
    elif has_documents and ask.retrieval != "closed-book":
        found += _kept_or_worked_out(run, question)
    if not found and "python" not in ask.without:
        found += _from_shelf(run, question)
        found += _proposed(run, question) if numbers_in(question) else []
    return tuple(found)


_MATERIAL = re.compile(
    r"\d|[\"“”„«]|'[^']+'|\w, \w+,? (?:and|or|und)\b|\w, \w+, \w|#[0-9a-f]{3}|(?-i:\b[MDCLXVI]{3,}\b)", re.I
)


def _sure_tool(run: Run, question: str) -> list[Candidate]:
    """A tool of the shelf that is surely meant: the question is short and very near."""
    return _from_shelf(run, question, SHELF_SURE) if len(question.split()) <= SHORT else []


def _kept_or_worked_out(run: Run, question: str) -> list[Candidate]:
    """The documents, and a tool: before them where it is surely meant, after them where they may not say it."""
    kept = Candidate("documents", "the knowledge base may cover it", must=run.ask.retrieval == "always")
    if "python" in run.ask.without:
        return [kept]
    tools = _sure_tool(run, question)
    return [*tools, kept] if tools or not _MATERIAL.search(question) else [kept, *_from_shelf(run, question)]


def _from_shelf(run: Run, question: str, least: float = 0.0) -> list[Candidate]:
    """R over C: the tools of the shelf whose cards are near enough to the question."""
    material = _MATERIAL.search(question) is not None
    least = max(least, SHELF if material else SHELF_BARE)
    near = run.resources.shelf(question, material)
    if not near or max(score for _, score in near) < least:
        return []
    best = max(near, key=lambda pair: pair[1])
    return [Candidate("shelf", f"nearest tool {best[0].card.name} ({best[1]:.2f})", [tool for tool, _ in near])]


def _certain(run: Run, question: str) -> tuple[Candidate, ...]:
    """The calculator where the whole question is one; else the person's own tools where it is about them."""
    reading = run.resources.compute.read(question)
    if reading is not None:
        return (Candidate("calculator", "the whole question is a calculation", reading),)
    relations = run.resources.compute.equations(question)
    if relations is not None:
        return (
            Candidate("equations", "the whole question is relations between numbers", relations),
            Candidate("program", "a word problem"),
        )
    said = run.resources.spoken(question) if "python" not in run.ask.without else None
    if said is not None:
        return (Candidate("shelf", f"said in a form of the tool {said[0].card.name}", said),)
    entries = near_tools(run, question)
    return (Candidate("tools", f"near to your tool {entries[0].card.name}", entries),) if entries else ()


def _proposed(run: Run, question: str) -> list[Candidate]:
    """R over C: what no rule claims goes to the tool whose examples are nearest, if they are near enough."""
    best = next(iter(run.resources.find_tools(question)), None)
    if best and best[1] >= PROPOSES and best[0] == "program" and len(numbers_in(question)) >= 2:
        return [Candidate("program", f"nearest to the examples of the tool ({best[1]:.2f})")]
    return []
