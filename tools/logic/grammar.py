"""Sentences of English to formulas of our language, by pattern; what does not fit is Unread, never guessed.

Read as exclusive: "either … or". Read as inclusive: a plain "or", "unless". "Every A is not B" is read as "no A is B".
"People", "things" and "individuals" are everything the text speaks of, unless the text uses "person" as a class.
What this does not do: tense beyond keeping past and present apart, numbers ("at least two"), "most", "only Tom".
"""

from __future__ import annotations

from collections.abc import Callable

from tools.logic import words as w
from tools.logic.language import (
    And,
    Atom,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Name,
    Or,
    Term,
    Variable,
    Xor,
    both,
    negate,
    show,
)
from tools.logic.phrases import Property, Tokens, joined
from tools.logic.predicates import Predicates
from tools.logic.scope import MAX_TOKENS, Mode, Unread, lower

_SINGULAR = frozenset(["is", "was", "does", "has"])
_NO_KIND = frozenset("this these those we i you such one ones whoever whatever".split())
_COUNTED = frozenset("dog cat man woman child boy girl person thing animal".split())
_STARTERS = w.PRONOUN | w.UNIVERSAL | w.UNIVERSAL_WHOLE | w.SOME_WHOLE | w.NEGATIVE_WHOLE | w.ARTICLE | {
    "the", "some", "no", "there", "if", "either", "neither", "both", "not", "only", "those",
}  # fmt: skip
_OPENERS = (
    ("we", "know", "that"), ("suppose", "that"), ("assume", "that"), ("suppose",), ("assume",), ("given", "that"),
    ("it", "is", "known", "that"), ("it", "is", "true", "that"), ("it", "is", "a", "fact", "that"), ("then",),
    ("in", "addition"), ("and",), ("but",), ("we", "also", "know", "that"), ("given",), ("finally",), ("now",),
)  # fmt: skip


