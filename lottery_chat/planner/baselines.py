"""What A is measured against: one call of g_φ and nothing else, asked in four well-known ways and a fifth.

bare: the question as it is. cot: zero-shot "Let's think step by step" (Kojima et al. 2022). pal: one program, run
once, no check (PAL, paper.md 2.1). rag: the five nearest passages, then the question (plain RAG, paper.md 3.2). heart: the short answer that the
gate of adaptive retrieval asks for (closed_book.py), so that its log-probability can be measured on any set.
They are settings of `ask`, so what the lab compares differs in nothing but A.
"""

from __future__ import annotations

from lottery_chat.messages import Message
from lottery_chat.planner.by_calling import bare_calls
from lottery_chat.planner.by_program import by_program
from lottery_chat.planner.closed_book import short_answer
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.prompts import render
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution
from tools.errors import ToolError

#: Tokens kept for a baseline's reply; more than any of the planner's own steps has.
ROOM = 512
PASSAGES = 5


def baseline(run: Run, node: Node, knowledge: Knowledge | None) -> Steps[Solution]:
    """Answer in the mode's one way. A program that gives no value is a failed answer, not a second try."""
    ask = run.ask
    if ask.tools:
        return (yield from bare_calls(run, node, ask.words, ask.tools))
    if ask.mode == "pal":
        try:
            return (yield from by_program(run, node, ask.words, cross_check=False, repair=False))
        except ToolError as error:
            return Solution(text=str(error), status="failed", reason=str(error), passed=False, method="program")
    words = ask.words
    if ask.mode == "cot":
        words += "\n\nLet's think step by step."
    if ask.mode == "rag" and knowledge is not None:
        hits = knowledge.search(words, document_ids=ask.documents or None, limit=PASSAGES)
        passages = "\n\n".join(" ".join(hit.passage.text.split()) for hit in hits)
        words = render("rag", passages=passages, question=words)
    if ask.mode == "heart":
        reply = yield from short_answer(run, node, words)
    else:
        blocks = [Block("question", Message("user", words))]
        reply = yield from run.generate(node, ask.mode, blocks, room=ROOM, shown=True)
    text = reply.text.strip()
    return Solution(
        text=text, answer=None, known="model", check="one call of the model; nothing was looked up, computed or checked",
        streamed=ask.mode != "heart", method=ask.mode, passed=bool(text), status="partial" if reply.finish == "length" else "answered",
        reason="the reply was longer than the room kept for it" if reply.finish == "length" else "",
    )  # fmt: skip
