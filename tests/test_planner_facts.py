"""Facts that code reads where a passage introduces its subject, comparisons of them, and the second hop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from knowledge.passage import Passage
from lottery_chat.events import ModelCalled, PassagesFound
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.comparing import comparison_schedule
from lottery_chat.planner.countries import countries
from lottery_chat.planner.facts import read_fact
from lottery_chat.planner.linking import name_alone, names_in, points_on
from lottery_chat.planner.occupations import occupation
from lottery_chat.planner.sortable import compare
from lottery_chat.planner.values import Comparison


def passage(heading: str, text: str) -> Passage:
    whole = f"## {heading}\n\n{text}"
    return Passage("a" * 32, "b" * 32, "people.md", None, (heading,), whole, 0, len(whole), 0)


IDA = passage(
    "Ida Holm", "Ida Holm (3 May 1901 in Norby – 7 June 1980, Chur) was a Swiss painter. She was married to Per Lund."
)
PER = passage(
    "Per Lund", "Per Lund (born June 5, 1899) is a Danish film director. He is the son of Ole Lund and Kari Berg."
)
SALT = passage(
    "Salt (film)",
    "Salt is a 1950 Italian drama film written and directed by Per Lund, with music by A. B. Voss. It was shot in France.",
)
NORBY = passage("Norby", "Norby is a village in Sund District, in the north of Iran. It was founded in 1712.")
ALL = [IDA, PER, SALT, NORBY]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When was Ida Holm born?", "3 May 1901"),
        ("When did Ida Holm die?", "7 June 1980"),
        ("Where was Ida Holm born?", "Norby"),
        ("What is the place of death of Ida Holm?", "Chur"),
        ("What is the nationality of Ida Holm?", "Swiss"),
        ("Who is the spouse of Ida Holm?", "Per Lund"),
        ("When is Per Lund's birthday?", "June 5, 1899"),
        ("Who is the father of Per Lund?", "Ole Lund"),
        ("Which country is Per Lund from?", "Danish"),
        ("Who is the director of film Salt?", "Per Lund"),
        ("Who is the composer of film Salt?", "A. B. Voss"),
        ("When was Salt released?", "1950"),
        ("In which country is Norby located?", "Iran"),
        ("When was Norby founded?", "1712"),
        ("What is Ida Holm's occupation?", "painter"),
        ("What was the profession of Per Lund?", "film director"),
        ("What did Ida Holm do for a living?", "painter"),
    ],
)
def test_what_an_introduction_says_of_its_subject_is_read_by_code(question: str, expected: str) -> None:
    fact = read_fact(question, ALL)
    assert fact is not None and fact.answer == expected
    assert fact.passage.text[fact.start : fact.end] == expected


@pytest.mark.parametrize(
    "question",
    [
        "When did Per Lund die?",
        "Who is the producer of film Salt?",
        "When was Ida born?",
        "Where was Ole Lund born?",
        "When was Ida Holm first exhibited?",
        "Who is the director of film Salt and Rain?",
        "What is the favourite colour of Ida Holm?",
        "When was the Norby lighthouse founded?",
    ],
)
def test_what_is_not_plainly_said_of_exactly_the_subject_is_not_read(question: str) -> None:
    assert read_fact(question, ALL) is None


@pytest.mark.parametrize(
    ("first", "second", "want", "expected"),
    [
        ("American", "born in the United States", "same", "Yes"),
        ("Danish", "Swiss", "same", "No"),
        ("3 May 1901", "1901", "same", "Yes"),
        ("painter and poet", "a poet", "same", "Yes"),
        ("3 May 1901", "June 5, 1899", "smallest", "B"),
        ("44 BC", "978", "smallest", "A"),
        ("1901", "12 km", "largest", None),
        ("", "Danish", "same", None),
    ],
)
def test_two_answers_are_compared_by_code_or_not_at_all(
    first: str, second: str, want: str, expected: str | None
) -> None:
    outcome = compare([first, second], Comparison(("A", "B"), want, ""))  # type: ignore[arg-type]
    assert (outcome.answer if outcome else None) == expected


def test_lives_are_compared_by_their_length() -> None:
    outcome = compare(["3 May 1901", "7 June 1980", "1899", "1930"], Comparison(("A", "B"), "smallest", "", each=2))
    assert outcome is not None and outcome.answer == "B"
    assert compare(["1980", "1901", "1899", "1930"], Comparison(("A", "B"), "smallest", "", each=2)) is None


def test_a_country_is_known_by_whatever_word_but_not_inside_another_name() -> None:
    assert countries("an American of Danish descent") == {"United States", "Denmark"}
    assert countries("Northern Ireland") == {"United Kingdom"} and countries("Omanite Chadwick") == frozenset()


def test_names_are_runs_of_capitals_and_what_is_quoted() -> None:
    assert names_in('Who wrote "the long tide" for Ida Holm of Norby?') == ("the long tide", "Ida Holm of Norby")
    assert (
        points_on("Who wrote the song that Ida Holm sang?")
        and not points_on("When was Ida Holm born?")
        and not points_on("In what town was Ida Holm born?")
        and not points_on("what is rain")
    )
    assert name_alone("Salt was made in the winter of 1950 by Per Lund", "Who is the director of Salt?") == "Per Lund"


# -- in the engine ---------------------------------------------------------------------------------------------

PEOPLE = "\n\n".join(one.text for one in ALL)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.knowledge = made.documents(
        **{"people.md": PEOPLE + "\n\n## Rain (film)\n\nRain is a 1960 film directed by Ida Holm."}
    )
    yield made
    made.close()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When is the director of film Salt 's birthday?", "June 5, 1899"),
        ("What nationality is Ida Holm's husband?", "Danish"),
        ("Which film has the director who was born first, Salt or Rain?", "Salt"),
        ("Are the directors of both films Salt and Rain from the same country?", "No"),
        ("Which film came out first, Rain or Salt?", "Salt"),
    ],
)
def test_a_chain_of_stated_facts_is_answered_with_every_quote_and_without_a_model(
    bench: Bench, question: str, expected: str
) -> None:
    done = answer(bench.ask(question))
    # Whose kin somebody is was read wrongly too often to carry the mark.
    assert (done.answer, done.known, done.checked, done.calls) == (expected, "quoted", "husband" not in question, 0)
    assert len(done.citations) >= 2 and all(one.quote in PEOPLE or "Rain is" in one.quote for one in done.citations)


def test_a_part_that_is_not_found_is_not_filled_into_the_next_one(bench: Bench) -> None:
    bench.model = ScriptedModel([""] * 12)
    events = bench.ask("When did the producer of film Salt die?")
    assert not any(
        "#1" in message.text for event in events if isinstance(event, ModelCalled) for message in event.prompt
    )


def test_yes_or_no_is_chosen_by_log_probability_and_not_marked_as_checked(bench: Bench) -> None:
    bench.model = ScriptedModel(["yes", "no"])
    done = answer(bench.ask("Did Per Lund direct the film Salt in the north of Iran?"))
    assert done.answer in ("Yes", "No") and (done.known, done.checked) == ("quoted", False)


def test_a_question_that_points_on_brings_the_passage_its_sentences_name(bench: Bench) -> None:
    found = [
        event
        for event in bench.ask("Which painter was married to the man who made Salt in Italy?")
        if isinstance(event, PassagesFound)
    ]
    texts = "".join(passage.text for passage in found[0].passages)
    assert "Per Lund (born" in texts and "Ida Holm (3 May" in texts


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("singer, songwriter and actor", "singer and songwriter", "singer, songwriter"),
        ("film director", "director, and painter", "film director"),
        ("painter", "film director", None),
        ("singer-songwriter", "singer, songwriter, record producer", "singer, songwriter"),
        ("vice-president", "president", None),
    ],
)
def test_what_two_have_in_common_stands_in_both_lists(first: str, second: str, expected: str | None) -> None:
    outcome = compare([first, second], Comparison(("A", "B"), "common", "occupation"))
    assert (outcome.answer if outcome else None) == expected


@pytest.mark.parametrize(
    "question",
    [
        "What occupation do Ida Holm and Per Lund share?",
        "Which profession did both Ida Holm and Per Lund have in common?",
        "What occupations do both Ida Holm and Per Lund have?",
        "What is the common occupation of Ida Holm and Per Lund?",
    ],
)
def test_what_two_people_share_is_asked_of_each(question: str) -> None:
    schedule = comparison_schedule(question)
    assert schedule is not None and schedule.compare is not None and schedule.compare.want == "common"
    assert [part.question.rstrip("?").split(" of ")[1] for part in schedule.parts] == ["Ida Holm", "Per Lund"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I forgot one and the next is due. Should I take the forgotten one?", ()),
        ("I ordered for 200 euros. Will Loomwell still check me?", ("Loomwell",)),
        ("We moved in May. Does Anna Berg know? What did she say?", ("May", "Anna Berg")),
        ("Is St. Mary older than J. R. Berg?", ("St. Mary", "J. R. Berg")),
        ("May Ida Holm ride?", ("Ida Holm",)),
    ],
)
def test_the_first_word_of_a_later_sentence_is_no_part_of_a_name(text: str, found: tuple[str, ...]) -> None:
    assert names_in(text) == found


def test_a_calling_that_is_explained_is_nobodys_occupation() -> None:
    assert occupation("A harbour pilot is a licensed navigator who guides ships.") is None
    assert occupation("Ida Holm was a Norwegian painter who taught.") is not None


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("7509", "8163 m", ("Norby", False)),
        ("7,509", "8,163 m", ("Norby", False)),
        ("8,200", "8 km", None),
        ("7509 m", "8163 m", ("Norby", True)),
        ("7509 boats", "8163 m", None),
        ("7509 kg", "8163 m", None),
    ],
)
def test_a_number_without_its_unit_is_taken_in_that_of_the_other_and_is_not_sure(
    first: str, second: str, expected: tuple[str, bool] | None
) -> None:
    found = compare([first, second], Comparison(("Holm", "Norby"), "largest", "higher"))
    assert (found and (found.answer, found.sure)) == expected
