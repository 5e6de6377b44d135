"""Aggregate (Algorithm 1, line 18): put the answers of parts together, by code where they can be compared or listed."""

from __future__ import annotations

import re

from lottery_chat.planner.linking import name_alone
from lottery_chat.planner.sortable import compare
from lottery_chat.planner.values import Part, Schedule, Solution, weakest


def with_answers(part: Part, solutions: list[Solution]) -> str:
    """Fill #1, #2… with the answers they need (DAG by substitution in code, paper.md 2.11)."""
    question = part.question
    for need in part.needs:
        answer = name_alone(solutions[need].answer or solutions[need].text, part.question)
        question = question.replace(f"#{need + 1}", re.sub(r"[.!]+$", "", answer.strip()))
    return question


def names_something(solution: Solution) -> bool:
    """Whether an answer can stand in a question for what was asked: a name, so a capital, a digit or another script.

    "a letter" for "the letter that Ida received" would make another question of the one it is put into.
    """
    said = solution.answer or solution.text
    return any(
        letter.isupper() or letter.isdigit() or letter.lower() == letter.upper() for letter in said if letter.isalnum()
    )


def _merged(solutions: list[Solution]) -> dict[str, object]:
    citations = tuple(dict.fromkeys(one for solution in solutions for one in solution.citations))
    return {"citations": citations, "known": weakest([one.known for one in solutions]), "method": "parts"}


def in_list(schedule: Schedule, solutions: list[Solution]) -> Solution:
    """The parts' answers one under the other, each with how it is known when they differ."""
    kinds = {(one.known, one.checked) for one in solutions}
    lines = []
    for one in solutions:
        how = f" *({one.known}{', checked' if one.checked else ''})*" if len(kinds) > 1 else ""
        lines.append(f"{one.text}{how}")
    missing = [part.question for part, one in zip(schedule.parts, solutions) if not one.passed]
    answers = [one.answer for one in solutions]
    return Solution(
        text="\n\n".join(lines), answer="; ".join(one for one in answers if one) if all(answers) else None, passed=not missing,
        checked=all(one.checked for one in solutions), status="partial" if missing else "answered",
        reason=f"without an answer: {'; '.join(missing)}" if missing else "",
        check="each part: " + "; ".join(dict.fromkeys(one.check for one in solutions if one.check)), **_merged(solutions),  # type: ignore[arg-type]
    )  # fmt: skip


def last_of(schedule: Schedule, solutions: list[Solution]) -> Solution:
    """The last part's answer; what the parts before it found is shown below it, because it rests on them."""
    last = solutions[-1]
    if not last.passed:
        return last
    found = [
        f"- {part.question} {one.answer or one.text}" for part, one in zip(_asked(schedule, solutions), solutions[:-1])
    ]
    checks = "; ".join(dict.fromkeys(one.check for one in solutions if one.check))
    return last.but(
        text=last.text + "\n\n" + "\n".join(found), streamed=False, checked=all(one.checked for one in solutions),
        check=f"each part: {checks}", **_merged([last, *solutions[:-1]]),
    )  # fmt: skip


def _asked(schedule: Schedule, solutions: list[Solution]) -> list[Part]:
    """The parts with their questions as they were asked."""
    return [Part(with_answers(part, solutions), part.needs, part.brief) for part in schedule.parts]


def in_comparison(schedule: Schedule, solutions: list[Solution]) -> Solution:
    """Compare the answers of the last parts by code; what cannot be compared is shown, and said to be so."""
    comparison = schedule.compare
    assert comparison is not None
    compared = solutions[-len(comparison.names) * comparison.each :]
    facts = [f"- {part.question} {one.answer or one.text}" for part, one in zip(_asked(schedule, solutions), solutions)]
    outcome = compare([one.answer or one.text if one.passed else "" for one in compared], comparison)
    merged = _merged(solutions)
    if outcome is None:
        reason = "the answers hold no values of one kind"
        return Solution(
            text="\n".join(facts) + "\n\nThese cannot be compared by code.", answer=None, passed=False, checked=False,
            status="partial", reason=reason, check=reason, **merged,  # type: ignore[arg-type]
        )  # fmt: skip
    head = outcome.answer[0].upper() + outcome.answer[1:]
    checks = "; ".join(dict.fromkeys(one.check for one in solutions if one.check))
    return Solution(
        text=f"**{head}**\n\n" + "\n".join(facts), answer=outcome.answer, passed=True,
        checked=outcome.sure and all(one.checked for one in solutions),
        check=f"{outcome.shown}, compared by code; {checks}", **merged,  # type: ignore[arg-type]
    )  # fmt: skip
