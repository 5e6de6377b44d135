"""events.py: every event survives its JSON form, and an older or newer journal can be read."""

from __future__ import annotations

import dataclasses
import inspect
import json
from typing import Any

import pytest

from lottery_chat import events
from lottery_chat.events import (
    KINDS,
    Answered,
    Citation,
    Event,
    FoundPassage,
    LedgerLine,
    ModelCalled,
    ModelReturned,
    NodeClosed,
    NodeOpened,
    Notice,
    PassagesFound,
    PermissionAsked,
    Progress,
    PromptMessage,
    Started,
    TextDelta,
    TextReplaced,
    ToolCalled,
    ToolReturned,
    Verified,
    from_json,
    to_json,
)

NASTY = 'line\n"quoted" \\ <b>&amp;</b> \u202egnp.exe 🙂 \x00\x1b[31m \ud7ff'

EXAMPLES: tuple[Event, ...] = (
    Started("r1", "c1", NASTY, "m", "auto"),
    Progress(NASTY),
    NodeOpened("n1", None, "divide", NASTY),
    NodeOpened("n2", "n1", "retrieve", "look"),
    NodeClosed("n1", "done", NASTY, 0.25, 3, 4),
    ModelCalled("n1", "write", (PromptMessage("system", NASTY), PromptMessage("user", "x")), (LedgerLine("system", 5, "turn 1"), LedgerLine("question", 2)), 4096, 400),
    ModelReturned("n1", NASTY, "thought", 5, 6, 0.1, 0.2, "stop", -0.5),
    ModelReturned("n1", "", "", 0, 0, 0.0, 0.0, "cancelled", None),
    ToolCalled("n1", "calculator", NASTY),
    ToolReturned("n1", "calculator", NASTY, "", 0.01),
    PassagesFound("n1", NASTY, (FoundPassage("p", "d", NASTY, 3, NASTY, 0.5, 0.4, None, "", "", True), FoundPassage("q", "", "t", None, "x", 0.1, url="https://a.example", date="2026-01-02"))),
    PassagesFound("n1", "nothing", ()),
    PermissionAsked("a1", "n1", "web search", NASTY),
    Verified("n1", NASTY, True),
    TextDelta(NASTY),
    TextReplaced(NASTY),
    Notice(NASTY),
    Answered("answered", "42", NASTY, "computed", True, "two programs agree", (Citation("document", "t", 3, "", "", NASTY, "d", "p"), Citation("web", "t", None, "https://a.example", "2026-01-02", "")), "", 2, 30, 4, 1.5, "r1", "c1", "m", False, ("one", NASTY), True),
    Answered("failed", None, "", "none", False, "", reason=NASTY),
)  # fmt: skip


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: type(event).__name__)
def test_an_event_comes_back_from_json_as_it_was(event: Event) -> None:
    line = json.dumps(to_json(event), ensure_ascii=False)
    assert "\n" not in line
    assert from_json(json.loads(line)) == event


def test_every_kind_of_event_has_a_name_and_an_example() -> None:
    classes = {
        value
        for value in vars(events).values()
        if inspect.isclass(value) and issubclass(value, Event) and value is not Event
    }
    assert classes == set(KINDS.values()) == {type(event) for event in EXAMPLES}


def test_the_type_comes_first_and_says_which_event_it_is() -> None:
    for event in EXAMPLES:
        values = to_json(event)
        assert next(iter(values)) == "type"
        assert KINDS[values["type"]] is type(event)


def test_events_are_frozen_and_slotted() -> None:
    for event in EXAMPLES:
        assert not hasattr(event, "__dict__")
        first = dataclasses.fields(event)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(event, first, "changed")


def test_fields_of_a_newer_version_are_dropped_and_missing_ones_take_their_default() -> None:
    newer: dict[str, Any] = {**to_json(NodeClosed("n1", "done", "", 1.0)), "colour": "green"}
    del newer["tokens_in"]
    assert from_json(newer) == NodeClosed("n1", "done", "", 1.0)


@pytest.mark.parametrize("values", [{}, {"type": "made_up"}, {"type": ""}])
def test_an_unknown_kind_of_event_is_refused_by_name(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Unknown kind of event"):
        from_json(values)


def test_the_last_event_has_every_field_that_the_command_line_promises() -> None:
    promised = "type status answer text known checked check citations reason calls tokens_in tokens_out seconds".split()
    assert set(promised) <= set(to_json(EXAMPLES[-1]))
    cited = to_json(EXAMPLES[-2])["citations"][0]
    assert {"kind", "title", "page", "url", "date", "quote"} <= set(cited)
