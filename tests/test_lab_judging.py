"""judging.py: a right, a wrong, a missing and an unjudgeable reply for every judge, and what separates them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lottery_chat.errors import SettingsError
from lottery_chat.lab.answers import compared, normalised
from lottery_chat.lab.judging import JUDGES, judge
from lottery_chat.lab.values import Item, Replied, Task, Verdict

ROW = {
    "name": "boat.row",
    "description": "Rows.",
    "parameters": {"type": "object", "properties": {"to": {"type": "string"}, "hours": {"type": "number"}}},
}
BIRDS = {"letter": "B", "options": ["A) The wren is first.", "B) The rook is first.", "C) The kite is first."]}
CALL = {"expect": True, "calls": [{"boat.row": {"to": ["Odd Mill"], "hours": [2, ""]}}]}
NO_CALL = {"expect": False, "calls": []}
POSTCARD = {
    "must": [["mill"], ["odd", "odde"]],
    "must_not": ["as an ai"],
    "form": {"sentences": [1, 2], "language": "en"},
}


def verdict(name: str, gold: Any, text: str, answer: str | None = None, status: str = "answered", found: tuple[str, ...] = ()) -> Verdict:  # fmt: skip
    task = Task("t", "everyday", "", lambda row: None, name, "")
    return judge(task, Item("i", "?", gold, tools=(ROW,)), Replied(text, answer, status, found))


#: judge, gold, a right reply, a wrong one, one that says it does not know, one without an answer in it
FOUR: list[tuple[str, Any, str, str, str, str]] = [
    ("numeric", 12, "So 12 plums.", "So 13 plums.", "I don't know.", "Many plums."),
    ("letter", BIRDS, "The answer is B.", "C", "I don't know.", "Birds are nice."),
    ("open", ["Odd"], "It stands in Odd.", "It stands in Even.", "I don't know.", "…"),
    ("open", ["yes"], "Yes, it does.", "No.", "I don't know.", "It stands in Odd."),
    ("open_or_not_said", ["Odd"], "Odd.", "Even.", "The text does not say.", "…"),
    ("cannot_tell", [], "It cannot be told from this.", "Yes, it is.", "I don't know.", "…"),
    ("memory", ["Odd"], "You live in Odd.", "You live in Even.", "You did not say; I don't know.", "…"),
    ("all_contained", ["12", "31"], "12 and 31", "12 and 13", "It is not stated.", "…"),
    ("sequence", {"kind": "words", "tokens": ["fig", "pear"]}, "fig, pear", "pear, fig", "I don't know.", "Sorted!"),
    ("calls", CALL, 'boat.row(to="odd mill")', 'boat.row(to="Even")', "[]", '<tool_call>{"name": "boat.row", "argu'),
    ("everyday", POSTCARD, "The mill of Odd is the best for you.", "The sea.", "", "Mill Odd."),
    (
        "short_answers",
        [["1911", "in 1911"], ["3 May 1980"]],
        "In 1911, and on 3 May 1980.",
        "In 1911.",
        "I don't know.",
        "…",
    ),
    ("each", {"judge": "numeric", "gold": 3}, "3", "4", "I don't know.", "Plums."),
]


@pytest.mark.parametrize(("name", "gold", "right", "wrong", "unknown", "nothing"), FOUR, ids=[one[0] for one in FOUR])
def test_right_wrong_no_answer_and_unjudged_are_four_things(
    name: str, gold: Any, right: str, wrong: str, unknown: str, nothing: str
) -> None:
    outcomes = [verdict(name, gold, text).outcome for text in (right, wrong, unknown, nothing)]
    assert outcomes == ["right", "wrong", "no_answer", "unjudged"]


@pytest.mark.parametrize(("name", "gold", "right"), [one[:3] for one in FOUR], ids=[one[0] for one in FOUR])
def test_a_right_text_that_was_stopped_failed_or_asked_back_is_no_answer_and_a_partial_one_stands(
    name: str, gold: Any, right: str
) -> None:
    assert {verdict(name, gold, right, status=status).outcome for status in ("failed", "stopped", "asked_back")} == {"no_answer"}  # fmt: skip
    assert verdict(name, gold, right, status="partial").outcome == "right"


def test_every_judge_has_its_four_cases_or_is_judged_by_what_was_found() -> None:
    assert {one[0] for one in FOUR} | {"retrieval"} == set(JUDGES)


def test_an_unknown_judge_is_named() -> None:
    with pytest.raises(SettingsError, match="'guess'"):
        verdict("guess", 1, "1")
    with pytest.raises(SettingsError, match="'guess'"):
        verdict("each", {"judge": "guess", "gold": 1}, "1")


# -- numbers and letters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gold", "text", "outcome"),
    [
        (3, "3.0", "right"),
        (1_000_000, "1,000,000", "right"),
        (1_000_000, "1000000.5", "wrong"),  # whole numbers exactly, though the difference is below 1e-6
        (4 / 3, "1.3333333", "right"),
        (4 / 3, "1.333", "wrong"),
        (0.75, "3/4", "right"),
        (-5, "5", "wrong"),
        (0, "0", "right"),
    ],
)
def test_whole_numbers_are_met_exactly_and_others_within_a_millionth(gold: float, text: str, outcome: str) -> None:
    assert verdict("numeric", gold, text).outcome == outcome


def test_the_short_answer_is_read_before_the_whole_text() -> None:
    assert verdict("numeric", 12, "It took 3 steps to find 13.", answer="12").outcome == "right"
    assert verdict("numeric", 12, "So 12.", answer="a dozen").outcome == "right"
    assert verdict("letter", BIRDS, "C", answer="The rook is first.").extracted == "B"
    assert verdict("open", ["Odd"], "Odd or Even", answer="Even").outcome == "wrong"


# -- words -------------------------------------------------------------------------------------------------------


def test_words_are_compared_as_squad_does() -> None:
    assert normalised(" The  Mill, of ODD! ") == "mill of odd"
    match = compared("the mill of Odd", ["Odd mill", "mill of Odd"])
    assert (match.em, match.f1, match.contains, match.answer) == (1.0, 1.0, 1.0, "mill of Odd")
    assert compared("a red mill", ["red barn"]).f1 == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "answer", "held"),
    [
        ("They ground it in 1186.", "1186", True),
        ("in 11860", "1186", False),
        ("He was a miller's man", "mill", False),
        ("Temujin became khan", "Temüjin", True),
        ("between 27-30 %", "27–30 %", True),
        ("the well known Saint-Odd", "Saint Odd", True),
        ("神秘磨坊在奥德村。", "奥德村", True),
        ("मिल ओड में है।", "ओड", True),
        ("R.E.M. sang it", "REM", True),
        ("The", "The", True),
        ("The mill", "The", False),
        ("Odd", "", False),
    ],
)
def test_an_accepted_answer_is_contained_as_whole_words_in_any_script(text: str, answer: str, held: bool) -> None:
    assert compared(text, [answer]).contains == float(held)


def test_an_unanswerable_question_wants_to_hear_that_it_is_not_said() -> None:
    assert verdict("open_or_not_said", [], "The text does not say.").outcome == "right"
    assert verdict("open_or_not_said", [], "anything", status="not_in_documents").outcome == "right"
    assert verdict("open_or_not_said", [], "In Odd.").outcome == "wrong"
    assert verdict("open_or_not_said", [], "").outcome == "no_answer"
    assert verdict("open_or_not_said", [], "…").outcome == "unjudged"
    assert verdict("all_contained", [], "It is not stated.").outcome == "right"


def test_a_belief_below_not_in_documents_is_no_answer_but_is_measured() -> None:
    text = "The documents do not say.\n\n---\n\nNot from your documents, the model alone believes: Odd"
    made = verdict("open", ["Odd"], text, status="not_in_documents")
    assert (made.outcome, made.measures["believed"]) == ("no_answer", 1.0)
    assert verdict("open", ["Even"], text, status="not_in_documents").measures["believed"] == 0.0
    assert verdict("open", ["Odd"], text.replace("---", "")).outcome == "right"  # negative control: the status decides


def test_perhaps_is_wrong_where_yes_or_no_is_asked() -> None:
    assert verdict("open", ["no"], "Maybe she did.").outcome == "wrong"


def test_the_share_of_contained_strings_is_the_score() -> None:
    made = verdict("all_contained", ["12", "31", "7"], "12, 31")
    assert (made.outcome, made.score) == ("wrong", pytest.approx(2 / 3))


# -- sequences ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("1. fig\n2. pear\n3. plum", "right"),
        ("Sorted from plum pear fig: **fig, pear, and plum**.", "right"),
        ("fig plum pear", "wrong"),
        ("fig, quince, pear, plum", "wrong"),
        ("fig, pear", "wrong"),
    ],
)
def test_a_list_of_words_stands_in_order_with_nothing_between(text: str, outcome: str) -> None:
    gold = {"kind": "words", "tokens": ["fig", "pear", "plum"]}
    assert verdict("sequence", gold, text).outcome == outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("] )", "right"),
        ("The missing ones are `] )`.", "right"),
        ("( [ { } ] )", "right"),
        (") ]", "wrong"),
        ("] ) )", "wrong"),
        ("Nothing is missing", "unjudged"),
    ],
)
def test_brackets_are_the_missing_ones_or_the_whole_sequence(text: str, outcome: str) -> None:
    gold = {"kind": "brackets", "tokens": ["]", ")"], "after": ["(", "[", "{", "}"]}
    assert verdict("sequence", gold, text).outcome == outcome


@pytest.mark.parametrize(("text", "outcome"), [("n,e", "right"), ("Go north, then east.", "right"), ("Odd is west. So east, north.", "wrong"), ("Swim.", "unjudged")])  # fmt: skip
def test_directions_are_the_last_ones_that_are_named(text: str, outcome: str) -> None:
    assert verdict("sequence", {"kind": "compass", "tokens": ["n", "e"]}, text).outcome == outcome


# -- calls -------------------------------------------------------------------------------------------------------


def made(*given: dict[str, Any], name: str = "boat.row") -> str:
    return json.dumps([{"name": name, "arguments": one} for one in given])


@pytest.mark.parametrize(
    ("values", "value", "right"),
    [
        (["Odd Mill"], "odd-mill.", True),
        (["Odd Mill"], "Odd Mills", False),
        ([5], 5.0, True),
        ([5], "5", False),
        (["5"], 5, False),
        ([0.1], 0.1, True),
        ([1], True, False),
        ([True], True, True),
        ([True], 1, False),
        ([None], None, True),
        ([[1, 2]], [1, 2.0], True),
        ([[1, 2]], [2, 1], False),
        ([["a b"]], ["A.B"], True),
        ([{"deep": [1, ""], "x": ["y"]}], {"x": "Y"}, True),
        ([{"deep": [1]}], {"deep": 1, "more": 2}, False),
        ([[{"deep": [1]}]], [{"deep": 1}], True),
    ],
)
def test_a_value_is_one_of_the_accepted_ones(values: list[Any], value: Any, right: bool) -> None:
    gold = {"expect": True, "calls": [{"boat.row": {"to": values}}]}
    assert verdict("calls", gold, made({"to": value})).outcome == ("right" if right else "wrong")


def test_an_argument_may_be_left_out_only_where_that_is_accepted_and_none_may_be_added() -> None:
    assert verdict("calls", CALL, made({"to": "Odd Mill"})).outcome == "right"
    assert verdict("calls", CALL, made({"hours": 2})).outcome == "wrong"
    assert verdict("calls", CALL, made({"to": "Odd Mill", "speed": 1})).outcome == "wrong"


def test_parallel_calls_come_in_any_order_each_once_and_no_further_one() -> None:
    two = {"expect": True, "calls": [{"boat.row": {"to": ["A", "B"]}}, {"boat.row": {"to": ["A"]}}]}
    assert verdict("calls", two, made({"to": "A"}, {"to": "B"})).outcome == "right"  # a greedy match would fail here
    assert verdict("calls", two, made({"to": "B"}, {"to": "B"})).measures == {
        "name": 1.0,
        "arguments": 0.5,
        "count": 1.0,
    }
    assert verdict("calls", two, made({"to": "A"}, {"to": "B"}, {"to": "A"})).outcome == "wrong"


def test_what_of_a_call_was_right_is_measured() -> None:
    assert verdict("calls", CALL, made({"to": "Even"})).measures == {"name": 1.0, "arguments": 0.0, "count": 1.0}
    assert verdict("calls", CALL, made({"to": "Odd Mill"}, name="walk")).measures["name"] == 0.0


def test_names_may_have_lost_their_full_stop_and_arguments_by_place_get_their_names() -> None:
    assert verdict("calls", CALL, made({"to": "Odd Mill"}, name="boat_row")).outcome == "right"
    assert verdict("calls", CALL, 'boat.row("Odd Mill", 2)').outcome == "right"


def test_where_no_function_fits_any_call_is_wrong_and_declining_or_asking_back_is_right() -> None:
    for text, status in (("I cannot do that.", "answered"), ("[]", "answered"), ("Where to?", "asked_back")):
        assert verdict("calls", NO_CALL, text, status=status).outcome == "right"
    assert verdict("calls", NO_CALL, made({"to": "Odd"})).outcome == "wrong"
    assert verdict("calls", NO_CALL, 'boat.row(to="Odd').outcome == "unjudged"
    assert verdict("calls", NO_CALL, "").outcome == "no_answer"


def test_words_in_place_of_a_call_are_wrong_and_the_short_answer_is_read_first() -> None:
    assert verdict("calls", CALL, "Row to the mill yourself.").outcome == "wrong"
    assert verdict("calls", CALL, "I call boat.row.", answer=made({"to": "Odd Mill"})).outcome == "right"


# -- retrieval ---------------------------------------------------------------------------------------------------


def test_recall_and_ndcg_of_what_was_found() -> None:
    gold = {"relevant": {"a": 1, "b": 1}, "score": "recall@5"}
    made = verdict("retrieval", gold, "-", found=("a", "x", "a", "b"))
    assert made.outcome == "right" and made.score == 1.0
    assert made.measures["recall@1"] == 0.5 and made.measures["hit@5"] == 1.0
    assert made.measures["ndcg@10"] == pytest.approx((1 + 0.5) / (1 + 0.6309297535714575))
    late = verdict("retrieval", gold, "-", found=("a", "1", "2", "3", "4", "b"))
    assert (late.outcome, late.score, late.measures["recall@10"]) == ("wrong", 0.5, 1.0)
    assert verdict("retrieval", gold, "", found=()).outcome == "no_answer"


def test_graded_passages_are_scored_by_ndcg() -> None:
    gold = {"relevant": {"a": 4, "b": 1}, "score": "ndcg@10"}
    assert verdict("retrieval", gold, "-", found=("a", "b")).score == 1.0
    assert 0 < verdict("retrieval", gold, "-", found=("b", "a")).score < 1
    assert verdict("retrieval", gold, "-", found=("x",)).outcome == "wrong"


# -- everyday ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "kept", "broken"),
    [
        ({"sentences": [2, 2]}, "Dr. Odd came. He left, e.g. by boat.", "He came."),
        ({"words": [2, 3]}, "two words", "one"),
        ({"lines": [2, 2]}, "one\n\ntwo", "one"),
        ({"items": [3, 3]}, "Here:\n- one\n- two\n- three", "- one\n- two"),
        ({"items": [2, 2]}, "1. one\n   - of it\n2. two", "1. one\n2. two\n3. three"),
        ({"items": [2, 2]}, "1) one 2) two", "one\ntwo\nthree"),
        ({"language": "de"}, "Das ist der Weg und nicht die Mühle.", "This is the way and not the mill."),
        ({"language": "fr"}, "Le moulin est dans la ville et nous y allons.", "El molino está en la ciudad y vamos."),
        ({"json": True}, '```json\n{"a": 1}\n```', "a = 1"),
        ({"starts": "Dear"}, '"**Dear** Ida,', "Hello Ida,"),
    ],
)
def test_the_form_of_an_everyday_reply(form: dict[str, Any], kept: str, broken: str) -> None:
    gold = {"must": [], "must_not": [], "form": form}
    assert [verdict("everyday", gold, text).outcome for text in (kept, broken)] == ["right", "wrong"]


def test_everyday_counts_each_requirement_and_names_what_is_missing() -> None:
    made = verdict("everyday", POSTCARD, "As an AI I have the mill for you.")
    assert made.outcome == "wrong" and made.score == pytest.approx(3 / 5)
    assert made.extracted == "must 'odd', must not 'as an ai'"
    assert verdict("everyday", POSTCARD, "The MILL of Odde is for you.", answer="mill").outcome == "right"
