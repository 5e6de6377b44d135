"""Bring freer English to the shapes the grammar reads: words in, words out, the same claim.

Each rewriting keeps what the sentence says: "whose rate is low" becomes "that has a rate that is low", "a book
published by Ann" a book that is published by her, "A or B, but not both" an either-or. Nothing is guessed: what fits
no rewriting stays as it is. The grammar decides afterwards whether it can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tools.logic import words as w
from tools.logic.scope import MAX_TOKENS, Lexicon, lower

Tokens = Sequence[str]
_OPENS_CLAUSE = frozenset(["", ",", "if", "then", "unless", "and", "or", "but", "that", "because"])
_AFTER_PARTICIPLE = (
    w.ARTICLE | w.PREPOSITION | w.UNIVERSAL | w.POSSESSIVE | {"the", "some", "no", "both", "either", "neither", ""}
)
_WITHIN_CLAUSE = 5  # words a subject such as "its survival rate" may have


def rewritten(tokens: Tokens, lexicon: Lexicon) -> tuple[str, ...]:
    """The words in the grammar's shapes; a sentence too long for the grammar stays as it is."""
    if len(tokens) > MAX_TOKENS:
        return tuple(tokens)
    words = [_possessive(token.replace("’", "'"), lexicon) for token in tokens]
    for rewrite in _REWRITINGS:
        words = rewrite(words, lexicon)
    return tuple(words)


def _possessive(token: str, lexicon: Lexicon) -> str:
    """ "companies'" → "company's": the owners may be one or many, the class is the same."""
    if len(token) < 4 or not token.endswith("s'"):
        return token
    if token[0].isupper():
        return token + "s"
    return w.singular(token[:-1], lexicon.words) + "'s"


def _phrases(words: list[str], lexicon: Lexicon) -> list[str]:
    """Set phrases with one meaning."""
    low = lower(words)
    for phrase, meaning in _SET_PHRASES:
        size = len(phrase)
        i = 1 if phrase[0] in ("when", "whenever") else 0
        while i + size <= len(low):
            if tuple(low[i : i + size]) == phrase and not (
                size == 1 and low[i + 1 : i + 2] and low[i + 1][-3:] == "ing"
            ):
                words = [*words[:i], *meaning, *words[i + size :]]
                low = lower(words)
            i += 1
    if low[:2] == ["the", "only"] and any(word in w.BE for word in low):  # "the only things that bark are dogs"
        words = ["all", *words[2:]]
    return words


def _not_only(words: list[str], lexicon: Lexicon) -> list[str]:
    """ "is not only kind but also wise" → "is kind and wise"."""
    low = lower(words)
    for i in range(len(low) - 4):
        if low[i : i + 2] == ["not", "only"] and "but" in low[i:]:
            at = low.index("but", i)
            rest = words[at + 2 :] if low[at + 1 : at + 2] == ["also"] else words[at + 1 :]
            left = words[i + 2 : at - 1] if low[at - 1] == "," else words[i + 2 : at]
            return [*words[:i], *left, "and", *rest]
    return words


def _exclusive(words: list[str], lexicon: Lexicon) -> list[str]:
    """ "A or B, but not both" is an either-or; "either A or B, or both" is none."""
    low = lower(words)
    for tail in (["or", "both"], ["but", "not", "both"], ["and", "not", "both"], ["not", "both"]):
        size = len(tail)
        if low[-size:] != tail or "or" not in low[:-size]:
            continue
        words, low = words[:-size], low[:-size]
        if low[-1] == ",":
            words, low = words[:-1], low[:-1]
        if tail[0] == "or":
            return [word for word in words if word.lower() != "either"]
        return words if "either" in low else _with_either(words, low, lexicon)
    return words


def _with_either(words: list[str], low: list[str], lexicon: Lexicon) -> list[str]:
    """An "either" in front of what the one "or" joins."""
    if low.count("or") != 1:
        return [*words, "not", "both"]  # too tangled: put back what makes the grammar refuse it
    at = low.index("or")
    following = low[at + 1] if at + 1 < len(low) else ""
    is_verb = following in w.BE | w.AUXILIARY or lexicon.verb(following) is not None
    for i in range(1, at):
        here = low[i] in w.BE | w.AUXILIARY or lexicon.verb(low[i]) is not None
        if here:
            place = i if is_verb else i + 1
            return [*words[:place], "either", *words[place:]]
    return ["either", *words]


def _perfect(words: list[str], lexicon: Lexicon) -> list[str]:
    """ "has hosted the fair" → "hosted the fair"; "has been sold" → "was sold"; the past, as far as logic goes."""
    low, known = lower(words), w.VERBS | lexicon.verbs
    out: list[str] = []
    i = 0
    while i < len(words):
        skip = 1 if low[i + 1 : i + 2] == ["not"] else 0
        verb = low[i + 1 + skip] if i + 1 + skip < len(low) else ""
        after = low[i + 2 + skip] if i + 2 + skip < len(low) else ""
        base = w.past_base(verb, known, participle=True)
        if low[i] in ("has", "have", "had") and verb == "been" and w.past_base(after, known, participle=True):
            out += ["was", *(["not"] * skip)]
            i += 2 + skip
        elif (
            low[i] in ("has", "have", "had") and base and (after in _AFTER_PARTICIPLE or w.is_name(words[i + 2 + skip]))
        ):
            out += ["did", "not", base] if skip else [verb if verb in w.IRREGULAR_PAST or verb[-2:] == "ed" else base]
            i += 2 + skip
        else:
            out.append(words[i])
            i += 1
    return out


