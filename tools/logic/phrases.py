"""Noun phrases, complements and verb phrases of English, read as properties of a subject.

A property is a function from a term to a formula. A phrase with no word of logical force that is not analysed further
becomes one opaque predicate made of all its words: the same words, the same predicate. Anything else raises Unread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tools.logic import words as w
from tools.logic.language import Atom, Exists, ForAll, Formula, Implies, Name, Or, Term, Xor, both, negate
from tools.logic.scope import Scope, Unread, lower

Tokens = Sequence[str]
Property = Callable[[Term], Formula]
Relation = Callable[[Term, Term], Formula]


class Phrases:
    """Reads the phrases of one sentence within its scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.lexicon = scope.lexicon
        self.inside = 0  # objects that are being read: what stands there is said of nobody

    # Noun phrases -----------------------------------------------------------------------------------------------

    def nominal(self, tokens: Tokens) -> Callable[[Term], tuple[Formula, ...]]:
        """ "young dogs that bark" as what holds of each of them; nothing for a bare "things"."""
        self.scope.step()
        low = lower(tokens)
        at = next((i for i, word in enumerate(low) if word in w.RELATIVE), None)
        base = tokens if at is None else tokens[:at]
        if base and base[-1] == ",":
            base = base[:-1]
        kinds = self.kinds_listed(base) or self.placed(base)
        if kinds is not None:
            described: Callable[[Term], tuple[Formula, ...]] = kinds
        else:
            keys = self.noun(base) if base else []
            described = lambda term: tuple(Atom(key, (term,)) for key in keys)  # noqa: E731
        if at is None:
            return described
        clause = self.predicate(tokens[at + 1 :])
        return lambda term: (*described(term), clause(term))

    def placed(self, base: Tokens) -> Callable[[Term], tuple[Formula, ...]] | None:
        """ "lions in the park" are lions and in the park; None where the place is no individual."""
        low = lower(base)
        place = next((i for i in range(1, len(low)) if low[i] in w.PREPOSITION), None)
        if place is None or low[place] not in _PLACES:
            return None
        where = self.definite(base[place + 1 :])
        if where is None:
            return None
        keys, relation = self.noun(base[:place]), low[place]
        return lambda term: (*(Atom(key, (term,)) for key in keys), Atom(relation, (term, where)))

    def kinds_listed(self, base: Tokens) -> Callable[[Term], tuple[Formula, ...]] | None:
        """ "cats and dogs" are what is a cat or a dog; None where the words are no list of plural nouns."""
        low = lower(base)
        if "and" not in low and "or" not in low or {"and", "or"} <= set(low):
            return None
        pieces = [piece for piece in _split(base, (",", "and", "or")) if piece]
        heads = [piece[-1].lower() for piece in pieces]
        plural = all(w.singular(head, self.lexicon.words) != head or head in _SAME_PLURAL for head in heads)
        if len(pieces) < 2 or not plural or set(low) & w.PREPOSITION:
            return None
        lists = [self.noun(piece) for piece in pieces]
        return lambda term: (Or(tuple(both(*(Atom(key, (term,)) for key in keys)) for keys in lists)),)

    def noun(self, tokens: Tokens) -> list[str]:
        """The predicates of a noun with its modifiers, without relative clause."""
        keys = self.noun_keys(tokens)
        if not self.inside:
            self.lexicon.classes.update(keys)
        return keys

    def noun_keys(self, tokens: Tokens) -> list[str]:
        """As `noun`; owners are the subject's own."""
        if set(lower(tokens)) & w.POSSESSIVE:
            self.scope.owner_is_clear()
            tokens = ["own" if token.lower() in w.POSSESSIVE else token for token in tokens]
        self.refuse_logic([token for token in tokens if token.lower() not in ("and", ",")])
        pieces = _split(tokens, (",", "and"))
        if any(not piece for piece in pieces):
            raise Unread("an empty place in a list")
        last = pieces[-1]
        low = lower(last)
        place = next((i for i, word in enumerate(low) if i and word in w.PREPOSITION), None)
        head = w.singular(low[-1 if place is None else place - 1], self.lexicon.words)
        self.lexicon.heads.add(head)
        keys = [self.adjective(piece) for piece in pieces[:-1]]
        if {"a", "an", "the"} & set(lower(tokens)[: -len(last)] + low[:place]):
            raise Unread("an article within a noun phrase")
        if place is not None:
            if len(pieces) > 1:
                raise Unread("a list before a longer noun phrase")
            return [w.key_of([*low[: place - 1], head, *low[place:]]), *self.implied(head, low[: place - 1])]
        modifiers = last[:-1]
        if head in w.GENERIC and not (head == "person" and self.lexicon.persons):
            return keys + [self.adjective(group) for group in _adjectives(modifiers)]
        if not modifiers:
            self.lexicon.nouns.add(head)
            return [*keys, f"{head}_kind" if head in self.lexicon.acted else head]
        apart = [m for m in modifiers if m.lower() in self.lexicon.adjectives and m.lower() not in w.PRIVATIVE]
        joined = [m for m in modifiers if m not in apart]
        noun = w.key_of([*joined, head])
        return [*keys, *(w.key_of([m]) for m in apart), noun, *(self.implied(head, lower(joined)) if joined else [])]

    def implied(self, head: str, modifiers: list[str]) -> list[str]:
        """A guitar player is a player (where the text speaks of players); a toy gun is no gun."""
        if head not in self.lexicon.nouns or any(m in w.PRIVATIVE or m.startswith("non") for m in modifiers):
            return []
        return [head]

    def adjective(self, tokens: Tokens) -> str:
        """One adjective, perhaps with an adverb, as a predicate."""
        if not tokens or len(tokens) > 3:
            raise Unread("not an adjective")
        self.refuse_logic(tokens)
        return w.key_of(tokens)

    def definite(self, tokens: Tokens) -> Term | None:
        """The individual of a name, "the dog" or "Tom's cat"; None where the phrase is not of that kind."""
        if not tokens or len(tokens) > 6:
            return None
        low = lower(tokens)
        if 2 < len(tokens) and "of" in low[1:-1] and all(w.is_name(t) or t == "of" for t in tokens):
            return self.scope.mention(Name(w.key_of(tokens)))  # "Palace of Flies"
        if len(tokens) > 2 and tokens[-2] == "No" and low[-1].isdigit() and w.is_name(tokens[0]):
            return self.scope.mention(Name(w.key_of(tokens)))  # "Opus No. 9"
        if any(word in w.LOGICAL or word in w.PREPOSITION or not word[0].isalnum() and word[0] != '"' for word in low):
            return None
        if low[0] == "the":
            if len(tokens) > 1 and all(w.is_name(token) for token in tokens[1:]):
                return self.scope.mention(Name(w.key_of(tokens[1:])))
            return self.described(low[1:])
        if tokens[0].endswith(("'s", "’s")) and len(tokens) > 1 and w.is_name(tokens[0]):
            return self.scope.mention(Name(w.key_of(tokens)))
        if all(w.is_name(token) for token in tokens):
            return self.scope.mention(Name(w.key_of(tokens)))
        return None

    def described(self, low: list[str]) -> Term | None:
        """Whom "the dog" means: the one this rule speaks of, else the one dog of the text."""
        if not low or "the" in low:
            return None
        key = w.key_of([*low[:-1], low[-1]])
        if key in self.scope.bound:
            return self.scope.bound[key]
        one = w.singular(low[-1], self.lexicon.words)
        if one != low[-1] and one in self.lexicon.classes | self.lexicon.heads:
            return None
        head = low[-1]
        if head in self.lexicon.nouns:
            if self.scope.variables and key not in self.lexicon.individuals:
                raise Unread(f"'the {key}' may mean any {head}")
            self.lexicon.presumed.add((key, head))
        if not self.scope.variables:
            self.lexicon.individuals.add(key)
        return self.scope.mention(Name(key))

    # Objects ----------------------------------------------------------------------------------------------------

    def object(self, tokens: Tokens, key: str) -> Property:
        """What stands in the relation `key` to its object: "the dog", "every dog", "a dog", "dogs"."""
        self.scope.step()
        low = lower(tokens)
        if not tokens:
            return lambda term: Atom(key, (term,))
        pieces, sign = coordinated(tokens)
        if len(pieces) > 1 and all(self.definite(piece) or piece[0].lower() in w.ARTICLE for piece in pieces):
            return joined([self.object(piece, key) for piece in pieces], sign)
        if len(tokens) == 1 and low[0] in w.REFLEXIVE:
            return lambda term: Atom(key, (term, term))
        if len(tokens) == 1 and low[0] in w.PRONOUN_OBJECT:
            return self.about_other(key, low[0])
        target = self.definite(tokens)
        if target is not None:
            return lambda term: Atom(key, (term, target))
        quantified = self.quantified(tokens, low, key)
        if quantified is not None:
            return quantified
        if (key.split("_")[0] in _OF_SOME or key.split("_")[-1] in ("in", "at", "on")) and w.singular(
            low[-1], self.lexicon.words
        ) != low[-1]:
            if not set(low) & _VAGUE_AMOUNT:
                return self.some(self.within(tokens), key)
        return self.opaque(key, tokens)

    def within(self, tokens: Tokens) -> Callable[[Term], tuple[Formula, ...]]:
        """A noun phrase in object position."""
        self.inside += 1
        try:
            return self.nominal(tokens)
        finally:
            self.inside -= 1

    def about_other(self, key: str, word: str = "it") -> Property:
        meant = self.scope.pronoun(word, as_object=True)

        def holds(term: Term) -> Formula:
            if term == meant and not self.scope.aside:
                raise Unread("a pronoun that may mean somebody else")
            return Atom(key, (term, meant))

        return holds

    def quantified(self, tokens: Tokens, low: list[str], key: str) -> Property | None:
        first = low[0]
        if low[:3] == ["at", "least", "one"]:
            return self.some(self.within(tokens[3:]), key)
        if first in w.ARTICLE and ("than" in low or set(low) & _VAGUE_AMOUNT):
            return self.opaque(key, tokens[1:])
        if first in w.ARTICLE or first == "some":
            return self.some(self.within(tokens[1:]), key)
        if first in w.SOME_WHOLE:
            return self.some(self.nominal(_generic(tokens)), key)
        if first in ("every", "each", "all"):
            rest = tokens[2:] if low[1:2] == ["the"] else tokens[1:]
            return self.each(self.nominal(rest), key)
        if first in ("everyone", "everybody", "everything"):
            return self.each(self.nominal(_generic(tokens)), key)
        if first in w.NEGATIVE_WHOLE:
            some = self.some(self.nominal(_generic(tokens)), key)
            return lambda term: negate(some(term))
        if first == "no":
            some = self.some(self.within(tokens[1:]), key)
            plain = self.opaque(key, tokens[1:])
            if key.split("_")[0] in ("have", "own", "possess"):
                return lambda term: negate(some(term))
            return lambda term: both(negate(plain(term)), negate(some(term)))
        return None

    def some(self, described: Callable[[Term], tuple[Formula, ...]], key: str) -> Property:
        other = self.scope.fresh()
        return lambda term: Exists((other,), both(*described(other), Atom(key, (term, other))))

    def each(self, described: Callable[[Term], tuple[Formula, ...]], key: str) -> Property:
        other = self.scope.fresh()

        def holds(term: Term) -> Formula:
            parts = described(other)
            claim = Atom(key, (term, other))
            return ForAll((other,), Implies(both(*parts), claim) if parts else claim)

        return holds

    def opaque(self, key: str, tokens: Tokens) -> Property:
        """All words together as one predicate; amounts and superlatives stay words of it."""
        self.refuse_logic(_without_amounts(tokens))
        low = ["own" if token in w.POSSESSIVE else token for token in lower(tokens)]
        if "own" in low and set(lower(tokens)) & w.POSSESSIVE:
            self.scope.owner_is_clear()
        whole = w.key_of([key, *(w.singular(word, self.lexicon.words) for word in low)])
        return lambda term: Atom(whole, (term,))

    def refuse_logic(self, tokens: Tokens) -> None:
        """Raises Unread for words whose logical force was not analysed."""
        for word in lower(tokens):
            if (
                word in w.LOGICAL
                or not (word[0].isalnum() or word[0] == '"')
                or word in w.PRONOUN | w.PRONOUN_OBJECT - {"her"}
            ):
                raise Unread(f"'{word}'")

    # Verb phrases (the rest is in predicates.py) ----------------------------------------------------------------

    def predicate(self, tokens: Tokens) -> Property:
        """A verb phrase as a property of its subject."""
        raise NotImplementedError


