"""Which documents belong together: named collections, files of one conversation, and which version followed which.

One small synced JSON file, safe for several processes. A document in no collection is in the default one, so that
losing this file loses no document.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.errors import DocumentMissing, DocumentRefused
from knowledge.locking import ProcessLock
from knowledge.originals import write_synced
from knowledge.passage import is_id

#: The collection of every document that was put into no other and belongs to no conversation.
DEFAULT = "default"
_MOST, _NAME = 1000, 80


@dataclass(frozen=True, slots=True)
class Collection:
    """A named group of documents, by their ids. The default one has the id "default"."""

    id: str
    name: str
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Groups:
    """All that is kept: collections in the order they were made; document id -> conversations; old -> new version.

    `shared` are attached documents that were also added for all.
    """

    collections: tuple[Collection, ...] = ()
    attached: dict[str, tuple[str, ...]] = field(default_factory=dict)
    successors: dict[str, str] = field(default_factory=dict)
    shared: tuple[str, ...] = ()

    def grouped(self) -> frozenset[str]:
        """Documents that are in a named collection."""
        return frozenset(one for group in self.collections for one in group.documents)

    def only_attached(self) -> frozenset[str]:
        """Documents that belong to conversations and to no collection."""
        return frozenset(self.attached) - self.grouped() - set(self.shared)


class Collections:
    """The file `collections.json` of a knowledge base; every change is on disk when it returns."""

    def __init__(self, folder: Path, damaged: Callable[[str], None]) -> None:
        """`damaged` is told, in a sentence, when the file could not be read and was set aside."""
        self._path = folder / "collections.json"
        self._lock = ProcessLock(folder / "collections.lock")
        self._damaged = damaged
        self._seen: tuple[tuple[int, int, int], Groups] | None = None

    def read(self) -> Groups:
        """Return what is kept now."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return Groups()
        mark = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
        if self._seen is None or self._seen[0] != mark:
            self._seen = (mark, self._load())
        return self._seen[1]

    def listed(self, documents: Iterable[str]) -> tuple[Collection, ...]:
        """Return the default collection of these documents, then the others with those of theirs that are there."""
        groups, here = self.read(), list(documents)
        elsewhere = groups.grouped() | groups.only_attached()
        known = set(here)
        default = Collection(DEFAULT, "Documents", tuple(one for one in here if one not in elsewhere))
        return (
            default,
            *(
                dataclasses.replace(group, documents=tuple(one for one in group.documents if one in known))
                for group in groups.collections
            ),
        )

    def make(self, name: str) -> Collection:
        """Make an empty collection. Raises DocumentRefused when the name is empty or taken."""
        with self._lock:
            groups = self.read()
            made = Collection(secrets.token_hex(8), self._named(name, groups, ""))
            if len(groups.collections) >= _MOST:
                raise DocumentRefused(f"There are {_MOST} collections, no more can be made. Remove one first.")
            self._write(dataclasses.replace(groups, collections=(*groups.collections, made)))
        return made

    def rename(self, collection: str, name: str) -> Collection:
        """Give it another name. Raises DocumentMissing, DocumentRefused."""
        with self._lock:
            groups = self.read()
            renamed = dataclasses.replace(_one(groups, collection), name=self._named(name, groups, collection))
            self._write(_with(groups, renamed))
        return renamed

    def drop(self, collection: str) -> None:
        """Remove a collection; its documents stay and are in the default one again. Raises DocumentMissing."""
        with self._lock:
            groups = self.read()
            gone = _one(groups, collection)
            self._write(
                dataclasses.replace(groups, collections=tuple(one for one in groups.collections if one.id != gone.id))
            )

    def put(self, collection: str, documents: Sequence[str]) -> None:
        """Put documents into a collection; into the default one means out of every other and free of conversations."""
        self._checked(documents)
        with self._lock:
            groups = self.read()
            if collection == DEFAULT:
                free = dataclasses.replace(
                    _ungrouped(groups, documents), shared=tuple(dict.fromkeys([*groups.shared, *documents]))
                )
                self._write(free)
                return
            group = _one(groups, collection)
            self._write(
                _with(
                    groups,
                    dataclasses.replace(group, documents=tuple(dict.fromkeys([*group.documents, *documents]))),
                )
            )

    def take(self, collection: str, documents: Sequence[str]) -> None:
        """Take documents out of a collection; they stay in the knowledge base. Raises DocumentMissing."""
        with self._lock:
            groups = self.read()
            group = _one(groups, collection)
            left = tuple(one for one in group.documents if one not in set(documents))
            self._write(_with(groups, dataclasses.replace(group, documents=left)))

    def attach(self, document: str, conversation: str, *, known: bool) -> None:
        """Say that a document belongs to a conversation too; `known`: it was there before, for all or for others."""
        self._checked([document])
        with self._lock:
            groups = self.read()
            there = groups.attached.get(document, ())
            shared = groups.shared if there or not known else (*groups.shared, document)
            if conversation not in there:
                attached = {**groups.attached, document: (*there, conversation)}
                self._write(dataclasses.replace(groups, attached=attached, shared=shared))

    def of_conversation(self, conversation: str) -> frozenset[str]:
        """Return the documents that belong to a conversation."""
        return frozenset(one for one, names in self.read().attached.items() if conversation in names)

    def leave(self, conversation: str) -> frozenset[str]:
        """Forget a conversation that is gone; return the documents that were its alone, which are to be removed."""
        with self._lock:
            groups = self.read()
            its = {one for one, names in groups.attached.items() if conversation in names}
            if not its:
                return frozenset()
            alone = frozenset(one for one in its & groups.only_attached() if len(groups.attached[one]) == 1)
            kept = {one: tuple(n for n in names if n != conversation) for one, names in groups.attached.items()}
            # The marks of those to be removed stay until they are: a kill in between must not make them everybody's.
            still = {one: names or (conversation,) for one, names in kept.items() if names or one in alone}
            self._write(dataclasses.replace(groups, attached=still))
        return alone

    def share(self, document: str) -> None:
        """A document of conversations was added for all."""
        if document in self.read().only_attached():
            with self._lock:
                groups = self.read()
                self._write(dataclasses.replace(groups, shared=(*groups.shared, document)))

    def succeed(self, old: str, new: str) -> None:
        """A new version takes the place of an old one, everywhere."""
        with self._lock:
            groups = self.read()
            changed = tuple(
                dataclasses.replace(
                    group, documents=tuple(dict.fromkeys(new if one == old else one for one in group.documents))
                )
                for group in groups.collections
            )
            attached = {new if one == old else one: names for one, names in groups.attached.items()}
            followed = {one: new if last == old else last for one, last in groups.successors.items()} | {old: new}
            followed.pop(new, None)  # an earlier version came back
            shared = tuple(new if one == old else one for one in groups.shared)
            self._write(Groups(changed, attached, followed, shared))

    def forget(self, document: str) -> None:
        """Leave nothing of a document here."""
        if document not in json.dumps(dataclasses.asdict(self.read())):
            return
        with self._lock:
            groups = _ungrouped(self.read(), [document])
            self._write(
                dataclasses.replace(
                    groups,
                    attached={one: names for one, names in groups.attached.items() if one != document},
                    successors={old: new for old, new in groups.successors.items() if new != document},
                    shared=tuple(one for one in groups.shared if one != document),
                )
            )

    def find(self, name: str) -> Collection:
        """Return the collection with this id or name (upper and lower case alike). Raises DocumentMissing."""
        groups = (Collection(DEFAULT, "Documents"), *self.read().collections)
        wanted = _folded(name)
        for one in groups:
            if name == one.id or wanted == _folded(one.name):
                return one
        raise DocumentMissing(f"There is no collection {name!r}. There are: {', '.join(one.name for one in groups)}.")

    def _checked(self, documents: Sequence[str]) -> None:
        for one in documents:
            if not is_id(one):
                raise DocumentMissing(f"{one!r} is not the id of a document (32 hexadecimal digits).")

    def _named(self, name: str, groups: Groups, own: str) -> str:
        plain = " ".join("".join(char for char in name if char.isprintable()).split())[:_NAME]
        if not plain:
            raise DocumentRefused(f"A collection cannot be called {name!r}. Give it at least one character.")
        taken = {_folded(one.name) for one in groups.collections if one.id != own} | {"documents", DEFAULT}
        if _folded(plain) in taken:
            raise DocumentRefused(f"There is a collection {plain!r} already. Choose another name.")
        return plain

    def _write(self, groups: Groups) -> None:
        write_synced(self._path, json.dumps(dataclasses.asdict(groups), ensure_ascii=False).encode())

    def _load(self) -> Groups:
        try:
            values = json.loads(self._path.read_bytes())
            return Groups(
                tuple(Collection(one["id"], one["name"], tuple(one["documents"])) for one in values["collections"]),
                {one: tuple(names) for one, names in values["attached"].items()},
                dict(values["successors"]),
                tuple(values["shared"]),
            )
        except FileNotFoundError:
            return Groups()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            aside = self._path.with_name(f"collections.damaged-{time.time_ns()}")
            self._path.replace(aside)
            self._damaged(
                f"The list of collections was damaged ({error}); it was set aside as {aside.name!r}. Every document is "
                "there, in the default collection."
            )
            return Groups()


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _one(groups: Groups, collection: str) -> Collection:
    for one in groups.collections:
        if one.id == collection:
            return one
    raise DocumentMissing(f"There is no collection {collection!r}. It may have been removed.")


def _with(groups: Groups, changed: Collection) -> Groups:
    return dataclasses.replace(
        groups, collections=tuple(changed if one.id == changed.id else one for one in groups.collections)
    )


def _ungrouped(groups: Groups, documents: Sequence[str]) -> Groups:
    gone = set(documents)
    return dataclasses.replace(
        groups,
        collections=tuple(
            dataclasses.replace(one, documents=tuple(d for d in one.documents if d not in gone))
            for one in groups.collections
        ),
    )
