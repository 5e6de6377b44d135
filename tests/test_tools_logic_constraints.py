"""The language of arrangements: read strictly, decided exactly, and never longer than allowed."""

from __future__ import annotations

import time
from itertools import permutations

import pytest
from test_tools_logic_puzzles import run_here

from lottery_chat.children import run_limited
from tools.errors import ToolError
from tools.logic.arrangements import Check, examine
from tools.logic.constraints import Opposite, Problem
from tools.logic.constraints_reading import read_clause, read_problem
from tools.logic.deciding import Limits

HEAD = ["entities: Ann, Ben, Cleo, Dan", "slots: Mon, Tue, Wed, Thu", "distinct"]


def arrangements(*lines: str, head: list[str] = HEAD) -> list[tuple[int | None, ...]]:
    problem = read_problem([*head, *lines])
    found = examine(problem, [Check(solutions=100)], run_limited=run_here, limits=Limits(time.monotonic() + 10, None))
    assert found[0].whole or found[0].state == "impossible"
    return sorted(found[0].arrangements, key=str)


#: (line, the same said in Python of the places a, b, c, d from 0)
MEANINGS = [
    ("before(Ann, Ben)", lambda a, b, c, d: a < b),
    ("after(Ann, Ben)", lambda a, b, c, d: a > b),
    ("before(Ann, Ben, 2)", lambda a, b, c, d: b - a == 2),
    ("immediately_before(Ann, Ben)", lambda a, b, c, d: b - a == 1),
    ("immediately_after(Ann, Ben)", lambda a, b, c, d: a - b == 1),
    ("adjacent(Ann, Ben)", lambda a, b, c, d: abs(a - b) == 1),
    ("not adjacent(Ann, Ben)", lambda a, b, c, d: abs(a - b) != 1),
    ("between(Ann, Ben, Cleo)", lambda a, b, c, d: b < a < c or c < a < b),
    ("at(Ann, Mon, Thu)", lambda a, b, c, d: a in (0, 3)),
    ("order(Dan, Cleo, Ben, Ann)", lambda a, b, c, d: (d, c, b, a) == (0, 1, 2, 3)),
    ("if at(Ann, Mon) then at(Ben, Tue)", lambda a, b, c, d: a != 0 or b == 1),
    ("at(Ann, Mon) only if at(Ben, Tue)", lambda a, b, c, d: a != 0 or b == 1),
    ("at(Ann, Mon) iff at(Ben, Tue)", lambda a, b, c, d: (a == 0) == (b == 1)),
    ("at(Ann, Mon) unless at(Ben, Tue)", lambda a, b, c, d: a == 0 or b == 1),
    ("at(Ann, Mon) xor at(Ben, Tue)", lambda a, b, c, d: (a == 0) != (b == 1)),
    ("at(Ann, Mon) or at(Ben, Tue) and at(Cleo, Wed)", lambda a, b, c, d: a == 0 or b == 1 and c == 2),
    ("number(at(Ann, Mon), at(Ben, Tue), at(Cleo, Wed)) = 1", lambda a, b, c, d: (a == 0) + (b == 1) + (c == 2) == 1),
    ("before_count(Ann) >= 2", lambda a, b, c, d: a >= 2),
    ("after_count(Ann) < 1", lambda a, b, c, d: a == 3),
    ("count(Mon, Tue) <= 1", lambda a, b, c, d: False),
]  # fmt: skip


@pytest.mark.parametrize(("line", "meaning"), MEANINGS, ids=[line for line, _ in MEANINGS])
def test_every_relation_means_what_trying_all_orders_gives(line: str, meaning: object) -> None:
    assert callable(meaning)
    assert arrangements(line) == [p for p in permutations(range(4)) if meaning(*p)]


def test_groups_and_circles_and_things_left_out() -> None:
    groups = ["entities: Ann, Ben, Cleo", "groups: Red, Blue"]
    assert len(arrangements(head=groups)) == 8
    assert len(arrangements("every_slot >= 1", head=groups)) == 6
    assert arrangements("alone(Ann)", "at(Ann, Red)", head=groups) == [(0, 1, 1)]
    assert arrangements("more(Red, Blue)", "different(Ann, Ben)", "list(Blue, Ben)", head=groups) == [(0, 1, 0)]
    circle = ["entities: Ann, Ben, Cleo, Dan", "slots: 1, 2, 3, 4", "distinct", "circle"]
    assert len(arrangements("adjacent(Ann, Ben)", head=circle)) == 16
    assert len(arrangements("opposite(Ann, Ben)", head=circle)) == 8
    chosen = ["entities: Ann, Ben, Cleo", "slots: 1, 2", "optional", "distinct"]
    assert arrangements("out(Ben)", "before(Cleo, Ann)", head=chosen) == [(1, None, 0)]
    assert len(arrangements("not before(Ann, Ben)", "in(Cleo)", "at(Cleo, 1)", head=chosen)) == 3


