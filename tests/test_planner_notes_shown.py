"""Evidence as the model reads it: what a sentence needs to say anything stands before it, once."""

from __future__ import annotations

from dataclasses import replace

from knowledge.passage import Passage, SearchHit, Sentence
from lottery_chat.planner.notes_shown import notes

TEXT = "NORTH QUAY CLINIC\n\nMr. Brod came.\n\nALLERGIES\nSulfonamides. Hives in 2004.\n\nMEDICATION\nMetformin."


def _sentence(text: str) -> Sentence:
    start = TEXT.index(text)
    return Sentence(text, "p", "d", "letter.txt", None, start, start + len(text), 0.5)


HIT = SearchHit(Passage("p", "d", "letter.txt", None, (), TEXT, 0, len(TEXT), 0), 0.5, 0.5, None)


def test_what_lies_under_a_heading_of_a_plain_text_is_shown_with_it_once() -> None:
    chosen = [_sentence(one) for one in ("Mr. Brod came.", "Sulfonamides.", "Hives in 2004.", "Metformin.")]
    assert notes(chosen, [HIT]) == (
        "- letter, NORTH QUAY CLINIC: Mr. Brod came. ALLERGIES: Sulfonamides. Hives in 2004. MEDICATION: Metformin."
    )


def test_without_the_passage_a_sentence_stands_alone() -> None:
    assert notes([_sentence("Sulfonamides.")]) == "- letter: Sulfonamides."


def test_each_passage_is_read_with_its_own_heading() -> None:
    passages = [Passage(one, "d", "letter.txt", None, (), TEXT, 0, len(TEXT), 0) for one in "pq"]
    chosen = [replace(_sentence("Metformin."), passage_id=one.id) for one in passages]
    shown = notes(chosen, [SearchHit(one, 0.5, 0.5, None) for one in passages])
    assert shown.count("MEDICATION: Metformin.") == 2
