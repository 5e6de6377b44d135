"""Query by triple: what the documents state of exactly this entity in a plain form answers without a model.

"Who is the CEO of X?" is answered where exactly one object, or agreeing ones, stand there; where two stand against
each other both are given with their documents, the later one last, and none is called right. "What do the documents say about X?" lists all that is
stated. What this does not do: it answers nothing in a document whose sections are changed by other sentences.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.dating import own_date
from knowledge.errors import KnowledgeError
from knowledge.passage import Sentence
from knowledge.relations import key
from knowledge.triples import Triple
from lottery_chat.planner.amendments import MOST_PASSAGES, changes
from lottery_chat.planner.gathering import Evidence
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.retrieving import citation
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.stated import Find, Stated, stated
from lottery_chat.planner.triple_questions import wanted
from lottery_chat.planner.values import Solution

#: Statements that are listed of one entity, and citations that an answer carries.
_LISTED, _CITED = 30, 8
#: Kinship is told of somebody else as often as of the one that is asked about (facts.py: 17 of 20): no green mark.
_UNSURE = frozenset("mother father son daughter brother sister spouse".split()) | {"is a"}


def by_triples(run: Run, node: Node, knowledge: Knowledge, question: str, evidence: Evidence) -> Steps[Solution | None]:
    """The answer that the documents state in a plain form; None where they state none, or several."""
    if {"preprocess", "triples"} & run.ask.without:
        return None
    try:
        found = stated(wanted(question), finder(knowledge, evidence.documents))
        if found is None or (found.wanted.relation and _is_changed(knowledge, found.triples)):
            return None
    except KnowledgeError:
        return None  # a document went in this moment, or the facts are kept busy: the evidence is read
    if not found.wanted.relation:
        return (yield from _listed(run, node, knowledge, found.triples)) if len(found.triples) > 1 else None
    if found.against:
        return (yield from _both(run, node, knowledge, found))
    child = yield from run.open("retrieve", f"look up: {found.wanted.relation} of {found.triples[0].entity}", node)
    yield from run.verified(child, "stated in a plain form of exactly what is asked about", True)
    yield child.closed("done", found.answer)
    return _answer(knowledge, found)


def finder(knowledge: Knowledge, documents: Sequence[str]) -> Find:
    """How triples are found for a question: by the entity's name, else in the one document whose title has its words."""
    ids = tuple(documents) or None

    def find(entity: str, relation: str) -> Sequence[Triple]:
        if not entity:
            searched = ids or tuple(one.id for one in knowledge.documents() if one.state == "ready")
            return knowledge.facts(relation=relation, document_ids=searched) if len(searched) == 1 else ()
        exact = knowledge.facts(about=entity, relation=relation, document_ids=ids)
        if exact or not relation:
            return exact
        words = set(key(entity).split())
        titled = [one.id for one in knowledge.documents() if one.state == "ready" and words <= _title_words(one.title)]
        meant = [one for one in titled if ids is None or one in ids]
        return knowledge.facts(relation=relation, document_ids=meant) if len(meant) == 1 else ()

    return find


def _title_words(title: str) -> set[str]:
    return set(key(title.replace(".", " ")).split())


def _is_changed(knowledge: Knowledge, triples: Sequence[Triple]) -> bool:
    """Whether one stands in a document that changes numbered sections of itself: which wording holds is for a reader."""
    of = {one.document_id for one in triples}
    small = {one.id for one in knowledge.documents() if one.id in of and one.chunk_count <= MOST_PASSAGES}
    return any(next(changes(text), None) is not None for one in small for _, text in knowledge.page_texts(one))


def _answer(knowledge: Knowledge, found: Stated) -> Solution:
    best = found.triples[0]
    sentence = as_sentence(best)
    there = knowledge.contains(best.document_id, best.page, best.sentence)
    others = {one.document_id: one for one in found.triples[1:] if one.document_id != best.document_id}
    also = (
        f" {len(others)} more documents say the same."
        if len(others) > 1
        else " Another document says the same."
        if others
        else ""
    )
    sure = there and found.wanted.relation not in _UNSURE and bool(found.wanted.entity)
    check = (
        f"read by code from the quoted sentence.{also}".rstrip(".")
        if there
        else "the quote was not found again on its page"
    )
    return Solution(
        text=f"**{found.answer}**\n\n> {sentence.text}", answer=found.answer, known="quoted", checked=sure, check=check,
        citations=tuple(citation(knowledge, as_sentence(one)) for one in (best, *list(others.values())[: _CITED - 1])),
        method="documents",
    )  # fmt: skip


