"""Evidence of a question: both sides of a comparison, the bridge to a second passage, what the documents disagree on."""

from __future__ import annotations

from knowledge.embedding import HashingEmbedder
from knowledge.passing import PassingLibrary
from lottery_chat.planner.gathering import SENTENCES, disagreements, gather, gather_each

_FILL = [
    f"## Hut {n}\n\nHut {n} of the valley has beds, a stove and a well. The hut opened long ago.\n" for n in range(12)
]


def _kept(**texts: str) -> PassingLibrary:
    base = PassingLibrary(HashingEmbedder)
    for title, text in texts.items():
        base.add_text(title, text)
    return base


def test_of_a_comparison_both_sides_are_read() -> None:
    sides = [
        "## Quellhof\n\nThe Quellhof has 24 beds.\n",
        "## Steinalm\n\nAt Steinalm guests find 32 places to sleep.\n",
    ]
    base = _kept(huts="\n".join([sides[0], *_FILL, sides[1]]))
    texts = " ".join(one.text for one in gather(base, "Which has more beds, Quellhof or Steinalm?").sentences)
    assert "24 beds" in texts
    assert "32 places" in texts


def test_the_name_in_the_nearest_sentence_leads_to_the_second_passage() -> None:
    first = "## Orvo Mill\n\nThe Orvo Mill was built by Anna Berg.\n"
    second = "## Anna Berg\n\nAnna Berg (4 June 1951 – 2 May 2010) came from Lunga.\n"
    base = _kept(notes="\n".join([first, *_FILL, second]))
    question = "Where did the architect who built the Orvo Mill come from?"
    assert any("Lunga" in one.text for one in gather(base, question).sentences)


def test_a_file_that_the_question_is_about_is_not_left() -> None:
    base = _kept(mill="The Orvo Mill was built by Anna Berg.", people="Anna Berg came from Lunga.")
    mill = base.documents()[0].id
    question = "Where did the architect who built the Orvo Mill come from?"
    assert {one.document_id for one in gather(base, question, [mill]).sentences} == {mill}


def test_in_a_letter_about_one_person_the_line_with_the_answer_is_read_though_it_does_not_name_her() -> None:
    named = "".join(f"Mrs. Orlova was seen by doctor number {n} of the house. " for n in range(9))
    base = _kept(letter=f"On Mrs. Vera Orlova, born 1957.\n\n{named}\n\nAllergy: penicillin, rash in 1989.\n")
    question = "What allergy has Mrs. Orlova?"
    assert any("penicillin" in one.text for one in gather(base, question, count=1).sentences)
    without = base.sentences(question, base.search(question), 1)
    assert not any("penicillin" in one.text for one in without)  # what the name does where it may choose


def test_no_more_sentences_than_wanted_each_once() -> None:
    base = _kept(huts="\n".join(_FILL))
    for count, evidence in gather_each(base, "Which hut of the Valley has a well?", (), (1, 3, 8)).items():
        texts = [one.text for one in evidence.sentences]
        assert 0 < len(texts) <= count
        assert len(set(texts)) == len(texts)
    assert len(gather(base, "what has a well?").sentences) == SENTENCES


def test_whole_passages_are_given_where_cutting_is_switched_off() -> None:
    base = _kept(mill="The mill opened in 1881. It burnt down. It was built again.")
    (whole,) = gather(base, "When did the mill open?", whole=True).sentences
    assert whole.text == "The mill opened in 1881. It burnt down. It was built again."


def test_documents_that_disagree_are_named_with_both_values() -> None:
    base = _kept(old="The ferry to Lunga leaves at 06:40.", new="The ferry to Lunga leaves at 07:15.")
    question = "When does the ferry to Lunga leave?"
    (said,) = disagreements(base, question, gather(base, question))
    assert all(part in said for part in ("old", "new", "06:40", "07:15"))
    assert said.count("(undated, added ") == 2 and "later" not in said
    agreed = _kept(old="The ferry to Lunga leaves at 06:40.", new="The ferry to Lunga leaves at 06:40 each day.")
    assert disagreements(agreed, question, gather(agreed, question)) == ()


def test_of_documents_that_disagree_the_later_is_named_where_both_say_their_date() -> None:
    base = _kept(
        winter="Timetable\n\nValid from 1 November 2025\n\nThe ferry to Lunga leaves at 07:15.",
        summer="Timetable\n\nValid from 1 May 2025\n\nThe ferry to Lunga leaves at 06:40.",
    )
    question = "When does the ferry to Lunga leave?"
    (said,) = disagreements(base, question, gather(base, question))
    assert "summer (dated 2025-05-01) says “06:40”, winter (dated 2025-11-01) says “07:15”." in said
    assert said.endswith("winter is the later one.")
    half = _kept(
        winter="Timetable\n\nValid from 1 November 2025\n\nThe ferry to Lunga leaves at 07:15.",
        other="The ferry to Lunga leaves at 06:40.",
    )
    (said,) = disagreements(half, question, gather(half, question))
    assert "(dated 2025-11-01)" in said and "(undated, added " in said and "later" not in said


def test_neighbours_of_a_passage_are_those_before_and_after_it() -> None:
    base = _kept(huts="\n".join(_FILL))
    passages = base.chunks(base.documents()[0].id)
    assert [one.ordinal for one in base.neighbours(passages[5])] == [4, 6]
    assert [one.ordinal for one in base.neighbours(passages[0], 2)] == [1, 2]
