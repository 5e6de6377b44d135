"""The logic tool: an English text in, a verdict with its proof out; no model takes part.

`looks_like_logic` is the router's test; it reads the text and says yes only when question and premises fit together.
`solve` answers. Sentences the grammar cannot read are listed; a proof from the others still stands (open-world logic
is monotone), but then nothing is called unknown.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import Literal, Protocol

from tools.errors import ToolError
from tools.limited import ChildResult, RunLimited
from tools.logic.chaining import World
from tools.logic.deciding import Decision, Limits, Method, Step, Verdict, decide
from tools.logic.doubts import COMPARISON, Presumption, doubt_about, names_in, presumptions
from tools.logic.exchanges import answer_exchanges, answer_liars
from tools.logic.language import (
    And,
    Atom,
    Exists,
    ForAll,
    Formula,
    FormulaError,
    Iff,
    Implies,
    Name,
    Not,
    Or,
    Premise,
    Xor,
    leaves,
    show,
    substitute,
)
from tools.logic.matching import Matching, solve_matching
from tools.logic.matching_reading import read_matching
from tools.logic.message import Message, Option, split
from tools.logic.notation import read
from tools.logic.ordering import OrderingText, read_ordering
from tools.logic.ordering_answers import solve_ordering
from tools.logic.premises import ranked
from tools.logic.puzzles import Puzzle, read_puzzle, solve_puzzle
from tools.logic.questions import ASKED, Query
from tools.logic.reading import ReadPremises, read_asked, read_premises, read_statement
from tools.logic.relations import Told, answer_direction, answer_family
from tools.logic.scope import Unread
from tools.logic.wording import say

__all__ = ["ChildResult", "LogicResult", "Method", "ReadSentence", "RunLimited", "Step", "looks_like_logic", "solve"]

MAX_CANDIDATES = 60  # individuals a who-question is tried on
_AMOUNT = re.compile(r"\b(?:how (?:many|much|long|far|old)|percent|total|average)\b|\d\s*[-+*/×÷=%]|[$€£]\s*\d", re.I)


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A premise, its formula in text form, and who read it; None where nobody could."""

    text: str
    formula: str | None
    reader: Literal["grammar", "model"] | None


@dataclass(frozen=True, slots=True)
class LogicResult:
    """What was asked, what came out and why.

    verdict: about `statement` (the queried sentence, or the answer found). answer: "True", "False", "Unknown", an
    option's letter or a name; "" where there is none. premises_used: the sentences the proof rests on. presumed: what
    the text does not say and the answer needs ("everything spoken of is an animal"). goal: the formula that was decided,
    of a text of predicates. ranking, visited: premises and sub-goals in their order, where Method asks for them.
    """

    kind: Literal["chaining", "first-order", "ordering", "arrangement", "relations"]
    verdict: Verdict
    answer: str
    option: str | None
    statement: str
    steps: tuple[Step, ...]
    sentences: tuple[ReadSentence, ...]
    all_read: bool
    premises_used: tuple[str, ...]
    note: str
    presumed: tuple[str, ...] = ()
    goal: str = ""
    ranking: tuple[str, ...] = ()
    visited: tuple[str, ...] = ()


def looks_like_logic(text: str) -> bool:
    """Whether the text is a logic question this tool can probably answer: it is read, in some milliseconds."""
    if len(text) > 12_000 or len(text) < 20:
        return False
    try:
        message = split(text)
    except ValueError:
        return False
    if _composed(message) is not None:
        return True
    if message.kind == "none" or not message.premises or len(message.premises) > 150:
        return False
    if any(reader(message) is not None for reader in (read_ordering, read_puzzle, read_matching)):
        return True
    return not _AMOUNT.search(text) and _fits(message)


