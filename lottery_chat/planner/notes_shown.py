"""Evidence as the model reads it: a line a passage, with what the passage is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.choosing import section_above
from knowledge.passage import Passage, SearchHit, Sentence


def notes(sentences: Sequence[Sentence], hits: Sequence[SearchHit] = ()) -> str:
    """The evidence as the model reads it: a line a passage, with its title, how the passage begins, and its sections.

    "It opens at 06:40" says nothing to a reader who does not know what the passage is about, and "Penicillin." nothing
    without "ALLERGIES" above it.
    """
    one_document = len({sentence.document_id for sentence in sentences}) == 1
    about = {hit.passage.id: _about(hit.passage, one_document) for hit in hits}
    passages = {hit.passage.id: hit.passage for hit in hits}
    lines: dict[str, list[str]] = {}
    last = ("", "")
    for sentence in sentences:
        text = " ".join(sentence.text.split())
        title, begins = about.get(sentence.passage_id, (stem(sentence.title), ""))
        head = f"{title}, {begins}" if begins and not text.startswith(begins) else title
        parts = lines.setdefault(sentence.passage_id, [f"- {head}:"])
        passage = passages.get(sentence.passage_id)
        section = section_above(passage, sentence.start) if passage else ""
        if section and (sentence.passage_id, section) != last and section not in (begins, text):
            text = f"{section}: {text}"
        last = (sentence.passage_id, section)
        parts.append(text)
    return "\n".join(" ".join(parts) for parts in lines.values())


def _about(passage: Passage, one_document: bool) -> tuple[str, str]:
    """What a passage is about, and how it begins where no heading says it."""
    if passage.heading:
        return passage.heading[-1] if one_document else f"{stem(passage.title)}, {passage.heading[-1]}", ""
    return stem(passage.title), " ".join(passage.text.split("\n")[0].split()[:10])


def stem(title: str) -> str:
    """A title without the ending of its file name."""
    return re.sub(r"\.\w{1,5}$", "", title)
