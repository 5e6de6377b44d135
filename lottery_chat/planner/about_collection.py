"""Questions about the collection itself are answered by the store, not by the model (which files, what is on page 12)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from knowledge.errors import KnowledgeError
from knowledge.passage import Document
from lottery_chat.events import Citation, Progress
from lottery_chat.planner.collection_questions import AboutCollection
from lottery_chat.planner.collection_words import Mentions, headings_in, mentions_of, words_of
from lottery_chat.planner.files_meant import files_meant, of_kind, told_by_name
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution

PAGE_LETTERS = 1_500
_SHOWN, _CITED = 40, 8
_MONTHS = "January February March April May June July August September October November December".split()


def by_collection(
    run: Run, node: Node, knowledge: Knowledge, wanted: AboutCollection, scope: tuple[str, ...]
) -> Steps[Solution]:
    """Answer from the list of documents, from one page's text, or by counting a word in all of them."""
    child = yield from run.open("retrieve", f"look at the collection: {wanted.wish}", node)
    everything = knowledge.documents()
    documents = [one for one in everything if one.state == "ready"]
    if scope:
        documents = [one for one in documents if one.id in scope] or documents
    if wanted.wish in ("mention", "times", "about", "words", "longest", "shortest"):
        yield Progress("Looking through the files")
    asking = _Asking(run, knowledge, documents, wanted, [one for one in everything if one.state == "failed"])
    solution = asking.answer()
    yield child.closed("done", solution.answer or solution.text[:80])
    return solution


