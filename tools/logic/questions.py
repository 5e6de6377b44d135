"""Questions in English to what is to be decided: a formula ("Is Tom kind?") or a property to search for ("Who is kind?")."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tools.logic import words as w
from tools.logic.grammar import Grammar
from tools.logic.language import Atom, Formula, Name, Variable, both, leaves
from tools.logic.phrases import Tokens
from tools.logic.scope import Unread, lower

ASKED = Variable("who")


@dataclass(frozen=True, slots=True)
class Query:
    """`formula` with the free variable ASKED where `searches` (who?), else closed (yes or no)."""

    formula: Formula
    searches: bool = False


def read_question(grammar: Grammar, tokens: Tokens, names: Collection[str], predicates: Collection[str]) -> Query:
    """The query of an interrogative sentence. `names`, `predicates`: those of the premises. Raises Unread."""
    while tokens and tokens[0].lower() in w.DROPPED | {"so", "then", "and", ",", "now"}:
        tokens = tokens[1:]
    if len(tokens) < 2:
        raise Unread("too short a question")
    low = lower(tokens)
    if low[0] in ("who", "what", "which", "whom"):
        return Query(_searching(grammar, tokens, low), True)
    if low[0] in w.BE | w.AUXILIARY:
        return Query(_inverted(grammar, tokens, names, predicates))
    raise Unread("not a yes-no or who question")


def _searching(grammar: Grammar, tokens: Tokens, low: list[str]) -> Formula:
    if low[0] in ("who", "what"):
        if low[1] in w.DO:
            raise Unread("a question for the object")
        return grammar.predicate(tokens[1:])(ASKED)
    start = 1
    if low[1:2] == ["of"]:
        start = 3 if low[2:3] in (["the"], ["these"]) else 2
    for at in grammar.verbs(tokens, low):
        if at <= start and low[start : start + 1] not in (["is"], ["are"]):
            continue
        phrase = tokens[start:at]
        if not phrase or lower(phrase) in (["them"], ["one"], ["ones"]):
            phrase = ["things"]
        parts = grammar.nominal(phrase)(ASKED)
        return both(*parts, grammar.predicate(tokens[at:])(ASKED))
    raise Unread("no verb in the question")


def _inverted(grammar: Grammar, tokens: Tokens, names: Collection[str], predicates: Collection[str]) -> Formula:
    """ "Is the old dog kind?": the subject ends where both halves can be read; a known individual goes first."""
    if tokens[1].lower() == "there":
        return grammar.clause(["there", tokens[0], *tokens[2:]])
    found: list[Formula] = []
    for end in range(len(tokens) - 1, 1, -1):
        subject, verb = tokens[1:end], [tokens[0], *tokens[end:]]
        if lower(subject)[-1] in w.ARTICLE | {"the", "not", "and", "or"}:
            continue
        scope = grammar.scope
        kept = (scope.focus, list(scope.mentioned))
        try:
            formula = grammar.claim(subject, verb)
        except Unread:
            continue
        finally:
            scope.focus, scope.mentioned = kept
        if formula not in found:
            found.append(formula)
    known = [formula for formula in found if _known(formula, names, predicates)]
    best = known or found
    if len(best) != 1:
        raise Unread("where the subject of the question ends")
    return best[0]


def _known(formula: Formula, names: Collection[str], predicates: Collection[str]) -> bool:
    for leaf in leaves(formula):
        if isinstance(leaf, Atom):
            if leaf.predicate not in predicates:
                return False
            if any(isinstance(arg, Name) and arg.name not in names for arg in leaf.args):
                return False
    return True
