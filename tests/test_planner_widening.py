"""What a model copied in part becomes the whole date or name of the sentence; occupations; evidence about its subject."""

from __future__ import annotations

import pytest

from knowledge.passage import Passage, SearchHit, Sentence
from lottery_chat.planner.occupations import occupation
from lottery_chat.planner.on_subject import on_subject, throughout
from lottery_chat.planner.widening import widened


@pytest.mark.parametrize(
    ("answer", "sentence", "question", "expected"),
    [
        (
            "1985",
            "The league was founded in Norby on 8 December 1985.",
            "When was the league founded?",
            "8 December 1985",
        ),
        ("May 1985", "It closed on 3 May 1985 for good.", "When did it close?", "3 May 1985"),
        ("1985", "The league was founded on 8 December 1985.", "In which year was the league founded?", "1985"),
        ("1985", "From 3 May 1985 on it grew; on 4 June 1985 it closed.", "When did it close?", "1985"),
        ("Holm", "Ida van der Holm plays the doctor.", "Who plays the doctor?", "Ida van der Holm"),
        ("Holm", "Ida Holm plays the doctor.", "Which river is it?", "Holm"),
        ("Holm", "Ida Holm met Per Holm.", "Who was met?", "Holm"),
        ("NBL", "She leads the Norby Boat League (NBL) since May.", "What does she lead?", "Norby Boat League (NBL)"),
        ("BON", "She left the Bank of Norby (BON).", "Where did she work?", "BON"),
        ("BN", "She left the Bank of Norby (BN).", "Where did she work?", "Bank of Norby (BN)"),
        ("NBL", "The NBL is led by her.", "What does she lead?", "NBL"),
        ("NBL", "The Norby Boat League (NBL) is old.", "What is the abbreviation of the league?", "NBL"),
        ("12 boats", "It has 12 boats.", "How many boats has it?", "12 boats"),
    ],
)
def test_a_copied_part_grows_to_the_one_date_or_name_it_is_of(
    answer: str, sentence: str, question: str, expected: str
) -> None:
    assert widened(answer, sentence, question) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Ida Holm was a Swiss painter and teacher who lived in Chur.", "painter and teacher"),
        ("Ida Holm is a retired Danish singer, actress, and model from Norby.", "singer, actress, and model"),
        ("Ida Holm is a Swiss-born American jazz pianist best known for her solos.", "jazz pianist"),
        ("Ida Holm was one of the last of her kind.", None),
        ("Ida Holm lived in Chur.", None),
    ],
)
def test_what_somebody_does_is_read_without_country_and_praise(head: str, expected: str | None) -> None:
    found = occupation(head)
    assert (head[found[0] : found[1]] if found else None) == expected


def hit(number: str, heading: str, text: str) -> SearchHit:
    return SearchHit(
        Passage(number * 32, "b" * 32, "people.md", None, (heading,), text, 0, len(text), 0), 0.5, 0.5, None
    )


IDA = hit("1", "Ida Holm", "Ida Holm was a painter. She liked boats.")
PER = hit("2", "Per Lund", "Per Lund was born in Chur.")


def sentence(of: SearchHit, text: str) -> Sentence:
    return Sentence(text, of.passage.id, of.passage.document_id, of.passage.title, None, 0, len(text), 0.5)


HERS, HIS = sentence(IDA, "She liked boats."), sentence(PER, "Per Lund was born in Chur.")


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Where was Ida Holm born?", [HERS]),
        ("where was she born?", [HERS, HIS]),
        ("Who is older, Ida Holm or Per Lund?", [HERS, HIS]),
        ("Where was the painter that knew Ida Holm born?", [HERS, HIS]),
        ("Where was Kari Berg born?", [HERS, HIS]),
    ],
)
def test_a_sentence_about_somebody_else_is_no_evidence_on_the_one_that_is_named(
    question: str, kept: list[Sentence]
) -> None:
    assert on_subject(question, [IDA, PER], [HERS, HIS]) == kept


LETTER = tuple(
    SearchHit(Passage(number * 32, "c" * 32, "letter.txt", None, (), text, 0, len(text), 0), 0.5, 0.5, None)
    for number, text in (("3", "Dear colleague, on Ida Holm: she was well."), ("4", "She is allergic to plaster."))
)
SAID = [sentence(LETTER[0], "On Ida Holm: she was well."), sentence(LETTER[1], "She is allergic to plaster.")]


@pytest.mark.parametrize(
    ("question", "opening", "kept"),
    [
        ("What is Ida Holm allergic to?", "St. Odd's Hospital\n\nRe: Mrs. Ida HOLM, born 1957", SAID),
        ("What is Ida Holm allergic to?", "St. Odd's Hospital\n\nRe: Mr. Per Lund, born 1961", SAID[:1]),
        ("What is Ida Holm allergic to?", "", SAID[:1]),
        ("What is she allergic to in January?", "", SAID),  # a month is no subject
    ],
)
def test_a_document_that_opens_with_the_name_speaks_of_it_throughout(
    question: str, opening: str, kept: list[Sentence]
) -> None:
    assert on_subject(question, LETTER, SAID, lambda document_id: opening) == kept


def test_a_section_of_its_own_keeps_a_name_to_itself_whatever_the_document_opens_with() -> None:
    assert on_subject("Where was Ida Holm born?", [IDA, PER], [HERS, HIS], lambda document_id: IDA.passage.text) == [
        HERS
    ]


@pytest.mark.parametrize(
    ("question", "opening", "unnamed"),
    [
        ("What is Ida Holm allergic to?", "Re: Mrs. Ida HOLM, born 1957", "What is allergic to?"),
        ("What was Ida Holm’s weight?", "Re: Mrs. Ida HOLM, born 1957", "What was weight?"),
        ("What is Ida Holm allergic to?", "Re: Mr. Per Lund, born 1961", ""),
        ("Who is Ida Holm?", "Re: Mrs. Ida HOLM, born 1957", ""),  # nothing is left to look for
        ("Who is older, Ida Holm or Per Lund?", "Ida Holm, Per Lund", ""),
    ],
)
def test_where_a_document_opens_with_the_name_the_rest_of_the_question_is_looked_for(
    question: str, opening: str, unnamed: str
) -> None:
    found = throughout(question, LETTER, lambda document_id: opening)
    assert (found.question if found else "") == unnamed
    assert found is None or found.documents == {"c" * 32}


def test_a_name_that_heads_the_whole_document_is_looked_for_no_further() -> None:
    hers = [hit(str(number), "Ida Holm", text) for number, text in enumerate(("She paints.", "Profit: 3.", "Loss: 1."))]
    asked = "How much profit did Ida Holm make?"
    found = throughout(asked, hers, lambda document_id: "")
    assert found is not None and found.question == "How much profit did make?"
    assert throughout(asked, [*hers, PER], lambda document_id: "") is None  # a section among others
    assert throughout(asked, [IDA], lambda document_id: "") is None  # one passage says nothing about the document
