"""Arrangement puzzles in English: read whole by code, solved exactly; one sentence unread and nothing is decided.

Orders, schedules, groups and seats, in a row or a circle. The formulas a text was read as are shown beside its
sentences. What this does not do: two kinds of slots at once, things that go to several slots, attributes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.errors import ToolError
from tools.limited import RunLimited
from tools.logic.arrangements import Check, Found, examine
from tools.logic.constraints import Clause, Constraint, Every, Frame, Opposite, Problem
from tools.logic.constraints_reading import read_clause
from tools.logic.deciding import Limits, Verdict
from tools.logic.message import Message
from tools.logic.puzzle_clauses import Clauses
from tools.logic.puzzle_marks import marker, named
from tools.logic.puzzle_questions import Asked, read_question
from tools.logic.puzzle_relations import Unclear
from tools.logic.puzzle_setting import Setting
from tools.logic.puzzle_setup import dashes, read_setting

MAX_SENTENCES = 40
MAX_SENTENCE = 1_000
MAX_COUNTED = 2_000  # arrangements that are counted one by one


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A puzzle that was read whole: its problem, what is asked (names put back), every sentence with its formula."""

    problem: Problem
    asked: Asked
    sentences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Solved:
    """answer: a letter, names, slots, a number, True or False; "" where there is none. used: sentences it rests on."""

    verdict: Verdict
    answer: str
    statement: str
    used: tuple[str, ...] = ()
    note: str = ""


def read_puzzle(message: Message) -> Puzzle | None:
    """The puzzle of a message; None where a part of it is not understood."""
    premises = [dashes(sentence) for sentence in message.premises]
    if not 1 <= len(premises) <= MAX_SENTENCES or any(len(one) > MAX_SENTENCE for one in (*premises, message.asked)):
        return None
    if len(message.options) > 10 or any(len(option.text) > 300 for option in message.options):
        return None
    setting_read = read_setting(premises)
    if setting_read is None:
        return None
    setting, conditions = setting_read
    conditions = [part for one in conditions for part in _at_initials(one, setting.frame)]
    if _may_be_left_out(setting, conditions, message):
        return None
    mark = marker(setting)
    clauses = Clauses(setting)
    marked = [mark(sentence) for sentence in conditions]
    try:
        formulas = [(clauses.read(text), sentence) for text, sentence in zip(marked, conditions) if not _idle(text)]
        asked = read_question(dashes(message.asked), message.options, clauses, mark, marked)
        lines = [*setting.lines, *((named(formula, setting.frame), sentence) for formula, sentence in formulas)]
        constraints = tuple(Constraint(read_clause(formula, setting.frame), formula, said) for formula, said in lines)
        for formula in (asked.given, *(goal for _, goal in asked.goals)):
            if formula:
                read_clause(named(formula, setting.frame), setting.frame)
    except (Unclear, ToolError):
        return None
    if asked.replaced:
        asked = Asked(asked.kind, asked.mode, asked.goals, asked.given, conditions[marked.index(asked.replaced)])
    head = f"entities: {', '.join(setting.frame.entities)}; slots: {', '.join(setting.frame.slots)}"
    shown = [(premises[0], head), *((sentence, formula) for formula, sentence in lines)]
    return Puzzle(Problem(setting.frame, constraints), asked, tuple(shown))


def _at_initials(sentence: str, frame: Frame) -> list[str]:
    """A sentence cut after a thing that is one capital letter ("… later than F. P was …")."""
    parts = [""]
    for piece in re.split(r"(?<=\s[A-Z])(\. )(?=[A-Z])", sentence):
        if piece == ". " and parts[-1][-1:] in frame.entities:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _idle(marked: str) -> bool:
    """A sentence that only announces the conditions."""
    return bool(
        re.fullmatch(
            r"(?:the )?(?:following )?(?:\w+ )?(?:conditions?|constraints?|rules?|clues?) (?:must )?(?:apply|hold|are known)?[: ]*",
            marked,
        )
    )


def _may_be_left_out(setting: Setting, conditions: Sequence[str], message: Message) -> bool:
    """Fewer slots than things that need one each: somebody is left out, and the text did not say how many."""
    frame = setting.frame
    return setting.distinct and not frame.optional and len(frame.entities) > len(frame.slots)


# The answer --------------------------------------------------------------------------------------------------------


def solve_puzzle(puzzle: Puzzle, *, run_limited: RunLimited, limits: Limits) -> Solved:
    """Decide what is asked; nothing is answered that time did not allow to decide."""
    frame, asked = puzzle.problem.frame, puzzle.asked

    def clause(formula: str) -> Clause:
        return read_clause(named(formula, frame), frame)

    given: tuple[Clause, ...] = (clause(asked.given),) if asked.given else ()
    goals = [(named(label, frame), clause(goal)) for label, goal in asked.goals]
    checks = [Check(given)]
    if asked.kind == "same-effect":
        checks += _same_effect(puzzle, [goal for _, goal in goals])
    elif asked.kind in ("order", "how-many", "determined"):
        most = MAX_COUNTED + 1 if asked.kind == "how-many" and not goals else 2
        if asked.kind == "determined":
            checks += [Check((*given, goal), solutions=2) for _, goal in goals]
        elif not goals:
            checks.append(Check(given, solutions=most))
    if goals and asked.kind not in ("same-effect", "determined"):
        denied = asked.mode in ("must", "not-must")
        checks += [Check((*given, Opposite(goal) if denied else goal)) for _, goal in goals]
        if asked.kind == "yes-no":
            checks.append(Check((*given, goals[0][1])))
    found = examine(puzzle.problem, checks, run_limited=run_limited, limits=limits)
    first = found[0]
    if first.state == "impossible":
        used = tuple(dict.fromkeys(one.shown for one in first.clash))
        note = (
            "The conditions contradict each other."
            if not given
            else "What the question supposes is excluded by the conditions."
        )
        return Solved("contradiction", "", "", used, note)
    late = next((one for one in found if one.state == "undecided"), None)
    if late is not None:
        return Solved("undecided-in-time", "", "", note=late.note)
    return _answered(puzzle, goals, found[1:])


