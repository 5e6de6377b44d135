"""The logic tool: an English text in, a verdict with its proof out; no model takes part.

Sentences the grammar cannot read are listed; a proof from the others still stands (open-world logic is monotone), but
then nothing is called unknown. `recognising.py` tells beforehand whether a text is worth asking about.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from threading import Event

from tools.errors import ToolError
from tools.limited import RunLimited
from tools.logic.chaining import World
from tools.logic.composing import composed
from tools.logic.deciding import Limits, Method, Step, Verdict
from tools.logic.language import FormulaError
from tools.logic.matching import Matching, solve_matching
from tools.logic.matching_reading import read_matching
from tools.logic.message import Message, split
from tools.logic.notation import read
from tools.logic.ordering import OrderingText, read_ordering
from tools.logic.ordering_answers import solve_ordering
from tools.logic.puzzles import Puzzle, read_puzzle, solve_puzzle
from tools.logic.reasoning import Way, reason
from tools.logic.relations import Told
from tools.logic.result import LogicResult, ReadSentence, truth_option


def solve(
    text: str,
    question: str | None = None,
    options: Sequence[str] = (),
    *,
    run_limited: RunLimited,
    seconds: float = 10,
    cancel: Event | None = None,
    world: World = "open",
    supplied: Mapping[str, str] | None = None,
    method: Method = Method(),  # noqa: B008  (frozen)
) -> LogicResult:
    """Answer a logic text.

    Args:
        supplied: formulas, in text form, that somebody else wrote for sentences the grammar cannot read.

    Raises:
        ToolError: the text is too long or asks nothing, or a supplied text is no formula.
    """
    try:
        message = split(text, question, options)
    except ValueError as error:
        raise ToolError(str(error)) from error
    told = composed(message)
    if told is not None:
        return _told_so(message, told)
    if message.kind == "none":
        raise ToolError(f"No question was found in {text[:60]!r}: add one, such as “Is Tom kind?”.")
    limits = Limits(time.monotonic() + seconds, cancel)
    ordering = read_ordering(message)
    if ordering is not None:
        return _ordered(message, ordering, run_limited, limits)
    puzzle = read_puzzle(message)
    if puzzle is not None:
        return _arranged(message, puzzle, run_limited, limits)
    matching = read_matching(message)
    if matching is not None:
        return _matched(message, matching, limits)
    try:
        formulas = {sentence: read(formula) for sentence, formula in (supplied or {}).items()}
    except FormulaError as error:
        raise ToolError(str(error)) from error
    return reason(message, formulas, Way(run_limited, limits, world, method))


def _ordered(message: Message, ordering: OrderingText, run_limited: RunLimited, limits: Limits) -> LogicResult:
    found = solve_ordering(ordering, run_limited=run_limited, limits=limits)
    option = found.answer if message.kind == "options" and found.answer else truth_option(message.options, found.answer)
    return LogicResult(
        kind="ordering", verdict=found.decision.verdict, answer=option or found.answer, option=option or None,
        statement=found.statement, steps=found.decision.steps,
        sentences=tuple(ReadSentence(sentence, formula, "grammar") for sentence, formula in ordering.sentences),
        all_read=True, premises_used=found.decision.used, note=found.decision.note,
    )  # fmt: skip


def _told_so(message: Message, told: Told) -> LogicResult:
    verdict: Verdict = {"Unknown": "unknown", "False": "disproved"}.get(told.answer, "proved")  # type: ignore[assignment]
    option = told.answer if any(one.letter == told.answer for one in message.options) else None
    return LogicResult(
        kind="relations", verdict=verdict, answer=told.answer, option=option, statement=message.asked,
        steps=tuple(Step(sentence, (sentence,), "given") for sentence in told.used),
        sentences=tuple(ReadSentence(sentence, formula, "grammar") for sentence, formula in told.sentences),
        all_read=True, premises_used=told.used, note=told.note,
    )  # fmt: skip


def _arranged(message: Message, puzzle: Puzzle, run_limited: RunLimited, limits: Limits) -> LogicResult:
    found = solve_puzzle(puzzle, run_limited=run_limited, limits=limits)
    named = found.answer if any(option.letter == found.answer for option in message.options) else ""
    option = named or truth_option(message.options, found.answer)
    chosen = next((one.text for one in message.options if one.letter == option), "")
    return LogicResult(
        kind="arrangement", verdict=found.verdict, answer=option or found.answer, option=option or None,
        statement=chosen or found.statement or message.asked,
        steps=tuple(Step(sentence, (sentence,), "given") for sentence in found.used),
        sentences=tuple(ReadSentence(sentence, formula, "grammar") for sentence, formula in puzzle.sentences),
        all_read=True, premises_used=found.used, note=found.note,
    )  # fmt: skip


def _matched(message: Message, puzzle: Matching, limits: Limits) -> LogicResult:
    found = solve_matching(puzzle, min(limits.deadline, time.monotonic() + 1.0))
    verdict: Verdict = "disproved" if found.answer == "False" else "proved"
    note = ""
    if found.possible == 0:
        verdict, note = "contradiction", "The sentences contradict each other: no matching fits."
    elif found.possible > 1:
        verdict, note = "unknown", "More than one matching fits."
    return LogicResult(
        kind="arrangement", verdict=verdict, answer="Unknown" if verdict == "unknown" else found.answer, option=None,
        statement=message.asked, steps=tuple(Step(sentence, (sentence,), "given") for sentence in found.used),
        sentences=tuple(ReadSentence(sentence, formula, "grammar") for sentence, formula in puzzle.lines),
        all_read=True, premises_used=found.used, note=note,
    )  # fmt: skip