class _Asking:
    """One question about some documents."""

    def __init__(
        self, run: Run, knowledge: Knowledge, documents: list[Document], wanted: AboutCollection, failed: list[Document]
    ) -> None:
        self.run, self.knowledge, self.documents = run, knowledge, documents
        self.wanted, self.unread = wanted, failed

    def answer(self) -> Solution:
        """The answer for each wish."""
        ways: dict[str, Callable[[], Solution]] = {
            "list": self._list, "count": self._list, "kinds": self._kinds, "pages": self._pages, "words": self._words,
            "newest": lambda: self._end("added", last=True), "oldest": lambda: self._end("added", last=False),
            "largest": lambda: self._end("size", last=True), "smallest": lambda: self._end("size", last=False),
            "longest": lambda: self._end("words", last=True), "shortest": lambda: self._end("words", last=False),
            "added": self._added, "size": self._size, "mention": self._mention, "times": self._mention,
            "about": self._about, "headings": self._headings, "page": self._page, "failed": self._failed,
            "latest": self._latest,
        }  # fmt: skip
        return ways[self.wanted.wish]()

    # -- which document ------------------------------------------------------------------------------------

    def _named(self) -> list[Document]:
        """The documents that the question names; empty where it names none."""
        file = self.wanted.file
        return [self.documents[at] for at in files_meant(file, [one.title for one in self.documents])] if file else []

    def _one(self) -> Document | Solution:
        """The one document that is meant, or a question back."""
        found = self._named() or self.documents
        if len(found) == 1:
            return found[0]
        titles = ", ".join(one.title for one in found[:8])
        return Solution(
            text=f"Which file do you mean? There are: {titles}.", status="asked_back", known="none",
            reason="several files", method="collection",
        )  # fmt: skip

    def _texts(self, document: Document) -> Sequence[tuple[int | None, str]]:
        self.run.budget.check()
        try:
            return self.knowledge.page_texts(document.id)
        except KnowledgeError:  # removed, or being read again, in this moment
            return ()

    # -- lists and counts ----------------------------------------------------------------------------------

    def _list(self) -> Solution:
        kind = self.wanted.kind
        places = of_kind(kind, [one.title for one in self.documents]) if kind else range(len(self.documents))
        chosen = [self.documents[at] for at in places]
        count = len(chosen)
        lines = [f"- {one.title}" + (f" ({one.page_count} pages)" if one.page_count > 1 else "") for one in chosen]
        head = f"**{count} {kind or 'file'}{'' if count == 1 else 's'}**"
        more = f"\n- … and {count - 200} more" if count > 200 else ""
        return _known(str(count), f"{head}\n\n" + "\n".join(lines[:200]) + more, "listed by the store of documents")

    def _failed(self) -> Solution:
        count = len(self.unread)
        if not count:
            return _known("none", "Every file could be read.", "listed by the store of documents")
        lines = "\n".join(f"- {one.title}: {one.problem}" for one in self.unread[:_SHOWN])
        text = f"**{count} {_files(count)}** could not be read:\n\n{lines}"
        return _known(", ".join(one.title for one in self.unread[:_SHOWN]), text, "listed by the store of documents")

    def _latest(self) -> Solution:
        """The newest of several files of one name: by the date or version in their names, else by when they came."""
        found = self._named()
        told = [told_by_name(one.title) for one in found]
        by_name = all(told) and len(set(told)) > 1
        order = sorted(zip(told, found), key=lambda pair: (pair[0] if by_name else (), pair[1].added), reverse=True)
        first = order[0][1]
        why = "by the date in its name" if by_name else f"added last, {_when(first)}"
        others = ", ".join(one.title for _, one in order[1 : 1 + _SHOWN])
        return _known(
            first.title, f"**{first.title}** ({why})\n\nThe others: {others}.",
            f"compared by the store over {len(found)} files with that name",
        )  # fmt: skip

    def _kinds(self) -> Solution:
        counts: dict[str, int] = {}
        for one in self.documents:
            counts[one.kind] = counts.get(one.kind, 0) + 1
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        text = "\n".join(f"- {kind.upper()}: {count}" for kind, count in ordered)
        return _known(
            ", ".join(f"{kind.upper()}: {count}" for kind, count in ordered), text, "listed by the store of documents"
        )

    def _counted(self) -> Sequence[Document] | Solution:
        """The documents that are meant: those named, the one file that is asked about, else all."""
        chosen = self._named()
        if self.wanted.file and not chosen:
            one = self._one()
            return one if isinstance(one, Solution) else [one]
        return chosen or self.documents

    def _pages(self) -> Solution:
        chosen = self._counted()
        if isinstance(chosen, Solution):
            return chosen
        total = sum(one.page_count for one in chosen)
        lines = "\n".join(
            f"- {one.title}: {one.page_count} {'page' if one.page_count == 1 else 'pages'}" for one in chosen[:_SHOWN]
        )
        word = "page" if total == 1 else "pages"
        return _known(str(total), f"**{total} {word}**\n\n{lines}", "counted in the store of documents")

    def _words(self) -> Solution:
        chosen = self._counted()
        if isinstance(chosen, Solution):
            return chosen
        counts = [(one, self._length(one)) for one in chosen]
        total = sum(count for _, count in counts)
        lines = "\n".join(f"- {one.title}: {count:,} words" for one, count in counts[:_SHOWN])
        return _known(f"{total:,}", f"**{total:,} words**\n\n{lines}", "counted in the kept texts of the documents")

    def _length(self, document: Document) -> int:
        return sum(words_of(text) for _, text in self._texts(document))

    def _end(self, by: str, *, last: bool) -> Solution:
        """The first or last document by a measure; all of them where several are level."""
        key: Callable[[Document], str | int] = {
            "added": lambda one: one.added, "size": lambda one: one.size, "words": self._length,
        }[by]  # fmt: skip
        values = {one.id: key(one) for one in self.documents}
        edge = (max if last else min)(values.values())
        found = [one for one in self.documents if values[one.id] == edge]
        said = {
            "added": f"added {_when(found[0])}",
            "size": _bytes(found[0].size),
            "words": f"{edge:,} words" if by == "words" else "",
        }[by]
        names = ", ".join(one.title for one in found[:_SHOWN])
        return _known(
            names,
            f"**{names}** ({said})",
            f"compared by the store over {len(self.documents)} {_files(len(self.documents))}",
        )

    def _added(self) -> Solution:
        one = self._one()
        if isinstance(one, Solution):
            return one
        return _known(_when(one), f"{one.title} was added on **{_when(one)}**.", "kept by the store of documents")

    def _size(self) -> Solution:
        one = self._one()
        if isinstance(one, Solution):
            return one
        pages = f", {one.page_count} pages" if one.page_count > 1 else ""
        return _known(
            _bytes(one.size), f"{one.title}: **{_bytes(one.size)}**{pages}.", "kept by the store of documents"
        )

    # -- where a word stands -------------------------------------------------------------------------------

    def _mention(self) -> Solution:
        """Every file in which the word stands: how often, on which pages, with a quote each."""
        term, chosen = self.wanted.term, self._named() or self.documents
        found = [one for document in chosen if (one := mentions_of(document, self._texts(document), term)).count]
        found.sort(key=lambda one: -one.count)
        total = sum(one.count for one in found)
        over = f"{len(chosen)} {_files(len(chosen))}"
        if not found:
            what = f"«{term}» does not stand in {chosen[0].title if len(chosen) == 1 else f'any of {over}'}."
            return Solution(
                text=what, answer="0" if self.wanted.wish == "times" else "none", known="computed", checked=True, method="collection",
                check=f"every page of {over} was looked through for this word", status="not_in_documents",
            )  # fmt: skip
        head = (
            f"**{_times(total)}**"
            if self.wanted.wish == "times"
            else f"**{len(found)} of {over}**"
            if len(chosen) > 1
            else f"**{_times(total)}**"
        )
        answer = str(total) if self.wanted.wish == "times" else ", ".join(one.title for one in found[:_SHOWN])
        if len(chosen) == 1 and self.wanted.wish == "mention":
            answer = found[0].where or _times(total)
        lines = "\n".join(_line(one) for one in found[:_SHOWN])
        more = f"\n- … and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        return Solution(
            text=f"{head}: «{term}»\n\n{lines}{more}", answer=answer, known="computed", checked=True, method="collection",
            check=f"every page of {over} was looked through for this word, case aside",
            citations=tuple(one.citation() for one in found[:_CITED]),
        )  # fmt: skip

    def _about(self) -> Solution:
        """Files that say so in their title or use the word; else the nearest in meaning, as such."""
        term = self.wanted.term
        words = [word for word in re.findall(r"\w+", term.casefold()) if len(word) > 2]
        titled = [
            one for one in self.documents if words and all(word.rstrip("s") in one.title.casefold() for word in words)
        ]
        found = [
            one for document in self.documents if (one := mentions_of(document, self._texts(document), term)).count
        ]
        found.sort(key=lambda one: (one.document not in {item.id for item in titled}, -one.count))
        names = dict.fromkeys([*(one.title for one in titled), *(one.title for one in found)])
        if names:
            lines = [
                f"- {one.title} (in its title)" for one in titled if one.id not in {item.document for item in found}
            ]
            lines += [_line(one) for one in found[:_SHOWN]]
            return Solution(
                text=f"**Yes**: «{term}»\n\n" + "\n".join(lines), answer=", ".join(list(names)[:_SHOWN]), known="computed",
                checked=True, method="collection", check="by titles, and by the word in every page",
                citations=tuple(one.citation() for one in found[:_CITED]),
            )  # fmt: skip
        hits = self.knowledge.search(term, document_ids=[one.id for one in self.documents], limit=1)
        near = (
            f" The nearest in meaning is {hits[0].passage.title}: “{hits[0].passage.text[:160].strip()}…”"
            if hits
            else ""
        )
        return Solution(
            text=f"No file names «{term}», in its title or its text.{near}", answer="no", known="computed", checked=not hits,
            check="by titles, and by the word in every page; nearness of meaning is not checked", method="collection",
        )  # fmt: skip

    # -- one document --------------------------------------------------------------------------------------

    def _headings(self) -> Solution:
        one = self._one()
        if isinstance(one, Solution):
            return one
        found = headings_in(self._texts(one))
        if not found:
            return Solution(
                text=f"No headings were recognised in {one.title}.", answer="none", known="computed", checked=True,
                check="its pages were looked through for headings", status="not_in_documents", method="collection",
            )  # fmt: skip
        lines = [
            f"{'  ' * (level - 1)}- {text}" + (f" (p. {page})" if page is not None else "")
            for level, text, page in found[:200]
        ]
        cited = tuple(Citation("document", one.title, page, "", "", text, one.id) for _, text, page in found[:_CITED])
        return Solution(
            text=f"Headings of {one.title}:\n\n" + "\n".join(lines), answer="; ".join(text for _, text, _ in found[:_SHOWN]),
            known="quoted", checked=True, check="the headings that its reader recognised", citations=cited, method="collection",
        )  # fmt: skip

    def _page(self) -> Solution:
        document = self._one()
        if isinstance(document, Solution):
            return document.but(text=document.text.replace("Which file", f"Page {self.wanted.page} of which file", 1))
        texts = self._texts(document)
        page = self.wanted.page if self.wanted.page >= 0 else len(texts)
        numbered = [(number or place, text) for place, (number, text) in enumerate(texts, start=1)]
        text = next((text for number, text in numbered if number == page), None)
        if text is None:
            count = f"{document.page_count} {'page' if document.page_count == 1 else 'pages'}"
            return Solution(
                text=f"{document.title} has {count}; there is no page {page}.", answer=None, known="computed", checked=True,
                check="counted in the store of documents", status="not_in_documents", method="collection",
            )  # fmt: skip
        return _quoted_page(document, texts, page, text)


