"""Why "unknown" may be wrong although nothing follows: signs that a reader sees a link the formulas do not have.

Most such links can be written down ("everything spoken of is an animal", "will win" as "wins"). "Unknown" stands where
nothing follows even with all of them; what follows with the plain ones only is an answer that names what it presumes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations

from tools.logic.language import (
    And,
    Atom,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Name,
    Not,
    Or,
    Variable,
    Xor,
    leaves,
    substitute,
)
from tools.logic.reading import ReadPremises
from tools.logic.words import progressive_base

_X, _Y, _Z = Variable("x"), Variable("y"), Variable("z")
#: Begins the text of a presumption that is only the meaning of a comparison.
COMPARISON = "Of comparisons:"
_OPPOSITES = frozenset(
    frozenset(pair.split("/"))
    for pair in """taller/shorter longer/shorter older/younger bigger/smaller larger/smaller faster/slower
    heavier/lighter richer/poorer higher/lower stronger/weaker warmer/colder hotter/colder warmer/cooler better/worse
    earlier/later thicker/thinner wider/narrower deeper/shallower brighter/darker greater/smaller louder/quieter
    harder/softer cleaner/dirtier""".split()
)
_SMALL = frozenset("kind past with from have than into the for can own".split())


@dataclass(frozen=True, slots=True)
class Presumption:
    """A link a reader may see. plain: most readers would (tense, a slip of spelling, what all is about)."""

    formula: Formula
    text: str
    plain: bool


def names_in(formula: Formula) -> set[str]:
    """The individuals a formula speaks of."""
    return {
        arg.name for leaf in leaves(formula) if isinstance(leaf, Atom) for arg in leaf.args if isinstance(arg, Name)
    }


def _comparisons(arity: dict[str, int]) -> list[Presumption]:
    """What "taller than" means: it passes on, is never mutual, and is "shorter than" the other way round."""
    found: list[Presumption] = []
    keys = sorted(key for key, count in arity.items() if key.endswith("_than") and count == 2)
    for key in keys:
        said = f"{COMPARISON} “{_said(key)}”"
        passes = Implies(And((Atom(key, (_X, _Y)), Atom(key, (_Y, _Z)))), Atom(key, (_X, _Z)))
        found.append(Presumption(ForAll((_X, _Y, _Z), passes), f"{said} passes on.", True))
        mutual = Implies(Atom(key, (_X, _Y)), Atom(key, (_Y, _X), True))
        found.append(Presumption(ForAll((_X, _Y), mutual), f"{said} is never mutual.", True))
    for one, other in combinations(keys, 2):
        if _opposite(one, other):
            turned = Iff(Atom(one, (_X, _Y)), Atom(other, (_Y, _X)))
            text = f"{COMPARISON} “{_said(one)}” is “{_said(other)}” the other way round."
            found.append(Presumption(ForAll((_X, _Y), turned), text, True))
    return found


def _opposite(one: str, other: str) -> bool:
    first, second = one.removesuffix("_than"), other.removesuffix("_than")
    turned = {("more_", "less_"), ("less_", "more_")}
    return frozenset((first, second)) in _OPPOSITES or any(
        first.startswith(a) and second.startswith(b) and first[5:] == second[5:] for a, b in turned
    )


def presumptions(goal: Formula, reading: ReadPremises) -> tuple[Presumption, ...]:
    """The links a reader may see in premises and goal, plain ones first."""
    arity = _arities(goal, reading)
    wanted = {leaf.predicate for leaf in leaves(goal) if isinstance(leaf, Atom)}
    found = _comparisons(arity)
    for kind, plain in sorted(_domains(reading).items()):
        if kind not in wanted and arity.get(kind) == 1:
            everything = ForAll((_X,), Atom(kind, (_X,)))
            found.append(Presumption(everything, f"Everything spoken of is of the kind “{_said(kind)}”.", plain))
    about = _spoken_of(goal)
    if about is not None:
        found.append(Presumption(Exists((_X,), about), "What the statement speaks of exists.", True))
    pairs = _look_alike(set(arity))
    pairs += [pair for pair in _going_on(arity, reading) if pair not in pairs]
    for first, second in pairs:
        formula = _same(first, second, arity)
        if formula is not None:
            text = f"“{_said(first)}” and “{_said(second)}” say the same."
            plain = _plainly_same(first, second) or (first, second) in _going_on(arity, reading)
            found.append(Presumption(formula, text, plain))
    return tuple(sorted(found, key=lambda one: not one.plain))


def doubt_about(goal: Formula, reading: ReadPremises) -> str:
    """A sign of a link that cannot be written down as a formula; "" where there is none."""
    arity = _arities(goal, reading)
    compared = sorted(predicate for predicate in arity if predicate.endswith("_than"))
    if any(not _opposite(*pair) for pair in combinations(compared, 2)):
        return f"What {compared[0]!r} has to do with {compared[1]!r} is not known here."
    known = reading.names
    for name in sorted(names_in(goal) - known):
        near = get_close_matches(name, sorted(known), 1, 0.8)
        if near:
            return f"It may hang on whether {name!r} and {near[0]!r} mean the same."
    for first, second in _look_alike(set(arity)):
        if _same(first, second, arity) is None:
            return f"It may hang on whether {first!r} and {second!r} mean the same."
    return ""


def _arities(goal: Formula, reading: ReadPremises) -> dict[str, int]:
    atoms = [*reading.atoms(), *(leaf for leaf in leaves(goal) if isinstance(leaf, Atom))]
    return {atom.predicate: len(atom.args) for atom in atoms}


def _said(key: str) -> str:
    return key.replace("_", " ")


def _look_alike(predicates: set[str]) -> list[tuple[str, str]]:
    """Pairs of predicates that share the stem of a word, or look like one word in two spellings."""
    stems: dict[str, set[str]] = {}
    for predicate in predicates:
        for word in re.split(r"[_-]", predicate):
            if len(word) >= 3 and word not in _SMALL:
                stems.setdefault(word[: min(6, max(4, len(word) - 3))], set()).add(predicate)
    pairs = {
        pair
        for shared in stems.values()
        if any(not predicate.isalpha() for predicate in shared)
        for pair in combinations(sorted(shared), 2)
    }
    for word in sorted(predicates):
        pairs |= {tuple(sorted((word, near))) for near in get_close_matches(word, sorted(predicates - {word}), 2, 0.88)}  # type: ignore[misc]
    return sorted(pairs)


def _same(first: str, second: str, arity: dict[str, int]) -> Formula | None:
    """ "They say the same" as a formula; where one names an object and the other does not, an object exists."""
    a, b = arity[first], arity[second]
    if a == b and a in (1, 2):
        terms = (_X, _Y)[:a]
        able = next((one for one, other in ((first, second), (second, first)) if one == f"can_{other}"), None)
        if able:  # what flies can fly
            return ForAll(terms, Implies(Atom(able[4:], terms), Atom(able, terms)))
        turned = _becoming(first, second)
        if turned:  # what gets wet is wet
            return ForAll(terms, Implies(Atom(turned[0], terms), Atom(turned[1], terms)))
        return ForAll(terms, Iff(Atom(first, terms), Atom(second, terms)))
    if {a, b} == {1, 2}:
        one, two = (first, second) if a == 1 else (second, first)
        return ForAll((_X,), Iff(Atom(one, (_X,)), Exists((_Y,), Atom(two, (_X, _Y)))))
    return None


def _plainly_same(first: str, second: str) -> bool:
    """Tense, "will", a hyphen, or a slip of spelling in one longer word."""
    one, two = _bare(first), _bare(second)
    if one == two or one == f"can_{two}" or two == f"can_{one}" or _becoming(first, second):
        return True
    return len(one) > 6 and one.isalpha() and two.isalpha() and _one_letter_apart(one, two)


def _going_on(arity: dict[str, int], reading: ReadPremises) -> list[tuple[str, str]]:
    """What barks is barking: pairs of an "is …ing" and the verb it is made of, where that is used without an object."""
    found = []
    for word in sorted(arity):
        base = progressive_base(word, reading.lexicon.acted)
        if base and arity[word] == arity.get(base) == 1:
            found.append((base, word) if base < word else (word, base))
    return found


def _becoming(first: str, second: str) -> tuple[str, str] | None:
    """(gets wet, wet), whichever way round they come; None where neither is the other's beginning."""
    pairs = ((first, second), (second, first))
    return next(((one, other) for one, other in pairs if one in (f"get_{other}", f"become_{other}")), None)