def _fits(message: Message) -> bool:
    """At least two premises and half of them read, one of general force, and a question about what they speak of."""
    reading = read_premises(message.premises, _asked(message))
    read = [formula for formula in reading.formulas if formula is not None]
    told = [part for formula in read for part in (formula.parts if isinstance(formula, And) else (formula,))]
    if len(told) < (1 if message.kind == "statement" else 2) or 2 * len(read) < len(message.premises):
        return False
    if not any(isinstance(formula, (ForAll, Implies, Iff)) for formula in told):
        choice = any(isinstance(f, (Or, Xor)) for f in told) and any(isinstance(f, Atom) and f.negated for f in told)
        past = any(leaf.predicate.endswith("_past") for f in told for leaf in leaves(f) if isinstance(leaf, Atom))
        story = past and not choice
        if story or len(read) < len(message.premises) or not any(isinstance(f, (Or, Xor, Not, Exists)) for f in told):
            return False  # a story, in which what holds changes, and facts without any rule are no logic text
    try:
        asked = [query.formula for query in _queries(message, reading).values()]
    except Unread:
        return message.three and message.kind == "statement"  # asked as logic is; only that sentence is freer
    wanted = [leaf for formula in asked for leaf in leaves(formula) if isinstance(leaf, Atom)]
    names = {arg.name for leaf in wanted for arg in leaf.args if isinstance(arg, Name)}
    linked = message.three or any(leaf.predicate in reading.predicates for leaf in wanted) or _alike(asked, reading)
    return linked and (not names or bool(names & reading.names))


def _alike(asked: Sequence[Formula], reading: ReadPremises) -> bool:
    """Whether what is asked is what the text speaks of in another form ("barking", "barks")."""
    wanted = {leaf.predicate for formula in asked for leaf in leaves(formula) if isinstance(leaf, Atom)}
    links = (leaves(link.formula) for formula in asked for link in presumptions(formula, reading) if link.plain)
    names = [{leaf.predicate for leaf in link if isinstance(leaf, Atom)} for link in links]
    return any(one & wanted and one & reading.predicates for one in names)


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
    if message.kind == "none" and _composed(message) is None:
        raise ToolError(f"No question was found in {text[:60]!r}: add one, such as “Is Tom kind?”.")
    limits = Limits(time.monotonic() + seconds, cancel)
    told = _composed(message)
    if told is not None:
        return _told_so(message, told)
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
    return _reasoned(message, run_limited, limits, world, formulas, method)


# Orderings --------------------------------------------------------------------------------------------------------


def _ordered(message: Message, ordering: OrderingText, run_limited: RunLimited, limits: Limits) -> LogicResult:
    found = solve_ordering(ordering, run_limited=run_limited, limits=limits)
    option = (
        found.answer if message.kind == "options" and found.answer else _truth_option(message.options, found.answer)
    )
    return LogicResult(
        kind="ordering",
        verdict=found.decision.verdict,
        answer=option or found.answer,
        option=option or None,
        statement=found.statement,
        steps=found.decision.steps,
        sentences=tuple(ReadSentence(sentence, formula, "grammar") for sentence, formula in ordering.sentences),
        all_read=True,
        premises_used=found.decision.used,
        note=found.decision.note,
    )


def _composed(message: Message) -> Told | None:
    """What composing ties, directions, swaps or sayings gives; None where the text is of none of these kinds."""
    for answer in (answer_family, answer_direction, answer_exchanges, answer_liars):
        told = answer(message)
        if told is not None:
            return told
    return None


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
    option = named or _truth_option(message.options, found.answer)
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


# Rules and first-order logic ----------------------------------------------------------------------------------------


def _asked(message: Message) -> list[str]:
    if message.kind == "options":
        return [option.text for option in message.options]
    return [message.asked]


def _queries(message: Message, reading: ReadPremises) -> dict[str, Query]:
    """What is to be decided by label ("" or an option's letter). Raises Unread."""
    if message.kind == "options":
        return {option.letter: Query(read_statement(option.text, reading)) for option in message.options}
    if message.kind == "question":
        return {"": read_asked(message.asked, reading)}
    return {"": Query(read_statement(message.asked, reading))}


