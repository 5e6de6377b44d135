"""Solve a question with lettered options that no tool could decide: reason free, then one letter.

Source: paper.md 3 (reason free, constrain late). The reasoning is shown; the letter is the one it states, read by
code. Only a reasoning that states none is asked for one, by probability: small models take the first letter then,
whatever they said before (panel of 2026-11-23: A six times of six). Nothing is marked as checked.
"""

from __future__ import annotations

import re

from lottery_chat.events import Progress, TextDelta
from lottery_chat.messages import Message
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.prompts import render
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution

#: Tokens kept for the reasoning.
ROOM = 360
_OPTION = re.compile(r"^[ \t]*\(?([A-H])[).:][ \t]+(\S.*)$", re.MULTILINE)


def options_in(question: str) -> dict[str, str]:
    """The lettered options at the end of a question, text by letter; empty unless there are at least two, from A on."""
    found = _OPTION.findall(question)
    letters = [letter for letter, _ in found]
    if len(found) < 2 or letters != [chr(ord("A") + place) for place in range(len(found))]:
        return {}
    return {letter: text.strip() for letter, text in found}


_STATED = re.compile(
    r"\\boxed\{\s*(?:\\text\{)?\(?(?P<boxed>[A-H])\)?[\s}.]|\b(?:answer|option|choice)\b(?:\s+(?:is|would be|must be))?[\s:*_(\"“]*(?P<letter>A(?!\s+[a-z])|[A-H](?<!A))(?![\w’'])"
)


def stated_letter(reasons: str, options: dict[str, str]) -> str | None:
    """The letter that a reasoning ends with, or the option whose words alone stand in its last sentence."""
    found = [match["boxed"] or match["letter"] for match in _STATED.finditer(reasons + " ")]
    said = [letter for letter in found if letter in options]
    if said:
        return said[-1]
    sentences = [one for one in re.split(r"(?<=[.!?])\s+|\n", reasons.strip()) if one.strip()]
    last = f" {' '.join(re.findall(r'[a-z0-9]+', sentences[-1].lower()))} " if sentences else ""
    words = {letter: " ".join(re.findall(r"[a-z0-9]+", text.lower())) for letter, text in options.items()}
    there = [letter for letter, text in words.items() if text and f" {text} " in last]
    return there[0] if len(there) == 1 else None


def by_choosing(
    run: Run, node: Node, question: str, options: dict[str, str], *, asked: Block | None = None
) -> Steps[Solution]:
    """Choose one of the options; the answer is its letter. `asked` is the question with its evidence, if there is any."""
    yield Progress("Thinking")
    asked = asked or Block("question", Message("user", question))
    reply = yield from run.generate(node, "think about the options", [asked], room=ROOM, shown=True)
    reasons = reply.text.strip()
    letter = stated_letter(reasons, options)
    if letter is None:
        blocks = [
            asked,
            Block("conversation", Message("assistant", reasons)),
            Block("question", Message("user", render("choose", letters=", ".join(options)))),
        ]
        scores = yield from run.labels(node, "which letter", blocks, tuple(options))
        letter = max(scores, key=lambda one: scores[one])
    said = f"\n\n**{letter}) {options[letter]}**"
    if not run.quiet:
        yield TextDelta(said)
    return Solution(
        text=reasons + said, answer=letter, known="model", check="the model alone; nothing was looked up or computed",
        streamed=True, method="choice", passed=True,
    )  # fmt: skip
