"""Say a literal in plain English again, for the steps of a proof."""

from __future__ import annotations

from tools.logic import words as w
from tools.logic.language import Atom, Name, Term, Variable
from tools.logic.scope import Lexicon


def say(atom: Atom, lexicon: Lexicon) -> str:
    """ "The cat does not like Tom", "Rex is a dog": near English for reading, not for parsing again."""
    subject = _term(atom.args[0], lexicon) if atom.args else "It"
    rest = " " + _term(atom.args[1], lexicon) if len(atom.args) > 1 else ""
    parts = atom.predicate.split("_")
    if len(atom.args) == 3:  # "give_to": the thing stands before the preposition
        rest += f" {parts[-1]} {_term(atom.args[2], lexicon)}"
        parts = parts[:-1]
    past = parts[-1] == "past" and len(parts) > 1
    parts = parts[:-1] if past else parts
    if parts[-1] == "kind" and len(parts) > 1 and parts[-2] in lexicon.nouns:  # a cook, beside one who cooks
        sentence = f"{subject} is {'not ' if atom.negated else ''}a {' '.join(parts[:-1])}"
        return sentence[:1].upper() + sentence[1:]
    sentence = f"{subject} {_verb(parts, atom, past, lexicon)}{rest}"
    return sentence[:1].upper() + sentence[1:]


def _verb(parts: list[str], atom: Atom, past: bool, lexicon: Lexicon) -> str:
    first, words = parts[0], " ".join(parts)
    noun = len(atom.args) == 1 and parts[-1] in lexicon.nouns
    if first in w.MODAL:
        return f"{first}{' not' if atom.negated else ''} {' '.join(parts[1:])}"
    if lexicon.knows(first) and not noun and first not in lexicon.adjectives:
        if atom.negated:
            return f"{'did' if past else 'does'} not {words}"
        return f"did {words}" if past else " ".join([_third(first), *parts[1:]])
    if first == "be" and len(parts) > 1:
        words = " ".join(parts[1:])
    article = ("an " if words[:1] in "aeiou" else "a ") if noun else ""
    return f"{'was' if past else 'is'} {'not ' if atom.negated else ''}{article}{words}"


def _third(base: str) -> str:
    if base == "have":
        return "has"
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def _term(term: Term, lexicon: Lexicon) -> str:
    if isinstance(term, Variable):
        return "something" if term.name != "who" else "who"
    words = term.name.replace("_", " ")
    if term.name.startswith("some_") and term.name[5:].isdigit():
        return "someone or something"
    if isinstance(term, Name) and term.name in lexicon.individuals:
        return f"the {words}"
    return " ".join(word[:1].upper() + word[1:] for word in words.split())
