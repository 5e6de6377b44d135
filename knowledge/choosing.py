"""Which of the scored sentences are read: about k of them, none that is only a heading, none without what it speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.passage import Passage, Sentence
from knowledge.sentences import split_sentences

_PRONOUN = re.compile(r"(?:He|She|It|They|His|Her|Its|Their|This|These|That|Those|Er|Sie|Es)\b")
_SPACE = re.compile(r"\s+")


def choose(scored: Sequence[Sentence], k: int) -> tuple[Sentence, ...]:
    """Return at most `k` of the scored sentences, in the order they came in.

    From three on, the first sentence of the top passage is always among them (it says what the text is about); a
    sentence that begins with a pronoun brings the one before it, as far as `k` allows. A line that is only a heading
    is taken last: it is near to every question about its section and answers none.
    """
    if k >= len(scored):
        return tuple(scored)
    headings = {at for at, one in enumerate(scored) if is_heading(one.text)}
    first = next((at for at in range(len(scored)) if at not in headings), 0)
    chosen = [first] if k > 2 else []
    for at in sorted(range(len(scored)), key=lambda one: (one in headings, -scored[one].score)):
        if len(chosen) >= k:
            break
        if at in chosen:
            continue
        chosen.append(at)
        if at and _PRONOUN.match(scored[at].text) and scored[at - 1].passage_id == scored[at].passage_id:
            if at - 1 not in chosen and at - 1 not in headings and len(chosen) < k:
                chosen.append(at - 1)
    return tuple(scored[at] for at in sorted(chosen))


def begins_with_pronoun(text: str) -> bool:
    """Whether a sentence speaks of what the one before names."""
    return _PRONOUN.match(text) is not None


def last_sentence(passages: Sequence[Passage], following: str) -> tuple[Sentence, ...]:
    """Return the last sentence of these passages that is not `following` itself (neighbours share one), or none."""
    for passage in reversed(passages):
        for start, end in reversed(split_sentences(passage.text)):
            text = _SPACE.sub(" ", passage.text[start:end])
            if text != following and not text.startswith("#"):
                at, to = passage.start + start, passage.start + end
                return (Sentence(text, passage.id, passage.document_id, passage.title, passage.page, at, to, 0.0),)
    return ()


def is_heading(text: str) -> bool:
    """Whether a line is only a heading: a few words without a stop, a number or a colon."""
    return len(text.split()) <= 7 and not re.search(r"[.!?:;…。]\s*$|[\d:;=|]", text)


def section_above(passage: Passage, start: int) -> str:
    """Return the line that heads the part of a passage in which a sentence begins; "" where none does.

    A plain text has no marks of headings: a line counts that stands alone after a gap and says nothing by itself
    ("ALLERGIES"). What lies under it may say nothing without it ("Penicillin.").

    Args:
        start: where the sentence begins, in the page's text.
    """
    before = passage.text[: max(0, start - passage.start)]
    lines = ["", *before.split("\n")[:-1]]
    for gap, line in zip(reversed(lines[:-1]), reversed(lines[1:])):
        line = line.strip()
        if line[:1].isupper() and not gap.strip() and not line.endswith(",") and is_heading(line):
            return line
    return ""
