"""Questions about the collection itself are answered by the store, not by the model (which files, what is on page 12)."""

from __future__ import annotations

import re

from knowledge.passage import Document
from lottery_chat.events import Citation
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.understanding import names_document
from lottery_chat.planner.values import Solution

PAGE_LETTERS = 1_500


def by_collection(
    run: Run, node: Node, knowledge: Knowledge, question: str, page: int | None, scope: tuple[str, ...]
) -> Steps[Solution]:
    """Answer from the list of documents or from one page's text."""
    child = yield from run.open("retrieve", "look at the collection", node)
    documents = [one for one in knowledge.documents() if one.state == "ready"]
    if scope:
        documents = [one for one in documents if one.id in scope] or documents
    solution = _page(knowledge, documents, question, page) if page else _list(documents, question)
    yield child.closed("done", solution.answer or "")
    return solution


def _list(documents: list[Document], question: str) -> Solution:
    if re.search(r"\bhow many pages\b", question, re.IGNORECASE):
        total = sum(one.page_count for one in documents)
        lines = [f"- {one.title}: {one.page_count} pages" for one in documents]
        return _known(str(total), f"**{total} pages**\n\n" + "\n".join(lines), "counted in the store of documents")
    names = "\n".join(
        f"- {one.title}" + (f" ({one.page_count} pages)" if one.page_count > 1 else "") for one in documents
    )
    head = f"**{len(documents)} {'file' if len(documents) == 1 else 'files'}**"
    return _known(str(len(documents)), f"{head}\n\n{names}", "listed by the store of documents")


def _page(knowledge: Knowledge, documents: list[Document], question: str, page: int) -> Solution:
    named = names_document(question, tuple(one.title for one in documents))
    document = documents[named[0]] if named else documents[-1] if len(documents) == 1 else None
    if document is None:
        titles = ", ".join(one.title for one in documents[:6])
        return Solution(
            text=f"Page {page} of which file? There are: {titles}.",
            status="asked_back",
            known="none",
            reason="several files",
            method="collection",
        )
    text = next((text for number, text in knowledge.page_texts(document.id) if number == page), None)
    if text is None:
        return Solution(
            text=f"{document.title} has {document.page_count} pages; there is no page {page}.", answer=None, known="computed", checked=True,
            check="counted in the store of documents", status="not_in_documents", method="collection",
        )  # fmt: skip
    shown = text.strip()[:PAGE_LETTERS]
    more = (
        ""
        if len(text.strip()) <= PAGE_LETTERS
        else f"\n\n(The first {PAGE_LETTERS:,} characters of {len(text.strip()):,}; click the citation for the whole page.)"
    )
    quoted = "\n".join("> " + line for line in shown.splitlines() if line.strip())
    cited = (Citation("document", document.title, page, "", "", shown[:200], document.id),)
    return Solution(
        text=f"Page {page} of {document.title}:\n\n{quoted}{more}",
        known="quoted",
        checked=True,
        check="the page's own text",
        citations=cited,
        method="collection",
    )


def _known(answer: str, text: str, check: str) -> Solution:
    return Solution(text=text, answer=answer, known="computed", checked=True, check=check, method="collection")