def _quoted_page(document: Document, texts: Sequence[tuple[int | None, str]], page: int, text: str) -> Solution:
    shown = text.strip()[:PAGE_LETTERS]
    length = len(text.strip())
    more = (
        ""
        if length <= PAGE_LETTERS
        else f"\n\n(The first {PAGE_LETTERS:,} characters of {length:,}; click the citation for the whole page.)"
    )
    number = page if texts[0][0] is not None else None
    where = f"Page {page} of {document.title}" if number is not None else f"{document.title} has no pages; it begins"
    quoted = "\n".join("> " + line for line in shown.splitlines() if line.strip())
    cited = (Citation("document", document.title, number, "", "", shown[:200], document.id),)
    return Solution(
        text=f"{where}:\n\n{quoted}{more}", known="quoted", checked=True, check="the page's own text", citations=cited,
        method="collection",
    )  # fmt: skip


def _line(one: Mentions) -> str:
    where = f", {one.where}" if one.where else ""
    return f"- {one.title}: {_times(one.count)}{where}: “{one.quote}”"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _files(count: int) -> str:
    return "file" if count == 1 else "files"


def _bytes(size: int) -> str:
    if size < 1_000:
        return f"{size} bytes"
    return f"{size / 1e3:.0f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"


def _when(document: Document) -> str:
    day = datetime.fromisoformat(document.added)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}, {day:%H:%M} UTC"


def _known(answer: str, text: str, check: str) -> Solution:
    return Solution(text=text, answer=answer, known="computed", checked=True, check=check, method="collection")
