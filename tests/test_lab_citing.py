"""Citation precision: whether the quotes of an answer hold it, and hold what is accepted."""

from __future__ import annotations

import dataclasses

import pytest

from lottery_chat.events import Answered, Citation
from lottery_chat.lab.citing import citation_measures, kept_measures


def _answered(answer: str | None, *quotes: str, known: str = "quoted") -> Answered:
    cited = tuple(Citation("document", "depot.md", 1, "", "", quote) for quote in quotes)
    fields = {one.name: None for one in dataclasses.fields(Answered)}
    return Answered(**fields | {"answer": answer, "known": known, "citations": cited, "status": "answered", "text": ""})


@pytest.mark.parametrize(
    ("answered", "gold", "measures"),
    [
        (_answered("06:40", "It opens at 06:40."), ["06:40"], {"quote_right": 1.0, "quote_holds": 1.0}),
        (_answered("07:15", "It opens at 06:40."), ["06:40"], {"quote_right": 1.0, "quote_holds": 0.0}),
        (_answered("07:15", "It closes at 07:15."), ["06:40"], {"quote_right": 0.0, "quote_holds": 1.0}),
        (_answered("Ida", "Ida was born in 1950.", "Per in 1961."), ["Ida Holm", "Ida"], {"quote_right": 1.0}),
        (_answered("Yes", "It opens at 06:40."), ["yes"], {}),
        (_answered("06:40", "It opens at 06:40.", known="computed"), ["06:40"], {}),
        (_answered("06:40"), ["06:40"], {}),
        (_answered("06:40", "It opens at 06:40."), [], {}),
        (_answered("06:40", "It opens at 06:40."), "06:40", {}),
    ],
)
def test_what_the_quotes_hold(answered: Answered, gold: object, measures: dict[str, float]) -> None:
    assert citation_measures(answered, gold) == measures


def test_what_was_measured_of_quotes_stays_when_a_reply_is_judged_again() -> None:
    assert kept_measures({"em": 1.0, "quote_right": 0.0, "quote_holds": 1.0}) == {
        "quote_right": 0.0,
        "quote_holds": 1.0,
    }
