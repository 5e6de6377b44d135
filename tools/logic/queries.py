"""What is to be decided of a message: one formula, or one for each of its options."""

from __future__ import annotations

from tools.logic.message import Message
from tools.logic.questions import Query
from tools.logic.reading import ReadPremises, read_asked, read_statement


def asked_sentences(message: Message) -> list[str]:
    """The sentences that are asked about: the options, or the question itself."""
    if message.kind == "options":
        return [option.text for option in message.options]
    return [message.asked]


def queries_of(message: Message, reading: ReadPremises) -> dict[str, Query]:
    """What is to be decided by label ("" or an option's letter). Raises Unread."""
    if message.kind == "options":
        return {option.letter: Query(read_statement(option.text, reading)) for option in message.options}
    if message.kind == "question":
        return {"": read_asked(message.asked, reading)}
    return {"": Query(read_statement(message.asked, reading))}
