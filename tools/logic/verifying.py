"""Check a proof a second time: Z3 alone, given only the sentences the proof rests on (the Verifier of SymbCoT).

SymbCoT lets a model look at the chain again; a program is stricter: for a chained proof it is another method, for a
refutation it shows that the sentences named are enough.
"""

from __future__ import annotations

import time
from threading import Event

from tools.limited import RunLimited
from tools.logic.deciding import Limits, refute
from tools.logic.language import Premise
from tools.logic.notation import read
from tools.logic.result import LogicResult


def recheck(
    result: LogicResult, *, run_limited: RunLimited, seconds: float = 10, cancel: Event | None = None
) -> bool | None:
    """Whether the verdict is confirmed; None where it cannot be asked (nothing proved, or no text of predicates)."""
    if result.verdict not in ("proved", "disproved") or not result.goal or result.presumed:
        return None
    used = [s for s in result.sentences if s.formula and s.text in result.premises_used]
    premises = [Premise(read(one.formula or ""), one.text) for one in used]
    limits = Limits(time.monotonic() + seconds, cancel)
    verdict = refute(premises, [read(result.goal)], run_limited=run_limited, limits=limits)[0].verdict
    return None if verdict == "undecided-in-time" else verdict == result.verdict
