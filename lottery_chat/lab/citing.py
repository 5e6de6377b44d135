"""Do the quotes of an answer hold it: citation precision by words, as ALCE asks it of passages (Gao et al. 2023).

Counted for answers that quote documents to a question with accepted strings: `quote_holds` is whether the given answer stands
in the quote (only where there is one quote: several hold together what a comparison follows from), `quote_right` whether an accepted answer stands in any of them. No model judges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lottery_chat.events import Answered
from lottery_chat.lab.answers import compared

HOLDS, RIGHT = "quote_holds", "quote_right"
_SAYS_YES_OR_NO = frozenset({"yes", "no"})


def citation_measures(answered: Answered, gold: Any) -> dict[str, float]:
    """Return the two measures, 0 to 1 each; empty where nothing was quoted from a document or `gold` is no list of strings."""
    quotes = [one.quote for one in answered.citations if one.kind == "document" and one.quote.strip()]
    accepted = [str(one) for one in gold] if isinstance(gold, Sequence) and not isinstance(gold, str) else []
    if answered.known != "quoted" or not quotes or not accepted or _SAYS_YES_OR_NO & {one.lower() for one in accepted}:
        return {}
    found = {RIGHT: float(any(compared(quote, accepted).contains for quote in quotes))}
    answer = (answered.answer or "").strip()
    if answer and answer.lower() not in _SAYS_YES_OR_NO and len(quotes) == 1:
        found[HOLDS] = compared(quotes[0], [answer]).contains
    return found


def kept_measures(measures: Mapping[str, float]) -> dict[str, float]:
    """Those of a record that were measured when it was answered: its quotes are not kept, so they are not judged again."""
    return {name: value for name, value in measures.items() if name in (HOLDS, RIGHT)}
