"""Why a sentence cannot answer a question although it is near: it says the opposite, or the question says "not".

A small model copies "the highest court" for a question about the lowest one. Opposites and negation are few and plain
words, so code looks at them (paper.md 3.3: verify by quote, not by the model's opinion). What this does not do: it
knows no synonyms, and a question whose words all stand in the sentence in another order passes.
"""

from __future__ import annotations

import re

_OPPOSITES = (
    "largest/biggest/greatest/most : smallest/least/fewest", "highest : lowest", "higher : lower", "larger/bigger/greater/more : smaller/less/fewer",
    "longest : shortest", "oldest : youngest/newest", "first/earliest : last/latest/final", "best : worst", "fastest : slowest", "strongest : weakest",
    "north/northern : south/southern", "east/eastern : west/western", "northeast/northeastern : southwest/southwestern/southeast/southeastern/northwest/northwestern",
    "before/prior/preceding : after/following/since", "beginning/start/began/begin : end/ended/ending", "maximum : minimum", "increase/increased/increasing : decrease/decreased/decreasing/reduced",
    "rise/rose/rising : fall/fell/falling/decline/declined", "summer : winter", "spring : autumn", "winner/won/win : loser/lost/lose", "accept/accepted/accepts : reject/rejected/rejects/refused",
    "allow/allowed/allows/permitted : forbid/forbidden/prohibited/banned", "above : below", "upper : lower", "inner/internal : outer/external", "import/imports/imported : export/exports/exported",
    "male/men/boys : female/women/girls", "father/son/husband : mother/daughter/wife", "majority : minority", "advantage/advantages : disadvantage/disadvantages", "easy/easier/easiest : difficult/hard/harder/hardest",
    "strong/stronger : weak/weaker", "rich/richest : poor/poorest", "buy/bought : sell/sold", "open/opened/opens : close/closed/closes", "minimise/minimize : maximise/maximize", "legal : illegal",
    "positive : negative", "left : right", "day : night", "possible : impossible", "superior : inferior", "directly : indirectly", "similar : different", "gain/gained : loss/lost",
)  # fmt: skip
_PAIRS = tuple(tuple(frozenset(side.split("/")) for side in pair.split(" : ")) for pair in _OPPOSITES)
_NOT = re.compile(r"\b(?:not|never|cannot|no longer|neither|nor)\b|n['’]t\b", re.IGNORECASE)
#: What makes a sentence say less than its words: more than a question needs to count as negated.
_DENIES = re.compile(
    r"\b(?:not|never|cannot|no|none|nothing|nobody|neither|nor|without|except|unlike|instead|rather|fail\w*|refus\w*|lack\w*|den(?:y|ied|ies)|"
    r"rarely|hardly|only|but|im\w+ible|un\w+|absen\w+|exclud\w+|forbid\w*|prohibit\w*|avoid\w*)\b|n['’]t\b", re.IGNORECASE,
)  # fmt: skip
#: "Why don't you …", "isn't it …": not a denial that the answer must share.
_POLITE = re.compile(
    r"\b(?:why|if|whether)\b|^\s*(?:is|are|was|were|do|does|did|has|have|can|could|would|should)n['’]t\b", re.IGNORECASE
)


def mismatch(question: str, sentence: str) -> str:
    """Return why this sentence does not answer the question, in words for the person; "" when nothing speaks against it."""
    asked, said = _words(question), _words(sentence)
    for one, other in (*_PAIRS, *((right, left) for left, right in _PAIRS)):
        meant = asked & one
        if meant and not asked & other and said & other and not said & one:
            return f"the question says {_one(meant)!r} where the nearest sentence says {_one(said & other)!r}"
    if _NOT.search(question) and not _POLITE.search(question) and not _DENIES.search(sentence):
        return "the question asks for what is not so, and the nearest sentence denies nothing"
    return ""


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", text.lower()))


def _one(words: frozenset[str]) -> str:
    return min(words)
