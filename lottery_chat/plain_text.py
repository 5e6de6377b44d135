"""Text of models, documents and the web without the control characters that would steer a terminal."""

from __future__ import annotations


def plain(text: str) -> str:
    """The text without control characters (escape sequences of terminals among them); tabs and newlines stay."""
    return "".join(letter for letter in text if letter in "\n\t" or (letter >= " " and not "\x7f" <= letter <= "\x9f"))
