"""From decisions to the result: of a statement, of options, of everybody a "who" may mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tools.logic.chaining import World
from tools.logic.deciding import Decision, Verdict
from tools.logic.doubts import COMPARISON
from tools.logic.language import Atom, Name
from tools.logic.message import Message, Option
from tools.logic.reading import ReadPremises
from tools.logic.result import LogicResult, truth_option
from tools.logic.wording import say


def of_statement(blank: LogicResult, options: Sequence[Option], decision: Decision, world: World) -> LogicResult:
    """A statement's result: True, False or Unknown."""
    answer = {"proved": "True", "disproved": "False", "unknown": "Unknown"}.get(decision.verdict, "")
    notes = [decision.note] if decision.note else []
    if answer in ("True", "False"):
        notes.append("World: closed, what cannot be proved is false." if world == "closed" else "")
        if not blank.all_read and world == "open":
            notes.append("Some sentences could not be read; the proof does not need them.")
    if "^" in "".join(s.formula or "" for s in blank.sentences if s.text in decision.used):
        notes.append("“Either … or” was read as: one of the two, not both.")
    option = truth_option(options, answer)
    verdict = decision.verdict
    if world == "closed" and not blank.all_read and verdict in ("proved", "disproved"):
        verdict, answer, option = "unread", "", ""
        notes.append("In a closed world every sentence must be read.")
    return replace(
        blank, kind=decision.method, verdict=verdict, answer=option or answer, option=option or None,
        steps=decision.steps, premises_used=decision.used, note=" ".join(note for note in notes if note),
        presumed=_presumed(blank, decision),
    )  # fmt: skip


def of_options(blank: LogicResult, message: Message, decisions: dict[str, Decision]) -> LogicResult:
    """Which option must hold (or cannot, or can)."""
    wanted = {"must": ("proved",), "cannot": ("disproved",), "can": ("proved", "unknown")}[message.modality]
    chosen = [letter for letter, decision in decisions.items() if decision.verdict in wanted]
    undecided = [
        letter for letter, d in decisions.items() if d.verdict in ("undecided-in-time", "contradiction", "unread")
    ]
    if len(chosen) == 1 and (message.modality != "can" or not undecided and blank.all_read):
        letter = chosen[0]
        decision = decisions[letter]
        text = next(option.text for option in message.options if option.letter == letter)
        return replace(
            blank, kind=decision.method, verdict=decision.verdict, answer=letter, option=letter, statement=text,
            steps=decision.steps, premises_used=decision.used, note=decision.note, presumed=_presumed(blank, decision),
        )  # fmt: skip
    first = next(iter(decisions.values()))
    if first.verdict == "contradiction":
        return _contradicted(blank, first)
    verdict: Verdict = "undecided-in-time" if undecided else "unknown" if blank.all_read else "unread"
    note = f"Options {', '.join(chosen)} all fit." if chosen else "No option follows from what was read."
    return replace(
        blank, kind=first.method, verdict=verdict, answer="Unknown" if verdict == "unknown" else "", note=note
    )


def of_everybody(blank: LogicResult, names: list[str], decisions: list[Decision], reading: ReadPremises) -> LogicResult:
    """Every individual of whom it is proved."""
    proved = [(name, decision) for name, decision in zip(names, decisions) if decision.verdict == "proved"]
    clash = next((decision for decision in decisions if decision.verdict == "contradiction"), None)
    if clash is not None:
        return _contradicted(blank, clash)
    if not proved:
        doubt = next((decision.note for decision in decisions if decision.verdict == "unread"), "")
        if doubt:
            return replace(blank, verdict="unread", note=doubt)
        late = any(decision.verdict == "undecided-in-time" for decision in decisions)
        verdict: Verdict = "undecided-in-time" if late else "unknown" if blank.all_read and decisions else "unread"
        answer = "Unknown" if verdict == "unknown" else ""
        return replace(blank, verdict=verdict, answer=answer, note="Of nobody named can it be proved.")
    shown = [say(Atom("named", (Name(name),)), reading.lexicon).rsplit(" is ", 1)[0] for name, _ in proved]
    steps = tuple(dict.fromkeys(step for _, decision in proved for step in decision.steps))
    used = tuple(dict.fromkeys(sentence for _, decision in proved for sentence in decision.used))
    note = "" if blank.all_read else "Some sentences could not be read; there may be more."
    presumed = tuple(dict.fromkeys(text for _, decision in proved for text in _presumed(blank, decision)))
    return replace(
        blank, kind=proved[0][1].method, verdict="proved", answer=", ".join(shown), steps=steps, premises_used=used,
        note=note, presumed=presumed,
    )  # fmt: skip


def _contradicted(blank: LogicResult, decision: Decision) -> LogicResult:
    """The premises contradict each other, so nothing is said of what was asked."""
    return replace(
        blank, kind=decision.method, verdict="contradiction", steps=decision.steps, premises_used=decision.used,
        note=decision.note,
    )  # fmt: skip


def _presumed(blank: LogicResult, decision: Decision) -> tuple[str, ...]:
    """What the proof used beside the sentences of the text ("the cat" being a cat is none of it)."""
    said = {sentence.text for sentence in blank.sentences}
    return tuple(text for text in decision.used if text not in said and not text.startswith(("“the ", COMPARISON)))
