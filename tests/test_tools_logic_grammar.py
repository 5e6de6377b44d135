"""The grammar reads what it claims to read, and leaves the rest unread."""

from __future__ import annotations

import time

import pytest

from tools.logic.language import (
    And,
    Atom,
    Compare,
    Exists,
    ForAll,
    FormulaError,
    Iff,
    Implies,
    Name,
    Not,
    Or,
    Premise,
    Variable,
    Xor,
    show,
)
from tools.logic.message import split
from tools.logic.notation import read
from tools.logic.reading import read_premises
from tools.logic.recognising import looks_like_logic

SHAPES = [
    ("Every baker is cheerful.", "forall ?x (baker(?x) -> cheerful(?x))"),
    ("Bakers are not cheerful.", "forall ?x (baker(?x) -> ~cheerful(?x))"),
    ("No baker is a singer.", "forall ?x (baker(?x) -> ~singer(?x))"),
    ("Olga is a baker and a singer.", "(baker(olga) & singer(olga))"),
    ("Olga is not tall.", "~tall(olga)"),
    ("The hen sees the fox.", "see(hen, fox)"),
    ("The hen doesn't see the fox.", "~see(hen, fox)"),
    ("The fox is seen by the hen.", "see(hen, fox)"),
    ("If something is wet and cold then it is dark.", "forall ?x ((wet(?x) & cold(?x)) -> dark(?x))"),
    ("Wet, cold things are dark.", "forall ?x ((wet(?x) & cold(?x)) -> dark(?x))"),
    ("All young people are quick.", "forall ?x (young(?x) -> quick(?x))"),
    ("If the hen is red and it sees the fox then the fox is sad.", "((red(hen) & see(hen, fox)) -> sad(fox))"),
    ("Only bakers sing.", "forall ?x (sing(?x) -> baker(?x))"),
    ("Olga sings unless Olga is tired.", "(~tired(olga) -> sing(olga))"),
    ("Either Olga is tired or Olga is sad.", "(tired(olga) ^ sad(olga))"),
    ("Olga is tired or sad.", "(tired(olga) | sad(olga))"),
    ("Everyone who sings is cheerful.", "forall ?x (sing(?x) -> cheerful(?x))"),
    ("Olga sings if and only if Ugo dances.", "(sing(olga) <-> dance(ugo))"),
    ("Some bakers are singers.", "exists ?x (baker(?x) & singer(?x))"),
    ("Neither Olga nor Ugo is tall.", "(~tall(olga) & ~tall(ugo))"),
    ("Olga owns a cat.", "exists ?x (cat(?x) & own(olga, ?x))"),
    ("Olga likes herself.", "like(olga, olga)"),
]  # fmt: skip

#: Each of these must stay unread: a formula for it would be a guess.
UNREADABLE = [
    "Almost all bakers are cheerful.", "Most bakers are cheerful.", "Olga is rarely cheerful.",
    "Olga thinks that Ugo is kind.", "All bakers except Olga sing.", "Only Olga sings.",
    "Olga is not kind and happy.", "Olga is kind or rich and famous.", "Olga may be kind.",
    "Olga is not always kind.", "Two of the bakers are kind.", "If Olga sees Ugo then he is happy.",
    "Olga sings because Ugo dances.", "Bakers usually sing unless", "Olga is hardly kind.",
    "Every baker other than Ugo sings.", "The more Olga sings, the happier Ugo is.", "Olga has been kind.",
    "Nobody but Olga sings.", "What a fine day!", "Hello there", "Olga does not see Ugo and Ida.",
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "formula"), SHAPES)
def test_a_sentence_of_a_known_shape_has_this_formula(sentence: str, formula: str) -> None:
    (found,) = read_premises([sentence]).formulas
    assert found is not None and show(found) == formula


@pytest.mark.parametrize("sentence", UNREADABLE)
def test_what_has_unanalysed_logical_force_is_left_unread(sentence: str) -> None:
    assert read_premises([sentence]).formulas == (None,)


