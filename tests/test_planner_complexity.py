"""How many places a question needs: the fitted weights are the lab's, they beat the rules, and the trace says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench

from knowledge.embedding import HashingEmbedder
from knowledge.passing import PassingLibrary
from lottery_chat.events import NodeClosed, NodeOpened
from lottery_chat.lab import complexities
from lottery_chat.lab.values import Item, Task
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.complexity import FEATURES, INTERCEPT, WEIGHTS, by_rules, complexity, features
from lottery_chat.planner.gathering import SENTENCES, gather
from lottery_chat.planner.linking import names_in
from lottery_chat.planner.understanding import Kind


def test_the_weights_are_those_that_the_lab_fits() -> None:
    new = complexities.fitted_anew()
    assert [round(one, 2) for one in (*new.weights, new.intercept)] == [*WEIGHTS, INTERCEPT]
    assert len(FEATURES) == len(WEIGHTS) == len(features("Who?"))


@pytest.mark.parametrize("part", ["held", "later"])
def test_questions_it_was_not_fitted_on_are_told_better_than_by_rules(part: str) -> None:
    asked = [one for one in complexities.own(part) if one.steps != "none"]
    rules, fitted = complexities.confusions(part, asked)
    assert fitted.right() > rules.right() and fitted.right() >= 0.85 * len(asked)
    swapped = [complexities.Asked(one.question, "multi" if one.steps == "single" else "single") for one in asked]
    assert complexities.confusions(part, swapped)[1].right() < 0.2 * len(asked)  # the measure can fail


def test_own_questions_are_many_each_once_and_half_of_them_held_back() -> None:
    each = [complexities.own(part) for part in complexities.PARTS]
    assert [len(one) for one in each] == [60, 60, 40]
    assert len({one.question for part in each for one in part}) == 160


@pytest.mark.parametrize(
    ("question", "kind", "steps", "why"),
    [
        ("Write a poem about rain.", "writing", "none", "writing"),
        ("A shelf holds 14 jars and 5 fall off. How many jars are left?", "problem", "none", "problem"),
        ("Who is the mother of the director of Salt Road?", "question", "multi", "2 parts"),
        ("When was the mill built?", "question", "single", "P(several) 0."),
        (
            "What instrument does the editor of the little red paper play?",
            "question",
            "multi",
            "describes one by another",
        ),
        ("Who is the editor of the Stade Courier?", "question", "single", "P(several) 0."),
    ],
)
def test_the_class_has_its_reason(question: str, kind: Kind, steps: str, why: str) -> None:
    told = complexity(question, kind)
    assert told.steps == steps and why in told.why


def test_rules_alone_are_still_there_to_be_compared_with() -> None:
    assert by_rules("Who sang with Ida Holm when Per Lund played?").steps == "multi"
    assert by_rules("What colour has the boat that sank near Norby?").why == "a description: “boat that”"
    assert by_rules("what is rain").steps == "single"


def test_the_table_shows_what_was_confused() -> None:
    task = Task("musique", "multi-hop", "x/public.jsonl", lambda row: Item("1", "", ""), "f1", "")
    found = complexities.confusions(task.name, [complexities.Asked("When was the mill built?", "multi")])
    assert "| musique | fitted | 1 | 0 | multi as single 1 |" in complexities.as_markdown(found)
    assert f"| intercept | {INTERCEPT:.2f} |" in complexities.weights_as_markdown(complexities.fitted_anew())


FIRST = "## Orvo Mill\n\nThe Orvo Mill was built by Anna Berg.\n"
SECOND = "## Anna Berg\n\nAnna Berg (4 June 1951 – 2 May 2010) came from Lunga.\n"
FILL = [f"## Hut {n}\n\nHut {n} of the valley has beds, a stove and a well. The hut is old.\n" for n in range(12)]


def test_a_question_that_needs_several_places_is_led_on_and_another_is_not() -> None:
    base = PassingLibrary(HashingEmbedder)
    base.add_text("notes", "\n".join([FIRST, *FILL, SECOND]))
    several = gather(base, "Where did the architect who built the Orvo Mill come from?")
    assert several.complexity is not None and several.complexity.steps == "multi"
    assert any("Lunga" in one.text for one in several.sentences)
    one = gather(base, "Who built the Orvo Mill?")
    assert one.complexity is not None and one.complexity.steps == "single" and len(one.sentences) <= SENTENCES


@pytest.fixture
def bench(home: Path) -> Iterator[Bench]:
    made = Bench(home, ScriptedModel(["Anna Berg"], labels={"yes": -0.1, "no": -3.0}))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("question", "said"),
    [("Who built the Orvo Mill?", "one place needed"), ("Which firm that Anna Berg led built the Orvo Mill?", "several places needed")],
)  # fmt: skip
def test_the_trace_says_how_many_places_were_thought_needed_and_why(bench: Bench, question: str, said: str) -> None:
    bench.knowledge = bench.documents(notes="\n".join([FIRST, *FILL, SECOND]))
    events = bench.ask(question)
    looked = {one.node for one in events if isinstance(one, NodeOpened) and one.kind == "retrieve"}
    details = [one.detail for one in events if isinstance(one, NodeClosed) and one.node in looked]
    assert any(said in one and "P(several)" in one for one in details)


def test_names_at_the_beginning_of_a_message_keep_their_letters() -> None:
    assert names_in("Martin Holm was born when?") == ("Martin Holm",)
    assert names_in("Berlin has how many lakes?") == ("Berlin",)
    assert names_in("In Berlin, who sang?") == ("Berlin",)
    assert names_in("Tell me when the Orvo Mill was built.") == ("Orvo Mill",)
