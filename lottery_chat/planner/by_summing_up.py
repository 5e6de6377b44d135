"""Sum up a document by its sections, with pages: what it is about first, then each section as it is read.

A small model on a processor reads about 50 tokens a second, so it never reads a whole document: of every
section it gets the sentences that stand for it (extractive first, paper.md 2.14), at most SECTION_WORDS.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from lottery_chat.events import Citation, Progress, TextDelta
from lottery_chat.messages import Message
from lottery_chat.planner.budget import BudgetSpent
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.prompts import render
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution

SECTIONS = 6
SECTION_WORDS = 150
ABOUT_WORDS = 160
#: Of its share of the text a section has this much at least.
_NEARLY = 0.75


@dataclass(frozen=True, slots=True)
class Section:
    """Some pages of a document: their span and their sentences in order."""

    first: int | None
    last: int | None
    sentences: tuple[str, ...]

    @property
    def where(self) -> str:
        """The pages in words."""
        if self.first is None:
            return "a part"
        return f"page {self.first}" if self.first == self.last else f"pages {self.first} to {self.last}"


def by_summary(
    run: Run, node: Node, knowledge: Knowledge, document: str, title: str, *, sections: bool
) -> Steps[Solution]:
    """Say what a document is about; with `sections`, go through it by pages too."""
    cut = sections_of(knowledge.page_texts(document))
    if not cut:
        return Solution(
            text=f"{title!r} holds no text that can be read.",
            known="none",
            status="not_in_documents",
            passed=False,
            method="summary",
        )
    child = yield from run.open("model", f"what {title} is about", node)
    yield Progress(f"Reading {title}")
    # The opening says what a text is; sentences near the middle of its meaning say what it treats.
    opening = _take(cut[0].sentences, ABOUT_WORDS // 2)
    middle = central(run, [one for section in cut for one in section.sentences if one not in opening], ABOUT_WORDS // 2)
    total = len({one for section in cut for one in section.sentences})
    read = {*opening, *middle}
    left = f"{total - len(read):,} of {total:,} sentences" if len(read) < total else ""
    text = yield from _sum_up(run, child, render("about", title=title, notes=lines_of([*opening, *middle])), 110, left)
    yield child.closed("done", text)
    cited = [_cite(document, title, cut[0].first, opening[0] if opening else "")]
    pieces, missing = [text], 0
    # A document of one section was already summed up by its opening.
    for number, section in enumerate(cut if sections and len(cut) > 1 else ()):
        try:
            piece, chosen = yield from _section(run, node, title, section)
        except BudgetSpent:
            missing = len(cut) - number
            break
        pieces.append(piece)
        read.update(chosen)
        cited.append(_cite(document, title, section.first, chosen[0] if chosen else ""))
    check = "in the model's words, from extracts of each section; the wording was not checked"
    if len(read) < total:
        how = f"{len(read):,} of {total:,} sentences were read"
        check += f"; {how}"
        pieces.append(f"*Made from extracts: {how}, the others were left out.*")
        yield TextDelta(f"\n\n{pieces[-1]}")
    solution = Solution(
        text="\n\n".join(pieces), known="quoted", checked=False, citations=tuple(cited), method="summary", streamed=True, check=check,
    )  # fmt: skip
    if missing:
        yield from run.notice(f"The last {missing} sections were not read: the time was used up.")
        return solution.but(status="partial", can_continue=True, reason=f"{missing} of {len(cut)} sections are missing")
    return solution


def _section(run: Run, node: Node, title: str, section: Section) -> Steps[tuple[str, list[str]]]:
    """A section summed up under its pages, and the sentences that it was summed up from."""
    child = yield from run.open("model", f"sum up {section.where}", node)
    yield Progress(f"Reading {section.where} of {title}")
    chosen = central(run, section.sentences, SECTION_WORDS)
    label = f"\n\n**{section.where.capitalize()}.** " if section.first is not None else "\n\n"
    yield TextDelta(label)
    unread = len(section.sentences) - len(chosen)
    left = f"{unread} of {len(section.sentences)} sentences of {section.where}" if unread > 0 else ""
    prompt = render("section", where=section.where, title=title, notes=lines_of(chosen))
    text = yield from _sum_up(run, child, prompt, 90, left)
    yield child.closed("done", text)
    return label.strip() + " " + text, chosen


def _sum_up(run: Run, node: Node, prompt: str, room: int, left_out: str) -> Steps[str]:
    """What the model makes of an extract; `left_out` stands in the prompt's ledger."""
    blocks = [Block("system", Message("system", render("chat_system"))), Block("passages", Message("user", prompt))]
    run.left_out = left_out
    reply = yield from run.generate(node, "sum up", blocks, room=room, shown=True)
    run.left_out = ""
    text = reply.text.strip()
    if reply.finish == "length":
        # Whole sentences only: what was cut in the middle says nothing.
        whole = re.match(r"(?s).*[.!?](?=\s|$)", text)
        text = whole.group(0) if whole else text
    return text


