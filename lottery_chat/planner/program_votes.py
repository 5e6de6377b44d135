"""Which value of several programs is the answer, and whether they agree enough for the green mark (paper.md 3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lottery_chat.planner.values import Solution
from lottery_chat.planner.written_values import same, short_number, with_unit
from tools.errors import ToolError

#: What a value counts in the vote when code has something against it: a number of the question left out, an impossible
#: size. Of such first programs 1 of 22 (0.5B) and 2 of 7 (1.5B) were right, of the others 18 of 38 and 26 of 33
#: (gsm8k, items outside the reported ones; lab/LOG.md).
DOUBTED = 0.4


@dataclass(frozen=True, slots=True)
class Try:
    """One program, or one reasoning, with its value; `error` is a sentence when it gave none.

    `code` is what its numbers are read from: the program, or the numbers of the reasoning. `doubts` are what code has
    against the value.
    """

    code: str
    value: Any
    text: str
    error: str = ""
    method: Literal["program", "reasoning"] = "program"
    doubts: tuple[str, ...] = ()


def agreed(tries: Sequence[Try]) -> Try | None:
    """The first value that two programs share, or None."""
    good = [one for one in tries if not one.error]
    for index, one in enumerate(good):
        if any(same(one.value, other.value) for other in good[index + 1 :]):
            return one
    return None


def believed(tries: Sequence[Try]) -> bool:
    """Whether there is a value against which code has nothing to say."""
    return any(not one.error and not one.doubts for one in tries)


def _chosen(good: Sequence[Try]) -> Try:
    """The value with the most votes, a doubted one counting less; the earliest of equals."""

    def weight(value: Any) -> float:
        return sum(DOUBTED if one.doubts else 1.0 for one in good if same(value, one.value))

    best = max(good, key=lambda one: weight(one.value))
    return min((one for one in good if same(best.value, one.value)), key=lambda one: len(one.doubts))


def voted(question: str, tries: Sequence[Try]) -> Solution:
    """The answer of these tries, and what their agreement is worth. Raises ToolError where none gave a value."""
    good = [one for one in tries if not one.error]
    if not good:
        raise ToolError(f"No program gave a value: {_last_line(tries[-1].error)}")
    chosen = _chosen(good)
    answer = short_number(chosen.value, chosen.text)
    ran = any(one.method == "program" for one in good)
    agreeing = [one for one in good if same(chosen.value, one.value)]
    check = _said(tries, good, agreeing, chosen)
    if not ran:
        check = f"reasoning in steps; no program gave a value ({_last_line(tries[0].error)})"
    if chosen.doubts:
        check += f"; {'; '.join(chosen.doubts)}"
    return Solution(
        text=with_unit(question, answer), answer=answer, known="computed" if ran else "model",
        checked=ran and 1 < len(agreeing) == len(good) and not chosen.doubts, check=check, method="program",
    )  # fmt: skip


def _said(tries: Sequence[Try], good: Sequence[Try], agreeing: Sequence[Try], chosen: Try) -> str:
    """How the tries stand to each other, for the person."""
    if len(agreeing) > 1:
        if {one.method for one in agreeing} == {"program", "reasoning"}:
            return "a program and reasoning in steps agree"
        whole = len(agreeing) == len(good)
        return "two programs, asked for in different ways, agree" if whole else "two of three programs agree"
    if len(tries) > 1:
        values = ", ".join(dict.fromkeys(short_number(one.value, one.text) for one in good))
        how = "a program the model wrote" if chosen.method == "program" else "reasoning in steps, the sums by code"
        return f"calculated by {how}; the cross-check did not agree ({values})"
    return "calculated by a program the model wrote; not cross-checked"


def _last_line(error: str) -> str:
    return (error.strip().splitlines() or ["no reason given"])[-1][:200]
