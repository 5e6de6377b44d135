"""Turn the next-token probabilities of a server into the probability of each of several labels."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

#: The most probable next tokens after the prompt and this text: token text to log-probability.
NextTokens = Callable[[str], Mapping[str, float]]

_DEEPEST = 4
#: Branches of the model's next words below this probability are not followed.
_WORTH = 0.01
#: A choice without a measure (the server gives no log-probabilities) counts this much.
_CHOSEN = 0.9
#: Less than this on all labels together: the model was about to say something else, the few seen tell nothing.
_SEEN = 1e-4


def check_labels(labels: Sequence[str]) -> None:
    """Refuse labels that cannot be told apart.

    Raises:
        ValueError: fewer than two, an empty one, or two that differ only in case or outer spaces.
    """
    if len({label.strip().lower() for label in labels} - {""}) != len(labels) or len(labels) < 2:
        raise ValueError(f"Labels must be two or more different words, not {tuple(labels)!r}.")


def score(labels: Sequence[str], following: NextTokens) -> dict[str, float] | None:
    """Log-probability of each label, normalised over the labels; None when none of them was among the tokens.

    Case and outer spaces are ignored. Where a token begins several labels the walk goes one token deeper. A
    label that was not seen gets half the smallest probability that was: an upper bound, never zero.
    """
    check_labels(labels)
    walk = _Walk(labels, following)
    walk.step("", 1.0, 0)
    total = sum(walk.mass.values())
    if total < _SEEN:
        return None
    floor = min(walk.least, total) / 2
    mass = {label: value or floor for label, value in walk.mass.items()}
    whole = sum(mass.values())
    return {label: math.log(value / whole) for label, value in mass.items()}


def chosen(labels: Sequence[str], choice: str) -> dict[str, float]:
    """The scores when only a choice is known, not how sure it was: 0.9 for it, the rest shared."""
    wanted = choice.strip().strip("\"'.").lower()
    best = next((label for label in labels if label.strip().lower() == wanted), None)
    best = best or next((label for label in labels if wanted.startswith(label.strip().lower())), None)
    if best is None:
        return {label: -math.log(len(labels)) for label in labels}
    rest = math.log((1 - _CHOSEN) / (len(labels) - 1))
    return {label: math.log(_CHOSEN) if label == best else rest for label in labels}


class _Walk:
    def __init__(self, labels: Sequence[str], following: NextTokens) -> None:
        self._folded = {label: label.strip().lower() for label in labels}
        self._following = following
        self.mass = dict.fromkeys(labels, 0.0)
        self.least = 1.0

    def step(self, said: str, weight: float, depth: int) -> None:
        for token, logprob in self._following(said).items():
            chance = weight * math.exp(logprob)
            self.least = min(self.least, chance) if chance > 0 else self.least
            text = (said + token).lstrip().lower()
            ended = token == "" and bool(said)
            fits = self._fitting(text, ended)
            if len(fits) == 1:
                self.mass[fits[0]] += chance
            elif (len(fits) > 1 or (not text and token)) and chance >= _WORTH and depth < _DEEPEST:
                self.step(said + token, chance, depth + 1)
            elif fits:
                for label in fits:
                    self.mass[label] += chance / len(fits)

    def _fitting(self, text: str, ended: bool) -> list[str]:
        """The labels that this beginning of the reply can still become, or already is."""
        bare = text.rstrip()
        if not bare:
            return []
        whole = [
            label
            for label, folded in self._folded.items()
            if bare.startswith(folded) and (text[len(folded) :][:1] != "" or ended)
            and not text[len(folded) :][:1].isalnum()
        ]  # fmt: skip
        if whole:
            longest = max(whole, key=lambda label: len(self._folded[label]))
            if ended or not any(folded.startswith(text) and label != longest for label, folded in self._folded.items()):
                return [longest]
        return [label for label, folded in self._folded.items() if folded.startswith(bare)]