def _owned(words: list[str], lexicon: Lexicon) -> list[str]:
    """ "its rate is low" → "it has a rate that is low"; "whose rate is low" → "that has a rate that is low"."""
    low = lower(words)
    for i, word in enumerate(low):
        whose = word == "whose"
        if not whose and (word not in w.POSSESSIVE or (low[i - 1] if i else "") not in _OPENS_CLAUSE):
            continue
        end = next((j for j in range(i + 2, min(i + 2 + _WITHIN_CLAUSE, len(low))) if low[j] in w.BE), None)
        if end is None or set(low[i + 1 : end]) & (w.LOGICAL | w.RELATIVE | {",", "own"}):
            continue
        owner = "that" if whose else {"its": "it", "their": "they", "his": "he", "her": "she"}[word]
        have = "have" if owner == "they" else "has"
        return [*words[:i], owner, have, "a", *words[i + 1 : end], "that", *words[end:]]
    return words


def _with(words: list[str], lexicon: Lexicon) -> list[str]:
    """ "mammals with no teeth" → "mammals that have no teeth"; only after a noun that can own something."""
    low = lower(words)
    for i in range(1, len(low) - 1):
        before = low[i - 1]
        head = w.singular(before, lexicon.words)
        owner = before in w.SOME_WHOLE | w.UNIVERSAL_WHOLE | w.NEGATIVE_WHOLE or head in w.GENERIC | lexicon.classes
        owner = owner or head != before and lexicon.verb(before) is None
        if low[i] in ("with", "without") and owner and before not in w.BE and not _verb_before(low, i - 1, lexicon):
            insert = ["that", "has"] if low[i] == "with" else ["that", "has", "no"]
            rest = words[i + 1 :]
            if insert[-1] == "no" and rest and rest[0].lower() in w.ARTICLE | {"any"}:
                rest = rest[1:]
            return _with([*words[:i], *insert, *rest], lexicon)
    return words


def _verb_before(low: Sequence[str], end: int, lexicon: Lexicon) -> bool:
    """Whether the noun before `end` is the object of a plain verb ("sees people with …"), where "with" is unclear."""
    for i in range(end - 1, -1, -1):
        if low[i] in w.BE or low[i] in _OPENS_CLAUSE:
            return False
        if lexicon.verb(low[i]) is not None and low[i] not in lexicon.adjectives:
            return True
    return False


def _reduced(words: list[str], lexicon: Lexicon) -> list[str]:
    """ "a book published by Ann" → "a book that is published by Ann"."""
    low = lower(words)
    for i in range(1, len(low) - 2):
        if low[i + 1] not in ("by", "in", "from") or not w.past_base(low[i], w.VERBS | lexicon.verbs, participle=True):
            continue
        before = low[i - 1]
        if before in w.BE | w.AUXILIARY | w.RELATIVE | w.PREPOSITION | w.ARTICLE | {"not", "and", "or", ",", "been"}:
            continue
        noun = w.singular(before, lexicon.words) in lexicon.nouns | lexicon.classes | w.GENERIC
        if noun and not set(low[max(0, i - 2) : i]) & w.BE:
            return [*words[:i], "that", "is", *words[i:]]
    return words


def _generic_the(words: list[str], lexicon: Lexicon) -> list[str]:
    """ "If the shop is open, the shop …" speaks of any shop where the text has no one shop of which it tells."""
    low = lower(words)
    if low[:1] not in (["if"], ["when"], ["whenever"]):
        return words
    for i in range(1, len(low) - 1):
        if low[i] == "the" and low[i + 1] in lexicon.generic and (low[i + 2 : i + 3] or [""])[0] not in lexicon.classes:
            return [*words[:i], "a", *words[i + 1 :]]
    return words


def _both_plural(words: list[str], lexicon: Lexicon) -> list[str]:
    """ "Ann and Ben are both bakers": "both" adds nothing after "are"."""
    low = lower(words)
    for i in range(1, len(low) - 1):
        if low[i] == "both" and low[i - 1] in ("are", "were") and "and" not in low[i:]:
            return [*words[:i], *words[i + 1 :]]
    return words


def _anyone_you(words: list[str], lexicon: Lexicon) -> list[str]:
    """ "If you are a member, you get in": a rule about anybody."""
    low = lower(words)
    if low[:1] not in (["if"], ["when"], ["whenever"], ["unless"]) or low[1:2] != ["you"] or "i" in low:
        return words
    plain = {"you": "they", "your": "their", "yourself": "themselves"}
    said = [plain.get(word, token) for word, token in zip(low, words)]
    return [said[0], "someone", "is" if low[2:3] == ["are"] else said[2], *said[3:]] if len(said) > 3 else words


def _called(words: list[str], lexicon: Lexicon) -> list[str]:
    """ "can be classified as either A or B" says what it is."""
    low = lower(words)
    for i in range(1, len(low) - 2):
        if low[i + 1] == "as" and low[i] in _CALLED and low[i - 1] in w.BE | {"be"}:
            start = i - 1
            if low[start] == "be":
                if start == 0 or low[start - 1] not in ("can", "will"):
                    continue
                start -= 1
            verb = low[i - 1] if low[i - 1] in w.BE else "are"
            return [*words[:start], verb, *words[i + 2 :]]
    return words


_CALLED = frozenset("categorized categorised classified regarded described".split())
_SET_PHRASES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("as", "long", "as"), ("if",)),
    (("as", "soon", "as"), ("if",)),
    (("on", "condition", "that"), ("if",)),
    (("in", "the", "case", "that"), ("if",)),
    (("whenever",), ("if",)),
    (("when",), ("if",)),
    (("as", "well", "as"), ("and",)),
)
_REWRITINGS: tuple[Callable[[list[str], Lexicon], list[str]], ...] = (
    _phrases, _anyone_you, _not_only, _exclusive, _perfect, _called, _both_plural, _owned, _with, _reduced, _generic_the,
)  # fmt: skip
