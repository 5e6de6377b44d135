"""Settings of the prover: the same verdicts in another order, what is walked and ranked is shown, proofs are checked again."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from lottery_chat.children import run_limited
from lottery_chat.lab.loading import OWN, rows_of
from tools.logic.deciding import Method
from tools.logic.language import Atom, Name, Premise, Rule, Variable
from tools.logic.notation import read
from tools.logic.premises import ranked
from tools.logic.result import LogicResult
from tools.logic.subgoals import Walk
from tools.logic.tool import solve
from tools.logic.verifying import recheck

CALM = "Every gardener is patient. Every patient person is calm. All wugs are blue. Nora is a gardener. Is Nora calm?"
METHODS = [Method(ordered=True), Method(goals=True), Method(ordered=True, goals=True)]
CHAINED = [
    (str(row["question"]), str(row["answer"]))
    for _, row in rows_of(OWN / "own_logic.jsonl")
    if row["answer"] in ("True", "False") and row["kind"] in ("all and each", "if … then", "only", "active and passive")
]


def proved(text: str, method: Method = METHODS[2]) -> LogicResult:
    return solve(text, run_limited=run_limited, seconds=20, method=method)


def test_premises_are_ranked_by_distance_and_what_is_not_connected_is_left_out() -> None:
    texts = ("gardener(nora)", "(gardener(nora) -> patient(nora))", "(patient(nora) -> calm(nora))", "blue(wim)")
    premises = [Premise(read(formula), formula) for formula in texts]
    found = ranked(premises, [read("calm(nora)")])
    assert [(one.premise.sentence, one.distance, one.determinate) for one in found] == [
        ("(patient(nora) -> calm(nora))", 1, False), ("(gardener(nora) -> patient(nora))", 2, False), ("gardener(nora)", 3, True),
    ]  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("text", "answer"), CHAINED[:12])
def test_each_setting_gives_the_same_answer(text: str, answer: str, method: Method) -> None:
    assert proved(text, method).answer == answer


def test_what_is_ranked_and_walked_is_in_the_result() -> None:
    result = proved(CALM)
    assert result.ranking == (
        "1, indeterminate: Every patient person is calm.", "2, indeterminate: Every gardener is patient.",
        "3, determinate: Nora is a gardener.",
    )  # fmt: skip
    assert result.visited[:3] == ("calm(nora)", "  patient(nora)", "    gardener(nora)")
    plain = proved(CALM, Method())
    assert (plain.ranking, plain.visited) == ((), ()) and plain.steps == result.steps


def test_a_contradiction_that_the_goal_touches_is_still_seen() -> None:
    text = "Zed is a cook. Zed is not a cook. Every cook is neat. Is Zed a cook?"
    assert {proved(text, method).verdict for method in METHODS} == {"contradiction"}


def test_a_walk_through_rules_that_lead_to_each_other_ends() -> None:
    x, y = Variable("x"), Variable("y")
    rules = [
        Rule((Atom("b", (x,)),), Atom("a", (x,))), Rule((Atom("a", (x,)),), Atom("b", (x,))),
        Rule((Atom("near", (x, y)), Atom("near", (y, x))), Atom("near", (x, x))),
    ]  # fmt: skip
    walk = Walk(rules, time.monotonic() + 5)
    assert not walk.proves(Atom("a", (Name("t"),))) and not walk.proves(Atom("near", (Name("t"), Name("t"))))
    assert walk.steps < 100


def test_a_walk_stops_when_it_is_cancelled() -> None:
    stop = threading.Event()
    stop.set()
    fact = Rule((), Atom("a", (Name("t"),)))
    assert not Walk([fact], time.monotonic() + 5, stop).proves(Atom("a", (Name("t"),)))


def test_a_proof_is_confirmed_from_the_sentences_it_rests_on_and_a_forged_one_is_not() -> None:
    result = proved(CALM, Method())
    assert recheck(result, run_limited=run_limited) is True
    assert recheck(replace(result, premises_used=result.premises_used[:1]), run_limited=run_limited) is False
    assert recheck(replace(result, verdict="disproved"), run_limited=run_limited) is False
    assert recheck(replace(result, verdict="unknown"), run_limited=run_limited) is None
