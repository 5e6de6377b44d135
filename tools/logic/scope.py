"""What the grammar knows while it reads: the words of the whole text, and who is meant within one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tools.logic.language import Formula, Name, Term, Variable
from tools.logic.words import IRREGULAR_PAST, VERBS, past_base, third_person

MAX_STEPS = 3_000  # attempts of the grammar on one sentence; more means it is too tangled to be read surely
MAX_TOKENS = 120  # words of one sentence

#: "claim": indefinites are generic or exist; "condition": they stand for anything; "open": universals do as well;
#: "conclusion": as a claim, but an "a dog" or "dogs" would be ambiguous there.
Mode = Literal["claim", "condition", "open", "conclusion"]


class Unread(Exception):
    """The grammar cannot read this; it is reported, never guessed."""


@dataclass(slots=True)
class Lexicon:
    """How the words of one text are used; filled by a first reading, held fixed in the second.

    words: all, lower case. verbs: bases seen as verbs. nouns: keys used alone as a class. adjectives: used after "is"
    without an article. individuals: keys used with "the" in plain claims. persons: "person" is a class of its own.
    kinds: uncountable kinds taken as one individual. acted: verbs used without
    an object, which a noun of the same form must not be taken for. classes: nouns said of a subject ("is a dog", "all dogs"). heads: nouns, alone or with
    modifiers. generic: nouns whose "the" means any one in a condition.
    """

    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    nouns: set[str] = field(default_factory=set)
    adjectives: set[str] = field(default_factory=set)
    individuals: set[str] = field(default_factory=set)
    presumed: set[tuple[str, str]] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    generic: frozenset[str] = frozenset()
    kinds: set[str] = field(default_factory=set)
    acted: set[str] = field(default_factory=set)
    persons: bool = False

    def verb(self, token: str) -> tuple[str, bool] | None:
        """(base, whether past) of a finite verb form that is known as one."""
        word = token.lower()
        if word in IRREGULAR_PAST and word not in VERBS:  # a text whose only form is "went" would teach it as a verb
            return IRREGULAR_PAST[word], True
        if self.knows(word):
            return word, False
        base = third_person(word, self.words)
        if base != word and self.knows(base):
            return base, False
        past = past_base(word, VERBS | self.verbs)
        return (past, True) if past else None

    def knows(self, base: str) -> bool:
        """Whether the word is a verb in general or in this text."""
        return base in VERBS or base in self.verbs


@dataclass(slots=True)
class Scope:
    """Who is meant within one sentence. `focus` is what a pronoun stands for; `given` restricts bound variables.

    subject, objects: the first subject, and things that exist in the condition being read. meant: those of them that
    a pronoun then means. places: individuals that only say where something is ("in the box"); no pronoun is taken to
    mean them. aside: words are only tried, alone.
    """

    lexicon: Lexicon
    mode: Mode = "claim"
    focus: Term | None = None
    earlier: Term | None = None
    bound: dict[str, Variable] = field(default_factory=dict)
    variables: list[Variable] = field(default_factory=list)
    given: list[Formula] = field(default_factory=list)
    mentioned: list[Name] = field(default_factory=list)
    made: int = 0
    aside: bool = False
    subject: Term | None = None
    objects: list[Variable] = field(default_factory=list)
    meant: list[Variable] = field(default_factory=list)
    places: set[Name] = field(default_factory=set)
    steps: int = 0

    def step(self) -> None:
        """Count one attempt. Raises Unread when the sentence is too tangled."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Unread("too tangled")

    def fresh(self) -> Variable:
        """A variable not used before in this sentence."""
        self.made += 1
        return Variable("x" if self.made == 1 else f"x{self.made}")

    def mention(self, name: Name) -> Name:
        """Note an individual that a later pronoun could mean."""
        if name not in self.mentioned:
            self.mentioned.append(name)
        return name

    def pronoun(self, word: str = "it", *, as_object: bool = False) -> Term:
        """Whom a pronoun means, where that is beyond doubt.

        Beside a named person a thing may have been spoken of ("if Ann buys a book, she reads it"): then "he" and
        "she" are the person, "it" as an object is the thing.
        """
        if isinstance(self.subject, Name) and len(self.mentioned) == 1 and len(self.objects) == 1:
            if word in ("he", "she") and not as_object:
                return self.subject
            if word == "it" and as_object:
                self.meant.append(self.objects[0])
                return self.objects[0]
        if isinstance(self.focus, Variable):
            return self.focus
        spoken_of = [name for name in self.mentioned if name not in self.places]
        if len(spoken_of) == 1:
            return spoken_of[0]
        if not spoken_of and self.earlier is not None:
            return self.earlier
        raise Unread("a pronoun could mean several")

    def owner_is_clear(self) -> None:
        """A possessive ("their", "its") may be read as the subject's own only where nobody else is around."""
        if len(self.mentioned) > (0 if isinstance(self.focus, Variable) else 1):
            raise Unread("a possessive could mean several")


def lower(tokens: Sequence[str]) -> list[str]:
    """The tokens in lower case."""
    return [token.lower() for token in tokens]
