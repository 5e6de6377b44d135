"""long_*.py as a whole: long pasted texts are reduced, swept, reduced again; nothing is left out without being said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from knowledge.passage import Sentence
from lottery_chat.events import Event, ModelCalled, Notice, Verified
from lottery_chat.messages import Message
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner import long_reading
from lottery_chat.planner.long_keywords import SentenceIndex, terms_of
from lottery_chat.planner.long_material import material_of
from lottery_chat.planner.long_sections import asks_of_the_whole
from lottery_chat.planner.long_several import asked_one_by_one, of_one_kind
from lottery_chat.planner.long_stated import read_stated
from lottery_chat.planner.values import Limits

HAY = [
    f"On the {n}th evening the fishermen of the bay mended their nets and talked about wind number {n}."
    for n in range(400)
]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def hidden(*needles: tuple[str, float], question: str) -> str:
    lines = list(HAY)
    for text, depth in sorted(needles, key=lambda one: -one[1]):
        lines.insert(int(depth * len(HAY)), text)
    return "\n".join(lines) + f"\n\n{question}"


def prompts(events: Sequence[Event]) -> list[str]:
    return [event.prompt[-1].text for event in events if isinstance(event, ModelCalled)]


def index(*sentences: str) -> SentenceIndex:
    return SentenceIndex([Sentence(text, "", "d", "t", None, n, n + 1, 0.0) for n, text in enumerate(sentences)])


YES = {"yes": -0.1, "no": -3.0}


@pytest.mark.parametrize("depth", [0.0, 0.5, 1.0])
def test_a_needle_is_before_the_model_and_quoted_at_every_depth(bench: Bench, depth: float) -> None:
    bench.model = ScriptedModel(["under the stone frog"], labels=YES)
    needle = "Branka hid the spare key under the stone frog."
    events = bench.ask(hidden((needle, depth), question="Under what did Branka hide the spare key?"))
    done = answer(events)
    assert "stone frog" in (done.answer or "") and done.citations[0].quote == needle
    assert all(needle in one for one in prompts(events)) and all(len(one) < 4_000 for one in prompts(events))
    assert "of 401 sentences were read" in done.check
    left_out = [line.left_out for event in events if isinstance(event, ModelCalled) for line in event.ledger if line.source == "passages"]  # fmt: skip
    assert left_out and all("of 401 sentences" in one for one in left_out)
    assert any(isinstance(event, Notice) and "not read whole" in event.text for event in events)


def lose(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """The first reduction brings the wrong sentences, as retrieval by meaning does for codes."""
    real = long_reading.retrieve

    def wrong(run, node, knowledge, question, document_ids):  # type: ignore[no-untyped-def]
        return (yield from real(run, node, knowledge, "wind and nets", document_ids))

    monkeypatch.setattr(long_reading, "retrieve", wrong)
    bench.model = ScriptedModel(["amber"], labels=YES)
    return bench.ask(hidden(("Crate qx-41 wears a seal of amber.", 0.6), question="Which seal does crate qx-41 wear?"))


def test_a_lost_needle_is_noticed_fetched_and_named(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    events = lose(bench, monkeypatch)
    done = answer(events)
    assert done.answer == "amber" and "reduced again" in done.check
    assert any(isinstance(event, Verified) and not event.passed and "reduced text" in event.check for event in events)


def test_without_the_sweep_the_needle_stays_lost(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SentenceIndex, "sweep", lambda self, terms, count: [])
    monkeypatch.setattr(SentenceIndex, "coverage", lambda self, terms: 1.0)
    assert answer(lose(bench, monkeypatch)).answer != "amber"


def test_a_text_that_fits_is_read_whole_before_it_is_said_not_to_say(bench: Bench) -> None:
    few = "\n".join([*HAY[:14], "Ulrik won the chess cup of Grado in 1999."])
    bench.model = ScriptedModel(["1999"], labels={"yes": -4.0, "no": -0.1})
    done = answer(bench.ask(f"{few}\n\nIn which year did Ulrik win the chess cup of Grado?"))
    assert (done.answer, done.checked) == ("1999", False) and "nothing left out" in done.check
    bench.model = ScriptedModel(["1950"], labels={"yes": -4.0, "no": -0.1})
    assert (
        answer(bench.ask(f"{few}\n\nIn which year did Ulrik win the chess cup of Grado?")).status == "not_in_documents"
    )


def test_a_question_in_other_words_is_compared_with_every_sentence(bench: Bench) -> None:
    bench.model = ScriptedModel(["Sten"], labels=YES)
    needle = "Sten unblocks every sink."
    events = bench.ask(hidden((needle, 0.4), question="Which plumber unblocks a sink?"))
    done = answer(events)
    assert done.answer == "Sten"
    index_of = index(needle, *HAY[:20])
    assert index_of.coverage(terms_of("Who is the plumber?")) == 0 < index_of.coverage(terms_of("Whose sink is it?"))


def test_a_code_that_stands_nowhere_is_said_to_stand_nowhere(bench: Bench) -> None:
    bench.model = ScriptedModel(["amber"], labels=YES)
    done = answer(bench.ask(hidden(("Crate qx-41 wears a seal of amber.", 0.6), question="Which seal does crate zk-77 wear?")))  # fmt: skip
    assert done.status == "not_in_documents" and "none of the 401 sentences" in done.check
    assert "zk-77" in done.text and "amber" not in done.text.partition("---")[0]


def test_three_names_are_looked_for_one_by_one(bench: Bench) -> None:
    told = {"Ilse": "plum dumplings", "Sten": "fig jam", "Marit": "goat cheese"}

    def reply(messages: Sequence[Message]) -> str:
        asked = messages[-1].text.rpartition("Question:")[2]
        return next(food for name, food in told.items() if name in asked)

    bench.model = ScriptedModel(reply, labels=YES)
    needles = [(f"{name} brought {food} to the feast.", 0.2 + 0.3 * n) for n, (name, food) in enumerate(told.items())]
    limits = Limits(seconds=60, calls=20, nodes=40)
    done = answer(
        bench.ask(hidden(*needles, question="What did Ilse, Sten and Marit bring to the feast?"), limits=limits)
    )
    assert all(food in done.text for food in told.values()) and "each name on its own" in done.check


def test_all_of_a_kind_are_returned_by_code(bench: Bench) -> None:
    guests = ("Oskar", "Edda", "Yusuf")
    needles = [(f"One of the guests of the Ystrad inn was {name}.", 0.1 + 0.3 * n) for n, name in enumerate(guests)]
    done = answer(bench.ask(hidden(*needles, question="Who were all the guests of the Ystrad inn?")))
    assert done.answer == "Oskar; Edda; Yusuf" and done.checked and done.calls == 0


def test_a_text_that_is_to_be_changed_is_changed_piece_by_piece(bench: Bench) -> None:
    bench.model = ScriptedModel(lambda messages: "FERTIG")
    limits = Limits(seconds=60, calls=3, nodes=40)
    done = answer(bench.ask("Translate this into German:\n\n" + "\n\n".join(HAY), limits=limits))
    assert done.text.count("FERTIG") == 3 and done.status == "partial" and "parts are missing" in done.reason


def test_a_question_about_the_whole_reads_a_bounded_number_of_parts(bench: Bench) -> None:
    bench.model = ScriptedModel(["Fishermen talk about wind."])
    limits = Limits(seconds=60, calls=12, nodes=40)
    events = bench.ask("\n".join(HAY * 2) + "\n\nWhat is the main argument of this text?", limits=limits)
    done = answer(events)
    assert "parts (1," in done.text and "not read:" in done.text and done.calls <= 6
    assert not done.checked


def test_options_are_chosen_with_evidence_from_the_text(bench: Bench) -> None:
    bench.model = ScriptedModel(["It was the frog. The answer is B"])
    question = "Where is the spare key of Branka?\n\n(A) in a jar\n(B) under the stone frog\n(C) at sea"
    events = bench.ask(hidden(("Branka hid the spare key under the stone frog.", 0.7), question=question))
    done = answer(events)
    assert done.answer == "B" and not done.checked and "Branka hid the spare key" in prompts(events)[0]


# -- the parts -------------------------------------------------------------------------------------------------


def test_request_and_text_are_told_apart() -> None:
    last = material_of("Some text here. More of it.\n\nWho came?")
    first = material_of("Who came?\n\nSome text here. More of it.")
    options = material_of("Some text.\n\nWho came?\n\n(A) Ida\n(B) Rolf")
    assert last is not None and (last.asked, last.text) == ("Who came?", "Some text here. More of it.")
    assert first is not None and first.asked == "Who came?"
    assert options is not None and options.asked.startswith("Who came?") and "(B) Rolf" in options.asked
    assert material_of("Who came?") is None and material_of("Only a text. No request.") is None


def test_values_are_read_and_links_followed() -> None:
    text = index("The code of elm-1 is the same as the code of oak-2.", "The code of oak-2 is 4711.", "Rain fell.")
    found = read_stated("What is the code of elm-1?", text)
    assert found is not None and found.values == ("4711",) and found.links == 1 and found.sure


@pytest.mark.parametrize(
    "sentence",
    ["The price of tea is not 4 euros.", "The price of tea is 4 euros higher than before.", "The price of tea is rising.", "The old price of tea is 4 euros."],
)  # fmt: skip
def test_what_is_no_plain_value_is_left_to_the_model(sentence: str) -> None:
    assert read_stated("What is the price of tea?", index(sentence)) is None
    assert read_stated("What is the price of tea?", index("The price of tea is 4 euros.")) is not None


def test_values_that_differ_are_shown_and_not_checked() -> None:
    found = read_stated(
        "What is the price of tea?", index("The price of tea is 4 euros.", "The price of tea is 5 euros.")
    )
    assert found is not None and len(found.values) == 2 and not found.sure


def test_an_unread_sentence_about_it_takes_the_mark() -> None:
    text = index("The price of tea is 4 euros.", "Some say the price of tea fell to 3 euros.")
    found = read_stated("What is the price of tea?", text)
    assert found is not None and not found.sure and found.unread == 1


def test_a_code_counts_as_there_however_it_is_written() -> None:
    assert not index("Crate QX 41 is red.").missing(terms_of("What colour is crate qx-41?"))
    assert [one.shown for one in index("Crate 42.").missing(terms_of("What colour is crate qx-41?"))] == ["qx-41"]


def test_lists_of_names_are_taken_apart_and_comparisons_are_not() -> None:
    assert [name for name, _ in asked_one_by_one("When did Ida, Rolf and Sten leave?")] == ["Ida", "Rolf", "Sten"]
    assert asked_one_by_one("Did Ida and Rolf leave together?") == ()
    assert asked_one_by_one("Who led the Red and Blue party?") == ()
    assert asked_one_by_one("What is the difference between Ida and Rolf?") == ()


def test_sentences_of_one_kind_are_found_together() -> None:
    text = index("The Odd ferry carried salt.", "Rain fell.", "The Odd ferry carried iron.", "Snow fell.")
    assert of_one_kind("List all cargoes the Odd ferry carried.", text) == [0, 2]


def test_only_questions_about_the_whole_are_read_in_parts() -> None:
    assert asks_of_the_whole("What is the main idea of the essay?")
    assert not asks_of_the_whole("Who bought the main sail?")


def test_a_long_text_with_numbers_is_no_word_problem(bench: Bench) -> None:
    bench.model = ScriptedModel(["418"], labels=YES)
    asked = hidden(
        ("The museum of Grado keeps 418 clocks.", 0.3), question="How many clocks does the museum of Grado keep?"
    )
    done = answer(bench.ask(asked))
    assert (done.answer, done.known) == ("418", "quoted")


@pytest.mark.parametrize("amount", ["15-year-old", "80-year-old", "24-hour", "1990s", "500mg"])
def test_an_amount_with_a_word_is_no_code_that_a_text_must_have(amount: str) -> None:
    assert not index("Persons of 15 may ride.").missing(terms_of(f"May a {amount} ride?"))