def joined(properties: Sequence[Property], sign: str) -> Property:
    """Properties joined by "and", "or" or "xor"."""
    if len(properties) == 1:
        return properties[0]
    if sign == "and":
        return lambda term: both(*(holds(term) for holds in properties))
    if sign == "xor" and len(properties) == 2:
        return lambda term: Xor(properties[0](term), properties[1](term))
    if sign == "or":
        return lambda term: Or(tuple(holds(term) for holds in properties))
    raise Unread("an either with more than two parts")


def coordinated(tokens: Tokens) -> tuple[list[Tokens], str]:
    """The parts of a list and its "and" or "or"; one part where there is none. Mixed lists raise Unread."""
    low = lower(tokens)
    end = next((i for i, word in enumerate(low) if word in w.RELATIVE), len(low))
    signs = {("and" if word == "but" else word) for word in low[:end] if word in ("and", "or", "but", "nor")}
    if len(signs) > 1:
        raise Unread("'and' and 'or' in one list")
    pieces: list[Tokens] = []
    start = 0
    for i in [*(i for i in range(end) if low[i] in (",", "and", "or", "but", "nor")), len(low)]:
        if i > start:
            pieces.append(tokens[start:i])
        start = i + 1
    return pieces, signs.pop() if signs else "and"


def _split(tokens: Tokens, marks: tuple[str, ...]) -> list[Tokens]:
    pieces: list[Tokens] = []
    start = 0
    low = lower(tokens)
    for i, word in enumerate([*low, marks[0]]):
        if word in marks:
            if not (i == start and i < len(low) and word == "and"):  # ", and" is one mark
                pieces.append(tokens[start:i])
            start = i + 1
    return pieces


