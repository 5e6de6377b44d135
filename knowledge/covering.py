"""Which scored sentences together hold what a question speaks of, when one passage alone does not answer it.

The nearest sentences of a question about two things are often all about the first. So the first places go to the
nearest (choosing.py), and each further one to the sentence that is near and holds what of the question no sentence
before it holds, rare words for more than common ones. Submodular coverage as in extractive summarising; on half of
hotpotqa the answer stands in eight such sentences in 80 of 100 questions instead of 71 (lottery_chat/lab/LOG.md).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Sequence

from knowledge.choosing import begins_with_pronoun, choose, is_heading
from knowledge.passage import Sentence

#: Places that go to the nearest sentences as they are; what coverage of the whole question counts beside nearness.
NEAREST, COVERAGE = 3, 1.5
#: Letters of a word that must agree: "composed" and "composer", "release" and "released".
_STEM = 6
_SMALL = frozenset(
    "what when where which whose whom who why how does did do have has had be is are was were been the a an of in on at to for by and or as it its "
    "his her he she they them their this that these those there with from into your you my me we our us some any also than name called about tell "
    "know give would could should not".split()
)


def stems(text: str) -> frozenset[str]:
    """The words of substance of a text, each by its beginning: lower case, no accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return frozenset(word[:_STEM] for word in re.findall(r"\w+", plain) if len(word) > 1 and word not in _SMALL)


def choose_covering(
    scored: Sequence[Sentence], k: int, question: str, *, beside: Sequence[Sentence] = (), nearest: int = NEAREST
) -> tuple[Sentence, ...]:
    """Return at most `k` of the scored sentences, in the order they came in, which together hold the question's words.

    Args:
        beside: sentences that are read in any case; what they hold need not be held again.
        nearest: places that go to the nearest ones whatever they hold.
    """
    if k >= len(scored):
        return tuple(scored)
    first = {id(one) for one in choose(scored, min(nearest, k))} if nearest else set()
    chosen = [at for at, one in enumerate(scored) if id(one) in first]
    held = [stems(f"{one.title} {one.text}") if beside else stems(one.text) for one in scored]
    weight = _weights(stems(question), held)
    whole = sum(weight.values()) or 1.0
    open_words = set(weight).difference(*(stems(one.text) for one in beside), *(held[at] for at in chosen))
    while len(chosen) < k:
        at = max(
            (at for at in range(len(scored)) if at not in chosen),
            key=lambda at: (
                not is_heading(scored[at].text),
                scored[at].score + COVERAGE * sum(weight[word] for word in held[at] & open_words) / whole,
            ),
        )
        added = [at]
        goes_on = at and begins_with_pronoun(scored[at].text) and scored[at - 1].passage_id == scored[at].passage_id
        if goes_on and at - 1 not in chosen and not is_heading(scored[at - 1].text) and len(chosen) + 1 < k:
            added.append(at - 1)  # what "it" is
        chosen += added
        open_words.difference_update(*(held[one] for one in added))
    return tuple(scored[at] for at in sorted(chosen))


def _weights(asked: Collection[str], held: Sequence[Collection[str]]) -> dict[str, float]:
    """What each word of the question is worth that stands in any sentence: the fewer hold it, the more."""
    counts = {word: sum(word in one for one in held) for word in asked}
    return {word: math.log((len(held) + 1) / (count + 1)) + 0.1 for word, count in counts.items() if count}
