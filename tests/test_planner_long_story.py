"""long_story*.py: stories of simple facts are followed by code, and nothing is decided past a sentence that was not read."""

from __future__ import annotations

from pathlib import Path

import pytest
from planner_parts import Bench, answer

from lottery_chat.errors import ModelMissing
from lottery_chat.models.protocol import ChatModel
from lottery_chat.planner import long_story
from lottery_chat.planner.long_by_code import decided_by_code
from lottery_chat.planner.long_story import Told, tell
from lottery_chat.planner.long_story_relations import singular

HOUSE = """Greta walked into the library. She picked up the lantern. Then she hurried to the cellar.
Karl drove to the harbour. Greta handed the lantern to Karl. Karl sailed to the lighthouse."""
TOWN = """The mill is north of the bridge. The bridge is east of the church. The inn is west of the church."""
BOXES = "The barrel is bigger than the crate. The crate is larger than the urn. The urn fits inside the crate."


@pytest.mark.parametrize(
    ("story", "asked", "answer", "sure"),
    [
        (HOUSE, "Where is the lantern?", "lighthouse", True),
        (HOUSE, "Where was the lantern before the cellar?", "library", True),
        (HOUSE, "Where is Greta now?", "cellar", True),
        (HOUSE, "Is Karl in the harbour?", "no", True),
        (HOUSE, "Who has the lantern?", "Karl", True),
        (HOUSE, "Who gave the lantern to Karl?", "Greta", True),
        (HOUSE, "How many things is Karl holding?", "one", True),
        (HOUSE, "What is Greta carrying?", "nothing", True),
        (HOUSE, "Who is in the lighthouse?", "Karl", True),
        ("Ida is either in the barn or the stable. Ida is no longer in the barn.", "Is Ida in the stable?", "yes", True),
        ("Ida is either in the barn or the stable. Rolf is in the yard.", "Is Ida in the stable?", "maybe", True),
        ("Ida and Rolf entered the chapel. Afterwards they returned to the orchard.", "Where is Rolf?", "orchard", True),
        ("This evening Ida ran to the pier. Yesterday Ida ran to the market.", "Where is Ida?", "pier", True),
        ("Rolf put the coin into the jar. Ida moved to the attic.", "Where is the coin?", "jar", True),
        ("Rolf reached the tower. Rolf left the tower. Ida moved to the attic.", "Is Rolf in the tower?", "no", True),
        (TOWN, "What is north of the bridge?", "mill", True),
        (TOWN, "How do you get from the church to the mill?", "east, north", True),
        (TOWN, "Is the mill east of the inn?", "yes", True),
        (BOXES, "Is the urn bigger than the barrel?", "no", True),
        (BOXES, "Does the urn fit in the barrel?", "yes", True),
        ("Foxes chase hens. Owls hunt mice. Mira is a fox.", "What does Mira chase?", "hen", True),
        ("Mira is a newt. Odo is a newt. Odo is purple.", "What colour is Mira?", "purple", False),
    ],
)  # fmt: skip
def test_a_story_of_simple_facts_is_decided(story: str, asked: str, answer: str, sure: bool) -> None:
    told = tell(asked, story)
    assert told is not None and (told.answer, told.sure) == (answer, sure)
    assert told.sentences and all(one.text in " ".join(story.split()) for one in told.sentences)


#: The last sentence may change the answer and is not read.
UNREAD = [
    "Greta wanted to go to the attic.",
    "Greta did not stay there.",
    "If it rains, Greta goes to the attic.",
    "She almost ran to the attic.",
    "Karl carried Greta to the attic.",
    "Everyone was called to the attic at once.",
    "Nobody stayed in the cellar.",
    "Greta went to the attic because of the noise.",
]


@pytest.mark.parametrize("last", UNREAD)
def test_nothing_is_decided_past_an_unread_sentence_about_it(last: str, monkeypatch: pytest.MonkeyPatch) -> None:
    story = f"Karl drove to the harbour. Greta walked into the library. Greta hurried to the cellar. {last}"
    assert tell("Where is Greta?", story) is None
    monkeypatch.setattr(long_story, "_gap", lambda story, about: False)
    told = tell("Where is Greta?", story)
    assert told is not None and told.answer == "cellar"  # what the guard keeps from being said


def test_an_unread_sentence_about_somebody_else_changes_nothing() -> None:
    told = tell("Where is Greta?", "Greta hurried to the cellar. Karl might follow. Karl drove to the harbour.")
    assert told is not None and told.answer == "cellar"


@pytest.mark.parametrize(
    "story",
    [
        "Greta took the bus. Karl took a nap. Rolf got tired.",
        "Greta is in love. Karl is in a hurry. Rolf went to sleep.",
        "The feast is on Friday. The fair is in 1950. Ida is at odds.",
    ],
)
def test_a_turn_of_phrase_is_no_fact(story: str) -> None:
    assert tell("Where is Greta?", story) is None
    assert tell("What is Karl carrying?", story) is None
    assert tell("Where is the feast?", story) is None


def test_an_unknown_place_decides_nothing() -> None:
    story = "Greta picked up the lantern. Karl drove to the harbour. Greta dropped the lantern."
    assert tell("Where is the lantern?", story) is None
    assert tell("Where is Greta?", story) is None


def test_facts_with_and_without_a_time_of_day_have_no_known_order() -> None:
    assert tell("Where is Ida?", "Ida ran to the pier. Yesterday Ida ran to the market. Rolf is in the yard.") is None


def test_a_contradiction_is_left_open() -> None:
    assert tell("Is Ann taller than Ben?", "Ann is taller than Ben. Ben is taller than Ann.") is None


def test_another_question_is_not_read() -> None:
    assert tell("Why is the sea salty?", HOUSE) is None
    assert tell("Where is the lantern?", "The lantern shone. It was cold.") is None


def test_plurals_become_one_of_them() -> None:
    assert [singular(one) for one in ("wolves", "flies", "foxes", "hens", "sheep")] == ["wolf", "fly", "fox", "hen", "sheep"]  # fmt: skip


def test_several_questions_about_a_story_are_decided_together_or_not_at_all() -> None:
    decided = decided_by_code(f"{HOUSE}\n\nWhere is Greta and where is Karl?")
    assert decided is not None and isinstance(decided.found, Told) and decided.found.answer == "cellar; lighthouse"
    assert decided_by_code(f"{HOUSE}\n\nWhere is Greta and where is Zeno?") is None


def test_a_decided_story_is_answered_without_a_model(tmp_path: Path) -> None:
    bench = Bench(tmp_path, missing)
    done = answer(bench.ask(f"{HOUSE}\n\nWhere is the lantern?"))
    bench.close()
    assert (done.answer, done.known, done.checked, done.calls) == ("lighthouse", "proved", True, 0)
    assert "**lighthouse**" in done.text and "Karl sailed to the lighthouse" in done.text


def missing() -> ChatModel:
    raise ModelMissing("The model is still downloading (40 %).")


def test_a_place_ruled_out_before_one_of_two_is_left_to_logic() -> None:
    story = "The key is not in the coat. The key is either in the box or in the coat."
    assert tell("Is the key in the box?", story) is None
    assert (
        tell("Is the key in the box?", "The key is either in the box or in the coat. Rolf is in the yard.") is not None
    )
