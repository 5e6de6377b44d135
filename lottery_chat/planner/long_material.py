"""What a message brings with it: the text that was pasted, the question about it, its sentences with their places.

The request stands first or last; lettered options belong to it. The text is everything else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.passage import Sentence
from knowledge.sentences import split_sentences
from lottery_chat.planner.resources import Knowledge

#: Letters of a message from which it is taken as a text with a question, not as a question alone.
PASTED = 1_200
#: Most letters of a request; a longer block is text.
_REQUEST = 600
_OPTION = re.compile(r"\s*\(?[A-H][).:]\s+\S")
_LAST_QUESTION = re.compile(r"[^.!?\n]{2,300}\?(?:\s+(?:Say|Answer|Write|Reply|Give|Use|If)\b[^\n?]{0,200})?\s*$")
_FIRST_QUESTION = re.compile(r"\s*[^.!?\n]{2,300}\?(?=\s)")


@dataclass(frozen=True, slots=True)
class Material:
    """A message taken apart: `asked` is the request with its options, `text` all the rest as it was written."""

    asked: str
    text: str


def material_of(message: str) -> Material | None:
    """The request and the text of a message; None where no question ends or begins it or nothing else is there."""
    plain = message.replace("\r\n", "\n").replace("\r", "\n").strip()
    blocks = [block for block in re.split(r"\n\s*\n", plain) if block.strip()]
    if len(blocks) > 1:
        options = _all_options(blocks[-1])
        tail = 2 if options and not _ends_asking(blocks[-1].split("\n")[0]) else 1
        asked = "\n\n".join(blocks[-tail:]).strip()
        request = _is_request(asked) or (options and len(blocks[-tail]) <= _REQUEST) or _tells(asked)
        if len(blocks) > tail and len(asked) <= 3 * _REQUEST and request:
            return Material(asked, "\n\n".join(blocks[:-tail]))
        if _is_request(blocks[0].strip()):
            return Material(blocks[0].strip(), "\n\n".join(blocks[1:]))
    found = _LAST_QUESTION.search(plain, max(0, len(plain) - 600))
    if found and plain[: found.start()].strip():
        return Material(found.group(0).strip(), plain[: found.start()].strip())
    first = _FIRST_QUESTION.match(plain)
    if first and plain[first.end() :].strip():
        return Material(first.group(0).strip(), plain[first.end() :].strip())
    return None


def _all_options(block: str) -> bool:
    lines = [line for line in block.split("\n") if line.strip()]
    return len(lines) > 1 and all(_OPTION.match(line) for line in lines[-2:])


def _tells(block: str) -> bool:
    """Whether a short last paragraph speaks to the reader about the person's own need, without a question mark."""
    return len(block) <= 200 and "\n" not in block and re.search(r"\b(?:I|me|my|please)\b", block) is not None


def _ends_asking(line: str) -> bool:
    return line.rstrip().endswith(("?", ":"))


def _is_request(block: str) -> bool:
    lines = [line for line in block.split("\n") if line.strip()]
    head = [line for line in lines if not _OPTION.match(line)]
    if not head or sum(len(line) for line in head) > _REQUEST or len(head) > 4:
        return False
    return head[-1].rstrip().endswith("?") or _LAST_QUESTION.search(" ".join(head)) is not None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence of a plain text: its number from 1 and where it stands."""

    number: int
    text: str
    start: int
    end: int


def spoken(text: str) -> tuple[Spoken, ...]:
    """The sentences of a text in order, white space collapsed."""
    return tuple(
        Spoken(number, " ".join(text[start:end].split()), start, end)
        for number, (start, end) in enumerate(split_sentences(text), 1)
    )


def sentences_of(knowledge: Knowledge, document_ids: Sequence[str]) -> tuple[Sentence, ...]:
    """Every sentence of these documents (all of them when none is named), in reading order, without passages."""
    found: list[Sentence] = []
    for one in knowledge.documents():
        if one.state != "ready" or (document_ids and one.id not in document_ids):
            continue
        for page, text in knowledge.page_texts(one.id):
            for start, end in split_sentences(text):
                said = " ".join(text[start:end].split())
                found.append(Sentence(said, "", one.id, one.title, page, start, end, 0.0))
    return tuple(found)
