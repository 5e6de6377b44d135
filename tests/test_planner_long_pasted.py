"""Follow-ups about a pasted text, sentences compared by meaning, heads of mails: what stands before the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from knowledge.passage import Sentence
from lottery_chat.events import Event, ModelCalled, Notice
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner import long_meaning
from lottery_chat.planner.budget import Budget
from lottery_chat.planner.by_documents import _unmentioned
from lottery_chat.planner.gates import Gates
from lottery_chat.planner.gathering import Evidence
from lottery_chat.planner.long_pasted import asked_before
from lottery_chat.planner.run import Run
from lottery_chat.planner.values import Ask, Limits, PastTurn

YES = {"yes": -0.1, "no": -3.0}
NO = {"yes": -3.0, "no": -0.1}
HAY = [f"In week {n} the gardeners raked the paths of the old park and sang about leaf {n}." for n in range(200)]
NEEDLES = ("Torvald keeps the greenhouse key in a tin of buttons.", "The fountain was carved by Ilse Marn.")
TEXT = "\n".join([*HAY[:60], NEEDLES[0], *HAY[60:150], NEEDLES[1], *HAY[150:]])


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def prompts(events: Sequence[Event]) -> list[str]:
    return [event.prompt[-1].text for event in events if isinstance(event, ModelCalled)]


def notices(events: Sequence[Event]) -> str:
    return " ".join(event.text for event in events if isinstance(event, Notice))


def pasted(question: str = "Where does Torvald keep the greenhouse key?", text: str = TEXT) -> tuple[PastTurn, ...]:
    return (PastTurn(f"{text}\n\n{question}", "In a tin of buttons.", "a tin of buttons", "quoted"),)


def test_a_second_question_is_asked_of_the_text_pasted_before(bench: Bench) -> None:
    bench.model = ScriptedModel(["Ilse Marn"], labels=YES)
    events = bench.ask("Who carved the fountain?", history=pasted())
    assert answer(events).answer == "Ilse Marn" and answer(events).citations[0].quote == NEEDLES[1]
    assert "pasted before" in notices(events)
    assert all(len(one) < 4_000 for one in prompts(events))


def test_a_count_over_the_text_pasted_before_needs_no_model(bench: Bench) -> None:
    chat = "\n".join(
        f"[09:{n:02}] {who}: the sail of boat {n} is torn again" for n, who in enumerate(["Ada", "Bo", "Ada"] * 12)
    )
    done = answer(bench.ask("Who wrote the most messages?", history=pasted("How many messages did Bo write?", chat)))
    assert (done.answer, done.checked, done.calls) == ("Ada (24)", True, 0)


def test_a_question_about_something_else_is_not(bench: Bench) -> None:
    bench.model = ScriptedModel(["Paris"], labels=YES)
    events = bench.ask("What is the capital of France?", history=pasted())
    assert "pasted before" not in notices(events) and answer(events).known == "model"


def test_a_file_attached_since_then_comes_first(bench: Bench) -> None:
    bench.model = ScriptedModel(["Ilse Marn"], labels=YES)
    history = (*pasted(), PastTurn("What is in it?", "A list.", "a list", "quoted", ("f" * 32,)))
    assert "pasted before" not in notices(bench.ask("Who carved the fountain?", history=history))


def test_an_ellipsis_is_filled_in_from_the_question_and_not_from_the_text(bench: Bench) -> None:
    bench.model = ScriptedModel(["Ilse Marn"], labels=YES)
    turns = asked_before(pasted("Who carved the gate?"))
    assert [one.question for one in turns] == ["Who carved the gate?"]
    assert asked_before((PastTurn("Who carved the gate?", "Nobody.", None, "model"),))[0].question.startswith("Who")
    events = bench.ask("And the fountain?", history=pasted("Who carved the gate?"))
    assert NEEDLES[1] in prompts(events)[-1]


def test_after_a_no_the_nearest_sentences_not_read_yet_are_read_and_it_is_said(bench: Bench) -> None:
    bench.model = ScriptedModel(["nothing"], labels=NO)
    bench.gates = Gates(support=1.5)
    events = bench.ask(f"{TEXT}\n\nWhich sculptor made the spouting basin?")
    done = answer(events)
    assert done.status == "not_in_documents" and "reduced again" in done.check
    assert "sentences were read, those nearest to the question" in done.text
    read = {line for one in prompts(events) for line in one.split("\n") if line.startswith("- ")}
    assert len(read) > len({line for line in prompts(events)[0].split("\n") if line.startswith("- ")})


def test_of_a_very_long_text_the_sentences_of_its_nearest_passages_are_compared(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_meaning, "COMPARED", 20)
    monkeypatch.setattr(long_meaning, "PASSAGES", 6)
    compared: list[int] = []
    real = bench.resources

    def counted():  # type: ignore[no-untyped-def]
        made = real()
        inner = made.similar

        def similar(left: Sequence[str], right: Sequence[str]) -> list[list[float]] | None:
            compared.append(len(right))
            return inner(left, right)

        object.__setattr__(made, "similar", similar)
        return made

    monkeypatch.setattr(bench, "resources", counted)
    bench.model = ScriptedModel(["Ilse Marn"], labels=YES)
    bench.ask(f"{TEXT}\n\nWhich sculptor made the spouting basin?")
    assert compared and max(compared) <= 20


MAILS = "\n\n".join(
    f"From: {name} <x@example.org>\nDate: Tue, {n + 1} Mar 2026\nSubject: The move\n\n{text}"
    for n, (name, text) in enumerate(
        [(f"Person {chr(65 + n)}", f"The crates of row {n} were counted. Nothing was missing in row {n}.") for n in range(20)]
        + [("Ottoline Krag", "I have paid the movers. See you all on Monday.")]
        + [("Person Z", "The lift is out of order again. We took the stairs.")]
    )
)  # fmt: skip


def test_the_head_of_a_mail_stands_before_what_it_says(bench: Bench) -> None:
    bench.model = ScriptedModel(["Ottoline Krag"], labels=YES)
    events = bench.ask(f"{MAILS}\n\nWho has paid the movers?")
    shown = prompts(events)[-1]
    head = shown.index("From: Ottoline Krag")
    assert head < shown.index("I have paid the movers.") and "21 Mar 2026" in shown
    assert answer(events).answer == "Ottoline Krag"


@pytest.mark.parametrize(
    ("sentence", "said"), [("The ferry to Kalmora leaves at ten.", ""), ("It leaves at ten.", "Kalmora")]
)
def test_a_name_in_a_sentence_before_the_model_is_mentioned(bench: Bench, sentence: str, said: str) -> None:
    """The sweep can bring a sentence whose passage no search finds: it is read, not refused."""
    knowledge = bench.documents(ferries="Nothing is written here about boats.")
    run = Run("0" * 32, Ask(words="When does the ferry to Kalmora leave?"), bench.resources(), Budget(Limits(seconds=60), bench.cancel))  # fmt: skip
    evidence = Evidence("", (), (Sentence(sentence, "", "d", "t", None, 0, 9, 0.0),), 0.0)
    assert _unmentioned(run, knowledge, "When does the ferry to Kalmora leave?", evidence) == said


def test_a_model_that_hardly_tells_answers_apart_is_not_asked_again_after_its_no(bench: Bench) -> None:
    bench.model = ScriptedModel(["nothing"], labels=NO)
    bench.gates = Gates(support=-1.5)
    done = answer(bench.ask(f"{TEXT}\n\nWhich sculptor made the spouting basin?"))
    assert done.status == "not_in_documents" and "reduced again" not in done.check
