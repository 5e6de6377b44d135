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
    Or,
    Variable,
    Xor,
    both,
    negate,
    show,
)
from tools.logic.phrases import Tokens
from tools.logic.scope import MAX_TOKENS, Mode, Unread, lower
from tools.logic.subjects import Subjects, trimmed

_STARTERS = w.PRONOUN | w.UNIVERSAL | w.UNIVERSAL_WHOLE | w.SOME_WHOLE | w.NEGATIVE_WHOLE | w.ARTICLE | {
    "the", "some", "no", "there", "if", "either", "neither", "both", "not", "only", "those",
}  # fmt: skip
_OPENERS = (
    ("we", "know", "that"), ("suppose", "that"), ("assume", "that"), ("suppose",), ("assume",), ("given", "that"),
    ("it", "is", "known", "that"), ("it", "is", "true", "that"), ("it", "is", "a", "fact", "that"), ("then",),
    ("in", "addition"), ("and",), ("but",), ("we", "also", "know", "that"), ("given",), ("finally",), ("now",),
)  # fmt: skip


class Grammar(Subjects):
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
                return self.unless(trimmed(tokens[:i]), tokens[i + 1 :])
            if low[i : i + 4] == ["if", "and", "only", "if"]:
                return self.bind(trimmed(tokens[:i]), tokens[i + 4 :], "open", Iff)
            if low[i : i + 2] == ["only", "if"]:
                return self.bind(trimmed(tokens[:i]), tokens[i + 2 :], "open", Implies)
            if low[i] == "if" or low[i : i + 2] == ["provided", "that"]:
                rest = tokens[i + (1 if low[i] == "if" else 2) :]
                return self.bind(trimmed(tokens[:i]), rest, "open", lambda then, condition: Implies(condition, then))
        return None

    def halves(self, tokens: Tokens, low: list[str]) -> tuple[Tokens, Tokens]:
        """The condition and the conclusion: cut at "then", else at the comma where both sides can be read."""
        if "then" in low:
            at = low.index("then")
            if "then" in low[at + 1 :] and "if" not in low[:at] and "if" not in low[at + 1 :]:
                raise Unread("two 'then'")
            return trimmed(tokens[:at]), tokens[at + 1 :]
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
            return self.clause(trimmed(left)), self.clause(right)
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
    kind: list[Formula] = [part for part in flat if isinstance(part, Atom) and part.args == (variable,)]
    rest = [part for part in flat if part not in kind]
    if not rest or any(isinstance(part, Exists) for part in rest if variable.name in show(part)):
        raise Unread("what a pronoun means")
    return both(*rest), kind


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
