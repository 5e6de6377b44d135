"""Spoken forms of comparisons in the one form that orderings are read in ("has more stamps than", ", who is …").

Only the wording changes: what is said of whom stays as it is. A sentence that holds none of these forms comes back.
"""

from __future__ import annotations

import re

_NAME = r"(?:the |my |our |his |her )?[\w'’-]+"
_AMOUNTS = (
    "has have had own owns owned score scores scored earn earns earned collect collects collected read reads sell sells "
    "sold eat eats ate get gets got win wins won catch catches caught pick picks picked bake bakes baked make makes made "
    "run runs ran walk walks walked sleep sleeps slept weigh weighs weighed cost costs pay pays paid know knows knew "
    "spend spends spent save saves saved drink drinks drank buy buys bought"
).split()
_FORMS = {word: stem for group in (
    "own owns owned", "score scores scored", "earn earns earned", "collect collects collected", "read reads",
    "sell sells sold", "eat eats ate", "get gets got", "win wins won", "catch catches caught", "pick picks picked",
    "bake bakes baked", "make makes made", "run runs ran", "walk walks walked", "sleep sleeps slept",
    "weigh weighs weighed", "cost costs", "pay pays paid", "know knows knew", "spend spends spent", "save saves saved",
    "drink drinks drank", "buy buys bought",
) for stem in group.split()[:1] for word in group.split()}  # fmt: skip
_V = "|".join(sorted(_AMOUNTS, key=len, reverse=True))
_MORE_OF = re.compile(rf"\b(?:ha(?:s|ve|d) )?({_V}) (more|fewer|less) ([a-z]+) than\b", re.I)
_MORE = re.compile(rf"\b({_V}) (more|less) than\b", re.I)
_MOST_OF = re.compile(rf"\b(?:ha(?:s|ve|d) )?({_V}) the (most|fewest|least) ([a-z]+)\b", re.I)
_MOST = re.compile(rf"\b({_V}) (?:the )?(most|least)$", re.I)
_WHO_IS = re.compile(rf"\b({_NAME}), (?:who|which) (is|are|was|were|{_V})\b", re.I)
_SIDE = re.compile(r"\b(is|are|was|were|sits|stands|lives|hangs) (left|right) of\b", re.I)
_THAN = r"(?:(?:more|less) [a-z]+ than|[a-z]+er than|before|after|behind|ahead of|above|below|to the (?:left|right) of)"
_TWO = re.compile(
    rf"^({_NAME}) ([a-z]+) ({_THAN}) ({_NAME}),? (but|and) ((?:is )?)({_THAN}) ({_NAME})$", re.I
)  # fmt: skip


def said_plainly(sentence: str) -> str:
    """The sentence with its amounts as "is more stamps than", its "who is" as a clause, its second relation complete."""
    text = sentence.strip()
    mark = text[-1:] if text[-1:] in ".?!" else ""
    text = text[: len(text) - len(mark)]
    text = _MORE_OF.sub(lambda m: f"is {_less(m[2])} {_of(m[1], m[3])} than", text)
    text = _MORE.sub(lambda m: f"is {_less(m[2])} {_kind(m[1])} than", text)
    text = _MOST_OF.sub(lambda m: f"is the {_least(m[2])} {_of(m[1], m[3])}", text)
    text = _MOST.sub(lambda m: f"is the {_least(m[2])} {_kind(m[1])}", text)
    text = _WHO_IS.sub(r"\1 and \1 \2", text)
    text = _SIDE.sub(r"\1 to the \2 of", text)
    text = _TWO.sub(r"\1 \2 \3 \4 \5 \1 \2 \7 \8", text)
    return text + mark


def _less(word: str) -> str:
    return "more" if word.lower() == "more" else "less"


def _least(word: str) -> str:
    return "most" if word.lower() == "most" else "least"


def _of(verb: str, noun: str) -> str:
    """One word for what is compared: books that are sold are not books that are read."""
    kind = _kind(verb)
    return noun.lower() if kind in ("had", "own") else f"{noun.lower()}_{kind}"


def _kind(verb: str) -> str:
    """One word for what is compared by the verb alone ("earns more")."""
    return _FORMS.get(verb.lower(), "had")
