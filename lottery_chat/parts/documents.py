"""The parts of D in one home: the kept documents, and what one question may look into."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lottery_chat.interface.part import Part
from lottery_chat.parts.lazy import Lazy
from lottery_chat.parts.memory import MemoryParts
from lottery_chat.parts.search import SearchParts
from lottery_chat.settings import Settings

if TYPE_CHECKING:
    from knowledge.library import Library
    from knowledge.reading import Limited
    from lottery_chat.planner.resources import Knowledge


class DocumentParts:
    """D, made on demand.

    Args:
        memory: where it is kept which collections a conversation uses. search: the embedder and the reranker.
        children: gives what runs a function in a limited child.
    """

    def __init__(
        self, settings: Settings, memory: MemoryParts, search: SearchParts, children: Callable[[], Limited]
    ) -> None:
        self._settings, self._memory, self._search, self._children = settings, memory, search, children
        self._lazy = Lazy()
        self._bases: list[Path] = []

    def library(self, base: Path | None = None) -> Library:
        """The kept documents: the home's, or those of another folder."""
        from knowledge.library import Library  # pyarrow and LanceDB come with its store

        library = self._lazy.get(
            "library" if base is None else f"library {base}",
            lambda: Library(
                base or self._settings.home / "documents",
                self._search.embedder,
                self._children(),
                size_limit=self._settings.size_limit,
                former=self._search.former_embedder,
                reranker=self._search.reranker,
                by=self._settings.search_by,
            ),
        )
        if base is not None and base not in self._bases:
            self._bases.append(base)
        return library

    def knowledge(
        self,
        base: Path | None = None,
        conversation: str = "",
        attached: Sequence[str] = (),
        collections: Sequence[str] | None = None,
    ) -> Knowledge | None:
        """The planner's view of the kept documents; None while there are none (then nothing heavy is loaded).

        A conversation sees the collections it uses and its own files; `collections` instead of those for one question.
        """
        from lottery_chat.kept_documents import looked_into

        library = self.library(base)
        used = collections if collections is not None or base else self._memory.uses().used(conversation)
        scope = looked_into(library, conversation, attached, used)
        return scope if scope.ready_documents() else None

    def passing(self, files: Sequence[Path] = (), texts: Sequence[tuple[str, str]] = ()) -> Knowledge:
        """A knowledge base of files or texts for one question, not kept."""
        from knowledge.passing import PassingLibrary
        from lottery_chat.children import run_limited

        base = PassingLibrary(
            self._search.embedder, run_limited, size_limit=self._settings.size_limit, remembered=self._search.remembered()
        )  # fmt: skip
        for path in files:
            base.add_file(path)
        for title, text in texts:
            base.add_text(title, text)
        return base

    def settled(self, documents: Sequence[str], cancel: threading.Event, base: Path | None = None) -> tuple[str, ...]:
        """Wait until attached documents are read, or `cancel` is set; a sentence for each that could not be."""
        from knowledge.errors import KnowledgeError

        library, problems = self.library(base), []
        for document in documents:
            try:
                one = library.wait(document, 0.0)
                while one.state not in ("ready", "failed") and not cancel.is_set():
                    one = library.wait(document, 0.25)
            except KnowledgeError:
                problems.append("A file of this conversation was removed and cannot answer any more.")
                continue
            if one.state == "failed":
                problems.append(one.problem)
            elif one.state != "ready":
                problems.append(f"{one.title!r} is still being read, so it was not used. {library.problem()}".strip() + " Ask again when it is ready.")  # fmt: skip
        return tuple(problems)

    def part(self) -> Part:
        """How far the search for documents is."""
        if self._search.problem:
            return Part("documents", "failed", self._search.problem)
        if self._lazy.made("library") is not None and self._search.loaded():
            renewal = self.library().renewal()
            return Part("documents", "ready", f"Documents can be searched. {renewal}".strip())
        done, total = self._search.progress
        if total and done < total:
            return Part("documents", "downloading", "Getting the search model for documents.", done, total)
        return Part("documents", "loading", "The search for documents is loading.")

    def close(self) -> None:
        """Stop reading, and close every index."""
        self._lazy.close("library", *(f"library {base}" for base in self._bases))
