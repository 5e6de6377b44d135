"""Algorithm 1 as a whole, with a scripted model and real tools and memory: how each kind of question is answered."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from knowledge.passage import Document
from knowledge.passing import PassingLibrary
from lottery_chat.errors import ModelMissing
from lottery_chat.events import (
    Event,
    ModelCalled,
    NodeClosed,
    NodeOpened,
    Notice,
    PermissionAsked,
    TextDelta,
    TextReplaced,
)
from lottery_chat.messages import Message
from lottery_chat.models.protocol import ChatModel
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.values import Limits, PastTurn
from lottery_chat.planner.written_values import with_unit
from tools.web_search import WebResult

FIRST = "    a = 3\n    b = 4\n    return a * b\n"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def shown(events: Sequence[Event]) -> str:
    """The answer's text as a reader of the stream has it at the end."""
    text = ""
    for event in events:
        if isinstance(event, TextDelta):
            text += event.text
        elif isinstance(event, TextReplaced):
            text = event.text
    return text


def calls(events: Sequence[Event]) -> list[ModelCalled]:
    return [event for event in events if isinstance(event, ModelCalled)]


def missing() -> ChatModel:
    raise ModelMissing("The model is still downloading (40 %).")


# -- computing -------------------------------------------------------------------------------------------------


def test_a_calculation_is_computed_and_checked_without_a_model(bench: Bench) -> None:
    bench.model = missing
    events = bench.ask("What is 17% of 2,340?")
    done = answer(events)
    assert (done.answer, done.known, done.checked, done.calls) == ("397.8", "computed", True, 0)
    assert shown(events) == done.text and "17% of 2340" in done.check


def test_a_yes_or_no_question_is_answered_with_yes_or_no(bench: Bench) -> None:
    assert answer(bench.ask("Is 9.9 larger than 9.11?")).text == "Yes."
    assert answer(bench.ask("Is 2100 a leap year?")).text == "No."
    assert answer(bench.ask("9.9 < 9.11")).text == "false"


def test_two_programs_that_agree_are_checked(bench: Bench) -> None:
    bench.model = ScriptedModel([FIRST, "a = 3\nb = 4\nans = a * b\n"])
    done = answer(bench.ask("A tray holds 3 rows of 4 rolls. How many rolls does a tray hold in all?"))
    assert (done.answer, done.text, done.known, done.checked, done.calls) == ("12", "12 rolls", "computed", True, 2)
    assert done.check == "two programs, asked for in different ways, agree"


def test_programs_that_disagree_are_not_marked_as_checked(bench: Bench) -> None:
    bench.model = ScriptedModel([FIRST, "ans = 7\n"])
    done = answer(bench.ask("A tray holds 3 rows of 4 rolls. How many rolls does a tray hold in all?"))
    assert (done.answer, done.known, done.checked, done.calls) == ("12", "computed", False, 2)
    assert "did not agree" in done.check


def test_a_problem_of_relations_is_solved_by_code_and_checked(bench: Bench) -> None:
    bench.model = missing
    done = answer(bench.ask("Two numbers add up to 20 and differ by 4. What is the larger number?"))
    assert (done.answer, done.known, done.checked, done.calls) == ("12", "computed", True, 0)
    assert "exactly one solution" in done.check


def test_written_equations_are_solved_for_all_their_roots(bench: Bench) -> None:
    done = answer(bench.ask("solve x^2 - 5x + 6 = 0"))
    assert (done.text, done.known, done.checked) == ("x = 2 or x = 3", "computed", True)
    none = answer(bench.ask("x = x + 1"))
    assert none.answer == "no solution" and none.text.startswith("There is no solution")


def test_with_the_model_off_code_answers_what_it_can_and_the_rest_fails_with_a_sentence(bench: Bench) -> None:
    bench.model = missing
    off = {"without": frozenset({"model"})}
    assert answer(bench.ask("What is 17% of 2,340?", **off)).answer == "397.8"
    done = answer(bench.ask("Who painted the Night Watch?", **off))
    assert (done.status, done.fault) == ("failed", "") and "model, which is off" in done.text


