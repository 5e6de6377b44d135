"""Questions that need the whole of a long text: a bounded number of its parts is read one by one, then put together.

Map and reduce with the ledger shown: which parts were read, which were not, and with how many sentences each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lottery_chat.events import Citation, Progress, TextDelta
from lottery_chat.messages import Message
from lottery_chat.planner.budget import BudgetSpent
from lottery_chat.planner.by_summing_up import Section, central, lines_of, sections_of
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.prompts import render
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution

#: Most parts that are read, and how many a text is cut into at most.
PARTS, CUT = 5, 24
#: Words of each part that the model sees, and letters of a piece that is rewritten.
WORDS, PIECE = 140, 1_400
_WHOLE = re.compile(
    r"\b(?:main|central|key|overall|general|principal|underlying)\s+(?:\w+\s+)?(?:arguments?|ideas?|points?|messages?|themes?|topics?|thesis|claims?|conclusions?|"
    r"findings?|purpose|plot|tone|mood|moral|lessons?|conflict|contributions?)\b"
    r"|\b(?:throughout|over the course of|in all of) (?:the|this) (?:whole |entire )?(?:text|story|book|novel|article|paper|document|essay|report)\b"
    r"|\b(?:text|story|book|article|paper|document|essay|report) as a whole\b"
    r"|\b(?:moral|theme|themes|tone|plot|structure|gist) of (?:the|this) (?:\w+ )?(?:text|story|book|article|paper|document|essay|report)\b"
    r"|\bwhat happens in the end\b",
    re.IGNORECASE,
)


def asks_of_the_whole(question: str) -> bool:
    """Whether a question is about a text as a whole, so that no few sentences of it can answer."""
    return _WHOLE.search(question) is not None


def by_sections(
    run: Run, node: Node, knowledge: Knowledge, question: str, document: str, title: str
) -> Steps[Solution]:
    """Ask the nearest parts one by one what they say about the question, then answer from what they said."""
    cut = sections_of(knowledge.page_texts(document), CUT)
    chosen = _nearest(run, question, cut)
    said: list[str] = []
    read: dict[int, int] = {}
    cited: list[Citation] = []
    for number in chosen:
        try:
            found, quote, seen = yield from _ask_part(
                run, node, question, title, cut[number], f"part {number + 1} of {len(cut)}"
            )
        except BudgetSpent:
            break
        read[number] = seen
        if found:
            said.append(f"- Part {number + 1}: {found}")
            cited.append(Citation("document", title, cut[number].first, "", "", quote, document))
    ledger = _ledger(cut, read)
    if not said:
        check = f"none of the parts that were read says anything about it; {ledger}"
        return Solution(
            text=f"The parts that were read do not say.\n\n{ledger}", known="none", status="not_in_documents", passed=False, reason=check,
            check=check, method="sections",
        )  # fmt: skip
    text = yield from _together(run, node, question, title, said)
    check = f"in the model's words, from what it read part by part; the wording was not checked; {ledger}"
    return Solution(
        text=f"{text}\n\n{chr(10).join(said)}\n\n*{ledger}*", answer=None, known="quoted", checked=False, citations=tuple(cited[:3]),
        check=check, method="sections",
    )  # fmt: skip


def _nearest(run: Run, question: str, cut: Sequence[Section]) -> list[int]:
    """The parts nearest to the question, in reading order; the first and the last always, they say what a text is."""
    if len(cut) <= PARTS:
        return list(range(len(cut)))
    scores = []
    for section in cut:
        pool = list(section.sentences[:40])
        near = run.resources.similar([question], pool)
        best = sorted(near[0], reverse=True)[:3] if near else [0.0]
        scores.append(sum(best) / len(best))
    ends = {0, len(cut) - 1}
    ranked = sorted((n for n in range(len(cut)) if n not in ends), key=lambda n: -scores[n])
    return sorted([*ends, *ranked[: PARTS - len(ends)]])


def _ask_part(
    run: Run, node: Node, question: str, title: str, section: Section, where: str
) -> Steps[tuple[str, str, int]]:
    """What a part says about it, a sentence of it, and how many sentences of it were before the model."""
    child = yield from run.open("model", f"what {where} says about it", node)
    yield Progress(f"Reading {where} of {title}")
    near = run.resources.similar([question], list(section.sentences))
    order = (
        sorted(range(len(section.sentences)), key=lambda n: -near[0][n])
        if near
        else list(range(len(section.sentences)))
    )
    chosen: list[int] = []
    words = 0
    for number in order:
        size = len(section.sentences[number].split())
        if words + size <= WORDS // 2:
            chosen.append(number)
            words += size
    pool = [one for n, one in enumerate(section.sentences) if n not in chosen]
    middle = set(central(run, pool, WORDS - words)) if pool else set()
    notes = [one for n, one in enumerate(section.sentences) if n in chosen or one in middle]
    left = len(section.sentences) - len(notes)
    run.left_out = f"{left} of {len(section.sentences)} sentences of {where}" if left else ""
    prompt = render("section_asked", where=where, title=title, notes=lines_of(notes), question=question)
    blocks = [Block("system", Message("system", render("read_system"))), Block("passages", Message("user", prompt))]
    reply = yield from run.generate(child, f"what {where} says", blocks, room=70)
    run.left_out = ""
    text = " ".join(reply.text.split())
    nothing = re.match(r"\W*(?:nothing|none|n/a|not mentioned)\b", text, re.IGNORECASE) is not None
    yield child.closed("skipped" if nothing else "done", text)
    quote = section.sentences[chosen[0]] if chosen else (notes[0] if notes else "")
    return "" if nothing else text, quote, len(notes)


def _together(run: Run, node: Node, question: str, title: str, said: Sequence[str]) -> Steps[str]:
    child = yield from run.open("aggregate", "put together what the parts say", node)
    prompt = render("from_sections", title=title, notes="\n".join(said), question=question)
    blocks = [Block("system", Message("system", render("chat_system"))), Block("passages", Message("user", prompt))]
    reply = yield from run.generate(child, "answer from the parts", blocks, room=120)
    yield child.closed("done", reply.text.strip())
    return reply.text.strip()


def _ledger(cut: Sequence[Section], read: Mapping[int, int]) -> str:
    """Which parts were read and which were not; `read` has the sentences of each part that were before the model."""
    missing = [str(n + 1) for n in range(len(cut)) if n not in read]
    count = sum(len(section.sentences) for section in cut)
    seen = sum(read.values())
    head = f"Read in extracts: {len(read)} of {len(cut)} parts ({', '.join(str(n + 1) for n in read)}), {seen:,} of {count:,} sentences"
    return head + (f"; not read: {', '.join(missing)}." if missing else ".")


def by_pieces(run: Run, node: Node, request: str, text: str) -> Steps[Solution]:
    """Carry out a request that changes a text (translate, rewrite…) piece by piece, as far as the budget goes."""
    pieces = _pieces(text)
    done: list[str] = []
    for number, piece in enumerate(pieces, 1):
        prompt = render("piece", request=request, number=str(number), count=str(len(pieces)), text=piece)
        yield Progress(f"Part {number} of {len(pieces)}")
        if number > 1 and not run.quiet:
            yield TextDelta("\n\n")
        try:
            reply = yield from run.generate(
                node, f"part {number}", [Block("system", Message("system", render("chat_system"))), Block("question", Message("user", prompt))],
                room=600, shown=True,
            )  # fmt: skip
        except BudgetSpent:
            break
        done.append(reply.text.strip())
    solution = Solution(
        text="\n\n".join(done), known="model", free_writing=True, streamed=True, method="pieces", passed=bool(done),
        check=f"written by the model, {len(done)} of {len(pieces)} parts of your text one by one",
    )  # fmt: skip
    if len(done) < len(pieces):
        missing = (
            f"{len(pieces) - len(done)} of {len(pieces)} parts are missing, because the time or the steps were used up"
        )
        yield from run.notice(f"{missing[0].upper()}{missing[1:]}.")
        return solution.but(status="partial", can_continue=True, reason=missing)
    return solution


def _pieces(text: str) -> list[str]:
    """Runs of whole paragraphs, or of whole sentences where a paragraph is too long."""
    parts = [
        one
        for block in re.split(r"\n\s*\n", text)
        for one in (re.split(r"(?<=[.!?])\s+", block) if len(block) > PIECE else [block])
    ]
    pieces: list[str] = []
    for part in parts:
        if pieces and len(pieces[-1]) + len(part) < PIECE:
            pieces[-1] += ("\n\n" if part in text.split("\n\n") else " ") + part
        elif part.strip():
            pieces.append(part)
    return pieces
