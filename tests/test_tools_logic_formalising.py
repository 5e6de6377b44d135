"""Formulas written by somebody else for unread sentences: what is accepted, and what is sent back with which message."""

from __future__ import annotations

import pytest

from lottery_chat.children import run_limited
from tools.errors import ToolError
from tools.logic.formalising import Gaps, gaps_of, plain
from tools.logic.language import FormulaError
from tools.logic.notation import read
from tools.logic.plain_notation import read_plain
from tools.logic.tool import solve
from tools.logic.working import working_memory

TEXT = "All glims are blue. What is blue, that hums. Dax is a glim. Dax admires Kim. "
ASKED = "True, false or unknown: Dax hums."
UNREAD = "What is blue, that hums."


def gaps(text: str = TEXT + ASKED) -> Gaps:
    found = gaps_of(text)
    assert found is not None
    return found


def test_the_unread_sentence_is_named_with_the_predicates_that_were_declared() -> None:
    found = gaps()
    assert found.unread == (UNREAD,) and found.names == ("dax", "kim")
    assert {(one.name, one.arity) for one in found.declared} == {("glim", 1), ("blue", 1), ("admire", 2), ("hum", 1)}
    assert [one.name for one in found.offered(UNREAD)] == ["hum", "blue"]


def test_a_text_that_is_read_whole_has_no_gaps() -> None:
    assert gaps_of("All glims are blue. Dax is a glim. Is Dax blue?") is None


def test_a_sentence_of_vague_force_is_offered_nothing() -> None:
    assert (
        gaps("All glims are blue. Most blue things hum. Dax is a glim. Does Dax hum?").offered("Most blue things hum.")
        == ()
    )


@pytest.mark.parametrize(
    "text",
    [
        "all x (blue(x) -> hum(x))", "∀x (Blue(x) → Hum(x))", "forall x. blue(x) -> hum(x)", "all x: (blue(x) -> hums(x))",
        "all x (blue(x) -> hum(x)) ::: Blue things hum.", "`all x (blue(x) => hum(x))`.",
    ],
)  # fmt: skip
def test_the_ways_a_model_writes_one_formula_are_one_formula(text: str) -> None:
    assert gaps().formula(UNREAD, text) == "forall ?x (blue(?x) -> hum(?x))"


#: (formula, what the message has to say)
REFUSED = [
    ("", "no formula"),
    ("all x (blue(x) -> sing(x))", "no predicate 'sing'"),
    ("all x (blue(x) -> hum(x, x))", "takes 1 argument"),
    ("blue(x) -> hum(x)", "'x' is not bound"),
    ("all x (blue(x) -> hum(y))", "'y' is not bound"),
    ("all x (blue(x) -> hum(x)", "Expected ')'"),
    ("all x (blue(x) and hum(x) or blue(x))", "put brackets"),
    ("all x (blue(x) -> not hum(x))", "leave out not"),
    ("all x (blue(x) -> blue(x))", "speaks of 'hum'"),
    ("all x (blue(x) -> (blue(x) or hum(x)))", "behind it too"),
    ("all x (blue(x) -> hum(zed))", "nobody named 'zed'"),
    ("all x (glim(x) -> hum(x))", "does not speak of 'glim'"),
    ("__import__('os').system('true')", "Unexpected"),
    ("all x (" * 40 + "hum(x)" + ")" * 40, "nested deeper"),
    ("hum(" + "a" * 700 + ")", "longer than"),
    ("all x hum(x)", "speaks of 'blue'"),
    ("hum", "has no arguments"),
    ("all x (blue(x) -> hum(x)) hum(dax)", "Unexpected 'hum'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text[:40] or "nothing" for text, _ in REFUSED])
def test_what_does_not_fit_is_sent_back_with_what_to_change(text: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message.replace("(", r"\(").replace(")", r"\)")):
        gaps().formula(UNREAD, text)


def test_without_the_checks_a_wrong_formula_would_be_taken() -> None:
    """The negative control: the parser alone lets through what only the checks refuse."""
    taken = []
    for text, _ in REFUSED:
        try:
            taken.append(read_plain(text))
        except FormulaError:
            continue
    assert len(taken) >= 6


def test_a_denial_and_a_name_of_the_sentence_must_stand_in_its_formula() -> None:
    found = gaps("All glims are blue. Kim, as it were, is never, so Dax says, admired. Dax admires Kim. Is Dax blue?")
    sentence = found.unread[0]
    for text, message in (("admire(dax, kim)", "use not"), ("not admire(dax, dax)", "speaks of 'kim'")):
        with pytest.raises(FormulaError, match=message):
            found.formula(sentence, text)
    assert found.formula(sentence, "not admire(dax, kim)") == "~admire(dax, kim)"


def test_a_supplied_formula_decides_and_is_shown_as_the_models_reading() -> None:
    formula = gaps().formula(UNREAD, "all x (blue(x) -> hum(x))")
    before = solve(TEXT + ASKED, run_limited=run_limited)
    after = solve(TEXT + ASKED, run_limited=run_limited, supplied={UNREAD: formula})
    assert (before.answer, after.answer) == ("", "True")
    assert {s.text: s.reader for s in after.sentences}[UNREAD] == "model" and UNREAD in after.premises_used


def test_a_supplied_formula_never_replaces_what_code_has_read() -> None:
    wrong = {"Dax is a glim.": "~glim(dax)"}
    assert (
        solve("All glims are blue. Dax is a glim. Is Dax blue?", run_limited=run_limited, supplied=wrong).answer
        == "True"
    )


def test_a_supplied_text_that_is_no_formula_is_refused() -> None:
    with pytest.raises(ToolError, match="Expected"):
        solve(TEXT + ASKED, run_limited=run_limited, supplied={UNREAD: "hum("})


@pytest.mark.parametrize(
    "text", ["forall ?x (a(?x) -> ~b(?x))", "(a(tom) ^ ~b(tom, ann))", "exists ?x (a(?x) & b(?x))"]
)
def test_the_form_shown_to_the_model_is_the_form_that_is_read(text: str) -> None:
    assert read_plain(plain(read(text))) == read(text)


def test_the_working_memory_holds_facts_rules_and_the_schema() -> None:
    held = working_memory(solve("All glims are blue. Dax is a glim. Is Dax blue?", run_limited=run_limited))
    assert [(one.symbols, one.rule) for one in held.facts] == [("glim(dax)", ""), ("blue(dax)", "All glims are blue.")]
    assert held.facts[1].premises == ("glim(dax)",)
    assert [one.symbols for one in held.rules] == ["forall ?x (glim(?x) -> blue(?x))"]
    assert [(one.name, one.arity) for one in held.schema] == [("blue", 1), ("dax", 0), ("glim", 1)]
