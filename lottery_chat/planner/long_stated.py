"""Read "the R of A is V" out of a long text by code: every such sentence, links followed ("the same as the R of B").

The paper's retrieval can bring one sentence and miss its siblings; a question for all of them, or one that leads from
sentence to sentence, is answered only after the whole text was swept. What is no plain value is left to the model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.passage import Sentence
from lottery_chat.planner.long_keywords import SentenceIndex, Term, folded

#: Most links followed.
LINKS = 8
_ASKED = re.compile(
    r"\s*(?:according to [^,]{1,60},\s*)?(?:what|which|who)(?:'s|\s+(?P<be>is|are|was|were))\s+(?P<all>all\s+)?(?:of\s+)?(?:the\s+)"
    r"(?P<relation>[^?]{2,60}?)\s+(?:of|for)\s+(?P<whom>[^?]{1,80}?)"
    r"(?:\s+(?:in|according to|by|from)\s+(?:the|this|that|my)\s+(?:text|document|file|page|article|list)s?)?\s*\?",
    re.IGNORECASE,
)
_LISTS = re.compile(
    r"\s*(?:please\s+)?(?:list|give|name|find|show)\s+(?:me\s+)?(?P<all>all\s+|every\s+)(?:of\s+)?(?:the\s+)?"
    r"(?P<relation>[^?.]{2,60}?)\s+(?:of|for)\s+(?P<whom>[^?.]{1,80}?)(?:\s+in\s+(?:the|this)\s+(?:text|document|file))?\s*[.?]?\s*$",
    re.IGNORECASE,
)
_SAME = re.compile(r"(?:exactly\s+)?(?:the same as|equal to|identical to|that of|the one of)\s+", re.IGNORECASE)
#: What follows "is" without being the value: a comparison, a denial, a change.
_NO_VALUE = re.compile(
    r"\b(?:not|no|never|unknown|unclear|than|higher|lower|greater|rising|falling|growing|being|still|yet|said|known|thought|often|usually)\b",
    re.IGNORECASE,
)
_PLAIN_VALUE = re.compile(r"\d|^[\"“„«']|^(?:the\s+)?[A-ZÀ-Þ]|\b[A-Z]{2,}\b")


@dataclass(frozen=True, slots=True)
class Stated:
    """Values with the sentences they were read from, in the order of the text; `links` led from one to the next."""

    values: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    every: bool
    links: int = 0
    others: tuple[Sentence, ...] = ()

    @property
    def unread(self) -> int:
        """How many sentences speak of it and were not read."""
        return len(self.others)

    @property
    def sure(self) -> bool:
        """Whether the answer is whole and single: no value contradicts it, no sentence about it was left unread."""
        return not self.unread and (self.every or len(self.values) == 1)

    @property
    def check(self) -> str:
        """How it is known, as a sentence."""
        count = len(self.sentences)
        if self.unread:
            return f"read by code from {count} sentences; {self.unread} more that speak of it were not read"
        if self.links:
            return f"followed by code through {count} sentences; the whole text was swept"
        if self.every:
            return f"every sentence of the text was swept by code; {count} state it"
        if len(self.values) > 1:
            return f"the text states {len(self.values)} different values; all are shown"
        return "read by code from the quoted sentence; the whole text was swept"


@dataclass(frozen=True, slots=True)
class _Wanted:
    relation: tuple[str, ...]
    whom: str
    every: bool
    past: bool | None


def read_stated(question: str, index: SentenceIndex) -> Stated | None:
    """The value(s) that sentences of this form state; None where the question or the sentences have another form."""
    match = _ASKED.match(question) or _LISTS.match(question)
    if match is None:
        return None
    groups = match.groupdict()
    be = (groups.get("be") or "").lower()
    every = bool(groups.get("all")) or be in ("are", "were")
    wanted = _Wanted(folded(match["relation"]), match["whom"].strip(), every, be in ("was", "were") if be else None)
    if not wanted.relation or not folded(wanted.whom):
        return None
    return _followed(wanted, index)


def _followed(wanted: _Wanted, index: SentenceIndex) -> Stated | None:
    passed: list[Sentence] = []
    seen: set[tuple[str, ...]] = set()
    while len(passed) < LINKS:
        key = folded(wanted.whom)
        found = _values(wanted, index)
        if not found or key in seen:
            return None
        seen.add(key)
        links = [(sentence, link) for sentence, value in found if (link := _link(value, wanted.relation))]
        if not links:
            values = tuple(dict.fromkeys(value for _, value in found))
            if not all(_is_value(value) for value in values) or (len(values) > 6 and not wanted.every):
                return None
            sentences = tuple(dict.fromkeys((*passed, *(sentence for sentence, _ in found))))
            return Stated(values, sentences, wanted.every, len(passed), _unread(wanted, index, sentences))
        if len(links) != len(found) or len({link for _, link in links}) != 1:
            return None  # some say a value and some point on: not for code to settle
        passed.append(links[0][0])
        wanted = _Wanted(wanted.relation, links[0][1], wanted.every, wanted.past)
    return None


def _values(wanted: _Wanted, index: SentenceIndex) -> list[tuple[Sentence, str]]:
    """What each sentence "the R of A is V" says, in reading order."""
    whom = Term(folded(wanted.whom), wanted.whom, 1.0)
    pattern = re.compile(
        rf"^(?P<head>.{{2,120}}?)\s+(?:of|for)\s+(?:the\s+)?[\"“„«']?{_flexible(wanted.whom)}[\"”“»']?"
        r"\s*(?:\s(?P<be>is|are|was|were)\s+|:\s+|=\s*)(?P<value>\S.{0,160}?)\s*[.!;]?$",
        re.IGNORECASE,
    )
    owned = re.compile(
        rf"^(?:the\s+)?{_flexible(wanted.whom)}['’]s?\s+(?P<head>.{{2,80}}?)\s+(?P<be>is|are|was|were)\s+(?P<value>\S.{{0,160}}?)\s*[.!;]?$",
        re.IGNORECASE,
    )
    found = []
    for at in index.where(whom):
        sentence = index.sentences[at]
        # An abbreviation before it may have kept two sentences together.
        pieces = re.split(r"(?<=[.!?])[\"”’)\]]*\s+", sentence.text[:2_000])
        match = next((m for one in pieces if (m := pattern.match(one[:500]) or owned.match(one[:500]))), None)
        if match is None or not _same_relation(match["head"], wanted.relation):
            continue
        if wanted.past is False and (match.groupdict().get("be") or "is").lower() in ("was", "were"):
            continue
        found.append((sentence, match["value"].strip(" \"“”„«»'")))
    return found


def _unread(wanted: _Wanted, index: SentenceIndex, read: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences that name the thing and what is asked of it, and were not read."""
    words = [Term((word,), word, 1.0) for word in wanted.relation if word not in _FILLING]
    whom = Term(folded(wanted.whom), wanted.whom, 1.0)
    return tuple(
        index.sentences[at]
        for at in index.where(whom)
        if index.sentences[at] not in read and all(index.holds(at, word) for word in words)
    )


