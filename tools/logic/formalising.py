"""The sentences the grammar left unread, and what a formula for one of them has to keep to.

Somebody else (a language model) may write the formulas, one sentence at a time, against the predicates that the read
sentences declared. `Gaps.formula` refuses, with a message to repair by, what the solver could not use and what cannot
be the sentence's claim: predicates and names the sentence does not speak of, a negation too many or too few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from tools.logic import words as w
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
    leaves,
    rebuild,
    show,
)
from tools.logic.message import Message, split
from tools.logic.ordering import read_ordering
from tools.logic.plain_notation import read_plain
from tools.logic.reading import ReadPremises, read_asked, read_premises, read_statement
from tools.logic.scope import Unread

MAX_SHOWN = 10  # predicates offered for one sentence
MAX_WORDS = 30  # of a sentence that one short line can say
COVERED = 0.75  # share of its content words that declared predicates and names hold; below, it cannot be said with them
_NEGATIVE = frozenset("not no never neither nor none nobody nothing cannot without unless noone hardly".split())
_GENERAL = w.UNIVERSAL | w.UNIVERSAL_WHOLE | {"no", "none", "nobody", "nothing", "only", "whenever"}
#: Words whose claim no formula here can hold: such a sentence stays unread.
_BEYOND = frozenset(
    """most many few several usually typically generally probably perhaps maybe likely hardly rarely seldom almost
    nearly sometimes often exactly""".split()
)
_SMALL = (
    w.PREPOSITION
    | w.ARTICLE
    | w.LOGICAL
    | w.DROPPED
    | w.PRONOUN
    | w.PRONOUN_OBJECT
    | w.POSSESSIVE
    | w.SOME_WHOLE
    | frozenset("past own kind the thing things people person persons one".split())
)


@dataclass(frozen=True, slots=True)
class Declared:
    """A predicate of the text: its arity, and the sentence with its formula that shows how it is used."""

    name: str
    arity: int
    example: str
    formula: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """The unread sentences of a text, those that matter most first; the predicates and names to use."""

    unread: tuple[str, ...]
    declared: tuple[Declared, ...]
    names: tuple[str, ...]

    def offered(self, sentence: str) -> tuple[Declared, ...]:
        """The predicates that share a word with the sentence, nearest first; empty: it cannot be said with them."""
        if {word.lower() for word in w.tokens_of(sentence)} & _BEYOND:
            return ()
        stems = _stems(sentence)
        said = {stem for one in self.declared for stem in _stems(one.name)} | {s for n in self.names for s in _stems(n)}
        if not stems or len(stems & said) < COVERED * len(stems) or len(sentence.split()) > MAX_WORDS:
            return ()
        near = [(len(stems & _stems(one.name)), one) for one in self.declared]
        shared = sorted((pair for pair in near if pair[0]), key=lambda pair: -pair[0])
        return tuple(one for _, one in shared[:MAX_SHOWN])

    def formula(self, sentence: str, text: str) -> str:
        """The text form of a formula written for the sentence. Raises FormulaError, saying what to change."""
        formula = self._fitted(read_plain(text))
        for problem in self._problems(sentence, formula):
            raise FormulaError(problem)
        return show(formula)

    def _fitted(self, formula: Formula) -> Formula:
        """The formula with the declared spelling of its symbols ("dogs" where "dog" is declared)."""
        known = {one.name for one in self.declared}
        if isinstance(formula, Atom):
            key = formula.predicate
            if key not in known:
                words = key.split("_")
                singular = "_".join([*words[:-1], w.singular(words[-1], known)])
                verb = "_".join([w.third_person(words[0], known), *words[1:]])
                key = next((form for form in (singular, verb) if form in known), key)
            return Atom(key, formula.args, formula.negated)
        return rebuild(formula, self._fitted)

    def _problems(self, sentence: str, formula: Formula) -> Iterator[str]:
        atoms = [leaf for leaf in leaves(formula) if isinstance(leaf, Atom)]
        yield from self._unusable(sentence, atoms)
        words = {word.lower() for word in w.tokens_of(sentence)}
        yield from _not_said(sentence, words, atoms)
        used = {arg.name for atom in atoms for arg in atom.args if isinstance(arg, Name)}
        missing = [name for name in self.names if _mentions(sentence, name) and name not in used]
        if missing:
            yield f"The sentence speaks of {missing[0]!r}, the formula does not: use {missing[0]} as an argument."
        negative = bool(words & _NEGATIVE) or bool(re.search(r"n['’]t\b", sentence))
        if negative and not _denies(formula) and "unless" not in words:  # "A unless B" may be written as A or B
            yield "The sentence denies something: use not."
        if not negative and _denies(formula):
            yield "The sentence denies nothing: leave out not."
        if words & (_GENERAL - {"any"}) and not any(isinstance(part, (ForAll, Exists)) for part in _parts(formula)):
            yield "The sentence speaks of all of a kind: begin with all x."
        yield from self._left_out(sentence, atoms)
        yield from _shapeless(words, formula)

    def _left_out(self, sentence: str, atoms: list[Atom]) -> Iterator[str]:
        """A declared predicate all of whose words the sentence has must be used, or be part of a longer one that is."""
        stems = _stems(sentence)
        used = {stem for atom in atoms for stem in _stems(atom.predicate)}
        for one in self.declared:
            content = _stems(one.name)
            if content and content <= stems and not content <= used:
                yield f"The sentence speaks of {one.name!r}, the formula does not."

    def _unusable(self, sentence: str, atoms: list[Atom]) -> Iterator[str]:
        arity: dict[str, set[int]] = {}
        for one in self.declared:
            arity.setdefault(one.name, set()).add(one.arity)
        for atom in atoms:
            if atom.predicate not in arity:
                near = get_close_matches(atom.predicate, sorted(arity), 3, 0.5)
                near += [one.name for one in self.offered(sentence) if one.name not in near]
                yield f"There is no predicate {atom.predicate!r}: use {', '.join(near[:4]) or 'none of your own'}."
            elif len(atom.args) not in arity[atom.predicate]:
                count = min(arity[atom.predicate])
                words = "1 argument" if count == 1 else f"{count} arguments"
                yield f"{atom.predicate!r} takes {words}, not {len(atom.args)}."
        known = set(self.names)
        for name in (arg.name for atom in atoms for arg in atom.args if isinstance(arg, Name)):
            if name not in known and not _mentions(sentence, name):
                yield f"There is nobody named {name!r}: use {', '.join(self.names[:4]) or 'a variable'}."


def gaps_of(text: str) -> Gaps | None:
    """What somebody would have to formalise; None where nothing is unread, or the text is of another kind."""
    try:
        message = split(text)
    except ValueError:
        return None
    if message.kind == "none" or read_ordering(message) is not None:
        return None
    asked = [option.text for option in message.options] if message.kind == "options" else [message.asked]
    reading = read_premises(message.premises, asked)
    unread = [sentence for sentence, formula in zip(message.premises, reading.formulas) if formula is None]
    read = [(formula, sentence) for sentence, formula in zip(message.premises, reading.formulas) if formula is not None]
    goal = _goal(message, reading)
    if goal is not None:
        read.append((goal, message.asked))
    elif message.kind == "statement":
        unread.append(message.asked)
    if not unread:
        return None
    names = sorted(reading.names | ({n.name for n in _names(goal)} if goal is not None else set()))
    names = [name for name in names if not name.startswith("some_")]
    return Gaps(_ordered(unread, message.asked, names), _declared(read), tuple(names))


def _ordered(unread: list[str], asked: str, names: list[str]) -> tuple[str, ...]:
    """The asked sentence first, then the determinate ones, those that share words with it first (DetermLR)."""
    goal = _stems(asked)

    def rank(sentence: str) -> tuple[bool, bool, int]:
        determinate = any(_mentions(sentence, name) for name in names)
        return sentence != asked, not determinate, -len(goal & _stems(sentence))

    return tuple(sorted(unread, key=rank))


def _goal(message: Message, reading: ReadPremises) -> Formula | None:
    try:
        if message.kind == "statement":
            return read_statement(message.asked, reading)
        return read_asked(message.asked, reading).formula if message.kind == "question" else None
    except Unread:
        return None


def _names(formula: Formula) -> Iterator[Name]:
    for leaf in leaves(formula):
        if isinstance(leaf, Atom):
            yield from (arg for arg in leaf.args if isinstance(arg, Name))


def _declared(read: list[tuple[Formula, str]]) -> tuple[Declared, ...]:
    """Every predicate once for each arity, with the shortest sentence that uses it."""
    found: dict[tuple[str, int], Declared] = {}
    for formula, sentence in sorted(read, key=lambda pair: len(pair[1])):
        for leaf in leaves(formula):
            if isinstance(leaf, Atom):
                one = Declared(leaf.predicate, len(leaf.args), sentence, plain(formula))
                found.setdefault((leaf.predicate, len(leaf.args)), one)
    return tuple(found.values())


def plain(formula: Formula) -> str:
    """The formula as `plain_notation` reads it."""
    text = show(formula).replace("?", "").replace("~", "not ").replace("forall ", "all ")
    for sign, word in (("&", "and"), ("|", "or"), ("^", "xor")):
        text = text.replace(f" {sign} ", f" {word} ")
    return text


def _stems(text: str) -> set[str]:
    """The stems of the content words: enough to see whether a sentence can speak of a predicate at all."""
    found: set[str] = set()
    for word in re.findall(r"[^\W_]+", text.lower()):
        if word in _SMALL or len(word) < 2:
            continue
        base = w.IRREGULAR_PAST.get(word) or w.IRREGULAR_PARTICIPLE.get(word) or w.IRREGULAR_PLURAL.get(word) or word
        if base == word and len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
            base = word[:-1]
        found.add(base[: max(4, len(base) - 3)] if len(base) > 5 else base[:4])
    return found


def _mentions(sentence: str, name: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name.replace('_', ' '))}(?!\w)", sentence.lower()))


def _not_said(sentence: str, words: set[str], atoms: list[Atom]) -> Iterator[str]:
    said = _stems(sentence)
    for atom in atoms:
        content = _stems(atom.predicate)
        if content and not content & said:
            yield f"The sentence does not speak of {atom.predicate!r}: leave it out."


def _shapeless(words: set[str], formula: Formula) -> Iterator[str]:
    """What is no claim, or no condition where the sentence has one."""
    body = formula
    while isinstance(body, (ForAll, Exists)):
        body = body.body
    if words & {"if", "when", "whenever"} and not isinstance(body, (Implies, Iff)):
        yield "The sentence is a condition: one arrow, the condition before it, the whole claim behind it in brackets."
    for part in _parts(formula):
        if isinstance(part, (Implies, Iff)):
            before, behind = _sides(part)
            pieces = behind.parts if isinstance(behind, (And, Or)) else (behind,)
            if before in pieces:
                yield "What stands before the arrow stands behind it too: only the claim belongs there."


def _parts(formula: Formula) -> Iterator[Formula]:
    yield formula
    below: list[Formula] = []
    rebuild(formula, lambda part: below.append(part) or part)  # type: ignore[func-returns-value]
    for part in below:
        yield from _parts(part)


def _sides(formula: Implies | Iff) -> tuple[Formula, Formula]:
    if isinstance(formula, Implies):
        return formula.condition, formula.conclusion
    return formula.left, formula.right


def _denies(formula: Formula) -> bool:
    return any(isinstance(part, Not) or isinstance(part, Atom) and part.negated for part in _parts(formula))
