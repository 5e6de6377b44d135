"""How a text uses its words: which are names, verbs, plain words, and what stands first in a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.logic import words as w
from tools.logic.scope import Lexicon

_PERSON_CLASS = re.compile(r"\b(?:is|are|not|be) (?:a )?(?:person|people|persons)\b(?! (?:who|that)\b)", re.I)
_FUNCTION = w.LOGICAL | w.ARTICLE | w.PREPOSITION | w.PRONOUN | w.POSSESSIVE | w.DROPPED | frozenset(
    "the those these this we suppose assume given finally now i you whoever whatever".split()
)  # fmt: skip


def lexicon_of(sentences: Sequence[str]) -> Lexicon:
    """The words of the text, the names among them and the verbs that "does not …" and the like reveal."""
    tokenised = [w.tokens_of(sentence) for sentence in sentences]
    plain = {token.lower() for tokens in tokenised for i, token in enumerate(tokens) if i and token[:1].islower()}
    verbs = set()
    for tokens in tokenised:
        low = [token.lower() for token in tokens]
        for i, word in enumerate(low[:-1]):
            if i and word in w.AUXILIARY:
                after = low[i + 1 : i + 4]
                while after and after[0] in {"not", "never"} | w.DROPPED:
                    after = after[1:]
                if after and after[0].isalpha() and after[0] not in _FUNCTION:
                    verbs.add(after[0])
    names = {
        w.key_of(tokens[:end])
        for tokens in tokenised
        for end in range(1, 5)
        if len(tokens) > end and all(w.is_name(t) for t in tokens[:end]) and tokens[end].lower() in w.BE | w.AUXILIARY
        and tokens[0].lower() not in _FUNCTION
    }  # fmt: skip
    for tokens in tokenised:
        verbs |= _told_verbs(tokens, frozenset(plain))
    return Lexicon(
        words=frozenset(plain), names=frozenset(names), verbs=frozenset(verbs), generic=_generic(tokenised, plain),
        persons=any(_PERSON_CLASS.search(sentence) for sentence in sentences),
    )  # fmt: skip


def _told_verbs(tokens: Sequence[str], plain: frozenset[str]) -> set[str]:
    """Verbs that their place reveals: "people who chaperone …", "they chaperone …", "Ann premiered …"."""
    low = [token.lower() for token in tokens]
    found: set[str] = set()
    for i in range(1, len(low)):
        word, before = low[i], low[i - 1]
        if not word.isalpha() or tokens[i][0].isupper() or word in _FUNCTION or len(word) < 3 or word.endswith("ly"):
            continue
        bare = before in ("they", "who") or before == "people" and low[i - 2 : i - 1] in ([], ["if"], ["all"])
        if bare and word not in _ADVERBS and not word.endswith(("s", "ed", "ing")):
            found.add(word)
        if word.endswith("ed") and w.is_name(tokens[i - 1]) and i + 1 < len(low) and low[i + 1] not in ("by", *w.BE):
            stem = word[:-2]
            if w.past_base(word, w.VERBS):
                continue
            found.add(next((base for base in (stem, stem + "e") if base in plain), stem))
    return found


_ADVERBS = frozenset("often always still sometimes never ever now once".split())
_QUANTIFIED = w.UNIVERSAL | {"no", "some"}


def _generic(tokenised: Sequence[Sequence[str]], plain: set[str]) -> frozenset[str]:
    """Nouns that the text quantifies over, and that stand with "the" in conditions only."""
    quantified: set[str] = set()
    told: set[str] = set()
    for tokens in tokenised:
        low = [token.lower() for token in tokens]
        conditional = low[:1] in (["if"], ["when"], ["whenever"])
        for i, word in enumerate(low[:-1]):
            if word in _QUANTIFIED:
                quantified.add(w.singular(low[i + 1], plain))
            if word == "the" and not conditional:
                told.add(low[i + 1])
    return frozenset(quantified - told)


def opened(tokens: tuple[str, ...], lexicon: Lexicon) -> tuple[str, ...]:
    """The tokens with the first one in lower case unless it is a name."""
    if not tokens or not tokens[0][:1].isupper() or tokens[0] == "I":
        return tokens
    low = tokens[0].lower()
    following = tokens[1] if len(tokens) > 1 else ""
    if low in _FUNCTION or low in lexicon.words or following == ",":
        keep = following == "," and len(tokens) > 2 and w.is_name(tokens[2])
    elif (
        w.is_name(following)
        or following == "of"
        and len(tokens) > 2
        and w.is_name(tokens[2])
        or low.endswith(("'s", "’s"))
        or len(tokens) < 2
    ):
        keep = True
    elif w.singular(low, lexicon.words) != low or low in w.IRREGULAR_PLURAL:
        keep = (
            following.lower() in ("is", "was", "does", "has")
            or following.endswith("s")
            and lexicon.verb(following) is not None
        )
    else:
        keep = following.lower() in w.BE | w.AUXILIARY | _AFTER_NAME | w.DROPPED or _verb_like(
            following, tokens, lexicon
        )
    return tokens if keep else (low, *tokens[1:])


_AFTER_NAME = frozenset(["and", "or", "never", "either", "neither", "both"])


def _verb_like(following: str, tokens: tuple[str, ...], lexicon: Lexicon) -> bool:
    if lexicon.verb(following.lower()) is not None:
        return True
    after = tokens[2] if len(tokens) > 2 else ""
    return following.endswith("s") and (after.lower() in {"the", "a", "an", ""} or w.is_name(after))
