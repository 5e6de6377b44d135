"""Solve by documents: find sentences in D, let g_φ copy the answer out of them, check that it stands there.

Sources: paper.md 2.8, 3.2 ("RAG with plain prompt often hurts"), 3.3. Evidence is a few sentences, the
question follows them, and the answer's string must stand in the evidence; else one retry, else the sentence
itself is the answer. Whether the documents cover the question at all is judged by retrieval score and by the
log-probability of "yes"; what they do not say is not said.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from knowledge.passage import Passage, Sentence
from knowledge.sentences import split_sentences
from lottery_chat.errors import ModelError
from lottery_chat.events import Citation, Progress, TextReplaced
from lottery_chat.messages import Message
from lottery_chat.planner.by_triples import by_triples
from lottery_chat.planner.candidates import candidates, fits
from lottery_chat.planner.copied import answers, beside_the_point, holder, normalised, said_in, shares_a_word, tidied
from lottery_chat.planner.facts import Fact, read_fact
from lottery_chat.planner.gathering import Evidence, as_sentence, disagreements
from lottery_chat.planner.kinds import beside_origin, fitting, unfit
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.mismatch import mismatch
from lottery_chat.planner.notes_shown import notes, stem
from lottery_chat.planner.offered_names import offered_names
from lottery_chat.planner.on_subject import unmentioned
from lottery_chat.planner.prompts import render
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.retrieving import citation
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.sentence_citations import cite_each
from lottery_chat.planner.understanding import is_explanation
from lottery_chat.planner.values import Solution
from lottery_chat.planner.widening import widened

#: Models whose "yes" to that question is too cheap: with the 1.5B 5 of the first 10 quotes of the panel that it was
#: sure of answered another question (unanswerable ones of squad2), so a quote it read carries no green mark
#: (design.md 7). What code reads (facts.py) is not concerned.
READING_IS_WEAK = frozenset({"qwen2.5-coder:1.5b"})

#: Candidates that are scored by log-probability.
LIKELIEST = 8


def by_reading(run: Run, node: Node, knowledge: Knowledge, question: str, evidence: Evidence) -> Steps[Solution]:
    """Answer from evidence, or say that the documents do not."""
    if not evidence.sentences:
        return _not_in_documents(evidence, "nothing in the documents is near to the question")
    if name := _unmentioned(run, knowledge, question, evidence):
        return _not_in_documents(evidence, f"{name!r} is not mentioned in what was found")
    if (by_triple := (yield from by_triples(run, node, knowledge, question, evidence))) is not None:
        return by_triple
    if "preprocess" not in run.ask.without and (fact := read_fact(question, [hit.passage for hit in evidence.hits])):
        return (yield from _stated(run, node, knowledge, question, evidence, fact))
    if "preprocess" not in run.ask.without:
        for said in disagreements(knowledge, question, evidence):
            yield from run.notice(said)
    child = yield from run.open("model", "read the evidence", node)
    yield Progress(f"Reading {evidence.sentences[0].title}")
    try:
        if _asks_yes_or_no(question):
            solution = yield from _decide(run, child, knowledge, question, evidence)
        elif is_explanation(question):
            solution = yield from _explain(run, child, knowledge, question, evidence)
        else:
            solution = yield from _extract(run, child, knowledge, question, evidence)
    except ModelError as error:
        yield child.closed("failed", str(error))
        yield from run.notice(f"{error} The nearest sentence of the documents is shown instead.")
        best = max(evidence.sentences, key=lambda sentence: sentence.score)
        return _quoted(knowledge, best.text, best, checked=False, check="the nearest sentence; no model has read it")
    yield child.closed("done" if solution.passed else "failed", solution.answer or solution.status)
    return solution


def _unmentioned(run: Run, knowledge: Knowledge, question: str, evidence: Evidence) -> str:
    """The name that a question asks about and the documents never mention."""
    if "verify" in run.ask.without or is_explanation(question):
        return ""
    found = [*(one.text for one in evidence.sentences), *(_all_of(hit.passage) for hit in evidence.hits)]
    searched = evidence.documents or None

    def texts(name: str) -> list[str]:
        return found + [_all_of(hit.passage) for hit in knowledge.search(name, document_ids=searched, limit=4)]

    return unmentioned(question, texts)


def _all_of(passage: Passage) -> str:
    return " ".join((passage.title, *passage.heading, passage.text))


def _stated(
    run: Run, node: Node, knowledge: Knowledge, question: str, evidence: Evidence, fact: Fact
) -> Steps[Solution]:
    """A fact that code read where a passage introduces its subject: no model is asked."""
    at = fact.passage.start + fact.start
    hits = [hit for hit in evidence.hits if hit.passage.id == fact.passage.id][:1]
    read = [*evidence.sentences, *knowledge.sentences(fact.answer, hits, 60)]
    inside = (one for one in read if one.passage_id == fact.passage.id and one.start <= at < one.end)
    sentence = next(inside, None) or as_sentence(hits[0])
    yield from run.verified(node, "read by code from the sentence that introduces it", True)
    # Whose kin a sentence names is the one relation that was read wrongly (17 of 20 fathers right): no green mark.
    sure = not _KIN.search(question)
    return _quoted(knowledge, fact.answer, sentence, checked=sure, check="read by code from the quoted sentence")


_KIN = re.compile(
    r"\b(?:father|mother|parents?|husband|wife|spouse|sons?|daughters?|child(?:ren)?|brothers?|sisters?|siblings?)\b",
    re.IGNORECASE,
)


_YES_NO = re.compile(
    r"\s*(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|may|must)(?:n['’]t)?\b",
    re.IGNORECASE,
)


def _asks_yes_or_no(message: str) -> bool:
    """Whether its last sentence does: what comes before may tell the case ("I forgot one. Should I …?")."""
    last = re.split(r"(?<=[.!?])\s+(?=[A-Z])", message.strip())[-1]
    return bool(_YES_NO.match(last)) and (not re.search(r"\bor\b", last) or bool(re.search(r"\bboth\b", last)))


def _decide(run: Run, node: Node, knowledge: Knowledge, question: str, evidence: Evidence) -> Steps[Solution]:
    """Yes or no, by the log-probabilities of the two words: no phrase of a text can be copied as "yes"."""
    gated = "verify" not in run.ask.without
    lead = (yield from _supported(run, node, question, evidence)) if gated else -0.1
    if gated and lead <= _least(run, evidence):
        return _not_in_documents(evidence, "the sentences nearest to the question do not state the answer")
    blocks = _reading("yes_or_no", question, notes(evidence.sentences, evidence.hits))
    scores = yield from run.labels(node, "yes or no by the notes", blocks, ("yes", "no"))
    answer = "Yes" if scores["yes"] >= scores["no"] else "No"
    best = max(evidence.sentences, key=lambda one: one.score)
    check = "the model's reading of the quoted sentences; it was not checked"
    return _quoted(knowledge, answer, best, checked=False, check=check)


def _extract(run: Run, node: Node, knowledge: Knowledge, question: str, evidence: Evidence) -> Steps[Solution]:
    gated = "verify" not in run.ask.without
    lead = (yield from _supported(run, node, question, evidence)) if gated else -0.1
    if gated and lead <= _least(run, evidence):
        return _not_in_documents(evidence, "the sentences nearest to the question do not state the answer")
    if names := offered_names(question):
        return (yield from _choose(run, node, knowledge, question, evidence, names))
    lead = lead if lead > support(run) else min(lead, -0.1)  # let through in doubt: no mark
    if lead < 0 and not shares_a_word(question, evidence):
        return _not_in_documents(evidence, "nothing that the question speaks of stands in the sentences nearest to it")
    answer, sentence, own = yield from _copied(run, node, question, evidence)
    if sentence is None and lead < 0 and not (_is_lenient(run, evidence) and _speaks_of_it(run, evidence)):
        return _not_in_documents(evidence, "the model found no words in the notes that answer the question")
    if sentence is None:
        best = max(evidence.sentences, key=lambda one: one.score)
        check = "the nearest sentence; the model's own words did not stand in it"
        return _quoted(knowledge, best.text, best, checked=False, check=check)
    if lead < 0 and gated and beside_the_point(question, sentence):
        why = "the sentence that holds the words found speaks of nothing that the question asks about"
        return _not_in_documents(evidence, why, sentence)
    lead = lead if own else min(lead, -0.1)  # not what the model wrote: no mark
    if gated and (why := unfit(question, answer, sentence.text)):
        yield from run.verified(node, why, False)
        answer = fitting(question, sentence.text)
        if not answer:
            return _not_in_documents(evidence, why, sentence)
        lead = min(lead, -0.1)  # code's second choice: no mark
    if beside_origin(question, answer, sentence.text):
        lead = min(lead, -0.1)
    against = "" if not gated else mismatch(question, sentence.text)
    if against:
        yield from run.verified(node, against, False)
        return _not_in_documents(evidence, against, sentence)
    yield from run.verified(node, "the answer stands in the quoted sentence", True)
    # That a quote holds the words is code's check; that it answers this question is only as good as the gate, so
    # the mark is given only where the model finds "yes" likelier than "no" (squad2: docs/measurements.md).
    sure = lead >= 0 and run.model().card.name not in READING_IS_WEAK
    check = (
        "the quote contains the answer"
        if sure
        else "the quote contains the answer, but whether it answers this question is doubtful"
    )
    return _quoted(knowledge, answer, sentence, checked=sure, check=check, question=question)


#: Log-odds that may be missing where nothing but the model's memory would be asked instead.
DOUBT = 1.5


def _least(run: Run, evidence: Evidence) -> float:
    """The log-odds of "the notes state the answer" from which they are read.

    Where the documents are no order, the alternative is the model's memory, which shows no source at all: more doubt is
    borne where the answer must be put together from several passages, and where the model hardly tells (a gate below 0).
    """
    return support(run) - (DOUBT if _is_lenient(run, evidence) else 0.0)


def _is_lenient(run: Run, evidence: Evidence) -> bool:
    return not evidence.documents and (evidence.several or support(run) < 0)


def _speaks_of_it(run: Run, evidence: Evidence) -> bool:
    """Whether a passage is headed by a name of the question, or so near that the documents clearly cover it."""
    return evidence.named or run.resources.coverage().of(evidence.best, evidence.named) == "clearly"


def _choose(
    run: Run, node: Node, knowledge: Knowledge, question: str, evidence: Evidence, names: Sequence[str]
) -> Steps[Solution]:
    """One of the names that the question offers, by their log-probability after the notes."""
    blocks = _reading("read", question, notes(evidence.sentences, evidence.hits))
    scores = yield from run.labels(node, "which of those that the question names", blocks, tuple(names))
    answer = max(names, key=lambda name: scores[name])
    about = [one for one in evidence.sentences if normalised(answer) in normalised(_heading(evidence, one))]
    best = max(about or evidence.sentences, key=lambda one: one.score)
    sentence = holder(answer, evidence.sentences) or best
    check = "the model's choice among the names in the question, by the quoted sentences; it was not checked"
    return _quoted(knowledge, answer, sentence, checked=False, check=check)


def _heading(evidence: Evidence, sentence: Sentence) -> str:
    """The headings of the passage that a sentence stands in."""
    return next((" ".join(hit.passage.heading) for hit in evidence.hits if hit.passage.id == sentence.passage_id), "")


def _pointed_at(
    run: Run, node: Node, question: str, evidence: Evidence, blocks: Sequence[Block], reply: str
) -> Steps[tuple[str, Sentence | None]]:
    """The span of the evidence that a reply in the model's own words means: one it holds, else the likeliest of its kind.

    Of 29 such replies of the 0.5B as many answers are right as with a second reading, but they are the span itself and
    not a sentence around it (F1 0.13 to 0.37), for the price of a few tokens' log-probabilities (lab/LOG.md).
    """
    spans = candidates(question, evidence.sentences)
    said = f" {normalised(reply)} "
    held = [one for one in spans if (words := normalised(one.text)) and f" {words} " in said]
    if held:
        longest = max(held, key=lambda one: len(one.text))
        return longest.text, longest.sentence
    of_kind = {one.text.lower(): one for one in reversed(spans[:LIKELIEST]) if fits(one, question)}
    if len(of_kind) < 2:
        one = next(iter(of_kind.values()), None)
        return (one.text, one.sentence) if one else ("", None)
    texts = tuple(one.text for one in of_kind.values())
    scores = yield from run.labels(node, "the likeliest span", blocks, texts)
    chosen = of_kind[max(texts, key=lambda text: scores[text]).lower()]
    return chosen.text, chosen.sentence


def _copied(run: Run, node: Node, question: str, evidence: Evidence) -> Steps[tuple[str, Sentence | None, bool]]:
    """What the model copies from the notes, the sentence it stands in, and whether these are the model's own words."""
    blocks = _reading("read", question, notes(evidence.sentences, evidence.hits))
    reply = yield from run.generate(node, "copy the answer from the notes", blocks, room=60, stop=("\n",))
    said = tidied(reply.text)
    if answers(said, question) and (sentence := holder(said, evidence.sentences)):
        return said, sentence, True
    # A reply that copies several sentences stands in none: its first sentence is the answer.
    for part in dict.fromkeys((said, *(said[start:end] for start, end in split_sentences(said)[:1]))):
        answer, sentence = said_in(part, question, evidence.sentences)
        if sentence is not None:
            return answer, sentence, True
    yield from run.verified(node, "the answer stands in the evidence", False)
    answer, sentence = yield from _pointed_at(run, node, question, evidence, blocks, said)
    return answer, sentence, False


