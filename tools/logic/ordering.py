"""Ordering texts: who stands where, read by code into premises and goals over whole-number places.

The entities are those a sentence lists ("five birds: an owl, a crow …") or those that the comparisons name. On lines
and in races everybody has a place of their own; in plain comparisons (older, taller) two may be equal unless the text
counts places. A text of which one relevant sentence is not understood is not taken for an ordering at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.logic.language import Compare, Formula, Premise, leaves, show
from tools.logic.message import Message
from tools.logic.ordering_clauses import Clauses, Unclear
from tools.logic.ordering_entities import Entities, entities_of, marker
from tools.logic.ordering_questions import Asking, read_question
from tools.logic.ordering_words import PLACES

MAX_ENTITIES = 20


@dataclass(frozen=True, slots=True)
class OrderingText:
    """A read ordering: entities (keys to shown names), axes for the solver, premises, and what is asked."""

    names: dict[str, str]
    axes: dict[str, dict[str, object]]
    premises: tuple[Premise, ...]
    sentences: tuple[tuple[str, str], ...]
    kind: Literal["options"] | Asking
    goals: tuple[tuple[str, Formula], ...]
    modality: Literal["must", "cannot", "can"]
    asked: str
    assumed: str


def read_ordering(message: Message) -> OrderingText | None:
    """The ordering a message speaks of, None where it is not one that is understood throughout."""
    found = entities_of(message.premises)
    if found is None or not 2 <= len(found.names) <= MAX_ENTITIES:
        return None
    mark = marker(found.names)
    clauses = Clauses(list(found.names), default=_default_axis(" ".join([*message.premises, message.asked])))
    told = _told(message.premises, found, clauses, mark)
    if told is None:
        return None
    premises, sentences = told
    asked = _asked(message, clauses, mark)
    if asked is None or not _on_told_axes(premises, asked[1]):
        return None
    kind, goals = asked
    distinct = clauses.counts or bool(clauses.used & PLACES)
    shape: dict[str, object] = {
        "entities": list(found.names), "places": len(found.names) if distinct else 0, "distinct": distinct
    }  # fmt: skip
    assumed = "" if found.listed else "Assumed: only those named take part."
    if distinct and not clauses.used & PLACES:
        assumed = " ".join([assumed, "Assumed: no two are equal."]).strip()
    return OrderingText(
        names=found.names, axes={axis: shape for axis in sorted(clauses.used)}, premises=tuple(premises),
        sentences=tuple(sentences), kind=kind, goals=tuple(goals), modality=message.modality, asked=message.asked,
        assumed=assumed,
    )  # fmt: skip


def _default_axis(text: str) -> str:
    return "line" if re.search(r"\b(?:left|right|leftmost|rightmost)\b", text) else "rank"


def _told(
    told: Sequence[str], found: Entities, clauses: Clauses, mark: Callable[[str], str]
) -> tuple[list[Premise], list[tuple[str, str]]] | None:
    """The premises, and each sentence with how it was read; None where one about the entities was not understood."""
    premises: list[Premise] = []
    sentences = [(sentence, "background") for sentence in told[: found.start]]
    if found.listed:
        sentences.append((told[found.start], f"entities: {', '.join(found.names)}"))
    for sentence in told[found.start + (1 if found.listed else 0) :]:
        marked = mark(sentence)
        try:
            formula = clauses.clause(marked)
        except Unclear:
            if "@" in marked or sentence.endswith("?"):
                return None
            sentences.append((sentence, "background"))
            continue
        premises.append(Premise(formula, sentence))
        sentences.append((sentence, show(formula)))
    return (premises, sentences) if premises else None


def _asked(
    message: Message, clauses: Clauses, mark: Callable[[str], str]
) -> tuple[Literal["options"] | Asking, list[tuple[str, Formula]]] | None:
    """What is asked, and a goal for each answer it may have; None where it is not understood."""
    try:
        if message.kind == "options":
            return "options", [(option.letter, clauses.clause(mark(option.text))) for option in message.options]
        if message.kind == "statement":
            return "statement", [("", clauses.clause(mark(message.asked)))]
        return read_question(mark(message.asked), clauses)
    except Unclear:
        return None


def _on_told_axes(premises: Sequence[Premise], goals: Sequence[tuple[str, Formula]]) -> bool:
    """Whether what is asked lies on an axis the premises speak of."""
    told = {leaf.axis for premise in premises for leaf in leaves(premise.formula) if isinstance(leaf, Compare)}
    wanted = {leaf.axis for _, goal in goals for leaf in leaves(goal) if isinstance(leaf, Compare)}
    return not wanted or bool(wanted & told)
