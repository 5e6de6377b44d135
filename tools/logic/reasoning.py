"""Rules and first-order logic: read the premises, decide what is asked, and withdraw an "unknown" that is in doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tools.limited import RunLimited
from tools.logic import concluding
from tools.logic.chaining import World
from tools.logic.deciding import Decision, Limits, Method, decide
from tools.logic.doubts import Presumption, doubt_about, names_in, presumptions
from tools.logic.language import Formula, Name, Premise, show, substitute
from tools.logic.message import Message
from tools.logic.premises import ranked
from tools.logic.queries import asked_sentences, queries_of
from tools.logic.questions import ASKED, Query
from tools.logic.reading import ReadPremises, read_premises
from tools.logic.result import LogicResult, ReadSentence
from tools.logic.scope import Unread

MAX_CANDIDATES = 60  # individuals a who-question is tried on


@dataclass(frozen=True, slots=True)
class Way:
    """How goals are decided: the children and their limits, open or closed world, the prover's settings."""

    run_limited: RunLimited
    limits: Limits
    world: World = "open"
    method: Method = Method()


@dataclass(frozen=True, slots=True)
class _Theory:
    """A text that was read: its premises, what may be named, and the result as it is before anything is decided."""

    reading: ReadPremises
    premises: tuple[Premise, ...]
    names: tuple[str, ...]
    blank: LogicResult
    way: Way

    def decide(self, goals: Sequence[Formula], more: Sequence[Premise] = ()) -> list[Decision]:
        """Decide goals from the premises, and perhaps more of them."""
        way = self.way
        return decide(
            [*self.premises, *more], goals, self.reading.lexicon, run_limited=way.run_limited, limits=way.limits,
            world=way.world, names=self.names, method=way.method,
        )  # fmt: skip


def reason(message: Message, supplied: Mapping[str, Formula], way: Way) -> LogicResult:
    """Answer a text of rules and facts.

    Args:
        supplied: formulas that somebody else wrote for sentences the grammar cannot read.
    """
    grammar = read_premises(message.premises, asked_sentences(message))
    together = (supplied.get(s) if f is None else f for s, f in zip(message.premises, grammar.formulas))
    reading = replace(grammar, formulas=tuple(together))
    blank = _blank(message, reading, grammar)
    try:
        queries = queries_of(message, reading)
    except Unread as problem:
        if message.asked not in supplied:
            return replace(blank, note=f"The question could not be read: {problem}.")
        queries = {"": Query(supplied[message.asked])}
        asked = ReadSentence(message.asked, show(supplied[message.asked]), "model")
        blank = replace(blank, sentences=(*blank.sentences, asked))
    read = zip(reading.formulas, message.premises)
    premises = [Premise(formula, sentence) for formula, sentence in read if formula is not None]
    premises += [Premise(formula, sentence) for formula, sentence in reading.presumed]
    names = sorted(reading.names | {name for query in queries.values() for name in names_in(query.formula)})
    theory = _Theory(reading, tuple(premises), tuple(names), blank, way)
    if "" in queries and queries[""].searches:
        return _searched(theory, queries[""])
    return _decided(theory, message, queries)


def _blank(message: Message, reading: ReadPremises, grammar: ReadPremises) -> LogicResult:
    """The result before anything is decided; `grammar` is what code alone has read."""
    return LogicResult(
        kind="chaining", verdict="unread", answer="", option=None, statement=message.asked, steps=(),
        sentences=tuple(
            ReadSentence(sentence, None if formula is None else show(formula), _reader(formula, first))
            for sentence, formula, first in zip(message.premises, reading.formulas, grammar.formulas)
        ),
        all_read=None not in reading.formulas, premises_used=(), note="",
    )  # fmt: skip


def _reader(formula: Formula | None, by_grammar: Formula | None) -> Literal["grammar", "model"] | None:
    return None if formula is None else "model" if by_grammar is None else "grammar"


def _searched(theory: _Theory, query: Query) -> LogicResult:
    """ "Who …?": it is tried of everybody the text names."""
    candidates = [name for name in sorted(theory.reading.names) if not name.startswith("some_")][:MAX_CANDIDATES]
    goals = [substitute(query.formula, ASKED, Name(name)) for name in candidates]
    found = theory.decide(goals) if goals else []
    tried = [_checked(theory, decision, goal, patient=False) for decision, goal in zip(found, goals)]
    return concluding.of_everybody(theory.blank, candidates, tried, theory.reading)


def _decided(theory: _Theory, message: Message, queries: Mapping[str, Query]) -> LogicResult:
    """A statement, or the options one by one, with the goal that was decided."""
    blank, goals = theory.blank, [query.formula for query in queries.values()]
    if theory.way.method.ordered:
        blank = replace(blank, ranking=tuple(one.line() for one in ranked(theory.premises, goals)))
    found = zip(queries, theory.decide(goals))
    decisions = {label: _checked(theory, one, queries[label].formula, patient=True) for label, one in found}
    if message.kind == "options":
        result = concluding.of_options(blank, message, decisions)
    else:
        result = concluding.of_statement(blank, message.options, decisions[""], theory.way.world)
    label = result.option if result.option is not None and result.option in queries else ""
    if label not in queries:
        return result
    return replace(result, goal=show(queries[label].formula), visited=decisions[label].visited)


def _checked(theory: _Theory, decision: Decision, goal: Formula, *, patient: bool) -> Decision:
    """ "Unknown" is withdrawn where an unread sentence, or a link a reader may see, could decide it.

    patient: those links are tried; else (many individuals are asked about) any link is doubt enough.
    """
    if decision.verdict != "unknown":
        return decision
    links = presumptions(goal, theory.reading)
    plain = [Premise(link.formula, link.text) for link in links if link.plain]
    if plain and patient:
        found = theory.decide([goal], plain)[0]
        if found.verdict in ("proved", "disproved"):
            return found
    doubt = _doubt(theory, goal, links, patient=patient)
    return replace(decision, verdict="unread", note=doubt) if doubt else decision


def _doubt(theory: _Theory, goal: Formula, links: Sequence[Presumption], *, patient: bool) -> str:
    """Why it cannot be said that nothing follows; "" where it can."""
    if not theory.blank.all_read:
        unread = next(sentence.text for sentence in theory.blank.sentences if sentence.formula is None)
        return f"It does not follow from what could be read; not read: “{unread}”"
    doubt = doubt_about(goal, theory.reading)
    if doubt or not links:
        return doubt
    presumed = [Premise(link.formula, link.text) for link in links]
    if patient and theory.decide([goal], presumed)[0].verdict == "unknown":
        return ""
    return f"It may hang on what the text does not say: {' '.join(link.text for link in links[-3:])}"
