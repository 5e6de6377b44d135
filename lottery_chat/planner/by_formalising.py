"""The sentences of a logic text that the grammar left unread, written as formulas by g_φ, one at a time (paper.md 2.3).

Predicates are declared first, by what was read; each formula is checked against them by code, and the message goes
back for repair. What comes out is a reading by the model: whatever is proved with it is not checked.
"""

from __future__ import annotations

import re
from typing import Any

from lottery_chat.events import Progress
from lottery_chat.messages import Message
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.prompts import render
from lottery_chat.planner.run import Node, Run, Steps
from tools.errors import ToolError

#: Unread sentences a text may have; with more of them most of the text would be the model's.
MOST = 4
#: Rounds of repair of one formula.
ROUNDS = 3
#: Calls of g_φ for one text.
CALLS = 7
#: Tokens one formula may take.
ROOM = 60
_NONE = re.compile(r"\W*none\b", re.IGNORECASE)


def formalised(run: Run, node: Node, text: str) -> Steps[dict[str, str]]:
    """Formulas, in the solver's text form, for the unread sentences g_φ could write; none where the part is off."""
    if run.ask.mode != "deliberate" or "formalise" in run.ask.without:
        return {}  # off by default: on 14 folio texts the 1.5B decided one, wrongly, in 277 s (lab/LOG.md)
    gaps = run.resources.prove.gaps(text)
    if gaps is None or len(gaps.unread) > MOST:
        return {}
    sentences = [sentence for sentence in gaps.unread if gaps.offered(sentence)]
    if not sentences:
        return {}
    child = yield from run.open("model", "Translator: the sentences the grammar could not read", node)
    found: dict[str, str] = {}
    before = run.budget.spent.calls
    for sentence in sentences:
        left = CALLS - (run.budget.spent.calls - before)
        if left > 0 and (formula := (yield from _written(run, child, gaps, sentence, min(left, 1 + ROUNDS)))):
            found[sentence] = formula
    yield child.closed("done" if found else "failed", f"{len(found)} of {len(sentences)} sentences written as formulas")
    return found


def _written(run: Run, node: Node, gaps: Any, sentence: str, calls: int) -> Steps[str]:
    """The formula of one sentence; "" where g_φ finds none that fits."""
    yield Progress("Writing a sentence as a formula")
    predicates = "\n".join(f"{one.example} ::: {one.formula}" for one in gaps.offered(sentence))
    names = ", ".join(gaps.names[:12]) or "none"
    prompt = render("formalise", predicates=predicates, names=names, sentence=sentence)
    blocks = [
        Block("system", Message("system", render("formalise_system"))),
        Block("question", Message("user", prompt)),
    ]
    tried: set[str] = set()
    for _ in range(calls):
        reply = yield from run.generate(node, "write a sentence as a formula", blocks, room=ROOM, stop=("\n",))
        line = _formula(reply.text)
        if _NONE.match(line) or line in tried:  # what is said again will not be said better
            return ""
        tried.add(line)
        try:
            formula = run.resources.prove.formula(gaps, sentence, line)
        except ToolError as error:
            yield from run.verified(node, f"{line[:120]!r}: {error}", False)
            blocks.append(Block("question", Message("assistant", line)))
            blocks.append(Block("question", Message("user", render("formalise_repair", error=str(error)))))
            continue
        yield from run.verified(node, f"{formula} ::: {sentence}", True)
        run.store_request(node, "formula", sentence, formula)
        return str(formula)
    return ""


def _formula(reply: str) -> str:
    """The formula of a reply, which may repeat the sentence in front of it."""
    line = reply.strip().strip("`").strip()
    return line.rsplit(":::", 1)[-1].strip()
