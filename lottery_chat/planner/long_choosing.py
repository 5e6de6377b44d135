"""Choose among lettered options by a long text: the sentences near to the question and to each option, then the letter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.passage import Sentence
from lottery_chat.messages import Message
from lottery_chat.planner.by_choosing import by_choosing
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.long_keywords import SentenceIndex, terms_of
from lottery_chat.planner.prompts import render
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.retrieving import citation, retrieve
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution

#: Words of evidence before the options.
WORDS = 420
_OPTION_LINE = re.compile(r"(?m)^[ \t]*\(?[A-H][).:][ \t]+\S.*$")


def stem_of(question: str) -> str:
    """The question without its options."""
    return _OPTION_LINE.sub("", question).strip() or question


def by_choosing_from(
    run: Run,
    node: Node,
    knowledge: Knowledge,
    question: str,
    options: dict[str, str],
    index: SentenceIndex,
    document_ids: Sequence[str],
) -> Steps[Solution]:
    """Choose an option with evidence from the text before the question; never marked as checked."""
    stem = stem_of(question)
    evidence = yield from retrieve(run, node, knowledge, stem, document_ids)
    chosen = _evidence(index, evidence.sentences, stem, options, knowledge, document_ids)
    left = len(index.sentences) - len(chosen)
    run.left_out = f"{left:,} of {len(index.sentences):,} sentences" if left > 0 else ""
    notes = "\n".join(f"- {one.text}" for one in chosen)
    title = evidence.sentences[0].title if evidence.sentences else "the text"
    before = Block("passages", Message("user", render("notes_before", title=title, notes=notes, question=question)))
    solution = yield from by_choosing(run, node, question, options, asked=before)
    run.left_out = ""
    cited = tuple(citation(knowledge, one) for one in evidence.sentences[:3])
    check = (
        f"the model's choice after {len(chosen)} of {len(index.sentences):,} sentences of the text; it was not checked"
    )
    return solution.but(known="quoted" if chosen else "model", check=check, citations=cited)


def _evidence(
    index: SentenceIndex,
    nearest: Sequence[Sentence],
    stem: str,
    options: dict[str, str],
    knowledge: Knowledge,
    document_ids: Sequence[str],
) -> list[Sentence]:
    """Sentences by meaning for the question, by words for question and options, with neighbours, in reading order."""
    at = {(one.document_id, one.page, one.start): number for number, one in enumerate(index.sentences)}
    by_text = {one.text: number for number, one in enumerate(index.sentences)}
    wanted: list[int] = []

    def want(sentences: Sequence[Sentence]) -> None:
        for one in sentences:
            number = at.get((one.document_id, one.page, one.start), by_text.get(one.text))
            if number is not None:
                wanted.append(number)

    want(nearest)
    for text in options.values():
        asked = f"{stem} {text}"
        hits = knowledge.search(asked, document_ids=document_ids or None, limit=2)
        want(knowledge.sentences(asked, hits, 2) if hits else ())
        wanted += [number for number, _ in index.sweep(terms_of(asked), 1)]
    for number in list(dict.fromkeys(wanted))[:6]:
        wanted += index.around(number)
    chosen: list[int] = []
    words = 0
    for number in dict.fromkeys(wanted):
        size = len(index.sentences[number].text.split())
        if words + size <= WORDS:
            chosen.append(number)
            words += size
    return [index.sentences[number] for number in sorted(chosen)]
