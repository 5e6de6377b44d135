"""The answer of an ordering: what is asked, decided by a solver over whole-number places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.limited import RunLimited
from tools.logic.deciding import Decision, Limits, Step, Verdict, refute
from tools.logic.language import Compare
from tools.logic.ordering import OrderingText


@dataclass(frozen=True, slots=True)
class Ordered:
    """The decision, the short answer (letter, name, True …) and the sentence it is about."""

    decision: Decision
    answer: str
    statement: str


def solve_ordering(text: OrderingText, *, run_limited: RunLimited, limits: Limits) -> Ordered:
    """Decide what is asked. The answer is "" where nothing follows."""
    if text.kind == "order":
        return _whole_order(text, run_limited, limits)
    goals = [goal for _, goal in text.goals]
    decisions = refute(text.premises, goals, run_limited=run_limited, limits=limits, axes=text.axes)
    if text.kind == "statement":
        answer = {"proved": "True", "disproved": "False", "unknown": "Unknown"}.get(decisions[0].verdict, "")
        return Ordered(_noted(decisions[0], text.assumed), answer, text.asked)
    if text.kind == "count":
        return _counted(text, decisions)
    return _chosen(text, decisions)


def _chosen(text: OrderingText, decisions: Sequence[Decision]) -> Ordered:
    """The option, the entity or the place it holds of; several only where "who" asks."""
    wanted = {"must": ("proved",), "cannot": ("disproved",), "can": ("proved", "unknown")}[text.modality]
    chosen = [i for i, decision in enumerate(decisions) if decision.verdict in wanted]
    labels = [text.goals[i][0] for i in chosen]
    if text.kind == "who" and chosen:
        answer = ", ".join(text.names[label] for label in labels)
        return Ordered(_noted(decisions[chosen[0]], text.assumed), answer, text.asked)
    if len(chosen) == 1:
        return Ordered(_noted(decisions[chosen[0]], text.assumed), labels[0], text.asked)
    first = decisions[0]
    if first.verdict in ("contradiction", "undecided-in-time"):
        return Ordered(first, "", text.asked)
    note = "More than one fits: " + ", ".join(labels) if chosen else "None of them must hold."
    verdict: Verdict = "undecided-in-time" if any(d.verdict == "undecided-in-time" for d in decisions) else "unknown"
    return Ordered(_noted(Decision(verdict, "ordering", note=note), text.assumed), "Unknown", text.asked)


def _counted(text: OrderingText, decisions: Sequence[Decision]) -> Ordered:
    """How many it holds of; only where it is certain of each."""
    verdicts = [decision.verdict for decision in decisions]
    yes = [i for i, verdict in enumerate(verdicts) if verdict == "proved"]
    other = next((d for d in decisions if d.verdict not in ("proved", "disproved")), None)
    if other is not None or not decisions:
        verdict: Verdict = other.verdict if other is not None else "unread"
        note = "It is not certain of each of them." if verdict == "unknown" else other.note if other else ""
        return Ordered(Decision(verdict, "ordering", note=note), "Unknown" if verdict == "unknown" else "", text.asked)
    used = tuple(dict.fromkeys(sentence for decision in decisions for sentence in decision.used))
    names = ", ".join(text.names[text.goals[i][0]] for i in yes)
    steps = (Step(f"It holds of: {names or 'nobody'}.", used, "refutation"),)
    return Ordered(Decision("proved", "ordering", steps, used, text.assumed), str(len(yes)), text.asked)


def _noted(decision: Decision, assumed: str) -> Decision:
    return replace(decision, note=" ".join(part for part in (decision.note, assumed) if part))


def _whole_order(text: OrderingText, run_limited: RunLimited, limits: Limits) -> Ordered:
    """The one order of all, where there is only one."""
    axis = next(iter(text.axes))
    keys = list(text.names)
    pairs = [(a, b) for a in keys for b in keys if a != b]
    decisions = refute(
        text.premises,
        [Compare(axis, a, "<", b) for a, b in pairs],
        run_limited=run_limited,
        limits=limits,
        axes=text.axes,
    )
    before = {key: sum(d.verdict == "proved" for (_, b), d in zip(pairs, decisions) if b == key) for key in keys}
    if sorted(before.values()) != list(range(len(keys))):
        first = decisions[0]
        verdict: Verdict = first.verdict if first.verdict in ("contradiction", "undecided-in-time") else "unknown"
        return Ordered(
            Decision(verdict, "ordering", note="More than one order fits."),
            "Unknown" if verdict == "unknown" else "",
            text.asked,
        )
    order = sorted(keys, key=lambda key: before[key])
    used = tuple(dict.fromkeys(sentence for d in decisions if d.verdict == "proved" for sentence in d.used))
    steps = tuple(
        dict.fromkeys(step for d in decisions if d.verdict == "proved" for step in d.steps if step.rule == "given")
    )
    return Ordered(
        Decision("proved", "ordering", steps, used, text.assumed),
        ", ".join(text.names[key] for key in order),
        text.asked,
    )
