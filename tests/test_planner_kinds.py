"""planner.kinds: an answer that cannot be what is asked for is doubted; what may be is left alone."""

from __future__ import annotations

import pytest

from lottery_chat.planner.kinds import beside_origin, fitting, unfit

UNFIT = [
    ("When did the mill stop grinding?", "resigned his office with the approval of the count"),
    ("What year was the bridge opened?", "by the mayor of the town"[3:]),
    ("How many litres does the tank hold?", "litres"),
    ("In what city was the singer born?", "Brazilian"),
    ("Which town is the school in?", "Hebrew: עופר"),
    ("What is the nickname of the ship?", 'Maria "Awa'),
    ("In what city was Mara Holt born?", "American"),
    ("In what city was Mara Holt born?", "Ecuadorian-born German"),
    ("In what city was Mara Holt born?", "March 3, 1957"),
    ("In what city was Mara Holt born?", "Mara Elisabeth Holt"),
    ("Where was Mara Holt born?", "Corvin University"),
]
FIT = [
    ("When did the mill stop grinding?", "after the war"),
    ("When is the office closed?", "on public holidays"),
    ("When the war ended, what was built?", "a new bridge"),
    ("How many keys are there?", "several"),
    ("How old is the oak?", "three hundred years"),
    ("In what city was the singer born?", "Ghent"),
    ("Which country won?", "Oman"),
    ("In what city was Mara Holt born?", "Singapore"),
    ("In what city was Mara Holt born?", "Holt"),
    ("In what city was Mara Holt born?", "American Fork"),
    ("Where was Mara Holt born?", "Mexico"),
    ("What is the lamp made of?", "brass"),
    ("Who keeps the light?", "the harbour master"),
]


@pytest.mark.parametrize(("question", "answer"), UNFIT)
def test_what_cannot_be_the_answer_is_doubted(question: str, answer: str) -> None:
    assert unfit(question, answer)


@pytest.mark.parametrize(("question", "answer"), FIT)
def test_what_may_be_the_answer_is_not(question: str, answer: str) -> None:
    assert unfit(question, answer) == ""


def test_the_only_thing_of_the_kind_takes_its_place() -> None:
    assert fitting("When did the mill stop?", "The mill stopped in 1912, when the miller resigned.") == "1912"
    assert fitting("When did the mill stop?", "The mill of 1870 stopped in 1912.") == ""
    assert fitting("When did the mill of 1870 stop?", "The mill of 1870 stopped in 1912.") == "1912"


@pytest.mark.parametrize(
    ("question", "answer", "sentence", "refused"),
    [
        ("How many square metres does the house have?", "180,000", "A loan of 180,000 marks for the house.", True),
        ("How many square metres does the house have?", "96 m²", "The house has 96 m².", False),
        ("How many days is the bridge closed?", "two weeks", "It is closed for two weeks.", False),
        ("How many kilometres is the trail?", "14", "The trail has 14 signs.", True),
        ("How many marks can be repaid?", "4.1", "4.1 In each year 5 % may be repaid.", True),
        ("How many rules are there?", "3", "3) The door is kept shut.", True),
        ("How many teachers work there?", "24", "24 teachers work there.", False),
        ("How many teachers work there?", "24", "24 Norby teachers work there.", False),
    ],
)
def test_an_amount_is_of_the_unit_asked_for_and_no_number_of_its_sentence(
    question: str, answer: str, sentence: str, refused: bool
) -> None:
    assert bool(unfit(question, answer, sentence)) is refused


@pytest.mark.parametrize(
    ("answer", "sentence", "doubted"),
    [
        ("Wigan", "He played in the forwards for Wigan in the 1990s.", True),
        ("Corvin", "In June, Corvin named Holt the team's president.", True),
        ("Norby", "Holt was transferred from Norby to the south.", True),
        ("Norby", "Mara Holt (4 May 1911, Norby – 1990) was a painter.", False),
        ("Norby", "Mara Holt is a painter and singer from Norby.", False),
        ("Norby", "She was born and raised in Norby.", False),
        ("Norby", "A native of Norby, she left early.", False),
    ],
)
def test_a_birthplace_out_of_a_sentence_that_tells_of_no_origin_is_doubted(
    answer: str, sentence: str, doubted: bool
) -> None:
    assert beside_origin("In what city was Mara Holt born?", answer, sentence) is doubted
    assert not beside_origin("In what city does Mara Holt live?", answer, sentence)


def test_where_somebody_comes_from_takes_the_place_of_words_that_name_no_place() -> None:
    sentence = (
        "Mara Holt (born May 4, 1967), known as Dusk, is an American singer from Old Norby, Maine, and a painter."
    )
    assert fitting("In what city was Dusk born?", sentence) == "Old Norby"
    assert fitting("In what city was Dusk born?", "She studied at Corvin University.") == ""
