"""Several needles: a question about several names is asked for each, a question for all of a kind gets every sentence.

One question about three people needs three sentences, and retrieval by meaning brings one person's three times.
"""

from __future__ import annotations

import re

from lottery_chat.planner.long_keywords import SentenceIndex, terms_of

#: Most names of a list, and most sentences of a kind.
NAMES, KIND = 6, 12
_NAME = r"(?:[A-ZÀ-Þ][\w'’-]*(?: [A-ZÀ-Þ][\w'’-]*){0,3}|[\w]+(?:-[\w]+)*\d[\w-]*|[\"“„][^\"”“\n]{1,60}[\"”“])"
_LIST = re.compile(rf"{_NAME}(?:, {_NAME}){{0,4}},? (?:and|und) {_NAME}")
_EVERY = re.compile(
    r"^\s*(?:(?:please\s+)?(?:list|give|name|find|show)\s+(?:me\s+)?(?:all|every)\b|(?:what|which|who)\s+(?:\w+\s+)?(?:are|were)\s+all\b|which of\b.*\ball\b)",
    re.IGNORECASE,
)


def asked_one_by_one(question: str) -> tuple[tuple[str, str], ...]:
    """(name, question about it alone) for a question about a list of names; empty for every other question.

    "Both … and …" and comparisons are about the names together, and stay whole.
    """
    if re.search(
        r"\b(?:both|between|together|in common|same|compared?|than|or|either|difference|relationship|relation|each other)\b",
        question,
        re.I,
    ):
        return ()
    if "?" not in question:
        return ()
    lists = [match for match in _LIST.finditer(question) if match.start() > 0]
    if len(lists) != 1:
        return ()
    match = lists[0]
    before, after = question[: match.start()].rstrip(), question[match.end() :]
    if before.endswith(",") or (re.search(r"\bthe$", before, re.I) and re.match(r" [a-z]+", after)):
        return ()  # a piece of a longer list, or two words for one thing ("the Red and Blue party")
    names = [one.strip() for one in re.split(r",? and |,? und |, ", match.group(0)) if one.strip()]
    if not 2 <= len(names) <= NAMES or len(set(names)) != len(names):
        return ()
    return tuple((name, question[: match.start()] + name + question[match.end() :]) for name in names)


def asks_for_every(question: str) -> bool:
    """Whether all of a kind are asked for."""
    return _EVERY.search(question) is not None


def of_one_kind(question: str, index: SentenceIndex) -> list[int]:
    """The sentences that hold as much of what the question names as the best one does; empty where only one does."""
    swept = index.sweep(terms_of(question), KIND)
    kind = [at for at, share in swept if share >= 0.9 * swept[0][1] and share >= 0.6]
    return sorted(kind) if len(kind) > 1 else []
