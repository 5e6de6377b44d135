"""Verb phrases and complements of English as properties of their subject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from tools.logic import words as w
from tools.logic.language import Atom, Exists, Formula, Term, both, negate, rebuild
from tools.logic.phrases import Phrases, Property, Tokens, coordinated, joined
from tools.logic.scope import Unread, lower


def negated(holds: Property) -> Property:
    """The property of not having it."""
    return lambda term: negate(holds(term))


class Predicates(Phrases):
    """Reads "is …", "likes …", "does not …", "can …" and what is joined of them."""

    def predicate(self, tokens: Tokens) -> Property:
        """A verb phrase. Raises Unread."""
        self.scope.step()
        if not tokens:
            raise Unread("no verb")
        low = lower(tokens)
        paired = self.paired(tokens, low, self.predicate)
        if paired is not None:
            return paired
        cuts = self.cuts(tokens, low)
        if not cuts:
            return self.single(tokens, low)
        signs = {"and" if low[i] == "but" else low[i] for i in cuts if low[i] != ","} or {"and"}
        if len(signs) > 1:
            raise Unread("'and' and 'or' in one sentence")
        parts, start = [], 0
        for i in [*cuts, len(tokens)]:
            piece = tokens[start:i]
            parts.append(self.predicate(piece[:-1] if piece and piece[-1] == "," else piece))
            start = i + 1
        return joined(parts, signs.pop())

    def paired(self, tokens: Tokens, low: list[str], reader: Callable[[Tokens], Property]) -> Property | None:
        """ "either A or B", "neither A nor B", "both A and B" at the front."""
        link = {"either": "or", "neither": "nor", "both": "and"}.get(low[0])
        if link is None:
            return None
        for i in (i for i, word in enumerate(low) if word == link):
            try:
                left = tokens[1 : i - 1] if low[i - 1] == "," else tokens[1:i]
                parts = [reader(left), reader(tokens[i + 1 :])]
            except Unread:
                continue
            if low.count(link) > 1:
                raise Unread(f"more than one {link!r}")
            if low[0] == "neither":
                return lambda term: both(negate(parts[0](term)), negate(parts[1](term)))
            return joined(parts, "xor" if low[0] == "either" else "and")
        raise Unread(f"{low[0]!r} without its {link!r}")

    def cuts(self, tokens: Tokens, low: list[str]) -> list[int]:
        """Where a new verb phrase with its own verb begins after "and", "or", "but" or a comma."""
        found: list[int] = []
        for i in range(1, len(tokens) - 1):
            if low[i] not in ("and", "or", "but", ",") or not self.starts(low, i + 1):
                continue
            if low[i] == "," and low[i + 1] in ("and", "or", "but"):
                continue
            if any(word in w.RELATIVE for word in low[(found[-1] + 1 if found else 0) : i]):
                raise Unread("a relative clause or the main clause may go on")
            found.append(i)
        return found

    def starts(self, low: list[str], i: int) -> bool:
        """Whether a finite verb stands at i (after "also", "never")."""
        while i < len(low) and low[i] in w.DROPPED | {"never"}:
            i += 1
        if i >= len(low):
            return False
        return (
            low[i] in w.BE | w.AUXILIARY
            or self.lexicon.verb(low[i]) is not None
            and low[i] not in self.lexicon.adjectives
        )

    def single(self, tokens: Tokens, low: list[str]) -> Property:
        """One verb phrase."""
        first = low[0]
        if first in w.DROPPED:
            return self.predicate(tokens[1:])
        if first == "never":
            return negated(self.predicate(tokens[1:]))
        if first in w.BE:
            return self.being(tokens[1:], low[1:], "_past" if first in w.BE_PAST else "")
        if first in w.DO:
            return self.doing(tokens[1:], low[1:], "_past" if first == "did" else "")
        if first in w.MODAL:
            return self.modal(first, tokens[1:], low[1:])
        known = self.lexicon.verb(first)
        if known is None and not (first.endswith("s") and w.third_person(first, self.lexicon.words) != first):
            raise Unread(f"{tokens[0]!r} is not known as a verb")
        base, past = known or (w.third_person(first, self.lexicon.words), False)
        return self.acting(base, tokens[1:], "_past" if past else "")

    def being(self, tokens: Tokens, low: list[str], tense: str) -> Property:
        """What follows "is"."""
        if not tokens or low[0] in ("to", "being", "been", "going"):
            raise Unread("'is' with nothing to be")
        if low[:2] == ["not", "always"]:
            raise Unread("'not always' is not 'never'")
        while len(low) > 1 and low[-1] in w.TRAILING:
            tokens, low = tokens[:-1], low[:-1]
        if low[0] == "not":
            if "and" in low and not self.negated_list(low):
                raise Unread("how far 'not' reaches")
            if "and" not in low and "," not in low:
                return negated(self.complement(tokens[1:], tense))
        if low[0] == "never":
            return negated(self.complement(tokens[1:], tense))
        return self.complement(tokens, tense)

    @staticmethod
    def negated_list(low: list[str]) -> bool:
        """ "not A and not B": every part carries its own "not"."""
        pieces, sign = coordinated(low)
        return sign == "and" and all(piece[0] == "not" for piece in pieces)

    def doing(self, tokens: Tokens, low: list[str], tense: str) -> Property:
        """What follows "does": "not like the dog"."""
        opposite = low[:1] in (["not"], ["never"])
        rest = tokens[1:] if opposite else tokens
        if not rest or rest[0].lower() in w.LOGICAL | {"always"}:
            raise Unread("'does' without a verb")
        if opposite and {"and", "but"} & set(lower(rest)) and self.definite_tail(rest):
            raise Unread("how far 'not' reaches")
        rest = [rest[0], *("a" if token.lower() == "any" and opposite else token for token in rest[1:])]
        holds = self.acting(rest[0].lower(), rest[1:], tense)
        return negated(holds) if opposite else holds

    @staticmethod
    def definite_tail(tokens: Tokens) -> bool:
        return any(token.lower() in ("and", "but") for token in tokens)

    def modal(self, word: str, tokens: Tokens, low: list[str]) -> Property:
        """ "can fly", "will not sleep": the modal stays part of the predicate."""
        opposite = low[:1] in (["not"], ["never"])
        rest = tokens[1:] if opposite else tokens
        if not rest or rest[0].lower() in w.LOGICAL | {"be", "have", "been"}:
            raise Unread(f"{word!r} without a plain verb")
        if opposite and self.definite_tail(rest):
            raise Unread("how far 'not' reaches")
        holds = self.acting(f"{word}_{rest[0].lower()}", rest[1:], "")
        return negated(holds) if opposite else holds

    def acting(self, base: str, tokens: Tokens, tense: str) -> Property:
        """A verb with what follows it."""
        low = lower(tokens)
        while low and low[-1] in w.TRAILING:
            tokens, low = tokens[:-1], low[:-1]
        if low and (low[-1].endswith("ly") or low[-1] in ("often", "hard", "well", "fast")) and len(low) != 1:
            base, tokens, low = f"{base}_{low[-1]}", tokens[:-1], low[:-1]
        if not tokens:
            self.lexicon.acted.add(base)
        if base == "exist" and not tokens:
            raise Unread("'exists' of an individual")
        if low and low[0] == "not":
            raise Unread("'not' after a verb")
        if low[:1] == ["either"] or low[:1] == ["neither"] or low[:1] == ["both"]:
            paired = self.paired(tokens, low, partial(self.object, key=base + tense))
            if paired is not None:
                return paired
        if len(tokens) > 1 and low[0] in w.PREPOSITION and low[:3] != ["at", "least", "one"]:
            return self.with_object(f"{base}_{low[0]}{tense}", tokens[1:])
        three = self.with_two(base + tense, tokens, low)
        return three if three is not None else self.with_object(base + tense, tokens)

    def with_two(self, key: str, tokens: Tokens, low: list[str]) -> Property | None:
        """ "gives the book to Ann": a relation of three; None where the phrases are not both individuals."""
        place = next((i for i in range(1, len(low) - 1) if low[i] in ("to", "with", "from")), None)
        if place is None or {"and", "or", "nor", ","} & set(low):
            return None
        thing: Term | None = None
        kind = None
        if place == 1 and low[0] in w.PRONOUN_OBJECT:
            thing = self.scope.pronoun(low[0], as_object=True)
        elif low[0] in w.ARTICLE and not set(low[:place]) & w.RELATIVE:
            kind, other = self.within(tokens[1:place]), self.scope.fresh()
        else:
            thing = self.definite(tokens[:place])
        receiver = self.definite(tokens[place + 1 :])
        if receiver is None:
            return None
        relation, to = f"{key}_{low[place]}", receiver
        if thing is not None:
            given = thing
            return lambda term: Atom(relation, (term, given, to))
        if kind is None:
            return None
        described = kind
        return lambda term: Exists((other,), both(*described(other), Atom(relation, (term, other, to))))

    def with_object(self, key: str, tokens: Tokens) -> Property:
        """The object, or a list of objects of one kind."""
        pieces, sign = coordinated(tokens) if tokens else ([tokens], "and")
        if len(pieces) > 1 and sign == "and" and not self.separate(pieces):
            return self.whole(key, tokens)
        if len(pieces) > 1:
            return joined([self.object(piece, key) for piece in pieces], sign)
        return self.object(tokens, key)

    def separate(self, pieces: Sequence[Tokens]) -> bool:
        """Whether a list is of things of one kind; "a well kept and quiet garden" is one noun phrase."""
        starts = [self.start_of(piece) for piece in pieces]
        if starts[0] == "bare":
            return all(len(piece) == 1 for piece in pieces) and "bare" == starts[-1] or set(starts) != {"bare"}
        return all(start != "bare" for start in starts[1:])

    @staticmethod
    def start_of(piece: Tokens) -> str:
        first = piece[0].lower()
        if w.is_name(piece[0]) or first == "the" or first in w.PRONOUN_OBJECT | w.REFLEXIVE:
            return "name"
        return "some" if first in w.ARTICLE | w.UNIVERSAL | w.POSSESSIVE | {"some", "no"} else "bare"

    def whole(self, key: str, tokens: Tokens) -> Property:
        """An object with "and" inside that is no list of objects: all its words as one predicate."""
        words = [token for token in tokens if token.lower() not in ("and", ",", *w.ARTICLE)]
        if any(token.lower() in w.RELATIVE | w.AUXILIARY | w.BE for token in words):
            raise Unread("what the list belongs to")
        return self.opaque(f"{key}_both", words)

    # Complements ------------------------------------------------------------------------------------------------

    def complement(self, tokens: Tokens, tense: str) -> Property:
        """What somebody is: "kind and not big", "a dog that barks", "taller than Tom", "loved by the cat"."""
        self.scope.step()
        if not tokens:
            raise Unread("nothing to be")
        low = lower(tokens)
        paired = self.paired(tokens, low, partial(self.complement, tense=tense))
        if paired is not None:
            return paired
        pieces, sign = coordinated(tokens)
        if len(pieces) > 1:
            return self.listed(pieces, sign, tense)
        while low and low[0] in w.DROPPED:
            tokens, low = tokens[1:], low[1:]
        if low[:1] == ["not"]:
            return negated(self.complement(tokens[1:], tense))
        return self.one(tokens, low, tense)

    def listed(self, pieces: list[Tokens], sign: str, tense: str) -> Property:
        """ "a big and kind dog" is one noun phrase, "big and kind" two complements."""
        if pieces[0][0].lower() in w.ARTICLE and pieces[1][0].lower() not in w.ARTICLE | {"not"} and sign == "and":
            flat = [token for i, piece in enumerate(pieces) for token in ([","] if i else []) + list(piece)]
            if not any(token.lower() in w.RELATIVE | w.PREPOSITION for token in flat):
                return self.described_as(flat[1:], tense)
            raise Unread("a list in a longer noun phrase")
        if any(piece[0].lower() not in w.ARTICLE | {"not"} for piece in pieces[1:]) and any(
            token.lower() in w.PREPOSITION | {"than"} for piece in pieces[:-1] for token in piece
        ):
            return self.shared_object(pieces, sign, tense)
        return joined([self.complement(piece, tense) for piece in pieces], sign)

    def shared_object(self, pieces: list[Tokens], sign: str, tense: str) -> Property:
        """ "is in Rome and happy" is two; "is fond of Ann and Ben" is one relation to two individuals."""
        first = lower(pieces[0])
        place = next((i for i, word in enumerate(first) if word in w.PREPOSITION | {"than"}), None)
        if place is not None and all(self.definite(piece) is not None for piece in pieces[1:]):
            key = w.key_of(first[: place + 1]) + tense
            return joined([self.object(pieces[0][place + 1 :], key), *(self.object(p, key) for p in pieces[1:])], sign)
        if all(self.definite(piece) is None for piece in pieces[1:]):
            return joined([self.complement(piece, tense) for piece in pieces], sign)
        raise Unread("what the list belongs to")

    def one(self, tokens: Tokens, low: list[str], tense: str) -> Property:
        """One complement."""
        if not low:
            raise Unread("nothing to be")
        if "than" in low:
            return self.comparison(tokens, low, tense)
        if low[0] in w.ARTICLE:
            return self.described_as(tokens[1:], tense)
        if low[:2] == ["one", "of"]:
            return self.described_as(tokens[3:] if low[2:3] == ["the"] else tokens[2:], tense)
        if (
            tokens[0].endswith("'s")
            and w.key_of([*low[:-1], w.singular(low[-1], self.lexicon.words)]) in self.lexicon.classes
        ):
            return self.described_as(tokens, tense)
        if low[0] == "the" or tokens[0].endswith(("'s", "’s")):
            return self.opaque("be" + tense, tokens)
        if low[0] in w.PREPOSITION:
            before = set(self.scope.mentioned)
            holds = self.object(tokens[1:], low[0] + tense)
            if low[0] in w.PLACING:
                self.scope.places |= set(self.scope.mentioned) - before
            return holds
        place = next((i for i, word in enumerate(low) if i and word in w.PREPOSITION), None)
        relative = next((i for i, word in enumerate(low) if word in w.RELATIVE), len(low))
        if place is not None and place < relative and place + 1 < len(low):
            return self.prepositional(tokens, low, place, tense)
        if len(low) == 1 and w.singular(low[0], self.lexicon.words) == low[0]:
            return self.plain(tokens, tense)
        return self.described_as(tokens, tense)

    def plain(self, tokens: Tokens, tense: str) -> Property:
        """One word: an adjective, as far as can be seen."""
        self.refuse_logic(tokens)
        if w.is_name(tokens[0]) and w.key_of(tokens) in self.lexicon.names:
            raise Unread("one name for another")
        self.lexicon.adjectives.add(tokens[0].lower())
        key = w.key_of(tokens) + tense
        return lambda term: Atom(key, (term,))

    def prepositional(self, tokens: Tokens, low: list[str], place: int, tense: str) -> Property:
        """ "loved by Tom" is Tom's loving; "afraid of the dog" a relation; "animals from Peru" a noun phrase."""
        if low[place] == "by" and place == 1:
            base = w.past_base(low[0], w.VERBS | self.lexicon.verbs, participle=True)
            if base:
                return self.passive(base + tense, tokens[2:])
        if w.singular(low[place - 1], self.lexicon.words) != low[place - 1]:
            return self.described_as(tokens, tense)
        self.refuse_logic(tokens[: place + 1])
        return self.object(tokens[place + 1 :], w.key_of(low[: place + 1]) + tense)

    def passive(self, key: str, tokens: Tokens) -> Property:
        """ "is chased by the dog": the dog chases it."""
        agent = self.definite(tokens)
        if agent is not None:
            return lambda term: Atom(key, (agent, term))
        if tokens and self.start_of(tokens) == "bare":  # "loved by tourists": nobody is named
            return self.opaque(f"{key}_by", tokens)
        swapped = self.object(tokens, key)

        def holds(term: Term) -> Formula:
            return _swapped(swapped(term), key, term)

        return holds

    def comparison(self, tokens: Tokens, low: list[str], tense: str) -> Property:
        """ "taller than Tom", "more careful than Tom"."""
        at = low.index("than")
        if low[0] in ("less", "more"):
            self.refuse_logic(tokens[1:at])
        else:
            self.refuse_logic(tokens[:at])
        other = self.definite(tokens[at + 1 :])
        if other is None or at > 3:
            raise Unread("a comparison with something unnamed")
        key = w.key_of([*low[:at], "than"]) + tense
        return lambda term: Atom(key, (term, other))

    def described_as(self, tokens: Tokens, tense: str) -> Property:
        """A noun phrase or adjective said of the subject."""
        if not tokens:
            raise Unread("nothing to be")
        if w.is_name(tokens[0]) and w.key_of(tokens) in self.lexicon.names:
            raise Unread("one name for another")
        described = self.nominal(tokens)

        def holds(term: Term) -> Formula:
            parts = described(term)
            if not parts:
                raise Unread("'is a thing'")
            if not tense:
                return both(*parts)
            return both(*(_past(part) if isinstance(part, Atom) and len(part.args) == 1 else part for part in parts))

        return holds


def _past(atom: Atom) -> Atom:
    return Atom(f"{atom.predicate}_past", atom.args, atom.negated)


def _swapped(formula: Formula, key: str, subject: Term) -> Formula:
    """The relation `key` with its sides changed, through connectives."""
    if isinstance(formula, Atom):
        if formula.predicate == key and len(formula.args) == 2 and formula.args[0] == subject:
            return Atom(key, (formula.args[1], subject), formula.negated)
        if len(formula.args) == 1 and formula.args[0] == subject:
            raise Unread("a passive with an unnamed agent")
        return formula
    return rebuild(formula, lambda part: _swapped(part, key, subject))