def _listed(run: Run, node: Node, knowledge: Knowledge, triples: Sequence[Triple]) -> Steps[Solution]:
    """All that is stated of an entity, a line a statement, each said once with where it stands."""
    once: dict[tuple[str, str], Triple] = {}
    for one in triples:
        once.setdefault((one.relation, key(one.object)), one)
    shown = list(once.values())[:_LISTED]
    child = yield from run.open("retrieve", f"look up: all about {triples[0].entity}", node)
    yield child.closed("done", f"{len(once)} statements")
    numbers: dict[str, int] = {}
    for one in shown:
        if len(numbers) < _CITED:
            numbers.setdefault(one.sentence, len(numbers) + 1)
    lines = [f"- {one.relation}: {one.object} ({_where(one)})" for one in shown]
    more = f"\n- … and {len(once) - len(shown)} more" if len(once) > len(shown) else ""
    cited = {one.sentence: one for one in reversed(shown) if one.sentence in numbers}
    sentences = [as_sentence(cited[text]) for text in numbers]
    there = all(knowledge.contains(one.document_id, one.page, one.text) for one in sentences)
    return Solution(
        text=f"**{triples[0].entity}** in the documents:\n\n" + "\n".join(lines) + more,
        answer="; ".join(f"{one.relation}: {one.object}" for one in shown[:5]), known="quoted", checked=False,
        check="each line was read by code from a sentence of plain form; the documents may say more"
        + ("" if there else ", and a quote was not found again on its page"),
        citations=tuple(citation(knowledge, one) for one in sentences), method="documents",
    )  # fmt: skip


def _both(run: Run, node: Node, knowledge: Knowledge, found: Stated) -> Steps[Solution]:
    """Two objects that cannot both be meant, each with where it stands; the one of the later document comes last."""
    other = next(iter(found.against))
    dated = [(_date(knowledge, one), one) for one in (found.triples[0], other)]
    dated.sort(key=lambda pair: pair[0])
    (early, first), (late, last) = dated
    shared = min(len(early), len(late))  # "2024-05" and "2024-05-03" say nothing about which is later
    newer = f" {last.title} is the later one." if early[:shared] < late[:shared] else ""
    child = yield from run.open("retrieve", f"look up: {found.wanted.relation} of {first.entity}", node)
    yield from run.verified(child, "one object stands there", False)
    yield child.closed("done", f"{first.object}, or {last.object}")
    sides = [
        f"- **{one.object}** ({_where(one)}{f', dated {date}' if date else ''})\n\n> {as_sentence(one).text}"
        for date, one in dated
    ]
    return Solution(
        text=f"The documents do not agree on this.{newer}\n\n" + "\n\n".join(sides),
        answer=f"{first.object} ({_where(first)}), or {last.object} ({_where(last)})", known="quoted", checked=False,
        check="both sentences were read by code; which of them holds was not decided",
        citations=tuple(citation(knowledge, as_sentence(one)) for one in (first, last)), method="documents",
    )  # fmt: skip


def _date(knowledge: Knowledge, triple: Triple) -> str:
    """When a document is from, by itself; "" where it does not say."""
    pages = knowledge.page_texts(triple.document_id)
    return own_date(triple.title, pages[0][1] if pages else "")


def _where(triple: Triple) -> str:
    return f"{triple.title}, p. {triple.page}" if triple.page else triple.title


def as_sentence(triple: Triple) -> Sentence:
    """The sentence of a triple as evidence."""
    text = " ".join(triple.sentence.split())
    return Sentence(
        text, triple.passage_id, triple.document_id, triple.title, triple.page, triple.start, triple.end, 1.0
    )