def _cite(document: str, title: str, page: int | None, quote: str) -> Citation:
    return Citation("document", title, page, "", "", quote, document)


def lines_of(sentences: Sequence[str]) -> str:
    """Sentences as a list for a prompt."""
    return "\n".join(f"- {' '.join(one.split())}" for one in sentences)


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ0-9“\"(])|\n{2,}|(?<=[。！？])")


def sections_of(pages: Sequence[tuple[int | None, str]], most: int = SECTIONS) -> list[Section]:
    """Cut a document into at most `most` runs of pages of about equal length."""
    filled = [(page, text) for page, text in pages if text.strip()]
    if len(filled) == 1 and len(filled[0][1]) > 6_000:
        # A text without pages: equal runs of paragraphs stand for sections.
        page, text = filled[0]
        size = max(3_000, len(text) // most + 1)
        filled = [(page, piece) for piece in _cut(text, size)]
    remaining = sum(len(text) for _, text in filled)
    sections: list[Section] = []
    run: list[tuple[int | None, str]] = []
    length = 0
    for number, (page, text) in enumerate(filled, 1):
        run.append((page, text))
        length += len(text)
        left = most - len(sections)
        # Pages end where they end: a run that is nearly its share is not doubled by one page more.
        if number == len(filled) or (left > 1 and length >= _NEARLY * remaining / left):
            remaining -= length
            sentences = tuple(one for _, each in run for one in _sentences(each))
            if sentences:
                sections.append(Section(run[0][0], run[-1][0], sentences))
            run, length = [], 0
    return sections


def _sentences(text: str) -> list[str]:
    """The sentences worth reading; one without a stop for too long (a list, a poem) comes in pieces, not left out."""
    found: list[str] = []
    for one in _SENTENCE_END.split(text):
        one = one.strip()
        found += textwrap.wrap(one, 600) if len(one) > 600 else [one] if len(one) >= 20 else []
    return found


def _cut(text: str, size: int) -> list[str]:
    """Pieces of about `size` letters that end where a sentence does: none is lost in a cut."""
    pieces, start = [], 0
    while start < len(text):
        end = start + size
        if end < len(text):
            stops = [match.end() for match in re.finditer(r"[.!?]\s|\n\s*\n", text[start + size // 2 : end])]
            end = start + size // 2 + stops[-1] if stops else end
        pieces.append(text[start:end])
        start = end
    return pieces


def _take(sentences: Sequence[str], words: int) -> list[str]:
    taken: list[str] = []
    for one in sentences:
        if taken and sum(len(each.split()) for each in taken) + len(one.split()) > words:
            break
        taken.append(one)
    return taken


def central(run: Run, sentences: Sequence[str], words: int) -> list[str]:
    """The sentences nearest to the middle of their section's meaning, at most so many words, in reading order."""
    pool = list(dict.fromkeys(sentences))
    if len(pool) > 60:
        step = len(pool) / 60
        pool = [pool[int(index * step)] for index in range(60)]
    if sum(len(one.split()) for one in pool) <= words:
        return pool
    scores = run.resources.similar(pool, [" ".join(pool)[:800], *pool[:1]])
    ranked = sorted(range(len(pool)), key=lambda index: -scores[index][0]) if scores else list(range(len(pool)))
    chosen: list[int] = []
    length = 0
    for index in ranked:
        size = len(pool[index].split())
        if chosen and length + size > words:
            continue
        chosen.append(index)
        length += size
    return [pool[index] for index in sorted(chosen)]
