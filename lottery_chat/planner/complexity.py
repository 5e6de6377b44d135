"""How complex a question is: nothing to look up, one place, or several (Adaptive-RAG's three arms), and why.

Source: Jeong et al., "Adaptive-RAG" (2024), paper.md 3.2; there a small trained classifier, here rules or a logistic
over features that code reads off the words (`lottery-chat lab complexity` fits and compares them on the lab's own
questions). It decides whether one passage may lead to another and how many sentences are read (gathering.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from lottery_chat.planner.calibration import sigmoid
from lottery_chat.planner.clauses import PEOPLE
from lottery_chat.planner.linking import clause_in, names_in
from lottery_chat.planner.nesting import ROLE
from lottery_chat.planner.splitting import schedule_for
from lottery_chat.planner.understanding import Kind, is_problem

Steps = Literal["none", "single", "multi"]
#: In the words of the trace.
SAID: dict[Steps, str] = {"none": "nothing to look up", "single": "one place", "multi": "several places"}
#: Kinds of message that bring all they need.
_BRINGS_ALL: frozenset[Kind] = frozenset({"writing", "talk", "transform", "problem"})
_COMPARES = re.compile(
    r"\b(?:same|both|in common|(?:than|between|which of|either)\b.*\b(?:or|and)|(?:which|who|what)\b.*\b\w+(?:er|est|more|less|first|last|earlier|later)\b.*\bor)\b"
    r"|\b(?:is|are|was|were|does|do|did)\b.*\b(?:more|fewer|less|[a-z]{2,}er|before|after|older|younger)\b.* than\b",
    re.IGNORECASE,
)
#: Somebody or something that is described by another instead of named ("the editor of …", "the town where …").
_DESCRIBED = re.compile(
    rf"(?:\b(?:the|a|an|that)|['’]s) (?:[a-z-]+ )?(?:{ROLE}|{PEOPLE}|judge|engineer|organist|inventor|successor|city|town|village|country|county|state|region"
    r"|island|river|port|street|company|firm|bank|shop|school|university|hospital|church|museum|newspaper|magazine|club|party|band|team|side|film|book|novel|play"
    r"|song|ship|airline|army|war|battle|festival)"
    r"(?: [a-z]+ed)?,? (?:of|who|whose|whom|that|which|where|in|on|at|from|to|for|behind|responsible|with|by|whose)\b",
    re.IGNORECASE,
)
#: What asks for the described one itself, of whom then nothing more is asked.
_ITSELF = re.compile(r"^(?:who|what|which [a-z]+)(?:['’]s| (?:is|was|are|were)) $", re.IGNORECASE)
_OF = re.compile(r"\b(?:of|in|on|at|for|by|from|with|to)\b|['’]s\b", re.IGNORECASE)
_RELATIVE = re.compile(r"(?<=\w )(?:who|whose|whom|which|that|where|when)\b", re.IGNORECASE)
#: What the features are, in the order of the weights.
FEATURES = (
    "two names or more", "a describing clause", "compares", "describes one by another", "a relative word", "prepositions / 2",
    "words / 10", "quotes",
)  # fmt: skip
#: Fitted by `lottery-chat lab complexity` on the lab's own questions that have no parts.
WEIGHTS: tuple[float, ...] = (0.93, 0.63, 0.91, 1.33, 0.76, 0.09, 1.25, 0.47)
INTERCEPT = -2.29


@dataclass(frozen=True, slots=True)
class Complexity:
    """How many places a question needs, and the reason in a few words."""

    steps: Steps
    why: str


def complexity(question: str, kind: Kind = "question") -> Complexity:
    """Classify a question: what brings all it needs and what has parts by rules, the rest by the fitted weights.

    Args:
        kind: what help the message asks for (understanding.py).
    """
    if (plain := _plainly(question, kind)) is not None:
        return plain
    values = features(question)
    p = sigmoid(sum(w * x for w, x in zip(WEIGHTS, values)) + INTERCEPT)
    speaks = [name for name, weight, x in zip(FEATURES, WEIGHTS, values) if x and weight > 0]
    said = f"P(several) {p:.2f}"
    return Complexity("multi", f"{said}: {', '.join(speaks)}") if p > 0.5 else Complexity("single", said)


def by_rules(question: str, kind: Kind = "question") -> Complexity:
    """The same by rules alone, as it was before there were weights: what the lab compares with."""
    if (plain := _plainly(question, kind)) is not None:
        return plain
    names = names_in(question)
    if len(names) > 1:
        return Complexity("multi", f"{len(names)} names")
    if names and (clause := clause_in(question)):
        return Complexity("multi", f"a description: “{clause}”")
    return Complexity("single", "one thing is named" if names else "nothing is named")


def _plainly(question: str, kind: Kind) -> Complexity | None:
    """What no weighing is needed for: the message brings all it takes, or Generate_Schedule finds parts."""
    if kind in _BRINGS_ALL or is_problem(question):
        return Complexity("none", f"the message brings what it takes ({kind if kind in _BRINGS_ALL else 'a problem'})")
    schedule = schedule_for(question)
    return None if schedule is None else Complexity("multi", f"{len(schedule.parts)} parts")


def features(question: str) -> tuple[float, ...]:
    """FEATURES of a question, each 0 to 4."""
    return (
        float(len(names_in(question)) > 1),
        float(bool(clause_in(question))),
        float(bool(_COMPARES.search(question))),
        float(any(not _ITSELF.match(question[: one.start()]) for one in _DESCRIBED.finditer(question))),
        float(bool(_RELATIVE.search(question))),
        min(5, len(_OF.findall(question))) / 2,
        min(40, len(question.split())) / 10,
        float(bool(re.search(r"[\"“”]", question))),
    )