def _adjectives(tokens: Tokens) -> list[Tokens]:
    """ "very kind big" → [very kind], [big]."""
    groups: list[Tokens] = []
    start = 0
    for i, token in enumerate(tokens):
        if (
            token.lower() in ("very", "extremely", "quite", "really")
            or token.lower().endswith("ly")
            and i + 1 < len(tokens)
        ):
            continue
        groups.append(tokens[start : i + 1])
        start = i + 1
    return groups


_SAME_PLURAL = frozenset("sheep fish deer species series people children".split())
#: Verbs whose bare plural means "some" ("wears rings"), unlike "likes cats".
_OF_SOME = frozenset("have own possess wear contain include receive write publish sell buy carry hold build".split())
_PLACES = frozenset("in at on from near under behind inside outside".split())
#: Amounts without a sharp meaning: the phrase they stand in is kept whole.
_VAGUE_AMOUNT = frozenset("many several multiple".split())


def _without_amounts(tokens: Tokens) -> Tokens:
    """The words left when "many", "the most", "greater than 9" are taken as plain words of their phrase."""
    low = lower(tokens)
    kept: list[str] = []
    for i, token in enumerate(tokens):
        before, after = low[i - 1] if i else "", low[i + 1] if i + 1 < len(low) else ""
        if low[i] in _VAGUE_AMOUNT and before not in ("not", "so", "as", "too", "how"):
            continue
        if low[i] in ("most", "least") and before in ("the", "its", "their"):
            continue
        if low[i] == "than" and after[:1].isdigit() or low[i] in ("more", "less") and after == "than":
            continue
        kept.append(token)
    return kept


def _generic(tokens: Tokens) -> Tokens:
    """ "someone who …", "something red" → the words of a noun phrase about a thing."""
    rest = list(tokens[1:])
    if rest[:1] == ["else"]:
        raise Unread("'else'")
    return ["things", *rest] if not rest or rest[0].lower() in w.RELATIVE else [*rest, "things"]
