"""The form a person asks for is read by code, kept by code where it can be, asked for once more where not, and said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from lottery_chat.events import Notice
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.form_asked import Form, form_asked, repeats


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ("Give me 3 good reasons to learn the piano.", Form(items=3)),
        ("List the four longest bridges.", Form(items=4)),
        ("Make a tea in five numbered steps.", Form(items=5)),
        ("Nenne fünf Obstsorten.", Form(items=5)),
        ("Name four colours, separated by commas.", Form(items=4, commas=True)),
        ("Explain tides in two sentences.", Form(sentences=(2, 2))),
        ("Describe a cat in at most three sentences.", Form(sentences=(1, 3))),
        ("A note of two to four sentences to my aunt, please.", Form(sentences=(2, 4))),
        ("Write an invitation in at most 50 words.", Form(words=50)),
    ],
)
def test_a_form_that_is_clearly_asked_for_is_read(words: str, form: Form) -> None:
    assert form_asked(words) == form


@pytest.mark.parametrize(
    "words",
    [
        "How many days are in two weeks?",
        "Give me 5 minutes.",
        "Name two rivers in France and two in Spain.",
        "Tell me about the seven wonders.",
        "Write a story with two dogs.",
        "Why do cats sleep so much?",
        "What does “list three things” mean in this title?",
        "Translate into German: Give me three apples and say hello to them.",
    ],
)
def test_what_is_not_clearly_a_form_is_left_alone(words: str) -> None:
    assert form_asked(words) is None


def test_what_goes_past_the_form_is_trimmed_without_another_call(bench: Bench) -> None:
    bench.model = model = ScriptedModel(["1. oak\n2. elm\n3. ash\n4. fir\n"])
    done = answer(bench.ask("List three trees."))
    assert done.text == "1. oak\n2. elm\n3. ash" and done.status == "answered" and len(model.calls) == 1


def test_a_list_in_lines_becomes_one_line_where_commas_were_asked_for(bench: Bench) -> None:
    bench.model = ScriptedModel(["1. oak\n2. elm\n3. ash"])
    assert answer(bench.ask("List three trees, separated by commas.")).text == "oak, elm, ash"


def test_a_form_that_is_missed_is_asked_for_once_more(bench: Bench) -> None:
    bench.model = model = ScriptedModel(["- oak\n- elm", "1. oak\n2. elm\n3. ash"])
    done = answer(bench.ask("List three trees."))
    assert done.text == "1. oak\n2. elm\n3. ash"
    assert "exactly 3 lines" in model.calls[1].messages[-1].text


def test_a_form_that_is_missed_twice_keeps_the_first_text_and_says_so(bench: Bench) -> None:
    bench.model = ScriptedModel(["- oak\n- elm", "- oak"])
    events = bench.ask("List three trees.")
    assert answer(events).text == "- oak\n- elm"
    assert [one.text for one in events if isinstance(one, Notice)] == [
        "Not quite the form you asked for: 2 items instead of 3."
    ]


def test_a_sentence_that_is_missing_is_written_after_what_there_is(bench: Bench) -> None:
    bench.model = model = ScriptedModel(["Tides come from the Moon.", "The Sun adds a little. And more."])
    done = answer(bench.ask("Explain tides in two sentences."))
    assert done.text == "Tides come from the Moon. The Sun adds a little."
    assert model.calls[1].messages[-1].role == "assistant"


def test_two_answers_of_one_sentence_each_make_the_two_that_were_asked_for(bench: Bench) -> None:
    bench.model = ScriptedModel(["Tides come from the Moon.", "", "The Sun adds a little."])
    assert (
        answer(bench.ask("Explain tides in two sentences.")).text == "Tides come from the Moon. The Sun adds a little."
    )


def test_two_short_lists_are_put_together_without_saying_a_thing_twice(bench: Bench) -> None:
    bench.model = ScriptedModel(["Here:\n1. **Oak**: old\n2. **Elm**: tall\n3. **Oak**: big", "1. Elm\n2. Fir\n3. Fir"])
    assert answer(bench.ask("List three trees.")).text == "1. **Oak**: old\n2. **Elm**: tall\n3. Fir"


def test_the_same_thing_twice_is_one_item() -> None:
    assert Form(items=3).missed("1. oak\n2. elm\n3. Oak") == "2 items instead of 3"


def test_titles_and_initials_end_no_sentence() -> None:
    form = Form(sentences=(1, 1))
    assert form.missed("Dr. J. Smith met Mrs. Lee.") == ""
    assert form.trimmed("Dr. J. Smith met Mrs. Lee. Then he left.") == "Dr. J. Smith met Mrs. Lee."


def test_a_model_that_repeats_itself_is_stopped_and_it_is_said(bench: Bench) -> None:
    bench.model = ScriptedModel(["Take these:\n" + "- a pair of gloves\n" * 30])
    events = bench.ask("What should I pack for a walk in the snow?")
    done = answer(events)
    assert done.text == "Take these:\n- a pair of gloves"
    assert "The model began to repeat itself, so it was stopped there." in done.notices


def test_refrains_and_tables_are_no_repetition() -> None:
    assert repeats("Sing.\nAgain we sing.\nHo!\nAgain we sing.\nHe!\nAgain we sing.\n") is None
    assert repeats("| --- | --- |\n| 1 | 2 |\n| 3 | 4 |\n") is None
