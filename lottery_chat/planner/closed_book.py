"""What the model knows without looking: what it surely knows by heart, and what it merely believes.

Adaptive retrieval (paper.md 3.2, features 35-38): popular knowledge is cheap in the parameters and long in a prompt.
The model is asked only where the documents neither clearly cover the question nor clearly do not; the answer is at
most twelve tokens, and it is believed only where the model is surer of every word than its measured threshold
(gates.py). What it merely believes is no answer: it stands below the one that the documents do not say.
"""

from __future__ import annotations

from lottery_chat.errors import ModelError
from lottery_chat.messages import Message
from lottery_chat.models.protocol import Reply
from lottery_chat.planner.budget import BudgetSpent
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.prompts import render
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution

#: Tokens of the answer; a longer one is no fact by heart.
ROOM = 12
#: Tokens of a belief that stands below what the documents do not say.
BELIEF_ROOM = 60


def by_heart(run: Run, node: Node, question: str) -> Steps[Solution | None]:
    """Return the model's short answer where it is surely known, else None."""
    least = run.gates().knows
    child = yield from run.open("model", "does the model know it by heart?", node)
    reply = yield from short_answer(run, child, question)
    answer = reply.text.strip().rstrip(".").strip()
    sure = -99.0 if reply.logprob is None or reply.finish == "length" or not answer else reply.logprob
    curve = run.gates().heart
    right = f"right with P {curve.p(sure):.2f}, " if curve is not None else ""
    shown = f"{right}log-probability a word {sure:.2f}, believed above {least:.2f}"
    yield from run.verified(child, shown, sure > least)
    yield child.closed("done" if sure > least else "skipped", f"{answer}: {shown}")
    if sure <= least:
        return None
    return Solution(
        text=f"{answer}.", answer=answer, known="model", checked=False, method="by heart",
        check="the model's own knowledge, of which it is sure; nothing was looked up",
    )  # fmt: skip


def short_answer(run: Run, node: Node, question: str) -> Steps[Reply]:
    """The model's answer in at most ROOM tokens, with its log-probability."""
    blocks = [
        Block("system", Message("system", render("closed_book_system"))),
        Block("question", Message("user", question)),
    ]
    return (yield from run.generate(node, "a short answer by heart", blocks, room=ROOM, stop=("\n",)))


def with_belief(run: Run, node: Node, question: str, solution: Solution) -> Steps[Solution]:
    """The documents do not say: that is the answer; the model's belief stands below a line as such."""
    child = yield from run.open("model", "the model's own belief", node)
    blocks = [
        Block("system", Message("system", render("chat_system"))),
        Block("question", Message("user", question)),
    ]
    try:
        reply = yield from run.generate(child, "the model's own belief", blocks, room=BELIEF_ROOM)
    except (ModelError, BudgetSpent) as error:
        yield child.closed("skipped", str(error))
        return solution
    belief = " ".join(reply.text.split())
    yield child.closed("done", belief)
    return solution.but(text=f"{solution.text}\n\n---\n\nNot from your documents, the model alone believes: {belief}")
