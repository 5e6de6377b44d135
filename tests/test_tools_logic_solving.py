"""Chaining, refutation and the tool: what is proved, what is not, and what happens at every limit."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from lottery_chat.children import ChildResult, run_limited
from tools.errors import ToolBroke, ToolError
from tools.logic import chaining
from tools.logic.chaining import close
from tools.logic.language import Atom, Name, Rule
from tools.logic.notation import read
from tools.logic.recognising import looks_like_logic
from tools.logic.rules import rules_of
from tools.logic.tool import solve


def _rules(*texts: str) -> tuple[Rule, ...]:
    rules, others = rules_of([read(text) for text in texts])
    assert not others
    return rules


def _atom(text: str) -> Atom:
    atom = read(text)
    assert isinstance(atom, Atom)
    return atom


def _no_child(target: str, request: dict[str, Any], **_: object) -> ChildResult:
    raise AssertionError("the solver was asked although chaining suffices")


def test_a_chain_is_proved_with_its_steps_in_order_and_without_a_solver() -> None:
    text = "Each dolp is a grix. Grixes are blue. Mia is a dolp. Most dolps are old. Is Mia blue?"
    result = solve(text, run_limited=_no_child)
    assert (result.kind, result.verdict, result.answer, result.all_read) == ("chaining", "proved", "True", False)
    assert [step.text for step in result.steps] == ["Mia is a dolp.", "Mia is a grix.", "Mia is blue."]
    assert result.premises_used == ("Each dolp is a grix.", "Grixes are blue.", "Mia is a dolp.")
    assert "could not be read" in result.note


def test_unknown_is_not_claimed_where_a_sentence_is_unread() -> None:
    read_all = "All dolps are blue. Mia is a dolp. Is Mia tall?"
    assert solve(read_all, run_limited=run_limited).verdict == "unknown"
    result = solve("Most dolps are tall. " + read_all, run_limited=run_limited)
    assert (result.verdict, result.answer) == ("unread", "") and "Most dolps are tall" in result.note


def test_open_world_leaves_unknown_what_the_closed_world_denies() -> None:
    text = "Mia is a cook. If someone is a cook and not tired then they are busy. Is Mia busy?"
    assert solve(text, run_limited=run_limited).answer == "Unknown"
    closed = solve(text, run_limited=_no_child, world="closed")
    assert (closed.verdict, closed.answer) == ("proved", "True") and "closed" in closed.note
    assert (
        solve("Mia is a cook. All cooks are neat. Is Mia tired?", run_limited=_no_child, world="closed").answer
        == "False"
    )


def test_a_rule_on_its_own_absence_has_no_meaning_in_the_closed_world() -> None:
    text = "If someone is not kind then they are kind. Mia is a cook. Is Mia kind?"
    result = solve(text, run_limited=_no_child, world="closed")
    assert result.verdict == "undecided-in-time" and result.answer == ""


def test_what_exists_for_each_is_not_one_and_the_same() -> None:
    rules, others = rules_of([read("forall ?x exists ?y like(?x, ?y)"), read("exists ?x like(?x, tom)")])
    assert others == (0,) and len(rules) == 1


def test_contradictory_premises_are_said_and_nothing_is_answered() -> None:
    for text in (
        "Mia is tall. Mia is not tall. All tall people are kind. Is Mia kind?",
        "Mia is either a cook or a nurse. Mia is not a cook. Mia is not a nurse. All cooks are neat. Is Mia neat?",
        "Ada is older than Bo. Bo is older than Cy. Cy is older than Ada. Is Ada older than Bo?",
    ):
        result = solve(text, run_limited=run_limited)
        assert (result.verdict, result.answer) == ("contradiction", ""), result


def test_every_bound_of_chaining_ends_it_as_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = [f"like(a{i}, a{i + 1})" for i in range(40)]
    rules = _rules("forall ?x ?y ?z ((like(?x, ?y) & like(?y, ?z)) -> like(?x, ?z))", *facts)
    full = close(rules, seconds=30)
    assert full.complete and full.holds(_atom("like(a0, a40)"))
    for name, value in (("MAX_FACTS", 100), ("MAX_STEPS", 200)):
        with monkeypatch.context() as patch:
            patch.setattr(chaining, name, value)
            assert not close(rules, seconds=30).complete
    stopped = threading.Event()
    stopped.set()
    assert not close(rules, seconds=30, cancel=stopped).complete
    assert not close(rules, seconds=-1).complete


def test_a_conclusion_about_everything_reaches_every_individual() -> None:
    closure = close(_rules("forall ?x ~like(?x, tom)", "kind(ann)"))
    assert closure.holds(_atom("~like(ann, tom)")) and not closure.holds(_atom("like(ann, tom)"))
    assert close(_rules("forall ?x kind(?x)"), names=["bo"]).holds(Atom("kind", (Name("bo"),)))


@pytest.mark.parametrize(
    ("problem", "verdict"),
    [("time", "undecided-in-time"), ("memory", "undecided-in-time")],
)
def test_a_solver_that_fails_leaves_the_question_undecided(problem: Any, verdict: str) -> None:
    def failing(target: str, request: dict[str, Any], **_: object) -> ChildResult:
        assert target == "tools.logic.solver:solve_in_child"
        return ChildResult(None, problem, "it failed")

    result = solve("Fred is happy only if Fred is fit. Fred is not fit. Is Fred happy?", run_limited=failing)
    assert (result.verdict, result.answer) == (verdict, "") and result.note


def test_a_solver_that_breaks_is_said_to_be_broken_and_decides_nothing() -> None:
    def broken(target: str, request: dict[str, Any], **_: object) -> ChildResult:
        return ChildResult(None, "crashed", "it failed")

    with pytest.raises(ToolBroke, match="The logic solver broke \\(it failed\\). It is not used for this; try again."):
        solve("Fred is happy only if Fred is fit. Fred is not fit. Is Fred happy?", run_limited=broken)


def test_a_solver_that_never_ends_is_ended_by_the_wall_clock() -> None:
    pigeons = 12
    holes = range(pigeons - 1)
    premises = ["(" + " | ".join(f"p{i}h{j}(a)" for j in holes) + ")" for i in range(pigeons)]
    premises += [f"(~p{i}h{j}(a) | ~p{k}h{j}(a))" for j in holes for i in range(pigeons) for k in range(i)]
    started = time.monotonic()
    request = {"premises": premises, "goals": ["q(a)"], "seconds": 600.0}
    result = run_limited("tools.logic.solver:solve_in_child", request, seconds=2.0, memory=1_500 * 2**20)
    assert result.problem == "time" and time.monotonic() - started < 6


def test_options_are_answered_by_the_one_that_must_hold() -> None:
    text = (
        "All cooks are neat. Mia is a cook. No neat person is late.\nWhich of the following must be true?\n"
        "A) Mia is late.\nB) Mia is neat.\nC) Mia is tall."
    )
    result = solve(text, run_limited=run_limited)
    assert (result.answer, result.option, result.statement) == ("B", "B", "Mia is neat.")
    cannot = solve(text.replace("must be true", "cannot be true"), run_limited=run_limited)
    assert (cannot.option, cannot.verdict) == ("A", "disproved")


def test_the_question_may_come_apart_with_lettered_truth_values() -> None:
    result = solve(
        "All cooks are neat. Mia is a cook.", "Is the following statement true, false, or unknown? Mia is not neat.",
        ["A) True", "B) False", "C) Unknown"], run_limited=_no_child,
    )  # fmt: skip
    assert (result.answer, result.option, result.verdict, result.statement) == (
        "B",
        "B",
        "disproved",
        "Mia is not neat.",
    )


def test_ties_are_possible_in_comparisons_but_not_on_a_line() -> None:
    taller = "Ada is taller than Cy. Bo is taller than Cy. Ada is not taller than Bo. Is Bo taller than Ada?"
    assert solve(taller, run_limited=run_limited).answer == "Unknown"
    line = "Ada stands before Cy. Bo stands before Cy. Ada does not stand before Bo. Does Bo stand before Ada?"
    assert solve(line, run_limited=run_limited).answer == "True"


@pytest.mark.parametrize(
    "text",
    [
        "Tom has 5 apples. He buys 3 more. How many apples does Tom have?", "Write a poem about all the dogs of my town.",
        "What does the contract say about every late payment? If it is late, tell me.", "hello", "",
        "My brother is older than me. What present should I buy for him?", "All my friends are on holiday and I am bored. What can I do?",
        "Who wrote Faust?", "Is Berlin bigger than Paris?", "Translate: All men are mortal. Socrates is a man.",
        "If I invest 100 dollars at 5% every year, how much do I have after ten years?",
        "Mary went to the kitchen. John went to the garden. Is Mary in the kitchen?",
        "The report is long. The summary is short. What are the main points of the report?",
        "Every morning I drink coffee. Is that healthy?", "Each of the 4 boxes holds 6 pens. All pens are blue. Is the total 24?",
        "def f(x): return x if x else None. Is this function correct?", "Can you explain why all swans are white?",
    ],
)  # fmt: skip
def test_the_router_lets_everything_else_pass_by(text: str) -> None:
    assert not looks_like_logic(text)


def test_a_text_without_question_or_beyond_the_limit_is_refused_with_the_next_step() -> None:
    with pytest.raises(ToolError, match="question"):
        solve("All cooks are neat.", run_limited=_no_child)
    with pytest.raises(ToolError, match="at most"):
        solve("All cooks are neat. " * 2_000 + "Is Mia neat?", run_limited=_no_child)


def test_a_cancelled_run_claims_nothing() -> None:
    stop = threading.Event()
    stop.set()
    text = "Fred is happy only if Fred is fit. Fred is not fit. Is Fred happy?"
    result = solve(text, run_limited=run_limited, cancel=stop)
    assert (result.verdict, result.answer) == ("undecided-in-time", "")
    assert solve(text, run_limited=run_limited).answer == "False"


@pytest.mark.parametrize(
    "text",
    [
        "If someone is a doctor they went to university. Kim is a doctor. Did Kim go to university?",
        "Everyone who won a medal got a prize. Ana won a medal. Did Ana get a prize?",
    ],
)
def test_a_fact_in_the_past_is_the_one_that_is_asked_for_with_did(text: str) -> None:
    assert looks_like_logic(text)
    assert solve(text, run_limited=run_limited).answer == "True"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("The mug is in the sink or on the tray. It is not on the tray. Is it in the sink?", "True"),
        ("Either the mug is in the sink or it is on the tray. The mug is in the sink. Is it on the tray?", "False"),
        ("Nobody in the choir snores. Ole is in the choir. Does Ole snore?", "False"),
        ("Everyone at the mill whistles. Ida is at the mill. Does Ida whistle?", "True"),
        ("If the horn sounds, the goose hides. The goose is not hiding. Is the horn sounding?", "False"),
        ("If it snows the path gets slippery. It is snowing. Is the path slippery?", "True"),
    ],
)
def test_who_is_meant_and_what_goes_on_are_read_as_people_say_them(text: str, answer: str) -> None:
    assert looks_like_logic(text)
    assert solve(text, run_limited=run_limited).answer == answer


@pytest.mark.parametrize(
    "text",
    [
        "Ida is in the mill. Ole is in the yard. If anyone is in the mill, the mill is loud. Is she loud?",
        "The mug is in the sink. The sink is blue. All blue things are new. Is it new?",
        "Everyone who cares is tired. Ole is caring. Is Ole tired?",
    ],
)
def test_a_pronoun_or_an_ing_that_may_mean_two_things_decides_nothing(text: str) -> None:
    assert solve(text, run_limited=run_limited).answer in ("", "Unknown")


def test_two_facts_in_one_sentence_are_a_logic_text() -> None:
    assert looks_like_logic("Each lark is a singer, and Pia is a lark. Does it follow that Pia is a singer?")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("If you are a member, you get a card. I am a member. Do I get a card?", "True"),
        ("If you rent a boat, you need a licence. Ida rents a boat. Does Ida need a licence?", "True"),
        ("Either Ida or Ole took the mug. Ole did not take the mug. Who took the mug?", "Ida"),
    ],
)
def test_rules_for_you_and_what_one_of_two_did_are_logic(text: str, answer: str) -> None:
    assert looks_like_logic(text)
    assert solve(text, run_limited=run_limited).answer == answer
