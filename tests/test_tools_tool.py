from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pytest

from tools.calculator import calculate
from tools.tool import card_of


def find(
    words: Sequence[str], order: Literal["old", "new"] = "new", limit: int | None = None, *, secret: bytes = b""
) -> str:
    """Find things.

    More that is not shown.

    Use when: things are lost.
    Not for: people.

    Args:
        words: what to look for,
            each a word.
        order: which first.
        limit: how many at most.

    Examples:
        - Where are my keys?
    """
    return ""


def test_a_card_is_derived_from_signature_and_docstring() -> None:
    card = card_of(find)
    assert (card.name, card.purpose) == ("find", "Find things.")
    assert (card.use_when, card.not_for) == ("things are lost.", "people.")
    assert card.examples == ("Where are my keys?",)
    assert card.json_schema() == {
        "type": "object",
        "properties": {
            "words": {"type": "array", "items": {"type": "string"}, "description": "what to look for, each a word."},
            "order": {"type": "string", "enum": ["old", "new"], "description": "which first."},
            "limit": {"type": "integer", "description": "how many at most."},
        },
        "required": ["words"],
        "additionalProperties": False,
    }


def test_keyword_only_parameters_belong_to_the_wiring_and_are_not_shown() -> None:
    assert "secret" not in card_of(find).text()


def test_the_calculator_has_a_whole_card() -> None:
    card = card_of(calculate, "calculator")
    assert card.text().startswith("calculator: Calculate an expression exactly")
    assert "word problems" in card.not_for and len(card.examples) == 3


def test_an_argument_without_a_description_or_a_json_type_is_an_error() -> None:
    def bare(x: int) -> int:
        """Do it."""
        return x

    def odd(x: bytes) -> None:
        """Do it.

        Args:
            x: some bytes.
        """

    with pytest.raises(TypeError, match="'x'"):
        card_of(bare)
    with pytest.raises(TypeError, match="cannot be written as JSON"):
        card_of(odd)