def support(run: Run) -> float:
    """The log-odds of "do the notes state the answer" that this run's model must be above."""
    return run.gates().support


def _supported(run: Run, node: Node, question: str, evidence: Evidence) -> Steps[float]:
    """Self-RAG's support gate: log P(yes) - log P(no) of "do the notes state the answer" (paper.md 2.8)."""
    blocks = _reading("support", question, notes(evidence.sentences, evidence.hits))
    scores = yield from run.labels(node, "do the notes state the answer", blocks, ("yes", "no"))
    lead = scores["yes"] - scores["no"]
    yield from run.verified(node, f"the notes state the answer (log-odds {lead:.1f})", lead > support(run))
    return lead


def _reading(name: str, question: str, evidence: str) -> list[Block]:
    # One message, evidence first: the same prefix serves gate and reading, so the second call is nearly free.
    return [
        Block("system", Message("system", render("read_system"))),
        Block("passages", Message("user", render(name, notes=evidence, question=question))),
    ]


def _explain(run: Run, node: Node, knowledge: Knowledge, question: str, evidence: Evidence) -> Steps[Solution]:
    """An explanation in the model's words from the evidence; cited, never marked as checked."""
    best = max(evidence.sentences, key=lambda one: one.score)
    text = render(
        "explain_from_notes", title=stem(best.title), notes=notes(evidence.sentences, evidence.hits), question=question
    )
    blocks = [Block("system", Message("system", render("chat_system"))), Block("passages", Message("user", text))]
    reply = yield from run.generate(node, "explain from the notes", blocks, room=220, shown=True)
    found = cite_each(reply.text.strip(), evidence.sentences, functools.partial(_heading, evidence))
    if not found.quotes:
        check = "in the model's words; none of its sentences stands in the nearest passages, which are shown"
        near = tuple(citation(knowledge, sentence) for sentence in evidence.sentences[:3])
        return Solution(
            text=found.text, answer=None, known="model", checked=False, citations=near, method="documents", streamed=True,
            check=check,
        )  # fmt: skip
    yield TextReplaced(found.text)
    if found.unsupported:
        yield from run.notice(
            "No sentence of the documents was found for: " + " ".join(f"“{one}”" for one in found.unsupported)
        )
    stand = found.count - len(found.unsupported)
    said = f"{stand} of {found.count} sentences have" if found.count > 1 else "the sentence has"
    return Solution(
        text=found.text, answer=None, known="quoted", checked=False, method="documents", streamed=True,
        citations=tuple(citation(knowledge, sentence) for sentence in found.quotes),
        check=f"in the model's words; {said} a quoted sentence that holds most of its words and all its numbers",
    )  # fmt: skip


