"""Need_Divide and Generate_Schedule by rules: is a question made of parts, and which.

Rule-first because decomposition by an untrained small model is doubtful (paper.md 3.2). A schedule has at most
four parts. Comparisons are read in comparing.py, descriptions of a thing by another in nesting.py.
"""

from __future__ import annotations

import re

from lottery_chat.planner.comparing import comparison_schedule
from lottery_chat.planner.nesting import nested_parts
from lottery_chat.planner.values import Part, Schedule

_QUESTION_WORD = (
    r"(?:what|who|whom|whose|when|where|which|how|why|is|are|was|were|does|do|did|can|could|will|would|has|have)"
)
_AND = re.compile(
    rf"\s*(?:,?\s+and|,?\s+und|;|,?\s+and also|,?\s+as well as)\s+(?=(?:{_QUESTION_WORD}|calculate|compute|was|wer|wann|wo|wie|welche[rs]?)\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^?]+\?+")
_SUBJECT = re.compile(
    rf"^(?i:{_QUESTION_WORD})\b.*?\b(?:of|is|was|are|were|does|did|do)\s+(?P<subject>(?:the\s+)?[A-Z][\w'.-]*(?:\s+[A-Z][\w'.-]*)*|the\s+[\w' -]+?)(?=\s+(?:\w+ed|open|close|start|end|cost|live|work|begin|have|belong|come|leave|arrive|weigh|take|die|born)\b|[?,]|$)"
)


def schedule_for(question: str) -> Schedule | None:
    """Return the schedule of a question that has parts, or None (Need_Divide is "not None")."""
    return comparison_schedule(question) or _questions(question) or _described(question)


def _described(question: str) -> Schedule | None:
    parts = nested_parts(question)
    return Schedule(parts, "last") if parts else None


def _questions(question: str) -> Schedule | None:
    sentences = [match.group(0).strip() for match in _SENTENCE.finditer(question)]
    rest = _SENTENCE.sub("", question).strip()
    if len(sentences) >= 2 and not rest and all(re.match(rf"{_QUESTION_WORD}\b", one, re.I) for one in sentences):
        pieces = sentences
    else:
        if len(sentences) > 1 or len(question) > 400 or re.search(r"[.!]\s+\S", question):
            return None
        pieces = [piece.strip(" ,;") for piece in _AND.split(question)]
        if len(pieces) < 2 or not re.match(
            rf"(?:{_QUESTION_WORD}|calculate|compute|wer|wann|wo|wie|welche[rs]?)\b", pieces[0], re.I
        ):
            return None
    if not 2 <= len(pieces) <= 4 or any(len(piece.split()) < 3 for piece in pieces):
        return None
    if any(_goes_on(piece, pieces[0]) for piece in pieces[1:]):
        return None
    whole = [piece if piece.endswith("?") else piece.rstrip(".") + "?" for piece in pieces]
    whole = [one[0].upper() + one[1:] for one in whole]
    return Schedule(tuple(_parts(whole)))


#: After its verb a question of its own has a subject: "is it open", "was Gozo", not "was also known".
_HAS_SUBJECT = re.compile(
    r"^(?:is|are|was|were|does|do|did|can|could|will|would|has|have)\s+(?:(?:the|an?|it|he|she|they|there|this|that|these|those|my|our|your|his|her"
    r"|its|their|i|you|we|any|all|both|one|every|each|some|no|#\d)\b|[A-ZÀ-Þ0-9\"“])|^(?!(?:is|are|was|were|does|do|did|can|could|will|would|has|have)\b)"
)


def _goes_on(piece: str, first: str) -> bool:
    """Whether what follows "and" only continues the clause before it ("who … and who is", "… and was known as")."""
    relative = re.match(r"(?:who|whom|whose|which|where)\b", piece, re.I) and re.search(
        r"\w\s+(?:who|whom|whose|that|which|where)\b", first, re.I
    )
    start = piece[0].lower() + piece[1:]
    return bool(relative) or not re.match(_HAS_SUBJECT, start)


def _parts(pieces: list[str]) -> list[Part]:
    """Fill pronouns of later parts with the subject of the first; "and when was he born" needs its answer."""
    subject = _SUBJECT.match(pieces[0])
    named = re.match(r"^the\s+[\w ]+?\s+of\s+(?P<subject>(?:the\s+)?[A-Z].*)$", subject["subject"]) if subject else None
    subject = named or subject
    asks_who = re.match(r"(?:who|which|what)\b", pieces[0], re.I)
    parts = [Part(pieces[0])]
    for piece in pieces[1:]:
        pronoun = re.search(r"\b(he|she|it|they|him|her|its|his|their|there)\b", piece, re.IGNORECASE)
        if pronoun is None:
            parts.append(Part(piece))
        elif pronoun.group(1).lower() in ("he", "she", "him", "her", "his") and asks_who:
            parts[0] = Part(pieces[0], brief=True)
            parts.append(
                Part(piece[: pronoun.start()] + _owned("#1", pronoun.group(1)) + piece[pronoun.end() :], needs=(0,))
            )
        elif subject:
            parts.append(
                Part(piece[: pronoun.start()] + _owned(subject["subject"], pronoun.group(1)) + piece[pronoun.end() :])
            )
        else:
            parts.append(Part(piece))
    return parts


def _owned(name: str, pronoun: str) -> str:
    return name + "'s" if pronoun.lower() in ("his", "her", "its", "their") else name
