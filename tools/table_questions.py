"""A question over a table as one small typed query, read by code: what is asked, of which column, of which rows.

StructGPT's way for small models: the reading of the structure is code's. A reading says which words it could not use;
only a question that is read whole is answered by code alone. What this does not do: joins, shares, differences,
questions for yes or no.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tools.table_asked import Asked
from tools.table_filters import read_filters
from tools.table_forms import form_of
from tools.table_leftovers import unread_words
from tools.table_mentions import Mention, Vocabulary, mentions_in
from tools.table_queries import Query
from tools.table_reading import Reading
from tools.table_roles import Roles, Undecided

_LONGEST = 600
_YES_NO = re.compile(
    r"\s*(?:is|are|was(?! (?:ist|sind|war|kostet|kosten)\b)|were|does|do|did|has|have|had|can|could|will|would|should|may|ist|sind|hat|haben|war|waren|gibt es|why|how come|warum)\b",
    re.I,
)


def read_question(question: str, words: Vocabulary, chosen: int = -1) -> Reading | None:
    """Read a question over a table; None where it asks for nothing that a query gives.

    Args:
        chosen: the column that was chosen (by somebody else) for the role that was open.
    """
    if _YES_NO.match(question) or len(question) > _LONGEST:
        return None
    tokens, mentions = mentions_in(question, words)
    asked = Asked(words.sheet, tokens, mentions)
    read_filters(asked)
    if asked.broken:
        return None
    roles = Roles(asked, chosen)
    try:
        read = form_of(asked, roles)
    except Undecided as role:
        read = Reading(Query(), "value", "", open=role.role, choices=role.choices)
    if read is None:
        return None
    # A reading that is open is no answer yet, so the doubts of its conditions are not said with it.
    doubts = () if read.open else tuple(dict.fromkeys((*asked.doubts, *read.doubts)))
    evidence = _evidence(mentions, words, asked)
    return replace(
        read, unread=unread_words(asked, {*asked.filtered, read.target, read.measure}, roles.entity()),
        doubts=doubts, evidence=evidence, closeness=_closeness(mentions) + evidence,
    )  # fmt: skip


def _evidence(mentions: Sequence[Mention], words: Vocabulary, asked: Asked) -> int:
    """How many mentions are of this very table."""
    found = sum(
        bool(one.columns or one.implied) or (one.kind == "title" and one.value in words.title) for one in mentions
    )
    # A whole name of several words ("hourly wage") is no chance.
    found += sum(one.kind == "column" and not one.note and one.exact and " " in one.text for one in mentions)
    # A date that only this table's one column of dates can mean is a mention of it too.
    return found + any(one.comparison in ("in month", "starts with") for one in asked.filters)


def _closeness(mentions: Sequence[Mention]) -> int:
    """Whole headers and cells count more than parts of them, and those more than synonyms."""
    return sum({"part": 2, "synonym": 1}.get(one.note, 3) for one in mentions if one.columns)
