"""The kept documents as page and command line see them: interface.Documents over the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lottery_chat.errors import LotteryChatError, NotFound
from lottery_chat.events import FoundPassage
from lottery_chat.interface.documents import (
    CollectionInfo,
    DocumentInfo,
    FactInfo,
    PageText,
    SearchBy,
    TakenIn,
    WorkInfo,
)

if TYPE_CHECKING:
    from knowledge.library import Library
    from knowledge.passage import Document
    from knowledge.scope import Scope
    from lottery_chat.memory.notes import Notes
    from lottery_chat.memory.uses import Uses


#: How long a list of facts waits for documents that were taken in before there were facts.
_READING_SECONDS = 30.0


def looked_into(
    library: Library,
    conversation: str,
    attached: Sequence[str],
    used: Sequence[str] | None,
    by: SearchBy | None = None,
) -> Library | Scope:
    """The part of the library that a question of this conversation may use.

    Args:
        attached: documents that the question is about, whatever collection they are in.
        used: ids of collections; None means all.
        by: how to search; None means as the settings say.
    """
    from knowledge.scope import Scope

    if used is None and by is None and not library.collections.read().attached:
        return library

    def wanted() -> frozenset[str]:
        listed = library.collections.listed(one.id for one in library.documents())
        inside = frozenset(d for one in listed if used is None or one.id in used for d in one.documents)
        return inside | library.collections.of_conversation(conversation) | frozenset(attached)

    return Scope(library, wanted, by)


class translated:
    """Turn errors of the libraries into ours, keeping their sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from knowledge.errors import KnowledgeError
        from tools.errors import ToolError

        if isinstance(error, KnowledgeError | ToolError):
            raise LotteryChatError(str(error)) from error


