"""tools.logic.sentence_ends: where the sentences of a text end."""

from __future__ import annotations

import pytest

from tools.logic.sentence_ends import sentences_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Tom is taller than Jim, Jim is taller than Sue.", ["Tom is taller than Jim.", "Jim is taller than Sue."]),
        ("All cats are mammals, Tom is a cat.", ["All cats are mammals.", "Tom is a cat."]),
        ("If Tom is tall, Jim is small.", ["If Tom is tall, Jim is small."]),
        ("Anna is a cook, which is nice.", ["Anna is a cook, which is nice."]),
        ("On the shelf, Anna is left of Ben.", ["On the shelf, Anna is left of Ben."]),
    ],
)
def test_two_sentences_joined_by_a_mere_comma_are_two(text: str, parts: list[str]) -> None:
    assert sentences_of(text) == parts