LEFT_OUT = "    rows = 3\n    return rows + rows\n"
TRAY = "A tray holds 3 rows of 4 rolls. How many rolls does a tray hold in all?"


def test_where_code_doubts_both_programs_reasoning_decides_and_code_does_its_sums(bench: Bench) -> None:
    bench.model = model = ScriptedModel(
        [LEFT_OUT, "ans = 3 + 8\n", "Each of the 3 rows has 4 rolls, so 3 * 4 =", " rolls.\nAnswer: 12"]
    )
    done = answer(bench.ask(TRAY))
    assert (done.answer, done.known, done.checked) == ("12", "computed", False)
    assert "did not agree (6, 11, 12)" in done.check
    assert model.calls[-1].messages[-1].text.endswith("3 * 4 = 12")


def test_a_program_that_code_does_not_doubt_beats_one_that_leaves_a_number_out(bench: Bench) -> None:
    bench.model = model = ScriptedModel([LEFT_OUT, "ans = 3 * 4\n"])
    done = answer(bench.ask(TRAY))
    assert (done.answer, done.checked, len(model.calls)) == ("12", False, 2) and "did not agree (6, 12)" in done.check
    bench.model = ScriptedModel([LEFT_OUT, "ans = 6\n", "3 rows.\nAnswer: 6"])
    done = answer(bench.ask(TRAY + " Think."))
    assert (done.answer, done.checked) == ("6", False) and "it does not use 4" in done.check


def test_of_two_programs_without_doubts_the_first_is_the_answer_and_carries_no_mark(bench: Bench) -> None:
    bench.model = model = ScriptedModel([FIRST, "ans = 3 + 4\n"])
    done = answer(bench.ask(TRAY))
    assert (done.answer, done.checked, len(model.calls)) == ("12", False, 2) and "(12, 7)" in done.check


def test_a_model_whose_agreement_proves_little_writes_a_second_program_only_against_doubts(bench: Bench) -> None:
    bench.model = model = ScriptedModel([FIRST], name="qwen2.5-coder:0.5b")
    done = answer(bench.ask(TRAY))
    assert (done.answer, done.checked, len(model.calls)) == ("12", False, 1) and "not cross-checked" in done.check
    bench.model = model = ScriptedModel([LEFT_OUT, "ans = 3 * 4\n"], name="qwen2.5-coder:0.5b")
    assert answer(bench.ask(TRAY + " Think.")).answer == "12" and len(model.calls) == 2


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many floral arrangements can she make?", "7 floral arrangements"),
        ("How many hash browns are left?", "7 hash browns"),
        ("How many pairs of socks does he have?", "7 pairs of socks"),
        ("How many Spanish books are there?", "7 Spanish books"),
        ("How many did each of them get?", "7"),
        ("How many apples and pears are left?", "7"),
        ("How much sugar does he need?", "7"),
        ("A pen costs $2. How much does he pay?", "$7"),
        ("What percentage of the pens is blue?", "7 %"),
    ],
)
def test_a_number_carries_the_unit_that_was_asked_for_and_never_half_of_one(question: str, text: str) -> None:
    assert with_unit(question, "7") == text


def test_in_deliberate_mode_methods_go_on_until_two_agree(bench: Bench) -> None:
    bench.model = model = ScriptedModel([FIRST, "ans = 3 + 4\n", "3 rows and 4 rolls.\nAnswer: 7"])
    done = answer(bench.ask(TRAY, mode="deliberate"))
    assert (done.answer, done.checked, len(model.calls)) == ("7", False, 3)
    assert done.check == "a program and reasoning in steps agree"


def test_reasoning_that_turns_to_a_program_counts_where_the_program_only_confirms_it(bench: Bench) -> None:
    doubted = [LEFT_OUT, "ans = 3 + 8\n"]
    bench.model = ScriptedModel(
        [*doubted, "3 rows of 4 rolls are 12 rolls. Let's confirm this with code.\n```python\n"]
    )
    assert answer(bench.ask(TRAY)).answer == "12"
    bench.model = ScriptedModel([*doubted, "There are 3 rows of 4. Now the code:\n```python\n"])
    assert answer(bench.ask(TRAY + " Think.")).answer == "6"


