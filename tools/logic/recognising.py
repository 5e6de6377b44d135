"""The router's test: whether a text is a logic question that this tool can probably answer, by reading it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.logic.composing import composed
from tools.logic.doubts import presumptions
from tools.logic.language import And, Atom, Exists, ForAll, Formula, Iff, Implies, Name, Not, Or, Xor, leaves
from tools.logic.matching_reading import read_matching
from tools.logic.message import Message, split
from tools.logic.ordering import read_ordering
from tools.logic.puzzles import read_puzzle
from tools.logic.queries import asked_sentences, queries_of
from tools.logic.reading import ReadPremises, read_premises
from tools.logic.scope import Unread

_AMOUNT = re.compile(r"\b(?:how (?:many|much|long|far|old)|percent|total|average)\b|\d\s*[-+*/×÷=%]|[$€£]\s*\d", re.I)


def looks_like_logic(text: str) -> bool:
    """Whether the text is a logic question this tool can probably answer: it is read, in some milliseconds."""
    if len(text) > 12_000 or len(text) < 20:
        return False
    try:
        message = split(text)
    except ValueError:
        return False
    if composed(message) is not None:
        return True
    if message.kind == "none" or not message.premises or len(message.premises) > 150:
        return False
    if any(reader(message) is not None for reader in (read_ordering, read_puzzle, read_matching)):
        return True
    return not _AMOUNT.search(text) and _fits(message)


def _fits(message: Message) -> bool:
    """At least two premises and half of them read, one of general force, and a question about what they speak of."""
    reading = read_premises(message.premises, asked_sentences(message))
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
        asked = [query.formula for query in queries_of(message, reading).values()]
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