def _same_effect(puzzle: Puzzle, goals: Sequence[Clause]) -> list[Check]:
    """Two checks a goal: with it the old condition must follow, and with the old condition it must follow."""
    at = [i for i, one in enumerate(puzzle.problem.constraints) if one.sentence == puzzle.asked.replaced]
    old = Every(tuple(puzzle.problem.constraints[i].clause for i in at))
    pairs = ([Check((goal, Opposite(old)), without=tuple(at)), Check((Opposite(goal),))] for goal in goals)
    return [check for pair in pairs for check in pair]


def _answered(puzzle: Puzzle, goals: Sequence[tuple[str, Clause]], found: Sequence[Found]) -> Solved:
    asked, frame = puzzle.asked, puzzle.problem.frame
    if asked.kind == "order":
        if not found[0].whole or len(found[0].arrangements) != 1:
            return Solved("unknown", "Unknown", "", note="More than one arrangement fits.")
        return Solved("proved", shown_arrangement(frame, found[0].arrangements[0]), "", _all(puzzle))
    if asked.kind == "how-many" and not goals:
        number = len(found[0].arrangements)
        if not found[0].whole:
            return Solved("undecided-in-time", "", "", note=f"There are more than {MAX_COUNTED}.")
        return Solved("proved", str(number), f"{number} arrangements fit.", _all(puzzle))
    if asked.kind == "determined":
        fitting = [i for i, one in enumerate(found) if one.whole and len(one.arrangements) == 1]
    elif asked.kind == "same-effect":
        fitting = [i for i in range(len(goals)) if found[2 * i].state == found[2 * i + 1].state == "impossible"]
    else:
        wanted = "impossible" if asked.mode in ("must", "cannot") else "possible"
        fitting = [i for i in range(len(goals)) if found[i].state == wanted]
    used = tuple(dict.fromkeys(c.shown for i in fitting if i < len(found) for c in found[i].clash))
    return _named_answer(asked, goals, fitting, used, found)


def _named_answer(
    asked: Asked, goals: Sequence[tuple[str, Clause]], fitting: list[int], used: tuple[str, ...], found: Sequence[Found]
) -> Solved:
    labels = [goals[i][0] for i in fitting]
    if asked.kind == "how-many":
        return Solved("proved", str(len(labels)), ", ".join(labels), used)
    if asked.kind == "yes-no":
        return _yes_no(asked, found)
    if asked.kind in ("least", "most"):
        if not labels:
            return Solved("unread", "", "", note="None of the numbers fits.")
        return Solved("proved", labels[0 if asked.kind == "least" else -1], "", used)
    if asked.kind == "several":
        if not labels:
            return Solved("unknown", "Unknown", "", note="Nothing is certain about that.")
        return Solved("proved", ", ".join(labels), "", used)
    if len(labels) != 1:
        note = f"Options {', '.join(labels)} all fit." if labels else "None of the options fits."
        return Solved("unread", "", "", note=note)
    return Solved("disproved" if asked.mode == "cannot" else "proved", labels[0], "", used)


def _yes_no(asked: Asked, found: Sequence[Found]) -> Solved:
    """Whether it can be; or whether it is, is not, or is left open."""
    opposite, itself = found[0], found[1]
    if asked.mode == "could":
        answer = "True" if itself.state == "possible" else "False"
        return Solved("proved" if answer == "True" else "disproved", answer, "", _sources(itself))
    if opposite.state == "impossible":
        return Solved("proved", "True", "", _sources(opposite))
    if itself.state == "impossible":
        return Solved("disproved", "False", "", _sources(itself))
    return Solved("unknown", "Unknown", "", note="It and its opposite are both possible.")


def _sources(found: Found) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.shown for one in found.clash))


def _all(puzzle: Puzzle) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.shown for one in puzzle.problem.constraints))


def shown_arrangement(frame: Frame, places: Sequence[int | None]) -> str:
    """ "Mon: Ann, Ben; Tue: Cleo", with those left out at the end."""
    parts = []
    for slot, name in enumerate(frame.slots):
        here = [frame.entities[e] for e, place in enumerate(places) if place == slot]
        parts.append(f"{name}: {', '.join(here) or '-'}")
    left = [frame.entities[e] for e, place in enumerate(places) if place is None]
    return "; ".join(parts) + (f"; left out: {', '.join(left)}" if left else "")