def test_a_program_that_fails_is_repaired_once_with_its_error(bench: Bench) -> None:
    bench.model = ScriptedModel(["    return 3 / 0\n", FIRST, "ans = 12\n"])
    events = bench.ask("A tray holds 3 rows of 4 rolls. How many rolls does a tray hold in all?")
    assert answer(events).answer == "12"
    assert "ZeroDivisionError" in calls(events)[1].prompt[-2].text


def test_fast_mode_does_not_cross_check_and_says_so(bench: Bench) -> None:
    bench.model = ScriptedModel([FIRST])
    done = answer(bench.ask("A tray holds 3 rows of 4 rolls. How many rolls does a tray hold in all?", mode="fast"))
    assert (done.answer, done.checked, done.calls) == ("12", False, 1) and "not cross-checked" in done.check


# -- proving ---------------------------------------------------------------------------------------------------

LOGIC = "All wugs are blue. Every blue thing is round. Dax is a wug. Is Dax round?"


def test_a_logic_text_is_proved_with_its_steps_and_no_model(bench: Bench) -> None:
    bench.model = missing
    done = answer(bench.ask(LOGIC))
    assert (done.answer, done.known, done.checked, done.calls) == ("Yes", "proved", True, 0)
    assert "round" in done.text.splitlines()[-1]


def test_what_does_not_follow_is_unknown_not_false(bench: Bench) -> None:
    text = "All wugs are blue. All zets are round. Pim is a wug. Bo is a zet. Is the following statement true, false, or unknown? "
    assert answer(bench.ask(text + "Pim is blue.")).answer == "True"
    done = answer(bench.ask(text + "Pim is round."))
    assert (done.answer, done.known, done.checked) == ("Unknown", "proved", False)


def test_a_sentence_that_nobody_can_read_is_named_and_the_proof_is_not_guessed(bench: Bench) -> None:
    bench.model = ScriptedModel(["Perhaps."])
    done = answer(bench.ask("All wugs are blue. Most blue things hum at night. Dax is a wug. Does Dax hum?"))
    assert done.known == "model" and not done.checked


# -- documents -------------------------------------------------------------------------------------------------

DEPOTS = "The blue depot opens at 06:40. The red depot opens at 07:15. Trucks are washed on Friday."


def test_an_answer_from_a_document_is_quoted_and_cited(bench: Bench) -> None:
    bench.model = ScriptedModel(["06:40"])
    done = answer(bench.ask("When does the blue depot open?", given=bench.documents(depots=DEPOTS)))
    assert (done.answer, done.known, done.checked, done.status) == ("06:40", "quoted", True, "answered")
    assert done.citations[0].quote == "The blue depot opens at 06:40." and done.citations[0].title == "depots"


def test_words_that_do_not_stand_in_the_evidence_are_never_the_answer(bench: Bench) -> None:
    bench.model = ScriptedModel(["at noon", "at midnight"])
    done = answer(bench.ask("When does the blue depot open?", given=bench.documents(depots=DEPOTS)))
    assert (done.known, done.checked) == ("quoted", False) and done.answer is not None and done.answer in DEPOTS


def test_a_span_that_the_models_own_sentence_holds_is_the_answer(bench: Bench) -> None:
    ferry = "Ida Holm steers the ferry. It was painted by Per Lund and by her brother."
    bench.model = ScriptedModel(["The painting of that boat was work that Per Lund has done over many weeks"])
    events = bench.ask("Who painted the ferry?", given=bench.documents(ferry=ferry))
    done = answer(events)
    assert (done.answer, done.known, done.checked) == ("Per Lund", "quoted", False)
    assert "the likeliest span" not in [one.purpose for one in calls(events)]


def test_of_words_that_stand_nowhere_the_likeliest_span_of_the_kind_asked_for_is_taken(bench: Bench) -> None:
    likely = {"yes": -0.1, "no": -3.0, "07:15": -0.2, "06:40": -2.0, "Friday": -4.0}
    bench.model = ScriptedModel(["at midnight"], labels=likely)
    events = bench.ask("When does the red depot open?", given=bench.documents(depots=DEPOTS))
    done = answer(events)
    assert (done.answer, done.checked) == ("07:15", False) and done.citations[
        0
    ].quote == "The red depot opens at 07:15."
    assert "the likeliest span" in [one.purpose for one in calls(events)]


