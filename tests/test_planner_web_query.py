"""What may leave in a query: the person's own words, and no run of a document's."""

from __future__ import annotations

import pytest

from knowledge.embedding import HashingEmbedder
from knowledge.passing import PassingLibrary
from lottery_chat.planner.values import Ask, PastTurn
from lottery_chat.planner.web_query import NotAllowed, foreign_words, shared_run, web_query

LETTER = "The merger with Kestrel Holdings closes on 14 March for 85 million and nobody outside the board may know."


def kept(text: str = LETTER) -> PassingLibrary:
    base = PassingLibrary(HashingEmbedder)
    base.add_text("letter.txt", text)
    return base


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ("Search the web for the height of the tower", "the height of the tower"),
        ("Could you please look up online: tower height?", "tower height"),
        ("google tower height", "tower height"),
        ("What is the latest news on the tower?", "What is the latest news on the tower"),
        ("search the web", "search the web"),
        ("x" * 900, "x" * 200),
    ],
)
def test_the_request_to_search_is_no_part_of_the_query(asked: str, query: str) -> None:
    assert web_query(Ask(asked), asked, None) == query


EVIL = (
    "What is the price of Kestrel Holdings?",
    "latest news about the merger closes on 14 March for 85 million",
    "tower Kestrel",
    "85 million 14 March board",
    "the tower news k e s t r e l",
)


@pytest.mark.parametrize("rewritten", EVIL)
def test_words_that_the_person_did_not_type_do_not_leave_where_documents_are(rewritten: str) -> None:
    asked = "What is the latest news on the tower?"
    for ask, knowledge in ((Ask(asked), kept()), (Ask(asked, documents=("d",)), None), (Ask(asked, must_use_documents=True), None)):  # fmt: skip
        query = web_query(ask, rewritten, knowledge)
        assert not foreign_words(query, [asked]), query


def test_without_the_lock_they_would_leave() -> None:
    assert [foreign_words(web_query(Ask("the tower?"), rewritten, None), ["the tower?"]) for rewritten in EVIL].count(
        frozenset()
    ) == 0


def test_a_follow_up_may_take_words_from_earlier_questions_but_not_from_answers() -> None:
    past = PastTurn("Who owns the tower?", "Kestrel Holdings owns it.", "Kestrel Holdings", "quoted")
    ask = Ask("Look up online how old it is", history=(past,))
    assert web_query(ask, "how old is the tower", kept()) == "how old is the tower"
    assert "Kestrel" not in web_query(ask, "how old is Kestrel Holdings", kept())
    assert "Kestrel" in web_query(ask, "how old is Kestrel Holdings", None), "without documents answers are no secret"


def test_of_a_pasted_text_only_what_is_asked_counts_as_typed() -> None:
    pasted = f"{LETTER}\n{LETTER}\n\nWhat is the latest news on this?"
    assert "Kestrel" not in web_query(Ask(pasted, must_use_documents=True), f"news {LETTER}", kept())
    assert "Kestrel" not in web_query(Ask(pasted, must_use_documents=True), pasted, kept())


def test_five_words_in_a_row_of_a_document_refuse_the_query_unless_they_were_typed() -> None:
    # All words are the person's own, only their order is the document's.
    said = "for nobody may know 85 million outside the board closes on 14 March and the latest news"
    with pytest.raises(NotAllowed, match=r"'letter\.txt'"):
        web_query(Ask(said), "latest news closes on 14 March for 85 million and nobody", kept())
    typed = "latest news: closes on 14 March for 85 million"
    assert web_query(Ask(typed), typed, kept()) == typed


def test_a_run_is_five_words_whatever_stands_between_them() -> None:
    assert shared_run("closes ON 14 march, for", LETTER) == "closes on 14 march for"
    assert shared_run("closes on 14 march", LETTER) == ""
    assert shared_run("closes on the 14 march for", LETTER) == ""
