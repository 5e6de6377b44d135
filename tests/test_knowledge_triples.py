"""knowledge.triples: what code reads from plain forms, and what it leaves; all texts are our own."""

from __future__ import annotations

import pytest

from knowledge.passage import Passage
from knowledge.relations import is_single, key, relation
from knowledge.triples import Triple, triples_of


def passage(text: str, heading: str = "", title: str = "notes.md") -> Passage:
    return Passage("a" * 32, "b" * 32, title, None, (heading,) if heading else (), text, 100, 100 + len(text), 0)


def said(text: str, heading: str = "", title: str = "notes.md") -> list[tuple[str, str, str]]:
    return [(one.entity, one.relation, one.object) for one in triples_of(passage(text, heading, title))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ida Holm (born 3 May 1950 in Norby) is a Danish painter who lives alone.", ("Ida Holm", "is a", "Danish painter")),
        ("Ida Holm (born 3 May 1950 in Norby) is a painter.", ("Ida Holm", "date of birth", "3 May 1950")),
        ("Ida Holm (born 3 May 1950 in Norby) is a painter.", ("Ida Holm", "place of birth", "Norby")),
        ("Per Lund (3 May 1901 – 7 June 1980) was a singer.", ("Per Lund", "date of death", "7 June 1980")),
        ("Ida Holm was born in Norby on 3 May 1950.", ("Ida Holm", "date of birth", "3 May 1950")),
        ("Norby is the capital of Sundland.", ("Sundland", "capital", "Norby")),
        ("The CEO of Sund Ferries is Karen Voss.", ("Sund Ferries", "chief executive", "Karen Voss")),
        ("Sund Ferries' owner is Karen Voss.", ("Sund Ferries", "owner", "Karen Voss")),
        ("Sund Ferries was founded in 1911 by Ole Voss.", ("Sund Ferries", "founder", "Ole Voss")),
        ("Sund Ferries was founded in 1911 by Ole Voss.", ("Sund Ferries", "founded", "1911")),
        ("Ole Voss founded Sund Ferries in 1911.", ("Sund Ferries", "founder", "Ole Voss")),
        ("Ida's mother Kari Berg taught music.", ("Ida", "mother", "Kari Berg")),
        ("Karen Voss, CEO of Sund Ferries, resigned.", ("Sund Ferries", "chief executive", "Karen Voss")),
        ("Salt is a 1950 film directed by Per Lund and produced by Ida Holm.", ("Salt", "director", "Per Lund")),
        ("Salt is a 1950 film directed by Per Lund.", ("Salt", "released", "1950")),
        ("Norby has a population of 5,400.", ("Norby", "population", "5,400")),
        ("Sund Ferries is headquartered in Norby, Sundland.", ("Sund Ferries", "headquarters", "Norby, Sundland")),
        ("Ida Holm was married to the Danish actor Tom Lee until 1990.", ("Ida Holm", "spouse", "Tom Lee")),
        ("Landlord: Ida Holm", ("notes", "landlord", "Ida Holm")),
        ("The security deposit is 1,350 euros.", ("notes", "security deposit", "1,350 euros")),
        ("Item: Oak table; Price: 350 EUR", ("Oak table", "price", "350 EUR")),
        ("No.: 3; Article: Oak table; Price: 350 EUR", ("Oak table", "price", "350 EUR")),
    ],
)  # fmt: skip
def test_a_plain_form_is_read(text: str, expected: tuple[str, str, str]) -> None:
    assert expected in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "After the war Karen Voss left the firm.",
        "He was the mayor of Norby.",  # nobody was named before
        "Ida: I'd like to come.",
        "Note: the following holds.",
        "Whoever is the capital of the story is unknown.",
        "The use of force is a crime in Norby.",
        "Some say that Ole Voss founded Sund Ferries.",
        "In 1911 it was founded by British and French firms.",
        "Is Norby the capital of Sundland?",
        "The aim of the project is to build a bridge.",
        "See also: https://example.org/page",
    ],
)
def test_what_is_no_plain_form_is_left(text: str) -> None:
    assert said(text) == []


def test_the_control_of_the_list_above_is_read() -> None:
    assert said("Ole Voss founded Sund Ferries.") == [("Sund Ferries", "founder", "Ole Voss")]


def test_a_pronoun_is_the_subject_of_the_heading_only_right_after_it() -> None:
    follows = said("Ida Holm was a painter. She was born in Norby.", "Ida Holm")
    assert ("Ida Holm", "place of birth", "Norby") in follows
    between = said("Ida Holm was a painter. Kari Berg sang. She was born in Norby.", "Ida Holm")
    assert not [one for one in between if one[1] == "place of birth"], "she may be Kari Berg"


def test_a_longer_name_below_its_heading_is_the_heading() -> None:
    assert ("Ida Holm", "is a", "painter") in said("Ida Maria Holm was a painter.", "Ida Holm")
    assert ("Ida Holm", "date of death", "1980") in said("Ida Holm sang. Holm died in 1980.", "Ida Holm")
    assert ("Kari Berg", "is a", "painter") in said("Kari Berg was a painter.", "Ida Holm"), "somebody else is not"


def test_offsets_lead_to_the_sentence_and_the_object_on_the_page() -> None:
    text = "It rained. Ole Voss (born 1890) founded Sund Ferries in 1911. Then it sank."
    page = "#" * 100 + text
    found = triples_of(passage(text))
    assert {one.relation for one in found} == {"date of birth", "founder", "founded"}
    for one in found:
        assert page[one.start : one.end] == one.sentence == "Ole Voss (born 1890) founded Sund Ferries in 1911."
        assert page[one.at : one.at + len(one.object)] == one.object


def test_what_was_is_told_from_what_is() -> None:
    def past(text: str) -> list[bool]:
        return [one.past for one in triples_of(passage(text)) if one.relation == "mayor"]

    assert past("Ida Holm was the mayor of Norby.") == [True]
    assert past("Ida Holm is the mayor of Norby.") == [False]


def test_a_wrapped_line_is_read_and_a_very_long_one_is_not() -> None:
    assert ("Sund Ferries", "founder", "Ole Voss") in said("Sund Ferries was founded\nin 1911 by Ole Voss.")
    assert said("Sund Ferries was founded in 1911 by Ole Voss " + "and so on " * 90) == []


def test_words_for_one_relation_have_one_name() -> None:
    assert {relation(one) for one in ("written by", "Writer", "the author", "authors")} == {"author"}
    assert relation("CEO") == relation("chief executive officer") == "chief executive"
    assert relation("Notice period") == "notice period", "what is in no table keeps its words"
    assert is_single("date of birth") and not is_single("author")


def test_names_are_compared_without_case_accents_articles_and_brackets() -> None:
    assert key("The Ōmi (film)") == key("omi") == "omi"
    assert key("Ida Holm") != key("Ida Berg")


def test_every_triple_has_an_object_that_stands_in_its_sentence() -> None:
    for text in ("Total: **12**", "Ida Holm (born 1901) is a painter.", "A: b; C: d"):
        for one in triples_of(passage(text)):
            assert isinstance(one, Triple) and one.object and one.object in one.sentence
