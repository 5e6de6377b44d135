"""(entity, relation, object) that code reads from a passage: no model, precision first, each with its sentence.

Forms of general English: introductions ("X (born 3 May 1950) is a Danish painter"), "X is the capital of Y", "the
CEO of X is Y", "X's mother Y", "X was founded in 1911 by Y", "Y wrote X", "key: value" lines and rows of two columns.
What this does not do: it follows a pronoun only inside a passage that introduced one subject, and reads no sentence
whose form is not plain; texts in other languages give next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.passage import Passage
from knowledge.relations import key, relation
from knowledge.sentences import split_sentences
from knowledge.triple_forms import of_sentence
from knowledge.triple_lines import of_line
from knowledge.triple_words import Said

#: Raised when the forms change: triples kept under another number are read again.
FORM = 1
#: Sentences longer than this are lists or broken tables.
_LONGEST = 700
_MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Triple:
    """One statement of a document: `sentence` is page_text[start:end], `object` is page_text[at:at + len(object)].

    `past` where the text says that it was so ("was the mayor of").
    """

    entity: str
    relation: str
    object: str
    document_id: str
    passage_id: str
    title: str
    page: int | None
    sentence: str
    start: int
    end: int
    at: int
    past: bool = False


def triples_of(passage: Passage) -> tuple[Triple, ...]:
    """Return what a passage states in plain forms, in reading order, nothing twice."""
    found: dict[tuple[str, str, str, int], Triple] = {}
    for start, end, said in _said(passage):
        text = passage.text[start:end]
        words = text[said.start : said.end]
        shown = _without_stop(words.strip("* \t\n"))
        entity = " ".join(said.entity.split()).strip(" .,;:'’\"“”*")
        if not shown or not key(entity) or key(shown) == key(entity):
            continue
        at = passage.start + start + said.start + words.index(shown)
        one = Triple(
            entity, relation(said.relation), shown, passage.document_id, passage.id, passage.title, passage.page,
            text, passage.start + start, passage.start + end, at, said.past,
        )  # fmt: skip
        found.setdefault((key(one.entity), one.relation, shown, one.start), one)
    return tuple(found.values())


def subject_of(passage: Passage) -> str:
    """What a passage is about where its sentences do not say: its heading, else the document's name."""
    heading = passage.heading[-1] if passage.heading else ""
    return heading or re.sub(r"\.[A-Za-z0-9]{1,5}$", "", passage.title)


def _without_stop(words: str) -> str:
    """Without the full stop of the sentence, which is no part of a name unless an abbreviation ends it."""
    return words if re.search(r"(?:\b[A-Z]|Inc|Ltd|Co|Corp|Jr|Sr)\.$", words) else words.rstrip(".")


def _said(passage: Passage) -> Iterator[tuple[int, int, Said]]:
    """Yield sentences (offsets in the passage's text) with what each says."""
    about = subject_of(passage)
    headed = passage.heading[-1] if passage.heading else ""
    introduced = False  # whether the heading's own subject has just been spoken of, so that "she" is it
    first, rows = True, 0
    for start, end in split_sentences(passage.text):
        text = passage.text[start:end]
        if text.startswith("#") or end - start > _LONGEST:
            continue
        if "\n" not in text and (line := of_line(text, about)):
            rows += 1
            if rows <= _MOST_ROWS:
                for said in line:
                    yield start, end, said
            continue
        plain = re.sub(r"\s", " ", text)
        made = of_sentence(plain, headed, first=first, follows=introduced, about=about)
        introduced = made.about_heading
        first = False
        for said in made.said:
            yield start, end, said
