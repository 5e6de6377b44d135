"""Builds the successor of the index, a piece at a time, while the old one answers: after a change of the embedder.

What is there is told from the successor itself, so that a kill in the middle goes on where it was. New documents come
first; the switch is made when every document that can be searched stands in the successor.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from knowledge.catalogue import Catalogue
from knowledge.embedding import Embedder
from knowledge.index import Index
from knowledge.passage import Document, Passage
from knowledge.storing import document_languages, store_passages

if TYPE_CHECKING:
    from knowledge.store import Store

#: Passages of one step: new documents wait for one at most.
_STEP = 512
_Cut = Callable[[Document, Embedder], "list[Passage] | None"]


class Renewal:
    """The work; `step` is called under the writing lock by the one thread that indexes."""

    def __init__(self, catalogue: Catalogue, index: Index, cut: _Cut, stop: threading.Event) -> None:
        """`cut` gives a document's passages as the embedder can read them; None when its text is read again."""
        self._catalogue, self._index, self._cut, self._stop = catalogue, index, cut, stop
        self._chunks: dict[str, int] = {}  # documents that stand whole in the successor, with their passages
        self._missing: list[Passage] = []
        self._total = 0
        self._for: object = None
        self.progress: tuple[int, int] | None = None  # documents done, of how many; None when nothing is built

    def announce(self) -> None:
        """Let `progress` say that there is something to do before the first step; the caller holds the lock."""
        if self.progress is None and self._index.successor() is not None:
            self.progress = (0, len(self._catalogue.all()))

    def step(self) -> bool:
        """Put some more passages into the successor, or switch to it; False when there is nothing to do."""
        building = self._index.successor()
        if building is None:
            self.progress = None
            return False
        store, embedder = building
        if self._for is not store:
            self._for, self._chunks, self._missing = store, {}, []
        states = ("ready", "embedding") if self._index.serving().embedder is None else ("ready",)
        todo = [one for one in self._catalogue.all().values() if one.state in states]
        left = [one for one in todo if one.id not in self._chunks]
        self.progress = (len(todo) - len(left), len(todo))
        if left:
            self._advance(left[0], store, embedder)
        else:
            self._switch(store, [one.id for one in todo])
        return True

    def _advance(self, document: Document, store: Store, embedder: Embedder) -> None:
        """One step of one document: cut it when it comes up, then embed what is missing."""
        if not self._missing or self._missing[0].document_id != document.id:
            passages = self._cut(document, embedder)
            if passages is None:
                return
            there = store.ids(document.id)
            if there - {one.id for one in passages}:  # cut in another way before
                store.remove([document.id])
                there = frozenset()
            self._missing = [one for one in passages if one.id not in there]
            self._total = len(passages)
        batch, self._missing = self._missing[:_STEP], self._missing[_STEP:]
        self._put(document, batch, store, embedder)
        if self._stop.is_set():
            self._missing = []  # not all of the batch may be in
        elif not self._missing:
            self._chunks[document.id] = self._total

    def _put(self, document: Document, batch: Sequence[Passage], store: Store, embedder: Embedder) -> None:
        languages = document_languages(batch)
        if self._index.copies_vectors():
            kept = self._index.store().vectors(document.id)
            copied = [one for one in batch if one.id in kept]
            if copied:
                store.put(copied, np.stack([kept[one.id] for one in copied]), languages=languages, new=True)
            batch = [one for one in batch if one.id not in kept]
        store_passages(
            batch,
            embedder,
            store,
            languages=languages,
            stopped=self._stop.is_set,
            known=None,
            stored=lambda stored: None,
        )

    def _switch(self, store: Store, documents: Sequence[str]) -> None:
        known = set(self._catalogue.all())
        store.remove([one for one in store.counts() if one not in known])  # removed while it was built
        store.optimise()
        for one in documents:
            self._catalogue.change(one, chunk_count=self._chunks[one])
        self._index.switch()
        self.progress = None
