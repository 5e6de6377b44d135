"""What code alone decides about a text that came with the question: counts, a list of facts, a story, sentences of one form.

No model is asked; what is shown are the sentences or lines themselves with the place where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.passage import Sentence
from lottery_chat.events import Citation, Progress
from lottery_chat.planner.long_counts import Counted, counted
from lottery_chat.planner.long_material import Material, material_of
from lottery_chat.planner.long_records import LookedUp, look_up
from lottery_chat.planner.long_stated import Stated
from lottery_chat.planner.long_story import Told, tell
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.splitting import schedule_for
from lottery_chat.planner.values import Solution

#: Most quotes shown under an answer; how many more there are is said.
SHOWN = 8
#: Longest text that is read by code at once, in letters.
LONGEST = 4_000_000
_TITLE = "your text"


@dataclass(frozen=True, slots=True)
class Decided:
    """What code decided, and where the text lies: `document` is empty for a text that was only pasted."""

    found: LookedUp | Told | Counted
    title: str = _TITLE
    document: str = ""


def decided_by_code(message: str) -> Decided | None:
    """Decide a message that brings its text along; None where code cannot, or there is no text."""
    material = material_of(message)
    return decided_of(material) if material is not None else None


def decided_in_document(question: str, knowledge: Knowledge, document_ids: Sequence[str]) -> Decided | None:
    """The same for a question about one document that was attached or named."""
    ready = [one for one in knowledge.documents() if one.state == "ready"]
    about = [one for one in ready if one.id in document_ids] if document_ids else ready
    if len(about) != 1 or about[0].size > LONGEST:
        return None
    text = "\n".join(text for _, text in knowledge.page_texts(about[0].id))
    decided = decided_of(Material(question, text))
    return Decided(decided.found, about[0].title, about[0].id) if decided is not None else None


def decided_of(material: Material) -> Decided | None:
    """Decide a request about a text that are apart already."""
    if len(material.text) > LONGEST:
        return None
    asked, text = material.asked, material.text
    found = counted(asked, text) or look_up(asked, text) or tell(asked, text) or _each(material)
    return Decided(found) if found is not None else None


def _each(material: Material) -> Told | None:
    """A message that asks several things about a story: each on its own, decided only if all are."""
    schedule = schedule_for(material.asked) if len(material.asked) < 400 else None
    if schedule is None or schedule.together != "list" or any(part.needs for part in schedule.parts):
        return None
    told = [one for part in schedule.parts if (one := tell(part.question, material.text)) is not None]
    if len(told) < len(schedule.parts):
        return None
    sentences = {one.number: one for each in told for one in each.sentences}
    return Told(
        "; ".join(one.answer for one in told), tuple(sentences[number] for number in sorted(sentences)), told[0].read,
        all(one.sure for one in told), "; ".join(dict.fromkeys(one.how for one in told if one.how)),
    )  # fmt: skip


def by_code(run: Run, node: Node, decided: Decided) -> Steps[Solution]:
    """The solution of what code decided, with the lines it rests on."""
    yield Progress("Looking it up in the text")
    found = decided.found
    if isinstance(found, LookedUp):
        solution = _looked_up(found, decided)
    elif isinstance(found, Counted):
        quotes = found.quotes
        solution = Solution(
            text=f"**{found.answer}**{_shown(quotes)}", answer=found.answer, known="computed", checked=True, check=found.check,
            citations=_cited(quotes, decided), method="counted",
        )  # fmt: skip
    else:
        solution = _told(found, decided)
    run.store_request(node, "text", run.ask.words[-200:], solution.answer or solution.text)
    return solution


def _looked_up(found: LookedUp, decided: Decided) -> Solution:
    if not found.answer:
        text = f"The text does not say: “{found.asked}” is none of its {found.total} keys."
        return Solution(
            text=text, known="none", status="not_in_documents", passed=False, reason=found.check, check=found.check, method="records",
        )  # fmt: skip
    quotes = [one.quote for one in found.records]
    values = {one.value for one in found.records}
    several = len(found.records) > 1 and len(values) > 1
    note = f"\n\nThe key stands there {len(found.records)} times, with different values." if several else ""
    return Solution(
        text=f"**{found.answer}**{note}{_shown(quotes)}", answer=found.answer, known="quoted" if quotes else "computed",
        checked=not several, check=found.check or "counted by code", citations=_cited(quotes, decided), method="records",
    )  # fmt: skip


def _told(found: Told, decided: Decided) -> Solution:
    quotes = [one.text for one in found.sentences]
    known = "proved" if len(quotes) != 1 else "quoted"
    note = "" if found.sure or not found.how else f"\n\n({found.how[0].upper()}{found.how[1:]}.)"
    return Solution(
        text=f"**{found.answer}**{note}{_shown(quotes)}", answer=found.answer, known=known if found.sure else "quoted",  # type: ignore[arg-type]
        checked=found.sure, check=found.check, citations=_cited(quotes, decided), method="story",
    )  # fmt: skip


def stated_solution(run: Run, node: Node, stated: Stated) -> Steps[Solution]:
    """Values that sentences of one form state, found by a sweep of the whole text."""
    yield from run.verified(node, stated.check, stated.sure)
    answer = "; ".join(stated.values)
    quotes = [one.text for one in stated.sentences]
    cited = tuple(_citation(one) for one in stated.sentences[:SHOWN])
    further = (
        f"\n\nThese speak of it too and were not read:{_shown([one.text for one in stated.others])}"
        if stated.others
        else ""
    )
    return Solution(
        text=f"**{answer}**{_shown(quotes)}{further}", answer=answer, known="quoted", checked=stated.sure, check=stated.check,
        citations=cited, method="stated",
    )  # fmt: skip


def _citation(one: Sentence) -> Citation:
    return Citation("document", one.title, one.page, "", "", one.text, one.document_id, one.passage_id)


def _cited(quotes: Sequence[str], decided: Decided) -> tuple[Citation, ...]:
    return tuple(Citation("document", decided.title, None, "", "", quote, decided.document) for quote in quotes[:SHOWN])


def _shown(quotes: Sequence[str]) -> str:
    if not quotes:
        return ""
    lines = [f"> {re.sub(r'[*_`]', lambda mark: chr(92) + mark[0], one)}" for one in quotes[-SHOWN:]]
    more = f"\n\n({len(quotes) - SHOWN} earlier ones are not shown.)" if len(quotes) > SHOWN else ""
    return "\n\n" + "\n>\n".join(lines) + more
