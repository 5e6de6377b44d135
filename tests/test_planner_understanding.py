"""What a message asks for is read by rules: plain cases are claimed, all others are left alone."""

import pytest

from lottery_chat.planner.follow_ups import fill_in, points_back
from lottery_chat.planner.understanding import (
    PastTurn,
    is_problem,
    names_document,
    speaks_of_document,
    split_pasted,
    understand,
)

PAST = (PastTurn("When does the blue depot open?", "06:40", "06:40", "quoted"),)


def kind(text: str, *, history: bool = False, documents: bool = False, attached: bool = False) -> str:
    return understand(text, history=PAST if history else (), documents=documents, attached=attached).kind


@pytest.mark.parametrize(
    "text", ["hello", "Hi!", "Thank you so much!", "Guten Morgen", "how are you today?", "what can you do?"]
)
def test_a_greeting_is_small_talk(text: str) -> None:
    assert kind(text) == "talk"


@pytest.mark.parametrize(
    "text",
    [
        "Write a letter to my landlord about 3 broken lamps",
        "Please translate 'good night' into French",
        "Give me a poem",
        "Schreib ein Gedicht",
    ],
)
def test_a_request_for_a_text_is_writing(text: str) -> None:
    assert kind(text) == "writing"


@pytest.mark.parametrize(
    "text",
    ["shorter", "in German", "make it more formal please", "as a list", "Translate it into French", "say that again"],
)
def test_another_form_of_the_last_answer_is_a_transformation_only_after_an_answer(text: str) -> None:
    assert kind(text, history=True) == "transform"
    assert kind(text, history=False) != "transform"


@pytest.mark.parametrize(
    "text",
    [
        "Translate this",
        "Summarise it",
        "What is the average?",
        "proofread the text",
        "What did I have for breakfast?",
        "When is my birthday?",
    ],
)
def test_a_request_that_lacks_its_object_is_asked_back(text: str) -> None:
    assert kind(text) == "lacks"
    assert kind(text, history=True) != "lacks"


@pytest.mark.parametrize(
    "text",
    [
        "What do I have to bring to an exam?",
        "How do I boil an egg?",
        "If I have 3 pens and buy 2, how many pens do I have?",
    ],
)
def test_a_question_that_merely_says_i_is_not_asked_back(text: str) -> None:
    assert kind(text) != "lacks"


@pytest.mark.parametrize(
    "text",
    ["What is this file about?", "Summarise it", "Give me a summary", "Worum geht es?", "what are the main points?"],
)
def test_a_question_about_a_whole_document_is_a_summary_once_there_is_one(text: str) -> None:
    assert kind(text, attached=True, documents=True) == "summary"


def test_a_page_that_is_named_is_looked_up_in_the_store() -> None:
    found = understand("What is on page 12?", history=(), documents=True, attached=False)
    assert (found.kind, found.page) == ("collection", 12)


@pytest.mark.parametrize(
    "text",
    [
        "latest news on Mars",
        "What is the weather in Rome?",
        "Search the web for lottery tickets",
        "current price of gold",
    ],
)
def test_a_current_question_goes_to_the_web(text: str) -> None:
    assert kind(text) == "web"


PROBLEMS = [
    "A farmer has 12 cows and buys 5 more each year. How many cows has he after 4 years?",
    "Two trains leave at the same time; one does 80 km an hour, the other 60. What is the distance between them after three hours?",
    "Kim reads twenty pages a day and Lee twice as many. How many pages do they read in a week together?",
]
NOT_PROBLEMS = [
    "Who were the 3 tenors?",
    "What happened in 1989 and 1990?",
    "How old is Rome?",
    "Explain the 2 laws of thermodynamics",
]


@pytest.mark.parametrize("text", PROBLEMS)
def test_quantities_and_a_question_for_one_are_a_word_problem(text: str) -> None:
    assert is_problem(text)


@pytest.mark.parametrize("text", NOT_PROBLEMS)
def test_numbers_alone_are_no_word_problem(text: str) -> None:
    assert not is_problem(text)


@pytest.mark.parametrize(
    ("before", "follow", "whole"),
    [
        ("When does the blue depot open?", "and the red one?", "When does the red depot open?"),
        ("When does the blue depot open?", "what about the green depot?", "When does the green depot open?"),
        ("When does the blue depot open?", "and on Sunday?", "When does the blue depot open on Sunday?"),
        ("What is the capital of France?", "and Italy?", "What is the capital of Italy?"),
        ("What is the capital of France?", "And of Spain?", "What is the capital of Spain?"),
    ],
)
def test_a_short_follow_up_is_filled_in_by_code(before: str, follow: str, whole: str) -> None:
    assert fill_in(follow, (PastTurn(before, "x", "x", "quoted"),)) == whole


@pytest.mark.parametrize("text", ["And what is the weather?", "Who built it?", "The end."])
def test_what_code_cannot_fill_in_is_left_as_it_is(text: str) -> None:
    assert fill_in(text, PAST) is None


def test_a_pronoun_points_back_and_a_whole_question_does_not() -> None:
    assert points_back("When was it built?")
    assert not points_back("When was the Eiffel Tower built?")


def test_a_document_is_named_by_its_title_or_most_of_it() -> None:
    titles = ("depots.pdf", "annual report 2024.docx")
    assert names_document("When does it open, by depots.pdf?", titles) == (0,)
    assert names_document("What does the annual report of 2024 say?", titles) == (1,)
    assert names_document("What is the capital of France?", titles) == ()


def test_a_question_may_say_that_a_document_is_to_answer() -> None:
    assert speaks_of_document("What does it cost according to the contract?")
    assert not speaks_of_document("Who wrote Hamlet?")


def test_a_pasted_text_is_parted_from_the_question_before_or_after_it() -> None:
    text = "The depot opens early.\n\nIt closes late.\n\nWhen does it close?"
    assert split_pasted(text) == ("When does it close?", "The depot opens early.\n\nIt closes late.")
    asked, pasted = split_pasted("Summarise this:\n\n" + "A long text. " * 50)
    assert asked == "Summarise this" and pasted.startswith("A long text.")


@pytest.mark.parametrize(
    "text",
    [
        "Ruth is 12 years old. In five years her cousin will be twice as old as she is now. How old is the cousin right now?",
        "A diver is at 9 metres. She sinks 4 metres and rises 6 metres. What is the diver's depth now?",
        "Sam starts on the 2nd floor. He goes up 5 floors and down 3. What floor is he on?",
        "There are 3 plates and twice as many forks. What's the total number of things?",
        "They order 2 pies for $6 each and 3 juices for $2 each. What will the order cost?",
    ],
)
def test_a_story_with_numbers_is_a_problem_however_its_question_is_put(text: str) -> None:
    assert kind(text) == "problem"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("What is the exchange rate right now?", "web"),
        ("Who is the CEO right now and who was it in 2019 and 2021?", "web"),
        ("What floor is room 12 in building 7 on?", "question"),
        ("What would it mean for 2 people to marry in 1900?", "question"),
    ],
)
def test_a_question_with_numbers_that_tells_no_story_is_none(text: str, wanted: str) -> None:
    assert kind(text) == wanted
