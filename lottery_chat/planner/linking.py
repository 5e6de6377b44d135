"""From one passage to the next: passages about a name that a question or a sentence mentions (the second hop).

A passage is about a name when its heading is that name. What this does not do: it follows no pronoun and no
description; "the band's singer" leads nowhere unless a sentence names the singer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.passage import SearchHit, Sentence
from lottery_chat.planner.facts import about
from lottery_chat.planner.nesting import UPPER
from lottery_chat.planner.resources import Knowledge

#: Most names that are looked up for one question, most passages that a second hop adds.
NAMES, LINKED = 4, 4
_JOIN = r"(?:of|the|de|von|van|der|di|da|del|la|le|bin|ibn|al|and|&|in|for|to|on|a)"
_NAME = re.compile(
    rf"[\"“](?P<quoted>[^\"“”]{{2,80}})[\"”]|(?P<name>(?:[{UPPER}][\w'’.-]*|\d{{1,4}}(?=\s[{UPPER}]))(?:\s+(?:{_JOIN}\s+){{0,2}}(?:[{UPPER}(][\w'’.)-]*|\d{{1,4}}\b))*)"
)
#: What a message opens with, in capitals for no other reason; only at its very beginning ("Martin" is not "Mart").
_ASKING = re.compile(
    r"^(?:what|who|whom|whose|when|where|which|how|why|is|are|was|were|does|do|did|can|could|will|would|should|shall|might|must|may(?! \d)|am|has|have"
    r"|had|in|on|at|the|of|from|for|by|if|please|tell|name|give|list|show|find|state|say|explain|describe|under|between|during)\b\s*",
    re.IGNORECASE,
)
#: Where a message's next sentence begins; a dot inside a name ("St. Mary", "J. R. Berg") is followed by no such word.
_NEXT = re.compile(
    r"(?<=[\w)\"”][.!?])\s+(?=(?:what|who|whom|whose|when|where|which|how|why|is|are|was|were|does|do|did|can|could|will|would|should|shall|may|might"
    r"|must|am|has|have|had|i|we|you|he|she|it|they|my|our|your|his|her|there|this|that|if|please|and|but|so)\b)",
    re.IGNORECASE,
)
#: A clause that describes something without naming it, or a question word in the middle: more than one passage may be needed.
_POINTS_ON = re.compile(r"\w\s+\w+,?\s+(?:who|whose|whom|which|that|where|what)\b", re.IGNORECASE)


def names_in(text: str) -> tuple[str, ...]:
    """The names in a text, each once, as written: runs of capitalised words, and what stands in quotation marks."""
    found: dict[str, None] = {}
    for sentence in _NEXT.split(text):
        for match in _NAME.finditer(sentence):
            name = (match["quoted"] or match["name"]).strip(" .,'’")
            if match["name"] and match.start() == 0:
                name = _ASKING.sub("", name, count=1).strip()
            name = re.sub(r"['’]s$", "", name)
            if len(name) > 2:
                found.setdefault(name)
    return tuple(found)


def points_on(question: str) -> bool:
    """Whether a question may need a second passage: it describes without naming, or names several things."""
    names = names_in(question)
    return bool(names) and (len(names) > 1 or bool(clause_in(question)))


def clause_in(question: str) -> str:
    """The words at which a description or a question word in the middle begins ("architect who"); "" where none does."""
    match = _POINTS_ON.search(question)
    return match.group(0)[1:].strip() if match else ""


def named(
    knowledge: Knowledge, question: str, hits: Sequence[SearchHit], document_ids: Sequence[str]
) -> list[SearchHit]:
    """The passages whose heading a question names, the first of each name; looked up where the search missed them."""
    found: list[SearchHit] = []
    for name in names_in(question)[:NAMES]:
        one = _headed(name, hits) or _headed(name, knowledge.search(name, document_ids=document_ids or None, limit=4))
        if one is not None and one.passage.id not in {hit.passage.id for hit in found}:
            found.append(one)
    return found


def unseen(
    knowledge: Knowledge, question: str, hits: Sequence[SearchHit], document_ids: Sequence[str]
) -> list[SearchHit]:
    """For a question with several names: the best passage about each name that stands in none of the hits.

    Both sides of a comparison are needed, and the nearest passages are often all about one of them.
    """
    names = names_in(question)[:NAMES]
    if len(names) < 2:
        return []
    texts = [_letters(" ".join((*hit.passage.heading, hit.passage.text))) for hit in hits]
    found: list[SearchHit] = []
    for name in names:
        wanted = _letters(name)
        if len(wanted) < 4 or any(wanted in text for text in texts):
            continue
        again = knowledge.search(name, document_ids=document_ids or None, limit=4)
        holding = (hit for hit in again if wanted in _letters(" ".join((*hit.passage.heading, hit.passage.text))))
        found += [one for one in [next(holding, None)] if one is not None]
    return found


def follow(
    knowledge: Knowledge,
    question: str,
    hits: Sequence[SearchHit],
    sentences: Sequence[Sentence],
    document_ids: Sequence[str],
) -> list[SearchHit]:
    """Passages that the nearest sentences lead to: about a name in them, or near to the question and them together."""
    seen = {hit.passage.id for hit in hits}
    asked = _letters(question)
    linked: list[SearchHit] = []
    near: list[SearchHit] = []
    nearest = sorted(sentences, key=lambda one: -one.score)[:2]
    looked: set[str] = set()
    for sentence in nearest:
        again = knowledge.search(f"{question} {sentence.text}", document_ids=document_ids or None, limit=6)
        near += again[:3]
        for name in names_in(sentence.text)[:6]:
            one = _headed(name, again)
            if one is None and _letters(name) not in asked and name not in looked and len(looked) < NAMES:
                looked.add(name)
                one = _headed(name, knowledge.search(name, document_ids=document_ids or None, limit=3))
            linked += [one] if one is not None else []
    found = {hit.passage.id: replace(hit, score=0.6) for hit in (*linked, *near) if hit.passage.id not in seen}
    return list(found.values())[:LINKED]


def _letters(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _headed(name: str, hits: Sequence[SearchHit]) -> SearchHit | None:
    passages = about(name, [hit.passage for hit in hits if hit.passage.heading])
    return next((hit for hit in hits if passages and hit.passage.id == passages[0].id), None)


def name_alone(answer: str, question: str) -> str:
    """The name in an answer that is longer than a name, when there is one that the question does not have."""
    if len(answer.split()) <= 8:
        return answer
    asked = question.lower()
    return next((name for name in names_in(answer) if name.lower() not in asked), answer)