def test_a_case_told_before_a_yes_or_no_question_is_decided(bench: Bench) -> None:
    leaflet = bench.documents(
        leaflet="A forgotten tablet is left out when fewer than eight hours remain until the next one."
    )
    asked = "I forgot my tablet and the next one is due in five hours. Should I take the forgotten one?"
    bench.model = ScriptedModel(
        ["Perhaps."],
        labels=lambda messages, labels: (
            {"yes": -3.0, "no": -0.1} if "state the answer" not in messages[-1].text else {"yes": -0.1, "no": -3.0}
        ),
    )
    assert answer(bench.ask(asked, given=leaflet)).answer == "No"


def test_marks_of_the_texts_form_are_no_part_of_the_answer(bench: Bench) -> None:
    bench.model = ScriptedModel(["**€ 1,095.00**"])
    bill = "The rent is due on the first. In total **€ 1,095.00** is paid each month."
    assert answer(bench.ask("How much is paid each month?", given=bench.documents(bill=bill))).answer == "€ 1,095.00"


def test_words_of_another_kind_are_not_the_answer(bench: Bench) -> None:
    bench.model = ScriptedModel(["opens"])
    done = answer(bench.ask("When does the depot open that is blue?", given=bench.documents(depots=DEPOTS)))
    assert (done.answer, done.checked) == ("06:40", False)
    bench.model = ScriptedModel(["with soap"])
    done = answer(
        bench.ask(
            "How many trucks are washed?",
            given=bench.documents(yards="Our trucks are washed with soap. The yard is dry."),
        )
    )
    assert done.status == "not_in_documents"


def test_documents_that_do_not_say_are_said_not_to_say_and_belief_stands_below_a_line(bench: Bench) -> None:
    bench.model = ScriptedModel(["Perhaps at nine."], labels={"yes": -9.0, "no": -0.1})
    done = answer(bench.ask("When does the green depot open?", given=bench.documents(depots=DEPOTS)))
    assert (done.status, done.known, done.checked) == ("not_in_documents", "none", False)
    above, below = done.text.split("---")
    assert above.startswith("The documents do not say") and "Perhaps at nine" in below


def test_a_doubted_question_of_which_no_word_stands_in_the_text_is_not_answered_from_it(bench: Bench) -> None:
    bench.model = ScriptedModel(["06:40"], labels={"yes": -1.0, "no": -0.4})
    assert (
        answer(bench.ask("What is the name of the mayor?", given=bench.documents(yards=DEPOTS))).status
        == "not_in_documents"
    )
    doubted = answer(bench.ask("When does the blue depot open?", given=bench.documents(yards=DEPOTS)))
    assert (doubted.answer, doubted.known, doubted.checked) == (
        "06:40",
        "quoted",
        False,
    ) and "doubtful" in doubted.check


def test_a_doubted_phrase_of_a_sentence_about_something_else_is_no_answer(bench: Bench) -> None:
    doubts = {"yes": -1.0, "no": -0.4}
    house = bench.documents(house="Quiet hours begin at 10 p.m. on all days. The lane has a caretaker.")
    bench.model = ScriptedModel(["10 p.m."], labels=doubts)
    done = answer(bench.ask("What time does the caretaker start work?", given=house))
    assert (done.status, done.answer) == ("not_in_documents", None) and "asks about" in done.check
    goes_on = bench.documents(house="The caretaker is Per Lund. He begins at 7 a.m. each day.")
    bench.model = ScriptedModel(["7 a.m."], labels=doubts)
    assert answer(bench.ask("What time does the caretaker start work?", given=goes_on)).answer == "7 a.m."


def test_a_document_still_answers_with_a_quote_while_there_is_no_model(bench: Bench) -> None:
    bench.model = missing
    done = answer(bench.ask("When does the blue depot open?", given=bench.documents(depots=DEPOTS)))
    assert (done.known, done.checked, done.status) == ("quoted", False, "answered") and "06:40" in done.text
    assert any("downloading" in notice for notice in done.notices)


