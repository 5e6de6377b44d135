"""Which evidence is about what a question names: a fact about somebody else is no evidence (paper.md 3.2).

A question names its subject ("In what city was Anna Berg born?"). When some passage found speaks of that name, a
sentence from a passage that never does can only mislead: a small model copies the birthplace of whoever is next.
A passage about something that those of the subject mention may hold what these leave open (`led_to`).
What this does not do: it follows no description ("the band's singer"), so a question that points on to a second passage
keeps everything, and so does one without a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from difflib import get_close_matches

from knowledge.covering import stems
from knowledge.passage import Passage, SearchHit, Sentence, Throughout
from lottery_chat.planner.linking import names_in, points_on

#: Words inside a name that many other names share.
_SMALL = frozenset(
    "the a an of and de la le van von der den di da del al el in on for to mr mrs dr st sir lord".split()
)

#: Written large, and no subject: "in January" asks when, of whatever else the question is about.
_DATES = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday christmas easter".split()
)

#: A question's first word is written large without being a name.
_NOT_NAMES = frozenset(
    "name list give tell describe explain according whatare during since besides after before under by for at on from with".split()
)


def on_subject(
    question: str,
    hits: Sequence[SearchHit],
    sentences: Sequence[Sentence],
    opening: Callable[[str], str] = lambda document_id: "",
) -> list[Sentence]:
    """Return the sentences whose passage speaks of the one thing that the question names; all where none is named.

    A letter names its patient and a contract its parties once, at the top: a document that opens with the name speaks
    of it throughout, unless a section of its own is headed with the name.

    Args:
        hits: the passages the sentences were taken from.
        opening: the beginning of a document's text, by its id.
    """
    wanted = _wanted(question)
    if not wanted:
        return list(sentences)
    speaking = {hit.passage.id for hit in hits if _speaks_of(wanted, hit.passage)}
    silent = [hit for hit in hits if hit.passage.id not in speaking]
    about = _opening_with(wanted, hits, {hit.passage.document_id for hit in silent}, opening)
    speaking |= {hit.passage.id for hit in silent if hit.passage.document_id in about}
    return [one for one in sentences if one.passage_id in speaking] or list(sentences)


def throughout(question: str, hits: Sequence[SearchHit], opening: Callable[[str], str]) -> Throughout | None:
    """Return the documents found that open with the question's subject, and the question without its name.

    So do those of which each passage found is headed with it, two at least: the name is the document's own heading.
    None where no document does, or where the name is all that is asked for.
    """
    if not (wanted := _wanted(question)):
        return None
    headings: dict[str, list[bool]] = {}
    for hit in hits:
        headings.setdefault(hit.passage.document_id, []).append(_has(wanted, " ".join(hit.passage.heading)))
    about = _opening_with(wanted, hits, headings, opening)
    about |= {one for one, headed in headings.items() if len(headed) > 1 and all(headed)}
    if not about:
        return None
    unnamed = " ".join(re.sub(rf"{re.escape(names_in(question)[0])}(?:['’]s?)?", " ", question).split())
    return Throughout(unnamed, frozenset(about)) if stems(unnamed) else None


def _wanted(question: str) -> list[str]:
    """The words of the one name that a question is about; none where it names several things, or points on."""
    names = names_in(question)
    if len(names) != 1 or points_on(question):
        return []
    wanted = [word for word in plain(names[0]).split() if word not in _SMALL]
    if len(wanted) > 1 and wanted[0].isdigit() and len(wanted[0]) < 4:
        del wanted[0]  # "28 Corvadine tablets": how many of them is not part of their name
    return [] if all(word.isdigit() or word in _DATES for word in wanted) else wanted


def _opening_with(
    wanted: Sequence[str], hits: Sequence[SearchHit], documents: Collection[str], opening: Callable[[str], str]
) -> set[str]:
    """Those of the documents that open with the name; none where a passage found is headed with it."""
    if any(_has(wanted, " ".join(hit.passage.heading)) for hit in hits):
        return set()
    return {one for one in documents if _has(wanted, opening(one))}


def led_to(question: str, passages: Sequence[Passage], speaking: Collection[str]) -> set[str]:
    """Ids of passages that are headed by a name which those of the subject mention, and hold what these leave open.

    "Where was the first yard of the firm that Anna Berg worked for?": her passage names the firm and says nothing of
    a yard; the firm's passage never speaks of her.
    """
    told = plain(" ".join(one.text for one in passages if one.id in speaking))
    left = stems(question) - stems(told)
    return {
        one.id
        for one in passages
        if one.id not in speaking and one.heading and left & stems(f"{one.heading[-1]} {one.text}")
        if (name := plain(_BRACKETS.sub("", one.heading[-1]))) and f" {name} " in f" {told} "
    }


_BRACKETS = re.compile(r"\(.*?\)")


def unmentioned(question: str, texts: Callable[[str], Sequence[str]]) -> str:
    """Return the first name of the question that no text has in any spelling near to it; "" when all are there.

    What is never mentioned cannot be answered, however near the nearest sentence is (squad2's false premises).

    Args:
        texts: what was found for the question, and what a search for this name alone finds.
    """
    for name in names_in(question):
        words = [word for word in plain(name).split() if word not in _SMALL and len(word) > 2]
        opens = question.lstrip().startswith(name) and len(plain(name).split()) == 1
        if not words or opens or plain(name).split()[0] in _NOT_NAMES or name.islower():
            continue
        there = set(plain(" ".join(texts(name))).split())
        if not any(_near(word, there) for word in words):
            return name
    return ""


def _near(word: str, there: set[str]) -> bool:
    """The word itself, a form of it, or a spelling that is hardly off: typing errors are no other name."""
    if word in there or any(one.startswith(word[:4]) for one in there):
        return True
    return bool(get_close_matches(word, there, n=1, cutoff=0.75))


def _speaks_of(wanted: Sequence[str], passage: Passage) -> bool:
    """Whether every word of the name stands in the passage, its headings or its title (a title may shorten it)."""
    return _has(wanted, " ".join((passage.title, *passage.heading, passage.text)))


def _has(wanted: Sequence[str], text: str) -> bool:
    there = set(plain(text).split())
    return all(word in there for word in wanted)


def plain(text: str) -> str:
    """Lower case without accents and marks: how names are compared."""
    letters = unicodedata.normalize("NFKD", text.lower())
    return " ".join(re.findall(r"\w+", "".join(one for one in letters if not unicodedata.combining(one))))