class KeptDocuments:
    """interface.Documents over the library; its errors become ours."""

    def __init__(self, library: Callable[[], Library], uses: Callable[[], Uses], notes: Callable[[], Notes]) -> None:
        self._library, self._uses, self._notes = library, uses, notes

    def list(self) -> tuple[DocumentInfo, ...]:
        """All documents, oldest first, files of conversations included."""
        return self._infos(self._library().documents())

    def _infos(self, documents: Sequence[Document]) -> tuple[DocumentInfo, ...]:
        library = self._library()
        everything, groups, left = library.documents(), library.collections.read(), library.pace.left()
        listed = library.collections.listed(one.id for one in everything)
        into: dict[str, list[str]] = {}
        for group in listed:
            for member in group.documents:
                into.setdefault(member, []).append(group.id)
        named: dict[str, list[Document]] = {}
        for document in everything:
            if document.id in into:
                named.setdefault(document.title, []).append(document)
        going = {one.replaces for one in everything}
        found = []
        for one in documents:
            before = [d for d in named.get(one.title, ()) if d.added < one.added and d.id not in going]
            earlier = before[-1].id if before and one.id in into and not one.replaces else ""
            found.append(
                DocumentInfo(
                    one.id, one.title, one.kind, one.size, one.page_count, one.chunk_count, one.state, one.progress,
                    one.problem, one.added, tuple(into.get(one.id, ())), groups.attached.get(one.id, ()), one.replaces,
                    earlier, left.get(one.id), one.address, one.fetched_at,
                )
            )  # fmt: skip
        return tuple(found)

    def _info(self, document: Document) -> DocumentInfo:
        return self._infos((document,))[0]

    def add(
        self, path: Path, title: str | None = None, *, source: Path | None = None, address: str = ""
    ) -> DocumentInfo:
        """Keep and read a file; `address` is where it was fetched from just now."""
        with translated():
            return self._info(self._library().add(path, title, source=source, address=address))

    def reads(self, name: str) -> bool:
        """Whether files with such a name are of a kind that is read."""
        from knowledge.kinds import is_read

        return is_read(name)

    def unchanged(self, source: Path) -> DocumentInfo | None:
        """What was read from this place, when it has not changed."""
        found = self._library().unchanged(source)
        return self._info(found) if found is not None else None

    def replace(self, document: str, path: Path) -> DocumentInfo:
        """A new version; the old one answers until it is ready."""
        with translated():
            return self._info(self._library().replace(document, path))

    def supersede(self, document: str, by: str) -> DocumentInfo:
        """The same with a document that is here already."""
        with translated():
            return self._info(self._library().supersede(document, by))

    def collections(self, conversation: str | None = None) -> tuple[CollectionInfo, ...]:
        """All, the default one first."""
        library = self._library()
        used = self._uses().used(conversation) if conversation else None
        listed = library.collections.listed(one.id for one in library.documents())
        return tuple(CollectionInfo(one.id, one.name, one.documents, used is None or one.id in used) for one in listed)

    def collection(self, name: str) -> CollectionInfo:
        """The one with this name or id."""
        with translated():
            wanted = self._library().collections.find(name).id
        return next(one for one in self.collections() if one.id == wanted)

    def make_collection(self, name: str) -> CollectionInfo:
        """A new one, empty."""
        with translated():
            return self.collection(self._library().collections.make(name).id)

    def rename_collection(self, collection: str, name: str) -> CollectionInfo:
        """Another name."""
        with translated():
            return self.collection(self._library().collections.rename(collection, name).id)

    def remove_collection(self, collection: str) -> None:
        """Its documents stay."""
        with translated():
            self._library().collections.drop(collection)

    def put(self, collection: str, documents: Sequence[str]) -> None:
        """Put documents in."""
        with translated():
            for one in documents:
                self._library().document(one)
            self._library().collections.put(collection, documents)

    def take(self, collection: str, documents: Sequence[str]) -> None:
        """Take documents out."""
        with translated():
            self._library().collections.take(collection, documents)

    def use(self, conversation: str, collections: Sequence[str] | None) -> None:
        """Look only into these from now on."""
        for one in collections or ():
            self.collection(one)
        self._uses().use(conversation, collections)

    def attach(self, conversation: str, path: Path, title: str | None = None, *, address: str = "") -> DocumentInfo:
        """A file of this conversation alone."""
        with translated():
            return self._info(self._library().add(path, title, conversation=conversation, address=address))

    def attachments(self, conversation: str) -> tuple[DocumentInfo, ...]:
        """The files of a conversation."""
        library = self._library()
        its = library.collections.of_conversation(conversation)
        return self._infos([one for one in library.documents() if one.id in its])

    def export(self, path: Path) -> Iterator[DocumentInfo]:
        """One zip file."""
        with translated():
            for one in self._library().export(path):
                yield self._info(one)

    def import_(self, path: Path) -> Iterator[TakenIn]:
        """Take in what `export` wrote."""
        with translated():
            for one in self._library().take_in(path):
                yield TakenIn(one.title, one.state, one.done, one.total, one.problem)

    def work(self) -> WorkInfo:
        """How far reading and embedding are."""
        work = self._library().pace.work()
        left = "" if work.seconds_left is None else f", about {work.seconds_left:.0f} s left"
        text = f"{work.waiting} documents are being taken in{left}." if work.waiting else ""
        if work.paused:
            text = f"Taking in is paused; {work.waiting} documents wait."
        problem = self._library().problem()
        return WorkInfo(work.waiting, work.paused, work.seconds_left, f"{text} {problem}".strip(), problem)

    def pause(self) -> None:
        """Rest until `go_on`, across restarts."""
        self._library().pace.pause()

    def go_on(self) -> None:
        """Go on."""
        self._library().pace.go_on()
        self._library().resume()

    def check(self, *, deep: bool = True) -> tuple[str, ...]:
        """Compare originals, texts and index; mend."""
        with translated():
            return self._library().check(deep=deep)

    def wait(self, document: str, seconds: float) -> DocumentInfo:
        """Wait until it is ready or failed."""
        with translated():
            return self._info(self._library().wait(document, seconds))

    def remove(self, document: str) -> None:
        """Remove without a trace."""
        with translated():
            self._library().remove(document)
        self._notes().forget_document(document)

    def rebuild(self) -> Iterator[DocumentInfo]:
        """Make the index anew from the originals."""
        with translated():
            for one in self._library().rebuild():
                yield self._info(one)

    def search(
        self, query: str, limit: int = 8, by: SearchBy | None = None, collections: Sequence[str] | None = None
    ) -> tuple[FoundPassage, ...]:
        """What would be found."""
        with translated():
            hits = looked_into(self._library(), "", (), collections).search(query, limit=limit, by=by)
        return tuple(
            FoundPassage(
                hit.passage.id,
                hit.passage.document_id,
                hit.passage.title,
                hit.passage.page,
                hit.passage.text,
                hit.score,
                hit.vector,
                hit.text,
            )
            for hit in hits
        )

    def facts(self, about: str = "", relation: str = "", documents: Sequence[str] = ()) -> tuple[FactInfo, ...]:
        """(entity, relation, object) with their sentences."""
        from knowledge.relations import relation as named

        with translated():
            self._library().unread_facts(_READING_SECONDS)
            found = self._library().facts(
                about=about,
                relation=named(relation) if relation else "",
                containing=True,
                document_ids=documents or None,
            )
        return tuple(
            FactInfo(one.entity, one.relation, one.object, one.document_id, one.title, one.page, one.sentence)
            for one in found
        )

    def page(self, document: str, page: int | None, quote: str = "") -> PageText:
        """A page with the quote's place."""
        with translated():
            library = self._library()
            info = next((one for one in library.documents() if one.id == document), None)
            if info is None:
                return self._gone(document, page, quote)
            start, end = library.locate(document, page, quote) if quote else (-1, -1)
            text = library.page(document, page).text
        return PageText(document, info.title, page, info.page_count, text, start, end)

    def _gone(self, document: str, page: int | None, quote: str) -> PageText:
        """A version that was replaced: the newer one where it says the same, else the quote as it was kept."""
        newer = self._library().collections.read().successors.get(document)
        if newer is None or not quote:
            raise NotFound("This document was removed.")
        try:
            found = self.page(newer, page, quote)
        except LotteryChatError:
            found = None
        if found is not None and found.start >= 0:
            return replace(found, note="This is the newer version of the document; it says the same here.")
        title = self._library().document(newer).title
        note = "The document was replaced by a newer version; this is the sentence as it was quoted."
        return PageText(document, title, page, 0, quote, 0, len(quote), note)
