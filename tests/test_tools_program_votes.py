from __future__ import annotations

import math

import pytest

from tools.program_votes import Ballot, same, vote, weight


def ballot(value: object, code: str, mean: float = -0.1, method: str = "program", doubts: int = 0) -> Ballot:
    return Ballot(value, code, mean * 10, 10, method, doubts)  # type: ignore[arg-type]


def test_a_likely_program_outweighs_an_unlikely_one() -> None:
    tally = vote([ballot(1, "a", -2.0), ballot(2, "b", -0.1)])
    assert tally.value == 2 and tally.decided and (tally.agreeing, tally.against) == (1, 1)
    assert tally.share == pytest.approx(math.exp(-0.1) / (math.exp(-0.1) + math.exp(-2.0)))


def test_two_that_agree_outweigh_one_that_is_likelier() -> None:
    tally = vote([ballot(7, "a", 0.0), ballot(12, "b", -0.4), ballot(12.0, "c", -0.5, "equations")])
    assert tally.value == 12 and tally.methods == {"program", "equations"}


def test_the_same_program_twice_is_one_vote() -> None:
    tally = vote([ballot(7, "x = 1\ny"), ballot(7, "x  =  1 y"), ballot(8, "z", -0.05)])
    assert tally.value == 8 and tally.against == 1


def test_a_program_without_a_value_does_not_vote() -> None:
    assert vote([ballot(None, "a", 0.0), ballot(3, "b", -3.0)]).value == 3
    empty = vote([ballot(None, "a")], remaining=2)
    assert empty.value is None and not empty.decided
    assert vote([]).decided


def test_the_lead_is_decided_only_when_it_cannot_be_lost() -> None:
    two = [ballot(5, "a"), ballot(5, "b")]
    assert vote(two, remaining=1).decided
    assert not vote(two, remaining=2).decided
    assert not vote([*two, ballot(6, "c")], remaining=1).decided
    assert vote([ballot(5, "a", 0.0)], remaining=1).decided is False  # one more at full weight would draw level
    assert vote([ballot(5, "a", 0.0)], remaining=1, most=0.9).decided


def test_once_decided_no_further_votes_change_the_leader() -> None:
    votes = [
        ballot(value, f"p{at}", mean)
        for at, (value, mean) in enumerate([(1, -0.2), (1, -0.1), (2, -0.3), (1, -0.6), (1, -0.2)])
    ]
    for cut in range(1, len(votes)):
        for left in range(4):
            if vote(votes[:cut], remaining=left).decided:
                against = [ballot(99, f"new{n}", 0.0) for n in range(left)]
                assert vote([*votes[:cut], *against]).value == vote(votes[:cut]).value


def test_a_doubt_halves_the_weight() -> None:
    assert weight(ballot(1, "a", 0.0, doubts=2)) == 0.25
    assert vote([ballot(1, "a", -0.1, doubts=1), ballot(2, "b", -0.5)]).value == 2


def test_length_alone_does_not_weigh() -> None:
    assert weight(Ballot(1, "a", -10.0, 100)) == pytest.approx(weight(Ballot(1, "b", -1.0, 10)))
    assert weight(Ballot(1, "a", float("nan"), 1)) == 0.0
    assert weight(Ballot(1, "a", 3.0, 1)) == 1.0


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (3, 3.0, True), (1 / 3, 0.3333333, True), (3, 4, False), (10**400, 10**400, True), (10**400, 1.0, False), (True, 1, False),
        (True, True, True), ("Blue", "blue ", True), ("3", 3, False), (float("nan"), float("nan"), False), (0.0, 1e-12, True),
    ],
)  # fmt: skip
def test_values_are_one_answer_when_a_person_would_say_so(left: object, right: object, expected: bool) -> None:
    assert same(left, right) is expected
