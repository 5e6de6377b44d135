"""Solve with one external resource (Algorithm 1, lines 24-32): its requests, what they gave, and the answer from it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from lottery_chat.errors import ModelError
from lottery_chat.planner.about_collection import by_collection
from lottery_chat.planner.by_calculation import by_calculation, by_equations
from lottery_chat.planner.by_calling import by_calling
from lottery_chat.planner.by_documents import by_reading
from lottery_chat.planner.by_json import by_json
from lottery_chat.planner.by_program import by_program
from lottery_chat.planner.by_proving import by_proof
from lottery_chat.planner.by_shelf import by_shelf
from lottery_chat.planner.by_summing_up import by_summary
from lottery_chat.planner.by_table import by_table
from lottery_chat.planner.by_tools import by_tools
from lottery_chat.planner.by_web import by_web
from lottery_chat.planner.closed_book import by_heart
from lottery_chat.planner.collection_questions import AboutCollection, read_collection
from lottery_chat.planner.coverage import Covers
from lottery_chat.planner.long_by_code import by_code
from lottery_chat.planner.long_reading import by_long_text
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.retrieving import retrieve
from lottery_chat.planner.routing import Candidate
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.scope import Scope
from lottery_chat.planner.understanding import is_explanation
from lottery_chat.planner.values import Solution
from tools.errors import ToolError


def execute(
    run: Run, scope: Scope, node: Node, question: str, candidate: Candidate, *, brief: bool = False
) -> Steps[Solution]:
    """Answer from this resource.

    Args:
        brief: the answer is wanted as a name alone, because another part takes it in.

    Raises:
        ToolError: the tool's own sentence; the next resource may be tried.
        KnowledgeError: the documents could not be looked into.
    """
    by_function = _by_function(run, scope, node, question, candidate)
    if by_function is not None:
        return (yield from by_function)
    knowledge = scope.knowledge
    if knowledge is None:
        raise ToolError("There are no documents yet. Drop a file here to ask about it.")
    if candidate.resource == "collection":
        wanted = read_collection(question, [one.title for one in scope.ready()]) or AboutCollection("list")
        return (yield from by_collection(run, node, knowledge, wanted, scope.documents))
    if candidate.resource == "json":
        return (yield from by_json(run, node, knowledge, candidate.data))
    if candidate.resource == "summary":
        return (yield from _summed_up(run, scope, node, knowledge, question))
    if candidate.must and scope.attached and "preprocess" not in run.ask.without:
        return (yield from by_long_text(run, node, knowledge, question, scope.documents))
    return (yield from _by_evidence(run, scope, node, knowledge, question, must=candidate.must, brief=brief))


def _by_function(run: Run, scope: Scope, node: Node, question: str, candidate: Candidate) -> Steps[Solution] | None:
    """Lines 29-30: what solves by an external function; None where documents are asked."""
    data = candidate.data
    cross_check = run.ask.mode != "fast" and "verify" not in run.ask.without
    votes = 3 if run.ask.mode == "deliberate" else 1
    ways: dict[str, Callable[[], Steps[Solution]]] = {
        "functions": lambda: by_calling(run, node, run.ask.words, run.ask.tools),
        "stated": lambda: by_code(run, node, data),
        "calculator": lambda: by_calculation(run, node, question, data),
        "equations": lambda: by_equations(run, node, data),
        "tools": lambda: by_tools(run, node, question, data),
        "logic": lambda: by_proof(run, node, question),
        "program": lambda: by_program(run, node, question, cross_check=cross_check, votes=votes),
        "shelf": lambda: by_shelf(run, node, question, data),
        "table": lambda: by_table(run, node, question, data),
        "web": lambda: by_web(run, node, question, scope.knowledge or run.resources.knowledge()),
    }
    return ways[candidate.resource]() if candidate.resource in ways else None


def _summed_up(run: Run, scope: Scope, node: Node, knowledge: Knowledge, question: str) -> Steps[Solution]:
    """The document that is meant, summed up; asked back where several could be."""
    documents = [one for one in scope.ready() if not scope.documents or one.id in scope.documents]
    if not documents:
        raise ToolError("There is no document to sum up yet. Drop a file here first.")
    if len(documents) > 1 and not scope.documents:
        titles = ", ".join(one.title for one in documents[:8])
        return Solution(
            text=f"Which file do you mean? There are: {titles}.", status="asked_back", known="none",
            reason="several files", method="asked back",
        )  # fmt: skip
    sections = not re.search(r"\babout\b|worum", question, re.IGNORECASE)
    document = documents[-1]
    return (yield from by_summary(run, node, knowledge, document.id, document.title, sections=sections))


def _by_evidence(
    run: Run, scope: Scope, node: Node, knowledge: Knowledge, question: str, *, must: bool, brief: bool
) -> Steps[Solution]:
    """Lines 26-27 and 32: R over D, then read. Where nobody asked for documents they answer only what they cover."""
    evidence = yield from retrieve(run, node, knowledge, question, scope.documents)
    coverage = run.resources.coverage()
    covers = coverage.of(evidence.best, evidence.named)
    if not must and covers == "not":
        nearest = f"nearest passage {evidence.best:.2f}, below {coverage.looks:.2f}"
        return Solution(text="", known="none", passed=False, method="documents", check=nearest)
    if not must and not brief and "gate" not in run.ask.without and _may_be_known(run, question, covers):
        known = yield from by_heart(run, node, question)
        if known is not None:
            return known
    return (yield from by_reading(run, node, knowledge, question, evidence))


def _may_be_known(run: Run, question: str, covers: Covers) -> bool:
    """Whether the model is asked what it knows: the documents do not clearly cover a question for a fact.

    It is asked after retrieval, not beside it: retrieval takes a tenth or less of the time of such an answer and tells
    for most questions (215 of the 291 of `lab gates`) that there is nothing to ask.
    """
    if covers == "clearly" or is_explanation(question):
        return False
    try:
        return math.isfinite(run.gates().knows)
    except (ModelError, ToolError):
        return False