def test_plurals_meet_their_singulars_and_nothing_else() -> None:
    sentences = ["Impuses are wet.", "Ugo is an impus.", "All planes are fast.", "The plan is bad.", "Each house is a box.",
                 "Boxes are houses.", "Wolves are shy.", "Fang is a wolf."]  # fmt: skip
    shown = [show(formula) for formula in read_premises(sentences).formulas if formula is not None]
    assert shown == [
        "forall ?x (impus(?x) -> wet(?x))", "impus(ugo)", "forall ?x (plane(?x) -> fast(?x))", "bad(plan)",
        "forall ?x (house(?x) -> box(?x))", "forall ?x (box(?x) -> house(?x))", "forall ?x (wolf(?x) -> shy(?x))", "wolf(fang)",
    ]  # fmt: skip


def test_every_formula_survives_its_text_form() -> None:
    x, y = Variable("x"), Variable("y")
    a, b = Atom("kind", (x,)), Atom("like", (Name("tom"), y), True)
    formulas = [a, b, Not(And((a, b))), Or((a, b, a)), Xor(a, b), Iff(a, b), ForAll((x, y), Implies(a, Exists((y,), b))),
                Compare("age", "ada", "<", "mya"), Compare("line", "a", "=", "b", 2), Compare("rank", "a", "=", None, 3)]  # fmt: skip
    assert [read(show(formula)) for formula in formulas] == formulas
    line = Premise(Atom("kind", (Name("tom"),)), "Tom is kind.").line()
    assert line == "kind(tom) ::: Tom is kind." and read(line) == Atom("kind", (Name("tom"),))


@pytest.mark.parametrize(
    "text",
    ["", "(", "kind", "kind(", "kind(tom", "(a(x) & b(y)", "(a(x) & b(y) | c(z))", "forall ?x", "__import__('os')",
     "~" * 500 + "a(x)", "(" * 500, "a(x) b(y)", "age[a] < size[b]", "age[a] = 99999999", "a(x);", "?x(a)", "a" * 30_000],
)  # fmt: skip
def test_text_that_is_no_formula_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(FormulaError, match=r".+\."):
        read(text)


NASTY = [
    "if " * 3_000, "and " * 4_000, "Tom is " + "kind and " * 2_000 + "big.", "(" * 15_000, '"' * 15_000, "A) " * 5_000,
    "Tom is kind. " * 1_500, "either or " * 1_500, "who that which " * 1_000, ", ".join(["Tom"] * 3_900) + " are kind.",
    "If something is a and " + "it is b and " * 40 + "it is c then it is d.", "no " * 6_000 + "?", "a" * 19_000, "\n" * 19_000,
    "Is " * 100 + "Tom kind?", "the dog that " * 30 + "is big.", "s " * 9_000, "unless " * 100, "x's " * 4_000, "0" * 19_000 + "?",
    "Based on " + "the " * 4_000 + "is the following statement true? Tom is kind.", "Which of the following " * 800,
    "All dogs are " + "not " * 110 + "kind.", "@0 @1 @2 is older than @3. Is @0 older than @1?", "\u0000\u202e\ufeff is \ud83d?",
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nasty_texts_end_soon_and_raise_nothing(text: str) -> None:
    started = time.process_time()
    message = split(text)
    reading = read_premises(message.premises, [message.asked])
    assert len(reading.formulas) == len(message.premises)
    assert looks_like_logic(text[:11_990]) in (True, False)
    assert time.process_time() - started < 10, "an attempt of the grammar is not bounded"


def test_the_bound_on_attempts_is_what_stops_a_tangled_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    tangled = "If " + " and ".join(f"Tom is a{i} or Ann is b{i}" for i in range(9)) + " then Tom is kind."
    import tools.logic.scope as scope_module

    assert read_premises([tangled]).formulas == (None,)
    monkeypatch.setattr(scope_module, "MAX_STEPS", 1)
    assert read_premises(["Olga is kind and Ugo is tall."]).formulas == (None,)
    monkeypatch.setattr(scope_module, "MAX_STEPS", 3_000)
    assert read_premises(["Olga is kind and Ugo is tall."]).formulas != (None,)
