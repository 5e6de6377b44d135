"""Which sentences are read: near, of the asked kind, under what is named; what a search is made of."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from knowledge.choosing import choose, last_sentence, section_above
from knowledge.embedding import HashingEmbedder
from knowledge.evidence import nearest_sentences, scored_sentences
from knowledge.passage import Passage, SearchHit, Sentence, Throughout
from knowledge.ranking import lifted, searched


def _hit(number: int, text: str, heading: Sequence[str] = (), score: float = 0.9) -> SearchHit:
    passage = Passage(f"p{number}", "d", "notes.md", None, tuple(heading), text, 0, len(text), number)
    return SearchHit(passage, score, 0.5, None)


def _texts(sentences: Sequence[Sentence]) -> list[str]:
    return [one.text for one in sentences]


def test_the_only_sentence_read_is_the_one_with_what_is_asked_for() -> None:
    hit = _hit(0, "The mill stands in Lunga. The mill opened in 1881. The mill has many friends.")
    found = nearest_sentences("When did the mill open?", [hit], HashingEmbedder(), 1)
    assert _texts(found) == ["The mill opened in 1881."]


def test_of_two_like_sentences_the_one_under_the_named_heading_is_nearer() -> None:
    hits = [_hit(0, "It has 24 beds here.", ["Steinalm"]), _hit(1, "It has 32 beds here.", ["Quellhof"])]
    scored = scored_sentences("How many beds has the Quellhof?", hits, HashingEmbedder())
    assert max(scored, key=lambda one: one.score).text == "It has 32 beds here."


def test_from_three_on_the_sentence_that_introduces_the_top_passage_is_read_too() -> None:
    hit = _hit(0, "Anna Berg was an architect. Rain fell. Snow fell. The mill cost 40 crowns. The mill cost little.")
    assert _texts(nearest_sentences("What did the mill cost?", [hit], HashingEmbedder(), 3))[0].startswith("Anna Berg")
    assert "Anna" not in " ".join(_texts(nearest_sentences("What did the mill cost?", [hit], HashingEmbedder(), 2)))


def test_a_pronoun_brings_the_sentence_before_it() -> None:
    hit = _hit(0, "Snow fell on Orvo. Rain fell on Lunga. The old mill stands by the river. It opened in 1881 in May.")
    found = nearest_sentences("When was it that it opened?", [hit], HashingEmbedder(), 3)
    assert _texts(found)[-2:] == ["The old mill stands by the river.", "It opened in 1881 in May."]


LETTER = (
    "Thank you for seeing Mrs. Orlova again. Mrs. Orlova walks well. Her allergy: penicillin. "
    "Until then Mrs. Orlova stays with us."
)


def test_in_a_document_about_its_subject_throughout_the_name_does_not_choose_the_sentence() -> None:
    question, hit = "What allergy has Mrs. Orlova?", _hit(0, LETTER)
    within = Throughout("What allergy has ?", frozenset("d"))
    assert "penicillin" not in _texts(nearest_sentences(question, [hit], HashingEmbedder(), 1))[0]
    assert "penicillin" in _texts(nearest_sentences(question, [hit], HashingEmbedder(), 1, throughout=within))[0]
    before, after = (scored_sentences(question, [hit], HashingEmbedder(), one) for one in (None, within))
    assert max(one.score for one in before) == pytest.approx(max(one.score for one in after))
    elsewhere = Throughout("What allergy has ?", frozenset("another"))
    assert scored_sentences(question, [hit], HashingEmbedder(), elsewhere) == before


def test_more_than_there_are_gives_every_sentence_once_in_reading_order() -> None:
    hits = [_hit(0, "One stands. Two stand."), _hit(1, "Two stand. Three stand.")]
    assert _texts(nearest_sentences("Who stands?", hits, HashingEmbedder(), 99)) == [
        "One stands.", "Two stand.", "Three stand.",
    ]  # fmt: skip


def test_a_heading_is_taken_last() -> None:
    scores = {"Opening hours": 0.9, "It opens at seven.": 0.5, "It rains.": 0.1}
    scored = [Sentence(text, "p", "d", "t", None, 0, 1, score) for text, score in scores.items()]
    assert _texts(choose(scored, 1)) == ["It opens at seven."]
    assert _texts(choose(scored, 2)) == ["It opens at seven.", "It rains."]


def test_the_last_sentence_before_a_passage_is_not_the_one_that_both_share() -> None:
    before = _hit(0, "The mill burnt down. It was closed in 1911.").passage
    assert _texts(last_sentence([before], "It was closed in 1911.")) == ["The mill burnt down."]
    assert last_sentence([], "It was closed.") == ()


def test_full_text_is_asked_for_what_the_question_is_about() -> None:
    assert searched("What does the “Quellhof” in Lunga cost?") == "Quellhof Lunga cost"
    assert searched("What is it?") == "What is it"
    assert searched("?") == ""


def test_a_passage_under_the_named_heading_comes_first() -> None:
    scores = [("mentions", 0.95), ("is about", 0.9), ("other", 0.5)]
    headings = {"mentions": "Rain in Orvo", "is about": "Anna Berg"}
    found = lifted("When was Anna Berg born?", scores, headings)
    assert [one for one, _ in found] == ["is about", "mentions", "other"]
    assert all(0 <= score <= 1 for _, score in found)
    assert lifted("When was she born?", scores, headings) == scores


SECTIONS = (
    "NORTH QUAY CLINIC\n\nDear colleague,\n\nMr. Brod came.\n\nALLERGIES\nSulfonamides. Hives in 2004.\n\nHe is well."
)


@pytest.mark.parametrize(
    ("text", "sentence", "section"),
    [
        (SECTIONS, "Sulfonamides.", "ALLERGIES"),
        (SECTIONS, "Hives in 2004.", "ALLERGIES"),
        (SECTIONS, "He is well.", "ALLERGIES"),
        (SECTIONS, "Mr. Brod came.", "NORTH QUAY CLINIC"),  # a greeting heads nothing
        (SECTIONS, "NORTH QUAY", ""),
        ("The mill by the river was sold in spring and\nnever opened\nagain. It fell down.", "It fell down.", ""),
        ("Weight: 91 kg\nWell again.", "Well again.", ""),
    ],
)
def test_a_sentence_knows_the_line_that_heads_its_part(text: str, sentence: str, section: str) -> None:
    passage = Passage("p", "d", "letter.txt", None, (), text, 40, 40 + len(text), 0)
    assert section_above(passage, 40 + text.index(sentence)) == section
