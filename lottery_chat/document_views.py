"""What a person sees of the documents: a page beside its passages, its picture, what a question would find.

interface.DocumentViews over the library. What would be found is found by the planner's own `gather`, so the page
shows what an answer would be made from, not a search like it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lottery_chat.events import FoundPassage
from lottery_chat.interface.document_views import GivenSentence, Hit, PageLook, PagePicture, PassageOnPage, WouldFind
from lottery_chat.interface.documents import DocumentInfo, SearchBy
from lottery_chat.kept_documents import KeptDocuments, looked_into, translated

if TYPE_CHECKING:
    from knowledge.library import Library
    from knowledge.passage import SearchHit, Sentence
    from lottery_chat.planner.coverage import Coverage
    from tools.fetching import Page

#: Time to fetch a page that a person added by its address, in seconds.
FETCH_SECONDS = 20.0
_ENDINGS = {"application/pdf": ".pdf", "text/plain": ".txt"}


class LibraryViews:
    """interface.DocumentViews; the library's and the fetcher's errors become ours.

    Args:
        documents: the same documents as the page lists them.
        proxy: an http(s) URL through which addresses are fetched, or None.
        fetch: url to page; None takes the guarded fetcher (tests give their own, over the same guard).
        coverage: what the scores of the embedder in use say; None: what was measured for the built-in one.
    """

    def __init__(
        self,
        library: Callable[[], Library],
        documents: KeptDocuments,
        proxy: str | None,
        fetch: Callable[[str], Page] | None = None,
        coverage: Callable[[], Coverage] | None = None,
    ) -> None:
        self._library, self._documents, self._proxy = library, documents, proxy
        self._fetch = fetch or self._guarded
        self._coverage = coverage or _builtin_coverage

    def look(self, document: str, page: int | None, quote: str = "") -> PageLook:
        """One page with its passages; None is the first, and the only one of a document without pages is any."""
        with translated():
            library = self._library()
            if document in {one.id for one in library.documents()}:
                first = library.pages(document)[0].number
                page = first if page is None or first is None else page
        shown = self._documents.page(document, page, quote)
        with translated():
            # The newer version may be shown in place of one that is gone: its passages go with it.
            info = next((one for one in library.documents() if one.id == shown.document), None)
            if info is None or shown.pages == 0:
                return PageLook(shown, "", False, ())
            ready = info.state == "ready"
            passages = [one for one in library.chunks(info.id) if one.page == page] if ready else []
        spans = tuple(PassageOnPage(one.id, one.ordinal, one.heading, one.start, one.end) for one in passages)
        return PageLook(shown, info.kind, info.kind == "pdf" and page is not None, spans)

    def picture(self, document: str, page: int, quote: str = "") -> PagePicture:
        """A PDF's page as PNG with the quote's boxes."""
        with translated():
            png, boxes = self._library().page_picture(document, page, quote)
        return PagePicture(png, tuple(boxes))

    def would_find(self, query: str, collections: Sequence[str] | None = None, by: SearchBy | None = None) -> WouldFind:
        """What the planner would read for this question."""
        from lottery_chat.planner.gathering import gather

        with translated():
            evidence = gather(looked_into(self._library(), "", (), collections, by), query)
        coverage = self._coverage()
        return WouldFind(
            query,
            tuple(_hit(one, evidence.sentences) for one in evidence.hits),
            tuple(GivenSentence(s.text, s.document_id, s.title, s.page, s.score) for s in evidence.sentences),
            evidence.best,
            coverage.of(evidence.best, evidence.named) if evidence.sentences else "not",
            (coverage.looks, coverage.clear),
        )

    def add_address(self, url: str, conversation: str | None = None) -> DocumentInfo:
        """Fetch and keep a public page."""
        with translated():
            page = self._fetch(url.strip())
        with tempfile.TemporaryDirectory(prefix="lottery-chat-") as folder:
            file = Path(folder) / f"page{_ENDINGS.get(page.type, '.html')}"
            file.write_bytes(_body(page))
            title = _title(page.url)
            if conversation:
                return self._documents.attach(conversation, file, title, address=page.url)
            return self._documents.add(file, title, address=page.url)

    def _guarded(self, url: str) -> Page:
        from tools.fetching import Fetcher

        wanted = url if "://" in url else f"https://{url}"
        return Fetcher(proxy=self._proxy, seconds=FETCH_SECONDS).fetch(wanted)


def _builtin_coverage() -> Coverage:
    from lottery_chat.planner.coverage import coverage_of

    return coverage_of("", {})


def _hit(hit: SearchHit, sentences: Sequence[Sentence]) -> Hit:
    passage, read = hit.passage, [one for one in sentences if one.passage_id == hit.passage.id]
    # A sentence may begin before its passage (its opening stands in the one before): then what is here is marked.
    spans = [(max(one.start - passage.start, 0), min(one.end - passage.start, len(passage.text))) for one in read]
    found = FoundPassage(
        passage.id, passage.document_id, passage.title, passage.page, passage.text, hit.score, hit.vector, hit.text,
        used=bool(read),
    )  # fmt: skip
    return Hit(found, passage.heading, tuple(sorted(span for span in spans if span[0] < span[1])))


def _body(page: Page) -> bytes:
    """The page's bytes, as UTF-8 with its mark where the server named another encoding: a file has no header for it."""
    if not page.type.startswith(("text/", "application/xhtml")) or not page.charset:
        return page.body
    try:
        return page.body.decode(page.charset, "replace").encode("utf-8-sig", "replace")
    except (LookupError, UnicodeError):
        return page.body


def _title(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}".rstrip("/")[:200] or url[:200]
