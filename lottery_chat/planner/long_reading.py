"""Answer over a text far longer than the window: reduce it to sentences, read those, notice when the needle is lost.

Source: paper.md 2.14 (Ability 1). First by meaning; where the sentences that hold what the question names are not
among them, or the reading finds no answer in them, the text is reduced again by a sweep of the whole of it, at most
twice, and that is said. Nothing is lost silently: how much was not read stands in the ledger and beside the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.passage import SearchHit, Sentence
from lottery_chat.events import Citation, Progress
from lottery_chat.messages import Message
from lottery_chat.planner.by_choosing import options_in
from lottery_chat.planner.by_documents import by_reading
from lottery_chat.planner.copied import normalised, said_in
from lottery_chat.planner.gathering import Evidence
from lottery_chat.planner.kinds import unfit
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.long_by_code import LONGEST, stated_solution
from lottery_chat.planner.long_choosing import by_choosing_from, stem_of
from lottery_chat.planner.long_keywords import SentenceIndex, Term, terms_of
from lottery_chat.planner.long_material import sentences_of
from lottery_chat.planner.long_meaning import by_meaning, with_heads
from lottery_chat.planner.long_sections import asks_of_the_whole, by_sections
from lottery_chat.planner.long_several import asked_one_by_one, asks_for_every, of_one_kind
from lottery_chat.planner.long_stated import read_stated
from lottery_chat.planner.prompts import render
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.retrieving import retrieve
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution, weakest

#: Log-odds of the support gate from which a model tells answers from what is near to them (gates.py). One that does not
#: is not given further sentences by their meaning after its "no": the 0.5B made up four answers more to 21 questions
#: that a text of squad2 does not answer, and found none of 29 that it does.
TELLS = 0.0
#: How often a text is reduced again.
AGAIN = 2
#: Sentences that one sweep adds, and the share of the question's weight that one of them must hold.
SWEPT, LEAST = 3, 0.5
#: The first reduction has lost the needle where its best sentence holds less than this of what the best of all holds.
LOST = 0.8
#: Most sentences before the model at once, and how many of those that were there stay when others are added.
MOST, KEPT = 9, 4
#: Share of what the question names that one sentence must hold for a text that fits to be read whole after a "no".
STANDS = 0.66
#: A text of at most so many sentences is read as it is, nothing is left out.
WHOLE = 6
#: A text of at least so many sentences is read part by part where a question is about the whole of it.
MANY = 36
#: A question of whose weight no sentence holds this much is asked in other words: then sentences are compared by meaning.
OTHER_WORDS = 0.66


def by_long_text(
    run: Run, node: Node, knowledge: Knowledge, question: str, document_ids: Sequence[str], *, title: str = "the text"
) -> Steps[Solution]:
    """Answer from a long text: by code where its sentences state it plainly, else by reading what it was reduced to."""
    documents = [
        one for one in knowledge.documents() if one.state == "ready" and (not document_ids or one.id in document_ids)
    ]
    if sum(one.size for one in documents) > LONGEST:
        evidence = yield from retrieve(run, node, knowledge, question, document_ids)
        return (yield from by_reading(run, node, knowledge, question, evidence))
    index = SentenceIndex(sentences_of(knowledge, document_ids))
    if options := options_in(question):
        return (yield from by_choosing_from(run, node, knowledge, question, options, index, document_ids))
    stem = stem_of(question)
    if asks_of_the_whole(stem) and len(documents) == 1 and len(index.sentences) > MANY:
        return (yield from by_sections(run, node, knowledge, stem, documents[0].id, documents[0].title))
    if parts := asked_one_by_one(stem):
        return (yield from _one_by_one(run, node, knowledge, parts, index, document_ids))
    return (yield from _one(run, node, knowledge, stem, index, document_ids))


def _one(
    run: Run, node: Node, knowledge: Knowledge, stem: str, index: SentenceIndex, document_ids: Sequence[str]
) -> Steps[Solution]:
    """Answer a question with one needle, or with all needles of a kind."""
    if (stated := read_stated(stem, index)) is not None:
        return (yield from stated_solution(run, node, stated))
    terms = terms_of(stem)
    if gone := index.missing(terms):
        return (yield from _nowhere(run, node, gone[0], index))
    if asks_for_every(stem):
        if kind := of_one_kind(stem, index):
            return (yield from _every(run, node, index, kind))
        documents = {one.document_id: one.title for one in index.sentences}
        if len(documents) == 1 and len(index.sentences) > MANY:
            return (yield from by_sections(run, node, knowledge, stem, *next(iter(documents.items()))))
    evidence = yield from retrieve(run, node, knowledge, stem, document_ids)
    return (yield from _read(run, node, knowledge, stem, evidence, index, terms))


def _one_by_one(
    run: Run,
    node: Node,
    knowledge: Knowledge,
    parts: Sequence[tuple[str, str]],
    index: SentenceIndex,
    document_ids: Sequence[str],
) -> Steps[Solution]:
    """Each name of a list on its own: its own reduction, its own check; put together by code."""
    outer, run.quiet = run.quiet, True
    solved: list[tuple[str, Solution]] = []
    for number, (name, question) in enumerate(parts, 1):
        yield Progress(f"Part {number} of {len(parts)}: {question}")
        child = yield from run.open("externals", question, node, question)
        solution = yield from _one(run, child, knowledge, question, index, document_ids)
        yield child.closed("done" if solution.passed else "failed", solution.answer or solution.text[:80])
        solved.append((name, solution))
    run.quiet = outer
    found = [(name, one) for name, one in solved if one.passed]
    missing = [name for name, one in solved if not one.passed]
    if not missing and len({normalised(one.answer or one.text) for _, one in found}) == 1:
        return found[0][1].but(streamed=False, check=f"the same for each of {len(found)} names: {found[0][1].check}")
    checks = "; ".join(dict.fromkeys(one.check for _, one in found if one.check))
    lines = [f"- {name}: {_quote_below(one)}" for name, one in solved]
    return Solution(
        text="\n".join(lines), answer="; ".join(f"{name}: {one.answer or one.text}" for name, one in found) or None,
        known=weakest([one.known for _, one in found]), checked=bool(found) and not missing and all(one.checked for _, one in found),
        passed=bool(found), status="answered" if not missing else "partial" if found else "not_in_documents",
        reason=f"not found: {', '.join(missing)}" if missing else "", check=f"each name on its own: {checks}" if found else "no name was found",
        citations=tuple(citation for _, one in solved for citation in one.citations), method="documents",
    )  # fmt: skip


def _quote_below(one: Solution) -> str:
    return one.text.replace("\n", "\n  ")


def _every(run: Run, node: Node, index: SentenceIndex, kind: Sequence[int]) -> Steps[Solution]:
    """All sentences of a kind, quoted: code has swept the whole text, what they have in common is not judged."""
    sentences = [index.sentences[at] for at in kind]
    check = f"every one of {len(index.sentences):,} sentences was swept by code; these {len(kind)} hold what the question names"
    yield from run.verified(node, check, True)
    cited = tuple(Citation("document", one.title, one.page, "", "", one.text, one.document_id) for one in sentences)
    text = "\n".join(f"- {one.text}" for one in sentences)
    return Solution(
        text=text, answer=text, known="quoted", checked=False, check=check, citations=cited, method="documents"
    )


def _nowhere(run: Run, node: Node, term: Term, index: SentenceIndex) -> Steps[Solution]:
    """What the question names stands nowhere: code has seen every sentence."""
    count = len(index.sentences)
    check = f"“{term.shown}” stands in none of the {count} sentences of the text; all were searched by code"
    yield from run.verified(node, check, False)
    return Solution(
        text=f"The text does not say: “{term.shown}” stands nowhere in its {count} sentences.", known="none", status="not_in_documents",
        passed=False, reason=check, check=check, method="documents",
    )  # fmt: skip


def _read(
    run: Run,
    node: Node,
    knowledge: Knowledge,
    question: str,
    evidence: Evidence,
    index: SentenceIndex,
    terms: Sequence[Term],
) -> Steps[Solution]:
    """Read the reduced text; reduce it again where the needle is not in it, at most AGAIN times."""
    swept = index.sweep(terms, 12)
    again, compared = 0, False
    if len(index.sentences) > WHOLE and index.coverage(terms) < OTHER_WORDS:
        evidence = yield from by_meaning(run, node, knowledge, question, evidence, index)
    if len(index.sentences) <= WHOLE:
        evidence = replace(evidence, sentences=_all_of_it(evidence, index))
    elif swept and index.share(terms, evidence.sentences) < LOST * swept[0][1]:
        # Seen before any model call: what the question names stands in sentences that were left out.
        yield from run.verified(node, "the sentences that hold what the question names are in the reduced text", False)
        again = 1
        evidence = yield from _reduced_again(
            run, node, knowledge, question, evidence, index, [at for at, _ in swept[:SWEPT]], keep=True
        )
    seen = {one.text for one in evidence.sentences}
    while True:
        left = len(index.sentences) - len({one.text for one in evidence.sentences})
        run.left_out = f"{left:,} of {len(index.sentences):,} sentences" if left > 0 else ""
        solution = yield from by_reading(run, node, knowledge, question, with_heads(evidence, index))
        if solution.passed or again >= AGAIN or not left:
            break
        further = [at for at, share in swept if share >= LEAST and index.sentences[at].text not in seen][:SWEPT]
        if further:
            yield from run.verified(node, "the answer is in the reduced text", False)
            evidence = yield from _reduced_again(run, node, knowledge, question, evidence, index, further, keep=False)
        elif not compared and run.gates().support >= TELLS:
            compared = True
            more = yield from by_meaning(run, node, knowledge, question, evidence, index, seen=seen)
            if more is evidence:
                break
            yield from run.verified(node, "the answer is in the reduced text", False)
            evidence = more
        else:
            break
        again += 1
        seen |= {one.text for one in evidence.sentences}
    run.left_out = ""
    if solution.status == "not_in_documents" and index.coverage(terms) >= STANDS:
        whole = yield from _read_whole(run, node, question, index)
        if whole is not None:
            return whole
    return _said(solution, again, len(seen), len(index.sentences))


def _all_of_it(evidence: Evidence, index: SentenceIndex) -> tuple[Sentence, ...]:
    """Every sentence of a short text with the score it was found with; headings say what it is about and answer nothing."""
    scores = {one.text: one for one in evidence.sentences}
    found = [scores.get(one.text, one) for one in index.sentences if not one.text.startswith("#")]
    return tuple(found) or tuple(index.sentences)


def _read_whole(run: Run, node: Node, question: str, index: SentenceIndex) -> Steps[Solution | None]:
    """Nothing is left out of a text that fits: where one sentence holds what the question names, the gate may be wrong.

    What the model copies must stand in a sentence of the text; None where it does not, or the text does not fit.
    """
    prompt = render("read", notes=" ".join(one.text for one in index.sentences), question=question)
    blocks = [Block("system", Message("system", render("read_system"))), Block("passages", Message("user", prompt))]
    model = run.model()
    if model.count([block.message for block in blocks]) > model.card.window / 2:
        return None
    child = yield from run.open("model", "read the whole text, nothing left out", node)
    reply = yield from run.generate(child, "copy the answer from the whole text", blocks, room=60, stop=("\n",))
    best = max(index.sweep(terms_of(question), 1), key=lambda pair: pair[1])[0]
    answer, sentence = said_in(reply.text.strip(), question, [index.sentences[best]])
    if sentence is not None and unfit(question, answer):
        sentence = None
    yield from run.verified(
        child, "the answer stands in the sentence that holds what the question names", sentence is not None
    )
    yield child.closed("done" if sentence is not None else "failed", answer or reply.text[:80])
    if sentence is None:
        return None
    check = f"read in the whole text of {len(index.sentences)} sentences, nothing left out; the first reading found nothing, so this is doubtful"
    return Solution(
        text=f"**{answer}**\n\n> {sentence.text}", answer=answer, known="quoted", checked=False, check=check, method="documents",
        citations=(Citation("document", sentence.title, sentence.page, "", "", sentence.text, sentence.document_id),),
    )  # fmt: skip


def _said(solution: Solution, again: int, read: int, count: int) -> Solution:
    """The check sentence with how the text was reduced."""
    if count <= read and not again:
        return solution
    times = ("", ", after it was reduced again", ", after it was reduced again twice")[again]
    how = f"{min(read, count)} of {count:,} sentences were read{times}"
    check = f"{solution.check}; {how}" if solution.check else how
    text = solution.text
    if solution.status == "not_in_documents" and read < count:
        text += f"\n\n*Only {read:,} of {count:,} sentences were read, those nearest to the question; the others may say it in other words.*"
    reason = f"{solution.reason}; {how}" if solution.reason else ""
    return solution.but(text=text, check=check, reason=reason)


def _reduced_again(
    run: Run,
    node: Node,
    knowledge: Knowledge,
    question: str,
    evidence: Evidence,
    index: SentenceIndex,
    found: Sequence[int],
    *,
    keep: bool,
) -> Steps[Evidence]:
    """The text reduced by the sweep: these sentences with their neighbours, and (`keep`) what was there before."""
    child = yield from run.open("retrieve", "reduce the text again by the words of the question", node)
    yield Progress("Searching the whole text again")
    beside = min(KEPT, len(evidence.sentences)) if keep else 2
    numbers = list(dict.fromkeys([*found, *(near for at in found for near in index.around(at))]))[: MOST - beside]
    added = [index.sentences[at] for at in sorted(numbers)]
    texts = {one.text for one in added}
    kept = [one for one in evidence.sentences if one.text not in texts] if keep else []
    best = max((one.score for one in evidence.sentences), default=0.0)
    near = [_placed(knowledge, one, best + (0.1 if index.sentences.index(one) in found else 0.0)) for one in added]
    sentences = [sentence for sentence, _ in near] + kept[: max(0, MOST - len(near))]
    hits = [*evidence.hits, *(hit for _, hit in near if hit is not None)]
    unique = {hit.passage.id: hit for hit in reversed(hits)}
    run.private(one.text for one in added)
    yield child.closed("done", f"{len(added)} more sentences by names, numbers and rare words")
    return replace(evidence, sentences=tuple(sentences), hits=tuple(reversed(unique.values())))


def _placed(knowledge: Knowledge, sentence: Sentence, score: float) -> tuple[Sentence, SearchHit | None]:
    """A sentence with the passage it stands in, as far as a search for its own words finds it."""
    hits = knowledge.search(sentence.text[:300], document_ids=[sentence.document_id], limit=3)
    for hit in hits:
        one = hit.passage
        if one.page == sentence.page and one.start <= sentence.start < one.end:
            return replace(sentence, passage_id=one.id, score=score), hit
    return replace(sentence, score=score), None