def _quoted(
    knowledge: Knowledge, answer: str, sentence: Sentence, *, checked: bool, check: str, question: str = ""
) -> Solution:
    answer = widened(_unmarked(answer), " ".join(sentence.text.split()), question)
    cited = citation(knowledge, sentence)
    there = knowledge.contains(sentence.document_id, sentence.page, sentence.text)
    quote = " ".join(sentence.text.split())
    same = normalised(answer) == normalised(quote)
    return Solution(
        text=quote if same else f"**{answer}**\n\n> {quote}",
        answer=answer, known="quoted", checked=checked and there,
        check=check if there else "the quote was not found again on its page",
        citations=(cited,), method="documents",
    )  # fmt: skip


def _unmarked(answer: str) -> str:
    """A phrase without the marks of Markdown at its ends: they belong to the text, not to what it says."""
    plain = re.sub(r"^(?:\*\*|__|`)+|(?:\*\*|__|`)+$", "", answer.strip())
    return re.sub(r"\b([ap]\.m)$", r"\1.", plain)


def _not_in_documents(evidence: Evidence, reason: str, near: Sentence | None = None) -> Solution:
    text = "The documents do not say."
    cited: tuple[Citation, ...] = ()
    if near is not None or evidence.sentences:
        near = near or max(evidence.sentences, key=lambda sentence: sentence.score)
        where = near.title + (f", p. {near.page}" if near.page else "")
        text += f" The nearest passage ({where}) reads:\n\n> {' '.join(near.text.split())}"
        cited = (Citation("document", near.title, near.page, "", "", near.text, near.document_id, near.passage_id),)
    return Solution(
        text=text,
        known="none",
        status="not_in_documents",
        passed=False,
        reason=reason,
        check=reason,
        citations=cited,
        method="documents",
    )
