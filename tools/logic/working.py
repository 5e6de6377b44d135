"""A solved logic text as a symbolic working memory: facts, rules and the schema of their symbols (paper.md 2.7)."""

from __future__ import annotations

from dataclasses import dataclass

from tools.logic.language import And, Atom, Formula, Name, leaves
from tools.logic.notation import read
from tools.logic.result import LogicResult


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact or rule: the words it stands in, its symbols; for a derived fact the sentence and the symbols it came by."""

    sentence: str
    symbols: str
    rule: str = ""
    premises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Symbol:
    """A predicate (arity at least 1) or an individual (arity 0), with the sentences that use it."""

    name: str
    arity: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkingMemory:
    """What is held while a text is solved."""

    facts: tuple[Entry, ...]
    rules: tuple[Entry, ...]
    schema: tuple[Symbol, ...]


def working_memory(result: LogicResult) -> WorkingMemory:
    """Facts as read and as derived, rules, and the schema, of a text of predicates (all is empty for the others)."""
    if result.kind not in ("chaining", "first-order"):
        # Orderings, arrangements and relations have languages of their own; their lines are in the trace.
        return WorkingMemory((), (), ())
    told = [(sentence.text, read(sentence.formula)) for sentence in result.sentences if sentence.formula]
    texts = {sentence.text: sentence.formula or "" for sentence in result.sentences}
    facts = [Entry(text, texts[text]) for text, formula in told if _is_fact(formula)]
    facts += [
        Entry(step.text, step.formula, step.from_sentences[0] if step.from_sentences else "", step.uses)
        for step in result.steps
        if step.formula and step.rule != "given"
    ]
    rules = tuple(Entry(text, texts[text]) for text, formula in told if not _is_fact(formula))
    return WorkingMemory(tuple(facts), rules, _schema(told))


def _is_fact(formula: Formula) -> bool:
    """Whether it is determinate: literals about individuals."""
    if isinstance(formula, And):
        return all(_is_fact(part) for part in formula.parts)
    return isinstance(formula, Atom) and all(isinstance(arg, Name) for arg in formula.args)


def _schema(told: list[tuple[str, Formula]]) -> tuple[Symbol, ...]:
    used: dict[tuple[str, int], list[str]] = {}
    for sentence, formula in told:
        for leaf in leaves(formula):
            if isinstance(leaf, Atom):
                used.setdefault((leaf.predicate, len(leaf.args)), []).append(sentence)
                for arg in leaf.args:
                    if isinstance(arg, Name):
                        used.setdefault((arg.name, 0), []).append(sentence)
    return tuple(Symbol(name, arity, tuple(dict.fromkeys(lines))) for (name, arity), lines in sorted(used.items()))