def test_a_clash_names_only_lines_that_are_needed() -> None:
    lines = ["at(Dan, Thu)", "before(Ann, Ben) ::: Ann comes before Ben.", "before(Ben, Cleo)", "before(Cleo, Ann)"]
    problem = read_problem([*HEAD, *lines])
    limits = Limits(time.monotonic() + 10, None)
    found = examine(problem, [Check()], run_limited=run_here, limits=limits)[0]
    assert found.state == "impossible"
    assert {one.shown for one in found.clash} == {"Ann comes before Ben.", "before(Ben, Cleo)", "before(Cleo, Ann)"}
    for left_out in found.clash:
        rest = Problem(problem.frame, tuple(one for one in found.clash if one is not left_out))
        assert examine(rest, [Check()], run_limited=run_here, limits=limits)[0].state == "possible"


REFUSED = [
    ("", "is missing|expected"),
    ("before(Ann)", "two names are needed"),
    ("before(Ann, Zed)", "no thing 'Zed'"),
    ("at(Ann, Sunday)", "no slot 'Sunday'"),
    ("before(Ann, Ann)", "related to itself"),
    ("beside(Ann, Ben)", "'beside' is no relation"),
    ("before(Ann, Ben", "is missing"),
    ("before(Ann, Ben) or", "expected"),
    ("before(Ann, Ben) Ben", "was not expected"),
    ("if before(Ann, Ben)", "'then' is missing"),
    ("at(Ann, Mon) or at(Ann, Tue) xor at(Ann, Wed)", "add parentheses"),
    ("count(Mon) >=", "comparison"),
    ("count(Mon) >= 99999", "comparison"),
    ("not not", "expected"),
    ("opposite(Ann, Ben)", "circle"),
    ("__import__('os')", "no relation|expected"),
    ("(" * 5_00 + "at(Ann, Mon)" + ")" * 5_00, "nested deeper"),
    ("number(" * 50 + "at(Ann, Mon)" + ") = 1" * 50, "nested deeper"),
    (" or ".join(["at(Ann, Mon)"] * 200), None),
    (" and ".join(["in(Ann)"] * 450), "more than 400"),
]


@pytest.mark.parametrize(("line", "says"), REFUSED, ids=range(len(REFUSED)))
def test_a_line_that_is_no_formula_is_refused_with_what_is_wrong(line: str, says: str | None) -> None:
    frame = read_problem(HEAD).frame
    if says is None:
        assert read_clause(line, frame)  # long, and within the limits
        return
    with pytest.raises(ToolError, match=says):
        read_clause(line, frame)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "no things"),
        (["entities: Ann"], "no slots"),
        (["entities: " + ", ".join(f"e{k}" for k in range(10_000)), "slots: 1"], "characters|10000 things"),
        (["entities: " + ", ".join(f"e{k}" for k in range(41)), "slots: 1"], "41 things"),
        (["entities: Ann, ann", "slots: 1"], "named twice"),
        (["entities: A(b", "slots: 1"], "is no name"),
        (["entities: Ann", "slots: 1", *["in(Ann)"] * 100_000], "more than 500 lines"),
        (["entities: Ann", "groups: Red, Blue", "before(Ann, Ann)"], "without an order"),
    ],
)  # fmt: skip
def test_a_problem_beyond_the_limits_is_refused_at_once(lines: list[str], says: str) -> None:
    started = time.thread_time()
    with pytest.raises(ToolError, match=says):
        read_problem(lines)
    assert time.thread_time() - started < 1


def test_running_out_of_time_is_undecided_and_ends_in_time() -> None:
    holes = read_problem(
        ["entities: " + ", ".join(f"pigeon{k}" for k in range(40)), "slots: " + ", ".join(f"hole{k}" for k in range(39)), "distinct",
         *(f"number({', '.join(f'adjacent(pigeon{k}, pigeon{j})' for j in range(k + 1, 40))}) <= 1" for k in range(0, 39, 4))]
    )  # fmt: skip
    started = time.thread_time()
    try:
        found = examine(holes, [Check(solutions=1)], run_limited=run_limited, limits=Limits(started + 2, None))[0]
        assert found.state in ("undecided", "impossible")
    except ToolError as refusal:
        assert "too many" in str(refusal)
    assert time.thread_time() - started < 3


def test_a_check_is_of_its_own_and_changes_no_other() -> None:
    problem = read_problem([*HEAD, "before(Ann, Ben)"])
    first = problem.constraints[1].clause
    cases = [Check((Opposite(first),)), Check(), Check((Opposite(first),), without=(1,))]
    found = examine(problem, cases, run_limited=run_here, limits=Limits(time.monotonic() + 10, None))
    assert [one.state for one in found] == ["impossible", "possible", "possible"]
