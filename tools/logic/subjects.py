"""Who a clause speaks of, and what it claims of them: names, kinds, pronouns, every, no, some, a, bare plurals."""

from __future__ import annotations

from tools.logic import words as w
from tools.logic.language import Atom, Exists, ForAll, Formula, Implies, Name, Or, Term, both, negate
from tools.logic.phrases import Property, Tokens, joined
from tools.logic.predicates import Predicates
from tools.logic.scope import Unread, lower

_SINGULAR = frozenset(["is", "was", "does", "has"])
_NO_KIND = frozenset("this these those we i you such one ones whoever whatever".split())
_COUNTED = frozenset("dog cat man woman child boy girl person thing animal".split())


class Subjects(Predicates):
    """Reads a subject with its verb phrase."""

    def simple(self, tokens: Tokens, low: list[str]) -> Formula:
        """A subject and its verb phrase; the first place for the verb at which both can be read."""
        scope = self.scope
        for at in self.verbs(tokens, low):
            kept = (scope.focus, dict(scope.bound), list(scope.variables), list(scope.given), list(scope.mentioned))
            try:
                return self.claim(trimmed(tokens[:at]), tokens[at:])
            except Unread:
                scope.focus, scope.bound, scope.variables, scope.given, scope.mentioned = kept
        raise Unread("no subject and verb that fit")

    def verbs(self, tokens: Tokens, low: list[str]) -> list[int]:
        """Where the main verb may stand, likeliest first."""
        strong: list[int] = []
        weak: list[int] = []
        shaped: list[int] = []
        i = 1
        while i < len(low):
            if low[i - 1] in w.RELATIVE or i == 1 and low[0] in w.RELATIVE:
                while i + 1 < len(low) and low[i] in w.BE | w.AUXILIARY | {"not", "never"} | w.DROPPED:
                    i += 1
                i += 1
                continue
            before = low[i - 1]
            if low[i] in ("either", "neither", "both") and before not in w.BE and self.starts_pair(low, i):
                strong.append(i)
            elif low[i] in w.BE | w.AUXILIARY:
                if before not in ("and", "or", "but", "nor"):
                    strong.append(i)
            elif before in w.ARTICLE | w.PREPOSITION | {"and", "or", "nor", "not", "the", "to"} | w.UNIVERSAL | w.BE:
                pass
            elif low[i] in ("never", *w.DROPPED) or self.lexicon.verb(low[i]):
                weak.append(i)
            elif low[i].endswith("s") and w.third_person(low[i], self.lexicon.words) != low[i]:
                shaped.append(i)
            i += 1
        return sorted(strong + weak) + shaped

    def starts_pair(self, low: list[str], i: int) -> bool:
        """Whether "either" at i joins verbs: a known one follows, or two with the -s of a verb ("rows or fences")."""
        if self.starts(low, i + 1):
            return True
        link = "nor" if low[i] == "neither" else "or"
        at = next((j for j in range(i + 2, len(low) - 1) if low[j] == link), None)
        return at is not None and at == i + 2 and low[i + 1].endswith("s") and low[at + 1].endswith("s")

    def claim(self, subject: Tokens, verb: Tokens) -> Formula:
        """Subject and verb phrase to a formula."""
        self.scope.step()
        low = lower(subject)
        if low and low[0] == ",":
            raise Unread("a comma before the verb")
        together = self.several(subject, low)
        if together is not None:
            terms, sign = together
            holds = self.predicate(verb)
            if sign == "nor":
                return both(*(negate(holds(term)) for term in terms))
            return joined([_about(holds, term) for term in terms], sign)(terms[0])
        weather = _weather(low, lower(verb))
        if weather is not None:
            return weather
        if len(low) == 1 and low[0] in w.PRONOUN:
            meant = self.scope.pronoun(low[0])
            return self.predicate(verb)(meant)
        term = self.definite(subject) or self.one_kind(subject, low, verb)
        if term is not None:
            self.refocus(term)
            return self.predicate(verb)(term)
        return self.quantified_claim(subject, low, verb)

    def one_kind(self, subject: Tokens, low: list[str], verb: Tokens) -> Term | None:
        """An uncountable kind taken as one individual ("machine translation is …"), and "the games" with "is"."""
        if verb[0].lower() not in _SINGULAR and not (
            self.lexicon.verb(verb[0]) and verb[0].lower() not in w.VERBS | self.lexicon.verbs
        ):
            return None
        if low[0] == "the" and len(low) < 6 and low[-1].endswith("s"):
            body = low[1:]
        else:
            body = low
        singular = body is not low or w.singular(low[-1], self.lexicon.words) == low[-1]
        known = set(low) & (w.LOGICAL | w.PREPOSITION | w.ARTICLE | w.PRONOUN | w.POSSESSIVE | w.DROPPED | _NO_KIND)
        key = w.key_of(body)
        if not singular or known - {"the"} or "the" in body or key in self.lexicon.classes or not body:
            return None
        if (
            len(body) == 1
            and (body[0] in self.lexicon.adjectives or body[0] in _COUNTED)
            or any(not word[0].isalnum() for word in body)
        ):
            return None
        if self.scope.mode == "claim":
            self.lexicon.kinds.add(key)
        return self.scope.mention(Name(key))

    def refocus(self, term: Term) -> None:
        self.scope.subject = self.scope.subject or term
        if self.scope.focus is None:
            self.scope.focus = term if term in self.scope.bound.values() else None

    def several(self, subject: Tokens, low: list[str]) -> tuple[list[Term], str] | None:
        """ "Tom and Ann", "neither Tom nor Ann", "either Tom or Ann", "Tom, Ann and Ben"."""
        lead = low[0] if low[0] in ("either", "neither", "both") else ""
        body = subject[1:] if lead else subject
        links = [word for word in lower(body) if word in ("and", "or", "nor")]
        if not links or len(set(links)) > 1:
            return None
        pieces: list[list[str]] = [[]]
        for token in body:
            if token.lower() in ("and", "or", "nor", ","):
                pieces.append([])
            else:
                pieces[-1].append(token)
        terms = [self.definite(piece) for piece in pieces if piece]
        found = [term for term in terms if term is not None]
        if len(found) != len(terms) or len(found) < 2:
            return None
        if lead == "neither" or links[0] == "nor":
            return found, "nor"
        return found, "xor" if lead == "either" else links[0]

    def quantified_claim(self, subject: Tokens, low: list[str], verb: Tokens) -> Formula:
        """The subject is no individual: every, no, some, a, or a bare plural."""
        kind, phrase = self.quantifier(subject, low, verb)
        described = self.nominal(phrase) if phrase else (lambda term: ())
        scope = self.scope
        if scope.mode == "conclusion" and kind in ("a", "plural"):
            raise Unread("who is meant in the conclusion")
        binds = kind in ("some", "a", "plural", "any") and scope.mode in ("condition", "open")
        binds = binds or kind in ("all", "no") and scope.mode == "open"
        variable = scope.fresh()
        before = scope.focus
        scope.focus = variable
        key = w.key_of([*low[1:-1], w.singular(low[-1], self.lexicon.words)]) if kind == "a" else ""
        if binds:
            parts = described(variable)
            scope.variables.append(variable)
            scope.given.extend(parts)
            if key:
                scope.bound[key] = variable
            body = self.predicate(verb)(variable)
            return negate(body) if kind == "no" else body
        parts = described(variable)
        body = self.predicate(verb)(variable)
        scope.focus = before
        if kind == "some":
            if "and" in low and any(isinstance(part, Or) for part in parts):
                raise Unread("'some' before a list of kinds")
            return Exists((variable,), both(*parts, body))
        body = negate(body) if kind == "no" else body
        return ForAll((variable,), Implies(both(*parts), body) if parts else body)

    def quantifier(self, subject: Tokens, low: list[str], verb: Tokens) -> tuple[str, Tokens]:
        """(all | any | no | some | a | plural, the words of the noun phrase)."""
        first = low[0]
        rest = subject[1:]
        if low[1:3] == ["of", "the"] or low[1:3] == ["of", "these"]:
            rest = subject[3:]
        elif low[1:2] in (["of"], ["the"]) and first in w.UNIVERSAL | {"some", "none"}:
            rest = subject[2:]
        if first in w.UNIVERSAL:
            return ("any" if first == "any" else "all"), rest
        if first in ("no", "none"):
            return "no", rest
        if first in w.UNIVERSAL_WHOLE | w.SOME_WHOLE | w.NEGATIVE_WHOLE:
            kind = "any" if first.startswith("any") else "all" if first in w.UNIVERSAL_WHOLE else "some"
            if first in ("whoever", "whatever"):
                rest = ["who", *rest]
            return ("no" if first in w.NEGATIVE_WHOLE else kind), _whole(rest)
        if low[:3] == ["at", "least", "one"]:
            return "some", subject[3:]
        if first == "some":
            return "some", rest
        if first in w.ARTICLE:
            if self.scope.mode in ("claim", "conclusion") and not _timeless(verb):
                raise Unread("'a' may mean any or some one")
            return "a", rest
        if first == "those":
            return "plural", ["people", *rest]
        return "plural", self.plural(subject, low, verb)

    def plural(self, subject: Tokens, low: list[str], verb: Tokens) -> Tokens:
        """A bare plural ("round, kind things") with a verb that goes with it; else Unread."""
        end = next((i for i, word in enumerate(low) if word in w.RELATIVE | w.PREPOSITION), len(low))
        if end == 0 or w.is_name(subject[0]) and len(subject) == 1 and subject[0].lower() not in self.lexicon.words:
            raise Unread("neither a name nor a plural")
        head = low[end - 1] if low[end - 1] != "," else low[end - 2]
        known = head in w.IRREGULAR_PLURAL or w.singular(head, self.lexicon.words) != head
        mass = w.key_of(low) in self.lexicon.classes and end == len(low)
        if mass:
            return subject
        if not known or verb[0].lower() in ("is", "was", "does", "has"):
            raise Unread("neither a name nor a plural")
        return subject


def _weather(subject: list[str], verb: list[str]) -> Formula | None:
    """ "It rains", "it is not snowing": nobody rains."""
    kinds = {"rains": "rain", "rain": "rain", "raining": "rain", "snows": "snow", "snow": "snow", "snowing": "snow"}
    rest = [word for word in verb if word not in ("is", "does", "not")]
    if subject != ["it"] or len(rest) != 1 or rest[0] not in kinds:
        return None
    return Atom(kinds[rest[0]], (Name("weather"),), "not" in verb)


def _about(holds: Property, term: Term) -> Property:
    return lambda _: holds(term)


def _whole(rest: Tokens) -> Tokens:
    """ "everyone who …", "something red": the noun phrase about a thing; nothing for a bare "everyone"."""
    if not rest:
        return []
    return ["things", *rest] if rest[0].lower() in w.RELATIVE | w.PREPOSITION else [*rest, "things"]


def _timeless(verb: Tokens) -> bool:
    return verb[0].lower() not in w.BE_PAST | {"did"} and not verb[0].lower().endswith("ed")


def trimmed(tokens: Tokens) -> Tokens:
    """The words without commas at the end."""
    while tokens and tokens[-1] == ",":
        tokens = tokens[:-1]
    return tokens
