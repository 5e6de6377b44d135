"""The knowledge base D as the page and the command line use it: documents, collections, the work on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from lottery_chat.events import FoundPassage

SearchBy = Literal["hybrid", "vector", "text"]


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document of D as the page shows it; `progress` 0 to 1, `problem` a sentence or empty."""

    id: str
    title: str
    kind: str
    size: int
    pages: int
    chunks: int
    state: Literal["waiting", "reading", "embedding", "ready", "failed"]
    progress: float
    problem: str
    added_at: str
    collections: tuple[str, ...] = ()  # ids; () for a file that belongs to conversations only
    conversations: tuple[str, ...] = ()  # that it belongs to
    replaces: str = ""  # id of the version that goes as soon as this one is ready
    earlier: str = ""  # id of another document of the same name that came before: `supersede` may replace it
    seconds_left: float | None = None
    address: str = ""  # http(s), of a page that was fetched
    fetched_at: str = ""


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """A named group of documents. "default" holds every document that is in no other group and no conversation.

    `used`: whether the conversation that was asked about looks into it.
    """

    id: str
    name: str
    documents: tuple[str, ...]
    used: bool = True


@dataclass(frozen=True, slots=True)
class WorkInfo:
    """How far reading and embedding are; `seconds_left` from the speed measured, None while it is not known.

    `problem` is what hinders the work now (a full disk, an embedder that is not there), also part of `text`; it goes on
    by itself when that is over.
    """

    waiting: int
    paused: bool
    seconds_left: float | None
    text: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one document of an imported file; `done` of `total` documents."""

    title: str
    state: Literal["new", "there already", "refused"]
    done: int
    total: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FactInfo:
    """(entity, relation, object) as code read it from `sentence` of a document; `page` from 1, None where it has none."""

    entity: str
    relation: str
    object: str
    document: str
    title: str
    page: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page of a document, with the span of the quote (-1, -1 when it is not there).

    `note` says when the quoted version is gone: `text` is then the newer version's page, or the kept quote itself.
    """

    document: str
    title: str
    page: int | None
    pages: int
    text: str
    start: int = -1
    end: int = -1
    note: str = ""


class Documents(Protocol):
    """The knowledge base D."""

    def list(self) -> tuple[DocumentInfo, ...]: ...
    def add(self, path: Path, title: str | None = None, *, source: Path | None = None) -> DocumentInfo:
        """Keep the file (fsync'd, by content) and read it in the background; the same file twice is one.

        With `source`, where the file lies for good, a changed file of that place replaces what was read from it.
        """
        ...

    def reads(self, name: str) -> bool:
        """Whether files with such a name are of a kind that is read: what is taken out of a folder."""
        ...

    def unchanged(self, source: Path) -> DocumentInfo | None:
        """The document that was read from this place, when the file has not changed since (by size and time)."""
        ...

    def replace(self, document: str, path: Path) -> DocumentInfo:
        """Keep a new version under the old one's name; the old one answers until the new one is ready, then goes."""
        ...

    def supersede(self, document: str, by: str) -> DocumentInfo:
        """The same with a document that is here already (`DocumentInfo.earlier` suggests it); returns the new one."""
        ...

    def collections(self, conversation: str | None = None) -> tuple[CollectionInfo, ...]:
        """All collections, the default one first."""
        ...

    def collection(self, name: str) -> CollectionInfo:
        """The one with this name or id."""
        ...

    def make_collection(self, name: str) -> CollectionInfo: ...
    def rename_collection(self, collection: str, name: str) -> CollectionInfo: ...
    def remove_collection(self, collection: str) -> None:
        """Its documents stay, in the default collection when they are in no other."""
        ...

    def put(self, collection: str, documents: Sequence[str]) -> None:
        """Put documents into a collection; into "default": out of all others, and out of their conversations."""
        ...

    def take(self, collection: str, documents: Sequence[str]) -> None: ...
    def use(self, conversation: str, collections: Sequence[str] | None) -> None:
        """From now on the conversation looks only into these; None: into all. Kept across restarts."""
        ...

    def attach(self, conversation: str, path: Path, title: str | None = None) -> DocumentInfo:
        """Keep a file that belongs to this conversation: not searched from others, removed with it."""
        ...

    def attachments(self, conversation: str) -> tuple[DocumentInfo, ...]: ...
    def export(self, path: Path) -> Iterator[DocumentInfo]:
        """Write originals, titles and collections into one zip file, whole or not at all."""
        ...

    def import_(self, path: Path) -> Iterator[TakenIn]:
        """Take in what `export` wrote, each file checked by its hash; again goes on where it stopped."""
        ...

    def work(self) -> WorkInfo: ...
    def pause(self) -> None:
        """Let reading and embedding rest, across restarts, until `go_on`."""
        ...

    def go_on(self) -> None: ...
    def check(self, *, deep: bool = True) -> tuple[str, ...]:
        """Compare originals (deep: by hash), texts and index; a sentence for each thing found, all of it mended."""
        ...

    def wait(self, document: str, seconds: float) -> DocumentInfo:
        """Wait until it is ready or failed, at most `seconds`."""
        ...

    def remove(self, document: str) -> None: ...
    def rebuild(self) -> Iterator[DocumentInfo]: ...
    def search(
        self, query: str, limit: int = 8, by: SearchBy | None = None, collections: Sequence[str] | None = None
    ) -> tuple[FoundPassage, ...]:
        """What would be found, in these collections (None: all); `by` text needs no embedder, None is as set."""
        ...

    def facts(self, about: str = "", relation: str = "", documents: Sequence[str] = ()) -> tuple[FactInfo, ...]:
        """What these documents (none: all) state of an entity, whose name may be longer, with a relation in any words."""
        ...

    def page(self, document: str, page: int | None, quote: str = "") -> PageText:
        """The page's text with the quote's place, for the citation view."""
        ...