def test_two_facts_are_looked_up_apart_and_compared_by_code(bench: Bench) -> None:
    def read(messages: Sequence[Message]) -> str:
        return "06:40" if "Question: When does the blue" in messages[-1].text else "07:15"

    bench.model = ScriptedModel(read)
    done = answer(
        bench.ask("Which depot opens earlier, the blue or the red one?", given=bench.documents(depots=DEPOTS))
    )
    assert (done.answer, done.known, done.checked) == ("the blue depot", "quoted", True)
    assert "06:40 < 07:15, compared by code" in done.check and len(done.citations) == 2


def test_a_pasted_text_above_half_the_window_is_searched_and_that_is_said(bench: Bench) -> None:
    bench.model = ScriptedModel(["06:40"], window=600)
    filler = " ".join(f"Bay {number} holds {number * 3} crates of tea." for number in range(120))
    done = answer(bench.ask(f"{filler} {DEPOTS}\n\nWhen does the blue depot open?"))
    assert (done.answer, done.known) == ("06:40", "quoted")
    assert any("searched sentence by sentence" in notice for notice in done.notices)


def test_a_summary_goes_through_the_sections_and_cites_them(bench: Bench) -> None:
    bench.model = ScriptedModel(["It is about depots."])
    done = answer(bench.ask("What is this file about?", given=bench.documents(depots=DEPOTS * 20)))
    assert (done.known, done.text) == ("quoted", "It is about depots.") and done.citations


# -- parts, talk, follow-ups -----------------------------------------------------------------------------------


def test_two_questions_are_solved_apart_and_put_together_with_the_weakest_badge(bench: Bench) -> None:
    bench.model = ScriptedModel(["Paris."])
    events = bench.ask("What is 12*7 and what is the capital of France?")
    done = answer(events)
    assert "84" in done.text and "Paris" in done.text and (done.known, done.checked) == ("model", False)
    kinds = [event.kind for event in events if isinstance(event, NodeOpened)]
    assert kinds[0] == "divide" and {"externals", "model", "aggregate"} <= set(kinds)
    assert "(computed, checked)" in done.text


def test_a_later_part_takes_in_the_answer_of_an_earlier_one(bench: Bench) -> None:
    bench.model = ScriptedModel(["Goethe", "In 1749."])
    events = bench.ask("Who wrote Faust and when was he born?")
    assert calls(events)[1].prompt[-1].text == "When was Goethe born?"
    assert "1749" in answer(events).text


def test_free_writing_goes_straight_to_the_model_and_carries_no_badge(bench: Bench) -> None:
    bench.model = ScriptedModel(["Rain on the roof."])
    done = answer(bench.ask("Write a line about rain."))
    assert (done.free_writing, done.known, done.answer, done.calls, done.check) == (True, "model", None, 1, "")


def test_another_form_of_a_quoted_answer_keeps_saying_where_it_came_from(bench: Bench) -> None:
    bench.model = ScriptedModel(["Um 06:40."])
    past = (PastTurn("When does it open?", "**06:40**\n\n> It opens at 06:40.", "06:40", "quoted"),)
    done = answer(bench.ask("in German", history=past))
    assert done.text == "Um 06:40." and not done.free_writing
    assert any("quoted" in notice for notice in done.notices)


def test_a_follow_up_is_filled_in_from_the_question_before(bench: Bench) -> None:
    bench.model = ScriptedModel(["07:15"])
    past = (PastTurn("When does the blue depot open?", "06:40", "06:40", "quoted"),)
    done = answer(bench.ask("and the red one?", history=past, given=bench.documents(depots=DEPOTS)))
    assert (done.answer, done.checked) == ("07:15", True)


def test_a_question_that_lacks_its_object_is_asked_back_without_a_model(bench: Bench) -> None:
    bench.model = missing
    done = answer(bench.ask("Translate this"))
    assert (done.status, done.calls) == ("asked_back", 0) and done.text.endswith("drop a file.")


