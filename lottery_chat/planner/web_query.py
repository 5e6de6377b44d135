"""Make the query that may leave this computer: the person's own words, never a document's text.

Where documents are (attached, pasted or kept), a word that only a model or a document brought in does not leave: a
rewritten follow-up or a sub-question may carry what stands in a private file. As a second lock, any five words in a
row that stand in a document and that the person did not type in that order refuse the query.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.understanding import split_pasted
from lottery_chat.planner.values import Ask
from tools.errors import ToolError

#: Characters of a query; what is longer is a text, not a search.
LONGEST = 200
#: A message longer than this holds a pasted text: only what it asks counts as the person's own words.
_A_TEXT = 400
#: Words in a row that show where a text is from.
IN_A_ROW = 5
_PASSAGES = 12
_WORD = re.compile(r"\w+")
#: Words that say nothing by themselves; a rewritten question may bring them in.
_SMALL = frozenset(
    "a an and are as at be by did do does for from has have how in is it its of on or that the their there this to was"
    " were what when where which who whom whose why will with der die das ein eine ist sind war wer wie was wann wo".split()
)
_REQUEST = re.compile(
    r"^\s*(?:please |can you |could you )*(?:search (?:the )?(?:web|internet|online)(?: for| about)?|google(?: for)?"
    r"|look up(?: online| on the web)?(?: for)?|find online)\s*:?",
    re.IGNORECASE,
)
_WHERE = re.compile(r"\b(?:on the (?:web|internet)|online)\b", re.IGNORECASE)


class NotAllowed(ToolError):
    """The person did not let the query leave, or web search is off, or it would carry a document's words."""


def web_query(ask: Ask, question: str, knowledge: Knowledge | None) -> str:
    """The query that would leave for a question (which may be rewritten, or a part of what was asked).

    Args:
        knowledge: the documents there are; None when there are none.

    Raises:
        NotAllowed: it holds a run of words of a document that the person did not type.
    """
    query = _plain_query(question)
    if knowledge is None and not ask.documents and not ask.must_use_documents:
        return query
    own = own_texts(ask)
    if foreign_words(query, own):
        query = _plain_query(_typed(ask.words))
    title = _taken_from(query, own, knowledge, ask.documents or None) if knowledge is not None else ""
    if title:
        raise NotAllowed(
            f"The search was not sent: it would have carried words of your document {title!r}. Ask in your own words."
        )
    return query


def own_texts(ask: Ask) -> tuple[str, ...]:
    """What the person typed in this conversation, pasted texts and all answers left out."""
    return (_typed(ask.words), *(_typed(turn.question) for turn in ask.history))


def foreign_words(query: str, own: Sequence[str]) -> frozenset[str]:
    """The words of a query that none of these texts holds, small words aside."""
    said = {word for text in own for word in _words(text)}
    return frozenset(word for word in _words(query) if word not in said and word not in _SMALL)


def shared_run(query: str, text: str, own: Sequence[str] = ()) -> str:
    """The first five words in a row of the query that stand in the text and in none of `own`; "" when none does."""
    words = _words(query)
    if len(words) < IN_A_ROW:
        return ""
    held = _runs(text)
    typed = {run for one in own for run in _runs(one)}
    for at in range(len(words) - IN_A_ROW + 1):
        run = tuple(words[at : at + IN_A_ROW])
        if run in held and run not in typed:
            return " ".join(run)
    return ""


def _taken_from(query: str, own: Sequence[str], knowledge: Knowledge, document_ids: Sequence[str] | None) -> str:
    if len(_words(query)) < IN_A_ROW:
        return ""
    for hit in knowledge.search(query, document_ids=document_ids, limit=_PASSAGES):
        if shared_run(query, hit.passage.text, own):
            return str(hit.passage.title)
    return ""


def _plain_query(question: str) -> str:
    """The question without the request to search."""
    query = " ".join(_WHERE.sub("", _REQUEST.sub("", question)).split()).strip(" ?.:,")
    return (query or " ".join(question.split()))[:LONGEST]


def _typed(text: str) -> str:
    whole = text.strip()
    return split_pasted(whole)[0] if len(whole) > _A_TEXT or "\n" in whole else whole


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[at : at + IN_A_ROW]) for at in range(len(words) - IN_A_ROW + 1)}
