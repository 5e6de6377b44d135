"""Which text of a message is searched rather than read, and what is asked of it; of an earlier message, too.

A text that was pasted stays the conversation's: "and who wrote the letter?" is asked of the text of the turn before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lottery_chat.errors import ModelError
from lottery_chat.messages import Message
from lottery_chat.planner.by_choosing import options_in
from lottery_chat.planner.follow_ups import points_back
from lottery_chat.planner.gathering import best_cosine
from lottery_chat.planner.long_keywords import SentenceIndex, terms_of
from lottery_chat.planner.long_material import PASTED, Material, material_of, sentences_of
from lottery_chat.planner.long_sections import asks_of_the_whole
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.run import Run
from lottery_chat.planner.understanding import is_explanation, split_pasted, understand
from lottery_chat.planner.values import PastTurn
from tools.errors import ToolError

#: Turns after which a pasted text is asked about no more unless it is pasted again.
_TURNS = 6
#: A question that points back ("it", "they") is about the text where its best passage is at least this near; one that
#: stands alone where the text covers it (_COVERS, a cosine), or one of its sentences holds this share of what it names.
_NEAR, _COVERS, _HELD = 0.25, 0.40, 0.66


def long_text(run: Run, question: str) -> Material | None:
    """The text of a message that is searched rather than read: too long, or long with a plain question about it."""
    if len(question) < PASTED or "preprocess" in run.ask.without or run.ask.tools:
        return None
    material = material_of(question)
    if _too_long(run, question):
        return material or Material(*split_pasted(question))
    if material is None or len(material.text) < PASTED or run.resources.prove.looks_like_logic(question):
        return None
    kind = understand(material.asked, history=(), documents=True, attached=True).kind
    plain = kind == "question" and not is_explanation(material.asked) and not asks_of_the_whole(material.asked)
    return material if plain and not options_in(material.asked) else None


def _too_long(run: Run, question: str) -> bool:
    if len(question) < 1_500 or "preprocess" in run.ask.without:
        return False
    try:
        model = run.model()
        return model.count([Message("user", question)]) > model.card.window / 2
    except (ModelError, ToolError):
        return len(question) > 6_000


def writes(asked: str) -> bool:
    """Whether a request wants a text changed or written."""
    return understand(asked, history=(), documents=True, attached=True).kind == "writing"


def asked_before(history: Sequence[PastTurn]) -> tuple[PastTurn, ...]:
    """The turns with what was asked in each, without the long text that came with it."""
    found = ((turn, _material(turn)) for turn in history)
    return tuple(replace(turn, question=one.asked) if one is not None else turn for turn, one in found)


def text_before(run: Run, question: str) -> Material | None:
    """The last long text of the conversation, which a question without one may be about; None where files came since."""
    ask = run.ask
    if "preprocess" in ask.without or ask.tools or ask.documents or ask.retrieval == "closed-book":
        return None
    if len(question) >= PASTED or understand(question, history=(), documents=True, attached=True).kind != "question":
        return None
    for turn in reversed(ask.history[-_TURNS:]):
        if turn.documents:
            return None
        if (material := _material(turn)) is not None:
            return Material(question, material.text)
    return None


def is_about(question: str, knowledge: Knowledge) -> bool:
    """Whether a question may be answered by that text: near to a passage of it, or its names stand there."""
    best = best_cosine(knowledge.search(question, document_ids=None, limit=3))
    if best >= _COVERS or (best >= _NEAR and points_back(question)):
        return True
    return SentenceIndex(sentences_of(knowledge, ())).coverage(terms_of(question)) >= _HELD


def _material(turn: PastTurn) -> Material | None:
    if len(turn.question) < PASTED:
        return None
    material = material_of(turn.question)
    return material if material is not None and len(material.text) >= PASTED else None