# -- web -------------------------------------------------------------------------------------------------------

RESULTS = (
    WebResult("Old", "https://a.example/1", "The tower was 90 m high.", "2020-01-01", "2026-11-22"),
    WebResult("New", "https://a.example/2", "The tower is 95 m high.", "2026-11-01", "2026-11-22"),
)


def test_nothing_leaves_without_permission_and_the_exact_query_is_shown(bench: Bench) -> None:
    events = bench.ask("Search the web for the height of the tower")
    assert [event.query for event in events if isinstance(event, PermissionAsked)] == ["the height of the tower"]
    assert bench.web.asked == [] and any("out of date" in notice for notice in answer(events).notices)


def test_the_query_may_be_edited_and_only_that_leaves(bench: Bench) -> None:
    bench.permission, bench.web.results = "tower height", RESULTS
    bench.model = ScriptedModel(["It is 95 m high."])
    events = bench.ask("Search the web for the height of the tower")
    done = answer(events)
    assert bench.web.asked == ["tower height"]
    assert (done.known, done.checked) == ("quoted", False) and done.citations[0].kind == "web"
    prompt = calls(events)[-1].prompt[-1].text
    assert prompt.index("90 m") < prompt.index("95 m"), "the newest comes last"


def test_web_search_that_is_off_asks_nothing(bench: Bench) -> None:
    events = bench.ask("latest news on the tower", web_search="off")
    assert not [event for event in events if isinstance(event, PermissionAsked)] and bench.web.asked == []


def test_offline_is_said_and_the_model_answers(bench: Bench) -> None:
    bench.permission, bench.web.offline = "tower", True
    events = bench.ask("latest news on the tower", web_search="on")
    assert any(isinstance(event, Notice) and "no network" in event.text for event in events)
    assert answer(events).known == "model"


def test_a_quote_for_the_whole_beats_a_belief_about_its_last_part(bench: Bench) -> None:
    mill = "The mill that Ida Holm built is Norby Mill. The founder of the club that met in the mill that Ida Holm built was Per Lund."
    bench.knowledge = bench.documents(mill=mill)

    def said(messages: Sequence[Message]) -> str:
        asked = messages[-1].text
        if "club in Norby Mill" in asked:
            return "It was founded by a king."
        return "Per Lund" if "Who founded the club" in asked else "Norby Mill"

    def judged(messages: Sequence[Message], labels: Sequence[str]) -> Mapping[str, float]:
        no = "club in Norby Mill" in messages[-1].text
        return {"yes": -9.0 if no else -0.1, "no": -0.1 if no else -9.0}

    bench.model = ScriptedModel(said, labels=judged)
    done = answer(bench.ask("Who founded the club in the mill that Ida Holm built?"))
    assert (done.known, done.answer) == ("quoted", "Per Lund")


def test_an_answer_that_names_nothing_is_put_into_no_other_question(bench: Bench) -> None:
    bench.model = ScriptedModel(["a letter\n", "Per wrote it.\n"])
    events = bench.ask("Who wrote the letter that Ida Holm received?")
    assert answer(events).text == "Per wrote it."
    assert "the letter that Ida Holm received" in calls(events)[-1].prompt[-1].text


# -- budgets, failures, memory ---------------------------------------------------------------------------------


def test_every_node_that_opens_closes_with_a_state(bench: Bench) -> None:
    events = bench.ask("What is 12*7 and what is the capital of France?")
    opened = [event.node for event in events if isinstance(event, NodeOpened)]
    closed = [event.node for event in events if isinstance(event, NodeClosed)]
    assert sorted(opened) == sorted(closed)


@pytest.mark.parametrize("limits", [Limits(calls=1), Limits(nodes=2), Limits(tokens=1), Limits(seconds=0.0)])
def test_running_out_of_any_limit_is_a_reported_ending(bench: Bench, limits: Limits) -> None:
    bench.model = ScriptedModel(["Johann\n"])
    done = answer(bench.ask("Who wrote Faust and when was he born?", limits=limits))
    assert done.status == "partial" and done.reason and done.can_continue