def _flexible(whom: str) -> str:
    return r"\s+".join(re.escape(word) for word in re.sub(r"^(?:the|my|our)\s+", "", whom, flags=re.I).split())


_FILLING = frozenset("the one of all it and so also a an to my our this that".split())


def _same_relation(head: str, relation: Sequence[str]) -> bool:
    """Whether the words before "of" end with the relation and say nothing else about it."""
    said = [word for word in folded(head) if word not in _FILLING]
    wanted = [word for word in relation if word not in _FILLING]
    return bool(wanted) and said == wanted


def _link(value: str, relation: Sequence[str]) -> str:
    """The thing whose R this one shares; empty where the value stands here."""
    same = _SAME.match(value)
    if same is None:
        return ""
    rest = value[same.end() :]
    further = re.match(r"(?:the\s+)?(?P<head>.{2,60}?)\s+(?:of|for)\s+(?P<whom>.+)$", rest, re.IGNORECASE)
    if further and _same_relation(further["head"], relation):
        return further["whom"].strip(" \"“”„«».'")
    return rest.strip(" \"“”„«».'") if re.match(r"(?:that|the one) of", same.group(0), re.I) else ""


def _is_value(value: str) -> bool:
    return len(value.split()) <= 8 and _NO_VALUE.search(value) is None and _PLAIN_VALUE.search(value) is not None
