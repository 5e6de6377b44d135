"""Read the sentences of one text to premises, in two passes: the first learns how the text uses its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.logic import words as w
from tools.logic.grammar import Grammar
from tools.logic.language import Atom, Formula, Name, leaves
from tools.logic.questions import Query, read_question
from tools.logic.rewriting import rewritten
from tools.logic.scope import Lexicon, Scope, Unread
from tools.logic.usage import lexicon_of, opened


@dataclass(frozen=True, slots=True)
class ReadPremises:
    """The formula of each sentence (None: unread), and what the sentences presume ("the cat" is a cat).

    about: the one individual that all of it is about, whom a pronoun of the question means; None where there are more.
    """

    formulas: tuple[Formula | None, ...]
    presumed: tuple[tuple[Formula, str], ...]
    lexicon: Lexicon
    about: Name | None = None

    @property
    def names(self) -> frozenset[str]:
        """The individuals the premises speak of."""
        return frozenset(arg.name for leaf in self.atoms() for arg in leaf.args if isinstance(arg, Name))

    @property
    def predicates(self) -> frozenset[str]:
        """The predicates the premises use."""
        return frozenset(leaf.predicate for leaf in self.atoms())

    def atoms(self) -> list[Atom]:
        return [
            leaf
            for formula in self.formulas
            if formula is not None
            for leaf in leaves(formula)
            if isinstance(leaf, Atom)
        ]


def read_premises(sentences: Sequence[str], asked: Sequence[str] = ()) -> ReadPremises:
    """Read every sentence; `asked` (question, options) only helps to learn the words."""
    lexicon = lexicon_of([*sentences, *asked])
    _pass(sentences, lexicon)
    _pass(asked, lexicon)
    for question in asked:  # "Is Tom honest?" shows "honest" to be an adjective
        words = w.tokens_of(question)
        if question.rstrip().endswith("?") and len(words) > 2 and words[0].lower() in w.BE:
            if words[-2].lower() not in w.ARTICLE and w.singular(words[-1].lower(), lexicon.words) == words[-1]:
                lexicon.adjectives.add(words[-1])
    lexicon.presumed.clear()
    spoken_of = _SpokenOf()
    formulas = _pass(sentences, lexicon, spoken_of)
    presumed = tuple(
        (Atom(noun, (Name(key),)), f"“the {key.replace('_', ' ')}” is a {noun}.")
        for key, noun in sorted(lexicon.presumed)
    )
    return ReadPremises(tuple(formulas), presumed, lexicon, None if None in formulas else spoken_of.one)


class _SpokenOf:
    """The individuals of the sentences so far, those that only say where something is apart."""

    def __init__(self) -> None:
        self.names: set[Name] = set()
        self.places: set[Name] = set()

    @property
    def one(self) -> Name | None:
        """The only one that is no mere place."""
        rest = self.names - self.places
        return next(iter(rest)) if len(rest) == 1 else None

    def add(self, formula: Formula, places: set[Name]) -> None:
        """Note whom a sentence speaks of; who has been more than a place is none."""
        atoms = [leaf for leaf in leaves(formula) if isinstance(leaf, Atom)]
        names = {arg for leaf in atoms for arg in leaf.args if isinstance(arg, Name)}
        first = {leaf.args[0] for leaf in atoms if leaf.args}
        self.places = (self.places | (places & (names - self.names))) - first
        self.names |= names


def _pass(sentences: Sequence[str], lexicon: Lexicon, spoken_of: _SpokenOf | None = None) -> list[Formula | None]:
    formulas: list[Formula | None] = []
    seen = spoken_of or _SpokenOf()
    for sentence in sentences:
        scope = Scope(lexicon, earlier=seen.one)
        formula = None
        if not sentence.rstrip().endswith("?"):
            try:
                formula = Grammar(scope).read(_words(sentence, lexicon))
            except Unread:
                formula = None
        formulas.append(formula)
        if formula is not None:
            seen.add(formula, scope.places)
    return formulas


def read_statement(sentence: str, premises: ReadPremises) -> Formula:
    """The formula of a declarative sentence against the words of its premises. Raises Unread."""
    lexicon = premises.lexicon
    return Grammar(Scope(lexicon, earlier=premises.about)).read(_words(sentence, lexicon))


def _words(sentence: str, lexicon: Lexicon) -> tuple[str, ...]:
    return rewritten(opened(w.tokens_of(sentence), lexicon), lexicon)


def read_asked(sentence: str, premises: ReadPremises) -> Query:
    """The query of an interrogative sentence. Raises Unread."""
    tokens = w.tokens_of(sentence)
    if tokens:
        tokens = (tokens[0].lower(), *tokens[1:])
    scope = Scope(premises.lexicon, earlier=premises.about)
    return read_question(Grammar(scope), tokens, premises.names, premises.predicates)
