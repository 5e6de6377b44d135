"""Which text of a message is searched rather than read, and what is asked of it."""

from __future__ import annotations

from lottery_chat.errors import ModelError
from lottery_chat.messages import Message
from lottery_chat.planner.by_choosing import options_in
from lottery_chat.planner.long_material import PASTED, Material, material_of
from lottery_chat.planner.long_sections import asks_of_the_whole
from lottery_chat.planner.run import Run
from lottery_chat.planner.understanding import is_explanation, split_pasted, understand
from tools.errors import ToolError


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
