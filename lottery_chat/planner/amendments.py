"""A section that an annex or endorsement changes is read together with the change.

The nearest passage on a notice period may be the one that no longer holds: contracts, policies and statutes are
changed by a sentence elsewhere that names the section and shares hardly a word with the question ("In § 9,
“48 hours” is replaced by “three days”"). Such a sentence is found by the number it names.
What this does not do: it follows no change that names no number, and none from one document to another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.passage import Passage, SearchHit, Sentence
from knowledge.sentences import split_sentences
from lottery_chat.planner.resources import Knowledge

#: Passages of a document that is looked through; a collection of more is no contract.
MOST_PASSAGES = 600
#: The nearest sentences whose sections are looked up, and the most changes that are added.
NEAREST, MOST = 5, 2
_NUMBER = r"(?:[A-Z]\.)?\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?"
_MARK = r"(?:§+|\b(?:sections?|clauses?|articles?|art\.|nos?\.|numbers?|ziffer|nr\.|artikel))"
_OWN = re.compile(rf"\s*{_NUMBER}(?=[\s.:)])")
_HEADED = re.compile(rf"\s*(?:#+\s*)?(?:{_MARK}\s*)?(?P<number>{_NUMBER})(?=[\s.:)]|$)", re.IGNORECASE)
_NAMED = re.compile(rf"{_MARK}\s*(?P<marked>{_NUMBER})|\b(?P<lettered>[A-Z]\.\d{{1,3}}(?:\.\d{{1,3}}){{0,2}})\b", re.IGNORECASE)  # fmt: skip
_CHANGED = re.compile(
    r"\b(?:is|are|was|were|be|been|wird|werden|wurden?)\s+(?:\w+\s+){0,6}?"
    r"(?:replaced|amended|deleted|raised|lowered|reduced|increased|extended|shortened|halved|doubled|changed|struck|repealed|suspended"
    r"|ersetzt|geändert|gestrichen|erhöht|gesenkt|verlängert|verkürzt|aufgehoben)\b"
    r"|\bno longer (?:applies|apply|holds?)\b|\bgilt nicht mehr\b|\b(?:now )?reads? as follows\b",
    re.IGNORECASE,
)


def with_amendments(
    knowledge: Knowledge, question: str, hits: Sequence[SearchHit], near: Sequence[Sentence]
) -> list[Sentence]:
    """The sentences, and those that change a section in which one of the nearest stands, scored like that one.

    Args:
        hits: the passages that the sentences were taken from.
    """
    made = list(near)
    by_id = {hit.passage.id: hit.passage for hit in hits}
    sizes = {one.id: one.chunk_count for one in knowledge.documents()}
    texts: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for one in sorted(near, key=lambda sentence: -sentence.score)[:NEAREST]:
        passage = by_id.get(one.passage_id)
        if passage is None or sizes.get(one.document_id, 0) > MOST_PASSAGES:
            continue
        if one.document_id not in texts:
            pages = knowledge.page_texts(one.document_id)
            texts[one.document_id] = [found for _, text in pages for found in changes(text)]
        numbers = sections(passage, one)
        for change in [text for text, named in texts[one.document_id] if named & numbers and text != one.text][:MOST]:
            made = _raised(knowledge, question, made, change, one)
    return made


def changes(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The sentences of a text that change numbered sections, each with the numbers it names."""
    for start, end in split_sentences(text):
        sentence = " ".join(text[start:end].split())
        if _CHANGED.search(sentence):
            own = _OWN.match(sentence)
            rest = sentence[own.end() :] if own else sentence
            named = frozenset((one["marked"] or one["lettered"]).upper() for one in _NAMED.finditer(rest))
            if named:
                yield sentence, named


def sections(passage: Passage, sentence: Sentence) -> frozenset[str]:
    """The numbers under which a sentence stands: its own, and those of the headings above it."""
    found = [_HEADED.match(text) for text in (sentence.text, *passage.heading)]
    return frozenset(one["number"].upper() for one in found if one)


def _raised(
    knowledge: Knowledge, question: str, near: list[Sentence], change: str, changed: Sentence
) -> list[Sentence]:
    """The sentences with this change among them, only just behind what it changes."""
    score = changed.score - 1e-6
    at = [n for n, one in enumerate(near) if one.document_id == changed.document_id and one.text == change]
    if at:
        near[at[0]] = replace(near[at[0]], score=max(score, near[at[0]].score))
        return near
    hits = knowledge.search(change, document_ids=[changed.document_id], limit=3)
    found = knowledge.sentences(question, hits, 1_000) if hits else ()
    return [*near, *[replace(one, score=score) for one in found if one.text == change][:1]]
