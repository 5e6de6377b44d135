"""Own tables as their readers give them: CSV through knowledge/tables.py, Markdown as it stands."""

from __future__ import annotations

from knowledge.tables import read_table
from lottery_chat.tables import PlannerTables, TableHit


def page_text(title: str, text: str) -> str:
    """The text of the page that a file becomes."""
    if title.endswith(".md"):
        return text
    return read_table(text, title, tabs="\t" in text)


def asked(question: str, title: str, text: str) -> tuple[TableHit, str, tuple[str, ...]] | None:
    """The reading that is whole, its short answer and its doubts; None where there is none."""
    tables = PlannerTables()
    hits = tables.read(question, title, title, lambda: [(None, page_text(title, text))])
    whole = [one for one in hits if one.reading.whole and one.reading.evidence]
    if len(whole) != 1:
        return None
    answer = tables.answer(whole[0])
    return whole[0], answer.short, answer.doubts
