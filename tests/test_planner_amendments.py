"""amendments.py: a section and the sentence that changes it are read together; a number that is only named changes nothing."""

from __future__ import annotations

import pytest

from knowledge.embedding import HashingEmbedder
from knowledge.passage import Passage, Sentence
from knowledge.passing import PassingLibrary
from lottery_chat.planner import amendments
from lottery_chat.planner.amendments import changes, sections
from lottery_chat.planner.gathering import gather

LEASE = """# Boat lease

## § 4 Moorings

The boat lies at pier 3.

## § 9 Inspection

The owner may inspect the boat after announcing it 48 hours ahead.

## § 10 Painting

The hull may be painted in any colour.

## Annex of May

1. The fee in § 4 stays as it is.
2. In § 9, "48 hours" is replaced by "three days".
"""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('2. In § 9, "48 hours" is replaced by "three days".', {"9"}),
        ("The amount in F.2 is raised to 2,500 marks.", {"F.2"}),
        ("H.2 Clause D.2, sentence 2 is deleted.", {"D.2"}),
        ("Section 5 and section 7.1 no longer apply.", {"5", "7.1"}),
        ("In Ziffer 3 wird die Frist auf zwei Wochen verkürzt.", {"3"}),
        ("The rent is raised in spring.", set()),
        ("Bicycles are insured only with clause F.2.", set()),
        ("H.1 The fee is raised.", set()),  # the number it stands under is not one it changes
    ],
)
def test_a_change_is_a_sentence_that_names_a_number_and_says_what_happens_to_it(text: str, named: set[str]) -> None:
    found = list(changes(text))
    assert [set(numbers) for _, numbers in found] == ([named] if named else [])


def test_a_sentence_stands_under_its_own_number_and_those_of_its_headings() -> None:
    passage = Passage("1" * 32, "d" * 32, "a.md", None, ("3 Fees", "3.2 Late fees"), "", 0, 1, 0)
    said = Sentence("F.2 Bicycles are insured.", passage.id, passage.document_id, "a.md", None, 0, 1, 0.5)
    assert sections(passage, said) == {"3", "3.2", "F.2"}


def test_what_no_longer_holds_is_read_with_what_replaced_it(monkeypatch: pytest.MonkeyPatch) -> None:
    knowledge = PassingLibrary(HashingEmbedder)
    knowledge.add_text("lease.md", LEASE)
    question = "How many hours ahead must the owner announce an inspection of the boat?"
    read = [one.text for one in gather(knowledge, question, count=3).sentences]
    assert any("48 hours ahead" in text for text in read) and any('replaced by "three days"' in text for text in read)
    other = [one.text for one in gather(knowledge, "In which colour may the hull be painted?", count=2).sentences]
    assert any("any colour" in text for text in other) and not any("replaced" in text for text in other)
    # Off, the sentence that shares no word with the question is not among the three.
    monkeypatch.setattr(amendments, "MOST", 0)
    read = [one.text for one in gather(knowledge, question, count=3).sentences]
    assert not any("replaced" in text for text in read)
