"""Keeps the triples of a folder in step with its documents: read where they are cut, gone where they are removed.

Documents that were taken in before there were triples, or by older forms, are read in the background from the index,
one at a time, when nothing else is to be done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from knowledge.catalogue import Catalogue
from knowledge.index import Index
from knowledge.passage import Passage
from knowledge.relations import key
from knowledge.triple_store import TripleStore
from knowledge.triples import Triple, triples_of


class Facts:
    """The triples of one folder. Writers hold the folder's writing lock."""

    def __init__(self, folder: Path, catalogue: Catalogue, index: Index) -> None:
        self._catalogue, self._index = catalogue, index
        self._store = TripleStore(folder / "facts.sqlite")

    def keep(self, passages: Mapping[str, Sequence[Passage]]) -> None:
        """Read and keep what documents state, by their ids. Raises NotKept, StoreBusy."""
        self._store.put({one: read(found) for one, found in passages.items()})

    def remove(self, document_ids: Sequence[str]) -> None:
        """Delete what they state, without a trace. Raises NotKept, StoreBusy."""
        self._store.remove(document_ids)

    def clear(self) -> None:
        """Delete everything: the documents are read again. Raises NotKept, StoreBusy."""
        self._store.clear()

    def unread(self) -> tuple[str, ...]:
        """Return the ids of the ready documents that were not read yet."""
        there = self._store.read_ids()
        return tuple(one.id for one in self._catalogue.all().values() if one.state == "ready" and one.id not in there)

    def step(self) -> bool:
        """Read one ready document that was not read yet, and drop those nobody knows; False when there is none."""
        if unknown := self._store.kept_ids() - set(self._catalogue.all()):
            self._store.remove(sorted(unknown))
        left = self.unread()
        if not left:
            return False
        self.keep({left[0]: self._index.store().passages(left[0])})
        return True

    def find(
        self, document_ids: Sequence[str], *, about: str = "", relation: str = "", containing: bool = False
    ) -> tuple[Triple, ...]:
        """Return what these documents state (triple_store.py), in reading order."""
        wanted = frozenset(document_ids)
        found = self._store.find(about=about, relation=relation, containing=containing)
        return tuple(one for one in found if one.document_id in wanted)


def read(passages: Sequence[Passage]) -> tuple[Triple, ...]:
    """Return what passages of one document state, each statement once: neighbours share a sentence."""
    found: dict[tuple[str, str, int, int | None], Triple] = {}
    for passage in passages:
        for one in triples_of(passage):
            found.setdefault((one.entity, one.relation, one.at, one.page), one)
    return tuple(found.values())


def among(
    triples: Sequence[Triple], *, about: str = "", relation: str = "", containing: bool = False
) -> tuple[Triple, ...]:
    """Return those of some triples that a look-up in the store would find, for documents that are kept nowhere."""
    wanted = key(about)
    return tuple(
        one
        for one in triples
        if (not relation or one.relation == relation)
        and (not about or key(one.entity) == wanted or (containing and f" {wanted} " in f" {key(one.entity)} "))
    )