def test_a_stopped_run_keeps_its_text_and_says_so(bench: Bench) -> None:
    bench.model = ScriptedModel(["one two three four five six"])
    events = []
    for event in bench.events("Write a line about rain."):
        events.append(event)
        if isinstance(event, TextDelta):
            bench.cancel.set()
    done = answer(events)
    assert done.status == "stopped" and done.text == "one" == shown(events)


def test_a_missing_model_is_one_sentence_with_the_next_step(bench: Bench) -> None:
    bench.model = missing
    done = answer(bench.ask("Write a line about rain."))
    assert (done.status, done.known) == ("failed", "none") and "downloading" in done.text


def test_a_model_that_dies_in_the_middle_is_a_failure_that_keeps_the_text(bench: Bench) -> None:
    bench.model = ScriptedModel(["one two three four"], fault="die")
    done = answer(bench.ask("Write a line about rain."))
    assert done.status == "failed" and done.text.startswith("one two") and "broke off" in done.text


def test_a_checked_result_is_remembered_and_a_retry_bypasses_memory(bench: Bench) -> None:
    bench.model = ScriptedModel([FIRST, "ans = 12\n"])
    question = "A tray holds 3 rows of 4 rolls. How many rolls does a tray hold in all?"
    assert answer(bench.ask(question)).known == "computed"
    bench.model = missing
    again = answer(bench.ask(question))
    assert (again.known, again.answer, again.checked) == ("remembered", "12", True) and "computed" in again.check
    assert answer(bench.ask(question.replace("4", "5"))).known != "remembered"
    bench.model = ScriptedModel([FIRST, "ans = 12\n"])
    assert answer(bench.ask(question, use_memory=False)).known == "computed"


def test_the_ledger_counts_the_prompt_and_names_what_was_left_out(bench: Bench) -> None:
    bench.model = ScriptedModel(["Yes."], window=1_200)
    past = tuple(PastTurn(f"Question {number} about tea?", "word " * 200, None, "model") for number in range(6))
    events = bench.ask("Write a line about rain.", history=past)
    call = calls(events)[0]
    assert sum(line.tokens for line in call.ledger) <= call.window - call.room
    assert any(line.left_out for line in call.ledger)
    assert any("Left out" in notice for notice in answer(events).notices)


def test_a_question_longer_than_the_window_never_reaches_the_server(bench: Bench) -> None:
    model = ScriptedModel(["x"], window=500)
    bench.model = model
    done = answer(bench.ask("Write a letter about " + "rain " * 700))
    assert model.calls == [] or done.status != "failed"
    assert done.text


def test_strict_mode_ends_at_the_first_part_that_passes(bench: Bench) -> None:
    bench.model = ScriptedModel(["Paris."])
    done = answer(bench.ask("What is the capital of France and what is 12*7?", mode="strict"))
    assert "Paris" in done.text and "84" not in done.text


class Fetched(PassingLibrary):
    """Documents that all came from one address."""

    def documents(self) -> tuple[Document, ...]:
        when = "2026-11-23T10:11:12+00:00"
        return tuple(
            dataclasses.replace(one, address="https://a.example/ferry", fetched_at=when) for one in super().documents()
        )


def test_a_quote_from_a_fetched_page_carries_its_address_and_the_day_it_was_fetched(bench: Bench) -> None:
    bench.knowledge = Fetched(lambda: bench.embedder)
    bench.knowledge.add_text("ferry", "The blue ferry leaves Oban at 07:45. It carries 60 cars.")
    bench.model = ScriptedModel(["07:45"] * 4, labels={"yes": -0.1, "no": -3.0})
    done = answer(bench.ask("When does the blue ferry leave Oban according to my documents?"))
    assert done.citations and {(one.url, one.fetched[:10]) for one in done.citations} == {
        ("https://a.example/ferry", "2026-11-23")
    }
    bench.knowledge = bench.documents(ferry="The blue ferry leaves Oban at 07:45. It carries 60 cars.")
    own = answer(bench.ask("When does the blue ferry leave Oban according to my documents?", use_memory=False))
    assert own.citations and {(one.url, one.fetched) for one in own.citations} == {("", "")}