def _reasoned(
    message: Message, run_limited: RunLimited, limits: Limits, world: World, supplied: Mapping[str, Formula],
    method: Method,
) -> LogicResult:  # fmt: skip
    reading = read_premises(message.premises, _asked(message))
    grammar = reading.formulas
    together = (supplied.get(s) if f is None else f for s, f in zip(message.premises, grammar))
    reading = replace(reading, formulas=tuple(together))
    premises = [
        Premise(formula, sentence)
        for sentence, formula in zip(message.premises, reading.formulas)
        if formula is not None
    ]
    premises += [Premise(formula, sentence) for formula, sentence in reading.presumed]
    blank = LogicResult(
        kind="chaining", verdict="unread", answer="", option=None, statement=message.asked, steps=(),
        sentences=tuple(
            ReadSentence(sentence, None if formula is None else show(formula), _reader(formula, first))
            for sentence, formula, first in zip(message.premises, reading.formulas, grammar)
        ),
        all_read=None not in reading.formulas, premises_used=(), note="",
    )  # fmt: skip
    try:
        queries = _queries(message, reading)
    except Unread as problem:
        if message.asked not in supplied:
            return replace(blank, note=f"The question could not be read: {problem}.")
        queries = {"": Query(supplied[message.asked])}
        asked = ReadSentence(message.asked, show(supplied[message.asked]), "model")
        blank = replace(blank, sentences=(*blank.sentences, asked))
    names = sorted(reading.names | {n for query in queries.values() for n in names_in(query.formula)})
    searching = queries.get("", Query(Atom("", ()))).searches

    def run(goals: Sequence[Formula], more: Sequence[Premise] = ()) -> list[Decision]:
        return decide(
            [*premises, *more], goals, reading.lexicon, run_limited=run_limited, limits=limits, world=world, names=names,
            method=method,
        )  # fmt: skip

    if searching:
        candidates = [name for name in sorted(reading.names) if not name.startswith("some_")][:MAX_CANDIDATES]
        goals = [substitute(queries[""].formula, ASKED, Name(name)) for name in candidates]
        tried = [_checked(d, blank, goal, reading, None) for d, goal in zip(run(goals), goals)] if goals else []
        return _who(blank, candidates, tried, reading)
    if method.ordered:
        rows = ranked(premises, [query.formula for query in queries.values()])
        blank = replace(blank, ranking=tuple(one.line() for one in rows))
    found = run([query.formula for query in queries.values()])
    decisions = {label: _checked(d, blank, queries[label].formula, reading, run) for label, d in zip(queries, found)}
    if message.kind == "options":
        result = _chosen(blank, message, decisions)
    else:
        result = _told(blank, message.options, decisions[""], world)
    label = result.option if result.option in queries else ""
    if label not in queries:
        return result
    return replace(result, goal=show(queries[label].formula), visited=decisions[label].visited)


def _reader(formula: Formula | None, by_grammar: Formula | None) -> Literal["grammar", "model"] | None:
    return None if formula is None else "model" if by_grammar is None else "grammar"


class _Decides(Protocol):
    def __call__(self, goals: Sequence[Formula], more: Sequence[Premise] = ()) -> list[Decision]: ...


def _checked(
    decision: Decision, blank: LogicResult, goal: Formula, reading: ReadPremises, run: _Decides | None
) -> Decision:
    """ "Unknown" is withdrawn where an unread sentence, or a link a reader may see, could decide it.

    run: to try those links; without it (many individuals are asked about) any link is doubt enough.
    """
    if decision.verdict != "unknown":
        return decision
    links = presumptions(goal, reading)
    plain = [Premise(link.formula, link.text) for link in links if link.plain]
    if plain and run is not None:
        found = run([goal], plain)[0]
        if found.verdict in ("proved", "disproved"):
            return found
    doubt = _doubt(blank, goal, reading, links, run)
    return replace(decision, verdict="unread", note=doubt) if doubt else decision


def _doubt(
    blank: LogicResult, goal: Formula, reading: ReadPremises, links: Sequence[Presumption], run: _Decides | None
) -> str:
    """Why it cannot be said that nothing follows; "" where it can."""
    if not blank.all_read:
        unread = next(sentence.text for sentence in blank.sentences if sentence.formula is None)
        return f"It does not follow from what could be read; not read: “{unread}”"
    doubt = doubt_about(goal, reading)
    if doubt or not links:
        return doubt
    if run is not None and run([goal], [Premise(link.formula, link.text) for link in links])[0].verdict == "unknown":
        return ""
    return f"It may hang on what the text does not say: {' '.join(link.text for link in links[-3:])}"


def _presumed(blank: LogicResult, decision: Decision) -> tuple[str, ...]:
    """What the proof used beside the sentences of the text ("the cat" being a cat is none of it)."""
    said = {sentence.text for sentence in blank.sentences}
    return tuple(text for text in decision.used if text not in said and not text.startswith(("“the ", COMPARISON)))


