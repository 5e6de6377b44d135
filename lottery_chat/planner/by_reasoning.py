"""A third method for a word problem: free reasoning in which code does the sums (reason free, constrain late).

Two programs that disagree share one way of going wrong, the modelling in names; prose goes wrong elsewhere, and a
vote across methods is worth more than one across samples (paper.md 3.3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lottery_chat.events import Progress
from lottery_chat.messages import Message
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.reckoning import open_sum, stated_number
from lottery_chat.planner.run import Node, Run, Steps

#: Tokens kept for reasoning; the median of these models is 280.
ROOM = 480
_CONFIRMS = re.compile(r"\b(?:confirm|verify|double[- ]check|check) (?:this|it|the|our|that)\b", re.I)
#: Sums in one reasoning at most; more is a model that runs in circles.
SUMS = 24


@dataclass(frozen=True, slots=True)
class Reasoned:
    """Reasoning with the number it ends on (None: none), how many of its sums code did, and its mean log-probability."""

    text: str
    number: str | None
    sums: int


def reasoned(run: Run, node: Node, question: str) -> Steps[Reasoned]:
    """Reason about a word problem; the value of each sum is written by code as it is met.

    The form is left to the model, nothing but the question is asked (paper.md 3.2, reason free): in short numbered
    steps the 1.5B has 18 of 40 gsm8k items right, in its own way 23, for four times the tokens (0.5B, where its
    programs disagree: 2 and 9 of 32).
    """
    child = yield from run.open("model", "reason in steps, with a calculator", node)
    yield Progress("Checking by reasoning in steps")
    done = 0

    def complete(text: str) -> str:
        nonlocal done
        expression = open_sum(text) if done < SUMS else None
        value = run.resources.compute.value_of(expression) if expression else None
        done += value is not None
        return f" {value}" if value is not None else ""

    def watch(text: str) -> bool:
        # A program in the middle of reasoning is for the other methods; a sum is for code.
        return "```" in text or (
            done < SUMS
            and (expression := open_sum(text)) is not None
            and run.resources.compute.value_of(expression) is not None
        )

    blocks = [Block("question", Message("user", question.strip()))]
    reply = yield from run.generate(child, "reason in steps", blocks, room=ROOM, watch=watch, complete=complete)
    said, fence, _ = reply.text.partition("```")
    # What a program is only to confirm has been found already.
    cut = reply.finish == "length" or bool(fence) and not _CONFIRMS.search(said[-120:])
    number = None if cut and "boxed" not in said else stated_number(said)
    yield child.closed("done" if number else "failed", f"value {number}, {done} sums by code" if number else "no value")
    return Reasoned(reply.text.strip(), number, done)
