"""AIOS's memory manager: what one run keeps while it lasts: results of calls already made, failures, private texts."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Any

from lottery_chat.calls.values import Provenance

#: Results kept for a run; the one that was not used for longest gives way (K-LRU of AIOS with K = 1).
MOST = 64
#: So many words in a row of a private text are the text; fewer are common phrases.
WORDS = 6
_MOST_GRAMS = 400_000
_WORD = re.compile(r"\w+")


class Scratch:
    """The memory of one run; used by its thread alone."""

    def __init__(self) -> None:
        self.failures: dict[str, int] = {}
        self._results: OrderedDict[str, tuple[Any, Provenance]] = OrderedDict()
        self._private: set[int] = set()

    def get(self, key: str) -> tuple[Any, Provenance] | None:
        """The result of the same call earlier in this run."""
        found = self._results.get(key)
        if found is not None:
            self._results.move_to_end(key)
        return found

    def put(self, key: str, value: Any, provenance: Provenance) -> None:
        """Keep a result."""
        self._results[key] = (value, provenance)
        self._results.move_to_end(key)
        while len(self._results) > MOST:
            self._results.popitem(last=False)

    def add_private(self, text: str) -> None:
        """A text of the person's documents was seen in this run; from now on it may not leave."""
        if len(self._private) < _MOST_GRAMS:
            self._private |= set(_grams(text))

    def private_in(self, text: str, said: str) -> bool:
        """Whether a text holds words of a private one in a row, other than what the person wrote themselves."""
        if not self._private:
            return False
        own = set(_grams(said))
        return any(one in self._private and one not in own for one in _grams(text))


def _grams(text: str) -> list[int]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return [hash(tuple(words[at : at + WORDS])) for at in range(len(words) - WORDS + 1)]