class Grammar(Predicates):
    """Reads one sentence in its scope; `read` is the entrance."""

    def read(self, tokens: Tokens) -> Formula:
        """The formula of a declarative sentence. Raises Unread."""
        if len(tokens) > MAX_TOKENS:
            raise Unread("a very long sentence")
        return self.clause(_opened(tokens))

    def clause(self, tokens: Tokens) -> Formula:
        """Any clause, from the outermost connective inwards."""
        self.scope.step()
        if len(tokens) < 2:
            raise Unread("too short")
        low = lower(tokens)
        if low[0] in w.DROPPED or low[0] == ",":
            return self.clause(tokens[1:])
        for reader in (self.denied, self.conditional, self.connected, self.existence, self.only, self.not_all):
            formula = reader(tokens, low)
            if formula is not None:
                return formula
        return self.simple(tokens, low)

    # Connectives ------------------------------------------------------------------------------------------------

    def denied(self, tokens: Tokens, low: list[str]) -> Formula | None:
        """ "It is not the case that …", "it is false that …"."""
        for opener in (
            ["it", "is", "not", "the", "case", "that"],
            ["it", "is", "not", "true", "that"],
            ["it", "is", "false", "that"],
        ):
            if low[: len(opener)] == opener:
                rest = low[len(opener) :]
                if {"and", "or", "if", "unless"} & set(rest) and rest[0] not in ("if", "either", "both"):
                    raise Unread("how far 'not' reaches")
                return negate(self.clause(tokens[len(opener) :]))
        return None

    def conditional(self, tokens: Tokens, low: list[str]) -> Formula | None:
        """Every form of if, only if, if and only if, unless."""
        if low[:5] == ["if", "and", "only", "if"] or low[:4] == ["if", "and", "only", "if"]:
            left, right = self.halves(tokens[4:], low[4:])
            return self.bind(left, right, "condition", Iff)
        if low[0] == "unless":
            left, right = self.halves(tokens[1:], low[1:])
            return self.unless(right, left)
        if low[0] in ("if", "whenever", "when"):
            left, right = self.halves(tokens[1:], low[1:])
            return self.bind(left, right, "condition", Implies)
        return self.trailing_condition(tokens, low)

    def trailing_condition(self, tokens: Tokens, low: list[str]) -> Formula | None:
        """ "A if B", "A only if B", "A if and only if B", "A unless B"."""
        for i in range(1, len(low)):
            if low[i] == "unless":
                return self.unless(_trim(tokens[:i]), tokens[i + 1 :])
            if low[i : i + 4] == ["if", "and", "only", "if"]:
                return self.bind(_trim(tokens[:i]), tokens[i + 4 :], "open", Iff)
            if low[i : i + 2] == ["only", "if"]:
                return self.bind(_trim(tokens[:i]), tokens[i + 2 :], "open", Implies)
            if low[i] == "if" or low[i : i + 2] == ["provided", "that"]:
                rest = tokens[i + (1 if low[i] == "if" else 2) :]
                return self.bind(_trim(tokens[:i]), rest, "open", lambda then, condition: Implies(condition, then))
        return None

    def halves(self, tokens: Tokens, low: list[str]) -> tuple[Tokens, Tokens]:
        """The condition and the conclusion: cut at "then", else at the comma where both sides can be read."""
        if "then" in low:
            at = low.index("then")
            if "then" in low[at + 1 :] and "if" not in low[:at] and "if" not in low[at + 1 :]:
                raise Unread("two 'then'")
            return _trim(tokens[:at]), tokens[at + 1 :]
        commas = [i for i, word in enumerate(low) if word == ","]
        readable = [i for i in commas if self.readable(tokens[:i]) and self.readable(tokens[i + 1 :])]
        if len(readable) == 1:
            return tokens[: readable[0]], tokens[readable[0] + 1 :]
        if not commas:
            starts = [i for i in range(2, len(low)) if low[i] in w.PRONOUN or self.starts_clause(tokens, i)]
            fits = [i for i in starts if self.readable(tokens[:i]) and self.readable(tokens[i:])]
            if len(fits) == 1:
                return tokens[: fits[0]], tokens[fits[0] :]
        raise Unread("where the condition ends")

    def starts_clause(self, tokens: Tokens, i: int) -> bool:
        return tokens[i].lower() in _STARTERS or w.is_name(tokens[i])

    def readable(self, tokens: Tokens) -> bool:
        """Whether the words can be a clause at all (tried aside, nothing is kept)."""
        kept = (self.scope.mode, self.scope.focus, dict(self.scope.bound), list(self.scope.variables),
                list(self.scope.given), list(self.scope.mentioned))  # fmt: skip
        aside, self.scope.aside, self.scope.mode = self.scope.aside, True, "condition"
        self.scope.focus = self.scope.focus or self.scope.fresh()
        try:
            self.clause(tokens)
        except Unread:
            return False
        finally:
            (self.scope.mode, self.scope.focus, self.scope.bound, self.scope.variables,
             self.scope.given, self.scope.mentioned) = kept  # fmt: skip
            self.scope.aside = aside
        return True

    def bind(self, first: Tokens, second: Tokens, mode: Mode, join: Callable[[Formula, Formula], Formula]) -> Formula:
        """Two clauses that share their indefinites ("if a dog …, it …"), joined and closed by "for all"."""
        scope = self.scope
        outer = (scope.mode, scope.variables, scope.given)
        scope.variables, scope.given, scope.mode = [], [], mode
        left = self.clause(first)
        scope.objects, scope.meant = _existing(left), []
        scope.mode = "conclusion" if mode == "condition" else "condition"
        right = self.clause(second)
        for variable in dict.fromkeys(scope.meant):  # "if Ann buys a book, she reads it": any book
            left, kind = _freed(left, variable)
            scope.variables.append(variable)
            scope.given.extend(kind)
        scope.objects, scope.meant = [], []
        variables, given = scope.variables, scope.given
        scope.mode, scope.variables, scope.given = outer
        formula = join(left, right)
        if given:
            formula = (
                Implies(both(*given, formula.condition), formula.conclusion)
                if isinstance(formula, Implies)
                else Implies(both(*given), formula)
            )
        return ForAll(tuple(variables), formula) if variables else formula

    def unless(self, main: Tokens, exception: Tokens) -> Formula:
        """ "A unless B": without B, A."""
        scope = self.scope
        outer = (scope.mode, scope.variables, scope.given)
        scope.variables, scope.given, scope.mode = [], [], "open"
        claim = self.clause(main)
        scope.mode = "claim"
        condition = negate(self.clause(exception))
        formula: Formula = Implies(both(*scope.given, condition), claim)
        variables = scope.variables
        scope.mode, scope.variables, scope.given = outer
        return ForAll(tuple(variables), formula) if variables else formula

    def connected(self, tokens: Tokens, low: list[str]) -> Formula | None:
        """Whole clauses joined by either … or, and, or, but."""
        lead = {"either": "or", "neither": "nor"}.get(low[0], "")
        body = tokens[1:] if lead == "or" else tokens
        found: list[tuple[Formula, Formula, str]] = []
        offset = len(tokens) - len(body)
        for i in range(offset + 2, len(tokens) - 2):
            if low[i] not in ("and", "or", "but") or not self.starts_clause(tokens, i + 1):
                continue
            if lead and low[i] != lead:
                continue
            pair = self.both_sides(tokens[offset:i], tokens[i + 1 :])
            if pair is not None:
                found.append((*pair, low[i]))
                break
        if not found or lead == "nor":
            return None
        left, right, sign = found[0]
        rest = {word for word in low if word in ("and", "or", "but")}
        if sign == "or" and not lead and {"and", "but"} & rest:
            raise Unread("'and' and 'or' in one sentence")
        if sign == "or":
            return Xor(left, right) if lead else Or((left, right))
        if "or" in rest and isinstance(left, Or) != isinstance(right, Or) and "either" not in low:
            raise Unread("'and' and 'or' in one sentence")
        return both(left, right)

    def both_sides(self, left: Tokens, right: Tokens) -> tuple[Formula, Formula] | None:
        scope = self.scope
        kept = (scope.focus, dict(scope.bound), list(scope.variables), list(scope.given), list(scope.mentioned))
        try:
            return self.clause(_trim(left)), self.clause(right)
        except Unread:
            scope.focus, scope.bound, scope.variables, scope.given, scope.mentioned = kept
            return None

    # Quantifiers that shape the whole clause ---------------------------------------------------------------------

    def existence(self, tokens: Tokens, low: list[str]) -> Formula | None:
        """ "There is a dog that barks", "there are no …", "some turtles exist"."""
        if low[0] == "there" and low[1] in w.BE_PRESENT:
            rest, words = tokens[2:], low[2:]
            opposite = words[:1] in (["no"], ["not"])
            while words and words[0] in w.ARTICLE | {"some", "no", "not", "any"} or words[:3] == ["at", "least", "one"]:
                skip = 3 if words[0] == "at" else 1
                rest, words = rest[skip:], words[skip:]
        elif low[-1] in ("exist", "exists") and low[0] in w.ARTICLE | {"some", "no"}:
            rest, opposite = tokens[1:-1], low[0] == "no"
        else:
            return None
        variable = self.scope.fresh()
        parts = self.nominal(rest)(variable)
        if not parts:
            raise Unread("there is something")
        exists = Exists((variable,), both(*parts))
        return negate(exists) if opposite else exists

    def only(self, tokens: Tokens, low: list[str]) -> Formula | None:
        """ "Only dogs bark": whatever barks is a dog."""
        if low[0] != "only":
            return None
        if low[1:2] == ["the"] or w.is_name(tokens[1]):
            raise Unread("'only' with an individual")
        for at in self.verbs(tokens, low):
            try:
                described = self.nominal(tokens[1:at])
                variable = self.scope.fresh()
                parts, claim = described(variable), self.predicate(tokens[at:])(variable)
            except Unread:
                continue
            if parts:
                return ForAll((variable,), Implies(claim, both(*parts)))
        raise Unread("'only'")

    def not_all(self, tokens: Tokens, low: list[str]) -> Formula | None:
        """ "Not all dogs bark", "not every dog barks"."""
        if low[0] != "not" or low[1] not in ("all", "every", "everyone", "everybody", "everything"):
            return None
        return negate(self.clause(tokens[1:]))

    # Subject and verb phrase --------------------------------------------------------------------------------------

    def simple(self, tokens: Tokens, low: list[str]) -> Formula:
        """A subject and its verb phrase; the first place for the verb at which both can be read."""
        scope = self.scope
        for at in self.verbs(tokens, low):
            kept = (scope.focus, dict(scope.bound), list(scope.variables), list(scope.given), list(scope.mentioned))
            try:
                return self.claim(_trim(tokens[:at]), tokens[at:])
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