def _bare(key: str) -> str:
    words = [word for word in re.split(r"[_-]", key) if word not in ("past", "will")]
    return "_".join(words)


def _one_letter_apart(one: str, two: str) -> bool:
    """A letter left out or doubled, not at either end and no plural or negation."""
    short, long = sorted((one, two), key=len)
    if len(long) - len(short) != 1 or short[0] != long[0] or short[-1] != long[-1]:
        return False
    doubled = (i for i in range(1, len(long)) if long[i] == long[i - 1])
    return any(long[:i] + long[i + 1 :] == short for i in doubled)


def _spoken_of(goal: Formula) -> Formula | None:
    """The kind that a goal about "koalas" speaks of, as a formula about x; None where it speaks of individuals."""
    if not isinstance(goal, ForAll) or len(goal.variables) != 1 or not isinstance(goal.body, Implies):
        return None
    return substitute(goal.body.condition, goal.variables[0], _X)


def _domains(reading: ReadPremises) -> dict[str, bool]:
    """Kinds that rules ask for and no sentence asserts: probably everything is meant to be one (kind: plainly so).

    Plainly so where the kind only narrows a condition ("if an object is a book"), or is divided up ("an animal is
    either a cat or a dog"); "guitars are wooden" says nothing about what all is.
    """
    asserted: set[str] = set()
    asked: set[str] = set()
    alone: set[str] = set()
    divided: set[str] = set()
    facts: set[str] = set()
    for formula in reading.formulas:
        if formula is None:
            continue
        _polarity(formula, True, asserted, asked)
        facts |= {leaf.predicate for leaf in leaves(formula) if isinstance(leaf, Atom) and _ground(leaf)}
        rule = formula.body if isinstance(formula, ForAll) else formula
        if isinstance(rule, Implies) and isinstance(rule.condition, Atom):
            (divided if isinstance(rule.conclusion, (Xor, Or)) else alone).add(rule.condition.predicate)
    heads = reading.lexicon.nouns | reading.lexicon.heads
    found = {kind: kind not in alone for kind in asked - asserted if kind in heads}
    return found | {kind: True for kind in divided - facts if kind in heads}


def _ground(atom: Atom) -> bool:
    return all(isinstance(arg, Name) for arg in atom.args)


def _polarity(formula: Formula, positive: bool, asserted: set[str], asked: set[str]) -> None:
    """Collect predicates where they are claimed and where they are required to hold."""
    if isinstance(formula, Atom):
        if not formula.negated:
            (asserted if positive else asked).add(formula.predicate)
    elif isinstance(formula, Not):
        _polarity(formula.body, not positive, asserted, asked)
    elif isinstance(formula, Implies):
        _polarity(formula.condition, not positive, asserted, asked)
        _polarity(formula.conclusion, positive, asserted, asked)
    elif isinstance(formula, (Xor, Iff)):
        for part in (formula.left, formula.right):
            _polarity(part, True, asserted, asked)
            _polarity(part, False, asserted, asked)
    elif isinstance(formula, (And, Or)):
        for part in formula.parts:
            _polarity(part, positive, asserted, asked)
    elif isinstance(formula, (ForAll, Exists)):
        _polarity(formula.body, positive, asserted, asked)