def _told(blank: LogicResult, options: Sequence[Option], decision: Decision, world: World) -> LogicResult:
    """A statement's result: True, False or Unknown."""
    answer = {"proved": "True", "disproved": "False", "unknown": "Unknown"}.get(decision.verdict, "")
    notes = [decision.note] if decision.note else []
    if answer in ("True", "False"):
        notes.append("World: closed, what cannot be proved is false." if world == "closed" else "")
        if not blank.all_read and world == "open":
            notes.append("Some sentences could not be read; the proof does not need them.")
    if "^" in "".join(s.formula or "" for s in blank.sentences if s.text in decision.used):
        notes.append("“Either … or” was read as: one of the two, not both.")
    option = _truth_option(options, answer)
    verdict = decision.verdict
    if world == "closed" and not blank.all_read and verdict in ("proved", "disproved"):
        verdict, answer, option = "unread", "", ""
        notes.append("In a closed world every sentence must be read.")
    return replace(
        blank, kind=decision.method, verdict=verdict, answer=option or answer, option=option or None,
        steps=decision.steps, premises_used=decision.used, note=" ".join(note for note in notes if note),
        presumed=_presumed(blank, decision),
    )  # fmt: skip


def _truth_option(options: Sequence[Option], answer: str) -> str:
    """The letter of the option that says True, False or Unknown."""
    meanings = {
        "True": ("true", "yes", "correct", "it is true"),
        "False": ("false", "no", "incorrect", "it is false"),
        "Unknown": (
            "unknown",
            "uncertain",
            "undetermined",
            "cannot be determined",
            "cannot say",
            "not known",
            "neither",
        ),
    }.get(answer, (answer.lower(),))
    for option in options:
        if answer and option.text.lower().strip(" .") in meanings:
            return option.letter
    return ""


def _chosen(blank: LogicResult, message: Message, decisions: dict[str, Decision]) -> LogicResult:
    """Which option must hold (or cannot, or can)."""
    wanted = {"must": ("proved",), "cannot": ("disproved",), "can": ("proved", "unknown")}[message.modality]
    chosen = [letter for letter, decision in decisions.items() if decision.verdict in wanted]
    undecided = [
        letter for letter, d in decisions.items() if d.verdict in ("undecided-in-time", "contradiction", "unread")
    ]
    if len(chosen) == 1 and (message.modality != "can" or not undecided and blank.all_read):
        letter = chosen[0]
        decision = decisions[letter]
        text = next(option.text for option in message.options if option.letter == letter)
        return replace(
            blank, kind=decision.method, verdict=decision.verdict, answer=letter, option=letter, statement=text,
            steps=decision.steps, premises_used=decision.used, note=decision.note, presumed=_presumed(blank, decision),
        )  # fmt: skip
    first = next(iter(decisions.values()))
    if first.verdict == "contradiction":
        return replace(
            blank,
            kind=first.method,
            verdict="contradiction",
            steps=first.steps,
            premises_used=first.used,
            note=first.note,
        )
    verdict: Verdict = "undecided-in-time" if undecided else "unknown" if blank.all_read else "unread"
    note = f"Options {', '.join(chosen)} all fit." if chosen else "No option follows from what was read."
    return replace(
        blank, kind=first.method, verdict=verdict, answer="Unknown" if verdict == "unknown" else "", note=note
    )


def _who(blank: LogicResult, names: list[str], decisions: list[Decision], reading: ReadPremises) -> LogicResult:
    """Every individual of whom it is proved."""
    proved = [(name, decision) for name, decision in zip(names, decisions) if decision.verdict == "proved"]
    clash = next((decision for decision in decisions if decision.verdict == "contradiction"), None)
    if clash is not None:
        return replace(
            blank,
            kind=clash.method,
            verdict="contradiction",
            steps=clash.steps,
            premises_used=clash.used,
            note=clash.note,
        )
    if not proved:
        doubt = next((decision.note for decision in decisions if decision.verdict == "unread"), "")
        if doubt:
            return replace(blank, verdict="unread", note=doubt)
        late = any(decision.verdict == "undecided-in-time" for decision in decisions)
        verdict: Verdict = "undecided-in-time" if late else "unknown" if blank.all_read and decisions else "unread"
        return replace(
            blank,
            verdict=verdict,
            answer="Unknown" if verdict == "unknown" else "",
            note="Of nobody named can it be proved.",
        )
    shown = [say(Atom("named", (Name(name),)), reading.lexicon).rsplit(" is ", 1)[0] for name, _ in proved]
    steps = tuple(dict.fromkeys(step for _, decision in proved for step in decision.steps))
    used = tuple(dict.fromkeys(sentence for _, decision in proved for sentence in decision.used))
    note = "" if blank.all_read else "Some sentences could not be read; there may be more."
    return replace(
        blank,
        kind=proved[0][1].method,
        verdict="proved",
        answer=", ".join(shown),
        steps=steps,
        premises_used=used,
        note=note,
        presumed=tuple(dict.fromkeys(text for _, decision in proved for text in _presumed(blank, decision))),
    )