def _existing(condition: Formula) -> list[Variable]:
    """What exists in a condition, in plain conjunction with the rest."""
    if isinstance(condition, Exists):
        return list(condition.variables)
    if isinstance(condition, And):
        return [variable for part in condition.parts for variable in _existing(part)]
    return []


def _freed(condition: Formula, variable: Variable) -> tuple[Formula, list[Formula]]:
    """(the condition about the variable, now free; of what kind it is), where the variable is one of `_existing`."""
    parts = condition.parts if isinstance(condition, And) else (condition,)
    flat: list[Formula] = []
    for part in parts:
        body = part.body if isinstance(part, Exists) and part.variables == (variable,) else part
        flat += body.parts if isinstance(body, And) else [body]
    kind = [part for part in flat if isinstance(part, Atom) and part.args == (variable,)]
    rest = [part for part in flat if part not in kind]
    if not rest or any(isinstance(part, Exists) for part in rest if variable.name in show(part)):
        raise Unread("what a pronoun means")
    return both(*rest), kind


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
    return ["things", *rest] if rest[0].lower() in w.RELATIVE else [*rest, "things"]


def _timeless(verb: Tokens) -> bool:
    return verb[0].lower() not in w.BE_PAST | {"did"} and not verb[0].lower().endswith("ed")


def _trim(tokens: Tokens) -> Tokens:
    while tokens and tokens[-1] == ",":
        tokens = tokens[:-1]
    return tokens


def _opened(tokens: Tokens) -> Tokens:
    """Without "we know that" and the like at the front."""
    changed = True
    while changed:
        changed = False
        low = tuple(lower(tokens[:6]))
        for opener in _OPENERS:
            if low[: len(opener)] == opener and len(tokens) > len(opener) + 1:
                tokens, changed = tokens[len(opener) :], True
                break
        while tokens and tokens[0] in (",", ":"):
            tokens, changed = tokens[1:], True
    return tokens
